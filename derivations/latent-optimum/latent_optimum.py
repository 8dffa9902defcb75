"""Best latent score. Derived and emitted by latentreuse; do not edit.

Of all square-integrable latent scores the best is the score of the encoded marginal, g(y) = -M^-1 (y - alpha
U^T mu) with M = U^T Sigma U; any other costs its mean squared distance to it. Its gains in the principal
basis are below.

along u_i: 1/(c + a_i*(1 - s_i))
along a spare direction: 1/c

Valid: h > 0. For linear scores the optimum needs second moments only; for all scores, Gaussian data.
"""

RESULT = "latent-optimum"
VALUES = ("along u_i", "along a spare direction")
USES = ("alpha2", "h", "sigma2", "k", "planes")
PARAMETERS = ()
SOURCED = False


def latent_optimum(alpha2, h, sigma2, D, k, planes, fn=None):
    """Best latent score.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    d = len(planes)
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append([1 / (c + a * cos**2), 1])
    value = [1 / c, max(k - d, 0)]
    values.append(value)
    return values
