"""`misaligned-covariance`: the emitted form against the dense error, and both pairings around a turned `Lambda`."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "the error for a given pairing is sampled under frozen-latent-error"
NOT_LEARNED: str | None = "the error for a given pairing is fitted under frozen-latent-error"
LOGARITHMIC = False


def dense_error(m: DenseModel, Lambda: Matrix) -> Any:
    """tr(K Sigma K^T) with another latent covariance behind the same frames."""
    Sigma = (m.V * Lambda * m.V.transpose() + m.identity * m.sigma2) * m.alpha2 + m.identity * m.h
    lifted = m.U * (m.U.transpose() * Sigma * m.U).inv() * m.U.transpose()
    K = lifted - Sigma.inv() + m.P * (1 / m.h)
    return trace(K * Sigma * K.transpose())


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Diagonal in the principal basis: the value itself. Turned by a random rotation: between the two pairings."""
    m = route.model(case)
    (value,) = numbers(route.call(case), 1)
    yield equal("E", value, m.error)
    # in ascending order of the angles: the largest variance first pairs it with the smallest angle
    places = [*sorted(range(len(case.angles)), key=lambda i: _size(case, i)), *range(len(case.angles), case.d)]
    turn = m.frames.Z * m.field.orthogonal(case.d, random.Random(f"turn {case.seed} {case.d}"))
    error = dense_error(m, turn * m.diagonal(m.lam) * turn.transpose())
    for descending in (True, False):
        ordered = sorted(case.lam, reverse=descending)
        paired = dict(zip(places, ordered, strict=True))
        (bound,) = numbers(route.call(replace(case, lam=tuple(paired[i] for i in range(case.d)))), 1)
        if descending:
            yield at_most("paired alike <= E", bound, error, scale=error)
        else:
            yield at_most("E <= paired across", error, bound, scale=bound)


def _size(case: Case, i: int) -> float:
    return float(case.angles[i].arb(64))
