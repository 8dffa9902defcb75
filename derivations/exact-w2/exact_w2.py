"""Exact Wasserstein distance of latent reuse. Derived and emitted by latentreuse; do not edit.

The squared 2-Wasserstein distance of the generated law N(0, Q) from the diffused target. With K = (D-k)
alpha^2 sigma^2 + sum_i a_i s_i, the mean square of alpha x_0 outside the encoder, K - rate <= W_2^2 <= K
where the rate 2 (D-k) sqrt(c h) + 2 sum_i sqrt(h (c + a_i)) vanishes as h -> 0. So it tends to K, while the
KL diverges if K is positive; both are 0 otherwise.

W2^2: (D - k)*(c + h - 2*sqrt(c*h)) + sum_i (c + a_i + c + a_i*(1 - s_i) + 2*sqrt(c*h) - 2*sqrt((c + a_i*(1 - s_i))^2 + h*(c + a_i*s_i) + 2*sqrt(c*h)*sqrt((c + a_i)*(c + a_i*(1 - s_i)))))

Valid: h > 0. The value at h = 0 is the limit, K.
"""

import math

RESULT = "exact-w2"
VALUES = ("W2^2",)
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def exact_w2(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Exact Wasserstein distance of latent reuse.

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
            sum_1 + a * s * (4 * nu + a * (1 + 3 * cos**2) + 4 * fn.sqrt(c * h) * a * s / (c + a + c + a * cos**2 + 2 * fn.sqrt((c + a) * (c + a * cos**2)))) / (c + a + c + a * cos**2 + 2 * fn.sqrt(c * h) + 2 * fn.sqrt((c + a * cos**2)**2 + h * (c + a * s) + 2 * fn.sqrt(c * h) * fn.sqrt((c + a) * (c + a * cos**2))))
        )
    return (D - k) * nu**2 / (c + h + 2 * fn.sqrt(c * h)) + sum_1
