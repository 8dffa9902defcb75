"""SDE and flow from a wrong start. Derived and emitted by latentreuse; do not edit.

The samplers that use the reused score from the ratio R down to r keep every direction of the encoder and of
its complement apart. Let m_r be the variance over alpha^2 of the law that has this score: r + sigma^2 +
lambda_i (1 - s_i) along u_i, r + sigma^2 along a spare direction, r in the complement. A start with variance
v_R = m_R (1 + q) ends at m_r (1 + q) by the probability flow and at m_r (1 + (m_r/m_R) q) by the reverse SDE.
So the SDE is never farther from that law than the flow, in divergence both ways and in W_2; from the diffused
target it can be. The variances below are those from N(0, I) where alpha^2 + h = 1 at the start.

SDE along u_i: (h + alpha^2*(sigma2 + lambda_i*(1 - s_i)))*((R + sigma2 + lambda_i*(1 - s_i))*(R - r) + (r + sigma2 + lambda_i*(1 - s_i))*(1 + R))/(R + sigma2 + lambda_i*(1 - s_i))^2
SDE along a spare direction: (h + alpha^2*sigma2)*((R + sigma2)*(R - r) + (r + sigma2)*(1 + R))/(R + sigma2)^2
SDE in the complement: h*(R*(R - r) + r*(1 + R))/R^2
flow along u_i: (h + alpha^2*(sigma2 + lambda_i*(1 - s_i)))*(1 + R)/(R + sigma2 + lambda_i*(1 - s_i))
flow along a spare direction: (h + alpha^2*sigma2)*(1 + R)/(R + sigma2)
flow in the complement: h*(1 + R)/R

Valid: 0 < r < R, alpha > 0, centred start that is diagonal in the same directions. Divergences and W_2^2 are sums over the directions, so the comparison holds for any spectrum.
"""

RESULT = "continuous-sampler"
VALUES = ("SDE along u_i", "SDE along a spare direction", "SDE in the complement", "flow along u_i", "flow along a spare direction", "flow in the complement")
USES = ("alpha2", "h", "sigma2", "D", "k", "planes", "r_end")
PARAMETERS = ("r_end",)
SOURCED = False


def continuous_sampler(alpha2, h, sigma2, D, k, planes, r_end, fn=None):
    """SDE and flow from a wrong start.

    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:
    (lambda, sin, cos) of each of the d target directions, those without partner last, with sin = 1, cos = 0;
    r_end: ratio h/alpha^2 at the far end.
    """
    d = len(planes)
    r = h / alpha2
    values = []
    for lam, sin, cos in planes[:k]:
        values.append([(h + alpha2 * (sigma2 + lam * cos**2)) * ((r_end + sigma2 + lam * cos**2) * (r_end - r) + (r + sigma2 + lam * cos**2) * (1 + r_end)) / (r_end + sigma2 + lam * cos**2)**2, 1])
    value = (
        [(h + alpha2 * sigma2) * ((r_end + sigma2) * (r_end - r) + (r + sigma2) * (1 + r_end)) / (r_end + sigma2)**2, max(k - d, 0)]
    )
    values.append(value)
    value = [h * (r_end * (r_end - r) + r * (1 + r_end)) / r_end**2, D - k]
    values.append(value)
    for lam, sin, cos in planes[:k]:
        values.append([(h + alpha2 * (sigma2 + lam * cos**2)) * (1 + r_end) / (r_end + sigma2 + lam * cos**2), 1])
    value = [(h + alpha2 * sigma2) * (1 + r_end) / (r_end + sigma2), max(k - d, 0)]
    values.append(value)
    value = [h * (1 + r_end) / r_end, D - k]
    values.append(value)
    return values
