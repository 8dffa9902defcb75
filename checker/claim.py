"""One claim: two trees, their relation, how it is proved, and everything that the step may use."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from checker.obligations import Obligations, wanted
from checker.reader import Reader
from checker.trees import (
    SCALAR,
    Refused,
    Tree,
    head,
    letters,
    minus,
    names,
    need,
    put,
    replaced,
    settled,
    shape,
    tree,
    walk,
    with_values,
)
from checker.vocabulary import agree, require_bound, require_planes, require_sizes, require_vocabulary

SIGNAL = ("alpha", ("Power", "alpha", 2))
BEYOND_ONE = "excess over one"
RELATIONS = {
    "normal form": ("=",), "certificate": ("<=", ">="), "cases": ("<=", ">="), "optimum": (">=",), "root": ("=",),
    "spectral": (">=",), "triangle": ("<=",), "antiderivative": ("=",), "solves": ("=",),
}  # fmt: skip
START = {"alpha": 1, "h": 0, "t": 0, "B": 0, "r": 0}  # signal, noise, time, integral of the rate, noise per signal
SCALAR_HEADS = frozenset({"Add", "Negate", "Multiply", "Divide", "Power", "Rational", "Ln", "Phi", "Sqrt"})


class Lemma(NamedTuple):
    """A chain of accepted steps: its ends, the relation between them, what its lines state, and whether it names
    anything."""

    first: Tree
    last: Tree
    relation: str
    conditions: tuple[Tree, ...]
    named: bool


def relations(raw: dict[str, Any]) -> dict[str, Any]:
    """What a claim may use, read: trees in place of JSON."""
    made = dict(raw)
    for name in ("definitions", "meanings", "letters", "means", "given", "pins"):
        made[name] = {key: tree(x) for key, x in raw[name].items()}
    made["rewrites"] = [(tuple(word), tree(x)) for word, x in raw["rewrites"]]
    made["replacements"] = [(tree(old), tree(new)) for old, new in raw["replacements"]]
    made["moments"] = {(a, b): tree(x) for a, b, x in raw["moments"]}
    made["rates"] = {v: {name: tree(x) for name, x in table.items()} for v, table in raw["rates"].items()}
    made["conditions"], made["positive"] = (tuple(map(tree, raw[name])) for name in ("conditions", "positive"))
    if raw["planes"]:
        inside = [
            {**c, "count": tree(c["count"]), "blocks": {name: tree(x) for name, x in c["blocks"].items()}}
            for c in raw["planes"]["classes"]
        ]
        made["planes"] = {"coupling": tree(raw["planes"]["coupling"]), "classes": inside}
    return made


def free_of_planes(t: Tree) -> bool:
    """Whether no variable of a single plane stands outside the sum that binds it."""
    match t:
        case str():
            return not t.endswith("_i")
        case ("Sum", *_):
            return True
        case (_, *kids):  # a letter's name and a derivative's variable among them
            return all(map(free_of_planes, kids))
    return True


class Claim(Obligations):
    """One claim, and the evidence that is still to be used."""

    def __init__(self, claim: dict[str, Any], evidence: list[Any], lemma: Callable[[Any], Lemma]) -> None:
        self.claim, self.lemma, extra = claim, lemma, claim["parts"]
        self.left, self.right = tree(claim["left"]), tree(claim["right"])
        self.parts = {name: tree(x) for name, x in extra.items() if name not in ("bound", "initial")}
        self.initial = {name: tree(x) for name, x in extra.get("initial", {}).items()}
        super().__init__(relations(claim["under"]), claim["cites"], evidence)
        require_vocabulary(self.under)

    @property
    def lines(self) -> list[Tree]:
        """What the claim says: both sides, and what the form brings along."""
        return [self.left, self.right, *self.parts.values()]

    def bound(self, *heads: str) -> set[str]:
        """The variables of these heads, and the one of the equation that is solved."""
        found = {x[2] for t in self.lines for x in walk(t) if head(x) in heads}
        return found | ({self.parts["variable"]} if "variable" in self.parts else set())

    def check(self) -> None:
        """Accepts silently, or raises Refused."""
        form, relation = self.claim["form"], self.claim["relation"]
        need(relation in RELATIONS.get(form, ()), f"{form} does not prove {relation}")
        need(shape(self.left) == shape(self.right), "two sides of different sizes")
        for item in self.claim["lemmas"]:
            self.grant(self.lemma(item), item["grants"])
        self.require_names()
        self.require_variables()
        self.require_steady_conditions()
        for t in self.under["positive"]:
            self.positive(t, True, ())
        if self.claim["step"] == 1:
            self.defined(self.left)
        self.before = [(part, head(node) != "Sqrt") for node in walk(self.left) for part in wanted(node)]
        self.before += [(name, x == "positive") for name, x in self.under["domains"].items()]
        for t in (*self.parts.values(), self.right):
            self.defined(t)
        getattr(self, "by_" + form.replace(" ", "_"))()
        need(not self.evidence, "evidence that nothing asks for")

    # what the claim may use
    def grant(self, lemma: Lemma, kind: str) -> None:
        """A lemma grants what its first and last line say."""
        first, last = lemma.first, lemma.last
        self.state(lemma)
        need(lemma.relation == "=", "an inequality rewrites nothing")
        if kind == "rewrite":
            self.under["symmetric"] = self.symmetric(first)
            ((word, q),) = Reader(self.bare(), False).words(first).items()
            need(q.top == {1: 1} and not q.below and word, "a lemma about no product of letters")
            self.under["rewrites"].append((word, last))
        elif kind == "replacement":
            self.under["replacements"].append((first, last))
        elif kind == "inverse":
            need(first[0] == "MatrixMultiply" and last[0] == "Identity", "a lemma that shows no inverse")
            rest = first[2] if len(first) == 3 else ("MatrixMultiply", *first[2:])
            self.under["replacements"].append((("Inverse", first[1]), rest))
        else:
            letter = first[2] if len(first) == 3 else ("MatrixMultiply", *first[2:])
            gram = kind == "Gram" and "Gram" in self.cites and last[0] == "Zero"
            need(gram and first[:2] == ("MatrixMultiply", ("Transpose", letter)), "a lemma on no Gram matrix")
            self.under["replacements"].append((letter, ("Zero", *shape(letter))))

    def state(self, lemma: Lemma) -> None:
        """What a lemma holds under, the line states too; that the signal has not vanished only where names hide it."""
        self.under["symmetric"] = self.symmetric()
        for t in lemma.conditions:
            if lemma.named or t not in SIGNAL:
                self.positive(t, True)

    def symmetric(self, *more: Tree) -> frozenset[str]:
        """The symmetric letters. One name has one size and kind."""
        known: dict[str, Tree] = {}
        for x in letters([self.left, self.right, self.parts, self.initial, self.under, more]):
            need(known.setdefault(x[1], x) == x, f"{x[1]} is used in two sizes or kinds")
        self.kinds = known
        return frozenset(x[1] for x in known.values() if x[2] == "sym")

    def require_names(self) -> None:
        """No name hides a variable of one plane, or a letter that is not a constant."""
        self.under["symmetric"] = self.symmetric()
        require_sizes(self.under, self.kinds)
        require_planes(self.under["planes"], self.kinds)
        if self.under["planes"]:
            need(Reader(self.under, True).covers(), "classes that do not make up the space")
            Reader(self.under, False).require_blocks(self.kinds)
        given, meant = self.under["definitions"], self.under["meanings"]
        turned = {name: x for name, x in meant.items() if given.get(name) == name}
        for name in set(given) & set(meant):
            reader = Reader({**self.bare(), "definitions": turned}, True)
            same = given[name] == meant[name] or reader.is_zero(minus(given[name], name))
            need(same, f"{name} is defined in two ways")
        symbols = {old: new for old, new in self.under["replacements"] if isinstance(old, str)}
        self.require_pins({**meant, **given, **symbols})
        for table in (self.under["definitions"], self.under["meanings"], self.under["given"], symbols):
            for name, value in table.items():
                need(name.endswith("_i") or free_of_planes(value), f"{name} hides a variable of one plane")
                known = set(self.under["constant"])
                need(name not in known or not {x[1] for x in letters(value)} - known, f"{name} hides a letter")

    def require_pins(self, table: dict[str, Tree]) -> None:
        """What is pinned or stated is not plainly impossible, and planes keep their right angles."""
        ranges = {name: x for name, x in self.under["definitions"].items() if name in self.under["domains"]}
        for name, x in ranges.items():
            domain = self.under["domains"][name]
            sides = (("Negate", x), minus(x, 1)) if domain in ("unit", "inner") else (("Negate", x),)
            for side in sides:
                open_end = domain in ("nonnegative", "unit")
                need(not self.certain(side, open_end), f"{name} is given beyond its range")
        for x in self.under["conditions"]:
            need(not self.certain(("Negate", x), False), "a condition that never holds")
        circle = ("Add", ("Power", "cos_i", 2), ("Power", "sin_i", 2), -1)
        need(Reader({**self.bare(), "definitions": table}, True).is_zero(circle), "cos_i and sin_i off the circle")

    def certain(self, t: Tree, strict: bool) -> bool:
        """Whether a tree is plainly positive, or at least not negative."""
        try:
            reader = Reader(self.bare(), False)
            self.plainly(reader, reader.scalar(t), strict, "")
        except Refused:
            return False
        return True

    def require_variables(self) -> None:
        """What is bound stands for nothing and is positive in an integral; what is steady leads to nothing moving."""
        lines, replaced_by = self.lines, [x for pair in self.under["replacements"] for x in pair]
        bound = require_bound(self.under, [*lines, *replaced_by], self.bound())
        for v in bound | set(self.under["steady"]):
            steady = set(self.under["steady"].get(v, ()))
            need(v not in steady and not steady & set(self.under["rates"].get(v, ())), f"{v} itself is steady in {v}")
            need(all(names(self.expanded(x)) <= steady for x in steady), "what is steady leads to something else")
        for x in (x for t in lines for x in walk(t) if head(x) == "Integrate"):
            known = self.under["domains"].get(x[2]) == "positive"
            need(known, "an integral over something other than positive numbers")
            need(not x[2].endswith("_i"), "an integral over a variable that a sum binds")
            for end in x[3:]:
                sure = end == "infinity" or (isinstance(end, int) and end > 0)
                need(sure or self.under["domains"].get(str(end)) == "positive", "an end that is not plainly positive")

    def require_steady_conditions(self) -> None:
        """Over the range of a variable that a line binds, what is stated of it need not hold."""
        bound = self.bound("Integrate")
        for t in self.under["conditions"]:
            need("t" not in bound or t in SIGNAL, "a condition that may fail at another time")
            need(not self.leads_to(t) & (bound - {"t"}), "a condition on the variable that the line binds")

    def expanded(self, t: Tree) -> Tree:
        table = self.bare()["definitions"]
        return settled(t, lambda x: replaced(x, table), len(table))

    # how it is proved
    def by_normal_form(self) -> None:
        left, right = self.left, self.right
        if head(left) == head(right) == "Integrate":
            need(left[2:] == right[2:], "integrals over different ranges")
            left, right = left[1], right[1]
        distances = [sum(head(x) == "SquaredWasserstein" for x in walk(t)) for t in (left, right)]
        need(len(set(distances)) == 1 or "Bures-Wasserstein" in self.cites, "a distance without its theorem")
        self.equal(left, right)

    def bounded(self, left: Tree, right: Tree, domains: dict[str, str], definitions: dict[str, Tree]) -> None:
        bigger, smaller = (right, left) if self.claim["relation"] == "<=" else (left, right)
        need(shape(self.left) == SCALAR, "an order of matrices")
        reader = Reader({**self.under, "definitions": definitions}, False)
        form = reader.form(self.prepared(minus(bigger, smaller), self.under))
        self.nonnegative(reader, form, False, domains)
        self.regular(reader)

    def by_certificate(self) -> None:
        self.bounded(self.left, self.right, {}, {**self.under["meanings"], **self.under["definitions"]})

    def by_cases(self) -> None:
        """For v in [0, 1], where min(v, v^2) is v^2, and for v = 1 + excess, where it is v."""
        v = self.parts["split"]
        need(isinstance(v, str), "a split of something that is no symbol")
        self.positive(v, False, ())
        excess = BEYOND_ONE + "_i" * v.endswith("_i")
        minimum, beyond = ("Min", v, ("Power", v, 2)), ("Add", 1, excess)
        table = {**self.under["meanings"], **self.under["definitions"]}
        cases = ((v, {v: "unit"}, ("Power", v, 2)), (beyond, {excess: "nonnegative"}, beyond))
        for value, domains, least in cases:
            sides = [with_values(put(t, {minimum: least}.get), {v: value}) for t in (self.left, self.right)]
            need(not any(head(x) == "Min" for t in sides for x in walk(t)), "a minimum is left")
            definitions = {name: with_values(x, {v: value}) for name, x in table.items()}
            self.bounded(sides[0], sides[1], domains, definitions)

    def by_optimum(self) -> None:
        square, weight = self.parts["square"], self.parts.get("weight")
        if weight is None:
            rest: Tree = ("Expectation", ("MatrixMultiply", ("Transpose", square), square))
        else:
            self.positive(weight, False)
            rest = ("Multiply", weight, ("Power", square, 2))
        self.equal(self.left, ("Add", self.right, rest))

    def by_root(self) -> None:
        need(self.left[0] == "Sqrt", "the line before is no square root")
        self.equal(("Power", self.right, 2), self.left[1])
        self.positive(self.right, False)

    def by_spectral(self) -> None:
        """One sum of f less another is not negative, as one list of numbers is the larger: f does not decrease and, for
        log-majorisation, f(exp(.)) is convex."""
        f, small, large = (self.parts[name] for name in ("function", "smaller", "larger"))
        kinds = {kind for one, two, kind in self.under["orders"] if (one, two) == (small, large)}
        need(kinds and kinds <= {"termwise", "log"} and self.right == 0, "the reason does not order these two lists")
        domains = [self.under["domains"].get(x) for x in (small, large)]
        need(domains in (["positive"] * 2, ["nonnegative"] * 2), "two lists of numbers in different domains")
        need({x for x in names(f) if x.endswith("_i")} == {small}, "a function of another variable")
        need(all(x[0] in SCALAR_HEADS for x in walk(f) if isinstance(x, tuple)), "a function that is not written out")
        self.equal(self.left, minus(("Sum", "target", with_values(f, {small: large})), ("Sum", "target", f)))
        reader = Reader({**self.bare(), "steady": {small: names(f) - {small}}}, False)
        slope = reader.slope(reader.scalar(f), small)
        self.shifted(reader, slope, False, {})
        if "termwise" not in kinds:
            self.shifted(reader, reader.slope(slope * reader.name(small), small), False, {})

    def by_triangle(self) -> None:
        """Distances along a path, between the same two ends."""
        path = []
        for t in (self.left, *(self.right[1:] if self.right[0] == "Add" else (self.right,))):
            need(t[0] == "Sqrt" and t[1][0] == "SquaredWasserstein", "something other than a distance of two laws")
            known = set(self.under["covariances"])
            need(all(head(x) == "Letter" and x[1] in known for x in t[1][1:]), "no covariances of one space")
            path.append(t[1][1:])
        whole, *steps = path
        need((steps[0][0], steps[-1][1]) == whole, "the path leads elsewhere")
        need(all(a[1] == b[0] for a, b in pairwise(steps)), "the path has a gap")

    def by_solves(self) -> None:
        """A linear equation in t or r has one solution: put back, and compared at the start, t = 0 or r = R."""
        rate, v = self.parts["rate"], self.parts["variable"]
        said = {name: x for name, x in self.initial.items() if name != "value"}
        values: dict[str, Tree] = {"r": "R"} if v == "r" else {**START}
        moving = set(self.under["rates"].get(v, ()))
        need(head(self.left) in (None, "Letter") and not isinstance(self.left, int), "an equation for no name")
        need(not names(self.left) & self.known(), "an equation for something that is known already")
        whole = shape(self.left) != SCALAR and self.left[2] == "sym"
        need(not whole or agree(self.right, self.right), "a symmetric letter that becomes something else")
        need("linear ODE" in self.cites and "value" in self.initial, "no equation")
        need(v == "r" or (v == "t" and "t" in self.under["rates"]), "an equation in another variable")
        need(said and said.items() <= values.items(), "another start than r = R, or t = 0")
        need(not self.leads_to(self.initial["value"]) & {*START, *moving}, "an initial value that moves")
        for t in self.under["conditions"]:  # that the signal has not vanished holds at all times
            need(not self.leads_to(t) & {*START, *moving} - {"alpha"}, "a condition that may fail on the way")
        for x in self.initial.values():
            self.defined(x)
        for x in values.values():
            self.positive(x, False, ())
        self.defined_at(values, (rate, self.right), moving)
        nothing = ("Zero", *shape(self.left))
        zero, twice, back = (put(rate, {self.left: x}.get) for x in (nothing, ("Multiply", 2, self.left), self.right))
        self.equal(minus(twice, rate), minus(rate, zero))
        self.equal(("D", self.right, v), back)
        if v == "r":
            opened = self.expanded(self.prepared(self.right, self.under))
            self.equal(with_values(opened, values), self.initial["value"])
        else:
            fixed = {name: x for name, x in self.under["meanings"].items() if isinstance(x, int)}  # at all times
            self.equal(with_values(self.right, values), self.initial["value"], definitions=fixed, meanings={})

    def known(self) -> set[str]:
        """Every word that the tables hold, on either side."""
        return set(re.findall(r"\w+", str([x for name, x in self.under.items() if name != "symmetric"])))

    def leads_to(self, t: Tree) -> set[str]:
        """The names in a tree once everything is written out."""
        return names(self.expanded(self.prepared(t, self.under)))

    def defined_at(self, values: dict[str, Tree], parts: tuple[Tree, ...], moving: set[str]) -> None:
        """Nothing that must be positive fails to be so where the equation starts."""
        kept = tuple(t for t in self.under["conditions"] if not names(t) & set(values))
        for t in (*parts, *(self.prepared(t, {**self.under, "letters": {}}) for t in parts)):
            for node in walk(t):
                for part in wanted(node):
                    at_start = with_values(self.expanded(part), values)
                    if at_start not in kept:
                        need(not names(at_start) & moving, "nothing says what moves is positive at the start")
                        self.positive(at_start, node[0] != "Sqrt", kept)
        for t in self.under["conditions"]:
            if t not in kept:
                self.positive(with_values(self.expanded(t), values), True, kept)

    def by_antiderivative(self) -> None:
        need(self.left[0] == "Integrate", "only an integral has an antiderivative")
        (_, body, v, low, high), primitive = self.left, self.parts["primitive"]
        self.defined(body)
        self.equal(("D", primitive, v), body, rates={})
        for end in (low, high) if high != "infinity" else (low,):
            self.positive(end, True, ())
        opened = self.expanded(self.prepared(primitive, self.under))
        at_low: Tree = ("Negate", with_values(opened, {v: low}))
        if high != "infinity":
            self.equal(self.right, ("Add", with_values(opened, {v: high}), at_low))
            return
        self.equal(self.right, at_low)
        lower, upper = (self.lemma(item) for item in self.claim["parts"]["bound"])
        need((lower.relation, upper.relation, lower.last) == (">=", "<=", 0), "no bounds from both sides")
        for lemma in (lower, upper):  # 0 <= -primitive <= a constant over the variable
            self.state(lemma)
            self.equal(lemma.first, ("Negate", primitive), replacements=[], letters={}, rewrites=[])
        reader = Reader(self.bare(), True)
        for q in reader.form(("Multiply", upper.last, v)).values():
            used = {x for x, n in reader.prime.items() if n in reader.uses(q)}
            need(used <= set(self.under["steady"].get(v, ())), "no bound that vanishes at infinity")
