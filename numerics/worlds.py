"""Samples of one case with both scores evaluated at them, and means over them with their limits.

The samples come from the definition x_t = alpha (V z + sigma eps) + sqrt(h) xi; the scores are dense solves at each
sample.
"""

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from numerics import parameters
from numerics.cases import Case
from numerics.frames import float_frames
from numerics.statistics import FALSE_ALARM, FALSE_PASS, Array, Estimate, Spread

ROUNDING = 1e-11


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

    @cached_property
    def mean(self) -> Array:
        """The mean mu of the clean target data (D); ``x`` is centred, x + alpha mu is not."""
        inside, outside = (np.array([float(x) for x in part]) for part in parameters.mean(self.case))
        complement = np.linalg.qr(self.U, mode="complete")[0][:, self.case.k :]
        return self.U @ inside + complement @ outside

    @cached_property
    def source_Sigma(self) -> Array:
        """Covariance of the diffused source, whose principal latent directions are those of the encoder: D x D."""
        case = self.case
        lam_s = np.array([float(x) for x in parameters.source_variances(case)[: case.k]])
        sigma_s2 = float(parameters.value("sigma_s2", case))
        data = (self.encoder * lam_s) @ self.encoder.T + sigma_s2 * np.eye(case.D)
        return float(case.alpha2) * data + float(case.h) * np.eye(case.D)


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


def estimate(w: World, name: str, draws: Array, A: Array, claimed: Any, scale: float | None = None) -> Estimate:
    """Mean of draws of x^T A x (plus a constant) against the value claimed for it."""
    spread = Spread.of(A, w.Sigma)
    mean = float(draws.mean())
    size = abs(mean) if scale is None else scale
    rounding = ROUNDING * size  # some forms vanish identically; the arithmetic does not
    margin, blind = spread.margin(w.n, FALSE_ALARM) + rounding, spread.margin(w.n, FALSE_PASS)
    deviation = spread.deviation / math.sqrt(w.n) + rounding
    return Estimate(name, mean, float(claimed), margin, blind, size, deviation)


def difference_matrix(w: World) -> Array:
    """K of s - s_U = K x, for the spread only: the means use the scores at the samples."""
    U, eye = w.U, np.eye(w.case.D)
    lifted = U @ np.linalg.inv(w.latent_covariance()) @ U.T
    return lifted - np.linalg.inv(w.Sigma) + (eye - U @ U.T) / float(w.case.h)


def error_estimate(w: World, value: Any, factor: float = 1.0) -> Estimate:
    """``factor`` times the mean squared difference of the scores, against ``value``."""
    K = difference_matrix(w)
    draws = factor * ((w.score - w.frozen) ** 2).sum(axis=1)
    return estimate(w, "E", draws, factor * K.T @ K, value)


def divergence_estimate(w: World, value: Any) -> Estimate:
    """Mean of log p_h - log q_h over samples of p_h, against ``value``."""
    h = float(w.case.h)
    M = w.latent_covariance()
    generated = w.U @ M @ w.U.T + h * (np.eye(w.case.D) - w.U @ w.U.T)
    half = (np.linalg.slogdet(generated)[1] - np.linalg.slogdet(w.Sigma)[1]) / 2
    # log p - log q at each sample; both gradients have been evaluated already, so the quadratic forms are x . score.
    draws = half + ((w.x * w.score).sum(axis=1) - (w.x * w.frozen).sum(axis=1)) / 2
    return estimate(w, "KL", draws, (np.linalg.inv(generated) - np.linalg.inv(w.Sigma)) / 2, value)
