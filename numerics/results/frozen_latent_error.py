"""The error of a frozen latent space."""

from collections.abc import Iterator
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.learned import Fit, Loss
from numerics.statistics import Estimate
from numerics.worlds import World, error_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = None
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E against tr(K Sigma K^T)."""
    (value,) = numbers(route.call(case), 1)
    yield equal("E", value, route.model(case).error)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples."""
    yield error_estimate(world, numbers(output, 1)[0])


def learned(fit: Fit, output: Any) -> tuple[Loss, float]:
    """The difference of held-out losses."""
    return fit.error, float(numbers(output, 1)[0])
