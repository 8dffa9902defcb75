"""Run every check of every result in worker processes and combine what they find into verdicts.

The jobs do not know of one another and their seeds do not depend on who runs them, so the verdicts are the same for
any number of workers; the order of the output is that of the catalogue.
"""

import multiprocessing
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from typing import Any, Final

from latentreuse.progress import Display
from latentreuse.tasks import (
    ERROR,
    PROOF,
    REAL,
    REAL_RESULT,
    RUNGS,
    STAGES,
    Event,
    Job,
    Outcome,
    prepare_worker,
    run_job,
)

ORDER: Final = ("PROVED", "SUPPORTED", "ADMITTED", "UNDECIDED", "REFUTED", "ERROR")
GOOD: Final = frozenset({"PROVED", "SUPPORTED", "ADMITTED"})
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
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


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for the processes started inside."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _broken(job: Job, error: BaseException) -> Outcome:
    detail = "the worker process died" if isinstance(error, BrokenProcessPool) else f"{type(error).__name__}: {error}"
    return Outcome(job, ERROR, detail, 0.0, {})


def _drain(queue: "SimpleQueue[Event]", display: Display) -> None:
    while not queue.empty():
        _, label, state = queue.get()
        display.report(label, state)


def _collect(
    pending: dict[Future[Outcome], Job], queue: "SimpleQueue[Event]", display: Display
) -> Iterator[tuple[Job, Outcome]]:
    """Outcomes as they arrive."""
    waiting = set(pending)
    while waiting:
        done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        _drain(queue, display)
        for future in done:
            job, error = pending[future], future.exception()
            yield job, _broken(job, error) if error is not None else future.result()
            display.finish(job.label)


def _milestones(outcomes: Mapping[Job, Outcome], job: Job, display: Display, ids: list[str]) -> None:
    """Say so when the last stage of a result is in."""
    if job.stage != REAL and all(Job(job.result, stage) in outcomes for stage in STAGES):
        count = sum(all(Job(name, stage) in outcomes for stage in STAGES) for name in ids)
        display.milestone(f"checked {count}/{len(ids)}: {job.result}")


def verify(ids: list[str], *, seed: int, workers: int, real: bool) -> Verification:
    """Run all jobs. On Ctrl-C the workers are ended at once and the interrupt goes on."""
    context = multiprocessing.get_context("spawn")
    queue: SimpleQueue[Event] = context.SimpleQueue()
    listed = jobs(ids, real=real)
    outcomes: dict[Job, Outcome] = {}
    with _environment(_ONE_THREAD), Display("verifying", len(listed), plain=True) as display:
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=prepare_worker, initargs=(queue,))
        try:
            pending = {pool.submit(run_job, job, seed): job for job in listed}
            for job, outcome in _collect(pending, queue, display):
                outcomes[job] = outcome
                _milestones(outcomes, job, display, ids)
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()
    return Verification(combine(outcomes, ids), outcomes.get(Job(REAL_RESULT, REAL)))


def as_json(found: Verification, seed: int) -> dict[str, Any]:
    """The whole verification as plain data; times are left to the table, so that equal runs print equal text."""

    def stage(outcome: Outcome) -> dict[str, Any]:
        return {"outcome": outcome.outcome, "detail": outcome.detail, **outcome.extra}

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
