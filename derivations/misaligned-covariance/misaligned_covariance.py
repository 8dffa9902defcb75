"""Latent covariance of any orientation. Derived and emitted by latentreuse; do not edit.

For any Lambda the error depends on two lists: the eigenvalues lambda_i of Lambda, mu_i of what the encoder
sees, alpha^2 B^T V^T U U^T V B with Lambda = B B^T. It is at least its value when the largest lambda_i goes
with the smallest angle, and at most its value when the largest goes with the largest angle; so is the
divergence. No angle that opens, the principal vectors being kept, makes it smaller. The planes decouple
exactly when Lambda commutes with V^T U U^T V; the diagonal entries of Z^T Lambda Z put for lambda_i give
neither bound, and a larger Lambda may have a smaller error.

E of a pairing: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))

Valid: h > 0 and alpha > 0. The value below is for planes as they are paired; sort them for a bound.
"""

RESULT = "misaligned-covariance"
VALUES = ("E of a pairing",)
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def misaligned_covariance(alpha2, h, sigma2, D, k, planes, fn=None):
    """Latent covariance of any orientation.

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
