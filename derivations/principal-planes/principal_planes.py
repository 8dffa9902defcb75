"""Principal planes. Derived and emitted by latentreuse; do not edit.

With the singular value decomposition U^T V = Y C Z^T, the columns of U Y and of W, the normalised columns of
V Z - U Y C, are orthonormal, and U, V, P (and Sigma, M when Z^T Lambda Z is diagonal) consist of one 2 x 2
block a principal pair and of 1 x 1 blocks. The traces below follow.

tr Sigma: D*c + sum_i a_i
tr M: k*c + sum_i a_i*(1 - s_i)
tr P Sigma: (D - k)*c + sum_i a_i*s_i
tr Sigma^2: D*c^2 + sum_i a_i*(2*c + a_i)
tr M^2: k*c^2 + sum_i a_i*(1 - s_i)*(2*c + a_i*(1 - s_i))
tr (P Sigma)^2: (D - k)*c^2 + sum_i a_i*s_i*(2*c + a_i*s_i)

Valid: Any k, d <= D. A sum runs over the d target directions; one without partner has s = 1. A pair at angle zero is one aligned direction and a rest, a pair at pi/2 a spare and a lost one, so counts may be formal.
"""

RESULT = "principal-planes"
VALUES = ("tr Sigma", "tr M", "tr P Sigma", "tr Sigma^2", "tr M^2", "tr (P Sigma)^2")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def principal_planes(alpha2, h, sigma2, D, k, planes, fn=None):
    """Principal planes.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_1 = sum_1 + a
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_2 = sum_2 + a * cos**2
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_3 = sum_3 + a * s
    sum_4 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_4 = sum_4 + a * (2 * c + a)
    sum_5 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_5 = sum_5 + a * cos**2 * (2 * c + a * cos**2)
    sum_6 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_6 = sum_6 + a * s * (2 * c + a * s)
    values = []
    value = D * c + sum_1
    values.append(value)
    value = k * c + sum_2
    values.append(value)
    value = (D - k) * c + sum_3
    values.append(value)
    value = D * c**2 + sum_4
    values.append(value)
    value = k * c**2 + sum_5
    values.append(value)
    value = (D - k) * c**2 + sum_6
    values.append(value)
    return values
