"""Random orthonormal frames with prescribed principal angles: rational, in balls, and in float64.

U = Q U0 Y^T and V = Q V0 Z^T, where U0 and V0 are coordinate frames, Q, Y, Z are random orthogonal matrices and the
angles enter through V0 alone. The latent covariance is Z diag(lambda) Z^T: diagonal in the principal basis without
being diagonal.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from flint import arb, arb_mat, ctx, fmpq, fmpq_mat, fmpq_poly

from numerics.cases import Case, is_zero
from numerics.logform import LogForm
from numerics.points import Angle, TanHalf, enclose

Matrix = Any  # fmpq_mat or arb_mat: python-flint ships no stubs; both have *, inv, det, transpose and entries
TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))


class Field(Protocol):
    """The numbers that dense matrices are made of."""

    exact: bool

    def number(self, value: Fraction | int) -> Any:
        """The rational ``value`` in this field."""

    def sincos(self, angle: TanHalf | Angle) -> tuple[Any, Any]:
        """Sine and cosine of an angle."""

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        """Matrix with these rows; at least one row and one column."""

    def orthogonal(self, n: int, rng: random.Random) -> Matrix:
        """A random dense orthogonal n x n matrix."""

    def log(self, value: Any) -> Any:
        """Natural logarithm of a positive number."""

    def charpoly(self, matrix: Matrix) -> Any:
        """Characteristic polynomial."""

    def linear_power(self, root: Any, power: int) -> Any:
        """The polynomial (x - root)^power."""


class ExactField:
    """Rational numbers; orthogonal matrices are products of layers of Pythagorean rotations."""

    exact = True

    def number(self, value: Fraction | int) -> fmpq:
        return fmpq(value.numerator, value.denominator)

    def sincos(self, angle: TanHalf | Angle) -> tuple[fmpq, fmpq]:
        if isinstance(angle, TanHalf):
            return angle.rational()
        raise TypeError("an angle in radians has no rational sine")

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        return fmpq_mat(len(rows), len(rows[0]), [x for row in rows for x in row])

    def orthogonal(self, n: int, rng: random.Random) -> Matrix:
        # Each layer rotates disjoint pairs of rows by the angles of one triple: after log2(n) layers the matrix is
        # dense while its common denominator is a product of a few small hypotenuses.
        rows = [[fmpq(int(i == j)) for j in range(n)] for i in range(n)]
        for layer in range(n.bit_length() if n > 1 else 0):
            a, b, c = TRIPLES[layer % len(TRIPLES)]
            order = list(range(n))
            rng.shuffle(order)
            for i, j in zip(order[::2], order[1::2], strict=False):
                cosine, sine = (fmpq(a, c), fmpq(b, c)) if rng.random() < 0.5 else (fmpq(b, c), -fmpq(a, c))
                ri, rj = rows[i], rows[j]
                rows[i] = [cosine * x - sine * y for x, y in zip(ri, rj, strict=True)]
                rows[j] = [sine * x + cosine * y for x, y in zip(ri, rj, strict=True)]
        return self.matrix(rows)

    def log(self, value: Any) -> LogForm:
        return LogForm.log(value)

    def charpoly(self, matrix: Matrix) -> Any:
        return matrix.charpoly()

    def linear_power(self, root: Any, power: int) -> Any:
        return fmpq_poly([-root, 1]) ** power


class BallField:
    """Arb balls at the precision in force; orthogonal matrices are Cayley transforms of random skew ones."""

    exact = False

    def number(self, value: Fraction | int) -> Any:
        return enclose(value, ctx.prec)

    def sincos(self, angle: TanHalf | Angle) -> tuple[Any, Any]:
        return angle.sincos(ctx.prec)

    def matrix(self, rows: Sequence[Sequence[Any]]) -> Matrix:
        return arb_mat(len(rows), len(rows[0]), [x for row in rows for x in row])

    def orthogonal(self, n: int, rng: random.Random) -> Matrix:
        # (I - A)(I + A)^-1 is orthogonal for every skew A and as well conditioned as numbers go. The entries of A are
        # square roots of integers with a random sign, the same real numbers at every precision.
        skew = [[arb(0)] * n for _ in range(n)]
        for i in range(n):
            for j in range(i):
                entry = arb(rng.getrandbits(40)).sqrt() * (2 ** arb(-20)) * rng.choice((-1, 1))
                skew[i][j], skew[j][i] = entry, -entry
        A, identity = self.matrix(skew), self.matrix([[arb(int(i == j)) for j in range(n)] for i in range(n)])
        return (identity - A) * (identity + A).inv()

    def log(self, value: Any) -> Any:
        return value.log()

    def charpoly(self, matrix: Matrix) -> Any:
        return matrix.charpoly()

    def linear_power(self, root: Any, power: int) -> Any:
        raise TypeError("polynomials are compared at points in ball arithmetic")


EXACT_FIELD = ExactField()
BALL_FIELD = BallField()


@dataclass(frozen=True)
class Frames:
    """Dense frames of one case.

    ``U`` (D x k) and ``V`` (D x d) are what the dense routes use. ``Y`` (k x k) and ``Z`` (d x d) are the rotations of
    U^T V = Y cos Z^T; ``encoder`` = U Y and ``target`` = V Z hold the principal vectors; ``tilt[i]`` is the direction
    w_i towards which angle i opens (None when there is no room left), as a D x 1 matrix. ``complement`` is an
    orthonormal basis of what is at right angles to span(U), D x (D - k), None where nothing is.
    """

    U: Matrix
    V: Matrix
    Y: Matrix
    Z: Matrix
    encoder: Matrix
    target: Matrix
    tilt: tuple[Matrix | None, ...]
    complement: Matrix | None


def columns_of(matrix: Matrix) -> list[list[Any]]:
    """The columns of a flint matrix as lists."""
    table = matrix.tolist()
    return [[row[j] for row in table] for j in range(matrix.ncols())]


def from_columns(field: Field, columns: Sequence[Sequence[Any]]) -> Matrix:
    """Matrix with these columns."""
    return field.matrix([list(row) for row in zip(*columns, strict=True)])


def build(case: Case, field: Field) -> Frames:
    """Frames of ``case`` in ``field``: the same ones for every call at one precision."""
    rng = random.Random(f"frames {case.D} {case.k} {case.d} {case.seed}")
    Q = columns_of(field.orthogonal(case.D, rng))
    Y, Z = field.orthogonal(case.k, rng), field.orthogonal(case.d, rng)
    free = iter(Q[max(case.k, case.d) :])
    taken = [None if is_zero(angle) else next(free) for angle in case.angles]
    spare = next(free, None)  # a direction in which an angle at zero can open
    target, tilt = [], []
    for i, angle in enumerate(case.angles):
        w = taken[i]
        if w is None:
            target.append(Q[i])
            tilt.append(None if spare is None else from_columns(field, [spare]))
            continue
        sine, cosine = field.sincos(angle)
        target.append([cosine * u + sine * x for u, x in zip(Q[i], w, strict=True)])
        tilt.append(from_columns(field, [w]))
    target += Q[len(case.angles) : case.d]  # lost directions, when d > k
    encoder_matrix, target_matrix = from_columns(field, Q[: case.k]), from_columns(field, target)
    U, V = encoder_matrix * Y.transpose(), target_matrix * Z.transpose()
    complement = from_columns(field, Q[case.k :]) if case.k < case.D else None
    return Frames(U, V, Y, Z, encoder_matrix, target_matrix, tuple(tilt), complement)


def float_frames(case: Case, rng: np.random.Generator) -> tuple[Any, Any, Any, Any]:
    """Float64 arrays (U, V, encoder, target) with U: D x k, V: D x d, and their principal vectors, from random QRs."""
    Q, Y, Z = (np.linalg.qr(rng.standard_normal((n, n)))[0] for n in (case.D, case.k, case.d))
    encoder, target = Q[:, : case.k], Q[:, : case.d].copy()
    free = iter(range(max(case.k, case.d), case.D))
    for i, angle in enumerate(case.angles):
        if not is_zero(angle):
            sine, cosine = (float(x) for x in angle.sincos(80))
            target[:, i] = cosine * Q[:, i] + sine * Q[:, next(free)]
    return encoder @ Y.T, target @ Z.T, encoder, target
