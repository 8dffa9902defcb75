"""Reads a line of plain text, as `text.py` prints it, back into a tree. It shares nothing with the printer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from theory.expr import Expr, call, num, walk
from theory.latex_reader import Ambiguous, TokenReader, Unreadable, negative, times, total

TOKEN = re.compile(
    r"\[\]_\d+x\d+|sum_\[\w+\]|sum_i(?!\w)|integral_\{|W2\^2\(|W2\(|ln det\(|E\[|grad_\w+ \[|d/d\w+ \[|\^T(?!\w)|\^-1"
    r"|[A-Za-z]\w*|\d+|[-+*/^()\[\],;{}]"
)
FUNCTIONS = {"ln": "log", "phi": "phi", "exp": "exp", "sqrt": "sqrt", "min": "min", "max": "max"}
ENDS = frozenset({"", "+", "-", ")", "]", "}", ",", ";"})


def names_of(leaves: Iterable[Expr]) -> dict[str, Expr]:
    """Symbols and letters by name. Raises Ambiguous for a symbol and a letter of one name."""
    found: dict[str, Expr] = {}
    for leaf in leaves:
        if found.setdefault(leaf.name, leaf) != leaf:
            raise Ambiguous(f"a symbol and a letter are both called {leaf.name}")
    return found


def read(line: str, names: Mapping[str, Expr]) -> Expr:
    """The tree of a line, over the names that it may hold. Raises Unreadable."""
    reader = _Reader(line, names)
    tree = reader.sum()
    if reader.next:
        reader.refuse("left over")
    return tree


class _Reader(TokenReader):
    def __init__(self, line: str, names: Mapping[str, Expr]) -> None:
        tokens = TOKEN.findall(line)
        if "".join(tokens).replace(" ", "") != line.replace(" ", ""):
            raise Unreadable(f"a token that the printer does not write in {line!r}")
        super().__init__(line, tokens)
        self.names = names

    def take(self, token: str = "") -> str:
        found = self.next
        if token and found != token:
            self.refuse(f"expected {token!r}, found {found!r}")
        self.place += 1
        return found

    def sum(self) -> Expr:
        terms = [self.signed()]
        while self.next in ("+", "-"):
            sign, term = self.take(), self.signed()
            terms.append(term if sign == "+" else negative(term))
        return total(terms)

    def product(self) -> Expr:
        """Factors from left to right: `a*b/c` is `(a*b)/c`, and matrices stand side by side."""
        found = self.factor()
        while self.next not in ENDS:
            sign = self.take() if self.next in ("*", "/") else ""
            factor = self.factor()
            if sign == "/":
                found = Expr("div", (found, factor), found.rows, found.cols)
            elif not sign and not (_of_matrices(found) and _of_matrices(factor)):
                self.refuse("numbers side by side")
            else:
                found = times(found, factor)
        return found

    def factor(self) -> Expr:
        token = self.next
        if token.startswith("sum_"):
            self.take()
            over = "target" if token == "sum_i" else token[len("sum_[") : -1]
            return Expr("sum", (over, self.product()))
        found, powers = self.atom(), 0
        while self.next in ("^", "^T", "^-1"):
            powers += self.next == "^"
            found = self.scripted(found)
        if powers > 1:
            self.refuse("a power of a power")
        return found

    def scripted(self, base: Expr) -> Expr:
        mark = self.take()
        if mark == "^T":
            return Expr("transpose", (base,), base.cols, base.rows)
        if mark == "^-1":
            return Expr("inv", (base,), base.rows, base.cols)
        return Expr("pow", (base, self.atom()))

    def atom(self) -> Expr:
        token = self.take()
        if token.isdigit():
            return num(int(token))
        if token == "(":
            return self.closed(")")
        if token in FUNCTIONS and self.next == "(":
            self.take()
            return call(FUNCTIONS[token], *self.arguments())
        if token in self.names:
            return self.names[token]
        if re.fullmatch(r"I(_\w+)?", token):
            size = token[2:] or "D"
            return Expr("eye", (), size, size)
        return self.structure(token)

    def structure(self, token: str) -> Expr:
        if token == "tr" and self.next == "(":
            self.take()
            return Expr("trace", (self.closed(")"),))
        if token == "ln det(":
            return Expr("logdet", (self.closed(")"),))
        if token == "E[":
            inner = self.closed("]")
            return Expr("expect", (inner,), inner.rows, inner.cols)
        if token in ("W2^2(", "W2("):
            found = Expr("bures", tuple(self.arguments()))
            return found if token == "W2^2(" else call("sqrt", found)
        if token.startswith("d/d"):
            inner = self.closed("]")
            return Expr("diff", (inner, self.named(token[len("d/d") : -2])), inner.rows, inner.cols)
        if token.startswith("grad_"):
            variable, inner = self.names.get(token[len("grad_") : -2]), self.closed("]")
            if variable is not None:
                return Expr("grad", (inner, variable), variable.rows, "1")
        if token == "integral_{":
            return self.integral()
        if token == "[":
            return self.matrix()
        if token.startswith("[]_"):
            rows, cols = token[len("[]_") :].split("x")
            return Expr("literal", (), rows, cols)
        self.place -= 1
        self.refuse(f"unknown name {token!r}")
        raise AssertionError

    def named(self, name: str) -> str:
        if name not in self.names:
            self.refuse(f"unknown variable {name!r}")
        return name

    def closed(self, closing: str) -> Expr:
        inner = self.sum()
        self.take(closing)
        return inner

    def separated(self, mark: str, one: Callable[[], Expr]) -> list[Expr]:
        found = [one()]
        while self.next == mark:
            self.take()
            found.append(one())
        return found

    def arguments(self) -> list[Expr]:
        found = self.separated(",", self.sum)
        self.take(")")
        return found

    def integral(self) -> Expr:
        low = self.closed("}")
        self.take("^")
        self.take("{")
        high = self.closed("}")
        self.take("[")
        body = self.closed("]")
        variable = self.take()
        if not variable.startswith("d"):
            self.refuse("an integral without its variable")
        return Expr("integral", (body, self.named(variable[1:]), low, high))

    def matrix(self) -> Expr:
        rows = [self.separated(",", self.sum)]
        while self.next == ";":
            self.take()
            rows.append(self.separated(",", self.sum))
        self.take("]")
        if len({len(row) for row in rows}) != 1:
            self.refuse("a matrix with rows of several lengths")
        return Expr("literal", tuple(entry for row in rows for entry in row), str(len(rows)), str(len(rows[0])))


def _of_matrices(expr: Expr) -> bool:
    return any(node.head in ("letter", "literal", "eye", "zero") for node in walk(expr))
