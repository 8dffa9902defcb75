"""What the reused score generates. Derived and emitted by latentreuse; do not edit.

The reverse SDE with the reused score, stopped at h, generates N(0, Q) with Q = U M U^T + h P, exactly when it
starts from that law at the start's own time: s_U is the score of the diffused projection U U^T x_0. With
x/alpha in the clock r, from a centred Gaussian start of covariance C_R at R down to r, the covariance is Q_r
+ Q_r B_R Q_r, where Q_r = U M_0 U^T + r I and B_R = Q_R^-1 (C_R - Q_R) Q_R^-1; what remains of the start is
of order 1/R, so that the limit of large R gives N(0, Q) from any start. From the exact marginal two terms
remain, of order r/R. The eigenvalues of Q are below.

along u_i: c + a_i*(1 - s_i)
along a spare direction: c
off the encoder: h

Valid: h > 0, alpha > 0, centred Gaussian starts. In the lines about a start alpha, h, Sigma, M, Q are those of the start. The limit of large R is for a start that grows more slowly than R^2.
"""

RESULT = "generated-law"
VALUES = ("along u_i", "along a spare direction", "off the encoder")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes")
PARAMETERS = ()
SOURCED = False


def generated_law(alpha2, h, sigma2, D, k, planes, fn=None):
    """What the reused score generates.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0.
    """
    d = len(planes)
    c = h + alpha2 * sigma2
    values = []
    for lam, sin, cos in planes[:k]:
        a = alpha2 * lam
        values.append([c + a * cos**2, 1])
    value = [c, max(k - d, 0)]
    values.append(value)
    value = [h, D - k]
    values.append(value)
    return values
