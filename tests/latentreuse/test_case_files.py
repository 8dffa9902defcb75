"""Case files: what is valid is read exactly; what is wrong is named by file, line and key, all faults at once."""

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from latentreuse.case import Case, read_case
from latentreuse.faults import BadInput
from latentreuse.needs_of import Needs, Stated
from latentreuse.tomlmap import read

MODEL = """[model]
D = 12
k = 3
d = 3
theta  = ["0.2", "0.7", "1.3"]     # radians
lambda = ["2", "2", "2"]
sigma2 = "0.05"
"""
TIME = """[time]
alpha2 = "0.6"
h = "0.4"
"""


EVERYTHING = Needs("exact-kl", Stated().needed())


def _case(folder: Path, text: str | bytes) -> Case:
    """The case as a result reads it that uses all of the model and the time."""
    path = folder / "case.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_case(path, EVERYTHING)


def _faults(folder: Path, text: str | bytes) -> list[str]:
    """The lines for a bad case, without the folder's name."""
    with pytest.raises(BadInput) as caught:
        _case(folder, text)
    return [line.removeprefix(f"{folder}/case.toml") for line in caught.value.lines]


def test_the_public_example(tmp_path: Path) -> None:
    case = _case(tmp_path, MODEL + TIME)
    assert (case.D, case.k, case.d, case.sigma2) == (12, 3, 3, Fraction(1, 20))
    assert case.lam == (2, 2, 2)
    assert case.scalars() == (Fraction(3, 5), Fraction(2, 5))
    assert case.echo["model"]["theta"] == ["0.2", "0.7", "1.3"]
    assert case.point(("alpha2", "h")).arguments(64)[3:5] == (12, 3)


@pytest.mark.parametrize(
    ("process", "t", "alpha2", "h"),
    [("ve", "0.3", "1", "3/10"), ("flow", "0.3", "49/100", "9/100"), ("flow", "1", "0", "1"), ("vp-ou", "0", "1", "0")],
)
def test_processes_with_rational_values(tmp_path: Path, process: str, t: str, alpha2: str, h: str) -> None:
    case = _case(tmp_path, f'{MODEL}[time]\nprocess = "{process}"\nt = "{t}"\n')
    assert case.scalars() == (Fraction(alpha2), Fraction(h))


def test_vp_ou_is_enclosed_at_any_precision(tmp_path: Path) -> None:
    from numerics.points import enclose

    alpha2, h = _case(tmp_path, f'{MODEL}[time]\nprocess = "vp-ou"\nt = "1e-30"\n').scalars()
    small = enclose(h, 200)
    assert small.rel_accuracy_bits() > 150
    assert float(small) == pytest.approx(1e-30)
    assert float(enclose(alpha2, 200)) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        MODEL + TIME,
        "\ufeff" + MODEL + TIME,
        (MODEL + TIME).replace("\n", "\r\n"),
        (MODEL + TIME).rstrip("\n"),
        TIME + MODEL,
        (MODEL + TIME).replace('"0.05"', "0.05").replace('"2"', "2"),
        MODEL + "[time]\nalpha2 = 0\nh = 1\n",
        MODEL.replace("1.3", "pi/2") + TIME,
        MODEL.replace('"0.05"', "0") + TIME + "[assumptions]\nsigma2 = 0\nlambda = 'isotropic'\ndims = 'k=d'\n",
        "time = {alpha2 = '1', h = '1'}\n" + MODEL,
        "time.alpha2 = '1'\ntime.h = '1'\n" + MODEL,
    ],
)
def test_other_ways_to_write_it(tmp_path: Path, text: str) -> None:
    assert _case(tmp_path, text).D == 12


def test_a_bare_decimal_is_read_by_its_digits(tmp_path: Path) -> None:
    case = _case(tmp_path, MODEL + "[time]\nalpha2 = 0.1\nh = 0.1000000000000000000000000000000001\n")
    assert case.scalars() == (Fraction(1, 10), Fraction(1, 10) + Fraction(1, 10**34))


def test_all_faults_come_at_once_each_with_its_line(tmp_path: Path) -> None:
    text = """[model]
D = 12
k = "3"
d = 13
Theta = ["0.1"]
theta = ["45", "-1",
  "abc",
 "nan"]
lambda = ["2", "-2", 2]
sigma2 = true
[time]
alpha2 = "0,6"
process = "vp-oo"
[asumptions]
[assumptions]
lambda = "isotropc"
"""
    lines = _faults(tmp_path, text)
    starts = [line.split(": ")[0] + ": " + line.split(": ")[1] for line in lines]
    assert starts == [
        ":3: model.k", ":4: model.d", ":5: model.Theta", ":6: model.theta[0]", ":6: model.theta[1]",
        ":7: model.theta[2]", ":8: model.theta[3]", ":9: model.lambda[1]", ":9: model.lambda",
        ":10: model.sigma2", ":12: time.alpha2",
        ":13: time.process", ":13: time.process", ":14: asumptions", ":16: assumptions.lambda",
    ]  # fmt: skip
    assert all("; " in line for line in lines)
    for part in ["'theta'", "45/180*pi", "'0.6'", "'vp-ou'", "'assumptions'", "'isotropic'"]:
        assert any(part in line for line in lines)


ONE_FAULT = [
    ("k = 3\nd", "k = 0\nd", ":3: model.k: must be at least 1"),
    ("k = 3\nd", "k = -3\nd", ":3: model.k: must be at least 1"),
    ("D = 12", "D = 12.0", ":2: model.D: must be an integer"),
    ("D = 12", "D = true", ":2: model.D: must be an integer"),
    ("D = 12", "D = 10000000000000", ":2: model.D: is too large"),
    ("D = 12", "", ":1: model.D: is missing"),
    ('sigma2 = "0.05"\n', "", ":1: model.sigma2: is missing"),
    ("sigma2 =", "sigma =", ":7: model.sigma: unknown key (did you mean 'sigma2'?)"),
    ('"0.05"', '"-0.05"', ":7: model.sigma2: '-0.05' is negative"),
    ('"0.05"', '"inf"', ":7: model.sigma2: must be a finite number"),
    ('"0.05"', "nan", ":7: model.sigma2: must be a finite number"),
    ('"0.05"', "1979-05-27", ":7: model.sigma2: is not a number"),
    ('"0.05"', "pi", ":7:10: not valid TOML"),
    ('"0.05"', '"pi"', ":7: model.sigma2: may not contain pi"),
    ('["0.2", "0.7", "1.3"]', '"0.2"', ":5: model.theta: must be a list"),
    ('["0.2", "0.7", "1.3"]', '["0.2", "0.7"]', ":5: model.theta: has 2 angles; allowed: exactly min(k, d) = 3"),
    ('["0.2", "0.7", "1.3"]', "[]", ":5: model.theta: has 0 angles"),
    ('"1.3"', '"1.5707963267948966193"', ":5: model.theta[2]: '1.5707963267948966193' is beyond pi/2"),
    ('"1.3"', '"0.51*pi"', ":5: model.theta[2]: '0.51*pi' is beyond pi/2"),
    ('["2", "2", "2"]', '["2", "2"]', ":6: model.lambda: has 2 variances; allowed: exactly d = 3"),
    ("D = 12", "D = 5", ":5: model.theta: has 3 positive angles; allowed: at most D - max(k, d) = 2"),
    ("[model]", "[Model]", ":1: Model: unknown section (did you mean 'model'?)"),
    ("[time]\n", "", ":8: model.alpha2: unknown key (it belongs in [time])"),
    ('alpha2 = "0.6"', 'alpha2 = "-0.6"', ":9: time.alpha2: '-0.6' is negative"),
    ('alpha2 = "0.6"\n', "", ":8: time.alpha2: is missing"),
    ('h = "0.4"', 'h = "-1"', ":10: time.h: '-1' is negative"),
    ('h = "0.4"', 'h = "0.4"\nt = "1"', ":11: time.t: stands beside alpha2 and h"),
    ('h = "0.4"', 'h = "0.4"\nh = "0.4"', ":11: time.h: is given twice, first on line 10"),
    ('h = "0.4"', 'h = "0.4"\n[model]\n', ":11: model: is given twice, first on line 1"),
    ('h = "0.4"', 'h = "0.4', ":10:"),
    (
        'h = "0.4"',
        'h = "0.4"\n[assumptions]\nencodr = "x"',
        ":12: assumptions.encodr: unknown assumption (did you mean",
    ),
    (
        'h = "0.4"',
        'h = "0.4"\n[assumptions]\nsigma2 = "0"',
        ":12: assumptions.sigma2: is '0' but model.sigma2 is '0.05'",
    ),
    ('h = "0.4"', 'h = "0.4"\n[assumptions]\ndims = "k<d"', ":12: assumptions.dims: is 'k<d' but k = 3 and d = 3"),
    ('h = "0.4"', 'h = "0.4"\nschema = 2', ":11: time.schema: unknown key"),
    ('h = "0.4"', 'h = "0.4"\n"__proto__" = 2', ":11: time.__proto__: unknown key"),
]


@pytest.mark.parametrize(("old", "new", "expected"), ONE_FAULT)
def test_one_fault(tmp_path: Path, old: str, new: str, expected: str) -> None:
    lines = _faults(tmp_path, (MODEL + TIME).replace(old, new, 1))
    assert any(line.startswith(expected) for line in lines), lines


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("", "time: is missing: exact-kl needs time; give [time] with alpha2 and h, or"),
        ("[time]\n", "time: is missing: exact-kl needs time; give [time] with alpha2 and h, or"),
        ("[time]\nprocess = 'vp-ou'\n", "time.t: is missing"),
        ("[time]\nt = '1'\n", "time.process: is missing"),
        ("[time]\nprocess = 'vp'\nt = '1'\n", "or give alpha2 and h"),
        ("[time]\nprocess = 'flow'\nt = '1.1'\n", "time.t: '1.1' is beyond 1"),
        ("[time]\nprocess = 've'\nt = '-1'\n", "time.t: '-1' is negative"),
        ("[time]\nprocess = 'vp-ou'\nt = '1e9'\n", "time.t: is beyond 1000000"),
        ("[time]\nprocess = 3\nt = '1'\n", "time.process: must be text"),
        ("[time]\nalpha2 = 0\nh = 0\n", "time.h: is 0 together with alpha2"),
        ("[[time]]\nalpha2 = 0\nh = 0\n", "time: must be a table"),
        ("[time.h]\nalpha2 = 0\n", "time.h: is not a number"),
    ],
)
def test_faults_of_the_time(tmp_path: Path, time: str, expected: str) -> None:
    assert any(expected in line for line in _faults(tmp_path, MODEL + time))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "model.D: is missing"),
        (b"\x00" * 10, "NUL byte"),
        ((MODEL + TIME).encode("utf-16"), "is not UTF-8"),
        (b"[model]\nD = '\xff'\n", ":2: byte"),
        (b"#" * 1_000_001, "larger than 1 MB"),
        (b"D = " + b"[" * 5000, "nested too deeply"),
        (b"D = " + b"1" * 5000, "4300 digits"),
        (b"D = 1\r\n\r[model]\n", "not valid TOML"),
        (b"[model\nD = 1\n", ":1:7: not valid TOML"),
        (b"1e9\n=\n", "not valid TOML"),
        (b'"""' * 300_001, "not valid TOML"),
    ],
)
def test_files_that_are_no_case(tmp_path: Path, raw: bytes, expected: str) -> None:
    assert any(expected in line for line in _faults(tmp_path, raw))


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "case.json").write_text("{}")
    for name, expected in [
        ("folder.toml", "is a directory"),
        ("absent.toml", "No such file"),
        ("loop.toml", "cannot be read"),
        ("case.json", "ends in .toml"),
        ("nul\0byte.toml", "cannot be read"),
        ("x" * 300 + ".toml", "cannot be read"),
    ]:
        with pytest.raises(BadInput, match=expected):
            read_case(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(MODEL + TIME)
    path.chmod(0)
    with pytest.raises(BadInput, match="Permission denied"):
        read_case(path)


def test_lines_of_odd_but_valid_toml(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text('a = """\nx = 1\n[b]\n"""\n"q.r" = [ # [\n 1,\n [2,\n 3], {y = 1}]\n[c]\nd.e = {f = 1, g = [2]}\n')
    lines = read(path).lines
    assert lines[("a",)] == 1 and ("b",) not in lines and lines[("q.r",)] == 5
    assert [lines["q.r", i] for i in range(3)] == [6, 7, 8]
    assert lines["c",] == 9 and lines["c", "d", "e", "g"] == 10


FRAMES = """[model]
lambda = ["2", "1"]
sigma2 = "0.05"
U = "U.npy"
V = "V.npy"
"""


def _frame(columns: list[list[float]]) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    return np.array(columns, dtype=np.float64).T


def test_frames_in_place_of_angles(tmp_path: Path) -> None:
    np.save(tmp_path / "U.npy", _frame([[1, 0, 0, 0], [0, 1, 0, 0]]))
    np.save(tmp_path / "V.npy", np.asfortranarray(_frame([[0.6, 0, 0.8, 0], [0, 0.8, 0, 0.6]]).astype(">f8")))
    case = _case(tmp_path, FRAMES + TIME)
    assert (case.D, case.k, case.d) == (4, 2, 2)
    sines = [float(angle.sincos(80)[0]) for angle in case.angles or ()]
    assert sines == pytest.approx([0.6, 0.8], abs=1e-15)
    assert _case(tmp_path, FRAMES.replace("[model]", "[model]\nD = 4\nk = 2") + TIME).D == 4


def _bad_arrays(folder: Path) -> dict[str, str]:
    """Files that are no frame, with a part of what must be said."""
    good = np.eye(4)[:, :2]
    for name, array in {
        "oblique": good * 1.5,
        "nan": good * np.nan,
        "huge": good * 1e300,
        "float32": good.astype(np.float32),
        "complex": good.astype(complex),
        "flat": np.eye(4)[0],
        "empty": np.zeros((4, 0)),
        "wide": good.T,
        "rows": np.eye(5)[:, :2],
    }.items():
        np.save(folder / f"{name}.npy", array)
    np.save(folder / "object.npy", np.array([[{}]], dtype=object), allow_pickle=True)
    np.savez(folder / "archive.npz", U=good)
    (folder / "archive.npz").rename(folder / "archive.npy")
    (folder / "short.npy").write_bytes((folder / "oblique.npy").read_bytes()[:-8])
    (folder / "text.npy").write_text("1 0\n0 1\n")
    (folder / "void.npy").write_bytes(b"")
    (folder / "folder.npy").mkdir()
    return {
        "oblique": "is 1.", "nan": "not finite", "huge": "not orthonormal", "float32": "allowed: real float64",
        "complex": "allowed: real float64", "flat": "matrix", "empty": "", "wide": "columns",
        "rows": "equal numbers of rows",
        "object": "no plain .npy array", "archive": "archive of arrays", "short": "no plain .npy array",
        "text": "no plain .npy array", "void": "no plain .npy array",
        "folder": "cannot be read", "absent": "cannot be read",
    }  # fmt: skip


def test_frames_that_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "U.npy", np.eye(4)[:, :2])
    for name, expected in _bad_arrays(tmp_path).items():
        lines = _faults(tmp_path, FRAMES.replace("V.npy", f"{name}.npy") + TIME)
        assert len(lines) == 1 and lines[0].startswith(":5: model.V: ") and expected in lines[0], (name, lines)
        assert "allowed:" in lines[0]
    assert "does not end in .npy" in _faults(tmp_path, FRAMES.replace("V.npy", "V.npz") + TIME)[0]


def test_frames_and_the_rest_must_agree(tmp_path: Path) -> None:
    np.save(tmp_path / "U.npy", np.eye(4)[:, :2])
    np.save(tmp_path / "V.npy", np.eye(4)[:, 1:3])
    lines = _faults(tmp_path, FRAMES.replace("[model]", "[model]\nD = 5\ntheta = ['1', '1']") + TIME)
    assert [line.split(": ")[1] for line in lines] == ["model.D", "model.theta"]
    assert "model.V: is missing" in _faults(tmp_path, FRAMES.replace('V = "V.npy"\n', "") + TIME)[0]
