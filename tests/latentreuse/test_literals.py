"""The closed grammar of numbers: exact where it accepts, one short reason where it does not."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latentreuse.literals import MAX_EXPONENT, BareFloat, NotANumber, angle, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.2", Fraction(1, 5)),
        ("1e-8", Fraction(1, 10**8)),
        ("-1.5E+2", Fraction(-150)),
        ("1/3", Fraction(1, 3)),
        ("+2", Fraction(2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        (" 7 ", Fraction(7)),
        ("1.5/3", Fraction(1, 2)),
        (3, Fraction(3)),
        (BareFloat("0.1"), Fraction(1, 10)),
        ("-0.0", Fraction(0)),
    ],
)
def test_numbers_are_exact(text: object, value: Fraction) -> None:
    assert number(text).q == value
    assert angle(text).q == value


@pytest.mark.parametrize(
    ("text", "multiple"),
    [
        ("pi", Fraction(1)),
        ("pi/2", Fraction(1, 2)),
        ("-pi/2", Fraction(-1, 2)),
        ("2*pi/5", Fraction(2, 5)),
        ("0.3*pi", Fraction(3, 10)),
        ("2/5*pi", Fraction(2, 5)),
        ("45/180 * pi", Fraction(1, 4)),
        ("-1/2*pi", Fraction(-1, 2)),
    ],
)
def test_multiples_of_pi_are_exact(text: str, multiple: Fraction) -> None:
    assert (angle(text).q, angle(text).p) == (0, multiple)


REFUSED = [
    "", " ", "abc", "0,2", "1_000", "0x10", "1e9999999999", "1/0", "pi/0", "1/-2", "1//2", "--1", "2pi", "2 pi", "pi*2",
    "pi^2", "pi+1", "sin(1)", "nan", "inf", "-inf", "oo", "Infinity", "1j", "True", "e", "E", "1e", "e5", "1.2.3",
    "٣", "１２", "π", "1\u200b", "1\n", "\x00", "__import__('os')", "().__class__", "9**9**9", "1 2", "(1)", "1;2",
    "pi/2/3", "1e5/2e3",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        angle(text)
    with pytest.raises(NotANumber):
        number(text)


@pytest.mark.parametrize(
    "raw", [True, None, 1.5, [], {}, b"1", 10**2000, "1" * 2000, f"1e{MAX_EXPONENT + 1}", "1e-10001"]
)
def test_other_types_and_unbounded_numbers_are_refused(raw: object) -> None:
    with pytest.raises(NotANumber):
        angle(raw)


def test_the_largest_exponents_are_read() -> None:
    assert number(f"1e-{MAX_EXPONENT}").q == Fraction(1, 10**MAX_EXPONENT)
    assert number(f"1e{MAX_EXPONENT}").q == 10**MAX_EXPONENT


def test_common_slips_get_a_hint() -> None:
    for text, hint in [("0,2", "0.2"), ("2pi", "*"), ("nan", "finite"), ("1_0", "underscore"), ("½", "ASCII")]:
        with pytest.raises(NotANumber, match=hint.replace("*", r"\*")):
            angle(text)


@given(st.fractions(max_denominator=10**6))
def test_a_printed_fraction_is_read_back(value: Fraction) -> None:
    assert number(str(value)).q == value


@given(st.text(max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        read = angle(text)
    except NotANumber:
        return
    assert read.text == text.strip(" ")
