"""`compare`: each fate of a result, with what is shown for it, as text, as data and in LaTeX; and `replay`."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import latentreuse
from latentreuse import cli, comparison_report, faults
from latentreuse.comparison import STATUSES, Comparison, Row, compare_one
from theory.assumptions import Assumptions
from theory.emit import PrintedWrong
from theory.expr import num
from theory.text import text

DEFAULT = Assumptions.default()


def row(result: str, **choices: str) -> Row:
    return compare_one(result, DEFAULT.choose(choices), DEFAULT)


def test_nothing_changes_in_the_same_setting() -> None:
    found = row("frozen-latent-error")
    assert (found.status, found.verdict) == ("unchanged", "PROVED")


def test_unchanged_under_an_assumption_that_is_not_used() -> None:
    assert row("target-score", mu="free").status == "unchanged"


def test_a_special_case_is_the_old_formula_with_it_put_in() -> None:
    for choices in ({"sigma2": "0"}, {"dims": "k=d"}, {"dims": "k<d"}, {"lambda": "isotropic"}):
        found = row("frozen-latent-error", **choices)
        assert (found.status, found.values[0].sign) == ("specialised", "zero"), choices


def test_changed_with_the_exact_difference_and_its_sign() -> None:
    found = row("frozen-latent-error", mu="free")
    (value,) = found.values
    assert (found.status, found.verdict, value.by) == ("changed", "PROVED", "mean-shift")
    assert value.difference is not None
    assert text(value.difference) == "alpha^2*mu_perp2/h^2"
    assert value.sign == "positive or zero"
    assert found.stop is not None
    assert found.stop.missing == "centred-target"
    assert [r.value for r in found.refuted] == ["E"]


def test_a_bound_is_kept_with_another_constant_and_the_old_one_refuted() -> None:
    found = row("two-sided-bound", mu="free")
    assert found.status == "changed"
    assert [(value.name, value.relation, value.sign) for value in found.values] == [
        ("lower", ">=", "positive or zero"), ("E", "=", "positive or zero"), ("upper", "<=", "positive or zero"),
    ]  # fmt: skip
    assert [r.value for r in found.refuted] == ["E", "upper"]


def test_a_bound_is_lost_with_a_counterexample() -> None:
    found = row("two-sided-bound", latent="mixture")
    assert (found.status, found.verdict) == ("refuted", "REFUTED")
    upper = next(r for r in found.refuted if r.value == "upper")
    assert upper.world["law"] == "mixture"
    assert float(upper.truth) > float(upper.formula)


def test_stopped_with_the_step_and_what_survives() -> None:
    found = row("monotonicity", **{"lambda": "misaligned"})
    assert (found.status, found.verdict) == ("stopped", "-")
    assert found.stop is not None
    assert found.stop.missing == "diagonal-latent"
    assert found.survives


def test_what_is_admitted_stays_admitted() -> None:
    found = row("frozen-latent-error", encoder="estimated")
    assert (found.status, found.verdict, found.values[0].by) == ("changed", "ADMITTED", "estimated-encoder")


def test_two_readings_at_once_are_given_by_no_result() -> None:
    found = row("frozen-latent-error", encoder="estimated", error="data")
    assert [(value.by, value.new) for value in found.values] == [(None, None)]
    assert (found.status, found.verdict) == ("undecided", "-")
    assert "no result gives E" in found.because
    assert row("target-score", encoder="estimated", error="data").status == "unchanged"


@pytest.mark.parametrize("old", [{"mu": "free"}, {"error": "noise"}, {"encoder": "estimated"}], ids=str)
def test_a_formula_that_is_not_the_old_one_is_compared_with_nothing(old: dict[str, str]) -> None:
    found = compare_one("frozen-latent-error", DEFAULT, DEFAULT.choose(old))
    assert (found.status, found.verdict, found.values) == ("undecided", "-", ())
    assert found.because.startswith("under the old assumptions, ")
    only = ("frozen-latent-error", "target-score")
    whole = latentreuse.compare({}, old, only=only)
    assert {r.status for r in whole.rows} == {"unchanged", "undecided"}
    assert "undecided: under the old assumptions" in comparison_report.render(whole, 300)
    assert json.dumps(comparison_report.as_json(whole))
    assert comparison_report.section(whole)


def test_a_reading_changes_the_value_and_refutes_nothing() -> None:
    found = row("frozen-latent-error", error="noise")
    assert (found.status, found.values[0].by, found.refuted) == ("changed", "parameterizations", ())


def test_both_ways_between_two_settings() -> None:
    narrow = DEFAULT.choose({"sigma2": "0"})
    assert compare_one("frozen-latent-error", narrow, narrow).status == "unchanged"
    assert compare_one("frozen-latent-error", DEFAULT, narrow).status == "changed"


@pytest.fixture(scope="module")
def several() -> Comparison:
    only = ("frozen-latent-error", "two-sided-bound", "exact-w2", "monotonicity", "target-score")
    return latentreuse.compare({"mu": "free"}, only=only)  # type: ignore[no-any-return]


WORDS = (
    "mu = free", "now by mean-shift", "needs centred-target", "new - old = alpha^2*mu_perp2/h^2", "never negative",
    "still proved", "worlds of the refutations", "1 unchanged, 3 changed, 1 stopped",
)  # fmt: skip


def test_the_report_names_everything(several: Comparison) -> None:
    said = comparison_report.render(several, 100)
    for word in WORDS:
        assert word in said, word
    assert max(map(len, said.split("worlds of")[0].splitlines())) <= 100


def test_the_data_is_complete_and_plain(several: Comparison) -> None:
    data = json.loads(json.dumps(comparison_report.as_json(several)))
    assert [entry["status"] for entry in data["results"]] == [r.status for r in several.rows]
    assert all(entry["status"] in STATUSES for entry in data["results"])
    assert data["to"]["choices"] == {"mu": "free"}


def test_the_section_is_latex_with_balanced_braces(several: Comparison) -> None:
    code = comparison_report.section(several)
    assert code.count("{") == code.count("}")
    assert code.count(r"\begin{gather*}") == code.count(r"\end{gather*}") > 0
    outside = re.sub(r"\$[^$]*\$|\\begin\{gather\*\}.*?\\end\{gather\*\}", "", code, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)[\^_]", outside), outside


def test_a_formula_that_does_not_read_back_is_not_printed(several: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theory.layout.latex", lambda expr: "1")
    with pytest.raises(PrintedWrong):
        comparison_report.section(several)


def test_a_notebook_shows_it(several: Comparison) -> None:
    assert several._repr_latex_().startswith("$$")
    assert latentreuse.derive("frozen-latent-error")._repr_latex_().startswith("$$")
    assert several.row("exact-w2").status == "changed"
    with pytest.raises(KeyError):
        several.row("nothing")


def test_the_answer_does_not_depend_on_the_number_of_workers(several: Comparison) -> None:
    only = tuple(r.id for r in several.rows)
    again = latentreuse.compare({"mu": "free"}, only=only, workers=2)
    assert comparison_report.as_json(again) == comparison_report.as_json(several)


def _invoke(*arguments: str):
    return CliRunner().invoke(cli.app, arguments)


def test_replay_does_the_sums_again_and_notices_a_changed_number(tmp_path: Path, several: Comparison) -> None:
    path = tmp_path / "c.json"
    data = comparison_report.as_json(several)
    path.write_text(json.dumps(data))
    assert _invoke("replay", str(path)).exit_code == 0
    for entry in data["results"]:
        for refutation in entry.get("refuted", ()):
            refutation["world"]["mean"][2] = "2"  # outside the encoder
    path.write_text(json.dumps(data))
    done = _invoke("replay", str(path), "--number", "1")
    assert done.exit_code == faults.NOT_VERIFIED
    assert "was stated" in done.output


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"results": 3}', '{"results": [3]}', '{"results": [{"refuted": [3]}]}', "[" * 100_000,
     '{"results": [{"refuted": [{"result": "exact-kl", "value": "KL", "world": {}}]}]}', "\0", "null"],
)  # fmt: skip
def test_a_file_that_is_no_comparison_is_one_line(tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "c.json"
    path.write_text(content)
    assert cli.main(["replay", str(path)]) == faults.BAD_INPUT
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--assume", "mu=fre"], "did you mean free"),
        (["--assume", "mu"], "is not key=value"),
        (["--only", "exact-k"], "exact-kl"),
        (["nothing.toml"], "nothing.toml"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["compare", *arguments]) == faults.BAD_INPUT
    assert says in capsys.readouterr().err


def test_a_value_that_vanishes_is_not_called_unchanged() -> None:
    found = row("frozen-latent-error", sigma2="0", dims="k=d")
    assert found.values[0].new != num(0)
    assert found.status == "specialised"


@pytest.mark.parametrize("result", ["continuous-sampler", "discrete-sampler"])
@pytest.mark.parametrize("score", ["frozen", "source"])
def test_what_a_sampler_makes_depends_on_the_latent_score(result: str, score: str) -> None:
    found = row(result, score=score)
    assert found.status == "stopped"
    assert found.stop is not None
    assert found.stop.missing == "relearned-score"
