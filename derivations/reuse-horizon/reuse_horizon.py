"""Reuse horizon. Derived and emitted by latentreuse; do not edit.

For a tolerance eps_0 > 0, F = alpha^2 E is at most eps_0 exactly from one ratio r on, the horizon: F falls at
least as fast as 1/r^2, and is above eps_0 near r = 0 and below it for large r; unless sigma = 0 and all
lambda_i s_i = 0, where F = 0 and the horizon is 0. With K2, K3 of the limits and b = D - k + sum_i s_i, at
the horizon K2 - r b <= eps_0 r^2 <= K2 and eps_0 r^3 <= K3. So sqrt(K2/eps_0) - b/(2 eps_0) <= r <=
sqrt(K2/eps_0), sharp for large tolerances, and r is at most the cube root of K3/eps_0, sharp for small ones.
The unscaled error is (1 + r) F in VP and (1 + sqrt(r))^2 F in flow matching; as F and r F fall, it has one
horizon too.

F/tol: ((D - k)*sigma2^2/((r + sigma2)*r^2) + sum_i lambda_i*s_i*(1/r^2 - 1/((r + sigma2 + lambda_i)*(r + sigma2 + lambda_i*(1 - s_i)))))/tol
K2/tol: ((D - k)*sigma2 + sum_i lambda_i*s_i)/tol
K3/tol: ((D - k)*sigma2^2 + sum_i lambda_i*s_i*(2*sigma2 + lambda_i*(2 - s_i)))/tol
b/tol: (D - k + sum_i s_i)/tol

Valid: r > 0, that is alpha > 0 and h > 0, and a positive tolerance.
"""

RESULT = "reuse-horizon"
VALUES = ("F/tol", "K2/tol", "K3/tol", "b/tol")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "tol")
PARAMETERS = ("tol",)
SOURCED = False


def reuse_horizon(alpha2, h, sigma2, D, k, planes, tol, fn=None):
    """Reuse horizon.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    tol: tolerance.
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
        s = sin * sin
        sum_2 = sum_2 + lam * s
    sum_3 = 0
    for lam, sin, cos in planes:
        s = sin * sin
        sum_3 = sum_3 + lam * s * (2 * sigma2 + lam * (2 - s))
    sum_4 = 0
    for lam, sin, cos in planes:
        s = sin * sin
        sum_4 = sum_4 + s
    values = []
    value = alpha2 * ((D - k) * nu**2 / (c * h**2) + sum_1) / tol
    values.append(value)
    value = ((D - k) * sigma2 + sum_2) / tol
    values.append(value)
    value = ((D - k) * sigma2**2 + sum_3) / tol
    values.append(value)
    value = (D - k + sum_4) / tol
    values.append(value)
    return values
