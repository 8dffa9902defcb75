"""`prove` as users run it: files, table, JSON, exit codes, and what happens without a prover."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from latentreuse import coq_backend, prove_command
from latentreuse.coq_backend import Coq
from latentreuse.faults import BadInput
from latentreuse.proof_backends import Decided, Left, Piece, Written
from latentreuse.prove_command import Proved, as_json, prove, prove_one, reasons, render

ROOT = Path(__file__).resolve().parents[2]
needs_coqc = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed (Debian: coq)")
ONE = "Theorem {} :\n  1 + 1 = {}.\nProof.\n  ring.\nQed.\n"


def _run(*arguments: str, path: str = os.environ["PATH"]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "latentreuse", "prove", *arguments]
    environment = {**os.environ, "PATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _pieces(**claims: str) -> tuple[Piece, ...]:
    return tuple(Piece("a chain", n, name, ONE.format(name, value)) for n, (name, value) in enumerate(claims.items()))


def _decided(*pieces: Piece, seconds: float = 60) -> dict[str, str]:
    return Coq().decide("x.v", pieces, seconds, lambda _: None).answers


def _proved(refused: str = "") -> Proved:
    pieces = (Piece("a chain", 1, "one", ""), Piece("a chain", 2, "two", ""))
    left = (Left("some-result", "other", 1, "an integral"),)
    return Proved("some-result", Written(pieces, left), Decided({"one": "", "two": refused}), 1.5)


def test_without_coqc_one_line_names_the_package() -> None:
    done = _run("regularity", path=str(Path(sys.executable).parent))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "apt-get install coq" in done.stderr
    assert not done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no-such-result",), "unknown result"),
        (("regularity", "--emit-only"), "-o DIR"),
        (("regularity", "--emit-only", "-o", "README.md"), "README.md"),
        (("regularity", "--backend", "lean"), "lean"),
        (("regularity", "--seconds", "0"), "seconds"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], told: str) -> None:
    done = _run(*arguments)
    assert done.returncode == 2
    assert told in done.stderr and "Traceback" not in done.stderr and not done.stdout


def test_files_are_written_without_a_prover(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "proofs"
    asked = ("regularity", "two-sided-bound", "--emit-only", "-o", str(folder))
    done = _run(*asked, path=str(Path(sys.executable).parent))
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in folder.iterdir()) == ["not-covered.json", "regularity.v", "two_sided_bound.v"]
    left = json.loads((folder / "not-covered.json").read_text())
    assert {entry["result"] for entry in left} == {"regularity"}
    assert set(left[0]) == {"result", "chain", "step", "reason"}
    first = {p.name: p.read_bytes() for p in folder.iterdir()}
    _run(*asked)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == first


@needs_coqc
def test_one_result_is_proved(tmp_path: Path) -> None:
    done = _run("regularity", "--json", "-o", str(tmp_path))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (result,) = found["results"]
    assert found["backend"] == "coq" and result["id"] == "regularity"
    assert result["theorems"] and all(one["accepted"] for one in result["theorems"])
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".json", ".v"]  # what coqc makes is left elsewhere


@needs_coqc
def test_a_refused_theorem_does_not_hide_the_others() -> None:
    answers = _decided(*_pieces(good="2", bad="3", fine="2"))
    assert answers["good"] == answers["fine"] == ""
    assert answers["bad"]


@needs_coqc
def test_what_takes_too_long_is_not_decided() -> None:
    slow = Piece("a chain", 1, "slow", "Theorem slow :\n  1 = 2.\nProof.\n  repeat (apply eq_sym).\nQed.\n")
    assert "not decided" in _decided(slow, seconds=3)["slow"]


@needs_coqc
def test_an_axiom_of_ones_own_is_refused() -> None:
    cheat = Piece(
        "a chain", 1, "cheat", "Axiom mine : 1 = 2.\nTheorem cheat :\n  1 = 2.\nProof.\n  exact mine.\nQed.\n"
    )
    assert "rests on mine" in _decided(cheat)["cheat"]


def test_one_refusal_fails_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Done:
        def __init__(self, found: Proved) -> None:
            self.found = found

        def exception(self) -> None:
            return None

        def result(self) -> Proved:
            return self.found

    class Crew:
        def __init__(self, found: Proved) -> None:
            self.found = found

        def __enter__(self) -> "Crew":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def submit(self, *_: object) -> None:
            pass

        def finished(self) -> list[tuple[str, Done]]:
            return [("some-result", Done(self.found))]

    monkeypatch.setattr(coq_backend.shutil, "which", lambda _: "/bin/coqc")
    for refused, code in (("", 0), ("wrong", 1)):
        monkeypatch.setattr(prove_command, "crew", lambda *_, refused=refused: Crew(_proved(refused)))
        assert prove(["some-result"], "coq", None, 1, 10, emit_only=False, json=False) == code
    assert "'a chain', step 2 (two): wrong" in capsys.readouterr().out


def test_the_table_and_the_json_agree() -> None:
    text = render([_proved("wrong"), _proved()], 100)
    assert text.splitlines()[-2:] == ["not covered:", "  2 an integral"]
    assert text.splitlines()[4].split() == ["all", "4", "3", "1", "2", "3.0"]
    found = as_json("coq", [_proved("wrong")])["results"][0]
    assert [one["accepted"] for one in found["theorems"]] == [True, False]
    assert found["not_covered"][0]["reason"] == "an integral"


def test_reasons_are_counted_the_most_frequent_first() -> None:
    left = [Left("x", "y", n, reason) for n, reason in enumerate(("b", "a", "a"))]
    assert reasons(left) == ["2 a", "1 b"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "regularity.v").mkdir()
    with pytest.raises(BadInput, match=r"regularity\.v"):
        prove_one("coq", "regularity", tmp_path, 10, ask=False)


@needs_coqc
def test_an_interrupt_leaves_no_prover_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "latentreuse", "prove", "source-score", "-o", str(tmp_path), "--workers", "1"]
    child = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    until = time.monotonic() + 60
    while not _provers(child.pid) and time.monotonic() < until and child.poll() is None:
        time.sleep(0.1)
    assert _provers(child.pid)
    child.send_signal(signal.SIGINT)
    _, wrong = child.communicate(timeout=30)
    assert child.returncode == 130 and "interrupted" in wrong
    time.sleep(1)
    assert not _provers(child.pid)
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".new")]


def _provers(session: int) -> list[str]:
    """The processes coqc of a session."""
    listed = subprocess.run(["ps", "-o", "comm=", "-s", str(session)], capture_output=True, text=True, check=False)
    return [line for line in listed.stdout.split() if line.startswith("coq")]
