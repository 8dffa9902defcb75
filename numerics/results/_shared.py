"""What the files of several results use: random vectors, gains along a frame, multiplicities."""

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from numerics.comparisons import Comparison, Route, equal
from numerics.dense import DenseModel
from numerics.frames import Matrix


def random_vector(m: DenseModel, size: int) -> Matrix:
    """A random rational vector, the same for every call at one case: size x 1."""
    rng = random.Random(f"vector {m.case.seed} {size}")
    return m.field.matrix([[m.field.number(Fraction(rng.randint(-9, 9), rng.randint(1, 5)))] for _ in range(size)])


def along(m: DenseModel, frame: Matrix, gains: list[Any], rest: Any, vector: Matrix) -> Matrix:
    """Gains along the columns of an orthonormal frame, ``rest`` on the complement, applied to a vector."""
    inside = frame * m.diagonal(gains) * (frame.transpose() * vector)
    return inside + (vector - frame * (frame.transpose() * vector)) * rest


def multiplicities(route: Route, rows: list[tuple[Any, Any]], expected: list[int]) -> Iterator[Comparison]:
    """The second halves of pairs against the counts."""
    for i, ((_, got), want) in enumerate(zip(rows, expected, strict=True)):
        yield equal(f"multiplicity {i + 1}", got, route.field.number(want))
