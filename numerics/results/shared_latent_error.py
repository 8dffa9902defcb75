"""The error of source and target under a shared latent space."""

from collections.abc import Iterator
from typing import Any

from flint import arb

from numerics.cases import Case, is_right, is_zero
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.dense import DenseModel, contract
from numerics.frames import Matrix
from numerics.functions import BALL, EXACT
from numerics.results._pooled import is_empty, pooled_signal, variances, weight

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "squared sines of angles: there is no expectation to sample"
NOT_LEARNED: str | None = "its fitted counterpart is that of frozen-latent-error, under another encoder"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """What the pooled direction of each plane, an eigenvector of the dense pooled covariance, misses of both frames."""
    w = None if is_empty(case) else weight(route, case)
    if w is None or _has_no_direction(route, case, w):
        return
    m, planes = route.model(case), max(case.k, case.d)
    values = listed(route.call(case, weight=w), 2 * planes)
    B = pooled_signal(m, w)
    for i in range(planes):
        direction = pooled_direction(m, B, i)
        size = contract(direction, direction)
        for name, frame, count, value in (
            ("target", m.frames.target, case.d, values[i]),
            ("source", m.frames.encoder, case.k, values[planes + i]),
        ):
            # a domain that has no direction in the plane misses all of what it does not have
            seen = contract(direction, m.column(frame, i)) ** 2 / size if i < count else size - size
            yield equal(f"plane {i + 1}: missed of the {name}", value, 1 - seen)


def _has_no_direction(route: Route, case: Case, w: Any) -> bool:
    """Whether the pooled eigenvalues of some plane coincide: both domains bring the same, at a right angle."""
    number = route.field.number
    brought = [(w * number(a), (1 - w) * number(b)) for a, b in variances(case)]
    return any(is_right(angle) and bool(a == b) for (a, b), angle in zip(brought, case.angles, strict=False))


def pooled_direction(m: DenseModel, B: Matrix, i: int) -> Matrix:
    """The eigenvector of the larger of the two eigenvalues of B on the span of the i-th directions of both frames.

    On that span B acts as the 2 x 2 matrix C of B F = F C, F the two directions; B - smaller maps onto the eigenvector.
    """
    case = m.case
    columns = [m.column(f, i) for f, n in ((m.frames.encoder, case.k), (m.frames.target, case.d)) if i < n]
    if len(columns) == 1 or is_zero(case.angles[i]):
        return columns[0]
    F = m.field.matrix([[x, y] for x, y in zip(*(c.entries() for c in columns), strict=True)])
    C = (F.transpose() * F).inv() * (F.transpose() * B * F)
    half, gap = (C[0, 0] + C[1, 1]) / 2, (C[0, 0] - C[1, 1]) / 2
    root = (EXACT if m.field.exact else BALL).sqrt(gap * gap + C[0, 1] * C[1, 0])
    images = [B * column - column * (half - root) for column in columns]
    return max(images, key=lambda image: _size(contract(image, image)))


def _size(number: Any) -> float:
    return float(arb(number).mid())
