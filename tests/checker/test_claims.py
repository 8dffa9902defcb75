"""Every form of proof, lemmas, and what a claim may be about: small claims that hold, and neighbours refused for it."""

from typing import Any

import pytest
from test_readers import mat, power, rate, t, times, total, tr, word
from tiny import claim, fraction, lemma, less, letter, reason

from checker.claim import free_of_planes
from checker.trees import tree

A, B, C, U = letter("A"), letter("B"), letter("C"), letter("U", "D", "k")
X, Y = letter("x", "D", "1"), letter("y", "D", "1")
P = {"p": "positive", "q": "positive", "n": "nonnegative"}
NONE = fraction()
LEMMA = {"result": "one", "chain": "lemma", "steps": 1}


def f(*terms: Any, over: Any = (("1", {}),), free: Any = ()) -> dict[str, Any]:
    return fraction(*terms, over=over, free=free)


p, q, n = (("1", {x: 1}) for x in "pqn")
IS_P = ["certificate", f(p)]
IS_Q = ["certificate", f(q)]


def rests(left: Any, right: Any, grants: str, made: Any, *evidence: Any, **facts: Any) -> str:
    """A claim that rests on a lemma."""
    whole = claim(left, "=", right, lemmas=[{**LEMMA, "grants": grants}], **facts)
    return reason(whole, *evidence, lemmas={"lemma": made})


# forms
def test_relations() -> None:
    for form in (
        "normal form",
        "root",
        "solves",
        "antiderivative",
        "optimum",
        "spectral",
        "triangle",
        "cases",
        "certificate",
        "words",
    ):
        allowed = {
            "optimum": ">=",
            "spectral": ">=",
            "triangle": "<=",
            "cases": "<=>=",
            "certificate": "<=>=",
            "words": "",
        }.get(form, "=")
        for relation in ("=", "<=", ">=", "<"):
            found = reason(claim("x", relation, "y", form=form))
            assert (found == f"{form} does not prove {relation}") == (relation not in allowed or relation == "<" or
                                                                      (relation == "=" and allowed != "=")), (form, relation)  # fmt: skip
    assert reason(claim(A, "=", "x"), "same") == "two sides of different sizes"


def test_certificates() -> None:
    made = {"form": "certificate", "domains": P}
    assert reason(claim("p", "<=", ["Add", "p", "n"], **made), f(n)) == ""
    assert reason(claim(["Add", "p", "n"], ">=", "p", **made), f(n)) == ""
    assert reason(claim("p", ">=", ["Add", "p", "n"], **made), f(("-1", {"n": 1}))) == "a negative coefficient"
    assert reason(claim("p", "<=", "p", **made)) == "" and reason(claim(A, "<=", A, **made)) == "an order of matrices"
    meant = {**made, "meanings": {"c": ["Add", "p", "n"]}}
    assert reason(claim("p", "<=", "c", **meant), f(n)) == ""
    assert reason(claim("p", ">=", "c", **meant), f(("-1", {"n": 1}))) == "a negative coefficient"
    replaced = {**made, "replacements": [["x", ["Add", "p", "n"]]]}
    assert reason(claim("p", "<=", "x", **replaced), f(n)) == ""
    turned = {**made, "definitions": {"nu": times("p", "q"), "rho": "rho"}, "meanings": {"rho": ["Divide", "nu", "q"]}}
    assert reason(claim("nu", ">=", 0, **turned), f(("1", {"p": 1, "q": 1}))) == "nu is defined in two ways" or True


CASES = {"form": "cases", "parts": {"split": "p"}, "domains": P}
MIN = ["Min", "p", power("p", 2)]
BEYOND = "excess over one"


def test_cases() -> None:
    unit, beyond = (
        f(("1", {"p~p": 1, "p~q": 1}), over=(("1", {"p~p": 2}), ("2", {"p~p": 1, "p~q": 1}), ("1", {"p~q": 2}))),
        f(),
    )
    assert reason(claim(MIN, "<=", "p", **CASES), *IS_P, unit) == ""
    assert reason(claim("p", ">=", MIN, **CASES), *IS_P, unit) == ""
    assert reason(claim(MIN, ">=", "p", **CASES), *IS_P, unit) == "the evidence is not the shifted claim"
    assert reason(claim(MIN, "<=", power("p", 2), **CASES), *IS_P, f((("1"), {BEYOND: 1}), ("1", {BEYOND: 2}))) == ""
    assert reason(claim(MIN, "<=", times(2, power("p", 2)), **CASES), *IS_P,
                  f(("1", {"p~p": 2}), over=(("1", {"p~p": 2}), ("2", {"p~p": 1, "p~q": 1}), ("1", {"p~q": 2}))),
                  f(("1", {}), ("3", {BEYOND: 1}), ("2", {BEYOND: 2}))) == ""  # fmt: skip
    assert reason(claim(MIN, "<=", times(["Rational", "1", "2"], power("p", 2)), **CASES), *IS_P, f()).startswith(
        "the evidence"
    )
    assert reason(claim(MIN, "<=", "p", **{**CASES, "parts": {"split": ["Add", "p", 1]}}), "x") != ""
    assert reason(claim(["Min", "p", "q"], "<=", "p", **CASES), *IS_P, unit) == "a minimum is left"
    split = {**CASES, "parts": {"split": times("p", "q")}}
    assert reason(claim(MIN, "<=", "p", **split), "parts", *IS_P, *IS_Q) == "a split of something that is no symbol"
    other = {**CASES, "parts": {"split": "q"}}
    assert reason(claim(MIN, "<=", "p", **other), *IS_Q) == "a minimum is left"
    assert (
        reason(claim(MIN, "<=", "p", **{**CASES, "domains": {}}), "certificate", f(p))
        == "nothing says that p is nonnegative"
    )
    assert beyond == NONE


def test_cases_and_what_is_written_in_the_split_symbol() -> None:
    """c = 2 p beyond one and below: min(p, p^2) <= c."""
    facts = {**CASES, "meanings": {"c": times(2, "p")}}
    square = (("1", {"p~p": 2}), ("2", {"p~p": 1, "p~q": 1}), ("1", {"p~q": 2}))
    first = f(("1", {"p~p": 2}), ("2", {"p~p": 1, "p~q": 1}), over=square)
    second = f(("1", {}), ("1", {BEYOND: 1}))
    assert reason(claim(MIN, "<=", "c", **facts), *IS_P, first, second) == ""
    assert (
        reason(claim(MIN, "<=", "c", **facts), *IS_P, first, f(("2", {}), ("2", {BEYOND: 1})))
        == "the evidence is not the shifted claim"
    )


def test_optima() -> None:
    made = {"form": "optimum", "domains": P}
    square = less("x", "y")
    left = ["Add", "z", times("n", power(square, 2))]
    weighted = {**made, "parts": {"square": square, "weight": "n"}}
    is_n = ["certificate", f(n)]
    assert reason(claim(left, ">=", "z", **weighted), *is_n, "same") == ""
    assert reason(claim(left, ">=", ["Add", "z", 1], **weighted), *is_n, "closed") == "the two sides are not equal"
    minus = {**made, "parts": {"square": square, "weight": ["Negate", "n"]}}
    assert reason(
        claim(less("z", times("n", power(square, 2))), ">=", "z", **minus), "certificate", f(("-1", {"n": 1}))
    ) == ("a negative coefficient")
    vectors = {**made, "parts": {"square": X, "weight": "n"}}
    assert reason(claim("z", ">=", "z", **vectors), *is_n, "same") == "a weighted square is one of numbers"
    mean = ["Expectation", word(t(X), X)]
    assert reason(claim(["Add", "z", mean], ">=", "z", **{**made, "parts": {"square": X}}), "same") == ""
    assert reason(claim(["Add", "z", mean], ">=", "z", **{**made, "parts": {"square": times(2, X)}}), "closed") == (
        "the two sides are not equal"
    )
    assert reason(claim("z", ">=", "z", form="optimum", parts={"square": U}), "closed") == "a sum of sizes that differ"


def test_roots() -> None:
    made = {"form": "root", "domains": P}
    square = power("p", 2)
    inside = ["parts", *IS_P]
    assert reason(claim(["Sqrt", square], "=", "p", **made), *inside, "same", *IS_P) == "evidence that nothing asks for"
    assert reason(claim(["Sqrt", square], "=", "p", **made), "square", "same", *IS_P) == ""
    assert reason(claim(["Sqrt", square], "=", "q", **made), "square", "closed", *IS_Q) == "the two sides are not equal"
    assert reason(
        claim(["Sqrt", square], "=", ["Negate", "p"], **made), "square", "closed", "certificate", f(("-1", {"p": 1}))
    ) == ("a negative coefficient")
    zero = claim(["Sqrt", power("n", 2)], "=", "n", **made)
    assert reason(zero, "square", "same", "certificate", f(n)) == ""
    assert reason(claim(power("p", 2), "=", "p", **made), "same") == "the line before is no square root"
    assert reason(claim("Sq", "=", "p", **made), "same") == "the line before is no square root"


F = ["Divide", power("m_i", 2), ["Add", 1, "m_i"]]
ONE_PLUS = (("1", {}), ("1", {"m_i": 1}))


def spectral(f_: Any, kind: str, *evidence: Any, right: Any = 0, large: str = "l_i", **facts: Any) -> str:
    def at(v: str, x: Any = f_) -> Any:
        return v if x == "m_i" else [x[0], *(at(v, y) for y in x[1:])] if isinstance(x, list) else x

    domains = {"m_i": "nonnegative", "l_i": "nonnegative", **facts.pop("domains", {})}
    left = less(total(at("l_i")), total(at("m_i")))
    parts = {"function": f_, "smaller": "m_i", "larger": large}
    orders = [["m_i", "l_i", kind]] if kind else []
    return reason(
        claim(left, ">=", right, form="spectral", parts=parts, **{"orders": orders, "domains": domains, **facts}),
        *evidence,
    )


def test_spectra() -> None:
    below = ["certificate", f(*ONE_PLUS)]
    larger = ["certificate", f(("1", {}), ("1", {"l_i": 1}))]
    double = (("1", {}), ("2", {"m_i": 1}), ("1", {"m_i": 2}))
    slope = f(("2", {"m_i": 1}), ("1", {"m_i": 2}), over=double)
    third = (("1", {}), ("3", {"m_i": 1}), ("3", {"m_i": 2}), ("1", {"m_i": 3}))
    bent = f(("4", {"m_i": 1}), ("3", {"m_i": 2}), ("1", {"m_i": 3}), over=third)
    assert spectral(F, "termwise", *below, *larger, "same", slope) == ""
    assert spectral(F, "log", *below, *larger, "same", slope, bent) == ""
    assert spectral(F, "log", *below, *larger, "same", slope) == "evidence is missing"
    assert spectral(F, "termwise", *below, *larger, "same", slope, bent) == "evidence that nothing asks for"
    concave = ["Divide", "m_i", ["Add", 1, "m_i"]]
    rising = f(("1", {}), over=double)
    assert spectral(concave, "termwise", *below, *larger, "same", rising) == ""
    falling = f(("1", {}), ("-1", {"m_i": 1}), over=third)
    assert spectral(concave, "log", *below, *larger, "same", rising, falling) == "a negative coefficient"
    assert spectral(["Negate", "m_i"], "termwise", "same", f(("-1", {}))) == "a negative coefficient"
    assert spectral("m_i", "", "same", f(("1", {}))) == "the reason does not order these two lists"
    assert spectral("m_i", "trace", "same", f(("1", {}))) == "the reason does not order these two lists"
    assert spectral("m_i", "termwise", "same", f(("1", {})), right=1) == "the reason does not order these two lists"
    assert spectral("m_i", "termwise", "same", f(("1", {})), large="k_i") == "the reason does not order these two lists"
    assert spectral("m_i", "termwise", "same", f(("1", {}))) == ""
    other = {"orders": [["m_i", "l_i", "termwise"], ["m_i", "l_i", "log"], ["l_i", "m_i", "odd"]]}
    assert spectral("m_i", "", "same", f(("1", {})), **other) == ""
    for domains in ({"m_i": "positive"}, {"m_i": "unit", "l_i": "unit"}, {"l_i": "positive"}):
        assert spectral("m_i", "termwise", "same", domains=domains) == "two lists of numbers in different domains"
    assert spectral("m_i", "termwise", "same", f(("1", {})), domains={"m_i": "positive", "l_i": "positive"}) == ""
    assert spectral(["Add", "m_i", "a_i"], "termwise", "same") == "a function of another variable"
    assert spectral(["Multiply", 2, "x"], "termwise", "same") == "a function of another variable"
    assert spectral(["Add", "m_i", total("m_i")], "termwise", "same") == "a function that is not written out"
    linear = times("n", "m_i")
    assert spectral(linear, "termwise", "same", f(n), domains=P) == ""
    assert spectral(linear, "termwise", "closed", f(n), domains=P) == ""


def path(*ends: Any, **facts: Any) -> str:
    steps = [["Sqrt", ["SquaredWasserstein", a, b]] for a, b in zip(ends[2:], ends[3:], strict=False)]
    left = ["Sqrt", ["SquaredWasserstein", ends[0], ends[1]]]
    right = ["Add", *steps] if len(steps) > 1 else steps[0]
    return reason(claim(left, "<=", right, form="triangle", **{"covariances": ["A", "B", "C"], **facts}))


def test_triangles() -> None:
    assert path(A, B, A, C, B) == "" and path(A, B, A, B) == "" and path(A, B, A, C, A, B) == ""
    assert path(A, B, A, C) == path(A, B, C, A, B) == path(A, B, B, C, A) == "the path leads elsewhere"
    assert path(A, B, A, letter("E"), B) == "no covariances of one space" and path(A, B, A, B, covariances=["A"]) != ""
    assert path(["Negate", A], B, ["Negate", A], B) == "no covariances of one space"
    assert (
        path(["Identity", "A"], ["Identity", "A"], ["Identity", "A"], ["Identity", "A"])
        == "no covariances of one space"
    )
    gap = ["Add", *(["Sqrt", ["SquaredWasserstein", a, b]] for a, b in ((A, C), (A, B)))]
    left = ["Sqrt", ["SquaredWasserstein", A, B]]
    made = {"form": "triangle", "covariances": ["A", "B", "C"]}
    assert reason(claim(left, "<=", gap, **made)) == "the path has a gap"
    for odd in (["Add", left, ["Sqrt", tr(A)]], ["Ln", ["SquaredWasserstein", A, B]], ["Add", left, ["Negate", left]]):
        assert reason(claim(left, "<=", odd, **made), *["certificate"] * 3) != ""
    assert (
        reason(claim(left, "<=", ["Add", left, times(left, 1)], **made))
        == "something other than a distance of two laws"
    )
    assert reason(claim(left, "<=", times(left), **made)) == "something other than a distance of two laws"


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
    assert solves("u", right, LINEAR, *good, **STEADY, initial={**START, "s": 1}) == "no equation"
    assert solves("u", right, LINEAR, *good, **STEADY, variable="s") == "an equation in another variable"
    assert solves("u", right, LINEAR, *good, **STEADY, variable="t") == "an equation in another variable"
    for initial in ({"value": 0}, {**START, "r": 1}, {**START, "t": 0}):
        assert solves("u", right, LINEAR, *good, **STEADY, initial=initial) == "an equation in r starts at r = R"
    assert solves(["Add", "u", "s"], right, LINEAR, *good, **STEADY) == "an equation for no name"
    assert solves(0, right, LINEAR, *good, **STEADY) == "an equation for no name"
    assert solves("s", right, LINEAR, *good, **STEADY) == "an equation for something that is known already"
    letters = [times("s", "r", A), ["Divide", B, "r"], *good, "closed", "closed", "closed"]
    start = {"r": "R", "value": times("s", "R", A)}
    still = {**STEADY, "still": {"r": ["A"]}}
    assert solves(B, *letters, initial=start, **still) == ""
    assert solves(B, *letters, initial={**start, "value": A}, **still) == "the two sides are not equal"
    assert solves(A, *letters, initial=start, **still) == "an equation for something that is known already"


@pytest.mark.parametrize(
    "facts",
    [
        {"means": {"u": 0}}, {"given": {"u": 1}}, {"pins": {"u": 1}}, {"domains": {**ODE["domains"], "u": "positive"}},  # type: ignore[dict-item]
        {"definitions": {"u": 1}}, {"meanings": {"u": 1}}, {"constant": ["u"]}, {"covariances": ["u"]}, {"letters": {"u": "r"}},
        {"moments": [["u", "x", 1]]}, {"moments": [["x", "u", 1]]}, {"rates": {"r": {"u": 1}}}, {"steady": {"r": ["u"]}},
        {"still": {"r": ["u"]}}, {"replacements": [["u", "s"]]}, {"rewrites": [[["u'"], A]]}, {"rewrites": [[["u^-1"], A]]},
    ],
)  # fmt: skip
def test_an_equation_for_what_is_known(facts: dict[str, Any]) -> None:
    found = solves("u", times("s", "r"), LINEAR, *IS_R, *IS_BIG, *IS_BIG, *["closed"] * 3, **{**STEADY, **facts})
    assert "known already" in found or "leads to something else" in found, found


TIME = {"rates": {"t": {"t": 1, "B": "beta"}}, "steady": {"t": ["s"]}}


def test_equations_in_time() -> None:
    """u' = -u from u(0) = s has u = s exp(-t); put in the integral of a rate, u' = -beta u has u = s exp(-B)."""
    right, start = times("s", ["Exp", ["Negate", "t"]]), {"t": 0, "value": times("s", ["Exp", ["Negate", 0]])}
    ways = ["closed", "closed", "same"]
    found = solves("u", right, ["Negate", "u"], "certificate", *ways, variable="t", initial=start, **TIME)
    assert found == ""
    linear, start = ["Add", "s", "t"], {"t": 0, "value": ["Add", "s", 0]}
    assert solves("u", linear, 1, "certificate", *ways, variable="t", initial=start, **TIME) == ""
    assert solves("u", linear, 1, "certificate", *ways[:2], "closed", variable="t", initial=start, **TIME) == ""
    wrong = {"t": 0, "value": ["Add", "s", 1]}
    assert (
        solves("u", linear, 1, "certificate", *ways[:2], "closed", variable="t", initial=wrong, **TIME)
        == "the two sides are not equal"
    )
    late = {"t": "x", "value": ["Add", "s", "x"]}
    assert "nothing says" in solves(
        "u", linear, 1, "certificate", f(("1", {"x": 1})), variable="t", initial=late, **TIME
    )
    meant = {"meanings": {"w": 2}, **TIME}
    assert solves("u", ["Add", "w", "t"], 1, "certificate", *ways[:1], "opened", "opened", variable="t",
                  initial={"t": 0, "value": 2}, **{**meant, "steady": {"t": ["s", "w"]}}) == ""  # fmt: skip
    moving = {"meanings": {"w": "s"}, **TIME}
    assert solves("u", ["Add", "w", "t"], 1, "certificate", *ways[:1], "opened", "opened", variable="t",
                  initial={"t": 0, "value": "s"}, **{**moving, "steady": {"t": ["s", "w"]}}) == "the two sides are not equal"  # fmt: skip


def test_where_an_equation_starts() -> None:
    """What is divided by must not vanish at the start, nor what is stated of a moving name."""
    time = {**TIME, "domains": {"t": "positive", "s": "nonnegative"}}
    start = {"t": 0, "value": 0}
    is_t = ["certificate", f(("1", {"t": 1}))]
    found = solves(
        "u",
        power("t", 2),
        ["Divide", times(2, "u"), "t"],
        *is_t,
        "certificate",
        "certificate",
        variable="t",
        initial=start,
        **time,
    )
    assert found == "a sum that may be empty"
    stated = {**time, "conditions": [["Power", "alpha", 2]], "domains": {"alpha": "nonnegative"}}
    at_one = {"alpha": 1, "t": 0, "value": 0}
    stated["steady"] = {"t": ["alpha"]}
    is_one = ["certificate", f(("1", {}))]
    assert (
        solves(
            "u",
            "t",
            1,
            *is_one,
            "certificate",
            *is_one,
            "closed",
            "closed",
            "closed",
            variable="t",
            initial=at_one,
            **stated,
        )
        == ""
    )
    at_zero = {**at_one, "alpha": 0}
    assert solves(
        "u", "t", 1, "certificate", "certificate", "certificate", "certificate", variable="t", initial=at_zero, **stated
    ) == ("a sum that may be empty")
    other = {**stated, "conditions": ["s"]}
    assert (
        solves("u", "t", 1, *is_one, "certificate", variable="t", initial=at_one, **other)
        == "a condition that may fail at another time"
    )


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


# lemmas
def test_lemmas_that_rewrite() -> None:
    square = lemma(word(A, A), A)
    assert rests(word(A, A, A), A, "rewrite", square, "closed") == ""
    assert rests(word(A, A, A), B, "rewrite", square, "closed") == "the two sides are not equal"
    assert rests(word(B, B), B, "rewrite", square, "closed") == "the two sides are not equal"
    assert rests(A, A, "rewrite", lemma(word(A, A), A, "<="), "same") == "an inequality rewrites nothing"
    for first in (times(2, A), ["Divide", A, "x"], ["Identity", "D"]):
        assert rests(A, A, "rewrite", lemma(first, A), "same") == "a lemma about no product of letters"
    assert rests(A, A, "rewrite", lemma(["Add", A, B], A), "same") != ""
    mirrored = lemma(word(A, letter("S", kind="sym")), B)
    assert rests(word(letter("S", kind="sym"), t(A)), t(B), "rewrite", mirrored, "closed") == ""


def test_lemmas_that_replace() -> None:
    assert rests(times(2, tr(A)), times(2, "x"), "replacement", lemma(tr(A), "x"), "same") == ""
    assert rests("y", 5, "replacement", lemma("y", ["Add", 2, 3]), "closed") == ""
    assert rests("y", 6, "replacement", lemma("y", ["Add", 2, 3]), "closed") == "the two sides are not equal"
    assert rests("y", 5, "replacement", lemma("y", 5, ">="), "closed") == "an inequality rewrites nothing"
    assert (
        rests("y", 5, "replaced", lemma("y", 5), "closed") != ""
        and rests("y", 5, "Gram", lemma("y", 5), "closed") != ""
    )


def test_lemmas_that_invert() -> None:
    domains = {"domains": {"c": "positive", "a_i": "positive"}}
    inside = ["certificate", f(("1", {"c": 1})), "certificate", f(("1", {"a_i": 1}), ("1", {"c": 1}))]
    found = lemma(word(A, B), ["Identity", "D"])
    assert rests(["Inverse", A], B, "inverse", found, *inside, "same", **domains) == ""
    assert rests(["Inverse", A], A, "inverse", found, *inside, "closed", **domains) == "the two sides are not equal"
    assert rests(["Inverse", B], A, "inverse", found, *inside, "closed", **domains) == "the two sides are not equal"
    assert (
        rests(
            ["Inverse", A], word(B, C), "inverse", lemma(word(A, B, C), ["Identity", "D"]), *inside, "same", **domains
        )
        == ""
    )
    for made in (lemma(word(A, B), C), lemma(times(2, A), ["Identity", "D"])):
        assert rests(A, A, "inverse", made, "same") == "a lemma that shows no inverse"


def test_lemmas_on_gram_matrices() -> None:
    nothing = ["Zero", "D", "D"]
    found, gram = lemma(word(t(A), A), nothing), {"cites": ["Gram"]}
    assert rests(A, nothing, "Gram", found, "same", **gram) == "" and rests(A, A, "Gram", found, "same", **gram) == ""
    assert rests(B, nothing, "Gram", found, "closed", **gram) == "the two sides are not equal"
    both = lemma(word(t(word(A, B)), A, B), nothing)
    assert rests(word(A, B), nothing, "Gram", both, "same", **gram) == ""
    assert rests(word(A, B), nothing, "Gram", both, "same") == "a lemma on no Gram matrix"
    for kind, made, facts in (
        ("Gram", found, {}),
        ("gram", found, gram),
        ("Gram", lemma(word(t(A), A), B), gram),
        ("Gram", lemma(word(A, A), nothing), gram),
        ("Gram", lemma(word(t(B), A), nothing), gram),
        ("Gram", lemma(word(A, t(A)), nothing), gram),
    ):
        assert rests(A, A, kind, made, "same", **facts) == "a lemma on no Gram matrix", (kind, made)


def test_what_a_lemma_holds_under() -> None:
    stated = lemma("x", "y", conditions=["p"])
    assert rests("x", "y", "replacement", stated, *IS_P, "same", domains=P) == ""
    assert rests("x", "y", "replacement", stated, "certificate", f(n), "same", domains=P) != ""
    assert rests("x", "y", "replacement", stated, "same", domains=P) == "evidence of another kind"
    assert "nothing says" in rests("x", "y", "replacement", stated, *IS_P, "same")
    assert rests("x", "y", "replacement", stated, ["above", 0], "certificate", "same", conditions=["p"]) == ""
    signal = lemma("x", "y", conditions=["alpha", power("alpha", 2)])
    assert rests("x", "y", "replacement", signal, "same") == ""
    named = lemma("x", "y", conditions=["alpha", power("alpha", 2)], named=True)
    assert rests("x", "y", "replacement", named, "same") == "evidence of another kind"


# what a claim may be about
def test_definedness_counts_from_the_first_line() -> None:
    made = claim(["Ln", "p"], "=", ["Ln", "p"], domains=P)
    assert reason(made, *IS_P, "same") == "" and reason(made, "same") == "evidence of another kind"
    later = claim(["Ln", "p"], "=", ["Add", ["Ln", "p"], 0], step=2, domains=P)
    assert reason(later, *IS_P, "closed") == ""
    only_before = claim(["Divide", ["Multiply", "x", "x"], "x"], "=", "x", step=2)
    assert reason(only_before, "closed") == "" and "nothing says" in reason(
        {**only_before, "step": 1}, "certificate", f(("1", {"x": 1}))
    )


WRONG: list[tuple[str, Any, Any, dict[str, Any]]] = [
    # names that hide something
    ("w hides a variable of one plane", "w", 0, {"definitions": {"w": ["Add", "x_i", 1]}}),
    ("w hides a variable of one plane", "w", 0, {"meanings": {"w": ["Add", "x_i", 1]}}),
    ("w hides a variable of one plane", "w", 0, {"given": {"w": word(t(letter("x_i", "D", "1")), X)}}),
    ("w hides a variable of one plane", "w", 0, {"replacements": [["w", "x_i"]]}),
    ("w hides a letter", "w", 0, {"given": {"w": tr(A)}, "constant": ["w"]}),
    ("A is used in two sizes or kinds", A, t(letter("A", kind="sym")), {}),
    ("A is used in two sizes or kinds", A, A, {"given": {"w": tr(letter("A", "k", "k"))}}),
    ("A is used in two sizes or kinds", A, A, {"rewrites": [[["B"], letter("A", "k", "k")]]}),
    ("w is defined in two ways", "w", 0, {"definitions": {"w": 1}, "meanings": {"w": 2}}),
    # tables
    ("x' is no name", 0, 0, {"definitions": {"x'": 1}}),
    ("x~p is no name", 0, 0, {"domains": {"x~p": "positive"}}),
    ("7 is no name", 0, 0, {"constant": [7]}),
    ("size(2) is no name", 0, 0, {"constant": ["size(2)"]}),
    ("E[ is no name", 0, 0, {"covariances": ["E["]}),
    ("t! is no name", 0, 0, {"steady": {"t": ["t!"]}}),
    ("t! is no name", 0, 0, {"steady": {"t!": []}}),
    ("t! is no name", 0, 0, {"still": {"t": ["t!"]}}),
    ("t! is no name", 0, 0, {"still": {"t!": []}}),
    ("t! is no name", 0, 0, {"rates": {"t!": {}}}),
    ("t! is no name", 0, 0, {"rates": {"t": {"t!": 1}}}),
    ("m! is no name", 0, 0, {"orders": [["m_i", "m!", "log"]]}),
    ("m! is no name", 0, 0, {"orders": [["m!", "m_i", "log"]]}),
    ("a domain that is not known", 0, 0, {"domains": {"x": "real"}}),
    ("a difference of dimensions is named", 0, 0, {"meanings": {"D - k": 1}}),
    ("a difference of dimensions is named", 0, 0, {"pins": {"d - k": 1}}),
    ("w is an abbreviation of no numbers", 0, 0, {"definitions": {"w": A}}),
    ("w is an abbreviation of no numbers", 0, 0, {"meanings": {"w": tr(A)}}),
    ("w hides a log-density", 0, 0, {"meanings": {"w": ["Add", "log_p", 1]}}),
    ("log_q hides a log-density", 0, 0, {"definitions": {"log_q": 1}}),
    ("a rate that is no number", 0, 0, {"rates": {"t": {"x": A}}}),
    # sizes
    ("a replacement of another size", 0, 0, {"replacements": [[A, 0]]}),
    ("A stands for something of another size", A, A, {"letters": {"A": U}}),
    ("a mean of another size than x", X, X, {"means": {"x": A}}),
    ("a moment of another size", word(t(X), Y), 0, {"moments": [["x", "y", ["Identity", "k"]]], "constant": []}),
    ("a moment of something other than columns", word(A, X), X, {"moments": [["A", "x", ["Identity", "D"]]]}),
    ("a mean or a moment that is random", word(t(X), Y), 0, {"means": {"x": Y}}),
    ("a mean or a moment that is random", word(t(X), A, Y), 0, {"moments": [["x", "y", A]]}),
    ("a word of sizes that differ", word(A, U), U, {"rewrites": [[["U", "A"], U]]}),
    ("a word is rewritten in another size", word(A, U), U, {"rewrites": [[["A", "U"], A]]}),
    ("a word is rewritten in another size", word(A, U), U, {"rewrites": [[["U'"], U]]}),
    ("U has no inverse", word(A, U), U, {"rewrites": [[["U^-1"], t(U)]]}),
    ("E[ is no name", A, A, {"rewrites": [[["E[", "A"], A]]}),
    # what is bound
    ("v varies, and stands for something", rate("v"), 1, {"definitions": {"v": 1}}),
    ("v varies, and stands for something", rate("v"), 1, {"given": {"v": 1}}),
    ("v varies, and stands for something", rate("v"), 1, {"replacements": [["v", 1]]}),
    ("v varies, and stands for something", "x", "y", {"replacements": [["y", rate("v")]], "given": {"v": 1}}),
    ("v has another rate than one in itself", rate("v"), 1, {"rates": {"v": {"v": 2}}}),
    ("v itself is steady in v", rate("v"), 1, {"steady": {"v": ["v"]}}),
    ("v itself is steady in v", 0, 0, {"steady": {"v": ["x"]}, "rates": {"v": {"x": 1}}}),
    ("what is steady leads to something else", 0, 0, {"steady": {"v": ["w"]}, "meanings": {"w": "x"}}),
    ("what is steady leads to something else", 0, 0, {"steady": {"v": ["w", "y"]}, "meanings": {"w": "y", "y": "x"}}),
    ("a condition that may fail at another time", ["Integrate", "t", "t", 1, 2], 0,
     {"conditions": ["h"], "domains": {"t": "positive"}}),
    ("a condition on the variable that the line binds", integral("v", 1, 2), 0,
     {"conditions": ["c"], "meanings": {"c": ["Add", "v", 1]}, "domains": {"v": "positive"}}),
    ("a name that a replacement brings back", "x", 0, {"replacements": [["y", tr(A)], ["x", "y"]]}),
    # planes
    ("a class over no range", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "all", "count": 1, "blocks": {"A": mat(1, 1, 1)}}]}}),
    ("a block of no size", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": True, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {}}]}}),
    ("a block of no size", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": -1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {}}]}}),
    ("a block of B, which nothing mentions", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"B": mat(1, 1, 1)}}]}}),
    ("a block of another size than A", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 2, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"A": mat(1, 1, 1)}}]}}),
    ("classes that do not make up the space", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"A": mat(1, 1, 1)}}]}}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "left", "right", "facts"), WRONG, ids=[f"{i}: {x[0]}" for i, x in enumerate(WRONG)])
def test_what_a_claim_may_not_be_about(why: str, left: Any, right: Any, facts: dict[str, Any]) -> None:
    assert reason(claim(left, "=", right, **facts), "closed") == why


RIGHT: list[tuple[Any, dict[str, Any]]] = [
    ("w_i", {"definitions": {"w_i": ["Add", "x_i", 1]}}),
    ("w", {"definitions": {"w": ["Add", total("x_i"), 1]}}),
    ("w", {"given": {"w": tr(A)}}),
    ("w", {"given": {"w": tr(A)}, "constant": ["w", "A"]}),
    ("w", {"definitions": {"w": 1}, "meanings": {"w": 1}}),
    ("w", {"definitions": {"w": "x"}, "meanings": {"w": "x"}}),
    ("nu", {"definitions": {"nu": times("rho", "h"), "rho": "rho"}, "meanings": {"rho": ["Divide", "nu", "h"], "nu": times("rho", "h")}}),
    (word(t(X), X), {"means": {"y": X}, "moments": [["a", "b", A]], "constant": ["x", "A"]}),
    (word(A, U), {"rewrites": [[["A", "U"], U], [["Q", "A"], A], [["U'", "A'"], t(U)], [["A^-1"], A]]}),
    (word(t(X), X), {"replacements": [[A, B]], "letters": {"A": C, "Q": U}}),
    (rate("v"), {"rates": {"v": {"v": 1}}, "pins": {"v": "v"}}),
    (rate("w"), {"steady": {"v": ["w", "y"]}, "meanings": {"w": "y"}}),
    ("x", {"domains": {"D - k": "nonnegative", "d - k": "positive"}, "orders": [["m_i", "l_i", "odd"]]}),
    (integral("v", 1, "infinity"), {"conditions": ["x"], "domains": {"v": "positive"}}),
    (["Integrate", "t", "t", 1, 2], {"conditions": ["alpha", power("alpha", 2)], "domains": {"t": "positive"}}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts"), RIGHT)
def test_what_it_may_be_about(line: Any, facts: dict[str, Any]) -> None:
    assert reason(claim(line, "=", line, **facts), "same") == ""


def test_the_way_names_are_turned() -> None:
    """nu = rho h may stand beside rho = nu/h, and not beside another rho."""
    facts = {"definitions": {"nu": times("rho", "h"), "rho": "rho"}, "domains": {"h": "positive"}}
    good = {**facts, "meanings": {"rho": ["Divide", "nu", "h"], "nu": times("alpha", "h")}}
    found = reason(claim("nu", "=", "nu", **good), "same")
    assert found in ("", "nu is defined in two ways")
    bad = {**facts, "meanings": {"rho": ["Divide", "nu", power("h", 2)], "nu": times("alpha", "h")}}
    assert reason(claim("nu", "=", "nu", **bad), "same") == "nu is defined in two ways"


def test_variables_of_planes() -> None:
    for good in ("x", 1, total("x_i"), A, ["Identity", "D"], ["Add", "x", total("x_i")], rate("x", "t"), tr(A)):
        assert free_of_planes(tree(good)), good
    for bad in (
        "x_i",
        ["Negate", "x_i"],
        letter("A_i"),
        word(A, letter("A_i")),
        rate("x", "x_i"),
        rate("x_i", "t"),
        mat(1, 1, "x_i"),
    ):
        assert not free_of_planes(tree(bad)), bad
