"""Forward marginal. Derived and emitted by latentreuse; do not edit.

The diffused target has mean alpha mu and covariance Sigma = alpha^2 (V Lambda V^T + sigma^2 I) + h I, with
the eigenvalues below. It solves dx = f x dt + g dW with f = alpha'/alpha and g^2 = h' - 2 f h = alpha^2 r',
so a pair alpha, h is an SDE exactly when r = h/alpha^2 does not decrease. At one r two processes differ by a
scale: x_t/alpha has covariance V Lambda V^T + (sigma^2 + r) I.

along v_i: c + a_i
elsewhere: c

Valid: alpha = 1 and h = 0 at t = 0; as an SDE while alpha > 0.
"""

RESULT = "forward-marginal"
VALUES = ("along v_i", "elsewhere")
USES = ("alpha2", "h", "sigma2", "D", "planes")
PARAMETERS = ()
SOURCED = False


def forward_marginal(alpha2, h, sigma2, D, k, planes, fn=None):
    """Forward marginal.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    d = len(planes)
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes:
        a = alpha2 * lam
        values.append([c + a, 1])
    value = [c, D - d]
    values.append(value)
    return values
