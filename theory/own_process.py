"""A forward process from alpha(t) and h(t) alone: their rates are found here, and proved by `forward-marginal`.

Finding is not trusted: a slope that were wrong would be refused by the kernel, which differentiates by itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import add, mul

from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.fold import fold
from theory.formula_parts import Refused, of_tree
from theory.processes import Process, user_given
from theory.text import text

NAME = "own"
FUNCTIONS = ("exp", "sqrt")
MAX_TERMS, MAX_DEGREE = 60, 16  # of what alpha or h multiplies out to: beyond that a proof takes minutes
_T = sym("t")


class NotForward(ValueError):
    """Why alpha(t) and h(t) are no forward process: `key` is the one at fault, the message says why in one line."""

    def __init__(self, key: str, wrong: str) -> None:
        self.key = key
        super().__init__(wrong)


def slope(expr: Expr) -> Expr:
    """The derivative in t of an expression of t: rational operations, integer powers, exp and sqrt.

    Raises ValueError for anything else.
    """
    return fold(_slope(expr))


def _slope(expr: Expr) -> Expr:
    kids = expr.children
    if "t" not in symbols(expr):
        return num(0)
    match expr.head:
        case "sym":
            return num(1)
        case "add":
            return reduce(add, map(_slope, kids))
        case "neg":
            return -_slope(kids[0])
        case "mul":
            return reduce(add, (reduce(mul, (*kids[:i], _slope(x), *kids[i + 1 :])) for i, x in enumerate(kids)))
        case "div" if "t" not in symbols(kids[1]):
            return _slope(kids[0]) / kids[1]
        case "div":
            return (_slope(kids[0]) * kids[1] - kids[0] * _slope(kids[1])) / kids[1] ** 2
        case "pow":
            power = kids[1].number
            return num(power) * kids[0] ** num(power - 1) * _slope(kids[0])
        case "call" if expr.name == "exp":
            return _times(_slope(kids[0]), expr)
        case "call" if expr.name == "sqrt":
            return _slope(kids[0]) / (2 * expr)
    raise ValueError(f"no slope of {expr.head}")


def _times(rate: Expr, expr: Expr) -> Expr:
    """A product with a rate that is a number, in the most readable way to write it."""
    q = of_tree(rate).constant
    if q is None:
        return rate * expr
    scaled = expr if abs(q.numerator) == 1 else num(abs(q.numerator)) * expr
    scaled = scaled if q.denominator == 1 else scaled / num(q.denominator)
    return -scaled if q < 0 else scaled


def _below(expr: Expr) -> list[Expr]:
    """What has to be positive for an expression to have a value and a slope: denominators, and what is under roots."""
    found: list[Expr] = []
    for node in walk(expr):
        if node.head == "div":
            found.append(node.children[1])
        elif node.head == "pow" and node.children[1].number < 0:
            found.append(node.children[0])
        elif node.head == "call" and node.name == "sqrt":
            found += [node.children[0], node]
    return [part for part in found if symbols(part)]


def at_start(expr: Expr) -> Expr:
    """The expression at t = 0, where every exponential is 1."""
    plain = transform(expr, lambda node: num(1) if node.head == "call" and node.name == "exp" else None)
    return substitute(plain, {"t": num(0)})


def _require_start(key: str, expr: Expr, wanted: int) -> None:
    """Raises NotForward unless the value at t = 0 is the one that leaves the data as they are."""
    try:
        value = of_tree(at_start(expr)).constant
    except Refused:
        raise NotForward(key, f"has no value at t = 0; allowed: {key} = {wanted} there") from None
    if value is None:
        raise NotForward(key, f"cannot be told to be {wanted} at t = 0; allowed: a form that shows it")
    if value != wanted:
        shown = str(value) if len(str(value)) < 40 else "another number"
        raise NotForward(key, f"is {shown} at t = 0; allowed: {key} = {wanted} there, where the data are")


def _require_read(key: str, expr: Expr) -> None:
    other = symbols(expr) - {"t"}
    if other:
        raise NotForward(key, f"holds {min(other)}; allowed: an expression in t alone")
    for node in walk(expr):
        if node.head == "call" and node.name not in FUNCTIONS:
            raise NotForward(key, f"holds {node.name}; allowed: + - * / **, exp and sqrt")
        if node.head == "sum":
            raise NotForward(key, "holds a sum over directions; allowed: an expression in t alone")
    part = of_tree(expr)
    if part.terms > MAX_TERMS or part.degree > MAX_DEGREE:
        raise NotForward(key, f"is too long; allowed: {MAX_TERMS} terms and degree {MAX_DEGREE} when multiplied out")


def own_process(alpha: Expr, h: Expr) -> Process:
    """The process of alpha(t) and h(t), with the rates that `forward-marginal` has to prove.

    Statements in its time hold where alpha > 0, h > 0 and the denominators and roots of both are positive. Raises
    NotForward where one of them is not read, or does not start at the data: alpha = 1 and h = 0 at t = 0.
    """
    for key, expr, start in (("alpha", alpha, 1), ("h", h, 0)):
        _require_read(key, expr)
        _require_start(key, expr, start)
    if "t" not in symbols(h):
        raise NotForward("h", "is 0 at all times; allowed: a noise variance that grows from 0")
    rates = slope(alpha), slope(h)
    made = user_given(NAME, alpha, h, *rates)
    trees = (alpha, h, *rates, made.drift, made.diffusion, made.ratio)
    positive = dict.fromkeys(part for tree in trees for part in _below(tree) if part not in (alpha, alpha**2))
    return replace(made, title=_title(alpha, h), moves=(("t", num(1)),), positive=tuple(positive))


def _title(alpha: Expr, h: Expr) -> str:
    """The name, with what is stated to be positive beside alpha. What else stands below a bar is a product of that."""
    stated = dict.fromkeys(part for tree in (alpha, h) for part in _below(tree) if part.head != "call")
    return f"{NAME}, while {' and '.join(f'`{text(part)} > 0`' for part in stated)}" if stated else NAME


__all__ = ["NAME", "NotForward", "own_process", "slope"]
