"""Rational functions by whole numbers, names with a value, and polynomials in nonnegative variables."""

import math
import random
from fractions import Fraction
from typing import Any

import pytest
from tiny import refusal, under

from checker import rational
from checker.names import Names
from checker.rational import ONE, ZERO, Poly, Q, added, det, joined, number, powers_of, quotient, scaled, times
from checker.reader import Reader
from checker.shift import Shift
from checker.trees import tree

X, Y, Z = (Q({n: 1}) for n in (2, 3, 5))
AT = {2: Fraction(3, 7), 3: Fraction(-5, 2), 5: Fraction(11, 3)}


def poly_at(p: Poly) -> Fraction:
    total = Fraction(0)
    for m, c in p.items():
        term = Fraction(c)
        for n, x in AT.items():
            while m % n == 0:
                m, term = m // n, term * x
        assert m == 1
        total += term
    return total


def at(q: Q) -> Fraction:
    return poly_at(q.top) / math.prod(poly_at(dict(f)) ** n for f, n in q.below.items())


def test_field_operations() -> None:
    """Against fractions, at one point, for a few hundred random expressions; what is equal has difference zero."""
    rng, made = random.Random(5), [X, Y, Z, ONE, number(Fraction(-2, 3)), number(4), ZERO]
    for _ in range(250):
        a, b = rng.choice(made[-40:] + made[:5]), rng.choice(made[:9])
        found = [
            (a + b, at(a) + at(b)),
            (a - b, at(a) - at(b)),
            (a * b, at(a) * at(b)),
            (-a, -at(a)),
            (b**2, at(b) ** 2),
        ]
        if b and at(b):
            found += [(a * b.inverse(), at(a) / at(b)), (b**-2, at(b) ** -2), (b**0, 1)]
        for q, value in found:
            assert at(q) == value and bool(q) == bool(q.top)
        assert not (a + b) - (b + a) and not (a - b) + (b - a) and not a * (b + X) - (a * b + a * X)
        q, _ = rng.choice(found)
        if len(q.top) < 12 and len(q.below) < 3:
            made.append(q)


def test_cancelled() -> None:
    assert ((X + Y) * (X - Y) * (X + Y).inverse()).below == {} and (X * X.inverse()).top == {1: 1}
    half = (number(2) * X + number(4) * Y).inverse()
    assert half.top == {1: Fraction(1, 2)} and list(half.below.items()) == [(((2, 1), (3, 2)), 1)]
    assert (-X - Y).inverse().top == {1: -1} and (X - Y).inverse().below == {((2, -1), (3, 1)): 1}
    assert (X * X * Y * number(3)).inverse().below == {((2, 1),): 2, ((3, 1),): 1}
    assert (X * (X + Y)).inverse().below == {((2, 1),): 1, ((2, 1), (3, 1)): 1}
    assert (Y + X).inverse().below == (X + Y).inverse().below  # one factor, however it is written
    assert ((X + Y) ** 2).inverse().below == {((4, 1), (6, 2), (9, 1)): 1}
    assert Q({}, {((2, 1),): 1}).below == {} and Q({2: 1}, {((2, 1),): 0}).below == {}
    assert type(number(Fraction(4, 2)).top[1]) is int and number(0).top == {}
    assert refusal(ZERO.inverse) == "division by zero" == refusal(lambda: ZERO**-1)
    assert (ZERO**0).top == {1: 1}


def test_products_hold_no_zeros() -> None:
    assert times({2: 1, 3: 1}, {2: 1, 3: -1}) == {4: 1, 9: -1} and times({2: 1, 3: 1}, {}) == {}
    assert rational.plus({2: 1, 3: 2}, {2: -1, 1: 1}) == {3: 2, 1: 1}


def test_quotients() -> None:
    f = {3: 1, 2: -2}
    for g in ({1: 1}, {2: 3, 5: -1}, {3: Fraction(1, 2), 1: 7}, {4: 1, 6: 2, 9: 4}):
        assert quotient(times(f, g), f) == g
        assert quotient(rational.plus(times(f, g), {1: 1}), f) is None
    assert quotient({2: 1}, {3: 1}) is None and quotient({2: 1, 6: 1}, {6: 1}) is None
    assert quotient({4: 1, 9: -1}, {2: 1, 3: 1}) == {3: -1, 2: 1}
    found = quotient({4: 4, 9: -9}, {2: 2, 3: 3}) or {}
    assert found == {2: 2, 3: -3} and all(type(c) is int for c in found.values())
    long = {3**200: 1, 2**200: -1}
    assert len(quotient(long, {3: 1, 2: -1}) or {}) == 200


def test_tables() -> None:
    assert powers_of({1: 5, 2: 3, 12: 4}, 2) == {0: {1: 5}, 1: {1: 3}, 2: {3: 4}}
    assert powers_of({1: 5, 36: 3, 6: 2}, 6) == {0: {1: 5}, 2: {1: 3}, 1: {1: 2}}
    one, two = {"a": X, "b": Y}, {"a": -X, "c": Z}
    assert (
        set(added(one, two)) == {"b", "c"} and set(scaled(one, ZERO)) == set() and at(scaled(one, Y)["a"]) == at(X * Y)
    )
    joint = joined({(0, 1): X, (1, 0): Y}, {(1, 0): Z}, lambda u, v: (u[0], v[1]) if u[1] == v[0] else None)
    assert set(joint) == {(0, 0)} and at(joint[0, 0]) == at(X * Z)
    m = {(0, 0): X, (0, 1): Y, (1, 0): Z, (1, 1): ONE, (2, 2): number(3), (0, 2): ONE}
    assert at(det(m, 2)) == at(X - Y * Z) and at(det(m, 3)) == 3 * at(X - Y * Z) and at(det({}, 0)) == 1
    assert at(det(m, 2, (0,), (1,))) == at(Z) and at(det(m, 3, (0,), (0,))) == 3
    turned = {(0, 1): ONE, (1, 2): ONE, (2, 0): ONE}
    assert at(det(turned, 3)) == 1 and at(det({(0, 1): X, (1, 0): Y}, 2)) == at(-X * Y) and not det({(0, 0): X}, 2)


# names
def test_names_and_planes() -> None:
    names = Names()
    x, y, cos = names.name("x"), names.name("y_i"), names.name("cos_i")
    assert names.uses(x * y.inverse()) == {2, 3} and names.of_plane(x + y) and not names.of_plane(x)
    assert names.of_plane((x + y).inverse()) and names.name("x").top == x.top
    assert not names.reduced(cos**2 + names.name("sin_i") ** 2 - ONE) and names.reduced(cos**2 - ONE)
    assert not names.reduced(cos**5 - cos * (ONE - names.name("sin_i") ** 2) ** 2)
    assert names.of_plane(names.name("other", True)) and not names.of_plane(names.name(("exp", "t")))


def test_what_is_free_of_planes() -> None:
    names = Names()
    x, y, sin, cos = (names.name(n) for n in ("x", "y_i", "sin_i", "cos_i"))
    free = names.without_planes((y + ONE) * x * (y + ONE).inverse())
    assert free is not None and free.top == x.top
    assert names.without_planes(x + y) is None and names.without_planes(y * y.inverse() * x) is not None
    for q in (
        (x * cos**2 + x * sin**2),
        (x + x * y) * (ONE + y).inverse(),
        (x * y + sin) * (y + sin * x.inverse()).inverse(),
    ):
        found = names.without_planes(q)
        assert found is not None and not found - x
    assert names.without_planes(x).top == x.top  # type: ignore[union-attr]
    assert names.without_planes(cos) is None and names.without_planes(y * (sin + sin * y).inverse()) is None


def test_what_is_free_of_planes_without_an_angle() -> None:
    names = Names()
    y = names.name("y_i")
    found = names.without_planes((y + ONE) * (number(3) * y + number(3)).inverse())
    assert found is not None and not found - number(Fraction(1, 3)) and names.without_planes(y + ONE) is None


def test_values() -> None:
    names = Names()
    x, y = names.name("x"), names.name("y_i")
    first = names.named(("Ln",), x + ONE)
    assert names.named(("Ln",), (x**2 - ONE) * (x - ONE).inverse()).top == first.top
    assert names.named(("Ln",), x).top != first.top and names.named(("root",), x + ONE).top != first.top
    assert names.named(("Min",), x, y).top != names.named(("Min",), y, x).top
    assert names.of_plane(names.named(("Ln",), x + y)) and not names.of_plane(first)
    assert not names.of_plane(names.named(("total", 1), x * y))


def test_roots() -> None:
    names = Names()
    x = names.name("x")
    assert at_one(names.root(number(Fraction(9, 4)))) == Fraction(3, 2) and not names.root(ZERO)
    r, minus, two = names.root(x), names.root(number(-4)), names.root(number(2))
    assert names.reduced(r**2).top == x.top and names.reduced(r**2 * x).top == (x * x).top
    assert not names.reduced(r**2 - x) and not names.reduced(minus**2 + number(4)) and names.uses(two)
    assert not names.reduced(r**3 - x * r) and names.reduced(r - x) and names.root(x).top == r.top
    inner = names.root(r + ONE)
    assert not names.reduced(inner**4 - (r + ONE) ** 2) and not names.reduced(names.root(r**2) - r)
    over = names.root(x.inverse())
    assert not names.reduced(over**2 - x.inverse()) and names.root(number(Fraction(1, 2))).top != ONE.top
    assert names.root(number(Fraction(4, 3))).top.keys() != {1} and names.root(number(8)).top.keys() != {1}


def at_one(q: Q) -> Any:
    assert set(q.top) <= {1} and not q.below
    return q.top.get(1, 0)


def test_logarithms() -> None:
    names = Names()
    x, y = names.name("x"), names.name("y")
    a, b, c, unit = (names.named(("Ln",), q) for q in (x, y, x * y, x * x.inverse()))
    assert not any(names.split(a + b - c)) and any(names.split(a - b)) and not any(names.split(unit * x))
    assert not any(names.split((a + b - c) * number(Fraction(1, 3)) * x)) and any(names.split(a + x - c + b))
    rest, pairs = names.split(x + y * a * number(Fraction(1, 2)))
    assert not rest - x and len(pairs) == 1 and not pairs[0][0] - y * number(Fraction(1, 2)) and not pairs[0][1] - x
    assert not any(names.split((number(2) * a - names.named(("Ln",), x**2)) * y.inverse()))
    assert any(names.split(a * y - b * x)) and not any(names.split(ZERO))
    for product in (a * b, a**2, a**3 * x, a * b * c):
        assert refusal(lambda product=product: names.split(product)) == "a product of logarithms"


# shift
def shift(domains: dict[str, str], *free: str, **facts: Any) -> tuple[Reader, Shift]:
    made = {name: {key: tree(x) for key, x in table.items()} for name, table in facts.items()}
    reader = Reader({**under(), "symmetric": frozenset(), **made}, False)
    return reader, Shift(reader, domains, frozenset(free))


DOMAINS = {"p": "positive", "n": "nonnegative", "u": "unit", "v": "unit", "w": "inner"}


@pytest.mark.parametrize(
    ("value", "sure"),
    [
        ("p", True),
        ("n", False),
        ("u", False),
        ("w", True),
        (0, False),
        (1, True),
        (["Add", "n", "p"], True),
        (["Add", "n", "n"], False),
        (["Add", "p", ["Negate", "n"]], False),
        (["Add", 1, ["Negate", "u"]], False),
        (["Add", 1, ["Negate", "w"]], True),
        (["Add", 2, ["Negate", "u"]], True),
        (["Multiply", "p", ["Add", 1, "u"]], True),
        (["Add", ["Power", "u", 2], ["Power", ["Add", 1, ["Negate", "u"]], 2]], True),
        (["Add", "u", "v"], False),
        (["Add", 2, ["Negate", "u"], ["Negate", "v"]], False),
        (["Add", 3, ["Negate", "u"], ["Negate", "v"]], True),
        (["Sqrt", "p"], False),
        (["Add", ["Sqrt", "n"], "p"], True),
        ("def", True),
        (["Add", "def", ["Negate", "p"]], False),
        ("free", False),
        (["Add", "free", 1], True),
    ],
)
def test_certain(value: Any, sure: bool) -> None:
    reader, made = shift(
        DOMAINS, "free", definitions={"def": ["Divide", ["Add", "p", "n"], 2], "free": ["Negate", "p"]}
    )
    top, below = made.ratio(reader.scalar(tree(value)))
    assert made.certain(top) == sure and all(map(made.certain, below))


def test_shifted_is_the_same() -> None:
    """p/(p + q) and the definitions, put in and taken out again."""
    value = ["Divide", ["Add", "u", ["Multiply", "def", "w"]], ["Add", 2, ["Negate", "u"], ["Power", "def", 2]]]
    definitions = {"def": ["Divide", "u", ["Add", 1, "n"]]}
    reader, made = shift(DOMAINS, definitions=definitions)
    found = made.over(*made.ratio(reader.scalar(tree(value))))
    p, q, n = (reader.name(x) for x in ("u~p", "u~q", "n"))
    u, w = p * (p + q).inverse(), reader.name("w~p") * (reader.name("w~p") + reader.name("w~q")).inverse()
    f = u * (ONE + n).inverse()
    assert not found - (u + f * w) * (number(2) - u + f**2).inverse()


def test_shift_refuses() -> None:
    reader, made = shift({"r": "real"}, definitions={"a": "b", "b": "a", "z": "z"})
    assert refusal(lambda: made.ratio(reader.scalar("r"))) == "nothing says that r is nonnegative"
    assert refusal(lambda: made.ratio(reader.scalar("x"))) == "nothing says that x is nonnegative"
    assert refusal(lambda: made.ratio(reader.scalar("a"))) == "definitions refer to one another in a circle"
    assert refusal(lambda: made.ratio(reader.scalar("z"))) == "definitions refer to one another in a circle"
    for head in (["Ln", "x"], ["Min", "x", "y"]):
        assert refusal(lambda head=head: made.ratio(reader.scalar(tree(head)))).startswith("nothing says that")


def test_a_long_row_of_definitions() -> None:
    for length, fine in ((99, True), (100, False)):
        table = {f"x{n}": f"x{n + 1}" for n in range(length)}
        reader, made = shift({f"x{length}": "positive"}, definitions=table)
        if fine:
            assert made.ratio(reader.scalar("x0"))[1] == []
        else:
            assert refusal(lambda made=made, reader=reader: made.ratio(reader.scalar("x0"))).endswith("in a circle")


def test_evidence_is_read() -> None:
    reader, made = shift({})
    x, root, e = reader.scalar("x"), reader.scalar(tree(["Sqrt", "y"])), reader.scalar(tree(["Exp", "t"]))
    assert not Q(made.read([["3/2", {"x": 2, "root 0": 1}], ["-1", {"exp t": 2}]])) - (
        number(Fraction(3, 2)) * x**2 * root - e
    )
    assert made.read([]) == {} and made.read([["2", {}]]) == {1: 2}
    for terms in ([["1", {"z": 1}]], [["1", {"x": 0}]], [["1", {"x": -1}]], [["1", {"x": True}]], [["1", {"x": 1.0}]]):
        assert refusal(lambda terms=terms: made.read(terms)) == "an unknown name"
    for terms in ([["1", {}], ["2", {}]], [["0", {}]], [["1", {"x": 1}], ["1", {"x": 1}]]):
        assert refusal(lambda terms=terms: made.read(terms)) == "a term that stands twice, or is zero"
