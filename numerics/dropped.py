"""What becomes of a proved inequality when one of its assumptions is dropped.

For each piece of the real line that the domain of a symbol shuts out, each condition that a line states and each order
of two lists: UNNEEDED when the checker accepts the step without it, REFUTED with a point that meets everything else and
at which the written lines have values in the wrong order, NO VALUE with a point at which a line has none, or UNDECIDED.
What is UNNEEDED is looked at too: a point at which such a step fails contradicts the checker, and is CONTRADICTED.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from itertools import islice, product

from flint import ctx

from numerics.plain_value import PlainValue, met
from numerics.refuting import SEARCH_BITS, Question, Search, Values
from numerics.steps import (
    Step,
    StepPoint,
    Unwritten,
    WrittenStep,
    condition_signs,
    has_no_value,
    steps,
    violated,
)
from numerics.written_out import Sizes
from theory.derivation import Derivation
from theory.expr import Expr, sym
from theory.goals import NONNEGATIVE, POSITIVE, REAL, UNIT, Interval
from theory.positivity import CODIMENSION
from theory.step_needs import Needs
from theory.text import text
from theory.weakest import SHUT_OUT

INTERVALS = {
    "positive": POSITIVE,
    "nonnegative": NONNEGATIVE,
    "unit": UNIT,
    "inner": Interval(Fraction(0), Fraction(1), True, True),
}
PIECES = {
    "= 0": Interval(Fraction(0), Fraction(0)),
    "< 0": Interval(None, Fraction(0), high_open=True),
    "= 1": Interval(Fraction(1), Fraction(1)),
    "> 1": Interval(Fraction(1), None, low_open=True),
}
STATED = {
    ("positive", "= 0"): "> 0", ("positive", "< 0"): ">= 0", ("nonnegative", "< 0"): ">= 0", ("unit", "< 0"): ">= 0",
    ("unit", "> 1"): "<= 1", ("inner", "= 0"): "> 0", ("inner", "< 0"): ">= 0", ("inner", "= 1"): "< 1",
    ("inner", "> 1"): "<= 1",
}  # fmt: skip
# half the angle's tangent: between 0 and 1 for acute angles
HALVES = {
    ("cos_i", "< 0"): Interval(Fraction(1), None, low_open=True),
    ("sin_i", "< 0"): Interval(Fraction(-1), Fraction(0), high_open=True),
}
SIZES = (Sizes(2, 1, 1), Sizes(1, 1, 1), Sizes(3, 1, 1), Sizes(6, 3, 3), Sizes(3, 2, 1), Sizes(2, 1, 0))
SIZES_WITHOUT = {
    (CODIMENSION, "= 0"): (Sizes(1, 1, 1), Sizes(2, 2, 1), Sizes(1, 1, 0)),
    (CODIMENSION, "< 0"): (Sizes(1, 2, 0), Sizes(0, 1, 1), Sizes(1, 2, 1), Sizes(0, 3, 1), Sizes(-1, 0, 0)),
    ("k", "< 0"): (Sizes(0, -1, 0), Sizes(1, -1, 0), Sizes(0, -1, 1), Sizes(1, -3, 1), Sizes(-1, -2, 0)),
}
ACCEPTED = "the checker accepts the step without"
FOLLOWS = "follows from the other assumptions"
MOST_ON_GRID = 3000
DOUBTS = 300
ENOUGH = 200  # points that meet all and have no value, when none has one
PATIENCE = 150


class Fate(StrEnum):
    """What becomes of a step without an assumption."""

    REFUTED = "REFUTED"
    UNNEEDED = "UNNEEDED"
    NO_VALUE = "NO VALUE"
    CONTRADICTED = "CONTRADICTED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True)
class Dropped:
    """One row: the assumption as it is stated, what dropping it lets in, what becomes of the step, and the point."""

    step: Step
    assumption: str
    lets_in: str
    fate: Fate
    point: StepPoint | None = None
    how: str = ""


@dataclass(frozen=True)
class _Without:
    """A step less one assumption: a piece of a symbol's line, a condition, or the order of two lists."""

    step: Step
    symbol: str = ""
    piece: str = ""
    condition: Expr | None = None
    order: bool = False
    besides: Needs | None = None

    def sizes(self) -> tuple[Sizes, ...]:
        return SIZES_WITHOUT.get((self.symbol, self.piece), SIZES)

    def interval(self, name: str, domains: dict[str, str]) -> Interval:
        """Where an independent number lies."""
        base = name.rpartition(" ")[0] or name
        if base == "half":
            return HALVES.get((self.symbol, self.piece), UNIT)
        if base == self.symbol:
            return PIECES[self.piece]
        if base not in domains:
            return REAL
        return _widened(domains[base], self.besides.let_in.get(base, ()) if self.besides is not None else ())

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The conditions that are stated, the dropped one among them."""
        kept = self.step.conditions if self.besides is None else self.besides.conditions
        return tuple(c for c in self.step.conditions if c in kept or c == self.condition)

    def question(self, written: WrittenStep) -> Question:
        """The step's difference is at least 0: for all numbers that meet everything but the dropped assumption."""
        conditions = []
        for condition, tree in zip(self.step.conditions, written.conditions, strict=True):
            if condition not in self.conditions:
                continue
            dropped = condition == self.condition
            conditions.append((-tree if dropped else tree, ">=" if dropped else ">"))
        conditions += [] if self.order else [(tree, ">=") for tree in written.ordered]
        domains = dict(self.step.model.domains)
        table = {name: self.interval(name, domains) for name in written.names}
        return Question(written.difference, ">=", tuple(conditions), table)

    def is_met(self, point: StepPoint) -> bool:
        """Whether a point meets everything but the dropped assumption, evaluated from the lines as they are written."""
        domains = dict(self.step.model.domains)
        for name, x in _all_numbers(point):
            if name in ("sin_i", "cos_i") and (name, self.piece) != (self.symbol, self.piece):
                if not UNIT.holds(x):
                    return False
            elif name not in ("sin_i", "cos_i") and not self.interval(name, domains).holds(x):
                return False
        for condition, sign in condition_signs(self.step, point).items():
            if condition in self.conditions and ((condition == self.condition) == (sign == 1) or sign is None):
                return False
        if self.order:
            return True
        return all(plane[less] <= plane[more] for less, more, _ in self.step.orders for plane in point.planes)


def meets(step: Step, point: StepPoint) -> bool:
    """Whether a point meets every assumption of a step."""
    return _Without(step).is_met(point)


def _widened(domain: str, let_in: tuple[str, ...]) -> Interval:
    """An interval within a domain and the pieces that are let in: all of it, but where there is a gap."""
    whole = INTERVALS[domain]
    low, low_open, high, high_open = whole.low, whole.low_open, whole.high, whole.high_open
    for piece in let_in:
        if piece == "= 0":
            low_open = False
        elif piece == "= 1":
            high_open = False
        elif piece == "< 0" and not low_open:
            low = None
        elif piece == "> 1" and not high_open:
            high = None
    return Interval(low, high, low_open and low is not None, high_open and high is not None)


def _all_numbers(point: StepPoint) -> Iterator[tuple[str, Fraction]]:
    yield from point.numbers.items()
    for j, plane in enumerate(point.planes):
        if j < point.sizes.k or point.sizes.k < 0:
            yield from plane.items()


def dropped(derivation: Derivation, seed: int = 0) -> list[Dropped]:
    """A row for every assumption of every proved inequality of a result."""
    return [row for step in steps(derivation) for row in dropped_of(step, seed)]


def dropped_of(step: Step, seed: int = 0) -> Iterator[Dropped]:
    """A row for each piece that a domain of the step shuts out, each of its conditions, and each order."""
    needs = step.needs
    board = _Board(step, needs, seed)
    for symbol, domain in needs.domains.items():
        for piece in SHUT_OUT[domain]:
            stated = f"{symbol} {STATED[domain, piece]}"
            if piece in needs.let_in.get(symbol, ()):
                how = FOLLOWS if sym(symbol) in needs.follows else ACCEPTED
                yield board.doubt(_Without(step, symbol, piece), stated, f"{symbol} {piece}", how)
            else:
                yield board.decide(_Without(step, symbol, piece), stated, f"{symbol} {piece}")
    for condition in step.conditions:
        stated, lets_in = f"{text(condition)} > 0", f"{text(condition)} <= 0"
        if condition not in needs.conditions:
            how = FOLLOWS if condition in needs.follows else "nothing rests on it"
            yield board.doubt(_Without(step, condition=condition), stated, lets_in, how)
        else:
            yield board.decide(_Without(step, condition=condition), stated, lets_in)
    for less, more, kind in step.orders:
        said = "is at most" if kind == "termwise" else "is weakly log-majorised by"
        yield board.decide(_Without(step, order=True), f"{less} {said} {more}", f"{less} and {more} in any order")


class _Board:
    """One step, written out once for all sizes at which it is looked at."""

    def __init__(self, step: Step, needs: Needs, seed: int) -> None:
        self.step, self.needs, self.seed = step, needs, seed
        self.written: dict[Sizes, WrittenStep | None] = {}

    def at(self, sizes: Sizes) -> WrittenStep | None:
        if sizes not in self.written:
            try:
                self.written[sizes] = WrittenStep.of(self.step, sizes)
            except Unwritten:
                self.written[sizes] = None
        return self.written[sizes]

    def decide(self, without: _Without, stated: str, lets_in: str) -> Dropped:
        if not self.step.is_scalar:
            return Dropped(self.step, stated, lets_in, Fate.UNDECIDED, how="its lines are written in matrices")
        for tried, said in ((without, ""), (replace(without, besides=self.needs), ", less what is unneeded besides")):
            point, nowhere = self._look(tried)
            if point is not None:
                return Dropped(self.step, stated, lets_in, Fate.REFUTED, point, f"a point at which it fails{said}")
            if nowhere is not None:
                how = f"a point at which a line has no value{said}"
                return Dropped(self.step, stated, lets_in, Fate.NO_VALUE, nowhere, how)
        return Dropped(self.step, stated, lets_in, Fate.UNDECIDED, how="neither a certificate nor a point")

    def doubt(self, without: _Without, stated: str, lets_in: str, how: str) -> Dropped:
        """Unneeded, unless a few points at one size say that the step fails without it."""
        written = self.at(without.sizes()[0]) if self.step.is_scalar else None
        found = _Found() if written is None else _look(without, written, self.seed, most=DOUBTS)
        if found.failure is not None:
            return Dropped(self.step, stated, lets_in, Fate.CONTRADICTED, found.failure, f"fails, and yet {how}")
        return Dropped(self.step, stated, lets_in, Fate.UNNEEDED, how=how)

    def _look(self, without: _Without) -> tuple[StepPoint | None, StepPoint | None]:
        """The same at all sizes, as long as nothing is found."""
        nowhere: StepPoint | None = None
        seen: set[Expr] = set()
        for sizes in without.sizes():
            written = self.at(sizes)
            if written is None or written.difference in seen:
                continue
            seen.add(written.difference)
            found = _look(without, written, self.seed)
            if found.failure is not None:
                return found.failure, None
            nowhere = nowhere or found.nowhere
            if nowhere is not None and not found.somewhere:
                break
        return None, nowhere


@dataclass
class _Found:
    """A point of failure, a point at which a line has no value, and whether any point met all and had one."""

    failure: StepPoint | None = None
    nowhere: StepPoint | None = None
    somewhere: bool = False


def _look(without: _Without, written: WrittenStep, seed: int, most: int | None = None) -> _Found:
    """What is found at these sizes, each point confirmed by the written lines; with `most`, of so many points only."""
    question, sizes, step = without.question(written), written.sizes, written.step
    found, tried = _Found(), 0

    def confirmed(values: Values) -> bool:
        point = StepPoint.of(values, sizes)
        return without.is_met(point) and violated(step, point)

    with ctx.workprec(SEARCH_BITS):
        for values in islice(_grid(question, seed), most):
            at = PlainValue(values)
            if not all(met(at.of(tree), relation) for tree, relation in question.conditions):
                continue
            tried += 1
            value = at.of(question.tree)
            if value is not None and value < 0 and confirmed(values):
                found.failure = StepPoint.of(values, sizes)
                return found
            found.somewhere = found.somewhere or value is not None
            if value is None and found.nowhere is None:
                point = StepPoint.of(values, sizes)
                found.nowhere = point if without.is_met(point) and has_no_value(step, point) else None
            if tried == ENOUGH and not found.somewhere:
                return found
    if most is not None:
        return found
    later = Search(question, confirmed, _Patience(PATIENCE), seed).run().failure
    found.failure = StepPoint.of(later, sizes) if later is not None else None
    return found


class _Patience:
    """A clock that counts how often it is asked, so that what is found depends on no machine."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


_PLAIN = tuple(
    Fraction(x) for x in ("1", "1/2", "2", "0", "-1", "3", "-2", "-1/2", "1/10", "10", "-10", "-1/10", "3/2")
)


def _grid(question: Question, seed: int) -> Iterator[Values]:
    """Plain numbers of every domain: the first few in every combination, then all of them by chance."""
    names = list(question.domains)
    table = [[x for x in _PLAIN if question.domains[name].holds(x)] for name in names]
    few = 3 if len(names) < 7 else 2
    for point in islice(product(*(column[:few] for column in table)), MOST_ON_GRID):
        yield dict(zip(names, point, strict=True))
    chance = random.Random(seed)
    for _ in range(MOST_ON_GRID // 4 if names else 0):
        yield {name: chance.choice(column) for name, column in zip(names, table, strict=True)}


__all__ = ["Dropped", "Fate", "dropped", "dropped_of", "meets"]
