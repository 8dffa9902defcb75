"""Text tables that stay readable at any width: cells wrap, and where even that does not fit, rows are stacked."""

import textwrap
from collections.abc import Sequence
from typing import Final

GAP: Final = 2


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split()), default=0)


def _widths(grid: Sequence[Sequence[str]], rigid: int, room: int) -> list[int] | None:
    """Column widths that fill at most ``room``; the first ``rigid`` columns never wrap. None if nothing fits."""
    columns = list(zip(*grid, strict=True))
    widths = [max(len(cell) for cell in column) for column in columns]
    least = [
        width if i < rigid else max(_longest_word(cell) for cell in column)
        for i, (width, column) in enumerate(zip(widths, columns, strict=True))
    ]
    available = room - GAP * (len(columns) - 1)
    if sum(least) > available:
        return None
    while sum(widths) > available:
        widest = max((i for i in range(len(widths)) if widths[i] > least[i]), key=lambda i: widths[i])
        widths[widest] -= 1
    return widths


def natural_width(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """How wide a table is in which nothing wraps."""
    columns = zip(*(headers, *rows), strict=True)
    return sum(max(map(len, column)) for column in columns) + GAP * (len(headers) - 1)


def _wrapped(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    """One row as lines of text."""
    blocks = [
        textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False) or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    height = max(map(len, blocks))
    padded = [block + [""] * (height - len(block)) for block in blocks]
    gap = " " * GAP
    return [
        gap.join(block[line].ljust(width) for block, width in zip(padded, widths, strict=True)).rstrip()
        for line in range(height)
    ]


def _stacked(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Each row as a block of ``header: cell`` lines; lines may be longer than the terminal, nothing is cut."""
    blocks = []
    for row in rows:
        rest = [f"  {header}: {cell}" for header, cell in zip(headers[1:], row[1:], strict=True) if cell]
        blocks.append("\n".join([row[0], *rest]))
    return "\n".join(blocks)


Groups = Sequence[tuple[str | None, Sequence[Sequence[str]]]]


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, rigid: int = 1) -> str:
    """A table of text cells no wider than ``width``, or the stacked form. The first ``rigid`` columns never wrap."""
    return grouped_table(headers, [(None, rows)], width, rigid)


def grouped_table(headers: Sequence[str], groups: Groups, width: int, rigid: int = 1) -> str:
    """The same with rows under headings, all in columns of the same widths."""
    rows = [row for _, members in groups for row in members]
    widths = _widths([headers, *rows], rigid, width)
    if widths is None:
        return "\n".join(
            text for heading, members in groups for text in [*_heading(heading), _stacked(headers, members)]
        )
    lines = _wrapped(headers, widths)
    lines.append((" " * GAP).join("-" * column for column in widths))
    for heading, members in groups:
        lines += _heading(heading)
        for row in members:
            lines += _wrapped(row, widths)
    return "\n".join(lines)


def _heading(heading: str | None) -> list[str]:
    """An empty line and the heading, or nothing."""
    return ["", heading] if heading else []


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A GitHub-flavoured Markdown table; bars inside cells are escaped."""
    grid = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in grid)
