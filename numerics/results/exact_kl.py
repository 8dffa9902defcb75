"""The divergence of the diffused target from the generated law."""

from collections.abc import Iterator
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.statistics import Estimate
from numerics.worlds import World, divergence_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a fitted score has no density"
LOGARITHMIC = True


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """KL against traces and determinants of the two dense covariances."""
    (value,) = numbers(route.call(case), 1)
    yield equal("KL", value, route.model(case).kl)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean difference of the log-densities at the samples."""
    yield divergence_estimate(world, numbers(output, 1)[0])
