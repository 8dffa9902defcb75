"""The parts of a sampler's distance from the data, from dense covariances that need not commute."""

from collections.abc import Iterator
from typing import Any

from flint import arb

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, listed
from numerics.dense import DenseModel, trace
from numerics.eigenvalues import symmetric_eigenvalues
from numerics.frames import Matrix
from numerics.results.continuous_sampler import _laws as continuous_laws
from numerics.results.exact_w2 import LARGEST, _cholesky

NOT_EXACT: str | None = "square roots of variances, irrational at nearly all rational points"
NOT_SAMPLED: str | None = "distances of known laws; that of latent reuse is sampled by exact-w2, paths in their tests"
NOT_LEARNED: str | None = "the score is given: there is nothing to fit"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Each part, and the distance between the ends of every two and of all parts, against the sum of the roots."""
    if case.D > LARGEST:
        return
    m = route.model(case)
    truncation, reuse, *starts = listed(route.call(case), 4)
    yield equal("truncation", truncation, _distance(m.Sigma, m.data))
    yield equal("latent reuse", reuse, _distance(m.Sigma, m.generated))
    for name, start, made in zip(("SDE", "flow"), starts, _made(m), strict=True):
        yield equal(f"initialisation by the {name}", start, _distance(m.generated, made))
        parts = [_root(part) for part in (truncation, reuse, start)]
        total = sum(parts, arb(0))
        yield at_most(f"the whole by the {name}", _root(_distance(made, m.data)), total, total)


def _made(m: DenseModel) -> list[Matrix]:
    """Covariances that the reverse SDE and the probability flow make of N(0, I)."""
    return [law * m.alpha2 for law in continuous_laws(m)]


def _distance(definite: Matrix, other: Matrix) -> Any:
    """Squared, tr A + tr B - 2 tr (A^1/2 B A^1/2)^1/2: with A = L L^T the inner matrix has the eigenvalues of L^T B L,
    none of them negative."""
    L = _cholesky((definite + definite.transpose()) * (1 / arb(2)))
    inner = L.transpose() * other * L
    pairs = symmetric_eigenvalues((inner + inner.transpose()) * (1 / arb(2)))
    shared = sum((_root(low.union(high)) for low, high in pairs), arb(0))
    return trace(definite) + trace(other) - 2 * shared


def _root(square: Any) -> Any:
    """The root of a ball known to hold something nonnegative."""
    return arb(square).nonnegative_part().sqrt()
