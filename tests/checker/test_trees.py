"""Trees from JSON: what is one, what is refused and why, and the sizes of matrices."""

from typing import Any

import pytest
from tiny import letter, refusal

from checker import trees
from checker.trees import head, letters, literal, minus, names, operands, put, settled, shape, tree, walk, with_values

A, U, X = letter("A"), letter("U", "D", "k"), letter("x", "D", "1")
deep: Any = "x"
for _ in range(151):
    deep = ["Negate", deep]

GOOD: list[Any] = [
    0, -7, 10**30, "x", "D - k", "a_s_i", "x0", ["Add", "x"], ["Multiply", 2, "x", "y"], ["Negate", 1], deep[1],
    ["Rational", "-1", "20"], ["Divide", 1, "x"], ["Power", "x", 2], ["Sum", "lost", "x_i"], ["Matrix", "1", "2", 1,
        "x"],
    ["Identity", "D"], ["Zero", "2", "k"], ["D", "x", "t"], ["Integrate", "x", "t", 1, "infinity"], U,
    ["Integrate", "x", "t", 1, 2], letter("S", "D", "D", "sym"), ["Gradient", "x", X], ["Matrix", "0", "0"],
]  # fmt: skip
BAD: list[tuple[Any, str]] = [
    (True, "True is no tree"),
    (None, "None is no tree"),
    (1.5, "1.5 is no tree"),
    ([], "[] is no tree"),
    ({}, "{} is no tree"),
    (deep, "is no tree"),
    ("", " is no symbol"),
    ("x~", "x~ is no symbol"),
    ("root 0", "root 0 is no symbol"),
    ("X'", "X' is no symbol"),
    ("infinity", "infinity is no symbol"),
    ("excess over one", "excess over one is no symbol"),
    ("x" * 50 + "!", "x" * 40 + " is no symbol"),
    ("D - x", "D - x is no symbol"),
    ("2", "2 is no symbol"),
    ("_x", "_x is no symbol"),
    ("\u03b1", "\u03b1 is no symbol"),
    (["Add"], "Add with 0 operands"),
    (["Matrix"], "Matrix with 0 operands"),
    (["Floor", "x"], "Floor with 1 operands"),
    (["Det", "x"], "Det with 1 operands"),
    (["Negate", 1, 2], "Negate with 2 operands"),
    (["Integrate", "x", "t", "infinity", 1], "infinity is no symbol"),
    (["Divide", "x", ["Add"]], "Add with 0 operands"),
    (["Integrate", "x", "t", 1, ["Floor", "x"]], "Floor with 1 operands"),
    (["Integrate", "x", "t", 1, "x~"], "x~ is no symbol"),
    (["Rational", 1, "2"], "Rational of something that is no word"),
    (["Rational", "1.5", "2"], "a fraction of no whole numbers"),
    (["Rational", "1", "02"], "a fraction of no whole numbers"),
    (["Rational", "1", "--2"], "a fraction of no whole numbers"),
    (["Matrix", "-1", "1", 1], "a matrix of no size"),
    (["Matrix", 1, 1, 1], "Matrix of something that is no word"),
    (["Sum", "all", "x"], "a sum over no range"),
    (["D", "x", "2"], "a variable that is no name"),
    (["Integrate", "x", "", 1, 2], "a variable that is no name"),
    (letter("X'"), "X' is no letter"),
    (letter("size(2)"), "size(2) is no letter"),
    (letter("y" * 50 + "'"), "y" * 40 + " is no letter"),
    (["Letter", "X", "diag", "D", "D"], "X is no letter"),
    (letter("S", "D", "k", "sym"), "S is symmetric and not square"),
    (letter("X", "D", "-1"), "-1 is no size"),
    (letter("X", "D_i", "D"), "D_i is no size"),
    (["Identity", "01"], "01 is no size"),
    (["Zero", "D", "s" * 50 + "!"], "s" * 40 + " is no size"),
]


@pytest.mark.parametrize("value", GOOD)
def test_what_is_a_tree(value: Any) -> None:
    made = tree(value)
    assert made == tree(made) and (isinstance(made, tuple) or made == value)
    assert not any(isinstance(x, list) for x in walk(made))


@pytest.mark.parametrize(("value", "why"), BAD)
def test_what_is_none(value: Any, why: str) -> None:
    assert refusal(lambda: tree(value)).endswith(why)


SIZES: list[tuple[Any, tuple[str, str] | str]] = [
    ("x", ("1", "1")),
    (5, ("1", "1")),
    (U, ("D", "k")),
    (["Identity", "k"], ("k", "k")),
    (["Zero", "2", "k"], ("2", "k")),
    (["Rational", "1", "2"], ("1", "1")),
    (["Matrix", "1", "2", 1, 2], ("1", "2")),
    (["Matrix", "1", "2", 1], "a matrix of other entries"),
    (["Matrix", "1", "1", U], "a matrix of other entries"),
    (["MatrixMultiply", A, U], ("D", "k")),
    (["MatrixMultiply", U], ("D", "k")),
    (["MatrixMultiply", U, A], "a product of sizes that differ"),
    (["MatrixMultiply", A, U, U], "a product of sizes that differ"),
    (["Transpose", U], ("k", "D")),
    (["Gradient", "x", X], ("D", "1")),
    (["Gradient", X, X], "the gradient of a matrix"),
    (["Add", U, U], ("D", "k")),
    (["Add", U, 1], "a sum of sizes that differ"),
    (["Multiply", 2, U, "x"], ("D", "k")),
    (["Multiply", U, 2, U], "matrices under a product of scalars"),
    (["Inverse", A], ("D", "D")),
    (["Inverse", U], "Inverse of a matrix that is not square"),
    (["Trace", A], ("1", "1")),
    (["Trace", U], "Trace of a matrix that is not square"),
    (["LogDet", U], "LogDet of a matrix that is not square"),
    (["LogDet", A], ("1", "1")),
    (["SquaredWasserstein", A, A], ("1", "1")),
    (["SquaredWasserstein", A, U], "a distance of laws in different spaces"),
    (["Divide", U, 2], ("D", "k")),
    (["Divide", 1, U], "division by a matrix"),
    (["Negate", U], ("D", "k")),
    (["Expectation", X], ("D", "1")),
    (["D", U, "t"], ("D", "k")),
    (["Sqrt", U], "Sqrt of a matrix"),
    (["Power", U, 2], "Power of a matrix"),
    (["Min", 1, U], "Min of a matrix"),
    (["Sum", "target", U], "Sum of a matrix"),
    (["Exp", "x"], ("1", "1")),
]


@pytest.mark.parametrize(("value", "found"), SIZES)
def test_sizes(value: Any, found: tuple[str, str] | str) -> None:
    if isinstance(found, str):
        assert refusal(lambda: shape(tree(value))) == found
    else:
        assert shape(tree(value)) == found


def test_the_determinant_that_the_checker_itself_asks_for() -> None:
    assert shape(("Det", tree(["Matrix", "1", "1", "x"]))) == ("1", "1")
    assert refusal(lambda: shape(("Det", tree(U)))) == "Det of a matrix that is not square"


def test_parts() -> None:
    t = tree(["Add", ["Sum", "target", "x_i"], ["D", "y", "t"], ["Integrate", "z", "v", 1, "w"], ["Trace", U]])
    assert [x for x in walk(t) if isinstance(x, str)] == ["x_i", "y", "z", "w"]
    assert names(t) == {"x_i", "y", "z", "w", "U"}
    assert (head(t), head("x"), head(()), head(3)) == ("Add", None, None, None)
    assert list(operands(tree(["Matrix", "1", "2", 3, 4]))) == [3, 4] and operands(tree(U)) == ()
    assert [x[1] for x in letters({"a": [t, (tree(A),)], "b": "x"})] == ["U", "A"]
    assert literal(tree(["Add", ["Matrix", "1", "1", 1], ["Zero", "1", "1"]])) and not literal(tree(["Trace", A]))
    assert literal(tree(["Inverse", ["Transpose", ["Matrix", "1", "1", 1]]]))
    assert not literal(tree(["Trace", ["Matrix", "1", "1", 1]])) and not literal("x") and not literal(tree(A))


def test_matrices_written_out() -> None:
    m = ["Matrix", "1", "1", "x"]
    inside = [
        ["Negate", m],
        ["Divide", m, 2],
        ["Multiply", 2, m],
        ["MatrixMultiply", A, m],
        ["Transpose", m],
        ["Inverse", m],
    ]
    assert all(literal(tree(x)) for x in (m, ["Add", A, m], *inside))
    assert not any(literal(tree(x)) for x in (["Trace", m], ["Expectation", m], ["Sqrt", ["Trace", m]], A, "x", 1))


def test_changes() -> None:
    t = tree(["Add", "x", ["Sum", "target", "x"], "y"])
    assert with_values(t, {"x": ("Negate", "x")}) == tree(
        ["Add", ["Negate", "x"], ["Sum", "target", ["Negate", "x"]], "y"]
    )
    assert put(t, {t: 0}.get) == 0 and put("x", {}.get) == "x"
    assert minus(1, "x") == ("Add", 1, ("Negate", "x"))
    assert settled("x", lambda x: {"x": "y", "y": "z"}.get(x, x), 2) == "z"
    assert refusal(lambda: settled("x", lambda x: {"x": "y", "y": "z"}.get(x, x), 1)) == (
        "definitions refer to one another in a circle"
    )


def test_a_derivative_is_not_fixed() -> None:
    for t in (["D", "x", "t"], ["D", "x", "y"], ["Integrate", "y", "x", 1, 2]):
        assert refusal(lambda t=t: with_values(tree(t), {"x": 1})) == "a value within a derivative or an integral"
    assert with_values(tree(["Add", ["D", "y", "t"], "x"]), {"x": 1}) == tree(["Add", ["D", "y", "t"], 1])


def test_a_tree_that_grows(tmp_path: Any) -> None:
    """Each of these names is the next ten times over; nobody waits for ten to the thirtieth terms."""
    table = {f"x{n}": ("Add", *[f"x{n + 1}"] * 10) for n in range(30)}
    why = refusal(lambda: settled("x0", lambda t: trees.replaced(t, table), 40))
    assert why == "a tree that grows without end"
    wide = ("Add", *["x"] * (trees.MOST_NODES - 1))
    assert put(wide, {}.get) == wide and refusal(lambda: put((*wide, "x"), {}.get)) == "a tree that grows without end"
