"""What may stand in a line at all: names, sizes, arities. Nothing is decided here; what is malformed is refused.

The normal form identifies letters and symbols by name, and makes names of its own that contain spaces or signs; so a
name that could be confused with one of those, or two letters of one name and different sizes, never reach it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from theory import symbols as S
from theory.expr import Expr, is_written_out, walk
from theory.model import Model

NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
MAX_DEPTH = 150
ARITY = {
    "neg": 1, "div": 2, "pow": 2, "transpose": 1, "inv": 1, "trace": 1, "logdet": 1, "expect": 1, "sum": 1,
    "diff": 1, "grad": 2, "integral": 3, "bures": 2,
}  # fmt: skip
FUNCTIONS = {"log": 1, "phi": 1, "exp": 1, "sqrt": 1, "min": 2, "max": 2}
LEAVES = frozenset({"num", "sym", "letter", "eye", "zero"})
OWN_LETTERS = (
    S.U,
    S.V,
    S.Lam,
    S.Sigma,
    S.M,
    S.P,
    S.Q,
    S.mu,
    S.Lam_s,
    S.Sigma_s,
    S.M_s,
    S.mu_s,
    S.C_0,
    S.C_exact,
    S.C_steps,
    S.x,
    S.xi,
    S.y,
    S.g,
    S.score,
)
POSITIVE_DEFINITE = frozenset({"Sigma", "M", "Q"})
COVARIANCES = POSITIVE_DEFINITE | {"C_0", "C_exact", "C_steps"}  # positive semidefinite at least
INVERTIBLE = POSITIVE_DEFINITE | {"S", "M_s", "Sigma_s"}


class Malformed(ValueError):
    """Why an expression is not one that the kernel reads."""


def require_depth(expr: Expr) -> None:
    """Refuse a tree too deep to be walked by recursion; itself without recursion."""
    level, depth = [expr], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise Malformed(f"an expression nested deeper than {MAX_DEPTH}")
        level = [child for node in level for child in node.children]


def require_wellformed(expr: Expr, model: Model) -> None:
    """Raises Malformed for a name, size, arity or range that no line of this model may have."""
    require_depth(expr)
    for node in walk(expr):
        _require_node(node, model)
    if any(n.head == "sym" and n.name == "infinity" for n in _outside_limits(expr)):
        raise Malformed("infinity stands only as the upper limit of an integral")


def _require_node(node: Expr, model: Model) -> None:
    head = node.head
    if head in LEAVES:
        _require_leaf(node)
    elif head == "call":
        if FUNCTIONS.get(node.name) != len(node.children) or len(node.args) != len(node.children) + 1:
            raise Malformed(f"{node.name} with {len(node.children)} arguments")
        distance = node.name == "sqrt" and node.children[0].head == "bures"  # W_2 itself
        if not distance and any(_has_letter(kid) or _random_symbol(kid) for kid in node.children):
            raise Malformed(f"{node.name} of something that holds a letter")
        if node.name == "exp" and not _is_exponent(node.children[0]):
            raise Malformed("exp of something other than a multiple of t or B")
    elif head in ("diff", "integral") and str(node.args[1]) in model.fixed:
        raise Malformed(f"{node.args[1]} is fixed in this model")
    elif head == "grad" and node.children[1:] != (S.x,):
        raise Malformed("a gradient in something other than x")
    elif head in ARITY and len(node.children) != ARITY[head]:
        raise Malformed(f"{head} with {len(node.children)} operands")
    elif head == "sum" and node.name != "target" and not (model.dims == "k<d" and node.name in ("pairs", "lost")):
        raise Malformed(f"no sum over '{node.name}' in this model")
    elif head in ("trace", "logdet", "inv"):
        _require_square(node)
    elif head == "bures":
        _require_covariances(node)
    if head in ("trace", "logdet", "bures") and not is_written_out(node.children[0]) and _of_plane(node):
        raise Malformed("a variable of one plane within a trace of letters, which the sum over planes would bind")
    if is_written_out(node) and any(n.head == "letter" for n in walk(node)):
        raise Malformed("a letter within a matrix that is written out")
    if head == "mul" and not node.is_scalar and any(k.is_scalar and _has_letter(k) for k in node.children):
        raise Malformed("a matrix scaled by a product of letters")


def _of_plane(node: Expr) -> bool:
    return any(n.head in ("sym", "letter") and n.name.endswith("_i") for n in walk(node))


def _require_leaf(node: Expr) -> None:
    if node.head in ("sym", "letter") and NAME.fullmatch(node.name) is None:
        raise Malformed(f"{node.name!r} is no name")
    if node.head == "sym" and node.name.startswith(("cos", "sin")) and node.name not in ("cos_i", "sin_i"):
        raise Malformed(f"{node.name}: cosines and sines are those of theta_i")


def _require_covariances(node: Expr) -> None:
    if any(kid.head != "letter" or kid.name not in COVARIANCES for kid in node.children):
        raise Malformed("the distance of Gaussians whose covariances are not known to be positive semidefinite")


def _require_square(node: Expr) -> None:
    (body,) = node.children
    if body.rows != body.cols:
        raise Malformed(f"{node.head} of a {body.rows} x {body.cols} matrix")
    if node.head == "logdet" and (body.head != "letter" or body.name not in POSITIVE_DEFINITE):
        raise Malformed("the log-determinant of something other than Sigma, M or Q")
    if node.head == "inv" and not is_written_out(body) and (body.head != "letter" or body.name not in INVERTIBLE):
        raise Malformed("the inverse of something that is not known to have one")


def _is_exponent(expr: Expr) -> bool:
    """-x, x/2, 2*x and the like, for x = t or B."""
    if expr.head == "neg":
        return _is_exponent(expr.children[0])
    if expr.head == "mul" and len(expr.children) == 2 and expr.children[0].head == "num":
        return _is_exponent(expr.children[1])
    if expr.head == "div" and expr.children[1].head == "num" and expr.children[1].number != 0:
        return expr.children[0].head == "sym" and _is_exponent(expr.children[0])
    return expr.head == "sym" and expr.name in ("t", "B")


def _random_symbol(expr: Expr) -> bool:
    return any(n.head == "sym" and n.name in S.RANDOM_SYMBOLS for n in walk(expr))


def is_constant(expr: Expr) -> bool:
    """Whether no random vector can enter: every letter is a declared constant."""
    return not _random_symbol(expr) and all(n.name in S.CONSTANT_LETTERS for n in walk(expr) if n.head == "letter")


def _has_letter(expr: Expr) -> bool:
    return any(n.head in ("letter", "expect", "trace", "logdet", "bures") for n in walk(expr))


def _outside_limits(expr: Expr) -> Iterable[Expr]:
    yield expr
    kids = expr.children[:-1] if expr.head == "integral" else expr.children
    for kid in kids:
        yield from _outside_limits(kid)
    if expr.head == "integral" and expr.children[-1].head != "sym":
        yield from _outside_limits(expr.children[-1])


def require_consistent(exprs: Iterable[Expr]) -> None:
    """One name, one size and one kind: over everything that a step compares."""
    known = {letter.name: letter for letter in OWN_LETTERS}
    for expr in exprs:
        for node in walk(expr):
            if node.head == "letter" and known.setdefault(node.name, node) != node:
                raise Malformed(f"{node.name} is used in two sizes or kinds")


def free_of_planes(expr: Expr) -> bool:
    """Whether no variable of a single plane stands outside the sum that binds it."""
    if expr.head == "sum":
        return True
    if expr.head == "diff" and str(expr.args[1]).endswith("_i"):
        return False
    if expr.head == "sym":
        return not expr.name.endswith("_i")
    return all(free_of_planes(kid) for kid in expr.children)
