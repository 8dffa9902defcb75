"""The wheel carries what is emitted, so that the command works outside a checkout."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from latentreuse import __version__, catalogue

ROOT = Path(__file__).resolve().parents[2]
CASE = """[model]
D = 2
k = 1
d = 1
theta = ["pi/4"]
lambda = ["1"]
sigma2 = "0"
[time]
alpha2 = "1"
h = "1"
"""


def _run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command that must succeed, away from the checkout's own path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_packages_are_listed_by_name() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = config["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["checker", "theory", "numerics", "derivations", "latentreuse"]
    assert config["project"]["name"] == "latentreuse"


def test_constraints_are_plain_pins() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    names = [line.split("==")[0] for line in pins]
    assert all(line.count("==") == 1 and not set(line) & set(" ;@/<>") for line in pins)
    assert len(set(names)) == len(names) > 20


@pytest.mark.campaign
def test_an_installed_wheel_works_outside_a_checkout(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", dist, ROOT, cwd=tmp_path)
    (wheel,) = dist.glob("latentreuse-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for result in catalogue.known_ids():
        module = f"{catalogue.function_name(result)}.py"
        files = {"statement.tex", "proof.tex", "result.json", "axioms.json", "page.md", module}
        assert {f"derivations/{result}/{name}" for name in files} <= set(names)
    assert not [name for name in names if name.startswith("tests/") or "__pycache__" in name]

    _run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    _run(python, *pip[1:], "install", "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    command = python.parent / "latentreuse"
    (tmp_path / "case.toml").write_text(CASE)
    assert _run(command, "--version", cwd=tmp_path).split() == ["latentreuse", __version__]
    listed = json.loads(_run(command, "list", "--json", cwd=tmp_path))
    assert [one["id"] for one in listed] == catalogue.known_ids()
    emitted = (ROOT / "derivations" / "exact-kl" / "exact_kl.py").read_text(encoding="utf-8")
    assert _run(command, "export", "exact-kl", "--format", "python", cwd=tmp_path) == emitted
    value = json.loads(_run(command, "evaluate", "frozen-latent-error", "--case", "case.toml", "--json", cwd=tmp_path))
    assert value["verdict"] == "PROVED"
    assert float(value["value"]) == pytest.approx(0.5 * (1 - 1 / (2 * 1.5)))
    refused = subprocess.run([command, "derive", "exact-kl"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "-o DIR" in refused.stderr
