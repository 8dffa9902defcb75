"""The sampled and learned rungs: agreement, power, calibration, and planted errors they must see."""

import math

import numpy as np
import pytest
from mutants import changed
from reference_formulas import FORMULAS, frozen_latent_error, in_latent_gap

from numerics.learned import fit_scores, learn, learned_cases, random_features, run_learned
from numerics.rungs import applies, run
from numerics.sampled import run_sampled, sampled_cases
from numerics.statistics import Estimate, Spread, normal_quantile

SAMPLED = [identity for identity in FORMULAS if applies("sampled", identity) is None]
LEARNED = [identity for identity in FORMULAS if applies("learned", identity) is None]


def binomial_band(n, p, rate=1e-6):
    """Smallest and largest counts outside which a binomial falls with probability at most ``rate``."""
    masses = [math.exp(math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)
              + i * math.log(p) + (n - i) * math.log1p(-p)) for i in range(n + 1)]  # fmt: skip
    cumulative = np.cumsum(masses)
    return int(np.searchsorted(cumulative, rate / 2)), int(np.searchsorted(cumulative, 1 - rate / 2))


@pytest.mark.parametrize("identity", SAMPLED)
@pytest.mark.parametrize("seed", [0, 1])
def test_right_formulas_agree_on_samples(identity, seed):
    report = run("sampled", identity, FORMULAS[identity], seed=seed)
    assert report.outcome == "agrees", report
    assert report.points >= 4
    assert "resolves" in report.detail


@pytest.mark.parametrize("identity", LEARNED)
@pytest.mark.parametrize("seed", [0, 1])
def test_right_formulas_agree_with_learned_scores(identity, seed):
    report = run("learned", identity, FORMULAS[identity], seed=seed)
    assert report.outcome == "agrees", report
    assert report.points >= 3


@pytest.mark.parametrize(
    ("identity", "old", "new"),
    [
        ("frozen-latent-error", "a * s**2", "a * co**2"),
        ("frozen-latent-error", "(D - k)", "D"),
        ("in-latent-gap", "(c * (c", "(h * (c"),
        ("in-latent-gap", "a**2 *", "2 * a**2 *"),
    ],
)
@pytest.mark.parametrize("rung", ["sampled", "learned"])
def test_gross_errors_are_refuted(rung, identity, old, new):
    report = run(rung, identity, changed(identity, old, new))
    assert report.outcome == "refuted"
    assert "n=" in report.counterexample


@pytest.mark.parametrize(
    ("identity", "old", "new"),
    [
        ("forward-marginal", "alpha2 * lam", "lam"),
        ("target-score", "1 / value", "1 / value**2"),
        ("latent-optimum", "co**2", "1"),
        ("latent-optimum", "[1 / c, k - m]", "[2 / c, k - m]"),
        ("exact-kl", "- fn.log1p", "+ fn.log1p"),
        ("schedule-invariance", "alpha2 * frozen", "frozen"),
    ],
)
def test_gross_errors_of_other_results_are_refuted_on_samples(identity, old, new):
    assert run("sampled", identity, changed(identity, old, new)).outcome == "refuted"


def test_an_error_of_the_stated_resolution_is_refuted():
    for formula, identity in ((frozen_latent_error, "frozen-latent-error"), (in_latent_gap, "in-latent-gap")):
        for rung, percent in (("sampled", 5), ("learned", 6)):
            for sign in (1, -1):
                off = 1 + sign * percent / 100
                wrong = run(rung, identity, lambda *a, fn, f=formula, q=off: f(*a) * q)
                assert wrong.outcome == "refuted"


def test_too_few_samples_have_no_power_and_are_not_agreement():
    sampled = run_sampled("frozen-latent-error", frozen_latent_error, 0, "full", None, n=2000)
    learned = run_learned("frozen-latent-error", frozen_latent_error, 0, "full", None, n=4000)
    assert (sampled.outcome, learned.outcome) == ("no power", "no power")
    assert (sampled.points, learned.points) == (0, 0)


def test_failing_functions_are_refuted_without_a_traceback():
    for rung in ("sampled", "learned"):
        assert run(rung, "frozen-latent-error", lambda *a, fn: [1, 2], effort="quick").outcome == "refuted"
        assert run(rung, "frozen-latent-error", lambda *a, fn: 1 / 0, effort="quick").outcome == "refuted"
        assert run(rung, "frozen-latent-error", lambda *a, fn: math.nan, effort="quick").outcome == "refuted"


def test_limits_of_quadratic_forms_are_calibrated():
    # One thousand tests at rate 0.05 on right input: the bound may be wider than the normal quantile, never narrower.
    rng = np.random.default_rng(3)
    Sigma = np.diag([1.0, 2.0, 5.0])
    A = np.diag([1.0, 0.5, -0.3])
    spread, n = Spread.of(A, Sigma), 400
    assert spread.mean == pytest.approx(np.trace(A @ Sigma))
    draws = ((rng.standard_normal((1000, n, 3)) * np.sqrt(np.diag(Sigma))) ** 2 @ np.diag(A)).mean(axis=1)
    alarms = int((np.abs(draws - spread.mean) > spread.margin(n, 0.05)).sum())
    normal = int((np.abs(draws - spread.mean) > normal_quantile(0.05) * spread.deviation / math.sqrt(n)).sum())
    low, high = binomial_band(1000, 0.05)
    assert alarms <= high
    assert low <= normal <= high
    # Input wrong by what is called detectable fails every time.
    wrong = spread.mean + 2 * spread.margin(n, 0.05)
    assert int((np.abs(draws - wrong) <= spread.margin(n, 0.05)).sum()) <= high


def test_learned_intervals_are_calibrated():
    # Two hundred small fits: at the stated interval none misses; at rate 0.05 misses stay within the binomial band.
    case = learned_cases()[0]
    rng = np.random.default_rng(5)
    truth = float(frozen_latent_error(*_floats(case)))
    fits = [_small_fit(case, rng) for _ in range(200)]
    ratio = normal_quantile(0.05) / normal_quantile(1e-6)
    misses = sum(abs(fit.error.mean - truth) > ratio * fit.error.margin + fit.error.bias for fit in fits)
    assert misses <= binomial_band(200, 0.05)[1]
    assert all(abs(fit.error.mean - truth) <= fit.error.tolerance for fit in fits)


def _floats(case):
    from numerics.sampled import float_arguments

    return float_arguments(case)


def _small_fit(case, rng):
    from numerics.frames import float_frames
    from numerics.worlds import diffused

    U, _, _, target = float_frames(case, rng)
    x, noise = diffused(case, target, 4000, rng)
    return fit_scores(x, noise, U, float(case.h), rng)


def test_nonlinear_features_gain_nothing_on_a_gaussian_target():
    for case in learned_cases():
        gain = learn(case, 100_000, 2).nonlinear
        assert abs(gain.mean) <= gain.tolerance
    assert random_features(np.ones((3, 2)) * [[1], [2], [3]], np.random.default_rng(0))(np.ones((5, 2))).shape == (
        5,
        14,
    )


def test_nonlinear_features_gain_something_where_the_target_is_not_gaussian():
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((100_000, 2))
    x = np.sign(rng.standard_normal((100_000, 1))) * [[2.0, 0.0]] + 0.5 * noise
    gain = fit_scores(x, noise, np.array([[1.0], [0.0]]), 0.25, rng).nonlinear
    assert gain.mean > gain.tolerance > 0


def test_points_have_unequal_dimensions_and_edges():
    assert {(c.k > c.d) - (c.k < c.d) for c in sampled_cases()} == {-1, 0, 1}
    assert {(c.k > c.d) - (c.k < c.d) for c in learned_cases()} == {-1, 0, 1}


def test_an_estimate_without_a_number_refutes():
    assert Estimate("x", 1.0, math.nan, 0.1, 0.1, 1.0, 0.02).refutes
    assert Estimate("x", 1.0, math.inf, 0.1, 0.1, 1.0, 0.02).refutes
    assert not Estimate("x", 1.0, 1.05, 0.1, 0.1, 1.0, 0.02).refutes
    assert normal_quantile(1e-6) == pytest.approx(4.8916, abs=1e-4)
