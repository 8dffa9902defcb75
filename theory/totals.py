"""Products and quotients of sums over planes and of traces: each such total becomes a generator of its own."""

from __future__ import annotations

from collections.abc import Callable

from theory.linear import CONST, PLANE_SUFFIX, Form, Key
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import ScalarField

TOTALS = tuple(f"total {i}" for i in range(20))


class Totals:
    """The totals of one expression. `count` is how many planes a sum runs over; `is_constant` tells random letters."""

    def __init__(self, scalars: ScalarField, count: Callable[[str], Frac], is_constant: Callable[[str], bool]) -> None:
        self.scalars, self.count, self.is_constant = scalars, count, is_constant
        self.known: dict[tuple[Key, Frac], str] = {}

    def named(self, form: Form) -> Frac:
        """A form as a rational function in which each sum over planes and each trace is a generator.

        A sum is split into the monomials of its plane's variables, so that equal sums are the same combination of
        generators however they were written. Raises NotDecidable for logarithms, words, entries and random traces.
        """
        total = self.scalars.field.zero
        for key, value in form.items():
            if value.logs:
                raise NotDecidable("a product with a logarithm")
            if key == CONST:
                total += value.rational
            elif key[0] == "sum":
                total += self._named_sum(key, self.scalars.reduce(value.rational))
            elif key[0] == "tr" and all(self.is_constant(name) for name in key[1]):
                total += value.rational * self._total(key, self.scalars.field.one)
            else:
                raise NotDecidable("a product of something other than sums over planes, constant traces and scalars")
        return total

    def _named_sum(self, key: Key, summand: Frac) -> Frac:
        field, names = self.scalars.field, self.scalars.names
        planes = [i for i, name in enumerate(names) if name.endswith(PLANE_SUFFIX)]
        below, ring = field.poly(summand.denom), summand.denom.ring
        bound = self.scalars.depends_on(below, PLANE_SUFFIX)
        total = field.zero
        for monomial, number in summand.numer.terms():
            inside = tuple(power if i in planes else 0 for i, power in enumerate(monomial))
            outside = tuple(0 if i in planes else power for i, power in enumerate(monomial))
            factor = field.poly(ring.from_dict({outside: number}))
            body = field.poly(ring.from_dict({inside: ring.domain.one}))
            if bound:
                body = body / below
                scale = body.leading
                body, factor = body / scale, factor * scale
            else:
                factor = factor / below
            total += factor * (self._total(key, body) if bound or any(inside) else self.count(key[1]))
        return total

    def _total(self, key: Key, body: Frac) -> Frac:
        if (key, body) not in self.known:
            if len(self.known) == len(TOTALS) or TOTALS[0] not in self.scalars.gens:
                raise NotDecidable("too many sums or traces in one product")
            self.known[key, body] = TOTALS[len(self.known)]
        return self.scalars.gen(self.known[key, body])
