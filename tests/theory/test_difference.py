"""Differences of closed forms: exact, short, and with a sign only where a certificate gives one."""

from fractions import Fraction

import pytest

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.difference import difference, fraction
from theory.expr import call, log, num, plane_sum
from theory.normal import equal, normaliser_for
from theory.text import text

MODEL = Assumptions.default().model()
TERM = S.a * S.s / S.h**2


def test_equal_forms_differ_by_zero():
    found = difference(S.c * S.c, S.c**2, MODEL)
    assert found is not None
    assert (found.expr, found.sign) == (num(0), "zero")


@pytest.mark.parametrize(
    ("new", "old", "says", "sign"),
    [
        (S.alpha**2 / S.h + S.c, S.c, "alpha^2/h", "positive or zero"),
        (S.c, S.alpha**2 / S.h + S.c, "-alpha^2/h", "negative or zero"),
        (plane_sum(TERM) + S.sigma2, plane_sum(TERM / 2), "sigma2 + sum_i a_i*s_i/(2*h^2)", "positive or zero"),
        (plane_sum(TERM / 2), plane_sum(TERM), "-(sum_i a_i*s_i/(2*h^2))", "negative or zero"),
        (S.lam_s + 1, S.sigma2 + 1, None, None),
        (S.h + S.sigma2, S.h + 2 * S.sigma2 * S.s, None, None),
    ],
)
def test_the_sign_is_what_a_certificate_says(new, old, says, sign):
    found = difference(new, old, MODEL)
    assert found is not None
    assert found.sign == sign
    assert says is None or text(found.expr) == says
    assert equal(found.expr, new - old, MODEL.facts())


def test_logarithms_are_kept_and_bounded():
    found = difference(log(1 + S.sigma2), num(0), MODEL)
    assert found is not None
    assert found.sign == "positive or zero"
    assert difference(log(1 + S.sigma2), S.sigma2, MODEL).sign == "negative or zero"


def test_nested_roots_that_do_not_cancel_say_nothing():
    assert difference(call("sqrt", S.c + S.a), call("sqrt", S.h), MODEL) is None


@pytest.mark.parametrize(
    "expr",
    [
        (S.c - 1) / (2 * S.h),
        (1 - S.c) ** 3 / (S.h * (S.c + S.a)),
        num(Fraction(-3, 7)) * S.c,
        num(Fraction(-3, 7)) + 0 * S.c,
        (S.c - S.h) * (S.c + S.h) / (6 * S.a**2),
        1 / (S.c * S.h),
    ],
    ids=text,
)
def test_a_fraction_reads_back_as_itself(expr):
    engine = normaliser_for([expr], MODEL.facts())
    assert equal(fraction(engine.scalar(expr), engine.scalars), expr, MODEL.facts())
