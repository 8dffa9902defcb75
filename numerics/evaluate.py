"""Certified values of an emitted function: ball arithmetic, with precision raised until enough digits are right."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpz

from numerics.balls import unwrap, wrap
from numerics.functions import BALL
from numerics.parameters import violated, wanted
from numerics.points import ExactPoint, Real

Values = Any  # a decimal string, or a nested list of them
RADIUS_DIGITS = 3
RAISES_AT_ZERO = 3  # how often precision is doubled before a value that may be zero is accepted with an absolute radius
MOST_BITS = 1 << 17


def evaluate(function: Callable[..., Any], point: ExactPoint, digits: int) -> tuple[Values, Values]:
    """Values of ``function`` at ``point`` and bounds of their errors, as decimal strings of the function's own shape.

    Each value has at least ``digits`` right digits: its radius, an upper bound of the distance from the truth, is at
    most 10^-digits of its size. Where the truth cannot be told from zero the radius is at most 10^-digits absolutely,
    and a value that is exactly zero has radius 0. Integers (multiplicities) come back exactly.
    Raises ValueError when the point does not have 0 < h and 0 <= alpha^2, sigma^2, lambda, when it lacks a parameter or
    the source that the function asks for or gives one outside its domain, or when no finite value exists there.
    """
    if digits < 1:
        raise ValueError(f"digits must be at least 1, got {digits}")
    _check_domain(point)
    prec = int(digits * 3.33) + 64
    raised = 0
    while prec <= MOST_BITS:
        with ctx.workprec(prec):
            enclosed = _enclose(function, point, prec)
            state = min((_state(x, digits) for x in _leaves(enclosed)), default=1.0)
            if state == 1.0 or (state == 0.5 and raised >= RAISES_AT_ZERO):
                return _map(enclosed, lambda x: _value(x, digits)), _map(enclosed, lambda x: _radius(x, digits))
        prec, raised = 2 * prec, raised + 1
    raise ValueError(f"no finite value to {digits} digits at this point")


def _enclose(function: Callable[..., Any], point: ExactPoint, prec: int) -> Any:
    want = wanted(function)
    alpha2, h, sigma2, D, k, planes = point.arguments(prec, want.sourced)
    scalars = wrap([alpha2, h, sigma2])
    keywords = {name: wrap(ball) for name, ball in point.keywords(prec, want.names).items()}
    try:
        return unwrap(function(*scalars, D, k, [tuple(wrap(plane)) for plane in planes], **keywords, fn=BALL))
    except ZeroDivisionError as error:
        raise ValueError("the formula divides by zero at this point") from error


def _check_domain(point: ExactPoint) -> None:
    named = [("h", point.h, True), ("alpha2", point.alpha2, False), ("sigma2", point.sigma2, False)]
    named += [(f"lambda[{i + 1}]", lam, False) for i, lam in enumerate(point.lam)]
    named += [(f"lambda_s[{i + 1}]", lam, False) for i, lam in enumerate(point.lam_s)]
    for name, value, strict in named:
        number = _comparable(value)
        if number <= 0 if strict else number < 0:
            raise ValueError(f"{name} must be {'positive' if strict else 'nonnegative'}")
    broken = violated({name: _comparable(value) for name, value in point.parameters.items()})
    if broken is not None:
        raise ValueError(broken)


def _comparable(value: Real) -> Any:
    """A rational as it is, anything else as a ball, which is below a bound only if all of it is."""
    return value if isinstance(value, Fraction) else value.arb(128)


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _map(value: Any, change: Callable[[Any], str]) -> Values:
    if isinstance(value, list | tuple):
        return [_map(item, change) for item in value]
    return change(value)


def _state(value: Any, digits: int) -> float:
    """1 when the value is right to ``digits``, 1/2 when only its absolute error is small enough, 0 when neither."""
    if isinstance(value, int | fmpz):
        return 1.0
    ball = arb(value)
    if not ball.is_finite():
        return 0.0
    # Rounding to decimals may cost as much again: ask for a hundredth of what is promised.
    bound = arb(10) ** (-digits - 2)
    if (ball.is_exact() and ball == 0) or ball.rad() < bound * ball.abs_lower():
        return 1.0
    return 0.5 if ball.contains(0) and ball.rad() < bound else 0.0


def _value(value: Any, digits: int) -> str:
    """The midpoint in decimals; a value that cannot be told from zero is printed as zero."""
    if isinstance(value, int | fmpz):
        return str(int(value))
    ball = arb(value)
    return "0" if ball.contains(0) else str(ball.mid().str(digits + 3, radius=False))


def _radius(value: Any, digits: int) -> str:
    """A decimal upper bound of the distance from the printed value to anything in the ball."""
    if isinstance(value, int | fmpz):
        return "0"
    return _upper((arb(value) - arb(_value(value, digits))).abs_upper())


def _upper(bound: Any) -> str:
    """A short decimal not below the exact ``bound``."""
    if bound == 0:
        return "0"
    mantissa, _, exponent = (int(x) for x in bound.mid_rad_10exp(RADIUS_DIGITS + 2))
    drop = max(0, len(str(mantissa)) - RADIUS_DIGITS)
    # One unit for the digits dropped, and one for the rounding of the conversion itself.
    text = str(mantissa // 10**drop + 2)
    return f"{text[0]}.{text[1:] or '0'}e{exponent + drop + len(text) - 1}"
