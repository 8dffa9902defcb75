"""KL divergence as integrated error. Derived and emitted by latentreuse; do not edit.

The divergence is half the integral of the scaled error F = alpha^2 E over all later noise-to-signal ratios,
and between finite ratios KL_r - KL_R is half the integral from r to R: the Girsanov bound is an equality
under the start of the reused law.

KL: (D - k)*phi(sigma2/r)/2 + sum_i (lambda_i*s_i/r - ln((r + sigma2 + lambda_i)/(r + sigma2 + lambda_i*(1 - s_i))))/2

Valid: h > 0 and alpha > 0.
"""

import math

RESULT = "kl-is-integrated-error"
VALUES = ("KL",)
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    @staticmethod
    def phi(x):
        """x - ln(1 + x), by its series near 0, where the difference would cancel."""
        if not isinstance(x, (int, float)):
            raise TypeError("FLOAT is for plain floats: pass fn with a phi of your number type")
        if abs(x) > 0.1:
            return x - math.log1p(x)
        y = x / (2 + x)  # ln(1 + x) = 2 artanh(y)
        square, term, tail = y * y, y, 0.0
        for n in range(1, 12):
            term = term * square
            tail = tail + term / (2 * n + 1)
        return x * y - 2 * tail


def kl_is_integrated_error(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """KL divergence as integrated error.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = sum_1 + (fn.phi(a * s / (c + a * cos**2)) + a * s * (nu + a * cos**2) / (h * (c + a * cos**2))) / 2
    return (D - k) * fn.phi(nu / h) / 2 + sum_1
