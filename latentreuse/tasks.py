"""One job of `verify`, as a worker process runs it: a proof, a rung, or the real pair. Results are plain data."""

import os
import time
import traceback
from dataclasses import dataclass
from typing import Any, Final

from latentreuse.workers import reporter, tell

PROOF: Final = "proof"
REAL: Final = "real"
RUNGS: Final = ("exact", "ball", "sampled", "learned")
STAGES: Final = (PROOF, *RUNGS)
REAL_RESULT: Final = "frozen-latent-error"
APPLIES_NOT: Final = "-"
ERROR: Final = "error"
PROVED_OUTCOME: Final = "checked"


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


def _prove(job: Job) -> tuple[str, str, dict[str, Any]]:
    import derivations
    from latentreuse.certificates import catalogue, certified, shipped
    from theory.assumptions import Assumptions

    derivation = derivations.load(job.result).derive(Assumptions.default())
    checked = derivation.check(reporter(job.label))
    certificates = certified(job.result, catalogue(shipped()))
    failures = [*checked.failures, *certificates.refused]
    if certificates.steps != checked.steps:
        on_record = f"{certificates.steps} steps are on record, {checked.steps} were derived"
        failures.append(f"{on_record}: run latentreuse derive {job.result}")
    extra = {
        "verdict": checked.verdict.name if failures == list(checked.failures) else "UNDECIDED",
        "steps": checked.steps,
        "certified": certificates.accepted,
        "trust": checked.trust,
        "failures": failures,
        "rests_on": [other.id for other in derivation.rests_on],
        "title": derivation.title,
    }
    return PROVED_OUTCOME, f"{checked.steps} steps", {**extra, "certificate_seconds": certificates.seconds}


def _climb(job: Job, seed: int) -> tuple[str, str, dict[str, Any]]:
    from latentreuse.catalogue import function
    from numerics import rungs

    reason = rungs.applies(job.stage, job.result)
    if reason is not None:
        return APPLIES_NOT, reason, {}
    report = rungs.run(job.stage, job.result, function(job.result), seed=seed, progress=reporter(job.label))
    return report.outcome, report.detail, {"points": report.points, "counterexample": report.counterexample}


def _real(seed: int) -> tuple[str, str, dict[str, Any]]:
    from latentreuse.catalogue import function
    from numerics.real_digits import digits_report

    report = digits_report(function(REAL_RESULT), seed=seed)
    lines = [list(line) for line in report.lines]
    return report.outcome, "", {"lines": lines, "counterexample": report.counterexample}


def run_job(job: Job, seed: int) -> Outcome:
    """Run one job. Whatever goes wrong inside comes back as an outcome: a run must end with a table."""
    tell(job.label)
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
