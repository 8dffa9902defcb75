"""How the kernel decides inequalities: certificates, a split in two cases, completed squares, ordered eigenvalues.

Each `by_...` says how it decided the link, or raises Refusal.
"""

from __future__ import annotations

from dataclasses import replace

from theory import checker
from theory.certificate import Certificate
from theory.chain import Link
from theory.defined import own_facts
from theory.expr import Expr, expect, num, plane_sum, substitute, sym, symbols, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.model import Model
from theory.normal import CONST, Normaliser, equal, normaliser_for, prepare
from theory.positivity import BEYOND_ONE, Accepted, Positive, Refusal, certify, require_positive
from theory.rational import Frac
from theory.scalars import Value


def _difference(before: Expr, link: Link, facts: Facts) -> tuple[Normaliser, dict[object, Value]]:
    bigger, smaller = (link.expr, before) if link.relation == "<=" else (before, link.expr)
    prepared = prepare(bigger - smaller, facts, expand=False)
    engine = normaliser_for([prepared], facts)
    return engine, dict(engine.form(prepared))


def _nonnegative_form(
    engine: Normaliser, form: dict[object, Value], model: Model, facts: Facts, domains: dict[str, str] | None = None
) -> tuple[tuple[Certificate, ...], Positive]:
    """Certificates for every part of a form, and those for the signs of what stands before logarithms."""
    found, beside = [], Positive()
    for key, value in form.items():
        if key != CONST and (not isinstance(key, tuple) or key[0] != "sum"):
            raise Refusal("only sums over planes and constants can be certified")
        rational, signs = _without_logs(engine, value, model, facts)
        found.append(certify(rational, engine.scalars, model, facts, domains=domains))
        beside += signs
    return tuple(found), beside


def _carried(certificates: tuple[Certificate, ...]) -> str:
    return f"certificate, {sum(c.terms for c in certificates)} nonnegative coefficients"


def _without_logs(engine: Normaliser, value: Value, model: Model, facts: Facts) -> tuple[Frac, Positive]:
    """A lower bound of `value` without logarithms, by 1 - 1/y <= ln y <= y - 1 and the sign of each coefficient."""
    total, signs = value.rational, []
    for argument, coefficient in value.logs.items():
        try:
            signs.append(certify(coefficient, engine.scalars, model, facts))
            total += coefficient * (1 - 1 / argument)
        except checker.Refused:
            signs.append(certify(-coefficient, engine.scalars, model, facts))
            total += coefficient * (argument - 1)
    return total, Positive(tuple(signs))


def _require_log_reason(form: dict[object, Value], link: Link) -> None:
    if any(value.logs for value in form.values()) and "log bounds" not in link.rule.cites:
        raise Refusal("a logarithm in an inequality needs the reason that bounds it")


def by_certificate(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    engine, form = _difference(before, link, facts)
    _require_log_reason(form, link)
    found, beside = _nonnegative_form(engine, form, model, facts)
    return Accepted(_carried(found), found, beside)


def by_cases(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    variable = link.extra[0]
    assert isinstance(variable, Expr)
    beside = require_positive(variable, model, strict=False)
    beyond = sym(BEYOND_ONE)
    name = str(variable.args[0])
    minimum = Expr("call", ("min", variable, variable**2))
    found: tuple[Certificate, ...] = ()
    for value, domains, least in (
        (variable, {name: "unit"}, variable**2),
        (1 + beyond, {BEYOND_ONE: "nonnegative"}, 1 + beyond),
    ):
        definitions = {n: substitute(e, {name: value}) for n, e in facts.definitions.items() if n != name}
        narrowed = replace(facts, definitions=definitions)

        def put(expr: Expr, least: Expr = least, value: Expr = value) -> Expr:
            return substitute(replace_tree(expr, minimum, least), {name: value})

        left, right = put(before), put(link.expr)
        if any(node.head == "call" and node.args[0] == "min" for node in (*walk(left), *walk(right))):
            raise Refusal("a minimum that the split does not decide")
        engine, form = _difference(left, replace(link, expr=right), narrowed)
        _require_log_reason(form, link)
        certificates, signs = _nonnegative_form(engine, form, model, narrowed, domains)
        found, beside = found + certificates, beside + signs
    return Accepted("two cases, " + _carried(found), found, beside)


def by_optimum(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    square = link.extra[0]
    assert isinstance(square, Expr)
    if len(link.extra) == 2:
        return _by_scalar_square(before, link, model, facts)
    if not equal(before, link.expr + expect(square.T @ square), facts):
        raise Refusal("the difference is not the mean square that is named")
    return Accepted("completed square")


def _by_scalar_square(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    square, weight = link.parts
    if any(n.head in ("letter", "expect") for part in link.parts for n in walk(part)):
        raise Refusal("a weighted square is one of numbers")
    beside = require_positive(weight, model, strict=False, facts=own_facts(facts, model))
    if not equal(before, link.expr + weight * square**2, facts):
        raise Refusal("the difference is not the weighted square that is named")
    return Accepted("completed square", beside=beside)


def by_spectrum(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    """sum f(larger) - sum f(smaller) >= 0 when f does not decrease and, for log-majorisation, f(exp(.)) is convex."""
    function, smaller, larger = link.extra
    assert isinstance(function, Expr) and isinstance(smaller, str) and isinstance(larger, str)
    kinds = {kind for one, two, kind in facts.orders if (one, two) == (smaller, larger)}
    if not kinds or link.expr != num(0):
        raise Refusal("the reason does not order these two lists")
    if {name for name in symbols(function) if name.endswith("_i")} - {smaller}:
        raise Refusal("a function of more than the one variable")
    if not all(node.head in ("num", "sym", "add", "neg", "mul", "div", "pow", "call") for node in walk(function)):
        raise Refusal("a function that is not written in numbers and symbols")
    total = plane_sum(substitute(function, {smaller: sym(larger)})) - plane_sum(function)
    if not equal(before, total, facts):
        raise Refusal("the line before is not the difference of the two sums")
    prepared = prepare(function, own_facts(facts, model), expand=False)
    engine = normaliser_for([prepared], Facts())
    slope = engine.slope(prepared, smaller)
    found = [certify(slope, engine.scalars, model, facts)]
    if "termwise" not in kinds:
        bend = (slope * engine.scalars.gen(smaller)).diff(engine.scalars.gen(smaller))
        found.append(certify(bend, engine.scalars, model, facts))
    return Accepted(_carried(tuple(found)), tuple(found))


def by_triangle(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    """W_2(p, q) <= W_2(p, u) + ... + W_2(v, q), for laws that the reason says there are."""
    terms = link.expr.children if link.expr.head == "add" else (link.expr,)
    (first, last), *steps = (_laws(distance, facts) for distance in (before, *terms))
    if [first, *(end for _, end in steps)] != [*(start for start, _ in steps), last]:
        raise Refusal("the distances do not lead from the one law to the other")
    return Accepted("distances along a path")


def _laws(distance: Expr, facts: Facts) -> tuple[Expr, Expr]:
    """The covariances of the two laws whose distance it is."""
    if distance.head != "call" or distance.name != "sqrt" or distance.children[0].head != "bures":
        raise Refusal("something other than a distance of two laws")
    one, other = distance.children[0].children
    if not {one.name, other.name} <= facts.covariances:
        raise Refusal("the reason does not say that these are covariances of one space")
    return one, other
