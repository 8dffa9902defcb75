"""The catalogue as a graph: which result rests on which, and the row and column where each stands in the picture.

The first heading's results stand side by side in a band on top; below it every further heading has a panel of columns,
in which a result stands lower than everything that it rests on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

ROWS: Final = 6  # a panel with more results than this gets a further column
BAND: Final = -1  # the row of the band
Rests = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Place:
    """Where a result stands: its row, and its column in the picture (in the band: its number from the left)."""

    row: int
    column: int


@dataclass(frozen=True)
class Panel:
    """A heading's columns, first to last, and its results."""

    heading: str
    first: int
    last: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Placement:
    """The band, the panels below it, and where every result stands."""

    band: Panel
    panels: tuple[Panel, ...]
    places: Mapping[str, Place]


def ancestors(rests: Rests) -> dict[str, frozenset[str]]:
    """Everything that each result rests on. ``rests`` names what others rest on first."""
    found: dict[str, frozenset[str]] = {}
    for one, direct in rests.items():
        found[one] = frozenset(direct).union(*(found[other] for other in direct))
    return found


def direct(rests: Rests) -> dict[str, tuple[str, ...]]:
    """What each result rests on, without what one of those rests on itself: the transitive reduction."""
    above = ancestors(rests)
    return {
        one: tuple(x for x in rests if x in used and not any(x in above[other] for other in used))
        for one, used in rests.items()
    }


def placed(rests: Rests, headings: Sequence[tuple[str, Sequence[str]]]) -> Placement:
    """Rows and columns for the results, which ``headings`` groups. Raises ValueError if there is none."""
    if not headings:
        raise ValueError("there is no result to show")
    (top, band), *rest = headings
    places = {one: Place(BAND, number) for number, one in enumerate(x for x in rests if x in band)}
    panels, first = [], 0
    for heading, members in rest:
        width = -(-len(members) // ROWS)
        panels.append(Panel(heading, first, first + width - 1, tuple(members)))
        first += width
    below = direct(rests)
    for panel_of, row in _rows(rests, panels).items():
        panel, number = panel_of
        for one, column in zip(row, _columns(row, panel, below, places), strict=True):
            places[one] = Place(number, column)
    return Placement(Panel(top, 0, max(len(band), 1) - 1, tuple(band)), tuple(panels), places)


def _rows(rests: Rests, panels: Sequence[Panel]) -> dict[tuple[Panel, int], list[str]]:
    """The members of every panel's rows, upper rows first: each as high as what it rests on and the room allow."""
    home = {one: panel for panel in panels for one in panel.members}
    rows: dict[tuple[Panel, int], list[str]] = {}
    row_of: dict[str, int] = {}
    for one in rests:
        if one not in home:
            continue
        panel = home[one]
        row = max((row_of[other] + 1 for other in rests[one] if other in row_of), default=0)
        while len(rows.get((panel, row), ())) > panel.last - panel.first:
            row += 1
        rows.setdefault((panel, row), []).append(one)
        row_of[one] = row
    return dict(sorted(rows.items(), key=lambda item: item[0][1]))


def _columns(row: Sequence[str], panel: Panel, below: Rests, places: Mapping[str, Place]) -> tuple[int, ...]:
    """Columns for one row of a panel: those with the shortest way to what each result rests on directly."""

    def way(columns: tuple[int, ...]) -> int:
        return sum(
            abs(places[other].column - column)
            for one, column in zip(row, columns, strict=True)
            for other in below[one]
            if places[other].row != BAND
        )

    return min(permutations(range(panel.first, panel.last + 1), len(row)), key=lambda columns: (way(columns), columns))
