"""Best mixing weight. Derived and emitted by latentreuse; do not edit.

One plane with an acute angle, one direction of it kept, equal ambient noise. As the weight pi of the source
grows the pooled direction turns from the target's direction to the source's (the cotangent of twice its angle
from the source's grows with the odds pi/(1 - pi)), so that the source's error falls and the target's rises:
the larger of both is least at the one weight where they are equal. As r -> 0 they are equal where both miss
the same variance, lambda_s_i sin^2(phi) = lambda_i sin^2(theta_i - phi); the direction that does so is
sqrt(lambda_s_i) u + sqrt(lambda_i) v, with u and v the source's and the target's direction, and it is the
leading pooled one at the weight below and at no other.

weight: sqrt(lambda_i)*(sqrt(lambda_i) + sqrt(lambda_s_i)*cos_i)/(lambda_s_i + lambda_i + 2*sqrt(lambda_s_i)*sqrt(lambda_i)*cos_i)

Valid: 0 < theta_i below a right angle, lambda_s_i > 0, lambda_i > 0, sigma_s = sigma; the limit r -> 0. At r > 0 the weight is the root of the difference of both errors, which is enclosed when it is evaluated. With unequal ambient noise one error may be the larger at every weight, and the best weight is then an end of the range; where the choice of the leading directions jumps with the weight a best one need not exist.
"""

import math

RESULT = "best-mixing-weight"
VALUES = ("weight",)
USES = ("planes",)
PARAMETERS = ()
SOURCED = True


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def best_mixing_weight(alpha2, h, sigma2, D, k, planes, fn=FLOAT):
    """Best mixing weight.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0.
    """
    values = []
    for lam, sin, cos, lam_s in planes:
        values.append(lam / (fn.sqrt(lam_s) * (fn.sqrt(lam_s) + 2 * fn.sqrt(lam) * cos) + lam) + fn.sqrt(lam_s) * (fn.sqrt(lam) * cos) / (fn.sqrt(lam_s) * (fn.sqrt(lam_s) + 2 * fn.sqrt(lam) * cos) + lam))
    return values
