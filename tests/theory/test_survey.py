"""What survives when an assumption is given up, chain by chain; and what the kernel refuses stays refused."""

from dataclasses import replace

import pytest

import derivations
from theory import kernel
from theory.assumptions import Assumptions
from theory.choices import DROPS
from theory.derivation import Stopped
from theory.expr import num
from theory.rules import ALGEBRA
from theory.survey import fates, life, stop_of
from theory.verdict import Verdict

DEFAULT = Assumptions.default()


def surveyed(result: str, **choices: str):
    return derivations.load(result).derive(DEFAULT.choose(choices).surveying())


def test_under_the_default_every_chain_lives_and_every_value_holds():
    found = surveyed("frozen-latent-error")
    assert all(life(chain).whole for chain in found.chains)
    assert all(fate.holds for fate in fates(found))


def test_a_chain_is_cut_before_the_step_that_misses_something():
    chain = surveyed("frozen-latent-error", mu="free").chain("second moment of the difference")
    found = life(chain)
    assert found.stop is not None
    assert (found.stop.step, found.stop.missing) == (4, "centred-target")
    assert len(found.kept.links) == 3
    assert found.refused is None
    assert not found.whole


def test_a_lemma_that_stops_stops_the_chain_that_uses_it():
    chain = surveyed("misaligned-covariance", latent="any").chain("`tr Sigma^-1`")
    assert stop_of(chain) is None  # its lemma is about matrices, not about laws
    using = surveyed("frozen-latent-error", latent="any").chain("second moment of the difference")
    stop = stop_of(using)
    assert stop is not None
    assert stop.result == "target-score"
    assert life(using).kept.links == []


@pytest.mark.parametrize(("key", "value"), sorted(DROPS))
def test_writing_on_past_a_missing_assumption_proves_nothing(key: str, value: str):
    derivation = surveyed("frozen-latent-error", **{key: value})
    try:
        derivations.load("frozen-latent-error").derive(DEFAULT.choose({key: value}))
    except Stopped:
        assert derivation.check().verdict is Verdict.UNDECIDED
        assert not all(fate.holds for fate in fates(derivation))
    else:
        pytest.fail("the choice gives up nothing that this result needs")


def test_the_trace_form_survives_a_misaligned_covariance():
    (fate,) = fates(surveyed("frozen-latent-error", **{"lambda": "misaligned"}))
    assert not fate.holds
    assert fate.survives is not None
    whole = derivations.load("frozen-latent-error").derive(DEFAULT)
    assert fate.survives[1] == whole.chain("trace form, for any positive definite `Sigma`").end


def test_a_wrong_line_is_refused_and_does_not_survive():
    chain = surveyed("frozen-latent-error").chain("as evaluated")
    wrong = replace(chain, links=[*chain.links, replace(chain.links[-1], expr=chain.end + 1)])
    assert life(wrong).refused is not None
    assert not life(wrong).whole


def test_the_value_is_lost_with_any_chain_that_leads_to_it():
    derivation = surveyed("two-sided-bound", mu="free")
    assert [fate.holds for fate in fates(derivation)] == [False, False, False]


REPLACING = [
    (other, made.choice) for other in derivations.ids() for made in derivations.load(other).derive(DEFAULT).replaces
]


def test_there_are_replacements():
    assert len(REPLACING) >= 20


@pytest.mark.parametrize(("other", "choice"), sorted(set(REPLACING)), ids=str)
def test_what_replaces_a_value_is_proved_under_its_choice(other: str, choice: tuple[str, str]):
    derivation = derivations.load(other).derive(DEFAULT.choose(dict([choice])).surveying())
    mine = [made for made in derivation.replaces if made.choice == choice]
    assert mine
    for made in mine:
        target = derivations.load(made.result).derive(DEFAULT)
        assert made.output in [output.name for output in target.outputs]
        for chain in made.chains:
            assert life(chain).whole, (made, chain.name)


def test_the_survey_flag_alone_changes_no_verdict():
    plain, flagged = (derivations.load("in-latent-gap").derive(a) for a in (DEFAULT, DEFAULT.surveying()))
    assert plain.check().verdict is flagged.check().verdict is Verdict.PROVED
    chain = flagged.chains[0]
    spoiled = replace(chain, links=[replace(chain.links[0], expr=num(0), rule=ALGEBRA)])
    assert not all(report.accepted for report in kernel.check(spoiled))
