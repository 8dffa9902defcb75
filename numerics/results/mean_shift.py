"""What a mean that the decoder ignores adds to the error, to the divergence and to the distance."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.dense import DenseModel, contract, trace
from numerics.frames import Matrix
from numerics.statistics import Estimate
from numerics.worlds import World, difference_matrix, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the fits are of centred targets"
LOGARITHMIC = True


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E from second moments about zero, KL and W2 from the mean of the law whose score is the reused one."""
    m = route.model(case)
    error, divergence, distance = numbers(route.call(case), 3)
    # s - s_U = difference (x - alpha mu) + alpha P mu / h, as the latent score is centred and the decoder is not
    shift = m.P * m.mean * (1 / m.h)
    second = m.error_covariance + shift * shift.transpose() * m.alpha2
    yield equal("E", error, trace(second))
    apart = m.mean - generated_mean(m)
    yield equal("KL", divergence, m.kl + contract(m.generated.inv() * apart, apart) * m.alpha2 / 2)
    yield equal("added to W2^2", distance, contract(apart, apart) * m.alpha2)


def generated_mean(m: DenseModel) -> Matrix:
    """Where the reused score vanishes, over alpha: U M^-1 U^T (x - alpha mu) + P x / h = 0."""
    precision = m.lifted + m.P * (1 / m.h)
    return precision.inv() * (m.lifted * m.mean)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean squared difference of the scores at samples of the shifted target."""
    alpha, h = np.sqrt(float(world.case.alpha2)), float(world.case.h)
    K = difference_matrix(world)
    # the score and the latent score are centred: only the decoder, -P x/h, sees where the samples are
    seen = alpha * (world.mean - world.U @ (world.U.T @ world.mean)) / h
    draws = ((world.score - (world.frozen - seen)) ** 2).sum(axis=1)
    # the product of the centred difference with what is seen has mean zero; without it the draws are a quadratic form
    draws -= 2 * (world.score - world.frozen) @ seen
    yield estimate(world, "E", draws, K.T @ K, numbers(output, 3)[0])
