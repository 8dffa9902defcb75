"""How the outcomes of proofs and rungs combine into verdicts, and how they are shown."""

from dataclasses import replace
from typing import Any

import pytest

from latentreuse import progress, tasks, verification_report
from latentreuse.catalogue import SECTIONS
from latentreuse.tasks import PROOF, REAL, REAL_RESULT, RUNGS, STAGES, Job, Outcome, run_job
from latentreuse.verification import Row, Verification, as_json, combine, jobs, verify
from latentreuse.verification_report import render, summary


def _outcomes(name: str, verdict: str = "PROVED", rests_on: tuple[str, ...] = (), **stages: str) -> dict[Job, Outcome]:
    """Everything agrees, but for the stages named."""
    proof = {"verdict": verdict, "steps": 7, "trust": "exact 7", "failures": [], "rests_on": list(rests_on)}
    found = {Job(name, PROOF): Outcome(Job(name, PROOF), "checked", "7 steps", 0.5, proof)}
    for rung in RUNGS:
        outcome = stages.get(rung, "agrees")
        extra = {"points": 3, "counterexample": "D=2 k=1" if outcome == "refuted" else None}
        found[Job(name, rung)] = Outcome(Job(name, rung), outcome, f"{rung} detail", 0.25, extra)
    return found


def _verdicts(outcomes: dict[Job, Outcome], *ids: str) -> list[str]:
    return [row.verdict for row in combine(outcomes, list(ids))]


@pytest.mark.parametrize(
    ("verdict", "stages", "expected"),
    [
        ("PROVED", {}, "PROVED"),
        ("SUPPORTED", {}, "SUPPORTED"),
        ("ADMITTED", {}, "ADMITTED"),
        ("UNDECIDED", {}, "UNDECIDED"),
        ("REFUTED", {}, "REFUTED"),
        ("PROVED", {"sampled": "-", "learned": "no power"}, "PROVED"),
        ("PROVED", {"ball": "undecided"}, "UNDECIDED"),
        ("PROVED", {"ball": "refuted"}, "REFUTED"),
        ("PROVED", {"ball": "refuted", "exact": "error"}, "REFUTED"),
        ("PROVED", {"ball": "undecided", "exact": "error"}, "ERROR"),
        ("UNDECIDED", {"learned": "refuted"}, "REFUTED"),
    ],
)
def test_the_weakest_finding_decides(verdict: str, stages: dict[str, str], expected: str) -> None:
    assert _verdicts(_outcomes("x", verdict, **stages), "x") == [expected]


def test_a_verdict_is_handed_on_to_what_rests_on_it() -> None:
    outcomes = _outcomes("a", exact="refuted") | _outcomes("b", rests_on=("a",)) | _outcomes("c", rests_on=("b", "z"))
    rows = combine(outcomes, ["a", "b", "c"])
    assert [row.verdict for row in rows] == ["REFUTED"] * 3
    assert [row.because for row in rows] == [None, "rests on a", "rests on b"]


def _found(outcomes: dict[Job, Outcome], *ids: str, real: str | None = None) -> Verification:
    job = Job(REAL_RESULT, REAL)
    extra = {"lines": [["E", "8.88", "off by 1e-12"]], "counterexample": "frames" if real == "refuted" else None}
    pair = Outcome(job, real, "", 1.0, extra if real != "error" else {}) if real else None
    return Verification(combine(outcomes, list(ids)), pair)


@pytest.mark.parametrize(
    ("stages", "real", "passed"),
    [({}, None, True), ({}, "agrees", True), ({"ball": "undecided"}, None, False), ({}, "refuted", False),
     ({}, "error", False), ({}, "undecided", False), ({"sampled": "no power"}, "agrees", True)],
)  # fmt: skip
def test_only_a_clean_run_passes(stages: dict[str, str], real: str | None, passed: bool) -> None:
    found = _found(_outcomes("x", **stages), "x", real=real)
    assert found.passed is passed
    assert summary(found).startswith("verified" if passed else "NOT VERIFIED")


@pytest.mark.parametrize("width", [20, 80, 160, 200])
def test_the_report_shows_everything_at_any_width(width: int) -> None:
    stages = {"exact": "refuted", "sampled": "-", "learned": "error"}
    outcomes = _outcomes("frozen-latent-error", **stages) | _outcomes("exact-kl", ball="undecided", sampled="-")
    text = render(_found(outcomes, "frozen-latent-error", "exact-kl", real="agrees"), width)
    flat = " ".join(text.split())
    for part in ["REFUTED", "UNDECIDED", "ERROR [2]", "- [1]", "[1] does not apply: sampled detail",
                 "[2] learned detail", "frozen-latent-error exact: counterexample D=2 k=1", "real pair: agrees",
                 "off by 1e-12"]:  # fmt: skip
        assert part in flat
    assert text.splitlines()[-1] == "NOT VERIFIED: 2 results: 1 UNDECIDED, 1 REFUTED, real pair agrees"


def _thirty_five() -> Verification:
    """As many results as the catalogue has, with details as long as they are."""
    ids = [f"result-of-usual-len-{i:02}" for i in range(35)]
    outcomes: dict[Job, Outcome] = {}
    for name in ids:
        outcomes |= _outcomes(name, **({} if name.endswith("7") else {"sampled": "-", "learned": "no power"}))
        details = ["1241 frames, residual 0", "70 digits on 153 frames", "z = -1.6, resolves 3.0 % at 5 points",
                   "within 0.3 %, resolves 4.4 % at 4 points"]  # fmt: skip
        for rung, detail in zip(RUNGS, details, strict=True):
            outcomes[Job(name, rung)] = replace(outcomes[Job(name, rung)], detail=detail)
        outcomes[Job(name, PROOF)].extra["trust"] = "exact 12; certificates 3; cites Gaussian density, SVD, Gram"
    return _found(outcomes, *ids)


def test_a_long_table_has_a_line_for_each_result_in_a_hundred_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    found = _thirty_five()
    sections = {row.id: SECTIONS[i % 2] for i, row in enumerate(found.rows)}
    monkeypatch.setattr(verification_report, "section_of", sections.get)
    text = render(found, 100)
    table = text.split("\n\nproof: steps; exact: frames")[0].splitlines()
    assert max(map(len, text.split("\n\n[1]")[0].splitlines())) <= 100
    assert len(table) == 2 + 35 + 4  # headers, results, and two headings with an empty line before each
    assert [line for line in table if line in SECTIONS] == list(SECTIONS[:2])
    assert all("1241" in line and "12+3 [" in line for line in table if line.startswith("result-of"))
    assert sum(" z = -1.6  0.3 %  " in line for line in table) == 3
    assert "1241 frames, residual 0" in render(found, 230)


def test_what_is_not_well_keeps_its_words_in_a_narrow_table() -> None:
    outcomes = _outcomes("x", ball="undecided", exact="refuted", learned="no power")
    text = " ".join(render(_found(outcomes, "x"), 110).split())
    for part in ["UNDECIDED: ball detail", "REFUTED: exact detail", "no power"]:
        assert part in render(_found(outcomes, "x"), 130)
        assert all(word in text for word in part.split())


def test_long_runs_say_where_they_are_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr(progress, "warn", said.append)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    with progress.Display("verifying", 175, plain=True) as display:
        display.live = False
        display.report("exact-kl learned", "1/9")
        display.report("exact-kl learned", "2/9")
        display.finish("limits proof")
        display.milestone("checked 1/35: limits")
    assert said[0] == "verifying 0/175: exact-kl learned 2/9"
    assert said[-1] == "checked 1/35: limits" and len(said) <= 3


def test_steps_that_were_not_accepted_are_printed() -> None:
    outcomes = _outcomes("x", "UNDECIDED")
    outcomes[Job("x", PROOF)].extra["failures"].append("chain, step 2: no certificate")
    assert "x proof: chain, step 2: no certificate" in render(_found(outcomes, "x"), 200)


def test_json_has_no_times() -> None:
    data = as_json(_found(_outcomes("x", learned="-"), "x"), seed=5)
    assert data["seed"] == 5 and data["passed"] is True and data["real"] is None
    assert data["results"][0]["rungs"]["learned"] == {
        "outcome": "-", "detail": "learned detail", "points": 3, "counterexample": None,
    }  # fmt: skip
    assert "seconds" not in str(data) and "time" not in str(data)


def test_every_result_gets_every_stage_and_the_long_ones_start_first() -> None:
    listed = jobs(["a", "b"], real=True)
    assert len(listed) == len(set(listed)) == 2 * len(STAGES) + 1
    assert [job.stage for job in listed[:3]] == [PROOF, PROOF, REAL]


def test_whatever_fails_inside_a_job_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job) -> Any:
        raise RuntimeError("first line\nsecond line")

    monkeypatch.setattr(tasks, "_prove", broken)
    outcome = run_job(Job("x", PROOF), 0)
    assert (outcome.outcome, outcome.detail) == ("error", "RuntimeError: first line")


def test_a_run_with_nothing_but_errors_ends_with_a_report() -> None:
    found = verify(["no-such-result"], seed=0, workers=2, real=False)
    assert [row.verdict for row in found.rows] == ["ERROR"]
    assert not found.passed
    assert isinstance(found.rows[0], Row)
    assert "KeyError" in render(found, 200)
