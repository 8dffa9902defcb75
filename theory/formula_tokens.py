"""The lexical half of the formula language: tokens with columns, and a line with a hint for what is no token.

Nothing of a text is ever executed, and nothing outside printable ASCII passes: every character is either part of a
token listed here or refused.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

MAX_LENGTH = 5000
MAX_TOKENS = 1000
MAX_DIGITS = 1000
MAX_EXPONENT = 1000
MAX_NAME = 32
RELATIONS = ("==", "<=", ">=", "<", ">")

_BLANK = re.compile(r"[ \t]*")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+))?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_MARK = re.compile(r"\*\*|<=|>=|==|[-+*/(),<>]")
_GLUED = re.compile(r"[A-Za-z0-9_.]+")
_WRONG = {  # the longest first: what stands in place of a mark of the grammar, and what to write
    "//": "write / for a fraction",
    "!=": "a relation is one of == <= >= < >",
    "<>": "a relation is one of == <= >= < >",
    "=<": "write <=",
    "=>": "write >=",
    ":=": "a formula assigns nothing",
    "^": "write ** for a power",
    "=": "write == for an equality",
    "!": "there is no factorial",
    "%": "write a fraction, such as 5/100",
    "'": "a formula holds no text",
    '"': "a formula holds no text",
    "`": "a formula holds no text",
    ".": "a number is written such as 0.5, and nothing has attributes",
    "[": "brackets are ( and )",
    "]": "brackets are ( and )",
    "{": "brackets are ( and )",
    "}": "brackets are ( and )",
    "\\": "names are written without \\",
    "|": "there is no absolute value",
}
_MARKS_MEANT = {
    "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u00d7": "*", "\u00b7": "*", "\u22c5": "*", "\u2217": "*",
    "\u00f7": "/", "\u2215": "/", "\u2264": "<=", "\u2265": ">=", "\u2a7d": "<=", "\u2a7e": ">=", "\u00b2": "**2",
    "\u00b3": "**3", "\u221a": "sqrt(...)", "\u2211": "sum(...)", "\u00b9": "**1",
}  # fmt: skip


class FormulaError(ValueError):
    """Why a text is no formula: `column` counts from 1, `message` is one line of ASCII that ends with a hint."""

    def __init__(self, column: int, wrong: str, hint: str) -> None:
        self.column = column
        self.message = f"{wrong}; {hint}"
        super().__init__(f"column {column}: {self.message}")


class Token(NamedTuple):
    """kind: number, name, mark or end; columns count from 1."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, one at a time, closed by one of kind "end". Raises FormulaError."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(MAX_LENGTH + 1, f"the formula has {len(text)} characters", f"at most {MAX_LENGTH} are read")
    place, count = 0, 0
    while True:
        blank = _BLANK.match(text, place)
        start = blank.end() if blank else place
        if start == len(text):
            yield Token("end", "", start + 1)
            return
        found = _token(text, start)
        count += 1
        if count > MAX_TOKENS:
            raise FormulaError(start + 1, f"the formula has more than {MAX_TOKENS} signs", "shorten it")
        yield found
        place = start + len(found.text)


def _token(text: str, start: int) -> Token:
    for kind, pattern in (("number", _NUMBER), ("name", _NAME)):
        found = pattern.match(text, start)
        if found:
            if kind == "number":
                _require_number(text, found, start + 1)
            elif len(found[0]) > MAX_NAME:
                raise FormulaError(start + 1, f"a name of {len(found[0])} characters", f"at most {MAX_NAME} are read")
            return Token(kind, found[0], start + 1)
    wrong = next((mark for mark in _WRONG if text.startswith(mark, start)), None)
    mark = _MARK.match(text, start)
    if mark and (wrong is None or len(wrong) <= len(mark[0])):
        return Token("mark", mark[0], start + 1)
    if wrong is not None:
        raise FormulaError(start + 1, f"{wrong} has no place in a formula", _WRONG[wrong])
    raise FormulaError(start + 1, *_foreign(text[start]))


def _require_number(text: str, found: re.Match[str], column: int) -> None:
    """Raises FormulaError for a number that is too long, or runs on into something that is none."""
    digits, exponent = found[1], found[2]
    if len(digits) > MAX_DIGITS:
        raise FormulaError(column, f"a number of {len(digits)} digits", f"at most {MAX_DIGITS} are read")
    if exponent and (len(exponent) > 9 or abs(int(exponent)) > MAX_EXPONENT):
        raise FormulaError(column, "the exponent of a number is too large", f"at most e{MAX_EXPONENT} is read")
    after = _GLUED.match(text, found.end())
    if after is None:
        return
    rest = after[0][:MAX_NAME]
    number = digits if len(digits) <= MAX_NAME else "the number"
    if rest.startswith("_"):
        raise FormulaError(found.end() + 1, "an underscore within a number", "write digits only, such as 1000")
    if digits == "0" and rest[0] in "xXbBoO":
        raise FormulaError(column, f"{digits}{rest} is no decimal number", "write it in decimal digits, such as 16")
    if rest[0] in "jJ" and len(rest) == 1:
        raise FormulaError(column, "an imaginary number", "numbers are real, such as 0.5 or 1e-3")
    if rest[0] == ".":
        raise FormulaError(found.end() + 1, "a second decimal point", "a number is written such as 0.5")
    if rest in ("e", "E"):
        raise FormulaError(column, f"the exponent of {number}{rest} is missing", f"write {number} or {number}e-3")
    raise FormulaError(found.end() + 1, f"an operator is missing before {rest}", f"write {number}*{rest}")


def _foreign(character: str) -> tuple[str, str]:
    """What is wrong with a character that no token begins with, and what was meant."""
    if character in "\n\r\x0b\x0c\x85\u2028\u2029":
        return "a line break", "a formula is one line"
    if " " < character <= "~":
        return f"{character} has no place in a formula", "allowed are names, numbers and + - * / ** ( ) ,"
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    plain = unicodedata.normalize("NFKC", character)
    if character in _MARKS_MEANT:
        return f"{name} ({code})", f"write {_MARKS_MEANT[character]}"
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Mn", "Me", "Cs", "Co", "Cn"):
        return f"an invisible character, {name or 'of no name'} ({code})", "delete it"
    greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)(?: WITH .*)?", name)
    if greek:
        spelled = greek[2].replace("LAMDA", "LAMBDA")
        return f"{name} ({code})", f"write {spelled.lower() if greek[1] == 'SMALL' else spelled.capitalize()}"
    if len(plain) == 1 and " " < plain <= "~":
        return f"{name} ({code}) is not the ASCII character", f"write {plain}"
    return f"{name or 'a character of no name'} ({code}) is not ASCII", "names are of ASCII letters, digits and _"


def value(number: str) -> Fraction:
    """The exact value of a number token."""
    digits, _, exponent = number.lower().partition("e")
    return Fraction(digits) * Fraction(10) ** int(exponent or 0)
