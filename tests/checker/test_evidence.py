"""What must be positive, and every way to show it: accepted where it holds, refused beside it."""

from typing import Any

import pytest
from tiny import ONE, claim, fraction, less, letter, reason

from checker.obligations import wanted
from checker.trees import tree

BEYOND = "excess over the smaller one"
P = {"p": "positive", "q": "positive", "n": "nonnegative", "u": "unit"}


def shown(t: Any, *evidence: Any, **facts: Any) -> str:
    """Why `t > 0` is not shown by this evidence."""
    facts = {"domains": P, **facts}
    return reason(claim(0, "=", 0, positive=[t], **facts), *evidence, "same")


def root_of(t: Any, *evidence: Any, **facts: Any) -> str:
    """Why `t >= 0` is not shown by this evidence."""
    return reason(claim(["Sqrt", t], "=", ["Sqrt", t], **{"domains": P, **facts}), *evidence, "same")


def f(*terms: Any, over: Any = (("1", {}),), free: Any = ()) -> dict[str, Any]:
    return fraction(*terms, over=over, free=free)


p, q, n, u = (("1", {x: 1}) for x in ("p", "q", "n", "u~p"))
SUM = (("1", {"u~p": 1}), ("1", {"u~q": 1}))


def test_what_is_wanted() -> None:
    table: list[tuple[Any, list[Any]]] = [
        (["Divide", "x", "y"], ["y"]),
        (["Divide", "x", 2], []),
        (["Divide", "x", 1], []),
        (["Divide", "x", 0], [0]),
        (["Divide", "x", -1], [-1]),
        (["Power", "x", 2], []),
        (["Power", "x", 0], []),
        (["Power", "x", -1], ["x"]),
        (["Power", "x", ["Negate", 1]], ["x"]),
        (["Inverse", ["Matrix", "1", "1", "x"]], [["Det", ["Matrix", "1", "1", "x"]]]),
        (["Inverse", letter("M")], ["c", ["Add", "c", "a_i"]]),
        (["Inverse", letter("M_s")], ["c_s", ["Add", "c_s", "a_s_i"]]),
        (["Inverse", letter("Sigma_s")], ["c_s", ["Add", "c_s", "a_s_i"]]),
        (["Ln", "x"], ["x"]),
        (["Sqrt", "x"], ["x"]),
        (["Sqrt", ["SquaredWasserstein", letter("A"), letter("A")]], []),
        (["Phi", "x"], [["Add", 1, "x"]]),
        (["D", ["Add", ["Sqrt", "x"], ["Sqrt", "y"]], "t"], ["x", "y"]),
        (["Exp", "x"], []),
        ("x", []),
        (3, []),
    ]
    for t, found in table:
        if isinstance(t, list) and t[0] == "Inverse" and t[1][0] == "Matrix":
            assert wanted(tree(t)) == [("Det", tree(t[1]))]
        else:
            assert wanted(tree(t)) == [tree(x) for x in found], t


def test_by_a_polynomial() -> None:
    assert shown(["Add", "p", "n"], "certificate", f(p, n)) == ""
    assert shown("n", "certificate", f(n)) == "a numerator that may vanish" and root_of("n", "certificate", f(n)) == ""
    assert root_of(0, "certificate") == "" and shown(0, "certificate") == "a sum that may be empty"
    assert shown("p", "certificate", f(q)) == "an unknown name"
    assert shown("p", "certificate", f(("2", {"p": 1}))) == "the evidence is not the shifted claim"
    assert root_of(less("p", "q"), "certificate", f(p, ("-1", {"q": 1}))) == "a negative coefficient"
    assert shown(less("p", "q"), "certificate", f(p, ("-1", {"q": 1}))) == "a negative coefficient"
    assert root_of("x", "certificate", f(("1", {"x": 1}))) == "nothing says that x is nonnegative"
    assert shown(less(1, "u"), "certificate", f(("1", {"u~q": 1}), over=SUM)) == "a numerator that may vanish"
    assert root_of(less(1, "u"), "certificate", f(("1", {"u~q": 1}), over=SUM)) == ""
    assert shown(less(2, "u"), "certificate", f(("1", {"u~p": 1}), ("2", {"u~q": 1}), over=SUM)) == ""
    assert root_of(less("u", 1), "certificate", f(("-1", {"u~q": 1}), over=SUM)) == "a negative coefficient"
    for odd in ([], "certificate", None, {"free": []}, {**f(p), "more": 1}):
        assert shown("p", "certificate", odd) == "evidence of another kind"
    assert reason(claim(0, "=", 0, positive=["p"], domains=P), "certificate") == "evidence is missing"


def test_by_a_fraction() -> None:
    t, both = ["Divide", "n", ["Add", "p", "n"]], f(n, over=(p, n))
    made = claim(["Sqrt", t], "=", ["Sqrt", t], domains=P)
    below = ["certificate", f(p, n)]
    assert reason(made, "certificate", both, *below, "same") == ""
    assert reason(made, "certificate", f(n, over=(n,)), *below, "same") == "the evidence is not the shifted claim"
    more = f(("1", {"n": 2}), over=(("1", {"n": 2}), ("1", {"n": 1, "p": 1})))
    assert reason(made, "certificate", more, *below, "same") == "a denominator that is not certainly positive"
    signs = f(("-1", {"n": 1}), over=(("-1", {"p": 1}), ("-1", {"n": 1})))
    assert reason(made, "certificate", signs, *below, "same") == "a denominator that is not certainly positive"
    assert reason(made, "certificate", f(n, over=()), *below, "same") == "division by zero"
    assert root_of(["Divide", "p", "n"], "certificate", f(p, over=(n,))) == "a denominator that may vanish"
    turned = ["Divide", ["Negate", "n"], less(["Negate", "p"], "n")]
    assert root_of(turned, "certificate", both, "certificate", f(p, n)).startswith(("a negative", "the evidence"))


def test_a_negative_denominator_counts() -> None:
    """-n over -(p + n) is shown as n over p + n."""
    t = ["Multiply", ["Negate", "n"], ["Power", less(["Negate", "p"], "n"), -1]]
    assert root_of(t, "certificate", f(n, over=(p, n))) != "a denominator that may vanish"
    assert shown(["Power", less(["Negate", "p"], "n"), -2], "certificate", f(("1", {}), over=(
        ("1", {"p": 2}), ("2", {"p": 1, "n": 1}), ("1", {"n": 2})))) == ""  # fmt: skip


def test_by_its_parts() -> None:
    good = ["certificate", f(p)], ["certificate", f(n)]
    assert shown(["Add", "p", "n"], ["parts", 0], *good[0], *good[1]) == ""
    assert shown(["Add", "n", "p"], ["parts", 1], *good[1], *good[0]) == ""
    assert shown(["Add", "n", "p"], ["parts", 0], *good[1], *good[0]) == "a numerator that may vanish"
    for i in (2, -1, "0", None):
        assert shown(["Add", "p", "n"], ["parts", i], *good[0], *good[1]) == "evidence of another kind"
    assert shown(["Multiply", "p", "q"], "parts", "certificate", f(p), "certificate", f(q)) == ""
    assert shown(["Multiply", "n", "p"], "parts", *good[1], *good[0]) == "a numerator that may vanish"
    assert shown(["Multiply", "p", "n"], "parts", *good[0], *good[1]) == "a numerator that may vanish"
    assert root_of(["Multiply", "p", "n"], "parts", *good[0], *good[1]) == ""
    assert shown(["Divide", "p", "q"], "parts", "certificate", f(p), "certificate", f(q)) == ""
    assert shown(["Divide", "n", "p"], "parts", *good[1], *good[0]) == "a numerator that may vanish"
    t = ["Divide", "n", "p"]
    made = claim(["Sqrt", t], "=", ["Sqrt", t], domains=P)
    assert reason(made, "parts", *good[1], *good[0], "same") == ""
    t = ["Divide", "p", "n"]
    made = claim(["Sqrt", t], "=", ["Sqrt", t], domains=P)
    assert reason(made, "parts", *good[0], *good[1], "same") == "a numerator that may vanish"
    assert shown(["Power", "p", 1], "parts", *good[0]) == ""
    assert shown(["Power", "p", 3], "parts", *good[0]) == "" and shown(["Power", "n", 1], "parts", *good[1]) != ""
    assert shown(["Power", "p", 0], "parts", *good[0]) == "evidence of another kind"
    assert root_of(["Power", "n", 2], "parts", *good[1]) == ""
    assert shown(["Sqrt", "p"], "parts", *good[0]) == "" and shown(["Sqrt", "n"], "parts", *good[1]) != ""
    assert shown("p", "parts") == "evidence of another kind" == shown(["Add", "p", "n"], "parts")


def test_squares() -> None:
    assert root_of(["Power", "x", 2], "square") == "" and root_of(["Power", less("x", "y"), 4], "square") == ""
    for t in (["Power", "x", 3], ["Power", "x", 0], ["Power", "x", -2]):
        assert root_of(t, "square") == "no even power"
    assert (
        shown(["Power", "x", 2], "square") == "no even power" and root_of("x", "square") == "evidence of another kind"
    )
    assert root_of(["Multiply", "x", "x"], "square") == "evidence of another kind"


def test_above_a_condition() -> None:
    stated = {"conditions": ["y", less("x", "p")]}
    log = claim(["Ln", "x"], "=", ["Ln", "x"], domains=P, **stated)
    assert reason(log, ["above", 1], "certificate", f(p), "same") == ""
    assert shown("x", ["above", 1], "certificate", f(p), **stated) != ""  # what a reason wants positive, it is plainly
    sure = claim(["Ln", ["Add", "y", "n"]], "=", ["Ln", ["Add", "y", "n"]], domains=P, **stated)
    assert reason(sure, ["above", 0], "certificate", f(n), "same") == ""
    assert reason(sure, ["above", 1], "certificate", f(n), "same") == "nothing says that y is nonnegative"
    assert "index out of range" in reason(sure, ["above", 5], "same")
    stated_itself = claim(["Ln", "y"], "=", ["Ln", "y"], conditions=["y"])
    assert reason(stated_itself, "same") == "" and reason(claim(["Ln", "y"], "=", ["Ln", "y"]), "same") != ""


def test_beyond_a_condition() -> None:
    def found(condition: Any, t: Any, *evidence: Any) -> str:
        made = claim(
            ["Ln", t], "=", ["Ln", t], conditions=[condition], domains={"b": "nonnegative", "a": "nonnegative"}
        )
        return reason(made, ["beyond", 0], *evidence, "same")

    difference, beyond = less("a", "b"), f(("1", {BEYOND: 1}))
    twice = less(["Multiply", 2, "a"], ["Multiply", 2, "b"])
    assert found(difference, twice, f(("2", {BEYOND: 1}))) == ""
    assert found(difference, less("b", "a"), f(("-1", {BEYOND: 1}))) == "a negative coefficient"
    assert found(difference, "b", f(("1", {"b": 1}))) == "a numerator that may vanish"
    for head in (["Add", "a", ["Sqrt", "b"]], ["Add", "a", "b"], ["Add", "a", ["Negate", ["Sqrt", "b"]]], "ab",
                 ["Add", "a", ["Negate", "b"], 1], ["Add", 2, ["Negate", "b"]]):  # fmt: skip
        assert found(head, twice, beyond) == "a condition that orders no symbols", head


def test_a_root_and_the_rest() -> None:
    square = ["Add", ["Power", "q", 2], "p"]
    assert shown(less(["Sqrt", square], "q"), ["root", 0], f(p)) == ""
    assert shown(["Add", "n", ["Negate", "q"], ["Sqrt", square]], ["root", 2], f(p)) != ""
    assert shown(["Add", ["Negate", "q"], ["Negate", 0], ["Sqrt", square]], ["root", 2], f(p)) == ""
    assert shown(less(["Sqrt", ["Power", "q", 2]], "q"), ["root", 0], f()) == "a sum that may be empty"
    both = ["Add", ["Power", ["Add", "q", "n"], 2], "p"]
    assert shown(["Add", ["Sqrt", both], ["Negate", "q"], ["Negate", "n"]], ["root", 0], f(p)) == ""
    assert shown(["Add", ["Negate", "q"], ["Sqrt", both], ["Negate", "n"]], ["root", 1], f(p)) == ""
    assert (
        shown(["Add", ["Sqrt", both], "q", ["Negate", "n"]], ["root", 0], f(p))
        == "the evidence is not the shifted claim"
    )
    hidden = ["Add", ["Negate", "q"], ["Negate", ["Sqrt", square]], ["Sqrt", square]]
    for i in (-1, 3, "0", 0, True):
        assert shown(hidden, ["root", i], f(p)) == "evidence of another kind", i
    assert shown("p", ["root", 0], f(p)) == "evidence of another kind"
    assert shown(["Multiply", ["Sqrt", "p"], "q"], ["root", 0], f(p)) == "evidence of another kind"


def test_other_evidence() -> None:
    for odd in ("nothing", None, 1, [], ["above"], ["parts", 0, 0], {"above": 0}):
        assert shown("p", odd) == "evidence of another kind"
    assert shown(letter("A"), "certificate", ONE) == "a matrix has no sign"
    assert root_of(["Trace", letter("A")], "certificate", ONE) == "only sums over planes and constants have a sign"
    made = claim("x", ">=", 0, form="certificate", domains={"x": "nonnegative"})
    assert reason(made, f(("1", {"x": 1}))) == "" and reason(made) == "evidence is missing"


def test_relations_between_letters_show_no_sign() -> None:
    """What must be positive is read without the claim's relations, moments, rates and planes."""
    u, x = letter("U", "D", "k"), letter("x", "D", "1")
    square = ["MatrixMultiply", ["Transpose", x], x]
    plane = {"name": "all", "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": 1}
    spare = {"name": "spare", "sizes": {"D": 1, "k": 0, "d": 0}, "over": None, "count": less("D", "d"), "blocks": {}}
    none = {"name": "none", "sizes": {"D": 0, "k": 1, "d": 0}, "over": None, "count": less("k", "d"), "blocks": {}}
    planes = {"coupling": 0, "classes": [{**plane, "blocks": {"A": ["Matrix", "1", "1", 1]}}, spare, none]}
    one = f(("1", {}))
    for t, facts, evidence in (
        (["Trace", ["MatrixMultiply", ["Transpose", u], u]], {"rewrites": [[["U'", "U"], ["Identity", "k"]]]}, "k"),
        (["Expectation", square], {"moments": [["x", "x", ["Identity", "D"]]]}, "D"),
        (["Expectation", ["Trace", letter("A")]], {"means": {"A": ["Identity", "D"]}}, "D"),
        (["D", "h", "t"], {"rates": {"t": {"h": 1}}}, ""),
        (["Trace", letter("A")], {"planes": planes}, "d"),
    ):
        shown_ = f(("1", {evidence: 1})) if evidence else one
        facts = {"domains": {**P, "D": "positive", "d": "positive", "k": "positive"}, **facts}
        found = root_of(t, "certificate", shown_, **facts)
        assert found in ("only sums over planes and constants have a sign", "h may depend on t"), (t, found)


def test_sums_over_planes() -> None:
    domains = {"x_i": "positive", **P}
    total = ["Sum", "target", "x_i"]
    summand = f(("1", {"x_i": 1}))
    assert root_of(total, "certificate", summand, domains=domains) == ""
    assert shown(total, "certificate", summand, domains=domains) == "a sum that may be empty"
    assert shown(["Add", total, "p"], "certificate", f(p), summand, domains=domains) == ""
    assert shown(["Add", total, "n"], "certificate", f(n), summand, domains=domains) == "a numerator that may vanish"
    assert (
        shown(["Add", ["Negate", total], "p"], "certificate", f(p), f(("-1", {"x_i": 1})), domains=domains)
        == "a negative coefficient"
    )


def test_free_names() -> None:
    c = ["Add", "p", "n"]
    given = f(("1", {"c": 1}), free=["c"])
    for table in ("meanings", "definitions"):
        facts: dict[str, Any] = {table: {"c": c}, "pins": {"c": c}}
        assert root_of("c", "certificate", given, f(p, n), **facts) == ""
        assert shown("c", "certificate", given, f(p, n), **facts) == "a numerator that may vanish"
        assert root_of("c", "certificate", f(p, n), **facts) == ""
        assert root_of("c", "certificate", given, f(p), **facts) == "the evidence is not the shifted claim"
        assert root_of("c", "certificate", given, **facts) == "evidence of another kind"
    assert root_of("c", "certificate", given) == "c has no definition"
    negative = {"meanings": {"c": ["Negate", "p"]}}
    assert root_of("c", "certificate", given, f(("-1", {"p": 1})), **negative) == "a negative coefficient"
    twice = claim(["Add", ["Sqrt", "c"], ["Sqrt", ["Multiply", 2, "c"]]], "=", 0, meanings={"c": c}, domains=P)
    assert reason(twice, "certificate", given, f(p, n), "certificate", f(("2", {"c": 1}), free=["c"]), "closed") == (
        "the two sides are not equal"
    )


def test_free_names_in_a_circle() -> None:
    """Each would be nonnegative because the other is."""
    circle = {"meanings": {"x": "y", "y": "x"}}
    x, y = f(("1", {"x": 1}), free=["x"]), f(("1", {"y": 1}), free=["y"])
    assert root_of("x", "certificate", *[x, y] * 20, **circle) != ""
    assert root_of("x", "certificate", x, y, x, **circle) == "evidence of another kind"


def test_shown_once() -> None:
    t = ["Add", ["Ln", "p"], ["Ln", "p"], ["Sqrt", "p"]]
    made = claim(t, "=", t, domains=P)
    assert reason(made, "certificate", f(p), "certificate", f(p), "same") == ""
    assert reason(made, "certificate", f(p), "same") == "evidence of another kind"


LOGS = {"form": "certificate", "cites": ["log bounds"], "domains": {"p": "positive", "q": "positive"}}


@pytest.mark.parametrize(
    ("left", "relation", "right", "evidence", "why"),
    [
        (["Ln", "p"], "<=", less("p", 1), ["nonpositive", f(("1", {})), f()], ""),
        (["Ln", "p"], "<=", "p", ["nonpositive", f(("1", {})), f(("1", {}))], ""),
        (["Ln", "p"], ">=", less(1, ["Divide", 1, "p"]), ["nonnegative", f(("1", {})), f()], ""),
        (["Ln", "p"], "<=", less("p", 1), ["nonnegative", f(("-1", {})), f()], "a negative coefficient"),
        (["Ln", "p"], "<=", less("p", 1), ["nonpositive", f(("-1", {})), f()], "the evidence is not the shifted claim"),
        (["Ln", "p"], "<=", less("p", 1), ["rising", f(("1", {})), f()], "evidence of another kind"),
        (["Ln", "p"], "<=", less("p", 2), ["nonpositive", f(("1", {})), f(("-1", {}))], "a negative coefficient"),
        (["Multiply", "q", ["Ln", "p"]], "<=", ["Multiply", "q", "p"], ["nonpositive", f(q), f(q)], ""),
        (["Divide", ["Ln", "p"], "q"], "<=", ["Divide", "p", "q"],
         ["nonpositive", f(("1", {}), over=(q,)), f(("1", {}), over=(q,))], ""),
        (["Add", ["Ln", "p"], ["Ln", "q"]], "<=", ["Add", "p", "q"],
         ["nonpositive", f(("1", {})), "nonpositive", f(("1", {})), f(("2", {}))], ""),
        (["Power", ["Ln", "p"], 2], "<=", "p", ["nonpositive", f(("1", {})), f()], "a logarithm that no reason bounds"),
    ],
)  # fmt: skip
def test_logarithms_are_bounded(left: Any, relation: str, right: Any, evidence: list[Any], why: str) -> None:
    inside = {"p": ["certificate", f(p)], "q": ["certificate", f(q)]}
    needs = [x for name in inside if f"'Ln', '{name}'" in str(left) for x in inside[name]]
    first = [] if "Divide" not in str(right) else (inside["p"] if "'Divide', 1, 'p'" in str(right) else inside["q"])
    before = first if "'Ln'" not in str(left) or first == inside["p"] else first + needs
    before = before if first else needs
    if left[0] == "Divide":
        before = inside["q"] + inside["p"]
    found = reason(claim(left, relation, right, **LOGS), *before, *evidence)
    assert found == why, (found, before)
    if not why:
        unnamed = claim(left, relation, right, **{**LOGS, "cites": []})
        assert reason(unnamed, *before, *evidence) == "a logarithm that no reason bounds"


# as the line before is defined
H = {"domains": {"h": "positive", "m": "nonnegative", "x": "nonnegative"},
     "definitions": {"h": less(1, ["Exp", ["Negate", "t"]]), "m": less("y", 1)}}  # fmt: skip
OPEN_H, OPEN_M = H["definitions"]["h"], H["definitions"]["m"]
SAID = ["certificate", f(("1", {"h": 1}))]
SUM_H = ["Add", "h", "x"]
SAID_SUM = ["certificate", f(("1", {"h": 1}), ("1", {"x": 1}))]
BEFORE: list[tuple[str, Any, Any, list[Any], str]] = [
    ("a name and what it stands for", ["Divide", 1, "h"], ["Divide", 1, OPEN_H],
     [*SAID, ["before", 1], "opened", "opened"], ""),
    ("by the line's own denominator", ["Divide", 1, SUM_H], ["Divide", 1, ["Add", OPEN_H, "x"]],
     [*SAID_SUM, ["before", 0], "opened", "opened"], ""),
    ("by another denominator", ["Add", ["Divide", 1, SUM_H], ["Divide", 1, "h"]],
     ["Add", ["Divide", 1, ["Add", OPEN_H, "x"]], ["Divide", 1, OPEN_H]],
     [*SAID_SUM, *SAID, ["before", 1], "opened"], "the two sides are not equal"),
    ("what only may be nothing", ["Sqrt", "m"], ["Sqrt", OPEN_M],
     ["certificate", f(("1", {"m": 1})), ["before", 0], "opened", "opened"], ""),
    ("what may be nothing, below a bar", ["Sqrt", "m"], ["Divide", ["Power", ["Sqrt", "m"], 3], OPEN_M],
     ["certificate", f(("1", {"m": 1})), ["before", 0], "opened", "opened"], "what may vanish"),
    ("by a name that may be nothing", "m", ["Divide", ["Power", "m", 2], OPEN_M],
     [["before", 1], "opened", "opened"], "what may vanish"),
    ("the line by itself", ["Divide", 1, "z"], ["Divide", 1, "z"], [["before", 0], "same", "same"],
     "list index out of range"),
    ("of no line", "h", ["Divide", ["Power", "h", 2], OPEN_H], [["before", 7], "opened", "opened"],
     "list index out of range"),
    ("by the name's domain, in another name", "h", ["Divide", ["Power", "h", 2], OPEN_H],
     [["before", 0], "opened", "opened"], ""),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "evidence", "why"), [x[1:] for x in BEFORE], ids=[x[0] for x in BEFORE])
def test_positive_as_the_line_before_is_defined(left: Any, right: Any, evidence: list[Any], why: str) -> None:
    assert reason(claim(left, "=", right, **H), *evidence) == why


def test_the_line_before_was_shown_while_its_conditions_hold() -> None:
    """What has to hold without the conditions does not follow from a line that holds under them."""
    facts = {"conditions": ["z"], "parts": {"split": "w"}, "definitions": {"w": "z"}}
    made = claim(["Divide", "x", "z"], "<=", ["Divide", "x", "z"], "cases", **facts)
    assert reason(made, ["before", 0], "opened") == "the line before was shown under other conditions"


def test_powers_of_e_are_positive() -> None:
    falling, rising, half = (["Exp", x] for x in (["Negate", "t"], "t", ["Divide", "t", 2]))
    assert shown(falling, "certificate", f(("1", {}), over=(("1", {"exp t": 2}),))) == ""
    assert shown(["Add", rising, 1], "certificate", f(("1", {"exp t": 2}), ("1", {}))) == ""
    assert shown(["Add", half, "n"], "certificate", f(("1", {"exp t": 1}), n)) == ""
    less_one = f(("1", {"exp t": 2}), ("-1", {}))
    assert shown(less(rising, 1), "certificate", less_one) == "a negative coefficient"


def test_an_inverse_written_out_has_a_positive_determinant() -> None:
    for entries, terms, why in (
        (("p", 0, 0, "q"), [("1", {"p": 1, "q": 1})], ""),
        (("p", "p", "p", "p"), [("0", {})], "a sum that may be empty"),
        (("p", "q", "q", "p"), [("1", {"p": 2}), ("-1", {"q": 2})], "a negative coefficient"),
    ):
        inverse = ["Inverse", ["Matrix", "2", "2", *entries]]
        assert reason(claim(inverse, "=", inverse, domains=P), "certificate", f(*terms), "same") == why


def test_a_sum_over_planes_may_be_nothing_beside_what_is_not() -> None:
    """Strictly positive is the constant; of the sum it is enough that it is not negative."""
    domains = {"p": "positive", "n_i": "nonnegative"}
    made = [f(("1", {"p": 1})), f(("1", {"n_i": 1}))]
    assert shown(["Add", "p", ["Sum", "target", "n_i"]], "certificate", *made, domains=domains) == ""
