"""Equalities by normal form: small ones that hold, and their neighbours that do not."""

from typing import Any

import pytest
from lines import grad, mat, mean, power, rate, t, times, total, tr, ways, word
from tiny import claim, less, letter, reason

A, B, C = letter("A"), letter("B"), letter("C")
U, S = letter("U", "D", "k"), letter("S", kind="sym")
X, Y, Z, W = (letter(n, "D", "1") for n in "xyzw")
TALL = [[["U'", "U"], ["Identity", "k"]]]


INDEPENDENT = {"moments": [["x", "y", A], ["x", "x", ["Identity", "D"]]], "constant": ["A", "B", "C"]}
MOMENTS = {**INDEPENDENT, "means": {"x": ["Zero", "D", "1"], "z": W}, "constant": ["A", "B", "C", "w"]}
STEADY = {"steady": {"v": ["a", "b"]}}
LOST = {"meanings": {"d": ["Add", "k", "d - k"]}}
STILL = {"still": {"v": ["A", "B"]}, **STEADY}

# left, right, what may be used, and another right that must not do
EQUAL: list[tuple[str, Any, Any, dict[str, Any], list[Any]]] = [
    ("numbers", ["Rational", "6", "4"], ["Divide", 3, 2], {}, [1, ["Rational", "-3", "2"]]),
    ("zero", 0, ["Negate", 0], {}, [1]),
    ("one term", ["Add", "x"], times("x"), {}, ["y"]),
    ("distributive", times("x", ["Add", "y", "z"]), ["Add", times("x", "y"), times("z", "x")], {}, [times("x", "y",
         "z")]),
    ("powers", power(["Add", "x", "y"], 3), ["Add", power("x", 3), times(3, "x", "y", ["Add", "x", "y"]), power("y",
         3)], {},
     [["Add", power("x", 3), power("y", 3)]]),
    ("no power", power("x", 0), 1, {}, ["x", 0]),
    ("reals below", times(2, power(2, -2), power(2, ["Negate", 1])), ["Rational", "1", "4"], {}, ["x", 2]),
    ("totals", total(["Add", "x_i", "x"]), ["Add", total("x_i"), times("d", "x")], {}, [["Add", total("x_i"), "x"]]),
    ("totals over pairs", total("x", "pairs"), times("k", "x"), {}, [times("d", "x")]),
    ("totals over the lost", total(1, "lost"), less("d", "k"), LOST, ["d", "k", less("k", "d")]),
    ("total times total", times(total("x_i"), total("y_i")), times(total("y_i"), total("x_i")), {}, [total(times("x_i",
         "y_i")), times(total("x_i", "pairs"), total("y_i"))]),
    ("total squared", power(total(["Add", "x_i", "x"]), 2),
     ["Add", power(total("x_i"), 2), times(2, "d", "x", total("x_i")), power(times("d", "x"), 2)], {},
     [total(power(["Add", "x_i", "x"], 2)), ["Add", power(total("x_i"), 2), power(times("d", "x"), 2)]]),
    ("a total under a bar", ["Divide", total(times(2, "x_i")), total("y_i")], ["Divide", times(total("x_i"), 2),
         total("y_i")],
     {"domains": {"y_i": "positive"}}, [2]),
    ("a total of a fraction squared", power(total(["Divide", "x_i", ["Add", "y_i", 1]]), 2),
     power(total(["Negate", ["Divide", "x_i", ["Add", 1, "y_i"]]]), 2), {"domains": {"y_i": "positive"}},
     [power(total("x_i"), 2), power(total(["Divide", "x_i", ["Add", 2, "y_i"]]), 2)]),
    ("a total of inverses squared", power(total(["Divide", 1, ["Add", "y_i", 1]]), 2),
     power(total(["Negate", ["Divide", 1, ["Add", 1, "y_i"]]]), 2), {"domains": {"y_i": "positive"}}, [power("d", 2)]),
    ("a fraction that is drawn out", power(total(["Divide", "x_i", ["Add", "x", 1]]), 2),
     ["Divide", power(total("x_i"), 2), power(["Add", "x", 1], 2)], {"domains": {"x": "positive"}},
     [power(total("x_i"), 2), ["Divide", power(total("x_i"), 2), ["Add", "x", 1]]]),
    ("a square of a total before another", times(power(total(["Divide", "x_i", ["Add", "y_i", 1]]), 2), total("z_i")),
     times(total("z_i"), power(total(["Divide", "x_i", ["Add", "y_i", 1]]), 2)), {"domains": {"y_i": "positive"}},
     [times(total("z_i"), power(total("x_i"), 2))]),
    ("a factor outside", times("x", total(["Divide", "x_i", 1])), total(times("x_i", "x")), {}, [total("x_i")]),
    ("logarithms", ["Add", ["Ln", "x"], ["Ln", "y"]], ["Ln", times("x", "y")], {"domains": {"x": "positive",
         "y": "positive"}},
     [["Ln", ["Add", "x", "y"]], ["Ln", "x"]]),
    ("logarithms of one", ["Ln", 1], 0, {}, [1]),
    ("logarithms with factors", times("z", ["Ln", power("x", 2)]), times(2, "z", ["Ln", "x"]),
         {"domains": {"x": "positive"}},
     [times("z", ["Ln", "x"]), times(2, ["Ln", "x"])]),
    ("logarithms in totals", total(less(["Ln", times("x_i", "x")], ["Ln", "x_i"])), times("d", ["Ln", "x"]),
     {"domains": {"x": "positive", "x_i": "positive"}}, [["Ln", "x"], total(["Ln", "x_i"])]),
    ("two logarithms in totals", total(["Add", times("z", less(["Ln", times("x_i", "x")], ["Ln", "x_i"])),
     less(["Ln", times("x_i", "y")], ["Ln", "x_i"])]), times("d", ["Add", times("z", ["Ln", "x"]), ["Ln", "y"]]),
     {"domains": {"x": "positive", "x_i": "positive", "y": "positive"}},
     [times("d", ["Add", ["Ln", "x"], ["Ln", "y"]]), times("d", "z", ["Ln", "x"]), times("d", ["Ln", "y"])]),
    ("phi", ["Phi", "x"], less("x", ["Ln", ["Add", 1, "x"]]), {"domains": {"x": "nonnegative"}}, ["x"]),
    ("roots", power(["Sqrt", "x"], 2), "x", {"domains": {"x": "positive"}}, [["Sqrt", "x"], 1]),
    ("minima", ["Min", "x", ["Add", "y", 1]], ["Min", "x", ["Add", 1, "y"]], {},
     [["Min", "x", "y"], ["Max", "x", ["Add", 1, "y"]], ["Min", ["Add", 1, "y"], "x"]]),
    ("sines", ["Add", power("sin_i", 2), power("cos_i", 2)], 1, {}, ["sin_i", 2]),
    ("exponentials", times(["Exp", "t"], ["Exp", times(["Rational", "-1", "2"], "t")]), ["Exp", ["Divide", "t", 2]], {},
     [["Exp", "t"], 1]),
    ("exponentials of B", power(["Exp", ["Negate", "B"]], 2), ["Exp", times(-2, "B")], {}, [["Exp", "B"]]),
    ("abbreviations", "c", ["Add", "h", "nu"], {"definitions": {"c": ["Add", "h", "nu"]}, "pins": {"c": 1}}, ["h"]),
    ("meanings", "c", ["Add", "h", "nu"], {"meanings": {"c": ["Add", "h", "nu"]}}, ["h"]),
    ("replacements", power("x", 2), power(["Add", "y", 1], 2), {"replacements": [["x", ["Add", "y", 1]]]}, [power("y",
         2)]),
    ("letters that stand for something", word(A, B), word(B, B), {"letters": {"A": B}}, [word(A, A, A), A]),
    ("letters in letters", word(A, A), word(C, C), {"letters": {"A": B, "B": C}}, [word(C, S)]),
    # words
    ("matrices", word(["Add", A, B], ["Add", A, B]), ["Add", word(A, A), word(A, B), word(B, A), word(B, B)], {},
     [["Add", word(A, A), times(2, word(A, B)), word(B, B)]]),
    ("transposed", t(word(A, S, B)), word(t(B), S, t(A)), {}, [word(t(A), S, t(B)), word(B, S, A), word(t(B), S, A)]),
    ("inverses", t(["Inverse", S]), ["Inverse", S], {"domains": {"c": "positive", "a_i": "positive"}}, [S]),
    ("transposed twice", t(t(A)), A, {}, [t(A)]),
    ("identities", word(["Identity", "D"], A), A, {}, [["Identity", "D"]]),
    ("nothing", word(["Zero", "D", "D"], A), ["Zero", "D", "D"], {}, [A]),
    ("scaled", times("x", A, 2), ["Divide", times(["Negate", "x"], A), ["Rational", "-1", "2"]],
     {"domains": {"x": "positive"}}, [A, times("x", A)]),
    ("rewritten", word(t(U), U, t(U)), t(U), {"rewrites": TALL}, [t(letter("V", "D", "k")), word(t(U), A)]),
    ("rewritten backwards", word(A, A, A, A), A, {"rewrites": [[["A", "A"], A]]}, [word(A, B), B]),
    ("rewritten the other way", word(t(B), t(A)), t(C), {"rewrites": [[["A", "B"], C]]}, [C, word(B, A)]),
    ("rewritten as a sum", word(A, A), less(A, ["Identity", "D"]), {"rewrites": [[["A", "A"], less(A, ["Identity",
         "D"])]]}, [A]),
    # traces
    ("turned", tr(word(A, B, C)), tr(word(C, A, B)), {}, [tr(word(B, A, C))]),
    ("mirrored", tr(word(A, B)), tr(word(t(A), t(B))), {}, [tr(word(A, t(B)))]),
    ("trace of the identity", tr(["Identity", "D"]), "D", {}, ["d", 1]),
    ("trace of three", tr(["Identity", "3"]), 3, {}, [2]),
    ("trace of a projection", tr(word(U, t(U))), "k", {"rewrites": TALL}, ["D"]),
    ("a turned trace that is rewritten", tr(word(t(U), A, U)), tr(A), {"rewrites": [[["U", "U'"], ["Identity", "D"]]]},
         [tr(B)]),
    ("a scalar is its trace", word(t(X), Y), word(t(Y), X), {}, [word(t(X), X)]),
    ("a square of a constant trace", power(tr(A), 2), times(tr(A), tr(t(A))), {"constant": ["A", "B"]}, [tr(word(A,
         A)), 0, power(tr(B), 2)]),
    ("a trace by itself and in a product", times(tr(A), ["Add", tr(A), 1]), ["Add", power(tr(A), 2), tr(A)],
     {"constant": ["A"]}, [["Add", power(tr(A), 2), 1]]),
    ("twice a trace, squared", power(times(2, tr(A)), 2), times(4, power(tr(A), 2)), {"constant": ["A"]},
     [power(["Add", tr(A), 1], 2)]),
    ("trace and total", times(total("x_i"), tr(A)), times(tr(A), total("x_i")), {"constant": ["A"]}, [total("x_i")]),
    # means
    ("means are linear", mean(["Add", word(A, X), X]), ["Add", word(A, mean(X)), mean(X)], {"constant": ["A"]},
         [mean(X)]),
    ("a mean", mean(word(A, Z)), word(A, W), MOMENTS, [W]),
    ("a product's mean, transposed", t(mean(word(Y, t(X)))), mean(word(X, t(Y))), {}, [mean(word(Y, t(X)))]),
    ("a transposed mean", mean(t(Z)), t(W), MOMENTS, [t(X)]),
    ("a mean of a constant", mean(A), A, MOMENTS, [["Zero", "D", "D"]]),
    ("a moment", mean(word(B, X, t(Y), C)), word(B, A, C), INDEPENDENT, [A, word(B, C)]),
    ("a moment that is unknown", mean(word(Y, t(X))), mean(word(Y, t(X))), INDEPENDENT, [A, t(A)]),
    ("a moment within constants", mean(word(t(X), B, Y)), mean(word(t(Y), t(B), X)), {"constant": ["B"]}, [0, times(2,
         mean(word(t(X), B, Y)))]),
    ("a mean square", mean(word(t(X), X)), "D", INDEPENDENT, [1, "k"]),
    ("a mean form", mean(word(t(X), B, X)), tr(B), INDEPENDENT, [tr(A)]),
    ("a mean form of two", mean(word(t(Y), X)), tr(A), INDEPENDENT, [0, "D"]),
    ("a mean form from the other side", mean(word(t(X), Y)), tr(t(A)), INDEPENDENT, [0]),
    ("means of numbers", mean(["Add", "x", total("x_i"), ["LogDet", A]]), ["Add", total("x_i"), ["LogDet", A], "x"],
     {"constant": ["A"]}, ["x"]),
    ("a scalar of mean zero", mean(word(t(Y), X)), 0, {"means": {"x": ["Zero", "D", "1"]}, "constant": ["y"]}, [1]),
    ("a transposed mean under a trace", mean(word(t(X), Y)), 0, {"means": {"x": ["Zero", "D", "1"]},
         "constant": ["y"]}, [1]),
    ("a mean matrix", mean(tr(A)), "D", {"means": {"A": ["Identity", "D"]}}, [1, tr(A)]),
    # gradients
    ("a square's gradient", grad(word(t(X), X)), times(2, X), {}, [X]),
    ("a form's gradient", grad(word(t(X), A, X)), ["Add", word(A, X), word(t(A), X)], {"constant": ["A"]}, [times(2,
         word(A, X))]),
    ("a linear gradient", grad(["Negate", ["Add", word(t(Y), A, X), word(t(X), X)]]), less(["Negate", word(t(A), Y)],
         times(2, X)),
     {"constant": ["A", "y"]}, [Y]),
    ("the gradient of a sum with a number", grad(["Negate", ["Add", word(t(X), X), "y"]]), times(-2, X), {}, [times(2,
         X)]),
    ("the gradient of a constant", grad(["Add", word(t(Y), Y), "x", tr(A)]), ["Zero", "D", "1"], {"constant": ["A",
         "y"]}, [X]),
    ("the gradient of a log-density", grad("log_p"), grad("log_p"), {}, [grad("log_q"), ["Gradient", "log_p", Y]]),
    # matrices written out
    ("entries", word(mat(2, 2, 1, "x", 0, 1), mat(2, 2, 1, "y", 0, 1)), mat(2, 2, 1, ["Add", "x", "y"], 0, 1), {},
     [mat(2, 2, 1, times("x", "y"), 0, 1)]),
    ("an inverse", ["Inverse", mat(2, 2, "a", 1, 0, "b")],
     mat(2, 2, ["Divide", 1, "a"], ["Negate", ["Divide", 1, times("a", "b")]], 0, ["Divide", 1, "b"]),
     {"domains": {"a": "positive", "b": "positive"}}, [mat(2, 2, ["Divide", 1, "a"], 0, 0, ["Divide", 1, "b"])]),
    ("an inverse by cofactors", word(["Inverse", mat(3, 3, 2, 0, 1, 1, 1, 0, 0, 3, 1)], mat(3, 3, 2, 0, 1, 1, 1, 0, 0,
         3, 1)),
     ["Multiply", 1, mat(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1)], {}, [mat(3, 3, 1, 0, 0, 0, 1, 0, 1, 0, 1)]),
    ("an inverse of what a reason makes positive", word(["Inverse", mat(1, 1, less("x", "y"))], mat(1, 1, less("x",
         "y"))), mat(1, 1, 1), {}, [mat(1, 1, 2)]),
    ("four rows", tr(mat(4, 4, *(["x", 0, 0, 0, 0] * 4)[:16])), times(4, "x"), {}, ["x"]),
    ("a trace of entries", tr(mat(2, 2, "x", 5, 6, "y")), ["Add", "x", "y"], {}, [["Add", "x", 5], "x"]),
    ("transposed entries", t(mat(1, 2, "x", "y")), mat(2, 1, "x", "y"), {}, [mat(2, 1, "y", "x")]),
    ("a block and the identity", ["Add", mat(2, 2, 0, 1, 1, 0), ["Identity", "2"]], mat(2, 2, 1, 1, 1, 1), {}, [mat(2,
         2, 2, 1, 1, 1)]),
    ("roots as entries", word(mat(1, 1, ["Sqrt", "x"]), mat(1, 1, ["Sqrt", "x"])), mat(1, 1, "x"),
         {"domains": {"x": "positive"}},
     [mat(1, 1, ["Sqrt", "x"])]),
    # derivatives
    ("a derivative", rate(["Divide", power("v", 2), ["Add", "v", "a"]]),
     ["Divide", ["Add", power("v", 2), times(2, "a", "v")], power(["Add", "v", "a"], 2)],
     {**STEADY, "domains": {"v": "positive", "a": "positive"}}, [times(2, "v"), ["Divide", times(2, "v"), ["Add", "v",
         "a"]]]),
    ("of a root", rate(["Sqrt", ["Add", "v", "a"]]), ["Divide", 1, times(2, ["Sqrt", ["Add", "v", "a"]])],
     {**STEADY, "domains": {"v": "positive", "a": "positive"}}, [["Divide", 1, ["Sqrt", ["Add", "v", "a"]]]]),
    ("of a logarithm", rate(times("v", ["Ln", "v"])), ["Add", ["Ln", "v"], 1], {"domains": {"v": "positive"}}, [["Ln",
         "v"]]),
    ("of an exponential", rate(["Exp", ["Negate", "t"]], "t"), ["Negate", ["Exp", ["Negate", "t"]]],
         {"rates": {"t": {"t": 1}}},
     [["Exp", ["Negate", "t"]], 0]),
    ("by rates", rate(times("h", "alpha"), "t"), ["Add", times("h_dot", "alpha"), times("h", "a")],
     {"rates": {"t": {"h": "h_dot", "alpha": "a"}}}, [times("h_dot", "a")]),
    ("of a matrix", rate(times(power("v", 3), A)), times(3, power("v", 2), A), STILL, [times(power("v", 2), A)]),
    ("of a trace", rate(times("v", tr(word(A, t(B))))), tr(word(A, t(B))), STILL, [0]),
    ("of a total", rate(total(power("v", 2))), times(2, "d", "v"), {}, [times(2, "v")]),
    ("of a plane's own summand beside a number", rate(["Add", total("x_i"), "a"], "x_i"), 1, {"steady": {"x_i": ["a"]}},
     [["Add", 1, "a"]]),
    ("of a plane's own summand", rate(total(power("x_i", 2)), "x_i"), times(2, "x_i"), {}, [total(times(2, "x_i")), 0]),
    ("of what does not move", rate("a"), 0, STEADY, [1]),
    ("in an angle, round the circle", rate(total(["Add", power("cos_i", 3), "sin_i"]), "theta_i"),
     ["Add", times(-3, power("cos_i", 2), "sin_i"), "cos_i"],
     {"rates": {"theta_i": {"sin_i": "cos_i", "cos_i": ["Negate", "sin_i"]}}}, ["cos_i"]),
    ("in an angle", rate(total(power("sin_i", 2)), "theta_i"), times(2, "sin_i", "cos_i"),
     {"rates": {"theta_i": {"sin_i": "cos_i"}}}, [power("cos_i", 2)]),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "facts", "others"), [x[1:] for x in EQUAL], ids=[x[0] for x in EQUAL])
def test_equal(left: Any, right: Any, facts: dict[str, Any], others: list[Any]) -> None:
    """It holds from left to right and back; none of the neighbours does."""
    facts = {"given": {}, **facts}
    assert "" in ways(left, right, facts) and "" in ways(right, left, facts)
    for other in others:
        for found in (*ways(left, other, facts), *ways(other, left, facts)):
            assert found


REFUSED: list[tuple[str, str, Any, Any, dict[str, Any]]] = [
    ("two letters without a sign between", "a product of scalars with letters", times(A, 2), times(tr(A), A), {}),
    ("what is no word", "within a product of letters", word(A, ["Inverse", word(A, B)]), A, {}),
    ("exponential of a product", "exp of something other than a multiple of t or B", ["Exp", times("t", "B")], 1, {}),
    ("exponential of nothing", "exp of something other than a multiple of t or B", ["Exp", 0], 1, {}),
    ("a ninth of the time", "exp of something other than a multiple of t or B", ["Exp", times("t", 9)], 1, {}),
    ("a root of a total", "a sum or a trace where a number is needed", ["Sqrt", total("x_i")], 1, {}),
    ("a total of a total", "a sum or a trace where a number is needed", total(total("x_i")), 1, {}),
    ("a random trace squared", "a product of words", power(tr(A), 2), 1, {}),
    ("a trace that is random in part, squared", "a product of words", power(tr(word(A, B)), 2), 1, {"constant": ["A"]}),
    ("a plane's letter beside another", "a letter of one plane", power(tr(word(A, letter("A_i"))), 2), 1,
     {"constant": ["A", "A_i"]}),
    ("a plane's letter squared", "a letter of one plane", power(tr(letter("A_i")), 2), 1, {"constant": ["A_i"]}),
    ("a plane's factor", "a factor of one plane outside the sum over planes", times("x_i", total("y_i")), 1, {}),
    ("a plane's factor of a total and a number", "a factor of one plane outside the sum over planes",
     times("x_i", ["Add", total("y_i"), 1]), ["Add", total(times("x_i", "y_i")), "x_i"], {}),
    ("a power of a fraction", "a power that is no whole number", power("x", ["Rational", "1", "2"]), 1, {}),
    ("a power of a name", "a power that is no whole number", power("x", "y"), 1, {}),
    ("a high power", "a power of 65", power("x", 65), 1, {}),
    ("powers of powers", "numbers or powers that are too large", power(power(power("x", 64), 64), 64), 1, {}),
    ("division by zero", "division by zero", ["Divide", "x", less("x", "x")], 1, {}),
    ("logarithms multiplied", "a product of logarithms", times(["Ln", "x"], ["Ln", "y"]), 1, {}),
    ("derivative of a total's name", "a total may depend on v", rate(power(total("x_i"), 2)), 1, {}),
    ("derivative of a minimum", "a Min may depend on v", rate(["Min", "v", "a"]), 1, STEADY),
    ("derivative of a determinant", "a derivative of a logdet", rate(["LogDet", A]), 1, STILL),
    ("derivative of a letter that moves", "a letter may depend on v", rate(C), ["Zero", "D", "D"], STILL),
    ("derivative of a trace that moves", "a letter may depend on v", rate(tr(word(A, t(C)))), 1, STILL),
    ("derivative of a name that moves", "b may depend on v", rate("b"), 1, {"steady": {"v": ["a"]}}),
    ("derivative beside a sum", "x_i is not the variable of one sum", rate(["Add", total("x_i"), power("x_i", 2)],
         "x_i"), 1, {}),
    ("derivative in two sums", "x_i is not the variable of one sum",
     rate(["Add", total("x_i"), total(power("x_i", 2), "lost")], "x_i"), 1, LOST),
    ("derivative in lost ones", "x_i is not the variable of one sum", rate(total("x_i", "lost"), "x_i"), 1, LOST),
    ("the time itself", "t may depend on t", rate("t", "t"), 1, {}),
    ("an angle itself", "theta_i may depend on theta_i", rate(total("theta_i"), "theta_i"), 1, {}),
    ("an angle's sine", "sin_i may depend on theta_i", rate(total("sin_i"), "theta_i"), 1, {}),
    ("gradient in a constant", "the gradient in a constant", grad(word(t(X), X)), X, {"constant": ["x"]}),
    ("gradient past another", "a letter may depend on x", grad(word(t(X), Y)), Y, {}),
    ("gradient of a hidden log-density", "the gradient of a log-density that is not written out", grad(["Add", "log_p",
         1]), X, {}),
    ("a moment the other way", "the two sides are not equal", mean(word(W, t(X), Y)), mean(word(W, t(Y), X)),
     {"moments": [["x", "y", S], ["y", "x", S]], "constant": ["w", "S"]}),
    ("mean of a log-density", "a log-density that is not written out", mean("log_q"), "log_q", {}),
    ("mean of a determinant", "the mean of a determinant's logarithm", mean(["LogDet", A]), 1, {}),
    ("distances without planes", "the planes do not separate", ["SquaredWasserstein", A, A], 0,
         {"cites": ["Bures-Wasserstein"]}),
    ("a letter among entries", "A has no block", ["Add", mat(1, 1, 1), letter("A", "1", "1")], mat(1, 1, 1), {}),
    ("a head among entries", "has no block", ["Add", mat(1, 1, 1), mean(letter("A", "1", "1"))], mat(1, 1, 1), {}),
    ("a large block", "a block is too large", ["Add", mat(5, 1, 1, 1, 1, 1, 1), ["Zero", "5", "1"]], mat(5, 1, 1, 1, 1,
         1, 1), {}),
    ("a large identity", "a block is too large", ["Add", word(mat(1, 1, 1), mat(1, 1, 1)), word(["Identity", "1"],
         mat(1, 1, 1))],
     word(mat(1, 5, 1, 1, 1, 1, 1), ["Identity", "5"], mat(5, 1, 1, 1, 1, 1, 1)), {}),
    ("a relation that grows", "a product of letters is too large", A, B, {"rewrites": [[["A"], word(A, C)]]}),
    ("a relation in a circle", "the relations rewrite without end", A, C, {"rewrites": [[["A"], B], [["B"], A]]}),
    ("a relation with many terms", "a product of letters is too large", A, B,
     {"rewrites": [[["A"], ["Add", *(word(letter(f"A{n}"), A) for n in range(20))]]]}),
    ("an unequal identity", "the two sides are not equal", tr(["Identity", "D"]), tr(["Identity", "k"]), {}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "left", "right", "facts"), [x[1:] for x in REFUSED], ids=[x[0] for x in REFUSED])
def test_refused(why: str, left: Any, right: Any, facts: dict[str, Any]) -> None:
    found = ways(left, right, facts)
    assert all(any(x in y for x in why.split("|")) for y in found), found


def test_exponents_end() -> None:
    for halves, fine in ((16, True), (-16, True), (17, False), (-17, False), (18, False), (-18, False)):
        one, other = (["Exp", times(["Rational", str(n), "2"], "t")] for n in (halves, -halves))
        assert (ways(times(one, other), 1, {})[0] == "") == (ways(one, one, {})[0] == "") == fine


def test_evidence_says_how() -> None:
    made = claim("x", "=", "x")
    assert reason(made, "same") == "" == reason(made, "closed") == reason(made, "opened")
    assert reason(made) == "evidence is missing" and reason(made, "same", "same") == "evidence that nothing asks for"
    assert reason(made, "open") == "evidence of another kind" == reason(made, ["same"])
    sums = claim(["Add", "x", "y"], "=", ["Add", "y", "x"])
    assert reason(sums, "same") == "two lines that are not the same" and reason(sums, "closed") == ""
    named = claim("c", "=", "h", meanings={"c": "h"})
    assert reason(named, "closed") == "the two sides are not equal" and reason(named, "opened") == ""


def test_what_reads_matrices_alone_reads_no_scalars() -> None:
    from tiny import under

    from checker.matrices import Matrices

    made = Matrices({**under(), "symmetric": frozenset()})
    for action in (lambda: made.scalar("x"), lambda: made.differentiated({}, "x")):
        with pytest.raises(NotImplementedError):
            action()
