"""The best scalar on what the encoder misses, by a scan of the dense error."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.dense import DenseModel, contract, trace
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the fits keep the factor 1/h"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E* is the dense error at gamma*, which no other factor undercuts; the gain is what 1/h has more."""
    if case.k == case.D:
        return  # no complement, no factor
    m = route.model(case)
    least, gain, factor = numbers(route.call(case), 3)
    # at the least error the difference of the scores is uncorrelated with P x
    yield equal("gamma*", factor, trace(m.P) / contract(m.P, m.Sigma))
    at_best = error_with(m, factor)
    yield equal("E*", least, at_best)
    yield equal("gain", gain, m.error - at_best)
    for other in (factor * 2, factor / 2, 1 / m.h):
        yield at_most("no other factor is better", least, error_with(m, other), m.error)


def error_with(m: DenseModel, factor: Any) -> Any:
    """E with any scalar in place of 1/h."""
    K = m.lifted - m.precision + m.P * factor
    return trace(K * m.Sigma * K.transpose())


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples, with the claimed factor in the reused one."""
    case = world.case
    if case.k == case.D:
        return
    least, gain, factor = numbers(output, 3)
    h, P = float(case.h), np.eye(case.D) - world.U @ world.U.T
    inside = world.frozen @ world.U @ world.U.T
    draws = ((world.score - inside + float(factor) * world.x @ P) ** 2).sum(axis=1)
    lifted = world.U @ np.linalg.inv(world.latent_covariance()) @ world.U.T - np.linalg.inv(world.Sigma)
    K, implied = lifted + float(factor) * P, lifted + P / h
    yield estimate(world, "E*", draws, K.T @ K, least)
    more = ((world.score - world.frozen) ** 2).sum(axis=1)
    yield estimate(world, "gain", more - draws, implied.T @ implied - K.T @ K, gain)
