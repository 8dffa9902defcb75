"""The divergence as an integral of the error."""

from collections.abc import Iterator
from fractions import Fraction

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "an integral over all r; its value, the KL, is sampled under exact-kl"
NOT_LEARNED: str | None = "a fitted score at every r; its integrand is fitted under frozen-latent-error"
LOGARITHMIC = True


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """KL against dense determinants, against -2 dKL/dr = F, and, in balls, against quadrature of the dense F."""
    m = route.model(case)
    (value,) = numbers(route.call(case), 1)
    yield equal("KL", value, m.kl)
    # At fixed alpha, dKL/dr = alpha^2 dKL/dh.
    yield equal("F = -2 dKL/dr", -2 * m.alpha2 * m.kl_slope, m.alpha2 * m.error)
    end = 9 * case.h / case.alpha2
    half = route.integral(case, end)
    if half is not None:
        later = case.at(Fraction(1), end)
        (remaining,) = numbers(route.call(later), 1)
        yield equal("KL_r = KL_R + half the integral of F", value, half / 2 + route.model(later).kl)
        yield equal("KL_r - KL_R = half the integral of F", value - remaining, half / 2)
