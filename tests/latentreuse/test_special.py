"""Results with a routine of their own: each is wired to what exists, and the answers are laid out as promised."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from full_case import FULL, full_case

from latentreuse import catalogue, evaluation, special
from latentreuse.catalogue import Emitted
from latentreuse.evaluation import evaluate_case
from latentreuse.evaluation_report import listing
from latentreuse.faults import BadInput
from latentreuse.inputs import INPUTS
from latentreuse.special import ROUTINES, Found, Routine, budget, pairs, with_variances

KNOWN = set(catalogue.known_ids())


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record for results that have not been emitted, so that their routines can be run all the same."""

    def emitted(result: str) -> Emitted:
        if result in KNOWN and catalogue.is_emitted(result):
            return catalogue.emitted(result)
        return Emitted(result, "Title", "PROVED", "exact 1", "Statement.", ("value",))

    monkeypatch.setattr(evaluation, "emitted", emitted)


def _evaluate(folder: Path, result: str, text: str, digits: int = 30) -> tuple[dict[str, Any], str]:
    path = folder / "case.toml"
    path.write_text(text)
    found = evaluate_case(result, path, digits)
    return json.loads(json.dumps(found.as_json())), listing(found)


def _refused(folder: Path, result: str, text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        _evaluate(folder, result, text)
    return [line.removeprefix(f"{folder}/case.toml") for line in caught.value.lines]


@pytest.mark.parametrize("result", ROUTINES)
def test_every_routine_is_there_and_its_inputs_are_known(result: str) -> None:
    routine = ROUTINES[result]
    assert callable(routine.load())
    for name in routine.inputs:
        assert name.removesuffix("?") in INPUTS or "." in name


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("result", sorted(name for name in ROUTINES if name not in KNOWN or catalogue.is_emitted(name)))
def test_every_routine_answers_on_the_full_case(tmp_path: Path, result: str) -> None:
    if result not in KNOWN and {"function", "point"} & set(ROUTINES[result].inputs):
        pytest.skip("needs an emitted function that is not there")
    data, text = _evaluate(tmp_path, result, full_case(result))
    assert data["value"] not in (None, [], {}) and data["radius"] is not None
    assert result in text


SPECTRUM = """[model]
spectrum = ["4", "1", "1/4"]
[process]
name = "vp-ou"
[sampler]
method = "ode"
t_end = "3"
t_stop = "1/10"
"""


@pytest.mark.usefixtures("stand_in")
def test_a_continuous_sampler_against_plain_floats(tmp_path: Path) -> None:
    data, text = _evaluate(tmp_path, "continuous-sampler", SPECTRUM)
    spectrum = np.array([4, 1, 0.25])
    at = [np.exp(-t) * spectrum + 1 - np.exp(-t) for t in (3, 0.1)]
    made = at[1] / at[0]
    assert float(data["value"]) == pytest.approx(((np.sqrt(made) - np.sqrt(spectrum)) ** 2).sum(), rel=1e-12)
    assert [float(row[0]) for row in data["variances"]] == pytest.approx(made, rel=1e-13)
    assert [row[1] for row in data["variances"]] == [1, 1, 1]
    assert len(data["variances_radius"]) == 3
    assert "  W2^2         = " in text and "  variances[3] = " in text and "(multiplicity 1)" in text


@pytest.mark.usefixtures("stand_in")
def test_a_discrete_sampler_by_hand(tmp_path: Path) -> None:
    text = SPECTRUM.replace('"ode"', '"euler"\nsteps = 1').replace('["4", "1", "1/4"]', '"s.npy"')
    np.save(tmp_path / "s.npy", np.array([1.0]))
    data, _ = _evaluate(tmp_path, "discrete-sampler", text)
    assert Fraction(data["variances"][0][0]) == 1 and float(data["value"]) == 0  # the score of N(0, 1) is at rest


@pytest.mark.usefixtures("stand_in")
def test_the_budget_is_a_table_by_name(tmp_path: Path) -> None:
    data, text = _evaluate(tmp_path, "error-budget", FULL)
    assert list(data["value"]) == list(data["radius"])
    parts = {name: Fraction(value) for name, value in data["value"].items()}
    assert parts["whole"] <= parts["sum of the parts"]
    assert data["largest"] in parts and all(parts[data["largest"]] >= parts[name] for name in list(parts)[:4])
    assert all(f"  {name}" in text for name in parts) and f"largest          = {data['largest']}" in text


MISALIGNED = """[model]
D = 6
k = 2
d = 2
theta = ["0.3", "1.1"]
Lambda = [["2", "0.7"], ["0.7", "1"]]
sigma2 = "0.1"
[time]
alpha2 = "0.9"
h = "0.5"
"""


@pytest.mark.skipif("misaligned-covariance" not in KNOWN, reason="is not derived")
def test_a_latent_covariance_of_any_orientation_against_dense_matrices(tmp_path: Path) -> None:
    data, text = _evaluate(tmp_path, "misaligned-covariance", MISALIGNED)
    U, theta, h = np.eye(6)[:, :2], np.array([0.3, 1.1]), 0.5
    V = np.vstack([np.diag(np.cos(theta)), np.diag(np.sin(theta)), np.zeros((2, 2))])
    data_covariance = V @ np.array([[2, 0.7], [0.7, 1]]) @ V.T + 0.1 * np.eye(6)
    Sigma, P = 0.9 * data_covariance + h * np.eye(6), np.eye(6) - U @ U.T
    inside = np.linalg.inv(U.T @ Sigma @ U)
    error = np.trace(np.linalg.inv(Sigma)) - np.trace(inside) - 2 * 4 / h + np.trace(P @ Sigma) / h**2
    assert float(data["value"][0]) == pytest.approx(error, rel=1e-12)
    assert float(data["value"][1]) <= error <= float(data["value"][2])
    assert "  lower bound = " in text


@pytest.mark.usefixtures("stand_in")
def test_angles_from_samples(tmp_path: Path) -> None:
    text = '[model]\nk=2\nd=2\ntheta=["0", "0.7"]\n[sample]\nn=1000\nD=250\nspike=["10", "SECOND"]\n'
    data, listed = _evaluate(tmp_path, "sample-angles", text.replace("SECOND", "0.51"))
    overlaps = [(1 - 0.25 / spike**2) / (1 + 0.25 / spike) for spike in (10, 0.51)]
    expected = np.arccos(np.array(overlaps) * np.cos([0, 0.7]))
    assert [float(x) for x in data["value"]] == pytest.approx(expected, rel=1e-12)
    data, listed = _evaluate(tmp_path, "sample-angles", text.replace("SECOND", "0.5"))
    assert data["value"][1] == "not identifiable" and data["radius"][1] == "0"
    assert "  theta[2] = not identifiable\n" in listed


@pytest.mark.usefixtures("stand_in")
def test_an_estimated_encoder_loses_more(tmp_path: Path) -> None:
    frozen, _ = _evaluate(tmp_path, "frozen-latent-error", FULL)
    values = [
        Fraction(_evaluate(tmp_path, "estimated-encoder", FULL.replace("n = 1000", f"n = {n}"))[0]["value"])
        for n in (1000, 10**6, 10**9)
    ]
    assert values == sorted(values, reverse=True) and values[-1] > Fraction(frozen["value"])
    assert values[-1] == pytest.approx(float(frozen["value"]), rel=1e-6)
    unseen = FULL.replace('spike = "10"', 'spike = "1/10"')
    assert _evaluate(tmp_path, "estimated-encoder", unseen)[0]["value"] == "not identifiable"


def _error(U: Any, data: Any, alpha2: float, h: float) -> float:
    """Frozen latent error of an encoder, from dense matrices."""
    Sigma, P = alpha2 * data + h * np.eye(len(U)), np.eye(len(U)) - U @ U.T
    excess = np.trace(np.linalg.inv(Sigma)) - np.trace(np.linalg.inv(U.T @ Sigma @ U)) + np.trace(P @ Sigma) / h**2
    return float(excess - 2 * (len(U) - U.shape[1]) / h)


@pytest.mark.skipif("shared-latent-error" not in KNOWN, reason="is not derived")
def test_a_shared_latent_against_dense_matrices(tmp_path: Path) -> None:
    data, text = _evaluate(tmp_path, "shared-latent-error", FULL.replace("directions = 1", "directions = [0, 1, 2]"))
    theta, lam, lam_s = np.array([0.2, 0.7, 1.3]), np.array([2, 1, 3]), np.array([1.5, 1, 1 / 3])
    source, target = np.zeros((12, 12)), np.zeros((12, 12))
    kept = []
    for i, angle in enumerate(theta):
        u, v = np.eye(12)[i], np.cos(angle) * np.eye(12)[i] + np.sin(angle) * np.eye(12)[i + 3]
        source, target = source + lam_s[i] * np.outer(u, u), target + lam[i] * np.outer(v, v)
        pooled = lam_s[i] * np.outer(u, u) / 3 + 2 * lam[i] * np.outer(v, v) / 3
        kept += [np.linalg.eigh(pooled)[1][:, ::-1][:, :i]]
    U = np.hstack(kept)
    expected = [_error(U, source + 0.02 * np.eye(12), 0.6, 0.4), _error(U, target + 0.05 * np.eye(12), 0.6, 0.4)]
    assert [float(x) for x in data["value"]] == pytest.approx(expected, rel=1e-10)
    assert "  source = " in text and "  target = " in text


@pytest.mark.skipif("best-mixing-weight" not in KNOWN, reason="is not derived")
def test_at_the_best_weight_both_errors_are_equal(tmp_path: Path) -> None:
    text = full_case("best-mixing-weight")
    weight = _evaluate(tmp_path, "best-mixing-weight", text)[0]["value"]
    at = text.replace('weight = "1/3"', f'weight = "{weight}"')
    source, target = _evaluate(tmp_path, "shared-latent-error", at, 20)[0]["value"]
    assert abs(Fraction(source) / Fraction(target) - 1) < Fraction(1, 10**19)
    assert "k = d = 1" in _refused(tmp_path, "best-mixing-weight", FULL)[0]


@pytest.mark.skipif("regularity" not in KNOWN, reason="is not derived")
def test_regularity_is_the_largest_gain_behind_each_encoder(tmp_path: Path) -> None:
    data, text = _evaluate(tmp_path, "regularity", FULL)
    theta, lam, lam_s = np.array([0.2, 0.7, 1.3]), np.array([2, 1, 3]), np.array([1.5, 1, 1 / 3])
    target = 1 / (0.4 + 0.6 * 0.05 + 0.6 * lam * np.cos(theta) ** 2)
    source = 1 / (0.4 + 0.6 * 0.02 + 0.6 * lam_s)
    assert [float(x) for x in data["value"]] == pytest.approx([source.max(), target.max()], rel=1e-12)
    assert float(data["source with both directions"]) == pytest.approx(1 / 0.412, rel=1e-12)
    assert "  target                      = " in text
    wide = FULL.replace("d = 3\ntheta", "d = 2\ntheta").replace('["2", "1", "3"]', '["2", "1"]')
    wide = wide.replace('["0.2", "0.7", "1.3"]', '["0.2", "0.7"]')
    data, _ = _evaluate(tmp_path, "regularity", wide)
    assert float(data["value"][1]) == pytest.approx(1 / 0.43, rel=1e-12)  # a spare direction sees noise alone


@pytest.mark.skipif("reuse-horizon" not in KNOWN, reason="is not derived")
def test_the_horizon_is_where_the_error_meets_the_tolerance(tmp_path: Path) -> None:
    model = FULL[: FULL.index("[time]")] + '[tolerance]\nerror = "0.5"\n'
    data, text = _evaluate(tmp_path, "reuse-horizon", model)
    at = model + f'[time]\nalpha2 = 1\nh = "{data["value"]}"\n'
    error, _ = _evaluate(tmp_path, "frozen-latent-error", at)
    assert abs(Fraction(error["value"]) - Fraction(1, 2)) < Fraction(1, 10**27)
    assert "  r = " in text and "r of E" not in data
    named, text = _evaluate(tmp_path, "reuse-horizon", model + '[process]\nname = "vp-ou"\n')
    assert named["value"] == data["value"] and Fraction(named["r of E"]) > Fraction(named["value"])
    assert "  r of E = " in text
    other, _ = _evaluate(tmp_path, "reuse-horizon", model + '[process]\nname="sub-vp"\nbeta_min=1\nbeta_max=1\n')
    assert other["value"] == data["value"] and "r of E" not in other
    nothing = model.replace('"0.05"', "0").replace('["0.2", "0.7", "1.3"]', "[0, 0, 0]")
    assert _evaluate(tmp_path, "reuse-horizon", nothing)[0]["value"] == "0"


@pytest.mark.skipif("mmse-identity" not in KNOWN, reason="is not derived")
def test_the_law_of_the_latent_counts_where_a_result_asks_for_it(tmp_path: Path) -> None:
    text = SPECTRUM.replace('spectrum = ["4", "1", "1/4"]', 'D=2\nk=1\nd=1\ntheta=["0.6"]\nlambda=[2]\nsigma2=0')
    text += "[time]\nalpha2 = 1\nh = 1\n[latent]\nlaw = "
    values = {}
    for law in ('"gaussian"', '"two-point"', '"mixture"\nwidth = "1/1000"'):
        data, _ = _evaluate(tmp_path, "mmse-identity", text + law)
        values[law] = float(data["value"])
        assert "not_used" not in data and set(data) >= {"lost", "mmse encoded", "mmse", "mmse_radius"}
    gaussian, two, mixed = values.values()
    assert two > 2 * np.sin(0.6) ** 2 > gaussian and mixed == pytest.approx(two, rel=1e-3)
    refused = _refused(tmp_path, "mmse-identity", FULL.replace('"gaussian"', '"two-point"'))
    assert refused == [": mmse-identity: a two-point latent is one-dimensional: k = d = 1 needed, got k=3, d=3"]


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("result", "text", "expected"),
    [
        ("continuous-sampler", SPECTRUM.replace('"ode"', '"em"\nsteps = 1'), ": continuous-sampler: method em is not"),
        ("discrete-sampler", SPECTRUM, ": discrete-sampler: method ode is not one of em, ei, euler, heun, ddim"),
        ("continuous-sampler", SPECTRUM.replace('name = "vp-ou"', 'name = "edm"'), "unknown process 'edm'"),
        (
            "continuous-sampler",
            SPECTRUM.replace('t_stop = "1/10"\n', ""),
            ":5: sampler.t_stop: is missing: ",
        ),
        ("continuous-sampler", SPECTRUM.replace('[process]\nname = "vp-ou"\n', ""), ":1: process.name: is missing: "),
        ("error-budget", SPECTRUM.replace("[sampler]", "[tolerance]"), ":6: tolerance.method: unknown key (it belongs"),
    ],
)
def test_what_a_sampler_refuses(tmp_path: Path, result: str, text: str, expected: str) -> None:
    assert any(expected in line for line in _refused(tmp_path, result, text))


@pytest.mark.usefixtures("stand_in")
def test_one_line_wires_a_routine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def routine(error: Fraction, width: Fraction | None, k: int, *, digits: int) -> tuple[Any, Any]:
        if error > 100:
            raise ValueError("the tolerance is never reached")
        return ["not identifiable", k, str(error), str(width)], ["0", "0", f"1e-{digits}", "0"]

    inputs = ("tolerance.error", "latent.width?", "model.k")
    wired = Routine("numerics.samplers:new", inputs, ("angle", "count", "x", "y"))
    monkeypatch.setattr("numerics.samplers.new", routine, raising=False)
    monkeypatch.setitem(special.ROUTINES, "new-result", wired)
    data, text = _evaluate(tmp_path, "new-result", "[tolerance]\nerror = 3\n[model]\nk = 2\n")
    assert data["value"] == ["not identifiable", 2, "3", "None"]
    assert "  angle = not identifiable\n  count = 2\n  x     = 3 +/- 1e-30\n" in text
    assert [line.split(": ")[1] for line in _refused(tmp_path, "new-result", "[tolerance]\ntau = 3\n")] == [
        "tolerance.error", "model.k",
    ]  # fmt: skip
    assert _refused(tmp_path, "new-result", "[tolerance]\nerror = 200\n[model]\nk = 2\n") == [
        ": new-result: the tolerance is never reached"
    ]


def test_what_a_routine_finds_itself_the_case_need_not_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def horizon(point: Any, *, digits: int) -> tuple[str, str]:
        assert (point.alpha2, point.h) == (1, 1)
        return str(point.sigma2), "0"

    monkeypatch.setattr("numerics.samplers.new", horizon, raising=False)
    routine = Routine("numerics.samplers:new", ("point",), ("r",), without=("alpha2", "h"))
    monkeypatch.setitem(special.ROUTINES, "exact-kl", routine)
    model = FULL[: FULL.index("[time]")]
    assert _evaluate(tmp_path, "exact-kl", model)[0]["value"] == "1/20"
    assert _evaluate(tmp_path, "exact-kl", FULL)[0]["value"] == "1/20"


def test_shapes() -> None:
    assert pairs(["5", "4", "1", "0"], ["a", "b", "c", "d"]).value == [["5", "1"], ["4", "0"]]
    assert pairs(["5", "1"], ["a", "b"]) == Found([["5", "1"]], [["a", "b"]], names=("plane",))
    found = with_variances(["2", [["1.5", "3"], ["7", "0"]]], ["0", [["1e-9", "0"], ["0", "0"]]])
    assert (found.value, found.beside) == ("2", {"variances": [["1.5", 3]], "variances_radius": ["1e-9"]})
    assert budget(["0"] * 6, ["0"] * 6).beside == {"largest": "none"}
    assert budget(["0", "2", "1", "0", "3", "2"], ["0"] * 6).beside == {"largest": "latent reuse"}
