"""What each result must return: one result, one file, found by scanning this folder.

A file says how the emitted function is compared with dense matrices, and which of the four rungs apply. It knows no
closed form and no principal planes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the statistical rungs read this table too
    from numerics.cases import Case
    from numerics.comparisons import Comparison, Route
    from numerics.learned import Fit, Loss
    from numerics.statistics import Estimate
    from numerics.worlds import World


def _no_more_cases(exact: bool, seed: int) -> tuple[Case, ...]:
    return ()


@dataclass(frozen=True)
class Obligation:
    """What one file of this folder states.

    ``comparisons(route, case)`` yields what must hold at a case; a case at which it yields nothing is not counted.
    ``not_exact``, ``not_sampled`` and ``not_learned`` are None where the rung applies, else the reason in a few words;
    ``logarithmic`` says that values may hold logarithms; ``more_cases(exact, seed)`` are further points of the
    deterministic rungs. ``estimates(world, output)`` yields what samples say of the emitted values, and
    ``learned(fit, output)`` the fitted loss beside the emitted value; each is None where its rung does not apply.
    """

    comparisons: Callable[[Route, Case], Iterator[Comparison]]
    not_exact: str | None
    not_sampled: str | None
    not_learned: str | None
    logarithmic: bool
    more_cases: Callable[[bool, int], tuple[Case, ...]]
    estimates: Callable[[World, Any], Iterable[Estimate]] | None
    learned: Callable[[Fit, Any], tuple[Loss, float]] | None


@cache
def ids() -> tuple[str, ...]:
    """Every result that has a file here, by name."""
    names = sorted(entry.name for entry in resources.files(__name__).iterdir() if entry.is_file())
    stems = [name[:-3] for name in names if name.endswith(".py") and not name.startswith("_")]
    return tuple(stem.replace("_", "-") for stem in stems)


@cache
def load(quantity: str) -> Obligation:
    """The obligation of a result. KeyError for an unknown id, ValueError for a file that contradicts itself."""
    if quantity not in ids():
        raise KeyError(quantity)
    module = import_module(f"{__name__}.{quantity.replace('-', '_')}")
    obligation = Obligation(
        module.comparisons,
        module.NOT_EXACT,
        module.NOT_SAMPLED,
        module.NOT_LEARNED,
        module.LOGARITHMIC,
        getattr(module, "more_cases", _no_more_cases),
        getattr(module, "estimates", None),
        getattr(module, "learned", None),
    )
    for reason, test, name in (
        (obligation.not_sampled, obligation.estimates, "estimates"),
        (obligation.not_learned, obligation.learned, "learned"),
    ):
        if (reason is None) == (test is None):
            raise ValueError(f"{module.__name__}: a rung has either {name} or a reason why it does not apply")
    return obligation
