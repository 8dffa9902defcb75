"""Certificates bound to a result's record and to their lemmas, and folders that are not as they should be."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import answers, change, reasons, reseal, step, write
from tiny import fraction, less, letter, refusal

from checker.catalogue import Catalogue, digest, read, reason_of
from checker.trees import Refused

ROOT = Path(__file__).resolve().parents[2]
A, B = letter("A"), letter("B")
POSITIVE = {"domains": {"x": "nonnegative"}}
MORE = fraction(("1", {"x": 1}))
LEMMA = [{"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}]


def two(root: Path) -> Path:
    """y = 2 + x - 2 = x, and x + x <= 3 x."""
    return write(
        root, "one", {"x": {"domain": "nonnegative"}},
        first=(["Add", "x", 2, -2], [step("=", "x"), step("=", ["Multiply", 1, "x"])]),
        second=(["Add", "x", "x"], [step("=", ["Multiply", 2, "x"]), step("<=", ["Multiply", 3, "x"], [MORE], "certificate", **POSITIVE)]),
    )  # fmt: skip


def test_accepted(tmp_path: Path) -> None:
    two(tmp_path)
    found = answers(tmp_path)
    assert [(x.result, x.chain, x.step, x.reason) for x in found] == [
        ("one", "first", 1, ""), ("one", "first", 2, ""), ("one", "second", 1, ""), ("one", "second", 2, ""),
    ]  # fmt: skip
    assert Catalogue(tmp_path).ids() == ["one"]


BROKEN: list[tuple[str, tuple[Any, ...], Any, str]] = [
    ("first.1.json", ("format",), "latentreuse-certificate/2", "fields of another format"),
    ("first.1.json", ("more",), 1, "fields of another format"),
    ("first.1.json", ("claim", "by"), "x", "the hash is that of another claim"),
    ("first.1.json", ("hash",), "0", "the hash is that of another claim"),
    ("first.1.json", ("evidence",), [], "the seal is that of other evidence"),
    ("first.1.json", ("seal",), "0", "the seal is that of other evidence"),
]
BOUND: list[tuple[tuple[Any, ...], Any, str]] = [
    (("result",), "two", "a claim of another result"),
    (("left",), "x", "the record has another line"),
    (("right",), ["Negate", ["Negate", "x"]], "the record has another line"),
    (("relation",), "<=", "the record has another relation"),
    (("by",), "sums", "the record has another reason"),
    (("needs",), ["sums"], "the record has another certificate"),
    (("under", "domains"), {"x": "positive"}, "the record has another certificate"),
]


@pytest.mark.parametrize(("name", "where", "to", "why"), BROKEN)
def test_broken_seal(tmp_path: Path, name: str, where: tuple[Any, ...], to: Any, why: str) -> None:
    change(two(tmp_path) / name, *where, to=to)
    assert reasons(tmp_path) == [why, "the step before is not accepted", "", ""]


@pytest.mark.parametrize(("where", "to", "why"), BOUND)
def test_bound_to_the_record(tmp_path: Path, where: tuple[Any, ...], to: Any, why: str) -> None:
    path = two(tmp_path) / "first.1.json"
    change(path, "claim", *where, to=to)
    reseal(path)
    assert reasons(tmp_path) == [why, "the step before is not accepted", "", ""]


def test_bound_to_the_symbols(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"domains": {"x": "nonnegative"}, "meanings": {"c": ["Add", "x", 1]}}
    for symbols, why in (
        ({"x": {"domain": "nonnegative"}, "c": {"definition": ["Add", "x", 1], "domain": "defined"}}, ""),
        ({"x": {"meaning": "any"}}, ""),
        ({"x": {"domain": "positive"}}, "the record has another domain for x"),
        ({"c": {"definition": ["Add", "x", 2]}}, "the record has another meaning of c"),
    ):
        write(tmp_path, "one", symbols, first=("c", [step("=", "c", ["same"], **facts)]))
        assert reasons(tmp_path) == [why]


def test_steps_of_no_record(tmp_path: Path) -> None:
    folder = two(tmp_path)
    for n in (0, -1, 3):
        change(folder / "first.1.json", "claim", "step", to=n)
        reseal(folder / "first.1.json")
        assert reasons(tmp_path) == [
            "no certificate, or more than one", "the step before is not accepted", "", "", "a certificate of no step here",
        ]  # fmt: skip
    for step_, chain in ((1.0, "first"), (True, "first"), ("1", "first"), (1, None), (1, ["first"])):
        change(folder / "first.1.json", "claim", "step", to=step_)
        change(folder / "first.1.json", "claim", "chain", to=chain)
        assert answers(tmp_path)[-1][1:] == ("first.1.json", 0, "a claim of no step")


def test_a_step_below_one_is_none(tmp_path: Path) -> None:
    """A lemma `up to step 0` would be the last line turned round."""
    folder = write(tmp_path, "one", first=("x", [step("=", ["Add", "x", 0])]))
    change(folder / "first.1.json", "claim", "step", to=0)
    reseal(folder / "first.1.json")
    catalogue = Catalogue(tmp_path)
    assert catalogue.answer("one", "first", 0) == "a claim of another result"


def test_relations_that_follow_one_another(tmp_path: Path) -> None:
    up = fraction(("1", {"x": 1}))

    def line(relation: str, n: int, evidence: Any) -> dict[str, Any]:
        form = "normal form" if relation == "=" else "certificate"
        return step(relation, ["Multiply", n, "x"], evidence, form, **POSITIVE)

    good = [line("=", 2, ["closed"]), line("<=", 3, [up]), line("=", 3, ["closed"]), line("<=", 4, [up])]
    write(tmp_path, "one", first=(["Add", "x", "x"], good))
    assert reasons(tmp_path) == ["", "", "", ""]
    good = [line("=", 2, ["closed"]), line(">=", 1, [up]), line(">=", 0, [up]), line("=", 0, ["closed"])]
    write(tmp_path, "two", first=(["Add", "x", "x"], good))
    assert reasons(tmp_path, "two") == ["", "", "", ""]
    for first, second in (("<=", ">="), (">=", "<=")):
        mixed = [line(first, 3 if first == "<=" else 1, [up]), line(second, 2, [up]), line("=", 2, ["closed"])]
        write(tmp_path, "three", first=(["Add", "x", "x"], mixed))
        assert reasons(tmp_path, "three") == ["", *["a relation that may not follow the one before"] * 2]


def test_an_equation_is_solved_first(tmp_path: Path) -> None:
    facts = {"parts": {"rate": 1, "initial": {"r": "R", "value": "R"}, "variable": "r"}, "cites": ["linear ODE"],
             "domains": {"R": "positive", "r": "positive"}}  # fmt: skip
    solved = step("=", "r", ["certificate", fraction(("1", {"R": 1})), "closed", "closed", "closed"], "solves", **facts)
    write(tmp_path, "one", first=("u", [solved]))
    assert reasons(tmp_path) == [""]
    write(tmp_path, "one", first=("u", [step("=", "u", ["same"]), solved]))
    assert reasons(tmp_path) == ["", "an equation is solved for what the chain starts with"]


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
        second=(["Multiply", 2, ["Add", log, 0]], [step("=", ["Multiply", 2, log], [*is_x, "closed"], lemmas=LEMMA, domains={"x": "positive"})]),
        third=(["Multiply", 3, ["Add", log, 0]], [step("=", ["Multiply", 3, log], ["closed"], lemmas=LEMMA)]),
        fourth=(["Multiply", 4, ["Multiply", 2, ["Add", log, 0]]],
                [step("=", ["Multiply", 8, log], ["closed"], lemmas=[{**LEMMA[0], "chain": "second"}])]),
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
              integral=(whole, [step("=", 1, evidence, "antiderivative", parts=parts, **{**facts, **(more or {})})]))  # fmt: skip
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
    """That the signal has not vanished is asked for where a name may hide it: in the lemma, in its lemmas, or solved."""
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


# files
def test_strays(tmp_path: Path) -> None:
    folder = two(tmp_path)
    text = (folder / "first.1.json").read_text()
    (folder / "again.json").write_text(text)
    assert reasons(tmp_path) == ["no certificate, or more than one", "the step before is not accepted", "", ""]
    (folder / "again.json").unlink()
    (folder / "notes.txt").write_text("not looked at")
    assert reasons(tmp_path) == ["", "", "", ""]
    write(tmp_path, "two", other=("x", [step("=", "x", ["same"])]))
    (folder / "copied.json").write_text((tmp_path / "two" / "certificates" / "other.1.json").read_text())
    assert answers(tmp_path)[4][1:] == ("copied.json", 0, "a certificate of no step here")
    (folder / "copied.json").unlink()
    (tmp_path / "two" / "certificates" / "other.1.json").unlink()
    assert reasons(tmp_path, "two") == ["no certificate, or more than one"]


def test_records(tmp_path: Path) -> None:
    two(tmp_path)
    path = tmp_path / "one" / "result.json"
    record = path.read_text()
    for text, why in (
        (record.replace('"id": "one"', '"id": "two"'), "the record of another result"),
        ('{"id": "one", "proof": [], "symbols": {}}', "a record without a step"),
        ('{"id": "one", "proof": [{"name": "a", "start": 1, "steps": []}]}', "a record without a step"),
        ('{"id": "one", "id": "one"}', "a table with a key that stands twice"),
        ("[1]", "malformed, TypeError: list indices must be integers or slices, not str"),
        ('{"id": "one"}', "malformed, KeyError: 'proof'"),
        ("{", "malformed, JSONDecodeError"),
        ("", "malformed, JSONDecodeError"),
        ("[" * 100_000, "malformed, RecursionError"),
    ):
        path.write_text(text)
        (found,) = answers(tmp_path)
        assert found[:3] == ("one", "result.json", 0) and found.reason.startswith(why), found
    path.unlink()
    assert answers(tmp_path)[0].reason == "a result that is no folder here"


def test_chains_of_one_name(tmp_path: Path) -> None:
    two(tmp_path)
    path = tmp_path / "one" / "result.json"
    record = json.loads(path.read_text())
    record["proof"].append(record["proof"][0])
    path.write_text(json.dumps(record))
    assert all(x.reason.startswith("malformed, ValueError") for x in answers(tmp_path) if x.chain == "first")


def test_links(tmp_path: Path) -> None:
    folder = two(tmp_path / "there")
    root = tmp_path / "here"
    root.mkdir()
    (root / "one").symlink_to(tmp_path / "there" / "one")
    assert reasons(root) == ["a folder that is a link"]
    (root / "one").unlink()
    (root / "one").mkdir()
    (root / "one" / "certificates").symlink_to(folder)
    (root / "one" / "result.json").write_text((folder.parent / "result.json").read_text())
    assert reasons(root) == ["a folder that is a link"]
    (root / "one" / "result.json").unlink()
    (root / "one" / "result.json").symlink_to(folder.parent / "result.json")
    (root / "one" / "certificates").unlink()
    assert reasons(root) == ["no file, or a link"]
    (folder / "first.1.json").rename(tmp_path / "moved")
    (folder / "first.1.json").symlink_to(tmp_path / "moved")
    found = answers(tmp_path / "there")
    assert found[0].reason == "no certificate, or more than one"
    assert found[4][1:] == ("first.1.json", 0, "no file, or a link")


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"a": {"b": 1, "c": [1.5, null, "\\u00e9"]}}', encoding="utf-8")
    assert read(path) == {"a": {"b": 1, "c": [1.5, None, "\u00e9"]}}
    path.write_text('{"a": {"b": 1, "b": 1}}')
    assert refusal(lambda: read(path)) == "a table with a key that stands twice"
    assert refusal(lambda: read(tmp_path)) == "no file, or a link" == refusal(lambda: read(tmp_path / "no"))


def test_reasons_are_one_line() -> None:
    assert reason_of(Refused("a\nb\t\u03b1\ud800 ~ ")) == "a\\nb\\t\\u03b1\\ud800 ~ "
    assert reason_of(KeyError("x")) == "malformed, KeyError: 'x'" and len(reason_of(ValueError("y" * 1000))) == 200
    assert digest({"b": [1, "\u00e9"], "a": None}) == digest({"a": None, "b": [1, "\u00e9"]}) and len(digest(0)) == 64
    assert digest([1, 2]) != digest([2, 1]) and digest({"a": 1}) != digest({"a": True})
    assert digest("a") == "ac8d8342bbb2362d13f0a559a3621bb407011368895164b628a54f7fc33fc43c"


# the command
def run(*arguments: str, **more: Any) -> tuple[int, list[str]]:
    from contextlib import redirect_stdout
    from io import StringIO

    from checker.__main__ import main

    out = StringIO()
    with redirect_stdout(out):
        code = main(list(arguments))
    return code, out.getvalue().splitlines()


def test_command(tmp_path: Path) -> None:
    folder = two(tmp_path)
    code, lines = run(str(tmp_path))
    assert code == 0 and len(lines) == 1 and lines[0].startswith("4 of 4 steps accepted in ")
    assert run(str(tmp_path), "one")[0] == 0
    change(folder / "second.2.json", "seal", to="0")
    code, lines = run(str(tmp_path))
    assert code == 1 and lines[0] == "refused: one, second, step 2: the seal is that of other evidence"
    assert len(lines) == 2 and lines[1].startswith("3 of 4 steps accepted in ")
    (folder / "odd.json").write_text("{")
    code, lines = run(str(tmp_path))
    assert code == 1 and len(lines) == 3 and lines[1].startswith("refused: one, odd.json: malformed, JSONDecodeError: ")
    for arguments in ((), ("-h",), ("--help",)):
        code, lines = run(*arguments)
        assert code == 2 and lines == [
            "Checks every certificate below a folder: `python checker derivations [RESULT ...]`. Needs Python and nothing else."
        ]
    code, lines = run(str(tmp_path), "two", "three")
    assert code == 2 and lines == ["two: no result.json there; name the folder of the results, then results in it"]
    code, lines = run(str(tmp_path / "no"))
    assert code == 2 and lines == [
        f"{tmp_path / 'no'}: no result.json there; name the folder of the results, then results in it"
    ]


def test_odd_names_are_printed_on_one_line(tmp_path: Path) -> None:
    two(tmp_path)
    path = tmp_path / "one" / "result.json"
    path.write_text(path.read_text().replace('"name": "first"', '"name": "fi\\nrst\\ud800"'))
    code, lines = run(str(tmp_path))
    assert code == 1 and all(x.isascii() for x in lines)
    assert lines[0] == "refused: one, fi\\nrst\\ud800, step 1: no certificate, or more than one"


HOSTILE: list[tuple[str, Callable[[str], str]]] = [
    ("no JSON", lambda text: "hello"),
    ("nothing", lambda text: ""),
    ("half", lambda text: text[: len(text) // 2]),
    ("a key twice", lambda text: text.replace('{"format"', '{"format": "x", "format"', 1)),
    ("a list", lambda text: "[]"),
    ("a string", lambda text: '"claim"'),
    ("a number", lambda text: "7"),
    ("deep", lambda text: "[" * 200_000),
    ("deep tables", lambda text: '{"a":' * 100_000),
    ("deep claim", lambda text: text.replace('"left": ', '"left": ' + "[" * 990 + "]" * 990 + ', "old": ', 1)),
    ("a huge number", lambda text: text.replace('"left": ', '"left": 1' + "0" * 10_000 + ', "old": ', 1)),
    ("a large number", lambda text: text.replace('"left": ', '"left": 1' + "0" * 4_000 + ', "old": ', 1)),
    ("not a number", lambda text: text.replace("2, -2", "NaN, -2")),
    ("infinite", lambda text: text.replace("2, -2", "Infinity, -2")),
    ("a truth value", lambda text: text.replace("2, -2", "true, -2")),
    ("null", lambda text: text.replace("2, -2", "null, -2")),
    ("no claim", lambda text: text.replace('"claim"', '"claims"')),
    ("a claim that is a list", lambda text: '{"claim": []}'),
    ("a claim that is a number", lambda text: '{"claim": 1}'),
    ("no chain", lambda text: text.replace('"chain"', '"chains"')),
    ("no evidence", lambda text: text.replace('"evidence"', '"evidences"')),
    ("a lone surrogate", lambda text: text.replace('"algebra"', '"\\ud800"')),
    ("a null byte", lambda text: text + "\x00"),
    ("two documents", lambda text: text + text),
]  # fmt: skip


@pytest.mark.parametrize("spoil", [x[1] for x in HOSTILE], ids=[x[0] for x in HOSTILE])
def test_hostile_files(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    path = two(tmp_path) / "first.1.json"
    path.write_text(spoil(path.read_text()))
    code, lines = run(str(tmp_path))
    assert code == 1 and lines[0].startswith("refused: one, first, step 1: ") and lines[-1].startswith("2 of 4 steps")
    assert all(len(x) < 300 and x.isascii() for x in lines)


def test_unreadable_files(tmp_path: Path) -> None:
    path = two(tmp_path) / "first.1.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert "malformed, UnicodeDecodeError" in answers(tmp_path)[4].reason
    path.unlink()
    path.mkdir()
    assert answers(tmp_path)[4].reason == "no file, or a link"


GROWING = {f"x{i}": ["Multiply", *[f"x{i + 1}"] * 8] for i in range(30)}
CLAIMS: list[tuple[str, Any, dict[str, Any]]] = [
    ("an unknown head", ["Floor", "x"], {}),
    ("too high a power", ["Power", "x", 10**9], {}),
    ("too low a power", ["Power", 2, -(10**9)], {}),
    ("a tower", ["Power", ["Power", ["Power", ["Power", "x", 60], 60], 60], 60], {}),
    ("a tower of numbers", ["Power", ["Power", ["Power", ["Power", 10**300, 60], 60], 60], 60], {}),
    ("a monster", ["Power", ["Add", *(f"x{i}" for i in range(60))], 60], {}),
    ("a monster below", ["Divide", 1, ["Power", ["Add", *(f"x{i}" for i in range(60))], 60]], {}),
    ("two monsters", ["Multiply", *[["Power", ["Add", *(f"x{i}" for i in range(12))], 4]] * 4], {}),
    ("growing definitions", "x0", {"definitions": GROWING, "pins": GROWING}),
    ("growing meanings", "x0", {"meanings": GROWING}),
    ("growing replacements", "x0", {"replacements": [[name, x] for name, x in GROWING.items()]}),
    ("growing meanings in a condition", "x", {"meanings": GROWING, "conditions": ["x0"], "steady": {"t": ["x0"]}}),
    ("growing words", A, {"rewrites": [[["A"], ["MatrixMultiply", A, A]]]}),
    ("growing letters", A, {"letters": {"A": ["MatrixMultiply", B, B], "B": ["MatrixMultiply", A, A]}}),
    ("a wide product of sums", ["Trace", ["MatrixMultiply", *[["Add", A, B]] * 30]], {}),
    ("a determinant of many rows", ["Trace", ["Inverse", ["Matrix", "12", "12", *range(1, 145)]]], {}),
    ("a large identity", ["Trace", ["MatrixMultiply", ["Matrix", "1", "99999999"], ["Identity", "99999999"]]], {}),
    ("names in a circle", "x", {"definitions": {"x": "y", "y": "x"}, "pins": {"x": "y", "y": "x"}}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts"), [x[1:] for x in CLAIMS], ids=[x[0] for x in CLAIMS])
def test_hostile_claims_end_in_time(tmp_path: Path, line: Any, facts: dict[str, Any]) -> None:
    """Each is refused with one line, and within seconds."""
    import time

    for evidence in (["closed"], ["opened"]):
        write(tmp_path, "one", first=(line, [step("=", ["Trace", A] if line == A else 0, evidence, **facts)]))
        if line == A:
            write(tmp_path, "one", first=(line, [step("=", B, evidence, **facts)]))
        started = time.perf_counter()
        code, lines = run(str(tmp_path))
        assert code == 1 and len(lines) == 2 and lines[0].startswith("refused: one, first, step 1: ")
        assert time.perf_counter() - started < 10
