"""Finding proofs of goals. Nothing here is trusted: every proof goes to `goal_checker.verify`.

The finder tries, cheapest first: signs of coefficients, Sturm, factors, a condition solved for a variable, completed
squares, and then cuts of the domain, at the points that a search for counterexamples found to be the lowest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import islice, product
from typing import Any

from sympy import QQ, Symbol, ring

from theory.goal_checker import Refused, between, linear, raised, verify
from theory.goal_polys import by_power, degree, plus, scaled, times, used, variable
from theory.goals import (
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
)

MOST_TERMS_TO_FACTOR = 120
MOST_TERMS = 4000
Clock = Callable[[], bool]  # whether the time is up


class OutOfTime(Exception):
    """The search was cut short."""


def find(goal: Goal, hints: Sequence[Sequence[Fraction | None]] = (), late: Clock = lambda: False) -> Proof | None:
    """A proof that the checker accepts, or None. `hints` are points, one number a variable, where cuts may help."""
    finder = _Finder(tuple(tuple(point) for point in hints), late)
    try:
        for splits, moves in ((0, 0), (0, 2), (1, 1), (2, 2), (4, 1), (6, 2), (9, 1)):
            proof = finder.prove(goal, splits, moves)
            if proof is not None:
                verify(goal, proof)
                return proof
            if finder.failed_for_good:
                return None
    except (OutOfTime, Refused):
        return None
    return None


class _Finder:
    """Looks for a proof with at most so many cuts one after another and so many changes of variable."""

    def __init__(self, hints: tuple[tuple[Fraction | None, ...], ...], late: Clock) -> None:
        self.hints, self.late = hints, late
        self.failed_for_good = False

    def prove(self, goal: Goal, splits: int, moves: int, level: int = 0) -> Proof | None:
        if self.late():
            raise OutOfTime
        if len(goal.poly) > MOST_TERMS:
            return None
        if _accepts(goal, Signs()):
            return Signs()
        if len(used(goal.poly)) <= 1 and _accepts(goal, Univariate()):
            return Univariate()
        if _is_false(goal):
            self.failed_for_good = level == 0
            return None
        attempts = (
            self._weights,
            self._factors,
            self._contradiction,
            self._conditions,
            self._squares,
            self._cuts,
            self._orders,
        )
        for attempt in attempts:
            proof = attempt(goal, splits, moves, level + 1)
            if proof is not None:
                return proof
        return None

    def _factors(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        parts = _factored(goal)
        if len(parts) == 1 and parts[0][1] == 1:
            return None
        found = []
        for poly, power in parts:
            proof, sign = None, 1
            if power % 2 or goal.strict:
                sign = _likely_sign(replace(goal, poly=poly))
                proof = self.prove(replace(goal, poly=scaled(poly, sign)), splits, moves, level)
                if proof is None:
                    return None
            found.append(Factor(poly, power, sign, proof))
        answer = Product(tuple(found))
        return answer if _accepts(goal, answer) else None

    def _weights(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        """The polynomial as a weighted condition plus a rest, by division; the signs have to decide both."""
        for index, condition in enumerate(goal.conditions):
            if not used(condition.poly):
                continue
            for weight, rest in _divisions(goal, condition.poly):
                term = Weighted(index, weight, Signs())
                for left in (Signs(), Univariate()):
                    answer = Combination((term,), left)
                    if weight and (rest or not goal.strict) and _accepts(goal, answer):
                        return answer
        return None

    def _contradiction(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        for index, condition in enumerate(goal.conditions):
            if condition.relation == "==":
                continue
            strict = condition.relation == ">="
            opposite = replace(goal, poly=scaled(condition.poly, -1), conditions=(), strict=strict)
            if _accepts(opposite, Signs()):
                return Impossible(index, Signs())
        return None

    def _conditions(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        """Each condition solved for each of its variables; first those changes after which the signs decide."""
        if not moves:
            return None
        options = list(islice(_changes(goal), 24))
        for change, fresh in options:
            if _accepts(fresh, Signs()):
                return replace(change, rest=Signs())
        for change, fresh in options:
            rest = self.prove(fresh, splits, moves - 1, level)
            if rest is not None:
                return replace(change, rest=rest)
        return None

    def _squares(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        if not moves:
            return None
        for index in sorted(used(goal.poly)):
            if degree(goal.poly, index) == 2:
                proof = self._square(goal, index, splits, moves - 1, level)
                if proof is not None:
                    return proof
        return None

    def _square(self, goal: Goal, index: int, splits: int, moves: int, level: int) -> Proof | None:
        c, b, a = by_power(goal.poly, index)
        gap = plus(scaled(times(a, c), 4), times(b, b), -1)
        below = self.prove(replace(goal, poly=gap), splits, moves, level)
        if below is None:
            return None
        lead = self.prove(replace(goal, poly=a, strict=True), splits, moves, level)
        if lead is not None:
            return Discriminant(index, lead, below)
        if goal.strict:
            return None
        lead = self.prove(replace(goal, poly=a), splits, moves, level)
        tail = self.prove(replace(goal, poly=c), splits, moves, level) if lead is not None else None
        return Discriminant(index, lead, below, tail) if lead is not None and tail is not None else None

    def _cuts(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        whole = [i for i in sorted(used(goal.poly)) if goal.domains[i].low is None and goal.domains[i].high is None]
        if not splits and not whole:
            return None
        for index, at in islice(self._places(goal, whole), 3 if level < 3 else 1):
            domain = goal.domains[index]
            left = max(splits - 1, 0)
            parts = []
            for part in (replace(domain, high=at, high_open=False), replace(domain, low=at, low_open=False)):
                domains = tuple(part if i == index else d for i, d in enumerate(goal.domains))
                proof = self.prove(replace(goal, domains=domains), left, moves, level)
                if proof is None:
                    break
                parts.append(proof)
            if len(parts) == 2:
                return Split(index, at, *parts)
        return None

    def _places(self, goal: Goal, whole: list[int]) -> Iterator[tuple[int, Fraction]]:
        """Where to cut: variables without any bound first, then the hints, then the widest domain in its middle."""
        names = whole or sorted(used(goal.poly))
        for point in self.hints:
            for i in names:
                at = point[i] if i < len(point) else None
                if at is not None and goal.domains[i].inside(at) and not goal.names[i].endswith("'"):
                    yield i, at
        for i in whole:
            yield i, Fraction(0)
        if not whole:
            for i in sorted(names, key=lambda i: -_width(goal.domains[i])):
                yield i, _middle(goal.domains[i])

    def _orders(self, goal: Goal, splits: int, moves: int, level: int) -> Proof | None:
        """Two variables in either order."""
        names = sorted(used(goal.poly))
        if moves < 2 or len(names) > 4 or level > 2:
            return None
        size = len(goal.names)
        for i, j in ((i, j) for i in names for j in names if i < j):
            poly = plus(variable(i, size), variable(j, size), -1)
            parts = []
            for sign in (1, -1):
                extra = (*goal.conditions, Condition(scaled(poly, sign), ">="))
                proof = self.prove(replace(goal, conditions=extra), splits, moves - 1, level + 2)
                if proof is None:
                    break
                parts.append(proof)
            if len(parts) == 2:
                return Cases(poly, *parts)
        return None


def _accepts(goal: Goal, proof: Proof) -> bool:
    try:
        verify(goal, proof)
    except Refused:
        return False
    return True


def _changes(goal: Goal) -> Iterator[tuple[Raised | Between, Goal]]:
    """Every change of variable that a condition offers, equalities first."""
    order = sorted(range(len(goal.conditions)), key=lambda i: goal.conditions[i].relation != "==")
    for index in order:
        condition = goal.conditions[index]
        for name in sorted(used(condition.poly)):
            try:
                slope, _ = linear(condition, name)
            except Refused:
                continue
            for change in _changes_of(goal, index, name, slope):
                try:
                    yield change, raised(goal, change) if isinstance(change, Raised) else between(goal, change)
                except Refused:
                    continue


def _changes_of(goal: Goal, index: int, name: int, slope: Poly) -> Iterator[Raised | Between]:
    condition = goal.conditions[index]
    if used(slope):
        for sign in (1, -1):
            if _accepts(replace(goal, poly=scaled(slope, sign), strict=True), Signs()):
                yield Raised(index, name, sign, Signs(), Signs())
        return
    sign = 1 if next(iter(slope.values())) > 0 else -1
    domain = goal.domains[name]
    if condition.relation != "==":
        if sign < 0 and domain.low is not None:
            yield Between(name, None, index, Signs())
        if sign > 0 and domain.high is not None:
            yield Between(name, index, None, Signs())
        for other, beside in enumerate(goal.conditions):
            pair = (index, other) if sign > 0 else (other, index)
            if other > index and beside.relation != "==":
                yield Between(name, *pair, Signs())
    yield Raised(index, name, sign, Signs())


def _width(domain: Interval) -> Fraction:
    if domain.low is None or domain.high is None:
        return Fraction(4)
    return domain.high - domain.low


def _middle(domain: Interval) -> Fraction:
    if domain.low is not None and domain.high is not None:
        return (domain.low + domain.high) / 2
    if domain.low is not None:
        return 2 * domain.low if domain.low > 0 else domain.low + 1
    if domain.high is not None:
        return domain.high - 1
    return Fraction(0)


def _made(goal: Goal, order: str) -> Callable[[Poly], Any]:
    """What turns a polynomial into one of SymPy's."""
    made = ring([Symbol(f"x{i}") for i in range(len(goal.names))], QQ, order)[0]
    return lambda poly: made.from_dict({m: QQ(c.numerator, c.denominator) for m, c in poly.items()})


def _terms(poly: Any) -> dict[tuple[int, ...], Fraction]:
    return {tuple(m): Fraction(int(q.numerator), int(q.denominator)) for m, q in poly.terms() if q}


def _divisions(goal: Goal, divisor: Poly) -> Iterator[tuple[Poly, Poly]]:
    """Quotients and remainders by a polynomial in several orders of the terms, and the plain difference."""
    yield {(0,) * len(goal.names): Fraction(1)}, plus(goal.poly, divisor, -1)
    for order in ("lex", "grevlex"):
        made = _made(goal, order)
        (quotient,), rest = made(goal.poly).div([made(divisor)])
        yield _terms(quotient), _terms(rest)


def _factored(goal: Goal) -> list[tuple[Poly, int]]:
    """Factors with their powers: all of them for short polynomials, else those that are repeated."""
    if not goal.poly or not used(goal.poly):
        return [(goal.poly, 1)]
    made = _made(goal, "lex")
    poly = made(goal.poly)
    short = len(goal.poly) <= MOST_TERMS_TO_FACTOR and sum(max(m) for m in poly.monoms()) < 2000
    _, parts = poly.factor_list() if short else poly.sqf_list()
    found: list[tuple[Poly, int]] = []
    for part, power in parts:
        found.append((_terms(part), int(power)))
    return found or [(goal.poly, 1)]


def value(poly: Poly, point: Sequence[Fraction]) -> Fraction:
    """A polynomial at a point."""
    total = Fraction(0)
    for powers, coefficient in poly.items():
        for x, n in zip(point, powers, strict=True):
            if n:
                coefficient = coefficient * x**n
        total += coefficient
    return total


_STEPS = (Fraction(1), Fraction(1, 1000), Fraction(1000), Fraction(1, 7))


def _trial(domain: Interval, occurs: bool) -> list[Fraction]:
    """A few numbers of a domain, ends included where they belong to it."""
    low, high = domain.low, domain.high
    if low is not None and high is not None:
        found = [(low + high) / 2, low, high, low + (high - low) / 1000, high - (high - low) / 1000]
    elif low is not None:
        found = [low + 1, low, *(low + step for step in _STEPS[1:])]
    elif high is not None:
        found = [high - 1, high, *(high - step for step in _STEPS[1:])]
    else:
        found = [Fraction(0), Fraction(1), Fraction(-1), Fraction(1000), Fraction(-1000)]
    return [x for x in found if domain.holds(x)] if occurs else [x for x in found if domain.holds(x)][:1]


def trials(goal: Goal, most: int = 64) -> Iterator[tuple[Fraction, ...]]:
    """A few points of the goal's domain that meet its conditions."""
    names = used(goal.poly).union(*(used(c.poly) for c in goal.conditions))
    table = [_trial(domain, i in names) for i, domain in enumerate(goal.domains)]
    for point in islice(product(*table), most):
        if all(_holds(value(c.poly, point), c.relation) for c in goal.conditions):
            yield point


def _holds(x: Fraction, relation: str) -> bool:
    return x == 0 if relation == "==" else x > 0 if relation == ">" else x >= 0


def _is_false(goal: Goal) -> bool:
    for point in trials(goal):
        here = value(goal.poly, point)
        if here < 0 or (goal.strict and here == 0):
            return True
    return False


def _likely_sign(goal: Goal) -> int:
    for point in trials(goal):
        here = value(goal.poly, point)
        if here:
            return 1 if here > 0 else -1
    return 1
