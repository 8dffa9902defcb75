"""The laws that a sampler deals with, direction by direction, and squared Wasserstein distances between them.

A direction is an eigendirection of the reused score: the paired and the spare columns of the encoder, and its
complement, in which the score is -x/h whatever the data. All numbers are balls at the precision in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flint import arb, ctx

from numerics.points import AngleLike, Real, enclose


def root(x: Any) -> Any:
    """Square root of a number known to be nonnegative, whose enclosure may reach below zero."""
    return arb(x).nonnegative_part().sqrt()


@dataclass(frozen=True)
class Direction:
    """``ell``: variance of the encoded data along it, 0 in the complement; ``count``: how many are of its kind."""

    ell: Any
    count: int


class Data(Protocol):
    """A data law N(0, C) together with the directions of the score that is used on it."""

    def directions(self) -> list[Direction]:
        """Directions of the score; those of count 0 keep their place."""

    def squared_w2(self, variances: Sequence[Any], alpha2: Any, h: Any) -> Any:
        """Squared W2 of the law with these variances along the directions from N(0, alpha2 C + h I)."""

    def diffusion_w2(self, alpha2: Any, h: Any) -> Any:
        """Squared W2 of N(0, alpha2 C + h I) from N(0, C) itself."""


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues of the data covariance. The encoder is everything: the score is exact, no direction is lost."""

    eigenvalues: tuple[Real, ...]

    def __post_init__(self) -> None:
        if not self.eigenvalues:
            raise ValueError("a spectrum has at least one eigenvalue")

    def _balls(self) -> list[Any]:
        return _nonnegative("spectrum", self.eigenvalues)

    def directions(self) -> list[Direction]:
        """One for each eigenvalue, in the order given."""
        return [Direction(x, 1) for x in self._balls()]

    def squared_w2(self, variances: Sequence[Any], alpha2: Any, h: Any) -> Any:
        """See ``Data``: the covariances commute."""
        return _total([root(v) - root(alpha2 * x + h) for v, x in zip(variances, self._balls(), strict=True)])

    def diffusion_w2(self, alpha2: Any, h: Any) -> Any:
        """See ``Data``."""
        return _total([root(x) - root(alpha2 * x + h) for x in self._balls()])


@dataclass(frozen=True)
class Encoded:
    """The data V Lambda V^T + sigma^2 I behind a frozen encoder U at angles ``theta``: min(k, d) of them, d variances.

    The number of positive angles is checked by whoever reads the case, as for ``ExactPoint``.
    """

    D: int
    k: int
    d: int
    theta: tuple[AngleLike, ...]
    lam: tuple[Real, ...]
    sigma2: Real

    def __post_init__(self) -> None:
        if not (0 < self.k <= self.D and 0 < self.d <= self.D):
            raise ValueError(f"sizes D={self.D}, k={self.k}, d={self.d}: need 0 < k <= D and 0 < d <= D")
        if len(self.theta) != min(self.k, self.d):
            raise ValueError(f"{len(self.theta)} angles given, min(k, d) = {min(self.k, self.d)} needed")
        if len(self.lam) != self.d:
            raise ValueError(f"{len(self.lam)} latent variances given, d = {self.d} needed")

    def _balls(self) -> tuple[list[Any], list[tuple[Any, Any]], Any]:
        """Latent variances, (sin, cos) of the angles, ambient variance."""
        (noise,) = _nonnegative("sigma2", (self.sigma2,))
        return _nonnegative("lambda", self.lam), [angle.sincos(ctx.prec) for angle in self.theta], noise

    def directions(self) -> list[Direction]:
        """min(k, d) paired ones, then k - d spare ones, then the complement."""
        lam, angles, noise = self._balls()
        paired = [Direction(noise + x * cos * cos, 1) for x, (_, cos) in zip(lam, angles, strict=False)]
        return [*paired, Direction(noise, max(self.k - self.d, 0)), Direction(arb(0), self.D - self.k)]

    def squared_w2(self, variances: Sequence[Any], alpha2: Any, h: Any) -> Any:
        """See ``Data``: a 2 x 2 block for each pair, and 1 x 1 blocks.

        A pair is counted with one direction of the complement even at angle zero, where its block is two 1 x 1 ones;
        the number of other complement directions, formal like a multiplicity of the theory, may then be negative.
        """
        lam, angles, noise = self._balls()
        c = alpha2 * noise + h
        *paired, spare, rest = variances
        total = max(self.k - self.d, 0) * _square(root(spare) - root(c))
        for v, x, (sin, cos) in zip(paired, lam, angles, strict=False):
            total += _pair(v, rest, alpha2 * x, sin, cos, c)
        for x in lam[len(angles) :]:
            total += _square(root(rest) - root(c + alpha2 * x))
        others = self.D - self.k - len(angles) - max(self.d - self.k, 0)
        return total + others * _square(root(rest) - root(c))

    def diffusion_w2(self, alpha2: Any, h: Any) -> Any:
        """See ``Data``."""
        lam, _, noise = self._balls()
        along = _total([root(noise + x) - root(alpha2 * (noise + x) + h) for x in lam])
        return along + (self.D - self.d) * _square(root(noise) - root(alpha2 * noise + h))


def diagonal_w2(directions: Sequence[Direction], one: Sequence[Any], other: Sequence[Any]) -> Any:
    """Squared W2 of two laws with variances along the same directions."""
    pairs = zip(directions, one, other, strict=True)
    return sum((d.count * _square(root(x) - root(y)) for d, x, y in pairs), arb(0))


def _pair(v: Any, rest: Any, a: Any, sin: Any, cos: Any, c: Any) -> Any:
    """Squared Bures-Wasserstein distance of diag(v, rest) from c I + a w w^T with w = (cos, sin).

    It is tr A + tr B - 2 tr (A^1/2 B A^1/2)^1/2, and a 2 x 2 matrix X has (tr X^1/2)^2 = tr X + 2 (det X)^1/2.
    """
    product = v * (c + a * cos * cos) + rest * (c + a * sin * sin)
    return v + rest + 2 * c + a - 2 * root(product + 2 * root(v * rest * c * (c + a)))


def _square(x: Any) -> Any:
    return x * x


def _total(differences: list[Any]) -> Any:
    return sum((_square(x) for x in differences), arb(0))


def _nonnegative(name: str, values: Sequence[Real]) -> list[Any]:
    """Balls of numbers that must not be negative. Raises ValueError for one that is."""
    balls = [enclose(value, ctx.prec) for value in values]
    if any(ball < 0 for ball in balls):
        raise ValueError(f"{name} must be nonnegative")
    return balls
