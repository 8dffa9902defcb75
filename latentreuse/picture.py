"""The picture of the catalogue: its graph as an SVG file, drawn in whole numbers so that every machine draws the same.

``python -m latentreuse.readme`` writes it. Colours say the heading, marks the verdict; both have a dark variant.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from latentreuse.catalogue import Emitted, emitted, grouped, known_ids, record
from latentreuse.graph import Panel, Rests, direct, placed
from latentreuse.routes import HIGH, WIDE, Drawing, Point, Route, Router, bends

SIZE: Final = 12  # of the text
LINE: Final = 14
FOOT: Final = 34  # room for the legend
ROUND: Final = 5
FONT: Final = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"
# In light and in dark: ink, quiet ink, page, box.
INKS: Final = (("#1f2328", "#59636e", "#ffffff", "#ffffff"), ("#e6edf3", "#9198a1", "#0d1117", "#161b22"))
# For each heading, in light and in dark: its lines and its panel.
HUES: Final = (
    (("#57606a", "#f0f2f4"), ("#9aa4ae", "#191e24")),
    (("#1f6feb", "#eaf2ff"), ("#6cb0ff", "#101d30")),
    (("#8250df", "#f5efff"), ("#bc9aff", "#1e1831")),
    (("#0a7f8c", "#e3f6f7"), ("#4cc5d2", "#0c2528")),
    (("#a8530a", "#fdf1e3"), ("#f0a35e", "#2a1d0f")),
    (("#bf3989", "#fdecf5"), ("#f28bc4", "#2b1422")),
)
# For each verdict: its colour in light and in dark, and a mark that is drawn in a circle.
MARKS: Final = {
    "PROVED": ("#1a7f37", "#2ea043", "M-3 0l2 3l4 -6"),
    "SUPPORTED": ("#0969da", "#1f6feb", "M-3 -2h6M-3 2h6"),
    "ADMITTED": ("#9a6700", "#bb8009", "M0 -4v5M0 3v1"),
    "UNDECIDED": ("#59636e", "#6e7681", "M-3 0h6"),
    "REFUTED": ("#cf222e", "#da3633", "M-3 -3l6 6M3 -3l-6 6"),
}
# How far a letter takes a line, in hundredths of the size, where it is not 56 (small) or 68 (capital).
_ADVANCE: Final = {
    **dict.fromkeys("ijlftrI.,:'()- ", 32),
    **dict.fromkeys("ckvsxyzJ", 51),
    **dict.fromkeys("mwMWGOQ", 86),
}


def words_width(words: str) -> int:
    """About how wide a line of text is, in pixels, in the usual sans-serif fonts; rather too wide."""
    return sum(_ADVANCE.get(c, 68 if c.isupper() else 56) for c in words) * SIZE // 100


def filled(words: str, width: int) -> list[str]:
    """Lines of at most about ``width`` pixels; a word is never cut."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if words_width(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def balanced(words: str, width: int) -> list[str]:
    """As few lines as ``filled`` needs, of nearly the same length."""
    best = filled(words, width)
    for narrower in range(width - 4, 0, -4):
        lines = filled(words, narrower)
        if len(lines) > len(best) or any(words_width(line) > width for line in lines):
            break
        best = lines
    return best


def svg() -> str:
    """The picture of all emitted results."""
    results = [emitted(one) for one in known_ids()]
    return drawn(results, {one.id: tuple(record(one.id)["rests_on"]) for one in results})


def drawn(results: Sequence[Emitted], rests: Rests) -> str:
    """The picture of some results and of what each rests on."""
    groups = [(heading or "Results", members) for heading, members in grouped(results, lambda one: one.section)]
    placement = placed(rests, [(heading, [one.id for one in members]) for heading, members in groups])
    drawing = Router(placement, direct(rests)).drawing()
    hue = {one.id: number % len(HUES) for number, (_, members) in enumerate(groups) for one in members}
    panels = (placement.band, *placement.panels)
    verdicts = Counter(one.verdict for one in results)
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width} {drawing.height + FOOT}"'
        f' width="{drawing.width}" height="{drawing.height + FOOT}" role="img" aria-labelledby="title desc">',
        f'<title id="title">The {len(results)} results and what each rests on</title>',
        f'<desc id="desc">An arrow leads from a result to one that rests on it directly. {told}.</desc>',
        f"<style>{_style()}</style>",
        f'<rect class="page" width="{drawing.width}" height="{drawing.height + FOOT}" rx="8"/>',
        *_panels(panels, drawing),
        *(_line(route, hue[route.source]) for route in drawing.routes),
        *(_box(one, drawing.corners[one.id], hue[one.id]) for one in results),
        *_legend(verdicts, drawing),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style() -> str:
    """The colours of both modes; the dark ones count where the reader asks for dark."""
    fixed = (
        f"text{{{FONT};font-size:{SIZE}px}}.h{{font-weight:600}}.e{{fill:none;stroke-width:1.4}}.b{{stroke-width:1.2}}"
        ".m{fill:none;stroke:#fff;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}"
    )
    return f"{fixed}{_colours(0)}@media(prefers-color-scheme:dark){{{_colours(1)}}}"


def _colours(mode: int) -> str:
    ink, quiet, page, box = INKS[mode]
    rules = [f"text{{fill:{ink}}}.q{{fill:{quiet}}}.page{{fill:{page}}}.b{{fill:{box}}}"]
    for number, hue in enumerate(HUES):
        line, panel = hue[mode]
        rules.append(f".l{number}{{stroke:{line}}}.a{number},.t{number}{{fill:{line}}}.p{number}{{fill:{panel}}}")
    rules += [f".{verdict}{{fill:{mark[mode]}}}" for verdict, mark in MARKS.items()]
    return "".join(rules)


def _panels(panels: Iterable[Panel], drawing: Drawing) -> Iterable[str]:
    for number, (panel, (x, y, wide, high)) in enumerate(zip(panels, drawing.outlines, strict=True)):
        hue = number % len(HUES)
        yield f'<rect class="p{hue}" x="{x}" y="{y}" width="{wide}" height="{high}" rx="8"/>'
        for row, line in enumerate(filled(panel.heading, wide - 14 if not number else WIDE)):
            yield f'<text class="h t{hue}" x="{x + 8}" y="{y + 18 + row * LINE}">{escape(line)}</text>'


def _line(route: Route, hue: int) -> str:
    corners = bends(route.corners)
    (x, y), before = corners[-1], corners[-2]
    across = before[1] == y
    tip = f"M{x} {y}l-6 -3v6z" if across else f"M{x} {y}l-3 -6h6z" if before[1] < y else f"M{x} {y}l-3 6h6z"
    return (
        f'<g><title>{route.source} to {route.target}</title><path class="e l{hue}" d="{_rounded(corners)}"/>'
        f'<path class="a{hue}" d="{tip}"/></g>'
    )


def _rounded(corners: Sequence[Point]) -> str:
    """A path along the corners, each cut off and rounded."""
    path = [f"M{corners[0][0]} {corners[0][1]}"]
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        enter, leave = _towards(corner, before), _towards(corner, after)
        path.append(f"L{enter[0]} {enter[1]}Q{corner[0]} {corner[1]} {leave[0]} {leave[1]}")
    return "".join([*path, f"L{corners[-1][0]} {corners[-1][1]}"])


def _towards(corner: Point, other: Point) -> Point:
    """A point a little way from a corner, never beyond the middle of the piece."""
    along = [other[0] - corner[0], other[1] - corner[1]]
    step = min(ROUND, (abs(along[0]) + abs(along[1])) // 2)
    x, y = (step if part > 0 else -step if part < 0 else 0 for part in along)
    return corner[0] + x, corner[1] + y


def _box(one: Emitted, corner: Point, hue: int) -> str:
    x, y = corner
    lines = balanced(one.title, WIDE - 10)
    first = y + HIGH // 2 + 4 - LINE * (len(lines) - 1) // 2
    text = "".join(
        f'<tspan x="{x + WIDE // 2}" y="{first + row * LINE}">{escape(line)}</tspan>' for row, line in enumerate(lines)
    )
    return (
        f'<a href="../derivations/{one.id}/page.md"><title>{one.id}: {one.verdict}</title>'
        f'<rect class="b l{hue}" x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="7"/>'
        f'<text text-anchor="middle">{text}</text>{_mark(one.verdict, x + WIDE - 3, y + 3)}</a>'
    )


def _mark(verdict: str, x: int, y: int) -> str:
    circle = f'<circle class="{verdict}" r="7"/>'
    return f'<g transform="translate({x} {y})">{circle}<path class="m" d="{MARKS[verdict][2]}"/></g>'


def _legend(verdicts: Counter[str], drawing: Drawing) -> Iterable[str]:
    """What marks and lines mean, with how many results have each verdict."""
    x, y = 24, drawing.height + FOOT // 2 - 2
    for verdict in (name for name in MARKS if verdicts[name]):
        words = f"{verdict} ({verdicts[verdict]})"
        yield _mark(verdict, x, y)
        yield f'<text class="q" x="{x + 12}" y="{y + 4}">{words}</text>'
        x += 40 + words_width(words)
    yield f'<path class="e l0" d="M{x} {y}h22"/><path class="a0" d="M{x + 28} {y}l-6 -3v6z"/>'
    words = "the second rests on the first; what follows from other arrows is not drawn"
    yield f'<text class="q" x="{x + 36}" y="{y + 4}">{words}</text>'
