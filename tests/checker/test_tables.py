"""What a claim may be about: names, sizes, tables, and lines that mean something."""

from typing import Any

import pytest
from lines import mat, power, rate, t, times, total, tr, word
from tiny import claim, fraction, less, letter, reason

from checker.claim import free_of_planes
from checker.trees import tree
from checker.vocabulary import agree

A, B, C, U = letter("A"), letter("B"), letter("C"), letter("U", "D", "k")
X, Y = letter("x", "D", "1"), letter("y", "D", "1")
P = {"p": "positive", "q": "positive", "n": "nonnegative"}
NONE = fraction()
f = fraction
p, q, n = (("1", {x: 1}) for x in "pqn")
IS_P = ["certificate", f(p)]
IS_Q = ["certificate", f(q)]


def integral(body: Any, low: Any, high: Any) -> list[Any]:
    return ["Integrate", body, "v", low, high]


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
    ("c is defined in two ways", "c", 0, {"definitions": {"c": "h"}, "meanings": {"c": ["Add", "h", "nu"], "nu": 0}}),
    ("w is defined in two ways", "w", 0, {"definitions": {"w": 1}, "meanings": {"w": 2}}),
    # tables
    ("x' is no name", 0, 0, {"definitions": {"x'": 1}}),
    ("A' is no name", 0, 0, {"letters": {"A'": B}}),
    ("A' is no name", 0, 0, {"means": {"A'": B}}),
    ("more than one is no name", 0, 0, {"orders": [["m_i", "l_i", "more than one"]]}),
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
    ("a difference of dimensions is named", "d", -1, {"replacements": [["d", "D - k"], ["D - k", -1]]}),
    ("w is an abbreviation of no numbers", 0, 0, {"definitions": {"w": A}}),
    ("w is an abbreviation of no numbers", "w", 1, {"definitions": {"w": ["Identity", "D"]}}),
    ("w is an abbreviation of no numbers", 0, 0, {"meanings": {"w": tr(A)}}),
    ("w hides a log-density", 0, 0, {"meanings": {"w": ["Add", "log_p", 1]}}),
    ("log_q hides a log-density", 0, 0, {"definitions": {"log_q": 1}}),
    ("a rate that is no number", 0, 0, {"rates": {"t": {"x": A}}}),
    ("a rate that is no number", 0, 0, {"rates": {"t": {"x": A, "y": 1}}}),
    ("a rate of what is written out, which has its own", rate("y"), 5,
     {"meanings": {"y": power("v", 2)}, "rates": {"v": {"v": 1, "y": 5}}}),
    ("a log-density is steady, or has a rate", rate("log_p", "t"), 0, {"rates": {"t": {"log_p": 0}}}),
    ("cos_i and sin_i that leave the circle", rate(total("sin_i"), "theta_i"), 5, {"rates": {"theta_i": {"sin_i": 5}}}),
    # numbers of planes, and variables with a domain
    ("D, a number of planes, is given as something else", tr(["Identity", "D"]), -1, {"definitions": {"D": -1}}),
    ("d, a number of planes, is given as something else", "d", ["Add", -5, "k"], {"meanings": {"d": ["Add", -5, "k"]}}),
    ("d, a number of planes, is given as something else", "d", 0, {"meanings": {"d": 0}}),
    ("d, a number of planes, is given as something else", "d", -1, {"replacements": [["d", -1]]}),
    ("d, a number of planes, is given as something else", "d", -1, {"replacements": [["d", -1], ["d", "k"]]}),
    ("something is replaced in two ways", "sin_i", 2, {"replacements": [["sin_i", 2], ["sin_i", "sin_i"]]}),
    ("y has a domain, and stands for something else", "y", power("x", -1),
     {"meanings": {"y": power("x", -1)}, "domains": {"x": "inner", "y": "inner"}}),
    ("y has a domain, and stands for something else", "y", 1,
     {"meanings": {"y": power("x", 0)}, "domains": {"x": "inner", "y": "inner"}}),
    # sizes
    ("a replacement of another size", 0, 0, {"replacements": [[A, 0]]}),
    ("A stands for something of another size", A, A, {"letters": {"A": U}}),
    ("a mean of another size than x", X, X, {"means": {"x": A}}),
    ("a moment of other columns than these", word(t(X), Y), 0, {"moments": [["x", "y", ["Identity", "k"]]]}),
    ("a moment of other columns than these", word(A, X), X, {"moments": [["A", "x", ["Identity", "D"]]]}),
    ("a moment of other columns than these", word(t(X), A), word(t(X), A),
     {"moments": [["x", "A", ["Identity", "D"]]]}),
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
    ("v varies, and stands for something", integral("v", 1, 2), 1, {"given": {"v": 1}, "domains": {"v": "positive"}}),
    ("v is both a variable and a letter", rate(A), ["Zero", "D", "D"],
     {"letters": {"A": letter("v")}, "still": {"v": ["v"]}}),
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
    ("a condition on the variable that the line binds", integral("v", 1, 2), 0,
     {"conditions": ["w"], "replacements": [["w", ["Add", "v", 1]]], "domains": {"v": "positive"}}),
    ("a name that a replacement brings back", "x", 0, {"replacements": [["y", tr(A)], ["x", "y"]]}),
    # planes
    ("a class over no range", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "all", "count": 1, "blocks": {"A": mat(1, 1, 1)}}]}}),
    ("a block of no size", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": True, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {}}]}}),
    ("a block of no size", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": -1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {}}]}}),
    ("a block of B, which nothing mentions", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"B": mat(1, 1,
            1)}}]}}),
    ("a block of another size than A", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 2, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"A": mat(1, 1,
            1)}}]}}),
    ("classes that do not make up the space", tr(A), 0, {"planes": {"coupling": 0, "classes": [
        {"name": "a", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": 1, "blocks": {"A": mat(1, 1,
            1)}}]}}),
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
    ("nu", {"definitions": {"nu": times("rho", "h"), "rho": "rho"}, "meanings": {"rho": ["Divide", "nu", "h"],
         "nu": times("rho", "h")}}),
    (word(t(X), X), {"means": {"y": X}, "moments": [["a", "b", A]], "constant": ["x", "A"]}),
    (word(t(Y), Y), {"moments": [["a", "y", t(U)], ["y", "b", U]], "constant": ["U"]}),
    (word(A, U), {"rewrites": [[["A", "U"], U], [["Q", "A"], A], [["U'", "A'"], t(U)], [["A^-1"], A]]}),
    (word(t(X), X), {"replacements": [[A, B]], "letters": {"A": C, "Q": U}}),
    (rate("v"), {"rates": {"v": {"v": 1}}, "pins": {"v": "v"}}),
    (rate("y"), {"definitions": {"y": "y"}, "rates": {"v": {"y": "x"}}}),
    ("y", {"meanings": {"y": power("x", 1)}, "domains": {"x": "inner", "y": "inner"}}),
    ("x", {"replacements": [["y", 1], ["y", 1]]}),
    (rate("w"), {"steady": {"v": ["w", "y"]}, "meanings": {"w": "y"}}),
    ("x", {"domains": {"D - k": "nonnegative", "d - k": "positive"}, "orders": [["m_i", "l_i", "odd"]]}),
    (integral("v", 1, "infinity"), {"conditions": ["x"], "domains": {"v": "positive"}}),
    (["Integrate", "t", "t", 1, 2], {"conditions": ["alpha", power("alpha", 2)], "domains": {"t": "positive"}}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts"), RIGHT)
def test_what_it_may_be_about(line: Any, facts: dict[str, Any]) -> None:
    assert reason(claim(line, "=", line, **facts), "same") == ""


def test_a_symbol_with_a_letter_s_name() -> None:
    assert reason(claim(["Negate", "L"], "=", ["Negate", "L"], letters={"L": A}), "same") == ""
    other = claim(["Negate", "L"], "=", ["Exp", "L"], letters={"L": A})
    assert reason(other, "same") == "two lines that are not the same"


def test_the_way_names_are_turned() -> None:
    """nu = rho h may stand beside rho = nu/h, and not beside another rho."""
    facts = {"definitions": {"nu": times("rho", "h"), "rho": "rho"}, "domains": {"h": "positive"}}
    good = {**facts, "meanings": {"rho": ["Divide", "nu", "h"], "nu": times("alpha", "h")}}
    assert reason(claim("nu", "=", "nu", **good), "same") == ""
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


S = letter("S", kind="sym")
TRANSPOSED: list[tuple[Any, Any]] = [
    (t(A), A),
    (A, t(A)),
    (t(word(A, B)), word(A, B)),
    (S, S),
    (["Identity", "D"], ["Identity", "D"]),
    (["Zero", "D", "k"], ["Zero", "k", "D"]),
    (word(A, S, U), word(t(U), S, t(A))),
    (["Add", A, S], ["Add", t(A), S]),
    (["Negate", A], ["Negate", t(A)]),
    (["Inverse", A], ["Inverse", t(A)]),
    (["Inverse", S], ["Inverse", S]),
    (times("x", A), times("x", t(A))),
    (["Divide", word(A, B), "x"], ["Divide", word(t(B), t(A)), "x"]),
    (mat(1, 2, 1, 2), t(mat(1, 2, 1, 2))),
]
OTHERS: list[tuple[Any, Any]] = [
    (A, A), (A, B), (t(A), t(A)), (["Zero", "D", "k"], ["Zero", "D", "k"]), (word(A, B), word(t(A), t(B))),
    (["Add", A, S], ["Add", A, S]), (["Negate", A], ["Negate", A]), (["Inverse", A], ["Inverse", A]),
    (times("x", A), times("x", A)), (times("x", A), times("y", t(A))), (mat(1, 2, 1, 2), mat(1, 2, 1, 2)), (A, S),
]  # fmt: skip


def test_transposes() -> None:
    for one, other in TRANSPOSED:
        assert agree(tree(one), tree(other)) and agree(tree(other), tree(one)), one
    for one, other in OTHERS:
        assert not agree(tree(one), tree(other)) and not agree(tree(other), tree(one)), one


# values that lie where their names do
OUT = "x is given beyond its range"
RANGES: list[tuple[str, Any, str]] = [
    ("positive", 2, ""), ("positive", 0, OUT), ("positive", -1, OUT),
    ("positive", less("a", "b"), ""), ("positive", ["Negate", "p"], OUT),
    ("positive", ["Negate", "n"], OUT), ("nonnegative", ["Negate", "n"], ""),
    ("nonnegative", 0, ""), ("nonnegative", -1, OUT), ("nonnegative", 2, ""),
    ("nonnegative", ["Negate", "p"], OUT),
    ("unit", 0, ""), ("unit", 1, ""), ("unit", 2, OUT),
    ("unit", -1, OUT), ("unit", ["Add", 1, "n"], ""),
    ("inner", 0, OUT), ("inner", 1, OUT),
    ("inner", 2, OUT), ("inner", ["Rational", "1", "2"], ""),
    ("inner", -1, OUT), ("positive", "x", ""), ("unit", "x", ""), ("inner", "x", ""),
    ("positive", ["Negate", "h"], OUT), ("nonnegative", ["Min", "a", "b"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("domain", "value", "why"), RANGES)
def test_values_that_lie_where_their_names_do(domain: str, value: Any, why: str) -> None:
    """By what is known of the names in a value, not of what these stand for in turn."""
    facts = {"definitions": {"x": value, "h": less("a", "b")}, "domains": {**P, "h": "positive", "x": domain}}
    assert reason(claim("z", "=", "z", **facts), "same") == why


@pytest.mark.parametrize(("stated", "fine"), [("p", True), ("n", True), ("a", True), (1, True), (0, False), (-1, False),
                                             (["Negate", "n"], False), (less("a", "b"), True)])  # fmt: skip
def test_conditions_that_may_hold(stated: Any, fine: bool) -> None:
    found = reason(claim("z", "=", "z", conditions=[stated], domains=P), "same")
    assert found == ("" if fine else "a condition that never holds")


@pytest.mark.parametrize(("cosine", "sine", "fine"), [
    (["Rational", "3", "5"], ["Rational", "4", "5"], True), (["Rational", "-3", "5"], ["Rational", "4", "5"], True),
    (1, 0, True), (1, 1, False), ("cos_i", "sin_i", True), ("cos_i", 1, False), (0, "sin_i", False),
    ("sin_i", "sin_i", False),
])  # fmt: skip
def test_a_point_of_the_circle(cosine: Any, sine: Any, fine: bool) -> None:
    for table in ("definitions", "meanings"):
        found = reason(claim("z", "=", "z", **{table: {"cos_i": cosine, "sin_i": sine}}), "same")
        assert found == ("" if fine else "cos_i and sin_i off the circle"), found


def test_a_letter_that_a_constant_hides() -> None:
    """Of constants it may be all, some or none, and of others not one."""
    for inside, constants, why in ((tr(A), ["A"], ""), (tr(A), [], "w hides a letter"), (2, [], ""),
                                   (["Add", tr(A), tr(B)], ["A"], "w hides a letter")):  # fmt: skip
        made = claim("z", "=", "z", given={"w": inside}, constant=["w", *constants])
        assert reason(made, "same") == why
