"""Dimension of a shared latent space. Derived and emitted by latentreuse; do not edit.

How many eigenvalues of the pooled data, ambient noise not counted, lie above a threshold tau: as many as
there are values above 1 below. With S_i = pi lambda_s_i + (1 - pi) lambda_i, plane i has two exactly when tau
< S_i/2 and s_i > tau (S_i - tau)/(pi (1 - pi) lambda_s_i lambda_i), as the excesses of both have a positive
product and a positive sum; otherwise one exactly when the larger is above tau. A nested plane, theta_i = 0,
never has two. So where all variances are positive and tau is small the number is k + d less the number of
angles that are zero: the larger of k and d for nested spaces, k + d where no angle is zero. At equal weights
and variances one direction a plane, the bisector, misses the variance lambda_i (1 - cos theta_i)/2 on either
side, lambda_i times the squared sine of half the angle; with the source's direction frozen the target misses
lambda_i s_i, which is 2 (1 + cos theta_i) times that.

larger over tau: (weight*lambda_s_i + (1 - weight)*lambda_i + sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2/tau
smaller over tau: (weight*lambda_s_i + (1 - weight)*lambda_i - sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2/tau

Valid: tau > 0, 0 < pi < 1, equal means; both latent covariances diagonal in the principal basis. An eigenvalue equal to tau does not lie above it. Where neither domain has variance in a plane it needs no direction, and the form of the smaller value that is evaluated does not apply.
"""

import math

RESULT = "shared-dimension"
VALUES = ("larger over tau", "smaller over tau")
USES = ("planes", "weight", "tau")
PARAMETERS = ("weight", "tau")
SOURCED = True


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def shared_dimension(alpha2, h, sigma2, D, k, planes, weight, tau, fn=FLOAT):
    """Dimension of a shared latent space.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0; weight: weight of the source in the pool; tau: threshold.
    """
    values = []
    for lam, sin, cos, lam_s in planes:
        values.append((weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) / 2 / tau)
    for lam, sin, cos, lam_s in planes:
        s = sin * sin
        values.append(2 * (weight * (1 - weight) * lam_s * lam * s) / (weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) / tau)
    return values
