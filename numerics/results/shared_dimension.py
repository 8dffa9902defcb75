"""How many directions a shared latent space needs above a threshold."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.eigenvalues import symmetric_eigenvalues
from numerics.frames import Matrix
from numerics.results._pooled import is_empty, pooled_signal, spectrum_of_planes, weight

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "an integer: how many eigenvalues lie above a threshold"
NOT_LEARNED: str | None = "a statement on the data, not on a score"
LOGARITHMIC = False
LARGEST = 8  # all dense eigenvalues are enclosed up to this ambient dimension


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Eigenvalues over the threshold, and how many exceed 1, on the dense pooled covariance without ambient noise."""
    w = None if is_empty(case) else weight(route, case)
    if w is None:
        return
    m = route.model(case)
    values = listed(route.call(case, weight=w), 2 * max(case.k, case.d))
    one = route.field.number(1)
    scaled = pooled_signal(m, w) * (one / m.parameter("tau"))
    yield from spectrum_of_planes(m, values, scaled, one - one)
    if case.D <= LARGEST:
        above = sum(bool(value > 1) for value in values)
        yield equal("number above the threshold", route.field.number(above), route.field.number(_above(route, scaled)))


def _above(route: Route, matrix: Matrix) -> int:
    """How many eigenvalues of a symmetric matrix exceed 1. All roots of its characteristic polynomial are real, so
    that those above 1 are as many as the sign changes of its coefficients after a shift (Descartes)."""
    n = matrix.nrows()
    if not route.field.exact:
        return sum(bool(low > 1) for low, _ in symmetric_eigenvalues(matrix))
    identity = route.field.matrix([[route.field.number(int(i == j)) for j in range(n)] for i in range(n)])
    shifted: Any = route.field.charpoly(matrix - identity)
    signs = [shifted[i] > 0 for i in range(n + 1) if shifted[i] != 0]
    return sum(a != b for a, b in pairwise(signs))
