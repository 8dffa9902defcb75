"""False claims, each of which the checker refuses whatever evidence comes with it."""

from __future__ import annotations

from typing import Any

import pytest
from attack_claims import claim, letter, minus, require_refused, square_of, vector

PAIR = {"name": "pair", "sizes": {"D": 1, "k": 1, "d": 1}, "count": 0, "over": "target"}
SPARE = {"name": "spare", "sizes": {"D": 1, "k": 1, "d": 0}, "count": minus("k", "d"), "over": None}
REST = {"name": "rest", "sizes": {"D": 1, "k": 0, "d": 0}, "count": minus("D", "k"), "over": None}
SYMMETRIC = letter("A", kind="sym")
X, Y, A, B, U = vector("x"), vector("y"), letter("A"), letter("B"), letter("U", "D", "k")
ROOT_OF_SQUARE = ["Sqrt", ["Power", "x", 2]]
GOING = {"rates": {"t": {"t": 1, "h": "h_dot"}}}
IN_PLANES = {"x_i": "positive", "y_i": "positive"}
POSITIVE = {"domains": {"x": "positive", "y": "positive"}}
ODE = {"form": "solves", "cites": ["linear ODE"]}


def total(x: Any, over: str = "target") -> list[Any]:
    return ["Sum", over, x]


def word(*xs: Any) -> list[Any]:
    return ["MatrixMultiply", *xs]


def t(x: Any) -> list[Any]:
    return ["Transpose", x]


def mean(x: Any) -> list[Any]:
    return ["Expectation", x]


def planes(coupling: Any = 0, rest: Any = 1, **blocks: Any) -> dict[str, Any]:
    """These blocks in the planes, and `rest` in all other directions."""
    beside = {name: one(rest) for name in blocks}
    inside = [{**PAIR, "blocks": blocks}, {**SPARE, "blocks": beside}, {**REST, "blocks": beside}]
    return {"coupling": coupling, "classes": inside}


def one(x: Any) -> list[Any]:
    return ["Matrix", "1", "1", x]


def ode(rate: Any, variable: str = "t", **initial: Any) -> dict[str, Any]:
    return {**ODE, "parts": {"rate": rate, "initial": initial, "variable": variable}}


def integral(body: Any, low: Any, high: Any) -> list[Any]:
    return ["Integrate", body, "v", low, high]


V = {"domains": {"v": "positive"}}
APART = minus(["Multiply", "x_i", total("x_i")], total(["Power", "x_i", 2]))
FALSE: list[tuple[str, str, dict[str, Any]]] = [
    # numbers and scalars
    ("one is nothing", "not equal", claim(1, 0)),
    ("two symbols", "not equal", claim("x", "y")),
    ("a quotient at zero", "nothing says", claim(["Divide", "x", "x"], 1)),
    ("a quotient of what may vanish", "vanish", claim(["Divide", "x", "x"], 1, domains={"x": "nonnegative"})),
    ("a negative power at zero", "nothing says", claim(["Multiply", "x", ["Power", "x", -1]], 1)),
    ("division by a difference of the same", "may be empty",
     claim(["Divide", 1, minus(["Power", "x", 2], ["Multiply", "x", "x"])], 1)),
    ("root of a square", "not equal", claim(ROOT_OF_SQUARE, "x")),
    ("root of a square, as a root", "nothing says", claim(ROOT_OF_SQUARE, "x", form="root")),
    ("root of a square, less", "vanish|negative|evidence|nothing",
     claim(ROOT_OF_SQUARE, ["Negate", "x"], form="root", **POSITIVE)),
    ("root of a negative", "negative|vanish|shifted",
     claim(["Power", ["Sqrt", ["Negate", "x"]], 2], ["Negate", "x"], **POSITIVE)),
    ("logarithm of a negative", "", claim(["Ln", ["Negate", "x"]], ["Ln", ["Negate", "x"]], **POSITIVE)),
    ("logarithm of a square", "nothing says", claim(["Ln", ["Power", "x", 2]], ["Multiply", 2, ["Ln", "x"]])),
    ("logarithms of a sum", "not equal",
     claim(["Ln", ["Add", "x", "y"]], ["Add", ["Ln", "x"], ["Ln", "y"]], **POSITIVE)),
    ("multiplicity of logarithms", "not equal",
     claim(["Add", ["Ln", "x"], ["Ln", "y"]], ["Multiply", 2, ["Ln", ["Multiply", "x", "y"]]], **POSITIVE)),
    ("multiplicity of logarithms in sums", "not equal", claim(total(["Ln", "x"]), ["Ln", "x"], **POSITIVE)),
    ("the lesser is the larger", "not equal", claim(["Min", "x", "y"], ["Max", "x", "y"])),
    ("minimum of swapped scales", "not equal", claim(["Min", "x", ["Power", "x", 2]], "x", **POSITIVE)),
    ("half powers", "no whole number", claim(["Power", "x", ["Rational", "1", "2"]], ["Sqrt", "x"], **POSITIVE)),
    ("exponents of a sum", "exp of something", claim(["Exp", ["Add", "t", "B"]], ["Exp", "t"])),
    ("a condition dropped", "nothing says", claim(["Divide", "x", "x"], 1, conditions=["y"])),
    ("x above a condition about y", "", claim("x", 0, ">=", "certificate", conditions=["y"])),
    # order
    ("a square below nothing", "", claim(["Power", "x", 2], 0, "<=", "certificate", **POSITIVE)),
    ("x is at most its square", "", claim("x", ["Power", "x", 2], "<=", "certificate", **POSITIVE)),
    ("a real square root below", "nothing says", claim("x", 0, ">=", "certificate")),
    ("unit taken as inner", "vanish", claim(["Divide", "x", "x"], 1, domains={"x": "unit"})),
    ("an order by normal form", "does not prove", claim("x", "x", "<=")),
    ("equality by a certificate", "does not prove", claim("x", "x", "=", "certificate")),
    ("an order of matrices", "order of matrices", claim(A, A, "<=", "certificate")),
    ("a bounded logarithm without its theorem", "no reason bounds",
     claim(["Ln", "x"], minus("x", 1), "<=", "certificate", **POSITIVE)),
    ("logarithm above its tangent", "",
     claim(["Ln", "x"], minus("x", 1), ">=", "certificate", cites=["log bounds"], **POSITIVE)),
    ("cases without the split", "minimum is left",
     claim(["Min", "x", ["Power", "x", 2]], "x", "<=", "cases", parts={"split": "y"}, **POSITIVE)),
    ("cases, the wrong way", "",
     claim(["Min", "x", ["Power", "x", 2]], "x", ">=", "cases", parts={"split": "x"}, **POSITIVE)),
    ("cases of a real number", "nothing says",
     claim(["Min", "x", ["Power", "x", 2]], ["Multiply", "x", "x"], "<=", "cases", parts={"split": "x"})),
    ("an optimum with another rest", "not equal", claim("x", "y", ">=", "optimum", parts={"square": "x", "weight": 1})),
    ("an optimum with a negative weight", "",
     claim("x", ["Add", "x", ["Power", "y", 2]], ">=", "optimum", parts={"square": "y", "weight": -1})),
    # planes
    ("sum of a plane's variable", "not equal", claim(total("x_i"), ["Multiply", "d", "x_i"])),
    ("a sum over other planes", "not equal", claim(total("x_i"), total("x_i", "pairs"))),
    ("a sum of products", "not equal",
     claim(total(["Multiply", "x_i", "y_i"]), ["Multiply", total("x_i"), total("y_i")])),
    ("a plane's factor drawn out", "outside the sum",
     claim(["Multiply", "x_i", total("y_i")], total(["Multiply", "x_i", "y_i"]))),
    ("a name that hides a plane, defined", "hides a variable",
     claim(total("w"), ["Multiply", "d", "w"], definitions={"w": "x_i"})),
    ("a name that hides a plane, meant", "hides a variable",
     claim(total("w"), ["Multiply", "d", "w"], meanings={"w": "x_i"})),
    ("a name that hides a plane, given", "hides a variable",
     claim(total("w"), ["Multiply", "d", "w"], given={"w": ["Ln", "x_i"]})),
    ("a name that hides a plane, replaced", "hides a variable",
     claim(total("w"), ["Multiply", "d", "w"], replacements=[["w", "x_i"]])),
    ("a minimum that hides a plane", "not equal",
     claim(total(["Min", "x_i", 1]), ["Multiply", "d", ["Min", "x_i", 1]])),
    ("a root that hides a plane", "not equal",
     claim(total(["Sqrt", "x_i"]), ["Multiply", "d", ["Sqrt", "x_i"]], domains={"x_i": "positive"})),
    ("a logarithm that hides a plane", "not equal",
     claim(total(["Ln", "x_i"]), ["Multiply", "d", ["Ln", "x_i"]], domains={"x_i": "positive"})),
    ("a total that hides a plane", "may be empty",
     claim(["Divide", total("x_i"), total("y_i")], total(["Divide", "x_i", "y_i"]), domains=IN_PLANES)),
    ("a square of a sum", "not equal", claim(["Power", total("x_i"), 2], total(["Power", "x_i", 2]))),
    ("classes that leave some directions out", "make up the space",
     claim(["Trace", A], total("x_i"),
           planes={"coupling": 0, "classes": [{**PAIR, "blocks": {"A": one("x_i")}}]})),
    ("planes that are coupled", "do not separate",
     claim(["Trace", A], total("x_i"), planes=planes("x", A=one("x_i")))),
    ("a block of another size", "another size",
     claim(["Trace", A], 0, planes=planes(A=["Matrix", "2", "2", 1, 0, 0, 1]))),
    ("a block that has no inverse", "no inverse",
     claim(["Trace", ["MatrixMultiply", A, ["Inverse", A]]], "D", planes=planes(A=one("x_i")),
           domains={"c": "positive", "a_i": "nonnegative", "x_i": "nonnegative"})),
    ("the determinant of a block that may vanish", "no inverse",
     claim(["LogDet", A], ["LogDet", word(A, ["Identity", "D"])], planes=planes(A=one(["Negate", "x_i"])),
           domains={"x_i": "positive"})),
    ("a bare 1 x 1 matrix is no scalar", "written out|within a product|no block", claim(["Add", one("x"), "x"], 0)),
    ("an empty block", "not equal|different sizes", claim(["Trace", ["Matrix", "0", "0"]], 1)),
    ("a block of no plane", "nothing mentions", claim("x", "x", planes=planes(A=one(1)))),
    # matrices
    ("letters commute", "not equal", claim(word(A, B), word(B, A))),
    ("a general letter is symmetric", "not equal", claim(t(A), A)),
    ("symmetric in one place only", "two sizes or kinds", claim(t(A), letter("A", kind="sym"))),
    ("two sizes of a letter", "two sizes or kinds", claim(["Trace", A], ["Trace", letter("A", "k", "k")])),
    ("transposed inverses", "not equal",
     claim(t(["Inverse", A]), ["Inverse", A], domains={"c": "positive", "a_i": "positive"})),
    ("trace of the identity in another space", "not equal",
     claim(["Trace", ["Identity", "D"]], ["Trace", ["Identity", "k"]])),
    ("trace of a projection", "not equal",
     claim(["Trace", word(U, t(U))], "D", rewrites=[[["U'", "U"], ["Identity", "k"]]])),
    ("a rewrite turned round", "not equal",
     claim(word(U, t(U)), ["Identity", "D"], rewrites=[[["U'", "U"], ["Identity", "k"]]])),
    ("a rewrite of another size", "different sizes",
     claim(word(t(U), U), ["Identity", "D"], rewrites=[[["U'", "U"], ["Identity", "D"]]])),
    ("a relation that rewrites without end", "without end|too large",
     claim(word(A, B), B, rewrites=[[["A"], word(A, A)]])),
    ("trace of a product of traces", "product of words",
     claim(["Trace", word(A, B)], ["Multiply", ["Trace", A], ["Trace", B]])),
    ("trace of a cycle the other way", "not equal",
     claim(["Trace", word(A, B, letter("C"))], ["Trace", word(A, letter("C"), B)])),
    ("a distance without its theorem", "without its theorem", claim(["SquaredWasserstein", A, B], 0)),
    ("a name of a matrix", "abbreviation of no numbers", claim("w", 0, definitions={"w": word(t(X), X)})),
    # means
    ("a random vector is its mean", "not equal", claim(mean(X), X)),
    ("means of a product", "not equal", claim(mean(word(t(X), Y)), word(mean(t(X)), mean(Y)))),
    ("moments turned round", "not equal",
     claim(mean(word(Y, t(X))), A, moments=[["x", "y", A]], constant=["A"])),
    ("a moment that is random", "random", claim(mean(word(X, t(Y))), A, moments=[["x", "y", A]])),
    ("a square of a mean", "not equal", claim(mean(square_of(X)), 0, means={"x": ["Zero", "D", "1"]})),
    ("a random name under a mean", "not equal",
     claim(mean("w"), "w", replacements=[["w", square_of(X)]], constant=[], lemmas=[])),
    ("the mean of a random determinant", "mean of a determinant", claim(mean(["LogDet", A]), ["LogDet", A])),
    ("a constant that hides a random vector", "hides a letter",
     claim(mean("w"), "w", given={"w": square_of(X)}, constant=["w"])),
    ("a gradient in a constant", "in a constant",
     claim(["Gradient", square_of(X), X], ["Zero", "D", "1"], constant=["x"])),
    ("a gradient past a letter that depends", "depend on x",
     claim(["Gradient", word(t(Y), X), X], Y)),
    ("half a gradient", "not equal",
     claim(["Gradient", word(t(X), A, X), X], ["Multiply", 2, word(A, X)], constant=["A"])),
    ("a log-density hidden", "not written out|hides a log", claim(["Gradient", ["Add", "log_p", square_of(X)], X], X)),
    # derivatives and integrals
    ("a derivative of what moves", "may depend", claim(["D", "h", "x"], 0)),
    ("the time without a rate", "may depend", claim(["D", "t", "t"], 0)),
    ("a letter that may move", "may depend", claim(["D", A, "x"], ["Zero", "D", "D"])),
    ("a variable steady in itself", "itself is steady", claim(["D", "x", "x"], 0, steady={"x": ["x"]})),
    ("steady, and leads to the variable", "leads to something else",
     claim(["D", "w", "x"], 0, steady={"x": ["w"]}, definitions={"w": ["Power", "x", 2]})),
    ("a bound variable defined", "stands for something", claim(["D", "x", "x"], 0, definitions={"x": 1})),
    ("a variable with another rate", "another rate", claim(["D", "x", "x"], 2, rates={"x": {"x": 2}})),
    ("derivative of a minimum", "may depend", claim(["D", ["Min", "x", 1], "x"], 1)),
    ("derivative of a root at zero", "vanish",
     claim(["D", ["Sqrt", "x"], "x"], ["D", ["Sqrt", "x"], "x"], domains={"x": "nonnegative"})),
    ("derivative in a plane's variable of two sums", "not the variable of one sum",
     claim(["D", ["Add", total("x_i"), total("x_i", "pairs")], "x_i"], 2)),
    ("derivative outside of sums", "not the variable of one sum", claim(["D", ["Power", "x_i", 2], "x_i"], 0)),
    ("an integrand past a pole", "positive numbers",
     claim(integral(["Divide", 1, ["Power", "v", 2]], 1, 2), ["Rational", "1", "2"], form="antiderivative",
           parts={"primitive": ["Negate", ["Divide", 1, "v"]]})),
    ("an integral from zero", "plainly positive",
     claim(integral(1, 0, 1), 0, form="antiderivative", parts={"primitive": "v"}, **V)),
    ("an integral with turned limits", "not equal",
     claim(integral(1, 2, 1), 1, form="antiderivative", parts={"primitive": "v"}, **V)),
    ("another primitive", "not equal",
     claim(integral("v", 1, 2), 3, form="antiderivative", parts={"primitive": ["Power", "v", 2]}, **V)),
    ("an improper integral without bounds", "bound",
     claim(integral(1, 1, "infinity"), -1, form="antiderivative", parts={"primitive": "v"}, **V)),
    ("integrals over other ranges", "different ranges", claim(integral("v", 1, 2), integral("v", 1, 3), **V)),
    ("an equation that is not linear", "not equal",
     claim("u", ["Divide", 1, "r"], **ode(["Negate", ["Power", "u", 2]], "r", r="R", value=["Divide", 1, "R"]),
           domains={"r": "positive", "R": "positive"})),
    ("an equation from a singular point", "may be empty",
     claim("u", ["Power", "t", 2], **ode(["Divide", ["Multiply", 2, "u"], "t"], t=0, value=0), **GOING,
           domains={"t": "positive"})),
    ("an equation with another start", "not equal",
     claim("u", "r", **ode(1, "r", r="R", value=0), domains={"r": "positive", "R": "positive"})),
    ("an equation without its theorem", "no equation",
     claim("u", "r", form="solves", parts=ode(1, "r", r="R", value="R")["parts"])),
    ("an equation for what is known", "known already",
     claim("u", "r", **ode(1, "r", r="R", value="R"), domains={"u": "positive", "r": "positive", "R": "positive"})),
    ("an equation in another variable", "another variable", claim("u", "x", **ode(1, "x", value=0))),
    # spectra and distances
    ("an unordered list", "does not order", claim(minus(total("m_i"), total("l_i")), 0, ">=", "spectral",
     parts={"function": "l_i", "smaller": "l_i", "larger": "m_i"}, domains={"l_i": "positive", "m_i": "positive"})),
    ("a function that falls", "", claim(minus(total(["Negate", "m_i"]), total(["Negate", "l_i"])), 0, ">=", "spectral",
     parts={"function": ["Negate", "l_i"], "smaller": "l_i", "larger": "m_i"}, orders=[["l_i", "m_i", "termwise"]],
     domains={"l_i": "positive", "m_i": "positive"})),
    ("a concave function and log-majorisation", "",
     claim(minus(total(["Divide", "m_i", ["Add", 1, "m_i"]]), total(["Divide", "l_i", ["Add", 1, "l_i"]])), 0, ">=",
           "spectral",
           parts={"function": ["Divide", "l_i", ["Add", 1, "l_i"]], "smaller": "l_i", "larger": "m_i"},
           orders=[["l_i", "m_i", "log"]], domains={"l_i": "positive", "m_i": "positive"})),
    ("an order of an unknown kind", "does not order", claim(minus(total("m_i"), total("l_i")), 0, ">=", "spectral",
     parts={"function": "l_i", "smaller": "l_i", "larger": "m_i"}, orders=[["l_i", "m_i", "weak"]],
     domains={"l_i": "positive", "m_i": "positive"})),
    ("a path that leads elsewhere", "leads elsewhere",
     claim(["Sqrt", ["SquaredWasserstein", A, B]], ["Sqrt", ["SquaredWasserstein", B, A]], "<=", "triangle",
           covariances=["A", "B"])),
    ("a path with a gap", "gap|elsewhere",
     claim(["Sqrt", ["SquaredWasserstein", A, B]],
           ["Add", ["Sqrt", ["SquaredWasserstein", A, letter("C")]], ["Sqrt", ["SquaredWasserstein", letter("E"), B]]],
           "<=", "triangle", covariances=["A", "B", "C", "E"])),
    ("a path of what is no covariance", "no covariances",
     claim(["Sqrt", ["SquaredWasserstein", A, B]], ["Sqrt", ["SquaredWasserstein", A, B]], "<=", "triangle")),
    # names
    ("a name of the reader's own", "no symbol", claim("root 0", "root 0")),
    ("a name of a shifted variable", "no symbol", claim("s_i~p", "s_i~p")),
    ("a dimension given another meaning", "is named", claim("x", "x", definitions={"D - k": 1})),
    ("more names than primes", "index", claim(["Add", *(f"x{n}" for n in range(300))], 0)),
    ("a name defined in two ways", "two ways", claim("w", 2, definitions={"w": 2}, meanings={"w": 1})),
    ("definitions in a circle", "circle|recursion",
     claim("w", "u", definitions={"w": ["Add", "u", 1], "u": ["Add", "w", 1]})),
    ("a number that is a truth value", "no tree", claim(True, 1)),
    ("a number with a point", "no tree", claim(1.5, "x")),
    ("an unknown head", "operands", claim(["Floor", "x"], "x")),
    # tables that contradict each other
    ("a variable that is replaced", "with a domain, is replaced",
     claim(1, "x", replacements=[["x", 1]], domains={"x": "positive"})),
    ("a variable with a meaning", "stands for something else",
     claim("x", ["Negate", "y"], meanings={"x": ["Negate", "y"]}, **POSITIVE)),
    ("a constant with a mean", "constant with a mean",
     claim(mean(X), X, means={"x": ["Zero", "D", "1"]}, constant=["x"])),
    ("a constant with a moment", "constant with a mean",
     claim(mean(word(X, t(X))), word(X, t(X)), moments=[["x", "x", ["Identity", "D"]]], constant=["x"])),
    ("a moment that is not its transpose's", "its transpose",
     claim(mean(word(X, t(Y))), A, moments=[["x", "y", A], ["y", "x", A]], constant=["A"])),
    ("a second moment that is not symmetric", "its transpose",
     claim(mean(word(X, t(X))), A, moments=[["x", "x", A]], constant=["A"])),
    ("cosine steady in the sine", "one alone is steady",
     claim(["D", total(["Power", "cos_i", 2]), "sin_i"], 0, steady={"sin_i": ["cos_i"]})),
    ("sine steady in the cosine", "one alone is steady",
     claim(["D", total(["Power", "sin_i", 2]), "cos_i"], 0, steady={"cos_i": ["sin_i"]})),
    ("a cosine that leaves the circle", "leave the circle",
     claim(["D", total("cos_i"), "theta_i"], total("cos_i"), rates={"theta_i": {"cos_i": "cos_i", "sin_i": "cos_i"}})),
    ("a rate against a definition", "has its own",
     claim(["D", "y", "x"], 5, definitions={"y": ["Power", "x", 2]}, rates={"x": {"x": 1, "y": 5}})),
    ("a symmetric letter that is not so written out", "not plainly so",
     claim(SYMMETRIC, word(B, letter("C")), letters={"A": word(B, letter("C"))})),
    ("a symmetric letter with another block", "contradicts",
     claim(["Trace", word(SYMMETRIC, SYMMETRIC)], 0, planes={"coupling": 0, "classes": [
         {**PAIR, "sizes": {"D": 2, "k": 1, "d": 1}, "blocks": {"A": ["Matrix", "2", "2", 0, 1, 0, 0]}},
         {**SPARE, "blocks": {"A": one(0)}}, {**REST, "count": ["Add", "D", ["Negate", "k"], ["Negate", "d"]],
                                              "blocks": {"A": one(0)}}]})),
    ("a frame that is not orthonormal in its blocks", "contradicts",
     claim(["Trace", word(A, A)], "D", rewrites=[[["A", "A"], ["Identity", "D"]]], planes=planes(A=one(2)))),
    ("a plane's variable in other directions", "in another class",
     claim(["Trace", A], 0, planes=planes(A=one("x_i"), rest="x_i"))),
    ("an equation whose start moves", "that moves", claim("u", "h", **ode("h_dot", t=0, value="h"), **GOING)),
    ("an equation that starts nowhere", "another start", claim("u", "h", **ode("h_dot", value=0), **GOING)),
    ("a signal that starts at five", "another start",
     claim("u", minus("alpha", 5), **ode("alpha_dot", t=0, alpha=5, value=0),
           rates={"t": {"t": 1, "alpha": "alpha_dot"}})),
    ("an equation in r from another start", "another start",
     claim("u", minus("r", 7), **ode(1, "r", r=7, value=0), domains={"r": "positive"})),
    ("a symmetric letter that grows otherwise", "becomes something else",
     claim(SYMMETRIC, word(B, letter("C")), **ode(["Zero", "D", "D"], t=0, value=word(B, letter("C"))), **GOING)),
    ("an equation for its own derivative", "may depend|not equal",
     claim("u", "t", **ode(["D", "u", "t"], t=0, value=0), **GOING)),
    # one plane's variables that lose their plane
    ("an integral over a plane's variable", "that a sum binds",
     claim(["Integrate", 1, "x_i", 1, 2], "d", form="antiderivative", parts={"primitive": total("x_i")},
           domains=IN_PLANES)),
    ("an excess that is the same in all planes", "outside the sum",
     claim(["Add", "z", ["Multiply", APART, ["Power", "q", 2]]], "z", ">=", "optimum",
           parts={"square": "q", "weight": APART}, conditions=[minus("x_i", "r")],
           domains={**IN_PLANES, "r": "positive"})),
    ("a root of what differs in the planes", "outside the sum",
     claim(["Sqrt", APART], ["Sqrt", APART], conditions=[minus("x_i", "r")], domains={**IN_PLANES, "r": "positive"})),
    ("cases that are the same in all planes", "outside the sum",
     claim(["Multiply", "x_i", total(["Min", "x_i", ["Power", "x_i", 2]])], total(["Power", "x_i", 2]), ">=", "cases",
           parts={"split": "x_i"}, domains=IN_PLANES)),
    ("a distance of what is no covariance", "may not be one",
     claim(["SquaredWasserstein", A, B], ["Multiply", minus("D", "k"), -9], cites=["Bures-Wasserstein"],
           planes={"coupling": 0, "classes": [
         {**PAIR, "blocks": {"A": one(0), "B": one(0)}}, {**SPARE, "blocks": {"A": one(0), "B": one(0)}},
         {**REST, "blocks": {"A": one(-1), "B": one(-4)}}]})),
    ("a distance of laws in the encoder's space", "not equal",
     claim(["SquaredWasserstein", letter("A", "k", "k"), letter("B", "k", "k")], 0, cites=["Bures-Wasserstein"],
           planes={"coupling": 0, "classes": [
               {**PAIR, "sizes": {"D": 0, "k": 1, "d": 1}, "blocks": {"A": one(1), "B": one(4)}},
               {**SPARE, "sizes": {"D": 0, "k": 1, "d": 0}, "blocks": {"A": one(1), "B": one(4)}},
               {**REST, "count": "D", "blocks": {"A": ["Matrix", "0", "0"], "B": ["Matrix", "0", "0"]}}]})),
    # numbers that are none
    ("a log-density drawn out of a mean", "not written out",
     claim(["Multiply", "log_p", mean(X)], mean(["Multiply", "log_p", X]))),
    ("a log-density that is steady", "log-density is steady",
     claim(["D", "log_p", "t"], 0, steady={"t": ["log_p"]}, **GOING)),
    ("a letter still in itself", "both a variable and a letter",
     claim(["D", A, "A"], ["Zero", "D", "D"], still={"A": ["A"]})),
    ("a negative number of planes", "a number of planes",
     claim(total(1), 0, ">=", "certificate", meanings={"d": ["Negate", 1]})),
    ("a negative number of planes, pinned", "a number of planes", claim(total(1), -1, definitions={"d": -1})),
    ("fewer planes than are lost", "lost", claim(total(1, "lost"), -3, meanings={"d": 1, "k": 4})),
    # what cannot be
    ("a cosine of two", "off the circle", claim("cos_i", 2, definitions={"cos_i": 2})),
    ("a sine of two, by a replacement", "off the circle",
     claim(["Power", "cos_i", 2], -3, replacements=[["sin_i", 2]])),
    ("a sine and a cosine of one", "off the circle",
     claim(["Add", "cos_i", "sin_i"], 2, meanings={"cos_i": 1, "sin_i": 1})),
    ("a positive number below zero", "beyond its range",
     claim("x", ["Negate", "y"], definitions={"x": ["Negate", "y"]}, **POSITIVE)),
    ("a share of two", "beyond its range", claim("x", 2, definitions={"x": 2}, domains={"x": "unit"})),
    ("a condition that never holds", "never holds",
     claim(["Ln", "z"], ["Ln", "z"], conditions=["z", ["Negate", "x"]], **POSITIVE)),
    ("numbers that are replaced", "numbers that are replaced",
     claim(["Power", ["Add", "x", 1], 2], ["Power", "x", 2], replacements=[[["Add", "x", 1], "x"]])),
]  # fmt: skip


@pytest.mark.parametrize(("why", "made"), [x[1:] for x in FALSE], ids=[x[0] for x in FALSE])
def test_false_claim_is_refused(why: str, made: dict[str, Any]) -> None:
    require_refused(made, why)
