"""Unequal dimensions, and one more direction. Derived and emitted by latentreuse; do not edit.

For k > d each of the k - d spare encoder directions takes one ambient term off E and KL; for k < d each of
the d - k lost target directions adds one, and its misalignment at a right angle. One more encoder direction
at right angles to the target saves exactly the ambient term, and nothing of the error inside span(U). One
along the part of v_i that the encoder misses, which is all of v_i for a lost direction, saves what plane i
adds as well: the amounts of E, of KL and of the error inside span(U) are given for each i, and none is less
than what a spare direction saves.

E saved: (c - h)^2/(c*h^2) + a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))
KL saved: phi(nu/h)/2 + (a_i*s_i/h - ln((c + a_i)/(c + a_i*(1 - s_i))))/2
gap saved: a_i^2*s_i*(1 - s_i)/(c*(c + a_i)*(c + a_i*(1 - s_i)))

Valid: h > 0, k < D; the direction added is orthogonal to span(U) and to the other planes.
"""

import math

RESULT = "unequal-dimensions"
VALUES = ("E saved", "KL saved", "gap saved")
USES = ("alpha2", "h", "sigma2", "planes")
PARAMETERS = ()
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    @staticmethod
    def phi(x):
        """x - ln(1 + x), by its series near 0, where the difference would cancel."""
        if not isinstance(x, (int, float)):
            raise TypeError("FLOAT is for plain floats: pass fn with a phi of your number type")
        if abs(x) > 0.1:
            return x - math.log1p(x)
        y = x / (2 + x)  # ln(1 + x) = 2 artanh(y)
        square, term, tail = y * y, y, 0.0
        for n in range(1, 12):
            term = term * square
            tail = tail + term / (2 * n + 1)
        return x * y - 2 * tail


def unequal_dimensions(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Unequal dimensions, and one more direction.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        values.append(nu**2 / (c * h**2) + a * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / (h**2 * (c + a) * (c + a * cos**2)))
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        values.append(fn.phi(nu / h) / 2 + (fn.phi(a * s / (c + a * cos**2)) + a * s * (nu + a * cos**2) / (h * (c + a * cos**2))) / 2)
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        values.append(a**2 * s * cos**2 / (c * (c + a) * (c + a * cos**2)))
    return values
