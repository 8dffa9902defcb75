"""Error of a frozen latent score. Derived and emitted by latentreuse; do not edit.

The second reading of a frozen latent space: the encoder together with its latent score, which is the
source's, g(y) = -M_s^-1 y with M_s = U^T Sigma_s U; the complement term stays -P x/h. The error exceeds that
of the best latent score by the trace of (M^-1 - M_s^-1) M (M^-1 - M_s^-1): in principal planes the sum of one
nonnegative term for each of the encoder's directions, given below, zero where source and target have the same
variance along it. With means and g(y) = -M_s^-1 (y - alpha U^T mu_s) it gains alpha^2 ||M_s^-1 U^T (mu -
mu_s)||^2 if the decoder is recentred; if not, also alpha^2 ||P mu||^2/h^2.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i)))) + (k - d)*(c_s - c)^2/(c*c_s^2) + sum_i (c_s + a_s_i - (c + a_i*(1 - s_i)))^2/((c + a_i*(1 - s_i))*(c_s + a_s_i)^2)
excess along u_i: (c_s + a_s_i - (c + a_i*(1 - s_i)))^2/((c + a_i*(1 - s_i))*(c_s + a_s_i)^2)

Valid: h > 0. The trace forms hold for any positive definite Sigma and Sigma_s.
"""

RESULT = "frozen-score"
VALUES = ("E", "excess along u_i")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "sigma_s2")
PARAMETERS = ("sigma_s2",)
SOURCED = True


def frozen_score(alpha2, h, sigma2, D, k, planes, sigma_s2, fn=None):
    """Error of a frozen latent score.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0; sigma_s2: the source's sigma^2.
    """
    d = len(planes)
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    c_s = h + alpha2 * sigma_s2
    sum_1 = 0
    for lam, sin, cos, lam_s in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = (
            sum_1 + a * s * (h * (2 * nu + a * (1 + cos**2)) + (nu + a) * (nu + a * cos**2)) / (h**2 * (c + a) * (c + a * cos**2))
        )
    sum_2 = 0
    for lam, sin, cos, lam_s in planes:
        a = alpha2 * lam
        a_s = alpha2 * lam_s
        sum_2 = (
            sum_2 + (alpha2 * (sigma_s2 + lam_s - sigma2 - lam * cos**2))**2 / ((c + a * cos**2) * (c_s + a_s)**2)
        )
    values = []
    value = (
        (D - k) * nu**2 / (c * h**2) + sum_1 + (k - d) * (alpha2 * (sigma_s2 - sigma2))**2 / (c * c_s**2) + sum_2
    )
    values.append(value)
    for lam, sin, cos, lam_s in planes[:k]:
        a = alpha2 * lam
        a_s = alpha2 * lam_s
        values.append((alpha2 * (sigma_s2 + lam_s - sigma2 - lam * cos**2))**2 / ((c + a * cos**2) * (c_s + a_s)**2))
    return values
