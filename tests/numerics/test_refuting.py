"""The search for counterexamples: it finds failures on thin sets, far away, at ends, and next to nothing deep."""

from fractions import Fraction

import pytest
from flint import ctx, fmpq_poly

from numerics.claim_point import NoValue, Plane, Point, exactly, holds, shown, sign
from numerics.plain_value import PlainValue
from numerics.refuting import Question, Search, Values
from numerics.slices import between, rational_roots, roots
from numerics.written_out import Sizes, WrittenOut
from theory.expr import Expr, call, log, num, plane_sum, sym, symbols
from theory.goals import NONNEGATIVE, POSITIVE, REAL, Interval

x, y, z = sym("x"), sym("y"), sym("z")
DEEP = num(Fraction(1, 10**30))


def _search(tree: Expr, relation: str, domain: Interval, *where: tuple[Expr, str], starts: int = 60) -> Values | None:
    names = symbols(tree).union(*(symbols(part) for part, _ in where))
    question = Question(tree, relation, where, dict.fromkeys(names, domain))
    return Search(question, lambda _: True, lambda: False).run(starts).failure


@pytest.mark.parametrize(
    ("tree", "relation", "domain"),
    [
        ((x - Fraction(1, 3)) ** 2 + (y - Fraction(2, 7)) ** 2 - Fraction(1, 10**14), ">=", REAL),
        ((x - y) ** 2 - Fraction(1, 10**14), ">=", POSITIVE),
        ((x - Fraction(355, 113)) ** 2 - Fraction(1, 10**13), ">=", POSITIVE),
        (x**2 - 2 * x + 1 - DEEP, ">=", REAL),
        (x**5 - 5 * x + 4 - DEEP, ">=", NONNEGATIVE),
        (x**3 - 10**30 * x**2 - 1, "<=", NONNEGATIVE),
        (x**4 * y**2 + x**2 * y**4 + 1 - 3 * x**2 * y**2 - DEEP, ">=", REAL),
        (x**2 + y**2 + z**2 - x * y - y * z - z * x - DEEP, ">=", REAL),
        (log(1 + x) - x * Fraction(9999999, 10000000), "<=", NONNEGATIVE),
        (call("sqrt", x * y) - (x + y) / 2 + Fraction(1, 10**20), "<=", NONNEGATIVE),
        (x * (1 - x), ">", Interval(Fraction(0), Fraction(1))),
        (x - Fraction(3, 7), "!=", POSITIVE),
    ],
)
def test_failures_are_found(tree: Expr, relation: str, domain: Interval) -> None:
    found = _search(tree, relation, domain)
    assert found is not None
    with ctx.workprec(256):
        value = PlainValue(found).of(tree)
    assert {">=": value < 0, ">": value <= 0, "<=": value > 0, "!=": value == 0}[relation]
    assert all(domain.holds(number) for number in found.values())


@pytest.mark.parametrize(
    ("tree", "relation", "domain"),
    [
        (x**2 - 2 * x + 1, ">=", REAL),
        ((x - y) ** 2, ">=", REAL),
        (x**4 * y**2 + x**2 * y**4 + 1 - 3 * x**2 * y**2, ">=", REAL),
        (log(1 + x) - x, "<=", NONNEGATIVE),
        (x, ">", POSITIVE),
        (x**2 + 1, "!=", REAL),
    ],
)
def test_nothing_is_found_where_there_is_nothing(tree: Expr, relation: str, domain: Interval) -> None:
    assert _search(tree, relation, domain, starts=15) is None


def test_conditions_are_met() -> None:
    where = ((1 - x - 2 * y, ">="), (1 - 2 * x - y, ">="))
    found = _search(Fraction(66666, 100000) - x - y, ">=", NONNEGATIVE, *where)
    assert found is not None and found["x"] + 2 * found["y"] <= 1 and 2 * found["x"] + found["y"] <= 1


@pytest.mark.parametrize(
    ("low", "high", "simple"),
    [
        ("1/3", "34/100", "18/53"),
        ("0", "1/1000", "1/1001"),
        ("5/2", "7/2", "3"),
        ("-1/3", "-1/4", "-2/7"),
        ("-1", "1", "0"),
    ],
)
def test_the_simplest_fraction_between(low: str, high: str, simple: str) -> None:
    assert between(Fraction(low), Fraction(high)) == Fraction(simple)


def test_roots_are_isolated() -> None:
    poly = fmpq_poly([-2, 0, 1]) * fmpq_poly([-1, 3]) ** 2 * fmpq_poly([1, 0, 1])
    found = roots(poly)
    assert len(found) == 3 and all(low <= high for low, high in found)
    assert found[1] == (Fraction(1, 3), Fraction(1, 3)) and rational_roots(poly) == [Fraction(1, 3)]
    assert found[0][0] ** 2 > 2 > found[0][1] ** 2 and found[2][0] ** 2 < 2 < found[2][1] ** 2


def test_a_point_is_evaluated_from_scratch() -> None:
    plane = Plane(Fraction(2), Fraction(9, 25))
    point = Point(3, 1, 1, {"alpha": Fraction(1, 2), "h": Fraction(3), "sigma2": Fraction(4)}, (plane,))
    values = {"c": 4, "nu": 1, "r": 12, "rho": Fraction(1, 3), "D": 3}
    assert {name: exactly(sym(name), point) for name in values} == values
    assert exactly(plane_sum(sym("a_i") * sym("sin_i") * sym("cos_i")), point) == Fraction(1, 2) * Fraction(12, 25)
    assert exactly(log(sym("h")), point) is None and sign(log(sym("h")) - 1, point) == 1
    assert holds(log(sym("h")), "<", num(2), point) is True and shown(sym("c"), point) == "4"
    with pytest.raises(NoValue):
        exactly(1 / (sym("h") - 3), point)
    with pytest.raises(NoValue):
        holds(1 / (sym("h") - 3) - 1 / (sym("h") - 3), "<=", num(0), point)


def test_no_more_angles_are_positive_than_fit() -> None:
    written = WrittenOut(Sizes(3, 2, 2), {}, {}, halved=False, one_variance=False)
    assert symbols(written.write(plane_sum(sym("s_i")))) == {"s_i 1"}
    alone = WrittenOut(Sizes(3, 1, 2), {}, {}, halved=False, one_variance=False)
    assert exactly(plane_sum(sym("s_i")), alone.point({"s_i 1": Fraction(1, 2)})) == Fraction(3, 2)
