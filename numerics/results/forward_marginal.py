"""The spectrum of the diffused target."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, pairs, same_matrix
from numerics.results._shared import along, multiplicities, random_vector
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a statement on the data, not on a score"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Spectrum of the dense Sigma with multiplicities, and its eigenvectors in order."""
    m = route.model(case)
    rows = pairs(route.call(case), case.d + 1)
    yield from multiplicities(route, rows, [1] * case.d + [case.D - case.d])
    counts = [1] * case.d + [case.D - case.d]
    roots = [root for root, _ in rows]
    if route.field.exact:
        product = route.field.linear_power(roots[0], 1)
        for root, count in zip(roots[1:], counts[1:], strict=True):
            product *= route.field.linear_power(root, count)
        dense = route.field.charpoly(m.Sigma)
        for i in range(case.D + 1):
            yield equal(f"characteristic polynomial, x^{i}", product[i], dense[i])
    else:
        for i in range(1, 4):
            shift = route.field.number(Fraction(i, 3))
            value = route.field.number(1)
            for root, count in zip(roots, counts, strict=True):
                value = value * (root + shift) ** count
            yield equal(f"det(Sigma + {i}/3)", value, (m.Sigma + m.identity * shift).det())
    frame, vector = m.frames.target, random_vector(m, case.D)
    yield from same_matrix("Sigma x", along(m, frame, roots[:-1], roots[-1], vector), m.Sigma * vector)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """Second moments along the target's principal vectors, off their span, and in all."""
    case, x = world.case, world.x
    rows = pairs(output, case.d + 1)
    yield estimate(world, "|x|^2", (x**2).sum(axis=1), np.eye(case.D), sum(v * m for v, m in rows))
    for i, (value, _) in enumerate(rows[:-1]):
        v = world.target[:, i]
        yield estimate(world, f"(v_{i + 1} . x)^2", (x @ v) ** 2, np.outer(v, v), value)
    rest = np.eye(case.D) - world.target @ world.target.T
    off = (x * (x @ rest)).sum(axis=1)
    yield estimate(world, "|x off span V|^2", off, rest, rows[-1][0] * (case.D - case.d))
