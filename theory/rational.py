"""Rational functions in lowest terms over SymPy's sparse polynomials with integer coefficients.

What SymPy's own fraction fields give, with fewer and smaller greatest common divisors: the parts of a product are
cancelled crosswise before they are multiplied, and a sum is cancelled against the common part of its denominators
alone (Henrici's algorithms). Numerator and denominator are coprime, the denominator's leading coefficient is positive;
so equal functions are equal keys, and zero is the one with the numerator 0.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import QQ, ZZ, Symbol, ring

Poly = Any  # sympy.polys.rings.PolyElement: SymPy ships no types for it
Number = Any  # an int, a Fraction, or a number of SymPy's: anything with a numerator and a denominator


class FractionField:
    """The rational functions in the given generators."""

    def __init__(self, names: tuple[str, ...]) -> None:
        # Symbol objects, not text: SymPy splits a string of names at spaces and commas
        self.ring = _ring(names)
        self.unit: Poly = self.ring.one
        self.zero = Frac(self, self.ring.zero, self.unit)
        self.one = Frac(self, self.unit, self.unit)
        self.gens = tuple(Frac(self, gen, self.unit) for gen in self.ring.gens)

    def number(self, value: Number) -> Frac:
        """A constant, from anything with a numerator and a denominator."""
        top, bottom = int(value.numerator), int(value.denominator)
        return Frac(self, self.ring.ground_new(ZZ(top)), self.unit if bottom == 1 else self.ring.ground_new(ZZ(bottom)))

    def poly(self, poly: Poly) -> Frac:
        """A polynomial."""
        return Frac(self, poly, self.unit)

    def from_dict(self, terms: dict[tuple[int, ...], Any]) -> Frac:
        """A polynomial with rational coefficients, by its monomials."""
        common = 1
        for value in terms.values():
            common = int(ZZ.lcm(ZZ(common), ZZ(int(value.denominator))))
        whole = {m: ZZ(int(q.numerator) * (common // int(q.denominator))) for m, q in terms.items() if q}
        return self.quotient(self.ring.from_dict(whole), self.ring.ground_new(ZZ(common)))

    def quotient(self, top: Poly, bottom: Poly) -> Frac:
        """top / bottom in lowest terms. Raises ZeroDivisionError."""
        if not bottom:
            raise ZeroDivisionError("zero denominator")
        if not top:
            return self.zero
        if bottom == self.unit:
            return Frac(self, top, self.unit)
        _, top, bottom = self.cofactors(top, bottom)
        return self.coprime(top, bottom)

    def cofactors(self, one: Poly, other: Poly) -> tuple[Poly, Poly, Poly]:
        """Greatest common divisor of two polynomials, not 0, and what is left of each.

        It is sought among the generators that occur, as each further one makes the search longer.
        """
        if len(one) == 1 or len(other) == 1:
            return tuple(one.cofactors(other))
        here, there = _occurring(one), _occurring(other)
        if here.isdisjoint(there):
            return self._shared_content(one, other)
        kept = sorted(here | there)
        if len(kept) == self.ring.ngens:
            return tuple(one.cofactors(other))
        small = _ring(tuple(f"x{i}" for i in range(len(kept))))
        found = _into(one, kept, small).cofactors(_into(other, kept, small))
        return tuple(self._back(poly, kept) for poly in found)

    def _shared_content(self, one: Poly, other: Poly) -> tuple[Poly, Poly, Poly]:
        """Polynomials in different generators have a number in common at most."""
        common = ZZ.gcd(one.content(), other.content())
        return self.ring.ground_new(common), one.quo_ground(common), other.quo_ground(common)

    def _back(self, poly: Poly, kept: list[int]) -> Poly:
        terms = {}
        for monomial, coefficient in poly.items():
            full = [0] * self.ring.ngens
            for index, power in zip(kept, monomial, strict=True):
                full[index] = power
            terms[tuple(full)] = coefficient
        return self.unit.new(terms)

    def coprime(self, top: Poly, bottom: Poly) -> Frac:
        """top / bottom, which have no factor in common."""
        if bottom == self.unit:
            bottom = self.unit
        elif bottom.LC < 0:
            top, bottom = -top, -bottom
            bottom = self.unit if bottom == self.unit else bottom
        return Frac(self, top, bottom)


@lru_cache(maxsize=256)
def _ring(names: tuple[str, ...]) -> Any:
    return ring([Symbol(name) for name in names] or [Symbol("unused")], ZZ)[0]


def _occurring(poly: Poly) -> set[int]:
    """The indices of the generators that occur."""
    return {i for monomial in poly for i, power in enumerate(monomial) if power}


def _into(poly: Poly, kept: list[int], small: Any) -> Poly:
    return small.one.new({tuple([monomial[i] for i in kept]): value for monomial, value in poly.items()})


class Frac:
    """One rational function: `numer / denom`, immutable."""

    __slots__ = ("_hash", "denom", "field", "numer")

    def __init__(self, field: FractionField, numer: Poly, denom: Poly) -> None:
        self.field, self.numer, self.denom = field, numer, denom
        self._hash: int | None = None

    def __bool__(self) -> bool:
        return bool(self.numer)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Frac):
            return NotImplemented
        return self is other or (self.numer == other.numer and self.denom == other.denom)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((frozenset(self.numer.items()), frozenset(self.denom.items())))
        return self._hash

    def __repr__(self) -> str:
        return f"({self.numer})/({self.denom})"

    def _other(self, value: Frac | Number) -> Frac:
        return value if isinstance(value, Frac) else self.field.number(value)

    def __neg__(self) -> Frac:
        return Frac(self.field, -self.numer, self.denom)

    def __add__(self, value: Frac | Number) -> Frac:
        other = self._other(value)
        if not other:
            return self
        if not self:
            return other
        field, a, b, c, d = self.field, self.numer, self.denom, other.numer, other.denom
        if b is d or b == d:
            return field.quotient(a + c, b)
        if b is field.unit:
            return Frac(field, a * d + c, d)
        if d is field.unit:
            return Frac(field, a + c * b, b)
        common, b, d = field.cofactors(b, d)
        top = a * d + c * b
        if not top:
            return field.zero
        if common != field.unit:
            _, top, common = field.cofactors(top, common)
        return field.coprime(top, common * b * d)

    __radd__ = __add__

    def __sub__(self, value: Frac | Number) -> Frac:
        return self + -self._other(value)

    def __rsub__(self, value: Frac | Number) -> Frac:
        return -self + value

    def __mul__(self, value: Frac | Number) -> Frac:
        other, field = self._other(value), self.field
        if not self or not other:
            return field.zero
        a, b, c, d = self.numer, self.denom, other.numer, other.denom
        if d is not field.unit:
            _, a, d = field.cofactors(a, d)
        if b is not field.unit:
            _, c, b = field.cofactors(c, b)
        return field.coprime(a * c, b * d)

    __rmul__ = __mul__

    def inverse(self) -> Frac:
        """Raises ZeroDivisionError for zero."""
        if not self:
            raise ZeroDivisionError("the inverse of zero")
        return self.field.coprime(self.denom, self.numer)

    def __truediv__(self, value: Frac | Number) -> Frac:
        return self * self._other(value).inverse()

    def __rtruediv__(self, value: Frac | Number) -> Frac:
        return self.inverse() * value

    def __pow__(self, power: int) -> Frac:
        base = self if power >= 0 else self.inverse()
        return self.field.coprime(base.numer ** abs(power), base.denom ** abs(power))

    def diff(self, gen: Frac) -> Frac:
        """The partial derivative in a generator."""
        x, field = gen.numer, self.field
        top, bottom = self.numer, self.denom
        if bottom is field.unit:
            return Frac(field, top.diff(x), bottom)
        return field.quotient(top.diff(x) * bottom - top * bottom.diff(x), bottom**2)

    @property
    def leading(self) -> Any:
        """The quotient of the leading coefficients, a rational number."""
        return QQ(int(self.numer.LC), int(self.denom.LC))
