"""Text tables: nothing is cut at any width."""

import pytest

from latentreuse.tables import grouped_table, markdown, natural_width, table

HEADERS = ("result", "verdict", "detail")
ROWS = [("frozen-latent-error", "PROVED", "141 frames, residual 0"), ("exact-kl", "UNDECIDED", "- [1]")]


@pytest.mark.parametrize("width", [1, 20, 40, 50, 60, 80, 200])
def test_no_cell_is_cut_at_any_width(width: int) -> None:
    text = table(HEADERS, ROWS, width, rigid=2)
    for row in ROWS:
        assert row[0] in text and row[1] in text
        assert all(word in text.split() for word in row[2].split())


@pytest.mark.parametrize("width", [45, 60, 80, 200])
def test_a_table_that_fits_stays_inside(width: int) -> None:
    assert max(map(len, table(HEADERS, ROWS, width, rigid=2).splitlines())) <= width


def test_wide_enough_means_one_line_a_row() -> None:
    lines = table(HEADERS, ROWS, 80).splitlines()
    assert len(lines) == 4
    assert lines[0].split() == list(HEADERS)


def test_too_narrow_means_stacked() -> None:
    assert table(HEADERS, ROWS, 20).splitlines()[:3] == [
        "frozen-latent-error",
        "  verdict: PROVED",
        "  detail: 141 frames, residual 0",
    ]


@pytest.mark.parametrize("width", [20, 60, 200])
def test_groups_share_their_columns(width: int) -> None:
    text = grouped_table(HEADERS, [("First", ROWS[:1]), ("Second", ROWS[1:])], width, rigid=2)
    plain = table(HEADERS, ROWS, width, rigid=2)
    assert [line for line in text.splitlines() if line not in {"", "First", "Second"}] == plain.splitlines()
    assert text.index("First") < text.index(ROWS[0][0]) < text.index("Second") < text.index(ROWS[1][0])


def test_the_natural_width_is_that_of_one_line_a_row() -> None:
    width = natural_width(HEADERS, ROWS)
    assert len(table(HEADERS, ROWS, width).splitlines()) == 4
    assert len(table(HEADERS, ROWS, width - 1).splitlines()) > 4


def test_no_rows() -> None:
    assert table(HEADERS, [], 80).splitlines()[0].split() == list(HEADERS)


def test_bars_in_markdown_cells_are_escaped() -> None:
    assert markdown(("a",), [("x | y",)]) == "| a |\n| --- |\n| x \\| y |"
