"""Matrices: as words in letters, with rewriting, traces, expectations and gradients; and as blocks of one plane."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from checker.names import Names
from checker.rational import CONST, ONE, ZERO, Combination, Q, added, det, joined, number, scaled
from checker.trees import Refused, Tree, head, height, names, need, walk

MOST_STEPS, MOST_LETTERS, MOST_ROWS, MOST_WORDS = 2_000, 100, 4, 1_000
LOG_DENSITIES = frozenset({"log_p", "log_q"})
FLIPPED = {"E[": "]", "]": "E["}


def through(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int] | None:
    """The place in a product of blocks to which a place in each of them leads."""
    return (one[0], other[1]) if one[1] == other[0] else None


class Matrices(Names):
    """Reads matrices under the relations of a claim."""

    def __init__(self, under: dict[str, Any]) -> None:
        super().__init__()
        self.under = under
        self.regular: list[Q] = []  # determinants of blocks that are inverted, or whose logarithm is taken
        self.variances: list[Q] = []  # determinants and traces of the blocks of covariances
        self.rewrites: list[tuple[Any, Combination, str]] = []
        for word, right in under["rewrites"]:
            found, rows = self.words(right), height(right)
            self.rewrites.append((word, found, rows))
            self.rewrites.append((self.flipped(word), {self.flipped(w): q for w, q in found.items()}, rows))

    def scalar(self, t: Tree) -> Q:
        """The rational function that a scalar is; what reads all trees says how."""
        raise NotImplementedError

    def differentiated(self, form: Combination, variable: str) -> Combination:
        """The derivative of a combination; what knows the rates says how."""
        raise NotImplementedError

    def combined(self, t: Tree, leaf: Callable[[Tree], Combination], join: Any, flip: Any) -> Combination:
        """A matrix as a combination of words, or of the places of a block."""

        def read(x: Tree) -> Combination:
            return self.combined(x, leaf, join, flip)

        match t:
            case ("Zero", *_):
                return {}
            case ("Add", *terms):
                return reduce(added, map(read, terms))
            case ("Negate", x):
                return scaled(read(x), number(-1))
            case ("Divide", x, y):
                return scaled(read(x), self.scalar(y).inverse())
            case ("Multiply", *factors):
                heads = {"Letter", "Identity", "Zero", "Matrix"}
                inner = [x for x in factors if heads & {y[0] for y in walk(x) if isinstance(y, tuple)}]
                need(len(inner) == 1, "a product of scalars with letters")
                return scaled(read(*inner), reduce(Q.__mul__, [self.scalar(x) for x in factors if x not in inner], ONE))
            case ("MatrixMultiply", *factors):
                return reduce(lambda a, b: joined(a, b, join), map(read, factors))
            case ("Transpose", x):
                return {flip(key): q for key, q in read(x).items()}
        return leaf(t)

    def words(self, t: Tree) -> Combination:
        """A product of letters is the tuple of their names: X' is transposed, X^-1 inverted. Before rewriting."""
        return self.combined(t, self.word, lambda u, v: u + v, self.flipped)

    def word(self, t: Tree) -> Combination:
        match t:
            case ("Letter", name, *_):
                return {(name,): ONE}
            case ("Identity", _):
                return {(): ONE}
            case ("Inverse", ("Letter", name, *_)):
                return {(name + "^-1",): ONE}
            case ("Expectation", x):
                return self.expected(self.words(x))
            case ("Gradient", body, ("Letter", name, *_)):
                return self.gradient(body, name)
            case ("D", x, variable):
                form = self.differentiated({("word", w): q for w, q in self.rewritten(self.words(x)).items()}, variable)
                return {key[1]: q for key, q in form.items()}
        raise Refused(f"{str(t)[:40]} within a product of letters")

    def flipped(self, word: Any) -> Any:
        def flip(x: str) -> str:
            if x in FLIPPED or x.removesuffix("'").removesuffix("^-1") in self.under["symmetric"]:
                return FLIPPED.get(x, x)
            return x[:-1] if x.endswith("'") else x + "'"

        return tuple(map(flip, reversed(word)))

    def constant(self, x: str) -> bool:
        return x.removesuffix("'").removesuffix("^-1") in self.under["constant"]

    def once(self, word: Any, round_about: bool) -> Combination | None:
        """The first rewrite that fits. Under a trace a word may be turned, and an identity keeps its size."""
        for turn in range(len(word) if round_about else 1):
            turned = word[turn:] + word[:turn]
            for left, right, rows in self.rewrites:
                for i in range(len(word)):
                    if turned[i : i + len(left)] == left:
                        made = {turned[:i] + w + turned[i + len(left) :]: q for w, q in right.items()}
                        return {w or ((f"size({rows})",) if round_about else w): q for w, q in made.items()}
        return None

    def rewritten(self, words: Combination, round_about: bool = False) -> Combination:
        done, work = dict[Any, Q](), list(words.items())
        for _ in range(MOST_STEPS):
            if not work:
                return done
            word, q = work.pop()
            need(len(word) <= MOST_LETTERS and len(work) <= MOST_WORDS, "a product of letters is too large")
            made = self.once(word, round_about)
            if made is None:
                done = added(done, {word: q})
            else:
                work += [(w, q * x) for w, x in made.items()]
        raise Refused("the relations rewrite without end")

    def traced(self, words: Combination, rows: str) -> Combination:
        form: Combination = {}
        for word, q in self.rewritten(words, True).items():
            size = rows if not word else word[0][5:-1] if word[0].startswith("size(") else None
            turns = [w[i:] + w[:i] for w in (word, self.flipped(word)) for i in range(len(w))]
            form = added(form, {("tr", min(turns)): q} if size is None else {CONST: q * self.size(size)})
        return form

    def size(self, name: str) -> Q:
        return number(int(name)) if name.isdigit() else self.scalar(name)

    # random vectors
    def expected(self, words: Combination) -> Combination:
        """Constants are taken out on both sides; what is random becomes its moment, or stays within `E[` and `]`."""
        answer: Combination = {}
        for word, q in self.rewritten(words).items():
            self.require_fixed(q)
            loose = [i for i, x in enumerate(word) if not self.constant(x)] or [len(word)]
            first, last = loose[0], loose[-1] + 1
            moment = self.moment(word[first:last])
            answer = added(answer, {word[:first] + w + word[last:]: x * q for w, x in moment.items()})
        return answer

    def require_fixed(self, q: Q) -> None:
        need(not self.uses(q) & {self.prime.get(x) for x in LOG_DENSITIES}, "a log-density that is not written out")

    def moment(self, word: Any) -> Combination:
        plain, ends = tuple(x.removesuffix("'") for x in word), tuple(x.endswith("'") for x in word)
        if not word:
            return {(): ONE}
        if len(word) == 1 and plain[0] in self.under["means"]:
            mean = self.under["means"][plain[0]]
            return self.words(("Transpose", mean) if ends[0] else mean)
        if ends == (False, True) and plain in self.under["moments"]:
            return self.words(self.under["moments"][plain])
        return {("E[", *word, "]"): ONE}

    def expected_scalar(self, form: Combination) -> Combination:
        answer: Combination = {}
        for key, q in form.items():
            self.require_fixed(q)
            if key[0] != "tr":
                need(key[0] != "logdet" or self.constant(key[1]), "the mean of a determinant's logarithm")
                answer = added(answer, {key: q})
                continue
            plain = tuple(x.removesuffix("'") for x in key[1])
            known = self.under["moments"].get(plain, self.under["means"].get(plain[0]))
            found = self.traced(self.expected({key[1]: ONE}), "1" if known is None else height(known))
            answer = added(answer, scaled(found, q))
        return answer

    def gradient(self, body: Tree, name: str) -> Combination:
        """d/dx of products with x in them: each x, or x^T, in turn is taken out."""
        need(not self.constant(name), "the gradient in a constant")
        if body in LOG_DENSITIES:
            return {(f"gradient of {body} in {name}",): ONE}
        need(not LOG_DENSITIES & names(body), "the gradient of a log-density that is not written out")
        answer: Combination = {}
        for word, q in self.products(body).items():
            need(all(x.removesuffix("'") == name or self.constant(x) for x in word), "a letter may depend on x")
            for i, x in enumerate(word):
                if x.removesuffix("'") == name:
                    rest = word[i + 1 :] + word[:i]
                    answer = added(answer, {rest if x.endswith("'") else self.flipped(rest): q})
        return answer

    def products(self, t: Tree) -> Combination:
        """The products of letters in a scalar; what holds constants alone has no gradient."""
        if all(self.constant(x[1]) for x in walk(t) if head(x) == "Letter"):
            return {}
        if t[0] in ("Add", "Negate"):
            return scaled(reduce(added, map(self.products, t[1:])), number(1 if t[0] == "Add" else -1))
        return self.words(t)

    # planes
    def by_class(self, what: Callable[[Any], Q], alone: bool = False) -> Combination:
        """Class by class, each times its multiplicity."""
        if alone:
            return {CONST: what(None)}
        planes = self.under["planes"]
        need(planes and not self.reduced(self.scalar(planes["coupling"])), "the planes do not separate")
        form: Combination = {}
        for c in planes["classes"]:
            value = self.reduced(what(c))
            form = added(form, {("sum", c["over"]): value} if c["over"] else {CONST: value * self.scalar(c["count"])})
        return form

    def block(self, t: Tree, c: Any) -> Combination:
        """A matrix in one class of directions, by places; a letter as the class writes it out."""

        def leaf(x: Tree) -> Combination:
            size = height(x)
            n = int(size) if size.isdigit() else c["sizes"][size]
            need(n <= MOST_ROWS, "a block is too large")
            match x:
                case ("Letter", name, *_):
                    need(c and name in c["blocks"], f"{name} has no block")
                    return self.block(c["blocks"][name], None)
                case ("Identity", _):
                    return {(i, i): ONE for i in range(n)}
                case ("Matrix", _, cols, *entries):
                    return {divmod(i, int(cols)): q for i, e in enumerate(entries) if (q := self.scalar(e))}
                case ("Inverse", y):
                    m = self.block(y, c)
                    below = self.reduced(det(m, n))
                    self.regular += [below] if c else []
                    below = below.inverse()
                    places = [
                        (i, j, det(m, n, (j,), (i,)) * number((-1) ** (i + j))) for i in range(n) for j in range(n)
                    ]
                    return {(i, j): made for i, j, q in places if (made := self.reduced(q * below))}
            raise Refused(f"{str(x)[:40]} has no block")

        return self.combined(t, leaf, through, lambda key: key[::-1])

    def trace(self, m: Combination) -> Q:
        return reduce(Q.__add__, [q for (i, j), q in m.items() if i == j], ZERO)

    def distance(self, x: Combination, y: Combination, n: int) -> Q:
        """tr X + tr Y - 2 tr (X^1/2 Y X^1/2)^1/2; of a 2 x 2 block Z, tr Z^1/2 = (tr Z + 2 (det Z)^1/2)^1/2."""
        self.variances += [self.reduced(q) for m in (x, y) for q in (det(m, n), self.trace(m))]
        if not any(map(self.reduced, added(x, scaled(y, number(-1))).values())):
            return ZERO
        need(n in (1, 2), "the distance of larger blocks")
        cross = self.root(det(x, n) * det(y, n))
        if n == 2:
            cross = self.root(self.trace(joined(x, y, through)) + number(2) * cross)
        return self.trace(x) + self.trace(y) - number(2) * cross
