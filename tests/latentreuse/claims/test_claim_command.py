"""The command `claim`: exit codes, JSON, the replay of a point, time limits, interrupts, and the examples."""

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from latentreuse import faults
from latentreuse.claim_child import decided
from latentreuse.claim_file import read_claim
from latentreuse.claim_report import CODES
from latentreuse.claims import claim
from latentreuse.cli import main
from latentreuse.faults import BadInput

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples" / "claims").glob("*.toml"))
HARD = """[claim]
statement = "x**4*y**2 + x**2*y**4 + z**6 >= 3*x**2*y**2*z**2"
[symbols]
x = "real"
y = "real"
z = "real"
"""


def _stated(path: Path) -> str:
    """The verdict that an example's comment states."""
    text = path.read_text().replace("# ", "")
    return text.split("Verdict: ")[1].split()[0].strip(".,:")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_the_verdicts_that_they_state(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["claim", str(path), "--json", "--seconds", "20"])
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == _stated(path)
    assert code == CODES[found["verdict"]]
    assert all(quantity["verdict"] == "PROVED" for quantity in found["quantities"].values())


def test_the_published_claims_are_among_them() -> None:
    stems = {path.stem for path in EXAMPLES}
    assert {"ambient-noise-at-late-times", "flow-against-sde", "sde-against-flow"} <= stems
    assert len(EXAMPLES) >= 8


def test_exit_codes_are_distinct() -> None:
    codes = [*CODES.values(), faults.NOT_VERIFIED, faults.BAD_INPUT, faults.STOPPED, faults.INTERNAL, faults.UNWRITABLE]
    assert len(set(codes)) == len(codes)
    assert all(f"{code} " in faults.CLAIM_CODES for code in CODES.values())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('statement = "x >= 0"\n[symbols]\nx = "unit"\n', 0),
        ('statement = "x > 0"\n[symbols]\nx = "unit"\n', 6),
        ('statement = "x >= 0"\nwhere = ["x > 0", "x < 0"]\n[symbols]\nx = "real"\n', 8),
        ('statement = "x/x == 1"\n[symbols]\nx = "unit"\n', 9),
    ],
)
def test_exit_codes(tmp_path: Path, text: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claim.toml"
    path.write_text(f"[claim]\n{text}")
    assert main(["claim", str(path)]) == code
    assert capsys.readouterr().err == ""


def test_a_point_can_be_replayed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, at = tmp_path / "claim.toml", tmp_path / "at.toml"
    path.write_text('[claim]\nstatement = "KL >= h*E/2"\n')
    assert main(["claim", str(path)]) == 6
    out = capsys.readouterr().out
    at.write_text(out[out.index("[point]") :])
    assert main(["claim", str(path), "--at", str(at)]) == 6
    assert "fails" in capsys.readouterr().out
    path.write_text(path.read_text() + at.read_text())  # or in the file itself
    assert main(["claim", str(path)]) == 6
    assert "left = " in capsys.readouterr().out
    at.write_text(at.read_text().replace("KL >= h*E/2", ""))
    path.write_text('[claim]\nstatement = "KL <= h*E/2"\n')
    assert main(["claim", str(path), "--at", str(at)]) == 0


def test_the_time_limit_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "claim.toml"
    path.write_text(HARD)
    said, begun = read_claim(path), time.monotonic()
    outcome = decided(said.claim, 1.0)
    assert outcome.finding == "UNDECIDED" and outcome.tried
    assert time.monotonic() - begun < 6


def test_claims_and_outcomes_travel_between_processes() -> None:
    said = read_claim(ROOT / "examples" / "claims" / "ambient-noise-at-late-times.toml")
    assert pickle.loads(pickle.dumps(said.claim)) == said.claim
    outcome = decided(said.claim, 20)
    assert pickle.loads(pickle.dumps(outcome)) == outcome


def test_an_interrupt_ends_everything(tmp_path: Path) -> None:
    path = tmp_path / "claim.toml"
    path.write_text(HARD)
    run = subprocess.Popen(
        [sys.executable, "-m", "latentreuse", "claim", str(path), "--seconds", "60"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(6)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=20)
    assert run.returncode == 130 and out == ""
    assert err.strip() == "latentreuse: interrupted; nothing is left half written"
    with pytest.raises(ProcessLookupError):  # no child is left in its group
        os.killpg(run.pid, 0)


def test_from_python() -> None:
    found = claim("KL >= h*E/2", seconds=20)
    assert found.finding == "REFUTED" and "[point]" in str(found)
    assert found._repr_latex_().startswith("$") and "REFUTED" in found._repr_latex_()
    assert claim(increases="E", in_="theta_i", seconds=20).finding == "PROVED"
    assert claim("x >= 0", symbols={"x": "unit"})._repr_latex_() == "x >= 0: PROVED"
    with pytest.raises(BadInput, match="unknown name"):
        claim("nothing >= 0")


@pytest.mark.parametrize("choice", [("dims", "k<d"), ("dims", "k=d"), ("sigma2", "0"), ("lambda", "isotropic")])
@pytest.mark.parametrize("name", ["E", "F", "KL", "K2", "K3", "gap"])
def test_a_special_case_of_a_quantity_is_what_is_derived_for_it(name: str, choice: tuple[str, str]) -> None:
    import derivations
    from latentreuse.claim_names import QUANTITIES, quantity
    from theory.assumptions import Assumptions
    from theory.claims import fixed, with_sums
    from theory.facts import Facts
    from theory.normal import equal

    assumptions = Assumptions.default().choose(dict([choice]))
    result, output = QUANTITIES[name]
    derived = next(o for o in derivations.load(result).derive(assumptions).outputs if o.name == output).closed
    model = assumptions.model()
    assert equal(fixed(with_sums(quantity(name).closed, model), model), derived, Facts(definitions=model.definitions))
