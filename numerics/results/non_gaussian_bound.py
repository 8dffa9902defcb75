"""The Gaussian upper bound of the error: for a Gaussian target it holds, and leaves what the dense model says.

That it fails for other laws is certified in `numerics.bound_failure`.
"""

from collections.abc import Iterator
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.dense import trace
from numerics.learned import Fit, Loss
from numerics.statistics import Estimate
from numerics.worlds import World, error_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = None
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """[E, bound, bound - E] against the dense error and the trace of the data's covariance outside the encoder."""
    error, bound, left = numbers(route.call(case), 3)
    m = route.model(case)
    dense = trace(m.P * m.data) * m.alpha2 / m.h**2
    yield equal("E", error, m.error)
    yield equal("bound", bound, dense)
    yield equal("bound - E", left, dense - m.error)
    yield at_most("E <= bound", m.error, dense, dense)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples."""
    yield error_estimate(world, numbers(output, 3)[0])


def learned(fit: Fit, output: Any) -> tuple[Loss, float]:
    """The difference of held-out losses."""
    return fit.error, float(numbers(output, 3)[0])
