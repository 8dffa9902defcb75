"""What a claim comes down to: equalities, things that must be positive, and polynomials with no negative coefficient.

Every obligation is made anew from the claim, in a fixed order, and takes the next piece of evidence, which says how it
is met.
"""

from __future__ import annotations

from typing import Any

from checker.rational import CONST, ONE, Combination, Q, powers_of
from checker.reader import Reader
from checker.shift import Shift
from checker.trees import (
    SCALAR,
    Refused,
    Tree,
    head,
    letters,
    literal,
    minus,
    names,
    need,
    put,
    settled,
    shape,
    walk,
    with_values,
)

BEYOND = "excess over the smaller one"


def wanted(t: Tree) -> list[Tree]:
    """What must be positive for a node to mean something."""
    match t:
        case ("Divide", _, y) if not isinstance(y, int) or y <= 0:
            return [y]
        case ("Power", x, n) if not isinstance(n, int) or n < 0:
            return [x]
        case ("Inverse", x) if literal(x):
            return [("Det", x)]
        case ("Inverse", ("Letter", name, *_)):
            own = ("c_s", "a_s_i") if name in ("M_s", "Sigma_s") else ("c", "a_i")
            return [own[0], ("Add", *own)]
        case ("Ln", x):
            return [x]
        case ("Sqrt", x) if head(x) != "SquaredWasserstein":
            return [x]
        case ("D", x, _):  # a root has no derivative where it vanishes
            return [y[1] for y in walk(x) if head(y) == "Sqrt"]
        case ("Phi", x):
            return [("Add", 1, x)]
    return []


def ordered(t: Tree) -> tuple[str, str]:
    """The larger and the smaller of two symbols, where it is stated that their difference is positive."""
    match t:
        case ("Add", str(larger), ("Negate", str(smaller))):
            return larger, smaller
    raise Refused("a condition that orders no symbols")


class Obligations:
    """Meets obligations from the evidence, under the relations of one claim."""

    left: Tree
    right: Tree

    def __init__(self, under: dict[str, Any], cites: list[str], evidence: list[Any]) -> None:
        self.under, self.cites, self.evidence = under, cites, evidence
        self.before: list[tuple[Tree, bool]] = []  # what is positive, or not negative, as the line before is defined
        self.shown: set[Any] = set()
        self.free: set[str] = set()

    def take(self) -> Any:
        need(self.evidence, "evidence is missing")
        return self.evidence.pop(0)

    def bare(self) -> dict[str, Any]:
        """The abbreviations alone, with the model's meaning first."""
        nothing: dict[str, Any] = {"rewrites": [], "moments": {}, "means": {}, "rates": {}, "planes": None}
        table = {**self.under["definitions"], **self.under["meanings"]}
        return {**self.under, **nothing, "definitions": table}

    def prepared(self, t: Tree, under: dict[str, Any]) -> Tree:
        for old, new in under["replacements"]:
            t = put(t, lambda x, old=old, new=new: new if x == old else None)  # type: ignore[misc]
        hidden = {old for old, new in under["replacements"] if list(letters(new))}
        need(not hidden & names(t), "a name that a replacement brings back")
        table = under["letters"]
        change = lambda x: table.get(x[1]) if isinstance(x, tuple) and x[0] == "Letter" else None  # noqa: E731
        return settled(t, lambda x: put(x, change), len(table))

    # equality
    def equal(self, left: Tree, right: Tree, **changed: Any) -> None:
        """By the same tree once names are replaced, or by normal form, with abbreviations closed or opened."""
        under, how = {**self.under, **changed}, self.take()
        need(how in ("same", "closed", "opened"), "evidence of another kind")
        left, right = self.prepared(left, under), self.prepared(right, under)
        if how == "same":
            need(left == right, "two lines that are not the same")
            return
        under["definitions"] = {**under["meanings"], **under["definitions"]}
        reader = Reader(under, how == "opened")
        need(reader.is_zero(minus(left, right)), "the two sides are not equal")
        self.regular(reader)

    def regular(self, reader: Reader) -> None:
        """The determinants that were divided by, or whose logarithm was taken, are plainly positive, and those of
        covariances not negative."""
        for q in reader.regular:
            self.plainly(reader, q, True, "a block that may have no inverse")
        for q in reader.variances:
            self.plainly(reader, q, False, "a covariance that may not be one")

    def plainly(self, reader: Reader, q: Q, strict: bool, why: str) -> None:
        """Positive, or at least not negative, by its coefficients alone."""
        stated = dict.fromkeys(self.under["conditions"], "positive")
        shift = Shift(reader, {**self.under["domains"], **stated}, frozenset())
        top, below = shift.ratio(q)
        need(all(map(shift.certain, [top, *below] if strict else below)) and all(c > 0 for c in top.values()), why)

    # positivity
    def defined(self, t: Tree) -> None:
        """Every denominator, logarithm, root and inverse."""
        for node in walk(t):
            for part in wanted(node):
                if part not in self.under["conditions"]:
                    self.positive(part, node[0] != "Sqrt")

    def positive(self, t: Tree, strict: bool, conditions: tuple[Tree, ...] | None = None) -> None:
        need(shape(t) == SCALAR, "a matrix has no sign")
        stated = self.under["conditions"] if conditions is None else conditions
        if (t, strict, stated) not in self.shown:
            self.positive_by(self.take(), t, strict, stated)
            self.shown.add((t, strict, stated))

    def positive_by(self, how: Any, t: Tree, strict: bool, stated: tuple[Tree, ...]) -> None:
        match how, t:
            case ["above", int(i)], _:
                self.positive(minus(t, stated[i]), False, ())
            case ["beyond", int(i)], _:
                larger, smaller = ordered(stated[i])
                beyond = BEYOND + "_i" * larger.endswith("_i")  # the excess of one plane is its own
                self.certified(with_values(t, {larger: ("Add", smaller, beyond)}), strict, {beyond: "positive"})
            case ["before", int(i)], _:
                known, surely = self.before[i]
                need(surely or not strict, "what may vanish")
                need(stated == self.under["conditions"], "the line before was shown under other conditions")
                self.equal(t, known)
            case ["root", int(i)], ("Add", *terms) if i in range(len(terms)) and head(terms[i]) == "Sqrt":
                rest = [x for n, x in enumerate(terms) if n != i]
                self.certified(minus(terms[i][1], ("Power", ("Add", *rest), 2)), strict, {})
            case "square", ("Power", _, int(n)):
                need(n % 2 == 0 < n and not strict, "no even power")
            case ["parts", int(i)], ("Add", *terms) if i in range(len(terms)):
                for n, x in enumerate(terms):
                    self.positive(x, strict and n == i, stated)
            case "parts", ("Multiply", *factors):
                for x in factors:
                    self.positive(x, strict, stated)
            case "parts", ("Divide", x, y):
                self.positive(x, strict, stated)
                self.positive(y, True, stated)
            case "parts", ("Power", x, int(n)) if n > 0:
                self.positive(x, strict, stated)
            case "parts", ("Sqrt", x):
                self.positive(x, strict, stated)
            case "certificate", _:
                self.certified(t, strict, {})
            case _:
                raise Refused("evidence of another kind")

    def certified(self, t: Tree, strict: bool, domains: dict[str, str]) -> None:
        reader = Reader(self.bare(), False)
        form = reader.form(t)
        need(not strict or CONST in form, "a sum that may be empty")
        self.nonnegative(reader, form, strict, domains)

    def nonnegative(self, reader: Reader, form: Combination, strict: bool, domains: dict[str, str]) -> None:
        """A combination of a constant and sums over planes, each by its own shifted polynomial."""
        for key, q in sorted(form.items(), key=lambda item: item[0]):
            need(key == CONST or key[0] == "sum", "only sums over planes and constants have a sign")
            self.shifted(reader, self.without_logs(reader, q, domains), strict and key == CONST, domains)

    def without_logs(self, reader: Reader, q: Q, domains: dict[str, str]) -> Q:
        """A lower bound, by 1 - 1/y <= ln y <= y - 1 and the sign of what stands beside each logarithm."""
        for n in [n for n, kind in reader.kind.items() if kind == ("Ln",)]:
            parts = powers_of(q.top, n)
            if set(parts) - {0}:
                need(set(parts) <= {0, 1} and "log bounds" in self.cites, "a logarithm that no reason bounds")
                beside, (argument,) = Q(parts[1], q.below).cancelled(), reader.value[n]
                bound = ONE - argument.inverse() if self.rises(reader, beside, domains) else argument - ONE
                q = Q(parts.get(0, {}), q.below) + beside * bound
        return q.cancelled()

    def rises(self, reader: Reader, beside: Q, domains: dict[str, str]) -> bool:
        """Whether what stands beside a logarithm is nonnegative, else it is nonpositive."""
        sign = self.take()
        need(sign in ("nonnegative", "nonpositive"), "evidence of another kind")
        self.shifted(reader, beside if sign == "nonnegative" else -beside, False, domains)
        return bool(sign == "nonnegative")

    def shifted(self, reader: Reader, q: Q, strict: bool, domains: dict[str, str]) -> None:
        """q in nonnegative variables is the evidence's fraction, all whose coefficients are nonnegative."""
        given = self.take()
        need(isinstance(given, dict) and set(given) == {"free", "numerator", "denominator"}, "evidence of another kind")
        table = {**self.under["domains"], **domains}
        for name in given["free"]:
            need(name in self.under["definitions"] or name in self.under["meanings"], f"{name} has no definition")
            if name not in self.free:
                self.certified(self.under["meanings"].get(name, self.under["definitions"].get(name)), False, {})
                self.free.add(name)
        shift = Shift(reader, table, frozenset(given["free"]))
        top, below = shift.ratio(q)
        shown_top, shown_below = shift.read(given["numerator"]), shift.read(given["denominator"])
        for part in below:
            need(
                shift.certain(part) or shift.certain({m: -c for m, c in part.items()}), "a denominator that may vanish"
            )
        shown = Q(shown_top) * Q(shown_below).inverse()
        need(not shown - shift.over(top, below), "the evidence is not the shifted claim")
        need(shift.certain(shown_below), "a denominator that is not certainly positive")
        need(all(c > 0 for c in shown_top.values()), "a negative coefficient")
        need(not strict or shift.certain(shown_top), "a numerator that may vanish")
