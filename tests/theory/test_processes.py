"""Forward processes: the named ones against numbers of their own, and one that a user gives."""

import math
from dataclasses import replace

import pytest

import derivations
from theory.assumptions import Assumptions
from theory.expr import Expr, num, sym
from theory.processes import BY_NAME, user_given
from theory.verdict import Verdict

t = sym("t")
OWN = user_given("own", alpha=1 - t**2 / 2, h=t / 3, alpha_dot=-t, h_dot=num(1) / 3)


def value(expr: Expr, at: dict[str, float]) -> float:
    """A tree of the processes' own grammar, in floats."""
    kids = [value(kid, at) for kid in expr.children]
    match expr.head:
        case "num":
            return float(expr.number)
        case "sym":
            return at[expr.name]
        case "add":
            return sum(kids)
        case "neg":
            return -kids[0]
        case "mul":
            return math.prod(kids)
        case "div":
            return kids[0] / kids[1]
        case "pow":
            return kids[0] ** kids[1]
    assert expr.head == "call" and expr.name == "exp"
    return math.exp(kids[0])


@pytest.mark.parametrize("process", [*BY_NAME.values(), OWN], ids=str)
def test_rates_by_central_differences(process):
    at, step = 0.37, 1e-6
    rate = 1.0 if process.name != "vp" else 0.8  # for VP, B = 0.8 t

    def there(expr: Expr, time: float) -> float:
        return value(expr, {"t": time, "B": 0.8 * time, "beta": rate})

    for function, slope in ((process.alpha, process.alpha_dot), (process.h, process.h_dot)):
        difference = (there(function, at + step) - there(function, at - step)) / (2 * step)
        assert there(slope, at) == pytest.approx(difference, rel=1e-8, abs=1e-9)
    alpha, h = there(process.alpha, at), there(process.h, at)
    drift = there(process.alpha_dot, at) / alpha
    assert there(process.drift, at) == pytest.approx(drift, abs=1e-12)
    assert there(process.diffusion, at) == pytest.approx(there(process.h_dot, at) - 2 * drift * h, rel=1e-12)
    assert there(process.alpha2, at) == pytest.approx(alpha**2, rel=1e-12)


@pytest.mark.parametrize("result", derivations.ids())
def test_every_result_is_proved_in_the_time_of_a_process_of_one_s_own(result):
    made = derivations.load(result).derive(Assumptions.default().choose({}, OWN))
    assert made.check().verdict is Verdict.PROVED
    assert all(output.in_time is not None for output in made.outputs)


@pytest.mark.parametrize("fault", [{"alpha_dot": t}, {"h_dot": num(1)}])
def test_a_wrong_rate_is_refused(fault):
    wrong = replace(OWN, **fault)
    made = derivations.load("forward-marginal").derive(Assumptions.default().choose({}, wrong))
    assert made.check().verdict is Verdict.UNDECIDED
