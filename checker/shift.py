"""Polynomials in nonnegative variables: definitions put in, and what lies between 0 and 1 written as p/(p + q)."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from checker.rational import ZERO, Poly, Q, plus, power, powers_of, times
from checker.reader import Reader
from checker.trees import Refused, need

MOST_POWERS, MOST_UNITS = 1_000, 8  # of one name in a term of the evidence; of names between 0 and 1


class Shift:
    """Puts definitions in, and writes what lies between 0 and 1 as p/(p + q)."""

    def __init__(self, reader: Reader, domains: dict[str, str], free: frozenset[str]) -> None:
        self.reader, self.domains, self.free = reader, domains, free
        self.sure: set[Any] = {name for name, domain in domains.items() if domain == "positive"}
        self.units: set[str] = set()

    def image(self, n: int) -> Q | None:
        """What a name becomes; None for one that is nonnegative itself."""
        name = next(x for x, prime in self.reader.prime.items() if prime == n)
        domain = "nonnegative" if name in self.free or self.reader.kind.get(n) == ("root",) else self.domains.get(name)
        if name[0] == "exp":  # of anything: positive
            self.sure.add(name)
            return None
        if domain in ("positive", "nonnegative") or name[-2:] in ("~p", "~q"):
            return None
        if domain in ("unit", "inner"):
            p, q = self.reader.name(name + "~p"), self.reader.name(name + "~q")
            self.sure |= {name + "~p", name + "~q"} if domain == "inner" else set()
            self.units.add(name)
            return p * (p + q).inverse()
        need(name in self.reader.under["definitions"], f"nothing says that {name} is nonnegative")
        return self.reader.scalar(self.reader.under["definitions"][name])

    def poly(self, p: Poly) -> tuple[Poly, list[Poly]]:
        """The shifted polynomial, and what it is to be divided by."""
        below: list[Poly] = []
        for _ in range(100):
            found = ((n, q) for n in sorted(self.reader.uses(Q(p))) if (q := self.image(n)) is not None)
            n, q = next(found, (0, ZERO))
            if not n:
                return p, below
            parts, bottom = powers_of(p, n), reduce(times, [power(dict(f), k) for f, k in q.below.items()], {1: 1})
            most = max(parts)
            terms = [times(times(part, power(q.top, k)), power(bottom, most - k)) for k, part in parts.items()]
            p, below = reduce(plus, terms, {}), below + [bottom] * (most if bottom != {1: 1} else 0)
        raise Refused("definitions refer to one another in a circle")

    def ratio(self, q: Q) -> tuple[Poly, list[Poly]]:
        """The numerator, and what it is to be divided by."""
        top, below = self.poly(q.top)
        for f, n in q.below.items():
            made, over = self.poly(dict(f))
            top = reduce(times, over * n, top)
            below = below + [made] * n
        return top, below

    def over(self, top: Poly, below: list[Poly]) -> Q:
        """Their quotient."""
        return reduce(lambda q, part: q * Q(part).inverse(), below, Q(top))

    def read(self, terms: list[Any]) -> Poly:
        """A polynomial as [coefficient, {name: power}]. Names with a value are `root 0` and the like."""
        labels = {self.label(n): n for n in self.reader.prime.values()}
        total: Poly = {}
        for c, powers in terms:
            plain = all(type(k) is int and 0 < k <= MOST_POWERS for k in powers.values())
            need(plain and set(powers) <= set(labels), "an unknown name")
            m = reduce(int.__mul__, [labels[name] ** k for name, k in powers.items()], 1)
            need(m not in total and Fraction(c), "a term that stands twice, or is zero")
            total[m] = Fraction(c)
        return total

    def label(self, n: int) -> str:
        name = next(x for x, prime in self.reader.prime.items() if prime == n)
        return (
            name if isinstance(name, str) else f"{name[0][0]} {name[1]}" if n in self.reader.value else " ".join(name)
        )

    def certain(self, p: Poly) -> bool:
        """Positive everywhere: no negative coefficient, and for either of p, q a term that is then positive."""
        need(len(self.units) <= MOST_UNITS, "too many names between 0 and 1")
        sure = {self.reader.prime[x] for x in self.sure if x in self.reader.prime}
        for corner in product(*(("~p", "~q") for _ in self.units)):
            allowed = sure | {self.reader.prime[u + end] for u, end in zip(sorted(self.units), corner, strict=True)}
            if not any(self.reader.uses(Q({m: 1})) <= allowed for m in p):
                return False
        return all(c > 0 for c in p.values())
