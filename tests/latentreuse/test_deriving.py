"""`derive`: what is written, how it is compared, and that nothing is ever half written."""

from pathlib import Path
from typing import Any

import pytest

from latentreuse import catalogue, cli, deriving, faults

FILES = {"a.tex": "one\ntwo\n", "b.py": "three\n"}


def _tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_files_are_written_once(tmp_path: Path) -> None:
    assert deriving.write(tmp_path, "x", FILES)
    before = (tmp_path / "x" / "a.tex").stat().st_mtime_ns
    assert not deriving.write(tmp_path, "x", FILES)
    assert (tmp_path / "x" / "a.tex").stat().st_mtime_ns == before
    assert _tree(tmp_path) == {"x/a.tex": "one\ntwo\n", "x/b.py": "three\n"}


def test_a_folder_of_the_user_keeps_what_else_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "notes.txt").write_text("mine")
    deriving.write(tmp_path, "x", FILES)
    assert _tree(tmp_path)["x/notes.txt"] == "mine"


def test_leftovers_in_a_checkout_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deriving, "checkout", lambda: tmp_path)
    deriving.write(tmp_path, "x", {**FILES, "old.md": "gone"})
    assert deriving.write(tmp_path, "x", FILES)
    assert set(_tree(tmp_path)) == {"x/a.tex", "x/b.py"}


def test_an_interrupt_leaves_the_old_files_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deriving.write(tmp_path, "x", FILES)
    before = _tree(tmp_path)
    original = Path.write_bytes

    def interrupted(self: Path, data: bytes) -> int:
        original(self, data[:2])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        deriving.write(tmp_path, "x", {"a.tex": "new\n", "b.py": "new\n"})
    assert _tree(tmp_path) == before


@pytest.mark.parametrize("blocker", ["file", "missing-permission"])
def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, blocker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if blocker == "file":
        (tmp_path / "x").write_text("in the way")
    else:
        monkeypatch.setattr(
            Path, "write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
        )
    with pytest.raises(faults.BadInput, match="cannot be written: ") as caught:
        deriving.write(tmp_path, "x", FILES)
    assert len(caught.value.lines) == 1


def test_what_is_stale_is_shown_as_a_diff(tmp_path: Path) -> None:
    deriving.write(tmp_path, "x", {**FILES, "old.md": "gone\n"})
    (tmp_path / "x" / "a.tex").write_text("one\nTWO")
    text = "".join(deriving.stale(tmp_path, "x", {**FILES, "new.md": "fresh\n"}))
    for part in [
        "--- x/a.tex (on disk)",
        "+++ x/a.tex (derived now)",
        "-TWO",
        "+two",
        "+fresh",
        "-gone",
        "no longer emitted",
    ]:
        assert part in text
    assert "b.py" not in text
    deriving.write(tmp_path, "y", FILES)
    assert list(deriving.stale(tmp_path, "y", FILES)) == []
    (tmp_path / "y" / "a.tex").write_bytes(b"one\r\ntwo\r\n")
    assert len(list(deriving.stale(tmp_path, "y", FILES))) == 1


def test_what_is_checked_in_is_what_the_derivations_emit(capsys: pytest.CaptureFixture[str]) -> None:
    """A few results here; `.ci/run` compares all of them."""
    some = ["frozen-latent-error", "forward-marginal", "limits", "mixture-spectrum", "exact-w2", "sample-angles"]
    assert cli.main(["derive", *some, "--check"]) == faults.OK, capsys.readouterr().out[:2000]


SOME = ["forward-marginal", "target-score", "latent-optimum", "frozen-latent-error", "principal-planes"]


def test_any_number_of_workers_writes_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for workers in ("1", "3"):
        assert cli.main(["derive", *SOME, "-o", str(tmp_path / workers), "--workers", workers]) == faults.OK
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]
    assert [line.split(":")[0] for line in said[0].splitlines()] == catalogue.selected(SOME)
    assert _tree(tmp_path / "1") == _tree(tmp_path / "3")


def test_verdicts_below_are_handed_on() -> None:
    """A result is no stronger than what was found, in any worker, for what it rests on."""
    weak = deriving.emitted("target-score", {"forward-marginal": "UNDECIDED"})
    assert weak.verdict == "UNDECIDED" and "rests on forward-marginal, which is UNDECIDED" in weak.failures
    assert deriving.emitted("target-score", {"forward-marginal": "ADMITTED"}).verdict == "ADMITTED"
    assert deriving.emitted("target-score", {"forward-marginal": "PROVED"}) == deriving.emitted("target-score", {})


def test_check_fails_on_a_stale_file_and_says_how_to_accept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["derive", "target-score", "-o", str(tmp_path)]) == faults.OK
    assert cli.main(["derive", "target-score", "--check", "-o", str(tmp_path)]) == faults.OK
    page = tmp_path / "target-score" / "page.md"
    page.write_text(page.read_text() + "edited\n")
    capsys.readouterr()
    assert cli.main(["derive", "target-score", "--check", "-o", str(tmp_path)]) == faults.NOT_VERIFIED
    captured = capsys.readouterr()
    assert "-edited" in captured.out and "to accept" in captured.err


def test_outside_a_checkout_a_folder_must_be_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deriving, "checkout", lambda: None)
    assert cli.main(["derive", "target-score"]) == faults.BAD_INPUT
    assert "-o DIR" in capsys.readouterr().err


@pytest.mark.parametrize("choice", ["sigma2=0", "lambda=isotropic", "dims=k=d", "dims=k<d", "dims=k>d"])
def test_narrowing_assumptions_go_through(choice: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["derive", "frozen-latent-error", "--assume", choice]) == faults.OK
    out = capsys.readouterr().out
    assert out.startswith(f"under {choice.replace('=', ' = ', 1)}:") and "frozen-latent-error: PROVED\n  E = " in out
    if choice == "sigma2=0":
        assert "sigma" not in out.split("\n", 2)[2] and "c*" not in out


@pytest.mark.parametrize("process", ["vp-ou", "vp", "ve", "flow"])
def test_every_process_has_its_own_time(process: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["derive", "frozen-latent-error", "--process", process]) == faults.OK
    assert f"  E in the time of {process} = " in capsys.readouterr().out


def test_a_derivation_that_stops_names_step_and_assumption(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["derive", "target-score", "frozen-latent-error", "--assume", "score=frozen", "-o", str(tmp_path)]
    assert cli.main(arguments) == faults.STOPPED
    captured = capsys.readouterr()
    assert "frozen-latent-error: stopped in '" in captured.err and "at step " in captured.err
    assert "relearned-score" in captured.err
    assert "target-score: PROVED" in captured.out  # knows nothing of a latent score, and so goes through
    assert (tmp_path / "target-score" / "page.md").exists()
    assert not (tmp_path / "frozen-latent-error").exists()


def test_changed_assumptions_write_nothing_by_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    folder = deriving.checkout()
    assert folder is not None
    before = _tree(folder / "target-score")
    assert cli.main(["derive", "target-score", "--assume", "sigma2=0"]) == faults.OK
    assert _tree(folder / "target-score") == before


def test_unproved_derivations_are_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from dataclasses import replace

    emitted = deriving.emitted

    def doubtful(*arguments: Any) -> deriving.Emitted:
        return replace(emitted(*arguments), verdict="UNDECIDED", failures=("c, step 1: no",))

    monkeypatch.setattr(deriving, "emitted", doubtful)
    assert cli.main(["derive", "target-score", "-o", str(tmp_path)]) == faults.NOT_VERIFIED
    assert "UNDECIDED, nothing is written" in capsys.readouterr().err
    assert _tree(tmp_path) == {}


def test_every_result_emits_its_six_files_and_a_certificate_a_step() -> None:
    for name in catalogue.known_ids():
        home = (deriving.checkout() or Path()).joinpath(name)
        emitted = {path.name for path in home.iterdir()} - {"__pycache__", "certificates"}
        module = f"{catalogue.function_name(name)}.py"
        assert emitted == {"statement.tex", "proof.tex", "result.json", "axioms.json", "page.md", module}
        steps = sum(len(chain["steps"]) for chain in catalogue.record(name)["proof"])
        assert len(list((home / "certificates").iterdir())) == steps > 0
