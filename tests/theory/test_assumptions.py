"""Three faces of an assumption: the fact changes the model, the constraint bounds samplers, the sentence prints."""

import pickle
from dataclasses import replace
from fractions import Fraction

import pytest

from numerics.cases import full_cases, quick_cases, tight_cases
from theory import symbols as S
from theory.assumptions import ALL, BY_TAG, CHOICES, DROPS, PROCESSES, Assumptions, violated
from theory.latex import sentence
from theory.model import Model

GOOD = {
    "D": 6, "k": 2, "d": 3, "alpha2": Fraction(1, 2), "h": Fraction(1, 2), "sigma2": Fraction(0),
    "lam": [Fraction(1), Fraction(0), Fraction(2)], "theta": [0.0, 1.5],
}  # fmt: skip
BREAKING = {
    "positive-time": {"h": Fraction(0)},
    "real-signal": {"alpha2": Fraction(-1, 10)},
    "nonnegative-latent": {"lam": [Fraction(1), Fraction(-1, 10**9), Fraction(2)]},
    "nonnegative-noise": {"sigma2": Fraction(-1, 10**9)},
    "acute-angles": {"theta": [0.0, 1.6]},
    "sizes": {"k": 7},
    "orthonormal-encoder": {"defect_U": 1e-3},
    "orthonormal-target": {"defect_V": 1e-3},
    "forward-sde": {"r_dot": -1},
}


def test_a_point_of_the_model_breaks_nothing():
    assert violated(GOOD) == []


@pytest.mark.parametrize("tag", BREAKING)
def test_a_point_that_breaks_one_assumption_is_named_by_its_tag(tag):
    assert violated({**GOOD, **BREAKING[tag]}) == [tag]


@pytest.mark.parametrize("draw", [full_cases, quick_cases, tight_cases])
@pytest.mark.parametrize("exact", [True, False])
def test_samplers_obey_the_constraints(draw, exact):
    cases = draw(exact)
    assert len(cases) >= 10
    for case in cases:
        assert violated({**vars(case), "theta": [0.0]}) == []


def test_a_drawn_point_that_breaks_an_assumption_cannot_be_made():
    case = quick_cases(True)[0]
    with pytest.raises(ValueError, match="positive-time"):
        replace(case, h=Fraction(0))


@pytest.mark.parametrize("assumption", ALL, ids=lambda a: a.tag)
def test_the_fact_changes_the_model(assumption):
    bare = Model.bare()
    assert assumption.fact(bare) != bare


@pytest.mark.parametrize("assumption", ALL, ids=lambda a: a.tag)
def test_the_sentence_prints(assumption):
    assert assumption.sentence.endswith(".")
    assert "`" not in sentence(assumption.sentence)


def test_what_a_choice_drops_is_an_assumption():
    assert set(DROPS.values()) <= set(BY_TAG)
    assert all(value in CHOICES[key] for key, value in DROPS)


@pytest.mark.parametrize(
    ("choices", "process", "hint"),
    [
        ({"lambd": "isotropic"}, None, "did you mean lambda"),
        ({"lambda": "isotropc"}, None, "did you mean isotropic"),
        ({}, "vpou", "did you mean vp-ou"),
        ({"zzz": "1"}, None, "allowed: lambda"),
    ],
)
def test_an_unknown_choice_is_one_line_with_a_hint(choices, process, hint):
    with pytest.raises(ValueError, match=hint) as caught:
        Assumptions.default().choose(choices, process)
    assert "\n" not in str(caught.value)


def test_a_choice_and_back_is_the_default():
    there = Assumptions.default().choose({"mu": "free", "sigma2": "0"})
    assert there.choose({"mu": "0", "sigma2": "free"}) == Assumptions.default()
    assert there.choose({}, PROCESSES[0]).choices == there.choices


@pytest.mark.parametrize("table", ["domains", "definitions", "fixed"])
def test_a_model_that_is_shared_stays_as_it_is(table):
    """It is made once for a set of assumptions: a result that changed it would change what all others rest on."""
    owned = getattr(Assumptions.default().model(), table)
    for change in (
        lambda: owned.__setitem__("alpha_dot", "positive"), lambda: owned.update(c=S.h), owned.clear,
        lambda: owned.setdefault("c", S.h), lambda: owned.pop("c", None), lambda: owned.__ior__({"c": S.h}),
        lambda: owned.__delitem__("c"), owned.popitem,
    ):  # fmt: skip
        with pytest.raises(TypeError, match="stay as they are"):
            change()
    again = pickle.loads(pickle.dumps(Assumptions.default().model()))
    assert again == Assumptions.default().model()
    assert type(getattr(again, table)) is type(owned)
