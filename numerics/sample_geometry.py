"""Subspaces estimated from samples: the angles to expect, whether one can be told from zero, and the error to expect.

The limits of the spiked covariance model, D and n large at a fixed D/n: a direction of signal-to-noise ratio l and its
leading sample eigenvector have squared cosine (1 - gamma/l^2)/(1 + gamma/l) with gamma = D/n when l > sqrt(gamma), and
0 otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx

from numerics.evaluate import Values, evaluate
from numerics.points import Angle, AngleLike, ExactPoint, enclose

UNSEEN = "not identifiable"


def identifiable(n: int, D: int, spike: Fraction) -> bool:
    """Whether a spike lies above the threshold, l^2 > D/n; nothing of a direction at or below it is seen."""
    return spike > 0 and spike * spike * n > D


def overlap(n: int, D: int, spike: Fraction) -> Fraction:
    """Squared cosine between a direction and its estimate, in the limit. Exact; 0 below the threshold."""
    gamma = Fraction(D, n)
    return (1 - gamma / spike**2) / (1 + gamma / spike) if identifiable(n, D, spike) else Fraction(0)


def _checked(n: int, D: int, spikes: Sequence[Fraction], pairs: int) -> None:
    if n < 1 or D < 1:
        raise ValueError("sample.n and sample.D must be positive")
    if len(spikes) < pairs:
        raise ValueError(f"{len(spikes)} spikes given, {pairs} needed: one for each principal angle")
    if any(spike <= 0 for spike in spikes):
        raise ValueError("sample.spike must be positive")


def expected_angles(
    n: int, D: int, spikes: Sequence[Fraction], angles: Sequence[AngleLike], *, digits: int
) -> tuple[Values, Values]:
    """The principal angle to expect, for each pair, between two subspaces each estimated from n samples: in radians.

    Both are taken to have these spikes; the eigenbases are the principal ones. A direction below the threshold gives
    "not identifiable" in place of an angle.
    """
    _checked(n, D, spikes, len(angles))
    found: list[tuple[Any, Any]] = []
    for spike, angle in zip(spikes, angles, strict=False):
        if not identifiable(n, D, spike):
            found.append((UNSEEN, "0"))
            continue
        found.append(_angle(overlap(n, D, spike), angle, digits))
    return [value for value, _ in found], [radius for _, radius in found]


def _blurred_angle(factor: Fraction, angle: AngleLike) -> Any:
    """The angle with cosine ``factor`` cos(theta), by its sine and cosine."""
    sine, cosine = angle.sincos(ctx.prec)
    f = enclose(factor, ctx.prec)
    return arb.atan2(((1 - f * f) + (f * sine) ** 2).sqrt(), f * cosine)


_NOWHERE = ExactPoint(1, 1, 1, (Angle(),), (Fraction(0),), Fraction(0), Fraction(0), Fraction(1))  # no point is meant


def _angle(factor: Fraction, angle: AngleLike, digits: int) -> tuple[Values, Values]:
    return evaluate(lambda *_, fn: _blurred_angle(factor, angle), _NOWHERE, digits)


def estimated_encoder(
    n: int, D: int, spikes: Sequence[Fraction], point: ExactPoint, *, digits: int
) -> tuple[Values, Values]:
    """The error E to leading order when the encoder is estimated from n samples of the source with these spikes.

    Each squared cosine is multiplied by its overlap. A direction below the threshold makes the value a text.
    """
    pairs = len(point.theta)
    _checked(n, D, spikes, pairs)
    if not all(identifiable(n, D, spike) for spike in spikes[:pairs]):
        return UNSEEN, "0"
    return evaluate(lambda *_, fn: _error(n, D, spikes, point), point, digits)


def _error(n: int, D: int, spikes: Sequence[Fraction], point: ExactPoint) -> Any:
    """alpha^2/h^2 times what the encoder loses plus the difference of two Gaussian posterior variances."""
    alpha2, h, sigma2 = (enclose(x, ctx.prec) for x in (point.alpha2, point.h, point.sigma2))
    lost, difference = (point.D - point.k) * sigma2, (point.k - point.D) * _missed(sigma2, alpha2, h)
    for i, variance in enumerate(point.lam):
        lam = enclose(variance, ctx.prec)
        seen = arb(0)
        if i < len(point.theta):
            seen = enclose(overlap(n, D, spikes[i]), ctx.prec) * point.theta[i].sincos(ctx.prec)[1] ** 2
        lost += lam * (1 - seen)
        difference += _missed(sigma2 + lam * seen, alpha2, h) - _missed(sigma2 + lam, alpha2, h)
    return alpha2 / h**2 * (lost + difference)


def _missed(variance: Any, alpha2: Any, h: Any) -> Any:
    """Posterior variance of N(0, variance) seen as alpha times it plus N(0, h)."""
    return h * variance / (h + alpha2 * variance)


# --- simulation -----------------------------------------------------------------------------------------------------
Array = Any


def leading_directions(frame: Array, spikes: Sequence[float], n: int, rng: np.random.Generator) -> Array:
    """The leading eigenvectors of the covariance of n samples with these spikes along a D x k frame, D x k."""
    D, k = frame.shape
    rows = rng.standard_normal((n, D)) + (rng.standard_normal((n, k)) * np.sqrt(spikes)) @ frame.T
    _, vectors = np.linalg.eigh(rows.T @ rows)
    leading: Array = vectors[:, ::-1][:, :k]
    return leading


def measured_cosines(one: Array, other: Array) -> Array:
    """Cosines of the principal angles between two estimated D x k frames, descending."""
    return np.linalg.svd(one.T @ other, compute_uv=False)


@dataclass(frozen=True)
class Comparison:
    """A measured angle against those that equal subspaces show: how many of the simulated ones were as large."""

    angle: float
    as_large: int
    draws: int

    @property
    def p_value(self) -> float:
        """At most this often do equal subspaces show so large an angle."""
        return (self.as_large + 1) / (self.draws + 1)

    def misaligned(self, false_alarm: float) -> bool:
        """Whether equal subspaces are excluded, with at most this rate of false alarms."""
        return self.p_value <= false_alarm


def against_equal(
    one: Array, other: Array, spikes: Sequence[float], n: int, *, draws: int = 199, seed: int = 0
) -> Comparison:
    """The largest angle between two estimated frames, against simulations with equal subspaces and these spikes."""
    D, k = one.shape
    rng = np.random.Generator(np.random.SFC64(seed))
    frame = np.eye(D)[:, :k]
    measured = float(measured_cosines(one, other)[-1])
    simulated = [
        measured_cosines(leading_directions(frame, spikes, n, rng), leading_directions(frame, spikes, n, rng))[-1]
        for _ in range(draws)
    ]
    return Comparison(float(np.arccos(min(measured, 1.0))), sum(x <= measured for x in simulated), draws)
