"""The exact difference of two closed forms, in short, and its sign where a certificate gives one.

The normal form proposes how the difference reads; the kernel decides that it is the difference, and its sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from theory import kernel
from theory.chain import Chain
from theory.expr import Expr, log, num, plane_sum, sym, walk
from theory.fold import fold
from theory.model import Model
from theory.normal import CONST, NotDecidable, normaliser_for, prepare
from theory.rational import Frac
from theory.rules import ALGEBRA, LOG_BOUNDS, Rule
from theory.scalars import ScalarField, Undefined, Value
from theory.text import text


@dataclass(frozen=True)
class Difference:
    """`expr` equals one closed form less another, as the kernel decided; `sign` is one of "zero", "positive or zero",
    "negative or zero", or None when neither was certified."""

    expr: Expr
    sign: str | None


def difference(new: Expr, old: Expr, model: Model) -> Difference | None:
    """`new - old` in the model, in short where that is decided, with its sign; None where nothing is gained by it."""
    whole = fold(new - old)
    if whole == num(0):
        return Difference(whole, "zero")
    for candidate in (_short(whole, model), whole):
        if candidate is not None and (candidate == whole or _decided("=", whole, candidate, model, ALGEBRA)):
            sign = "zero" if candidate == num(0) else _sign(candidate, model)
            tells = sign is not None or candidate != whole or not _has_roots(whole)
            return Difference(candidate, sign) if tells else None
    return None


def _has_roots(expr: Expr) -> bool:
    """A difference of nested roots in which nothing cancels says no more than the two formulas."""
    return any(node.head == "call" and node.name == "sqrt" for node in walk(expr))


def _decided(relation: str, left: Expr, right: Expr, model: Model, by: Rule) -> bool:
    """Whether the kernel accepts `left relation right` by that reason."""
    chain = Chain("difference", left, model, "difference")
    try:
        if relation == "=":
            chain.eq(right, by)
        elif relation == ">=":
            chain.ge(right, by)
        else:
            chain.le(right, by)
    except (ValueError, RuntimeError):
        return False
    return all(report.accepted for report in kernel.check(chain))


def _sign(expr: Expr, model: Model) -> str | None:
    if _decided(">=", expr, num(0), model, LOG_BOUNDS):
        return "positive or zero"
    return "negative or zero" if _decided("<=", expr, num(0), model, LOG_BOUNDS) else None


def _short(whole: Expr, model: Model) -> Expr | None:
    """The normal form of an expression, written with factored fractions; None outside what can be written."""
    facts = model.facts()
    try:
        prepared = prepare(whole, facts, expand=False)
        engine = normaliser_for([prepared], facts)
        form = engine.form(prepared)
        keys = sorted(form, key=lambda key: (key != CONST, str(key)))
        parts = [_part(key, form[key], engine.scalars) for key in keys]
    except (NotDecidable, Undefined, KeyError):
        return None
    written = [part for part in parts if part is not None]
    if len(written) != len(parts):
        return None
    return _total(written) if written else num(0)


def _total(parts: list[Expr]) -> Expr:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _part(key: Any, value: Value, scalars: ScalarField) -> Expr | None:
    """One key of the form, a constant or a sum over planes; None for anything else."""
    if key != CONST and key[0] != "sum":
        return None
    terms = [fraction(value.rational, scalars)] if value.rational else []
    terms += [fraction(factor, scalars) * log(fraction(argument, scalars)) for argument, factor in value.logs.items()]
    body = _total(terms) if terms else num(0)
    if key == CONST:
        return body
    return -plane_sum(body.children[0], key[1]) if body.head == "neg" else plane_sum(body, key[1])


def fraction(value: Frac, scalars: ScalarField) -> Expr:
    """A rational function as a tree, numerator and denominator factored. Raises KeyError for a name made up by the
    normal form, which stands for something that a line cannot hold."""
    value = scalars.reduce(value)
    if any(" " in name for name in scalars.used(value)):
        raise KeyError("a generator without a name of its own")
    (above, tops), (below, bottoms) = value.numer.factor_list(), value.denom.factor_list()
    number = Fraction(int(above), int(below))
    top, bottom = (_product(_sorted([_power(_polynomial(p, scalars), n) for p, n in side])) for side in (tops, bottoms))
    if number.denominator != 1:
        bottom = num(number.denominator) if bottom == num(1) else num(number.denominator) * bottom
    size = abs(number.numerator)
    if size != 1 or top == num(1):
        top = num(size) if top == num(1) else num(size) * top
    written = top if bottom == num(1) else top / bottom
    return -written if number < 0 else written


def _sorted(factors: list[Expr]) -> list[Expr]:
    """In an order that does not depend on how they were found: plain symbols first, then sums, each by its text."""
    return sorted(factors, key=lambda factor: (any(node.head == "add" for node in walk(factor)), text(factor)))


def _product(factors: list[Expr]) -> Expr:
    total = num(1)
    for factor in factors:
        total = factor if total == num(1) else total * factor
    return total


def _power(base: Expr, power: int) -> Expr:
    return base if power == 1 else base**power


def _polynomial(poly: Any, scalars: ScalarField) -> Expr:
    terms = []
    for monomial, coefficient in poly.terms():
        number = Fraction(int(coefficient))
        powers = [_power(sym(name), int(n)) for name, n in zip(scalars.names, monomial, strict=False) if n]
        size = abs(number)
        term = _product(([num(size)] if size != 1 or not powers else []) + powers)
        terms.append(-term if number < 0 else term)
    return _total(sorted(terms, key=lambda term: term.head == "neg"))


__all__ = ["Difference", "difference", "fraction"]
