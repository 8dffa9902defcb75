"""The checker as a program: it needs Python alone, runs from anywhere, and says the same under any hash seed."""

import ast
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "checker").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=[x.name for x in FILES])
def test_it_imports_python_and_itself(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
        names = (
            [x.name for x in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        for name in names:
            top = name.split(".")[0]
            assert top == "checker" or top in sys.stdlib_module_names, name
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__"), "text is never run"


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def without_time(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    return done.returncode, done.stdout.rsplit(" in ", 1)[0], done.stderr


def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    """As a folder and as a file, without site packages and without what surrounds it, from another folder."""
    for script in (ROOT / "checker", ROOT / "checker" / "__main__.py"):
        done = run("-I", "-S", str(script), str(ROOT / "derivations"), "limits", cwd=tmp_path)
        assert without_time(done) == (0, done.stdout.rsplit(" in ", 1)[0], "") and " steps accepted" in done.stdout
    outside = run("-m", "checker", "derivations", "limits", cwd=ROOT)
    assert without_time(outside) == without_time(done)


def test_it_runs_in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["checker", str(ROOT / "derivations"), "limits"])
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(SystemExit) as done:
        runpy.run_path(str(ROOT / "checker" / "__main__.py"), run_name="__main__")
    assert done.value.code == 0 and sys.path[0] == str(ROOT) and " steps accepted" in capsys.readouterr().out


def test_any_hash_seed(tmp_path: Path) -> None:
    """Sets are looked at in no order: an accepted folder and a broken one give the same lines."""
    seen = set()
    for seed in ("0", "1", "2", "12345"):
        for result in ("limits", "reuse-horizon"):
            done = run(
                "-s", "-S", str(ROOT / "checker"), str(ROOT / "derivations"), result, cwd=tmp_path, PYTHONHASHSEED=seed
            )
            seen.add((result, without_time(done)))
    assert len(seen) == 2 and all(x[1][0] == 0 for x in seen)


def test_any_hash_seed_in_refusals(tmp_path: Path) -> None:
    folder = tmp_path / "limits"
    (folder / "certificates").mkdir(parents=True)
    for name in ("result.json", "axioms.json"):
        (folder / name).write_text((ROOT / "derivations" / "limits" / name).read_text())
    for path in sorted((ROOT / "derivations" / "limits" / "certificates").iterdir())[::2]:
        (folder / "certificates" / path.name).write_text(path.read_text().replace('"closed"', '"opened"'))
    found = {
        without_time(run("-s", "-S", str(ROOT / "checker"), str(tmp_path), cwd=tmp_path, PYTHONHASHSEED=seed))
        for seed in "0123"
    }
    ((code, text, error),) = found
    assert code == 1 and not error and text.count("refused: limits, ") == len(text.splitlines()) - 1
