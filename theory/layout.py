"""A printed line on a page: about how wide it is, where it is broken, and what gets a short name so that it fits.

Widths are in hundredths of a point at ten points, estimated from the LaTeX; they decide only the look of a page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from theory.expr import Expr, walk
from theory.latex import added, at_sum, latex

ROOM = 41000  # what a line of a calculation may take
SHORT_NAMES = "XYZABCGHJKLNTVW"
PREFIX = 5500  # "with X = " before what a name stands for
LEAST = 5500  # what is narrower gets no short name
UNNAMED = frozenset({"num", "sym", "letter", "short", "eye", "zero", "neg"})

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
_SIZE: tuple[int, ...] = (100, 100, 70, 50)  # display, text, script, script of a script
_SPACED: dict[str, int] = {
    "+": 1220, "-": 1220, "=": 1330, r"\le": 1330, r"\ge": 1330, r"\cdot": 720, r"\times": 1220, ",": 450,
    r"\sim": 1330, r"\to": 1560,
}  # fmt: skip
_WORDS = {
    r"\ln": 1000, r"\det": 1670, r"\cos": 1500, r"\sin": 1400, r"\min": 1890, r"\max": 2060, r"\varphi": 650,
    r"\int": 1000, r"\nabla": 830, r"\partial": 560, r"\infty": 1000, r"\top": 780, r"\quad": 1000, r"\,": 170,
    r"\qquad": 2000, r"\sum": 1060, r"\colon": 500, r"\star": 500,
}  # fmt: skip
_SILENT = frozenset(
    {"{", "}", " ", "&", r"\displaystyle", r"\mathrm", r"\mathbb", r"\mathcal", r"\mathsf", r"\operatorname"}
)
_ACCENTS = frozenset({r"\dot", r"\hat", r"\bar", r"\tilde"})


class _Ruler:
    """Measures one string of LaTeX."""

    def __init__(self, code: str) -> None:
        self.tokens = _TOKEN.findall(code)
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.place += 1
        return token

    def until(self, closing: frozenset[str], style: int) -> int:
        """The width up to a closing token, which is taken too."""
        total = 0
        while self.next and self.next not in closing:
            total += self.piece(style)
        self.take()
        return total

    def group(self, style: int) -> int:
        """The width of a group in braces, or of one token without them."""
        while self.next == " ":
            self.take()
        if self.next == "{":
            self.take()
            return self.until(frozenset({"}"}), style)
        return self.piece(style)

    def piece(self, style: int) -> int:
        token = self.take()
        if token == "{":
            return self.until(frozenset({"}"}), style)
        if token == r"\frac":
            return max(self.group(min(style + 1, 3)), self.group(min(style + 1, 3))) + 240
        if token == r"\sqrt":
            return self.group(style) + 880 * _SIZE[style] // 100
        if token == r"\left":
            return self.bracket(style)
        if token == r"\begin":
            return self.matrix()
        if token == r"\sum":
            return self.summation(style)
        if token in ("^", "_"):
            return self.scripts(token, style)
        if token == r"\text":
            return self.group(1)
        return self.character(token) if style < 2 else self.small(token, style)

    def small(self, token: str, style: int) -> int:
        """A character in a script, where operators have no room about them."""
        return (780 if token in _SPACED and token != "," else self.character(token)) * _SIZE[style] // 100

    def character(self, token: str) -> int:
        if token in _SILENT or token in _ACCENTS:
            return 0
        if token in _SPACED:
            return _SPACED[token]
        if token in _WORDS:
            return _WORDS[token]
        if token in "()[]|":
            return 390
        return 790 if token.isupper() else 500 if token.isdigit() else 570

    def scripts(self, token: str, style: int) -> int:
        """A superscript and a subscript stand above one another."""
        small = 2 if style < 2 else 3
        wide = self.group(small)
        if self.next in ("^", "_") and self.next != token:
            self.take()
            wide = max(wide, self.group(small))
        return wide + 50

    def bracket(self, style: int) -> int:
        self.take()
        start = self.place
        inner = self.until(frozenset({r"\right"}), style)
        tall = any(t in (r"\frac", r"\begin", r"\sum", r"\sqrt") for t in self.tokens[start : self.place])
        self.take()
        return inner + (1350 if tall else 950) * _SIZE[style] // 100

    def matrix(self) -> int:
        self.group(1)
        start, depth = self.place, 1
        while depth:
            token = self.take()
            depth += (token == r"\begin") - (token == r"\end")
        rows = [row.split("&") for row in "".join(self.tokens[start : self.place - 1]).split(r"\\")]
        self.group(1)
        columns = [max(_Ruler(cell).until(frozenset(), 1) for cell in column) for column in zip(*rows, strict=True)]
        return sum(columns) + 1000 * (len(columns) - 1) + 1500

    def summation(self, style: int) -> int:
        limits = []
        while self.next in ("_", "^"):
            self.take()
            limits.append(self.group(2))
        return max(1440, *limits) + 170 if not style else 1060 + max(limits, default=0) + 170


def width(code: str) -> int:
    """About how wide a formula in display style is, in hundredths of a point."""
    return _Ruler(code).until(frozenset(), 0)


def display_lines(expr: Expr, room: int = ROOM) -> list[str]:
    """A line for display, broken before top-level summands where it would be too wide."""
    whole = latex(expr)
    if expr.head != "add" or width(whole) <= room:
        return [whole]
    lines = [at_sum(expr.children[0])]
    for kid in expr.children[1:]:
        piece = added(kid)
        if width(lines[-1] + piece) <= room:
            lines[-1] += " " + piece
        else:
            lines.append("{} " + piece)
    return lines


def fits(expr: Expr, room: int = ROOM) -> bool:
    """Whether every printed line of it fits."""
    return all(width(line) <= room for line in display_lines(expr, room))


def short(name: str, of: Expr) -> Expr:
    """A short name, printed with an index where what it stands for belongs to one plane."""
    return Expr("short", (name, "i" if _indexed(of) else ""), of.rows, of.cols)


def _indexed(expr: Expr) -> bool:
    if expr.head == "sym":
        return expr.name.endswith("_i")
    if expr.head == "short":
        return expr.args[1] == "i"
    return expr.head != "sum" and any(_indexed(kid) for kid in expr.children)


@dataclass
class Shorthand:
    """The short names of one calculation: what each stands for, in the order in which they are introduced."""

    meaning: dict[Expr, Expr] = field(default_factory=dict)

    def shorten(self, expr: Expr, room: int = ROOM) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        """The line, with short names in it where it does not fit, and the names that are new with their meanings."""
        if fits(expr, room):
            return expr, []
        for name, value in reversed(self.meaning.items()):
            expr = replaced(expr, value, name)
        new: dict[Expr, Expr] = {}
        while len(self.meaning) < len(SHORT_NAMES):
            wide = [] if fits(expr, room) else [expr]
            wide += [value for value in new.values() if not fits(value, room - PREFIX)]
            chosen = _candidate([expr, *new.values()], wide, room - PREFIX) if wide else None
            if chosen is None:
                break
            name = short(SHORT_NAMES[len(self.meaning)], chosen)
            expr = replaced(expr, chosen, name)
            new = {other: replaced(value, chosen, name) for other, value in new.items()} | {name: chosen}
            self.meaning[name] = chosen
        self.meaning.update(new)
        return expr, list(new.items())

    def spelled_out(self, expr: Expr) -> Expr:
        """The line with every short name written out again."""
        while any(node.head == "short" for node in walk(expr)):
            for name, value in self.meaning.items():
                expr = replaced(expr, name, value)
        return expr


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """The tree with every occurrence of a subtree exchanged."""
    if expr == old:
        return new
    args = tuple(replaced(arg, old, new) if isinstance(arg, Expr) else arg for arg in expr.args)
    return Expr(expr.head, args, expr.rows, expr.cols)


def _candidate(trees: list[Expr], too_wide: list[Expr], room: int) -> Expr | None:
    """What to name: of what occurs more than once, what is wide and saves much; else most of a wide line."""
    nodes = Counter(node for tree in trees for node in _inner(tree) if node.head not in UNNAMED)
    wide = {node: width(latex(node)) for node in nodes}
    repeated = [n for n, count in nodes.items() if count > 1 and wide[n] >= LEAST and n not in trees]
    if repeated:
        return max(repeated, key=lambda n: (nodes[n] - 1) * wide[n] ** 2)
    parts = (n for tree in too_wide for n in _inner(tree) if n.head not in UNNAMED and n != tree)
    small = [n for n in parts if LEAST <= wide[n] <= 3 * room // 4]
    return max(small, key=lambda n: wide[n], default=None)


def _inner(expr: Expr) -> Iterator[Expr]:
    """The nodes that a name may stand for: none within a short name."""
    if expr.head != "short":
        yield expr
        for kid in expr.children:
            yield from _inner(kid)
