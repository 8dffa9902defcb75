"""Every form of proof but equations and integrals: claims that hold, and neighbours refused."""

from itertools import pairwise
from typing import Any

from lines import power, t, times, total, tr, word
from tiny import claim, fraction, less, letter, reason

A, B, C, U = letter("A"), letter("B"), letter("C"), letter("U", "D", "k")
X, Y = letter("x", "D", "1"), letter("y", "D", "1")
P = {"p": "positive", "q": "positive", "n": "nonnegative"}
NONE = fraction()
f = fraction
p, q, n = (("1", {x: 1}) for x in "pqn")
IS_P = ["certificate", f(p)]
IS_Q = ["certificate", f(q)]


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
                                                                      (relation == "=" and allowed != "=")), (form,
                                                                           relation)  # fmt: skip
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
    assert reason(claim("z", ">=", "z", **vectors), *is_n, "closed") == "Power of a matrix"
    mean = ["Expectation", word(t(X), X)]
    assert reason(claim(["Add", "z", mean], ">=", "z", **{**made, "parts": {"square": X}}), "same") == ""
    assert reason(claim(["Add", "z", mean], ">=", "z", **{**made, "parts": {"square": times(2, X)}}), "closed") == (
        "the two sides are not equal"
    )
    assert reason(claim("z", ">=", "z", form="optimum", parts={"square": U}), "closed") == "a sum of sizes that differ"


def test_letters_of_two_kinds_in_what_a_form_brings_along() -> None:
    made = claim(["Add", "z", tr(letter("x"))], ">=", "z", form="optimum", parts={"square": X})
    assert reason(made, "same") == "x is used in two sizes or kinds"


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


def test_a_bound_by_what_a_name_stands_for() -> None:
    """By a definition of the step's own, and by the model's; the step's own comes first."""
    for tables, why in (
        ({"definitions": {"w": "p"}}, ""), ({"meanings": {"w": "p"}}, ""), ({}, "nothing says that w is nonnegative"),
        ({"definitions": {"w": ["Negate", "p"]}}, "the evidence is not the shifted claim"),
    ):  # fmt: skip
        made = claim("w", ">=", 0, "certificate", domains=P, **tables)
        assert reason(made, f(("1", {"p": 1}))) == why


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
    assert spectral(F, "termwise", *larger, *below, "same", slope) == ""
    assert spectral(F, "log", *larger, *below, "same", slope, bent) == ""
    assert spectral(F, "log", *larger, *below, "same", slope) == "evidence is missing"
    assert spectral(F, "termwise", *larger, *below, "same", slope, bent) == "evidence that nothing asks for"
    concave = ["Divide", "m_i", ["Add", 1, "m_i"]]
    rising = f(("1", {}), over=double)
    assert spectral(concave, "termwise", *larger, *below, "same", rising) == ""
    falling = f(("1", {}), ("-1", {"m_i": 1}), over=third)
    assert spectral(concave, "log", *larger, *below, "same", rising, falling) == "a negative coefficient"
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
    half = times(["Rational", "1", "2"], "m_i")
    assert spectral(half, "termwise", "same", f(("1/2", {}))) == ""
    phi = spectral(["Phi", "m_i"], "termwise", *larger, *below, "same", f(("1", {"m_i": 1}), over=ONE_PLUS))
    assert phi == ""
    both = {"domains": {"m_i": "positive", "l_i": "positive"}}
    of_m, of_l = (["certificate", f(("1", {x: 1}))] for x in ("m_i", "l_i"))
    slope = f(("1/2", {}), over=(("1", {"root 0": 1}),))
    root = spectral(["Sqrt", "m_i"], "termwise", *of_l, *of_m, "same", slope, **both)
    assert root == "a denominator that may vanish"
    linear = times("n", "m_i")
    assert spectral(linear, "termwise", "same", f(n), domains=P) == ""
    assert spectral(linear, "termwise", "closed", f(n), domains=P) == ""


def path(*ends: Any, **facts: Any) -> str:
    steps = [["Sqrt", ["SquaredWasserstein", a, b]] for a, b in pairwise(ends[2:])]
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
