"""The picture: checked in as drawn, a graph that is right, boxes and lines that do not run into one another."""

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import derivations
from latentreuse import catalogue, graph, picture, readme, routes

ROOT = Path(__file__).resolve().parents[2]
RESTS = {one: tuple(catalogue.record(one)["rests_on"]) for one in catalogue.known_ids()}
GROUPS = [
    (str(heading), [one.id for one in members])
    for heading, members in catalogue.grouped(map(catalogue.emitted, catalogue.known_ids()), lambda one: one.section)
]


def drawing() -> routes.Drawing:
    return routes.Router(graph.placed(RESTS, GROUPS), graph.direct(RESTS)).drawing()


@pytest.mark.parametrize("name", ["docs/results.svg", "docs/glossary.md"])
def test_pages_are_fresh(name: str) -> None:
    assert (ROOT / name).read_bytes().decode("utf-8") == readme.pages()[name], "run: python -m latentreuse.readme"


def test_a_stale_picture_is_noticed() -> None:
    one, *others = (catalogue.emitted(name) for name in catalogue.known_ids())
    changed = [catalogue.Emitted(one.id, one.title, "REFUTED", "", "", (), one.section), *others]
    assert picture.drawn(changed, RESTS) != picture.svg()
    assert picture.drawn([one, *others], {**RESTS, "exact-kl": ("principal-planes",)}) != picture.svg()


def test_every_result_and_its_verdict_is_shown() -> None:
    text = picture.svg()
    root = ElementTree.fromstring(text)
    links = [link.get("href") for link in root.iter("{http://www.w3.org/2000/svg}a")]
    assert sorted(links) == sorted(f"../derivations/{one}/page.md" for one in catalogue.known_ids())
    for one in map(catalogue.emitted, catalogue.known_ids()):
        assert f"<title>{one.id}: {one.verdict}</title>" in text
    assert "prefers-color-scheme:dark" in text and not re.search(r"\d\.\d+[\" ]", text.split("</style>")[1])


def test_what_a_result_rests_on_is_imported_by_its_file() -> None:
    for one, used in RESTS.items():
        source = (ROOT / "derivations" / f"{one.replace('-', '_')}.py").read_text(encoding="utf-8")
        imported = set(
            re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"from derivations import (\([^)]*\)|[^\n]*)", source)))
        )
        assert {name.replace("-", "_") for name in used} <= imported
    assert list(RESTS) == derivations.ids()


def test_the_reduction_keeps_who_rests_on_whom() -> None:
    assert graph.ancestors(graph.direct(RESTS)) == graph.ancestors(RESTS)
    assert graph.direct({"a": (), "b": ("a",), "c": ("a", "b")}) == {"a": (), "b": ("a",), "c": ("b",)}


def test_a_result_stands_below_what_it_rests_on() -> None:
    places = graph.placed(RESTS, GROUPS).places
    for one, used in RESTS.items():
        for other in used:
            assert (places[other].row, places[other].column) < (places[one].row, places[one].column) or (
                places[other].row < places[one].row
            )
    assert len({(p.row, p.column) for p in places.values()}) == len(places)


def test_boxes_do_not_overlap_and_lines_miss_them() -> None:
    shown = drawing()
    boxes = list(shown.corners.values())
    for (x, y), (u, v) in itertools.combinations(boxes, 2):
        assert abs(x - u) >= routes.WIDE or abs(y - v) >= routes.HIGH
    for route in shown.routes:
        corners = routes.bends(route.corners)
        for (x, y), (u, v) in itertools.pairwise(corners):
            assert x == u or y == v
            for left, top in boxes:
                inside_x = max(min(x, u), left + 1) <= min(max(x, u), left + routes.WIDE - 1)
                inside_y = max(min(y, v), top + 1) <= min(max(y, v), top + routes.HIGH - 1)
                assert not (inside_x and inside_y), (route.source, route.target)


def test_lines_of_two_results_share_no_piece() -> None:
    pieces: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for route in drawing().routes:
        for (x, y), (u, v) in itertools.pairwise(routes.bends(route.corners)):
            key, span = (("x", x), sorted((y, v))) if x == u else (("y", y), sorted((x, u)))
            pieces.setdefault(key, []).append((span[0], span[1], route.source))
    for spans in pieces.values():
        for (low, high, one), (start, end, other) in itertools.combinations(spans, 2):
            assert one == other or min(high, end) - max(low, start) <= 0


def test_titles_fit_their_boxes() -> None:
    for one in map(catalogue.emitted, catalogue.known_ids()):
        lines = picture.balanced(one.title, routes.WIDE - 10)
        assert len(lines) <= 3 and all(picture.words_width(line) <= routes.WIDE - 10 for line in lines), one.title


@pytest.mark.parametrize("size", [1, 3, 13])
def test_other_catalogues_can_be_drawn(size: int) -> None:
    ids = [f"r{number}" for number in range(size)]
    rests = {one: tuple(ids[:number][-2:]) for number, one in enumerate(ids)}
    results = [
        catalogue.Emitted(one, f"A result <{one}>", "UNDECIDED", "", "", (), "Top" if one == "r0" else "Rest")
        for one in ids
    ]
    root = ElementTree.fromstring(picture.drawn(results, rests))
    assert len(list(root.iter("{http://www.w3.org/2000/svg}a"))) == size


def test_nothing_to_show_is_said() -> None:
    with pytest.raises(ValueError, match="no result"):
        graph.placed({}, [])
