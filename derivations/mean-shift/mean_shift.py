"""The price of a mean. Derived and emitted by latentreuse; do not edit.

A target with mean mu, the best latent score (which is centred at alpha U^T mu) and a decoder that is not
recentred, -P x/h: E is that of the centred target plus alpha^2 mu_perp2/h^2, with mu_perp2 = ||P mu||^2; the
divergence gains alpha^2 mu_perp2/(2 h), and W_2^2 gains alpha^2 mu_perp2, as the reused law has mean alpha U
U^T mu. If the decoder is recentred too, to -P (x - alpha mu)/h, nothing is added. If the latent score is not
centred either, g = -M^-1 U^T x, then E gains alpha^2 ||M^-1 U^T mu||^2 more, which is at most alpha^2 ||U^T
mu||^2/c^2. If latent score and decoder are both centred at the source's mean mu_s, then mu - mu_s stands for
mu in the last two sums.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i)))) + alpha^2*mu_perp2/h^2
KL: (D - k)*phi(nu/h)/2 + sum_i (a_i*s_i/h - ln((c + a_i)/(c + a_i*(1 - s_i))))/2 + alpha^2*mu_perp2/(2*h)
added to W2^2: alpha^2*mu_perp2

Valid: h > 0. The additions to E hold for any positive definite Sigma.
"""

import math

RESULT = "mean-shift"
VALUES = ("E", "KL", "added to W2^2")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "mu_perp2")
PARAMETERS = ("mu_perp2",)
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


def mean_shift(alpha2, h, sigma2, D, k, planes, mu_perp2, fn=FLOAT):
    """The price of a mean.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    mu_perp2: ||P mu||^2.
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
    value = (D - k) * nu**2 / (c * h**2) + sum_1 + alpha2 * mu_perp2 / h**2
    values.append(value)
    value = (D - k) * fn.phi(nu / h) / 2 + sum_2 + alpha2 * mu_perp2 / (2 * h)
    values.append(value)
    value = alpha2 * mu_perp2
    values.append(value)
    return values
