"""Small worlds in which an assumption of the theory does not hold, and what a formula derived under it is worth there.

A world is a handful of rational matrices. What is true in it follows from the definitions alone: the scores are
matrices times the point, the error is the mean square of their difference, the laws are Gaussians. A formula that
disagrees is refuted at that world, exactly (rational numbers) or by disjoint balls (logarithms, roots). Everything is
written down in fractions, so that a reader can do the sums again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from numerics.dense import trace
from numerics.logform import as_fmpq
from numerics.results.exact_w2 import common_trace

F = Fraction
Rows = tuple[tuple[Fraction, ...], ...]
Angles = tuple[tuple[Fraction, Fraction], ...]  # (sine, cosine) of each
PRECISION = 256
TIMES = ((F(1, 2), F(1, 2)), (F(9, 10), F(1, 10)), (F(1, 10), F(9, 10)), (F(99, 100), F(1, 100)))
OTHER_TIMES = {
    "ve": ((F(1), F(1)), (F(1), F(1, 2)), (F(1), F(9)), (F(1), F(1, 100))),
    "edm": ((F(1), F(1)), (F(1), F(1, 2)), (F(1), F(9)), (F(1), F(1, 100))),
    "flow": ((F(1, 4), F(1, 4)), (F(9, 16), F(1, 16)), (F(1, 16), F(9, 16)), (F(81, 100), F(1, 100))),
    "sub-vp": ((F(1, 2), F(1, 4)), (F(9, 10), F(1, 100)), (F(1, 10), F(81, 100))),
}
ANGLES: tuple[Angles, ...] = (((F(3, 5), F(4, 5)), (F(5, 13), F(12, 13))), ((F(0), F(1)), (F(4, 5), F(3, 5))))
LATENTS: tuple[Rows, ...] = (((F(2), F(0)), (F(0), F(1))), ((F(1), F(0)), (F(0), F(5))))
ALIKE: tuple[Rows, ...] = (((F(2), F(0)), (F(0), F(2))), ((F(1, 3), F(0)), (F(0), F(1, 3))))
TURNED: tuple[Rows, ...] = (((F(2), F(1)), (F(1), F(2))), ((F(1), F(9, 10)), (F(9, 10), F(1))))
NOISES = (F(1, 5), F(0))


@dataclass(frozen=True)
class World:
    """A target, an encoder and a reused score, in fractions.

    U (D x k), V (D x d), Lambda (d x d); noise (D x D): the covariance of the ambient noise; mean (D); sines: (sine,
    cosine) of each target direction; precision (k x k): the latent score is minus it times U^T (x - alpha mu), or None
    for the best one; whole (D x D): the precision of a score that is reused as a whole, or None; decoder: the factor
    of the complement term, or None for 1/h.
    """

    U: Rows
    V: Rows
    Lambda: Rows
    noise: Rows
    mean: tuple[Fraction, ...]
    alpha2: Fraction
    h: Fraction
    sines: Angles
    precision: Rows | None = None
    whole: Rows | None = None
    decoder: Fraction | None = None

    @property
    def D(self) -> int:
        return len(self.U)

    @property
    def gaussian_law(self) -> bool:
        """Whether the reused score is that of N(alpha U U^T mu, U M U^T + h P)."""
        k = len(self.U[0])
        orthonormal = _product(tuple(zip(*self.U, strict=True)), self.U) == _diagonal([F(1)] * k)
        return orthonormal and self.precision is None and self.whole is None and self.decoder is None

    def written(self) -> dict[str, Any]:
        """The world as plain data, fractions as text."""
        out: dict[str, Any] = {"alpha2": str(self.alpha2), "h": str(self.h)}
        for name in ("U", "V", "Lambda", "noise", "precision", "whole"):
            rows = getattr(self, name)
            if rows is not None:
                out[name] = [[str(x) for x in row] for row in rows]
        out["mean"] = [str(x) for x in self.mean]
        if self.decoder is not None:
            out["decoder"] = str(self.decoder)
        return out


def read(data: Mapping[str, Any]) -> World:
    """The world that `written` wrote down. Raises ValueError, KeyError or TypeError for anything else."""

    def rows(name: str) -> Rows:
        return tuple(tuple(F(str(x)) for x in row) for row in data[name])

    precision, whole = (rows(name) if name in data else None for name in ("precision", "whole"))
    decoder = F(str(data["decoder"])) if "decoder" in data else None
    mean = tuple(F(str(x)) for x in data["mean"])
    main = (rows("U"), rows("V"), rows("Lambda"), rows("noise"), mean, F(str(data["alpha2"])), F(str(data["h"])))
    return World(*main, (), precision, whole, decoder)


def _matrix(rows: Rows) -> fmpq_mat:
    entries = [as_fmpq(x) for row in rows for x in row]
    return fmpq_mat(len(rows), len(rows[0]), entries)


def _eye(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [fmpq(int(i == j)) for i in range(n) for j in range(n)])


class Truth:
    """What holds in a world, from the definitions."""

    def __init__(self, world: World) -> None:
        self.world, self.I = world, _eye(world.D)
        self.U, V = _matrix(world.U), _matrix(world.V)
        self.alpha2, self.h = as_fmpq(world.alpha2), as_fmpq(world.h)
        data = V * _matrix(world.Lambda) * V.transpose() + _matrix(world.noise)
        self.Sigma = data * self.alpha2 + self.I * self.h
        self.M = self.U.transpose() * self.Sigma * self.U
        self.P = self.I - self.U * self.U.transpose()
        self.mean = _matrix(tuple((x,) for x in world.mean))

    def _reused(self) -> tuple[fmpq_mat, fmpq_mat]:
        """R and r with s_U(x) = -R (x - alpha mu) - r alpha."""
        world = self.world
        if world.whole is not None:
            precision = _matrix(world.whole)
            return precision, precision * self.mean
        inner = self.M.inv() if world.precision is None else _matrix(world.precision)
        outside = self.P * (1 / self.h if world.decoder is None else as_fmpq(world.decoder))
        return self.U * inner * self.U.transpose() + outside, outside * self.mean

    @property
    def error(self) -> Any:
        """E ||s(x) - s_U(x)||^2 with s(x) = -Sigma^-1 (x - alpha mu)."""
        R, shift = self._reused()
        K = R - self.Sigma.inv()
        return trace(K * self.Sigma * K.transpose()) + self.alpha2 * (shift.transpose() * shift)[0, 0]

    @property
    def inside(self) -> Any:
        """The part of the error within span(U)."""
        R, shift = self._reused()
        K = self.U.transpose() * (R - self.Sigma.inv())
        seen = self.U.transpose() * shift
        return trace(K * self.Sigma * K.transpose()) + self.alpha2 * (seen.transpose() * seen)[0, 0]

    @property
    def generated(self) -> fmpq_mat:
        return self.U * self.M * self.U.transpose() + self.P * self.h

    @property
    def apart(self) -> fmpq_mat:
        """How far the mean of the target is from that of the reused law, over alpha."""
        return self.P * self.mean

    @property
    def divergence(self) -> Any:
        """KL of the diffused target from the reused law."""
        Q, apart = self.generated, self.apart
        inverse = Q.inv()
        exact = trace(inverse * self.Sigma) - self.world.D + self.alpha2 * (apart.transpose() * inverse * apart)[0, 0]
        return (arb(exact) + arb(Q.det()).log() - arb(self.Sigma.det()).log()) / 2

    @property
    def distance(self) -> Any:
        """Squared W2 of the diffused target from the reused law."""
        Sigma, Q = arb_mat(self.Sigma), arb_mat(self.generated)
        moved = self.alpha2 * (self.apart.transpose() * self.apart)[0, 0]
        return arb(trace(self.Sigma) + trace(self.generated) + moved) - 2 * common_trace(Sigma, Q)


Quantity = Callable[[Truth], Any]
Statement = tuple[
    str, str, Quantity, bool
]  # name of the value, relation of it to the truth, the truth, of the law only


def _error(t: Truth) -> Any:
    return t.error


def _velocity(t: Truth) -> Any:
    return (t.alpha2 + t.h) ** 2 * t.h * t.error / t.alpha2


# Of each result the values that say something about every world: name, relation of the formula to what is true.
STATEMENTS: dict[str, tuple[Statement, ...]] = {
    "frozen-latent-error": (("E", "=", _error, False),),
    "two-sided-bound": (("lower", "<=", _error, False), ("E", "=", _error, False), ("upper", ">=", _error, False)),
    "in-latent-gap": (("gap", "=", lambda t: t.inside, False),),
    "exact-kl": (("KL", "=", lambda t: t.divergence, True),),
    "exact-w2": (("W2^2", "=", lambda t: t.distance, True),),
    "parameterizations": (
        ("noise", "=", lambda t: t.h * t.error, False),
        ("data", "=", lambda t: t.h**2 * t.error / t.alpha2, False),
        ("velocity", "=", _velocity, False),
    ),
}


def _unit(D: int, i: int) -> list[Fraction]:
    return [F(int(j == i)) for j in range(D)]


def _frames(sines: Angles, dims: str) -> tuple[Rows, Rows, Angles]:
    """U = (e_1, ..., e_k) and V with v_i = cos e_i + sin e_{k+i}, as rows, one free direction left over; for k < d a
    target direction more that the encoder has lost, for k > d an encoder direction more."""
    k = len(sines)
    D = 2 * k + 1 + (dims in ("k<d", "k>d"))
    paired = zip(range(k), sines, strict=True)
    target = [[c * x + s * y for x, y in zip(_unit(D, i), _unit(D, k + i), strict=True)] for i, (s, c) in paired]
    encoder = [_unit(D, i) for i in range(k)]
    if dims == "k<d":
        target, sines = [*target, _unit(D, D - 1)], (*sines, (F(1), F(0)))
    if dims == "k>d":
        encoder = [*encoder, _unit(D, D - 1)]
    return _rows(encoder), _rows(target), sines


def _rows(columns: list[list[Fraction]]) -> Rows:
    return tuple(zip(*columns, strict=True))


def _diagonal(entries: list[Fraction]) -> Rows:
    return tuple(tuple(x if i == j else F(0) for j in range(len(entries))) for i, x in enumerate(entries))


def _product(A: Rows, B: Rows) -> Rows:
    return tuple(
        tuple(sum((x * y for x, y in zip(row, column, strict=True)), F(0)) for column in zip(*B, strict=True))
        for row in A
    )


def _noise(kind: str, sigma2: Fraction, V: Rows) -> Rows:
    D = len(V)
    if kind == "any":
        return _diagonal([sigma2 * F(i + 1, (D + 1) // 2) for i in range(D)])
    if kind == "off-subspace":
        outer = _product(V, tuple(zip(*V, strict=True)))
        return tuple(tuple(sigma2 * (F(int(i == j)) - x) for j, x in enumerate(row)) for i, row in enumerate(outer))
    return _diagonal([sigma2] * D)


SOURCE = ((F(3), F(1, 2), F(1)), F(1, 3))  # the source's latent variances and its ambient noise
OBLIQUE = ((F(1), F(1, 2), F(0)), (F(0), F(1), F(0)), (F(0), F(0), F(1)))  # an orthonormal U times this is oblique


def worlds(choices: Mapping[str, str], process: str | None = None) -> Iterator[World]:
    """Worlds in which all of `choices` (see `theory.choices`) is true, simplest first, at times of the process; none
    for a process whose times are not listed here."""
    equal = choices.get("lambda") == "isotropic"
    latents = TURNED if choices.get("lambda") == "misaligned" else ALIKE if equal else LATENTS
    for sigma2 in (F(0),) if choices.get("sigma2") == "0" else NOISES:
        for alpha2, h in times(process):
            for sines in ANGLES:
                for Lambda in latents:
                    yield _world(choices, sines, Lambda, sigma2, alpha2, h)


def times(process: str | None) -> tuple[tuple[Fraction, Fraction], ...]:
    """Some alpha^2 and h of a process, by name."""
    if process in (None, "vp", "vp-ou", "vp-full", "ou", "ddpm", "cosine"):
        return TIMES
    return OTHER_TIMES.get(str(process), ())


def _world(
    choices: Mapping[str, str], sines: Angles, Lambda: Rows, sigma2: Fraction, alpha2: Fraction, h: Fraction
) -> World:
    U, V, sines = _frames(sines, choices.get("dims", ""))
    D, k, d = len(U), len(U[0]), len(V[0])
    if choices.get("encoder") == "oblique":
        U = _product(U, tuple(row[:k] for row in OBLIQUE[:k]))
    latent = (*((*row, F(0)) for row in Lambda), (F(0), F(0), Lambda[0][0])) if d == 3 else Lambda
    mean = tuple(F(1, i + 1) for i in range(D)) if choices.get("mu") == "free" else (F(0),) * D
    noise_s = F(0) if sigma2 == 0 else sigma2 if choices.get("source_noise") == "same" else SOURCE[1]
    c_s = h + alpha2 * noise_s
    inner = [1 / (c_s + alpha2 * x) for x in SOURCE[0][:k]]
    return World(
        U, V, latent, _noise(choices.get("noise", ""), sigma2, V), mean, alpha2, h, sines,
        _diagonal(inner) if choices.get("score") == "frozen" else None,
        _diagonal(inner + [1 / c_s] * (D - k)) if choices.get("score") == "source" else None,
        _decoder(choices.get("decoder", ""), h, c_s, (U, V, latent, sigma2, alpha2)),
    )  # fmt: skip


def _decoder(choice: str, h: Fraction, c_s: Fraction, rest: tuple[Rows, Rows, Rows, Fraction, Fraction]) -> Any:
    """The factor of the complement term that a choice names, None for 1/h."""
    if choice != "noise-aware":
        return {"none": F(0), "1/c_s": 1 / c_s, "free": 1 / (2 * h)}.get(choice)
    U, V, latent, sigma2, alpha2 = rest
    D, k = len(U), len(U[0])
    t = Truth(World(U, V, latent, _diagonal([sigma2] * D), (F(0),) * D, alpha2, h, ()))
    spread = trace(t.P * t.Sigma)
    return (D - k) * F(int(spread.q), int(spread.p))
