"""Error inside the latent space. Derived and emitted by latentreuse; do not edit.

The part of the error inside span(U), which the best latent score leaves because it sees only U^T x. It is
zero at angles 0 and pi/2; the rest of the error lies in the complement.

gap: sum_i a_i^2*s_i*(1 - s_i)/(c*(c + a_i)*(c + a_i*(1 - s_i)))

Valid: h > 0.
"""

RESULT = "in-latent-gap"
VALUES = ("gap",)
USES = ("alpha2", "h", "sigma2", "planes")
PARAMETERS = ()
SOURCED = False


def in_latent_gap(alpha2, h, sigma2, D, k, planes, fn=None):
    """Error inside the latent space.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = sum_1 + a**2 * s * cos**2 / (c * (c + a) * (c + a * cos**2))
    return sum_1
