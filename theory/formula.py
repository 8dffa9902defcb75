"""The formula language: one line of text to an expression tree, by a closed grammar of its own.

    relation   = expression ("==" | "<=" | ">=" | "<" | ">") expression
    expression = {"+" | "-"} term {("+" | "-") {"+" | "-"} term}
    term       = power {("*" | "/") {"+" | "-"} power}
    power      = atom ["**" integer]
    atom       = number | name | function "(" expression {"," expression} ")" | "sum" "(" expression ")"
               | "(" expression ")"

A sign at the head of a term holds for the whole term, `-t/2 = -(t/2)`. Numbers are exact: `0.05` is 1/20. Names are
those that the caller gives; functions are those of the theory's vocabulary, with `ln` for `log`. `sum` runs over the
target's directions: variables of one direction, whose names end with `_i`, stand inside it alone.

Text is never executed: it is cut into tokens, and the tokens are read by the grammar above. Length, nesting, digits,
powers and the size of what a formula multiplies out to are bounded (`formula_tokens`, `formula_parts`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import reduce
from typing import Final, TypeVar

from theory import formula_parts as parts
from theory.expr import Expr, walk
from theory.formula_parts import Part, Refused
from theory.formula_tokens import MAX_NAME, RELATIONS, FormulaError, Token, tokens, value
from theory.vocabulary import FUNCTIONS, free_of_planes

MAX_NESTING: Final = 40
_CALLED: Final = {**{name: name for name in FUNCTIONS}, "ln": "log"}
_KNOWN_SLIPS: Final = {
    **dict.fromkeys(("nan", "inf", "oo", "infinity", "Infinity", "NaN", "zoo"), "numbers are finite"),
    **dict.fromkeys(("I", "i", "j"), "numbers are real"),
    **dict.fromkeys(("sin", "cos"), "write sin_i or cos_i, sine and cosine of the angle theta_i, within sum(...)"),
    "tan": "write sin_i/cos_i within sum(...)",
    **dict.fromkeys(("e", "E"), "write exp(...) for a power of e"),
    "pi": "numbers are rational, such as 3 or 1/3",
    **dict.fromkeys(("True", "False", "None"), "there are numbers only"),
    **dict.fromkeys(("sum_i", "Sum"), "write sum(...)"),
    "abs": "there is no absolute value; write sqrt(x**2) or max(x, -x)",
    "factorial": "there is no factorial",
    "pow": "write x**2",
    "theta": "write sin_i, cos_i or s_i within sum(...)",
}  # fmt: skip
_T = TypeVar("_T")


def _short(text: str) -> str:
    return text if len(text) <= MAX_NAME else "..."


class _Reader:
    """Reads tokens from left to right; `next` is the first one not yet taken, `last` the one taken before it."""

    def __init__(self, text: str, names: Mapping[str, Expr]) -> None:
        self.names = names
        self.tokens = tokens(text)
        self.known: dict[str, Part] = {}
        self.nesting = 0
        self.summing = False
        self.next = self.last = next(self.tokens)
        if self.next.kind == "end":
            raise FormulaError(1, "the formula is empty", "write such as 1 - exp(-t)")

    def take(self) -> Token:
        self.last = self.next
        self.next = next(self.tokens) if self.last.kind != "end" else self.last
        return self.last

    def at(self, column: int, operation: Callable[..., _T], *operands: object) -> _T:
        """Apply an operation; what it refuses is refused at the column of its sign."""
        try:
            return operation(*operands)
        except Refused as error:
            raise FormulaError(column, error.wrong, error.hint) from None

    def expression(self) -> Part:
        total = self.signed(self.term)
        while self.next.text in ("+", "-"):
            sign = self.take()
            operation = parts.plus if sign.text == "+" else parts.minus
            total = self.at(sign.column, operation, total, self.signed(self.term))
        return total

    def signed(self, read: Callable[[], Part]) -> Part:
        """What `read` reads, after any number of signs."""
        minus: list[int] = []
        while self.next.text in ("+", "-"):
            sign = self.take()
            minus += [sign.column] if sign.text == "-" else []
        return reduce(lambda part, column: self.at(column, parts.negative, part), reversed(minus), read())

    def term(self) -> Part:
        total = self.power()
        while self.next.text in ("*", "/"):
            sign = self.take()
            operation = parts.times if sign.text == "*" else parts.over
            total = self.at(sign.column, operation, total, self.signed(self.power))
        return total

    def power(self) -> Part:
        base = self.atom()
        if self.next.text == "**":
            sign = self.take()
            exponent = self.exponent(base)
            base = self.at(sign.column, parts.power, base, exponent)
            if self.next.text == "**":
                raise FormulaError(self.next.column, "a power of a power", "write one exponent, or brackets")
        if self.next.kind in ("number", "name") or self.next.text == "(":
            before = "(...)" if self.last.text == ")" else _short(self.last.text)
            hint = f"a product is written {before}*{_short(self.next.text)}"
            hint = "write * for a product, as in 2*t" if self.next.text == "(" else hint
            raise FormulaError(self.next.column, f"an operator is missing before {_short(self.next.text)}", hint)
        return base

    def exponent(self, base: Part) -> int:
        """An integer, perhaps with signs or in brackets."""
        column = self.next.column
        part = self.signed(self.atom)
        if part.constant is None:
            raise FormulaError(column, "the exponent is no integer", "powers have integer exponents, as in t**2")
        if part.constant.denominator != 1:
            hint = "write sqrt(...) for a half" if part.constant.denominator == 2 else "write an integer, as in t**2"
            raise FormulaError(column, "the exponent is no integer", hint)
        return part.constant.numerator

    def atom(self) -> Part:
        token = self.take()
        if token.kind == "number":
            return self.at(token.column, parts.number, value(token.text))
        if token.kind == "name":
            return self.named(token)
        if token.text == "(":
            inner = self.enclosed(token)
            if len(inner) != 1:
                raise FormulaError(token.column, "brackets that hold no single expression", "write such as (1 - t)")
            return inner[0]
        if token.kind == "end":
            raise FormulaError(token.column, "the formula stops too early", "a number, a name or a bracket is missing")
        hint = "a number, a name or a bracket has to stand before it"
        raise FormulaError(token.column, f"{token.text} has nothing to act on", hint)

    def enclosed(self, opening: Token) -> list[Part]:
        """What stands between brackets, up to the closing one."""
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise FormulaError(opening.column, f"brackets nested deeper than {MAX_NESTING}", "write fewer of them")
        inner: list[Part] = []
        if self.next.text != ")":
            inner.append(self.expression())
            while self.next.text == ",":
                self.take()
                inner.append(self.expression())
        if self.next.text in RELATIONS:
            raise FormulaError(self.next.column, "a relation within brackets", "relations stand between expressions")
        if self.next.text != ")":
            raise FormulaError(opening.column, "a bracket that is not closed", "write ) where it ends")
        self.take()
        self.nesting -= 1
        return inner

    def named(self, token: Token) -> Part:
        if self.next.text == "(" and token.text == "sum":
            return self.sum(token)
        if self.next.text == "(" and token.text in _CALLED:
            arguments = self.enclosed(self.take())
            return self.at(token.column, parts.function, _CALLED[token.text], arguments)
        if token.text in self.names:
            return self.symbol(token)
        if token.text in _CALLED or token.text == "sum":
            raise FormulaError(token.column, f"{token.text} without brackets", f"write {token.text}(...)")
        raise FormulaError(token.column, f"unknown name {token.text}", self.hint(token.text))

    def hint(self, name: str) -> str:
        """What was meant by a name that is not known."""
        if name in _KNOWN_SLIPS:
            return _KNOWN_SLIPS[name]
        functions = (*_CALLED, "sum")
        if self.next.text == "(":
            close = get_close_matches(name, functions, n=1)
            return f"did you mean {close[0]}?" if close else f"functions are {', '.join(sorted(functions))}"
        lowered = {known.lower(): known for known in reversed((*self.names, *functions))}
        close = get_close_matches(name.lower(), lowered, n=1)
        if close:
            return f"did you mean {lowered[close[0]]}?"
        shown = sorted(self.names)[:12]
        more = ", ..." if len(self.names) > len(shown) else ""
        return f"names are {', '.join(shown)}{more}" if shown else "no names are known here"

    def symbol(self, token: Token) -> Part:
        """What a name stands for, where it may stand."""
        meant = self.names[token.text]
        if not self.summing and not free_of_planes(meant):
            hint = f"write it within sum(...), as in sum({token.text})"
            raise FormulaError(token.column, f"{token.text} belongs to one direction of the target", hint)
        if self.summing and any(node.head == "sum" for node in walk(meant)):
            raise FormulaError(token.column, f"{token.text} is a sum, within a sum", "write a product of two sums")
        if token.text not in self.known:
            self.known[token.text] = self.at(token.column, parts.of_tree, meant)
        return self.known[token.text]

    def sum(self, token: Token) -> Part:
        if self.summing:
            raise FormulaError(token.column, "a sum within a sum", "write a product of two sums")
        self.summing = True
        inner = self.enclosed(self.take())
        self.summing = False
        if len(inner) != 1:
            raise FormulaError(token.column, f"sum takes 1 argument, not {len(inner)}", "write such as sum(a_i*s_i)")
        return self.at(token.column, parts.total, inner[0])

    def finish(self) -> None:
        """Raises FormulaError unless everything has been read."""
        token = self.next
        if token.kind == "end":
            return
        if token.text == ")":
            raise FormulaError(token.column, "a bracket is closed that was not opened", "delete it")
        if token.text == ",":
            hint = "write a number such as 0.5, with a point"
            raise FormulaError(token.column, "a comma outside the brackets of a function", hint)
        raise FormulaError(token.column, f"{token.text} has no place here", "write one expression, without a relation")


def parse(text: str, names: Mapping[str, Expr]) -> Expr:
    """The scalar expression that a line of text writes, over the given names.

    Raises FormulaError, in one line with a column and a hint, for everything that the grammar does not have, and
    where a part is certainly undefined, such as `1/(a - a)`.
    """
    reader = _Reader(text, names)
    found = reader.expression()
    reader.finish()
    return found.tree


def parse_relation(text: str, names: Mapping[str, Expr]) -> tuple[Expr, str, Expr]:
    """Left side, one of `==`, `<=`, `>=`, `<`, `>`, and right side. Raises FormulaError as `parse` does."""
    reader = _Reader(text, names)
    left = reader.expression()
    if reader.next.text not in RELATIONS:
        reader.finish()
        raise FormulaError(reader.next.column, "a relation is missing", "write such as x <= y, with == <= >= < or >")
    relation = reader.take().text
    right = reader.expression()
    if reader.next.text in RELATIONS:
        raise FormulaError(reader.next.column, "a chain of relations", "write each of them as a claim of its own")
    reader.finish()
    return left.tree, relation, right.tree


__all__ = ["FormulaError", "parse", "parse_relation"]
