"""Blocks of principal planes: traces, determinants, inverses and distances, class by class."""

from typing import Any

from lines import mat, power, times, total, tr, ways, word
from tiny import claim, less, letter, reason

A, B = letter("A"), letter("B")


def planes(
    coupling: Any = 0, rest: Any = None, over: Any = "target", count: Any = 1, wide: int = 2, **blocks: Any
) -> dict[str, Any]:
    sizes = {"D": wide, "k": 1, "d": 1}
    made = rest or {n: mat(1, 1, 1) for n in blocks}
    spare = {"name": "spare", "sizes": {"D": 1, "k": 1, "d": 0}, "over": None, "count": less("k", "d"), "blocks": made}
    beside = {
        "name": "rest",
        "sizes": {"D": 1, "k": 0, "d": 0},
        "over": None,
        "count": less(less("D", "k"), times(wide - 1, "d")),
        "blocks": made,
    }
    first = {"name": "planes", "sizes": sizes, "over": over, "count": count, "blocks": blocks}
    return {"coupling": coupling, "classes": [first, spare, beside]}


def in_planes(left: Any, right: Any, made: dict[str, Any], **facts: Any) -> str:
    """Two lines about letters that planes write out."""
    domains = dict.fromkeys(("x_i", "y_i", *facts.pop("positive_too", ())), "positive")
    return ways(left, right, {"planes": made, "domains": domains, **facts})[1]


def test_a_bound_on_a_determinant_that_may_vanish() -> None:
    """The logarithm of a determinant is bounded by itself where it has one."""
    domains = dict.fromkeys(("x_i", "y_i"), "positive")
    for entry, why in (("x_i", ""), (less("x_i", "y_i"), "a block that may have no inverse")):
        made = claim(["LogDet", A], "<=", ["LogDet", A], "certificate", planes=planes(A=mat(2, 2, entry, 0, 0, 1)),
                     domains=domains)  # fmt: skip
        assert reason(made) == why


DIAGONAL = mat(2, 2, "x_i", 0, 0, "y_i")
FULL = mat(2, 2, ["Add", "x_i", 1], 1, 1, ["Add", "y_i", 1])


def test_planes() -> None:
    made = planes(A=DIAGONAL)
    rest = less("D", times(2, "d"))
    assert in_planes(tr(A), ["Add", total(["Add", "x_i", "y_i"]), rest], made) == ""
    assert in_planes(tr(A), total(["Add", "x_i", "y_i"]), made) == "the two sides are not equal"
    assert in_planes(tr(["Identity", "D"]), "D", planes()) == ""
    assert in_planes(["LogDet", A], total(["Ln", times("x_i", "y_i")]), made) == ""
    assert in_planes(["LogDet", A], total(["Ln", "x_i"]), made) == "the two sides are not equal"
    assert (
        in_planes(tr(["Inverse", A]), ["Add", rest, total(["Add", ["Divide", 1, "x_i"], ["Divide", 1, "y_i"]])], made)
        == ""
    )
    assert in_planes(tr(A), 0, planes("x", A=DIAGONAL)) == "the planes do not separate"
    rooted = planes(less(power(["Sqrt", "x"], 2), "x"), A=DIAGONAL)
    assert in_planes(tr(A), ["Add", total(["Add", "x_i", "y_i"]), rest], rooted) == ""
    assert in_planes(tr(word(A, B)), 0, made) == "B has no block"
    singular = planes(A=mat(2, 2, less("x_i", "y_i"), 0, 0, 1))
    assert in_planes(["LogDet", A], total(["Ln", less("x_i", "y_i")]), singular) == "a block that may have no inverse"
    gap = ["Add", ["Negate", "x_i"], "y_i"]
    inverse = planes(A=mat(2, 2, ["Divide", 1, gap], 0, 0, 1))
    assert in_planes(["LogDet", A], total(["Negate", ["Ln", gap]]), inverse) == "a block that may have no inverse"
    assert in_planes(tr(["Inverse", A]), 0, planes(A=mat(2, 2, 1, 1, 1, 1))) == "division by zero"
    assert in_planes(tr(A), 0, planes(A=DIAGONAL, over="lost")) == "classes that do not make up the space"
    assert in_planes(["LogDet", A], 0, planes(A=mat(2, 2, 1, 0, 0, 1))) == ""


def test_a_condition_makes_a_block_regular() -> None:
    made = planes(A=mat(2, 2, "x", 0, 0, 1))
    assert in_planes(["LogDet", A], times("d", ["Ln", "x"]), made) == "nothing says that x is nonnegative"
    assert in_planes(["LogDet", A], times("d", ["Ln", "x"]), made, conditions=["x"]) == ""


def test_multiplicities_differ_in_no_plane() -> None:
    made = planes(A=DIAGONAL)
    beside = made["classes"][2]
    made["classes"].append({**beside, "name": "other", "count": "x_i", "blocks": {"A": mat(1, 1, 2)}})
    beside["count"] = less(beside["count"], "x_i")
    more = ["Add", total(["Add", "x_i", "y_i"]), less("D", times(2, "d")), "x_i"]
    assert in_planes(tr(A), more, made) == "a variable of one plane in another class"


def test_classes_make_up_each_space() -> None:
    assert in_planes(tr(["Identity", "D"]), "D", planes()) == ""
    for size in "Dkd":
        made = planes()
        made["classes"][0]["sizes"][size] -= 1
        assert in_planes(tr(["Identity", "D"]), "D", made) == "classes that do not make up the space", size


def test_spaces_by_definition() -> None:
    """Where k is d, the planes make up the space without spare directions."""
    made = planes()
    del made["classes"][1]
    made["classes"][1]["count"] = less("D", times(2, "d"))
    assert in_planes(tr(["Identity", "D"]), "D", made, definitions={"k": "d"}) == ""
    assert in_planes(tr(["Identity", "D"]), "D", made) == "classes that do not make up the space"


def test_blocks_are_read_with_their_names_closed() -> None:
    for entry, found in ((1, ""), ("w", "a block that contradicts what is said of its letter")):
        made = planes(A=mat(2, 2, entry, 0, 0, 1))
        facts = {"rewrites": [[["A", "A"], A]], "definitions": {"w": 1}}
        assert in_planes(tr(A), tr(A), made, **facts) == found


def test_blocks_are_what_is_said_of_their_letters() -> None:
    """Symmetric ones are symmetric; products, transposes and inverses are what they are rewritten to."""
    u, s, why = letter("U", "D", "k"), letter("S", kind="sym"), "a block that contradicts what is said of its letter"
    tall = {"rewrites": [[["U'", "U"], ["Identity", "k"]]]}
    for block, found in (
        (mat(2, 1, 1, 0), ""),
        (mat(2, 1, "cos_i", "sin_i"), ""),
        (mat(2, 1, 1, 1), why),
        (mat(2, 1, 0, 0), why),
    ):
        made = planes(U=block)
        for c in made["classes"][1:]:
            c["blocks"] = {"U": mat(1, c["sizes"]["k"], *[1] * c["sizes"]["k"])}
        assert in_planes(tr(word(["Transpose", u], u)), "k", made, **tall) == found
    symmetric = {
        mat_: planes(S=x) for mat_, x in (("", mat(2, 2, 1, "x_i", "x_i", 2)), (why, mat(2, 2, 1, "x_i", "y_i", 2)))
    }
    for found, made in symmetric.items():
        assert in_planes(tr(s), tr(s), made) == found
    inverse = {"rewrites": [[["A^-1"], B]]}
    half = ["Rational", "1", "2"]
    for block, found in ((mat(2, 2, half, 0, 0, 1), ""), (mat(2, 2, 2, 0, 0, 1), why), (mat(2, 2, 1, 0, 0, 1), why)):
        made = planes(A=mat(2, 2, 2, 0, 0, 1), B=block)
        assert in_planes(tr(word(A, B)), tr(word(A, B)), made, **inverse) == found
    turned = {"rewrites": [[["A'"], B]]}
    for block, found in ((mat(2, 2, 1, 3, 2, 1), ""), (mat(2, 2, 1, 2, 3, 1), why)):
        made = planes(A=mat(2, 2, 1, 2, 3, 1), B=block)
        assert in_planes(tr(word(A, B)), tr(word(A, B)), made, **turned) == found
    other = {"rewrites": [[["A", "B"], ["Identity", "D"]], [["A"], B]]}
    assert in_planes(tr(A), tr(A), planes(A=DIAGONAL), **other) == ""


def test_distances_of_singular_laws() -> None:
    singular = planes(A=mat(2, 2, "x_i", 0, 0, 0))
    assert in_planes(["SquaredWasserstein", A, A], 0, singular, cites=["Bures-Wasserstein"]) == ""
    negative = planes(A=mat(2, 2, "x_i", 0, 0, ["Negate", "y_i"]))
    found = in_planes(["SquaredWasserstein", A, A], 0, negative, cites=["Bures-Wasserstein"])
    assert found == "a covariance that may not be one"


def test_a_distance_below_nothing() -> None:
    """One of both blocks is no covariance, which the trace alone tells, the determinant alone, or both."""
    for block, found in (
        (mat(2, 2, 1, 0, 0, 0), ""),
        (mat(2, 2, -1, 0, 0, -1), "a covariance that may not be one"),
        (mat(2, 2, 1, 0, 0, -3), "a covariance that may not be one"),
        (mat(2, 2, 3, 0, 0, -1), "a covariance that may not be one"),
    ):
        one, other = planes(A=block, B=mat(2, 2, 0, 0, 0, 0)), planes(A=mat(2, 2, 0, 0, 0, 0), B=block)
        right = times("d", ["Add", block[3], block[6]])
        for made in (one, other):
            assert in_planes(["SquaredWasserstein", A, B], right, made, cites=["Bures-Wasserstein"]) == found


def test_distances_of_full_blocks() -> None:
    """tr X + tr Y - 2 (tr X Y + 2 (det X det Y)^1/2)^1/2."""
    made = planes(A=mat(2, 2, 2, 1, 1, 2), B=mat(2, 2, 4, 1, 1, 1))
    for cross, found in ((18, ""), (16, "the two sides are not equal"), (20, "the two sides are not equal")):
        right = times("d", less(9, times(2, ["Sqrt", cross])))
        assert in_planes(["SquaredWasserstein", A, B], right, made, cites=["Bures-Wasserstein"]) == found


def test_distances() -> None:
    """Of one number, of 2 x 2 blocks, and of a law from itself."""
    one, cites = planes(A=DIAGONAL, B=mat(2, 2, "y_i", 0, 0, "x_i")), {"cites": ["Bures-Wasserstein"]}
    z = ["Sqrt", ["Sqrt", power(times("x_i", "y_i"), 2)]]
    distance = less(
        times(2, ["Add", "x_i", "y_i"]), times(2, ["Sqrt", ["Add", times(2, "x_i", "y_i"), times(2, power(z, 2))]])
    )
    assert in_planes(["SquaredWasserstein", A, B], total(distance), one, **cites) == ""
    assert (
        in_planes(["SquaredWasserstein", A, B], total(["Negate", distance]), one, **cites)
        == "the two sides are not equal"
    )
    assert in_planes(["SquaredWasserstein", A, B], total(distance), one) == "a distance without its theorem"
    assert in_planes(["SquaredWasserstein", A, A], 0, planes(A=FULL), **cites) == ""
    rest = {"A": mat(1, 1, "x"), "B": mat(1, 1, "y")}
    other = planes(A=FULL, B=FULL, rest=rest)
    gap = less(["Add", "x", "y"], times(2, ["Sqrt", times("x", "y")]))
    assert (
        in_planes(["SquaredWasserstein", A, B], times(less("D", times(2, "d")), gap), other, positive_too="xy", **cites)
        == ""
    )
    assert (
        in_planes(["SquaredWasserstein", A, B], times("D", gap), other, positive_too="xy", **cites)
        == "the two sides are not equal"
    )
    one, other = mat(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1), mat(3, 3, 2, 0, 0, 0, 1, 0, 0, 0, 1)
    large = planes(wide=3, A=one, B=other)
    assert in_planes(["SquaredWasserstein", A, B], 0, large, **cites) == "the distance of larger blocks"
    assert in_planes(["SquaredWasserstein", A, A], 0, planes(wide=3, A=one), **cites) == ""
