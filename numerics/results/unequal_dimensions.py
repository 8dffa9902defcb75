"""What one more encoder direction saves, along the part of a target direction that the encoder misses."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix, columns_of, from_columns
from numerics.statistics import Estimate
from numerics.worlds import World, difference_matrix, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a difference of two fitted errors, each under frozen-latent-error"
LOGARITHMIC = True
LARGEST = 8  # up to this ambient dimension every direction is added in turn, beyond it the first and the last
MISSED = 0.1  # samples are asked about directions of which at least this much is missed


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Differences of E, KL and the error in span(U) between dense encoders with and without the direction."""
    m = route.model(case)
    values = listed(route.call(case), 3 * case.d)
    before = m.error, m.kl, m.latent_gap
    for i in range(case.d) if case.D <= LARGEST else sorted({0, case.d - 1}):
        after = _with_direction(m, i)
        if after is None:
            continue
        for j, name in enumerate(("E", "KL", "gap")):
            yield equal(f"{name} saved by direction {i + 1}", values[j * case.d + i], before[j] - after[j])


@lru_cache(maxsize=1024)
def _with_direction(m: DenseModel, i: int) -> tuple[Any, Any, Any] | None:
    """E, KL and the error in span(U) when U gets the missed part of v_i; None when U has no room for it."""
    added = m.frames.tilt[i] if i < len(m.frames.tilt) else m.column(m.frames.target, i)
    if added is None:
        return None
    return _measures(m, from_columns(m.field, [*columns_of(m.U), *columns_of(added)]))


def _measures(m: DenseModel, U: Matrix) -> tuple[Any, Any, Any]:
    """E, KL and the error in span(U) of any orthonormal encoder, from their definitions."""
    M = U.transpose() * m.Sigma * U
    P = m.identity - U * U.transpose()
    K = U * M.inv() * U.transpose() - m.precision + P * (1 / m.h)
    covariance = K * m.Sigma * K.transpose()
    generated = U * M * U.transpose() + P * m.h
    log = m.field.log
    kl = (log(generated.det()) - log(m.Sigma.det()) + trace(generated.inv() * m.Sigma) - m.case.D) / 2
    return trace(covariance), kl, trace(U.transpose() * covariance * U)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean difference of the squared errors of the two reused scores at the samples."""
    case, h = world.case, float(world.case.h)
    values = listed(output, 3 * case.d)
    K = difference_matrix(world)
    for i in range(case.d):
        missed = world.target[:, i] - world.U @ (world.U.T @ world.target[:, i])
        if np.linalg.norm(missed) < MISSED:
            continue
        U = np.column_stack([world.U, missed / np.linalg.norm(missed)])
        P = np.eye(case.D) - U @ U.T
        reused = -U @ np.linalg.inv(U.T @ world.Sigma @ U) @ U.T - P / h
        larger = world.x @ reused
        draws = ((world.score - world.frozen) ** 2).sum(axis=1) - ((world.score - larger) ** 2).sum(axis=1)
        difference = -np.linalg.inv(world.Sigma) - reused
        yield estimate(world, f"E saved by direction {i + 1}", draws, K.T @ K - difference.T @ difference, values[i])
