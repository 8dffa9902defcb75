"""Decoder that knows the noise. Derived and emitted by latentreuse; do not edit.

With the complement term -gamma P x in place of -P x/h and the best latent score, the error is a quadratic in
gamma. It is least at gamma* = (D-k)/tr(P Sigma), the inverse of the complement's mean variance, where tr(P
Sigma) = (D-k) c + sum_i a_i s_i; the least error E* = (D-k)/c - sum_i a_i s_i/((c+a_i)(c+a_i (1-s_i))) -
(D-k)^2/tr(P Sigma), below without the differences, is at most (D-k)/c: with sigma > 0 it stays bounded as h
-> 0. The gain over the factor 1/h is the square of tr(P Sigma) - (D-k) h = (D-k) alpha^2 sigma^2 + sum_i a_i
s_i over h^2 tr(P Sigma); this sum has no negative term, so while alpha > 0 the gain is zero exactly when
sigma = 0 and all lambda_i s_i = 0.

E*: sum_i a_i^2*s_i*(1 - s_i)*(2*c + a_i)/(c*(c + a_i)*(c + a_i*(1 - s_i))*(c + a_i*s_i)) + ((D - k)*(sum_i a_i*s_i*(a_i*s_i/(c + a_i*s_i))) - (sum_i a_i*s_i)*(sum_i a_i*s_i/(c + a_i*s_i)))/(c*((D - k)*c + sum_i a_i*s_i))
gain: ((D - k)*c + sum_i a_i*s_i - (D - k)*h)^2/(h^2*((D - k)*c + sum_i a_i*s_i))
gamma*: 1/(c + (sum_i a_i*s_i)/(D - k))

Valid: h > 0 and D > k: without a complement there is nothing to choose.
"""

RESULT = "noise-aware-decoder"
VALUES = ("E*", "gain", "gamma*")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def noise_aware_decoder(alpha2, h, sigma2, D, k, planes, fn=None):
    """Decoder that knows the noise.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = sum_1 + a**2 * s * cos**2 * (2 * c + a) / (c * (c + a) * (c + a * cos**2) * (c + a * s))
    sum_2 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_2 = sum_2 + a * s * (a * s / (c + a * s))
    sum_3 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_3 = sum_3 + a * s
    sum_4 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_4 = sum_4 + a * s / (c + a * s)
    values = []
    value = sum_1 + ((D - k) * sum_2 - sum_3 * sum_4) / (c * ((D - k) * c + sum_3))
    values.append(value)
    value = ((D - k) * nu + sum_3)**2 / (h**2 * ((D - k) * c + sum_3))
    values.append(value)
    value = (D - k) / ((D - k) * c + sum_3)
    values.append(value)
    return values
