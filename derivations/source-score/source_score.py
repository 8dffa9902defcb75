"""Error of the source's score. Derived and emitted by latentreuse; do not edit.

The third reading of a frozen latent space: the whole score is the source's, -Sigma_s^-1 x. Its error under
the target is the relative Fisher divergence, the trace of (Sigma^-1 - Sigma_s^-1) Sigma (Sigma^-1 -
Sigma_s^-1); with means it gains alpha^2 ||Sigma_s^-1 (mu - mu_s)||^2. Against the source's latent score with
the complement term -P x/h it has the advantage below, negative if it is worse. That is zero if sigma_s = 0 or
D = k; otherwise, while alpha > 0, it has the sign of (1/h + 1/c_s) tr(P Sigma) - 2 (D-k), and so vanishes
also where the complement's mean variance is the harmonic mean of h and c_s. At fixed alpha > 0, with sigma >
0 and sigma_s > 0, the error stays bounded as h -> 0, and that of the best latent score is at least (D-k)
alpha^4 sigma^4/(c h^2): for small h the source's score is the better one if D > k. If source and target are
one law and sigma > 0, it is so at every h.

E: (D - d)*(c_s - c)^2/(c*c_s^2) + sum_i (a_i*s_i*(1/c_s^2 - 1/((c + a_i)*(c + a_i*(1 - s_i)))) + (c_s + a_s_i - (c + a_i*(1 - s_i)))^2/((c + a_i*(1 - s_i))*(c_s + a_s_i)^2))
advantage: (1/h - 1/c_s)*(((D - k)*c + sum_i a_i*s_i)*(1/h + 1/c_s) - 2*(D - k))

Valid: h > 0. The trace form holds for any positive definite Sigma and Sigma_s.
"""

RESULT = "source-score"
VALUES = ("E", "advantage")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "sigma_s2")
PARAMETERS = ("sigma_s2",)
SOURCED = True


def source_score(alpha2, h, sigma2, D, k, planes, sigma_s2, fn=None):
    """Error of the source's score.

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
        a_s = alpha2 * lam_s
        s = sin * sin
        sum_1 = (
            sum_1 + (cos**2 * (alpha2 * (sigma_s2 + lam_s - sigma2 - lam))**2 / (c + a) + s * (alpha2 * (sigma_s2 + lam_s - sigma2))**2 / c) / (c_s + a_s)**2 + a * s * (c * a - alpha2 * (sigma_s2 - sigma2) * (c + c_s)) / (c * (c + a) * c_s**2)
        )
    sum_2 = 0
    for lam, sin, cos, lam_s in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = sum_2 + a * s
    values = []
    value = (D - d) * (alpha2 * (sigma_s2 - sigma2))**2 / (c * c_s**2) + sum_1
    values.append(value)
    value = (
        alpha2 * sigma_s2 / (h * c_s) * ((D - k) * (nu * c_s + h * alpha2 * (sigma2 - sigma_s2)) + sum_2 * (h + c_s)) / (h * c_s)
    )
    values.append(value)
    return values
