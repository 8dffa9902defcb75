"""The error of a frozen encoder with the source's latent score, and what a relearned one would save."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the fits have no source"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E from the dense scores; the excess from the difference of the two latent scores, along each u_i and in all."""
    m = route.model(case)
    error, *excess = listed(route.call(case), 1 + case.k)
    dense = dense_error(m)
    yield equal("E", error, dense)
    encoded = m.U.transpose() * m.frames.encoder  # the principal directions in the encoder's coordinates
    moved = (m.latent_precision - m.M_s.inv()) * encoded
    saved = moved.transpose() * m.M * moved
    for i, value in enumerate(excess):
        yield equal(f"excess along u_{i + 1}", value, saved[i, i])
    yield equal("all of the excess", sum(excess[1:], excess[0]) + m.error, dense)


def dense_error(m: DenseModel) -> Any:
    """Mean square of -Sigma^-1 x + U M_s^-1 U^T x + P x / h."""
    K: Matrix = m.U * m.M_s.inv() * m.U.transpose() + m.P * (1 / m.h) - m.precision
    return trace(K * m.Sigma * K.transpose())


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at the samples, and the part of it that relearning would save."""
    U, h, P = world.U, float(world.case.h), np.eye(world.case.D) - world.U @ world.U.T
    error, *excess = listed(output, 1 + world.case.k)
    lifted = U @ np.linalg.inv(U.T @ world.source_Sigma @ U) @ U.T
    reused = -np.linalg.solve(U.T @ world.source_Sigma @ U, (world.x @ U).T).T @ U.T - world.x @ P / h
    draws = ((world.score - reused) ** 2).sum(axis=1)
    K = lifted + P / h - np.linalg.inv(world.Sigma)
    yield estimate(world, "E", draws, K.T @ K, error)
    G = lifted - U @ np.linalg.inv(world.latent_covariance()) @ U.T
    yield estimate(world, "excess", ((reused - world.frozen) ** 2).sum(axis=1), G.T @ G, sum(map(float, excess)))
