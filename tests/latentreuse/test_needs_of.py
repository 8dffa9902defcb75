"""Which keys a result needs: read from what its emitted module states; a missing one is one clear line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from full_case import FULL

from latentreuse import catalogue, evaluation
from latentreuse.case import read_case
from latentreuse.evaluation import evaluate_case
from latentreuse.evaluation_report import listing
from latentreuse.faults import BadInput
from latentreuse.inputs import INPUTS
from latentreuse.needs_of import ALL_ARGUMENTS, KEYS, Needs, Stated, is_given
from latentreuse.special import ROUTINES
from numerics.parameters import NAMES

ID = "exact-kl"


def _function(folder: Path, body: str, parameters: str = "", **stated: Any) -> Callable[..., Any]:
    """An emitted function with a body of one expression, and what its module states."""
    path = folder / "exact_kl.py"
    lines = [f"{name} = {value!r}" for name, value in stated.items()]
    signature = f"def exact_kl(alpha2, h, sigma2, D, k, planes{parameters}, fn=None):"
    path.write_text("\n".join([*lines, signature, f"    return {body}", ""]))
    return catalogue.load_file(path, ID)


@pytest.fixture
def emit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts a function in the place of the emitted one."""

    def put(body: str, parameters: str = "", **stated: Any) -> None:
        function = _function(tmp_path, body, parameters, **stated)
        monkeypatch.setattr(evaluation, "function", lambda _: function)

    return put


def _value(folder: Path, text: str, digits: int = 20) -> Any:
    path = folder / "case.toml"
    path.write_text(text)
    found = evaluate_case(ID, path, digits)
    assert ID in listing(found)
    return found.value


def _refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        _value(folder, text)
    return [line.removeprefix(f"{folder}/case.toml:") for line in caught.value.lines]


def test_every_argument_and_parameter_of_an_emitted_function_has_its_keys() -> None:
    assert set(KEYS) == {*ALL_ARGUMENTS, *NAMES}


@pytest.mark.parametrize("result", [name for name in catalogue.known_ids() if catalogue.is_emitted(name)])
def test_what_emitted_modules_state_is_understood(result: str) -> None:
    stated = Stated.by(catalogue.function(result))
    assert set(stated.uses) <= set(KEYS) and set(stated.parameters) <= set(NAMES)
    assert all("." in key or key == "time" for key in stated.needed())


def test_a_module_that_states_nothing_uses_every_argument(tmp_path: Path) -> None:
    stated = Stated.by(_function(tmp_path, "h"))
    assert stated == Stated() and stated.uses == ALL_ARGUMENTS
    assert stated.needed() == ("time", "model.sigma2", "model.D", "model.k", "model.d", "model.theta", "model.lambda")


@pytest.mark.parametrize(
    ("name", "key"),
    [("tol", "tolerance.error"), ("tau", "tolerance.tau"), ("weight", "source.weight"), ("mu_in2", "model.mu_in2"),
     ("mu_perp2", "model.mu_perp2"), ("sigma_s2", "source.sigma2")],
)  # fmt: skip
def test_parameters_come_from_their_keys(tmp_path: Path, emit: Callable[..., None], name: str, key: str) -> None:
    emit(name, f", {name}", USES=(name,), PARAMETERS=(name,))
    section, _, word = key.partition(".")
    assert float(_value(tmp_path, f'[{section}]\n{word} = "1/7"\n')) == pytest.approx(1 / 7)
    assert _refused(tmp_path, "") == [f"1: {key}: is missing: {ID} needs {key}; give {word} in [{section}]"]


def test_the_source_stands_in_the_planes(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("[lam_s for _, _, _, lam_s in planes]", USES=("planes",), SOURCED=True)
    assert [float(x) for x in _value(tmp_path, FULL)] == pytest.approx([1.5, 1, 1 / 3])
    assert _refused(tmp_path, FULL.replace('lambda = ["1.5", "1", "1/3"]\n', "")) == [
        f"13: source.lambda: is missing: {ID} needs source.lambda; give lambda in [source]"
    ]


def test_only_what_is_used_is_needed(tmp_path: Path, emit: Callable[..., None]) -> None:
    planes = '[model]\nk = 1\nd = 1\ntheta = ["pi/2"]\nlambda = ["2"]\n'
    emit("[lam * sin for lam, sin, _ in planes]", USES=("planes",))
    assert _value(tmp_path, planes) == ["2.0000000000000000000000"]
    emit("sigma2 * sigma2", USES=("sigma2",))
    assert float(_value(tmp_path, '[model]\nsigma2 = "3"\n')) == 9
    emit("alpha2 / h", USES=("alpha2", "h"))
    assert float(_value(tmp_path, '[time]\nprocess = "ve"\nt = "1/4"\n')) == 4
    emit("D - k", USES=("D", "k"))
    assert _value(tmp_path, "[model]\nD = 5\nk = 2\n") == 3  # an integer comes back as one


def test_at_h_0_what_does_not_use_h_has_its_value(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("sigma2 + 1", USES=("sigma2",))
    assert float(_value(tmp_path, '[model]\nsigma2 = "3"\n[time]\nalpha2 = 1\nh = 0\n')) == 4


def test_all_missing_keys_come_with_the_other_faults(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("tol", ", tol", USES=(*ALL_ARGUMENTS, "tol"), PARAMETERS=("tol",))
    lines = _refused(tmp_path, "[model]\nD = 0\nlambda = [1]\n[source]\nweight = 2\n")
    assert [line.split(": ")[1] for line in lines] == [
        "time", "model.sigma2", "model.k", "model.d", "model.theta", "tolerance.error", "model.D", "source.weight",
    ]  # fmt: skip
    assert len(_refused(tmp_path, "model = 3\ntime = 3\ntolerance = 3\n")) == 3


def test_a_faulty_key_is_not_missing_as_well(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("tol", ", tol", USES=("tol",), PARAMETERS=("tol",))
    assert len(_refused(tmp_path, '[tolerance]\nerror = "x"\n')) == 1
    emit("h", USES=("h",))
    assert len(_refused(tmp_path, '[time]\nt = "x"\nprocess = "ve"\n')) == 1
    assert len(_refused(tmp_path, '[time]\nh = "1"\n')) == 1


def test_a_spectrum_is_all_of_the_model(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("[[lam, sin, cos] for lam, sin, cos in planes] + [[sigma2, D, k]]")
    value = _value(tmp_path, '[model]\nspectrum = ["2", "1/2"]\n[time]\nalpha2 = 1\nh = 1\n')
    assert [[float(x) for x in row] for row in value] == [[2, 0, 1], [0.5, 0, 1], [0, 2, 2]]
    assert value[2][1:] == [2, 2]
    emit("[lam_s for _, _, _, lam_s in planes]", SOURCED=True)
    assert [line.split(": ")[1] for line in _refused(tmp_path, "[model]\nspectrum = [1]\n[time]\nalpha2=1\nh=1")] == [
        "source.lambda"
    ]


def test_a_diagonal_covariance_stands_for_the_variances(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("[lam for lam, _, _ in planes]", USES=("planes",))
    model = '[model]\nk = 2\nd = 2\ntheta = [0, "1"]\nLambda = [["2", "x"], ["x", "3"]]\n'
    assert [float(x) for x in _value(tmp_path, model.replace('"x"', "0"))] == [2, 3]
    assert _refused(tmp_path, model.replace('"x"', "1")) == [
        f"1: model.lambda: is missing, and Lambda is not diagonal: {ID} needs model.lambda; give lambda in [model]"
    ]


@pytest.mark.parametrize(
    ("sampler", "expected"),
    [
        ('[sampler]\nr_end = "7"\n', 7),
        ('[sampler]\nt_end = "3"\n[process]\nname = "ve"\n', 3),
        ('[sampler]\nt_end = "1/2"\n[process]\nname = "flow"\n', 1),
        ('[sampler]\nt_end = "1"\n[process]\nname = "vp"\nbeta_min = 1\nbeta_max = 3\n', np.expm1(2)),
    ],
)
def test_the_far_end(tmp_path: Path, emit: Callable[..., None], sampler: str, expected: float) -> None:
    emit("r_end", ", r_end", USES=("r_end",), PARAMETERS=("r_end",))
    assert float(_value(tmp_path, sampler)) == pytest.approx(expected)
    late = _refused(tmp_path, sampler + '[time]\nalpha2 = "1/100"\nh = 1\n')
    assert len(late) == 1 and "is before the time of this case" in late[0] and "sampler." in late[0]


def test_the_far_end_must_be_there_and_finite(tmp_path: Path, emit: Callable[..., None]) -> None:
    emit("r_end", ", r_end", USES=("r_end",), PARAMETERS=("r_end",))
    (line,) = _refused(tmp_path, '[sampler]\nt_stop = "1"\n')
    assert line.endswith("give r_end in [sampler], or t_end there and name in [process]")
    (line,) = _refused(tmp_path, '[sampler]\nt_end = "1"\n')
    assert "sampler.r_end: is missing" in line
    (line,) = _refused(tmp_path, '[sampler]\nt_end = "1"\n[process]\nname = "flow"\n')
    assert line.startswith("2: sampler.t_end: has no ratio h/alpha2")


def test_what_a_result_leaves_out_of_account_is_said(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(FULL.replace('law = "gaussian"', 'law = "two-point"'))
    text = listing(evaluate_case(ID, path, 20))
    assert "  not used by exact-kl: model.mu_perp2, model.mu_in2, latent.law\n" in text
    assert evaluate_case(ID, path, 20).as_json()["not_used"] == ["model.mu_perp2", "model.mu_in2", "latent.law"]
    path.write_text(FULL.replace('mu_perp2 = "0.5"\nmu_in2 = "0.25"\n', ""))
    assert "not used" not in listing(evaluate_case(ID, path, 20))
    assert "not_used" not in evaluate_case(ID, path, 20).as_json()


def test_every_input_of_a_routine_is_known_to_the_case_file(tmp_path: Path) -> None:
    """The full case has whatever any input or routine asks for."""
    path = tmp_path / "case.toml"
    path.write_text(FULL.replace('law = "gaussian"', 'law = "mixture"\nwidth = "0.1"'))
    case = read_case(path)
    keys = {key for known in INPUTS.values() for key in known.keys}
    keys |= {key for routine in ROUTINES.values() for key in routine.needed(Stated())}
    assert [key for key in sorted(keys) if not is_given(case, key)] == []
    with pytest.raises(BadInput, match=r"tolerance.colour: is missing: x needs tolerance.colour"):
        read_case(path, Needs("x", ("tolerance.colour",)))
