"""Limits against run-aways: what lies below them is done, what lies above is refused."""

from fractions import Fraction

from lines import ways, word
from test_arithmetic import ONE, shift
from tiny import letter, refusal

from checker import rational
from checker.rational import joined, power, quotient, times
from checker.trees import tree


def test_limits() -> None:
    wide = dict.fromkeys(range(1, 708), 1)
    assert times(wide, {1: 1}) == wide and refusal(lambda: times(wide, dict.fromkeys(range(1, 709), 1))) == (
        "a polynomial is too large"
    )
    assert len(times(dict.fromkeys(range(1, 1001), 1), dict.fromkeys(range(1, 501), 1))) > 1000
    assert power({2: 1}, 64) == {2**64: 1} and power({2: 1, 1: 1}, 0) == {1: 1}
    assert (
        refusal(lambda: power({2: 1}, 65)) == "a power of 65" and refusal(lambda: power({2: 1}, -1)) == "a power of -1"
    )
    big = {1: 2**2047}
    assert times(big, big) == {1: 2**4094} and times({}, {1: 2**4095}) == {}
    for p, q in (
        ({1: 2**2048}, big),
        ({2**2048: 1}, {2**2047: 1}),
        ({1: Fraction(1, 2**2048)}, big),
        ({1: 1}, {1: 2**4096}),
    ):
        assert refusal(lambda p=p, q=q: times(p, q)) == "numbers or powers that are too large"
    assert rational.bits({}) == 0 and rational.bits({1: 1, 4: -2}) == 4 and rational.bits({1: Fraction(3, 4)}) == 4
    assert len(rational.PRIMES) == 239 and rational.PRIMES[:6] == [2, 3, 5, 7, 11, 13] and rational.PRIMES[-1] == 1499


def test_division_gives_up_in_time() -> None:
    """What would take too many steps is left as a quotient."""
    p, f = {3**90 * 5**90: 1, 1: 1}, {3: 1, 2: 1, 1: 1}
    assert quotient({m * 15**3: c for m, c in p.items()} | {1: 1}, f) is None


def test_many_names_between_zero_and_one() -> None:
    for count in (8, 9):
        units = {f"u{i}": ("unit", "inner")[i % 2] for i in range(count)}
        reader, made = shift(units)
        top, below = made.ratio(reader.scalar(tree(["Add", 1, *units])))
        if count == 8:
            assert made.certain(top) and all(map(made.certain, below))
        else:
            assert refusal(lambda made=made, top=top: made.certain(top)) == "too many names between 0 and 1"


def test_steps_of_a_division() -> None:
    """Five terms of a quotient by two: before the last there are four."""
    f, g = {3: 1, 2: -1}, {5**n: 1 for n in range(5)}
    most = rational.MOST_WORK
    try:
        for rational.MOST_WORK, found in ((8, g), (7, None)):
            assert quotient({m * k: c * b for m, c in f.items() for k, b in g.items()}, f) == found
    finally:
        rational.MOST_WORK = most


def test_powers_in_evidence() -> None:
    reader, made = shift({})
    reader.scalar("x")
    assert made.read([["1", {"x": 1000}]]) == {2**1000: 1}
    assert refusal(lambda: made.read([["1", {"x": 1001}]])) == "an unknown name"


def test_words() -> None:
    a = letter("A")
    for count, fine in ((100, True), (101, False)):
        long = word(*[a] * count)
        why = "the two sides are not equal" if fine else "a product of letters is too large"
        assert ways(long, ["Zero", "D", "D"], {}) == (why,) * 2
    for count, fine in ((1000, True), (1001, False)):
        terms = ["Add", *(letter(f"B{n}") for n in range(count))]
        found = ways(a, terms, {"rewrites": [[["A"], terms]]})
        why = "the relations rewrite without end" if fine else "a product of letters is too large"
        assert found == (why,) * 2


def test_products_of_sums() -> None:
    many = dict.fromkeys(range(20), ONE)
    assert len(joined(many, dict.fromkeys(range(50), ONE), lambda u, v: 50 * u + v)) == 1000
    assert refusal(lambda: joined(many, dict.fromkeys(range(51), ONE), min)) == "a product of sums is too large"


def test_polynomials_and_words() -> None:
    whole = ["Power", ["Add", *(f"x{n}" for n in range(40))], 64]
    assert ways(whole, 1, {}) == ("a polynomial is too large",) * 2
    a, b, c = letter("A"), letter("B"), letter("C")
    facts = {"rewrites": [[["A"], ["Add", b, c]]]}
    assert ways(word(*[a] * 12), b, facts) == ("the relations rewrite without end",) * 2
    assert ways(word(*[a] * 3), b, facts) == ("the two sides are not equal",) * 2
