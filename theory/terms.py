"""The words of the theory under their standard names, each with what it means here; formulas stand in backticks."""

from __future__ import annotations

from typing import Final

TERMS: Final[dict[str, str]] = {
    "target, source": "the data that a diffusion model is to generate now, and the data that the latent space was "
    "learned on",
    "linear Gaussian latent-variable model (probabilistic PCA where `Lambda` is isotropic)": "the target "
    "`x_0 = mu + V z + sigma eps`: a Gaussian latent `z` in `d` dimensions, a frame `V`, isotropic ambient noise",
    "forward process": "what adds noise: `x_t = alpha x_0 + sqrt(h) n`; variance preserving (VP) when "
    "`alpha^2 + h = 1`, variance exploding (VE) when `alpha = 1`",
    "noise-to-signal ratio": "`r = h/alpha^2`, the clock in which all forward processes agree up to a scale; one over "
    "the signal-to-noise ratio",
    "marginal, diffused target": "the law of `x_t` at one time",
    "score": "gradient of the log-density of the marginal at one time",
    "score matching error": "`E`, the mean squared distance of two scores under the diffused target: the relative "
    "Fisher divergence when both are scores of laws",
    "encoder, frozen latent": "the matrix `U` with orthonormal columns that was learned on the source and is kept; its "
    "span is the latent space",
    "latent score": "a function `g` of the encoded point `U^T x`; the best one is the score of the encoded marginal",
    "implied decoder, complement term": "outside the span of `U` a latent model leaves noise alone: the term `-P x/h`",
    "principal (canonical) angles": "the angles `theta_i` between two subspaces: `cos(theta_i)` are the singular "
    "values of `U^T V`, their left and right singular vectors the principal vectors",
    "principal plane": "the plane of a pair of principal vectors; in the basis of all of them `U`, `V` and their "
    "projectors fall into `2 x 2` and `1 x 1` blocks",
    "spare, lost direction": "a direction of the encoder, of the target, that has no partner because `k > d`, `k < d`",
    "KL divergence": "`KL(p || q)`, the relative entropy: the expectation under `p` of `ln p - ln q`",
    "function `phi`": "`phi(x) = x - ln(1 + x)`, nonnegative: twice the divergence of two centred Gaussians on a "
    "line is `phi` of the ratio of their variances less 1",
    "Wasserstein distance": "`W_2`, the 2-Wasserstein distance; between Gaussians it has the Bures form",
    "reverse SDE, probability flow": "the two processes that carry the noised law back to the data with the score: "
    "the time reversal, and the ODE with the same marginals",
    "DDPM, DDIM, Euler-Maruyama, Heun, exponential integrator": "samplers: one-step schemes for the reverse SDE or the "
    "probability flow",
    "spiked covariance model": "a covariance that is isotropic but for a few larger eigenvalues; its sample "
    "eigenvectors keep an asymptotic angle to the true ones, in the limit of large dimension and sample",
    "posterior mean, mmse": "`E[x_0 | x_t]`, the best denoiser, and its mean squared error",
    "pooled data, mixing weight": "samples of the source with probability `weight`, of the target otherwise",
    "log-majorisation": "one list of positive numbers has the larger products of its `n` largest entries, for every "
    "`n`; stated for the eigenvalues of a product of matrices",
    "certificate": "what shows an inequality: after a substitution that makes every variable nonnegative, numerator "
    "and denominator of the difference have nonnegative coefficients; a checker that did not find it confirms it",
}
