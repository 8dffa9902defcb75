"""The kernel: the only maker of links. With what it calls, it is what must be trusted.

A `Chain` is a calculation: a start, and links "relation, next expression, reason". Building one only checks that the
reasons' assumptions are there (else `Stopped`, which names the step and what is missing). `check` decides every link:

* `=`        exact normal form under the relations of the reason (`normal.py`);
* `<=, >=`   a certificate that the separate checker accepts (`checker.py`), class by class and constant by constant;
* cases      a covering split of one variable at 1;   * optimum   a completed square;
* triangle   a distance against the distances along a path between the same two laws;
* spectral   sums of one function over two ordered lists of eigenvalues: its slope and its convexity by certificate
             (these five in `inequalities.py`);
* root       its square is the radicand, its sign by certificate;
* solves     substituted back, initial value checked;
* induction  the first term and the step (these three in `equations.py`);
* antiderivative   differentiated, end values checked.

Every denominator and every logarithm's argument of a scalar line must be certified positive (`defined.py`). What is not
decided is refused; a refusal is never turned into anything better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from theory.certificate import Certificate
from theory.chain import Chain, Link
from theory.defined import bound_variables, own_facts, require_defined, without_variable
from theory.equations import by_induction, by_root, by_solution
from theory.expr import INFINITY, Expr, diff, num, substitute, sym, walk
from theory.facts import Facts
from theory.inequalities import by_cases, by_certificate, by_optimum, by_spectrum, by_triangle
from theory.model import Model
from theory.normal import equal, normaliser_for, prepare
from theory.positivity import Accepted, Positive, Refusal, require_positive
from theory.rates import CONSTANTS
from theory.rules import SIGNAL, Rule, merged
from theory.scope import (
    bound_chains,
    given_names,
    introduced,
    lines,
    require_no_circle,
    require_order,
    require_own_name,
)
from theory.theorems import THEOREMS
from theory.vocabulary import require_consistent, require_depth, require_wellformed


@dataclass(frozen=True)
class StepReport:
    """The kernel's answer for one link, with the certificates that carry it, and what it took besides them."""

    chain: str
    step: int
    accepted: bool
    how: str
    certificates: tuple[Certificate, ...] = ()
    beside: Positive = Positive()


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
        require_defined(chain.start, chain.model, first)
    except (ValueError, ArithmeticError, RecursionError) as reason:
        return [StepReport(chain.name, 1, False, str(reason))]
    for number, link in enumerate(chain.links, 1):
        try:
            answer, accepted = _decide(before, link, chain.model), True
        except Exception as reason:  # noqa: BLE001 - whatever goes wrong in deciding a link, it is not accepted
            answer, accepted = Accepted(str(reason) or type(reason).__name__), False
        reports.append(StepReport(chain.name, number, accepted, answer.how, answer.certificates, answer.beside))
        before = link.expr
    return reports


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
    for variable in bound_variables(before, link):
        facts = without_variable(facts, model, variable)
    _admissible(link.rule, facts, model)
    for part in link.parts if link.form != "induction" else ():
        require_defined(part, model, facts)
    # the line before at special values is defined where that is
    if facts.instance is None or link.expr != facts.instance(before):
        require_defined(link.expr, model, facts)
    return _FORMS[link.form](before, link, model, facts)


def _admissible(rule: Rule, facts: Facts, model: Model) -> None:
    """A rule's names must be its own to give; its lemmas must be proved, in the same model, its theorems listed, and
    what it wants positive must be."""
    for name, value in facts.defines.items():
        require_own_name(name, value, model)
        require_defined(value, model, facts)
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
            require_positive(condition, model, strict=True, facts=own_facts(facts, model))


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


def _require_proved(lemma: object, model: Model) -> None:
    if not isinstance(lemma, Chain):
        raise Refusal("a lemma that is no chain")
    if lemma.model != model:
        raise Refusal(f"'{lemma.name}' is about another model")
    if not all(report.accepted for report in check(lemma)):
        raise Refusal(f"'{lemma.name}', on which this rests, is not proved")


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
        require_defined(part, model, without_variable(facts, model, variable))
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


_FORMS: dict[str, Callable[[Expr, Link, Model, Facts], Accepted]] = {
    "normal form": _by_normal_form,
    "certificate": by_certificate,
    "cases": by_cases,
    "optimum": by_optimum,
    "root": by_root,
    "spectral": by_spectrum,
    "triangle": by_triangle,
    "antiderivative": _by_antiderivative,
    "solves": by_solution,
    "induction": by_induction,
}
