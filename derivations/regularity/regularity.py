"""Regularity of the latent score. Derived and emitted by latentreuse; do not edit.

The best latent score is affine, g(y) = -M^-1 (y - alpha U^T mu) with M = U^T Sigma U, so that its Lipschitz
constant is its largest gain, the inverse of the smallest eigenvalue of M. Behind the source's frame, U = V_s,
the gains are those below: the target's constant is the inverse of c plus the least a_i (1 - s_i), and 1/c
where k > d or an angle is right; the source's is the inverse of c_s plus the least of its latent variances
a_s_i. Behind a shared latent space that keeps both directions of a plane it is exactly 1/c for the target and
1/c_s for the source: the price of a larger shared latent space.

target, frozen: 1/(c + a_i*(1 - s_i))
source, frozen: 1/(c_s + a_s_i)
target, both directions: 1/c
source, both directions: 1/c_s

Valid: h > 0; each domain with its own score; the largest of the gains is taken when they are evaluated. One latent score for both domains is that of a mixture of two Gaussians, and need not be globally Lipschitz: where the difference of the two precisions is indefinite, the mixture's weights pass from one component to the other arbitrarily far out, at a rate that grows with |y|, between gradients whose difference grows with |y| too (an outline, which is not part of what is proved).
"""

RESULT = "regularity"
VALUES = ("target, frozen", "source, frozen", "target, both directions", "source, both directions")
USES = ("alpha2", "h", "sigma2", "planes", "sigma_s2")
PARAMETERS = ("sigma_s2",)
SOURCED = True


def regularity(alpha2, h, sigma2, D, k, planes, sigma_s2, fn=None):
    """Regularity of the latent score.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos, the source's lambda) of each of the d target directions, those without partner last,
    with sin = 1, cos = 0; sigma_s2: the source's sigma^2.
    """
    c = h + alpha2 * sigma2
    c_s = h + alpha2 * sigma_s2
    values = []
    for lam, sin, cos, lam_s in planes[:k]:
        a = alpha2 * lam
        values.append(1 / (c + a * cos**2))
    for lam, sin, cos, lam_s in planes[:k]:
        a_s = alpha2 * lam_s
        values.append(1 / (c_s + a_s))
    value = 1 / c
    values.append(value)
    value = 1 / c_s
    values.append(value)
    return values
