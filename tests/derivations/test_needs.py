"""What a rule says it needs: the kernel refuses its step in a model without the fact, and no step is written without
the assumption."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from mutations import accepted

import derivations
from theory import rules
from theory.assumptions import ALL, BY_TAG, DROPS, Assumptions
from theory.chain import Link, Stopped
from theory.derivation import Derivation
from theory.expr import Expr
from theory.rules import Rule

DEFAULT = Assumptions.default()


@cache
def single_rules() -> tuple[Rule, ...]:
    """Every rule that some file names and that needs something."""
    modules = [rules, *(derivations.load(result) for result in derivations.ids())]
    found = {rule.name: rule for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}
    return tuple(rule for rule in found.values() if rule.needs)


def parts(rule: Rule) -> list[Rule]:
    """The named rules of which a line's reason is made."""
    return [one for one in single_rules() if f"; {one.name}; " in f"; {rule.name}; "]


def steps(assumptions: Assumptions) -> Iterator[tuple[Derivation, Expr, Link]]:
    """Every step of every result, with the line before it."""
    for result in derivations.ids():
        derivation = derivations.load(result).derive(assumptions)
        for chain in derivation.chains:
            before = chain.start
            for link in chain.links:
                yield derivation, before, link
                before = link.expr


@cache
def used_needs() -> frozenset[tuple[str, str]]:
    """(rule, tag): what the rules of the chains need."""
    return frozenset((one.name, tag) for _, _, link in steps(DEFAULT) for one in parts(link.rule) for tag in one.needs)


def test_every_need_of_a_line_is_the_need_of_a_named_rule() -> None:
    for derivation, _, link in steps(DEFAULT):
        named = frozenset().union(*(one.needs for one in parts(link.rule)))
        assert link.rule.needs == named, (derivation.id, link.rule.name)


def test_tags_are_known() -> None:
    assert {tag for _, tag in used_needs()} <= set(BY_TAG)


@pytest.mark.parametrize("tag", list(BY_TAG))
def test_the_kernel_looks_at_the_model_and_not_at_the_label(tag: str) -> None:
    """A need that no model violates is deleted."""
    wanted = {name for name, need in used_needs() if need == tag}
    refused: set[str] = set()
    for derivation, before, link in steps(DEFAULT.pretending(tag)):
        here = {one.name for one in parts(link.rule) if tag in one.needs}
        if here - refused and not accepted(before, link, derivation):
            refused |= here
    assert refused == wanted, f"no model without {tag} is refused by: {sorted(wanted - refused)}"


@pytest.mark.parametrize("tag", list(BY_TAG))
def test_every_assumption_is_needed_by_a_rule(tag: str) -> None:
    """What no rule needs is printed for no result, and could be given up without any derivation stopping."""
    assert any(need == tag for _, need in used_needs())


def without(tag: str) -> list[Assumptions]:
    """The default set less one assumption, and the choices that give it up."""
    chosen = [DEFAULT.choose({key: value}) for (key, value), dropped in DROPS.items() if dropped == tag]
    return [replace(DEFAULT, tags=DEFAULT.tags - {tag}), *chosen]


@pytest.mark.parametrize("tag", list(BY_TAG))
def test_a_derivation_stops_where_an_assumption_is_missing(tag: str) -> None:
    for assumptions in without(tag):
        for result in derivations.ids():
            derive = derivations.load(result).derive
            if tag not in derive(DEFAULT).needs:
                assert derive(assumptions).id == result
                continue
            with pytest.raises(Stopped) as stopped:
                derive(assumptions)
            assert stopped.value.missing == tag
            assert tag in str(stopped.value) and f"step {stopped.value.step}" in str(stopped.value)


def test_the_three_faces_are_complete() -> None:
    assert [a.tag for a in ALL] == list(dict.fromkeys(a.tag for a in ALL))
    assert all(a.sentence.endswith(".") for a in ALL)
    assert all(a.fact(Assumptions(tags=frozenset()).model()) != Assumptions(tags=frozenset()).model() for a in ALL)
