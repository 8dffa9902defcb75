"""Wrong formulas: no rung agrees with one, and the kernel proves none. The same formula written otherwise passes."""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import mutations
import pytest
from mutations import DETERMINISTIC, NUMERIC, REWRITES, STRUCTURAL, Mutant, accepted, changes, default, same
from tree_values import PLACES, values_at

import derivations
from numerics import results, rungs
from theory.chain import Link
from theory.derivation import Derivation
from theory.expr import Expr, num
from theory.facts import Facts
from theory.rules import merged
from theory.text import text

KINDS = {"sign", "factor 2", "sin for cos", "h for c", "h for h^2", "alpha for alpha^2", "dropped term"}


def rungs_of(result: str) -> list[str]:
    """The deterministic rungs that apply to a result: one at least."""
    found = [rung for rung in DETERMINISTIC if rungs.applies(rung, result) is None]
    assert found, f"{result}: no deterministic rung applies"
    return found


def test_every_result_has_a_second_road() -> None:
    assert set(STRUCTURAL) < set(derivations.ids()) <= set(results.ids())


SAMPLE = 60  # mutants of a result that are tried in every run; all of them are in the campaign


@pytest.mark.parametrize("result", derivations.ids())
def test_mutants_are_refuted_by_every_deterministic_rung_and_proved_by_nobody(
    result: str, record_property: Callable[[str, object], None]
) -> None:
    _attack(result, record_property, SAMPLE)


@pytest.mark.campaign
@pytest.mark.parametrize("result", derivations.ids())
def test_all_mutants(result: str, record_property: Callable[[str, object], None]) -> None:
    _attack(result, record_property, None)


def _sample(found: list[Mutant], most: int | None) -> list[Mutant]:
    """Evenly spread over the list, which goes through the values from front to back; every kind of error stays."""
    if most is None or len(found) <= most:
        return found
    chosen = {i * len(found) // most for i in range(most)}
    first = {mutant.kind: i for i, mutant in reversed(list(enumerate(found)))}
    return [mutant for i, mutant in enumerate(found) if i in chosen | set(first.values())]


def _attack(result: str, record_property: Callable[[str, object], None], most: int | None) -> None:
    derivation = default(result)
    originals = {output.name: output for output in derivation.outputs}
    everything, neutral = mutations.mutants(derivation)
    found = _sample(everything, most)
    survivors, proved = [], []
    refuted = Counter[str]()
    for number, mutant in enumerate(found):
        function = mutations.function(mutant.derivation)
        for rung in rungs_of(result):
            outcome = rungs.run(rung, result, function, seed=0, effort="quick").outcome
            refuted[rung] += outcome == "refuted"
            if outcome != "refuted":
                survivors.append(f"{rung} {outcome}: {mutant.label}")
        asked = most is None or len(everything) <= most or number % 4 == 0  # a normal form with roots takes seconds
        if asked and mutations.proved(derivation, originals[mutant.output.name], mutant.output):
            proved.append(mutant.label)
    row = {"result": result, "tried": len(everything) + neutral, "neutral": neutral, "mutants": len(found)}
    row |= {rung: refuted[rung] for rung in rungs_of(result)}
    record_property("mutants", {**row, "proved": len(proved)})
    assert not survivors, "\n".join(survivors)
    assert not proved, "\n".join(proved)
    assert len(found) >= (10 if result in NUMERIC else 5)
    assert len({kind for kind in KINDS if any(m.kind == kind for m in found)}) >= (4 if result in NUMERIC else 3)


def test_every_kind_of_error_is_among_the_mutants() -> None:
    kinds = {mutant.kind for result in NUMERIC for mutant in mutations.mutants(default(result))[0]}
    assert kinds >= KINDS | {"c for h", "dropped factor", "dropped assumption", "multiplicity", "power"}


# Weaker, and still true: the kernel may well prove these; only a case of equality or of asymptotic tightness tells.
WEAKER: tuple[tuple[str, Callable[[Expr], Expr]], ...] = (
    ("lower", lambda bound: bound / 2),
    ("lower", lambda bound: Expr("add", (bound.children[0] / 2, bound.children[1]))),
    ("lower", lambda bound: Expr("add", (bound.children[0], bound.children[1] / 2))),
    ("lower", lambda bound: bound.children[0]),
    ("lower", lambda bound: bound.children[1]),
    ("lower", lambda bound: num(0) * bound),
    ("upper", lambda bound: 2 * bound),
    ("upper", lambda bound: Expr("add", (2 * bound.children[0], bound.children[1]))),
    ("upper", lambda bound: Expr("add", (bound.children[0], 2 * bound.children[1]))),
)


@pytest.mark.parametrize(("name", "weaken"), WEAKER)
def test_a_merely_weaker_bound_is_refuted_by_a_case_of_tightness(name: str, weaken: Callable[[Expr], Expr]) -> None:
    derivation = default("two-sided-bound")
    i = [output.name for output in derivation.outputs].index(name)
    output = derivation.outputs[i]
    weaker = mutations.with_output(derivation, i, replace(output, stable=weaken(output.stable)))
    for rung in DETERMINISTIC:
        report = rungs.run(rung, "two-sided-bound", mutations.function(weaker), seed=0, effort="quick")
        assert report.outcome == "refuted", (rung, name)


@pytest.mark.parametrize("name", ["lower", "upper"])
def test_the_kernel_proves_no_bound_that_is_false(name: str) -> None:
    """Mutants of a bound, put to the step that proves it: what passes is a weaker bound, and holds at every place."""
    derivation = default("two-sided-bound")
    original = next(output for output in derivation.outputs if output.name == name)
    (chain,) = (c for c in derivation.chains if c.end == original.closed)
    error = default("frozen-latent-error").outputs[0].stable
    (link,) = chain.links
    verdicts = Counter[bool]()
    for change in changes(original.closed)[::2]:
        passed = accepted(chain.start, replace(link, expr=change.expr), derivation)
        verdicts[passed] += 1
        if passed:
            for place in PLACES:
                bound, truth = (values_at(expr, None, place)[0] for expr in (change.expr, error))
                small, large = (bound, truth) if name == "lower" else (truth, bound)
                assert small <= large * (1 + 1e-12), text(change.expr)
    assert verdicts[True] >= 1, "a merely weaker bound is a true statement"
    assert verdicts[False] >= 10


def _wrong(link: Link, before: Expr, facts: Facts, rng: random.Random) -> Iterator[Link]:
    """One or two changes of a line, none of which is true."""
    if link.relation == "=":
        candidates = [2 * link.expr]
        if link.expr.is_scalar:
            others = changes(link.expr)
            candidates += [rng.choice(others).expr if others else link.expr + 1]
        yield from (replace(link, expr=expr) for expr in candidates if not same(link.expr, expr, facts))
    elif link.expr == num(0):
        yield replace(link, relation=">=" if link.relation == "<=" else "<=")
        yield replace(link, expr=num(1) if link.relation == ">=" else num(-1))
    else:
        yield replace(link, expr=link.expr / 2 if link.relation == "<=" else 2 * link.expr)
        yield replace(link, expr=-link.expr if link.relation == "<=" else link.expr + 1)


@pytest.mark.parametrize("result", derivations.ids())
def test_no_step_survives_a_change_of_its_line(result: str) -> None:
    derivation = default(result)
    wrongly, tried = [], 0
    for chain in derivation.chains:
        before = chain.start
        for number, link in enumerate(chain.links, 1):
            facts = merged(chain.model.facts(), link.rule.facts(chain.model))
            for wrong in _wrong(link, before, facts, random.Random(f"{result} {chain.name} {number}")):
                tried += 1
                if accepted(before, wrong, derivation):
                    wrongly.append(f"{chain.name}, step {number}: {wrong.relation} {text(wrong.expr)}")
            before = link.expr
    assert not wrongly, "\n".join(wrongly)
    assert tried >= sum(len(chain.links) for chain in derivation.chains)


@pytest.mark.parametrize("result", NUMERIC)
def test_the_same_formula_written_otherwise_passes(result: str) -> None:
    derivation = default(result)
    passed = Counter[str]()
    for i, output in enumerate(derivation.outputs):
        for rewrite in REWRITES:
            other = rewrite(output.stable)
            changed = mutations.with_output(derivation, i, replace(output, stable=other))
            if other == output.stable or mutations.text_of(changed) is None:
                continue
            steps = mutations.proofs_wanted(derivation, output, other)
            assert accepted(*next(steps), derivation), (rewrite.__name__, text(other))
            for rung in rungs_of(result):
                report = rungs.run(rung, result, mutations.function(changed), seed=0, effort="quick")
                assert report.outcome == "agrees", (rewrite.__name__, rung, json.dumps(report.counterexample))
            passed[output.name] += 1
    assert set(passed) == {output.name for output in derivation.outputs}
    assert min(passed.values()) >= 1 and max(passed.values()) >= 2, passed


def test_reports_name_a_point() -> None:
    """What refutes is printed: a refuted mutant comes with the point where it fails."""
    derivation: Derivation = default("frozen-latent-error")
    output = derivation.outputs[0]
    doubled = mutations.with_output(derivation, 0, replace(output, stable=2 * output.stable))
    for rung in DETERMINISTIC:
        report = rungs.run(rung, derivation.id, mutations.function(doubled), seed=0, effort="quick")
        assert report.counterexample is not None and "D=" in report.counterexample
