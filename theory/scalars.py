"""Scalars in normal form: a rational function plus rational-function multiples of logarithms.

Fractions of SymPy's sparse polynomials (`rational.py`) hold the rational part. `cos` and `sin` of one angle are two
generators tied by cos^2 + sin^2 = 1; `reduce` removes every even power of the cosine, so that zero is recognised
exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from math import lcm
from typing import Any

from sympy import QQ, ZZ

from theory.rational import Frac, FractionField, Poly


class Undefined(ZeroDivisionError):
    """A denominator that vanishes identically."""


@lru_cache(maxsize=256)
def _field(names: tuple[str, ...]) -> tuple[FractionField, dict[str, Frac]]:
    made = FractionField(names)
    return made, dict(zip(names, made.gens, strict=False))


def _by_squares(poly: Poly, index: int) -> dict[int, Poly]:
    """A polynomial by the powers of a generator's square: n -> what stands beside its n-th power."""
    parts: dict[int, dict[tuple[int, ...], Any]] = {}
    for monomial, coefficient in poly.items():
        rest = (*monomial[:index], monomial[index] % 2, *monomial[index + 1 :])
        parts.setdefault(monomial[index] // 2, {})[rest] = coefficient
    return {power: poly.ring.from_dict(terms) for power, terms in parts.items()}


class ScalarField:
    """The fraction field over the given generators; pairs cos_X, sin_X are reduced by cos^2 + sin^2 = 1, and square
    roots, once `define_root` has said of what, by their squares."""

    def __init__(self, names: Iterable[str]) -> None:
        wanted = set(names)
        for name in list(wanted):
            if name.startswith(("cos", "sin")):
                wanted |= {"cos" + name[3:], "sin" + name[3:]}
        self.names = tuple(sorted(wanted))
        self.field, self.gens = _field(self.names)
        self.roots: dict[str, Frac] = {}  # in the order of their definition: a radicand may hold earlier roots
        self._trig = [(self.names.index(n), self.names.index("sin" + n[3:])) for n in self.names if n.startswith("cos")]

    def number(self, value: Any) -> Frac:
        return self.field.number(value)

    def gen(self, name: str) -> Frac:
        return self.gens[name]

    def define_root(self, name: str, radicand: Frac) -> Frac:
        """The generator whose square is `radicand`: one that is there already, or `name`.

        Raises ValueError when `name` is the root of something else.
        """
        for known, square in self.roots.items():
            if square == radicand:
                return self.gens[known]
        if name in self.roots:
            raise ValueError(f"{name} is the root of two expressions")
        self.roots[name] = radicand
        return self.gens[name]

    def _squared(self, value: Frac, indices: Iterable[int]) -> bool:
        """Whether the square of one of these generators occurs."""
        return any(m[i] > 1 for i in indices for poly in (value.numer, value.denom) for m in poly)

    def _without_squares(self, poly: Poly) -> Frac:
        """A polynomial with the square of every root replaced by its radicand, the latest root first."""
        value = self.field.poly(poly)
        for name, radicand in reversed(self.roots.items()):
            if self._squared(value, (self.names.index(name),)):
                top, bottom = (self._square_out(part, name, radicand) for part in (value.numer, value.denom))
                value = top / bottom
        return value

    def _square_out(self, poly: Poly, name: str, radicand: Frac) -> Frac:
        parts = _by_squares(poly, self.names.index(name))
        return sum((self.field.poly(part) * radicand**power for power, part in parts.items()), self.field.zero)

    def _reduce_poly(self, poly: Poly) -> Poly:
        for cos, sin in self._trig:
            parts = _by_squares(poly, cos)
            if set(parts) - {0}:
                sine_part = 1 - poly.ring.gens[sin] ** 2
                poly = sum((part * sine_part**power for power, part in parts.items()), poly.ring.zero)
        return poly

    def reduce(self, value: Frac) -> Frac:
        """The same element with every square of a root or a cosine written out. Raises Undefined on 0 below."""
        if self.roots and self._squared(value, [self.names.index(name) for name in self.roots]):
            below = self._without_squares(value.denom)
            if not below:
                raise Undefined("a denominator is zero because of what its roots stand for")
            value = self._without_squares(value.numer) / below
        if not self._squared(value, [cos for cos, _ in self._trig]):
            return value
        below = self._reduce_poly(value.denom)
        if not below:
            raise Undefined("a denominator is zero because cos^2 + sin^2 = 1")
        return self.field.quotient(self._reduce_poly(value.numer), below)

    def is_zero(self, value: Frac) -> bool:
        return not self.reduce(value)

    def divide(self, top: Frac, bottom: Frac) -> Frac:
        if self.is_zero(bottom):
            raise Undefined("division by an expression that is identically zero")
        return top / bottom

    def used(self, value: Frac) -> set[str]:
        """The generators that occur."""
        monomials = [m for poly in (value.numer, value.denom) for m in poly.monoms()]
        return {name for i, name in enumerate(self.names) if any(m[i] for m in monomials)}

    def depends_on(self, value: Frac, suffix: str) -> bool:
        """Whether a generator whose name ends with `suffix` occurs."""
        return any(name.endswith(suffix) for name in self.used(value))


@dataclass
class Value:
    """`rational + sum of coefficient * ln(argument)`."""

    rational: Frac
    logs: dict[Frac, Frac] = field(default_factory=dict)

    def plus(self, other: Value) -> Value:
        logs = dict(self.logs)
        for argument, coefficient in other.logs.items():
            logs[argument] = logs.get(argument, 0) + coefficient
        return Value(self.rational + other.rational, {a: c for a, c in logs.items() if c})

    def negated(self) -> Value:
        return Value(-self.rational, {a: -c for a, c in self.logs.items()})

    def scaled(self, factor: Frac) -> Value:
        if not factor:
            return Value(self.rational * 0)
        return Value(self.rational * factor, {a: c * factor for a, c in self.logs.items()})


def log_products(scalars: ScalarField, logs: dict[Frac, Frac]) -> list[tuple[Frac, Frac]]:
    """Collect `sum c ln(A)` as `sum b ln(B)` with the `b` monic and distinct: each coefficient is split off.

    Coefficients are separated monomial by monomial in their numerator over their common denominator; each group's
    rational multiples are cleared to integers, so that `B` is again a rational function.
    """
    groups: dict[Frac, dict[Frac, Any]] = {}
    for argument, coefficient in logs.items():
        whole = scalars.reduce(coefficient)
        for monomial, number in whole.numer.terms():
            basis = scalars.field.quotient(whole.numer.ring.from_dict({monomial: ZZ(1)}), whole.denom)
            basis, scale = basis / basis.leading, QQ(int(number)) * basis.leading
            powers = groups.setdefault(basis, {})
            powers[argument] = powers.get(argument, QQ(0)) + scale
    answer = []
    for basis, powers in groups.items():
        clear = lcm(*(int(q.denominator) for q in powers.values()))
        product = scalars.field.one
        for argument, power in powers.items():
            product *= argument ** int(power * clear)
        reduced = scalars.reduce(product)
        if reduced != scalars.field.one:
            answer.append((basis / clear, reduced))
    return answer
