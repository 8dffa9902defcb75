"""The score of the diffused target."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, pairs, same_matrix
from numerics.dense import trace
from numerics.results._shared import along, multiplicities, random_vector
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "its fitted counterpart is the full score of frozen-latent-error"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted gains applied to a random vector against the gradient -Sigma^-1 x of the log-density."""
    m = route.model(case)
    rows = pairs(route.call(case), case.d + 1)
    yield from multiplicities(route, rows, [1] * case.d + [case.D - case.d])
    gains, vector = [gain for gain, _ in rows], random_vector(m, case.D)
    emitted = along(m, m.frames.target, gains[:-1], gains[-1], vector)
    yield from same_matrix("Sigma^-1 x", emitted, m.precision * vector)
    weighted = sum((gain * count for gain, count in rows[1:]), rows[0][0] * rows[0][1])
    yield equal("tr Sigma^-1", weighted, trace(m.precision))


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squares of the score, in all and along the target's principal vectors."""
    rows = pairs(output, world.case.d + 1)
    inverse = np.linalg.inv(world.Sigma)
    claimed = sum(v * m for v, m in rows)
    yield estimate(world, "|s|^2", (world.score**2).sum(axis=1), inverse @ inverse, claimed)
    for i, (value, _) in enumerate(rows[:-1]):
        v = world.target[:, i]
        A = np.outer(inverse @ v, inverse @ v)
        yield estimate(world, f"(v_{i + 1} . s)^2", (world.score @ v) ** 2, A, value)
