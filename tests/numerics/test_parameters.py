"""What formulas may ask for: values are replayable, in their domains, and the same for dense models and functions."""

from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest
from flint import ctx, fmpq
from mutants import compiled

from numerics import parameters, results
from numerics.cases import full_cases, quick_cases
from numerics.comparisons import equal
from numerics.dense import ball_model, exact_model, trace
from numerics.deterministic import BallRoute, ExactRoute, decide_ball, decide_exact, run_deterministic
from numerics.evaluate import evaluate
from numerics.float_agreement import float_agreement
from numerics.points import Angle, ExactPoint
from numerics.results import Obligation
from numerics.rungs import RUNGS, applies
from numerics.sampled import float_call
from numerics.worlds import world

CASES = full_cases(True)


def emitted(body, names="", sourced=False):
    """A function in the emitted calling convention, in a module that states what it asks for."""
    head = "alpha2, h, sigma2, D, k, planes" + "".join(f", {name}" for name in names.split())
    function = compiled("f", f"def f({head}, fn=None):\n    return {body}\n")
    function.__globals__.update(PARAMETERS=tuple(names.split()), SOURCED=sourced)
    return function


ALL = emitted(f"[{', '.join(parameters.NAMES)}]", " ".join(parameters.NAMES))
SOURCE = emitted("sum(lam_s * (1 + k + lam + co**2) for lam, s, co, lam_s in planes)", sourced=True)


def test_values_are_in_their_domains_and_take_their_edges():
    drawn = [parameters.values(case) for case in CASES]
    assert all(parameters.violated(one) is None for one in drawn)
    assert all(one["r_end"] > case.h / case.alpha2 for case, one in zip(CASES, drawn, strict=True))
    assert all(one["mu_perp2"] == 0 for case, one in zip(CASES, drawn, strict=True) if case.k == case.D)
    for name in ("sigma_s2", "mu_in2", "mu_perp2"):
        assert {one[name] == 0 for one in drawn} == {True, False}
    assert max(one["tol"] for one in drawn) / min(one["tol"] for one in drawn) > 10**4
    assert any(0 in parameters.source_variances(case)[: case.k] for case in CASES)


def test_values_depend_on_the_seed_and_the_sizes_and_not_on_the_time():
    case = CASES[0]
    later = case.at(case.alpha2, 2 * case.h)
    assert {n for n in parameters.NAMES if parameters.value(n, later) != parameters.value(n, case)} == {"r_end"}
    assert parameters.source_variances(later) == parameters.source_variances(case)
    other = replace(case, seed=case.seed + 1)
    assert parameters.values(other) != parameters.values(case) == parameters.values(case)
    assert parameters.source_variances(other) != parameters.source_variances(case)
    with pytest.raises(KeyError):
        parameters.value("no such", case)
    silent = case.at(F(0), F(1))
    assert "r_end" not in silent.point().parameters
    with pytest.raises(ValueError, match="infinite"):
        parameters.value("r_end", silent)


@pytest.mark.parametrize("case", CASES[::11])
def test_dense_models_have_the_source_and_the_mean_that_functions_are_told(case):
    m = exact_model(case)
    assert trace(m.mean.transpose() * m.P * m.mean) == m.parameter("mu_perp2")
    assert trace(m.mean_inside.transpose() * m.mean_inside) == m.parameter("mu_in2")
    assert m.U.transpose() * m.mean == m.mean_inside
    total = sum(m.lam_s, fmpq(0))
    assert trace(m.source_signal) == total
    assert trace(m.source_data) == total + case.D * m.parameter("sigma_s2")
    assert m.M_s == (m.source_Lambda + m.eye(case.k) * m.parameter("sigma_s2")) * m.alpha2 + m.eye(case.k) * m.h
    # The source is diagonal in the principal basis of the encoder, in the order of the angles.
    first = m.column(m.frames.encoder, 0)
    assert m.source_signal * first == first * m.lam_s[0]
    assert m.pooled_Sigma == m.pooled_data * m.alpha2 + m.identity * m.h
    weight = m.parameter("weight")
    assert trace(m.pooled_signal) == weight * total + (1 - weight) * sum(m.lam, fmpq(0))


@pytest.mark.parametrize("case", CASES[::11])
def test_planes_with_the_source_reach_every_direction_of_both(case):
    planes = exact_model(case).planes(sourced=True)
    assert len(planes) == max(case.k, case.d)
    assert [plane[:3] for plane in planes[: case.d]] == exact_model(case).planes()
    assert all(plane[:3] == (0, 1, 0) for plane in planes[case.d :])
    assert all(plane[3] == 0 for plane in planes[case.k :])
    assert sum((plane[3] for plane in planes), fmpq(0)) == trace(exact_model(case).source_Lambda)


def test_the_four_ways_to_call_a_function_hand_over_the_same_numbers():
    case = quick_cases(True)[3]
    wanted = [fmpq(x.numerator, x.denominator) for x in parameters.values(case).values()]
    exact = ExactRoute(ALL, "quick", False)
    assert exact.call(case) == wanted
    assert exact.call(case, tol=fmpq(5))[parameters.NAMES.index("tol")] == 5
    with ctx.workprec(100):
        ball = BallRoute(ALL, "quick")
        assert all(x.contains(y) for x, y in zip(ball.call(case), wanted, strict=True))
        assert ball.call(case, tol=ball.field.number(5))[parameters.NAMES.index("tol")] == 5
        assert ball_model(case).planes(sourced=True)[0][3].contains(exact_model(case).lam_s[0])
    assert float_call(ALL, case) == [float(x) for x in parameters.values(case).values()]
    assert [float(x) for x in evaluate(ALL, case.point(), 20)[0]] == float_call(ALL, case)
    for each in quick_cases(True):
        value = ExactRoute(SOURCE, "quick", False).call(each)
        assert float(evaluate(SOURCE, each.point(), 20)[0]) == pytest.approx(float_call(SOURCE, each))
        assert float_call(SOURCE, each) == pytest.approx(float(value.p) / float(value.q))


def test_floats_are_checked_with_parameters_and_source():
    assert float_agreement(ALL, count=20).error == 0
    assert float_agreement(SOURCE, count=20).error < 1e-14


def test_samples_have_the_same_source_and_mean():
    case = quick_cases(False)[2]
    w, m = world(case, 10, 0), exact_model(quick_cases(True)[2])
    assert np.trace(w.source_Sigma) == pytest.approx(float(ball_model(case).Sigma_s.trace()))
    inside = w.U.T @ w.mean
    assert inside == pytest.approx([float(x) for x in parameters.mean(case)[0]])
    assert w.mean @ w.mean - inside @ inside == pytest.approx(float(parameters.value("mu_perp2", case)))
    assert m.case.k == case.k


def point(**changes):
    base = {"lam_s": (F(1), F(2)), "parameters": {"tol": F(1), "weight": F(1, 2)}} | changes
    return ExactPoint(4, 2, 1, (Angle(F(1)),), (F(1),), F(0), F(1), F(1), **base)


def test_points_without_what_a_function_asks_for_are_refused():
    tolerant = emitted("tol * weight", "tol weight")
    assert evaluate(tolerant, point(), 20)[0].rstrip("0") == "0.5"
    for changes, word in (
        ({"parameters": {}}, "tol, weight needed"),
        ({"parameters": {"tol": F(0), "weight": F(1, 2)}}, "tol must be positive"),
        ({"parameters": {"tol": F(1), "weight": F(1)}}, "weight must be below 1"),
        ({"parameters": {"tol": F(1), "weight": F(1, 2), "sigma_s2": F(-1)}}, "sigma_s2 must be nonnegative"),
        ({"parameters": {"tol": F(1), "weight": Angle(F(-1))}}, "weight must be positive"),
        ({"parameters": {"tol": F(1), "weight": F(1, 2), "other": F(1)}}, "other is no parameter"),
        ({"lam_s": (F(1), F(-1))}, r"lambda_s\[2\] must be nonnegative"),
    ):
        with pytest.raises(ValueError, match=word):
            evaluate(tolerant, point(**changes), 20)
    with pytest.raises(ValueError, match="source are needed"):
        evaluate(SOURCE, point(lam_s=()), 20)
    with pytest.raises(ValueError, match="k = 2 needed"):
        point(lam_s=(F(1),))


def test_every_result_states_its_rungs():
    for identity in results.ids():
        assert isinstance(results.load(identity).logarithmic, bool)
        assert all(len(applies(rung, identity) or "") < 100 for rung in RUNGS)
        assert applies("exact", identity) is None or applies("ball", identity) is None
    with pytest.raises(KeyError):
        results.load("no-such")


def one_sided(comparisons, monkeypatch):
    """An obligation of these comparisons alone under the name of a result."""
    obligation = Obligation(comparisons, None, "-", "-", False, lambda exact, seed: (), None, None)
    monkeypatch.setattr("numerics.deterministic.load", lambda quantity: obligation)


@pytest.mark.parametrize("rung", ["exact", "ball"])
def test_points_at_which_a_result_says_nothing_are_not_counted(rung, monkeypatch):
    one_sided(lambda route, case: iter([equal("x", route.call(case), case.k)] if case.D > 4 else []), monkeypatch)
    report = run_deterministic(rung, "any", emitted("k"), 0, "quick", None)
    assert (report.outcome, report.points) == ("agrees", 3)
    one_sided(lambda route, case: iter([]), monkeypatch)
    report = run_deterministic(rung, "any", emitted("k"), 0, "quick", None)
    assert (report.outcome, report.points) == ("undecided", 0)


def test_an_irrational_value_is_refuted_by_balls_and_confirmed_by_nothing(monkeypatch):
    def comparisons(route, case):
        yield equal("root of D + 1", route.call(case) ** 2, case.D + 1)

    one_sided(comparisons, monkeypatch)
    right, wrong = emitted("fn.sqrt(1 + D)"), emitted("fn.sqrt(2 + D)")
    assert run_deterministic("exact", "any", right, 0, "quick", None).outcome == "undecided"
    assert run_deterministic("ball", "any", right, 0, "quick", None).outcome == "agrees"
    for rung in ("exact", "ball"):
        assert run_deterministic(rung, "any", wrong, 0, "quick", None).outcome == "refuted"
    assert decide_exact(equal("x", fmpq(1), 1)).decision is decide_ball(equal("x", 1, 1)).decision
