"""Reads back the polynomials that certificates print: their terms are the evidence that the checker accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction

from theory.checker import Terms
from theory.latex_reader import Unreadable
from theory.symbols import SYMBOLS

BY_NAME = {"D - k": "(D-k)", "d - k": "(d-k)", "excess over one": "e"}
_SHOWN = re.compile(r"\$\\displaystyle ([^$]*)\$|a polynomial of (\d+) terms")
_NUMBER = re.compile(r"(\d+)(?![\d.])|\\tfrac\{(\d+)\}\{(\d+)\}")
_POWER = re.compile(r"\^\{(\d+)\}")


def printed_wrong(note: str, evidence: Iterable[Terms]) -> str:
    """What the note says otherwise than the evidence, part by part; empty where nothing."""
    wanted = [terms for terms in evidence if terms]
    shown = [(found[1], found[2]) for found in _SHOWN.finditer(note)]
    if len(shown) != len(wanted):
        return f"{len(shown)} numerators, not {len(wanted)}"
    for (code, count), terms in zip(shown, wanted, strict=True):
        if count is not None:
            if int(count) != len(terms):
                return f"a polynomial of {count} terms, not {len(terms)}"
        elif not _says(code, terms):
            return f"the numerator {code}"
    return ""


def _says(code: str, terms: Terms) -> bool:
    try:
        return _sorted(read(code, {name for _, powers in terms for name in powers})) == _sorted(terms)
    except (Unreadable, KeyError):
        return False


def _sorted(terms: Terms) -> list[tuple[Fraction, list[tuple[str, int]]]]:
    return sorted((q, sorted((name, n) for name, n in powers.items() if n)) for q, powers in terms)


def _code(name: str) -> str:
    base, _, part = name.partition("~")
    if part:
        return part + ("_i" if base.endswith("_i") else "")
    return BY_NAME[name] if name in BY_NAME else SYMBOLS[name].latex


def read(code: str, names: Iterable[str]) -> list[tuple[Fraction, Mapping[str, int]]]:
    """The terms of a printed polynomial over the given names. Raises Unreadable."""
    by_code: dict[str, str] = {}
    for name in sorted(names):
        if by_code.setdefault(_code(name), name) != name:
            raise Unreadable(f"{name} and {by_code[_code(name)]} both print {_code(name)}")
    if code == "0":
        return []
    return [_term(part, by_code) for part in code.split(" + ")]


def _term(code: str, by_code: Mapping[str, str]) -> tuple[Fraction, Mapping[str, int]]:
    number, rest = _NUMBER.match(code), code
    coefficient = Fraction(1)
    if number:
        coefficient = Fraction(int(number[1])) if number[1] else Fraction(int(number[2]), int(number[3]))
        rest = code[number.end() :]
    powers: dict[str, int] = {}
    while rest.strip():
        name, power, rest = _factor(rest.strip(), by_code)
        if name in powers:
            raise Unreadable(f"{name} twice in {code}")
        powers[name] = power
    return coefficient, powers


def _factor(code: str, by_code: Mapping[str, str]) -> tuple[str, int, str]:
    """The name that stands first, its power, and what follows."""
    raised = re.match(r"\\sigma\^\{(\d+)\}", code)
    if raised and by_code.get(r"\sigma^2") == "sigma2" and int(raised[1]) % 2 == 0:
        return "sigma2", int(raised[1]) // 2, code[raised.end() :]
    for shown in sorted(by_code, key=len, reverse=True):
        bracketed = rf"\left({shown}\right)"
        start = next((s for s in (shown, bracketed) if code.startswith(s)), "")
        if start:
            power = _POWER.match(code, len(start))
            if start == bracketed and power is None:
                break
            rest = code[power.end() if power else len(start) :]
            if rest and not rest.startswith(" "):
                continue
            return by_code[shown], int(power[1]) if power else 1, rest
    raise Unreadable(f"no name at the start of {code!r}")
