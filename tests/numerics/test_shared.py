"""A shared latent space: the number of its directions, and both domains' errors against dense matrices."""

from dataclasses import replace
from fractions import Fraction as F
from typing import Any

import pytest
from flint import arb, ctx

from latentreuse.catalogue import function
from numerics.cases import Case, is_right, is_zero, quick_cases
from numerics.dense import ball_model
from numerics.eigenvalues import symmetric_eigenvalues
from numerics.points import RIGHT_ANGLE, Angle, ExactPoint, TanHalf
from numerics.results._pooled import is_empty, pooled_signal
from numerics.results.shared_latent_error import pooled_direction
from numerics.shared import best_weight, dimension, latent_error, spectrum, steepest


def _point(theta: Any, lam: Any, lam_s: Any, weight: F, tau: F) -> ExactPoint:
    sizes, scalars = (9, len(lam_s), len(lam)), (F(0), F(1), F(1))
    return ExactPoint(*sizes, theta, lam, *scalars, lam_s, {"weight": weight, "tau": tau})


@pytest.mark.parametrize(
    ("theta", "lam", "lam_s", "tau", "expected"),
    [
        ((Angle(F(1, 2)), Angle()), (F(1), F(2)), (F(1), F(2)), F(1, 100), 3),  # 2 + 2 less one angle of zero
        ((Angle(F(1, 2)), Angle()), (F(1), F(2)), (F(1), F(0)), F(9, 10), 2),
        ((Angle(F(1, 2)), Angle()), (F(1), F(0)), (F(1), F(0)), F(1, 100), 2),  # the second plane is empty
        ((RIGHT_ANGLE,), (F(1), F(1)), (F(1),), F(1, 2), 0),  # three eigenvalues equal to the threshold
        ((RIGHT_ANGLE,), (F(1), F(1)), (F(1),), F(1, 4), 3),
        ((TanHalf(F(1, 2)),), (F(1),), (F(1),), F(1, 5), 1),  # cos = 3/5: the smaller eigenvalue is 1/5
        ((TanHalf(F(1, 2)),), (F(1),), (F(1),), F(19, 100), 2),
        ((TanHalf(F(1, 2)),), (F(1),), (F(1),), F(4, 5), 0),
    ],
)
def test_the_number_of_directions(theta: Any, lam: Any, lam_s: Any, tau: F, expected: int) -> None:
    found, radius = dimension(function("shared-dimension"), _point(theta, lam, lam_s, F(1, 2), tau), digits=20)
    assert (found, radius) == (expected, "0")


def test_a_threshold_that_balls_cannot_tell_from_an_eigenvalue_is_said() -> None:
    third = Angle(F(0), F(1, 3))  # cos = 1/2: the smaller eigenvalue is 1/4
    with pytest.raises(ValueError, match="cannot be told from the threshold"):
        dimension(function("shared-dimension"), _point((third,), (F(1),), (F(1),), F(1, 2), F(1, 4)), digits=20)


def _directions(case: Case, pattern: tuple[int, ...]) -> list[int]:
    """Numbers of directions in turn; one at most where a plane holds one direction of the data."""
    most = [1 if i >= len(case.angles) or is_zero(case.angles[i]) else 2 for i in range(max(case.k, case.d))]
    return [min(most[i], pattern[i % len(pattern)]) for i in range(len(most))]


def _dense(case: Case, directions: list[int]) -> list[Any]:
    """[source's, target's] tr(K Sigma K^T) under the encoder whose span is that of the kept directions."""
    m = ball_model(case)
    B = pooled_signal(m, m.parameter("weight"))
    columns = []
    for i, count in enumerate(directions):
        frames = [m.column(f, i) for f, n in ((m.frames.encoder, case.k), (m.frames.target, case.d)) if i < n]
        columns += [[], [pooled_direction(m, B, i)], frames][count]
    errors = []
    for Sigma in (m.Sigma_s, m.Sigma):
        K = m.identity * (1 / m.h) - Sigma.inv()
        if columns:
            Y = m.field.matrix([list(row) for row in zip(*(c.entries() for c in columns), strict=True)])
            K += Y * (Y.transpose() * Sigma * Y).inv() * Y.transpose()
            K -= Y * (Y.transpose() * Y).inv() * Y.transpose() * (1 / m.h)
        product = K * Sigma * K.transpose()
        errors.append(sum(product[i, i] for i in range(case.D)))
    return errors


@pytest.mark.parametrize("pattern", [(0,), (1,), (2,), (1, 2, 0), (0, 1)])
def test_both_errors_are_those_of_dense_matrices(pattern: tuple[int, ...]) -> None:
    tried = 0
    for case in quick_cases(False):
        if is_empty(case) or any(map(is_right, case.angles)):
            continue
        directions, point = _directions(case, pattern), case.point()
        noises = (case.sigma2, point.parameters["sigma_s2"])
        bare = replace(point, alpha2=F(1), h=F(1), sigma2=F(0))
        frozen, shares = function("frozen-latent-error"), function("shared-latent-error")
        values, _ = latent_error(shares, frozen, bare, (case.alpha2, case.h), noises, directions, digits=25)
        with ctx.workprec(640):
            for value, dense in zip(values, _dense(case, directions), strict=True):
                assert abs(arb(value) - dense) <= abs(dense) * arb(10) ** -24 + arb(10) ** -60, case.describe()
        tried += 1
    assert tried >= 8


def test_the_steepest_scores_are_those_of_dense_matrices() -> None:
    for case in quick_cases(False):
        (target, source, both_target, both_source), _ = steepest(function("regularity"), case.point(), digits=25)
        with ctx.workprec(320):
            m = ball_model(case)
            for value, M in ((target, m.M), (source, m.M_s)):
                low, high = symmetric_eigenvalues(M)[0]
                assert abs(arb(value) - 1 / low.union(high)) <= arb(value) * arb(10) ** -24
            assert abs(arb(both_target) * (m.h + m.alpha2 * m.sigma2) - 1) <= arb(10) ** -24
            assert abs(arb(both_source) * (m.h + m.alpha2 * m.parameter("sigma_s2")) - 1) <= arb(10) ** -24


def _plane(lam: F, lam_s: F, h: F, noises: tuple[F, F] = (F(1, 3), F(1, 3)), theta: Any = None) -> str:
    """The best weight in one plane."""
    angle = theta or Angle(F(7, 10))
    point = ExactPoint(4, 1, 1, (angle,), (lam,), F(0), F(1), F(1), (lam_s,), {})
    functions = function("shared-latent-error"), function("frozen-latent-error")
    value, radius = best_weight(*functions, point, (F(1), h), noises, digits=20)
    assert F(radius) <= F(1, 10**20)
    return str(value)


def test_the_best_weight_is_a_half_at_equal_variances_and_tends_to_its_limit() -> None:
    assert abs(F(_plane(F(2), F(2), F(1, 2))) - F(1, 2)) <= F(1, 10**20)
    limit = function("best-mixing-weight")
    expected = limit(1.0, 1.0, 0.0, 4, 1, [(2.0, 0.644217687237691, 0.7648421872844885, 0.5)])[0]
    gaps = [abs(float(_plane(F(2), F(1, 2), h)) - expected) for h in (F(1), F(1, 10**3), F(1, 10**6))]
    assert gaps[0] > 1e-3 > gaps[1] > gaps[2] and gaps[2] < 1e-5


def test_both_errors_are_equal_at_the_best_weight() -> None:
    weight, noises, time = F(_plane(F(2), F(1, 2), F(1, 5))), (F(1, 3), F(1, 3)), (F(1), F(1, 5))
    point = ExactPoint(4, 1, 1, (Angle(F(7, 10)),), (F(2),), F(0), F(1), F(1), (F(1, 2),), {"weight": weight})
    functions = function("shared-latent-error"), function("frozen-latent-error")
    (source, target), _ = latent_error(*functions, point, time, noises, (1,), digits=25)
    assert abs(F(source) - F(target)) <= F(1, 10**17)


def test_a_best_weight_that_is_not_there_is_said() -> None:
    with pytest.raises(ValueError, match="no crossing"):
        _plane(F(2), F(1, 2), F(1, 5), noises=(F(1, 3), F(50)))
    point = ExactPoint(4, 1, 2, (Angle(F(1)),), (F(1), F(1)), F(0), F(1), F(1), (F(1),), {})
    functions = function("shared-latent-error"), function("frozen-latent-error")
    with pytest.raises(ValueError, match="one plane"):
        best_weight(*functions, point, (F(1), F(1)), (F(0), F(0)), digits=20)


def test_a_plane_without_variance_holds_the_ambient_noise() -> None:
    point = _point((TanHalf(F(1, 2)), Angle(F(1))), (F(1), F(0)), (F(1), F(0)), F(1, 2), F(1))
    noisy = replace(point, sigma2=F(1, 3), parameters={**point.parameters, "sigma_s2": F(1)})
    values, _ = spectrum(function("mixture-spectrum"), noisy, digits=20)
    expected = (F(4, 5) + F(2, 3), F(2, 3), F(1, 5) + F(2, 3), F(2, 3))
    assert all(abs(F(value) - truth) <= F(1, 10**19) for value, truth in zip(values, expected, strict=True))
