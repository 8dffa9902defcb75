"""Error under a shared latent space. Derived and emitted by latentreuse; do not edit.

Source and target reuse the leading directions of their pooled data as encoder. Let it keep K directions in
all. By the trace form each domain's error is D - K times its ambient term, (c - h)^2/(c h^2), plus in each
plane a_i m_i (1/h^2 - 1/((c + a_i)(c + a_i (1 - m_i)))), with the domain's own a_i and c, where m_i is the
squared sine of the angle between its direction and what is kept of the plane: 1 where nothing is kept, 0
where both directions are, and with the pooled direction alone the values below. The pooled direction stands
at the angle phi from the source's, twice of which has the cosine pi lambda_s_i + (1 - pi) lambda_i cos 2
theta_i and the sine (1 - pi) lambda_i sin 2 theta_i, both over the difference of the pooled eigenvalues; the
values below are sin^2(phi) and sin^2(theta_i - phi).

target, missed: weight*lambda_s_i*s_i*((sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2) + weight*lambda_s_i - (1 - weight)*lambda_i)/2)/((weight*lambda_s_i + (1 - weight)*lambda_i + sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2*sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))
source, missed: (1 - weight)*lambda_i*s_i*((sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2) + (1 - weight)*lambda_i - weight*lambda_s_i)/2)/((weight*lambda_s_i + (1 - weight)*lambda_i + sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))/2*sqrt((weight*lambda_s_i - (1 - weight)*lambda_i)^2 + 4*weight*(1 - weight)*lambda_s_i*lambda_i*cos_i^2))

Valid: h > 0, 0 < pi < 1, equal means; both latent covariances diagonal in the principal basis. With one direction in a plane its pooled eigenvalues must differ: at a right angle with pi lambda_s_i = (1 - pi) lambda_i there is no pooled direction. The leading K directions are one a plane only where every larger eigenvalue is at least every smaller one; otherwise they are found by sorting the eigenvalues.
"""

import math

RESULT = "shared-latent-error"
VALUES = ("target, missed", "source, missed")
USES = ("planes", "weight")
PARAMETERS = ("weight",)
SOURCED = True


class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""

    sqrt = staticmethod(math.sqrt)


def shared_latent_error(alpha2, h, sigma2, D, k, planes, weight, fn=FLOAT):
    """Error under a shared latent space.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0; weight: weight of the source in the pool.
    """
    values = []
    for lam, sin, cos, lam_s in planes:
        s = sin * sin
        values.append(weight * lam_s * s * ((weight * lam_s - (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2)) / 2 + 2 * (weight * (1 - weight) * lam_s * lam * cos**2) / (fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2) + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2))) / ((weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) / 2 * fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)))
    for lam, sin, cos, lam_s in planes:
        s = sin * sin
        values.append((1 - weight) * lam * s * (((1 - weight) * lam - weight * lam_s + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2)) / 2 + 2 * (weight * (1 - weight) * lam_s * lam * cos**2) / (fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2) + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2))) / ((weight * lam_s + (1 - weight) * lam + fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)) / 2 * fn.sqrt((weight * lam_s - (1 - weight) * lam)**2 + 4 * weight * (1 - weight) * lam_s * lam * cos**2)))
    return values
