"""Reads a tree as a combination: of a constant, sums over planes and traces; of words; or of entries."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from checker.matrices import Matrices
from checker.rational import CONST, ONE, ZERO, Combination, Poly, Q, added, det, number, powers_of, scaled
from checker.trees import SCALAR, Refused, Tree, height, letters, literal, minus, need, shape

PLANES = {"target": "d", "pairs": "k", "lost": ("Add", "d", ("Negate", "k"))}


class Reader(Matrices):
    """Trees under the relations of a claim. `opened`: an abbreviation stands for its definition, else for itself."""

    def __init__(self, under: dict[str, Any], opened: bool) -> None:
        self.opened = opened
        self.forms: dict[Tree, Combination] = {}
        super().__init__(under)

    def covers(self) -> bool:
        """Whether the classes of directions make up each of the spaces."""
        for size in ("D", "k", "d"):
            over = [(PLANES.get(c["over"], c["count"]), c["sizes"][size]) for c in self.under["planes"]["classes"]]
            if not self.vanishes(self.form(("Add", size, *(("Multiply", -n, count) for count, n in over)))):
                return False
        return True

    def require_blocks(self, kinds: dict[str, Tree]) -> None:
        """In each class of directions symmetric letters are symmetric, and products of letters are what they become."""

        def part(x: str) -> Tree:
            own = kinds[x.removesuffix("'").removesuffix("^-1")]
            own = ("Inverse", own) if "^-1" in x else own
            return ("Transpose", own) if x.endswith("'") else own

        for c in self.under["planes"]["classes"]:
            here = set(c["blocks"])
            pairs = [(x, ("Transpose", x)) for name, x in kinds.items() if name in here and x[2] == "sym"]
            for word, right in self.under["rewrites"]:
                if {x.removesuffix("'").removesuffix("^-1") for x in word} | {x[1] for x in letters(right)} <= here:
                    pairs.append((("MatrixMultiply", *map(part, word)), right))
            for one, other in pairs:
                gap = self.block(minus(one, other), c)
                need(not any(map(self.reduced, gap.values())), "a block that contradicts what is said of its letter")

    def vanishes(self, form: Combination) -> bool:
        """A summand that is free of the plane's variables joins the constants, times the number of planes."""
        if any(kind[0] == "total" for kind in self.kind.values()):
            form = {CONST: self.total(form)}
        constant = form.get(CONST, ZERO)
        for key, q in form.items():
            rest, pairs = self.split(q) if key != CONST else (ZERO, [])
            if not rest and not pairs:
                continue
            plain, *parts = map(self.without_planes, (rest, *(x for pair in pairs for x in pair)))
            known = [x for x in parts if x is not None]
            if key[0] != "sum" or plain is None or len(known) < len(parts):
                return False
            for coefficient, argument in zip(known[::2], known[1::2], strict=True):
                plain += coefficient * self.named(("Ln",), argument)
            constant += plain * self.count(key[1])
        return not any(self.split(constant))

    def is_zero(self, t: Tree) -> bool:
        size = shape(t)
        if literal(t):
            return not any(map(self.reduced, self.block(t, None).values()))
        if size == SCALAR:
            return self.vanishes(self.form(t))
        return all(self.vanishes({CONST: q}) for q in self.rewritten(self.words(t)).values())

    # scalars
    def count(self, over: str) -> Q:
        return self.scalar(PLANES[over])

    def scalar(self, t: Tree) -> Q:
        form = self.form(t)
        need(set(form) <= {CONST}, "a sum or a trace where a number is needed")
        return form.get(CONST, ZERO)

    def total(self, form: Combination) -> Q:
        """With a name for each trace and each sum over planes, sums by the monomials of their plane's variables."""
        answer = form.get(CONST, ZERO)
        for key, q in form.items():
            if key[0] == "tr" and all(map(self.constant, key[1])):
                need(not any(x.removesuffix("'").endswith("_i") for x in key[1]), "a letter of one plane")
                answer += q * self.named(("total", key), ONE)
            elif key != CONST:
                need(key[0] == "sum", "a product of words")
                q = self.reduced(q).cancelled()
                inner = {f: n for f, n in q.below.items() if self.of_plane(Q(dict(f)))}
                outer = {f: n for f, n in q.below.items() if f not in inner}
                for m, c in q.top.items():
                    inside = 1
                    for n in self.planar:
                        while m % (inside * n) == 0:
                            inside *= n
                    bound = inside > 1 or inner
                    body = self.named(("total", key), Q({inside: 1}, inner)) if bound else self.count(key[1])
                    answer += Q({m // inside: c}, outer) * body
        return answer

    def times(self, left: Combination, right: Combination) -> Combination:
        for one, other in ((left, right), (right, left)):
            if set(one) <= {CONST}:
                q = one.get(CONST, ZERO)
                bound = any(key[0] == "sum" for key in other)
                need(not bound or not self.of_plane(q), "a factor of one plane outside the sum over planes")
                return scaled(other, q)
        return {CONST: self.total(left) * self.total(right)}

    def form(self, t: Tree) -> Combination:
        if t not in self.forms:
            self.forms[t] = {key: q for key, q in self._form(t).items() if q}
        return self.forms[t]

    def _form(self, t: Tree) -> Combination:
        planes = self.under["planes"]
        match t:
            case int():
                return {CONST: number(t)}
            case str():
                meant = self.under["definitions"].get(t, t) if self.opened else t
                return self.form(meant) if meant != t else {CONST: self.name(t)}
            case ("Rational", p, q):
                return {CONST: number(Fraction(int(p), int(q)))}
            case ("Add", *terms):
                return reduce(added, map(self.form, terms))
            case ("Negate", x):
                return scaled(self.form(x), number(-1))
            case ("Multiply", *factors):
                return reduce(self.times, map(self.form, factors))
            case ("Divide", x, y):
                return self.times(self.form(x), {CONST: self.total(self.form(y)).inverse()})
            case ("Power", x, n):
                n = -n[1] if isinstance(n, tuple) and n[0] == "Negate" else n
                need(type(n) is int, "a power that is no whole number")
                return {CONST: self.total(self.form(x)) ** n}
            case ("Phi", x):
                return self.form(minus(x, ("Ln", ("Add", 1, x))))
            case ("Exp", x):
                return {CONST: self.exponential(x)}
            case ("Sqrt", x):
                return {CONST: self.root(self.scalar(x))}
            case ("Ln" | "Min" | "Max", *xs):
                return {CONST: self.named((t[0],), *map(self.scalar, xs))}
            case ("Sum", over, x):
                return {("sum", over): self.scalar(x)}
            case ("D", x, variable):
                return self.differentiated(self.form(x), variable)
            case ("Trace", x) if planes or literal(x):
                return self.by_class(lambda c: self.trace(self.block(x, c)), literal(x))
            case ("Trace", x):
                return self.traced(self.words(x), height(x))
            case ("Det", x):  # which the obligations alone ask for, of a matrix written out
                return {CONST: det(self.block(x, None), int(height(x)))}
            case ("LogDet", x) if planes:
                return self.by_class(lambda c: self.log_det(x, c))
            case ("LogDet", ("Letter", name, *_)):
                return {("logdet", name): ONE}
            case ("SquaredWasserstein", x, y):
                return self.by_class(lambda c: self.distance(self.block(x, c), self.block(y, c), c["sizes"][height(x)]))
            case ("Expectation", x):
                return self.expected_scalar(self.form(x))
        return self.traced(self.words(t), "1")

    def log_det(self, t: Tree, c: Any) -> Q:
        self.regular.append(self.reduced(det(self.block(t, c), c["sizes"][height(t)])))
        return self.named(("Ln",), self.regular[-1])

    def exponential(self, t: Tree) -> Q:
        """exp(q x), for x the time or its integral, as a power of exp(x/2)."""
        for x, n in product(("t", "B"), range(-16, 17)):
            if n and not added(self.form(t), {CONST: number(Fraction(-n, 2)) * self.name(x)}):
                return self.name(("exp", x)) ** n
        raise Refused("exp of something other than a multiple of t or B")

    # rates
    def differentiated(self, form: Combination, variable: str) -> Combination:
        """A sum's derivative in a variable of one plane is that of its own summand."""
        answer: Combination = {}
        for key, q in form.items():
            letters = {x.removesuffix("'") for x in key[1]} if key[0] in ("tr", "word") else set()
            need(key[0] in ("", "sum", "tr", "word"), f"a derivative of a {key[0]}")
            need(letters <= set(self.under["still"].get(variable, ())), f"a letter may depend on {variable}")
            slope = self.slope(q, variable)
            if slope and variable.endswith("_i"):
                need(key == ("sum", "target"), f"{variable} is not the variable of one sum")
                key = CONST
            answer = added(answer, {key: slope})
        return answer

    def slope(self, q: Q, variable: str) -> Q:
        def of(p: Poly) -> Q:
            total = ZERO
            for n in list(self.prime.values()):
                moves = [
                    Q({n ** (k - 1) * m: c * k for m, c in part.items()}) for k, part in powers_of(p, n).items() if k
                ]
                total += reduce(Q.__add__, moves, ZERO) * self.rate(n, variable) if moves else ZERO
            return total

        below = Q({1: 1}, q.below)
        return reduce(Q.__sub__, [q * of(dict(f)) * Q({1: n}, {f: 1}) for f, n in q.below.items()], of(q.top) * below)

    def rate(self, n: int, variable: str) -> Q:
        name = next(x for x, prime in self.prime.items() if prime == n)
        if n in self.value:
            kind, value = self.kind[n][0], self.value[n][0]
            need(kind in ("root", "Ln"), f"a {kind} may depend on {variable}")
            return self.slope(value, variable) * (Q({n: 2}) if kind == "root" else value).inverse()
        if isinstance(name, tuple):
            return Q({n: Fraction(1, 2)}) * self.rate(self.prime[name[1]], variable)
        table = self.under["rates"].get(variable, {} if variable in ("t", "theta_i") else {variable: 1})
        need(name in table or name in self.under["steady"].get(variable, ()), f"{name} may depend on {variable}")
        return self.scalar(table.get(name, 0))
