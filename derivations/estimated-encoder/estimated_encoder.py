"""Error behind an estimated encoder. Derived and emitted by latentreuse; do not edit.

When the encoder is spanned by the leading eigenvectors of n samples of the source in D dimensions, tau^2 =
D/n, the error is to leading order that of a frozen latent whose squared cosines are multiplied by the
overlaps (1 - tau^2 b^2)/(1 + tau^2 b), b = sigma_s^2/lambda_s, of the source's directions with their
estimates. The value below is for a source with the target's variances: even with equal subspaces the estimate
costs something, which vanishes as D/n goes to 0.

E: (D - k)*(c - h)^2/(c*h^2) + sum_i alpha^2*(lambda_i*s_i + (1 - s_i)*(tau^2*sigma2*(lambda_i + sigma2)/(lambda_i + tau^2*sigma2)))*(1/h^2 - 1/((c + a_i)*(h + nu*s_i + alpha^2*(1 - s_i)*(lambda_i*(lambda_i + sigma2)/(lambda_i + tau^2*sigma2)))))

Valid: h > 0, and every encoder direction above the threshold, lambda_s > tau sigma_s^2: below it nothing of a direction is identifiable. Leading order for large D and n, in the source's eigenbasis.
"""

RESULT = "estimated-encoder"
VALUES = ("E",)
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "tau")
PARAMETERS = ("tau",)
SOURCED = False


def estimated_encoder(alpha2, h, sigma2, D, k, planes, tau, fn=None):
    """Error behind an estimated encoder.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    tau: threshold.
    """
    nu = alpha2 * sigma2
    c = h + alpha2 * sigma2
    sum_1 = 0
    for lam, sin, cos in planes:
        a = alpha2 * lam
        s = sin * sin
        sum_1 = (
            sum_1 + alpha2 * (lam * s + cos**2 * (tau**2 * sigma2 * (lam + sigma2) / (lam + tau**2 * sigma2))) * (h * (nu + a + nu * s + alpha2 * cos**2 * (lam * (lam + sigma2) / (lam + tau**2 * sigma2))) + (nu + a) * (nu * s + alpha2 * cos**2 * (lam * (lam + sigma2) / (lam + tau**2 * sigma2)))) / (h**2 * (c + a) * (h + nu * s + alpha2 * cos**2 * (lam * (lam + sigma2) / (lam + tau**2 * sigma2))))
        )
    return (D - k) * nu**2 / (c * h**2) + sum_1
