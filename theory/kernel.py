"""The kernel: the only maker of links, and the one file that must be trusted.

A `Chain` is a calculation: a start, and links "relation, next expression, reason". Building one only checks that the
reasons' assumptions are there (else `Stopped`, which names the step and what is missing). `check` decides every link:

* `=`        exact normal form under the relations of the reason (`normal.py`);
* `<=, >=`   a certificate that the separate checker accepts (`checker.py`), class by class and constant by constant;
* cases      a covering split of one variable at 1;   * optimum   a completed square;
* triangle   a distance against the distances along a path between the same two laws;
* spectral   sums of one function over two ordered lists of eigenvalues: its slope and its convexity by certificate;
* root       its square is the radicand, its sign by certificate;
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
from theory.expr import INFINITY, Expr, diff, expect, is_written_out, num, plane_sum, substitute, sym, symbols, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.forms import CONSTANTS
from theory.model import Model
from theory.normal import CONST, Normaliser, equal, normaliser_for, prepare
from theory.positivity import BEYOND_ONE, Refusal, certify, require_positive
from theory.rules import SIGNAL, Rule, merged
from theory.scalars import Frac, Value
from theory.scope import (
    bound_chains,
    given_names,
    introduced,
    lines,
    require_no_circle,
    require_order,
    require_own_name,
    require_unknown,
)
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
        require_no_circle(introduced(chain))
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
    "root": {"="},
    "spectral": {">="},
    "triangle": {"<="},
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
    for variable in _bound_variables(before, link):
        facts = _without_variable(facts, model, variable)
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
        _require_defined(value, model, facts)
    for condition in facts.conditions:
        require_wellformed(condition, model)
    for lemma in rule.basis:
        _require_proved(lemma, model)
        _require_stated(lemma, model, facts)
    for theorem in rule.cites:
        if theorem not in THEOREMS:
            raise Refusal(f"{theorem} is not on the list of standard theorems")
    for expr in rule.positive(model):
        require_positive(expr, model, strict=True)


def _require_stated(lemma: object, model: Model, facts: Facts) -> None:
    """What a lemma holds under, the line that uses it states too. Only that the signal has not vanished needs no word:
    where alpha is 0 both sides are what they tend to, unless a name stands for something that is not."""
    if not isinstance(lemma, Chain):
        return
    free = () if given_names(lemma) else SIGNAL
    for condition in conditions_of(lemma):
        if condition not in free:
            require_positive(condition, model, strict=True, facts=_owned(facts, model))


def conditions_of(chain: Chain) -> list[Expr]:
    """What the lines of a chain, and of the lemmas that it uses, state to be positive."""
    found: list[Expr] = []
    for link in chain.links:
        found += link.rule.facts(chain.model).conditions
        for lemma in (*link.rule.basis, *bound_chains(link)):
            found += conditions_of(lemma) if isinstance(lemma, Chain) else []
    return list(dict.fromkeys(found))


def free_conditions(chain: Chain) -> list[Expr]:
    """Of these, the ones that say more than that the signal has not vanished."""
    return [condition for condition in conditions_of(chain) if condition not in SIGNAL]


def _bound_variables(before: Expr, link: Link) -> set[str]:
    """The variables over whose range a line holds: of an integral, or of an equation that is solved."""
    found = {str(n.args[1]) for expr in (before, link.expr, *link.parts) for n in walk(expr) if n.head == "integral"}
    return found | ({str(link.extra[2])} if link.form == "solves" else set())


def _without_variable(facts: Facts, model: Model, variable: str) -> Facts:
    """The relations less the conditions that speak of a variable: over its range they may fail. Of the time everything
    may speak, but that the signal has not vanished."""
    owned = replace(facts, definitions={**facts.definitions, **model.definitions})
    if variable == "t":
        kept = tuple(c for c in facts.conditions if c in SIGNAL or c in map(model.written, SIGNAL))
    else:
        kept = tuple(c for c in facts.conditions if variable not in symbols(prepare(c, owned, expand=True)))
    return replace(facts, conditions=kept)


def _require_proved(lemma: object, model: Model) -> None:
    if not isinstance(lemma, Chain):
        raise Refusal("a lemma that is no chain")
    if lemma.model != model:
        raise Refusal(f"'{lemma.name}' is about another model")
    if not all(report.accepted for report in check(lemma)):
        raise Refusal(f"'{lemma.name}', on which this rests, is not proved")


def _require_defined(expr: Expr, model: Model, facts: Facts) -> None:
    """Every denominator, logarithm, root and written-out inverse is certainly positive, by the model's definitions."""
    owned = _owned(facts, model)
    for node in walk(expr):
        for wanted in _wanted_positive(node):
            if wanted not in facts.conditions:
                require_positive(wanted, model, strict=node.head != "call" or node.name != "sqrt", facts=owned)


def _owned(facts: Facts, model: Model) -> Facts:
    """The model's own relations, with what the line states to be positive."""
    return replace(
        model.facts(),
        definitions={**facts.definitions, **model.definitions},
        conditions=facts.conditions,
        codimension=facts.codimension,
    )


def _wanted_positive(node: Expr) -> list[Expr]:
    kids = node.children
    if node.head == "div":
        return [] if kids[1].head == "num" and kids[1].number > 0 else [kids[1]]
    if node.head == "pow" and (kids[1].head == "neg" or (kids[1].head == "num" and kids[1].number < 0)):
        return [kids[0]]
    if node.head == "inv":
        return [Expr("call", ("det", kids[0]))] if is_written_out(kids[0]) else _eigenvalues(kids[0])
    if node.head == "call" and node.name in ("log", "sqrt"):
        return [kids[0]] if kids[0].head != "bures" else []  # a squared distance
    if node.head == "call" and node.name == "phi":
        return [1 + kids[0]]
    return []


def _eigenvalues(letter: Expr) -> list[Expr]:
    """What an inverted letter's eigenvalues are made of."""
    return [S.c_s, S.c_s + S.a_s] if letter.name in ("M_s", "Sigma_s") else [S.c, S.c + S.a]


def _by_normal_form(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    left, right = before, link.expr
    if left.head == right.head == "integral":
        if left.args[1:] != right.args[1:]:
            raise Refusal("the integrals differ in variable or limits")
        left, right = left.children[0], right.children[0]
    distances = [sum(n.head == "bures" for n in walk(side)) for side in (left, right)]
    if distances[0] != distances[1] and "Bures-Wasserstein" not in link.rule.cites:
        raise Refusal("the distance of two Gaussians needs the theorem that says what it is")
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
    if len(link.extra) == 2:
        return _by_scalar_square(before, link, model, facts)
    if not equal(before, link.expr + expect(square.T @ square), facts):
        raise Refusal("the difference is not the mean square that is named")
    return Accepted("completed square")


def _by_scalar_square(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    square, weight = link.parts
    if any(n.head in ("letter", "expect") for part in link.parts for n in walk(part)):
        raise Refusal("a weighted square is one of numbers")
    require_positive(weight, model, strict=False, facts=_owned(facts, model))
    if not equal(before, link.expr + weight * square**2, facts):
        raise Refusal("the difference is not the weighted square that is named")
    return Accepted("completed square")


def _by_spectrum(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
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
    prepared = prepare(function, _owned(facts, model), expand=False)
    engine = normaliser_for([prepared], Facts())
    slope = engine.slope(prepared, smaller)
    found = [certify(slope, engine.scalars, model, facts)]
    if "termwise" not in kinds:
        bend = (slope * engine.scalars.gen(smaller)).diff(engine.scalars.gen(smaller))
        found.append(certify(bend, engine.scalars, model, facts))
    return Accepted(_carried(tuple(found)), tuple(found))


def _by_triangle(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
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


def _by_root(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
    if before.head != "call" or before.name != "sqrt":
        raise Refusal("the line before is no square root")
    if not equal(link.expr**2, before.children[0], facts):
        raise Refusal("its square is not the radicand")
    require_positive(link.expr, model, strict=False, facts=_owned(facts, model))
    return Accepted("its square is the radicand, and it is not negative")


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
        _require_defined(part, model, _without_variable(facts, model, variable))
    if not equal(diff(primitive, variable), body, differentiable):
        raise Refusal("the derivative is not the integrand")
    for end in (low, high):
        if end != INFINITY:
            require_positive(end, model, strict=True)
    opened = prepare(primitive, facts, expand=True)  # so that no abbreviation hides the variable
    at_low = substitute(opened, {variable: low})
    if high == INFINITY:
        _vanishes_at_infinity(primitive, variable, bound, model, facts)
        if not equal(link.expr, -at_low, facts):
            raise Refusal("the value is not minus the primitive at the lower limit")
        return Accepted("differentiated; the end at infinity by a certified bound")
    at_high = substitute(opened, {variable: high})
    if not equal(link.expr, at_high - at_low, facts):
        raise Refusal("the value is not the difference of the primitive's ends")
    return Accepted("differentiated")


def _vanishes_at_infinity(primitive: Expr, variable: str, bound: object, model: Model, facts: Facts) -> None:
    """`bound`: 0 <= -primitive <= B / variable, with B free of it."""
    if not isinstance(bound, tuple) or len(bound) != 2:
        raise Refusal("no bound is given for the end at infinity")
    lower, upper = bound
    for chain, relation in ((lower, ">="), (upper, "<=")):
        _require_proved(chain, model)
        _require_stated(chain, model, facts)
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
        _require_defined(value, model, facts)
    for value in values.values():
        require_positive(value, model, strict=False)
    for part in (rate, link.expr) if variable == "r" else (rate,):
        _require_defined(part, model, facts)
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
    owned = _owned(replace(facts, conditions=kept), model)
    opened = [prepare(part, replace(facts, letters={}), expand=False) for part in parts]
    wanted = [
        (w, n.head != "call" or n.name != "sqrt")
        for part in (*parts, *opened)
        for n in walk(part)
        for w in _wanted_positive(n)
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


def _by_induction(before: Expr, link: Link, model: Model, facts: Facts) -> Accepted:
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
    for wanted in (w for node in walk(step) for w in _wanted_positive(node)):
        if {index, "previous"} & symbols(wanted):
            raise Refusal("a step that is divided by something with the index in it")
        require_positive(wanted, model, strict=False, facts=_owned(facts, model))
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
    "root": _by_root,
    "spectral": _by_spectrum,
    "triangle": _by_triangle,
    "antiderivative": _by_antiderivative,
    "solves": _by_solution,
    "induction": _by_induction,
}
