"""The law that the reverse SDE with the reused score generates."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, pairs, same_matrix
from numerics.dense import DenseModel
from numerics.frames import Matrix
from numerics.results._shared import along, multiplicities, random_vector
from numerics.statistics import Array, Estimate
from numerics.worlds import World, estimate, seed_sequence

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a statement on the sampler's law, not on how well a score is fitted"
LOGARITHMIC = False

SAMPLES = 120_000  # they resolve five per cent of the variance along one direction
STEPS = 48
FAR = 60  # the sampled run starts at this many times its last ratio and the data's variance
BIAS = 2e-3  # relative, of the steps and of the start: below 1.6e-3 by the covariance recursion of the scheme itself


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """The emitted law L against the covariance equation of the reverse SDE with the dense reused score -G x.

    At fixed alpha and in the variable h it reads L' = G L + L G - I; the emitted L is linear in h, and h/3 is its step.
    """
    m = route.model(case)
    paired = min(case.k, case.d)
    rows = pairs(route.call(case), paired + 2)
    yield from multiplicities(route, rows, [1] * paired + [case.k - paired, case.D - case.k])
    step = case.h / 3
    laws = [_Law(route, case.at(case.alpha2, case.h + i * step)) for i in range(3)]
    vector = random_vector(m, case.D)
    here, later, last = (law.times(vector) for law in laws)
    yield from same_matrix("L is linear in h", last - later, later - here)
    G = m.lifted + m.P * (1 / m.h)
    rate = G * here + laws[0].times(G * vector) - vector
    yield from same_matrix("L' = G L + L G - I", (later - here) * (1 / route.field.number(step)), rate)


class _Law:
    """The emitted spectrum on the encoder's principal vectors, as an operator."""

    def __init__(self, route: Route, case: Case) -> None:
        self.m: DenseModel = route.model(case)
        paired = min(case.k, case.d)
        values = [value for value, _ in pairs(route.call(case), paired + 2)]
        self.gains, self.rest = values[:paired] + [values[paired]] * (case.k - paired), values[-1]

    def times(self, vector: Matrix) -> Matrix:
        """L x for a column x."""
        return along(self.m, self.m.frames.encoder, self.gains, self.rest, vector)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Simulates the reverse SDE from N(0, R I) far away; second moments along the encoder's principal vectors and off
    it."""
    case = world.case
    paired = min(case.k, case.d)
    rows = pairs(output, paired + 2)
    x = generated(world)
    eye = np.eye(case.D)
    off = eye - world.U @ world.U.T
    M = world.latent_covariance()
    # the covariance is for the spread of the means only
    law = replace(world, x=x, Sigma=world.U @ M @ world.U.T + float(case.h) * off)
    spare = world.encoder[:, paired : case.k]
    parts = [(f"(u_{i + 1} . x)^2", np.outer(u, u)) for i, u in enumerate(world.encoder[:, :paired].T)]
    parts += [("|x along spare directions|^2", spare @ spare.T), ("|x off the encoder|^2", off)]
    for (name, A), (value, count) in zip(parts, rows, strict=True):
        if int(count) > 0:
            draws = ((x @ A) * x).sum(axis=1)
            made = estimate(law, name, draws, A, value * int(count))
            yield replace(made, margin=made.margin + BIAS * abs(made.mean))


def generated(world: World) -> Array:
    """Samples (n x D) of the reverse SDE with the dense reused score, in x/sqrt(h) and the clock -ln r, r = h/alpha^2.

    There it reads dz = (1/2 - r G) z + dW, with alpha^2 s_U = -G x/alpha; the steps are Heun's, of equal length.
    """
    case = world.case
    alpha2, h = float(case.alpha2), float(case.h)
    data = (world.Sigma - h * np.eye(case.D)) / alpha2
    inside = world.U.T @ data @ world.U
    off = np.eye(case.D) - world.U @ world.U.T

    def pull(r: float) -> Array:
        lifted = world.U @ np.linalg.inv(inside / r + np.eye(case.k)) @ world.U.T
        return (lifted + off - np.eye(case.D) / 2).astype(np.float32)

    last = h / alpha2
    grid = np.geomspace(FAR * (last + np.linalg.norm(data, 2)), last, STEPS + 1)
    step = np.float32(np.log(grid[0] / last) / STEPS)
    rng = np.random.Generator(np.random.SFC64(seed_sequence("generated", case, SAMPLES)))
    z = rng.standard_normal((SAMPLES, case.D), dtype=np.float32)
    for now, after in pairwise(grid):
        noise = np.sqrt(step) * rng.standard_normal(z.shape, dtype=np.float32)
        slope = z @ pull(now)
        ahead = z - step * slope + noise
        z = z - (step / 2) * (slope + ahead @ pull(after)) + noise
    return np.sqrt(h) * z.astype(np.float64)
