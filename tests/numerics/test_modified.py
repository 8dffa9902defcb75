"""Worlds in which an assumption fails: no formula is refuted where all hold, and each change refutes what it should."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest

import derivations
from latentreuse.catalogue import emitted, function
from numerics.modified import STATEMENTS, Truth, read, worlds
from numerics.refutations import OF_A_LAW, refute, replay
from theory.assumptions import Assumptions
from theory.choices import CHOICES, DROPS

NARROW = [{}, {"sigma2": "0"}, {"dims": "k<d"}, {"dims": "k>d"}, {"lambda": "isotropic"}, {"source_noise": "same"}]
F = Fraction


def found(result: str, process: str | None = None, **choices: str):
    return refute(result, function(result), emitted(result).values, choices, process)


@pytest.mark.parametrize("choices", NARROW, ids=str)
@pytest.mark.parametrize("result", sorted(STATEMENTS))
def test_where_the_assumptions_hold_no_formula_is_refuted(result: str, choices: dict[str, str]):
    assert found(result, **choices) == []


@pytest.mark.parametrize("process", ["ve", "flow", "sub-vp", "vp"])
def test_nor_at_the_times_of_a_process(process: str):
    assert found("frozen-latent-error", process) == []
    assert found("exact-kl", process, mu="free")


def test_a_process_without_listed_times_is_not_searched():
    assert found("frozen-latent-error", "one of my own", mu="free") == []


def test_a_wrong_formula_is_refuted_where_the_assumptions_hold():
    right = function("frozen-latent-error")
    wrong = lambda *arguments, fn: right(*arguments, fn=fn) * 2  # noqa: E731 - one use
    assert [r.value for r in refute("frozen-latent-error", wrong, ("E",), {})] == ["E"]


@pytest.mark.parametrize(("key", "value"), sorted(set(DROPS)), ids=str)
def test_every_assumption_given_up_breaks_the_closed_form_of_the_error(key: str, value: str):
    refutations = found("frozen-latent-error", **{key: value})
    assert [r.value for r in refutations] == ["E"]
    for r in refutations:
        data = json.loads(json.dumps(r.world))
        assert replay(r.result, r.value, data) == r.truth
        assert r.formula != r.truth


UNTOUCHED = [("in-latent-gap", {"mu": "free"}), ("in-latent-gap", {"decoder": "none"})]


@pytest.mark.parametrize(("result", "choices"), UNTOUCHED, ids=str)
def test_what_a_change_does_not_touch_is_not_refuted(result: str, choices: dict[str, str]):
    assert found(result, **choices) == []


def test_the_upper_bound_fails_for_two_points_and_for_a_mean():
    assert [r.value for r in found("two-sided-bound", latent="any")] == ["E", "upper"]
    assert [r.value for r in found("two-sided-bound", mu="free")] == ["E", "upper"]
    assert [r.value for r in found("non-gaussian-bound", latent="mixture")] == ["E", "bound"]
    assert set(OF_A_LAW) <= set(derivations.ids())


def test_a_law_is_not_tried_in_a_setting_that_it_does_not_have():
    assert found("two-sided-bound", latent="any", dims="k>d") == []
    assert found("two-sided-bound", "sub-vp", latent="any") == []


def test_a_world_reads_back_and_a_changed_one_tells_another_truth():
    world = next(worlds({"mu": "free"}))
    data = world.written()
    assert Truth(read(data)).error == Truth(world).error
    assert Truth(replace(world, mean=(F(0),) * world.D)).error != Truth(world).error


@pytest.mark.parametrize("spoil", [{"U": []}, {"h": "0"}, {"h": "x"}, {"mean": ["1"]}, {"V": "abc"}])
def test_a_world_that_is_none_is_refused(spoil: dict[str, object]):
    data = {**next(worlds({})).written(), **spoil}
    with pytest.raises((ValueError, KeyError, TypeError, ZeroDivisionError, IndexError)):
        replay("frozen-latent-error", "E", data)


def test_the_choices_that_have_worlds_are_choices():
    known = {(key, value) for key, values in CHOICES.items() for value in values}
    for key, value in DROPS:
        assert (key, value) in known
        if key != "latent":
            assert next(worlds({key: value})) != next(worlds({}))
    assert Assumptions.default().choices == ()
