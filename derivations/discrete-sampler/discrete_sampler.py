"""Discrete samplers. Derived and emitted by latentreuse; do not edit.

A step from the ratio R to r with the reused score at R multiplies a coordinate over alpha by the factor A
below and adds noise of variance R - r for Euler-Maruyama and the exponential integrator, none for the others:
a variance v_R becomes A^2 v_R plus that, and N steps repeat it. The error of a step is of order (R-r)^2 for
Euler-Maruyama, the exponential integrator (VP, score held fixed), Euler and DDIM (data prediction held
fixed), (R-r)^3 for Heun. Over a grid from R_0 to r with longest step w the variance by Euler-Maruyama exceeds
the exact one by at most w; the others, relative to the exact one, are off by a multiple of w (1/m_r - 1/m_0)
for Euler and DDIM, of w^2 (1/m_r - 1/m_0) for Heun, at fixed r > 0, where m_r = r + sigma^2 + lambda_i (1 -
s_i) and m_0 is that at R_0. DDIM is exact in the complement of the encoder; under VP, Euler and Heun are
along directions of variance one.

factor, Euler-Maruyama: (r + sigma2 + lambda_i*(1 - s_i))/(R + sigma2 + lambda_i*(1 - s_i))
factor, exponential integrator: (r + sigma2 + lambda_i*(1 - s_i) - ((R - r)/(sqrt(1 + R) + sqrt(1 + r)))^2)/(R + sigma2 + lambda_i*(1 - s_i))
factor, Euler: (2*(r + sigma2 + lambda_i*(1 - s_i)) + R - r)/(2*(R + sigma2 + lambda_i*(1 - s_i)))
factor, Heun: (8*(r + sigma2 + lambda_i*(1 - s_i))^2 + 4*(r + sigma2 + lambda_i*(1 - s_i))*(R - r) - (R - r)^2)/(8*(r + sigma2 + lambda_i*(1 - s_i))*(R + sigma2 + lambda_i*(1 - s_i)))
factor, DDIM: (sigma2 + lambda_i*(1 - s_i) + sqrt(r)*sqrt(R))/(R + sigma2 + lambda_i*(1 - s_i))
noise: R - r

Valid: 0 < r < R. Spare directions have lambda_i = 0, the complement has m_r = r. Euler-Maruyama, Euler and Heun step in the clock r (VE). Over N steps the bounds of one step are added (those of Heun and DDIM, of a product of factors between 0 and 1; for Heun while R - r <= 8 m_r), where their last factors telescope; for the exponential integrator the error of one step is proved.
"""

import math

RESULT = "discrete-sampler"
VALUES = ("factor, Euler-Maruyama", "factor, exponential integrator", "factor, Euler", "factor, Heun", "factor, DDIM", "noise")
USES = ("alpha2", "h", "sigma2", "planes", "r_end")
PARAMETERS = ("r_end",)
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def discrete_sampler(alpha2, h, sigma2, D, k, planes, r_end, fn=FLOAT):
    """Discrete samplers.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    r_end: ratio h/alpha^2 at the far end.
    """
    r = h / alpha2
    values = []
    for lam, sin, cos in planes[:k]:
        values.append((r + sigma2 + lam * cos**2) / (r_end + sigma2 + lam * cos**2))
    for lam, sin, cos in planes[:k]:
        values.append((r + sigma2 + lam * cos**2 - ((r_end - r) / (fn.sqrt(1 + r_end) + fn.sqrt(1 + r)))**2) / (r_end + sigma2 + lam * cos**2))
    for lam, sin, cos in planes[:k]:
        values.append((2 * (r + sigma2 + lam * cos**2) + r_end - r) / (2 * (r_end + sigma2 + lam * cos**2)))
    for lam, sin, cos in planes[:k]:
        values.append((8 * (r + sigma2 + lam * cos**2)**2 + 4 * (r + sigma2 + lam * cos**2) * (r_end - r) - (r_end - r)**2) / (8 * (r + sigma2 + lam * cos**2) * (r_end + sigma2 + lam * cos**2)))
    for lam, sin, cos in planes[:k]:
        values.append((sigma2 + lam * cos**2 + fn.sqrt(r) * fn.sqrt(r_end)) / (r_end + sigma2 + lam * cos**2))
    value = r_end - r
    values.append(value)
    return values
