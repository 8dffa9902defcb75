"""Polynomials in one variable, decided completely: signs on an interval by Sturm's theorem, in exact fractions.

A polynomial is a list of Fractions from the constant term up, without trailing zeros; the zero polynomial is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from theory.goals import Interval

Dense = list[Fraction]


def trimmed(poly: Sequence[Fraction]) -> Dense:
    """Without leading zeros."""
    kept = list(poly)
    while kept and kept[-1] == 0:
        kept.pop()
    return kept


def value(poly: Dense, x: Fraction) -> Fraction:
    """The value at a number."""
    total = Fraction(0)
    for coefficient in reversed(poly):
        total = total * x + coefficient
    return total


def derivative(poly: Dense) -> Dense:
    """The derivative."""
    return [i * c for i, c in enumerate(poly)][1:]


def divided(top: Dense, bottom: Dense) -> tuple[Dense, Dense]:
    """Quotient and remainder."""
    rest, quotient = list(top), [Fraction(0)] * max(0, len(top) - len(bottom) + 1)
    while len(rest) >= len(bottom):
        factor, place = rest[-1] / bottom[-1], len(rest) - len(bottom)
        quotient[place] = factor
        for i, coefficient in enumerate(bottom):
            rest[place + i] -= factor * coefficient
        rest = trimmed(rest[:-1])
    return trimmed(quotient), rest


def _monic(poly: Dense) -> Dense:
    return [c / poly[-1] for c in poly] if poly else poly


def common(one: Dense, two: Dense) -> Dense:
    """The monic greatest common divisor."""
    while two:
        one, two = two, _monic(divided(one, two)[1])
    return _monic(one)


def odd_part(poly: Dense) -> Dense:
    """The product of the factors of odd multiplicity, each once (Yun's algorithm)."""
    slope = derivative(poly)
    shared = common(poly, slope)
    left, other = divided(poly, shared)[0], divided(slope, shared)[0]
    odd, multiplicity = [Fraction(1)], 0
    while len(left) > 1:
        multiplicity += 1
        reduced = _minus(other, derivative(left))
        factor = common(left, reduced)
        if multiplicity % 2:
            odd = _times(odd, factor)
        left, other = divided(left, factor)[0], divided(reduced, factor)[0]
    return odd


def _minus(one: Dense, two: Dense) -> Dense:
    longer = max(len(one), len(two))
    padded = [list(p) + [Fraction(0)] * (longer - len(p)) for p in (one, two)]
    return trimmed([a - b for a, b in zip(*padded, strict=True)])


def _times(one: Dense, two: Dense) -> Dense:
    total = [Fraction(0)] * (len(one) + len(two) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(two):
            total[i + j] += a * b
    return total


def square_free(poly: Dense) -> Dense:
    """The same roots, each once."""
    return divided(poly, common(poly, derivative(poly)))[0] if len(poly) > 1 else poly


def _chain(poly: Dense) -> list[Dense]:
    chain = [poly, derivative(poly)]
    while chain[-1]:
        rest = divided(chain[-2], chain[-1])[1]
        scale = abs(rest[-1]) if rest else Fraction(1)  # a positive factor leaves every sign as it is
        chain.append([-c / scale for c in rest])
    return chain[:-1]


def _far(poly: Dense, side: int) -> Fraction:
    """A number of the sign that the polynomial has far out on one side."""
    return poly[-1] * (side if len(poly) % 2 == 0 else 1)


def _changes(chain: list[Dense], x: Fraction | None, side: int) -> int:
    """Sign changes at a number, or at plus or minus infinity for None."""
    signs = [_far(p, side) if x is None else value(p, x) for p in chain]
    kept = [s > 0 for s in signs if s != 0]
    return sum(a != b for a, b in pairwise(kept))


def roots_inside(poly: Dense, low: Fraction | None, high: Fraction | None) -> int:
    """How many different real roots lie strictly between two ends, of which None is infinity."""
    free = square_free(poly)
    for end in (low, high):
        if end is not None and len(free) > 1 and value(free, end) == 0:
            free = divided(free, [-end, Fraction(1)])[0]
    if len(free) < 2:
        return 0
    chain = _chain(free)
    return _changes(chain, low, -1) - _changes(chain, high, 1)


def sample(domain: Interval, poly: Dense) -> Fraction:
    """A number strictly inside the interval at which the nonzero polynomial is not zero."""
    for n in range(1, len(poly) + 1):
        x = _inner(domain, n)
        if value(poly, x) != 0:
            return x
    raise ValueError("a polynomial with more roots than its degree")


def _inner(domain: Interval, n: int) -> Fraction:
    low, high = domain.low, domain.high
    if low is not None and high is not None:
        return low + (high - low) * Fraction(n, n + 1)
    if low is not None:
        return low + n
    return high - n if high is not None else Fraction(n)


def is_nonnegative(poly: Dense, domain: Interval, *, strict: bool) -> bool:
    """Whether `poly >= 0` (`> 0`) on all of an interval that is not empty: decided."""
    poly = trimmed(poly)
    low, high = domain.low, domain.high
    if len(poly) < 2 or (low is not None and low == high):
        here = value(poly, low if low is not None and low == high else Fraction(0))
        return here > 0 if strict else here >= 0
    if value(poly, sample(domain, poly)) < 0:
        return False
    if not strict:
        return roots_inside(odd_part(poly), low, high) == 0
    ends = [
        end for end, is_open in ((low, domain.low_open), (high, domain.high_open)) if end is not None and not is_open
    ]
    return roots_inside(poly, low, high) == 0 and all(value(poly, end) > 0 for end in ends)
