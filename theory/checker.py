"""The checker of inequality certificates. It shares no code with what finds them: integers and fractions only.

A claim is a rational function `numerator / denominator` (polynomials as lists of [coefficient, {variable: power}])
with `definitions` (variable -> such a rational function) and `domains` (variable -> "positive", "nonnegative",
"unit" for [0, 1] or "inner" for (0, 1)). The checker substitutes the definitions, writes each unit variable as p/(p+q)
with p, q >= 0 not both zero, an inner one with p, q > 0, and accepts exactly when every coefficient of the shifted
numerator is nonnegative and the shifted denominator is certainly positive. For a strict claim the numerator must be
certainly positive too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as cartesian

Monomial = tuple[tuple[str, int], ...]
Poly = dict[Monomial, Fraction | int]  # whole numbers as int, which is the faster of the two
Ratio = tuple[Poly, Poly]
Terms = Sequence[tuple[Fraction, Mapping[str, int]]]
MAX_TERMS = 200_000
MAX_POWER = 200


@dataclass(frozen=True)
class Claim:
    """`numerator / denominator >= 0` (or `> 0` when strict) over the stated domains."""

    numerator: Terms
    denominator: Terms
    definitions: Mapping[str, tuple[Terms, Terms]]
    domains: Mapping[str, str]
    strict: bool = False


@dataclass(frozen=True)
class Evidence:
    """The shifted numerator and denominator, as the finder computed them."""

    numerator: Terms
    denominator: Terms


class Refused(ValueError):
    """Why a certificate was not accepted."""


ONE: Poly = {(): 1}


def _key(powers: Mapping[str, int]) -> Monomial:
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _add(left: Poly, right: Poly) -> Poly:
    total = dict(left)
    for monomial, coefficient in right.items():
        _put(total, monomial, coefficient)
    return total


def _times(left: Poly, right: Poly) -> Poly:
    total: Poly = {}
    if left == ONE or right == ONE:
        total = right if left == ONE else left
    else:
        for u, a in left.items():
            for v, b in right.items():
                monomial = _product(u, v)
                total[monomial] = total.get(monomial, 0) + a * b
        total = {monomial: value for monomial, value in total.items() if value}
    if len(total) > MAX_TERMS:
        raise Refused("the shifted polynomial is too large")
    return total


def _product(left: Monomial, right: Monomial) -> Monomial:
    if not left or not right:
        return left or right
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _put(total: Poly, monomial: Monomial, value: Fraction | int) -> Poly:
    value += total.get(monomial, 0)
    if value:
        total[monomial] = value
    else:
        total.pop(monomial, None)
    return total


def _power(base: Poly, power: int) -> Poly:
    if not 0 <= power <= MAX_POWER:
        raise Refused(f"a power of {power}")
    total = ONE
    for _ in range(power):
        total = _times(total, base)
    return total


def _poly(terms: Terms) -> Poly:
    total: Poly = {}
    for coefficient, powers in terms:
        if not isinstance(coefficient, int | Fraction) or isinstance(coefficient, bool):
            raise Refused("a coefficient that is no fraction")
        if any(type(power) is not int or power < 0 for power in powers.values()):
            raise Refused("a negative power, or one that is no integer")
        value = Fraction(coefficient)
        total = _put(total, _key(powers), value.numerator if value.denominator == 1 else value)
    return total


class _Shift:
    """Substitutes definitions and domains into polynomials."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.images: dict[str, Ratio] = {}
        self.powers: dict[tuple[str, int], Ratio] = {}
        self.open: set[str] = set()
        self.positive: set[str] = {n for n, domain in claim.domains.items() if domain == "positive"}
        self.units: list[str] = []

    def image(self, name: str) -> Ratio:
        """What a variable becomes in nonnegative variables. Raises Refused for one without a domain."""
        if name in self.images:
            return self.images[name]
        if name in self.open:
            raise Refused(f"the definition of {name} refers to itself")
        self.open.add(name)
        domain = self.claim.domains.get(name)
        if domain in ("positive", "nonnegative"):
            image: Ratio = ({((name, 1),): 1}, ONE)
        elif domain == "unit":
            self.units.append(name)
            p: Poly = {((name + "~p", 1),): 1}
            q: Poly = {((name + "~q", 1),): 1}
            image = (p, _add(p, q))
        elif domain is None and name in self.claim.definitions:
            top, bottom = self.claim.definitions[name]
            image = self.ratio(_poly(top), _poly(bottom))
        elif domain == "inner":
            inner, outer = name + "~p", name + "~q"
            self.positive |= {inner, outer}
            image = ({((inner, 1),): 1}, {((inner, 1),): Fraction(1), ((outer, 1),): 1})
        else:
            raise Refused(f"nothing says that {name} is nonnegative")
        self.images[name] = image
        return image

    def power(self, name: str, power: int) -> Ratio:
        """A power of what a variable becomes."""
        if (name, power) not in self.powers:
            above, below = self.image(name)
            self.powers[name, power] = _power(above, power), _power(below, power)
        return self.powers[name, power]

    def poly(self, poly: Poly) -> Ratio:
        """The shifted polynomial over a common denominator."""
        highest: dict[str, int] = {}
        for monomial in poly:
            for name, power in monomial:
                highest[name] = max(highest.get(name, 0), power)
        total: Poly = {}
        for monomial, coefficient in poly.items():
            powers = dict(monomial)
            term: Poly = {(): coefficient}
            for name, top in highest.items():
                used = powers.get(name, 0)
                term = _times(_times(term, self.power(name, used)[0]), self.power(name, top - used)[1])
            total = _add(total, term)
        bottom = ONE
        for name, top in highest.items():
            bottom = _times(bottom, self.power(name, top)[1])
        return total, bottom

    def ratio(self, top: Poly, bottom: Poly) -> Ratio:
        above, under = self.poly(top)
        below, over = self.poly(bottom)
        return _times(above, over), _times(below, under)

    def certainly_positive(self, poly: Poly) -> bool:
        """Nonnegative coefficients, and for each choice of the nonzero one of p, q a monomial that is positive."""
        if any(coefficient < 0 for coefficient in poly.values()):
            return False
        for corner in cartesian(*(((u + "~p"), (u + "~q")) for u in self.units)):
            allowed = self.positive | set(corner)
            if not any(all(name in allowed for name, _ in monomial) for monomial in poly):
                return False
        return True


def shifted(claim: Claim) -> Evidence:
    """The claim's numerator and denominator in nonnegative variables."""
    top, bottom = _Shift(claim).ratio(_poly(claim.numerator), _poly(claim.denominator))
    return Evidence(_terms(top), _terms(bottom))


def _terms(poly: Poly) -> Terms:
    return [(Fraction(coefficient), dict(monomial)) for monomial, coefficient in sorted(poly.items())]


def check(claim: Claim, evidence: Evidence) -> None:
    """Accept silently, or raise Refused with the reason. Everything is recomputed from the claim."""
    _require_names(claim)
    shift = _Shift(claim)
    top, bottom = shift.ratio(_poly(claim.numerator), _poly(claim.denominator))
    # the evidence may be any common multiple: cross-multiply rather than compare term by term
    shown_top, shown_bottom = _poly(evidence.numerator), _poly(evidence.denominator)
    if (top, bottom) != (shown_top, shown_bottom) and _times(top, shown_bottom) != _times(shown_top, bottom):
        raise Refused("the evidence is not the shifted claim")
    if not shift.certainly_positive(shown_bottom) or not _vanishes_nowhere(shift, bottom):
        raise Refused("the denominator is not certainly positive")
    negative = [m for m, coefficient in shown_top.items() if coefficient < 0]
    if negative:
        raise Refused(f"a negative coefficient at {_show(negative[0])}")
    if claim.strict and not shift.certainly_positive(shown_top):
        raise Refused("the numerator may vanish, and the claim is strict")


def _require_names(claim: Claim) -> None:
    """`~` marks the parts of a unit variable; a name with two meanings is refused."""
    polys = [claim.numerator, claim.denominator, *(side for pair in claim.definitions.values() for side in pair)]
    used = {name for poly in polys for _, powers in poly for name in powers}
    for name in sorted(used | set(claim.domains) | set(claim.definitions)):
        if "~" in name:
            raise Refused(f"{name}: a name may not contain ~")
        if name in claim.domains and name in claim.definitions:
            raise Refused(f"{name} has both a domain and a definition")


def _vanishes_nowhere(shift: _Shift, poly: Poly) -> bool:
    """Of one strict sign: then the claim equals the evidence wherever it is asked for."""
    return shift.certainly_positive(poly) or shift.certainly_positive({m: -q for m, q in poly.items()})


def _show(monomial: Monomial) -> str:
    return " ".join(name if power == 1 else f"{name}^{power}" for name, power in monomial) or "1"
