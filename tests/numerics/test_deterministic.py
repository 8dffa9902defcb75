"""The exact and ball rungs: right formulas pass everywhere, each planted error is refuted by both."""

import pytest
from flint import arb, ctx, fmpq
from mutants import MUTANTS, all_mutants, changed, compiled, mutant
from reference_formulas import FORMULAS, exact_kl, frozen_latent_error

from numerics.cases import full_cases, is_right, is_zero, quick_cases, tight_cases
from numerics.comparisons import Comparison
from numerics.dense import ball_model
from numerics.deterministic import Decision, decide_ball, decide_exact, integrated_error
from numerics.rungs import RUNGS, applies, run


@pytest.mark.parametrize("identity", FORMULAS)
@pytest.mark.parametrize("rung", ["exact", "ball"])
def test_right_formulas_agree_at_every_point(rung, identity):
    seen = []
    report = run(rung, identity, FORMULAS[identity], progress=lambda *step: seen.append(step))
    assert report.outcome == "agrees", report
    assert report.points == len(seen) >= 141
    assert seen[-1] == (len(seen), len(seen))


@pytest.mark.parametrize("identity", FORMULAS)
@pytest.mark.parametrize("rung", ["exact", "ball"])
def test_right_formulas_agree_quickly_and_with_another_seed(rung, identity):
    report = run(rung, identity, FORMULAS[identity], seed=7, effort="quick")
    assert (report.outcome, report.counterexample) == ("agrees", None)


@pytest.mark.parametrize(("identity", "index"), all_mutants())
@pytest.mark.parametrize("rung", ["exact", "ball"])
def test_planted_errors_are_refuted(rung, identity, index):
    report = run(rung, identity, mutant(identity, index), effort="quick")
    assert report.outcome == "refuted", (MUTANTS[identity][index], report)
    assert "D=" in report.counterexample
    assert "lambda=" in report.counterexample


def test_errors_in_the_integrated_form_are_refuted():
    for factor in (2, fmpq(1, 2), -1):
        for rung in ("exact", "ball"):
            wrong = run(rung, "kl-is-integrated-error", lambda *a, fn, f=factor: exact_kl(*a, fn) * f, effort="quick")
            assert wrong.outcome == "refuted"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(c - h) ** 2 / (c * h**2)", "(alpha2 * sigma2) ** 2 / (c * h * h)"),
        ("(1 / h**2 - 1 / ((c + a) * (c + a * co**2)))", "(h**-2 - 1 / (c + a) / (c + a - a * s**2))"),
        ("a * s**2 *", "(a - a * co**2) *"),
    ],
)
@pytest.mark.parametrize("rung", ["exact", "ball"])
def test_neutral_rewrites_agree(rung, old, new):
    report = run(rung, "frozen-latent-error", changed("frozen-latent-error", old, new), effort="quick")
    assert report.outcome == "agrees"


@pytest.mark.parametrize("rung", ["exact", "ball"])
@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("frozen_latent_error(alpha2, h, sigma2, D, k, planes) * (sigma2 / sigma2)", "ZeroDivisionError"),
        ("[1, 2]", "1 number expected"),
        ("None", "None"),
        ("'text'", "text"),
        ("0.5", "0.5"),
        ("fn.log1p(-2 + 0 * h)", ""),
        ("undefined", "NameError"),
    ],
)
def test_functions_that_fail_are_refuted(rung, body, word):
    broken = compiled("f", f"def f(alpha2, h, sigma2, D, k, planes, fn=None):\n    return {body}\n")
    report = run(rung, "frozen-latent-error", broken, effort="quick")
    if body.startswith("fn.log1p") and rung == "ball":
        assert report.outcome == "undecided"  # nan is no number, and nothing shows that it must be one
    else:
        assert report.outcome == "refuted"
        assert word in report.counterexample


def test_a_function_that_an_exact_evaluation_cannot_follow_is_undecided_not_passed():
    def rooted(alpha2, h, sigma2, D, k, planes, fn):
        return frozen_latent_error(alpha2, h, sigma2, D, k, planes) + fn.sqrt(2 + 0 * h) - fn.sqrt(2 + 0 * h)

    assert run("exact", "frozen-latent-error", rooted, effort="quick").outcome == "undecided"
    assert run("ball", "frozen-latent-error", rooted, effort="quick").outcome == "agrees"


def test_a_discrepancy_in_the_fiftieth_digit_is_seen():
    def off(*arguments, fn):
        return frozen_latent_error(*arguments) * (1 + fmpq(1, 10**49))

    assert run("ball", "frozen-latent-error", off, effort="quick").outcome == "refuted"
    assert run("exact", "frozen-latent-error", off, effort="quick").outcome == "refuted"


def test_wide_balls_are_undecided_and_disjoint_ones_refute():
    with ctx.workprec(200):
        wide, point = arb(1, 0.1), arb(1)
        assert decide_ball(Comparison("x", "=", wide, point)).decision is Decision.WIDE
        assert decide_ball(Comparison("x", "=", arb(2, 0.1), point)).decision is Decision.FAILS
        assert decide_ball(Comparison("x", "=", point, point)).decision is Decision.HOLDS
        assert decide_ball(Comparison("x", "<=", arb(2), point)).decision is Decision.FAILS
        assert decide_ball(Comparison("x", "<=", wide, point)).decision is Decision.WIDE
        assert decide_ball(Comparison("x", "<=", arb(0, 0.1), point)).decision is Decision.HOLDS
        assert decide_ball(Comparison("x", "=", arb.nan(), point)).decision is Decision.WIDE
    assert decide_exact(Comparison("x", "=", fmpq(1, 3), fmpq(1, 3))).decision is Decision.HOLDS
    assert decide_exact(Comparison("x", "<=", fmpq(1, 2), fmpq(1, 3))).decision is Decision.FAILS


@pytest.mark.parametrize("exact", [True, False])
def test_the_points_cover_sizes_and_edges(exact):
    cases = full_cases(exact)
    sizes = {(c.D, c.k, c.d) for c in cases}
    assert {(D, k, d) for D in range(1, 7) for k in range(1, D + 1) for d in range(1, D + 1)} <= sizes
    assert sum(c.D > 6 for c in cases) == 50
    assert max(c.D for c in cases) == 40
    assert any(is_right(t) for c in cases for t in c.angles)
    assert any(is_zero(t) for c in cases for t in c.angles)
    assert any(all(map(is_zero, c.angles)) and c.k == c.d > 1 for c in cases)
    assert any(0 < float(t.arb(60)) < 1e-7 for c in cases for t in c.angles)
    assert any(len(set(c.angles)) < len(c.angles) and not is_zero(c.angles[0]) for c in cases)
    assert {c.sigma2 == 0 for c in cases} == {True, False}
    assert any(c.alpha2 + c.h != 1 for c in cases)
    assert any(c.h < 2e-8 for c in cases)
    assert any(c.h == 1 - c.alpha2 > 1 - 2e-8 for c in cases)
    assert any(0 in c.lam for c in cases)
    assert full_cases(exact) == cases != full_cases(exact, 1)
    assert len(quick_cases(exact)) == 12
    assert len(tight_cases(exact)) > 10


def test_quadrature_encloses_the_divergence():
    case = quick_cases(False)[1]
    with ctx.workprec(200):
        start = case.h / case.alpha2
        half = integrated_error(ball_model(case), start, 5 * start) / 2
        difference = ball_model(case).kl - ball_model(case.at(1, 5 * start)).kl
        assert half.overlaps(difference)
        assert half.rad() < 1e-50


def test_rungs_say_when_they_do_not_apply():
    assert applies("exact", "principal-planes") is None
    assert "sample" in applies("sampled", "principal-planes")
    for rung in RUNGS:
        for identity in FORMULAS:
            reason = applies(rung, identity)
            assert reason is None or 0 < len(reason) < 100
            if reason is not None:
                with pytest.raises(ValueError, match="does not apply"):
                    run(rung, identity, FORMULAS[identity])
    with pytest.raises(ValueError, match="unknown rung"):
        run("guess", "exact-kl", exact_kl)
    with pytest.raises(ValueError, match="unknown result"):
        run("exact", "exact-lk", exact_kl)
    with pytest.raises(ValueError, match="unknown effort"):
        run("exact", "exact-kl", exact_kl, effort="some")
