"""A process from alpha(t) and h(t): slopes that the kernel proves, and what does not start at the data."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import arb, ctx

import derivations
from numerics.forward import ball, not_forward
from theory import kernel
from theory.assumptions import Assumptions
from theory.expr import Expr, sym
from theory.formula import parse
from theory.own_process import NotForward, own_process, slope
from theory.processes import BY_NAME, Process

T = {"t": sym("t")}
PROCESSES = {
    "1": "t", "1 - t": "t**2", "exp(-t/2)": "1 - exp(-t)", "sqrt(1 - t)": "t", "1/(1 + t)": "t/(1 + t)",
    "1.0": "t**2",
    "(1 + t)**-2": "exp(t/2) - 1", "sqrt(2 + 2*sqrt(1 + t))/2": "t*(1 + t)", "exp(-t)*(1 - t/3)": "t*exp(-t)",
    "1/(2 - exp(-t))": "-(exp(-t) - 1)", "(2 + t - 1)/1": "4*t*(1 + t)**2",
}  # fmt: skip


def made(alpha: str, h: str) -> Process:
    return own_process(parse(alpha, T), parse(h, T))


def accepted(process: Process) -> bool:
    """Whether the kernel accepts what `forward-marginal` says of a process."""
    derived = derivations.load("forward-marginal").derive(Assumptions.default().choose({}, process))
    told = [chain for chain in derived.chains if chain.name.startswith(f"{process.title}:")]
    assert len(told) == 6
    return all(report.accepted for chain in told for report in kernel.check(chain))


def refusal(alpha: str, h: str) -> tuple[str, str]:
    """The key at fault, and the line."""
    try:
        return not_forward(made(alpha, h)) or ("", "nothing is wrong")
    except NotForward as error:
        return error.key, str(error)


@pytest.mark.parametrize("alpha", PROCESSES)
def test_its_rates_are_proved(alpha: str) -> None:
    process = made(alpha, PROCESSES[alpha])
    assert not_forward(process) is None
    assert accepted(process)
    for name in ("alpha_dot", "h_dot", "drift", "diffusion", "ratio"):
        slipped = replace(process, **{name: 2 * getattr(process, name) + 3})
        assert not accepted(slipped), name


@pytest.mark.parametrize("alpha", PROCESSES)
def test_slopes_by_central_differences(alpha: str) -> None:
    at, step = Fraction(3, 8), Fraction(1, 10**12)
    for tree in (parse(alpha, T), parse(PROCESSES[alpha], T)):
        with ctx.workprec(200):
            rise = (ball(tree, at + step) - ball(tree, at - step)) / (2 * arb(1) / 10**12)
            assert abs(rise - ball(slope(tree), at)) < arb("1e-18")


@pytest.mark.parametrize("name", ["vp-ou", "flow", "ve", "edm", "ou"])
def test_a_named_process_by_its_formulas(name: str) -> None:
    known = BY_NAME[name]
    process = own_process(known.alpha, known.h)
    assert (process.alpha, process.h) == (known.alpha, known.h)
    assert accepted(process)


def test_what_is_stated_is_said() -> None:
    assert made("1/(1 + t)", "t").title == "own, while `1 + t > 0`"
    assert made("sqrt(1 - t)", "t/(2 + t)").title == "own, while `1 - t > 0` and `2 + t > 0`"
    assert made("exp(-t/2)", "t").title == "own"


@pytest.mark.parametrize(
    ("alpha", "h", "key", "part"),
    [
        ("-exp(-t)", "t", "alpha", "is -1 at t = 0"), ("2", "t", "alpha", "is 2 at t = 0"),
        ("t", "t", "alpha", "is 0"),
        ("t/t", "t", "alpha", "no value at t = 0"), ("1", "1 + t", "h", "is 1 at t = 0"),
        ("1", "1/t", "h", "no value"),
        ("1", "0", "h", "at all times"), ("1", "t - t", "h", "is not positive"),
        ("log(1 + t)", "t", "alpha", "holds log"),
        ("1", "min(t, 1)", "h", "holds min"), ("1", "phi(t)", "h", "holds phi"), ("1", "sum(t)", "h", "holds a sum"),
        ("1", "t**17", "h", "too long"), ("1", "(1 + t)**8*(1 + t + t**2)**4*t", "h", "too long"),
        ("sqrt(2)/sqrt(2)", "t", "alpha", "cannot be told"), ("1", "2**50*0 + 9*10**50", "h", "is another number"),
        ("1", "-t", "h", "is not positive"), ("1", "t*(1 - t)", "h", "decrease from t = 1/2 to"),
        ("1 - 2**30*t", "t", "alpha", "is not positive"), ("1 + t", "t", "h", "decrease from t = 1 to"),
        ("1", "t/(1 - 2*t)", "h", "t = 1/2"),
        ("1", "t*exp(-t)", "h", "decrease"), ("1", "t/(t - 1)**2", "h", "is not positive at t = 1"),
        ("1 + t**4/(1000*(7/2 - t))", "t*exp(t)", "alpha", "denominator or root"),
    ],
)  # fmt: skip
def test_what_is_no_forward_process(alpha: str, h: str, key: str, part: str) -> None:
    found, wrong = refusal(alpha, h)
    assert (found, part in wrong) == (key, True), wrong
    assert "; allowed: " in wrong and "\n" not in wrong


def test_other_symbols_are_refused() -> None:
    with pytest.raises(NotForward, match="holds beta"):
        own_process(Expr("call", ("exp", sym("beta"))), sym("t"))
    with pytest.raises(ValueError, match="no slope of call"):
        slope(Expr("call", ("log", sym("t"))))
