"""Critical angle. Derived and emitted by latentreuse; do not edit.

A plane's misalignment term of E stays within the tolerance up to the angle whose squared sine is the smaller
root of A s^2 - B s + C, that is 2 C/(B + sqrt(B^2 - 4 A C)), with the coefficients below; up to a right angle
where A - B + C >= 0. The other root is not below 1. The ambient term is left out.

A: a_i^2*(c + a_i)
B: a_i*((c + a_i)^2 - h^2 + tol*h^2*(c + a_i))
C: tol*h^2*(c + a_i)^2

Valid: h > 0 and a positive tolerance. As the term does not decrease with the angle, all smaller angles do.
"""

RESULT = "critical-angle"
VALUES = ("A", "B", "C")
USES = ("alpha2", "h", "sigma2", "planes", "tol")
PARAMETERS = ("tol",)
SOURCED = False


def critical_angle(alpha2, h, sigma2, D, k, planes, tol, fn=None):
    """Critical angle.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    tol: tolerance.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append(a**2 * (c + a))
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append(a * ((nu + a) * (h + c + a) + tol * h**2 * (c + a)))
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append(tol * h**2 * (c + a)**2)
    return values
