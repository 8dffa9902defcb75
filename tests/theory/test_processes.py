"""Forward processes: the named ones against numbers of their own, and one that a user gives."""

import math
from dataclasses import replace

import pytest

import derivations
from theory import kernel
from theory.assumptions import Assumptions
from theory.expr import Expr, call, num, sym
from theory.processes import BY_NAME, Process, user_given
from theory.verdict import Verdict

t, B, beta, abar = sym("t"), sym("B"), sym("beta"), sym("abar")
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


def place(process: Process, time: float) -> dict[str, float]:
    """Every name that a process may use, at a time: B = 0.8 t, a VP process of alpha-bar = e^{-0.6 t}, an angle that
    turns at the rate 0.7 from 0.2."""
    angle, signal = 0.2 + 0.7 * time, math.exp(-0.3 * time)
    return {
        "t": time, "B": 0.8 * time, "beta": 0.8, "alpha": signal, "alpha_dot": -0.3 * signal, "abar": signal**2,
        "c_u": math.cos(angle), "s_u": math.sin(angle), "c_0": math.cos(0.2), "omega": 0.7,
    }  # fmt: skip


@pytest.mark.parametrize("process", [*BY_NAME.values(), OWN], ids=str)
def test_rates_by_central_differences(process):
    at, step = 0.37, 1e-6

    def there(expr: Expr, time: float = at) -> float:
        return value(expr, place(process, time))

    for function, slope in ((process.alpha, process.alpha_dot), (process.h, process.h_dot)):
        difference = (there(function, at + step) - there(function, at - step)) / (2 * step)
        assert there(slope) == pytest.approx(difference, rel=1e-8, abs=1e-9)
    alpha, h = there(process.alpha), there(process.h)
    drift = there(process.alpha_dot) / alpha
    assert there(process.drift) == pytest.approx(drift, abs=1e-12)
    assert there(process.diffusion) == pytest.approx(there(process.h_dot) - 2 * drift * h, rel=1e-12)
    assert there(process.alpha2) == pytest.approx(alpha**2, rel=1e-12)
    assert there(process.ratio) == pytest.approx(h / alpha**2, rel=1e-12)
    slope = (there(process.ratio, at + step) - there(process.ratio, at - step)) / (2 * step)
    assert there(process.diffusion) == pytest.approx(alpha**2 * slope, rel=1e-7)
    assert slope > 0  # so each of them is an SDE


@pytest.mark.parametrize("process", BY_NAME.values(), ids=str)
def test_the_data_are_at_time_zero(process):
    start = place(process, 0.0)
    assert (value(process.alpha, start), value(process.h, start)) == pytest.approx((1, 0), abs=1e-15)


@pytest.mark.parametrize("result", derivations.ids())
def test_every_value_is_proved_in_the_time_of_a_process_of_one_s_own(result):
    """Only what is said in the process's own time depends on the process; `forward-marginal` speaks of nothing else."""
    made = derivations.load(result).derive(Assumptions.default().choose({}, OWN))
    timed = [chain for chain in made.chains if chain.name.endswith(", in the process's own time")]
    assert len(timed) == len(made.outputs)
    assert all(report.accepted for chain in timed for report in kernel.check(chain))
    assert result != "forward-marginal" or made.check().verdict is Verdict.PROVED
    assert all(output.in_time is not None for output in made.outputs)


@pytest.mark.parametrize("fault", [{"alpha_dot": t}, {"h_dot": num(1)}])
def test_a_wrong_rate_is_refused(fault):
    wrong = replace(OWN, **fault)
    made = derivations.load("forward-marginal").derive(Assumptions.default().choose({}, wrong))
    assert made.check().verdict is Verdict.UNDECIDED


def _accepted(process: Process) -> bool:
    """Whether the kernel accepts what `forward-marginal` says of a process."""
    made = derivations.load("forward-marginal").derive(Assumptions.default().choose({}, process))
    told = [chain for chain in made.chains if chain.name.startswith(process.title)]
    assert len(told) >= 6
    return all(report.accepted for chain in told for report in kernel.check(chain))


@pytest.mark.parametrize("process", BY_NAME.values(), ids=str)
def test_every_slip_in_a_named_process_is_refused(process):
    assert _accepted(process)
    for name in ("alpha", "h", "alpha_dot", "h_dot", "drift", "diffusion", "alpha2", "ratio"):
        written = getattr(process, name)
        for slip in (3 * written + 7, 5 - written):
            assert not _accepted(replace(process, **{name: slip})), (name, slip)


SLIPS = {  # what papers confuse
    "ou": {"diffusion": num(1)},
    "vp-full": {"diffusion": beta},
    "vp": {"alpha": call("exp", -B), "alpha_dot": -(beta * call("exp", -B)), "drift": -beta},
    "sub-vp": {"h": 1 - call("exp", -B)},
    "ddpm": {"alpha2": abar**2},
    "edm": {"h": t, "h_dot": num(1)},
}


@pytest.mark.parametrize(("name", "slip"), SLIPS.items(), ids=SLIPS)
def test_the_wrong_convention_is_refused(name, slip):
    assert not _accepted(replace(BY_NAME[name], **slip))
