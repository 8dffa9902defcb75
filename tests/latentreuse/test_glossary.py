"""The glossary names what occurs, nothing else, and where."""

from latentreuse import catalogue, glossary
from theory.symbols import LETTERS, SYMBOLS
from theory.terms import TERMS

RECORDS = [catalogue.record(one) for one in catalogue.known_ids()]


def test_names_of_a_tree() -> None:
    tree = [
        "Add",
        ["Sum", "target", "a_i"],
        ["Letter", "U", "gen", "D", "k"],
        ["Rational", "1", "2"],
        3,
        ["D", "h", "t"],
    ]
    assert set(glossary.names_in(tree)) == {("sym", "a_i"), ("letter", "U"), ("sym", "h"), ("sym", "t")}
    assert not set(glossary.names_in(["Matrix", "D", "k", 1, 0])) and not set(glossary.names_in(["Identity", "D"]))


def test_every_symbol_of_a_value_is_listed_under_its_result() -> None:
    found = glossary.occurrences(RECORDS)
    for one in RECORDS:
        for name in one["symbols"]:
            assert one["id"] in found["sym", name]


def test_what_occurs_is_declared_and_shown_and_nothing_else() -> None:
    text, found = glossary.glossary(), glossary.occurrences(RECORDS)
    assert {name for kind, name in found if kind == "sym"} <= SYMBOLS.keys()
    for kind, table in (("sym", SYMBOLS), ("letter", LETTERS)):
        for name, one in table.items():
            row = f"| ${one.latex}$ | `{name}` |"
            assert (row in text) == ((kind, name) in found)
    assert all(f"]: ../derivations/{one['id']}/page.md" in text for one in RECORDS)


def test_every_row_has_the_cells_of_its_table() -> None:
    rows = [row for row in glossary.glossary().splitlines() if row.startswith("| ")]
    assert len(rows) > len(TERMS) + 60
    assert {row.replace("\\|", "").count("|") for row in rows} == {3, 5}
