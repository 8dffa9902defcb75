"""The fractions that the normal forms compute with, beside SymPy's own fraction field over the rationals."""

import operator
import random
from fractions import Fraction

import pytest
from sympy import QQ, Symbol
from sympy.polys.fields import field as make_field

from theory.rational import Frac, FractionField

NAMES = ("x", "y", "root z", "w")
OURS = FractionField(NAMES)
THEIRS = make_field([Symbol(name) for name in NAMES], QQ)[0]
x, y, z, w = OURS.gens


def same(one: Frac, other: object) -> bool:
    """Equal term by term, numerator and denominator."""
    ours = [{m: int(q) for m, q in poly.items()} for poly in (one.numer, one.denom)]
    theirs = [{m: Fraction(int(q.numerator), int(q.denominator)) for m, q in poly.items()} for poly in other]
    return ours == theirs


def pair(rng: random.Random) -> tuple[Frac, object]:
    """One random fraction in both; few factors to choose from, so that much cancels."""
    made = [OURS.one, THEIRS.one]
    for _ in range(rng.randint(1, 5)):
        how = rng.choice((operator.mul, operator.truediv, operator.add, operator.sub))
        i, j = rng.randrange(4), rng.randrange(4)
        n, m = rng.randint(-3, 3), rng.choice((1, 2, 3))
        parts = [f.gens[i] * n + f.gens[j] ** m + rng_number for f, rng_number in ((OURS, n), (THEIRS, n))]
        if how is operator.truediv and not parts[0]:
            continue
        made = [how(left, right) / m for left, right in zip(made, parts, strict=True)]
    return made[0], made[1]


@pytest.mark.parametrize("seed", range(60))
def test_every_operation_gives_what_sympy_gives(seed):
    rng = random.Random(seed)
    (a, s), (b, t) = pair(rng), pair(rng)
    for how in (operator.add, operator.sub, operator.mul):
        assert same(how(a, b), _parts(how(s, t)))
        assert same(how(a, 3), _parts(how(s, 3))) and same(how(2, b), _parts(how(2, t)))
    if b:
        assert same(a / b, _parts(s / t)) and same(1 / b, _parts(1 / t)) and same(b**-2, _parts(t**-2))
    assert same(a**3, _parts(s**3)) and same(-a, _parts(-s))
    for one, other in zip(OURS.gens, THEIRS.gens, strict=True):
        assert same(a.diff(one), _parts(s.diff(other)))


def _parts(value):
    return value.numer, value.denom


@pytest.mark.parametrize("seed", range(60))
def test_equal_functions_are_equal_keys(seed):
    rng = random.Random(seed)
    a, b = pair(rng)[0], pair(rng)[0]
    assert not (a + b) - b - a and (a + b) - b == a
    assert hash((a + b) - b) == hash(a)
    if b:
        assert a * b / b == a and {a * b / b: 1}.get(a) == 1
    assert (a == b) == (not a - b)


def test_lowest_terms_share_the_sign_and_the_numbers():
    assert str((2 * x + 4) / (6 * y)) == "(x + 2)/(3*y)"
    assert str(x / (-2 * y)) == "(-x)/(2*y)"
    assert ((x**2 - y**2) / (x - y)).denom is OURS.unit
    assert (x / y) * (y / x) == OURS.one
    for value in (1 / (1 - x), x / (-2 * y), QQ(1, 3) * x / (y - x), 1 / (z - w) / 2):
        assert value.denom.LC > 0


def test_generators_that_do_not_occur_are_left_out_and_put_back():
    common, one, other = OURS.cofactors(((x + z) * (x - 1)).numer, ((x + z) * (z - 2)).numer)
    assert (common, one, other) == ((x + z).numer, (x - 1).numer, (z - 2).numer)
    assert OURS.cofactors((6 * x + 4).numer, (4 * w - 2).numer) == (2, (3 * x + 2).numer, (2 * w - 1).numer)


def test_numbers():
    assert OURS.number(Fraction(1, 2)) + OURS.number(QQ(1, 2)) == OURS.one
    assert OURS.number(0) == OURS.zero and not OURS.number(0)
    assert OURS.from_dict({(1, 0, 0, 0): Fraction(1, 2), (0, 0, 0, 0): Fraction(2, 3)}) == x / 2 + Fraction(2, 3)
    assert ((2 * x + 1) / (3 * y)).leading == QQ(2, 3)


def test_nothing_is_divided_by_zero():
    for wrong in (lambda: x / OURS.zero, lambda: OURS.zero**-1, lambda: 1 / (x - x), lambda: x / 0):
        with pytest.raises(ZeroDivisionError):
            wrong()
    with pytest.raises(ZeroDivisionError):
        OURS.quotient(x.numer, OURS.zero.numer)
    with pytest.raises(ValueError, match=r"0\*\*0"):
        OURS.zero**0


def test_a_field_without_generators_holds_numbers():
    none = FractionField(())
    assert none.number(Fraction(2, 4)) * 2 == none.one
