"""The reuse horizon: a root that dense matrices confirm, at every tolerance, and 0 where nothing is missed."""

from dataclasses import replace
from fractions import Fraction as F

import pytest
from flint import arb, ctx, fmpq

from latentreuse.catalogue import function
from numerics.cases import Case, quick_cases
from numerics.dense import exact_model
from numerics.horizon import UNSCALED, horizon, root
from numerics.parameters import value
from numerics.points import Angle, TanHalf

EMITTED = function("reuse-horizon")
MISSING = [case for case in quick_cases(True) if exact_model(case).error > 0]
ALPHA = {  # alpha^2 and the ratio from the process's own alpha, for a root of the unscaled error
    "vp": lambda alpha: (1 - alpha**2) / alpha**2,
    "flow": lambda alpha: ((1 - alpha) / alpha) ** 2,
}


def with_tolerance(case: Case, tol: F):
    """The case's point with another tolerance."""
    point = case.point()
    return replace(point, parameters={**point.parameters, "tol": tol})


def scaled_error(case: Case, r: F) -> F:
    """The dense F at a ratio."""
    dense = exact_model(case.at(F(1), r)).error
    return F(int(dense.p), int(dense.q))


@pytest.mark.parametrize("case", MISSING, ids=lambda case: case.describe()[:12])
@pytest.mark.parametrize("tol", [F(1, 10**9), None, F(10**9)], ids=["small", "own", "large"])
def test_the_dense_error_passes_the_tolerance_at_the_horizon(case, tol):
    tol = tol or value("tol", case)
    found, radius = horizon(EMITTED, with_tolerance(case, tol), digits=25)
    r = F(found)
    assert F(radius) <= r / 10**25
    assert scaled_error(case, r * (1 - F(1, 10**20))) > tol > scaled_error(case, r * (1 + F(1, 10**20)))


@pytest.mark.parametrize("process", sorted(ALPHA))
def test_the_horizon_of_the_unscaled_error(process):
    for case in MISSING[:4]:
        tol = value("tol", case)
        values, radii = horizon(EMITTED, case.point(), process, digits=25)
        assert values[0] == horizon(EMITTED, case.point(), digits=25)[0]
        assert F(radii[1]) <= F(values[1]) / 10**25
        with ctx.workprec(200):  # alpha of the process at the ratio, as a rational near it, and the dense error there
            r = arb(fmpq(F(values[1]).numerator, F(values[1]).denominator))
            alpha = F(str((1 / UNSCALED[process](r).sqrt()).mid().str(40, radius=False)))
        for shift, above in ((1 + F(1, 10**15), True), (1 - F(1, 10**15), False)):
            ratio = ALPHA[process](alpha * shift)
            error = scaled_error(case, ratio) / (alpha * shift) ** 2
            assert (error > tol) is above, (process, case.describe())


def test_without_a_scale_of_its_own_the_unscaled_error_is_the_scaled_one():
    values, _ = horizon(EMITTED, MISSING[0].point(), "ve", digits=25)
    assert values[0] == values[1]


def test_nothing_missed_has_its_horizon_at_zero():
    aligned = Case(4, 2, 2, (TanHalf(F(0)), TanHalf(F(0))), (F(2), F(1)), F(0), F(1, 2), F(1, 2))
    whole = Case(3, 3, 2, (TanHalf(F(0)), TanHalf(F(0))), (F(2), F(1)), F(1), F(1, 2), F(1, 2))
    silent = Case(4, 2, 2, (TanHalf(F(1, 2)), TanHalf(F(0))), (F(0), F(1)), F(0), F(1, 2), F(1, 2))
    for case in (aligned, whole, silent):
        assert horizon(EMITTED, case.point(), digits=20) == ("0", "0")
        assert horizon(EMITTED, case.point(), "flow", digits=20) == (["0", "0"], ["0", "0"])


def test_a_barely_missed_direction_has_a_small_horizon_and_many_digits():
    case = Case(3, 1, 1, (Angle(F(1, 10**30)),), (F(1),), F(0), F(1), F(1))
    found, radius = horizon(EMITTED, with_tolerance(case, F(1)), digits=60)
    assert F(radius) <= F(found) / 10**60
    assert abs(F(found) ** 2 * 10**60 - 1) < F(1, 10**25)  # sqrt(lambda s/tol), s = 1e-60


def test_more_digits_agree_with_fewer():
    point = MISSING[0].point()
    (few, radius), (many, _) = horizon(EMITTED, point, digits=10), horizon(EMITTED, point, digits=400)
    assert abs(F(few) - F(many)) <= F(radius)
    assert len(many) > 400


def test_a_function_that_does_not_pass_one_is_not_given_a_root():
    with ctx.workprec(100):
        low, high = arb(1), arb(3)
        assert root(lambda r: 1 / r + 1, low, high).contains(high)
        assert root(lambda r: 4 / r**2, low, high).contains(2)
        assert root(lambda r: 4 / r**2, low, high).rad() < 1e-20


def test_an_unknown_process_and_a_point_without_tolerance_are_refused():
    point = MISSING[0].point()
    with pytest.raises(ValueError, match="sub-vp"):
        horizon(EMITTED, point, "sub-vp", digits=10)
    with pytest.raises(ValueError, match="tol needed"):
        horizon(EMITTED, replace(point, parameters={}), digits=10)
