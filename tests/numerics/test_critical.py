"""The critical angle solves its equation: the term there is the tolerance, and right angles come where it never is."""

from fractions import Fraction

import pytest
from flint import arb

from latentreuse.catalogue import function
from numerics.critical import critical_angles
from numerics.evaluate import evaluate
from numerics.points import Angle, ExactPoint

HALF = Angle(Fraction(1, 2))


def point(tol, theta=HALF, lam=Fraction(2), sigma2=Fraction(1, 3), D=5):
    return ExactPoint(D, 1, 1, (theta,), (lam,), sigma2, Fraction(3, 5), Fraction(2, 5), parameters={"tol": tol})


def term(theta, **changes):
    """The plane's share of E: the whole error less that of a plane at angle zero."""
    whole, _ = evaluate(function("frozen-latent-error"), point(Fraction(1), theta, **changes), 40)
    alone, _ = evaluate(function("frozen-latent-error"), point(Fraction(1), Angle(), **changes), 40)
    return Fraction(whole) - Fraction(alone)


@pytest.mark.parametrize("tol", ["0.3", "1e-12", "5"])
def test_the_term_at_the_critical_angle_is_the_tolerance(tol):
    (angle,), (radius,) = critical_angles(function("critical-angle"), point(Fraction(tol)), digits=30)
    assert Fraction(radius) < Fraction(angle) * Fraction(1, 10**29)
    assert float(term(Angle(Fraction(angle)))) == pytest.approx(float(tol), rel=1e-12)


def test_a_tolerance_that_never_binds_gives_a_right_angle():
    (angle,), _ = critical_angles(function("critical-angle"), point(Fraction(100)), digits=20)
    assert arb(angle).overlaps(arb.pi() / 2) or abs(float(angle) - 1.5707963267948966) < 1e-15


@pytest.mark.parametrize("changes", [{"lam": Fraction(0)}, {"lam": Fraction(0), "sigma2": Fraction(0)}])
def test_a_plane_without_variance_may_turn_all_the_way(changes):
    (angle,), _ = critical_angles(function("critical-angle"), point(Fraction(1, 10**9), **changes), digits=15)
    assert float(angle) == pytest.approx(1.5707963267948966, abs=1e-15)


def test_a_tolerance_met_exactly_at_a_right_angle():
    a, h = Fraction(6, 5), Fraction(2, 5)
    c = h + Fraction(3, 5) * Fraction(1, 3)
    met = a * (1 / h**2 - 1 / (c * (c + a)))
    (angle,), _ = critical_angles(function("critical-angle"), point(met), digits=15)
    assert float(angle) == pytest.approx(1.5707963267948966, abs=1e-14)
