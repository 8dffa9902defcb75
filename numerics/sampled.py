"""The sampled rung: draw data, diffuse it, evaluate both scores at the samples, and test the means.

The samples come from the definition x_t = alpha (V z + sigma eps) + sqrt(h) xi; the scores are dense solves at each
sample. Every statistic is a quadratic form in x_t, so that the limits of the test are bounds (see ``statistics``) taken
from the dense matrix of the form and never from the closed form under test.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import FunctionFailed, attempt, numbers, pairs
from numerics.deterministic import Emitted, Progress
from numerics.frames import float_frames
from numerics.functions import FLOAT
from numerics.points import RIGHT_ANGLE, Angle
from numerics.report import AGREES, NO_POWER, REFUTED, RungReport
from numerics.statistics import FALSE_ALARM, FALSE_PASS, Array, Estimate, Spread

SAMPLES = 150_000
ROUNDING = 1e-11


def sampled_cases() -> tuple[Case, ...]:
    """Points at which 1e5 samples resolve five per cent: k = d, k < d, k > d, with and without ambient noise."""
    F = Fraction

    def case(D: int, k: int, d: int, radians: list[str], lam: list[str], sigma2: str, alpha2: str, h: str) -> Case:
        angles = tuple(RIGHT_ANGLE if x == "pi/2" else Angle(F(x)) for x in radians)
        return Case(D, k, d, angles, tuple(map(F, lam)), F(sigma2), F(alpha2), F(h), seed=len(radians))

    return (
        case(8, 3, 3, ["0.5", "0.8", "1.1"], ["2", "2", "3"], "1/2", "0.6", "0.4"),
        case(9, 2, 4, ["0.6", "1.2"], ["1", "2", "2", "1"], "1/5", "0.7", "0.3"),
        case(10, 5, 3, ["0.4", "0.9", "1.0"], ["3", "2", "4"], "1", "0.5", "0.5"),
        case(12, 4, 4, ["0.7", "0.7", "0.9", "pi/2"], ["2", "3", "2", "2"], "0", "0.9", "0.1"),
        case(16, 6, 5, ["0", "0.3", "0.8", "1", "1.3"], ["2", "1", "3", "2", "1"], "2", "1.5", "1"),
    )


@dataclass(frozen=True)
class World:
    """Samples of one case with everything dense that was evaluated on them; rows are samples.

    ``x`` (n x D), ``score`` and ``frozen`` (n x D) the two scores there, ``latent`` = x U (n x k).
    """

    case: Case
    U: Array
    encoder: Array
    target: Array
    Sigma: Array
    x: Array
    score: Array
    frozen: Array

    @property
    def n(self) -> int:
        """Number of samples."""
        return int(self.x.shape[0])

    def latent_covariance(self) -> Array:
        """M = U^T Sigma U."""
        return self.U.T @ self.Sigma @ self.U


def seed_sequence(*words: object) -> np.random.SeedSequence:
    """A seed that depends on all the words and on nothing else."""
    digest = hashlib.sha256(" ".join(map(str, words)).encode()).digest()
    return np.random.SeedSequence(int.from_bytes(digest[:16], "big"))


def diffused(case: Case, target: Array, n: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """n samples of x_t from the model with principal target frame ``target``, and the noise xi that went in (n x D)."""
    alpha2, h, sigma2 = float(case.alpha2), float(case.h), float(case.sigma2)
    z = rng.standard_normal((n, case.d)) * np.sqrt([float(x) for x in case.lam])
    clean = z @ target.T + math.sqrt(sigma2) * rng.standard_normal((n, case.D))
    noise = rng.standard_normal((n, case.D))
    return math.sqrt(alpha2) * clean + math.sqrt(h) * noise, noise


@lru_cache(maxsize=6)
def world(case: Case, n: int, seed: int) -> World:
    """Samples and scores of a case, shared by all results."""
    rng = np.random.Generator(np.random.SFC64(seed_sequence("sampled", case, seed)))
    U, _, encoder, target = float_frames(case, rng)
    alpha2, h, sigma2 = float(case.alpha2), float(case.h), float(case.sigma2)
    covariance = (target * np.array([float(x) for x in case.lam])) @ target.T + sigma2 * np.eye(case.D)
    Sigma = alpha2 * covariance + h * np.eye(case.D)
    x, _ = diffused(case, target, n, rng)
    score = -np.linalg.solve(Sigma, x.T).T
    latent = x @ U
    inner = -np.linalg.solve(U.T @ Sigma @ U, latent.T).T
    frozen = inner @ U.T - (x - latent @ U.T) / h
    return World(case, U, encoder, target, Sigma, x, score, frozen)


def _estimate(w: World, name: str, draws: Array, A: Array, claimed: Any, scale: float | None = None) -> Estimate:
    """Mean of draws of x^T A x (plus a constant) against the value claimed for it."""
    spread = Spread.of(A, w.Sigma)
    mean = float(draws.mean())
    size = abs(mean) if scale is None else scale
    rounding = ROUNDING * size  # some forms vanish identically; the arithmetic does not
    margin, blind = spread.margin(w.n, FALSE_ALARM) + rounding, spread.margin(w.n, FALSE_PASS)
    deviation = spread.deviation / math.sqrt(w.n) + rounding
    return Estimate(name, mean, float(claimed), margin, blind, size, deviation)


def _difference_matrix(w: World) -> Array:
    """K of s - s_U = K x, for the spread only: the means use the scores at the samples."""
    U, eye = w.U, np.eye(w.case.D)
    lifted = U @ np.linalg.inv(w.latent_covariance()) @ U.T
    return lifted - np.linalg.inv(w.Sigma) + (eye - U @ U.T) / float(w.case.h)


def _error(w: World, value: Any, factor: float = 1.0) -> Estimate:
    K = _difference_matrix(w)
    draws = factor * ((w.score - w.frozen) ** 2).sum(axis=1)
    return _estimate(w, "E", draws, factor * K.T @ K, value)


def _log_ratio(w: World, value: Any) -> Estimate:
    h = float(w.case.h)
    M = w.latent_covariance()
    generated = w.U @ M @ w.U.T + h * (np.eye(w.case.D) - w.U @ w.U.T)
    half = (np.linalg.slogdet(generated)[1] - np.linalg.slogdet(w.Sigma)[1]) / 2
    # log p - log q at each sample; both gradients have been evaluated already, so the quadratic forms are x . score.
    draws = half + ((w.x * w.score).sum(axis=1) - (w.x * w.frozen).sum(axis=1)) / 2
    return _estimate(w, "KL", draws, (np.linalg.inv(generated) - np.linalg.inv(w.Sigma)) / 2, value)


def _forward_marginal(w: World, output: Any) -> Iterator[Estimate]:
    rows = pairs(output, w.case.d + 1)
    yield _estimate(w, "|x|^2", (w.x**2).sum(axis=1), np.eye(w.case.D), sum(v * m for v, m in rows))
    for i, (value, _) in enumerate(rows[:-1]):
        v = w.target[:, i]
        yield _estimate(w, f"(v_{i + 1} . x)^2", (w.x @ v) ** 2, np.outer(v, v), value)
    rest = np.eye(w.case.D) - w.target @ w.target.T
    off = (w.x * (w.x @ rest)).sum(axis=1)
    yield _estimate(w, "|x off span V|^2", off, rest, rows[-1][0] * (w.case.D - w.case.d))


def _target_score(w: World, output: Any) -> Iterator[Estimate]:
    rows = pairs(output, w.case.d + 1)
    inverse = np.linalg.inv(w.Sigma)
    claimed = sum(v * m for v, m in rows)
    yield _estimate(w, "|s|^2", (w.score**2).sum(axis=1), inverse @ inverse, claimed)
    for i, (value, _) in enumerate(rows[:-1]):
        v = w.target[:, i]
        yield _estimate(w, f"(v_{i + 1} . s)^2", (w.score @ v) ** 2, np.outer(inverse @ v, inverse @ v), value)


def _latent_optimum(w: World, output: Any) -> Iterator[Estimate]:
    rows = pairs(output, min(w.case.k, w.case.d) + 1)
    gains = [float(v) for v, m in rows for _ in range(int(m))]
    if len(gains) != w.case.k:
        raise FunctionFailed(f"multiplicities sum to {len(gains)}, k = {w.case.k} expected")
    # Orthogonality of the residual: U^T s(x) - g(U^T x) has mean product zero with each principal latent coordinate.
    coordinates, along = w.x @ w.encoder, w.score @ w.encoder
    inverse = np.linalg.inv(w.Sigma)
    for i, gain in enumerate(gains):
        u = w.encoder[:, i]
        A = gain * np.outer(u, u) - (np.outer(u, inverse @ u) + np.outer(inverse @ u, u)) / 2
        draws = along[:, i] * coordinates[:, i] + gain * coordinates[:, i] ** 2
        yield _estimate(w, f"residual . y_{i + 1}", draws, A, 0.0, scale=1.0)


def _tests(quantity: str, w: World, output: Any) -> Iterator[Estimate]:
    alpha2 = float(w.case.alpha2)
    if quantity == "forward-marginal":
        yield from _forward_marginal(w, output)
    elif quantity == "target-score":
        yield from _target_score(w, output)
    elif quantity == "latent-optimum":
        yield from _latent_optimum(w, output)
    elif quantity == "frozen-latent-error":
        yield _error(w, numbers(output, 1)[0])
    elif quantity == "in-latent-gap":
        K = _difference_matrix(w) @ w.U
        draws = (((w.score - w.frozen) @ w.U) ** 2).sum(axis=1)
        yield _estimate(w, "gap", draws, K @ K.T, numbers(output, 1)[0])
    elif quantity == "two-sided-bound":
        yield _error(w, numbers(output, 3)[1])
    elif quantity == "schedule-invariance":
        F, kl = numbers(output, 2)
        yield _error(w, F, alpha2)
        yield _log_ratio(w, kl)
    elif quantity == "exact-kl":
        yield _log_ratio(w, numbers(output, 1)[0])


def float_arguments(case: Case) -> tuple[Any, ...]:
    """(alpha2, h, sigma2, D, k, planes) in floats, with sines and cosines right to the last digit."""
    point = case.point().arguments(80)
    planes = [tuple(float(x) for x in plane) for plane in point[5]]
    return (*(float(x) for x in point[:3]), case.D, case.k, planes)


def run_sampled(
    quantity: str, function: Emitted, seed: int, effort: str, progress: Progress | None, n: int = SAMPLES
) -> RungReport:
    """Test one result at the sampled points; a point that cannot resolve five per cent is not counted."""
    cases = sampled_cases()[:2] if effort == "quick" else sampled_cases()
    powered: list[Estimate] = []
    points, blind = 0, 0.0
    for i, case in enumerate(cases):
        w = world(case, n, seed)
        try:
            estimates = list(_tests(quantity, w, attempt(function, float_arguments(case), FLOAT)))
        except FunctionFailed as failure:
            return RungReport("sampled", REFUTED, str(failure), points + 1, f"{case.describe()}: {failure}")
        for e in estimates:
            if e.refutes:
                values = f"{e.name}: emitted {e.claimed:.6g}, sampled {e.mean:.6g} +- {e.margin:.2g} (z = {e.z:.1f})"
                detail = f"{e.name}: z = {e.z:.1f}"
                return RungReport("sampled", REFUTED, detail, points + 1, f"{case.describe()} n={n}: {values}")
        if all(e.has_power for e in estimates):
            points += 1
            powered += estimates
        blind = max(blind, max(e.detectable for e in estimates))
        if progress is not None:
            progress(i + 1, len(cases))
    if not powered:
        return RungReport("sampled", NO_POWER, f"{n} samples see only {100 * blind:.0f} % at best", 0)
    worst = max(powered, key=lambda e: abs(e.z))
    sees = 100 * max(e.detectable for e in powered)
    weak = "" if points == len(cases) else f", no power at {len(cases) - points}"
    return RungReport("sampled", AGREES, f"z = {worst.z:.1f}, resolves {sees:.1f} % at {points} points{weak}", points)
