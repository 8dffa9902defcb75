"""The Gaussian upper bound, and where it fails. Derived and emitted by latentreuse; do not edit.

For a target of any law and alpha > 0, E <= alpha^2/h^2 E[x_0^T P x_0] holds exactly when E[e_y^T e_y] <=
E[e^T e], that is, when the code is estimated from the code alone at least as well as the whole target from
the whole point. A Gaussian target satisfies it; the values below are for that. Other laws need not. At sigma
= 0, in one plane at theta = 0.6, two points at sqrt(lambda) v and -sqrt(lambda) v break it at lambda/r = 2,
with a change of sign between 1.8176 and 1.8177. A mixture of two Gaussians of width w there, with w^2/r =
1/256, breaks it at lambda/r = 4 and satisfies it at lambda/r = 64, where the signs are known and the Gaussian
parts decide. These signs are certified in ball arithmetic.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))
bound: (D - k)*nu/h^2 + sum_i a_i*s_i/h^2
bound - E: (D - k)*nu/(c*h) + sum_i a_i*s_i/((c + a_i)*(c + a_i*(1 - s_i)))

Valid: h > 0. The equivalence holds for any law with a finite second moment.
"""

RESULT = "non-gaussian-bound"
VALUES = ("E", "bound", "bound - E")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def non_gaussian_bound(alpha2, h, sigma2, D, k, planes, fn=None):
    """The Gaussian upper bound, and where it fails.

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
        sum_2 = sum_2 + a * s / h**2
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_3 = sum_3 + a * s / ((c + a) * (c + a * cos**2))
    values = []
    value = (D - k) * nu**2 / (c * h**2) + sum_1
    values.append(value)
    value = (D - k) * nu / h**2 + sum_2
    values.append(value)
    value = (D - k) * nu / (c * h) + sum_3
    values.append(value)
    return values
