"""Angles between estimated subspaces: the limits against simulated spiked data, and what may be called misaligned."""

import math
from fractions import Fraction as F

import numpy as np
import pytest

from numerics.parameters import wanted
from numerics.points import Angle, ExactPoint, TanHalf
from numerics.sample_geometry import (
    UNSEEN,
    against_equal,
    estimated_encoder,
    expected_angles,
    identifiable,
    leading_directions,
    measured_cosines,
    overlap,
)

N, D, DRAWS = 200, 100, 40
SIGMAS = 5  # of the mean of 40 draws: a right limit is refused once in a million
FINITE = 0.04  # what is left of the limit at D = 100; the overlaps compared differ by more than 0.1
ANGLE = TanHalf(F(1, 3))


def frames(thetas: list[float], D: int = D) -> tuple[np.ndarray, np.ndarray]:
    """Two frames with these principal angles, D x k each."""
    k, eye = len(thetas), np.eye(D)
    turned = [math.cos(x) * eye[:, i] + math.sin(x) * eye[:, k + i] for i, x in enumerate(thetas)]
    return eye[:, :k], np.array(turned).T


def simulated(thetas: list[float], spikes: list[float], turn: np.ndarray | None = None) -> np.ndarray:
    """Cosines of the measured principal angles, DRAWS x k. `turn` rotates the target's eigenbasis in its subspace."""
    rng = np.random.default_rng(3)
    source, target = frames(thetas)
    if turn is not None:
        target = target @ turn
    found = [
        measured_cosines(leading_directions(source, spikes, N, rng), leading_directions(target, spikes, N, rng))
        for _ in range(DRAWS)
    ]
    return np.array(found)


def near(draws: np.ndarray, claimed: float) -> bool:
    return bool(abs(draws.mean() - claimed) < SIGMAS * draws.std() / math.sqrt(len(draws)) + FINITE)


@pytest.mark.parametrize("spike", [F(2), F(5), F(20)])
def test_the_overlap_of_a_sample_eigenvector(spike: F) -> None:
    rng = np.random.default_rng(1)
    direction = np.eye(D)[:, :1]
    draws = np.array([leading_directions(direction, [float(spike)], N, rng)[0, 0] ** 2 for _ in range(DRAWS)])
    claimed = float(overlap(N, D, spike))
    assert near(draws, claimed)
    if spike == 2:  # the usual mistakes are far away
        assert not near(draws, 1 - D / N / float(spike) ** 2) and not near(draws, claimed**2)


def test_below_the_threshold_nothing_is_seen() -> None:
    """l = 1/3 against sqrt(D/n) = 0.71: the leading eigenvector is no better than a random one."""
    rng = np.random.default_rng(1)
    draws = np.array([leading_directions(np.eye(D)[:, :1], [1 / 3], N, rng)[0, 0] ** 2 for _ in range(DRAWS)])
    assert draws.mean() < 0.1 and overlap(N, D, F(1, 3)) == 0
    assert not identifiable(N, D, F(1, 3)) and identifiable(N, D, F(3, 4))
    assert not identifiable(4, 1, F(1, 2))  # at the threshold itself


@pytest.mark.parametrize("theta", [F(0), F(3, 5)])
def test_two_spikes_measured(theta: F) -> None:
    values, _ = expected_angles(N, D, (F(20), F(3)), (Angle(q=theta), Angle(q=theta)), digits=8)
    draws = simulated([float(theta)] * 2, [20.0, 3.0])
    for i, value in enumerate(values):
        assert near(draws[:, i], math.cos(float(value)))
        assert float(value) > float(theta)


def test_several_spikes_in_turned_eigenbases() -> None:
    """Singular values of R (V_s^T V) R, where the target's eigenbasis is turned within its subspace."""
    spikes, turn = [20.0, 2.0], np.array([[math.cos(0.7), -math.sin(0.7)], [math.sin(0.7), math.cos(0.7)]])
    roots = np.diag([math.sqrt(float(overlap(N, D, F(x)))) for x in (20, 2)])
    claimed = np.linalg.svd(roots @ np.diag(np.cos([0.2, 0.9])) @ turn @ roots, compute_uv=False)
    draws = simulated([0.2, 0.9], spikes, turn)
    assert all(near(draws[:, i], float(claimed[i])) for i in range(2))
    unblurred = np.linalg.svd(np.diag(np.cos([0.2, 0.9])) @ turn, compute_uv=False)
    assert not any(near(draws[:, i], float(unblurred[i])) for i in range(2))


def test_equal_subspaces_are_not_called_misaligned_and_others_are() -> None:
    """At a false-alarm rate of 1 %: among 20 equal pairs, more than 2 alarms once in a thousand; power at 0.9."""
    rng = np.random.default_rng(8)
    equal, turned = frames([0.0], 20), frames([0.9], 20)

    def alarm(pair: tuple[np.ndarray, np.ndarray], seed: int) -> bool:
        one, other = (leading_directions(frame, [6.0], 80, rng) for frame in pair)
        found = against_equal(one, other, [6.0], 80, draws=99, seed=seed)
        assert found.angle > 0.05  # no estimate is exact: an angle alone says nothing
        return found.misaligned(0.01)

    assert sum(alarm(equal, i) for i in range(20)) <= 2
    assert sum(alarm(turned, i) for i in range(5)) >= 4


def test_many_samples_give_the_true_angle_back() -> None:
    values, radii = expected_angles(10**12, 10, (F(5),), (ANGLE,), digits=15)
    assert float(values[0]) == pytest.approx(2 * math.atan(1 / 3), abs=1e-10)
    assert float(radii[0]) < 1e-14


def test_what_cannot_be_identified_is_said() -> None:
    values, radii = expected_angles(100, 100, (F(9), F(1, 2)), (Angle(), Angle()), digits=5)
    assert values[1] == UNSEEN and radii[1] == "0" and 0 < float(values[0]) < 1
    point = ExactPoint(100, 1, 1, (ANGLE,), (F(1),), F(1, 10), F(1, 2), F(1, 2))
    assert estimated_encoder(100, 100, (F(1, 2),), point, digits=5) == (UNSEEN, "0")


def test_what_is_no_sample_is_said() -> None:
    with pytest.raises(ValueError, match="2 needed"):
        expected_angles(10, 10, (F(5),), (Angle(), Angle()), digits=5)
    with pytest.raises(ValueError, match="positive"):
        expected_angles(10, 10, (F(0),), (Angle(),), digits=5)
    with pytest.raises(ValueError, match="positive"):
        expected_angles(0, 10, (F(5),), (Angle(),), digits=5)


def emitted(name: str):
    from latentreuse.catalogue import function

    return function(name)


def test_the_routines_agree_with_the_emitted_formulas() -> None:
    """Where the source has the target's spikes: D/n = 1/4, tau = 1/2."""
    from numerics.evaluate import evaluate

    lam, sigma2 = (F(3), F(2)), F(1, 2)
    point = ExactPoint(25, 2, 2, (ANGLE, Angle(q=F(1))), lam, sigma2, F(3, 5), F(2, 5), (), {"tau": F(1, 2)})
    spikes = tuple(x / sigma2 for x in lam)
    for k, at in (
        (2, point),
        (3, ExactPoint(25, 3, 2, point.theta, lam, sigma2, F(3, 5), F(2, 5), (), {"tau": F(1, 2)})),
    ):
        formula, _ = evaluate(emitted("estimated-encoder"), at, 20)
        value, _ = estimated_encoder(100, 25, (*spikes, F(9))[:k], at, digits=20)
        assert float(value) == pytest.approx(float(formula), rel=1e-15)
    assert wanted(emitted("sample-angles")).names == ("tau",)
    values, _ = evaluate(emitted("sample-angles"), point, 20)
    expected, _ = expected_angles(100, 25, spikes, point.theta, digits=20)
    assert [float(x) for x in values[:2]] == pytest.approx([float(overlap(100, 25, x)) for x in spikes])
    assert [math.cos(float(x)) ** 2 for x in expected] == pytest.approx([float(x) for x in values[2:]])


def test_the_error_behind_a_simulated_encoder() -> None:
    """E of encoders estimated from samples, by dense traces, against the leading order; the true one's is less."""
    rng = np.random.default_rng(5)
    theta, spike, sigma2, alpha2, h = 0.6, F(4), 0.01, 0.9, 0.05
    source, target = frames([theta])
    Sigma = alpha2 * (float(spike) * sigma2 * target @ target.T + sigma2 * np.eye(D)) + h * np.eye(D)

    def error(U: np.ndarray) -> float:
        inside = U.T @ Sigma @ U
        traces = np.trace(np.linalg.inv(Sigma)) - np.trace(np.linalg.inv(inside)) - 2 * (D - 1) / h
        return float(traces + (np.trace(Sigma) - np.trace(inside)) / h**2)

    ambient = (D - 1) * (alpha2 * sigma2) ** 2 / ((h + alpha2 * sigma2) * h**2)
    draws = np.array([error(leading_directions(source, [float(spike)], N, rng)) for _ in range(DRAWS)]) - ambient
    at = ExactPoint(D, 1, 1, (Angle(q=F(3, 5)),), (spike / 100,), F(1, 100), F(9, 10), F(1, 20))
    value, _ = estimated_encoder(N, D, (spike,), at, digits=10)
    claimed = float(value) - ambient
    assert abs(draws.mean() / claimed - 1) < FINITE
    assert abs((error(source) - ambient) / claimed - 1) > 3 * FINITE
