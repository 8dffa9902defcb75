"""`critical-angle`: the quadratic against the dense term of one plane, at its own angle and at others."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.points import RIGHT_ANGLE, Angle, TanHalf

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "coefficients of a polynomial: the term itself is sampled under frozen-latent-error"
NOT_LEARNED: str | None = "coefficients of a polynomial: there is nothing to fit"
LOGARITHMIC = False
SMALL = 6  # where every angle of a plane is tried: each is a dense model of its own


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """A s^2 - B s + C against (tol - T) h^2 (c + a) (c + a (1 - s)), T the dense error that this plane alone adds."""
    pairs, field = min(case.k, case.d), route.field
    values = listed(route.call(case), 3 * pairs)
    m = route.model(case)
    tol, c = m.parameter("tol"), m.h + m.alpha2 * m.sigma2
    nothing = replace(case, lam=(Fraction(0),) * case.d)
    for i in range(pairs):
        square, linear, constant = values[i], values[pairs + i], values[2 * pairs + i]
        alone = replace(nothing, lam=tuple(x if j == i else Fraction(0) for j, x in enumerate(case.lam)))
        for angle in _angles(case, i, exact=field.exact)[: 3 if case.D <= SMALL else 1]:
            turned = tuple(angle if j == i else x for j, x in enumerate(case.angles))
            sine, cosine = field.sincos(angle)
            term = route.model(replace(alone, angles=turned)).error - route.model(replace(nothing, angles=turned)).error
            a = m.alpha2 * m.lam[i]
            left = (tol - term) * m.h * m.h * (c + a) * (c + a * cosine * cosine)
            s = sine * sine
            yield equal(f"plane {i + 1} at s = {s}", square * s * s - linear * s + constant, left)


def _angles(case: Case, i: int, *, exact: bool) -> list[TanHalf | Angle]:
    """The plane's own angle; and, where it has room to turn, two others, as a quadratic has three coefficients."""
    own = case.angles[i]
    sine, _ = own.sincos(64)
    if not sine > 0:
        return [own]
    others: list[TanHalf | Angle] = [TanHalf(Fraction(1, 3)), TanHalf(Fraction(2, 3))] if exact else [
        Angle(Fraction(2, 3)), RIGHT_ANGLE,
    ]  # fmt: skip
    return [own, *others]
