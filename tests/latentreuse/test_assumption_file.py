"""Assumption files: read as the theory's own choices; what is wrong is named by file, line and key, all at once."""

import os
import random
import time
from pathlib import Path

import pytest

from latentreuse import cli, faults
from latentreuse.assumption_file import AssumptionFile, read_assumptions
from latentreuse.faults import BadInput
from theory.assumptions import CHOICES, PROCESSES, Assumptions
from theory.processes import Process
from theory.text import text

GOOD = """title = "A mean that is not zero"
[assumptions]
lambda = "isotropic"
mu = "free"
[process]
alpha = "exp(-t/2)"
h = "1 - exp(-t)"
"""
SAMPLE, MANY = 300, 20_000


def _read(folder: Path, raw: str | bytes) -> AssumptionFile:
    path = folder / "setting.toml"
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return read_assumptions(path)


def _faults(folder: Path, raw: str | bytes) -> list[str]:
    """The lines for a bad file, without the folder's name."""
    with pytest.raises(BadInput) as caught:
        _read(folder, raw)
    return [line.removeprefix(f"{folder}/setting.toml") for line in caught.value.lines]


def test_a_file(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)
    assert (found.path.name, found.title) == ("setting.toml", "A mean that is not zero")
    assert found.choices == (("lambda", "isotropic"), ("mu", "free"))
    process = found.assumptions.process
    assert isinstance(process, Process) and text(process.alpha) == "exp(-t/2)" and text(process.h_dot) == "exp(-t)"
    assert found.assumptions == Assumptions.default().choose(dict(found.choices), process)


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in CHOICES.items() for value in values])
def test_every_choice_of_the_theory(tmp_path: Path, key: str, value: str) -> None:
    assert _read(tmp_path, f'[assumptions]\n{key} = "{value}"\n').assumptions == Assumptions.default().choose(
        {key: value}
    )


@pytest.mark.parametrize("name", PROCESSES)
def test_every_process_of_the_theory(tmp_path: Path, name: str) -> None:
    assert _read(tmp_path, f"[process]\nname = '{name}'").assumptions == Assumptions.default().choose({}, name)


@pytest.mark.parametrize(
    "raw",
    [
        "", "# nothing\n", "[assumptions]\n", "\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.rstrip("\n"),
        "assumptions = {mu = 'free'}\nprocess = {name = 've'}\n", "assumptions.mu = 'free'\nprocess.name = 've'\n",
        "[process]\nalpha = 1\nh = 't'\n", "[process]\nalpha = 1.0\nh = '0.5*t'\n",
        "[assumptions]\nsigma2 = 0\nmu = 0\n",
        "[process]\nh = 't/(1 + t)'\nalpha = 'sqrt(1 - t)'\n",
    ],
)  # fmt: skip
def test_other_ways_to_write_it(tmp_path: Path, raw: str) -> None:
    assert isinstance(_read(tmp_path, raw).assumptions, Assumptions)


def test_all_faults_come_at_once_each_with_its_line(tmp_path: Path) -> None:
    lines = _faults(
        tmp_path,
        """titel = "x"
lambda = "misaligned"
[assumptions]
lamda = "misaligned"
mu = "fre"
latent = true
alpha = 1
[process]
nam = "x"
alpha = "exp(-t/3)"
h = "2t"
[proces]
""",
    )
    assert [line.split(": ")[0] + ": " + line.split(": ")[1] for line in lines] == [
        ":1: titel", ":2: lambda", ":4: assumptions.lamda", ":5: assumptions.mu", ":6: assumptions.latent",
        ":7: assumptions.alpha", ":9: process.nam", ":10: process.alpha", ":11: process.h", ":12: proces",
    ]  # fmt: skip
    assert all("; allowed: " in line for line in lines)
    for part in ("'title'", "in [assumptions]", "did you mean 'lambda'", "did you mean free", "'gaussian', 'mixture'",
                 "in [process]", "did you mean 'name'", "exp(-t/2)", "write 2*t", "'process'"):  # fmt: skip
        assert any(part in line for line in lines), part


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("title = 3\n", ":1: title: must be text"), (f"title = '{'x' * 201}'", ":1: title: is too long"),
        ('title = "a\\nb"', ":1: title: is too long or not one line"),
        ("assumptions = 3\n", ":1: assumptions: must be a"),
        ("[[assumptions]]\n", ":1: assumptions: must be a table"),
        ("process = 'flow'\n", ":1: process: must be a table"),
        ("[assumptions]\nmu = 1\n", ":2: assumptions.mu: cannot be '1'; allowed: 0, free"),
        ("[assumptions]\nmu = 0.0\n", "cannot be '0.0'"), ("[assumptions]\nmu = ['0']\n", "must be text in quotes"),
        ("[assumptions]\nmu = {a = 1}\n", "must be text"), ("[assumptions]\nmu = 1979-05-27\n", "must be text"),
        (f"[assumptions]\nmu = '{'x' * 999}'\n", "xxx..."),
        (f"[assumptions]\nmu = 0x{'f' * 5000}\n", "very large integer"),
        ("[assumptions]\nmu = '0'\nmu = '0'\n", ":3: assumptions.mu: is given twice, first on line 2"),
        ("[assumptions]\n[assumptions]\n", ":2: assumptions: is given twice"), ("[assumptions.mu]\n", "must be text"),
        ("[process]\n", ":1: process: names no process"), ("[process]\nname = 'flw'\n", "did you mean 'flow'"),
        ("[process]\nname = 3\n", ":2: process.name: must be text"), ("[process]\nname = []\n", "must be text"),
        ("[process]\nname = 'flow'\nh = 't'\n", ":3: process.h: stands beside name"),
        ("[process]\nalpha = '1'\n", ":1: process.h: is missing beside alpha"),
        ("[process]\nh = 't'\n", "process.alpha: is"),
        ("[process]\nalpha = true\nh = 't'\n", ":2: process.alpha: must be text"),
        (f"[process]\nalpha = 0x{'f' * 5000}\nh = 't'\n", ":2: process.alpha: must be text"),
        ("[process]\nalpha = 'beta'\nh = 't'\n", "unknown name beta; names are t"),
        ("[process]\nalpha = \"__import__('os')\"\nh = 't'\n", "unknown name __import__"),
        ("[process]\nalpha = ''\nh = 't'\n", "is empty"), ('[process]\nalpha = """1\n"""\nh = "t"\n', "one line"),
        ("[process]\nalpha = 'exp(-t/2)'\nh = '-t'\n", ":3: process.h: is not positive at t = 1/1048576"),
        ("[process]\nalpha = '-1'\nh = 't'\n", ":2: process.alpha: is -1 at t = 0"),
        ("[process]\nalpha = '1'\nh = 't*exp(-t)'\n", ":3: process.h: makes h/alpha^2 decrease"),
        ("[process]\nalpha = '1'\nh = 'sqrt(t)'\n", ":1: process: its rates are not proved"),
        ("\x00", "NUL byte"), (GOOD.encode("utf-16"), "is not UTF-8"), (b"title = '\xff'", ":1: byte"),
        (b"#" * 1_000_001, "larger than 1 MB"), (b"a = " + b"[" * 5000, "nested too deeply"),
        ("[process\n", "not valid TOML"),
        ("'__proto__' = 1\n", "unknown section"), (f"{'k' * 500_000} = 1\n", "kkk..."),
        ("[model]\nD = 1\n", ":1: model: unknown"),
    ],
)  # fmt: skip
def test_one_fault(tmp_path: Path, raw: str | bytes, expected: str) -> None:
    lines = _faults(tmp_path, raw)
    assert len(lines) == 1 and expected in lines[0] and len(lines[0]) < 400, lines


def test_many_faults_take_no_time(tmp_path: Path) -> None:
    raw = "[assumptions]\n" + "".join(f"lambdaa{i} = 1\n" for i in range(30_000))
    start = time.process_time()
    assert len(_faults(tmp_path, raw)) == 30_000
    assert time.process_time() - start < 10


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    (tmp_path / "setting.json").write_text("{}")
    with (tmp_path / "huge.toml").open("wb") as stream:
        stream.truncate(100_000_000)
    for name, expected in [
        ("folder.toml", "is a directory"), ("absent.toml", "No such file"), ("loop.toml", "cannot be read"),
        ("setting.json", "ends in .toml"), ("nul\0byte.toml", "cannot be read"),
        ("x" * 300 + ".toml", "cannot be read"),
        ("huge.toml", "larger than 1 MB"),
    ]:  # fmt: skip
        with pytest.raises(BadInput, match=expected):
            read_assumptions(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "setting.toml"
    path.write_text(GOOD)
    path.chmod(0)
    with pytest.raises(BadInput, match="Permission denied"):
        read_assumptions(path)


# --- the command ----------------------------------------------------------------------------------------------------


def _derive(*arguments: str) -> int:
    return cli.main(["derive", "frozen-latent-error", *arguments])


def test_derive_under_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "setting.toml"
    path.write_text(GOOD.replace("free", "0"))
    assert _derive("--assumptions", str(path), "--assume", "sigma2=0", "--assume", "mu=0") == faults.OK
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("A mean that is not zero, under lambda = isotropic, sigma2 = 0, process = own (")
    assert out[1] == "frozen-latent-error: PROVED" and any("exp(-t/2)^2*lambda" in line for line in out)
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_derivation_that_stops_under_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "setting.toml"
    path.write_text("[assumptions]\nencoder = 'oblique'\n")
    assert _derive("--assumptions", str(path)) == faults.STOPPED
    assert "needs the assumption orthonormal-encoder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--assume", "mu=0"], "--assume mu=0: contradicts mu = 'free' in"),
        (["--assume", "lambda=diagonal"], "--assume lambda=diagonal: contradicts lambda = 'isotropic' in"),
        (["--process", "flow"], "--process flow: contradicts the process of"),
        (["--check"], "--check compares"),
        (["--assume", "muu=0"], "unknown assumption 'muu'"),
    ],
)
def test_a_command_line_that_contradicts_the_file(
    tmp_path: Path, arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "setting.toml"
    path.write_text(GOOD)
    assert _derive("--assumptions", str(path), *arguments) == faults.BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.startswith(expected) and captured.err.count("\n") == 1


def test_a_bad_file_prints_one_line_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "setting.toml"
    path.write_text("[assumptions]\nmu = 'x'\nlatent = 'y'\n")
    assert _derive("--assumptions", str(path)) == faults.BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out == "" and [line.split(":")[1] for line in captured.err.splitlines()] == ["2", "3"]


# --- random files ---------------------------------------------------------------------------------------------------

_PIECES = (
    "[assumptions]\n", "[process]\n", "title = ", "mu = 'free'\n", "lambda = ", "'isotropic'\n", "name = 'flow'\n",
    "alpha = '1 - t'\n", "h = 't**2'\n", "h = \"open('M', 'w')\"\n", "alpha = '", '"""', "[[", "]]", "{", "}", "=",
    ".", "\n",
    "\r\n", "\0", "\ufeff", "\u200b", "true", "1e9", "1979-05-27", "#", "\\u0000", "'", '"', "exp(-t)", "/0", "**9",
    "__",
    "9" * 400, "sigma2 = 0\n", "\ud800",
)  # fmt: skip


def _attack(folder: Path, seed: int, count: int) -> int:
    """Read `count` random files; returns how many were good."""
    rng, good = random.Random(seed), 0
    for _ in range(count):
        raw = GOOD if rng.random() < 0.7 else ""
        for _ in range(rng.randrange(6) if raw else rng.randrange(12)):
            start = rng.randrange(len(raw) + 1)
            put = rng.choice((*_PIECES, "", raw[start : start + 20]))
            raw = raw[:start] + put + raw[start + rng.choice((0, 0, 1, 5, 30)) :]
        path = folder / "setting.toml"
        path.write_bytes(raw.encode("utf-8", errors="surrogatepass"))
        try:
            good += isinstance(read_assumptions(path).assumptions, Assumptions)
        except BadInput as error:
            for line in error.lines:
                assert line.startswith(f"{path}:") and line.isprintable() and len(line) < 700
    assert list(folder.iterdir()) == [folder / "setting.toml"]
    return good


def test_random_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert SAMPLE / 20 < _attack(tmp_path, 3, SAMPLE) < SAMPLE / 2


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(200, 204))
def test_many_random_files(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert _attack(tmp_path, seed, MANY // 4) > 0
