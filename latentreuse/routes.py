"""Lines from box to box that run at right angles in the free lanes between rows and columns, none over a box."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from latentreuse.graph import BAND, Placement, Rests

WIDE, HIGH = 122, 56  # a box
GUTTER, CHANNEL, LANE = 24, 22, 6  # least room between columns and between rows; between two lines
MARGIN: Final = 14
HEADING: Final = 44  # room for the headings of the panels
APART: Final = 12  # between two lines into one box
Point = tuple[int, int]
Span = tuple[int, int]


@dataclass(frozen=True)
class Route:
    """One line, as its corners, from a result to one that rests on it."""

    source: str
    target: str
    corners: tuple[Point, ...]


@dataclass(frozen=True)
class Drawing:
    """Where everything is drawn: the left upper corner of each box, the lines, and the outline of each panel."""

    width: int
    height: int
    corners: Mapping[str, Point]
    routes: tuple[Route, ...]
    outlines: tuple[tuple[int, int, int, int], ...]  # x, y, width, height: the band's, then each panel's


def packed(spans: Mapping[str, Span], gap: int) -> dict[str, int]:
    """A lane for each span, so that spans in one lane are more than ``gap`` apart."""
    ends: list[int] = []
    lanes = {}
    for name, (low, high) in sorted(spans.items(), key=lambda item: (item[1], item[0])):
        lane = next((n for n, end in enumerate(ends) if end + gap < low), len(ends))
        ends[lane : lane + 1] = [high]
        lanes[name] = lane
    return lanes


class Router:
    """Lanes are given out in two rounds: first in the gutters between columns, which settles every x, then between
    the rows, which settles every y."""

    def __init__(self, placement: Placement, edges: Rests) -> None:
        self.places, self.panels = placement.places, placement.panels
        self.edges = [(source, target) for target, used in edges.items() for source in used]
        self.columns = max((panel.last for panel in placement.panels), default=-1) + 1
        self.rows = max((place.row for place in self.places.values()), default=BAND) + 1
        self.band = [one for one, place in self.places.items() if place.row == BAND]
        self._set_across()
        self._set_down()

    def gutter(self, source: str, target: str) -> int | None:
        """The gutter that a line goes down: it bears the number of the column to its right. None without need."""
        start, end = self.places[source], self.places[target]
        if end.row == BAND or (start.row != BAND and end.row == start.row + 1):
            return None
        from_right = self._nominal(source) > self._nominal(target)
        return end.column + (1 if from_right else 0)

    def _nominal(self, one: str) -> int:
        """About where a box stands, before the gutters have their widths."""
        place = self.places[one]
        if place.row != BAND:
            return 2 * place.column + 1
        return 2 * self.columns * (2 * place.column + 1) // (2 * max(len(self.band), 1))

    def _set_across(self) -> None:
        """Lanes of the gutters, and every x."""
        spans: dict[int, dict[str, Span]] = defaultdict(dict)
        for source, target in self.edges:
            gutter = self.gutter(source, target)
            if gutter is not None:
                low, high = self.places[source].row, self.places[target].row
                before = spans[gutter].get(source, (low, high))
                spans[gutter][source] = (min(low, before[0]), max(high, before[1]))
        self.gutter_x: dict[tuple[int, str], int] = {}
        self.column_x: list[int] = []
        x = MARGIN
        for gutter in range(self.columns + 1):
            lanes = packed(spans[gutter], 0)
            for source, lane in lanes.items():
                self.gutter_x[gutter, source] = x + GUTTER // 2 + LANE * lane
            x += GUTTER + LANE * max(lanes.values(), default=0)
            self.column_x.append(x)
            x += WIDE
        self.width = max(x - WIDE, 2 * MARGIN + len(self.band) * (WIDE + 2 * GUTTER)) + MARGIN

    def x(self, one: str) -> int:
        """The left edge of a box; the band's boxes share its length evenly."""
        place = self.places[one]
        if place.row != BAND:
            return self.column_x[place.column]
        return MARGIN + (self.width - 2 * MARGIN) * (2 * place.column + 1) // (2 * len(self.band)) - WIDE // 2

    def middle(self, one: str) -> int:
        return self.x(one) + WIDE // 2

    def entry(self, source: str, target: str) -> int:
        """The x at which a line enters a box: its middle when it comes straight down, else beside that."""
        if self._straight(source, target):
            return self.middle(target)
        comers = [one for one, other in self.edges if other == target and not self._straight(one, target)]
        ways = sorted((self._comes(one, target), one) for one in comers)
        left = [one for x, one in ways if x <= self.middle(target)]
        if source in left:
            return self.middle(target) - APART * (len(left) - left.index(source))
        return self.middle(target) + APART * ([one for _, one in ways].index(source) - len(left) + 1)

    def _straight(self, source: str, target: str) -> bool:
        """A line that goes straight down, as nothing stands between."""
        return self.gutter(source, target) is None and self.middle(source) == self.middle(target)

    def _comes(self, source: str, target: str) -> int:
        gutter = self.gutter(source, target)
        return self.middle(source) if gutter is None else self.gutter_x[gutter, source]

    def _channels(self, source: str, target: str) -> list[tuple[int, list[int]]]:
        """The channels of a line, each with the x between which it runs there. The channel above a row bears the
        row's number; the one below the band is that of the band."""
        start, end = self.places[source], self.places[target]
        leave, enter = self.middle(source), self.entry(source, target)
        below = BAND if start.row == BAND else start.row + 1
        gutter = self.gutter(source, target)
        if gutter is None:
            return [(below, [leave, enter])]
        between = self.gutter_x[gutter, source]
        return [(below, [leave, between]), (end.row, [between, enter])]

    def _beside(self, source: str, target: str) -> bool:
        """Neighbours in the band are joined straight."""
        start, end = self.places[source], self.places[target]
        return start.row == end.row == BAND and end.column == start.column + 1

    def _set_down(self) -> None:
        """Lanes of the channels, and every y."""
        spans: dict[int, dict[str, Span]] = defaultdict(dict)
        for source, target in self.edges:
            for channel, ends in self._channels(source, target) if not self._beside(source, target) else ():
                low, high = spans[channel].get(source, (ends[0], ends[0]))
                spans[channel][source] = (min(low, *ends), max(high, *ends))
        self.channel_y: dict[tuple[int, str], int] = {}
        self.row_y: dict[int, int] = {BAND: MARGIN + HEADING // 2 + 8}
        y = self.row_y[BAND] + HIGH + 8
        for channel in range(BAND, self.rows):
            moving = {one: span for one, span in spans[channel].items() if span[0] != span[1]}
            lanes = packed(moving, LANE)
            for source in spans[channel]:
                self.channel_y[channel, source] = y + CHANNEL // 2 + LANE * lanes.get(source, 0)
            y += CHANNEL + LANE * max(lanes.values(), default=0)
            if channel == BAND:
                self.panel_y = y
                y += HEADING - CHANNEL // 2
            else:
                self.row_y[channel] = y
                y += HIGH
        self.height = y + MARGIN

    def route(self, source: str, target: str) -> Route:
        """One line's corners."""
        top, bottom = self.row_y[self.places[target].row], self.row_y[self.places[source].row] + HIGH
        if self._beside(source, target):
            y = bottom - HIGH // 2
            return Route(source, target, ((self.x(source) + WIDE, y), (self.x(target), y)))
        corners: list[Point] = [(self.middle(source), bottom)]
        for channel, (start, end) in self._channels(source, target):
            y = self.channel_y[channel, source]
            corners += [(start, y), (end, y)]
        last = corners[-1][0]
        corners.append((last, bottom if self.places[target].row == BAND else top))
        return Route(source, target, tuple(corners))

    def drawing(self) -> Drawing:
        """Everything, placed."""
        outlines = [(MARGIN, MARGIN, self.width - 2 * MARGIN, self.row_y[BAND] + HIGH + 8 - MARGIN)]
        for panel in self.panels:
            left, right = self.column_x[panel.first] - 7, self.column_x[panel.last] + WIDE + 7
            outlines.append((left, self.panel_y, right - left, self.height - MARGIN - self.panel_y + 8))
        corners = {one: (self.x(one), self.row_y[place.row]) for one, place in self.places.items()}
        routes = tuple(self.route(source, target) for source, target in self.edges)
        return Drawing(self.width, self.height + 8, corners, routes, tuple(outlines))


def bends(corners: Iterable[Point]) -> list[Point]:
    """The corners without those where a line does not turn."""
    kept: list[Point] = []
    for point in corners:
        if kept and point == kept[-1]:
            continue
        while len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept.pop()
        kept.append(point)
    return kept
