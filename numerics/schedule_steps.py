"""The discrete schedule of DDPM: exact after every step, and a VP process of piecewise constant rate in between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from flint import arb, ctx, fmpq

from numerics.points import Computed, Real, enclose
from numerics.schedule_kinds import (
    Pair,
    ScheduleFault,
    certainly_above,
    enclosed,
    over,
    require_ratio,
    require_time,
)


@dataclass(frozen=True)
class Steps:
    """DDPM: alpha^2 = alpha_bar[n] after n steps, exactly (as fmpq: such products are long); alpha_bar[0] = 1.

    Between two steps the noise rate is held constant, so that every ratio is reached at one time: ln alpha^2 is linear.
    """

    alpha_bar: tuple[Any, ...]

    @property
    def last(self) -> Fraction:
        """The number of steps."""
        return Fraction(len(self.alpha_bar) - 1)

    def _share(self, t: Real) -> tuple[int, Fraction] | None:
        """The steps done and the share of the next one, for a rational time."""
        require_time(t, self.last)
        if not isinstance(t, Fraction):
            return None
        n = min(t.numerator // t.denominator, len(self.alpha_bar) - 1)
        if t != n and self.alpha_bar[n + 1] == 0:
            raise ScheduleFault("t", f"lies within the last step, which ends at alpha = 0; allowed: {n} or {n + 1}")
        return n, t - n

    def _b(self, t: Real) -> Computed:
        """-ln alpha^2, between steps by interpolation."""

        def rule() -> Any:
            x = enclose(t, ctx.prec)
            return _hull(self._line(n, _clamped(x - n)) for n in self._pieces(arb, x))

        return Computed("-ln alpha^2", rule)

    def _line(self, n: int, share: Any) -> Any:
        return self._knot(n) + share * (self._knot(n + 1) - self._knot(n))

    def _pieces(self, knot: Callable[[int], Any], x: Any) -> Sequence[int]:
        """The steps that a ball may lie in: all but those that end certainly below it or begin certainly above it."""
        usable = len(self.alpha_bar) - (2 if self.alpha_bar[-1] == 0 else 1)
        first = bisect_left(range(1, usable), True, key=lambda n: not x > knot(n))
        beyond = bisect_left(range(1, usable), True, key=lambda n: bool(x < knot(n)))
        return range(first, beyond + 1)

    def _knot(self, n: int) -> Any:
        return -arb(self.alpha_bar[n]).log()

    def _signal(self, n: int) -> Fraction:
        return Fraction(int(self.alpha_bar[n].p), int(self.alpha_bar[n].q))

    def pair(self, t: Real) -> Pair:
        share = self._share(t)
        if share is not None and share[1] == 0:
            alpha2 = self._signal(share[0])
            return Pair(alpha2, 1 - alpha2)
        b = self._b(t)
        return Pair(enclosed("alpha-bar", lambda x: (-x).exp(), b), enclosed("1-alpha-bar", lambda x: -(-x).expm1(), b))

    def ratio(self, t: Real) -> Real:
        share = self._share(t)
        if share is not None and share[1] == 0:
            alpha2 = self._signal(share[0])
            return over(1 - alpha2, alpha2)
        return enclosed("1/alpha-bar - 1", arb.expm1, self._b(t))

    def time(self, r: Real) -> Real:
        require_ratio(r)
        lowest = self._signal(-1) or self._signal(-2)
        if certainly_above(r, 1 / lowest - 1):
            wrong = "is not reached: alpha-bar stays above 1/(1 + r) up to the last step, or the one before alpha = 0"
            raise ScheduleFault("r", wrong)
        if isinstance(r, Fraction):
            signal = fmpq(r.denominator, r.numerator + r.denominator)
            n = bisect_right(self.alpha_bar, -signal, key=lambda x: -x) - 1
            if self.alpha_bar[n] == signal:
                return Fraction(n)

        def rule() -> Any:
            b = enclose(r, ctx.prec).log1p()
            return _hull(n + _clamped(self._share_of(n, b)) for n in self._pieces(self._knot, b))

        return Computed("n", rule)

    def _share_of(self, n: int, b: Any) -> Any:
        return (b - self._knot(n)) / (self._knot(n + 1) - self._knot(n))


def _clamped(x: Any) -> Any:
    """What of a ball lies in [0, 1]."""
    return x.max(arb(0)).min(arb(1))


def _hull(balls: Iterable[Any]) -> Any:
    """A ball that holds all of them."""
    return reduce(lambda one, other: one.union(other), balls)
