"""Spectrum of pooled data. Derived and emitted by latentreuse; do not edit.

Pooled data, the source with weight pi and the target, of equal means, have the covariance pi (U Lambda_s U^T
+ sigma_s^2 I) + (1 - pi)(V Lambda V^T + sigma^2 I); unequal means add pi (1 - pi)(mu - mu_s)(mu - mu_s)^T.
Each principal plane holds two of its eigenvalues: with S_i = pi lambda_s_i + (1 - pi) lambda_i, half of S_i
plus and minus half the root of S_i^2 - 4 pi (1 - pi) lambda_s_i lambda_i s_i, on top of the pooled ambient
noise. A direction without partner has pi lambda_s_i or (1 - pi) lambda_i in their place.

larger: (weight*lambda_s_i + (1 - weight)*lambda_i + sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2 + weight*sigma_s2 + (1 - weight)*sigma2
smaller: (weight*lambda_s_i + (1 - weight)*lambda_i - sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2 + weight*sigma_s2 + (1 - weight)*sigma2

Valid: 0 < pi < 1; both latent covariances diagonal in the principal basis, in the order of the angles. The values run over the larger of k and d planes; where a plane holds one direction of data only (angle zero, or no partner), its smaller value is the ambient noise alone, one of the remaining directions. Where neither domain has variance in a plane, both values are the ambient noise, and the form of the smaller one that is evaluated does not apply. Diffused, each value is alpha^2 times it, plus h.
"""

import math

RESULT = "mixture-spectrum"
VALUES = ("larger", "smaller")
USES = ("sigma2", "planes", "sigma_s2", "weight")
PARAMETERS = ("sigma_s2", "weight")
SOURCED = True


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def mixture_spectrum(alpha2, h, sigma2, D, k, planes, sigma_s2, weight, fn=FLOAT):
    """Spectrum of pooled data.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0; sigma_s2: the source's sigma^2; weight: weight of the source in the pool.
    """
    values = []
    for lam, sin, cos, lam_s in planes:
        values.append((weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) / 2 + weight * sigma_s2 + (1 - weight) * sigma2)
    for lam, sin, cos, lam_s in planes:
        s = sin * sin
        values.append(2 * (weight * (1 - weight) * lam_s * lam * s) / (weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) + weight * sigma_s2 + (1 - weight) * sigma2)
    return values
