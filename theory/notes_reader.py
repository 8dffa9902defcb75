r"""Reads back the formulas of the notes below a calculation: equations solved, squares left out, primitives.

A note about a certificate has no formula of the proof but its evidence (`polynomial_reader.py`).
"""

from __future__ import annotations

import re

from theory.chain import Chain, Link
from theory.expr import Expr, num, sym, walk

FORMS = frozenset({"solves", "optimum", "spectral", "antiderivative"})
_CARRIED = re.compile(r"^\\carried\{(.*)\}$", re.MULTILINE)
_MATH = re.compile(r"\$([^$]+)\$|\\\[(.*?)\.\\\]")
_SLOPE = re.compile(r"\\mathrm\{d\} (.+)/\\mathrm\{d\} \w+|\\dot\{([^{}]+)\}(.*)")
_NORM = re.compile(r"\\mathbb\{E\}\\\|(.*)\\\|\^2")
_FUNCTION = "f"


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
        variable = next((str(node.args[1]) for node in walk(before) if node.head == "integral"), "r")
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


def printed_notes(part: str) -> list[str]:
    """The notes below one printed calculation."""
    return _CARRIED.findall(part)


def formulas(note: str) -> tuple[list[str], list[list[str]]]:
    """What a note says in formulas, in order, both sides of an equation apart; and the rows of its displays, which may
    explain short names."""
    codes: list[str] = []
    rows: list[list[str]] = []
    for found in _MATH.finditer(note):
        code = found[1] or found[2]
        if code.startswith(r"\begin{aligned}[t] "):
            rows.append(code.removeprefix(r"\begin{aligned}[t] ").removesuffix(r" \end{aligned}").split(r" \\ & "))
            code = _joined(rows[-1])
        codes += [side for side in map(_subject, code.split(" = ")) if side != _FUNCTION]
    return codes, rows


def _subject(side: str) -> str:
    """What a derivative is of, or a mean square."""
    slope, norm = _SLOPE.fullmatch(side), _NORM.fullmatch(side)
    if slope:
        return slope[1] or f"{slope[2]}{slope[3]}"
    return norm[1] if norm else side


def _joined(rows: list[str]) -> str:
    """The formula of a display, whose broken rows go on with `{}`."""
    whole = rows[0].removeprefix("& ")
    for row in rows[1:]:
        if not row.startswith("{} "):
            break
        whole += row[len("{}") :]
    return whole
