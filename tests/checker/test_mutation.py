"""Small errors in the checker are seen by its tests; those that are not are the same checker, with a reason each."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from mutation import MODULES, argued, mutants

ROOT = Path(__file__).resolve().parents[2]


def test_mutants_differ() -> None:
    """Each is a program, and another one than the module; those that are argued away are mutants still."""
    every = set()
    for module in MODULES:
        plain = ast.unparse(ast.parse((ROOT / "checker" / f"{module}.py").read_text(encoding="utf-8")))
        made = mutants(module)
        assert len(made) > 50 and all(x.source != plain for x in made)
        every |= {str(x) for x in made}
    assert {path.stem for path in (ROOT / "checker").glob("[a-z]*.py")} == set(MODULES)
    assert argued() <= every


@pytest.mark.campaign
def test_every_mutant_is_seen() -> None:
    command = [sys.executable, str(Path(__file__).with_name("mutation.py"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
