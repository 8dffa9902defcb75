"""What a claim comes down to: a polynomial that is to be nonnegative (or positive) where conditions hold.

A `Goal` is a statement, a `Proof` is how it is to be shown: a tree of choices (which variable is split, where; which
condition a variable is solved for), without any polynomial that the checker could not make for itself. Both are data;
`goal_checker.verify` decides, and recomputes everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Exponents = tuple[int, ...]
Poly = Mapping[Exponents, Fraction]


@dataclass(frozen=True)
class Interval:
    """The values that a variable may have; None is infinity. Ends are included unless they are open."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def holds(self, value: Fraction) -> bool:
        """Whether a number lies in it."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below

    def inside(self, value: Fraction) -> bool:
        """Whether a number lies strictly between the ends."""
        return (self.low is None or value > self.low) and (self.high is None or value < self.high)

    def __str__(self) -> str:
        left = "(" if self.low_open or self.low is None else "["
        right = ")" if self.high_open or self.high is None else "]"
        low = "-infinity" if self.low is None else str(self.low)
        return f"{left}{low}, {'infinity' if self.high is None else self.high}{right}"


REAL = Interval()
NONNEGATIVE = Interval(Fraction(0))
POSITIVE = Interval(Fraction(0), low_open=True)
UNIT = Interval(Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Condition:
    """`poly >= 0`, `poly > 0` or `poly == 0`."""

    poly: Poly
    relation: str


@dataclass(frozen=True)
class Goal:
    """`poly >= 0` (`> 0` when strict) for all values of the variables in their domains that meet the conditions."""

    names: tuple[str, ...]
    domains: tuple[Interval, ...]
    poly: Poly
    conditions: tuple[Condition, ...] = ()
    strict: bool = False


class Proof:
    """How a goal is shown; one of the classes below."""


@dataclass(frozen=True)
class Signs(Proof):
    """Shift every variable to the end of its domain: no coefficient is negative."""


@dataclass(frozen=True)
class Univariate(Proof):
    """One variable is left, and the polynomial has no root of odd order inside its interval (Sturm)."""


@dataclass(frozen=True)
class Split(Proof):
    """The domain of a variable is cut at a number, and both parts are shown."""

    variable: int
    at: Fraction
    below: Proof
    above: Proof


@dataclass(frozen=True)
class Cases(Proof):
    """Shown where `poly >= 0` and where `poly <= 0`."""

    poly: Poly
    nonnegative: Proof
    nonpositive: Proof


@dataclass(frozen=True)
class Raised(Proof):
    """A condition that is linear in a variable, `a x + b >= 0`, is solved for it: the variable is a bound plus or minus
    an excess. `sign` is the sign of `a`, which `positive` shows unless it is a number."""

    condition: int
    variable: int
    sign: int
    rest: Proof
    positive: Proof | None = None


@dataclass(frozen=True)
class Between(Proof):
    """A variable between two bounds that conditions give (or its domain, for None) is `low + (high - low) u` with u in
    [0, 1]."""

    variable: int
    lower: int | None
    upper: int | None
    rest: Proof


@dataclass(frozen=True)
class Factor:
    """`(sign poly)^power`; an odd power, and any in a strict goal, comes with a proof that the base has its sign."""

    poly: Poly
    power: int
    sign: int = 1
    proof: Proof | None = None


@dataclass(frozen=True)
class Product(Proof):
    """The polynomial is a positive number times these factors."""

    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Discriminant(Proof):
    """A quadratic `a x^2 + b x + c` in a variable with a > 0 (or a >= 0 and c >= 0, when `tail` is given) and
    4 a c - b^2 >= 0."""

    variable: int
    lead: Proof
    gap: Proof
    tail: Proof | None = None


@dataclass(frozen=True)
class Weighted:
    """`weight` times a condition's polynomial; the weight is shown to be nonnegative, unless the condition is an
    equality."""

    condition: int
    weight: Poly
    proof: Proof | None = None


@dataclass(frozen=True)
class Combination(Proof):
    """The polynomial is a sum of weighted conditions plus something that is shown on its own."""

    terms: tuple[Weighted, ...]
    rest: Proof


@dataclass(frozen=True)
class Impossible(Proof):
    """A condition never holds under the others: its polynomial is shown to be negative (not positive, for `>`)."""

    condition: int
    proof: Proof


def leaf_count(proof: Proof) -> int:
    """How many leaves a proof has."""
    found = 0
    stack: list[object] = [proof]
    while stack:
        node = stack.pop()
        kids = [getattr(node, name, None) for name in _KIDS]
        kids += [f.proof for f in getattr(node, "factors", ())] + [t.proof for t in getattr(node, "terms", ())]
        below = [kid for kid in kids if isinstance(kid, Proof)]
        found += not below
        stack += below
    return found


_KIDS = ("below", "above", "nonnegative", "nonpositive", "rest", "positive", "lead", "gap", "tail", "proof")
