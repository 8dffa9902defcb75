"""The error by posterior variances, for any law. Derived and emitted by latentreuse; do not edit.

For any law of the target with a finite second moment, with what the posterior means miss, e = x_0 - E[x_0 |
x_t] and e_y = U^T x_0 - E[U^T x_0 | U^T x_t], the error of the best reused score is E = alpha^2/h^2 (E[x_0^T
P x_0] + E[e_y^T e_y] - E[e^T e]): what the encoder loses, plus the price of estimating the code from the code
alone, minus that of estimating the whole. The values below are for a Gaussian target, where E is the closed
form of the frozen latent's error.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i a_i*s_i*(1/h^2 - 1/((c + a_i)*(c + a_i*(1 - s_i))))
lost: (D - k)*sigma2 + sum_i lambda_i*s_i
mmse encoded: k*h*sigma2/c + sum_i h^2*lambda_i*(1 - s_i)/(c*(c + a_i*(1 - s_i)))
mmse: D*h*sigma2/c + sum_i h^2*lambda_i/(c*(c + a_i))

Valid: h > 0. The identity asks neither for a Gaussian nor for a centred target: of the assumptions below it needs the orthonormal encoder, the best latent score and the decoder's term; the rest is for the values.
"""

RESULT = "mmse-identity"
VALUES = ("E", "lost", "mmse encoded", "mmse")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def mmse_identity(alpha2, h, sigma2, D, k, planes, fn=None):
    """The error by posterior variances, for any law.

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
        s = sin * sin
        sum_2 = sum_2 + lam * s
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_3 = sum_3 + h**2 * lam * cos**2 / (c * (c + a * cos**2))
    sum_4 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        sum_4 = sum_4 + h**2 * lam / (c * (c + a))
    values = []
    value = (D - k) * nu**2 / (c * h**2) + sum_1
    values.append(value)
    value = (D - k) * sigma2 + sum_2
    values.append(value)
    value = k * h * sigma2 / c + sum_3
    values.append(value)
    value = D * h * sigma2 / c + sum_4
    values.append(value)
    return values
