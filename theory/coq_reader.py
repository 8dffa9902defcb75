"""Reads the text of Coq's real numbers back into trees, by Coq's own levels and sides of its operators.

It shares no code with what writes: `+ -` bind loosest and `* /` closer, both to the left, then the signs `-` and `/`
before a term, then `^`, then the application of a function. What it does not know it refuses.
"""

from __future__ import annotations

import re

from theory.expr import Expr, num, sym

_CALLS = {
    "ln": ("log", 1),
    "exp": ("exp", 1),
    "sqrt": ("sqrt", 1),
    "phi": ("phi", 1),
    "Rmin": ("min", 2),
    "Rmax": ("max", 2),
}
_RANGES = {"n": "target"}
_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z0-9_]*)|(=>|<=|>=|[-+*/^()=<]))")


class Unreadable(ValueError):
    """Text that is no statement of the emitted files."""


def read(text: str) -> Expr:
    """The tree of an expression. Raises Unreadable."""
    reader = _Reader(text)
    tree = reader.sum()
    reader.end()
    return tree


def read_statement(text: str) -> tuple[Expr, str, Expr]:
    """Left side, relation and right side of `left = right`, or with `<=`, `>=` or `<`. Raises Unreadable.

    `derivable_pt_lim (fun v => body) v (value)` says that the derivative of the body in v is the value.
    """
    reader = _Reader(text)
    if reader.peek() == "derivable_pt_lim":
        return reader.derivative()
    left = reader.sum()
    relation = reader.take()
    if relation not in ("=", "<=", ">=", "<"):
        raise Unreadable(f"`{relation}` is no relation")
    right = reader.sum()
    reader.end()
    return left, relation, right


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        self.place = 0
        self.bound = False
        self.moved = ""
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None:
                raise Unreadable(f"`{text[at:].strip()[:20]}` is not understood")
            self.tokens.append(found.group(found.lastindex or 0))
            at = found.end()

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise Unreadable(f"`{wanted or 'more'}` is missing before `{token or 'the end'}`")
        self.place += 1
        return token

    def end(self) -> None:
        if self.peek():
            raise Unreadable(f"`{self.peek()}` is left over")

    def sum(self) -> Expr:
        terms = [self.product()]
        while self.peek() in ("+", "-"):
            negative = self.take() == "-"
            term = self.product()
            terms.append(Expr("neg", (term,)) if negative else term)
        return _joined("add", terms)

    def product(self) -> Expr:
        total = self.sign()
        while self.peek() in ("*", "/"):
            divides = self.take() == "/"
            factor = self.sign()
            total = Expr("div", (total, factor)) if divides else _joined("mul", [total, factor])
        return total

    def sign(self) -> Expr:
        if self.peek() == "-":
            self.take()
            return Expr("neg", (self.sign(),))
        if self.peek() == "/":
            self.take()
            below = self.sign()
            if below.head != "pow" or below.children[1].number <= 0:
                raise Unreadable("an inverse of something other than a power")
            return Expr("pow", (below.children[0], num(-below.children[1].number)))
        return self.power()

    def power(self) -> Expr:
        base = self.applied()
        if self.peek() != "^":
            return base
        self.take()
        if not self.peek().isdigit():
            raise Unreadable("a power that is no natural number")
        tree = Expr("pow", (base, num(int(self.take()))))
        if self.peek() == "^":
            raise Unreadable("a power of a power without brackets")
        return tree

    def applied(self) -> Expr:
        token = self.take()
        if token.isdigit():
            return num(int(token))
        if token == "(":
            inner = self.sum()
            self.take(")")
            return inner
        if token in _CALLS:
            name, count = _CALLS[token]
            return Expr("call", (name, *(self.argument() for _ in range(count))))
        if token == "psum":
            return self.plane_sum()
        if not token[0].isalpha() and token[0] != "_":
            raise Unreadable(f"`{token}` begins no expression")
        return self.variable(token)

    def derivative(self) -> tuple[Expr, str, Expr]:
        """`derivable_pt_lim (fun v => body) v (value)`."""
        for token in ("derivable_pt_lim", "(", "fun"):
            self.take(token)
        self.moved = self.take()
        self.take("=>")
        body = self.sum()
        for token in (")", self.moved, "("):
            self.take(token)
        value = self.sum()
        self.take(")")
        self.end()
        return Expr("diff", (body, symbol(self.moved))), "=", value

    def variable(self, name: str) -> Expr:
        """A symbol; inside a sum, and wherever else the index follows, the function of the plane that it is; a symbol
        that moves with a variable, applied to that."""
        if name.endswith("_at"):
            self.take(self.moved or self.peek())
            return sym(symbol(name.removesuffix("_at")))
        if self.peek() == "i":
            self.take()
            if not symbol(name).endswith("_i"):
                raise Unreadable(f"`{name}` does not depend on the plane")
        elif self.bound and symbol(name).endswith("_i"):
            raise Unreadable(f"`{name}` lacks the plane's index")
        return sym(symbol(name))

    def argument(self) -> Expr:
        self.take("(")
        inner = self.sum()
        self.take(")")
        return inner

    def plane_sum(self) -> Expr:
        over = self.take()
        if over not in _RANGES or self.bound:
            raise Unreadable(f"a sum over `{over}`, or one within a sum")
        for token in ("(", "fun", "i", "=>"):
            self.take(token)
        self.bound = True
        body = self.sum()
        self.bound = False
        self.take(")")
        return Expr("sum", (_RANGES[over], body))


def symbol(name: str) -> str:
    """Names that Coq uses itself are written with an underscore behind."""
    return name[:-1] if name.endswith("_") else name


def _joined(head: str, parts: list[Expr]) -> Expr:
    """`(a + b) + c` is `a + b + c`, as Coq reads both alike."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0].children if parts[0].head == head else (parts[0],)
    return Expr(head, (*first, *parts[1:]))


def read_theorem(text: str) -> dict[str, str]:
    """The hypotheses of an emitted theorem by name, each without its quantifier over the planes, and under "" its
    conclusion. Raises Unreadable."""
    flat = " ".join(text.split())
    head = re.match(r"Theorem \w+ :( forall)? ", flat)
    if head is None or not flat.endswith("."):
        raise Unreadable("no theorem")
    rest, found = flat[head.end() : -1], dict[str, str]()
    if head.group(1) is None:
        return {"": rest}
    while rest.startswith("("):
        end = _closing(rest)
        names, _, claim = rest[1:end].partition(" : ")
        claim = claim.strip()
        planes = re.fullmatch(r"\(forall i : nat, \(i < n\)%nat -> (.*)\)", claim)
        found.update(dict.fromkeys(names.split(), planes.group(1) if planes else claim))
        rest = rest[end + 1 :].lstrip()
    if not rest.startswith(", "):
        raise Unreadable("a theorem without a conclusion")
    return {**found, "": rest[2:]}


def _closing(text: str) -> int:
    """Where the bracket that the text begins with is closed."""
    depth = 0
    for place, mark in enumerate(text):
        depth += (mark == "(") - (mark == ")")
        if not depth:
            return place
    raise Unreadable("a bracket that is not closed")
