"""Two-sided bound. Derived and emitted by latentreuse; do not edit.

Bounds that show the size of the error at a glance, with rho = alpha^2 sigma^2/h: each misalignment term lies
within a factor a_i/(h + a_i) of its upper bound, the ambient term within a factor 1/2. Both sides are tight:
attained at sigma = 0, theta = pi/2 and at rho = 1 (lower), approached as a_i/h grows and as rho goes to 0 or
to infinity (upper).

lower: (D - k)*(min(rho, rho^2)/(2*h)) + sum_i a_i^2*s_i/(h^2*(h + a_i))
E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))
upper: (D - k)*(min(rho, rho^2)/h) + sum_i a_i*s_i/h^2

Valid: h > 0. The upper bound of E in this form is for Gaussian targets.
"""

RESULT = "two-sided-bound"
VALUES = ("lower", "E", "upper")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    min = staticmethod(min)


def two_sided_bound(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Two-sided bound.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    rho = alpha2 * sigma2 / h
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = sum_1 + a**2 * s / (h**2 * (h + a))
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = (
            sum_2 + a * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / (h**2 * (c + a) * (c + a * cos**2))
        )
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_3 = sum_3 + a * s / h**2
    values = []
    value = (D - k) * (fn.min(rho, rho**2) / (2 * h)) + sum_1
    values.append(value)
    value = (D - k) * nu**2 / (c * h**2) + sum_2
    values.append(value)
    value = (D - k) * (fn.min(rho, rho**2) / h) + sum_3
    values.append(value)
    return values
