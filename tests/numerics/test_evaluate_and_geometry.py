"""Certified values, and principal angles of given frames."""

from fractions import Fraction as F

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq
from reference_formulas import exact_kl, forward_marginal, frozen_latent_error, in_latent_gap, two_sided_bound

from numerics.eigenvalues import orthonormalised, symmetric_eigenvalues
from numerics.evaluate import evaluate
from numerics.frames_geometry import FramePair, principal_sincos
from numerics.points import Angle, Computed, ExactPoint, ExactReal, TanHalf, enclose, exp_of, one_minus_exp_of


def point(theta, lam=None, sigma2=F(1, 20), alpha2=F(3, 5), h=F(2, 5), D=12):
    lam = lam or (F(2),) * len(theta)
    return ExactPoint(D, len(theta), len(theta), tuple(theta), lam, sigma2, alpha2, h)


ISSUE = [Angle(F(1, 5)), Angle(F(7, 10)), Angle(F(13, 10))]


def mpmath_error():
    with mpmath.workdps(80):
        a2, h, s2 = mpmath.mpf(3) / 5, mpmath.mpf(2) / 5, mpmath.mpf(1) / 20
        planes = [(mpmath.mpf(2), mpmath.sin(mpmath.mpf(x) / 10), mpmath.cos(mpmath.mpf(x) / 10)) for x in (2, 7, 13)]
        return frozen_latent_error(a2, h, s2, 12, 3, planes)


@pytest.mark.parametrize("digits", [1, 15, 50, 70])
def test_digits_are_right_and_the_radius_bounds_the_error(digits):
    value, radius = evaluate(frozen_latent_error, point(ISSUE), digits)
    with mpmath.workdps(80):
        truth = mpmath_error()
        assert abs(mpmath.mpf(value) - truth) <= mpmath.mpf(radius) + mpmath.mpf(10) ** -77
        assert mpmath.mpf(radius) <= mpmath.mpf(10) ** -digits * abs(truth)


def test_shapes_and_exact_zeros():
    values, radii = evaluate(forward_marginal, point(ISSUE), 20)
    assert values[3][1] == "9"
    assert radii[3][1] == "0"
    assert len(values) == 4
    assert len(evaluate(two_sided_bound, point(ISSUE), 20)[0]) == 3
    assert evaluate(exact_kl, point([Angle()] * 2, sigma2=F(0)), 30) == ("0", "0")
    value, radius = evaluate(frozen_latent_error, point([Angle()] * 2, sigma2=F(0), h=F(1, 7)), 30)
    assert value == "0"
    assert float(radius) < 1e-30


def test_extreme_points():
    for h in (F(1, 10**8), 1 - F(1, 10**8)):
        value, radius = evaluate(in_latent_gap, point([Angle(F(1, 10**8))], alpha2=1 - h, h=h, D=3), 50)
        assert float(radius) <= 1e-50 * float(value)
    right = Angle(p=F(1, 2))
    assert evaluate(in_latent_gap, point([right], D=3), 50) == ("0", "0")


def test_transcendental_times():
    t = F(3, 10)
    a, b = evaluate(frozen_latent_error, point(ISSUE, alpha2=exp_of(-t), h=one_minus_exp_of(-t)), 30)
    plain = Computed("1-exp(-3/10)", lambda: 1 - (arb(-3) / 10).exp())
    assert evaluate(frozen_latent_error, point(ISSUE, alpha2=exp_of(-t), h=plain), 30)[0][:28] == a[:28]
    assert float(b) < 1e-29


def test_refusals():
    changes = [({"h": F(0)}, "h must be positive"), ({"alpha2": F(-1)}, "alpha2"), ({"sigma2": F(-1)}, "sigma2")]
    for change, word in [*changes, ({"lam": (F(1), F(-2), F(1))}, r"lambda\[2\]")]:
        with pytest.raises(ValueError, match=word):
            evaluate(frozen_latent_error, point(ISSUE, **change), 20)
    with pytest.raises(ValueError, match="digits"):
        evaluate(frozen_latent_error, point(ISSUE), 0)
    with pytest.raises(ValueError, match="divides by zero"):
        evaluate(lambda *a, fn: 1 / a[2], point(ISSUE, sigma2=F(0)), 20)
    with pytest.raises(ValueError, match="angles given"):
        ExactPoint(4, 2, 2, (Angle(),), (F(1),) * 2, F(0), F(1), F(1))
    with pytest.raises(ValueError, match="variances given"):
        ExactPoint(4, 1, 2, (Angle(),), (F(1),), F(0), F(1), F(1))
    with pytest.raises(ValueError, match="sizes"):
        ExactPoint(2, 3, 1, (Angle(),), (F(1),), F(0), F(1), F(1))


def test_exact_reals():
    assert enclose(F(3), 60) == 3
    assert ExactReal(F(1), F(2)).arb(80).overlaps(arb.pi() * 2 + 1)
    assert Angle(p=F(1, 2)).sincos(80) == (1, 0)
    assert Angle().sincos(80) == (0, 1)
    sine, cosine = Angle(F(1, 3), F(1, 7)).sincos(120)
    assert (sine * sine + cosine * cosine).contains(1)
    assert TanHalf(F(0)).sincos(60) == (0, 1)


def random_frames(angles, D, seed=0):
    rng = np.random.default_rng(seed)
    n = len(angles)
    Q = np.linalg.qr(rng.standard_normal((D, D)))[0]
    V = Q[:, :n] * np.cos(angles) + Q[:, n : 2 * n] * np.sin(angles)
    return Q[:, :n] @ np.linalg.qr(rng.standard_normal((n, n)))[0], V @ np.linalg.qr(rng.standard_normal((n, n)))[0]


def test_principal_angles_small_equal_and_right():
    angles = [1e-7, 0.6, 0.6, 1.2, np.pi / 2 - 1e-7]
    U, V = random_frames(angles, 12)
    for prec in (64, 200):
        found = principal_sincos(U, V, prec)
        for (sine, cosine), angle in zip(found, angles, strict=True):
            assert abs(float(sine) - np.sin(angle)) < 1e-14
            assert abs(float(cosine) - np.cos(angle)) < 1e-14
            assert float(sine.rad()) < 2.0**-prec
            assert (sine * sine + cosine * cosine).overlaps(arb(1))
    coarse, fine = principal_sincos(U, V, 64), principal_sincos(U, V, 300)
    assert all(x.overlaps(y) for a, b in zip(coarse, fine, strict=True) for x, y in zip(a, b, strict=True))


def test_principal_angles_of_equal_nested_and_orthogonal_frames():
    eye = np.eye(6)
    assert all(float(s.abs_upper()) < 1e-30 for s, _ in principal_sincos(eye[:, :2], eye[:, :2], 100))
    nested = FramePair.of(eye[:, :2], eye[:, :4]).angles()
    assert len(nested) == 2
    assert all(float(angle.arb(100).abs_upper()) < 1e-30 for angle in nested)
    for angle in FramePair.of(eye[:, :2], eye[:, 3:]).angles():
        assert angle.arb(100).overlaps(arb.pi() / 2)
    mixed = principal_sincos(eye[:, :2], eye[:, 1:3], 100)
    assert [float(s) for s, _ in mixed] == [0, 1]


def test_frames_evaluate_like_the_angles_they_came_from():
    U, V = random_frames([0.2, 0.7, 1.3], 12)
    value, radius = evaluate(frozen_latent_error, point(FramePair.of(U, V).angles()), 40)
    assert float(value) == pytest.approx(float(mpmath_error()), rel=1e-12)
    assert float(radius) < 1e-39


def test_bad_frames_are_named():
    eye = np.eye(4)
    wrong = [
        (eye[:, :2] * 1.001, "not orthonormal.*2.0e-03.*limit 1e-10"),
        (np.ones(3), "must be a matrix"),
        (np.full((4, 2), np.nan), "not finite"),
        (eye[:2].astype(complex), "real numbers"),
        (eye[:2], "more columns"),
    ]
    for U, word in wrong:
        with pytest.raises(ValueError, match=word):
            FramePair.of(U, eye[:, :2])
    with pytest.raises(ValueError, match="rows"):
        FramePair.of(np.eye(3)[:, :2], eye[:, :2])


def test_eigenvalue_enclosures_hold_with_multiples():
    with ctx.workprec(250):
        skew = arb_mat([[0, 1, 2], [-1, 0, 3], [-2, -3, 0]])
        eye = arb_mat([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
        Q = (eye - skew) * (eye + skew).inv()
        for values in ([1, 1, 1], [0, 0, 0], [1, 1, 2], [-3, 0, 5], [0, fmpq(1, 2**60), fmpq(1, 2**60)]):
            diagonal = arb_mat([[values[i] if i == j else 0 for j in range(3)] for i in range(3)])
            ends = symmetric_eigenvalues(Q * diagonal * Q.transpose())
            for (low, high), value in zip(ends, values, strict=True):
                assert low <= arb(value) <= high
                assert float(high - low) < 1e-65
        frame = orthonormalised(arb_mat([[1, 2], [3, 4], [5, 7]]))
        assert (frame.transpose() * frame).contains(arb_mat([[1, 0], [0, 1]]))
