"""Exact numbers as a case file writes them: decimals, fractions and multiples of pi. A closed grammar, no evaluation.

    number  = decimal | fraction                  "0.2"  "1e-8"  "-3"  "1/3"
    angle   = number | [number "*"] "pi" ["/" natural]    "pi"  "pi/2"  "2*pi/5"  "0.3*pi"

Only ASCII digits count as digits, and lengths and exponents are bounded, so that reading takes no noticeable time.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

MAX_LENGTH: Final = 1000
MAX_EXPONENT: Final = 10_000

ALLOWED_NUMBER: Final = 'a quoted decimal such as "0.2" or "1e-8", a fraction such as "1/3", or an integer'
ALLOWED_ANGLE: Final = f'{ALLOWED_NUMBER}, or a multiple of pi such as "pi/2" or "2*pi/5"'

_DECIMAL = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?: ?/ ?([0-9]+))?")
_ANGLE = re.compile(rf"(?:([+-])|({_DECIMAL})(?: ?/ ?([0-9]+))? ?\* ?)?pi(?: ?/ ?([0-9]+))?")


class BareFloat(str):
    """The digits of an unquoted TOML float, kept as written: they never pass through binary floating point."""

    __slots__ = ()


@dataclass(frozen=True)
class Literal:
    """The number ``q + p*pi`` as written in ``text``; one of q and p is zero."""

    text: str
    q: Fraction
    p: Fraction = Fraction(0)


class NotANumber(ValueError):
    """The text is no number of the grammar; the message says why in a few words."""


def _hint(text: str) -> str:
    """Why ``text`` is refused, with the mend where the slip is a common one."""
    plain = text.lower().lstrip("+-")
    if plain in {"nan", "inf", "infinity", "oo"}:
        return "must be a finite number"
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return f"write a decimal point: {text.replace(',', '.')!r}"
    if re.fullmatch(r"[0-9.]+ ?pi.*", plain):
        return "write a product with *, such as '2*pi/5'"
    if "_" in text:
        return "no underscores between digits"
    if not text.isascii():
        return "contains a character that is not ASCII"
    if not text:
        return "is empty"
    return "is not a number"


def _decimal(text: str) -> Fraction:
    """The exact value of a decimal that the grammar has accepted."""
    mantissa, _, exponent = text.lower().partition("e")
    if exponent and (len(exponent.lstrip("+-0")) > len(str(MAX_EXPONENT)) or abs(int(exponent)) > MAX_EXPONENT):
        raise NotANumber(f"has an exponent beyond {MAX_EXPONENT}")
    return Fraction(mantissa) * Fraction(10) ** int(exponent or 0)


def _divisor(text: str | None) -> Fraction:
    divisor = Fraction(int(text or 1))
    if divisor == 0:
        raise NotANumber("divides by zero")
    return divisor


def _checked_text(raw: object) -> str:
    """The text of a TOML value: an int or a float as written, a string without surrounding spaces."""
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise NotANumber("is not a number")
    if isinstance(raw, int) and abs(raw) >= 10**MAX_LENGTH:
        raise NotANumber(f"is longer than {MAX_LENGTH} characters")
    text = str(raw).strip(" ")
    if len(text) > MAX_LENGTH:
        raise NotANumber(f"is longer than {MAX_LENGTH} characters")
    return text


def number(raw: object) -> Literal:
    """Read a rational number; raises ``NotANumber``."""
    text = _checked_text(raw)
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise NotANumber("may not contain pi" if _ANGLE.fullmatch(text) else _hint(text))
    return Literal(text, _decimal(match[1]) / _divisor(match[2]))


def angle(raw: object) -> Literal:
    """Read a rational number or a rational multiple of pi; raises ``NotANumber``."""
    text = _checked_text(raw)
    match = _ANGLE.fullmatch(text)
    if match is None:
        return number(raw)
    sign, factor, below, divisor = match.groups()
    multiple = _decimal(factor) / _divisor(below) if factor else Fraction(-1 if sign == "-" else 1)
    return Literal(text, Fraction(0), multiple / _divisor(divisor))


def echo(raw: object) -> object:
    """A value of a case file as JSON shows it: numbers as the text that was written."""
    if isinstance(raw, list):
        return [echo(entry) for entry in raw]
    return str(raw) if isinstance(raw, BareFloat) else raw
