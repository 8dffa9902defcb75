"""Linear equations, antiderivatives, and integrals: those that hold, and neighbours refused."""

from typing import Any

import pytest
from lines import power, times
from tiny import claim, fraction, lemma, less, letter, reason

A, B, C, U = letter("A"), letter("B"), letter("C"), letter("U", "D", "k")
X, Y = letter("x", "D", "1"), letter("y", "D", "1")
P = {"p": "positive", "q": "positive", "n": "nonnegative"}
NONE = fraction()
f = fraction
p, q, n = (("1", {x: 1}) for x in "pqn")
IS_P = ["certificate", f(p)]
IS_Q = ["certificate", f(q)]


ODE = {"form": "solves", "cites": ["linear ODE"], "domains": {"r": "positive", "R": "positive", "s": "nonnegative"}}
START = {"r": "R", "value": times("s", "R")}


def solves(
    left: Any, right: Any, rate_: Any, *evidence: Any, variable: str = "r", initial: Any = None, **facts: Any
) -> str:
    parts = {"rate": rate_, "initial": START if initial is None else initial, "variable": variable}
    return reason(claim(left, "=", right, parts=parts, **{**ODE, **facts}), *evidence)


IS_R, IS_BIG = ["certificate", f(("1", {"r": 1}))], ["certificate", f(("1", {"R": 1}))]
LINEAR = ["Divide", "u", "r"]
STEADY = {"steady": {"r": ["s", "R"]}}


def test_equations() -> None:
    """u' = u/r from u(R) = s R has u = s r."""
    right = times("s", "r")
    good = [*IS_R, *IS_BIG, *IS_BIG]
    assert solves("u", right, LINEAR, *good, "closed", "closed", "closed", **STEADY) == ""
    assert (
        solves("u", times(2, right), LINEAR, *good, "closed", "closed", "closed", **STEADY)
        == "the two sides are not equal"
    )
    assert solves("u", ["Add", right, 1], LINEAR, *good, "closed", "closed", **STEADY) == "the two sides are not equal"
    square = ["Divide", power("u", 2), "r"]
    assert solves("u", right, square, *good, "closed", **STEADY) == "the two sides are not equal"
    assert solves("u", right, LINEAR, *good, "closed", "closed", "closed") == "s may depend on r"
    assert solves("u", right, LINEAR, *good, **STEADY, cites=[]) == "no equation"
    assert solves("u", right, LINEAR, *good, **STEADY, initial={"r": "R"}) == "no equation"
    assert solves("u", right, LINEAR, *good, **STEADY, variable="s") == "an equation in another variable"
    assert solves("u", right, LINEAR, *good, **STEADY, variable="t") == "an equation in another variable"
    for initial in ({"value": 0}, {**START, "r": 1}, {**START, "t": 0}, {**START, "s": 1}):
        assert solves("u", right, LINEAR, *good, **STEADY, initial=initial) == "another start than r = R, or t = 0"
    assert solves(["Add", "u", "s"], right, LINEAR, *good, **STEADY) == "an equation for no name"
    assert solves(0, right, LINEAR, *good, **STEADY) == "an equation for no name"
    assert solves("s", right, LINEAR, *good, **STEADY) == "an equation for something that is known already"
    letters = [times("s", "r", A), ["Divide", B, "r"], *good, "closed", "closed", "closed"]
    start = {"r": "R", "value": times("s", "R", A)}
    still = {**STEADY, "still": {"r": ["A"]}}
    assert solves(B, *letters, initial=start, **still) == ""
    assert solves(B, *letters, initial={**start, "value": A}, **still) == "the two sides are not equal"
    kinds = {"r": "R", "value": times("s", "R", letter("A", kind="sym"))}
    assert solves(B, *letters, initial=kinds, **still) == "A is used in two sizes or kinds"
    assert solves(A, *letters, initial=start, **still) == "an equation for something that is known already"
    grown, start = letter("S", kind="sym"), {"r": "R", "value": times("s", "R", letter("A", kind="sym"))}
    letters = [times("s", "r", letter("A", kind="sym")), ["Divide", grown, "r"], *letters[2:]]
    assert solves(grown, *letters, initial=start, **still) == ""


@pytest.mark.parametrize(
    "facts",
    [
        {"means": {"u": 0}}, {"given": {"u": 1}}, {"pins": {"u": 1}}, {"domains": {**ODE["domains"], "u": "positive"}},
             # type: ignore[dict-item]
        {"definitions": {"u": 1}}, {"meanings": {"u": 1}}, {"constant": ["u"]}, {"covariances": ["u"]},
        {"letters": {"u": "r"}}, {"moments": [["u", "x", 1]]}, {"moments": [["x", "u", 1]]},
        {"rates": {"r": {"u": 1}}}, {"steady": {"r": ["u"]}}, {"still": {"r": ["u"]}}, {"replacements": [["u", "s"]]},
        {"rewrites": [[["u'"], A]]}, {"rewrites": [[["u^-1"], A]]},
        {"meanings": {"w": "u"}}, {"replacements": [["w", power("u", 2)]]}, {"rates": {"r": {"r": 1, "w": "u"}}},
        {"rewrites": [[["A", "B"], times("u", A)]]}, {"conditions": ["u"]},
    ],
)  # fmt: skip
def test_an_equation_for_what_is_known(facts: dict[str, Any]) -> None:
    found = solves("u", times("s", "r"), LINEAR, *IS_R, *IS_BIG, *IS_BIG, *["closed"] * 3, **{**STEADY, **facts})
    assert "known already" in found or "leads to something else" in found, found


AT_0 = ["certificate", f(("1", {})), "certificate"]  # that the values at the start are not negative: one and zero
TIME = {"rates": {"t": {"t": 1, "B": "beta"}}, "steady": {"t": ["s"]}}


def test_equations_in_time() -> None:
    """u' = -u from u(0) = s has u = s exp(-t); put in the integral of a rate, u' = -beta u has u = s exp(-B)."""
    right, start = times("s", ["Exp", ["Negate", "t"]]), {"t": 0, "value": times("s", ["Exp", ["Negate", 0]])}
    ways = ["closed", "closed", "same"]
    found = solves("u", right, ["Negate", "u"], *AT_0, *ways, variable="t", initial=start, **TIME)
    assert found == ""
    linear, start = ["Add", "s", "t"], {"t": 0, "value": ["Add", "s", 0]}
    assert solves("u", linear, 1, *AT_0, *ways, variable="t", initial=start, **TIME) == ""
    assert solves("u", linear, 1, *AT_0, *ways[:2], "closed", variable="t", initial=start, **TIME) == ""
    wrong = {"t": 0, "value": ["Add", "s", 1]}
    assert (
        solves("u", linear, 1, *AT_0, *ways[:2], "closed", variable="t", initial=wrong, **TIME)
        == "the two sides are not equal"
    )
    late = {"t": "x", "value": ["Add", "s", "x"]}
    assert solves("u", linear, 1, variable="t", initial=late, **TIME) == "another start than r = R, or t = 0"
    meant = {"meanings": {"w": 2}, **TIME}
    assert solves("u", ["Add", "w", "t"], 1, *AT_0, *ways[:1], "opened", "opened", variable="t",
                  initial={"t": 0, "value": 2}, **{**meant, "steady": {"t": ["s", "w"]}}) == ""  # fmt: skip
    moving = {"meanings": {"w": "s"}, **TIME}
    assert solves("u", ["Add", "w", "t"], 1, *AT_0, *ways[:1], "opened", "opened", variable="t",
                  initial={"t": 0, "value": "s"}, **{**moving, "steady": {"t": ["s",
                      "w"]}}) == "the two sides are not equal"  # fmt: skip


def test_the_start_in_time() -> None:
    """At t = 0 the signal is whole, and there is no noise and no integral of the rate; a line may say any of this."""
    whole = {"alpha": 1, "h": 0, "B": 0, "t": 0, "r": 0}
    linear, steady = ["Add", "s", "t"], {**TIME, "steady": {"t": ["s"]}}
    for initial in (*({name: value} for name, value in whole.items()), whole):
        made = {**initial, "value": "s"}
        assert solves("u", linear, 1, *AT_0, *["closed"] * 3, variable="t", initial=made, **steady) == "", initial
    for name, value in whole.items():
        for other in (1 - value, 2, name):
            made = {**whole, name: other, "value": "s"}
            found = solves("u", linear, 1, *AT_0, *["closed"] * 3, variable="t", initial=made, **steady)
            assert found == "another start than r = R, or t = 0", (name, other)


def test_where_an_equation_starts() -> None:
    """What is divided by must not vanish at the start, and what is under a root may."""
    time = {**TIME, "domains": {"t": "positive", "s": "nonnegative"}, "variable": "t", "initial": {"t": 0, "value": 0}}
    is_t = ["certificate", f(("1", {"t": 1}))]
    square = ["Divide", times(2, "u"), "t"]
    assert solves("u", power("t", 2), square, *is_t, *AT_0, "certificate", **time) == "a sum that may be empty"
    root = times(["Rational", "3", "2"], ["Sqrt", "t"])
    grown = [times("t", ["Sqrt", "t"]), root, *is_t, *AT_0]
    assert solves("u", *grown, "closed", "closed", "closed", **time) == ""
    stated = {**time, "conditions": [power("alpha", 2)], "domains": {"alpha": "nonnegative"}}
    is_one = ["certificate", f(("1", {}))]
    assert solves("u", "t", 1, *AT_0, *is_one, "closed", "closed", "closed", **stated) == ""
    other = {**stated, "conditions": ["s"]}
    assert solves("u", "t", 1, *AT_0, **other) == "a condition that may fail at another time"


def test_what_is_stated_where_an_equation_starts() -> None:
    """What is stated of names that stay is stated at the start too, by another name as well."""
    facts = {**STEADY, "conditions": ["x"], "meanings": {"c": "x"}, "steady": {"r": ["s", "R", "x", "c"]}}
    right, start = ["Add", times("s", "r"), ["Ln", "x"]], {"r": "R", "value": ["Add", times("s", "R"), ["Ln", "x"]]}
    good = [*IS_BIG, "closed", "closed", "closed"]
    assert solves("u", right, "s", *good, initial=start, **facts) == ""
    right, start = ["Add", times("s", "r"), ["Ln", "c"]], {"r": "R", "value": ["Add", times("s", "R"), ["Ln", "x"]]}
    above = [["above", 0], "certificate", NONE]
    assert solves("u", right, "s", *above, *IS_BIG, "closed", "closed", "opened", initial=start, **facts) == ""


def integral(body: Any, low: Any, high: Any) -> list[Any]:
    return ["Integrate", body, "v", low, high]


V = {"form": "antiderivative", "domains": {"v": "positive", "w": "positive"}}
IS_W, IS_V = ["certificate", f(("1", {"w": 1}))], ["certificate", f(("1", {"v": 1}))]
IS_1, IS_2 = ["certificate", f(("1", {}))], ["certificate", f(("2", {}))]


def test_antiderivatives() -> None:
    def of(body: Any, right: Any, primitive: Any, before: Any, *after: Any, high: Any = "w", **facts: Any) -> str:
        made = claim(integral(body, 1, high), "=", right, parts={"primitive": primitive}, **{**V, **facts})
        return reason(made, *before, "closed", *IS_1, *IS_W, *after)

    half = ["Divide", power("v", 2), 2]
    whole = ["Divide", less(power("w", 2), 1), 2]
    assert of("v", whole, half, [], "closed") == ""
    assert of("v", ["Negate", whole], half, [], "closed") == "the two sides are not equal"
    assert of("v", whole, power("v", 2), []) == "the two sides are not equal"
    assert of("v", whole, ["Add", half, "w"], []) == "w may depend on v"
    shifted = ["Add", half, "w"]
    assert of("v", whole, shifted, [], "closed", steady={"v": ["w"]}) == ""
    assert (
        reason(claim("v", "=", "v", parts={"primitive": half}, **V), "same") == "only an integral has an antiderivative"
    )
    assert "infinity" in reason(
        claim(["Integrate", "v", "v", "infinity", 1], "=", 0, parts={"primitive": half}, **V), "same"
    )
    for low in (0, -1, "x", ["Add", 1, 1]):
        assert (
            reason(claim(integral("v", low, 1), "=", 0, parts={"primitive": half}, **V))
            == "an end that is not plainly positive"
        )
    assert reason(claim(integral("v", 1, 2), "=", 0, parts={"primitive": half}, form="antiderivative")) == (
        "an integral over something other than positive numbers"
    )
    numbers = claim(integral("v", 1, 2), "=", ["Rational", "3", "2"], parts={"primitive": half}, **V)
    assert reason(numbers, "closed", *IS_1, *IS_2, "closed") == ""
    assert reason(numbers, "closed", *IS_2, *IS_1, "closed") == "the evidence is not the shifted claim"


PRIMITIVE = ["Negate", ["Divide", 1, "v"]]
BOUNDS = {"lower": lemma(["Divide", 1, "v"], 0, ">="), "upper": lemma(["Divide", 1, "v"], ["Divide", 1, "v"], "<=")}


def improper(lemmas: dict[str, Any], *more: str, right: Any = 1, **facts: Any) -> str:
    bound = [{"result": "one", "chain": name, "steps": 1} for name in ("lower", "upper")]
    made = claim(
        integral(power("v", -2), 1, "infinity"),
        "=",
        right,
        parts={"primitive": PRIMITIVE, "bound": bound},
        **{**V, **facts},
    )
    return reason(made, *IS_V, "closed", *IS_1, "closed", *more, lemmas=lemmas)


def test_improper_integrals() -> None:
    assert improper(BOUNDS, "closed", "closed") == ""
    assert improper(BOUNDS, "closed", "closed", right=2) == "the two sides are not equal"
    for name, other in (
        ("lower", lemma(["Divide", 1, "v"], 0, "<=")),
        ("lower", lemma(["Divide", 1, "v"], 1, ">=")),
        ("upper", lemma(["Divide", 1, "v"], ["Divide", 1, "v"], ">=")),
        ("upper", lemma(["Divide", 1, "v"], ["Divide", 1, "v"], "=")),
    ):
        assert improper({**BOUNDS, name: other}, "closed", "closed") == "no bounds from both sides"
    assert (
        improper({**BOUNDS, "upper": lemma(["Divide", 1, "v"], 5, "<=")}, "closed", "closed")
        == "no bound that vanishes at infinity"
    )
    scaled = {**BOUNDS, "upper": lemma(["Divide", 1, "v"], ["Divide", "w", "v"], "<=")}
    assert improper(scaled, "closed", "closed") == "no bound that vanishes at infinity"
    assert improper(scaled, "closed", "closed", steady={"v": ["w"]}) == ""
    named = {**BOUNDS, "upper": lemma(["Divide", 1, "v"], "c", "<=")}
    assert improper(named, "closed", "closed", meanings={"c": ["Divide", 1, "v"]}) == ""
    assert improper({**BOUNDS, "lower": lemma("v", 0, ">=")}, "closed") == "the two sides are not equal"
    assert (
        improper({**BOUNDS, "upper": lemma("v", ["Divide", 1, "v"], "<=")}, "closed", "closed")
        == "the two sides are not equal"
    )
    assert improper({**BOUNDS, "lower": lemma(["Divide", 1, "v"], 0, ">=", ["w"])}, *IS_W, "closed", "closed") == ""
    stated = {**BOUNDS, "upper": lemma(["Divide", 1, "v"], ["Divide", 1, "v"], "<=", ["x"])}
    assert "nothing says that x" in improper(stated, "closed", "certificate", f(("1", {"x": 1})), "closed")


def test_integrals_of_the_same() -> None:
    made = {"domains": {"v": "positive", "w": "positive"}}
    twice = integral(["Add", "v", "v"], 1, "w")
    assert reason(claim(twice, "=", integral(times(2, "v"), 1, "w"), **made), "closed") == ""
    assert reason(claim(twice, "=", integral(times(3, "v"), 1, "w"), **made), "closed") == "the two sides are not equal"
    assert (
        reason(claim(twice, "=", integral(times(2, "v"), 1, 2), **made), "closed") == "integrals over different ranges"
    )
    assert (
        reason(claim(twice, "=", integral(times(2, "v"), 2, "w"), **made), "closed")
        == "integrals over different ranges"
    )
    assert (
        reason(claim(integral("v", 1, "w"), "=", ["Integrate", "w", "w", 1, "w"], **made), "closed")
        == "integrals over different ranges"
    )
    assert reason(claim(times(1, twice), "=", twice, **made), "closed").endswith("within a product of letters")
