"""The kernel: the only maker of links, and the one file that must be trusted.

A `Chain` is a calculation: a start, and links "relation, next expression, reason". Building one only checks that the
reasons' assumptions are there (else `Stopped`, which names the step and what is missing). `check` decides every link:

* `=`        exact normal form under the relations of the reason (`normal.py`);
* `<=, >=`   a certificate that the separate checker accepts (`checker.py`), class by class and constant by constant;
* cases      a covering split of one variable at 1;   * optimum   a completed square;
* solves     substituted back, initial value checked;  * antiderivative   differentiated, end values checked;
* induction  the first term and the step.

Every denominator and every logarithm's argument of a scalar line must be certified positive. What is not decided is
refused; a refusal is never turned into anything better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from theory import checker
from theory import symbols as S
from theory.certificate import Certificate
from theory.chain import Chain, Link
from theory.expr import INFINITY, Expr, diff, expect, is_written_out, num, substitute, sym, symbols, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.forms import CONSTANTS
from theory.model import Model
from theory.normal import CONST, Normaliser, equal, normaliser_for, prepare
from theory.positivity import BEYOND_ONE, Refusal, certify, require_positive
from theory.rules import Rule, merged
from theory.scalars import Frac, Value
from theory.scope import introduced, lines, require_order, require_own_name, require_unknown
from theory.theorems import THEOREMS
from theory.vocabulary import require_consistent, require_depth, require_wellformed


@dataclass(frozen=True)
class StepReport:
    """The kernel's answer for one link."""

    chain: str
    step: int
    accepted: bool
    how: str
    certificates: tuple[Certificate, ...] = ()


@dataclass(frozen=True)
class Accepted:
    """How a link was decided, with the certificates that carry it."""

    how: str
    certificates: tuple[Certificate, ...] = ()


def check(chain: Chain) -> list[StepReport]:
    """Decide every link of a chain. What is decided is remembered for as long as the chain stays as it is."""
    content = (chain.start, tuple(chain.links), chain.model)
    known = _DECIDED.get(id(chain))
    if known is not None and known.chain is chain and known.content == content:
        return known.reports
    reports = _check(chain)
    _DECIDED[id(chain)] = _Decided(chain, content, reports)
    return reports


@dataclass(frozen=True)
class _Decided:
    chain: Chain
    content: tuple[Expr, tuple[Link, ...], Model]
    reports: list[StepReport]


_DECIDED: dict[int, _Decided] = {}


def _check(chain: Chain) -> list[StepReport]:
    reports, before = [], chain.start
    try:
        introduced(chain)
        written = lines(chain)
        for expr in written:
            require_depth(expr)
        require_consistent(written)
        require_order(chain)
        require_wellformed(chain.start, chain.model)
        first = merged(chain.model.facts(), chain.links[0].rule.facts(chain.model)) if chain.links else Facts()
        _require_defined(chain.start, chain.model, first)
    except (ValueError, ArithmeticError, RecursionError) as reason:
        return [StepReport(chain.name, 1, False, str(reason))]
    for number, link in enumerate(chain.links, 1):
        try:
            answer, accepted = _decide(before, link, chain.model), True
        except Exception as reason:  # noqa: BLE001 - whatever goes wrong in deciding a link, it is not accepted
            answer, accepted = Accepted(str(reason) or type(reason).__name__), False
        reports.append(StepReport(chain.name, number, accepted, answer.how, answer.certificates))
        before = link.expr
    return reports


MOVING = frozenset({"t", "alpha", "h", "r", "B"})
ALLOWED = {
    "normal form": {"="},
    "certificate": {"<=", ">="},
    "cases": {"<=", ">="},
    "optimum": {">="},
    "antiderivative": {"="},
    "solves": {"="},
    "induction": {"="},
}


def _decide(before: Expr, link: Link, model: Model) -> Accepted:
    if link.relation not in ALLOWED.get(link.form, set()):
        raise Refusal(f"{link.form} does not prove `{link.relation}`")
    for expr in (before, link.expr, *link.parts):
        require_wellformed(expr, model)
    facts = merged(model.facts(), link.rule.facts(model))
    _admissible(link.rule, facts, model)
    for part in link.parts if link.form != "induction" else ():
        _require_defined(part, model, facts)
    # the line before at special values is defined where that is
    if facts.instance is None or link.expr != facts.instance(before):
        _require_defined(link.expr, model, facts)
    return _FORMS[link.form](before, link, model, facts)


def _admissible(rule: Rule, facts: Facts, model: Model) -> None:
    """A rule's names must be its own to give; its lemmas must be proved, in the same model, its theorems listed, and
    what it wants positive must be."""
    for name, value in facts.defines.items():
        require_own_name(name, value, model)
    for lemma in rule.basis:
        _require_proved(lemma, model)
    for theorem in rule.cites:
        if theorem not in THEOREMS:
            raise Refusal(f"{theorem} is not on the list of standard theorems")
    for expr in rule.positive(model):
        require_positive(expr, model, strict=True)


def _require_proved(lemma: object, model: Model) -> None:
    if not isinstance(lemma, Chain):
        raise Refusal("a lemma that is no chain")
    if lemma.model != model:
        raise Refusal(f"'{lemma.name}' is about another model")
    if not all(report.accepted for report in check(lemma)):
        raise Refusal(f"'{lemma.name}', on which this rests, is not proved")


def _require_defined(expr: Expr, model: Model, facts: Facts) -> None:
    """Every denominator, logarithm, root and written-out inverse is certainly positive, by the model's definitions."""
    owned = replace(model.facts(), definitions={**facts.definitions, **model.definitions})
    for node in walk(expr):
        for wanted in _wanted_positive(node):
            if wanted not in facts.conditions:
                require_positive(wanted, model, strict=node.head != "call" or node.name != "sqrt", facts=owned)


def _wanted_positive(node: Expr) -> list[Expr]:
    kids = node.children
    if node.head == "div":
        return [] if kids[1].head == "num" and kids[1].number > 0 else [kids[1]]
    if node.head == "pow" and (kids[1].head == "neg" or (kids[1].head == "num" and kids[1].number < 0)):
        return [kids[0]]
    if node.head == "inv":
        return [Expr("call", ("det", kids[0]))] if is_written_out(kids[0]) else [S.c, S.c + S.a]
    if node.head == "call" and node.name in ("log", "sqrt"):
        return [kids[0]]
    if node.head == "call" and node.name == "phi":
        return [1 + kids[0]]
    return []


def _by_normal_form(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    left, right = before, link.expr
    if left.head == right.head == "integral":
        if left.args[1:] != right.args[1:]:
            raise Refusal("the integrals differ in variable or limits")
        left, right = left.children[0], right.children[0]
    if not equal(left, right, facts):
        raise Refusal("the two sides are not equal under the relations of this step")
    return Accepted("normal form")


def _difference(before: Expr, link: Link, facts: Facts) -> tuple[Normaliser, dict[object, Value]]:
    bigger, smaller = (link.expr, before) if link.relation == "<=" else (before, link.expr)
    prepared = prepare(bigger - smaller, facts, expand=False)
    engine = normaliser_for([prepared], facts)
    return engine, dict(engine.form(prepared))


def _nonnegative_form(
    engine: Normaliser, form: dict[object, Value], model: Model, facts: Facts, domains: dict[str, str] | None = None
) -> tuple[Certificate, ...]:
    found = []
    for key, value in form.items():
        if key != CONST and (not isinstance(key, tuple) or key[0] != "sum"):
            raise Refusal("only sums over planes and constants can be certified")
        rational = _without_logs(engine, value, model, facts)
        found.append(certify(rational, engine.scalars, model, facts, domains=domains))
    return tuple(found)


def _carried(certificates: tuple[Certificate, ...]) -> str:
    return f"certificate, {sum(c.terms for c in certificates)} nonnegative coefficients"


def _without_logs(engine: Normaliser, value: Value, model: Model, facts: Facts) -> Frac:
    """A lower bound of `value` without logarithms, by 1 - 1/y <= ln y <= y - 1 and the sign of each coefficient."""
    total = value.rational
    for argument, coefficient in value.logs.items():
        try:
            certify(coefficient, engine.scalars, model, facts)
            total += coefficient * (1 - 1 / argument)
        except checker.Refused:
            certify(-coefficient, engine.scalars, model, facts)
            total += coefficient * (argument - 1)
    return total


def _require_log_reason(form: dict[object, Value], link: Link) -> None:
    if any(value.logs for value in form.values()) and "log bounds" not in link.rule.cites:
        raise Refusal("a logarithm in an inequality needs the reason that bounds it")


def _by_certificate(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    engine, form = _difference(before, link, facts)
    _require_log_reason(form, link)
    found = _nonnegative_form(engine, form, model, facts)
    return Accepted(_carried(found), found)


def _by_cases(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    variable = link.extra[0]
    assert isinstance(variable, Expr)
    require_positive(variable, model, strict=False)
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
        found += _nonnegative_form(engine, form, model, narrowed, domains)
    return Accepted("two cases, " + _carried(found), found)


def _by_optimum(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    square = link.extra[0]
    assert isinstance(square, Expr)
    if not equal(before, link.expr + expect(square.T @ square), facts):
        raise Refusal("the difference is not the mean square that is named")
    return Accepted("completed square")


def _by_antiderivative(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    primitive, bound = link.extra
    assert isinstance(primitive, Expr)
    if before.head != "integral":
        raise Refusal("only an integral has an antiderivative")
    body, variable, low, high = before.args
    assert isinstance(body, Expr) and isinstance(low, Expr) and isinstance(high, Expr) and isinstance(variable, str)
    if low == INFINITY or (bound is not None and not isinstance(bound, tuple)):
        raise Refusal("the lower limit is a number, and bounds are chains")
    differentiable = replace(facts, derivations={})
    for part in (primitive, body):
        _require_defined(part, model, facts)
    if not equal(diff(primitive, variable), body, differentiable):
        raise Refusal("the derivative is not the integrand")
    for end in (low, high):
        if end != INFINITY:
            require_positive(end, model, strict=True)
    opened = prepare(primitive, facts, expand=True)  # so that no abbreviation hides the variable
    at_low = substitute(opened, {variable: low})
    if high == INFINITY:
        _vanishes_at_infinity(primitive, variable, bound, model)
        if not equal(link.expr, -at_low, facts):
            raise Refusal("the value is not minus the primitive at the lower limit")
        return Accepted("differentiated; the end at infinity by a certified bound")
    at_high = substitute(opened, {variable: high})
    if not equal(link.expr, at_high - at_low, facts):
        raise Refusal("the value is not the difference of the primitive's ends")
    return Accepted("differentiated")


def _vanishes_at_infinity(primitive: Expr, variable: str, bound: object, model: Model) -> None:
    """`bound`: 0 <= -primitive <= B / variable, with B free of it."""
    if not isinstance(bound, tuple) or len(bound) != 2:
        raise Refusal("no bound is given for the end at infinity")
    lower, upper = bound
    for chain, relation in ((lower, ">="), (upper, "<=")):
        _require_proved(chain, model)
        if chain.relation != relation or not all(report.accepted for report in check(chain)):
            raise Refusal(f"the bound '{chain.name}' is not proved")
        if not equal(chain.start, -primitive, chain.model.facts()):
            raise Refusal(f"the bound '{chain.name}' is about something else")
    if lower.end != num(0):
        raise Refusal("the lower bound is not 0")
    steady = CONSTANTS.get(variable, frozenset())
    prepared = prepare(upper.end * sym(variable), upper.model.facts(), expand=True)
    engine = normaliser_for([prepared], Facts())
    for value in engine.form(prepared).values():
        if value.logs or not engine.scalars.used(value.rational) <= steady:
            raise Refusal("the upper bound is not a constant over the variable")


def _by_solution(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    rate, initial = link.extra
    initial = dict(initial) if isinstance(initial, tuple) else {}
    if not isinstance(rate, Expr) or "value" not in initial or not set(initial) <= MOVING | {"value"}:
        raise Refusal("a differential equation has a rate and a start value")
    require_unknown(before, model)
    if "linear ODE" not in link.rule.cites or "t" not in facts.derivations:
        raise Refusal("only a linear equation in t has one solution, which is to be cited")
    _require_defined(rate, model, facts)
    _require_linear(rate, before, facts)
    if not _same_rate(link.expr, replace_tree(rate, before, link.expr), facts):
        raise Refusal("the expression does not solve the differential equation")
    values = {n: v for n, v in initial.items() if n != "value"}
    if not equal(substitute(link.expr, values), initial["value"], replace(facts, definitions=model.fixed)):
        raise Refusal("the initial value is another")
    return Accepted("substituted back, initial value checked")


def _require_linear(rate: Expr, unknown: Expr, facts: Facts) -> None:
    nothing = num(0) if unknown.is_scalar and unknown.head == "sym" else Expr("zero", (), unknown.rows, unknown.cols)
    zero, twice = replace_tree(rate, unknown, nothing), replace_tree(rate, unknown, 2 * unknown)
    if not equal(twice - rate, rate - zero, facts):
        raise Refusal("the rate is not linear in the unknown")


def _same_rate(solution: Expr, rate: Expr, facts: Facts) -> bool:
    return equal(Expr("diff", (solution, "t"), solution.rows, solution.cols), rate, facts)


def _by_induction(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    step, index, first = link.extra
    assert isinstance(step, Expr) and isinstance(index, str) and isinstance(first, Expr)
    require_unknown(before, model)
    require_unknown(sym(index), model)
    named = symbols(link.expr) | symbols(step) | symbols(first)
    if not named <= {index, "previous"} | set(S.SYMBOLS) - S.FREE_SYMBOLS:
        raise Refusal("a name in a recursion may hide the index")
    if not equal(substitute(link.expr, {index: num(0)}), first, facts):
        raise Refusal("the first term is another")
    following = substitute(link.expr, {index: sym(index) + 1})
    if not equal(following, substitute(step, {"previous": link.expr}), facts):
        raise Refusal("the step does not lead from one term to the next")
    return Accepted("first term and step")


_FORMS: dict[str, Callable[[Expr, Link, Model, Facts], Accepted]] = {
    "normal form": _by_normal_form,
    "certificate": _by_certificate,
    "cases": _by_cases,
    "optimum": _by_optimum,
    "antiderivative": _by_antiderivative,
    "solves": _by_solution,
    "induction": _by_induction,
}
