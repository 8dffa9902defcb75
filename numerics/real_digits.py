"""The real pair that scikit-learn ships: handwritten digits 0-4 as source, 5-9 as target.

Part one takes the geometry estimated from the images (probabilistic PCA) and asks the emitted formula and the dense
routes for the frozen-latent error on it. Part two takes the images themselves: the error of the best linear
frozen-latent score against the best linear full score depends on second moments alone, so samples, least squares and
the trace of dense matrices of the full empirical covariance must agree.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat, ctx

from numerics.balls import unwrap, wrap
from numerics.comparisons import attempt, numbers
from numerics.dense import trace
from numerics.eigenvalues import orthonormalised
from numerics.frames_geometry import FramePair
from numerics.functions import BALL, FLOAT
from numerics.learned import fit_scores
from numerics.points import ExactPoint, enclose
from numerics.report import AGREES, NO_POWER, REFUTED, UNDECIDED
from numerics.statistics import FALSE_ALARM, FALSE_PASS, Array, normal_quantile
from numerics.worlds import seed_sequence

DIRECTIONS = 5
ALPHA2, H = Fraction(3, 5), Fraction(2, 5)
# Fitting 64 x 64 coefficients from noisy targets needs an error that stands out of that noise: an early time.
LEARNED_ALPHA2, LEARNED_H = Fraction(9, 10), Fraction(1, 10)
SAMPLES = 400_000
PREC = 320
MOST_DIGITS = 50
FLOAT_TOLERANCE = 1e-11
SAMPLED_RESOLUTION, LEARNED_RESOLUTION = 0.05, 0.06


@dataclass(frozen=True)
class DigitsReport:
    """What the real pair showed: ``lines`` are (what, value, detail) for a table, ``angles`` in degrees."""

    outcome: str
    lines: tuple[tuple[str, str, str], ...]
    angles: tuple[float, ...]
    counterexample: str | None = None


@dataclass(frozen=True)
class Geometry:
    """Probabilistic PCA of source and target.

    ``U``, ``V`` are D x d, ``L`` is the d x d latent covariance in the principal basis (ascending angles), ``target``
    holds the principal vectors of V, ``images`` the centred target images and ``covariance`` their D x D covariance.
    """

    U: Array
    V: Array
    target: Array
    L: Array
    sigma2: float
    images: Array
    covariance: Array


def load_pair() -> tuple[Array, Array]:
    """Images of the digits 0-4 and of the digits 5-9, each n x 64, in units of the largest grey value 16.

    Raises RuntimeError with one clear line when scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise RuntimeError("the real pair needs scikit-learn: pip install 'latentreuse[data]'") from error
    images, labels = load_digits(return_X_y=True)
    return images[labels <= 4] / 16, images[labels >= 5] / 16


def _spectrum(images: Array) -> tuple[Array, Array, Array]:
    """(covariance, eigenvalues, eigenvectors), eigenvalues descending."""
    centred = images - images.mean(axis=0)
    covariance = centred.T @ centred / len(images)
    values, vectors = np.linalg.eigh(covariance)
    return covariance, values[::-1], vectors[:, ::-1]


def estimate(source: Array, target: Array, d: int = DIRECTIONS) -> Geometry:
    """Probabilistic PCA with d directions: sigma^2 is the mean of the remaining eigenvalues, Lambda what lies above."""
    _, _, encoder_basis = _spectrum(source)
    covariance, values, vectors = _spectrum(target)
    U, V = encoder_basis[:, :d].copy(), vectors[:, :d].copy()
    sigma2 = float(values[d:].mean())
    _, _, Zt = np.linalg.svd(U.T @ V)  # descending cosines: ascending angles
    L = Zt @ np.diag(values[:d] - sigma2) @ Zt.T
    return Geometry(U, V, V @ Zt.T, L, sigma2, target - target.mean(axis=0), covariance)


def digits_report(function: Callable[..., Any], *, seed: int = 0) -> DigitsReport:
    """Hold the emitted frozen-latent error against the real pair; RuntimeError when scikit-learn is absent."""
    g = estimate(*load_pair())
    pair = FramePair.of(g.U, g.V)
    degrees = tuple(math.degrees(float(angle.arb(128))) for angle in pair.angles())
    lines = [("angles 0-4 / 5-9", " ".join(f"{x:.1f}" for x in degrees), "degrees, five largest-variance directions")]
    parts = [_on_geometry(function, g, pair), _on_samples(g, seed), _learned(g, seed)]
    lines += [line for part in parts for line in part.lines]
    order = (REFUTED, UNDECIDED, NO_POWER, AGREES)
    outcome = min((part.outcome for part in parts), key=order.index)
    refuted = next((part.lines[0] for part in parts if part.outcome == REFUTED), None)
    return DigitsReport(outcome, tuple(lines), degrees, None if refuted is None else " | ".join(refuted))


@dataclass(frozen=True)
class _Part:
    outcome: str
    lines: tuple[tuple[str, str, str], ...]


def _on_geometry(function: Callable[..., Any], g: Geometry, pair: FramePair) -> _Part:
    """Formula, dense balls and dense floats on the estimated frames, latent covariance L_ii in the principal basis."""
    lam = tuple(Fraction(float(x)) for x in np.diag(g.L))
    sigma2 = Fraction(g.sigma2)
    point = ExactPoint(pair.D, pair.k, pair.d, pair.angles(), lam, sigma2, ALPHA2, H)
    with ctx.workprec(PREC):
        alpha2, h, s2, D, k, planes = point.arguments(PREC)
        arguments = (*wrap([alpha2, h, s2]), D, k, [tuple(wrap(plane)) for plane in planes])
        formula = unwrap(numbers(attempt(function, arguments, BALL), 1)[0])
        dense = _ball_error(g, lam, s2, alpha2, h)
        gap = (formula - dense).abs_upper()
        open_digits = 99.0 if gap == 0 else float((dense.abs_lower() / gap).log() / arb(10).log())
        apart = not formula.overlaps(dense)
    target = g.target * np.array([float(x) for x in lam])
    floating = _float_error(g.U, target @ g.target.T + g.sigma2 * np.eye(pair.D), float(ALPHA2), float(H))
    floats = [float(x) for x in (alpha2, h, s2)]
    emitted = attempt(function, (*floats, D, k, [tuple(float(x) for x in p) for p in planes]), FLOAT)
    off = max(abs(float(x) / floating - 1) for x in (emitted, dense))
    outcome = REFUTED if apart or off > FLOAT_TOLERANCE else AGREES if open_digits >= MOST_DIGITS else UNDECIDED
    detail = f"dense balls: {open_digits:.0f} digits; float64: {off:.0e}; latent covariance L_ii, principal basis"
    return _Part(outcome, (("E on the estimated geometry", f"{float(formula):.6g}", detail),))


def _ball_error(g: Geometry, lam: tuple[Fraction, ...], sigma2: Any, alpha2: Any, h: Any) -> Any:
    """tr(K Sigma K^T) in balls; principal vectors of V from the float SVD corrected to the exact frames."""
    U, target = exact_principal_frames(g)
    D, d = g.V.shape
    diagonal = arb_mat(d, d, [enclose(lam[i], PREC) if i == j else arb(0) for i in range(d) for j in range(d)])
    eye = arb_mat(D, D, [int(i == j) for i in range(D) for j in range(D)])
    Sigma = (target * diagonal * target.transpose() + eye * sigma2) * alpha2 + eye * h
    P = eye - U * U.transpose()
    K = U * (U.transpose() * Sigma * U).inv() * U.transpose() - Sigma.inv() + P * (1 / h)
    return trace(K * Sigma * K.transpose())


def exact_principal_frames(g: Geometry) -> tuple[arb_mat, arb_mat]:
    """Orthonormal U and principal vectors of V in balls, from the doubles taken as exact.

    The principal vectors are eigenvectors of V^T U U^T V: with distinct angles they are isolated and enclosed.
    """
    D, d = g.V.shape
    U = orthonormalised(arb_mat(D, d, [arb(float(x)) for x in g.U.ravel()]))
    V = orthonormalised(arb_mat(D, d, [arb(float(x)) for x in g.V.ravel()]))
    cross = U.transpose() * V
    values, vectors = acb_mat(cross.transpose() * cross).eig(right=True, algorithm="rump")
    order = sorted(range(d), key=lambda i: -float(values[i].real.mid()))
    columns = []
    for i in order:
        column = [vectors[r, i].real for r in range(d)]
        norm = sum((x * x for x in column), arb(0)).sqrt()
        columns.append([x / norm for x in column])
    return U, V * arb_mat([list(row) for row in zip(*columns, strict=True)])


def _float_error(U: Array, data: Array, alpha2: float, h: float) -> float:
    """tr(K Sigma K^T) with NumPy for a data covariance (D x D)."""
    eye = np.eye(len(data))
    Sigma = alpha2 * data + h * eye
    K = U @ np.linalg.inv(U.T @ Sigma @ U) @ U.T - np.linalg.inv(Sigma) + (eye - U @ U.T) / h
    return float(np.trace(K @ Sigma @ K.T))


def trace_form(U: Array, data: Array, alpha2: float, h: float) -> float:
    """tr Sigma^-1 - tr M^-1 - 2(D-k)/h + tr(P Sigma)/h^2 for any data covariance (D x D)."""
    D, k = U.shape
    Sigma = alpha2 * data + h * np.eye(D)
    outside = np.trace(Sigma) - np.trace(U.T @ Sigma @ U)
    inner = np.trace(np.linalg.inv(Sigma)) - np.trace(np.linalg.inv(U.T @ Sigma @ U))
    return float(inner - 2 * (D - k) / h + outside / h**2)


def _diffuse(g: Geometry, n: int, rng: np.random.Generator, alpha2: float, h: float) -> tuple[Array, Array]:
    """n noised images: real x0 drawn from the target, and the noise that went in."""
    noise = rng.standard_normal((n, g.images.shape[1]))
    clean = g.images[rng.integers(len(g.images), size=n)]
    return math.sqrt(alpha2) * clean + math.sqrt(h) * noise, noise


def _on_samples(g: Geometry, seed: int) -> _Part:
    """Mean squared difference of the two best linear scores at noised real images against dense second moments."""
    alpha2, h = float(ALPHA2), float(H)
    rng = np.random.Generator(np.random.SFC64(seed_sequence("digits", seed)))
    x, _ = _diffuse(g, SAMPLES // 4, rng, alpha2, h)
    Sigma = alpha2 * g.covariance + h * np.eye(len(g.covariance))
    latent = x @ g.U
    frozen = -np.linalg.solve(g.U.T @ Sigma @ g.U, latent.T).T @ g.U.T - (x - latent @ g.U.T) / h
    draws = ((frozen + np.linalg.solve(Sigma, x.T).T) ** 2).sum(axis=1)
    dense, traced = _float_error(g.U, g.covariance, alpha2, h), trace_form(g.U, g.covariance, alpha2, h)
    spread = float(draws.std(ddof=1)) / math.sqrt(draws.size)
    margin, blind = normal_quantile(FALSE_ALARM) * spread, normal_quantile(FALSE_PASS) * spread
    mean = float(draws.mean())
    sees, z = (margin + blind) / mean, (mean - traced) / spread
    wrong = abs(mean - traced) > margin or abs(dense / traced - 1) > FLOAT_TOLERANCE
    outcome = REFUTED if wrong else AGREES if sees <= SAMPLED_RESOLUTION else NO_POWER
    detail = f"trace form of the full covariance {traced:.6g}; z = {z:.1f}, resolves {100 * sees:.1f} %"
    return _Part(outcome, (("E of linear scores at real samples", f"{mean:.6g}", detail),))


def _learned(g: Geometry, seed: int) -> _Part:
    """Both linear scores fitted to noised real images by least squares, held-out losses against the trace form."""
    alpha2, h = float(LEARNED_ALPHA2), float(LEARNED_H)
    rng = np.random.Generator(np.random.SFC64(seed_sequence("digits learned", seed)))
    x, noise = _diffuse(g, SAMPLES, rng, alpha2, h)
    loss = fit_scores(x, noise, g.U, h, rng).error
    truth = trace_form(g.U, g.covariance, alpha2, h)
    outcome = REFUTED if abs(loss.mean - truth) > loss.tolerance else AGREES
    if outcome == AGREES and loss.detectable > LEARNED_RESOLUTION:
        outcome = NO_POWER
    detail = f"trace form {truth:.6g} at h = {h}; within {loss.tolerance:.2g}, resolves {100 * loss.detectable:.1f} %"
    return _Part(outcome, (("E learned from real samples", f"{loss.mean:.6g}", detail),))
