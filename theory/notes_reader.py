r"""Reads back the formulas of the notes below a calculation: equations solved, squares left out, primitives.

A note about a certificate has no formula of the proof but its evidence, and is passed over here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from theory.chain import Chain, Link
from theory.expr import Expr, num, sym, walk

READ = ("solves $", "hat is left out is", "y certificate, the function $", "primitive of the integrand")
FORMS = frozenset({"solves", "optimum", "spectral", "antiderivative"})
_CARRIED = re.compile(r"^\\carried\{(.*)\}$", re.MULTILINE)
_MATH = re.compile(r"\$([^$]+)\$|\\\[(.*?)\.\\\]")
_SLOPE = re.compile(r"\\mathrm\{d\} (.+)/\\mathrm\{d\} \w+|\\dot\{([^{}]+)\}(.*)")
_NORM = re.compile(r"\\mathbb\{E\}\\\|(.*)\\\|\^2")
_FUNCTION = "f"


@dataclass
class Notes:
    """The formulas of the notes of one calculation, in order, and the rows that explain short names."""

    codes: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def chain_notes(chain: Chain, link: Link) -> list[Expr]:
    """The expressions that the note of a step has to print, in order."""
    if link.form == "solves":
        rate, initial, variable = link.extra
        assert isinstance(rate, Expr) and isinstance(initial, tuple)
        values = dict(initial)
        return [chain.start, rate, sym(str(variable)), values.get(variable, num(0)), chain.start, values["value"]]
    if link.form == "optimum":
        return [_left_out(link)]
    if link.form == "spectral":
        function, smaller, _ = link.extra
        assert isinstance(function, Expr)
        return [function, sym(str(smaller))]
    if link.form == "antiderivative":
        before = chain.links[chain.links.index(link) - 1].expr if chain.links[0] is not link else chain.start
        variable = next(str(node.args[1]) for node in walk(before) if node.head == "integral")
        return [sym(variable), *link.parts[:1]]
    return []


def _left_out(link: Link) -> Expr:
    square, *weight = link.parts
    if not weight:
        return square
    squared = Expr("pow", (square, num(2)))
    if num(1) in (square, *weight):
        return weight[0] if square == num(1) else squared
    return Expr("mul", (weight[0], squared))


def note_codes(part: str) -> Notes:
    """What the notes of a printed calculation say in formulas."""
    notes = Notes()
    for said in _CARRIED.findall(part):
        if any(words in said for words in READ):
            for found in _MATH.finditer(said):
                _take(notes, found[1] or found[2])
    return notes


def _take(notes: Notes, code: str) -> None:
    if code.startswith(r"\begin{aligned}[t] "):
        rows = code.removeprefix(r"\begin{aligned}[t] ").removesuffix(r" \end{aligned}").split(r" \\ & ")
        notes.rows.append(rows)
        code = _joined(rows)
    for side in code.split(" = "):
        slope, norm = _SLOPE.fullmatch(side), _NORM.fullmatch(side)
        if slope:
            side = slope[1] or f"{slope[2]}{slope[3]}"
        elif norm:
            side = norm[1]
        if side != _FUNCTION:
            notes.codes.append(side)


def _joined(rows: list[str]) -> str:
    """The formula of a display, whose broken rows go on with `{}`."""
    whole = rows[0].removeprefix("& ")
    for row in rows[1:]:
        if not row.startswith("{} "):
            break
        whole += row[len("{}") :]
    return whole
