"""Showing that a piece is nonnegative: minima by cases, roots by their squares, logarithms by bounds or by the slope,
and what is then left, polynomials, by proofs that the goal checker accepts.

`Shown` collects the goals with their proofs; nothing counts as shown that is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isqrt
from time import monotonic

from theory.coordinates import exponential_domain
from theory.goal_checker import Refused
from theory.goals import Goal, Interval, Proof, leaf_count
from theory.pieces import Piece, composed, number, terms
from theory.proving import Clock, OutOfTime, find
from theory.rational import Frac
from theory.scalars import Value, log_products

MOST_SLOPES = 3
SECONDS_PER_GOAL = 1.5


@dataclass
class Shown:
    """Goals and their accepted proofs; `reasons` are the ways beyond polynomials that were used."""

    goals: list[tuple[Goal, Proof]] = field(default_factory=list)
    reasons: set[str] = field(default_factory=set)

    @property
    def leaves(self) -> int:
        """How many leaves the proofs have together."""
        return sum(leaf_count(proof) for _, proof in self.goals)

    def join(self, other: Shown) -> None:
        self.goals += other.goals
        self.reasons |= other.reasons


Hints = Callable[[tuple[str, ...]], Sequence[Sequence[Fraction | None]]]


class Prover:
    """Shows pieces within a time limit. `hints` gives points, by the names of the variables, at which cuts may help."""

    def __init__(self, late: Clock = lambda: False, hints: Hints = lambda _: ()) -> None:
        self.late, self.hints = late, hints

    def nonnegative(self, piece: Piece, *, strict: bool = False, slopes: int = MOST_SLOPES) -> Shown | None:
        """What shows `piece >= 0` (`> 0`) where its conditions hold; None if it was not found."""
        if self.late():
            raise OutOfTime
        choice = next(
            (n for n, (kind, _) in piece.opaque.items() if kind in ("min", "max") and _occurs(piece, n)), None
        )
        if choice is not None:
            return self._cases(piece, choice, strict, slopes)
        tried_conjugate = False
        for fresh, reason in _without_roots(piece):
            if (
                any(relation == "==" for _, relation in fresh.conditions[len(piece.conditions) :])
                and not tried_conjugate
            ):
                tried_conjugate = True
                shown = self._conjugate(piece, strict, slopes)
                if shown is not None:
                    return shown
            shown = self._plain(fresh, strict, slopes)
            if shown is not None:
                shown.reasons |= reason
                return shown
        return None if tried_conjugate else self._conjugate(piece, strict, slopes)

    def _conjugate(self, piece: Piece, strict: bool, slopes: int) -> Shown | None:
        """`P + Q sqrt(R)`: P >= 0 and P^2 >= Q^2 R, or Q >= 0 and Q^2 R >= P^2."""
        name = next((n for n, (kind, _) in piece.opaque.items() if kind == "sqrt" and n in piece.used), None)
        if name is None or piece.value.logs or not slopes:
            return None
        (radicand,) = piece.opaque[name][1]
        parts = _linear_in(piece, name, radicand)
        if parts is None:
            return None
        below, sign = self._signed(piece, piece.value.rational.denom)
        if below is None:
            return None
        plain, factor = (part * sign for part in parts)
        gap = plain**2 - factor**2 * radicand
        for first, difference in ((plain, gap), (factor, -gap)):
            shown = Shown(list(below.goals), {"roots"})
            for value, sharp in ((first, False), (difference, strict)):
                part = self.nonnegative(piece.with_value(Value(value)), strict=sharp, slopes=slopes - 1)
                if part is None:
                    break
                shown.join(part)
            else:
                return shown
        return None

    def _cases(self, piece: Piece, name: str, strict: bool, slopes: int) -> Shown | None:
        kind, (one, two) = piece.opaque[name]
        left = {n: about for n, about in piece.opaque.items() if n != name}
        shown = Shown(reasons={"cases"})
        for chosen, other in ((one, two), (two, one)):
            above = other - chosen if kind == "min" else chosen - other
            case = replace(piece, opaque=left, conditions=(*piece.conditions, (above, ">="))).put(name, chosen)
            found = self.nonnegative(case, strict=strict, slopes=slopes)
            if found is None:
                return None
            shown.join(found)
        return shown

    def _plain(self, piece: Piece, strict: bool, slopes: int) -> Shown | None:
        tied = [x for x, e in piece.tied.items() if {x, e} <= piece.used]
        if not piece.value.logs:
            shown = self.rational(piece, piece.value.rational, strict=strict)
            return shown if shown is not None or not tied else self._sloping(piece, strict, slopes)
        for attempt in (self._bounded, self._sloping):
            shown = attempt(piece, strict, slopes)
            if shown is not None:
                return shown
        return None

    def rational(self, piece: Piece, value: Frac, *, strict: bool = False) -> Shown | None:
        """A rational function: the sign of the denominator, then that of the numerator."""
        if not value and not strict:
            return Shown()
        below, sign = self._signed(piece, value.denom)
        if below is None:
            return None
        above = self._polynomial(piece, value.numer * sign, strict)
        if above is None:
            return None
        below.join(above)
        return below

    def _signed(self, piece: Piece, poly: object) -> tuple[Shown | None, int]:
        """A polynomial without zeros, and its sign."""
        for sign in (1, -1):
            shown = self._polynomial(piece, poly * sign, True)  # type: ignore[operator]
            if shown is not None:
                return shown, sign
        return None, 1

    def _polynomial(self, piece: Piece, poly: object, strict: bool) -> Shown | None:
        goal = piece.goal(terms(poly), strict=strict)
        if self.late():
            raise OutOfTime
        until = monotonic() + SECONDS_PER_GOAL
        proof = find(goal, self.hints(goal.names), lambda: self.late() or monotonic() > until)
        return None if proof is None else Shown([(goal, proof)])

    def defined(self, piece: Piece) -> Shown | None:
        """Denominators without zeros and positive arguments of logarithms, under the piece's own conditions."""
        shown, _ = self._signed(piece, piece.value.rational.denom)
        for argument, coefficient in piece.value.logs.items():
            parts = [self.rational(piece, argument, strict=True), self._signed(piece, coefficient.denom)[0]]
            if shown is None or None in parts:
                return None
            for part in parts:
                assert part is not None
                shown.join(part)
        return shown

    def _bounded(self, piece: Piece, strict: bool, slopes: int) -> Shown | None:
        """By `1 - 1/y <= ln y <= y - 1` and the sign of each coefficient, logarithms taken together first."""
        shown, total = Shown(reasons={"log bounds"}), piece.value.rational
        for basis, argument in log_products(piece.scalars, piece.value.logs):
            positive = self.rational(piece, argument, strict=True)
            sign, part = 1, self.rational(piece, basis)
            if part is None:
                sign, part = -1, self.rational(piece, -basis)
            if part is None or positive is None:
                return None
            shown.join(part)
            shown.join(positive)
            total += basis * ((1 - 1 / argument) if sign > 0 else (argument - 1))
        rest = self.rational(piece, total, strict=strict)
        if rest is None:
            return None
        shown.join(rest)
        return shown

    def _sloping(self, piece: Piece, strict: bool, slopes: int) -> Shown | None:
        """By a variable: nonnegative at an end of its domain, and from there on it does not fall."""
        if not slopes:
            return None
        for name, end, sign in _ends(piece):
            try:
                shown = self._from_end(piece, name, end, sign, strict, slopes - 1)
            except ZeroDivisionError:
                continue
            if shown is not None:
                shown.reasons.add("slope")
                return shown
        return None

    def _from_end(self, piece: Piece, name: str, end: Fraction, sign: int, strict: bool, slopes: int) -> Shown | None:
        """All along the way from the end the piece has to be defined: conditions on the variable are dropped, and an
        end that is left out is taken in."""
        free = tuple(c for c in piece.conditions if name not in piece.scalars.used(c[0]))
        domain = piece.domains[name]
        whole = replace(domain, low_open=False) if sign > 0 else replace(domain, high_open=False)
        wide = replace(piece, conditions=free, domains={**piece.domains, name: whole, **_closed(piece, name, whole)})
        rate = slope(wide, name)
        start = _at(wide, name, end)
        if not start.value.logs and not start.value.rational and strict and not _is_open(domain, sign):
            return None
        defined = self.defined(wide)
        if defined is None:
            return None
        open_end = _is_open(domain, sign)
        inner = Interval(domain.low, domain.high, True, True) if strict and open_end else whole
        moving = replace(
            wide, value=_scaled(rate, sign), domains={**wide.domains, name: inner, **_closed(piece, name, inner)}
        )
        rising = self.nonnegative(moving, strict=strict and open_end, slopes=slopes)
        if rising is None:
            return None
        begun = self.nonnegative(start, strict=strict and not open_end, slopes=slopes)
        if begun is None:
            return None
        for part in (rising, begun):
            defined.join(part)
        return defined


def _closed(piece: Piece, name: str, whole: Interval) -> dict[str, Interval]:
    """The domain of the exponential that is tied to a variable with this domain."""
    return {piece.tied[name]: exponential_domain(whole)} if name in piece.tied else {}


def _at(piece: Piece, name: str, end: Fraction) -> Piece:
    """A piece at a value of a variable; of one with an exponential only 0 has a rational one."""
    if name in piece.tied:
        if end != 0:
            raise ZeroDivisionError("an exponential that is no rational number")
        piece = piece.put(piece.tied[name], piece.scalars.field.one)
    return piece.put(name, number(piece.scalars, end))


def _linear_in(piece: Piece, name: str, radicand: Frac) -> tuple[Frac, Frac] | None:
    """`P` and `Q` of a numerator `P + Q sqrt(R)`; None where the denominator is not free of the root."""
    scalars, value = piece.scalars, piece.value.rational
    index = scalars.names.index(name)
    if any(m[index] for m in value.denom.monoms()):
        return None
    total = [scalars.field.zero, scalars.field.zero]
    for monomial, coefficient in value.numer.terms():
        rest = (*monomial[:index], 0, *monomial[index + 1 :])
        term = scalars.field.poly(value.numer.ring.from_dict({rest: coefficient}))
        total[monomial[index] % 2] += term * radicand ** (monomial[index] // 2)
    return total[0], total[1]


def _is_open(domain: Interval, sign: int) -> bool:
    return domain.low_open if sign > 0 else domain.high_open


def _scaled(value: Value, sign: int) -> Value:
    return Value(value.rational * sign, {a: c * sign for a, c in value.logs.items()})


def slope(piece: Piece, name: str) -> Value:
    """The derivative in a variable that no other variable depends on."""
    scalars, gen = piece.scalars, piece.scalars.gen(name)
    total = Value(piece.value.rational.diff(gen))
    for argument, coefficient in piece.value.logs.items():
        turned = coefficient.diff(gen)
        total = total.plus(Value(coefficient * argument.diff(gen) / argument, {argument: turned} if turned else {}))
    if name in piece.tied:  # d e^{-x/2} = -e^{-x/2}/2 dx
        inner = piece.tied[name]
        alone = slope(replace(piece, tied={}), inner)
        rate = -scalars.gen(inner) / 2
        total = total.plus(Value(alone.rational * rate, {a: c * rate for a, c in alone.logs.items()}))
    return Value(scalars.reduce(total.rational), total.logs)


def _ends(piece: Piece) -> Iterator[tuple[str, Fraction, int]]:
    """Variables within logarithms and the finite ends of their domains; those at which logarithms vanish first."""
    inside = set().union(*(piece.scalars.used(a) for a in piece.value.logs))
    inside |= {x for x, e in piece.tied.items() if e in piece.used} - set(piece.tied.values())
    inside -= set(piece.tied.values())
    tied = {n for n in piece.opaque if _occurs(piece, n)}
    behind = set().union(*(piece.scalars.used(part) for n in tied for part in piece.opaque[n][1]), tied)
    options = []
    for name in sorted(n for n in inside - behind if piece.tied.get(n) not in behind):
        domain = piece.domains.get(name, Interval())
        options += [(name, end, sign) for end, sign in ((domain.low, 1), (domain.high, -1)) if end is not None]
    yield from sorted(options, key=lambda option: _left(piece, option[0], option[1]))


def _left(piece: Piece, name: str, end: Fraction) -> int:
    try:
        there = _at(piece, name, end)
    except ZeroDivisionError:
        return 99
    return len(there.value.logs)


def _occurs(piece: Piece, name: str) -> bool:
    """In the value or a condition, or within another variable that occurs there."""
    named = piece.used.union(*(piece.scalars.used(part) for part, _ in piece.conditions))
    if name in named:
        return True
    outer = [n for n, (_, parts) in piece.opaque.items() if any(name in piece.scalars.used(p) for p in parts)]
    return any(_occurs(piece, n) for n in outer if n != name)


def _without_roots(piece: Piece) -> Iterator[tuple[Piece, set[str]]]:
    """Each root as a variable of its own: where the radicand is linear in something, that is solved for; otherwise the
    square is a condition."""
    name = next((n for n, (kind, _) in piece.opaque.items() if kind == "sqrt" and _occurs(piece, n)), None)
    if name is None:
        yield piece, set()
        return
    (radicand,) = piece.opaque[name][1]
    rest = {n: about for n, about in piece.opaque.items() if n != name}
    square = piece.scalars.gen(name) ** 2
    for variable, value in _solutions(piece, radicand, square, name):
        try:
            fresh = _solved(replace(piece, opaque=rest), variable, value)
        except ZeroDivisionError:
            continue
        for done, reasons in _without_roots(fresh):
            yield done, reasons | {"roots"}
    tied = replace(piece, conditions=(*piece.conditions, (square - radicand, "==")), opaque={**rest})
    for done, reasons in _without_roots(tied):
        yield done, reasons | {"roots"}


def _solutions(piece: Piece, radicand: Frac, square: Frac, root: str) -> Iterator[tuple[str, Frac]]:
    """Variables in which the radicand is `a x + b` with a number a."""
    hidden = set(piece.opaque) | set(piece.tied) | set(piece.tied.values())
    for variable in sorted(piece.scalars.used(radicand) - hidden):
        gen = piece.scalars.gen(variable)
        slope_ = radicand.diff(gen)
        if slope_ and not piece.scalars.used(slope_):
            yield variable, (square - composed(piece.scalars, radicand, variable, gen * 0)) / slope_


def _solved(piece: Piece, variable: str, value: Frac) -> Piece:
    """A variable put in; what its domain said becomes conditions, or the root's own domain where it says the same."""
    domain = piece.domains.get(variable, Interval())
    ends = []
    if domain.low is not None:
        ends.append((value - number(piece.scalars, domain.low), ">" if domain.low_open else ">="))
    if domain.high is not None:
        ends.append((number(piece.scalars, domain.high) - value, ">" if domain.high_open else ">="))
    fresh, domains = piece.put(variable, value), dict(piece.domains)
    kept = []
    for end, relation in ends:
        narrowed = _root_domain(piece, end, relation, domains)
        if narrowed is None:
            kept.append((end, relation))
        else:
            domains[narrowed[0]] = narrowed[1]
    return replace(fresh, conditions=(*fresh.conditions, *kept), domains=domains)


def _root_domain(piece: Piece, value: Frac, relation: str, domains: dict[str, Interval]) -> tuple[str, Interval] | None:
    """`a w^2 - q >= 0` for a nonnegative w as a domain of w, where its end is rational."""
    used = piece.scalars.used(value)
    name = next(iter(used), "")
    if len(used) != 1 or domains.get(name, Interval()).low != 0:
        return None
    gen, domain = piece.scalars.gen(name), domains[name]
    slope_ = (value - composed(piece.scalars, value, name, gen * 0)) / gen**2
    if not slope_ or piece.scalars.used(slope_):
        return None
    rest = -composed(piece.scalars, value, name, gen * 0) / slope_
    bound = _rational_root(rest, piece)
    if bound is None:
        return None
    rising = slope_.numer.LC > 0
    if rising and bound == 0:
        return name, replace(domain, low_open=domain.low_open or relation == ">")
    if rising:
        return name, replace(domain, low=bound, low_open=relation == ">") if domain.high is None else domain
    return (name, replace(domain, high=bound, high_open=relation == ">")) if domain.high is None else None


def _rational_root(value: Frac, piece: Piece) -> Fraction | None:
    """The root of a number, if it is rational."""
    if not value:
        return Fraction(0)
    top, bottom = value.numer.LC, value.denom.LC
    number_ = Fraction(int(top.numerator), int(top.denominator)) / Fraction(
        int(bottom.numerator), int(bottom.denominator)
    )
    if number_ < 0:
        return None
    exact = Fraction(isqrt(number_.numerator), isqrt(number_.denominator))
    return exact if exact**2 == number_ else None


__all__ = ["OutOfTime", "Prover", "Refused", "Shown"]
