"""Text tables: nothing is cut at any width."""

import pytest

from latentreuse.tables import markdown, table

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


def test_no_rows() -> None:
    assert table(HEADERS, [], 80).splitlines()[0].split() == list(HEADERS)


def test_bars_in_markdown_cells_are_escaped() -> None:
    assert markdown(("a",), [("x | y",)]) == "| a |\n| --- |\n| x \\| y |"
