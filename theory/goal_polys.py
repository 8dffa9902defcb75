"""The arithmetic of the goal checker: sparse polynomials as dictionaries from exponents to Fractions.

It shares no code with what finds proofs.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from theory.goals import Exponents, Poly

MAX_TERMS = 20_000
MAX_DEGREE = 400


class Refused(ValueError):
    """Why a proof is not accepted."""


Terms = dict[Exponents, Fraction]


def cleaned(poly: Poly, size: int) -> Terms:
    """A polynomial as it came in: exact coefficients, exponents of the right length. Raises Refused."""
    found: Terms = {}
    for powers, coefficient in poly.items():
        if not isinstance(coefficient, int | Fraction) or isinstance(coefficient, bool):
            raise Refused("a coefficient that is no fraction")
        if not isinstance(powers, tuple) or len(powers) != size:
            raise Refused("exponents that do not fit the variables")
        if any(type(power) is not int or not 0 <= power <= MAX_DEGREE for power in powers):
            raise Refused("an exponent that is no small natural number")
        if coefficient:
            found[powers] = Fraction(coefficient)
    return found


def constant(value: Fraction | int, size: int) -> Terms:
    return {(0,) * size: Fraction(value)} if value else {}


def variable(index: int, size: int) -> Terms:
    return {tuple(int(i == index) for i in range(size)): Fraction(1)}


def plus(one: Poly, two: Poly, factor: Fraction | int = 1) -> Terms:
    """`one + factor two`."""
    total = dict(one)
    for powers, coefficient in two.items():
        value = total.get(powers, Fraction(0)) + factor * coefficient
        if value:
            total[powers] = value
        else:
            total.pop(powers, None)
    return total


def scaled(poly: Poly, factor: Fraction | int) -> Terms:
    return {powers: factor * c for powers, c in poly.items()} if factor else {}


def times(one: Poly, two: Poly) -> Terms:
    total: dict[Exponents, Fraction] = defaultdict(Fraction)
    for u, a in one.items():
        for v, b in two.items():
            total[tuple(map(int.__add__, u, v))] += a * b
        if len(total) > MAX_TERMS:
            raise Refused("a polynomial that is too large")
    return {powers: c for powers, c in total.items() if c}


def power(base: Poly, exponent: int, size: int) -> Terms:
    if type(exponent) is not int or not 0 <= exponent <= MAX_DEGREE:
        raise Refused(f"a power of {exponent}")
    total = constant(1, size)
    for _ in range(exponent):
        total = times(total, base)
    return total


def degree(poly: Poly, index: int) -> int:
    """The highest power of a variable."""
    return max((powers[index] for powers in poly), default=0)


def used(poly: Poly) -> set[int]:
    """The variables that occur."""
    return {i for powers in poly for i, n in enumerate(powers) if n}


def by_power(poly: Poly, index: int) -> list[Terms]:
    """The coefficients of a variable's powers, from 0 up."""
    parts: list[Terms] = [{} for _ in range(degree(poly, index) + 1)]
    for powers, coefficient in poly.items():
        parts[powers[index]][(*powers[:index], 0, *powers[index + 1 :])] = coefficient
    return parts


def substituted(poly: Poly, index: int, top: Poly, bottom: Poly, size: int) -> Terms:
    """The polynomial at `variable = top / bottom`, times the power of `bottom` that its degree asks for."""
    parts = by_power(poly, index)
    total: Terms = {}
    highest = len(parts) - 1
    tops, bottoms = [constant(1, size)], [constant(1, size)]
    for _ in range(highest):
        tops.append(times(tops[-1], top))
        bottoms.append(times(bottoms[-1], bottom))
    for n, part in enumerate(parts):
        if part:
            total = plus(total, times(part, times(tops[n], bottoms[highest - n])))
    return total


def moved(poly: Poly, index: int, change: list[list[Fraction]]) -> Terms:
    """Each power n of a variable replaced by the polynomial `change[n]` in it."""
    total: dict[Exponents, Fraction] = defaultdict(Fraction)
    for powers, coefficient in poly.items():
        before, after = powers[:index], powers[index + 1 :]
        for n, factor in enumerate(change[powers[index]]):
            if factor:
                total[(*before, n, *after)] += coefficient * factor
    if len(total) > MAX_TERMS:
        raise Refused("a polynomial that is too large")
    return {powers: c for powers, c in total.items() if c}
