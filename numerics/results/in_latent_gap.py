"""The part of the error inside the latent space."""

from collections.abc import Iterator
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.learned import Fit, Loss
from numerics.statistics import Estimate
from numerics.worlds import World, difference_matrix, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = None
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """The gap against tr(U^T K Sigma K^T U)."""
    (value,) = numbers(route.call(case), 1)
    yield equal("gap", value, route.model(case).latent_gap)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean square of the difference of the scores along the encoder."""
    K = difference_matrix(world) @ world.U
    draws = (((world.score - world.frozen) @ world.U) ** 2).sum(axis=1)
    yield estimate(world, "gap", draws, K @ K.T, numbers(output, 1)[0])


def learned(fit: Fit, output: Any) -> tuple[Loss, float]:
    """The difference of held-out losses in the latent space."""
    return fit.gap, float(numbers(output, 1)[0])
