"""Chains and their lemmas: what rests on what, and what names stand for from line to line."""

import json
from pathlib import Path
from typing import Any

from folders import change, reasons, reseal, step, write
from tiny import fraction, less, letter

A, B = letter("A"), letter("B")
POSITIVE = {"domains": {"x": "nonnegative"}}
MORE = fraction(("1", {"x": 1}))
LEMMA = [{"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}]


# lemmas
def rests(root: Path, *evidence: Any, lemmas: Any = LEMMA, first: Any = None, **facts: Any) -> list[str]:
    """y z = x z, as y = x."""
    chain = first or ("y", [step("=", "x", ["closed"], definitions={"y": "x"}, pins={"y": "x"})])
    line = step("=", ["Multiply", "x", "z"], evidence or ["closed"], lemmas=lemmas, **facts)
    write(root, "one", first=chain, second=(["Multiply", "y", "z"], [line]))
    made = json.loads((root / "one" / "certificates" / "first.1.json").read_text())
    made["evidence"] = ["opened"]
    (root / "one" / "certificates" / "first.1.json").write_text(json.dumps(made))
    seal = reseal(root / "one" / "certificates" / "first.1.json")
    change(root / "one" / "result.json", "proof", 0, "steps", 0, "certificate", to=seal)
    return reasons(root)


def test_lemmas(tmp_path: Path) -> None:
    assert rests(tmp_path) == ["", ""]
    assert rests(tmp_path, lemmas=[]) == ["", "the two sides are not equal"]
    assert rests(tmp_path, lemmas=[{**LEMMA[0], "steps": 2}])[1].startswith(
        "it rests on one, first, which is not accepted"
    )
    for steps in (0, -1, 1.0, True):
        assert rests(tmp_path, lemmas=[{**LEMMA[0], "steps": steps}])[1] == "a lemma up to no step"
    for result in ("two", "..", "../one", "one/../one", "", None):
        assert rests(tmp_path, lemmas=[{**LEMMA[0], "result": result}])[1] != ""
    wrong = ("y", [step("=", "x", ["closed"])])
    found = rests(tmp_path, first=wrong)
    assert found == [
        "the two sides are not equal",
        "it rests on one, first, which is not accepted: the two sides are not equal",
    ]


def test_lemmas_in_a_circle(tmp_path: Path) -> None:
    """Each step rests on the other, and one on itself."""
    line = step("=", "x", ["same"], lemmas=[{"result": "one", "chain": "second", "steps": 1, "grants": "replacement"}])
    other = step("=", "x", ["same"], lemmas=LEMMA)
    write(tmp_path, "one", first=("y", [line]), second=("y", [other]))
    assert all("it rests on itself" in x for x in reasons(tmp_path))
    write(tmp_path, "two", first=("y", [step("=", "x", ["same"], lemmas=[{**LEMMA[0], "result": "two"}])]))
    assert "it rests on itself" in reasons(tmp_path, "two")[0]


def test_lemmas_of_lemmas_and_what_they_state(tmp_path: Path) -> None:
    """A condition that a lemma's lemma states must hold where the last line stands."""
    is_x = ["certificate", fraction(("1", {"x": 1}))]
    log = ["Ln", "x"]
    base = step("=", log, ["closed"], conditions=["x"])
    write(
        tmp_path, "one",
        first=(["Add", log, 0], [base]),
        second=(["Multiply", 2, ["Add", log, 0]], [step("=", ["Multiply", 2, log], [*is_x, "closed"], lemmas=LEMMA,
            domains={"x": "positive"})]),
        third=(["Multiply", 3, ["Add", log, 0]], [step("=", ["Multiply", 3, log], ["closed"], lemmas=LEMMA)]),
        fourth=(["Multiply", 4, ["Multiply", 2, ["Add", log, 0]]],
                [step("=", ["Multiply", 8, log], ["closed"], lemmas=[{**LEMMA[0], "chain": "second"}],
                    domains={"x": "positive"})]),
    )  # fmt: skip
    assert reasons(tmp_path) == ["", "", "evidence of another kind", "evidence of another kind"]


def test_a_lemma_that_is_an_order_rewrites_nothing(tmp_path: Path) -> None:
    chain = (
        0,
        [
            step("=", ["Negate", 0]),
            step("<=", "x", [MORE], "certificate", **POSITIVE),
            step("=", ["Add", "x", 0], **POSITIVE),
        ],
    )
    for steps, why in ((1, ""), (2, "an inequality rewrites nothing"), (3, "an inequality rewrites nothing")):
        line = step("=", 0, ["same"], lemmas=[{**LEMMA[0], "steps": steps}], **POSITIVE)
        write(tmp_path, "one", first=chain, second=(0, [line]))
        assert reasons(tmp_path)[3] == why


# names through a chain
def named(root: Path, *tables: dict[str, Any]) -> list[str]:
    """x = x = x, with these tables in turn."""
    write(root, "one", first=("x", [step("=", "x", ["same"], **facts) for facts in tables]))
    return reasons(root)


def test_one_meaning_a_name(tmp_path: Path) -> None:
    given = {"given": {"w": ["Add", "y", 1]}}
    assert named(tmp_path, given, given) == ["", ""] == named(tmp_path, given, {}) == named(tmp_path, {}, given)
    assert named(tmp_path, given, {"given": {"w": "y"}}) == ["", "w is given two meanings"]
    assert named(tmp_path, given, {"pins": {"w": "y"}}) == ["", "w is given two meanings"]
    assert named(tmp_path, {"given": {"w": "y"}, "domains": {"w": "positive"}}) == [
        "a name of the model's is given another meaning"
    ]
    assert named(tmp_path, {"given": {"w": "y"}, "meanings": {"w": "y"}}) == [
        "a name of the model's is given another meaning"
    ]
    assert named(tmp_path, {"given": {"w": ["Add", "w", 1]}}) == ["names are given in a circle"]
    assert named(tmp_path, {"pins": {"w": "w"}}) == [""]
    assert named(tmp_path, {"given": {"w": "v"}}, {"given": {"v": "w"}}) == ["", "names are given in a circle"]
    assert named(tmp_path, {"given": {"w": "v", "v": "u"}, "pins": {"u": 1}}) == [""]


def test_an_equation_gives_its_name(tmp_path: Path) -> None:
    facts = {"parts": {"rate": 1, "initial": {"r": "R", "value": "R"}, "variable": "r"}, "cites": ["linear ODE"],
             "domains": {"R": "positive", "r": "positive"}}  # fmt: skip
    solved = step("=", "r", ["certificate", fraction(("1", {"R": 1})), "closed", "closed", "closed"], "solves", **facts)
    write(tmp_path, "one", first=("u", [solved, step("=", "r", ["same"], given={"u": 1})]))
    assert reasons(tmp_path) == ["", "u is given two meanings"]
    matrix = {
        **facts,
        "parts": {"rate": A, "initial": {"r": "R", "value": ["Multiply", "R", A]}, "variable": "r"},
        "still": {"r": ["A"]},
    }
    solved = step(
        "=", ["Multiply", "r", A], ["certificate", fraction(("1", {"R": 1})), *["closed"] * 3], "solves", **matrix
    )
    write(tmp_path, "one", first=(B, [solved, step("=", ["Multiply", "r", A], ["same"], given={"B": A})]))
    assert reasons(tmp_path) == ["", "B is given two meanings"]


def test_one_saying_a_table(tmp_path: Path) -> None:
    """What a table says of a name stays through the chain; a domain may become narrower."""
    assert named(tmp_path, {"domains": {"x": "nonnegative"}}, {"domains": {"x": "positive"}}) == ["", ""]
    assert (
        named(
            tmp_path, {"domains": {"x": "positive"}}, {"domains": {"x": "nonnegative"}}, {"domains": {"x": "positive"}}
        )
        == [""] * 3
    )
    assert (
        named(tmp_path, {"domains": {"x": "unit"}}, {"domains": {"x": "inner"}}, {"domains": {"x": "unit"}}) == [""] * 3
    )
    assert (
        named(tmp_path, {"domains": {"x": "unit"}}, {"domains": {"x": "positive"}})[1] == "('domains', 'x') was another"
    )
    assert (
        named(tmp_path, {"domains": {"x": "unit"}}, {}, {"domains": {"x": "positive"}})[2]
        == "('domains', 'x') was another"
    )
    assert (
        named(tmp_path, {"domains": {"x": "positive"}}, {"domains": {"x": "nonnegative"}}, {"domains": {"x": "unit"}})[
            2
        ]
        != ""
    )
    for table, one, two_ in (
        ("meanings", {"c": 1}, {"c": 2}),
        ("letters", {"A": A}, {"A": B}),
        ("means", {"z": 1}, {"z": 2}),
        ("moments", [["z", "y", 1]], [["z", "y", 2]]),
        ("rates", {"t": {"z": 1}}, {"t": {"z": 2}}),
        ("replacements", [["z", 1]], [["z", 2]]),
        ("rewrites", [[["B"], ["Zero", "D", "D"]]], [[["B"], A]]),
    ):
        assert named(tmp_path, {table: one}, {}, {table: one}) == ["", "", ""]
        assert named(tmp_path, {table: one}, {}, {table: two_})[2].endswith("was another"), table
    assert named(tmp_path, {"definitions": {"w": 1}}) == ["w is defined and not pinned"]
    assert named(tmp_path, {"definitions": {"w": 1}, "pins": {"w": 2}}) == ["w is defined and not pinned"]
    assert named(tmp_path, {"definitions": {"w": 1}, "given": {"w": 1}}) == [""]
    assert named(tmp_path, {"definitions": {"w": "w"}}) == [""]


def classes(name: str = "planes", block: Any = 1, count: Any = 1) -> dict[str, Any]:
    made = {"name": name, "sizes": {"D": 1, "k": 1, "d": 1}, "over": "target", "count": count,
            "blocks": {"A": ["Matrix", "1", "1", block]}}  # fmt: skip
    rest = {"name": "rest", "sizes": {"D": 1, "k": 0, "d": 0}, "over": None, "count": less("D", "d"), "blocks": {}}
    return {
        "coupling": 0,
        "classes": [made, rest, {**rest, "name": "spare", "sizes": {"D": 0, "k": 1, "d": 0}, "count": less("k", "d")}],
    }


def test_one_saying_a_plane(tmp_path: Path) -> None:
    def found(one: Any, two_: Any) -> list[str]:
        line = ["Trace", A]
        write(tmp_path, "one", first=(line, [step("=", line, ["same"], planes=x) for x in (one, two_)]))
        return reasons(tmp_path)

    assert found(classes(), classes()) == ["", ""] == found(classes(), None)
    assert found(classes(), classes(block=2))[1] == "('block', 'planes', 'A') was another"
    assert found(classes(), classes(count=2))[1] == "('class', 'planes') was another"
    assert found(classes(), classes("others", block=2)) == ["", ""]
    one, other = classes(count="d"), classes(count="d")
    other["classes"][0]["over"] = None  # as many, and not one for each plane
    assert found(one, other)[1] == "('class', 'planes') was another"


def test_one_size_a_plane(tmp_path: Path) -> None:
    """Two classes of as many directions, of which one lies in the ambient space and one in the encoder."""
    one = classes()
    for c in one["classes"][1:]:
        c["count"] = less("k", "d")
    first, rest, spare = one["classes"]
    swapped = {**one, "classes": [first, {**rest, "sizes": spare["sizes"]}, {**spare, "sizes": rest["sizes"]}]}
    line = ["Trace", A]
    square = {"definitions": {"D": "k"}, "pins": {"D": "k"}}
    for other, why in ((one, ""), (swapped, "('class', 'rest') was another")):
        write(tmp_path, "one", first=(line, [step("=", line, ["same"], planes=x, **square) for x in (one, other)]))
        assert reasons(tmp_path) == ["", why]


def test_a_lemma_hands_on_what_its_lemmas_state(tmp_path: Path) -> None:
    """That the signal has not vanished is stated again where names may hide it, two lemmas further too."""
    second, shown = [{**LEMMA[0], "chain": "second"}], ["certificate", fraction(("1", {"alpha": 1}))]
    positive = {"domains": {"alpha": "positive"}}
    for given, more, facts, why in (
        ({}, [], {}, ""), ({"w": 1}, shown, positive, ""), ({"w": 1}, [], {}, "evidence of another kind"),
    ):  # fmt: skip
        write(
            tmp_path, "one",
            first=("x", [step("=", ["Add", "x", 0], ["closed"], conditions=["alpha"])]),
            second=("y", [step("=", ["Add", "y", 0], ["closed"], lemmas=LEMMA, given=given)]),
            third=("z", [step("=", ["Add", "z", 0], [*more, "closed"], lemmas=second, **facts)]),
        )  # fmt: skip
        assert reasons(tmp_path) == ["", "", why]


def test_one_saying_through_lemmas(tmp_path: Path) -> None:
    """A lemma's domain may be the wider one, and nothing else may differ."""

    def found(lemma_: dict[str, Any], own: dict[str, Any]) -> str:
        write(tmp_path, "one", first=("y", [step("=", "y", ["same"], **lemma_)]),
              second=(0, [step("=", 0, ["same"], lemmas=LEMMA, **own)]))  # fmt: skip
        return reasons(tmp_path)[1]

    assert found({"domains": {"x": "nonnegative"}}, {"domains": {"x": "positive"}}) == ""
    assert found({"domains": {"x": "unit"}}, {"domains": {"x": "inner"}}) == "" == found({"domains": {"x": "unit"}}, {})
    for wide, narrow in (("positive", "nonnegative"), ("inner", "unit"), ("unit", "positive")):
        assert found({"domains": {"x": wide}}, {"domains": {"x": narrow}}) == "('domains', 'x'): a lemma's is another"
    assert found({"meanings": {"c": 1}}, {"meanings": {"c": 2}}) == "('meaning', 'c'): a lemma's is another"
    assert found({"given": {"w": 1}}, {"given": {"w": 2}}) == "w is given two meanings"
    assert found({"given": {"w": "v"}}, {"given": {"v": "w"}}) == "names are given in a circle"


def test_bounds_are_lemmas_too(tmp_path: Path) -> None:
    """An integral to infinity rests on its bounds, and so on what they rest on."""
    is_v = ["certificate", fraction(("1", {"v": 1}))]
    over_v = fraction(("1", {}), over=(("1", {"v": 1}),))
    facts: dict[str, Any] = {"domains": {"v": "positive"}}
    inverse = ["Divide", 1, "v"]
    bound = [{"result": "one", "chain": name, "steps": 1} for name in ("lower", "upper")]
    parts = {"primitive": ["Negate", inverse], "bound": bound}
    evidence = [*is_v, "closed", "certificate", fraction(("1", {})), "closed", "closed", "closed"]
    whole = ["Integrate", ["Power", "v", -2], "v", 1, "infinity"]

    def found(lower: Any = (), more: Any = None) -> list[str]:
        write(tmp_path, "one", lower=(inverse, [step(">=", 0, [*is_v, *lower, over_v][-3:], "certificate", **facts)]),
              upper=(inverse, [step("<=", inverse, is_v, "certificate", **facts)]),
              integral=(whole, [step("=", 1, evidence, "antiderivative", parts=parts, **{**facts,
                  **(more or {})})]))  # fmt: skip
        return reasons(tmp_path)

    assert found() == ["", "", ""]
    assert found(more={"given": {"w": 1}}) == ["", "", ""]
    facts["given"] = {"w": 2}
    assert found() == ["", "", ""] and found(more={"given": {"w": 1}})[2] == "w is given two meanings"
    facts["given"], facts["meanings"] = {}, {"c": 1}
    assert found(more={"meanings": {"c": 2}})[2] == "('meaning', 'c'): a lemma's is another"
    change(tmp_path / "one" / "certificates" / "lower.1.json", "seal", to="0")
    assert reasons(tmp_path)[2].startswith("it rests on one, lower, which is not accepted")


def test_whether_a_lemma_names_anything(tmp_path: Path) -> None:
    """That the signal has not vanished is asked for where a name may hide it: given, solved, or in a lemma's lemma."""
    signal = {"conditions": ["alpha"]}
    facts = {"parts": {"rate": 1, "initial": {"r": "R", "value": "R"}, "variable": "r"}, "cites": ["linear ODE"],
             "domains": {"R": "positive", "r": "positive"}}  # fmt: skip
    is_r = ["certificate", fraction(("1", {"R": 1}))]
    stated = [["above", 0], "certificate", "same"]
    firsts = {
        "plain": ("y", [step("=", "y", ["same"], **signal), step("=", "y", ["same"])]),
        "given": ("y", [step("=", "y", ["same"], given={"w": 1}, **signal), step("=", "y", ["same"])]),
        "later": ("y", [step("=", "y", ["same"], **signal), step("=", "y", ["same"], given={"w": 1})]),
        "solved": ("u", [step("=", "r", [*is_r, "closed", "closed", "closed"], "solves", **facts, **signal)]),
    }
    for name, first in firsts.items():
        steps = len(first[1])
        whole = [{**LEMMA[0], "steps": steps}]
        asked = name != "plain"
        second = ("y", [step("=", "y", stated if asked else ["same"], lemmas=whole, **signal)])
        third = ("y", [step("=", "y", ["same"], lemmas=[{**LEMMA[0], "chain": "second"}])])
        write(tmp_path, "one", first=first, second=second, third=third)
        assert reasons(tmp_path) == [""] * steps + ["", "evidence of another kind" if asked else ""], name
        second = ("y", [step("=", "y", ["same"], lemmas=whole, **signal)])
        write(tmp_path, "one", first=first, second=second)
        assert reasons(tmp_path)[steps] == ("evidence of another kind" if asked else ""), name
