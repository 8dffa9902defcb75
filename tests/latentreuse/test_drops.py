"""`drops` and its page: fresh, counted, and with an exit code that can fail."""

import json

import pytest

from latentreuse import catalogue, drops_command, drops_page
from latentreuse.cli import main
from latentreuse.drops_command import Drops, Row, StepTags, find, summary, text

PAGE = (drops_page.ROOT / drops_page.NAME).read_text(encoding="utf-8")
SAMPLE = ["forward-marginal", "two-sided-bound", "sample-angles"]


def rows(*fates: str) -> Drops:
    told = "planted", "a line, step 1"
    made = tuple(Row(*told, f"x{i} >= 0", f"x{i} < 0", fate, "", "") for i, fate in enumerate(fates))
    return Drops(made, (StepTags("planted", "a line, step 1", (), ("sizes",)),))


@pytest.mark.parametrize("name", SAMPLE)
def test_the_page_is_fresh(name: str) -> None:
    assert drops_page.section(find([name], 1), name) in PAGE, "run: python -m latentreuse.drops_page"


def test_the_page_speaks_of_every_result_that_has_inequalities() -> None:
    for name in catalogue.known_ids():
        proof = json.loads(catalogue.export_text(name, "json"))["proof"]
        has = any("assumes" in step for chain in proof for step in chain["steps"])
        assert (f"\n## `{name}`\n" in PAGE) == has, name


@pytest.mark.campaign
def test_the_whole_page_is_fresh() -> None:
    ids = catalogue.known_ids()
    assert drops_page.page(find(ids, 2), ids) == PAGE, "run: python -m latentreuse.drops_page"


def test_nothing_undecided_is_counted_as_anything_else() -> None:
    found = rows("REFUTED", "UNDECIDED", "UNDECIDED", "NO VALUE")
    assert found.counts == {"REFUTED": 1, "UNNEEDED": 0, "NO VALUE": 1, "UNDECIDED": 2, "CONTRADICTED": 0}
    assert "4 assumptions" in summary(found) and "2 UNDECIDED" in summary(found)
    assert "planted: a line, step 1: sizes" in text(found, 100)


@pytest.mark.parametrize(("fate", "code"), [("REFUTED", 0), ("UNDECIDED", 0), ("CONTRADICTED", 1)])
def test_only_a_contradiction_fails(monkeypatch, capsys, fate: str, code: int) -> None:
    monkeypatch.setattr(drops_command, "find", lambda ids, workers: rows(fate))
    assert main(["drops", "two-sided-bound"]) == code
    assert fate in capsys.readouterr().out


def test_json_holds_rows_steps_and_counts(capsys) -> None:
    assert main(["drops", "forward-marginal", "--json", "--workers", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["REFUTED"] == 1 and found["rows"][1]["point"].startswith("alpha = 1, r_dot = -1")
    assert found["steps"][0]["assumes"] == ["forward-sde"]


def test_an_unknown_result_is_one_line(capsys) -> None:
    assert main(["drops", "two-sided-bond"]) == 2
    assert "two-sided-bond" in capsys.readouterr().err
