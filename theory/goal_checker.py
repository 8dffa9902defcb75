"""The checker of goals: decides whether a proof shows its goal, and makes every polynomial on the way itself.

Each rule is a sentence of elementary algebra. What covers a domain (a split, a case, a change of variable) does so by
construction: the checker makes the parts from the goal, and a proof only says where.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product as cartesian
from math import comb

from theory.goal_polys import (
    Refused,
    Terms,
    by_power,
    cleaned,
    constant,
    degree,
    moved,
    plus,
    power,
    scaled,
    substituted,
    times,
    used,
    variable,
)
from theory.goals import (
    NONNEGATIVE,
    POSITIVE,
    Between,
    Cases,
    Combination,
    Condition,
    Discriminant,
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
)
from theory.univariate import is_nonnegative

RELATIONS = (">=", ">", "==")
MAX_DEPTH = 60


def verify(goal: Goal, proof: Proof) -> None:
    """Accept silently, or raise Refused with the reason."""
    size = len(goal.names)
    if len(goal.domains) != size:
        raise Refused("a variable without a domain")
    conditions = tuple(replace(c, poly=cleaned(c.poly, size)) for c in goal.conditions)
    if any(c.relation not in RELATIONS for c in conditions):
        raise Refused("a condition of unknown kind")
    try:
        _decide(replace(goal, poly=cleaned(goal.poly, size), conditions=conditions), proof, 0)
    except (IndexError, TypeError, AttributeError, ArithmeticError, RecursionError, StopIteration) as reason:
        raise Refused(f"a proof that is not one: {reason}") from None


def _decide(goal: Goal, proof: Proof, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Refused("a proof that is nested too deeply")
    rule = _RULES.get(type(proof))
    if rule is None:
        raise Refused(f"no rule {type(proof).__name__}")
    rule(goal, proof, depth + 1)


def _signs(goal: Goal, proof: Signs, depth: int) -> None:
    poly: Terms = dict(goal.poly)
    positive: set[int] = set()
    ends: dict[int, int] = {}
    for index in sorted(used(poly)):
        n, domain = degree(poly, index), goal.domains[index]
        poly = moved(poly, index, _shift(domain, n))
        if domain.low is not None and domain.high is not None and not (domain.low_open or domain.high_open):
            ends[index] = n
        elif domain.low_open if _from_low(domain) else domain.high_open:
            positive.add(index)
    if any(c < 0 for c in poly.values()):
        raise Refused("a negative coefficient")
    if goal.strict and not _certainly_positive(poly, positive, ends):
        raise Refused("the polynomial may vanish, and the claim is strict")


def _from_low(domain: Interval) -> bool:
    """Whether the new variable is 0 at the lower end."""
    return domain.low is not None and not (domain.low_open and domain.high is not None and not domain.high_open)


def _shift(domain: Interval, n: int) -> list[list[Fraction]]:
    """What each power up to n of a variable becomes in a new one, z >= 0; for a bounded domain times (1 + z)^n.

    [l, ..): x = l + z.   (.., u]: x = u - z.   [l, u]: x = (l + u z)/(1 + z), and z = infinity is u; where only the
    lower end is open the two ends change places.
    """
    low, high = domain.low, domain.high
    if low is None and high is None:
        raise Refused("nothing says that a variable has a sign")
    if low is None or high is None:
        sign, end = (1, low) if low is not None else (-1, high)
        assert end is not None
        return [[comb(k, j) * end ** (k - j) * sign**j for j in range(k + 1)] for k in range(n + 1)]
    near, far = (low, high) if _from_low(domain) else (high, low)
    table = []
    for k in range(n + 1):
        row = [Fraction(0)] * (n + 1)
        for i in range(k + 1):
            inner = comb(k, i) * near ** (k - i) * far**i
            for j in range(n - k + 1):
                row[i + j] += inner * comb(n - k, j)
        table.append(row)
    return table


def _certainly_positive(poly: Poly, positive: set[int], ends: dict[int, int]) -> bool:
    """For each choice of an end of every closed interval, a term that is positive there and on the way from it."""
    names = list(ends)
    if len(names) > 12:
        return False
    for corner in cartesian((0, 1), repeat=len(names)):
        wanted = {name: end * ends[name] for name, end in zip(names, corner, strict=True)}
        if not any(_is_positive(powers, positive, wanted) for powers in poly):
            return False
    return True


def _is_positive(powers: tuple[int, ...], positive: set[int], wanted: dict[int, int]) -> bool:
    return all(n == wanted[i] if i in wanted else n == 0 or i in positive for i, n in enumerate(powers))


def _univariate(goal: Goal, proof: Univariate, depth: int) -> None:
    names = used(goal.poly)
    if len(names) > 1:
        raise Refused("more than one variable")
    (index,) = names or {0}
    dense = [part.get((0,) * len(goal.names), Fraction(0)) for part in by_power(goal.poly, index)] if names else []
    if not names:
        value = next(iter(goal.poly.values()), Fraction(0))
        if value < 0 or (goal.strict and value == 0):
            raise Refused("a number of the wrong sign")
        return
    if goal.domains[index].is_empty or not is_nonnegative(dense, goal.domains[index], strict=goal.strict):
        raise Refused("the polynomial changes its sign, or vanishes")


def _split(goal: Goal, proof: Split, depth: int) -> None:
    domain, at = goal.domains[proof.variable], Fraction(proof.at)
    if not domain.inside(at):
        raise Refused("a domain is split outside itself")
    below, above = replace(domain, high=at, high_open=False), replace(domain, low=at, low_open=False)
    _decide(_with_domain(goal, proof.variable, below), proof.below, depth)
    _decide(_with_domain(goal, proof.variable, above), proof.above, depth)


def _with_domain(goal: Goal, index: int, domain: Interval) -> Goal:
    if not 0 <= index < len(goal.names):
        raise Refused("no such variable")
    domains = list(goal.domains)
    domains[index] = domain
    return replace(goal, domains=tuple(domains))


def _cases(goal: Goal, proof: Cases, depth: int) -> None:
    poly = cleaned(proof.poly, len(goal.names))
    for sign, part in ((1, proof.nonnegative), (-1, proof.nonpositive)):
        extra = Condition(scaled(poly, sign), ">=")
        _decide(replace(goal, conditions=(*goal.conditions, extra)), part, depth)


def linear(condition: Condition, index: int) -> tuple[Terms, Terms]:
    """`a` and `b` of a condition `a x + b`. Raises Refused for any other."""
    parts = by_power(condition.poly, index)
    if len(parts) != 2:
        raise Refused("a condition that is not linear in the variable")
    return parts[1], parts[0]


def ends_of(domain: Interval, index: int, size: int) -> list[Condition]:
    """A domain as conditions."""
    x, found = variable(index, size), []
    if domain.low is not None:
        found.append(Condition(plus(x, constant(domain.low, size), -1), ">" if domain.low_open else ">="))
    if domain.high is not None:
        found.append(Condition(plus(constant(domain.high, size), x, -1), ">" if domain.high_open else ">="))
    return found


def raised(goal: Goal, proof: Raised) -> Goal:
    """The goal in the excess of a condition in place of the variable that it is solved for."""
    size, condition = len(goal.names), goal.conditions[proof.condition]
    if proof.sign not in (1, -1):
        raise Refused("a sign that is none")
    slope, rest = linear(condition, proof.variable)
    bottom = scaled(slope, proof.sign)
    excess = {} if condition.relation == "==" else variable(proof.variable, size)
    top = scaled(plus(excess, rest, -1), proof.sign)
    others = [c for i, c in enumerate(goal.conditions) if i != proof.condition]
    others += ends_of(goal.domains[proof.variable], proof.variable, size)
    domain = POSITIVE if condition.relation == ">" else NONNEGATIVE
    fresh = _with_domain(goal, proof.variable, domain)
    names = tuple(n + "'" if i == proof.variable else n for i, n in enumerate(goal.names))

    def put(poly: Poly) -> Terms:
        return substituted(poly, proof.variable, top, bottom, size)

    changed = tuple(Condition(put(c.poly), c.relation) for c in others)
    return replace(fresh, names=names, poly=put(goal.poly), conditions=changed)


def _raised(goal: Goal, proof: Raised, depth: int) -> None:
    if not 0 <= proof.condition < len(goal.conditions) or not 0 <= proof.variable < len(goal.names):
        raise Refused("no such condition")
    slope, _ = linear(goal.conditions[proof.condition], proof.variable)
    bottom = scaled(slope, proof.sign)
    if proof.positive is not None:
        _decide(replace(goal, poly=bottom, strict=True), proof.positive, depth)
    elif used(bottom) or not bottom or next(iter(bottom.values())) <= 0:
        raise Refused("what a variable is multiplied with is not shown to be positive")
    _decide(raised(goal, proof), proof.rest, depth)


def between(goal: Goal, proof: Between) -> Goal:
    """The goal with a variable written as `low + (high - low) u`."""
    size, index = len(goal.names), proof.variable
    domain = goal.domains[index]
    low, low_open = _end(goal, proof.lower, index, 1, domain.low, domain.low_open)
    high, high_open = _end(goal, proof.upper, index, -1, domain.high, domain.high_open)
    dropped = {i for i in (proof.lower, proof.upper) if i is not None}
    others = [c for i, c in enumerate(goal.conditions) if i not in dropped]
    kept = replace(
        domain,
        low=None if proof.lower is None else domain.low,
        high=None if proof.upper is None else domain.high,
    )
    others += ends_of(kept, index, size)
    gap = plus(high, low, -1)
    if used(gap):  # a point between the bounds shows that they are in order
        others.append(Condition(gap, ">" if low_open or high_open else ">="))
    top = plus(low, times(gap, variable(index, size)))
    one = constant(1, size)

    def put(poly: Poly) -> Terms:
        return substituted(poly, index, top, one, size)

    changed = tuple(Condition(put(c.poly), c.relation) for c in others)
    fresh = _with_domain(goal, index, Interval(Fraction(0), Fraction(1), low_open, high_open))
    names = tuple(n + "'" if i == index else n for i, n in enumerate(goal.names))
    return replace(fresh, names=names, poly=put(goal.poly), conditions=changed)


def _end(
    goal: Goal, chosen: int | None, index: int, sign: int, own: Fraction | None, own_open: bool
) -> tuple[Terms, bool]:
    """A bound of a variable, and whether it is left out: a condition solved for it, or its domain's end."""
    if chosen is None:
        if own is None:
            raise Refused("a domain without that end")
        return constant(own, len(goal.names)), own_open
    condition = goal.conditions[chosen]
    slope, rest = linear(condition, index)
    factor = next(iter(slope.values()))
    if used(slope) or factor * sign <= 0 or condition.relation == "==":
        raise Refused("a condition that is not that bound of the variable")
    return scaled(rest, -1 / factor), condition.relation == ">"


def _between(goal: Goal, proof: Between, depth: int) -> None:
    indices = [i for i in (proof.lower, proof.upper) if i is not None]
    if any(not 0 <= i < len(goal.conditions) for i in indices) or not 0 <= proof.variable < len(goal.names):
        raise Refused("no such condition")
    _decide(between(goal, proof), proof.rest, depth)


def _product(goal: Goal, proof: Product, depth: int) -> None:
    size = len(goal.names)
    whole, sign = constant(1, size), 1
    for factor in proof.factors:
        base = cleaned(factor.poly, size)
        if factor.sign not in (1, -1) or factor.power < 1:
            raise Refused("a factor without sign or power")
        whole = times(whole, power(base, factor.power, size))
        sign *= factor.sign if factor.power % 2 else 1
        if factor.power % 2 or goal.strict:
            if factor.proof is None:
                raise Refused("a factor whose sign is not shown")
            _decide(replace(goal, poly=scaled(base, factor.sign)), factor.proof, depth)
    powers = next(iter(whole), None)
    if powers is None or powers not in goal.poly:
        raise Refused("the factors do not make the polynomial")
    number = goal.poly[powers] / whole[powers]
    if scaled(whole, number) != dict(goal.poly) or number * sign <= 0:
        raise Refused("the factors do not make the polynomial")


def _discriminant(goal: Goal, proof: Discriminant, depth: int) -> None:
    if not 0 <= proof.variable < len(goal.names):
        raise Refused("no such variable")
    parts = by_power(goal.poly, proof.variable)
    if len(parts) != 3:
        raise Refused("no quadratic")
    c, b, a = parts
    gap = plus(scaled(times(a, c), 4), times(b, b), -1)
    if goal.strict and proof.tail is not None:
        raise Refused("a strict claim needs a positive leading coefficient")
    _decide(replace(goal, poly=a, strict=proof.tail is None), proof.lead, depth)
    if proof.tail is not None:
        _decide(replace(goal, poly=c, strict=False), proof.tail, depth)
    _decide(replace(goal, poly=gap), proof.gap, depth)


def _combination(goal: Goal, proof: Combination, depth: int) -> None:
    left: Terms = dict(goal.poly)
    for term in proof.terms:
        if not 0 <= term.condition < len(goal.conditions):
            raise Refused("no such condition")
        condition, weight = goal.conditions[term.condition], cleaned(term.weight, len(goal.names))
        if condition.relation != "==":
            if term.proof is None:
                raise Refused("a weight that is not shown to be nonnegative")
            _decide(replace(goal, poly=weight, strict=False), term.proof, depth)
        left = plus(left, times(weight, condition.poly), -1)
    _decide(replace(goal, poly=left), proof.rest, depth)


def _impossible(goal: Goal, proof: Impossible, depth: int) -> None:
    if not 0 <= proof.condition < len(goal.conditions):
        raise Refused("no such condition")
    condition = goal.conditions[proof.condition]
    if condition.relation == "==":
        raise Refused("an equality is not refuted so")
    others = tuple(c for i, c in enumerate(goal.conditions) if i != proof.condition)
    opposite = replace(goal, poly=scaled(condition.poly, -1), conditions=others, strict=condition.relation == ">=")
    _decide(opposite, proof.proof, depth)


_RULES: dict[type, Callable[..., None]] = {
    Signs: _signs,
    Univariate: _univariate,
    Split: _split,
    Cases: _cases,
    Raised: _raised,
    Between: _between,
    Product: _product,
    Discriminant: _discriminant,
    Combination: _combination,
    Impossible: _impossible,
}

__all__ = ["Refused", "between", "linear", "raised", "verify"]
