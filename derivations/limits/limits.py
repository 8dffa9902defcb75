"""Limits of the error. Derived and emitted by latentreuse; do not edit.

As r -> 0, F = alpha^2 E is K2/r^2 up to a relative error of order r; as r -> infinity it is K3/r^3 up to one
of order 1/r; both are upper bounds at every r. With Q = U M U^T + h P, the covariance that the reused score
stands for, alpha^2 K2 = tr(Sigma - Q) and alpha^4 K3 = tr (Sigma - Q)^2. Small and large latent variances,
and angles near both ends of their range: each limit is a pair of bounds with its rate.

K2: (D - k)*sigma2 + sum_i lambda_i*s_i
K3: (D - k)*sigma2^2 + sum_i lambda_i*s_i*(2*sigma2 + lambda_i*(2 - s_i))

Valid: r > 0, that is alpha > 0 and h > 0; Lambda diagonal in the principal basis.
"""

RESULT = "limits"
VALUES = ("K2", "K3")
USES = ("sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def limits(alpha2, h, sigma2, D, k, planes, fn=None):
    """Limits of the error.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    sum_1 = 0
    for lam, sin, cos in planes:
        s = sin * sin
        sum_1 = sum_1 + lam * s
    sum_2 = 0
    for lam, sin, cos in planes:
        s = sin * sin
        sum_2 = sum_2 + lam * s * (2 * sigma2 + lam * (2 - s))
    values = []
    value = (D - k) * sigma2 + sum_1
    values.append(value)
    value = (D - k) * sigma2**2 + sum_2
    values.append(value)
    return values
