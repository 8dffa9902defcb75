"""Reads printed LaTeX back: the scalar grammar of `latex.py`, so that a lost bracket, power or sign is found.

Only what our own printer writes is read; anything else raises `Unreadable` with the place.
"""

from __future__ import annotations

import re

from theory.expr import INFINITY, Expr, call, num, plane_sum, sym
from theory.latex import INDEX_RANGE
from theory.symbols import SYMBOLS

TOKEN = re.compile(
    r"\\(?:left|right)[()\[\]]|\\sum_\{i=[^}]*\}\^\{[^}]*\}|\\[a-zA-Z]+|\d+|[A-Za-z]|[-+^_{}(),/]|\\,|\\cdot"
)
SUMS = {code: over for over, code in INDEX_RANGE.items()}
FUNCTIONS = {r"\ln": "log", r"\varphi": "phi", r"\min": "min", r"\max": "max"}


class Unreadable(ValueError):
    """The text is not what the printer writes."""


def _symbol_codes() -> list[tuple[list[str], str]]:
    """Token sequences of the declared symbols, longest first."""
    rows = [(TOKEN.findall(d.latex), name) for name, d in SYMBOLS.items()]
    return sorted(rows, key=lambda row: -len(row[0]))


class _Reader:
    def __init__(self, code: str) -> None:
        self.code = code
        self.tokens = TOKEN.findall(code)
        if "".join(self.tokens).replace(" ", "") != code.replace(" ", ""):
            raise Unreadable(f"a token that the printer does not write in {code!r}")
        self.place = 0
        self.codes = _symbol_codes()

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, token: str = "") -> str:
        found = self.next
        if token and found != token:
            raise Unreadable(f"expected {token!r}, found {found!r} at token {self.place} of {self.code!r}")
        self.place += 1
        return found

    def sum(self) -> Expr:
        total = self.signed()
        while self.next in ("+", "-"):
            sign = self.take()
            term = self.product()
            total = total + term if sign == "+" else total - term
        return total

    def signed(self) -> Expr:
        if self.next == "-":
            self.take()
            return -self.product()
        return self.product()

    def product(self) -> Expr:
        total = self.factor()
        while self.next and self.next not in ("+", "-", "}", ",", "/") and not self.next.startswith(r"\right"):
            if self.next == r"\cdot":
                self.take()
                continue
            total = total * self.factor()
        return total

    def factor(self) -> Expr:
        token = self.next
        if token in SUMS:
            self.take()
            return plane_sum(self.product(), SUMS[token])
        if token == r"\frac":
            self.take()
            return self.group() / self.group()
        if token == r"\sqrt":
            self.take()
            return self.powered(call("sqrt", self.group()))
        if token in FUNCTIONS:
            self.take()
            return self.powered(call(FUNCTIONS[token], *self.arguments()))
        if token == r"\left(":
            self.take()
            inner = self.sum()
            self.take(r"\right)")
            return self.powered(inner)
        if token.isdigit():
            self.take()
            return self.powered(num(int(token)))
        return self.atom()

    def arguments(self) -> list[Expr]:
        self.take(r"\left(")
        inner = [self.sum()]
        while self.next == ",":
            self.take()
            inner.append(self.sum())
        self.take(r"\right)")
        return inner

    def group(self) -> Expr:
        self.take("{")
        inner = self.sum()
        self.take("}")
        return inner

    def powered(self, base: Expr) -> Expr:
        if self.next != "^":
            return base
        self.take()
        self.take("{")
        inner = self.sum()
        self.take("}")
        return Expr("pow", (base, inner))

    def atom(self) -> Expr:
        if self.next == "e":
            return self.exponential()
        if self.next in (r"\cos", r"\sin") and self.tokens[self.place + 1] == "^":
            name = self.take()[1:]
            self.take("^")
            power = self.group()
            self.match([r"\theta", "_", "i"])
            return Expr("pow", (sym(f"{name}_i"), power))
        if self.tokens[self.place : self.place + 3] == [r"\sigma", "^", "{"]:
            self.match([r"\sigma", "^"])
            power = self.group()
            value = -power.children[0].number if power.head == "neg" else power.number
            return sym("sigma2") ** num(value / 2)
        for tokens, name in self.codes:
            if self.tokens[self.place : self.place + len(tokens)] == tokens:
                self.place += len(tokens)
                return self.powered(INFINITY if name == "infinity" else sym(name))
        if self.next == r"\sigma":  # without a power it is the root of `sigma2`
            self.take()
            return call("sqrt", sym("sigma2"))
        raise Unreadable(f"unknown symbol {self.next!r} at token {self.place} of {self.code!r}")

    def exponential(self) -> Expr:
        self.take("e")
        self.take("^")
        self.take("{")
        negative = self.next == "-"
        if negative:
            self.take()
        inner = self.atom()
        if self.next == "/":
            self.take()
            inner = inner / self.factor()
        self.take("}")
        return self.powered(call("exp", -inner if negative else inner))

    def match(self, tokens: list[str]) -> None:
        for token in tokens:
            self.take(token)


def read(code: str) -> Expr:
    """The tree of a printed scalar formula. Raises Unreadable."""
    reader = _Reader(code)
    tree = reader.sum()
    if reader.place != len(reader.tokens):
        raise Unreadable(f"left over: {reader.tokens[reader.place :]} in {code!r}")
    return tree
