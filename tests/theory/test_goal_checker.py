"""The goal checker: what it accepts is true, and a proof that was tampered with is refused."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest

from theory.goal_checker import Refused, verify
from theory.goals import (
    NONNEGATIVE,
    POSITIVE,
    REAL,
    UNIT,
    Between,
    Cases,
    Combination,
    Condition,
    Discriminant,
    Factor,
    Goal,
    Impossible,
    Interval,
    Poly,
    Product,
    Proof,
    Raised,
    Signs,
    Split,
    Univariate,
    Weighted,
    leaf_count,
)
from theory.proving import find, trials, value
from theory.univariate import is_nonnegative, odd_part, roots_inside

F = Fraction
X, Y = (1, 0), (0, 1)


def poly(**terms: int | Fraction) -> Poly:
    """x2y=3 is 3 x^2 y; `one` is the constant."""
    found = {}
    for name, coefficient in terms.items():
        powers = [0, 0]
        for i, letter in enumerate("xy"):
            place = name.find(letter)
            if place >= 0 and name != "one":
                digit = name[place + 1 : place + 2]
                powers[i] = int(digit) if digit.isdigit() else 1
        found[tuple(powers)] = F(coefficient)
    return found


def goal(
    terms: Poly, x: Interval = NONNEGATIVE, y: Interval = NONNEGATIVE, strict: bool = False, *where: Condition
) -> Goal:
    return Goal(("x", "y"), (x, y), terms, where, strict)


SQUARE = poly(x2=1, xy=-2, y2=1)
PROOFS = {
    "signs on a bounded interval": (goal(poly(x=1, x2=-1), UNIT), Signs()),
    "open interval": (goal(poly(x=1, x2=-1), Interval(F(0), F(1), True, True), strict=True), Signs()),
    "half-open above": (goal(poly(one=1, x=-1), Interval(F(0), F(1), False, True), strict=True), Signs()),
    "half-open below": (goal(poly(x=1), Interval(F(0), F(1), True, False), strict=True), Signs()),
    "from above": (goal(poly(x=-1), Interval(None, F(0))), Signs()),
    "univariate": (goal(poly(x4=1, x2=-4, one=4), REAL), Univariate()),
    "split": (goal(poly(x2=1, x=-2, one=1)), Split(0, F(1), Signs(), Signs())),
    "product": (goal(SQUARE, REAL, REAL), Product((Factor(poly(x=1, y=-1), 2),))),
    "discriminant": (
        goal(poly(x2=1, xy=-1, y2=1), REAL, REAL),
        Discriminant(0, Signs(), Product((Factor(poly(y=1), 2),))),
    ),
    "raised": (
        goal(poly(x=1, y=-1), REAL, NONNEGATIVE, False, Condition(poly(x=1, y=-2), ">=")),
        Raised(0, 0, 1, Signs()),
    ),
    "between": (
        goal(poly(y=1, x=-1), NONNEGATIVE, UNIT, False, Condition(poly(y=1, x=-1), ">=")),
        Between(0, None, 0, Signs()),
    ),
    "cases": (
        goal(SQUARE, NONNEGATIVE, NONNEGATIVE),
        Cases(poly(x=1, y=-1), Raised(0, 0, 1, Signs()), Raised(0, 1, 1, Signs())),
    ),
    "combination": (
        goal(poly(x2=1, x=-1), NONNEGATIVE, NONNEGATIVE, False, Condition(poly(x=1, one=-1), ">=")),
        Combination((Weighted(0, poly(x=1), Signs()),), Signs()),
    ),
    "impossible": (
        goal(poly(one=-1), NONNEGATIVE, NONNEGATIVE, False, Condition(poly(x=-1), ">")),
        Impossible(0, Signs()),
    ),
}


@pytest.mark.parametrize("name", PROOFS)
def test_each_rule_accepts_its_example(name: str) -> None:
    asked, proof = PROOFS[name]
    verify(asked, proof)
    assert leaf_count(proof) >= 1


@pytest.mark.parametrize("name", PROOFS)
def test_the_same_proof_does_not_show_the_opposite(name: str) -> None:
    asked, proof = PROOFS[name]
    if name == "impossible":  # shows anything, as nothing meets the condition
        return
    opposite = {powers: -coefficient for powers, coefficient in asked.poly.items()}
    with pytest.raises(Refused):
        verify(replace(asked, poly=opposite, strict=True), proof)


@pytest.mark.parametrize(
    ("asked", "proof"),
    [
        (goal(poly(x=1, x2=-1), UNIT, strict=True), Signs()),
        (goal(poly(x=1), NONNEGATIVE, strict=True), Signs()),
        (goal(poly(x=1), REAL), Signs()),
        (goal(poly(one=1, x=-1), Interval(F(0), F(1), True, False), strict=True), Signs()),
        (goal(poly(x=1), Interval(F(0), F(1), False, True), strict=True), Signs()),
        (goal(poly(x=1, y=1), UNIT, UNIT, strict=True), Signs()),
        (goal(poly(x2=1, one=-2), POSITIVE), Univariate()),
        (goal(poly(x4=1, x2=-4, one=4), REAL, strict=True), Univariate()),
        (goal(SQUARE), Univariate()),
        (goal(poly(x2=1, x=-2, one=1)), Split(0, F(2), Signs(), Signs())),
        (goal(poly(x2=1, x=-2, one=1)), Split(0, F(-1), Signs(), Signs())),
        (goal(poly(x2=1, x=-2, one=1)), Split(7, F(1), Signs(), Signs())),
        (goal(SQUARE, REAL, REAL, True), Product((Factor(poly(x=1, y=-1), 2),))),
        (goal(SQUARE, REAL, REAL), Product((Factor(poly(x=1, y=1), 2),))),
        (goal({p: -c for p, c in SQUARE.items()}, REAL, REAL), Product((Factor(poly(x=1, y=-1), 2),))),
        (goal(poly(x=1, y=-1)), Product((Factor(poly(x=1, y=-1), 1),))),
        (goal(poly(x=1)), Product((Factor(poly(x=1), 1, -1, Signs()),))),
        (goal(poly(x2=1, xy=-3, y2=1), REAL, REAL), Discriminant(0, Signs(), Signs())),
        (goal(poly(x2=-1, y=-1)), Discriminant(0, Signs(), Signs(), Signs())),
        (goal(poly(x=1, y=-1), REAL, NONNEGATIVE, False, Condition(poly(x=1, y=-2), ">=")), Raised(0, 0, -1, Signs())),
        (goal(poly(x=1, y=-3), REAL, NONNEGATIVE, False, Condition(poly(x=1, y=-2), ">=")), Raised(0, 0, 1, Signs())),
        (goal(poly(x=1), REAL, REAL, False, Condition(poly(xy=1, one=-1), ">=")), Raised(0, 0, 1, Signs())),
        (goal(poly(x=1), NONNEGATIVE, UNIT, True, Condition(poly(y=1, x=-1), ">=")), Between(0, None, 0, Signs())),
        (
            goal(poly(x=1, one=-1), NONNEGATIVE, NONNEGATIVE, False, Condition(poly(x=1, one=-1), ">=")),
            Between(0, 0, 0, Signs()),
        ),
        (
            goal(poly(x2=1, x=-1), REAL, NONNEGATIVE, False, Condition(poly(x=1, one=-1), ">=")),
            Combination((Weighted(0, poly(x=1), Signs()),), Signs()),
        ),
        (
            goal(poly(x=1, one=-1), NONNEGATIVE, NONNEGATIVE, False, Condition(poly(x=-1, one=1), ">=")),
            Combination((Weighted(0, poly(one=-1), Signs()),), Signs()),
        ),
        (goal(poly(one=-1), NONNEGATIVE, NONNEGATIVE, False, Condition(poly(x=-1), ">=")), Impossible(0, Signs())),
        (goal(poly(one=-1)), Impossible(0, Signs())),
        (goal(poly(one=-1)), Cases(poly(x=1), Impossible(0, Signs()), Impossible(0, Signs()))),
        (goal({(1,): F(1)}), Signs()),
        (goal({(1, 0): 0.5}), Signs()),  # type: ignore[dict-item]
        (goal({(-1, 0): F(1)}), Signs()),
        (goal(poly(x=1)), Proof()),
    ],
)
def test_tampered_proofs_are_refused(asked: Goal, proof: Proof) -> None:
    with pytest.raises(Refused):
        verify(asked, proof)


def _random_goal(rng: random.Random) -> Goal:
    domains = [REAL, NONNEGATIVE, POSITIVE, UNIT, Interval(F(-1), F(2), True, False), Interval(None, F(1))]
    terms = {(i, j): F(rng.randint(-3, 3)) for i, j in product(range(3), repeat=2) if rng.random() < 0.6}
    where = ()
    if rng.random() < 0.5:
        where = (
            Condition(
                {(1, 0): F(rng.choice((1, -1))), (0, 1): F(rng.randint(-2, 2)), (0, 0): F(rng.randint(-1, 1))},
                rng.choice((">=", ">", "==")),
            ),
        )
    made = {p: c for p, c in terms.items() if c}
    return Goal(("x", "y"), (rng.choice(domains), rng.choice(domains)), made, where, rng.random() < 0.4)


def _random_proof(rng: random.Random, depth: int) -> Proof:
    kids = lambda: _random_proof(rng, depth - 1)  # noqa: E731 - a short name for many uses
    if depth == 0:
        return rng.choice((Signs(), Univariate()))
    i = rng.randint(0, 1)
    return rng.choice(
        (
            lambda: Split(i, F(rng.randint(-1, 1)), kids(), kids()),
            lambda: Cases({X: F(1), Y: F(-1)}, kids(), kids()),
            lambda: Raised(0, i, rng.choice((1, -1)), kids()),
            lambda: Between(i, rng.choice((None, 0)), rng.choice((None, 0)), kids()),
            lambda: Discriminant(i, kids(), kids(), rng.choice((None, Signs()))),
            lambda: Combination((Weighted(0, {(0, 0): F(1)}, Signs()),), kids()),
            lambda: Impossible(0, kids()),
        )
    )()


def _counterexample(asked: Goal, rng: random.Random) -> tuple[Fraction, ...] | None:
    for point in trials(asked, 400):
        here = value(asked.poly, point)
        if here < 0 or (asked.strict and here == 0):
            return point
    return None


def test_no_random_proof_shows_something_false() -> None:
    """Thousands of pairs of a goal with a known counterexample and a proof made at random: none is accepted."""
    rng, tried = random.Random(1), 0
    while tried < 2500:
        asked = _random_goal(rng)
        if _counterexample(asked, rng) is None:
            continue
        tried += 1
        with pytest.raises(Refused):
            verify(asked, _random_proof(rng, rng.randint(0, 2)))


def test_what_is_found_has_no_counterexample() -> None:
    """Goals made at random: a proof is found for some, and then no point of a fine grid speaks against it."""
    rng, shown = random.Random(2), 0
    for _ in range(120):
        asked = _random_goal(rng)
        if find(asked, (), _steps(60)) is None:
            continue
        shown += 1
        for point in _grid(asked, rng):
            here = value(asked.poly, point)
            assert here > 0 or (here == 0 and not asked.strict)
    assert shown >= 10


def _steps(most: int) -> object:
    left = [most]

    def late() -> bool:
        left[0] -= 1
        return left[0] < 0

    return late


def _grid(asked: Goal, rng: random.Random) -> list[tuple[Fraction, ...]]:
    found = []
    for _ in range(300):
        point = tuple(F(rng.randint(-24, 24), rng.choice((1, 3, 8))) for _ in asked.names)
        if all(d.holds(x) for d, x in zip(asked.domains, point, strict=True)):
            met = [(value(c.poly, point), c.relation) for c in asked.conditions]
            if all(v == 0 if r == "==" else v > 0 if r == ">" else v >= 0 for v, r in met):
                found.append(point)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_sturm_against_polynomials_with_known_roots(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        roots = sorted({F(rng.randint(-6, 6), rng.randint(1, 3)) for _ in range(rng.randint(1, 4))})
        powers = [rng.randint(1, 3) for _ in roots]
        dense = [F(rng.choice((1, -1)))]
        for root, power in zip(roots, powers, strict=True):
            for _ in range(power):
                dense = [a - root * b for a, b in zip([F(0), *dense], [*dense, F(0)], strict=True)]
        low, high = sorted((F(rng.randint(-7, 6)), F(rng.randint(-6, 7))))
        if low == high:
            continue
        assert roots_inside(dense, low, high) == sum(low < r < high for r in roots)
        assert len(odd_part(dense)) - 1 == sum(p % 2 for p in powers)
        closed = Interval(low, high)
        marks = sorted({low, high, *(r for r in roots if low <= r <= high)})
        tests = marks + [(a + b) / 2 for a, b in pairwise(marks)]
        values = [sum(c * x**i for i, c in enumerate(dense)) for x in tests]
        assert is_nonnegative(dense, closed, strict=False) == all(v >= 0 for v in values)
        assert is_nonnegative(dense, closed, strict=True) == all(v > 0 for v in values)
