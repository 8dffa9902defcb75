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
    "Ito moments": "`dx = f x dt + g dW` has mean and covariance with `m' = f m`, `C' = 2 f C + g^2 I`",
    "linear ODE": "a linear ODE with continuous coefficients and given initial values has one solution",
    "fundamental theorem": "if `G' = f` is continuous, the integral of `f` from `u` to `v` is `G(v) - G(u)`",
    "log bounds": "`1 - 1/y <= ln y <= y - 1` for every `y > 0`",
}
