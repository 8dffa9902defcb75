"""How the kernel decides what an equation determines: a root, a linear differential equation, a recursion.

Each `by_...` says how it decided the link, or raises Refusal.
"""

from __future__ import annotations

from dataclasses import replace

from theory import symbols as S
from theory.chain import Link
from theory.defined import own_facts, require_defined, wanted_positive
from theory.expr import Expr, diff, num, substitute, sym, symbols, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.model import Model
from theory.normal import equal, prepare
from theory.positivity import Accepted, Refusal, require_positive
from theory.scope import require_unknown
from theory.vocabulary import require_wellformed

MOVING = frozenset({"t", "alpha", "h", "r", "B"})


def by_root(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    if before.head != "call" or before.name != "sqrt":
        raise Refusal("the line before is no square root")
    if not equal(link.expr**2, before.children[0], facts):
        raise Refusal("its square is not the radicand")
    require_positive(link.expr, model, strict=False, facts=own_facts(facts, model))
    return Accepted("its square is the radicand, and it is not negative")


def by_solution(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    rate, initial, variable = link.extra
    initial = dict(initial) if isinstance(initial, tuple) else {}
    if not isinstance(rate, Expr) or "value" not in initial or not set(initial) <= MOVING | {"value"}:
        raise Refusal("a differential equation has a rate and a start value")
    require_unknown(before, model)
    known = variable == "r" or (variable == "t" and "t" in facts.derivations)
    if "linear ODE" not in link.rule.cites or not known:
        raise Refusal("only a linear equation in t or r has one solution, which is to be cited")
    if variable == "r" and (set(initial) != {"r", "value"} or initial["r"] != S.R):
        raise Refusal("an equation in r starts at r = R")
    values = {n: v for n, v in initial.items() if n != "value"}
    for value in initial.values():
        require_wellformed(value, model)
        require_defined(value, model, facts)
    for value in values.values():
        require_positive(value, model, strict=False)
    for part in (rate, link.expr) if variable == "r" else (rate,):
        require_defined(part, model, facts)
    _require_defined_at(values, (rate, link.expr), model, facts)
    _require_linear(rate, before, facts)
    if not _same_rate(link.expr, replace_tree(rate, before, link.expr), str(variable), facts):
        raise Refusal("the expression does not solve the differential equation")
    opened = prepare(link.expr, facts, expand=True) if variable == "r" else link.expr
    start = facts if variable == "r" else replace(facts, definitions=model.fixed)
    if not equal(substitute(opened, values), initial["value"], start):
        raise Refusal("the initial value is another")
    return Accepted("substituted back, initial value checked")


def _require_defined_at(values: dict[str, Expr], parts: tuple[Expr, ...], model: Model, facts: Facts) -> None:
    """Nothing that stands below a fraction bar, in a root or in a condition vanishes where the equation starts."""
    kept = tuple(c for c in facts.conditions if not symbols(c) & set(values))
    owned = own_facts(replace(facts, conditions=kept), model)
    opened = [prepare(part, replace(facts, letters={}), expand=False) for part in parts]
    wanted = [
        (w, n.head != "call" or n.name != "sqrt")
        for part in (*parts, *opened)
        for n in walk(part)
        for w in wanted_positive(n)
    ]
    open_facts = replace(facts, definitions={**facts.definitions, **model.definitions})
    for expr, strict in [*wanted, *((condition, True) for condition in facts.conditions)]:
        at_start = substitute(expr if expr in kept else prepare(expr, open_facts, expand=True), values)
        if at_start not in kept:
            require_positive(at_start, model, strict=strict, facts=owned)


def _require_linear(rate: Expr, unknown: Expr, facts: Facts) -> None:
    nothing = num(0) if unknown.is_scalar and unknown.head == "sym" else Expr("zero", (), unknown.rows, unknown.cols)
    zero, twice = replace_tree(rate, unknown, nothing), replace_tree(rate, unknown, 2 * unknown)
    if not equal(twice - rate, rate - zero, facts):
        raise Refusal("the rate is not linear in the unknown")


def _same_rate(solution: Expr, rate: Expr, variable: str, facts: Facts) -> bool:
    return equal(diff(solution, variable), rate, facts)


def by_induction(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    step, index, first = link.extra
    assert isinstance(step, Expr) and isinstance(index, str) and isinstance(first, Expr)
    require_unknown(before, model)
    require_unknown(sym(index), model)
    named = symbols(link.expr) | symbols(step) | symbols(first)
    letters = {n.name for expr in (link.expr, step, first) for n in walk(expr) if n.head == "letter"}
    if (
        not named <= {index, "previous"} | set(S.SYMBOLS) - S.FREE_SYMBOLS
        or not letters <= S.FIXED_LETTERS - S.GIVEN_LETTERS
    ):
        raise Refusal("a name in a recursion may hide the index")
    for wanted in (w for node in walk(step) for w in wanted_positive(node)):
        if {index, "previous"} & symbols(wanted):
            raise Refusal("a step that is divided by something with the index in it")
        require_positive(wanted, model, strict=False, facts=own_facts(facts, model))
    if not equal(substitute(link.expr, {index: num(0)}), first, facts):
        raise Refusal("the first term is another")
    following = substitute(link.expr, {index: sym(index) + 1})
    if not equal(following, substitute(step, {"previous": link.expr}), facts):
        raise Refusal("the step does not lead from one term to the next")
    return Accepted("first term and step")
