"""`check-certificates`: what it says of shipped, changed, missing and unreadable certificates."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from latentreuse import certificates, cli, faults, tasks
from latentreuse.verification import Verification, combine
from latentreuse.verification_report import certificates as summed

ROOT = Path(__file__).resolve().parents[2]
RESULT = "exact-w2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of one result."""
    for name in (RESULT, "principal-planes"):
        shutil.copytree(ROOT / "derivations" / name, tmp_path / name)
    return tmp_path


def test_what_is_shipped_is_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-certificates", "target-score", "exact-kl"]) == faults.OK
    assert "certificates: 34 of 34 steps accepted by the independent checker in" in capsys.readouterr().out


def test_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-certificates", "principal-planes", "--folder", str(folder), "--json"]) == faults.OK
    (one,) = json.loads(capsys.readouterr().out)
    assert one == {"result": "principal-planes", "steps": 56, "accepted": 56, "refused": []}


def test_a_missing_certificate_and_what_rests_on_it_are_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = next((folder / "principal-planes" / "certificates").glob("01-*.1.json"))
    path.unlink()
    assert cli.main(["check-certificates", "principal-planes", "--folder", str(folder)]) == faults.NOT_VERIFIED
    told = capsys.readouterr()
    assert "step 1: certificate refused: no certificate, or more than one" in told.err
    assert "of 56 steps accepted" in told.out and "56 of 56" not in told.out


def test_a_changed_claim_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sorted((folder / RESULT / "certificates").iterdir())[0]
    made = json.loads(path.read_text())
    made["claim"]["relation"] = "<="
    path.write_text(json.dumps(made))
    assert cli.main(["check-certificates", RESULT, "--folder", str(folder)]) == faults.NOT_VERIFIED
    assert "the hash is that of another claim" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"proof": 1}', '{"proof": [{}]}', "\x00", '{"proof": ['])
def test_a_record_that_cannot_be_read_is_one_line(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / RESULT / "result.json").write_text(text)
    assert cli.main(["check-certificates", RESULT, "--folder", str(folder)]) == faults.NOT_VERIFIED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{RESULT}: result.json: certificate refused: ")


def test_bad_input_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check-certificates", "--folder", str(tmp_path / "no")]) == faults.BAD_INPUT
    assert cli.main(["check-certificates", "exact-k2"]) == faults.BAD_INPUT
    first, second = capsys.readouterr().err.splitlines()
    assert "no results there" in first and "did you mean" in second


def test_verify_counts_what_was_accepted() -> None:
    outcome = tasks.run_job(tasks.Job("target-score", tasks.PROOF), 0)
    assert outcome.extra["verdict"] == "PROVED" and outcome.extra["certified"] == outcome.extra["steps"] == 15
    other = {stage: tasks.Outcome(tasks.Job("target-score", stage), "-", "", 0.0, {}) for stage in tasks.RUNGS}
    found = combine(
        {tasks.Job("target-score", tasks.PROOF): outcome} | {o.job: o for o in other.values()}, ["target-score"]
    )

    assert summed(Verification(found, None))[0].startswith("certificates: 15 of 15 steps accepted")


def test_what_is_written_under_other_assumptions_has_certificates_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["derive", "principal-planes", "--assume", "dims=k<d", "-o", str(tmp_path)]) == faults.OK
    assert cli.main(["check-certificates", "--folder", str(tmp_path)]) == faults.OK
    assert "certificates: 56 of 56 steps accepted" in capsys.readouterr().out


def test_a_refused_certificate_takes_the_verdict_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "derivations" / "target-score", folder / "target-score")
    next((folder / "target-score" / "certificates").iterdir()).unlink()
    monkeypatch.setattr(certificates, "shipped", lambda: folder)
    outcome = tasks.run_job(tasks.Job("target-score", tasks.PROOF), 0)
    assert outcome.extra["verdict"] == "UNDECIDED" and outcome.extra["certified"] < 15
    assert any("certificate refused" in line for line in outcome.extra["failures"])


def test_it_runs_as_a_plain_script(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "checker"), str(ROOT / "derivations"), "target-score"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("15 of 15 steps accepted, granted "), done.stderr
