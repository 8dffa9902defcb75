"""Folding of constants in a written line: 0 + x, 1 * x, x - x and the like, and nothing cleverer."""

from __future__ import annotations

from fractions import Fraction

from theory.expr import Expr, num, rebuild, walk

ZERO, ONE = num(0), num(1)


def fold(expr: Expr) -> Expr:
    """The same expression without operations on 0 and 1. The order of what is left stays as written."""
    if not expr.children:
        return expr
    node = rebuild(expr, [fold(child) for child in expr.children])
    rule = _RULES.get(node.head)
    return rule(node) if rule else node


def _number(expr: Expr) -> Fraction | None:
    value = expr.args[0] if expr.head == "num" else None
    return value if isinstance(value, Fraction) else None


def _cancelled(terms: list[Expr]) -> list[Expr]:
    """The terms without 0 and without pairs x, -x."""
    kept: list[Expr] = []
    for term in terms:
        opposite = term.children[0] if term.head == "neg" else -term
        if opposite in kept:
            kept.remove(opposite)
        elif term != ZERO:
            kept.append(term)
    return kept


def _opened(term: Expr) -> list[Expr]:
    """The terms of a sum within a sum, and of a sum that is subtracted."""
    if term.head == "add":
        return [x for child in term.children for x in _opened(child)]
    if term.head == "neg" and term.children[0].head == "add":
        return [x.children[0] if x.head == "neg" else -x for x in _opened(term.children[0])]
    return [term]


def _add(node: Expr) -> Expr:
    kept = _cancelled(list(node.children))
    flat = [x for term in kept for x in _opened(term)]
    shorter = _cancelled(flat)
    if len(shorter) < len(flat):  # brackets that the author wrote are opened only where something goes away
        kept = shorter
    if not kept:
        return ZERO
    numbers = [q for q in map(_number, kept) if q is not None]
    if len(numbers) == len(kept):
        return num(sum(numbers, Fraction(0)))
    return kept[0] if len(kept) == 1 else Expr("add", tuple(kept), node.rows, node.cols)


def _undefined(node: Expr) -> bool:
    """A division by 0 stays in sight: it is for the kernel to refuse."""
    if node.head == "div":
        return node.children[1] == ZERO
    return node.head == "pow" and node.children[0] == ZERO


def _neg(node: Expr) -> Expr:
    inner = node.children[0]
    value = _number(inner)
    if value is not None:
        return num(-value)
    return inner.children[0] if inner.head == "neg" else node


def _mul(node: Expr) -> Expr:
    if ZERO in node.children and not any(_undefined(x) for kid in node.children for x in walk(kid)):
        return ZERO
    kept = [x for x in node.children if x != ONE]
    if not kept:
        return ONE
    return kept[0] if len(kept) == 1 else Expr("mul", tuple(kept), node.rows, node.cols)


def _div(node: Expr) -> Expr:
    top, bottom = node.children
    if bottom == ONE:
        return top
    return top if top == ZERO and bottom != ZERO else node


def _pow(node: Expr) -> Expr:
    base, power = node.children
    if power == ONE or base == ONE:
        return base
    if power == ZERO:
        return ONE
    if base.head == "pow" and _number(base.children[1]) is not None and _number(power) is not None:
        inner, exponent = base.children
        return Expr("pow", (inner, num(exponent.number * power.number)))
    positive = _number(power) is not None and power.number > 0
    return ZERO if base == ZERO and positive else node


def _call(node: Expr) -> Expr:
    zero_at = {("phi", ZERO), ("log", ONE), ("sqrt", ZERO)}
    if (node.args[0], node.children[0]) in zero_at:
        return ZERO
    if node.args[0] == "min" and set(node.children) == {ZERO}:
        return ZERO
    return node


def _sum(node: Expr) -> Expr:
    return ZERO if node.children[0] == ZERO else node


_RULES = {"add": _add, "neg": _neg, "mul": _mul, "div": _div, "pow": _pow, "call": _call, "sum": _sum}
