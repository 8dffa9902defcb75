"""The command as users run it: exit codes, one line per fault, never a traceback, on any kind of terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from example_case import CASE
from typer.testing import CliRunner

from latentreuse import catalogue, cli, faults

ROOT = Path(__file__).resolve().parents[2]


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python -m latentreuse`` with captured output, in the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "latentreuse", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE)
    return path


@pytest.mark.parametrize(
    "command", ["--help", "list --help", "derive --help", "verify --help", "evaluate --help", "export --help"]
)
def test_help_documents_the_exit_codes(command: str) -> None:
    result = CliRunner().invoke(cli.app, command.split())
    assert result.exit_code == 0
    assert "Exit codes: 0 ok" in " ".join(result.output.split())


@pytest.mark.parametrize(
    "command", ["--help", "--version", "list", "list --json", "verify --help", "export exact-kl --format json"]
)
def test_light_commands_import_nothing_heavy(command: str) -> None:
    """The startup budget, tested by its cause and not by a clock."""
    script = (
        "import sys; from latentreuse.cli import main; code = main(sys.argv[1:]); "
        "heavy = {'sympy', 'numpy', 'scipy', 'flint', 'mpmath', 'theory.kernel'} & set(sys.modules); "
        "sys.exit(f'heavy: {heavy}' if heavy or code else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script, *command.split()], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_list_names_every_result_with_its_verdict() -> None:
    found = json.loads(_run("list", "--json").stdout)
    assert [one["id"] for one in found] == catalogue.known_ids()
    assert all(set(one) == {"id", "title", "verdict", "section"} for one in found)
    text = _run("list").stdout
    assert all(one["id"] in text and one["title"] in text for one in found)


@pytest.mark.parametrize("result", [name for name in catalogue.known_ids() if catalogue.is_emitted(name)])
def test_headings_are_those_of_the_catalogue(result: str) -> None:
    assert catalogue.section_of(result) in {None, *catalogue.SECTIONS}


def test_list_names_what_has_not_been_emitted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogue, "is_emitted", lambda name: name != "exact-kl")
    monkeypatch.setattr(catalogue, "known_ids", lambda: ["exact-kl", "monotonicity"])
    assert cli.main(["list"]) == faults.OK
    out = capsys.readouterr().out
    assert "exact-kl" in out and "not emitted: run latentreuse derive exact-kl" in out and "Monotonicity" in out


def test_list_stands_under_headings_where_results_state_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    states = {"exact-kl": catalogue.SECTIONS[2], "limits": catalogue.SECTIONS[1], "monotonicity": None, "new": "Later"}
    title = "A title that is as long as the longest of them, and then some"
    monkeypatch.setattr(catalogue, "known_ids", lambda: list(states))
    monkeypatch.setattr(
        catalogue, "listed", lambda name: catalogue.Emitted(name, title, "PROVED", "exact 1", "", (), states[name])
    )
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["list"]) == faults.OK
    lines = capsys.readouterr().out.splitlines()
    starts = [line.split("  ")[0] for line in lines[2:] if line]
    assert starts == [catalogue.SECTIONS[1], "limits", catalogue.SECTIONS[2], "exact-kl", "Later", "new",
                      "Other results", "monotonicity"]  # fmt: skip
    assert max(map(len, lines)) <= 100
    for name in states:
        states[name] = None
    assert cli.main(["list"]) == faults.OK
    assert len(capsys.readouterr().out.splitlines()) == 2 + len(states)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("latex", "\\begin{theorem}"),
        ("json", '"frozen-latent-error"'),
        ("python", "def frozen_latent_error("),
        ("markdown", "# "),
    ],
)
def test_export_prints_the_emitted_artefact(form: str, expected: str) -> None:
    done = _run("export", "frozen-latent-error", "--format", form)
    assert done.returncode == 0 and expected in done.stdout
    if form == "json":
        assert json.loads(done.stdout)["id"] == "frozen-latent-error"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        ("", "Missing command"),
        ("lst", "list"),
        ("export exact-kl", "--format"),
        ("export exact-kl --format pdf", "latex"),
        ("export exact-lk --format json", "did you mean 'exact-kl'?"),
        ("verify frozen-laten-error", "did you mean 'frozen-latent-error'?"),
        ("verify --seed -1", "--seed"),
        ("verify --workers 0", "--workers"),
        ("derive --process vp-oo", "vp-ou"),
        ("derive --assume sgma2=0", "did you mean sigma2?"),
        ("derive --assume sigma2", "not key=value"),
        ("derive --assume =0", "not key=value"),
        ("derive --assume sigma2=0 --assume sigma2=free", "contradicts"),
        ("derive --assume sigma2=0 --check", "--check"),
        ("evaluate exact-kl", "--case"),
        ("evaluate exact-kl a.toml --case b.toml", "the case file is given twice"),
        ("evaluate exact-kl absent.toml", "absent.toml: cannot be read"),
        ("evaluate exact-kl --case absent.toml", "absent.toml: cannot be read"),
        ("evaluate exact-kl --case tests", "tests: is a directory"),
        ("evaluate exact-kl --case absent.toml --digits 0", "--digits 0: allowed"),
        ("evaluate exact-kl --case absent.toml --digits ten", "--digits"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(
    arguments: str, hint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.main(arguments.split()) == faults.BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out == ""
    assert hint in captured.err and captured.err.count("\n") == 1


def test_a_bad_case_prints_one_line_per_fault(case: Path) -> None:
    case.write_text(CASE.replace("D = 12", "D = 2").replace("sigma2", "sgima2"))
    done = _run("evaluate", "exact-kl", "--case", str(case))
    assert (done.returncode, done.stdout) == (2, "")
    assert all(line.startswith(f"{case}:") for line in done.stderr.splitlines())
    assert len(done.stderr.splitlines()) == 4  # k and d beyond D, sgima2 unknown, sigma2 missing


def test_internal_errors_are_one_line_and_exit_4(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> list[str]:
        raise RuntimeError("something\nunexpected")

    monkeypatch.setattr(catalogue, "known_ids", broken)
    monkeypatch.delenv("LATENTREUSE_DEBUG", raising=False)
    assert cli.main(["list"]) == faults.INTERNAL
    assert capsys.readouterr().err.startswith("latentreuse: internal error: RuntimeError: something unexpected (")
    monkeypatch.setenv("LATENTREUSE_DEBUG", "1")
    with pytest.raises(RuntimeError):
        cli.main(["list"])


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_interrupt_is_one_line_and_exit_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], wrapped: bool
) -> None:
    def interrupted() -> list[str]:
        if wrapped:  # as compiled code does with an interrupt that arrives in one of its callbacks
            raise SystemError("returned a result with an exception set") from KeyboardInterrupt()
        raise KeyboardInterrupt

    monkeypatch.setattr(catalogue, "known_ids", interrupted)
    assert cli.main(["list"]) == faults.INTERRUPTED
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for the workers in /proc")
def test_an_interrupt_ends_the_workers_too() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "latentreuse", "verify", "--no-real"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (faults.INTERRUPTED, "")
    assert "Traceback" not in err and err.splitlines()[-1].startswith("latentreuse: interrupted")
    deadline = time.monotonic() + 10
    while _alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _alive(process.pid)


def _alive(group: int) -> list[str]:
    """Processes of a group that still run; those that merely wait to be collected do not count."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, pgrp = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(pgrp) == group and state not in "ZX":
            found.append(path.parent.name)
    return found


ENVIRONMENTS: list[dict[str, str]] = [
    {"COLUMNS": "20"},
    {"COLUMNS": "0"},
    {"COLUMNS": "wide"},
    {"NO_COLOR": "1", "TERM": "dumb"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"},
    {"LC_ALL": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"},
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "random"},
    {"PYTHONUTF8": "0", "LC_ALL": "POSIX"},
]


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=str)
def test_any_terminal_will_do(case: Path, environment: dict[str, str]) -> None:
    usual = _run("evaluate", "two-sided-bound", "--case", str(case), "--json").stdout
    done = _run("evaluate", "two-sided-bound", "--case", str(case), "--json", **environment)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", usual)
    listing = _run("list", **environment)
    assert (listing.returncode, listing.stderr) == (0, "")
    assert all(name in listing.stdout for name in catalogue.known_ids())
    command = [sys.executable, "-m", "latentreuse", "export", "exact-kl", "--format", "markdown"]
    page = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, check=True).stdout
    assert page == (ROOT / "derivations" / "exact-kl" / "page.md").read_bytes()


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m latentreuse export monotonicity --format json | head -c 1", shell=True, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("{", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["--help", "--version", "list", "list --json", "export exact-kl --format json"])
def test_a_full_device_is_one_line_and_an_exit_code_of_its_own(command: str) -> None:
    line = f"{sys.executable} -m latentreuse {command} > /dev/full"
    done = subprocess.run(line, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == faults.UNWRITABLE
    assert done.stderr.startswith("latentreuse: standard output cannot be written: ") and done.stderr.count("\n") == 1
    both = subprocess.run(f"{line} 2> /dev/full", shell=True, cwd=ROOT, check=False)
    assert both.returncode == faults.UNWRITABLE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_standard_error_keeps_the_exit_code() -> None:
    done = subprocess.run(f"{sys.executable} -m latentreuse lst 2> /dev/full", shell=True, cwd=ROOT, check=False)
    assert done.returncode == faults.BAD_INPUT


def test_other_failures_to_write_are_not_blamed_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> list[str]:
        raise PermissionError(13, "Permission denied", "some/file")

    monkeypatch.setattr(catalogue, "known_ids", broken)
    assert cli.main(["list"]) == faults.INTERNAL
    assert "PermissionError" in capsys.readouterr().err


def test_the_case_file_may_stand_alone(case: Path) -> None:
    alone, named = (_run("evaluate", "exact-kl", *rest, str(case)).stdout for rest in ([], ["--case"]))
    assert alone == named and "KL = " in alone


def test_it_runs_without_standard_streams() -> None:
    done = subprocess.run(f"{sys.executable} -m latentreuse list >&- 2>&- <&-", shell=True, cwd=ROOT, check=False)
    assert done.returncode == faults.OK
