"""What a printed formula cannot tell apart, and nothing more: the form in which a tree and what was read are compared.

Two trees have one such form when they differ at most in these ways, each of which any reader of the print accepts:

1. numbers: `-3` is the sign before 3, and a fraction is the quotient of its integers;
2. a sum at the head of a sum needs no brackets, and a product of products is one product, of numbers or matrices;
3. the half of X is one half times X, and so for every number below a bar and for every matrix above one;
4. the inverse of a number is its power -1; `sigma` is the root of `sigma^2`, so that even powers of both look alike;
5. the size of a zero matrix is not printed.

Nothing is computed, nothing cancels, and no order changes: a bracket, sign, power or factor gone is a difference.
"""

from __future__ import annotations

from theory.expr import Expr, is_written_out, num, sym

_SIGMA = Expr("call", ("sqrt", sym("sigma2")))
_SCALAR_ZERO = num(0)


def as_printed(expr: Expr, known: dict[Expr, Expr] | None = None) -> Expr:
    """The form of a tree; `known` remembers subtrees."""
    known = {} if known is None else known
    if expr not in known:
        known[expr] = _form(expr, [as_printed(kid, known) for kid in expr.children])
    return known[expr]


def reads_as(found: Expr, meant: Expr, known: dict[Expr, Expr] | None = None) -> bool:
    """Whether what was read is the tree that was meant, up to what print cannot tell."""
    return as_printed(found, known) == as_printed(meant, known)


def _form(expr: Expr, kids: list[Expr]) -> Expr:
    match expr.head:
        case "num":
            return _number(expr)
        case "zero":
            return _SCALAR_ZERO
        case "add":
            flat = [*kids[0].children, *kids[1:]] if kids[0].head == "add" else kids
            return Expr("add", tuple(flat), expr.rows, expr.cols)
        case "mul" | "matmul":
            return _product(kids, expr.shape)
        case "div":
            return _quotient(expr, *kids)
        case "inv" if expr.is_scalar and not is_written_out(expr.children[0]):
            return Expr("pow", (kids[0], _negative(num(1))))
        case "pow" if kids[0] == _SIGMA and _even(kids[1]):
            return Expr("pow", (sym("sigma2"), _halved(kids[1])))
    fresh = iter(kids)
    return Expr(expr.head, tuple(next(fresh) if isinstance(a, Expr) else a for a in expr.args), expr.rows, expr.cols)


def _number(expr: Expr) -> Expr:
    value = expr.number
    top, bottom = num(abs(value.numerator)), num(value.denominator)
    size = top if value.denominator == 1 else Expr("div", (top, bottom))
    return _negative(size) if value < 0 else size


def _negative(expr: Expr) -> Expr:
    return Expr("neg", (expr,), expr.rows, expr.cols)


def _even(power: Expr) -> bool:
    inner = power.children[0] if power.head == "neg" else power
    return inner.head == "num" and inner.number % 2 == 0


def _halved(power: Expr) -> Expr:
    inner = power.children[0] if power.head == "neg" else power
    half = num(inner.number / 2)
    return _negative(half) if power.head == "neg" else half


def _quotient(expr: Expr, top: Expr, bottom: Expr) -> Expr:
    if top.head == "num" or (expr.is_scalar and not _is_number(bottom)):
        return Expr("div", (top, bottom), expr.rows, expr.cols)
    return _product([Expr("div", (num(1), bottom)), top], expr.shape)


def _is_number(expr: Expr) -> bool:
    inner = expr.children[0] if expr.head == "neg" else expr
    return inner.head == "num" or (inner.head == "div" and all(kid.head == "num" for kid in inner.children))


def _product(factors: list[Expr], shape: tuple[str, str]) -> Expr:
    flat = [kid for factor in factors for kid in (factor.children if factor.head == "mul" else (factor,))]
    return Expr("mul", tuple(flat), *shape)
