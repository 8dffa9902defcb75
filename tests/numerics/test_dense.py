"""Frames and dense models: orthonormal, with the angles asked for, and right by definition."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq

from numerics.cases import Case, full_cases, is_zero, quick_cases
from numerics.dense import ball_model, contract, exact_model, trace
from numerics.frames import EXACT_FIELD, float_frames
from numerics.points import Angle, TanHalf


def test_pythagorean_orthogonal_matrices_are_exactly_orthogonal_dense_and_small():
    Q = EXACT_FIELD.orthogonal(24, random.Random(1))
    assert Q * Q.transpose() == exact_model(quick_cases(True)[0]).eye(24)
    assert sum(x != 0 for x in Q.entries()) > 300
    assert max(len(str(x.q)) for x in Q.entries()) < 12


@pytest.mark.parametrize("case", full_cases(True)[::9])
def test_exact_frames_have_the_angles_asked_for(case):
    m = exact_model(case)
    assert m.U.transpose() * m.U == m.eye(case.k)
    assert m.V.transpose() * m.V == m.eye(case.d)
    overlap = m.V.transpose() * m.U * m.U.transpose() * m.V
    cosines = [EXACT_FIELD.sincos(angle)[1] for angle in case.angles]
    assert trace(overlap) == sum((c * c for c in cosines), fmpq(0))
    assert trace(overlap * overlap) == sum((c**4 for c in cosines), fmpq(0))


def test_frames_are_deterministic_and_depend_on_the_seed():
    case = quick_cases(True)[0]
    assert exact_model(case) is exact_model(case)
    assert exact_model(replace(case, seed=5)).U != exact_model(case).U
    with ctx.workprec(300):
        coarse = ball_model(quick_cases(False)[0]).U
    with ctx.workprec(600):
        assert coarse.overlaps(ball_model(quick_cases(False)[0]).U)


def test_angles_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        Case(3, 2, 2, (Angle(Fraction(1)),) * 2, (Fraction(1),) * 2, Fraction(0), Fraction(1), Fraction(1))


def test_float_frames():
    case = quick_cases(False)[2]
    U, V, encoder, target = float_frames(case, np.random.default_rng(0))
    sines = [float(angle.sincos(80)[0]) for angle in case.angles]
    assert np.allclose(U.T @ U, np.eye(case.k))
    assert np.allclose(V.T @ V, np.eye(case.d))
    assert np.allclose(encoder @ encoder.T, U @ U.T)
    off = target - U @ (U.T @ target)
    assert np.allclose(np.linalg.norm(off, axis=0)[: len(sines)], sines)


def test_trace_form_agrees_with_the_definition():
    for case in quick_cases(True):
        m = exact_model(case)
        outside = trace(m.P * m.Sigma) / (m.h * m.h) - fmpq(2 * (case.D - case.k)) / m.h
        assert m.error == trace(m.precision) - trace(m.latent_precision) + outside
        assert contract(m.Sigma, m.P) == trace(m.Sigma * m.P)


@pytest.mark.parametrize("index", [0, 2, 3, 4])
def test_slopes_agree_with_central_differences(index):
    case, step = quick_cases(False)[index], Fraction(1, 10**12)

    def error(**changes):
        return ball_model(replace(case, **changes)).error

    def difference(up, down):
        return (error(**up) - error(**down)) / (2 * arb(fmpq(1, 10**12)))

    with ctx.workprec(400):
        m = ball_model(case)
        for i, angle in enumerate(case.angles):
            if is_zero(angle) or angle.p:
                assert abs(m.angle_slope(i)).abs_upper() < 1e-50
                continue
            ends = [
                tuple(Angle(a.q + s * step, a.p) if j == i else a for j, a in enumerate(case.angles)) for s in (1, -1)
            ]
            assert abs(m.angle_slope(i) - difference({"angles": ends[0]}, {"angles": ends[1]})) < 1e-18
        lam = [tuple(x + s * step * (j == 0) for j, x in enumerate(case.lam)) for s in (1, -1)]
        assert abs(m.variance_slope(0) - difference({"lam": lam[0]}, {"lam": lam[1]})) < 1e-18
        noise = [{"sigma2": case.sigma2 + s * step} for s in (1, -1)]
        assert abs(m.noise_slope - difference(*noise)) < 1e-18
        time = [{"h": case.h + s * step} for s in (1, -1)]
        assert abs(m.time_slope - difference(*time)) < 1e-18


def test_rational_angles():
    sine, cosine = TanHalf(Fraction(1, 2)).rational()
    assert (sine, cosine) == (fmpq(4, 5), fmpq(3, 5))
    assert TanHalf(Fraction(1)).rational() == (1, 0)
    assert abs(float(TanHalf(Fraction(1)).arb(80)) - 1.5707963267948966) < 1e-15
