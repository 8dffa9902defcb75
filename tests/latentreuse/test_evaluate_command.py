"""`evaluate`: the public JSON format, its infinities and its refusals."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from example_case import CASE
from full_case import full_case

from latentreuse import catalogue, faults
from latentreuse.evaluation import FINITE_AT_ZERO, LIMIT_AT_ZERO, evaluate_case
from latentreuse.evaluation_report import listing
from latentreuse.faults import BadInput, Halted
from latentreuse.needs_of import Stated
from latentreuse.special import ROUTINES

KEYS = ["result", "value", "radius", "digits", "verdict", "assumptions", "case", "trust"]


def _evaluate(folder: Path, result: str, text: str = CASE, digits: int = 50) -> dict[str, Any]:
    path = folder / "case.toml"
    path.write_text(text)
    found = evaluate_case(result, path, digits)
    assert result in listing(found)
    data: dict[str, Any] = json.loads(json.dumps(found.as_json()))
    return data


def _leaves(value: Any) -> list[Any]:
    entries = list(value.values()) if isinstance(value, dict) else value
    return [leaf for entry in entries for leaf in _leaves(entry)] if isinstance(entries, list) else [value]


EMITTED = [name for name in catalogue.known_ids() if catalogue.is_emitted(name)]
TEXTS = {"infinity", "not identifiable", "none"}


@pytest.mark.parametrize("result", EMITTED)
@pytest.mark.parametrize("digits", [1, 50, 300])
def test_every_result_has_the_public_format(tmp_path: Path, result: str, digits: int) -> None:
    data = _evaluate(tmp_path, result, full_case(result), digits=digits)
    assert [key for key in data if key in KEYS] == KEYS
    assert (
        data["result"] == result and data["digits"] == digits and data["verdict"] == catalogue.emitted(result).verdict
    )
    assert data["case"]["model"]["sigma2"] == "0.05" and data["assumptions"] == {}
    values, radii = _leaves(data["value"]), _leaves(data["radius"])
    assert len(values) == len(radii) > 0
    for value, radius in zip(values, radii, strict=True):
        assert isinstance(value, int | str)
        if value not in TEXTS:
            assert Fraction(radius) <= abs(Fraction(value)) * Fraction(1, 10**digits)


def test_the_frozen_latent_error_against_plain_floats(tmp_path: Path) -> None:
    """The statement's own formula, in float64, as a check on how a case becomes arguments."""
    alpha2, h, sigma2, excess = 0.6, 0.4, 0.05, 9
    c, a, s = h + alpha2 * sigma2, alpha2 * 2, np.sin([0.2, 0.7, 1.3]) ** 2
    expected = excess * (c - h) ** 2 / (c * h**2) + (a * s * (1 / h**2 - 1 / ((c + a) * (c + a * (1 - s))))).sum()
    assert float(_evaluate(tmp_path, "frozen-latent-error")["value"]) == pytest.approx(expected, rel=1e-13)


def test_more_digits_lie_inside_fewer(tmp_path: Path) -> None:
    few, many = (_evaluate(tmp_path, "exact-kl", digits=digits) for digits in (20, 200))
    assert abs(Fraction(few["value"]) - Fraction(many["value"])) <= Fraction(few["radius"]) + Fraction(many["radius"])


def test_shapes(tmp_path: Path) -> None:
    assert len(_evaluate(tmp_path, "two-sided-bound")["value"]) == 3
    assert len(_evaluate(tmp_path, "monotonicity")["value"]) == 3
    assert len(_evaluate(tmp_path, "schedule-invariance")["value"]) == 2
    marginal = _evaluate(tmp_path, "forward-marginal")
    assert [entry[1] for entry in marginal["value"]] == [1, 1, 1, 9]
    assert [len(entry) for entry in marginal["radius"]] == [2] * 4


def test_the_same_point_written_three_ways(tmp_path: Path) -> None:
    flow = CASE.replace('alpha2 = "0.6"', 'process = "flow"').replace('h = "0.4"', 't = "0.5"')
    direct = CASE.replace('"0.6"', '"1/4"').replace('"0.4"', "0.25")
    assert _evaluate(tmp_path, "exact-kl", flow)["value"] == _evaluate(tmp_path, "exact-kl", direct)["value"]
    np.save(tmp_path / "U.npy", np.eye(4)[:, :1])
    np.save(tmp_path / "V.npy", np.array([[0.6], [0.8], [0], [0]]))
    rest = 'lambda = ["2"]\nsigma2 = "0.05"\n[time]\nalpha2 = "0.6"\nh = "0.4"\n'
    by_frames = _evaluate(tmp_path, "exact-kl", f'[model]\nU = "U.npy"\nV = "V.npy"\n{rest}', digits=15)
    by_angle = _evaluate(
        tmp_path, "exact-kl", f'[model]\nD=4\nk=1\nd=1\ntheta = ["0.92729521800161223"]\n{rest}', digits=15
    )
    assert float(by_frames["value"]) == pytest.approx(float(by_angle["value"]), rel=1e-14)


@pytest.mark.parametrize("result", LIMIT_AT_ZERO)
def test_at_h_0_it_is_infinite_if_anything_is_missed(tmp_path: Path, result: str) -> None:
    at_zero = CASE.replace('h = "0.4"', "h = 0")
    assert set(_leaves(_evaluate(tmp_path, result, at_zero)["value"])) == {"infinity"}
    nothing = at_zero.replace('"0.05"', "0").replace('["0.2", "0.7", "1.3"]', "[0, 0, 0]")
    assert set(_leaves(_evaluate(tmp_path, result, nothing)["value"])) == {"0"}
    no_variance = at_zero.replace('"0.05"', "0").replace('["2", "2", "2"]', "[0, 0, 0]")
    assert set(_leaves(_evaluate(tmp_path, result, no_variance)["value"])) == {"0"}
    lost = nothing.replace("d = 3", "d = 4").replace('["2", "2", "2"]', "[2, 2, 2, 2]")
    assert set(_leaves(_evaluate(tmp_path, result, lost)["value"])) == {"infinity"}
    full = at_zero.replace("D = 12", "D = 3").replace('["0.2", "0.7", "1.3"]', "[0, 0, 0]")
    assert set(_leaves(_evaluate(tmp_path, result, full)["value"])) == {"0"}


@pytest.mark.parametrize("result", [name for name in FINITE_AT_ZERO if name in EMITTED])
def test_at_h_0_a_finite_limit_is_its_value(tmp_path: Path, result: str) -> None:
    at_zero = _evaluate(tmp_path, result, CASE.replace('h = "0.4"', "h = 0"))
    near = _evaluate(tmp_path, result, CASE.replace('h = "0.4"', 'h = "1e-60"'))
    assert abs(Fraction(at_zero["value"]) - Fraction(near["value"])) < Fraction(1, 10**25)
    assert Fraction(at_zero["radius"]) <= Fraction(at_zero["value"]) * Fraction(1, 10**50)


def test_at_time_0_of_a_process(tmp_path: Path) -> None:
    for process in ("vp-ou", "ve", "flow"):
        text = CASE.replace('alpha2 = "0.6"', f'process = "{process}"').replace('h = "0.4"', "t = 0")
        assert _evaluate(tmp_path, "exact-kl", text)["value"] == "infinity"


@pytest.mark.parametrize("result", sorted(set(EMITTED) - set(LIMIT_AT_ZERO) - set(FINITE_AT_ZERO)))
def test_other_results_refuse_h_0_in_one_line_or_do_not_look_at_it(tmp_path: Path, result: str) -> None:
    at_zero = full_case(result).replace('h = "0.4"', "h = 0")
    if "time" not in _needs(result):
        assert _evaluate(tmp_path, result, at_zero)["value"] == _evaluate(tmp_path, result, full_case(result))["value"]
        return
    with pytest.raises(BadInput) as caught:
        _evaluate(tmp_path, result, at_zero)
    assert len(caught.value.lines) == 1 and "case.toml" in caught.value.lines[0]


def _needs(result: str) -> tuple[str, ...]:
    """The keys that a result needs of a case."""
    routine = ROUTINES.get(result)
    stated = Stated.by(catalogue.function(result))
    return routine.needed(stated) if routine else stated.needed()


def test_frames_at_h_0(tmp_path: Path) -> None:
    np.save(tmp_path / "U.npy", np.eye(3)[:, :1])
    np.save(tmp_path / "V.npy", np.eye(3)[:, :1])
    text = '[model]\nU = "U.npy"\nV = "V.npy"\nlambda = [1]\nsigma2 = 0\n[time]\nalpha2 = 1\nh = 0\n'
    assert _evaluate(tmp_path, "exact-kl", text)["value"] == "0"
    rotated = np.linalg.qr(np.arange(9.0).reshape(3, 3) ** 2 + np.eye(3))[0][:, :1]
    np.save(tmp_path / "U.npy", rotated)
    np.save(tmp_path / "V.npy", rotated)
    with pytest.raises(BadInput, match=r"case.toml:6: time: h is 0 and the frames have an angle that cannot be told"):
        _evaluate(tmp_path, "exact-kl", text)
    assert _evaluate(tmp_path, "exact-kl", text.replace("sigma2 = 0", "sigma2 = 1"))["value"] == "infinity"


def test_at_alpha_0_nothing_is_lost(tmp_path: Path) -> None:
    for result in ("exact-kl", "frozen-latent-error"):
        data = _evaluate(tmp_path, result, CASE.replace('"0.6"', "0"))
        assert (data["value"], data["radius"]) == ("0", "0")


@pytest.mark.parametrize(
    ("over", "count", "labels"),
    [
        ((None,), 1, ["x"]),
        (("target",), 2, ["x[1]", "x[2]"]),
        ((None,), 3, ["x[1]", "x[2]", "x[3]"]),
        (("target", None), 3, ["x[1]", "x[2]", "y"]),
        ((None, "target"), 2, ["x", "y[1]"]),
        (("target", "target"), 4, ["x[1]", "x[2]", "y[1]", "y[2]"]),
        (("target", "pairs"), 3, ["[1]", "[2]", "[3]"]),
        (("target", "target"), 3, ["[1]", "[2]", "[3]"]),
        ((), 2, ["x", "y"]),
        ((), 3, ["[1]", "[2]", "[3]"]),
    ],
)
def test_names_of_values(over: tuple[str | None, ...], count: int, labels: list[str]) -> None:
    values = ("x", "y")[: len(over) or 2]
    assert catalogue.Emitted("", "", "", "", "", values, over=over).labels(count) == labels


@pytest.mark.parametrize("extreme", ['h = "1e-300"', 'h = "1e300"', 'h = "1e-10000"'])
def test_extreme_times(tmp_path: Path, extreme: str) -> None:
    data = _evaluate(tmp_path, "frozen-latent-error", CASE.replace('h = "0.4"', extreme))
    assert float(Fraction(data["radius"]) / Fraction(data["value"])) <= 1e-50


def test_narrowing_assumptions_keep_the_emitted_formula(tmp_path: Path) -> None:
    data = _evaluate(tmp_path, "exact-kl", CASE + '[assumptions]\nlambda = "isotropic"\ndims = "k=d"\n')
    assert data["assumptions"] == {"lambda": "isotropic", "dims": "k=d"}
    assert data["value"] == _evaluate(tmp_path, "exact-kl")["value"]


def test_widening_assumptions_stop_and_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Halted, match="orthonormal-encoder") as caught:
        _evaluate(tmp_path, "frozen-latent-error", CASE + '[assumptions]\nencoder = "oblique"\n')
    assert caught.value.code == faults.STOPPED
    assert len(caught.value.lines) == 1
