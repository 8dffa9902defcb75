"""Small errors in the checker are seen by its tests; those that are not are the same checker, with a reason each."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from mutation import MODULES, argued, mutants

ROOT = Path(__file__).resolve().parents[2]


def test_mutants_differ() -> None:
    """There are enough of each module, all others than it; those that are argued away are mutants still."""
    every = set()
    for module in MODULES:
        made = [str(x) for x in mutants(module)]
        assert len(made) > 50
        every |= set(made)
    assert {path.stem for path in (ROOT / "checker").glob("[a-z]*.py")} == set(MODULES)
    assert argued() <= every
    plain = ast.dump(ast.parse((ROOT / "checker" / "names.py").read_text(encoding="utf-8")))
    assert all(ast.dump(x.tree) != plain for x in mutants("names"))


@pytest.mark.campaign
def test_every_mutant_is_seen() -> None:
    command = [sys.executable, str(Path(__file__).with_name("mutation.py"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
