"""The error of the whole source score, and how it compares with the source's latent score behind the frozen encoder."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.dense import trace
from numerics.results.frozen_score import dense_error
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the fits have no source"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E from the two dense precisions, and the dense error of the frozen latent score less that."""
    m = route.model(case)
    error, advantage = numbers(route.call(case), 2)
    gap = m.precision - m.Sigma_s.inv()
    dense = trace(gap * m.Sigma * gap)
    yield equal("E", error, dense)
    yield equal("advantage", advantage, dense_error(m) - dense)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples, and of the frozen latent score's less that."""
    U, h, P = world.U, float(world.case.h), np.eye(world.case.D) - world.U @ world.U.T
    error, advantage = numbers(output, 2)
    source = -np.linalg.solve(world.source_Sigma, world.x.T).T
    encoded = U.T @ world.source_Sigma @ U
    reused = -np.linalg.solve(encoded, (world.x @ U).T).T @ U.T - world.x @ P / h
    draws = ((world.score - source) ** 2).sum(axis=1)
    G = np.linalg.inv(world.source_Sigma) - np.linalg.inv(world.Sigma)
    K = U @ np.linalg.inv(encoded) @ U.T + P / h - np.linalg.inv(world.Sigma)
    yield estimate(world, "E", draws, G @ G, error)
    more = ((world.score - reused) ** 2).sum(axis=1)
    yield estimate(world, "advantage", more - draws, K.T @ K - G @ G, advantage, scale=float(more.mean()))
