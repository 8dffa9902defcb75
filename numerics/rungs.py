"""The four rungs under one call."""

from collections.abc import Callable
from typing import Any

from numerics.deterministic import Progress, run_deterministic
from numerics.quantities import OBLIGATIONS
from numerics.report import RungReport

RUNGS = ("exact", "ball", "sampled", "learned")
EFFORTS = ("full", "quick")

_NOT_SAMPLED = {
    "principal-planes": "an identity between matrices: there is no expectation to sample",
    "monotonicity": "a derivative: the difference of two sampled errors has no power",
    "kl-is-integrated-error": "an integral over all r; its value, the KL, is sampled under exact-kl",
}
_NOT_LEARNED = {
    "principal-planes": "an identity between matrices: there is nothing to fit",
    "forward-marginal": "a statement on the data, not on a score",
    "target-score": "its fitted counterpart is the full score of frozen-latent-error",
    "latent-optimum": "its fitted counterpart is the frozen score of frozen-latent-error",
    "monotonicity": "a derivative: the difference of two fitted errors has no power",
    "schedule-invariance": "the same error at another time: fitted under frozen-latent-error",
    "exact-kl": "a fitted score has no density",
    "kl-is-integrated-error": "a fitted score at every r; its integrand is fitted under frozen-latent-error",
}


def _check(rung: str, quantity: str) -> None:
    if rung not in RUNGS:
        raise ValueError(f"unknown rung {rung!r}: one of {', '.join(RUNGS)}")
    if quantity not in OBLIGATIONS:
        raise ValueError(f"unknown result {quantity!r}: one of {', '.join(OBLIGATIONS)}")


def applies(rung: str, quantity: str) -> str | None:
    """None if the rung applies to the result, else the reason why it does not, in a few words."""
    _check(rung, quantity)
    reasons = {"sampled": _NOT_SAMPLED, "learned": _NOT_LEARNED}
    return reasons.get(rung, {}).get(quantity)


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
