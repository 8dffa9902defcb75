"""Run every check of every result in worker processes and combine what they find into verdicts.

The jobs do not know of one another and their seeds do not depend on who runs them, so the verdicts are the same for
any number of workers; the order of the output is that of the catalogue.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Final

from latentreuse.progress import Display
from latentreuse.tasks import ERROR, PROOF, REAL, REAL_RESULT, RUNGS, STAGES, Job, Outcome, run_job
from latentreuse.workers import crew, death

ORDER: Final = ("PROVED", "SUPPORTED", "ADMITTED", "UNDECIDED", "REFUTED", "ERROR")
GOOD: Final = frozenset({"PROVED", "SUPPORTED", "ADMITTED"})
_LONGEST_FIRST: Final = (PROOF, REAL, "learned", "sampled", "ball", "exact")


@dataclass(frozen=True)
class Row:
    """What verification found for one result, stage by stage."""

    id: str
    verdict: str
    outcomes: Mapping[str, Outcome]
    because: str | None = None

    @property
    def seconds(self) -> float:
        """Time spent on this result, summed over workers."""
        return sum(outcome.seconds for outcome in self.outcomes.values())


@dataclass(frozen=True)
class Verification:
    """All rows, and the real pair if it was asked for."""

    rows: tuple[Row, ...]
    real: Outcome | None

    @property
    def passed(self) -> bool:
        """Whether nothing is REFUTED, UNDECIDED or in error."""
        real_fine = self.real is None or verdict_of(self.real) not in {"REFUTED", "UNDECIDED", "ERROR"}
        return real_fine and all(row.verdict in GOOD for row in self.rows)


def verdict_of(outcome: Outcome) -> str | None:
    """The verdict that one outcome forces, or None if it leaves the verdict as it is."""
    if outcome.outcome == ERROR:
        return "ERROR"
    if outcome.job.stage == PROOF:
        return str(outcome.extra["verdict"])
    return {"refuted": "REFUTED", "undecided": "UNDECIDED"}.get(outcome.outcome)


def weakest(verdicts: list[str]) -> str:
    """A refutation outweighs an error, as it has a point to show; otherwise the weakest of the order."""
    return "REFUTED" if "REFUTED" in verdicts else max(verdicts, key=ORDER.index)


def combine(outcomes: Mapping[Job, Outcome], ids: list[str]) -> tuple[Row, ...]:
    """One row a result. A result is no stronger than what it rests on, as far as that was checked in this run."""
    rows: dict[str, Row] = {}
    for name in ids:
        mine = {stage: outcomes[Job(name, stage)] for stage in STAGES}
        verdict = weakest([found for found in map(verdict_of, mine.values()) if found])
        below = [rows[other] for other in mine[PROOF].extra.get("rests_on", ()) if other in rows]
        inherited = weakest([verdict, *(row.verdict for row in below)])
        causes = [row.id for row in below if row.verdict == inherited]
        because = f"rests on {', '.join(causes)}" if inherited != verdict else None
        rows[name] = Row(name, inherited, mine, because)
    return tuple(rows.values())


def jobs(ids: list[str], *, real: bool) -> list[Job]:
    """All jobs, those that take longest first so that the workers end together."""
    listed = [Job(name, stage) for name in ids for stage in STAGES]
    if real:
        listed.append(Job(REAL_RESULT, REAL))
    return sorted(listed, key=lambda job: _LONGEST_FIRST.index(job.stage))


def _outcome(job: Job, future: Future[Outcome]) -> Outcome:
    error = future.exception()
    return future.result() if error is None else Outcome(job, ERROR, death(error), 0.0, {})


def _milestones(outcomes: Mapping[Job, Outcome], job: Job, display: Display, ids: list[str]) -> None:
    """Say so when the last stage of a result is in."""
    if job.stage != REAL and all(Job(job.result, stage) in outcomes for stage in STAGES):
        count = sum(all(Job(name, stage) in outcomes for stage in STAGES) for name in ids)
        display.milestone(f"checked {count}/{len(ids)}: {job.result}")


def verify(ids: list[str], *, seed: int, workers: int, real: bool) -> Verification:
    """Run all jobs. On Ctrl-C the workers are ended at once and the interrupt goes on."""
    listed = {job.label: job for job in jobs(ids, real=real)}
    outcomes: dict[Job, Outcome] = {}
    with Display("verifying", len(listed), plain=True) as display, crew(workers, display) as hands:
        for label, job in listed.items():
            hands.submit(label, run_job, job, seed)
        for label, future in hands.finished():
            job = listed[label]
            outcomes[job] = _outcome(job, future)
            _milestones(outcomes, job, display, ids)
    return Verification(combine(outcomes, ids), outcomes.get(Job(REAL_RESULT, REAL)))


def as_json(found: Verification, seed: int) -> dict[str, Any]:
    """The whole verification as plain data; times are left to the table, so that equal runs print equal text."""

    def stage(outcome: Outcome) -> dict[str, Any]:
        found = {name: value for name, value in outcome.extra.items() if not name.endswith("seconds")}
        return {"outcome": outcome.outcome, "detail": outcome.detail, **found}

    rows = [
        {
            "result": row.id,
            "verdict": row.verdict,
            "because": row.because,
            "proof": stage(row.outcomes[PROOF]),
            "rungs": {rung: stage(row.outcomes[rung]) for rung in RUNGS},
        }
        for row in found.rows
    ]
    return {"seed": seed, "passed": found.passed, "results": rows, "real": stage(found.real) if found.real else None}
