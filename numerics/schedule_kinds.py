"""The kinds of noise schedules: (alpha^2, h), the ratio r = h/alpha^2, and the time at which a ratio is reached.

Numbers are exact: a Fraction where one comes out, otherwise an enclosure at any precision. Nothing is computed as a
difference that cancels. By name and with numbers of their own: `numerics/schedules.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Any, NamedTuple, Protocol

from flint import arb, ctx, fmpq

from numerics.points import Computed, Real, enclose

ZERO, ONE = Fraction(0), Fraction(1)
COSINE_OFFSET = Fraction(8, 1000)  # of Nichol and Dhariwal
JUDGED_AT = 256  # bits at which an enclosure is held against the ends of a schedule


class ScheduleFault(ValueError):
    """Why there is no such schedule, or no such time in it; ``key`` is the number at fault."""

    def __init__(self, key: str, wrong: str) -> None:
        super().__init__(f"{key} {wrong}")
        self.key, self.wrong = key, wrong


class Pair(NamedTuple):
    """The two scalars of a forward process at one time."""

    alpha2: Real
    h: Real


class Schedule(Protocol):
    """A forward process with numbers in it. Times run from 0, the data, to ``last``."""

    @property
    def last(self) -> Fraction | None:
        """The last time; None where there is none."""

    def pair(self, t: Real) -> Pair:
        """(alpha^2, h) at time t."""

    def ratio(self, t: Real) -> Real:
        """r = h/alpha^2; raises ScheduleFault where alpha = 0."""

    def time(self, r: Real) -> Real:
        """The time at which the ratio is r; raises ScheduleFault where it never is."""


def apply(label: str, function: Callable[..., Any], *arguments: Real) -> Real:
    """A function of + - * /: exact on fractions, an enclosure otherwise."""
    if all(isinstance(x, Fraction) for x in arguments):
        value: Fraction = function(*arguments)
        return value
    return enclosed(label, function, *arguments)


def enclosed(label: str, function: Callable[..., Any], *arguments: Real) -> Computed:
    return Computed(label, lambda: function(*(enclose(x, ctx.prec) for x in arguments)))


def root(x: Real) -> Real:
    """The square root: exact where it is rational."""
    if isinstance(x, Fraction):
        top, bottom = isqrt(x.numerator), isqrt(x.denominator)
        if top * top == x.numerator and bottom * bottom == x.denominator:
            return Fraction(top, bottom)
    return enclosed("sqrt", arb.sqrt, x)


def ball(q: Fraction) -> Any:
    return enclose(q, ctx.prec)


def certainly_below(x: Real, y: Fraction) -> bool:
    """x < y, decided exactly for fractions; an enclosure that holds y is not below it."""
    return x < y if isinstance(x, Fraction) else bool(enclose(x, JUDGED_AT) < enclose(y, JUDGED_AT))


def certainly_above(x: Real, y: Fraction) -> bool:
    return x > y if isinstance(x, Fraction) else bool(enclose(x, JUDGED_AT) > enclose(y, JUDGED_AT))


def require_time(t: Real, last: Fraction | None) -> None:
    if certainly_below(t, ZERO):
        raise ScheduleFault("t", "is negative; allowed: 0 or more")
    if last is not None and certainly_above(t, last):
        raise ScheduleFault("t", f"is beyond {last}; allowed: 0 to {last}")


def require_ratio(r: Real) -> None:
    if certainly_below(r, ZERO):
        raise ScheduleFault("r", "is negative; allowed: 0 or more")


def over(top: Fraction, bottom: Fraction) -> Fraction:
    if bottom == 0:
        raise ScheduleFault("t", "is a time with alpha = 0: the ratio is infinite there")
    return top / bottom


# --- clocks: b with alpha^2 = e^-b, as a function of the time -------------------------------------------------------


class Clock(Protocol):
    """An increasing b(t) from b(0) = 0 up to the time ``last``."""

    @property
    def last(self) -> Fraction | None:
        """The last time; None where there is none."""

    def at(self, t: Real) -> Real:
        """b at time t."""

    def inverse(self, b: Real) -> Real:
        """The time at which the clock shows b."""


@dataclass(frozen=True)
class Steady:
    """b = rate t."""

    rate: Fraction
    last: Fraction | None = None

    def at(self, t: Real) -> Real:
        return apply("b", lambda x: x * _like(self.rate, x), t)

    def inverse(self, b: Real) -> Real:
        return apply("t", lambda x: x / _like(self.rate, x), b)


@dataclass(frozen=True)
class Linear:
    """b = factor * integral of beta, beta linear from ``low`` at 0 to ``high`` at ``last``."""

    low: Fraction
    high: Fraction
    last: Fraction
    factor: Fraction = ONE

    def at(self, t: Real) -> Real:
        slope = (self.high - self.low) / (2 * self.last)
        return apply("b", lambda x: _like(self.factor, x) * x * (_like(self.low, x) + _like(slope, x) * x), t)

    def inverse(self, b: Real) -> Real:
        """The root of the quadratic, written so that nothing cancels when beta hardly changes or b is small."""
        end = self.factor * self.last * (self.low + self.high) / 2
        if b == ZERO:
            return ZERO
        if certainly_above(b, end):
            raise ScheduleFault("r", f"is not reached: ln(1 + r) ends at {end}")
        steep = 2 * (self.high - self.low) / (self.last * self.factor)
        beta = root(apply("beta^2", lambda x: _like(self.low**2, x) + _like(steep, x) * x, b))
        return apply("t", lambda x, y: 2 * x / (_like(self.factor, x) * (_like(self.low, x) + y)), b, beta)


def _like(q: Fraction, x: Any) -> Any:
    """A fraction as the kind of number that x is: python-flint does not mix balls and fractions."""
    return q if isinstance(x, Fraction) else ball(q)


def _shown(clock: Clock, t: Real) -> Real:
    require_time(t, clock.last)
    return clock.at(t)


@dataclass(frozen=True)
class VP:
    """alpha^2 = e^-b, h = 1 - e^-b."""

    clock: Clock

    @property
    def last(self) -> Fraction | None:
        return self.clock.last

    def pair(self, t: Real) -> Pair:
        b = _shown(self.clock, t)
        if b == ZERO:
            return Pair(ONE, ZERO)
        return Pair(enclosed("exp(-b)", lambda x: (-x).exp(), b), enclosed("1-exp(-b)", lambda x: -(-x).expm1(), b))

    def ratio(self, t: Real) -> Real:
        b = _shown(self.clock, t)
        return ZERO if b == ZERO else enclosed("exp(b)-1", arb.expm1, b)

    def time(self, r: Real) -> Real:
        require_ratio(r)
        return ZERO if r == ZERO else self.clock.inverse(enclosed("ln(1+r)", arb.log1p, r))


@dataclass(frozen=True)
class SubVP:
    """alpha^2 = e^-b, h = (1 - e^-b)^2, where b is the integral of beta."""

    clock: Clock

    @property
    def last(self) -> Fraction | None:
        return self.clock.last

    def pair(self, t: Real) -> Pair:
        b = _shown(self.clock, t)
        if b == ZERO:
            return Pair(ONE, ZERO)
        h = enclosed("(1-exp(-b))^2", lambda x: (-x).expm1() * (-x).expm1(), b)
        return Pair(enclosed("exp(-b)", lambda x: (-x).exp(), b), h)

    def ratio(self, t: Real) -> Real:
        b = _shown(self.clock, t)
        return ZERO if b == ZERO else enclosed("4 sinh^2(b/2)", lambda x: 4 * (x / 2).sinh() * (x / 2).sinh(), b)

    def time(self, r: Real) -> Real:
        require_ratio(r)
        return ZERO if r == ZERO else self.clock.inverse(enclosed("2 asinh", lambda x: 2 * (x.sqrt() / 2).asinh(), r))


@dataclass(frozen=True)
class Cosine:
    """alpha = cos u/cos u_0, u = (pi/2) (t + s)/(1 + s), for t from 0 to 1; not cut off before t = 1."""

    s: Fraction = COSINE_OFFSET
    last = ONE

    def _turn(self, t: Fraction) -> tuple[Any, Any]:
        """sin(u), cos(u) for rational t, exact at a right angle."""
        share = (t + self.s) / (2 * (1 + self.s))
        value: tuple[Any, Any] = arb.sin_cos_pi_fmpq(fmpq(share.numerator, share.denominator))
        return value

    def _cos(self, t: Real) -> Any:
        if isinstance(t, Fraction):
            return self._turn(t)[1]
        return ((enclose(t, ctx.prec) + ball(self.s)) / ball(2 * (1 + self.s))).cos_pi()

    def _h(self, t: Real) -> Any:
        """1 - (cos u/cos u_0)^2 = sin(u - u_0) sin(u + u_0)/cos^2 u_0: no cancellation near t = 0."""
        x, width = enclose(t, ctx.prec), ball(2 * (1 + self.s))
        first = self._turn(ZERO)[1]
        return (x / width).sin_pi() * ((x + ball(2 * self.s)) / width).sin_pi() / (first * first)

    def pair(self, t: Real) -> Pair:
        require_time(t, self.last)
        if t in (ZERO, ONE):
            return Pair(1 - Fraction(t), Fraction(t))  # type: ignore[arg-type]  # equal to a fraction, so it is one
        quotient = Computed("cos(u)/cos(u_0)", lambda: self._cos(t) / self._turn(ZERO)[1])
        return Pair(enclosed("cos^2(u)/cos^2(u_0)", lambda x: x * x, quotient), Computed("h", lambda: self._h(t)))

    def ratio(self, t: Real) -> Real:
        alpha2, h = self.pair(t)
        if isinstance(alpha2, Fraction) and isinstance(h, Fraction):
            return over(h, alpha2)
        return enclosed("h/alpha^2", lambda x, y: x / y, h, alpha2)

    def time(self, r: Real) -> Real:
        """By the angle: tan^2 u = tan^2 u_0 + r/cos^2 u_0, and u - u_0 as the arctangent of one quotient."""
        require_ratio(r)
        if r == ZERO:
            return ZERO

        def rule() -> Any:
            sine, cosine = self._turn(ZERO)
            x = enclose(r, ctx.prec)
            start = sine / cosine
            rise = x / (cosine * cosine)
            tangent = (start * start + rise).sqrt()
            turned = (rise / (tangent + start) / (1 + tangent * start)).atan()
            return turned / arb.pi() * ball(2 * (1 + self.s))

        return Computed("t", rule)


@dataclass(frozen=True)
class VE:
    """alpha = 1, h = t."""

    last = None

    def pair(self, t: Real) -> Pair:
        require_time(t, self.last)
        return Pair(ONE, t)

    def ratio(self, t: Real) -> Real:
        return self.pair(t).h

    def time(self, r: Real) -> Real:
        require_ratio(r)
        return r


@dataclass(frozen=True)
class EDM:
    """alpha = 1, h = t^2: the time is the noise's standard deviation."""

    last = None

    def pair(self, t: Real) -> Pair:
        require_time(t, self.last)
        return Pair(ONE, apply("t^2", lambda x: x * x, t))

    def ratio(self, t: Real) -> Real:
        return self.pair(t).h

    def time(self, r: Real) -> Real:
        require_ratio(r)
        return root(r)


@dataclass(frozen=True)
class Flow:
    """alpha = 1 - t, h = t^2: data at 0, noise at 1."""

    last = ONE

    def pair(self, t: Real) -> Pair:
        require_time(t, self.last)
        return Pair(apply("(1-t)^2", lambda x: (1 - x) * (1 - x), t), apply("t^2", lambda x: x * x, t))

    def ratio(self, t: Real) -> Real:
        if t == ONE:
            return over(ONE, ZERO)
        return apply("r", lambda h, alpha2: h / alpha2, self.pair(t).h, self.pair(t).alpha2)

    def time(self, r: Real) -> Real:
        require_ratio(r)
        return apply("t", lambda x: x / (1 + x), root(r))
