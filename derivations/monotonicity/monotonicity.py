"""Monotonicity of the error. Derived and emitted by latentreuse; do not edit.

E does not decrease in any theta_i on [0, pi/2], in any lambda_i, or in sigma^2; F, r F and r^2 F do not
increase in r, hence E does not increase in t wherever r and h do not decrease.

Valid: Lambda diagonal in the principal basis; h > 0. In the Loewner order of Lambda E is not monotone.
"""

RESULT = "monotonicity"
VALUES = ("dE/dtheta_i",)


def monotonicity(alpha2, h, sigma2, D, k, planes, fn=None):
    """Monotonicity of the error.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes: one (lambda, sin, cos)
    for each of the d target directions, those without partner last, with sin = 1 and cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append(2 * sin * cos * a * ((nu + a * cos**2) * (2 * h + nu + a * cos**2)) / (h**2 * (c + a * cos**2)**2))
    return values
