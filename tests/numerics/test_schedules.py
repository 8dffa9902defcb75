"""Schedules with numbers: against the theory's trees, against published values, and round trips to 50 digits."""

import math
import re
from fractions import Fraction as F
from itertools import pairwise

import pytest
from flint import arb, ctx, fmpq

from numerics.points import Computed, Real, enclose
from numerics.schedule_kinds import Pair, ScheduleFault
from numerics.schedules import NAMES, marginal, numbers_of, preconditioning, schedule, translate
from theory.conventions import BY_NAME, LINEAR_INTEGRAL
from theory.expr import Expr
from theory.processes import Process

SONG = {"beta_min": F(1, 10), "beta_max": F(20), "T": F(1)}
HO = {"steps": 1000, "beta_min": F(1, 10_000), "beta_max": F(2, 100)}
GIVEN = {
    "vp": SONG, "vp-full": {"beta_min": 2, "beta_max": F(1, 3), "T": F(5, 2)}, "sub-vp": SONG, "ddpm": HO,
    "cosine": {"s": F(1, 125)},
}  # fmt: skip
MADE = {name: schedule(name, GIVEN.get(name)) for name in NAMES}
TIMES = {name: (F(1, 9), F(2, 5), F(7, 8)) for name in NAMES} | {"ddpm": (F(1), F(417), F(2005, 3))}
PREC = 300


def number(value: Real) -> arb:
    return enclose(value, PREC)


def agree(one: Real, other: Real, digits: int = 50) -> bool:
    with ctx.workprec(PREC):
        difference = number(one) - number(other)
        return bool(difference.contains(0) and abs(difference) < arb(10) ** -digits * (1 + abs(number(one))))


# --- against the trees that are proved ------------------------------------------------------------------------------


def ball(expr: Expr, names: dict[str, arb]) -> arb:
    """A tree of the processes' grammar in balls."""
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
    assert expr.head == "call" and expr.name == "exp"
    return kids[0].exp()


def clock(name: str, t: F) -> dict[str, arb]:
    """What a process speaks of at time t, by its definition."""
    given = {key: number(F(value)) for key, value in GIVEN.get(name, {}).items()}
    if name in ("vp", "vp-full", "sub-vp"):
        return {"B": ball(LINEAR_INTEGRAL, given | {"t": number(t)})}
    if name == "ddpm":
        kept = arb(1)
        for n in range(int(t)):
            kept *= 1 - (given["beta_min"] + (given["beta_max"] - given["beta_min"]) * n / 999)
        return {"abar": kept}
    if name == "cosine":
        angle = arb.pi() / 2 * (number(t) + given["s"]) / (1 + given["s"])
        start = arb.pi() / 2 * given["s"] / (1 + given["s"])
        return {"c_u": angle.cos(), "c_0": start.cos()}
    return {"t": number(t)}


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_are_the_proved_process_s(name):
    process: Process = BY_NAME[name].process
    with ctx.workprec(PREC):
        for t in TIMES[name] if name != "ddpm" else (F(1), F(417), F(1000)):
            names = clock(name, t)
            alpha2, h = MADE[name].pair(t)
            assert agree(alpha2, Computed("", lambda names=names: ball(process.alpha2, names)))
            assert agree(h, Computed("", lambda names=names: ball(process.h, names)))
            assert agree(MADE[name].ratio(t), Computed("", lambda names=names: ball(process.ratio, names)))


def test_every_named_process_has_numbers():
    assert list(NAMES) == list(BY_NAME)
    for name, convention in BY_NAME.items():
        told = re.findall(r"\w+", " ".join(convention.numbers))
        assert tuple(word for word in told if word != "or") == numbers_of(name)


# --- round trips ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_time_of_a_ratio(name):
    for t in TIMES[name]:
        assert agree(MADE[name].time(MADE[name].ratio(t)), t)


@pytest.mark.parametrize("other", NAMES)
@pytest.mark.parametrize("one", NAMES)
def test_there_and_back(one, other):
    """The same r, x_t rescaled, and the first time again."""
    for t in TIMES[one][:2]:
        there = translate(MADE[one], t, MADE[other])
        here = MADE[one].pair(t)
        with ctx.workprec(PREC):
            square = number(there.rescale) * number(there.rescale)
            assert agree(there.alpha2, Computed("", lambda s=square, x=here.alpha2: s * number(x)))
            assert agree(there.h, Computed("", lambda s=square, x=here.h: s * number(x)))
        assert agree(MADE[other].ratio(there.time), there.ratio)
        back = translate(MADE[other], there.time, MADE[one])
        assert agree(back.time, t)
        assert agree(back.alpha2, here.alpha2) and agree(back.h, here.h)


def test_rational_translations_are_exact():
    there = translate(MADE["flow"], F(1, 3), MADE["edm"])
    assert there == (F(1, 2), 1, F(1, 4), F(1, 4), F(3, 2))
    assert translate(MADE["edm"], F(1, 2), MADE["flow"]) == (F(1, 3), F(4, 9), F(1, 9), F(1, 4), F(2, 3))
    assert translate(MADE["ve"], F(9, 16), MADE["flow"]).time == F(3, 7)
    assert translate(MADE["ddpm"], 417, MADE["ddpm"]).time == 417


# --- the conventions that are confused ------------------------------------------------------------------------------


def test_ou_runs_twice_as_fast():
    for t in TIMES["ou"]:
        for ours, theirs in zip(MADE["ou"].pair(t), MADE["vp-ou"].pair(2 * t), strict=True):
            assert agree(ours, theirs)
        assert agree(translate(MADE["ou"], t, MADE["vp-ou"]).time, 2 * t)


def test_full_is_half_with_twice_the_rate():
    doubled = {"beta_min": F(1, 5), "beta_max": F(40)}
    for t in TIMES["vp"]:
        full = marginal("vp", SONG | {"convention": "full"}, t)
        assert full != marginal("vp", SONG, t)
        for ours, named, theirs in zip(full, marginal("vp-full", SONG, t), marginal("vp", doubled, t), strict=True):
            assert agree(ours, theirs) and agree(named, theirs)


def test_song_s_vp_ends_where_he_says():
    """log of the mean's coefficient: -t^2 (beta_1 - beta_0)/4 - t beta_0/2."""
    for t in (F(1, 3), F(1)):
        exponent = -(t**2) * (SONG["beta_max"] - SONG["beta_min"]) / 4 - t * SONG["beta_min"] / 2
        with ctx.workprec(PREC):
            assert agree(MADE["vp"].pair(t).alpha2, Computed("", lambda x=exponent: (2 * number(x)).exp()))


def test_karras_s_sigma_of_song_s_vp():
    """sigma(t) = sqrt(exp(beta_d t^2/2 + beta_min t) - 1), and x_t is scaled by sqrt(1 + sigma^2)."""
    t = F(3, 10)
    exponent = (SONG["beta_max"] - SONG["beta_min"]) * t**2 / 2 + SONG["beta_min"] * t
    there = translate(MADE["vp"], t, MADE["edm"])
    assert agree(there.time, Computed("", lambda: number(exponent).expm1().sqrt()))
    assert agree(there.rescale, Computed("", lambda: (number(exponent) / 2).exp()))


def test_ddpm_s_alpha_bar_is_alpha_squared():
    ddpm = MADE["ddpm"]
    assert ddpm.pair(F(0)) == (1, 0)
    assert ddpm.pair(F(1)) == (F(9999, 10_000), F(1, 10_000))
    last = ddpm.pair(F(1000))
    assert float(last.alpha2) == pytest.approx(4.0358e-5, rel=1e-4)  # the well known value
    betas = [F(1, 10), F(1, 5), F(1, 2)]
    products = [F(9, 10), F(18, 25), F(9, 25)]
    given, multiplied = schedule("ddpm", {"betas": betas}), schedule("ddpm", {"alpha_bar": products})
    assert given == multiplied
    for n, product in enumerate(products, 1):
        assert given.pair(F(n)) == (product, 1 - product)
        assert given.ratio(F(n)) == 1 / product - 1 and given.time(1 / product - 1) == n


def test_between_two_steps_of_ddpm():
    """The rate is constant: alpha^2 is a geometric mean, and half way there it is the root of the product."""
    ddpm = schedule("ddpm", {"alpha_bar": [F(16, 25), F(9, 25)]})
    assert agree(ddpm.pair(F(3, 2)).alpha2, F(12, 25)) and agree(ddpm.pair(F(3, 2)).h, F(13, 25))
    assert agree(ddpm.time(F(13, 12)), F(3, 2))
    assert agree(ddpm.time(Computed("", lambda: number(F(16, 9)))), F(2))  # at a knot, known as an enclosure only
    assert agree(ddpm.time(Computed("", lambda: number(F(9, 16)))), F(1))


def test_ddpm_that_ends_in_noise():
    ddpm = schedule("ddpm", {"alpha_bar": [F(1, 2), F(1, 4), 0]})
    assert ddpm.pair(F(3)) == (0, 1)
    assert ddpm.ratio(F(2)) == 3 and ddpm.time(F(3)) == 2
    with pytest.raises(ScheduleFault, match="infinite"):
        ddpm.ratio(F(3))
    with pytest.raises(ScheduleFault, match="within the last step"):
        ddpm.pair(F(5, 2))
    with pytest.raises(ScheduleFault, match="r is not reached"):
        ddpm.time(F(4))


def test_sub_vp_has_the_square_of_vp_s_noise():
    for t in TIMES["sub-vp"]:
        vp, sub = MADE["vp"].pair(t), MADE["sub-vp"].pair(t)
        assert agree(sub.alpha2, vp.alpha2)
        assert agree(sub.h, Computed("", lambda x=vp.h: number(x) * number(x)))
        assert number(sub.alpha2) + number(sub.h) < 1


def test_the_cosine_by_its_definition():
    def f(t: float) -> float:
        return math.cos((t + 0.008) / 1.008 * math.pi / 2) ** 2

    for t in (F(1, 4), F(1, 2), F(9, 10)):
        alpha2, h = marginal("cosine", None, t)
        assert float(number(alpha2)) == pytest.approx(f(float(t)) / f(0), rel=1e-14)
        assert float(number(h)) == pytest.approx(1 - f(float(t)) / f(0), rel=1e-13)


@pytest.mark.parametrize("s", [0, F(1, 2)])
def test_the_cosine_with_another_offset(s):
    cosine = schedule("cosine", {"s": s})
    for t in (F(1, 10**30), F(2, 3), 1 - F(1, 10**30)):
        assert agree(cosine.time(cosine.ratio(t)), t)
    if not s:
        assert agree(cosine.pair(F(2, 3)).alpha2, F(1, 4))


# --- properties of all ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_ratios_increase_from_zero(name):
    """So each of them is an SDE."""
    one = MADE[name]
    assert one.pair(F(0)) == (1, 0) and one.ratio(F(0)) == 0 and one.time(F(0)) == 0
    last = 1 if one.last is None else one.last
    times = [last * F(i, 20) for i in range(20)]
    with ctx.workprec(PREC):
        assert all(number(one.ratio(s)) < number(one.ratio(t)) for s, t in pairwise(times))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_cancels_near_the_data(name):
    for t in (F(1, 10**12), F(1, 10**40)):
        pair, ratio = MADE[name].pair(t), MADE[name].ratio(t)
        for value in (*pair, ratio, MADE[name].time(ratio)):
            assert enclose(value, 128).rel_accuracy_bits() > 100


@pytest.mark.parametrize("name", ["flow", "cosine"])
def test_the_end_is_pure_noise(name):
    assert MADE[name].pair(F(1)) == (0, 1)
    with pytest.raises(ScheduleFault, match="infinite"):
        MADE[name].ratio(F(1))
    with pytest.raises(ScheduleFault, match="infinite"):
        translate(MADE[name], 1, MADE["edm"])


@pytest.mark.parametrize("name", NAMES)
def test_times_and_ratios_outside(name):
    one = MADE[name]
    for call in (one.pair, one.ratio, one.time):
        with pytest.raises(ScheduleFault, match="is negative"):
            call(F(-1, 10))
    if one.last is not None:
        with pytest.raises(ScheduleFault, match=f"t is beyond {one.last}"):
            one.pair(one.last + F(1, 100))


@pytest.mark.parametrize("name", ["vp", "vp-full", "sub-vp", "ddpm"])
def test_a_ratio_that_is_never_reached(name):
    one = MADE[name]
    beyond = Computed("", lambda: number(one.ratio(one.last)) * 2)
    with pytest.raises(ScheduleFault, match="r is not reached"):
        one.time(beyond)
    assert agree(one.time(one.ratio(one.last)), one.last)


@pytest.mark.parametrize(
    ("name", "numbers", "wrong"),
    [
        ("vp", {"beta_max": 20}, "beta_min is missing"),
        ("vp", {"beta_min": F(-1), "beta_max": 20}, "beta_min is -1; allowed: 0 or more"),
        ("vp", {"beta_min": 0, "beta_max": 0}, "beta_max is 0; allowed: more than 0"),
        ("vp", SONG | {"T": 0}, "T is 0"),
        ("vp", SONG | {"convention": "quarter"}, "convention is 'quarter'; allowed: 'half', 'full'"),
        (
            "vp-full",
            SONG | {"convention": "half"},
            "convention is no number of vp-full; allowed: beta_min",
        ),
        ("vp-ou", {"beta": 1}, "beta is no number of vp-ou; allowed: none"),
        ("vp", SONG | {"beta_min": 0.1}, "beta_min is not an exact number"),
        ("ddpm", {}, "give exactly one"),
        ("ddpm", {"betas": [F(1, 2)], "alpha_bar": [F(1, 2)]}, "give exactly one"),
        ("ddpm", {"betas": [F(1, 2)], "beta_min": F(1, 2)}, "steps is missing"),
        ("ddpm", {"betas": []}, "betas must be a list"),
        ("ddpm", {"betas": "0.1"}, "betas must be a list"),
        ("ddpm", {"betas": [F(1, 2), 0]}, "betas gives beta_2 = 0"),
        ("ddpm", {"betas": [1, F(1, 2)]}, "betas gives beta_1 = 1"),
        ("ddpm", {"betas": [F(1, 2), 0.1]}, "betas is not an exact number"),
        ("ddpm", {"alpha_bar": [F(1, 2), F(1, 2)]}, "alpha_bar goes from 1/2 to 1/2 at step 2"),
        ("ddpm", {"alpha_bar": [1, F(1, 2)]}, "alpha_bar goes from 1 to 1 at step 1"),
        ("ddpm", HO | {"steps": F(5, 2)}, "steps is 5/2"),
        ("ddpm", HO | {"steps": 10**9}, "steps is 1000000000"),
        ("ddpm", {"steps": 3, "beta_min": 0, "beta_max": F(1, 2)}, "steps gives beta_1 = 0"),
        ("cosine", {"s": F(-1, 10)}, "s is -1/10"),
    ],
)
def test_faulty_numbers(name, numbers, wrong):
    with pytest.raises(ScheduleFault) as fault:
        schedule(name, numbers)
    assert wrong in str(fault.value)
    assert str(fault.value).startswith(fault.value.key) and "\n" not in str(fault.value)


def test_inexact_times_are_refused():
    with pytest.raises(TypeError, match="not exact"):
        marginal("vp-ou", None, 0.5)
    assert isinstance(marginal("flow", None, 1), Pair)
    with pytest.raises(KeyError):
        schedule("vp-oo")


def test_edm_s_preconditioning():
    assert preconditioning(F(1), F(1, 2))[0] == F(1, 5)
    factors = preconditioning(F(3, 2), F(2))
    assert factors[:3] == (F(16, 25), F(6, 5), F(2, 5))
    assert agree(factors.c_noise, Computed("", lambda: number(F(3, 2)).log() / 4))
    assert preconditioning(1, 1).c_noise == 0
    assert agree(preconditioning(1, 1).c_out, Computed("", lambda: 1 / arb(2).sqrt()))
