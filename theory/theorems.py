"""The closed list of standard theorems that a derivation may cite.

Citing one leaves a verdict as it is and adds the theorem's name to the trust line. Nothing about the project's own
subject stands here: what is special to latent reuse is derived.
"""

from __future__ import annotations

THEOREMS: dict[str, str] = {
    "SVD": "every real matrix has a full singular value decomposition `A = Y C Z^T`: orthogonal `Y`, `Z`, diagonal `C`",
    "Gram": "a real matrix whose Gram matrix is zero is zero",
    "Gaussian density": "for positive definite `S`, `N(m, S)` has `ln p = -(x-m)^T S^-1 (x-m)/2 - ln det S/2 + const`",
    "Gaussian independence": "jointly Gaussian vectors with zero cross-covariance are independent",
    "Ito moments": "`dx = F x dt + g dW` has mean and covariance with `m' = F m`, `C' = F C + C F^T + g^2 I`",
    "Gaussian divergence": "`KL(N(0, S) || N(0, Q)) = (tr Q^-1 S - n - ln det Q^-1 S)/2` in `n` dimensions",
    "Bures-Wasserstein": "`W_2^2 = tr S + tr Q - 2 tr (S^{1/2} Q S^{1/2})^{1/2}` between `N(0, S)` and `N(0, Q)`",
    "Wasserstein metric": "`W_2(p, q) <= W_2(p, u) + W_2(u, q)` for laws with finite second moments",
    "Wasserstein translation": "`W_2^2` of two laws with finite second moments is that of the centred laws plus the "
    "squared distance of the means",
    "posterior mean": "`x_0 - E[x_0 | x_t]` is uncorrelated with every square-integrable function of `x_t`",
    "Tweedie": "for `n` standard normal, independent of `x_0`, the score of `x_t = alpha x_0 + sqrt(h) n` at `x` is "
    "`(alpha E[x_0 | x_t = x] - x)/h`",
    "Gaussian conditioning": "jointly Gaussian `a, b` have `E[a | b] = E a + Cov(a, b) Cov(b)^-1 (b - E b)`",
    "linear ODE": "a linear ODE with continuous coefficients and given initial values has one solution",
    "fundamental theorem": "if `G' = f` is continuous, the integral of `f` from `u` to `v` is `G(v) - G(u)`",
    "Sylvester": "`det(c I + X X^T) = c^{n-m} det(c I + X^T X)` for an `n x m` matrix `X`",
    "spectral theorem": "a symmetric matrix has an orthonormal basis of eigenvectors; matrices that commute share one",
    "log-majorisation": "for positive semidefinite `X`, `Y` the eigenvalues of `X Y` are weakly log-majorised by "
    "`x_i y_i`, both in descending order, and weakly log-majorise `x_i y_j` with one of them in ascending order; the "
    "sum of `f` then does not decrease when `f(exp(u))` is convex and nondecreasing in `u`",
    "Weyl": "if `X - Y` is positive semidefinite, no eigenvalue of `Y` is larger than that of `X` in descending order",
    "log bounds": "`1 - 1/y <= ln y <= y - 1` for every `y > 0`",
}
