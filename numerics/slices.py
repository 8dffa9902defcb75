"""All variables but one held at rationals: an expression is then a rational function of one variable, whose roots are
isolated exactly. Between two roots the sign does not change, so that a number between each two shows all there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq, fmpq_poly

from theory.expr import Expr
from theory.goals import Interval

MOST_DEGREE = 120


class NotRational(ValueError):
    """The expression is no rational function of the variable."""


class Ratio:
    """A quotient of two polynomials in one variable over the rationals."""

    __slots__ = ("bottom", "top")

    def __init__(self, top: Any, bottom: Any) -> None:
        self.top, self.bottom = top, bottom

    def __add__(self, other: Ratio) -> Ratio:
        if self.bottom == other.bottom:
            return Ratio(self.top + other.top, self.bottom)
        return _reduced(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __neg__(self) -> Ratio:
        return Ratio(-self.top, self.bottom)

    def __mul__(self, other: Ratio) -> Ratio:
        return _reduced(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other: Ratio) -> Ratio:
        if other.top == 0:
            raise NotRational("a division by zero")
        return _reduced(self.top * other.bottom, self.bottom * other.top)


def _reduced(top: Any, bottom: Any) -> Ratio:
    if max(top.degree(), bottom.degree()) > MOST_DEGREE:
        raise NotRational("a degree that is too high")
    if bottom.degree() > 0:
        shared = top.gcd(bottom)
        if shared.degree() > 0:
            top, bottom = top // shared, bottom // shared
    return Ratio(top, bottom)


ONE = fmpq_poly([1])
Chooser = Callable[[Expr], int]


def as_ratio(expr: Expr, variables: Mapping[str, Ratio], choose: Chooser) -> Ratio:
    """The rational function that an expression is; `choose` says which argument of a minimum or maximum to take."""
    kids = expr.children
    match expr.head:
        case "num":
            return Ratio(fmpq_poly([_q(expr.number)]), ONE)
        case "sym":
            return variables[expr.name]
        case "add":
            total = as_ratio(kids[0], variables, choose)
            for kid in kids[1:]:
                total = total + as_ratio(kid, variables, choose)
            return total
        case "neg":
            return -as_ratio(kids[0], variables, choose)
        case "mul":
            total = as_ratio(kids[0], variables, choose)
            for kid in kids[1:]:
                total = total * as_ratio(kid, variables, choose)
            return total
        case "div":
            return as_ratio(kids[0], variables, choose) / as_ratio(kids[1], variables, choose)
        case "pow":
            return _power(as_ratio(kids[0], variables, choose), kids[1])
        case "call" if expr.name in ("min", "max"):
            return as_ratio(kids[choose(expr)], variables, choose)
    raise NotRational(expr.head)


def _power(base: Ratio, exponent: Expr) -> Ratio:
    n = -int(exponent.children[0].number) if exponent.head == "neg" else int(exponent.number)
    if n < 0:
        base, n = Ratio(ONE, ONE) / base, -n
    if n * max(base.top.degree(), base.bottom.degree()) > MOST_DEGREE:
        raise NotRational("a degree that is too high")
    return Ratio(base.top**n, base.bottom**n)


def _q(value: Fraction) -> Any:
    return fmpq(value.numerator, value.denominator)


def line(start: Mapping[str, Fraction], direction: Mapping[str, Fraction]) -> dict[str, Ratio]:
    """Every variable along a line, as a function of the step."""
    return {name: Ratio(fmpq_poly([_q(x), _q(direction.get(name, Fraction(0)))]), ONE) for name, x in start.items()}


def roots(poly: Any) -> list[tuple[Fraction, Fraction]]:
    """Enclosures of the different real roots, from the smallest up; a rational root is enclosed by itself."""
    found: list[tuple[Fraction, Fraction]] = []
    if poly.degree() < 1:
        return found
    _, factors = poly.numer().factor_squarefree()
    for factor, _ in factors:
        if factor.degree() == 1:
            exact = Fraction(-int(factor[0]), int(factor[1]))
            found.append((exact, exact))
            continue
        for root, _ in factor.complex_roots() if factor.degree() > 1 else ():
            if root.imag == 0:
                found.append((_fraction(root.real.lower()), _fraction(root.real.upper())))
    return sorted(found)


def rational_roots(poly: Any) -> list[Fraction]:
    """The rational roots, exactly."""
    if poly.degree() < 1 or poly.degree() > 40:
        return []
    _, factors = poly.numer().factor()
    return [Fraction(-int(f[0]), int(f[1])) for f, _ in factors if f.degree() == 1]


def _fraction(value: Any) -> Fraction:
    exact = value.fmpq()
    return Fraction(int(exact.p), int(exact.q))


def between(low: Fraction, high: Fraction) -> Fraction:
    """The simplest fraction strictly between two numbers."""
    if low >= high:
        raise ValueError("no number between")
    if low < 0 < high:
        return Fraction(0)
    if high <= 0:
        return -between(-high, -low)
    whole = low.numerator // low.denominator
    if whole + 1 < high:
        return Fraction(whole + 1)
    # low, high within [whole, whole + 1]
    left, right = low - whole, high - whole
    if left == 0:
        return whole + Fraction(1, 1 + (1 / right).numerator // (1 / right).denominator)
    return whole + 1 / between(1 / right, 1 / left)


def tests(polys: Sequence[Any], domain: Interval) -> list[Fraction]:
    """Numbers of an interval: one between each two neighbouring roots, beyond the outermost, at the closed ends, and
    the rational roots themselves."""
    found = sorted({root for poly in polys for root in roots(poly)})
    exact = {x for poly in polys for x in rational_roots(poly)}
    low, high = domain.low, domain.high
    marks = [r for r in found if (low is None or r[1] > low) and (high is None or r[0] < high)]
    answer = {x for x in exact if domain.holds(x)}
    ends: list[tuple[Fraction | None, Fraction | None]] = [(low, low), *marks, (high, high)]
    for (_, left), (right, _) in pairwise(ends):
        if left is None and right is None:
            answer |= {Fraction(0), Fraction(1), Fraction(-1)}
        elif left is None:
            assert right is not None
            answer |= {right - 1, right - 1000, 2 * right - 1 if right < 0 else -right - 1}
        elif right is None:
            answer |= {left + 1, left + 1000, 2 * left + 1 if left > 0 else 1 - left}
        elif left < right:
            answer |= {between(left, right), (left + right) / 2}
    answer |= {end for end in (low, high) if end is not None}
    return sorted(x for x in answer if domain.holds(x))


def lowest(ratio: Ratio, domain: Interval, candidates: Sequence[Fraction]) -> list[Fraction]:
    """Numbers near which the function is stationary, close enough to continue from, and simple ones where possible."""
    slope = ratio.top.derivative() * ratio.bottom - ratio.top * ratio.bottom.derivative()
    near = []
    for low, high in roots(slope):
        x = low if low == high else between(low, high)
        if domain.holds(x):
            near.append(x)
    return near + [x for x in candidates if domain.holds(x)]


def value(ratio: Ratio, x: Fraction) -> Fraction | None:
    """The value at a number, None at a pole."""
    q = _q(x)
    bottom = ratio.bottom(q)
    if bottom == 0:
        return None
    found = ratio.top(q) / bottom
    return Fraction(int(found.p), int(found.q))
