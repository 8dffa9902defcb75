"""Errors of the noise, data and velocity predictions."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.dense import trace
from numerics.statistics import Estimate
from numerics.worlds import World, difference_matrix, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the fit of frozen-latent-error in other units"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Each error from regressions of the noise and of the data on x, and on U^T x inside the latent space.

    No score enters. Up to sqrt(h) and alpha, E[xi | x] = Sigma^-1 x and E[x0 | x] = C Sigma^-1 x with C the covariance
    of x0. The reused predictions are the same inside the latent space; outside they ascribe all of P x to the noise.
    """
    m = route.model(case)
    noise, data, velocity = numbers(route.call(case), 3)
    up, inner = m.U, m.latent_precision * m.U.transpose()
    of_noise = m.precision - (up * inner + m.P * (1 / m.h))
    of_data = m.data * m.precision - up * (m.U.transpose() * m.data * m.U) * inner
    of_velocity = of_noise - of_data
    for name, got, difference, scale in (
        ("noise", noise, of_noise, m.h),
        ("data", data, of_data, m.alpha2),
        ("velocity", velocity, of_velocity, m.alpha2 * m.h),
    ):
        yield equal(name, got, scale * trace(difference * m.Sigma * difference.transpose()))


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared differences of the predictions that the two scores stand for, at the samples."""
    alpha, h = np.sqrt(float(world.case.alpha2)), float(world.case.h)
    noise = -np.sqrt(h) * world.score, -np.sqrt(h) * world.frozen
    data = (world.x + h * world.score) / alpha, (world.x + h * world.frozen) / alpha
    velocity = tuple(alpha * n - np.sqrt(h) * d for n, d in zip(noise, data, strict=True))
    K = difference_matrix(world)
    matrices = (-np.sqrt(h) * K, h / alpha * K, -(alpha * np.sqrt(h) + np.sqrt(h) * h / alpha) * K)
    names = ("noise", "data", "velocity")
    for name, pair, A, value in zip(names, (noise, data, velocity), matrices, numbers(output, 3), strict=True):
        draws = ((pair[0] - pair[1]) ** 2).sum(axis=1)
        yield estimate(world, name, draws, A.T @ A, value)
