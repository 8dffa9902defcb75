"""Names of a claim, and what some of them stand for: roots, logarithms, minima, and totals."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import isqrt, lcm
from typing import Any

from checker.rational import ONE, PRIMES, ZERO, Poly, Q, number, plus, powers_of
from checker.trees import need


class Names:
    """Gives primes to names. One that ends with `_i`, or whose value holds such a one, belongs to one plane."""

    def __init__(self) -> None:
        self.prime: dict[Any, int] = {}
        self.kind: dict[int, Any] = {}  # of names with a value
        self.value: dict[int, tuple[Q, ...]] = {}
        self.squares: dict[int, Q] = {}  # of roots and of cos_i, the latest last
        self.planar: set[int] = set()

    def name(self, name: Any, of_plane: bool = False) -> Q:
        if name not in self.prime:
            n = self.prime[name] = PRIMES[len(self.prime)]
            if of_plane or (isinstance(name, str) and name.endswith("_i")):
                self.planar.add(n)
            if name == "cos_i":
                self.squares[n] = ONE - self.name("sin_i") ** 2
        return Q({self.prime[name]: 1})

    def named(self, kind: Any, *value: Q) -> Q:
        """What has this value: a name that is there already, or a new one."""
        for n, known in self.value.items():
            if self.kind[n] == kind and not any(self.reduced(a - b) for a, b in zip(known, value, strict=True)):
                return Q({n: 1})
        made = self.name((kind, len(self.value)), kind[0] != "total" and any(map(self.of_plane, value)))
        (n,) = made.top
        self.kind[n], self.value[n] = kind, value
        return made

    def uses(self, q: Q) -> set[int]:
        polys = [q.top, *(dict(f) for f in q.below)]
        return {n for n in self.prime.values() if any(m % n == 0 for poly in polys for m in poly)}

    def of_plane(self, q: Q) -> bool:
        return bool(self.uses(q) & self.planar)

    def without_planes(self, q: Q) -> Q | None:
        """The same without variables of one plane, if it depends on none: its value at sin_i = 0 and all others 1."""
        if not self.of_plane(q):
            return q

        def at(p: Poly) -> Q:
            total: Poly = {}
            for m, c in p.items():
                if m % self.prime.get("sin_i", m + 1):
                    for n in self.planar:
                        while m % n == 0:
                            m //= n
                    total = plus(total, {m: c})
            return Q(total)

        below = reduce(Q.__mul__, [at(dict(f)) ** n for f, n in q.below.items()], ONE)
        value = at(q.top) * below.inverse() if below else None
        return value if value is not None and not self.reduced(q - value) else None

    def reduced(self, q: Q) -> Q:
        """The squares of roots and of cos_i written out above."""
        for n, square in reversed(self.squares.items()):
            if any(m % (n * n) == 0 for m in q.top):
                parts = [Q(part) * square**k for k, part in powers_of(q.top, n * n).items()]
                q = reduce(Q.__add__, parts, ZERO) * Q({1: 1}, q.below)
        return q

    def root(self, q: Q) -> Q:
        q = self.reduced(q)
        if set(q.top) <= {1} and not q.below:
            value = Fraction(q.top.get(1, 0))
            exact = Fraction(isqrt(abs(value.numerator)), isqrt(value.denominator))
            if exact**2 == value:
                return number(exact)
        made = self.named(("root",), q)
        (n,) = made.top
        self.squares.setdefault(n, q)
        return made

    def split(self, q: Q) -> tuple[Q, list[tuple[Q, Q]]]:
        """q = a rational part + the sum of coefficient * ln(argument), no argument 1, no coefficient twice."""
        q, rest, groups = self.reduced(q), dict[int, Any](), dict[int, dict[int, Any]]()
        for m, c in q.top.items():
            inside = [n for n, kind in self.kind.items() if kind == ("Ln",) and m % n == 0]
            need(not inside or (len(inside) == 1 and m % inside[0] ** 2), "a product of logarithms")
            (groups.setdefault(m // inside[0], {}) if inside else rest)[inside[0] if inside else m] = c
        pairs = []
        for m, group in groups.items():
            whole = lcm(*(Fraction(c).denominator for c in group.values()))
            argument = reduce(Q.__mul__, [self.value[n][0] ** int(c * whole) for n, c in group.items()], ONE)
            if self.reduced(argument - ONE):
                pairs.append((Q({m: Fraction(1, whole)}, q.below), argument))
        return Q(rest, q.below), pairs
