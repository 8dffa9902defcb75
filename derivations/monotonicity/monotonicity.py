"""Monotonicity of the error. Derived and emitted by latentreuse; do not edit.

E does not decrease in any theta_i on [0, pi/2], in any lambda_i, or in sigma^2; F = alpha^2 E, r F and r^2 F
do not increase in r, hence E does not increase in t wherever r and h do not decrease.

dE/dtheta_i: 2*sin_i*cos_i*a_i*(1/h^2 - 1/(c + a_i*(1 - s_i))^2)

Valid: Lambda diagonal in the principal basis; for another, see misaligned-covariance. h > 0.
"""

RESULT = "monotonicity"
VALUES = ("dE/dtheta_i",)
USES = ("alpha2", "h", "sigma2", "planes")
PARAMETERS = ()
SOURCED = False


def monotonicity(alpha2, h, sigma2, D, k, planes, fn=None):
    """Monotonicity of the error.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append(2 * sin * cos * a * ((nu + a * cos**2) * (2 * h + nu + a * cos**2)) / (h**2 * (c + a * cos**2)**2))
    return values
