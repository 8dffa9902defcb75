"""Errors of noise, data and velocity prediction. Derived and emitted by latentreuse; do not edit.

The mean squared error of the reused noise, data and velocity predictions: h E, h^2 E/alpha^2 and (alpha^2 +
h)^2 h E/alpha^2, with v = alpha eps - sqrt(h) x0. That of the velocity of the probability flow is g^4 E/4. As
r -> 0 the data prediction's error tends to the projection error K2, from below.

noise: (D - k)*(c - h)^2/(c*h) + sum_i a_i*s_i*(1/h - h/((c + a_i)*(c + a_i*(1 - s_i))))
data: (D - k)*sigma2*(c - h)/c + sum_i lambda_i*s_i*(1 - h^2/((c + a_i)*(c + a_i*(1 - s_i))))
velocity: (alpha^2 + h)^2*((D - k)*sigma2*(c - h)/(c*h) + sum_i lambda_i*s_i*(1/h - h/((c + a_i)*(c + a_i*(1 - s_i)))))

Valid: h > 0; derived while alpha > 0.
"""

RESULT = "parameterizations"
VALUES = ("noise", "data", "velocity")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def parameterizations(alpha2, h, sigma2, D, k, planes, fn=None):
    """Errors of noise, data and velocity prediction.

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
            sum_1 + a * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / (h * ((c + a) * (c + a * cos**2)))
        )
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = (
            sum_2 + lam * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / ((c + a) * (c + a * cos**2))
        )
    values = []
    value = (D - k) * nu**2 / (c * h) + sum_1
    values.append(value)
    value = (D - k) * sigma2 * nu / c + sum_2
    values.append(value)
    value = (alpha2 + h)**2 * ((D - k) * sigma2 * nu / c + sum_2) / h
    values.append(value)
    return values
