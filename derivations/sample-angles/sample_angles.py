"""Principal angles from samples. Derived and emitted by latentreuse; do not edit.

Source and target are each estimated by the leading eigenvectors of n samples in D dimensions, tau^2 = D/n. In
the limit an estimated direction has the squared cosine (1 - tau^2/l^2)/(1 + tau^2/l) with the true one, l =
lambda_i/sigma^2, if l > tau; otherwise nothing of it can be identified. The squared cosine measured between
the two estimates is the true one times both overlaps: angles are overestimated, and equal subspaces show an
angle, which vanishes as D/n goes to 0. Dividing by the overlaps gives the true angle back. The values below
are for a source with the target's spikes.

overlap: (1 - tau^2*(sigma2/lambda_i)^2)/(1 + tau^2*(sigma2/lambda_i))
measured squared cosine: ((1 - tau^2*(sigma2/lambda_i)^2)/(1 + tau^2*(sigma2/lambda_i)))^2*(1 - s_i)

Valid: lambda_i > tau sigma^2 and lambda_s > tau sigma_s^2, in the limit of large D and n. Several spikes: the singular values of R_s (V_s^T V) R_t in the two eigenbases, where R holds the roots of the overlaps; the values here are for eigenbases that are the principal ones.
"""

RESULT = "sample-angles"
VALUES = ("overlap", "measured squared cosine")
USES = ("sigma2", "planes", "tau")
PARAMETERS = ("tau",)
SOURCED = False


def sample_angles(alpha2, h, sigma2, D, k, planes, tau, fn=None):
    """Principal angles from samples.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    tau: threshold.
    """
    values = []
    for lam, sin, cos in planes[:k]:
        values.append((lam - tau * sigma2) * (lam + tau * sigma2) / (lam * (lam + tau**2 * sigma2)))
    for lam, sin, cos in planes[:k]:
        values.append(((lam - tau * sigma2) * (lam + tau * sigma2) / (lam * (lam + tau**2 * sigma2)))**2 * cos**2)
    return values
