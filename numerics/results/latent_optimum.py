"""The best latent score."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, FunctionFailed, Route, equal, pairs, same_matrix
from numerics.dense import trace
from numerics.results._shared import along, multiplicities, random_vector
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "its fitted counterpart is the frozen score of frozen-latent-error"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted gains along the encoder's principal vectors against the regression of U^T s(x) on U^T x."""
    m = route.model(case)
    paired = min(case.k, case.d)
    rows = pairs(route.call(case), paired + 1)
    yield from multiplicities(route, rows, [1] * paired + [case.k - paired])
    # Normal equations of the best linear g: g(y) = E[U^T s(x) y^T] (E[y y^T])^-1 y; for a Gaussian target this is the
    # conditional mean, hence the best g of all.
    cross = m.U.transpose() * m.precision * m.Sigma * m.U
    gains, vector = [gain for gain, _ in rows], random_vector(m, case.k)
    frame = m.field.matrix([[m.frames.Y[i, j] for j in range(paired)] for i in range(case.k)])
    emitted = along(m, frame, gains[:-1], gains[-1], vector)
    yield from same_matrix("M^-1 y", emitted, cross * m.latent_precision * vector)
    weighted = sum((gain * count for gain, count in rows[1:]), rows[0][0] * rows[0][1])
    yield equal("tr M^-1", weighted, trace(m.latent_precision))


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Orthogonality: U^T s(x) - g(U^T x) has mean product zero with each principal latent coordinate."""
    rows = pairs(output, min(world.case.k, world.case.d) + 1)
    gains = [float(v) for v, m in rows for _ in range(int(m))]
    if len(gains) != world.case.k:
        raise FunctionFailed(f"multiplicities sum to {len(gains)}, k = {world.case.k} expected")
    coordinates, along_encoder = world.x @ world.encoder, world.score @ world.encoder
    inverse = np.linalg.inv(world.Sigma)
    for i, gain in enumerate(gains):
        u = world.encoder[:, i]
        A = gain * np.outer(u, u) - (np.outer(u, inverse @ u) + np.outer(inverse @ u, u)) / 2
        draws = along_encoder[:, i] * coordinates[:, i] + gain * coordinates[:, i] ** 2
        yield estimate(world, f"residual . y_{i + 1}", draws, A, 0.0, scale=1.0)
