"""Score of the target. Derived and emitted by latentreuse; do not edit.

The score of the diffused target is -(1/c) (I - V diag(a_i/(c + a_i)) V^T) (x - alpha mu): minus 1/(c + a_i)
times the coordinate along v_i, minus 1/c times every other.

Valid: h > 0. The coordinates along v_i are those of a diagonal Lambda.
"""

RESULT = "target-score"
VALUES = ("along v_i", "elsewhere")


def target_score(alpha2, h, sigma2, D, k, planes, fn=None):
    """Score of the target.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes: one (lambda, sin, cos)
    for each of the d target directions, those without partner last, with sin = 1 and cos = 0.
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
