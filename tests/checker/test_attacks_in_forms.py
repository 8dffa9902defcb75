"""Where equations start, what a path of distances is made of, and bounds in other names: false claims that no evidence
helps, and true ones beside them."""

from __future__ import annotations

from typing import Any

import pytest
from attack_claims import claim, letter, minus, require_refused

A, C, M, S = letter("A"), letter("C"), letter("M_s"), letter("S")
NUMBER_A, NUMBER_B = letter("A", "1", "1"), letter("B", "1", "1")
ZERO = ["Zero", "D", "D"]
IN_R = {"domains": {"r": "positive", "R": "positive"}, "steady": {"r": ["x", "R"]}}


def times(*xs: Any) -> list[Any]:
    return ["Multiply", *xs]


def square(x: Any) -> list[Any]:
    return ["Power", x, 2]


def sign(x: Any) -> list[Any]:
    return ["Divide", times(["Sqrt", square(x)], x), square(x)]


def solves(left: Any, right: Any, rate: Any, initial: Any, variable: str = "r", **under: Any) -> dict[str, Any]:
    """A claim that an equation with this rate and start has this solution."""
    if variable == "r":
        under, initial = {**IN_R, **under}, {"r": "R", **initial}
    parts = {"rate": rate, "initial": initial, "variable": variable}
    return claim(left, right, form="solves", cites=["linear ODE"], parts=parts, **under)


def in_time(left: Any, right: Any, rate: Any, value: Any, rates: Any = (), **under: Any) -> dict[str, Any]:
    """From t = 0."""
    under = {"domains": {"t": "positive"}, "rates": {"t": {"t": 1, **dict(rates)}}, **under}
    return solves(left, right, rate, {"t": 0, "value": value}, "t", **under)


def share(x: str) -> dict[str, Any]:
    """u = t/x from u(0) = 0: of u' = (1 - u x')/x, which holds of t/x and has no solution from there if x(0) = 0."""
    rate = ["Divide", minus(1, times("u", x + "_dot")), x]
    return in_time("u", ["Divide", "t", x], rate, 0, {x: x + "_dot"}, domains={x: "positive"})


def distance(x: Any, y: Any) -> list[Any]:
    return ["SquaredWasserstein", x, y]


def path(left: Any, right: Any, **under: Any) -> dict[str, Any]:
    return claim(left, right, "<=", "triangle", covariances=["A", "B"], **under)


SINGULAR = {"domains": {"t": "positive", "c": "positive", "a_i": "nonnegative", "a_s_i": "nonnegative"},
            "meanings": {"c_s": "t"}, "still": {"t": ["S", "C"]}}  # fmt: skip
INVERSE = ["Inverse", M]
OF_ROOTS = ["w", "u", ["Sqrt", "w"], ["Sqrt", "u"]]
FALSE: list[tuple[str, str, dict[str, Any]]] = [
    # what is zero at the start, whatever its domain says of later
    ("the noise below a bar", "may be empty", share("h")),
    ("the integral of the rate below a bar", "may be empty", share("B")),
    ("the noise per signal below a bar", "may be empty", share("r")),
    ("another that moves, below a bar", "what moves is positive", share("x")),
    ("logarithms at the start", "may be empty",  # ln 2t - ln t = ln 2
     in_time("u", minus(["Ln", times(2, "t")], ["Ln", "t"]), 0, 0)),
    # what is positive at the start alone
    ("a rate past a pole", "negative coefficient", solves("u", 1, ["Divide", 0, minus(times(2, "R"), "r")],
     {"value": 1})),
    ("a start that may mean nothing", "nothing says that x", solves("u", 1, 0, {"value": ["Divide", "x", "x"]})),
    # what holds at both ends and not between
    ("a step, where a condition leaves out a point", "on the variable that the line binds",
     solves("u", sign(minus("r", "x")), 0, {"value": sign(minus("R", "x"))},
            conditions=[square(minus("r", "x")), square(minus("R", "x"))])),
    ("a step, behind a replacement", "on the variable that the line binds",
     solves("u", sign("w"), 0, {"value": sign(minus("R", "x"))}, replacements=[["w", minus("r", "x")]],
            conditions=[square("w"), square(minus("R", "x"))])),
    ("a rate past a pole in what moves along", "on the way",  # (r - R)(y - 1), and any multiple of y - 1 beyond y = 1
     solves("u", times(minus("r", "R"), minus("y", 1)),
            ["Add", minus("y", 1), ["Divide", times("u", "y_r", minus("y", 1)), square(minus("y", 1))]], {"value": 0},
            conditions=[square(minus("y", 1))], rates={"r": {"r": 1, "y": "y_r"}})),
    ("a step where the signal returns", "on the way",
     in_time("u", times(["Sqrt", "alpha"], ["Divide", minus("t", 1), "alpha"]), 0, -1, conditions=["alpha"],
             replacements=[["alpha", square(minus("t", 1))]])),
    ("a signal that is something else", "may vanish",
     in_time("u", "t", 1, 0, conditions=["alpha"], meanings={"alpha": "x"}, domains={"x": "nonnegative"})),
    # one of several solutions: u' = u^(1/2) from 0 has (r - R)^2/4 as well
    ("an equation that hides its unknown by a meaning", "known already",
     solves("u", 0, ["Divide", "u", ["Sqrt", "w"]], {"value": 0}, meanings={"w": "u"}, conditions=OF_ROOTS)),
    ("an equation that hides its unknown by a replacement", "known already",
     solves("u", 0, ["Divide", "u", ["Sqrt", "w"]], {"value": 0}, replacements=[["w", "u"]], conditions=OF_ROOTS)),
    # starts that move
    ("in a variable without a start", "another variable", solves("u", "x", 1, {"h": 0, "value": "x"}, "x",
                                                                 rates={"t": {"t": 1}})),
    ("from the noise, called steady", "that moves", in_time("u", "h", 0, "h", steady={"t": ["h"]})),
    ("from the noise per signal, called steady", "that moves", in_time("u", "r", 0, "r", steady={"t": ["r"]})),
    ("from what has a rate", "that moves", in_time("u", "x", "beta", "x", {"x": "beta"})),
    # what is not invertible at the start: M_s at c_s = t = 0
    ("a singular matrix, replaced", "may be empty",
     in_time(A, times("t", S), INVERSE, ZERO, replacements=[[INVERSE, S]], **SINGULAR)),
    ("a singular matrix behind a letter", "may be empty",
     in_time(A, times("t", S), S, ZERO, replacements=[[S, INVERSE]], **{**SINGULAR, "still": {"t": ["M_s"]}})),
    ("a singular matrix by another letter", "may be empty",
     in_time(A, times("t", S), S, ZERO, replacements=[[S, INVERSE]], letters={"M_s": C}, **SINGULAR)),
    # distances of two laws
    ("five squared distances", "other than a distance", path(times(distance(A, letter("B")), 5),
                                                             ["Sqrt", distance(A, letter("B"))])),
    ("the root of a sum of two variances", "other than a distance",
     path(["Sqrt", ["Add", NUMBER_A, NUMBER_B]], ["Sqrt", distance(NUMBER_A, NUMBER_B)],
          conditions=[["Add", NUMBER_A, NUMBER_B]])),
]  # fmt: skip


@pytest.mark.parametrize(("why", "made"), [x[1:] for x in FALSE], ids=[x[0] for x in FALSE])
def test_false_claim_is_refused(why: str, made: dict[str, Any]) -> None:
    require_refused(made, why)
