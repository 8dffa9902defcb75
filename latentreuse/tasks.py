"""One job of `verify`, as a worker process runs it: a proof, a rung, or the real pair. Results are plain data."""

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

PROOF: Final = "proof"
REAL: Final = "real"
RUNGS: Final = ("exact", "ball", "sampled", "learned")
STAGES: Final = (PROOF, *RUNGS)
REAL_RESULT: Final = "frozen-latent-error"
APPLIES_NOT: Final = "-"
ERROR: Final = "error"
PROVED_OUTCOME: Final = "checked"

Event = tuple[str, str, str]
_queue: "SimpleQueue[Event] | None" = None


@dataclass(frozen=True)
class Job:
    """Stage ``stage`` of result ``result``."""

    result: str
    stage: str

    @property
    def label(self) -> str:
        return f"{self.result} {self.stage}"


@dataclass(frozen=True)
class Outcome:
    """What one job found. ``outcome`` is a rung's outcome, "checked" for a proof, "-" if it does not apply, or "error".

    ``detail`` is a short line, ``extra`` holds what belongs to the stage (verdict, steps, counterexample, ...).
    """

    job: Job
    outcome: str
    detail: str
    seconds: float
    extra: dict[str, Any]


def prepare_worker(queue: "SimpleQueue[Event]") -> None:
    """Set up a worker: one thread each, so that results do not depend on the machine; the parent handles Ctrl-C."""
    import signal

    global _queue
    _queue = queue
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _tell(kind: str, job: Job, state: str = "") -> None:
    if _queue is not None:
        _queue.put((kind, job.label, state))


def _reporter(job: Job) -> Callable[[int, int], None]:
    """A progress callback that passes on at most ten events a second."""
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.1:
            last = now
            _tell("at", job, f"{done}/{total}")

    return report


def _prove(job: Job) -> tuple[str, str, dict[str, Any]]:
    import derivations
    from theory.assumptions import Assumptions

    derivation = derivations.load(job.result).derive(Assumptions.default())
    checked = derivation.check(_reporter(job))
    extra = {
        "verdict": checked.verdict.name,
        "steps": checked.steps,
        "trust": checked.trust,
        "failures": list(checked.failures),
        "rests_on": [other.id for other in derivation.rests_on],
        "title": derivation.title,
    }
    return PROVED_OUTCOME, f"{checked.steps} steps", extra


def _climb(job: Job, seed: int) -> tuple[str, str, dict[str, Any]]:
    from latentreuse.catalogue import function
    from numerics import rungs

    reason = rungs.applies(job.stage, job.result)
    if reason is not None:
        return APPLIES_NOT, reason, {}
    report = rungs.run(job.stage, job.result, function(job.result), seed=seed, progress=_reporter(job))
    return report.outcome, report.detail, {"points": report.points, "counterexample": report.counterexample}


def _real(seed: int) -> tuple[str, str, dict[str, Any]]:
    from latentreuse.catalogue import function
    from numerics.real_digits import digits_report

    report = digits_report(function(REAL_RESULT), seed=seed)
    lines = [list(line) for line in report.lines]
    return report.outcome, "", {"lines": lines, "counterexample": report.counterexample}


def run_job(job: Job, seed: int) -> Outcome:
    """Run one job. Whatever goes wrong inside comes back as an outcome: a run must end with a table."""
    _tell("start", job)
    start = time.perf_counter()
    try:
        if job.stage == PROOF:
            outcome, detail, extra = _prove(job)
        elif job.stage == REAL:
            outcome, detail, extra = _real(seed)
        else:
            outcome, detail, extra = _climb(job, seed)
    except Exception as error:  # noqa: BLE001 - shown as ERROR in the table, with the type of the error
        if os.environ.get("LATENTREUSE_DEBUG") == "1":
            traceback.print_exc()
        words = (str(error).splitlines() or [""])[0]
        outcome, detail, extra = ERROR, f"{type(error).__name__}: {words}"[:200], {}
    return Outcome(job, outcome, detail, time.perf_counter() - start, extra)
