"""An expression tree in one line of plain text, in the written order, with no more brackets than needed.

`text_reader.py` reads every such line back.
"""

from __future__ import annotations

from theory.expr import Expr

ADD, MUL, POW, ATOM = 1, 2, 4, 9
PRECEDENCE = {
    "add": ADD, "neg": ADD, "mul": MUL, "div": MUL, "matmul": MUL, "pow": POW, "sum": ADD, "diff": MUL, "grad": MUL,
    "integral": MUL,
}  # fmt: skip


def plain(words: str) -> str:
    """Words without the marks of the formulas in them."""
    return words.replace("`", "")


def text(expr: Expr) -> str:
    """Plain text. `@` is written as juxtaposition, a transpose as ^T."""
    kids = expr.children
    match expr.head:
        case "num":
            return str(expr.args[0])
        case "sym":
            return str(expr.args[0])
        case "letter":
            return str(expr.args[0])
        case "eye":
            return "I" if expr.rows == "D" else f"I_{expr.rows}"
        case "zero":
            return "0"
        case "add":
            return _sum(kids)
        case "neg":
            return "-" + _at(kids[0], MUL)
        case "mul":
            return "*".join(_at(x, MUL if i == 0 else MUL + 1) for i, x in enumerate(kids))
        case "div":
            return f"{_at(kids[0], MUL)}/{_at(kids[1], MUL + 1)}"
        case "pow":
            return f"{_at(kids[0], POW + 1)}^{_at(kids[1], POW + 1)}"
        case "matmul":
            return " ".join(_at(x, MUL + 1) for x in kids)
        case "transpose":
            return f"{_at(kids[0], POW + 1)}^T"
        case "inv":
            return f"{_at(kids[0], POW + 1)}^-1"
        case "sum":
            return (
                f"sum_i {_at(kids[0], MUL)}"
                if expr.args[0] == "target"
                else f"sum_[{expr.args[0]}] {_at(kids[0], MUL)}"
            )
        case "call" if expr.name == "sqrt" and kids[0].head == "bures":
            return f"W2({', '.join(text(kid) for kid in kids[0].children)})"
        case "call":
            name = {"log": "ln"}.get(str(expr.args[0]), str(expr.args[0]))
            return f"{name}({', '.join(map(text, kids))})"
        case "trace" | "logdet":
            return f"{'tr' if expr.head == 'trace' else 'ln det'}({text(kids[0])})"
        case "bures":
            return f"W2^2({', '.join(text(kid) for kid in kids)})"
        case "expect":
            return f"E[{text(kids[0])}]"
        case "diff":
            return f"d/d{expr.args[1]} [{text(kids[0])}]"
        case "grad":
            return f"grad_{text(kids[1])} [{text(kids[0])}]"
        case "integral":
            return f"integral_{{{text(kids[1])}}}^{{{text(kids[2])}}} [{text(kids[0])}] d{expr.args[1]}"
        case "literal":
            return _literal(expr)
    raise ValueError(f"no text for {expr.head}")


def _sum(kids: tuple[Expr, ...]) -> str:
    out = _at(kids[0], ADD)
    for kid in kids[1:]:
        if kid.head == "neg":
            out += " - " + _at(kid.children[0], MUL)
        else:
            out += " + " + _at(kid, ADD + 1 if kid.head in ("add", "neg") else ADD)
    return out


def _at(expr: Expr, level: int) -> str:
    inner = text(expr)
    own = PRECEDENCE.get(expr.head, ATOM)
    if expr.head == "num" and ("/" in inner or "-" in inner):
        own = ADD
    return f"({inner})" if own < level else inner


def _literal(expr: Expr) -> str:
    m = int(expr.cols)
    if not expr.children:
        return f"[]_{expr.rows}x{expr.cols}"
    entries = [text(x) for x in expr.children]
    rows = [", ".join(entries[i : i + m]) for i in range(0, len(entries), m)]
    return "[" + "; ".join(rows) + "]"
