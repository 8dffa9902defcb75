"""Finds the evidence for a claim: goes through the obligations that the independent checker makes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from checker.claim import Claim, Lemma
from checker.rational import Poly, Q
from checker.reader import Reader
from checker.shift import Shift
from checker.trees import Refused, Tree, head
from theory.positivity import PRODUCTS
from theory.rational import Frac
from theory.scalars import ScalarField


class Finder(Claim):
    """Goes through a claim's obligations, tries what may meet each, and notes what does."""

    def __init__(self, claim: dict[str, Any], lemma: Callable[[Any], Lemma]) -> None:
        super().__init__(claim, [], lemma)
        self.found: list[Any] = []
        self.failed: set[Any] = set()
        self.next: list[Any] = []

    def take(self) -> Any:
        item = self.next.pop()
        self.found.append(item)
        return item

    def _first(self, items: Iterable[Any], action: Callable[[], Any]) -> Any:
        """The first item with which `action` goes through."""
        kept, reasons = (len(self.found), set(self.shown), set(self.free)), []
        for item in items:
            self.next = [item]
            try:
                return action()
            except (Refused, ValueError, ArithmeticError, KeyError) as reason:
                reasons.append(str(reason))
                del self.found[kept[0] :]
                self.shown, self.free = set(kept[1]), set(kept[2])
        raise Refused("; ".join(dict.fromkeys(reasons)) or "nothing to try")

    def equal(self, left: Tree, right: Tree, **changed: Any) -> None:
        self._first(("same", "closed", "opened"), lambda: super(Finder, self).equal(left, right, **changed))

    def positive(self, t: Tree, strict: bool, conditions: tuple[Tree, ...] | None = None) -> None:
        stated = self.under["conditions"] if conditions is None else conditions
        question = (t, strict, stated, len(self.before))
        if question in self.failed:
            raise Refused("tried before")
        try:
            ways = _ways(t, stated, self.before)
            self._first(ways, lambda: super(Finder, self).positive(t, strict, conditions))
        except Refused:
            self.failed.add(question)
            raise

    def rises(self, reader: Reader, beside: Q, domains: dict[str, str]) -> bool:
        signs = ("nonnegative", "nonpositive")
        return bool(self._first(signs, lambda: super(Finder, self).rises(reader, beside, domains)))

    def shifted(self, reader: Reader, q: Q, strict: bool, domains: dict[str, str]) -> None:
        table = {**self.under["domains"], **domains}
        known = {**self.under["meanings"], **reader.under["definitions"]}
        free = [name for name in PRODUCTS if name in known and name not in table]
        items = (_evidence(reader, q, table, names) for names in dict.fromkeys((tuple(free), ())))
        self._first(items, lambda: super(Finder, self).shifted(reader, q, strict, domains))


def _ways(t: Tree, stated: tuple[Tree, ...], before: list[tuple[Tree, bool]]) -> Iterable[Any]:
    yield "certificate"
    if isinstance(t, tuple):
        yield "square"
        yield from [["root", i] for i, x in enumerate(t[1:]) if t[0] == "Add" and head(x) == "Sqrt"]
        yield from [["parts", i] for i in range(len(t) - 1)] if t[0] == "Add" else ["parts"]
    yield from [["above", i] for i in range(len(stated))]
    yield from [["beyond", i] for i in range(len(stated))]
    yield from [["before", before.index(x)] for x in dict.fromkeys(before)]


def _evidence(reader: Reader, q: Q, domains: dict[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    """The shifted fraction with its common factors cancelled."""
    shift = Shift(reader, domains, frozenset(names))
    top, below = shift.ratio(q)
    used = sorted({n for p in (top, *below) for n in reader.uses(Q(p))})
    labels = [shift.label(n) for n in used]
    scalars = ScalarField(labels)
    ratio = scalars.field.one
    for part in below:
        ratio = ratio / _frac(part, used, labels, scalars)
    ratio = ratio * _frac(top, used, labels, scalars)
    free = [name for name in names if reader.prime.get(name) in used]
    return {"free": free, "numerator": _terms(ratio.numer, scalars), "denominator": _terms(ratio.denom, scalars)}


def _frac(p: Poly, used: list[int], labels: list[str], scalars: ScalarField) -> Frac:
    total = scalars.field.zero
    for m, c in p.items():
        term = scalars.number(c)
        for n, label in zip(used, labels, strict=True):
            while m % n == 0:
                m, term = m // n, term * scalars.gen(label)
        total = total + term
    return total


def _terms(poly: Any, scalars: ScalarField) -> list[Any]:
    found = []
    for monomial, c in poly.terms():
        found.append([str(c), {x: int(k) for x, k in zip(scalars.names, monomial, strict=False) if k}])
    return sorted(found, key=lambda term: sorted(term[1].items()))
