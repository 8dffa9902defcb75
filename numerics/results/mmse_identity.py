"""The error by posterior variances: conditional covariances of dense Gaussian vectors, and what is lost outside U."""

from collections.abc import Iterator
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.dense import trace
from numerics.learned import Fit, Loss
from numerics.statistics import Estimate
from numerics.worlds import World, error_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = None
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E against tr(K Sigma K^T); the others against tr(P Sigma_0) and Cov(a) - Cov(a, b) Cov(b)^-1 Cov(b, a)."""
    error, lost, encoded, full = numbers(route.call(case), 4)
    m = route.model(case)
    inside = m.U.transpose() * m.data * m.U
    missed_inside = inside - inside * m.latent_precision * inside * m.alpha2
    missed = m.data - m.data * m.precision * m.data * m.alpha2
    yield equal("E", error, m.error)
    yield equal("lost", lost, trace(m.P * m.data))
    yield equal("mmse encoded", encoded, trace(missed_inside))
    yield equal("mmse", full, trace(missed))


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples."""
    yield error_estimate(world, numbers(output, 4)[0])


def learned(fit: Fit, output: Any) -> tuple[Loss, float]:
    """The difference of held-out losses."""
    return fit.error, float(numbers(output, 4)[0])
