"""Derivatives of the error, and their signs."""

from collections.abc import Iterator

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, listed

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "a derivative: the difference of two sampled errors has no power"
NOT_LEARNED: str | None = "a derivative: the difference of two fitted errors has no power"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted derivatives in the angles against dense ones, and the signs of all dense derivatives."""
    m = route.model(case)
    values = listed(route.call(case), min(case.k, case.d))
    zero = route.field.number(0)
    for i, value in enumerate(values):
        slope = m.angle_slope(i)
        yield equal(f"dE/dtheta_{i + 1}", value, slope)
        yield at_most(f"0 <= dE/dtheta_{i + 1}", zero, slope)
    for i in range(case.d):
        yield at_most(f"0 <= dE/dlambda_{i + 1}", zero, m.variance_slope(i))
    yield at_most("0 <= dE/dsigma^2", zero, m.noise_slope)
    # F = alpha^2 E as a function of r = h / alpha^2 at fixed alpha: dF/dr = alpha^4 dE/dh.
    F, slope, r = m.alpha2 * m.error, m.alpha2 * m.alpha2 * m.time_slope, m.h / m.alpha2
    yield at_most("dF/dr <= 0", slope, zero)
    yield at_most("d(rF)/dr <= 0", F + r * slope, zero)
    yield at_most("d(r^2 F)/dr <= 0", 2 * r * F + r * r * slope, zero)
