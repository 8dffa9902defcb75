"""The sections beyond [model] and [time]: what is read, and what is said of each wrong value and contradiction."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from full_case import FULL

from latentreuse.case import Case, read_case
from latentreuse.faults import BadInput
from latentreuse.inputs import INPUTS, directions
from latentreuse.needs_of import Needs
from latentreuse.schema import SECTIONS, known_keys
from numerics.points import enclose

PROCESS = 'name = "vp"\nbeta_min = "0.1"\nbeta_max = "20"\nT = "1"\nconvention = "half"\n'


def _read(folder: Path, text: str) -> Case:
    path = folder / "case.toml"
    path.write_text(text)
    return read_case(path)


def _faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        _read(folder, text)
    return [line.removeprefix(f"{folder}/case.toml") for line in caught.value.lines]


def test_everything_is_read_exactly(tmp_path: Path) -> None:
    case = _read(tmp_path, FULL)
    assert case.value("source", "lambda") == (Fraction(3, 2), 1, Fraction(1, 3))
    assert case.value("source", "weight") == Fraction(1, 3)
    assert case.value("model", "mu_perp2") == Fraction(1, 2)
    assert case.value("tolerance", "error") == Fraction(1, 2)
    assert case.value("sampler", "steps") == 12 and case.value("sampler", "method") == "em"
    assert case.value("sample", "spike") == 10 and case.value("sample", "n") == 1000
    assert case.value("latent", "width") is None and directions(case) == (1, 1, 1)
    assert case.value("no such", "key") is None
    assert case.echo["source"]["weight"] == "1/3"


def test_an_empty_file_is_a_case_of_nothing(tmp_path: Path) -> None:
    case = _read(tmp_path, "")
    assert (case.D, case.lam, case.sigma2, case.angles, case.scalars()) == (None,) * 5
    assert case.point(()).D >= 1


@pytest.mark.parametrize("section", ["model", "time", "source", "latent", "tolerance", "sampler", "process", "sample"])
@pytest.mark.parametrize("value", ["3", '"text"', "[1]", "true"])
def test_a_section_that_is_no_table_is_one_fault(tmp_path: Path, section: str, value: str) -> None:
    lines = _faults(tmp_path, f"{section} = {value}\n")
    assert len(lines) == 1 and lines[0].startswith(f":1: {section}: must be a table")


ONE_FAULT = [
    ("mu_perp2 =", "mu_perp = ", ":8: model.mu_perp: unknown key (did you mean 'mu_perp2'?)"),
    ('mu_perp2 = "0.5"', 'mu_perp2 = "-0.5"', ":8: model.mu_perp2: '-0.5' is negative"),
    ('mu_in2 = "0.25"', 'mu_in2 = "nan"', ":9: model.mu_in2: must be a finite number"),
    ('["1.5", "1", "1/3"]', '["1.5", "1"]', ":14: source.lambda: has 2 variances; allowed: exactly k = 3"),
    ('["1.5", "1", "1/3"]', '["1.5", "-1", "1"]', ":14: source.lambda[1]: '-1' is negative"),
    ('["1.5", "1", "1/3"]', '"1.5"', ":14: source.lambda: must be a list"),
    ('weight = "1/3"', "weight = 0", ":16: source.weight: '0' is not between 0 and 1"),
    ('weight = "1/3"', "weight = 1.0", ":16: source.weight: '1.0' is not between 0 and 1"),
    ('weight = "1/3"', 'weight = "1/3\n"', ":16:"),
    ("d = 3\n[latent]", "d = 2\n[latent]", ":17: source.d: is 2 but k = 3"),
    ('sigma2 = "0.02"', 'sigma2 = "-0.02"', ":15: source.sigma2: '-0.02' is negative"),
    ("directions = 1", "directions = 3", ":19: latent.directions: is no number of directions, got 3; allowed: 0, 1"),
    ("directions = 1", "directions = true", ":19: latent.directions: is no number of directions"),
    ("directions = 1", "directions = [1, 2]", ":19: latent.directions: has 2 entries; allowed: exactly max(k, d) = 3"),
    ("directions = 1", "directions = [1, 2, '1']", ":19: latent.directions[2]: is no number of directions"),
    ('law = "gaussian"', 'law = "gausian"', ":20: latent.law: unknown law 'gausian' (did you mean 'gaussian'?)"),
    ('law = "gaussian"', "law = 2", ":20: latent.law: must be text"),
    ('law = "gaussian"', 'law = "mixture"', ":18: latent.width: is missing; give width in [latent]"),
    ('law = "gaussian"', 'law = "mixture"\nwidth = 0', ":21: latent.width: '0' is not positive"),
    ('law = "gaussian"', 'law = "two-point"\nwidth = 1', ":21: latent.width: belongs to the law 'mixture'"),
    ('error = "0.5"', "error = 0", ":22: tolerance.error: '0' is not positive"),
    ('tau = "0.1"', 'tau = "-0.1"', ":23: tolerance.tau: '-0.1' is not positive"),
    ('method = "em"', 'method = "hein"', ":25: sampler.method: unknown method 'hein' (did you mean 'heun'?)"),
    ("steps = 12\n", "", ":24: sampler.steps: is missing: the method 'em' goes in steps"),
    ("steps = 12", "steps = 0", ":26: sampler.steps: must be at least 1"),
    ("steps = 12", "steps = 10000000", ":26: sampler.steps: is too large, got 10000000; allowed: at most 1000000"),
    ("steps = 12", "steps = 1.5", ":26: sampler.steps: must be an integer"),
    ('t_end = "1"', 't_end = "0"', ":27: sampler.t_end: '0' is not positive"),
    ('t_end = "1"', 't_end = "1.5"', ":27: sampler.t_end: '1.5' is beyond 1; allowed for vp: 0 to 1"),
    ('t_end = "1"', 't_end = "1"\nr_end = 5', ":28: sampler.r_end: stands beside t_end; give one"),
    ('t_stop = "0.01"', 't_stop = "1"', ":28: sampler.t_stop: is '1', not before t_end = 1"),
    ('t_stop = "0.01"', 't_stop = "-1"', ":28: sampler.t_stop: '-1' is negative"),
    ('name = "vp"', 'name = "vpp"', ":30: process.name: unknown name 'vpp' (did you mean 'vp'?)"),
    ('name = "vp"\n', "", ":29: process.name: is missing beside beta_min"),
    ('beta_min = "0.1"\n', "", ":29: process.beta_min: is missing; give beta_min in [process]"),
    ('beta_min = "0.1"', 'beta_min = "-0.1"', ":31: process.beta_min: is -1/10; allowed: 0 or more"),
    ('beta_max = "20"', "beta_max = 0", ":32: process.beta_max: is 0; allowed: more than 0"),
    ('beta_max = "20"', 'beta_max = "1e9"', ":32: process.beta_max: gives an integral of beta beyond"),
    ('T = "1"', "T = 0", ":33: process.T: is 0; allowed: more than 0"),
    ('convention = "half"', 'convention = "third"', ":34: process.convention: is 'third'; allowed: 'half', 'full'"),
    ("n = 1000", "n = 0", ":36: sample.n: must be at least 1"),
    ("n = 1000\nD = 12", "n = 1000\nD = 13", ":37: sample.D: is 13 but model.D is 12; make them agree"),
    ('spike = "10"', 'spike = ["10", "5"]', ":38: sample.spike: has 2 entries; allowed: exactly k = 3"),
    ('spike = "10"', 'spike = ["10", "0", "5"]', ":38: sample.spike[1]: '0' is not positive"),
    ('spike = "10"', "spike = []", ":38: sample.spike: has 0 entries"),
    ('spike = "10"', 'spike = "x"', ":38: sample.spike: is not a number"),
    ('spike = "10"', 'spike = ["10", true, "5"]', ":38: sample.spike[1]: is not a number"),
    ('spike = "10"', 'spike = "10"\n[asumptions]', ":39: asumptions: unknown section (did you mean 'assumptions'?)"),
    ('spike = "10"', 'spike = "10"\ntau = 1', ":39: sample.tau: unknown key (it belongs in [tolerance])"),
    ('spike = "10"', 'spike = "10"\n[assumptions]\nmu = "0"', ":40: assumptions.mu: is '0' but model.mu_perp2 is pos"),
    ('law = "gaussian"', 'law = "two-point"\n[assumptions]\nlatent = "gaussian"',
     ":22: assumptions.latent: is 'gaussian' but latent.law is 'two-point'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), ONE_FAULT)
def test_one_fault(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in FULL
    lines = _faults(tmp_path, FULL.replace(old, new, 1))
    assert len(lines) == 1 and lines[0].startswith(expected), lines


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = (
        FULL.replace('weight = "1/3"', "weight = 2").replace("steps = 12", "steps = []").replace('"0.1"\n[s', "0\n[s")
    )
    text = text.replace('beta_min = "0.1"', 'beta_min = "-1"').replace('T = "1"', "T = 0").replace("1000", "x")
    text = text.replace("n = x", "n = '1000'")
    starts = [line.split(": ")[1] for line in _faults(tmp_path, text)]
    assert starts == [
        "source.weight", "tolerance.tau", "sampler.steps", "process.beta_min", "process.T", "sample.n",
    ]  # fmt: skip


def test_directions_without_partner(tmp_path: Path) -> None:
    wide = FULL.replace("d = 3\ntheta", "d = 4\ntheta").replace('["2", "1", "3"]', '["2", "1", "3", "1"]')
    assert directions(_read(tmp_path, wide.replace("directions = 1", "directions = 2"))) == (2, 2, 2, 1)
    assert directions(_read(tmp_path, wide.replace("directions = 1", "directions = [0, 1, 2, 0]"))) == (0, 1, 2, 0)
    lines = _faults(tmp_path, wide.replace("directions = 1", "directions = [0, 1, 2, 2]"))
    assert lines[0].startswith(":19: latent.directions[3]: is 2 for a direction without partner; allowed: 0 or 1")


@pytest.mark.parametrize(
    ("process", "t", "b"),
    [
        (PROCESS, "1", "10.05"),
        (PROCESS, "0.5", "2.5375"),
        (PROCESS.replace("half", "full"), "0.5", "5.075"),
        (PROCESS.replace('T = "1"\nconvention = "half"\n', ""), "0.5", "2.5375"),
        ('name = "vp-ou"\n', "0.7", "0.7"),
        ('name = "ou"\n', "0.7", "1.4"),
    ],
)
def test_the_time_of_a_process_with_numbers(tmp_path: Path, process: str, t: str, b: str) -> None:
    scalars = _read(tmp_path, f'[process]\n{process}[time]\nt = "{t}"\n').scalars()
    assert scalars is not None
    alpha2, h = (float(enclose(x, 80)) for x in scalars)
    assert alpha2 == pytest.approx(np.exp(-float(b)), rel=1e-13) and h == pytest.approx(
        1 - np.exp(-float(b)), rel=1e-13
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[process]\n" + PROCESS + "[time]\nprocess = 've'\nt = 1", "time.process: is 've' but process.name is 'vp'"),
        ("[process]\n" + PROCESS + "[time]\nprocess = 'vp'", "time.t: is missing; give t in [time]"),
        ("[process]\n" + PROCESS + "[time]\nt = 2", "time.t: '2' is beyond 1; allowed for vp: 0 to 1"),
        ("[time]\nprocess = 'vp'\nt = 1", "time.process: 'vp' has a schedule of its own; give it as name in [process]"),
        ("[time]\nprocess = 'cosine'\nt = 2", "time.t: '2' is beyond 1; allowed for cosine: 0 to 1"),
        ("[process]\nname = 'ddpm'", "process.betas: or alpha_bar, or steps with beta_min and beta_max"),
        ("[process]\nname = 'ddpm'\nbetas = ['0.1', '1.5']", "process.betas: gives beta_2 = 3/2; allowed"),
        ("[process]\nname = 'vp'\nbeta_max = -1", "process.beta_min: is missing"),
        ("[process]\nname = 'vp'\nbeta_max = -1", "process.beta_max: is -1; allowed"),
        ("[process]\n" + PROCESS.replace("vp", "ve"), "process.convention: is no number of ve; allowed: none"),
        ("[process]\nname = 2\nbeta_min = 1", "process.name: must be text"),
    ],
)
def test_faults_of_a_process(tmp_path: Path, text: str, expected: str) -> None:
    assert any(f": {expected}" in line for line in _faults(tmp_path, text + "\n"))


def test_a_key_with_a_control_character_is_named_on_its_own_line(tmp_path: Path) -> None:
    lines = _faults(tmp_path, '[model]\nD = 3\n"a\\u0001b" = 2\n"\'q\'" = 1\n"tab\\t" = 1\n')
    assert [line.split(": ")[0] for line in lines] == [":3", ":4", ":5"]
    assert "model.a\\x01b: unknown key" in lines[0] and "model.'q': unknown key" in lines[1]
    doubled = _faults(tmp_path, '[model]\n"a\\u0001b" = 2\n"a\\u0001b" = 1\n')
    assert len(doubled) == 1 and "is given twice, first on line 2" in doubled[0]


SPECTRUM = '[model]\nspectrum = "s.npy"\n'


def test_a_spectrum_is_a_model_whose_encoder_is_everything(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.array([2.0, 0.5, 0.0]))
    for text in (SPECTRUM, '[model]\nspectrum = ["2", "1/2", 0]\n', SPECTRUM + "D = 3\nk = 3\n"):
        case = _read(tmp_path, text)
        at = case.point(())
        assert (case.D, case.k, case.d, case.sigma2) == (3, 3, 3, 0)
        assert at.lam == (2, Fraction(1, 2), 0) and all(angle.sincos(60)[0] == 0 for angle in at.theta)


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ([[1.0, 2.0]], "has shape (1, 2); allowed: a plain list of numbers"),
        ([1.0, float("nan")], "has an entry that is not finite"),
        ([], "has 0 entries; allowed: 1 to 100000"),
        ([1, 2], "holds int64; allowed: real float64"),
        ([1.0, -1e-30, -2.0], "has 2 negative entries, the first is entry [1]; allowed: 0 or more"),
    ],
)
def test_spectra_that_are_refused(tmp_path: Path, array: list[float], expected: str) -> None:
    np.save(tmp_path / "s.npy", np.array(array))
    lines = _faults(tmp_path, SPECTRUM)
    assert len(lines) == 1 and lines[0].startswith(":2: model.spectrum: ") and expected in lines[0]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("theta = [0]", ":3: model.theta: stands beside spectrum"),
        ("lambda = [0]", ":3: model.lambda: stands beside spectrum"),
        ("sigma2 = 0", ":3: model.sigma2: stands beside spectrum"),
        ("U = 'U.npy'", ":3: model.U: stands beside spectrum"),
        ("Lambda = [['1']]", ":3: model.Lambda: stands beside spectrum"),
        ("D = 4", ":3: model.D: is 4; the spectrum has 2 entries"),
        ("k = 1", ":3: model.k: is 1; the spectrum has 2 entries"),
        ("mu_perp2 = 1", ":3: model.mu_perp2: is '1' but k = D = 2: nothing lies outside"),
        ("[source]\nlambda = [1]", ":4: source.lambda: has 1 variances; allowed: exactly k = 2"),
    ],
)
def test_what_a_spectrum_leaves_no_room_for(tmp_path: Path, more: str, expected: str) -> None:
    lines = _faults(tmp_path, f"[model]\nspectrum = [1, 2]\n{more}\n")
    assert len(lines) == 1 and lines[0].startswith(expected), lines


def test_spectra_in_the_file_that_are_refused(tmp_path: Path) -> None:
    for value, expected in [
        ("[]", ":2: model.spectrum: has no entries"),
        ("[1, -2]", ":2: model.spectrum[1]: has 1 negative entries"),
        ("[1, 'x']", ":2: model.spectrum[1]: is not a number"),
        ("3", ":2: model.spectrum: must be a file or a list of numbers"),
        ("'absent.npy'", ":2: model.spectrum: "),
    ]:
        lines = _faults(tmp_path, f"[model]\nspectrum = {value}\n")
        assert len(lines) == 1 and lines[0].startswith(expected), lines


LAMBDA = '[model]\nd = 2\nLambda = [["2", "1"], ["1", "1/2"]]\n'


def test_a_latent_covariance(tmp_path: Path) -> None:
    case = _read(tmp_path, LAMBDA)  # of rank one, which is decided exactly
    assert case.lambda_matrix == ((2, 1), (1, Fraction(1, 2))) and case.lam is None
    assert _read(tmp_path, LAMBDA.replace('"1"', "0")).lam == (2, Fraction(1, 2))
    assert _read(tmp_path, '[model]\nlambda = ["2", "1"]\n').lambda_matrix == ((2, 0), (0, 1))
    factor = np.arange(6.0).reshape(3, 2) + 0.1
    np.save(tmp_path / "L.npy", factor @ factor.T)  # of rank two, with eigenvalues of either sign from rounding
    assert len(_read(tmp_path, '[model]\nLambda = "L.npy"\n').lambda_matrix or ()) == 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('[["2", "1"], ["1", "0.4999999999999999999999"]]', "has a negative eigenvalue; allowed: a positive semidef"),
        ('[["2", "1"], ["-1", "2"]]', "is not symmetric: entries [1][0] and [0][1] differ"),
        ('[["2", "1"]]', "has 1 rows of length 2; allowed: a square matrix"),
        ('[["2", "1"], ["1"]]', "has 2 rows of length 1, 2; allowed: a square matrix"),
        ("[]", "has 0 rows of length 0; allowed: a square matrix"),
        ('[["1"]]', "is 1 x 1; allowed: d x d with d = 2"),
        ('["1", "2"]', "must be a list in square brackets"),
        ('[["1", "x"], ["x", "1"]]', "is not a number"),
        ("3", "must be a file or a list of rows"),
        ('"absent.npy"', "cannot be read"),
        ('"L.txt"', "does not end in .npy"),
    ],
)
def test_latent_covariances_that_are_refused(tmp_path: Path, value: str, expected: str) -> None:
    lines = _faults(tmp_path, f"[model]\nd = 2\nLambda = {value}\n")
    assert lines and all(line.startswith(":3: model.Lambda") and expected in line for line in lines), lines


def test_a_latent_covariance_and_the_rest_must_agree(tmp_path: Path) -> None:
    lines = _faults(tmp_path, LAMBDA + 'lambda = ["1", "1"]\nU = "U.npy"\n[assumptions]\nlambda = "isotropic"\n')
    starts = [line.split(": ")[1] for line in lines]
    assert starts == ["model.V", "model.Lambda", "model.lambda", "assumptions.lambda"]
    np.save(tmp_path / "L.npy", np.diag([1.0, -0.1]))
    assert "has a negative eigenvalue" in _faults(tmp_path, '[model]\nLambda = "L.npy"\n')[0]
    np.save(tmp_path / "L.npy", np.eye(65))
    assert "entries; allowed: 1 to 4096" in _faults(tmp_path, '[model]\nLambda = "L.npy"\n')[0]


ODD = [
    "0", "1", "-1", "3", "1.5", "nan", "inf", "true", "[]", "[[]]", "[0]", "[-1]", "[1, 2, 3]", "[[1]]", "[[1, 2]]",
    "{}", "{a = 1}", '""', '"0"', '"1/0"', '"pi"', '"x"', '"1e-10000"', '"1e10000"', '"1e10001"', '"\\u0007"',
    "1979-05-27", "[true]", "['1', 2, 3.5]", "[['1', 'x'], [2]]", "'vp'", "'em'", "'mixture'",
    "10000000000000000000000",
]  # fmt: skip
WHOLE = tuple(dict.fromkeys(key for known in INPUTS.values() for key in known.keys))


@pytest.mark.parametrize("section", [*SECTIONS, "assumptions"])
def test_no_value_of_any_key_is_an_internal_error(tmp_path: Path, section: str) -> None:
    """Whatever stands at a key, alone or in the full case: a case that has a point, or one line for each fault."""
    keys = known_keys(section) if section in SECTIONS else ["lambda", "mu", "sigma2", "x"]
    path = tmp_path / "case.toml"
    for key in keys:
        rest = re.sub(rf"(?m)^{key} = .*\n", "", FULL) if section in SECTIONS else FULL + "[assumptions]\n"
        for value in ODD:
            whole = rest.replace(f"[{section}]\n", f"[{section}]\n{key} = {value}\n")
            for text, needs in ((f"[{section}]\n{key} = {value}\n", ()), (whole, WHOLE)):
                path.write_text(text)
                lines = _lines(path, Needs("any", needs))
                assert all(line.startswith(f"{path}:") and "\n" not in line for line in lines)
                assert len(set(lines)) == len(lines)


def _lines(path: Path, needs: Needs) -> list[str]:
    """The faults of a case, which has a point if there are none."""
    try:
        read_case(path, needs).point(("alpha2", "h"))
    except BadInput as fault:
        return fault.lines
    return []
