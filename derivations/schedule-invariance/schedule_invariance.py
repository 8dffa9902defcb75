"""Schedule invariance. Derived and emitted by latentreuse; do not edit.

The scaled error F = alpha^2 E, the divergence and W_2^2/alpha^2 depend on the forward process through r =
h/alpha^2 alone: at one ratio VP, VE and flow matching agree.

F: (D - k)*sigma2^2/((r + sigma2)*r^2) + sum_i lambda_i*s_i*(1/r^2 - 1/((r + sigma2 + lambda_i)*(r + sigma2 + lambda_i*(1 - s_i))))
KL: (D - k)*phi(sigma2/r)/2 + sum_i (lambda_i*s_i/r - ln((r + sigma2 + lambda_i)/(r + sigma2 + lambda_i*(1 - s_i))))/2

Valid: alpha > 0 and h > 0.
"""

import math

RESULT = "schedule-invariance"
VALUES = ("F", "KL")
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


def schedule_invariance(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Schedule invariance.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = (
            sum_1 + a * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / (h**2 * (c + a) * (c + a * cos**2))
        )
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = sum_2 + (fn.phi(a * s / (c + a * cos**2)) + a * s * (nu + a * cos**2) / (h * (c + a * cos**2))) / 2
    values = []
    value = alpha2 * ((D - k) * nu**2 / (c * h**2) + sum_1)
    values.append(value)
    value = (D - k) * fn.phi(nu / h) / 2 + sum_2
    values.append(value)
    return values
