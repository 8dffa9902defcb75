"""The four rungs under one call."""

from collections.abc import Callable
from typing import Any

from numerics.deterministic import Progress, run_deterministic
from numerics.report import RungReport
from numerics.results import ids, load

RUNGS = ("exact", "ball", "sampled", "learned")
EFFORTS = ("full", "quick")


def _check(rung: str, quantity: str) -> None:
    if rung not in RUNGS:
        raise ValueError(f"unknown rung {rung!r}: one of {', '.join(RUNGS)}")
    if quantity not in ids():
        raise ValueError(f"unknown result {quantity!r}: one of {', '.join(ids())}")


def applies(rung: str, quantity: str) -> str | None:
    """None if the rung applies to the result, else the reason why it does not, in a few words."""
    _check(rung, quantity)
    obligation = load(quantity)
    reasons = {"exact": obligation.not_exact, "sampled": obligation.not_sampled, "learned": obligation.not_learned}
    return reasons.get(rung)


def run(
    rung: str,
    quantity: str,
    function: Callable[..., Any],
    *,
    seed: int = 0,
    effort: str = "full",
    progress: Progress | None = None,
) -> RungReport:
    """Hold an emitted function against one independent route.

    ``quantity`` is the id of the result that ``function`` claims to evaluate, ``effort`` "full" or "quick" (the
    deterministic rungs then visit a dozen small points), ``progress`` is called with (done, total).
    Raises ValueError for an unknown rung, result or effort, or for a rung that does not apply.
    """
    reason = applies(rung, quantity)
    if reason is not None:
        raise ValueError(f"rung {rung} does not apply to {quantity}: {reason}")
    if effort not in EFFORTS:
        raise ValueError(f"unknown effort {effort!r}: full or quick")
    if rung in ("exact", "ball"):
        return run_deterministic(rung, quantity, function, seed, effort, progress)
    # The statistical rungs need NumPy only where they run.
    if rung == "sampled":
        from numerics.sampled import run_sampled

        return run_sampled(quantity, function, seed, effort, progress)
    from numerics.learned import run_learned

    return run_learned(quantity, function, seed, effort, progress)
