"""Looking for an exact point at which a relation between expressions of independent numbers fails.

Corners first; then from many starts one variable after another (and along random lines) with all else held at
rationals: there the roots are isolated exactly, and a number between each two of them is tried. The search moves to the
lowest of them, so that it finds failures on sets far too thin to be hit by chance. What it finds is a suggestion: the
caller evaluates the claim at the point from scratch.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from typing import Any

from flint import ctx

from numerics import slices
from numerics.plain_value import PlainValue, met, sign, size
from numerics.slices import NotRational, Ratio
from theory.expr import Expr, symbols, walk
from theory.goals import Interval

Values = dict[str, Fraction]
Clock = Callable[[], bool]
SEARCH_BITS = 256
MOST_CORNERS = 400
GRID = 24
_TINY = tuple(Fraction(1, 10**n) for n in (3, 6, 12, 40))
_HUGE = tuple(Fraction(10**n) for n in (3, 6, 12, 40))


@dataclass(frozen=True)
class Question:
    """Does `tree REL 0` (REL also `!=`) hold for all numbers in their domains that meet the conditions?"""

    tree: Expr
    relation: str
    conditions: tuple[tuple[Expr, str], ...]
    domains: Mapping[str, Interval]

    @property
    def rational(self) -> bool:
        """Whether no function but minimum and maximum occurs."""
        trees = (self.tree, *(tree for tree, _ in self.conditions))
        return all(n.name in ("min", "max") for tree in trees for n in walk(tree) if n.head == "call")


@dataclass
class Seen:
    """What a search came across: a failure, a point where everything is met, and the lowest values."""

    failure: Values | None = None
    feasible: Values | None = None
    lows: list[tuple[Fraction, Values]] = field(default_factory=list)
    tried: int = 0


class Search:
    """One question, searched from many starts; `confirm` evaluates a suspected failure from scratch."""

    def __init__(self, question: Question, confirm: Callable[[Values], bool], late: Clock, seed: int = 0) -> None:
        self.question, self.confirm, self.late = question, confirm, late
        self.random = random.Random(seed)
        trees = (question.tree, *(tree for tree, _ in question.conditions))
        self.names = sorted({name for tree in trees for name in symbols(tree)})
        self.seen = Seen()
        self.flip = question.relation in ("<=", "<")

    def run(self, starts: int = 10**9) -> Seen:
        """Corners, then starts, until a failure is confirmed or the time is up."""
        if any(self.question.domains[name].is_empty for name in self.names):
            return self.seen
        with ctx.workprec(SEARCH_BITS):
            for values in self._corners():
                if self.look(values) or self.late():
                    return self._finished()
            for _ in range(starts):
                if self.late() or not self.names:
                    break
                if self._descend(self._start()):
                    break
        return self._finished()

    def _finished(self) -> Seen:
        self.seen.lows = sorted(self.seen.lows, key=lambda low: low[0])[:8]
        return self.seen

    def look(self, values: Values) -> bool:
        """Whether a point is a confirmed failure; what else it shows is kept."""
        self.seen.tried += 1
        if not all(self.question.domains[name].holds(x) for name, x in values.items()):
            return False
        at = PlainValue(values)
        if not all(met(at.of(tree), relation) for tree, relation in self.question.conditions):
            return False
        found = at.of(self.question.tree)
        if found is None:
            return False
        self.seen.feasible = self.seen.feasible or values
        if self._fails(found) and self.confirm(values):
            self.seen.failure = self._simpler(values)
            return True
        self._keep(size(-found if self.flip else found), values)
        return False

    def _fails(self, found: Any) -> bool:
        known, relation = sign(found), self.question.relation
        if relation == "!=":
            return known == 0
        return known is not None and not met(found, relation)

    def _keep(self, low: Fraction, values: Values) -> None:
        lows = self.seen.lows
        if len(lows) < 24 or low < lows[-1][0]:
            lows.append((low, values))
            lows.sort(key=lambda low: low[0])
            del lows[24:]

    def _simpler(self, values: Values) -> Values:
        """The same failure at simpler numbers, one after another."""
        for name in self.names:
            for x in self._plainer(name, values[name]):
                trial = {**values, name: x}
                if x == values[name]:
                    break
                if self._is_failure(trial):
                    values = trial
                    break
        return values

    def _is_failure(self, values: Values) -> bool:
        if not all(self.question.domains[name].holds(x) for name, x in values.items()):
            return False
        at = PlainValue(values)
        if not all(met(at.of(tree), relation) for tree, relation in self.question.conditions):
            return False
        found = at.of(self.question.tree)
        return found is not None and self._fails(found) and self.confirm(values)

    def _plainer(self, name: str, x: Fraction) -> Iterator[Fraction]:
        yield from (Fraction(1), Fraction(0), Fraction(1, 2), Fraction(2), Fraction(1, 10), Fraction(10))
        for digits in (10, 100, 10**4, 10**8, 10**16):
            yield x.limit_denominator(digits)

    def special(self, name: str) -> list[Fraction]:
        """Ends of a domain, numbers next to them, and plain, tiny and huge ones."""
        domain = self.question.domains[name]
        low, high = domain.low, domain.high
        found = [Fraction(1), Fraction(1, 2), Fraction(2), Fraction(0), Fraction(-1)]
        if low is not None and high is not None:
            width = high - low
            found = [low, high, low + width / 2, *(low + t * width for t in _TINY), *(high - t * width for t in _TINY)]
        elif low is not None:
            found = [low, low + 1, *(low + t for t in _TINY), *(low + t for t in _HUGE), low + Fraction(1, 2)]
        elif high is not None:
            found = [high, high - 1, *(high - t for t in _TINY), *(high - t for t in _HUGE)]
        else:
            found += [side * t for t in (*_TINY, *_HUGE) for side in (1, -1)]
        return [x for x in found if domain.holds(x)]

    def plain(self, name: str) -> Fraction:
        """A plain number inside a domain."""
        found = [x for x in (Fraction(1), Fraction(1, 2)) if self.question.domains[name].inside(x)]
        return found[0] if found else self.special(name)[0]

    def _corners(self) -> Iterator[Values]:
        table = [self.special(name) for name in self.names]
        if not table:
            yield {}
            return
        total = 1
        for column in table:
            total *= len(column)
        if total <= MOST_CORNERS:
            for point in product(*table):
                yield dict(zip(self.names, point, strict=True))
            return
        few = [column[:2] for column in table]
        for point in islice(product(*few), MOST_CORNERS // 2):
            yield dict(zip(self.names, point, strict=True))
        yield from self._pairs(table)

    def _pairs(self, table: list[list[Fraction]]) -> Iterator[Values]:
        """Two numbers at special values, the others plain; in an order that mixes them."""
        plain = {name: self.plain(name) for name in self.names}
        pairs = [
            {**plain, one: x, two: y}
            for i, one in enumerate(self.names)
            for j, two in enumerate(self.names[:i])
            for x in table[i]
            for y in table[j]
        ]
        yield from self.random.sample(pairs, min(len(pairs), 3 * MOST_CORNERS))

    def _start(self) -> Values:
        lows = self.seen.lows
        if lows and self.random.random() < 0.25:
            return dict(self.random.choice(lows)[1])
        return {name: self.number(name) for name in self.names}

    def number(self, name: str) -> Fraction:
        kind, domain = self.random.random(), self.question.domains[name]
        if kind < 0.35:
            return self.random.choice(self.special(name))
        if domain.low is not None and domain.high is not None:
            n = self.random.choice((7, 12, 60, 1000))
            return domain.low + (domain.high - domain.low) * Fraction(self.random.randint(1, n - 1), n)
        far = Fraction(self.random.randint(1, 40), self.random.randint(1, 12))
        if kind > 0.7:
            far *= Fraction(10) ** self.random.randint(-6, 6)
        if domain.low is not None:
            return domain.low + far
        return domain.high - far if domain.high is not None else far * self.random.choice((1, -1))

    def _descend(self, values: Values) -> bool:
        """A few rounds of slices from one start; True once a failure is confirmed."""
        for _ in range(3):
            before = values
            for name in self.random.sample(self.names, len(self.names)):
                if self.late():
                    return False
                moved = self._slice(values, {name: Fraction(1)})
                if moved is None:
                    return True
                values = moved
            if len(self.names) > 1:
                moved = self._slice(values, {name: Fraction(self.random.randint(-3, 3)) for name in self.names})
                if moved is None:
                    return True
                values = moved
            if values == before:
                break
        return False

    def _slice(self, values: Values, direction: Values) -> Values | None:
        """Along a line: None once a failure is confirmed, otherwise the lowest point that meets the conditions."""
        domain, best = self._reach(values, direction), None
        for step in self._steps(values, direction, domain):
            point = {name: x + step * direction.get(name, Fraction(0)) for name, x in values.items()}
            if self.look(point):
                return None
            rank = self._rank(point)
            if rank is not None and (best is None or rank < best[0]):
                best = (rank, point)
        return best[1] if best is not None else values

    def _rank(self, values: Values) -> tuple[int, Fraction] | None:
        """How many conditions fail, then how low the value is."""
        at = PlainValue(values)
        broken = sum(not met(at.of(tree), relation) for tree, relation in self.question.conditions)
        if not all(self.question.domains[name].holds(x) for name, x in values.items()):
            return None
        found = at.of(self.question.tree)
        if found is None:
            return None if not broken else (broken, Fraction(0))
        low = size(-found if self.flip else found)
        return broken, abs(low) if self.question.relation in ("!=", "==") else low

    def _reach(self, values: Values, direction: Values) -> Interval:
        """The steps along a line that stay within the domains."""
        low: tuple[Fraction, bool] | None = None
        high: tuple[Fraction, bool] | None = None
        for name, speed in direction.items():
            domain = self.question.domains[name]
            for end, is_open, side in ((domain.low, domain.low_open, 1), (domain.high, domain.high_open, -1)):
                if end is None or not speed:
                    continue
                step = (end - values[name]) / speed
                if (speed > 0) == (side > 0):
                    low = (step, is_open) if low is None or (step, is_open) > low else low
                else:
                    high = (step, is_open) if high is None or (-step, is_open) > (-high[0], high[1]) else high
        return Interval(
            low[0] if low else None, high[0] if high else None, bool(low and low[1]), bool(high and high[1])
        )

    def _steps(self, values: Values, direction: Values, domain: Interval) -> list[Fraction]:
        if domain.is_empty:
            return []
        try:
            return self._exact_steps(values, direction, domain)
        except (NotRational, ZeroDivisionError, ValueError):
            return self._grid(values, direction, domain)

    def _exact_steps(self, values: Values, direction: Values, domain: Interval) -> list[Fraction]:
        along = slices.line(values, direction)
        found: set[Fraction] = set()
        for branch in (_first, _second):
            polys, ratio = self._polys(along, branch)
            near = slices.tests(polys, domain)
            found |= set(near) | set(slices.lowest(ratio, domain, ()))
        return sorted(found)

    def _polys(self, along: Mapping[str, Ratio], choose: Callable[[Expr], int]) -> tuple[list[Any], Ratio]:
        ratio = slices.as_ratio(self.question.tree, along, choose)
        polys = [ratio.top, ratio.bottom]
        for tree, _ in self.question.conditions:
            condition = slices.as_ratio(tree, along, choose)
            polys += [condition.top, condition.bottom]
        for node in (n for n in walk(self.question.tree) if n.head == "call" and n.name in ("min", "max")):
            polys.append(slices.as_ratio(node.children[0] - node.children[1], along, choose).top)
        return [poly for poly in polys if poly.degree() > 0], ratio

    def _grid(self, values: Values, direction: Values, domain: Interval) -> list[Fraction]:
        """Numbers spread over the domain on a logarithmic scale from both ends, then closer around the lowest."""
        steps = {x for x in _spread(domain) if domain.holds(x)} | {Fraction(0)}
        for tree, _ in self.question.conditions:
            try:
                condition = slices.as_ratio(tree, slices.line(values, direction), lambda _: 0)
            except (NotRational, ZeroDivisionError):
                continue
            if condition.top.degree() > 0:
                steps |= set(slices.tests([condition.top], domain))
        ordered = sorted(steps)
        for _ in range(3):
            ranked = [(self._rank(self._along(values, direction, x)), x) for x in ordered]
            known = [(rank, x) for rank, x in ranked if rank is not None]
            if not known:
                return ordered
            place = ordered.index(min(known)[1])
            low, high = ordered[max(place - 1, 0)], ordered[min(place + 1, len(ordered) - 1)]
            fresh = {(low + (high - low) * Fraction(j, 8)).limit_denominator(10**12) for j in range(1, 8)}
            ordered = sorted(steps | {x for x in fresh if domain.holds(x)})
            steps = set(ordered)
        return ordered

    def _along(self, values: Values, direction: Values, step: Fraction) -> Values:
        return {name: x + step * direction.get(name, Fraction(0)) for name, x in values.items()}


def _first(_: Expr) -> int:
    return 0


def _second(_: Expr) -> int:
    return 1


def _spread(domain: Interval) -> Sequence[Fraction]:
    low, high = domain.low, domain.high
    scale = [Fraction(10) ** n for n in range(-9, 10)] + [3 * Fraction(10) ** n for n in range(-4, 5)]
    if low is not None and high is not None:
        width = high - low
        inner = [low + width * Fraction(j, GRID) for j in range(GRID + 1)]
        return inner + [low + width * t for t in scale if t < 1] + [high - width * t for t in scale if t < 1]
    if low is not None:
        return [low, *(low + t for t in scale)]
    if high is not None:
        return [high, *(high - t for t in scale)]
    return [Fraction(0), *scale, *(-t for t in scale)]
