"""An expression as an open JSON tree, in MathJSON's shape: a head and its operands; and back.

Numbers are integers, or ["Rational", p, q] with p and q as decimal strings, so that no reader rounds them. Symbols are
strings. Matrices carry their sizes. `from_json` is a closed grammar: it builds trees and runs nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from theory.expr import Expr
from theory.symbols import LETTERS, SYMBOLS

FORMAT = "latentreuse-expression/1"
MAX_DEPTH = 200
NAMES = {
    "add": "Add", "neg": "Negate", "mul": "Multiply", "div": "Divide", "pow": "Power", "matmul": "MatrixMultiply",
    "transpose": "Transpose", "inv": "Inverse", "trace": "Trace", "logdet": "LogDet", "expect": "Expectation",
    "bures": "SquaredWasserstein",
}  # fmt: skip
HEADS = {name: head for head, name in NAMES.items()}
FUNCTIONS = {"log": "Ln", "phi": "Phi", "exp": "Exp", "sqrt": "Sqrt", "min": "Min", "max": "Max"}
FUNCTION_OF = {name: function for function, name in FUNCTIONS.items()}


class BadTree(ValueError):
    """A JSON value that is no expression."""


def to_json(expr: Expr) -> Any:
    """The tree as lists, strings and integers."""
    kids = [to_json(kid) for kid in expr.children]
    match expr.head:
        case "num":
            value = expr.args[0]
            assert isinstance(value, Fraction)
            whole = value.denominator == 1 and abs(value.numerator) < 2**53
            return int(value) if whole else ["Rational", str(value.numerator), str(value.denominator)]
        case "sym":
            return str(expr.args[0])
        case "letter":
            return ["Letter", str(expr.args[0]), str(expr.args[1]), expr.rows, expr.cols]
        case "eye":
            return ["Identity", expr.rows]
        case "zero":
            return ["Zero", expr.rows, expr.cols]
        case "call":
            return [FUNCTIONS[str(expr.args[0])], *kids]
        case "sum":
            return ["Sum", str(expr.args[0]), *kids]
        case "diff":
            return ["D", kids[0], str(expr.args[1])]
        case "grad":
            return ["Gradient", *kids]
        case "integral":
            return ["Integrate", kids[0], str(expr.args[1]), kids[1], kids[2]]
        case "literal":
            return ["Matrix", expr.rows, expr.cols, *kids]
    return [NAMES[expr.head], *kids]


def from_json(tree: Any, depth: int = 0) -> Expr:
    """The expression. Raises BadTree, saying what is wrong."""
    if depth > MAX_DEPTH:
        raise BadTree(f"nested deeper than {MAX_DEPTH}")
    if isinstance(tree, bool):
        raise BadTree("a truth value is no expression")
    if isinstance(tree, int):
        return Expr("num", (Fraction(tree),))
    if isinstance(tree, str):
        if tree not in SYMBOLS:
            raise BadTree(f"unknown symbol {tree!r}")
        return Expr("sym", (tree,))
    if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
        raise BadTree(f"{str(tree)[:40]!r} is no expression")
    head, rest = tree[0], tree[1:]
    leaf = _leaf(head, rest)
    if leaf is not None:
        return leaf
    if head in ("Sum", "D", "Integrate", "Matrix", "Gradient"):
        return _binder(head, rest, depth)
    kids = tuple(from_json(item, depth + 1) for item in rest)
    if head in FUNCTION_OF:
        return Expr("call", (FUNCTION_OF[head], *kids))
    if head not in HEADS:
        raise BadTree(f"unknown head {head!r}")
    return _sized(HEADS[head], kids)


def _leaf(head: str, rest: list[Any]) -> Expr | None:
    if head == "Rational":
        top, bottom = (int(str(x)) for x in rest)
        return Expr("num", (Fraction(top, bottom),))
    if head == "Letter":
        name, kind, rows, cols = (str(x) for x in rest)
        if name not in LETTERS and not name.isidentifier():
            raise BadTree(f"unknown letter {name!r}")
        return Expr("letter", (name, kind), rows, cols)
    if head == "Identity":
        return Expr("eye", (), str(rest[0]), str(rest[0]))
    if head == "Zero":
        return Expr("zero", (), str(rest[0]), str(rest[1]))
    return None


def _binder(head: str, rest: list[Any], depth: int) -> Expr:
    def read(item: Any) -> Expr:
        return from_json(item, depth + 1)

    if head == "Sum":
        return Expr("sum", (str(rest[0]), read(rest[1])))
    if head == "D":
        body = read(rest[0])
        return Expr("diff", (body, str(rest[1])), body.rows, body.cols)
    if head == "Gradient":
        body, variable = read(rest[0]), read(rest[1])
        return Expr("grad", (body, variable), variable.rows, "1")
    if head == "Matrix":
        return Expr("literal", tuple(read(item) for item in rest[2:]), str(rest[0]), str(rest[1]))
    return Expr("integral", (read(rest[0]), str(rest[1]), read(rest[2]), read(rest[3])))


def _sized(head: str, kids: tuple[Expr, ...]) -> Expr:
    """Sizes follow from the operands."""
    match head:
        case "add" | "neg" | "expect" | "div":
            return Expr(head, kids, kids[0].rows, kids[0].cols)
        case "mul":
            matrix = next((kid for kid in kids if not kid.is_scalar), kids[0])
            return Expr(head, kids, matrix.rows, matrix.cols)
        case "matmul":
            return Expr(head, kids, kids[0].rows, kids[-1].cols)
        case "transpose":
            return Expr(head, kids, kids[0].cols, kids[0].rows)
        case "inv":
            return Expr(head, kids, kids[0].rows, kids[0].cols)
    return Expr(head, kids)
