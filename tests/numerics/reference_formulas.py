"""Small reference formulas in the emitted calling convention, written by hand for attacking the rungs."""


class MissingFunctions:
    """Stands in for a namespace when none is passed: nothing may be called."""


def _times(alpha2, h, sigma2):
    return h + alpha2 * sigma2


def principal_planes(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c, m = _times(alpha2, h, sigma2), k
    a = [alpha2 * lam for lam, _, _ in planes]
    cc = [co * co for _, _, co in planes]
    ss = [s * s for _, s, _ in planes]
    sigma = D * c + sum(a)
    encoded = m * c + sum(x * y for x, y in zip(a, cc, strict=True))
    rest = (D - k) * c + sum(x * y for x, y in zip(a, ss, strict=True))
    square = D * c**2 + sum(2 * c * x + x**2 for x in a)
    encoded2 = m * c**2 + sum(2 * c * x * y + (x * y) ** 2 for x, y in zip(a, cc, strict=True))
    rest2 = (D - k) * c**2 + sum(2 * c * x * y + (x * y) ** 2 for x, y in zip(a, ss, strict=True))
    return [sigma, encoded, rest, square, encoded2, rest2]


def forward_marginal(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c = _times(alpha2, h, sigma2)
    return [[c + alpha2 * lam, 1] for lam, _, _ in planes] + [[c, D - len(planes)]]


def target_score(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    return [[1 / value, count] for value, count in forward_marginal(alpha2, h, sigma2, D, k, planes)]


def latent_optimum(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c, m = _times(alpha2, h, sigma2), min(k, len(planes))
    return [[1 / (c + alpha2 * lam * co**2), 1] for lam, _, co in planes[:m]] + [[1 / c, k - m]]


def frozen_latent_error(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c = _times(alpha2, h, sigma2)
    total = (D - k) * (c - h) ** 2 / (c * h**2)
    for lam, s, co in planes:
        a = alpha2 * lam
        total = total + a * s**2 * (1 / h**2 - 1 / ((c + a) * (c + a * co**2)))
    return total


def in_latent_gap(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c = _times(alpha2, h, sigma2)
    total = 0 * c
    for lam, s, co in planes:
        a = alpha2 * lam
        total = total + a**2 * s**2 * co**2 / (c * (c + a) * (c + a * co**2))
    return total


def two_sided_bound(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    rho = alpha2 * sigma2 / h
    ambient = (D - k) / h * fn.min(rho, rho**2)
    lower, upper = ambient / 2, ambient
    for lam, s, _ in planes:
        a = alpha2 * lam
        lower = lower + a**2 * s**2 / (h**2 * (h + a))
        upper = upper + a * s**2 / h**2
    return [lower, frozen_latent_error(alpha2, h, sigma2, D, k, planes), upper]


def monotonicity(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c = _times(alpha2, h, sigma2)
    slopes = []
    for lam, s, co in planes[: min(k, len(planes))]:
        a = alpha2 * lam
        # d/ds of a s [1/h^2 - 1/((c+a)(c+a(1-s)))] is a/h^2 - a/(c+a(1-s))^2, and ds/dtheta = 2 sin cos.
        slopes.append(2 * s * co * a * (1 / h**2 - 1 / (c + a * co**2) ** 2))
    return slopes


def exact_kl(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    c = _times(alpha2, h, sigma2)
    total = (D - k) * fn.phi(alpha2 * sigma2 / h)
    for lam, s, co in planes:
        a = alpha2 * lam
        total = total + a * s**2 / h - fn.log1p(a * s**2 / (c + a * co**2))
    return total / 2


def kl_is_integrated_error(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    return exact_kl(alpha2, h, sigma2, D, k, planes, fn)


def schedule_invariance(alpha2, h, sigma2, D, k, planes, fn=MissingFunctions):
    F = alpha2 * frozen_latent_error(alpha2, h, sigma2, D, k, planes)
    return [F, exact_kl(alpha2, h, sigma2, D, k, planes, fn)]


FORMULAS = {
    "principal-planes": principal_planes,
    "forward-marginal": forward_marginal,
    "target-score": target_score,
    "latent-optimum": latent_optimum,
    "frozen-latent-error": frozen_latent_error,
    "in-latent-gap": in_latent_gap,
    "two-sided-bound": two_sided_bound,
    "monotonicity": monotonicity,
    "schedule-invariance": schedule_invariance,
    "exact-kl": exact_kl,
    "kl-is-integrated-error": kl_is_integrated_error,
}
