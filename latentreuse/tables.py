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


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int, rigid: int = 1) -> str:
    """A table of text cells no wider than ``width``, or the stacked form. The first ``rigid`` columns never wrap."""
    widths = _widths([headers, *rows], rigid, width)
    if widths is None:
        return _stacked(headers, rows)
    lines = _wrapped(headers, widths)
    lines.append((" " * GAP).join("-" * column for column in widths))
    for row in rows:
        lines += _wrapped(row, widths)
    return "\n".join(lines)


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A GitHub-flavoured Markdown table; bars inside cells are escaped."""
    grid = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in grid)
