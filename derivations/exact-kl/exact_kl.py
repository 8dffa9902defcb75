"""Exact KL divergence of latent reuse. Derived and emitted by latentreuse; do not edit.

The price of reuse when stopped at h: the divergence of the diffused target p_h from the Gaussian q_h whose
score is the reused one; phi(x) = x - ln(1+x). As h -> 0 it grows like K/(2h), K the mean square of alpha x_0
outside the encoder; it never exceeds that.

KL: (D - k)*phi(nu/h)/2 + sum_i (a_i*s_i/h - ln((c + a_i)/(c + a_i*(1 - s_i))))/2

Valid: h > 0; infinite at h = 0 unless sigma = 0 and all lambda_i s_i = 0.
"""

import math

RESULT = "exact-kl"
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


def exact_kl(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Exact KL divergence of latent reuse.

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
