"""Error of the score under a frozen latent. Derived and emitted by latentreuse; do not edit.

The mean squared error of the reused score under the diffused target: the ambient noise amplified by the time
scale, plus one misalignment term for each principal plane. Its trace form holds for any positive definite
Sigma.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))

Valid: h > 0; diverges as h -> 0 unless sigma = 0 and all lambda_i s_i = 0.
"""

RESULT = "frozen-latent-error"
VALUES = ("E",)
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def frozen_latent_error(alpha2, h, sigma2, D, k, planes, fn=None):
    """Error of the score under a frozen latent.

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
    return (D - k) * nu**2 / (c * h**2) + sum_1
