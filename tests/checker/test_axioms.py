"""What is granted without proof: a claim that uses more, or says less, than its model and its reasons is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from folders import answers, change, grant, reasons, reseal, step, two, write
from tiny import fraction, letter

from checker.axioms import Axioms, by_name, entries
from checker.catalogue import Catalogue
from checker.trees import Refused

A = letter("A")
MODEL: dict[str, Any] = {"meanings": {}, "domains": {}, "constant": [], "steady": {}, "still": {}}
BY = "one, first, 1"


def one(root: Path, *, cites: Any = (), **facts: Any) -> Path:
    """x = x, under these tables; the folder of its result."""
    facts |= {"cites": list(cites)}
    return write(root, "one", first=("x", [step("=", "x", ["same"], **facts)])).parent


def changed(folder: Path, *where: Any, to: Any) -> list[str]:
    """What is said after a change of the axioms alone."""
    change(folder / "axioms.json", *where, to=to)
    return reasons(folder.parent)


def test_tables_as_single_entries() -> None:
    assert entries({"domains": {"x": "unit"}}) == {("domains", "x", '"unit"')}
    assert entries({"conditions": [["Add", "x", 1], "y"]}) == {("conditions", '["Add", "x", 1]'), ("conditions", '"y"')}
    assert entries({"letters": {"A": ["Negate", "B"]}}) == {("letters", "A", '["Negate", "B"]')}
    assert entries({"rates": {"t": {"x": ["Negate", 1]}}}) == {("rates", "t", "x", '["Negate", 1]')}
    assert entries({"steady": {"t": ["x", "y"]}}) == {("steady", "t", '"x"'), ("steady", "t", '"y"')}
    assert entries({"still": {"t": ["A"]}, "planes": {}}) == {("still", "t", '"A"')}
    assert entries({"rewrites": [], "rates": {"t": {}}}) == set()
    assert entries({"moments": [["a", "b", {"y": 1, "x": 2}]]}) == {("moments", '["a", "b", {"x": 2, "y": 1}]')}


def test_planes_by_name() -> None:
    pair = {"name": "pair", "sizes": {"D": 2}, "count": 0, "over": "target", "blocks": {"U": ["Matrix"]}}
    rest = {**pair, "name": "rest"}
    inner = {key: x for key, x in pair.items() if key != "name"}
    assert by_name(None) == {}
    assert by_name({"coupling": 0, "classes": [pair, rest]}) == {"coupling": 0, "pair": inner, "rest": inner}
    for classes in ([pair, pair], [{**pair, "name": "coupling"}]):
        with pytest.raises(Refused, match="two classes of one name"):
            by_name({"coupling": 0, "classes": classes})


TABLES: list[tuple[dict[str, Any], tuple[Any, ...], Any]] = [
    ({"domains": {"x": "positive"}}, ("domains", "x"), "nonnegative"),
    ({"definitions": {"c": "c"}}, ("definitions", "c"), 3),
    ({"meanings": {"c": 2}}, ("meanings", "c"), 3),
    ({"letters": {"A": ["Negate", letter("B")]}}, ("letters", "A"), letter("B")),
    ({"means": {"A": ["Zero", "D", "D"]}}, ("means",), {}),
    ({"rates": {"t": {"x": 1}}}, ("rates", "t", "x"), 2),
    ({"steady": {"t": ["x"]}}, ("steady",), {"r": ["x"]}),
    ({"still": {"t": ["A"]}}, ("still", "t"), ["B"]),
    ({"constant": ["A"]}, ("constant",), []),
    ({"covariances": ["A"]}, ("covariances",), ["B"]),
    ({"conditions": ["y"], "domains": {"y": "positive"}}, ("conditions",), ["x"]),
    ({"rewrites": [[["A", "B"], letter("C")]]}, ("rewrites", 0, 1), letter("B")),
    ({"replacements": [["b", 2]]}, ("replacements",), [["b", 3]]),
    ({"moments": [["y", "y", ["Zero", "D", "D"]]]}, ("moments",), []),
    ({"orders": [["x_i", "y_i", "log"]]}, ("orders",), [["x_i", "y_i", "termwise"]]),
    ({"cites": ["log bounds"]}, ("cites",), []),
    ({"cites": ["log bounds"]}, ("cites",), ["linear ODE"]),
]


@pytest.mark.parametrize(("facts", "where", "to"), TABLES)
def test_no_more_than_is_granted(tmp_path: Path, facts: dict[str, Any], where: tuple[Any, ...], to: Any) -> None:
    folder = one(tmp_path, **facts)
    assert reasons(tmp_path) == [""]
    (why,) = changed(folder, "reasons", BY, *where, to=to)
    assert why.startswith(f"no reason grants it: {where[0]}")


def test_more_may_be_granted_than_is_used(tmp_path: Path) -> None:
    folder = one(tmp_path)
    for name, to in (("domains", {"x": "unit"}), ("conditions", ["x"]), ("orders", [["a_i", "b_i", "log"]])):
        assert changed(folder, "reasons", BY, name, to=to) == [""]


@pytest.mark.parametrize(
    ("name", "to"),
    [("needs", ["a tag"]), ("cites", ["Gram"]), ("positive", ["x"]), ("given", {"y": 1}), ("pins", {"y": 1})],
)
def test_no_less_than_is_asked(tmp_path: Path, name: str, to: Any) -> None:
    (why,) = changed(one(tmp_path), "reasons", BY, name, to=to)
    assert why.startswith(f"its reason says so, and the claim does not: {name}")


def test_the_first_by_name_is_told(tmp_path: Path) -> None:
    """Whatever the hash seed."""
    many = [f"x{i}" for i in range(60)]
    folder = one(tmp_path, constant=many)
    assert changed(folder, "reasons", BY, "constant", to=[]) == ['no reason grants it: constant "x0"']
    grant(folder)
    (why,) = changed(folder, "reasons", BY, "needs", to=many)
    assert why == 'its reason says so, and the claim does not: needs "x0"'


def test_needs_are_the_reasons_own(tmp_path: Path) -> None:
    folder = one(tmp_path)
    change(folder / "certificates" / "first.1.json", "claim", "needs", to=["a tag"])
    reseal(folder / "certificates" / "first.1.json")
    record = json.loads((folder / "result.json").read_text())
    made = json.loads((folder / "certificates" / "first.1.json").read_text())
    record["proof"][0]["steps"][0]["certificate"] = made["seal"]
    (folder / "result.json").write_text(json.dumps(record))
    assert reasons(tmp_path) == [""]
    (why,) = changed(folder, "reasons", BY, "needs", to=[])
    assert why == 'no reason grants it: needs "a tag"'


def test_the_model_grants_to_all(tmp_path: Path) -> None:
    folder = one(tmp_path, domains={"x": "positive"}, meanings={"c": 2}, constant=["A"], steady={"t": ["x"]})
    assert changed(folder, "reasons", BY, to={}) != [""]
    model = {"meanings": {"c": 2}, "domains": {"x": "positive"}, "constant": ["A"], "steady": {"t": ["x"]}, "still": {}}
    assert changed(folder, "model", to=model) == [""]


def test_differences_of_dimensions_are_always_steady(tmp_path: Path) -> None:
    folder = one(tmp_path, steady={"r": ["D - k", "d - k"]})
    assert changed(folder, "reasons", BY, "steady", to={}) == [""]
    folder = one(tmp_path, still={"r": ["A"]})
    assert changed(folder, "reasons", BY, "still", to={}) == ['no reason grants it: still r "A"']


PLANES = {
    "coupling": 0,
    "classes": [
        {
            "name": "all",
            "sizes": {"D": 1, "k": 0, "d": 0},
            "count": "D",
            "over": None,
            "blocks": {"A": ["Matrix", "1", "1", 1]},
        }
    ],
}


@pytest.mark.parametrize(
    ("where", "to"),
    [(("coupling",), 1), (("all", "count"), "k"), (("all", "over"), "pairs"), (("all", "sizes", "D"), 2),
     (("all", "blocks", "A"), ["Matrix", "1", "1", 2])],
)  # fmt: skip
def test_planes(tmp_path: Path, where: tuple[str, ...], to: Any) -> None:
    domains = {"D": "nonnegative", "D - k": "nonnegative"}
    facts = {"planes": PLANES, "domains": domains, "meanings": {"k": 0, "d": 0}}
    trace = ["Trace", A]
    folder = write(tmp_path, "one", first=(trace, [step("=", trace, ["closed"], **facts)])).parent
    before = reasons(tmp_path)
    (why,) = changed(folder, "reasons", BY, "planes", *where, to=to)
    assert why.startswith(f"no reason grants it: planes {' '.join(where)} ") and why not in before


def test_reasons_that_nothing_knows(tmp_path: Path) -> None:
    folder = one(tmp_path)
    file = folder / "axioms.json"
    change(file, "reasons", to={"another": {}})
    assert reasons(tmp_path) == [f"no axiom here, and no lemma: {BY}"]
    grant(folder)
    write(tmp_path, "two", first=("x", [step("=", "x", ["same"])]))
    assert reasons(tmp_path) == [""]
    change(file, "reasons", to={"one, first, 1": {}})  # what another result's axioms grant, one's own may not
    change(tmp_path / "two" / "axioms.json", "reasons", "more", to={})
    made = json.loads((folder / "certificates" / "first.1.json").read_text())["claim"]
    known = Catalogue(tmp_path).axioms
    known.require(made)
    with pytest.raises(Refused, match="no axiom here, and no lemma: more"):
        known.require({**made, "reasons": [*made["reasons"], "more"]})
    with pytest.raises(Refused, match="no axiom here, and no lemma: more"):
        known.require({**made, "reasons": ["more"], "result": "three"})


def test_one_name_grants_one_thing_in_all_of_a_folder(tmp_path: Path) -> None:
    folder = two(tmp_path).parent
    write(tmp_path, "two", first=("x", [step("=", "x", ["same"])]))
    change(tmp_path / "two" / "axioms.json", "reasons", "one, second, 1", to={"domains": {"x": "unit"}})
    why = "one result's axioms say another thing than another's: one, second, 1"
    assert reasons(tmp_path) == ["", "", why, "the step before is not accepted"]
    assert reasons(tmp_path, "two") == [""]
    change(folder / "axioms.json", "reasons", "one, second, 1", to={"domains": {"x": "unit"}})
    assert reasons(tmp_path)[2] == ""


def test_a_folder_has_one_model(tmp_path: Path) -> None:
    two(tmp_path)
    write(tmp_path, "two", first=("x", [step("=", "x", ["same"])]))
    assert reasons(tmp_path, "two") == [""]
    change(tmp_path / "two" / "axioms.json", "model", "domains", to={"x": "unit"})
    why = "a folder with results of two models"
    assert reasons(tmp_path, "two") == [why] and reasons(tmp_path)[0] == why


@pytest.mark.parametrize(
    ("where", "to", "why"),
    [(("format",), "latentreuse-axioms/2", "axioms of another format"), (("more",), 1, "axioms of another format"),
     (("model", "more"), {}, "a model of other tables"), (("model",), {}, "a model of other tables")],
)  # fmt: skip
def test_files_of_another_format(tmp_path: Path, where: tuple[str, ...], to: Any, why: str) -> None:
    folder = one(tmp_path)
    change(folder / "axioms.json", *where, to=to)
    found = answers(tmp_path)
    assert [x.reason for x in found] == [f"no axiom here, and no lemma: {BY}", why]
    assert (found[-1].result, found[-1].chain, found[-1].step) == ("one", "axioms.json", 0)


def test_files_that_are_not_there(tmp_path: Path) -> None:
    folder = one(tmp_path)
    (folder / "axioms.json").unlink()
    assert reasons(tmp_path) == [f"no axiom here, and no lemma: {BY}", "no file, or a link"]


def test_lemmas_are_reasons(tmp_path: Path) -> None:
    item = {"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}
    lines = [step("=", ["Multiply", 2, "x"], domains={"x": "nonnegative"})]
    use = [step("=", ["Multiply", 2, "x"], ["same"], domains={"x": "nonnegative"}, lemmas=[item])]
    folder = write(tmp_path, "one", first=(["Add", "x", "x"], lines), second=(["Add", "x", "x"], use)).parent
    assert reasons(tmp_path) == ["", ""]
    made = json.loads((folder / "certificates" / "second.1.json").read_text())["claim"]
    known = Catalogue(tmp_path).axioms
    own, named = made["reasons"]
    assert named == "one, first"
    gram = {**item, "grants": "Gram"}
    known.require({**made, "reasons": [own, "a matrix with zero Gram matrix is zero (first)"]})
    known.require({**made, "lemmas": [gram], "cites": ["Gram"]})
    for other in (
        {"reasons": [own]},
        {"lemmas": [{**item, "chain": "third"}]},
        {"lemmas": [item, {**item, "chain": "x"}]},
    ):
        with pytest.raises(Refused, match="a lemma that is no reason of the step"):
            known.require({**made, **other})
    with pytest.raises(Refused, match='no reason grants it: cites "Gram"'):
        known.require({**made, "cites": ["Gram"]})
    with pytest.raises(Refused, match='its reason says so, and the claim does not: cites "Gram"'):
        known.require({**made, "lemmas": [gram]})


def test_one_hash_for_all_that_is_granted(tmp_path: Path) -> None:
    folder = two(tmp_path).parent
    before = Catalogue(tmp_path).granted()
    assert before.startswith("granted 4 reasons (axioms ") and Catalogue(tmp_path).granted() == before
    seen = {before}
    for where, to in (
        (("reasons", "more"), {}),
        (("reasons", "more"), {"needs": ["x"]}),
        (("model", "constant"), ["A"]),
    ):
        change(folder / "axioms.json", *where, to=to)
        seen.add(Catalogue(tmp_path).granted())
    assert len(seen) == 4 and all("granted 5 reasons" in one for one in seen - {before})


def test_evidence_is_no_matter_of_axioms(tmp_path: Path) -> None:
    """What is granted and false is refused where the claim is decided."""
    write(tmp_path, "one", first=("x", [step("=", ["Add", "x", 1])]))
    assert reasons(tmp_path) == ["the two sides are not equal"]
    write(tmp_path, "one", first=("x", [step("<=", 2, [fraction(("1", {}))], "certificate")]))
    assert reasons(tmp_path)[0]


def test_what_is_asked_first() -> None:
    made = Axioms()
    with pytest.raises(Refused, match="a folder with results of two models"):
        made.of_model  # noqa: B018 - asked for its refusal
    made.add("one", {"format": "latentreuse-axioms/1", "model": MODEL, "reasons": {}})
    made.add("two", {"format": "latentreuse-axioms/1", "model": dict(MODEL), "reasons": {}})
    assert made.of_model == set() and made.models == [MODEL]
