"""The 2-Wasserstein distance of the generated law from the diffused target."""

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, arb_mat

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.dense import DenseModel, trace
from numerics.eigenvalues import symmetric_eigenvalues
from numerics.statistics import Array, Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = "nested square roots, irrational at nearly all rational points"
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a statement on two laws, not on how well a score is fitted"
LOGARITHMIC = False
SCALE = Fraction(3, 7)  # of alpha^2 and h at another time with the same ratio
EARLY = 10**20  # how much closer to h = 0 the limit is looked at
LARGEST = 12  # eigenvalues of dense ball matrices are enclosed up to this ambient dimension


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """W_2^2 = tr Sigma + tr Q - 2 tr (Sigma^1/2 Q Sigma^1/2)^1/2 of the two dense covariances; at another time with the
    same ratio r; and between its bounds close to h = 0."""
    if case.D > LARGEST:
        return
    m = route.model(case)
    (value,) = numbers(route.call(case), 1)
    yield equal("W2^2", value, _distance(m))
    (other,) = numbers(route.call(case.at(case.alpha2 * SCALE, case.h * SCALE)), 1)
    yield equal("W2^2/alpha^2 at another time", other, _distance(m) * route.field.number(SCALE))
    yield from _limit(route, case.at(case.alpha2, case.h / EARLY), value)


def _limit(route: Route, early: Case, later: Any) -> Iterator[Comparison]:
    """K, the mean square of alpha x_0 outside the encoder, is an upper bound; what is missing is of order sqrt(h)."""
    m = route.model(early)
    (value,) = numbers(route.call(early), 1)
    K = trace(m.P * m.data) * m.alpha2
    rate = 2 * (early.D - early.k + early.d) * (m.h * trace(m.Sigma)).sqrt()
    yield at_most("W2^2 <= K", later, K, K)
    yield at_most("W2^2 <= K close to h = 0", value, K, K)
    yield at_most("K - rate <= W2^2 close to h = 0", K - rate, value, K)


@lru_cache(maxsize=256)
def _distance(m: DenseModel) -> Any:
    """Of the dense laws of one model, at the precision that it was made for."""
    return trace(m.Sigma) + trace(m.generated) - 2 * common_trace(m.Sigma, m.generated)


def common_trace(Sigma: Any, Q: Any) -> Any:
    """tr (Sigma^1/2 Q Sigma^1/2)^1/2: with Sigma = L L^T the inner matrix has the eigenvalues of L^T Q L."""
    L = _cholesky(Sigma)
    pairs = symmetric_eigenvalues(L.transpose() * Q * L)
    return sum((low.union(high).sqrt() for low, high in pairs), arb(0))


def _cholesky(matrix: Any) -> arb_mat:
    """The lower triangular factor of a positive definite ball matrix."""
    entries, n = matrix.tolist(), matrix.nrows()
    L = [[arb(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = entries[i][j] - sum((L[i][q] * L[j][q] for q in range(j)), arb(0))
            L[i][j] = rest.sqrt() if i == j else rest / L[j][j]
    return arb_mat(L)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Mean square of x - T x at the samples, T the optimal map, which carries the target to the generated law."""
    root = _power(world.Sigma, 0.5)
    inverse = _power(world.Sigma, -0.5)
    off = np.eye(world.case.D) - world.U @ world.U.T
    Q = world.U @ world.latent_covariance() @ world.U.T + float(world.case.h) * off
    moved = np.eye(world.case.D) - inverse @ _power(root @ Q @ root, 0.5) @ inverse
    draws = ((world.x @ moved) ** 2).sum(axis=1)
    yield estimate(world, "W2^2", draws, moved @ moved, numbers(output, 1)[0])


def _power(matrix: Array, exponent: float) -> Array:
    """A power of a symmetric positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * values**exponent) @ vectors.T
