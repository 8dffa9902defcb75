"""Certificates bound to a result's record and to their lemmas, and folders that are not as they should be."""

import json
from pathlib import Path
from typing import Any

import pytest
from folders import answers, change, reasons, reseal, step, two, write
from tiny import fraction, letter, refusal

from checker.catalogue import Catalogue, digest, read, reason_of
from checker.trees import Refused

ROOT = Path(__file__).resolve().parents[2]
A, B = letter("A"), letter("B")
POSITIVE = {"domains": {"x": "nonnegative"}}
MORE = fraction(("1", {"x": 1}))
LEMMA = [{"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}]


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
    ("first.1.json", ("claim", "reasons"), ["x"], "the hash is that of another claim"),
    ("first.1.json", ("hash",), "0", "the hash is that of another claim"),
    ("first.1.json", ("evidence",), [], "the seal is that of other evidence"),
    ("first.1.json", ("seal",), "0", "the seal is that of other evidence"),
]
BOUND: list[tuple[tuple[Any, ...], Any, str]] = [
    (("result",), "two", "a claim of another result"),
    (("left",), "x", "the record has another line"),
    (("right",), ["Negate", ["Negate", "x"]], "the record has another line"),
    (("relation",), "<=", "the record has another relation"),
    (("reasons",), ["sums"], "the record has another reason"),
    (("reasons",), ["one, first, 1", "algebra"], "the record has another reason"),
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
            "no certificate, or more than one", "the step before is not accepted", "", "",
                "a certificate of no step here",
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
        n, why = 3 if first == "<=" else 1, "a relation that may not follow the one before"
        mixed = [line(first, n, [up]), line(second, 2, [up]), line("=", 2, ["closed"])]
        write(tmp_path, "three", first=(["Add", "x", "x"], mixed))
        assert reasons(tmp_path, "three") == ["", why, why]
        mixed = [line(first, n, [up]), line("=", n, ["closed"]), line(second, 2, [up])]
        write(tmp_path, "three", first=(["Add", "x", "x"], mixed))
        assert reasons(tmp_path, "three") == ["", "", why]


def test_an_equation_is_solved_first(tmp_path: Path) -> None:
    facts = {"parts": {"rate": 1, "initial": {"r": "R", "value": "R"}, "variable": "r"}, "cites": ["linear ODE"],
             "domains": {"R": "positive", "r": "positive"}}  # fmt: skip
    solved = step("=", "r", ["certificate", fraction(("1", {"R": 1})), "closed", "closed", "closed"], "solves", **facts)
    write(tmp_path, "one", first=("u", [solved]))
    assert reasons(tmp_path) == [""]
    write(tmp_path, "one", first=("u", [step("=", "u", ["same"]), solved]))
    assert reasons(tmp_path) == ["", "an equation is solved for what the chain starts with"]


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


def test_stated_values_are_ends_of_chains(tmp_path: Path) -> None:
    path = two(tmp_path).parent / "result.json"
    start, end = ["Add", "x", 2, -2], ["Multiply", 1, "x"]
    for value, fine in (
        ({"closed": start}, True), ({"closed": end}, True), ({"closed": start, "evaluated": end}, True), ({}, True),
        ({"closed": 7}, False), ({"closed": "x"}, False), ({"closed": start, "evaluated": 7}, False),
        ({"closed": 7, "evaluated": end}, False),
    ):  # fmt: skip
        change(path, "values", to=[{"name": "E", **value}])
        assert reasons(tmp_path) == (["", "", "", ""] if fine else ["a value that no chain leads to or from"])


def test_strays_are_named_in_order(tmp_path: Path) -> None:
    folder = two(tmp_path)
    names = [f"{n:02d}.json" for n in range(40)]
    for name in names[::-2] + names[::2]:
        (folder / name).write_text("{")
    assert [x.chain for x in answers(tmp_path)[4:]] == names


@pytest.mark.parametrize("fault", [
    OSError, ValueError, ZeroDivisionError, KeyError, TypeError, AttributeError, RecursionError, MemoryError,
])  # fmt: skip
def test_whatever_fails_is_a_refusal(tmp_path: Path, fault: type[Exception]) -> None:
    class Failing(Catalogue):
        def decide(self, result: str, chain: str, step: int) -> None:
            raise fault("odd")

    two(tmp_path)
    found = [x.reason for x in Failing(tmp_path).check("one")]
    assert len(found) == 4 and all(x.startswith(f"malformed, {fault.__name__}: ") for x in found)


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
