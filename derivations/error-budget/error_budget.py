"""Error budget of a sampler. Derived and emitted by latentreuse; do not edit.

From the data to what a sampler with the reused score makes of N(0, I) in N steps there are three laws on the
way, and W_2 of the whole is at most the sum of four parts: truncation (the data against the diffused target
at the stop), latent reuse (that against the law of the reused score), initialisation (that against what the
sampler makes without steps) and discretisation. Their squares are below, all but the last, which is sum
(sqrt(v) - sqrt(v_N))^2 over the directions of the encoder and its complement, with v_N the variance made in N
steps by discrete-sampler, and at most sum (v_N - v)^2/v. As h -> 0 and alpha -> 1 truncation vanishes, its
square at most D h plus (1 - alpha)^2 times the variance of the data, and the square of latent reuse tends to
the mean square of the data outside the encoder (exact-w2), which no number of steps removes; as R grows
initialisation vanishes, like 1/R by the flow and 1/R^2 by the SDE; as the longest step w -> 0 discretisation
does. In divergence the parts bound nothing: it can exceed their sum.

truncation, squared: sum_i (sqrt(sigma2 + lambda_i) - sqrt(c + a_i))^2 + (D - d)*(sqrt(sigma2) - sqrt(c))^2
latent reuse, squared: (D - k)*(c + h - 2*sqrt(c*h)) + sum_i (c + a_i + c + a_i*(1 - s_i) + 2*sqrt(c*h) - 2*sqrt((c + a_i*(1 - s_i))^2 + h*(c + a_i*s_i) + 2*sqrt(c*h)*sqrt((c + a_i)*(c + a_i*(1 - s_i)))))
initialisation by the SDE, squared: sum_i (c + a_i*(1 - s_i))*(R + sigma2 + lambda_i*(1 - s_i) - sqrt((R + sigma2 + lambda_i*(1 - s_i))*(R - r) + (r + sigma2 + lambda_i*(1 - s_i))*(1 + R)))^2/(R + sigma2 + lambda_i*(1 - s_i))^2 + (k - d)*(c*(R + sigma2 - sqrt((R + sigma2)*(R - r) + (r + sigma2)*(1 + R)))^2/(R + sigma2)^2) + (D - k)*(h*(R - sqrt(R*(R - r) + r*(1 + R)))^2/R^2)
initialisation by the flow, squared: sum_i (c + a_i*(1 - s_i))*(R + sigma2 + lambda_i*(1 - s_i) - sqrt((R + sigma2 + lambda_i*(1 - s_i))*(1 + R)))^2/(R + sigma2 + lambda_i*(1 - s_i))^2 + (k - d)*(c*(R + sigma2 - sqrt((R + sigma2)*(1 + R)))^2/(R + sigma2)^2) + (D - k)*(h*(R - sqrt(R*(1 + R)))^2/R^2)

Valid: 0 < r < R, alpha > 0, start N(0, I) where alpha^2 + h = 1. The bound by the sum need not be attained; the orders in the number of steps are discrete-sampler's. Which part is largest between the limits is a matter of numbers: the command evaluate prints the table, with the largest part named.
"""

import math

RESULT = "error-budget"
VALUES = ("truncation, squared", "latent reuse, squared", "initialisation by the SDE, squared", "initialisation by the flow, squared")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "r_end")
PARAMETERS = ("r_end",)
SOURCED = False


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def error_budget(alpha2, h, sigma2, D, k, planes, r_end, fn=FLOAT):
    """Error budget of a sampler.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    r_end: ratio h/alpha^2 at the far end.
    """
    d = len(planes)
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    r = h / alpha2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_1 = sum_1 + ((1 - alpha2) * (sigma2 + lam) - h)**2 / (fn.sqrt(sigma2 + lam) + fn.sqrt(c + a))**2
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = (
            sum_2 + a * s * (4 * nu + a * (1 + 3 * cos**2) + 4 * fn.sqrt(c * h) * a * s / (c + a + c + a * cos**2 + 2 * fn.sqrt((c + a) * (c + a * cos**2)))) / (c + a + c + a * cos**2 + 2 * fn.sqrt(c * h) + 2 * fn.sqrt((c + a * cos**2)**2 + h * (c + a * s) + 2 * fn.sqrt(c * h) * fn.sqrt((c + a) * (c + a * cos**2))))
        )
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_3 = (
            sum_3 + (c + a * cos**2) * ((r + sigma2 + lam * cos**2) * (1 - (sigma2 + lam * cos**2)) / ((r_end + sigma2 + lam * cos**2) * (r_end + sigma2 + lam * cos**2 + fn.sqrt((r_end + sigma2 + lam * cos**2) * (r_end - r) + (r + sigma2 + lam * cos**2) * (1 + r_end)))))**2
        )
    sum_4 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_4 = (
            sum_4 + (c + a * cos**2) * ((1 - (sigma2 + lam * cos**2)) / (r_end + sigma2 + lam * cos**2 + fn.sqrt((r_end + sigma2 + lam * cos**2) * (1 + r_end))))**2
        )
    values = []
    value = sum_1 + (D - d) * (((1 - alpha2) * sigma2 - h)**2 / (fn.sqrt(sigma2) + fn.sqrt(c))**2)
    values.append(value)
    value = (D - k) * nu**2 / (c + h + 2 * fn.sqrt(c * h)) + sum_2
    values.append(value)
    value = (
        sum_3 + (k - d) * (c * ((r + sigma2) * (1 - sigma2) / ((r_end + sigma2) * (r_end + sigma2 + fn.sqrt((r_end + sigma2) * (r_end - r) + (r + sigma2) * (1 + r_end)))))**2) + (D - k) * (h * (r / (r_end * (r_end + fn.sqrt(r_end * (r_end - r) + r * (1 + r_end)))))**2)
    )
    values.append(value)
    value = (
        sum_4 + (k - d) * (c * ((1 - sigma2) / (r_end + sigma2 + fn.sqrt((r_end + sigma2) * (1 + r_end))))**2) + (D - k) * (h * (1 / (r_end + fn.sqrt(r_end * (1 + r_end))))**2)
    )
    values.append(value)
    return values
