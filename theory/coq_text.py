"""Scalar trees as text of Coq's real numbers, each tree in one way, which `coq_reader.py` reads back.

Coq's operators are binary and its powers are of natural numbers, so that a tree has a canonical form: a sum that begins
with a sum is one sum (and so for products), a negative number is the negated number, a fraction is a quotient.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from theory.expr import Expr, num, rebuild, transform

FUNCTIONS = {"log": "ln", "exp": "exp", "sqrt": "sqrt", "phi": "phi", "min": "Rmin", "max": "Rmax"}
RANGES = {"target": "n"}
PLANE = "_i"
MOST_POWER = 200
# what a symbol's name must not hide: Coq's own words, and the names that the emitted files use
TAKEN = frozenset(
    {"R", "S", "O", "I", "N", "Z", "Q", "INR", "IZR", "PI", "nat", "pow", "psum", "phi", "ln", "exp", "sqrt", "i", "n"}
    | {"Hi", "Rmin", "Rmax", "fun", "forall", "exists", "let", "in", "if", "then", "else", "match"}
    | {"with", "end", "as", "at", "by", "return", "Type", "Prop", "Set", "fix", "cofix", "where", "using", "mod"}
)
_SUM, _PRODUCT, _SIGN, _POWER, _CALL, _ATOM = 50, 40, 35, 30, 10, 0


class NotWritten(ValueError):
    """A tree that is no expression of real numbers as these files write them."""


def coq_name(symbol: str) -> str:
    """The Coq variable of a symbol. No symbol of the theory ends in an underscore, so that two never share one."""
    if not symbol.isidentifier() or not symbol.isascii() or symbol.endswith(("_", "_at")):
        raise NotWritten(f"the name `{symbol}`")
    return symbol + "_" if symbol in TAKEN or symbol.startswith(("H_", "P_")) else symbol


def symbol_of(name: str) -> str:
    """The symbol of a Coq variable."""
    return name.removesuffix("_")


def whole_power(power: Expr) -> int:
    """The exponent of a power. Raises NotWritten for one that is no whole number, or too large."""
    sign, inner = (-1, power.children[0]) if power.head == "neg" else (1, power)
    if inner.head != "num" or inner.number.denominator != 1 or abs(inner.number) > MOST_POWER:
        raise NotWritten("a power that is no small whole number")
    return sign * int(inner.number)


def canonical(expr: Expr) -> Expr:
    """The form in which a tree is written and read back."""
    if expr.head == "num":
        return _canonical_number(expr.number)
    if expr.head == "pow":
        return Expr("pow", (canonical(expr.children[0]), num(whole_power(expr.children[1]))))
    kids = [canonical(kid) for kid in expr.children]
    if expr.head in ("add", "mul"):
        if len(kids) == 1:
            return kids[0]
        if kids[0].head == expr.head:
            kids = [*kids[0].children, *kids[1:]]
        return Expr(expr.head, tuple(kids))
    return rebuild(expr, kids)


def _canonical_number(value: Fraction) -> Expr:
    size = num(abs(value.numerator))
    whole = size if value.denominator == 1 else Expr("div", (size, num(value.denominator)))
    return whole if value >= 0 else Expr("neg", (whole,))


@dataclass(frozen=True)
class Moving:
    """Symbols that are functions of a variable, written `name_at variable`."""

    variable: str
    names: frozenset[str]


def coq(expr: Expr, *, planes: bool = False, moving: Moving | None = None) -> str:
    """The text. `planes`: a symbol of one plane is a function of the index `i`. Raises NotWritten."""
    if moving is not None:
        applied = {name: Expr("sym", (name, moving.variable)) for name in moving.names}
        expr = transform(expr, lambda node: applied.get(node.name) if node.head == "sym" else None)
    return _write(canonical(expr), _SUM, planes)


def _write(expr: Expr, level: int, planes: bool) -> str:
    text, own = _parts(expr, planes)
    return f"({text})" if own > level else text


def _parts(expr: Expr, planes: bool) -> tuple[str, int]:
    """The text of a canonical tree and its level: what is looser than its place is put in brackets."""

    def at(kid: Expr, level: int) -> str:
        return _write(kid, level, planes)

    kids = expr.children
    match expr.head:
        case "num":
            return str(int(expr.number)), _ATOM
        case "sym":
            name = coq_name(expr.name)
            if len(expr.args) == 2:
                return f"{name}_at {coq_name(str(expr.args[1]))}", _CALL
            return (f"{name} i", _CALL) if planes and expr.name.endswith(PLANE) else (name, _ATOM)
        case "add":
            terms = (_term(kid, planes) for kid in kids[1:])
            return at(kids[0], _PRODUCT) + "".join(terms), _SUM
        case "mul":
            first = at(kids[0], _PRODUCT if kids[0].head == "div" else _POWER)
            return " * ".join([first, *(at(kid, _POWER) for kid in kids[1:])]), _PRODUCT
        case "div":
            top = at(kids[0], _PRODUCT if kids[0].head in ("mul", "div") else _POWER)
            return f"{top} / {at(kids[1], _POWER)}", _PRODUCT
        case "neg":
            return f"- {at(kids[0], _POWER)}", _SIGN
        case "pow":
            power = int(kids[1].number)
            text = f"{at(kids[0], _CALL)} ^ {abs(power)}"
            return (f"/ {text}", _SIGN) if power < 0 else (text, _POWER)
        case "call" if expr.name in FUNCTIONS:
            return " ".join([FUNCTIONS[expr.name], *(f"({at(k, _SUM)})" for k in kids)]), _CALL
        case "sum" if expr.name in RANGES:
            return f"psum {RANGES[expr.name]} (fun i => {_write(kids[0], _SUM, True)})", _CALL
    raise NotWritten(f"`{expr.args[0] if expr.head == 'call' else expr.head}` is no expression of real numbers")


def _term(kid: Expr, planes: bool) -> str:
    """A term of a sum after the first, with its sign."""
    sign, inner = (" - ", kid.children[0]) if kid.head == "neg" else (" + ", kid)
    return sign + _write(inner, _POWER if inner.head == "neg" else _PRODUCT, planes)
