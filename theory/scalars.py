"""Scalars in normal form: a rational function plus rational-function multiples of logarithms.

SymPy's sparse fraction fields hold the rational part. `cos` and `sin` of one angle are two generators tied by
cos^2 + sin^2 = 1; `reduce` removes every even power of the cosine, so that zero is recognised exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from math import lcm
from typing import Any

from sympy import QQ, Symbol
from sympy.polys.fields import field as make_field

Frac = Any  # sympy.polys.fields.FracElement: SymPy ships no types for it


class Undefined(ZeroDivisionError):
    """A denominator that vanishes identically."""


@lru_cache(maxsize=256)
def _field(names: tuple[str, ...]) -> tuple[Any, dict[str, Frac]]:
    # Symbol objects, not text: SymPy splits a string of names at spaces and commas
    made = make_field([Symbol(name) for name in names] or [Symbol("unused")], QQ)
    return made[0], dict(zip(names, made[1:], strict=False))


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
        return self.field(QQ(value.numerator, value.denominator))

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

    def _without_squares(self, poly: Any) -> Frac:
        """A polynomial with the square of every root replaced by its radicand, the latest root first."""
        value = self.field(poly)
        for name, radicand in reversed(self.roots.items()):
            value = self._square_out(value.numer, name, radicand) / self._square_out(value.denom, name, radicand)
        return value

    def _square_out(self, poly: Any, name: str, radicand: Frac) -> Frac:
        """The terms by how often the square occurs; over one denominator, so that there is one division."""
        index = self.names.index(name)
        parts: dict[int, dict[tuple[int, ...], Any]] = {}
        for monomial, coefficient in poly.terms():
            rest = (*monomial[:index], monomial[index] % 2, *monomial[index + 1 :])
            parts.setdefault(monomial[index] // 2, {})[rest] = coefficient
        most = max(parts, default=0)
        powers = ((poly.ring.from_dict(part), n) for n, part in parts.items())
        total = sum((part * radicand.numer**n * radicand.denom ** (most - n) for part, n in powers), poly.ring.zero)
        return self.field(total) / self.field(radicand.denom**most)

    def _reduce_poly(self, poly: Any) -> Any:
        for cos, sin in self._trig:
            ring = poly.ring
            sine_part = 1 - ring.gens[sin] ** 2
            total = ring.zero
            for monomial, coefficient in poly.terms():
                power = monomial[cos]
                rest = list(monomial)
                rest[cos] = power % 2
                total += ring.from_dict({tuple(rest): coefficient}) * sine_part ** (power // 2)
            poly = total
        return poly

    def reduce(self, value: Frac) -> Frac:
        """The same element with every square of a root or a cosine written out. Raises Undefined on 0 below."""
        if self.roots:
            below = self._without_squares(value.denom)
            if not below:
                raise Undefined("a denominator is zero because of what its roots stand for")
            value = self._without_squares(value.numer) / below
        if not self._trig:
            return value
        below = self._reduce_poly(value.denom)
        if not below:
            raise Undefined("a denominator is zero because cos^2 + sin^2 = 1")
        return self.field(self._reduce_poly(value.numer)) / self.field(below)

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
            basis = scalars.field(whole.numer.ring.from_dict({monomial: QQ(1)})) / scalars.field(whole.denom)
            scale = QQ(1)
            lead = basis.numer.LC / basis.denom.LC
            basis, scale = basis / lead, number * lead
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
