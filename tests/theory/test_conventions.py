"""Conventions: exact algebra shows that each clock inverts its ratio, and balls that translation goes round."""

from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp
from flint import arb, ctx, fmpq

from theory import processes
from theory.assumptions import PROCESSES
from theory.conventions import (
    BY_NAME,
    COLUMNS,
    CONVENTIONS,
    LINEAR_INTEGRAL,
    LINEAR_RATE,
    LINEAR_TIME,
    PRECONDITIONING,
    RATIO_NAMES,
    Convention,
    clock_of,
    notes,
    rescaled,
    rows,
    tidy,
)
from theory.expr import Expr, call, num, substitute, sym, walk
from theory.text import text

SIMPLE = {"exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "arccos": sp.acos}
PAIRS = [(one, other) for one in CONVENTIONS for other in CONVENTIONS]
p = sp.Symbol("p", positive=True)


def algebra(expr: Expr, names: dict[str, sp.Expr] | None = None) -> sp.Expr:
    """A tree in SymPy, where every name is positive."""
    kids = [algebra(kid, names) for kid in expr.children]
    match expr.head:
        case "num":
            return sp.Rational(expr.number.numerator, expr.number.denominator)
        case "sym":
            return (names or {}).get(expr.name, sp.Symbol(expr.name, positive=True))
        case "add":
            return sp.Add(*kids)
        case "neg":
            return -kids[0]
        case "mul":
            return sp.Mul(*kids)
        case "div":
            return kids[0] / kids[1]
        case "pow":
            return kids[0] ** kids[1]
    return SIMPLE[expr.name](kids[0])


def vanishes(expr: sp.Expr) -> bool:
    """The numerator over a common denominator expands to 0: every root in it squares away."""
    return sp.expand(sp.together(expr).as_numer_denom()[0]) == 0


def clocked(one: Convention, expr: Expr) -> Expr:
    """An expression of the process's clock with the clock at ratio r put in; for the cosine, its angle's cosine."""
    if str(one) != "cosine":
        return substitute(expr, {one.clock: one.time})
    time = substitute(one.time, {"pi": num(1) * sym("pi")})
    angle = sym("pi") / 2 * (time + sym("s")) / (1 + sym("s"))
    return substitute(expr, {"c_u": call("cos", angle)})


@pytest.fixture(autouse=True)
def _cosine(monkeypatch):
    monkeypatch.setitem(SIMPLE, "cos", lambda x: sp.cos(sp.simplify(x)))


def inverts(one: Convention) -> bool:
    back = algebra(clocked(one, one.process.ratio), {"pi": sp.pi})
    return vanishes((back - sp.Symbol("r", positive=True)).subs(sp.Symbol("r", positive=True), p**2))


def scales(one: Convention) -> bool:
    there = algebra(clocked(one, one.process.alpha2), {"pi": sp.pi})
    return vanishes((there - algebra(one.scale) ** 2).subs(sp.Symbol("r", positive=True), p**2))


@pytest.mark.parametrize("one", CONVENTIONS, ids=str)
def test_each_clock_inverts_its_ratio(one):
    assert inverts(one)
    for slip in (2 * one.time, one.time / 2, one.time + 1, call("sqrt", one.time), one.time**2):
        assert not inverts(replace(one, time=slip)), slip


@pytest.mark.parametrize("one", CONVENTIONS, ids=str)
def test_alpha_at_a_ratio(one):
    assert scales(one)
    for slip in (one.scale / 2, (1 + sym("r")) * one.scale, one.scale / call("sqrt", 1 + sym("r"))):
        assert not scales(replace(one, scale=slip)), slip


def test_linear_beta():
    """The integral of the rate, from 0, and its inverse by the root of a quadratic that is w^2 at t(B)."""
    beta, low, high, last, w, at = sp.symbols("t beta_min beta_max T w B", positive=True)
    integral = algebra(LINEAR_INTEGRAL)
    assert sp.expand(sp.diff(integral, beta) - algebra(LINEAR_RATE)) == 0
    assert integral.subs(beta, 0) == 0
    square = (w**2 - low**2) * last / (2 * (high - low))
    inverse = algebra(LINEAR_TIME).replace(lambda x: isinstance(x, sp.Pow) and x.exp == sp.Rational(1, 2), lambda _: w)
    inner = next(x for x in algebra(LINEAR_TIME).atoms(sp.Pow) if x.exp == sp.Rational(1, 2)).base
    assert vanishes(inner.subs(at, square) - w**2)
    assert vanishes(integral.subs(beta, inverse.subs(at, square)) - square)


# --- balls ----------------------------------------------------------------------------------------------------------
NUMBERS = {"s": Fraction(1, 125), "beta_min": Fraction(1, 10), "beta_max": Fraction(20), "T": Fraction(1)}
CALLS = {"exp": arb.exp, "log": arb.log, "sqrt": arb.sqrt, "arccos": arb.acos}
# times of moderate ratios on each clock
CLOCKS = {
    "vp-ou": "1/3", "ou": "2/7", "vp": "5/4", "vp-full": "3/8", "sub-vp": "7/5", "ddpm": "2/5", "cosine": "3/7",
    "ve": "9/5", "edm": "5/6", "flow": "3/8",
}  # fmt: skip


def ball(expr: Expr, names: dict[str, arb]) -> arb:
    """A tree in balls."""
    kids = [ball(kid, names) for kid in expr.children]
    match expr.head:
        case "num":
            return arb(fmpq(expr.number.numerator, expr.number.denominator))
        case "sym":
            return names[expr.name]
        case "add":
            return sum(kids[1:], kids[0])
        case "neg":
            return -kids[0]
        case "mul":
            total = kids[0]
            for kid in kids[1:]:
                total = total * kid
            return total
        case "div":
            return kids[0] / kids[1]
        case "pow":
            return kids[0] ** int(expr.children[1].number)
    return CALLS[expr.name](kids[0])


def constants() -> dict[str, arb]:
    numbers = {name: arb(fmpq(q.numerator, q.denominator)) for name, q in NUMBERS.items()}
    angle = arb.pi() / 2 * numbers["s"] / (1 + numbers["s"])
    return {**numbers, "pi": arb.pi(), "c_0": angle.cos(), "omega": arb.pi() / 2 / (1 + numbers["s"])}


def names_at(convention, clock: arb) -> dict[str, arb]:
    """The clock, and for the cosine schedule what it moves."""
    names = {**constants(), convention.clock: clock}
    angle = names["omega"] * (clock + names["s"])
    return {**names, "c_u": angle.cos(), "s_u": angle.sin()}


def agree(one: arb, other: arb, digits: int = 50) -> bool:
    """Both balls hold one number, to so many digits."""
    difference = one - other
    return bool(difference.contains(0) and abs(difference) < arb(10) ** -digits * (1 + abs(one)))


def start(convention) -> arb:
    q = Fraction(CLOCKS[str(convention)])
    return arb(fmpq(q.numerator, q.denominator))


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda c: str(c))
def test_there_and_back(one, other):
    """r, the clock and x_t's scale, from one convention to another and back, to 50 digits."""
    with ctx.workprec(300):
        here = names_at(one, start(one))
        there = names_at(other, ball(clock_of(one, other), here))
        r = ball(one.ratio, here)
        assert agree(ball(other.ratio, there), r)
        assert agree(ball(clock_of(other, one), there), start(one))
        scale = ball(rescaled(one, other), {"r": r})
        assert agree(ball(other.alpha2, there), scale * scale * ball(one.alpha2, here))
        assert agree(ball(other.h, there), scale * scale * ball(one.h, here))
        assert agree(scale * ball(rescaled(other, one), {"r": r}), arb(1))


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=lambda c: str(c))
def test_shortening_changes_no_value(one, other):
    with ctx.workprec(300):
        here = names_at(one, start(one))
        assert agree(ball(substitute(other.time, {"r": one.process.ratio}), here), ball(clock_of(one, other), here))


@pytest.mark.parametrize("one", CONVENTIONS, ids=str)
def test_what_is_printed_is_the_process(one):
    with ctx.workprec(300):
        here = names_at(one, start(one))
        here |= {"beta": arb(3), "alpha": arb(2), "alpha_dot": arb(-7)}
        for printed in ("alpha2", "h", "ratio", "diffusion"):
            assert agree(ball(getattr(one, printed), here), ball(getattr(one.process, printed), here)), printed


def test_shorter_forms():
    x, t = sym("r"), sym("t")
    exp_t, minus = call("exp", t), call("exp", -t)
    for written, short in (
        (exp_t * exp_t - 1, "exp(2*t) - 1"),
        (minus * minus, "exp(-2*t)"),
        (1 + (x - 1), "r"),
        (x - 1 - 1, "r - 2"),
        (call("log", exp_t), "t"),
        (call("sqrt", x**2), "r"),
        (1 / (1 / x), "r"),
        (x / x, "1"),
        (call("sqrt", x), "sqrt(r)"),
        (call("sqrt", x**3), "sqrt(r^3)"),
        (exp_t * minus, "exp(t)*exp(-t)"),
    ):
        assert text(tidy(written)) == short


# --- what is told ---------------------------------------------------------------------------------------------------


def test_every_process_has_its_convention():
    assert list(BY_NAME) == list(processes.BY_NAME) == list(PROCESSES)
    assert all(one.process is processes.BY_NAME[name] for name, one in BY_NAME.items())


def test_the_listing():
    listed = {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows()}
    assert list(listed) == list(BY_NAME)
    assert (listed["vp-ou"]["alpha^2"], listed["ou"]["alpha^2"]) == ("exp(-t)", "exp(-2*t)")
    assert (listed["vp"]["alpha^2"], listed["vp-full"]["alpha^2"]) == ("exp(-B)", "exp(-2*B)")
    assert (listed["vp"]["g^2 = alpha^2 dr/dt"], listed["vp-full"]["g^2 = alpha^2 dr/dt"]) == ("beta", "2*beta")
    assert listed["ddpm"]["alpha^2"] == "abar" and listed["ddpm"]["clock from r"] == "1/(1 + r)"
    assert listed["sub-vp"]["h"] == "(1 - exp(-B))^2"
    assert listed["sub-vp"]["g^2 = alpha^2 dr/dt"] == "beta*(1 - exp(-2*B))"
    assert (listed["edm"]["h"], listed["ve"]["h"]) == ("t^2", "t")
    assert listed["flow"]["clock from r"] == "sqrt(r)/(1 + sqrt(r))"
    told = " ".join([*notes(), *(cell for row in rows() for cell in row)])
    assert told.isascii() and "+ -" not in told and "--" not in told


@pytest.mark.parametrize(
    ("one", "other", "clock", "scale"),
    [
        ("vp-ou", "ou", "t/2", "1"),
        ("ou", "vp-ou", "2*t", "1"),
        ("vp", "vp-full", "B/2", "1"),
        ("ddpm", "vp", "ln(1/abar)", "1"),
        ("vp-ou", "edm", "sqrt(exp(t) - 1)", "sqrt(1 + r)"),
        ("edm", "flow", "t/(1 + t)", "1/(1 + sqrt(r))"),
        ("flow", "edm", "t/(1 - t)", "1 + sqrt(r)"),
        ("edm", "ve", "t^2", "1"),
    ],
)
def test_translations_that_are_known(one, other, clock, scale):
    assert text(clock_of(BY_NAME[one], BY_NAME[other])) == clock
    assert text(rescaled(BY_NAME[one], BY_NAME[other])) == scale


def test_preconditioning_by_its_purpose():
    """Unit variance of input and target, and the least error amplification, as the factors were chosen."""
    s, d = sp.symbols("sigma sigma_data", positive=True)
    skip, out, into = (algebra(PRECONDITIONING[name]) for name in ("c_skip", "c_out", "c_in"))
    assert vanishes(into**2 * (s**2 + d**2) - 1)
    error = (1 - sp.Symbol("x")) ** 2 * d**2 + sp.Symbol("x") ** 2 * s**2  # of what the network must supply
    assert vanishes(sp.diff(error, sp.Symbol("x")).subs(sp.Symbol("x"), skip))
    assert vanishes(error.subs(sp.Symbol("x"), skip) - out**2)
    assert algebra(PRECONDITIONING["c_noise"]) == sp.log(s) / 4


def test_other_names_of_the_ratio():
    """All from r = h/alpha^2, at alpha^2 = 1/5 and h = 4/5: r = 4."""
    told = {name.split(",")[0]: algebra(expr).subs(sp.Symbol("r", positive=True), 4) for name, expr in RATIO_NAMES}
    assert told["signal-to-noise ratio"] == sp.Rational(1, 4)
    assert told["log-SNR"] == -sp.log(4) == -told["the variational diffusion model's gamma"]
    assert vanishes(told["DPM-Solver's lambda"] + sp.log(4) / 2)
    assert told["EDM's sigma"] == 2


def test_trees_hold_only_known_functions():
    trees = [x for one in CONVENTIONS for x in (one.time, one.scale, one.ratio, one.alpha2, one.h)]
    assert {n.name for tree in trees for n in walk(tree) if n.head == "call"} == {"exp", "log", "sqrt", "arccos"}
