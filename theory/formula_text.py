"""A scalar expression in the formula language, so that `formula.parse` reads back what it is equal to."""

from __future__ import annotations

from theory.expr import Expr
from theory.text import ADD, ATOM, MUL, POW

_LEVEL = {"add": ADD, "neg": ADD, "mul": MUL, "div": MUL, "pow": POW}


def formula(expr: Expr) -> str:
    """One line of the formula language. Raises ValueError for what it cannot say: letters, traces, other sums."""
    kids = expr.children
    match expr.head:
        case "num":
            return str(expr.number)
        case "sym":
            return expr.name
        case "add":
            return _sum(kids)
        case "neg":
            return "-" + _at(kids[0], MUL)
        case "mul":
            return "*".join(_at(x, MUL if i == 0 else MUL + 1) for i, x in enumerate(kids))
        case "div":
            return f"{_at(kids[0], MUL)}/{_at(kids[1], MUL + 1)}"
        case "pow":
            return f"{_at(kids[0], POW + 1)}**{_at(kids[1], POW + 1)}"
        case "sum" if expr.name == "target":
            return f"sum({formula(kids[0])})"
        case "call":
            return f"{expr.name}({', '.join(map(formula, kids))})"
    raise ValueError(f"the formula language has no {expr.head}")


def _sum(kids: tuple[Expr, ...]) -> str:
    out = _at(kids[0], ADD)
    for kid in kids[1:]:
        if kid.head == "neg":
            out += " - " + _at(kid.children[0], MUL)
        else:
            out += " + " + _at(kid, ADD + 1)
    return out


def _at(expr: Expr, level: int) -> str:
    inner = formula(expr)
    own = _LEVEL.get(expr.head, ATOM)
    if expr.head == "num" and ("/" in inner or "-" in inner):
        own = ADD
    return f"({inner})" if own < level else inner
