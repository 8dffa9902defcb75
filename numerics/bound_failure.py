"""Where the Gaussian upper bound of the error fails: a search over laws that are not Gaussian, certified in balls.

One principal plane, sigma = 0, alpha = 1 and h = 1, so that variances are measured in units of the noise-to-signal
ratio r. What is found is a point at which the bound minus the error is a ball below zero, and, for two points, an
interval of lambda/r at whose ends that ball has opposite signs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from numerics.mmse import parts, plane_point
from numerics.points import AngleLike

PRECISION = 192
RATIOS = tuple(Fraction(2) ** i for i in range(-4, 11))  # lambda/r
WIDTHS = tuple(Fraction(1, 4) ** i for i in range(1, 6))  # w/sqrt(r)
MARGIN = Fraction(1, 100)  # the error exceeds its would-be bound by at least this part of it


@dataclass(frozen=True)
class Failure:
    """A law at which the bound fails: lambda/r, w^2/r (0 for two points), and a certified upper bound of bound - E."""

    law: str
    ratio: Fraction
    width2: Fraction
    excess: Any


def excess(theta: AngleLike, law: str, ratio: Fraction, width: Fraction, prec: int = PRECISION) -> tuple[Any, Any]:
    """The balls (bound - E, bound) at lambda/r = ``ratio`` and w/sqrt(r) = ``width``."""
    found = parts(plane_point(theta, ratio, Fraction(1)), law, width, prec)
    return found.excess, found.bound


def search(theta: AngleLike) -> Iterator[Failure]:
    """The first ratio on the grid at which two points break the bound, then each width at which a mixture does."""
    for law, widths in (("two-point", (Fraction(0),)), ("mixture", WIDTHS)):
        for width in widths:
            for ratio in RATIOS:
                gap, bound = excess(theta, law, ratio, width)
                if gap < -MARGIN.numerator * bound / MARGIN.denominator:
                    yield Failure(law, ratio, width**2, gap.upper())
                    break


def threshold(theta: AngleLike, digits: int) -> tuple[Fraction, Fraction]:
    """An interval of lambda/r, 10^-digits long at most, across which two points begin to break the bound.

    At its lower end the ball bound - E is positive, at its upper end negative; so there is a root between. Raises
    ValueError where the grid shows no change of sign, or a midpoint's sign cannot be told.
    """
    below, above = _bracket(theta)
    while (above - below) * 10**digits > 1:
        middle = (below + above) / 2
        if _holds(theta, middle, digits):
            below = middle
        else:
            above = middle
    return below, above


def _bracket(theta: AngleLike) -> tuple[Fraction, Fraction]:
    for low, high in pairwise(RATIOS):
        if _holds(theta, low, 1) and not _holds(theta, high, 1):
            return low, high
    raise ValueError("no change of sign on the grid of lambda/r")


def _holds(theta: AngleLike, ratio: Fraction, digits: int) -> bool:
    gap, _ = excess(theta, "two-point", ratio, Fraction(0), PRECISION + 8 * digits)
    if gap.contains(0):
        raise ValueError(f"the sign at lambda/r = {ratio} cannot be told")
    return bool(gap > 0)
