"""How fast something vanishes: orders of rational functions at an end of a variable, for every value of the others.

For a rational function the order in the distance from the end is the difference of the lowest powers above and below,
provided that the lowest coefficient below is not zero. Where it can be zero, the case is looked at on its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import fmpq_poly

from numerics import slices
from numerics.claim_point import Point
from numerics.claim_setting import settings
from numerics.refuting import Question, Search
from numerics.slices import ONE, NotRational, Ratio
from theory.claim_proof import FAILURES, ClaimProver
from theory.claims import Claim, wanted
from theory.expr import walk
from theory.goals import Interval
from theory.operators import NotDecidable
from theory.pieces import Piece, number, terms
from theory.piecewise import OutOfTime
from theory.proving import Clock, find
from theory.rational import Frac

FAST = 10**6  # the order of what vanishes faster than every power
Found = tuple[str, str, Point | None]


@dataclass(frozen=True)
class _End:
    """Where the variable goes, as a function of a small positive u: `end + side u`, or 1/u; `name` is the free
    variable, `fast` says that powers of u are exponentials of the variable."""

    name: str
    end: Fraction | None
    side: int
    fast: bool = False

    def value(self, piece: Piece) -> Frac:
        u = piece.scalars.gen(self.name)
        return 1 / u if self.end is None else number(piece.scalars, self.end) + self.side * u

    def ratio(self) -> Ratio:
        if self.end is None:
            return Ratio(ONE, fmpq_poly([0, 1]))
        return Ratio(fmpq_poly([slices._q(self.end), self.side]), ONE)


def decide_limit(claim: Claim, late: Clock) -> Found:
    """PROVED, REFUTED (with a point of the other variables) or UNDECIDED, and how."""
    wanted_order = claim.order or 1
    if any(domain.is_empty for domain in claim.domains.values()):
        return "VACUOUS", "an empty domain", None
    place, met = _refuted(claim, wanted_order, late)
    if place is not None:
        return place
    if claim.where and not met:
        return "UNDECIDED", "no point near the end was found that meets the conditions", None
    try:
        order = _proved(claim, wanted_order, late)
    except FAILURES as reason:
        return "UNDECIDED", f"the order was not found: {reason}", None
    if order is None:
        return "UNDECIDED", "neither the order nor a point with a smaller one was found", None
    return "PROVED", f"normal form: the order of every piece is at least {wanted_order}", None


def _end(claim: Claim, exponentials: dict[str, str], domains: dict[str, Interval]) -> _End:
    name = claim.variable
    if name == "t" and claim.path:
        name, _ = ClaimProver(claim).variable()
    if name == "theta_i":
        raise NotDecidable("write the limit in s_i")
    end = None if claim.end is None else claim.end.number
    if name in exponentials and name not in domains:
        if end == 0:
            return _End(exponentials[name], Fraction(1), -1)
        if end is None:
            return _End(exponentials[name], Fraction(0), 1, fast=True)
        raise NotDecidable("an exponential at a number other than 0")
    return _End(name, end, claim.side)


def _proved(claim: Claim, order: int, late: Clock) -> int | None:
    prover = ClaimProver(claim, late)
    tree = claim.left - claim.right
    moving = None if claim.path else claim.variable
    found, free = prover.pieces(tree, conditioned=False, moving=moving)
    end = _end(claim, free.exponentials, free.domains)
    if end.name not in free.domains:
        raise NotDecidable(f"{claim.variable} does not occur")
    needed = 1 if end.fast else order
    for side in (claim.left, claim.right):
        for part, _ in wanted(side):
            inner, _ = prover.pieces(part, conditioned=False, moving=moving)
            if len(inner) != 1 or not all(_never_zero(_near(piece, end), end.name, late, 6) for piece in inner):
                return None
    if all(_order(_near(piece, end), end.name, needed, late, 6) for piece in found):
        return order
    return None


def _near(piece: Piece, end: _End) -> Piece:
    """A piece with its variable replaced by what it is near the end."""
    if piece.value.logs or piece.opaque or piece.tied:
        raise NotDecidable("something other than a rational function")
    return replace(piece.put(end.name, end.value(piece)), conditions=())


def _lowest(piece: Piece, poly: Any, name: str) -> tuple[int, Any]:
    """The lowest power of a variable in a polynomial, and its coefficient."""
    index = piece.scalars.names.index(name)
    least = min((m[index] for m in poly.monoms()), default=0)
    table = {(*m[:index], 0, *m[index + 1 :]): q for m, q in poly.terms() if m[index] == least}
    return least, poly.ring.from_dict(table)


def _order(piece: Piece, name: str, order: int, late: Clock, depth: int) -> bool:
    """Whether the piece vanishes at least so fast for every value of the other variables."""
    value = piece.value.rational
    if not value:
        return True
    above, _ = _lowest(piece, value.numer, name)
    below, lead = _lowest(piece, value.denom, name)
    if _has_sign(piece, lead, late):
        return above - below >= order
    return all(_order(case, name, order, late, depth - 1) for case in _cases(piece, lead, depth))


def _never_zero(piece: Piece, name: str, late: Clock, depth: int) -> bool:
    """Whether the piece differs from 0 near the end, for every value of the other variables."""
    value = piece.value.rational
    if not value:
        return False
    for part in (value.numer, value.denom):
        _, lead = _lowest(piece, part, name)
        if not _has_sign(piece, lead, late):
            return all(_never_zero(case, name, late, depth - 1) for case in _cases(piece, lead, depth))
    return True


def _has_sign(piece: Piece, poly: Any, late: Clock) -> bool:
    if late():
        raise OutOfTime
    return any(find(piece.goal(terms(poly * sign), strict=True), (), late) is not None for sign in (1, -1))


def _cases(piece: Piece, lead: Any, depth: int) -> Iterator[Piece]:
    """A variable of the coefficient at a closed end of its domain, and everywhere else."""
    scalars = piece.scalars
    for index, name in enumerate(scalars.names):
        domain = piece.domains.get(name, Interval())
        if not depth or not any(m[index] for m in lead.monoms()):
            continue
        for end, is_open, left in (
            (domain.low, domain.low_open, replace(domain, low_open=True)),
            (domain.high, domain.high_open, replace(domain, high_open=True)),
        ):
            if end is None or is_open or left.is_empty:
                continue
            try:
                yield piece.put(name, number(scalars, end))
            except ZeroDivisionError:
                raise NotDecidable(f"undefined where {name} = {end}") from None
            yield replace(piece, domains={**piece.domains, name: left})
            return
    raise NotDecidable("a lowest coefficient that may be zero")


def _refuted(claim: Claim, order: int, late: Clock) -> tuple[Found | None, bool]:
    """Values of the other variables at which it vanishes more slowly, or not at all; and whether any met the
    conditions near the end."""
    met = False
    generator = random.Random(0)
    for setting in list(settings(claim))[:5]:
        try:
            tree, key = setting.moving(setting.out.write(claim.left - claim.right))
            if not key:
                continue
            end = _end_of(claim, key)
        except (NotDecidable, KeyError):
            return None, met
        question = setting.question(tree, ">=")
        search = Search(question, lambda _: False, late)
        for attempt in range(60):
            if late():
                return None, met
            values = _values(search, generator, attempt)
            found = _order_at(question, values, key, end)
            met = met or found is not None
            if found is not None and found < (1 if end.fast else order):
                words = (
                    f"there it behaves as ({_distance(claim)})^{found}" if not end.fast else "there it does not vanish"
                )
                rest = {n: x for n, x in values.items() if n != key}
                return ("REFUTED", words, setting.out.point(rest)), met
    return None, met


def _distance(claim: Claim) -> str:
    if claim.end is None:
        return f"1/{claim.variable}"
    return claim.variable if claim.end.number == 0 else f"{claim.variable} - {claim.end.number}"


def _values(search: Search, generator: random.Random, attempt: int) -> dict[str, Fraction]:
    """Plain numbers first, then ends of domains, then any."""
    if attempt == 0:
        return {n: search.special(n)[0] if len(search.special(n)) == 1 else search.plain(n) for n in search.names}
    if attempt < 20:
        return {n: generator.choice(search.special(n)[:3]) for n in search.names}
    return {n: generator.choice(search.special(n)) if attempt % 2 else search.number(n) for n in search.names}


def _end_of(claim: Claim, key: str) -> _End:
    end = None if claim.end is None else claim.end.number
    if key.startswith("e^-"):
        if end == 0:
            return _End(key, Fraction(1), -1)
        if end is None:
            return _End(key, Fraction(0), 1, fast=True)
        raise NotDecidable("an exponential at a number other than 0")
    return _End(key, end, claim.side)


def _order_at(question: Question, values: dict[str, Fraction], key: str, end: _End) -> int | None:
    """The order at given values of the other variables, exactly; None where that is not a rational function or where
    conditions fail near the end."""
    along = {name: Ratio(fmpq_poly([slices._q(x)]), ONE) for name, x in values.items()}
    along[key] = end.ratio()
    try:
        ratio = slices.as_ratio(question.tree, along, lambda _: 0)
        conditions = [(slices.as_ratio(tree, along, lambda _: 0), relation) for tree, relation in question.conditions]
    except (NotRational, ZeroDivisionError, KeyError):
        return None
    if any(node.head == "call" for node in walk(question.tree)):
        return None
    for condition, relation in conditions:
        sign = _sign_near(condition)
        if not {">=": sign >= 0, ">": sign > 0, "==": sign == 0}[relation]:
            return None
    if ratio.top.degree() < 0:
        return FAST
    return _valuation(ratio.top) - _valuation(ratio.bottom)


def _valuation(poly: Any) -> int:
    return next(i for i, c in enumerate(poly.coeffs()) if c != 0)


def _sign_near(ratio: Ratio) -> int:
    if ratio.top.degree() < 0:
        return 0
    product = ratio.top[_valuation(ratio.top)] * ratio.bottom[_valuation(ratio.bottom)]
    return 1 if product > 0 else -1
