"""Reads printed LaTeX back into a tree, so that a bracket, sign, power or factor that the printer lost is found.

The reader shares nothing with the printer but the declared symbols. It reads what the printer writes, scalars and
matrices; anything else raises `Unreadable` with the place. A short name is read as what it is said to stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from theory.expr import INFINITY, Expr, call, is_written_out, num, sym
from theory.symbols import SYMBOLS, declared

TOKEN = re.compile(
    r"\\(?:left|right)[()\[\]]|\\sum_\{i=[^}]*\}\^\{[^}]*\}|\\(?:begin|end)\{pmatrix\}|\\operatorname\{tr\}"
    r"|\\math(?:bb|cal|rm|sf)\{[A-Za-z]\}|\\\\|\\[a-zA-Z]+|\\,|\d+|[A-Za-z]|[-+^_{}(),/&\[\]]"
)
SUMS = {r"\sum_{i=1}^{d}": "target", r"\sum_{i=1}^{k}": "pairs", r"\sum_{i=k+1}^{d}": "lost"}
FUNCTIONS = {r"\ln": "log", r"\varphi": "phi", r"\min": "min", r"\max": "max"}
ENDS = frozenset({"", "+", "-", "}", ")", ",", "/", "&", r"\\", r"\,", r"\end{pmatrix}", r"\right)", r"\right]"})
Leaves = Mapping[str, list[tuple[list[str], Expr]]]


class Unreadable(ValueError):
    """The text is not what the printer writes."""


class Ambiguous(ValueError):
    """Two names of one text print alike."""


@lru_cache(maxsize=10_000)
def _tokens(code: str) -> tuple[str, ...]:
    found = TOKEN.findall(code)
    if "".join(found).replace(" ", "") != code.replace(" ", ""):
        raise Unreadable(f"a token that the printer does not write in {code!r}")
    return tuple(found)


def leaves_of(names: Iterable[Expr]) -> Leaves:
    """Symbols and letters by the first token of their print, the longest first. Raises Ambiguous."""
    meant: dict[str, Expr] = {}
    for leaf in names:
        other = meant.setdefault(declared(leaf).latex, leaf)
        if other != leaf:
            raise Ambiguous(f"{other.head} {other.name} and {leaf.head} {leaf.name} both print {declared(leaf).latex}")
    found: dict[str, list[tuple[list[str], Expr]]] = {}
    for code, leaf in meant.items():
        tokens = list(_tokens(code))
        found.setdefault(tokens[0], []).append((tokens, leaf))
    for rows in found.values():
        rows.sort(key=lambda row: -len(row[0]))
    return found


@lru_cache(maxsize=1)
def _scalars() -> Leaves:
    return leaves_of(INFINITY if name == "infinity" else sym(name) for name in SYMBOLS)


def read(code: str, leaves: Leaves | None = None, meaning: Callable[[str], Expr] | None = None) -> Expr:
    """The tree of a printed formula. `leaves` are the names that it may hold, all scalar symbols if not given;
    `meaning` says what a short name such as `X` or `X_i` stands for. Raises Unreadable."""
    reader = _Reader(code, _scalars() if leaves is None else leaves, meaning)
    tree = reader.sum()
    if reader.place != len(reader.tokens):
        raise Unreadable(f"left over: {' '.join(reader.tokens[reader.place :])!r} in {code!r}")
    return tree


class TokenReader:
    """Goes through the tokens of a line. A reader says how it reads a product."""

    def __init__(self, line: str, tokens: Sequence[str]) -> None:
        self.line, self.tokens = line, tokens
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def refuse(self, wrong: str) -> None:
        raise Unreadable(f"{wrong} at token {self.place} of {self.line!r}")

    def product(self) -> Expr:
        raise NotImplementedError

    def signed(self) -> Expr:
        if self.next == "-":
            self.place += 1
            return negative(self.product())
        return self.product()


class _Reader(TokenReader):
    def __init__(self, code: str, leaves: Leaves, meaning: Callable[[str], Expr] | None) -> None:
        super().__init__(code, _tokens(code))
        self.leaves, self.meaning = leaves, meaning

    def ahead(self, *tokens: str) -> bool:
        return self.tokens[self.place : self.place + len(tokens)] == tokens

    def take(self, *tokens: str) -> str:
        """The next token; where tokens are given, these and no others."""
        for token in tokens:
            if self.next != token:
                self.refuse(f"expected {token!r}, found {self.next!r}")
            self.place += 1
        if not tokens:
            self.place += 1
        return self.tokens[self.place - 1] if self.place <= len(self.tokens) else ""

    def sum(self) -> Expr:
        terms = [self.signed()]
        while self.next in ("+", "-"):
            sign, term = self.take(), self.product()
            terms.append(term if sign == "+" else negative(term))
        return total(terms)

    def product(self) -> Expr:
        found = self.factor()
        while self.next not in ENDS:
            if self.next == r"\cdot":
                self.take()
            found = times(found, self.factor())
        return found

    def factor(self) -> Expr:
        token = self.next
        if token in SUMS:
            self.take()
            return Expr("sum", (SUMS[token], self.product()))
        if token == r"\int":
            return self.integral()
        if token == r"\ln" and self.ahead(r"\ln", r"\det"):
            self.take(r"\ln", r"\det")
            return Expr("logdet", (self.factor(),))
        return self.scripted(self.atom())

    def scripted(self, base: Expr) -> Expr:
        """A power, an inverse or a transpose of what stands before it: one mark at most, as LaTeX has it."""
        if self.next != "^":
            return base
        self.take("^", "{")
        if self.next == r"\top":
            self.take(r"\top", "}")
            return Expr("transpose", (base,), base.cols, base.rows)
        power = self.sum()
        self.take("}")
        if base.is_scalar and not is_written_out(base):
            return Expr("pow", (base, power))
        if power != negative(num(1)):
            self.refuse("a power of a matrix other than its inverse")
        return Expr("inv", (base,), base.rows, base.cols)

    def atom(self) -> Expr:
        token = self.next
        if token.isdigit():
            return num(int(self.take()))
        if token == r"\left(":
            return self.between(r"\left(", self.sum, r"\right)")
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            self.take()
            return call("sqrt", self.group())
        if token in FUNCTIONS and self.ahead(token, r"\left("):
            self.take()
            return call(FUNCTIONS[token], *self.arguments(self.sum))
        if token == "e" and self.ahead("e", "^") and not self.ahead("e", "^", "{", r"\top"):
            return self.exponential()
        if token == "W" and self.ahead("W", "_", "2"):
            return self.distance()
        found = self.leaf()
        return self.structure() if found is None else found

    def structure(self) -> Expr:
        match self.next:
            case r"\operatorname{tr}":
                self.take()
                return Expr("trace", (self.between(r"\left(", self.sum, r"\right)"),))
            case r"\mathbb{E}":
                self.take()
                inner = self.bracketed()
                return Expr("expect", (inner,), inner.rows, inner.cols)
            case r"\nabla":
                self.take(r"\nabla", "_")
                variable, body = self.group(), self.bracketed()
                return Expr("grad", (body, variable), variable.rows, "1")
            case r"\begin{pmatrix}":
                return self.matrix()
            case "[":
                return self.empty()
            case "I":
                return self.identity()
            case short if short.startswith(r"\mathsf"):
                return self.short()
            case r"\sigma":  # without a power it is the root of `sigma2`
                self.take()
                return call("sqrt", sym("sigma2"))
        self.refuse(f"unknown symbol {self.next!r}")
        raise AssertionError

    def leaf(self) -> Expr | None:
        """The longest declared name that stands here, with a power that is written within the name."""
        if self.next in (r"\cos", r"\sin") and self.ahead(self.next, "^"):
            name = self.take()[1:]
            self.take("^")
            power = self.group()
            self.take(r"\theta", "_", "i")
            return self.known(Expr("pow", (sym(f"{name}_i"), power)))
        if self.ahead(r"\sigma", "^", "{") and not self.ahead(r"\sigma", "^", "{", r"\top"):
            self.take(r"\sigma", "^")
            return self.power_of_sigma(self.group())
        for tokens, leaf in self.leaves.get(self.next, ()):
            if self.ahead(*tokens):
                self.place += len(tokens)
                return leaf
        return None

    def known(self, power: Expr) -> Expr:
        name = power.children[0]
        if not any(leaf == name for rows in self.leaves.values() for _, leaf in rows):
            self.refuse(f"{name.name}, which is not among the names,")
        return power

    def power_of_sigma(self, power: Expr) -> Expr:
        """`sigma^{2n}` is a power of the variance, and an odd power one of its root."""
        inner = power.children[0] if power.head == "neg" else power
        if inner.head == "num" and inner.number % 2 == 0:
            half = num(inner.number / 2)
            return Expr("pow", (sym("sigma2"), negative(half) if power.head == "neg" else half))
        return Expr("pow", (call("sqrt", sym("sigma2")), power))

    def between(self, opening: str, inner: Callable[[], Expr], closing: str) -> Expr:
        self.take(opening)
        found = inner()
        self.take(closing)
        return found

    def group(self) -> Expr:
        return self.between("{", self.sum, "}")

    def bracketed(self) -> Expr:
        return self.between(r"\left[", self.sum, r"\right]")

    def arguments(self, one: Callable[[], Expr]) -> list[Expr]:
        self.take(r"\left(")
        found = [one()]
        while self.next == ",":
            self.take()
            found.append(one())
        self.take(r"\right)")
        return found

    def variable(self) -> str:
        found = self.leaf()
        if found is None or found.head != "sym":
            self.refuse("no variable")
        assert found is not None
        return found.name

    def fraction(self) -> Expr:
        if self.ahead(r"\frac", "{", r"\partial", "}", "{", r"\partial"):
            self.take(r"\frac", "{", r"\partial", "}", "{", r"\partial")
            variable = self.variable()
            self.take("}")
            body = self.bracketed()
            return Expr("diff", (body, variable), body.rows, body.cols)
        self.take()
        top, bottom = self.group(), self.group()
        return Expr("div", (top, bottom), top.rows, top.cols)

    def integral(self) -> Expr:
        self.take(r"\int", "_")
        low = self.group()
        self.take("^")
        high = self.group()
        body = self.bracketed()
        self.take(r"\,", r"\mathrm{d}")
        return Expr("integral", (body, self.variable(), low, high))

    def exponential(self) -> Expr:
        """An exponent: a fraction on the line is all of it, `-t/2` being `-(t/2)`, and otherwise it is a sum."""
        self.take("e", "^", "{")
        start, negated = self.place, self.next == "-"
        if negated:
            self.take()
        inner = self.product()
        if self.next == "/":
            self.take()
            inner = Expr("div", (inner, self.factor()))
            inner = negative(inner) if negated else inner
        else:
            self.place = start
            inner = self.sum()
        self.take("}")
        return call("exp", inner)

    def matrix(self) -> Expr:
        self.take(r"\begin{pmatrix}")
        rows = [[self.sum()]]
        while self.next in ("&", r"\\"):
            if self.take() == "&":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        self.take(r"\end{pmatrix}")
        if len({len(row) for row in rows}) != 1:
            self.refuse("a matrix with rows of several lengths")
        return Expr("literal", tuple(entry for row in rows for entry in row), str(len(rows)), str(len(rows[0])))

    def empty(self) -> Expr:
        self.take("[", r"\,", "]", "_", "{")
        rows = self.take()
        self.take(r"\times")
        columns = self.take()
        self.take("}")
        return Expr("literal", (), rows, columns)

    def identity(self) -> Expr:
        self.take()
        size = "D"
        if self.next == "_":
            self.take("_", "{")
            size = self.take()
            self.take("}")
        return Expr("eye", (), size, size)

    def distance(self) -> Expr:
        """Two laws follow a distance; without them it is a symbol."""
        squared = self.ahead("W", "_", "2", "^", "2")
        width = 5 if squared else 3
        if self.tokens[self.place + width : self.place + width + 2] != (r"\left(", r"\mathcal{N}"):
            found = self.leaf()
            return self.structure() if found is None else found
        self.place += width
        found = Expr("bures", tuple(self.arguments(self.law)))
        return found if squared else call("sqrt", found)

    def law(self) -> Expr:
        self.take(r"\mathcal{N}", "(", "0", ",")
        covariance = self.sum()
        self.take(")")
        return covariance

    def short(self) -> Expr:
        name = self.take()[len(r"\mathsf{") : -1]
        if self.ahead("_", "i"):
            self.take("_", "i")
            name += "_i"
        if self.meaning is None:
            self.refuse(f"a short name {name}")
        assert self.meaning is not None
        return self.meaning(name)


def negative(expr: Expr) -> Expr:
    return Expr("neg", (expr,), expr.rows, expr.cols)


def total(terms: list[Expr]) -> Expr:
    """A sum of one or more terms; its size is that of the first that is not a bare 0. Raises Unreadable."""
    if len(terms) == 1:
        return terms[0]
    shapes = {term.shape for term in terms if term != num(0)} or {("1", "1")}
    if len(shapes) > 1:
        raise Unreadable(f"a sum of sizes {' and '.join(f'{rows} x {cols}' for rows, cols in sorted(shapes))}")
    return Expr("add", tuple(terms), *shapes.pop())


def times(left: Expr, right: Expr) -> Expr:
    """A product as its sizes have it: a scaled number or matrix, or a product of matrices. Raises Unreadable."""
    literal = is_written_out(left) and is_written_out(right)
    if not literal and (left.is_scalar or right.is_scalar):
        rows, cols = right.shape if left.is_scalar else left.shape
        return Expr("mul", (left, right), rows, cols)
    if left.cols != right.rows:
        raise Unreadable(f"a product of sizes {left.rows} x {left.cols} and {right.rows} x {right.cols}")
    return Expr("matmul", (left, right), left.rows, right.cols)
