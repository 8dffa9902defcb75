"""Assumptions that narrow go through with a closed form that agrees with the general one; those that widen stop."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import mutations
import pytest
from flint import fmpq
from tree_values import Place, value, values_at

import derivations
from numerics.functions import EXACT, FLOAT, Inexact
from theory import kernel
from theory.assumptions import CHOICES, DROPS, PROCESSES, Assumptions
from theory.choices import ADDS, READINGS
from theory.derivation import Derivation, Stopped
from theory.processes import BY_NAME


@dataclass(frozen=True)
class Setting:
    choices: dict[str, str] = field(default_factory=dict)
    process: str | None = None

    @property
    def assumptions(self) -> Assumptions:
        return Assumptions.default().choose(self.choices, self.process)

    def __str__(self) -> str:
        return ",".join([f"{key}={name}" for key, name in self.choices.items()] + [self.process or ""]).strip(",")


SINGLE = [Setting({key: name}) for key, names in CHOICES.items() for name in names[1:] if (key, name) in ADDS]
TOGETHER = [
    Setting({"sigma2": "0", "lambda": "isotropic", "dims": "k=d"}),
    Setting({"lambda": "isotropic", "dims": "k<d"}),
    Setting({"sigma2": "0", "dims": "k>d"}, "vp-ou"),
]
NARROW = [*SINGLE, *TOGETHER]
IN_TIME = [*(Setting({}, process) for process in PROCESSES), TOGETHER[-1]]
OWN_TIME = ", in the process's own time"
# statements on the data, whatever the time
TIMELESS = {
    "limits",
    "mixture-spectrum",
    "shared-dimension",
    "shared-latent-error",
    "best-mixing-weight",
    "sample-angles",
}
ANGLES = ((Fraction(3, 5), Fraction(4, 5)), (Fraction(12, 13), Fraction(5, 13)), (Fraction(20, 29), Fraction(21, 29)))
SIZES = {
    "any": ((7, 2, 2), (8, 3, 2), (9, 1, 3)),
    "k=d": ((6, 2, 2), (5, 1, 1), (8, 3, 3)),
    "k<d": ((6, 1, 2), (9, 2, 3), (7, 1, 3)),
    "k>d": ((5, 2, 1), (8, 3, 2), (9, 4, 1)),
}


def places(setting: Setting) -> Iterator[Place]:
    """Rational points that satisfy the setting; off the line alpha^2 + h = 1 too."""
    for i, (D, k, d) in enumerate(SIZES[setting.choices.get("dims", "any")]):
        equal = "lambda" in setting.choices
        variances = [Fraction(7 if equal else 2 * j + 1, 3 + i) for j in range(d)]
        turned = [*ANGLES[: min(k, d)], *[(Fraction(1), Fraction(0))] * (d - k)]
        planes = tuple((lam, *angle) for lam, angle in zip(variances, turned, strict=True))
        sigma2 = Fraction(0) if "sigma2" in setting.choices else Fraction(4, 7 + i)
        same = "source_noise" in setting.choices
        yield Place(D, k, Fraction(3, 5 + i), Fraction(16, 25) / (i + 1), sigma2, planes, same_noise=same)


def _flint(item: Any) -> Any:
    if isinstance(item, Fraction):
        return fmpq(item.numerator, item.denominator)
    return type(item)(map(_flint, item)) if isinstance(item, list | tuple) else item


def exactly(derivation: Derivation, place: Place) -> Any:
    """The emitted function at a place: exact numbers and formal logarithms; floats where a root is irrational."""
    function = mutations.function(derivation)
    try:
        return place.call(function, _flint, fn=EXACT)
    except Inexact:
        return pytest.approx(_flat(place.call(function, _floats, fn=FLOAT)), rel=1e-11)


def _floats(item: Any) -> Any:
    return (
        float(item)
        if isinstance(item, Fraction)
        else type(item)(map(_floats, item))
        if isinstance(item, list | tuple)
        else item
    )


def _flat(item: Any) -> list[float]:
    return [x for part in item for x in _flat(part)] if isinstance(item, list) else [float(item)]


def test_the_settings_are_all_there() -> None:
    assert [str(s) for s in SINGLE] == [
        "lambda=isotropic", "sigma2=0", "dims=k=d", "dims=k<d", "dims=k>d", "source_noise=same",
    ]  # fmt: skip
    assert set(BY_NAME) == set(PROCESSES)


# Their normal forms take minutes in all settings together: they are in the campaign.
SLOW = {
    "shared-latent-error", "continuous-sampler", "discrete-sampler", "exact-w2", "best-mixing-weight", "sample-angles",
    "estimated-encoder", "noise-aware-decoder", "source-score", "frozen-score", "mean-shift", "generated-law",
    "parameterizations", "schedule-invariance", "kl-is-integrated-error", "limits", "reuse-horizon", "monotonicity",
    "critical-angle", "unequal-dimensions", "mixture-spectrum", "shared-dimension", "regularity", "mmse-identity",
    "non-gaussian-bound", "misaligned-covariance", "error-budget",
}  # fmt: skip


@pytest.mark.parametrize("setting", NARROW, ids=str)
def test_what_narrows_is_proved_and_agrees_with_the_general_form(setting: Setting) -> None:
    _narrowed(setting, [result for result in derivations.ids() if result not in SLOW])


@pytest.mark.campaign
@pytest.mark.parametrize("setting", NARROW, ids=str)
@pytest.mark.parametrize("result", sorted(SLOW))
def test_what_narrows_is_proved_and_agrees_for_the_slow_ones(setting: Setting, result: str) -> None:
    _narrowed(setting, [result])


def _narrowed(setting: Setting, results: list[str]) -> None:
    for result in results:
        derivation = derivations.load(result).derive(setting.assumptions)
        checked = derivation.check()
        assert not checked.failures, (result, checked.failures)
        assert checked.verdict is mutations.default(result).check().verdict
        for place in places(setting):
            special, general = exactly(derivation, place), exactly(mutations.default(result), place)
            assert _same(special, general), (result, place)
            moved = exactly(mutations.default(result), _elsewhere(place))
            assert result in TIMELESS or not _same(special, moved), (result, place)


def _same(one: Any, other: Any) -> bool:
    """Equal numbers; where one of them is approximate, up to its tolerance."""
    left, right = (getattr(x, "expected", x) for x in (one, other))
    if left is one and right is other:
        return bool(one == other)
    return bool(_flat(left) == pytest.approx(_flat(right), rel=1e-11))


def _elsewhere(place: Place) -> Place:
    return replace(place, h=2 * place.h)


@pytest.mark.parametrize("setting", IN_TIME, ids=str)
def test_the_form_in_the_process_s_own_time_is_the_closed_form_there(setting: Setting) -> None:
    process = BY_NAME[str(setting.process)]
    every = setting.process == "flow"  # the slow ones in one process
    for result in (r for r in derivations.ids() if every or r not in SLOW):
        derivation = derivations.load(result).derive(setting.assumptions)
        # only what is said in the process's own time depends on the process
        timed = [chain for chain in derivation.chains if chain.name.endswith(OWN_TIME)]
        assert len(timed) == len(derivation.outputs)
        assert all(report.accepted for chain in timed for report in kernel.check(chain)), (result, setting)
        for output in derivation.outputs:
            assert output.in_time is not None
            for exact in places(setting):
                planes = tuple(tuple(map(float, plane)) for plane in exact.planes)
                times = {"t": 0.37, "B": 0.81, "abar": 0.49, "c_u": 0.5, "c_0": 0.9}
                alpha, h = (value(tree, {**times, "alpha": 0.7}, exact) for tree in (process.alpha, process.h))
                place = Place(exact.D, exact.k, alpha, h, float(exact.sigma2), planes, tuple(times.items()))  # type: ignore[arg-type]
                ours, theirs = (values_at(tree, output.over, place) for tree in (output.closed, output.in_time))
                assert theirs == pytest.approx(ours, rel=1e-9), (result, output.name)


# What still holds when an assumption is given up: everything else stops, and names it.
DATA = {"principal-planes", "forward-marginal", "mixture-spectrum", "sample-angles", "shared-dimension"}
SCORES = DATA | {"target-score", "latent-optimum", "regularity"}
SAMPLERS = {"continuous-sampler", "discrete-sampler"}
STILL: dict[tuple[str, str], set[str]] = {
    ("lambda", "misaligned"): set(),
    ("mu", "free"): SCORES | SAMPLERS | {"mean-shift"},
    **dict.fromkeys((("latent", "mixture"), ("latent", "any")), DATA),
    ("noise", "off-subspace"): set(),
    ("noise", "any"): set(),
    ("encoder", "oblique"): set(),
    **dict.fromkeys((("score", "frozen"), ("score", "source")), SCORES | {"frozen-score", "source-score"}),
    **dict.fromkeys(
        (("decoder", factor) for factor in ("noise-aware", "1/c_s", "none", "free")), SCORES | {"noise-aware-decoder"}
    ),
}


def test_every_choice_narrows_widens_or_asks_for_another_quantity() -> None:
    assert set(STILL) == set(DROPS)
    assert {*STILL, *READINGS, *((key, name) for s in SINGLE for key, name in s.choices.items())} == {
        (key, name) for key, names in CHOICES.items() for name in names[1:]
    }


WIDER = pytest.mark.parametrize(("choice", "still"), STILL.items(), ids=[f"{key}={name}" for key, name in STILL])


@pytest.mark.campaign
@WIDER
def test_the_slow_ones_that_go_through_are_proved(choice: tuple[str, str], still: set[str]) -> None:
    for result in sorted(still & SLOW):
        assert not derivations.load(result).derive(Assumptions.default().choose(dict([choice]))).check().failures, (
            result
        )


@WIDER
def test_what_widens_stops_where_the_assumption_is_needed(choice: tuple[str, str], still: set[str]) -> None:
    assumptions = Assumptions.default().choose(dict([choice]))
    for result in derivations.ids():
        derive = derivations.load(result).derive
        if result in still:
            derivation = derive(assumptions)
            assert result in SLOW or not derivation.check().failures, result
            continue
        with pytest.raises(Stopped) as stopped:
            derive(assumptions)
        assert stopped.value.missing == DROPS[choice]
        assert stopped.value.result not in still
        assert f"needs {DROPS[choice]}" in str(stopped.value)
