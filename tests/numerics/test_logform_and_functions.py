"""Formal logarithms, and the functions that emitted formulas may call, for each kind of number."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq

from numerics.balls import Ball, unwrap, wrap
from numerics.functions import ARRAY, BALL, EXACT, FLOAT, MPMATH, Inexact
from numerics.logform import LogForm, as_fmpq


def test_equal_logarithms_in_different_forms():
    two, three, six = (LogForm.log(n) for n in (2, 3, 6))
    assert two + three == six
    assert six - three - two == 0
    assert LogForm.log(8) / 3 == two
    assert LogForm.log(fmpq(1, 4)) * fmpq(-1, 2) == two
    assert LogForm.log(4) / 2 + LogForm.log(Fraction(9, 4)) / 2 == three
    assert 1 + two - Fraction(1, 2) == fmpq(1, 2) + two
    assert 2 - two == -(two - 2)
    assert LogForm.log(1) == 0
    assert two**1 == two
    assert two**0 == 1


def test_different_numbers_are_told_apart_exactly():
    two = LogForm.log(2)
    assert two != LogForm.log(2) + fmpq(1, 10**40)
    assert two != LogForm.log(2 + fmpq(1, 10**40))
    assert two != fmpq(6931471805599453, 10**16)
    assert two * 2 != two
    assert not two.is_zero()


def test_what_is_no_linear_form_is_refused():
    two = LogForm.log(2)
    for attempt in (lambda: two * two, lambda: 1 / LogForm(2), lambda: two / two, lambda: two**2, lambda: two + 0.5):
        with pytest.raises(TypeError):
            attempt()
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="not real"):
            LogForm.log(wrong)
    with pytest.raises(TypeError):
        as_fmpq(0.5)
    assert LogForm(3) * two == two * 3
    assert two * LogForm(3) == two * 3


def test_ball_of_a_form():
    form = (LogForm.log(2) - LogForm.log(3)) * fmpq(1, 2) + fmpq(1, 3)
    assert abs(float(form.ball()) - (0.5 * math.log(2 / 3) + 1 / 3)) < 1e-15


def arguments():
    return np.concatenate(
        [10.0 ** np.linspace(-150, 2, 400), -(10.0 ** np.linspace(-150, -0.01, 400)), [0.0, 1.0, -0.5]]
    )


def truth(x):
    with mpmath.workdps(400):
        return mpmath.mpf(float(x)) - mpmath.log1p(mpmath.mpf(float(x)))


def test_phi_in_float64_is_right_to_the_last_digits():
    for x, vector in zip(arguments(), ARRAY.phi(arguments()), strict=True):
        exact = truth(x)
        for value in (FLOAT.phi(float(x)), vector):
            assert abs(mpmath.mpf(float(value)) - exact) <= 1e-15 * abs(exact)


def test_phi_in_mpmath_and_balls():
    with ctx.workprec(400), mpmath.workdps(50):
        for x in (1e-9, 0.3, -0.2, 7.0):
            assert abs(MPMATH.phi(x) / truth(x) - 1) < 1e-48
            assert BALL.phi(arb(x)).overlaps(arb(str(truth(x)), 1e-48 * x * x))
        assert MPMATH.phi(0) == 0


def test_exact_functions():
    assert EXACT.log1p(1) == LogForm.log(2)
    assert EXACT.phi(fmpq(1, 2)) == fmpq(1, 2) - LogForm.log(Fraction(3, 2))
    assert EXACT.sqrt(fmpq(9, 4)) == fmpq(3, 2)
    assert EXACT.min(fmpq(1, 3), fmpq(1, 2)) == fmpq(1, 3)
    assert EXACT.max(fmpq(1, 3), 1) == 1
    assert EXACT.asin(0) == EXACT.atan2(0, 2) == 0
    with pytest.raises(Inexact):
        EXACT.sqrt(2)
    for irrational in (lambda: EXACT.asin(1), lambda: EXACT.atan2(1, 1), lambda: EXACT.atan2(0, -1)):
        with pytest.raises(Inexact):
            irrational()
    with pytest.raises(ValueError, match="not real"):
        EXACT.asin(2)
    with pytest.raises(ValueError, match="not real"):
        EXACT.sqrt(-1)


def test_other_namespaces_agree_on_ordinary_arguments():
    for fn in (FLOAT, ARRAY, MPMATH, BALL):
        assert float(fn.sqrt(arb(2) if fn is BALL else 2.0)) == pytest.approx(math.sqrt(2))
        assert float(fn.log1p(arb(1) if fn is BALL else 1.0)) == pytest.approx(math.log(2))
        assert float(fn.min(arb(2) if fn is BALL else 2.0, 3)) == 2.0
        assert float(fn.max(arb(2) if fn is BALL else 2.0, 3)) == 3.0
        half, two = (arb(0.5), arb(2)) if fn is BALL else (0.5, 2.0)
        assert float(fn.asin(half)) == pytest.approx(math.asin(0.5))
        assert float(fn.atan2(half, two)) == pytest.approx(math.atan2(0.5, 2))


def test_balls_at_the_edge_of_a_domain_are_cut_and_those_beyond_it_are_no_numbers():
    with ctx.workprec(200):
        tiny = arb(0, 1e-40)
        root, arc = BALL.sqrt(tiny), BALL.asin(1 + tiny)
        assert root.contains(0)
        assert root.contains(arb(1e-40).sqrt() * 0.999)
        assert float(root.rad()) < 1e-19
        assert arc.overlaps(arb.pi() / 2)
        assert arc.contains((1 - arb(0.99e-40)).asin())
        assert BALL.sqrt(arb(0)) == 0
        assert BALL.sqrt(arb(4)) == 2
        assert not BALL.sqrt(arb(-1)).is_finite()
        assert not BALL.asin(arb(2)).is_finite()
        assert not BALL.sqrt(arb.nan()).is_finite()
        assert not BALL.asin(arb.nan()).is_finite()
        assert BALL.asin(arb(-1)).overlaps(-arb.pi() / 2)


def test_balls_survive_powers_around_zero_and_refuse_what_is_not_theirs():
    around = Ball(arb(0, 1e-10))
    for power in (1, 2, 3, 5):
        assert (around**power).enclosure.is_finite()
        assert (around**power).enclosure.contains(0)
    assert (Ball(2) ** -2).enclosure.contains(fmpq(1, 4))
    assert (Ball(3) ** 0).enclosure == 1
    assert (1 - Ball(3) * 2 + fmpq(1, 2) - (-Ball(1))).enclosure == arb(-3.5)
    with pytest.raises(ZeroDivisionError):
        Ball(1) / Ball(0)
    with pytest.raises(ZeroDivisionError):
        2 / Ball(0)
    with pytest.raises(TypeError):
        Ball(1) * 0.5
    with pytest.raises(TypeError):
        Ball(4) ** 0.5
    assert isinstance(BALL.sqrt(Ball(4)), Ball)
    assert unwrap(wrap([arb(1), [arb(2), 3]])) == [arb(1), [arb(2), 3]]
