"""The learned rung: fit the frozen-latent score and the full score by denoising score matching, compare their losses.

The regressors see pairs (x_t, -xi/sqrt(h)) and nothing else: no formula, no covariance of the model. The frozen
score is U g(U^T x) - P x/h with g fitted on U^T x alone. For any fixed pair of scores the paired difference of losses,
|T - s_U|^2 - |T - s|^2 with T the denoising target, has mean E|s_U - s*|^2 - E|s - s*|^2 with s* the true score.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from numerics.cases import Case
from numerics.comparisons import FunctionFailed
from numerics.deterministic import Emitted, Progress
from numerics.frames import float_frames
from numerics.points import Angle
from numerics.report import AGREES, NO_POWER, REFUTED, RungReport
from numerics.results import load
from numerics.sampled import float_call
from numerics.statistics import FALSE_ALARM, FALSE_PASS, Array, normal_quantile
from numerics.worlds import diffused, seed_sequence

PAIRS = 600_000  # half of them fit, the other half judge, and then the other way round
RESOLUTION = 0.06
TAIL = 1.05  # the losses have heavier tails than a normal law; at these sample sizes this covers their third cumulant
FEATURES = 12
RESOLVED = 1e-13  # relative eigenvalue of a Gram matrix below which rounding has the say

Regressor = Callable[[Array], Array]


@dataclass(frozen=True)
class Loss:
    """A paired difference of held-out losses: its mean, its interval at the false-alarm rate, its fitting bias."""

    mean: float
    margin: float
    blind: float
    bias: float

    @property
    def tolerance(self) -> float:
        """Half-width of the interval that a right claim lies in."""
        return self.margin + self.bias

    @property
    def detectable(self) -> float:
        """Relative discrepancy found with probability at least 1 - false-pass rate."""
        return (self.tolerance + self.blind + self.bias) / abs(self.mean) if self.mean else math.inf


@dataclass(frozen=True)
class Fit:
    """Learned losses of one case: ``error`` of both parts, ``gap`` of the part in span(U), ``nonlinear`` the gain of
    random nonlinear features of U^T x over the linear g (zero for a Gaussian target)."""

    error: Loss
    gap: Loss
    nonlinear: Loss


def learned_cases() -> tuple[Case, ...]:
    """Small points with a strong misalignment, where the error stands out of the noise of the denoising target."""
    F = Fraction

    def case(D: int, k: int, d: int, radians: list[str], lam: list[str], sigma2: str, alpha2: str, h: str) -> Case:
        angles = tuple(Angle(F(x)) for x in radians)
        return Case(D, k, d, angles, tuple(map(F, lam)), F(sigma2), F(alpha2), F(h), seed=D)

    return (
        case(4, 1, 1, ["0.9"], ["4"], "1/50", "0.9", "0.1"),
        case(5, 2, 2, ["0.8", "1.0"], ["3", "4"], "1/50", "0.9", "0.1"),
        case(5, 2, 1, ["1.0"], ["5"], "0", "0.6", "0.4"),
        case(5, 1, 2, ["1.1"], ["3", "2"], "1/4", "0.5", "0.4"),
    )


def least_squares(inputs: Array, targets: Array) -> Regressor:
    """Ordinary least squares with an intercept: inputs n x p, targets n x q."""

    def design(x: Array) -> Array:
        return np.hstack([x, np.ones((len(x), 1))])

    X = design(inputs)
    # Nonlinear features of one coordinate are nearly collinear: directions that rounding cannot resolve get no weight.
    weights = np.linalg.lstsq(X.T @ X, X.T @ targets, rcond=RESOLVED)[0]
    return lambda x: design(x) @ weights


def random_features(inputs: Array, rng: np.random.Generator) -> Callable[[Array], Array]:
    """The inputs followed by fixed random nonlinear features of them, scaled by the observed spread."""
    scale = inputs.std(axis=0)
    directions = rng.standard_normal((inputs.shape[1], FEATURES))
    shifts = rng.standard_normal(FEATURES)
    return lambda x: np.hstack([x, np.tanh((x / scale) @ directions + shifts)])


def _loss(draws: Array, bias: float) -> Loss:
    spread = TAIL * float(draws.std(ddof=1)) / math.sqrt(draws.size)
    margin, blind = normal_quantile(FALSE_ALARM) * spread, normal_quantile(FALSE_PASS) * spread
    return Loss(float(draws.mean()), margin, blind, bias)


def _losses(x: Array, T: Array, U: Array, h: float, rng: np.random.Generator, halves: list[slice]) -> list[Array]:
    """Per-sample differences of losses on the half that did not fit: error, gap, gain of nonlinear features."""
    train, held = halves
    y = x @ U
    full = least_squares(x[train], T[train])(x[held])
    inner = T[held] @ U  # the target seen by the latent score
    linear = least_squares(y[train], T[train] @ U)(y[held])
    lift = random_features(y[train], rng)
    curved = least_squares(lift(y[train]), T[train] @ U)(lift(y[held]))
    outside = -(x[held] - y[held] @ U.T) / h
    frozen_loss = ((T[held] - linear @ U.T - outside) ** 2).sum(axis=1)
    inner_loss = ((inner - linear) ** 2).sum(axis=1)
    error = frozen_loss - ((T[held] - full) ** 2).sum(axis=1)
    gap = inner_loss - ((inner - full @ U) ** 2).sum(axis=1)
    return [error, gap, inner_loss - ((inner - curved) ** 2).sum(axis=1)]


def fit_scores(x: Array, noise: Array, U: Array, h: float, rng: np.random.Generator) -> Fit:
    """Fit on one half, judge on the other, exchange the halves: x and noise are n x D, U is D x k.

    The fitting bias is bounded by the excess risk of least squares, (inputs x residual variance)/n for each output: the
    target has variance at most 1/h an output, and the factor 2 covers the spread of the excess itself.
    """
    n, D = x.shape
    k = U.shape[1]
    T = -noise / math.sqrt(h)
    half = n // 2
    halves = [slice(0, half), slice(half, 2 * half)]
    parts = [_losses(x, T, U, h, rng, order) for order in (halves, halves[::-1])]
    error, gap, curved = (np.concatenate(pair) for pair in zip(*parts, strict=True))
    unit = 2 / (h * half)
    return Fit(
        _loss(error, unit * (D + 1) * D),
        _loss(gap, unit * (D + 1) * k),
        _loss(curved, unit * (k + 1 + FEATURES) * k),
    )


@lru_cache(maxsize=16)
def learn(case: Case, n: int, seed: int) -> Fit:
    """Draw pairs for a case and fit both scores; shared by all results."""
    rng = np.random.Generator(np.random.SFC64(seed_sequence("learned", case, seed)))
    U, _, _, target = float_frames(case, rng)
    x, noise = diffused(case, target, n, rng)
    return fit_scores(x, noise, U, float(case.h), rng)


def run_learned(
    quantity: str, function: Emitted, seed: int, effort: str, progress: Progress | None, n: int = PAIRS
) -> RungReport:
    """Compare one result with learned losses; a point that cannot resolve six per cent is not counted."""
    judge = load(quantity).learned
    if judge is None:
        raise ValueError(f"nothing of {quantity} is fitted")
    cases = learned_cases()[:1] if effort == "quick" else learned_cases()
    points, worst, sees, least = 0, 0.0, 0.0, math.inf
    for i, case in enumerate(cases):
        fit = learn(case, n, seed)
        try:
            loss, claimed = judge(fit, float_call(function, case))
        except FunctionFailed as failure:
            return RungReport("learned", REFUTED, str(failure), points + 1, f"{case.describe()}: {failure}")
        off = loss.mean - claimed
        if not abs(off) <= loss.tolerance:
            values = f"emitted {claimed:.6g}, learned {loss.mean:.6g} +- {loss.tolerance:.2g}"
            detail = f"off by {100 * off / loss.mean:.1f} %"
            return RungReport("learned", REFUTED, detail, points + 1, f"{case.describe()} n={n}: {values}")
        least = min(least, loss.detectable)
        if loss.detectable <= RESOLUTION:
            points, sees = points + 1, max(sees, loss.detectable)
            worst = max(worst, abs(off / loss.mean))
        if progress is not None:
            progress(i + 1, len(cases))
    if not points:
        return RungReport("learned", NO_POWER, f"{n} pairs see only {100 * least:.0f} % at best", 0)
    weak = "" if points == len(cases) else f", no power at {len(cases) - points}"
    detail = f"within {100 * worst:.1f} %, resolves {100 * sees:.1f} % at {points} points{weak}"
    return RungReport("learned", AGREES, detail, points)
