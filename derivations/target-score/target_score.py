"""Score of the target. Derived and emitted by latentreuse; do not edit.

The score of the diffused target is minus a gain times each coordinate of x - alpha mu: one gain for each
direction v_i of the latent space, and one for all others.

along v_i: 1/(c + a_i)
elsewhere: 1/c

Valid: h > 0. The directions v_i are the eigenvectors of Lambda in the ambient space.
"""

RESULT = "target-score"
VALUES = ("along v_i", "elsewhere")
USES = ("alpha2", "h", "sigma2", "D", "planes")
PARAMETERS = ()
SOURCED = False


def target_score(alpha2, h, sigma2, D, k, planes, fn=None):
    """Score of the target.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    d = len(planes)
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes:
        a = alpha2 * lam
        values.append([1 / (c + a), 1])
    value = [1 / c, D - d]
    values.append(value)
    return values
