"""One point of the model at which a claim is evaluated from scratch: exact rationals, balls for what is not rational.

Nothing here knows how a claim is proved or how a counterexample was found. The abbreviations are written out once
more, in numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, ctx, fmpq

from theory.expr import Expr, symbols, walk

MOST_BITS = 1 << 14
MOST_DIGITS = 40_000


class NoValue(ArithmeticError):
    """An expression has no value at a point: a division by zero, the logarithm of a number that is not positive."""


class Undecided(ArithmeticError):
    """A value could not be told from zero, or is too large to be computed."""


@dataclass(frozen=True)
class Plane:
    """A direction of the target: its variance, squared sine, and the source's variance there. `half` is the tangent of
    half the angle, where sine and cosine themselves are asked for."""

    lam: Fraction = Fraction(0)
    s: Fraction = Fraction(0)
    lam_s: Fraction = Fraction(0)
    half: Fraction | None = None


@dataclass(frozen=True)
class Point:
    """Sizes, numbers by name (alpha, h, sigma2, what the claim declares, ...) and the d directions of the target.

    `path` gives alpha and h as expressions of a number by name, where the claim runs along a process."""

    D: int
    k: int
    d: int
    numbers: Mapping[str, Fraction]
    planes: tuple[Plane, ...] = ()
    path: Mapping[str, Expr] = field(default_factory=dict)


Number = Any  # Fraction or arb


class Evaluation:
    """Evaluates trees at a point; `prec` is None for exact fractions, and NoValue then also stands for "irrational"."""

    def __init__(self, point: Point, prec: int | None) -> None:
        self.point, self.prec = point, prec

    def lift(self, value: Fraction | int) -> Number:
        fraction = Fraction(value)
        return fraction if self.prec is None else arb(fmpq(fraction.numerator, fraction.denominator))

    def value(self, expr: Expr, plane: Plane | None = None) -> Number:
        kids = expr.children
        match expr.head:
            case "num":
                return self.lift(expr.number)
            case "sym":
                return self.named(expr.name, plane)
            case "add":
                return sum((self.value(kid, plane) for kid in kids[1:]), self.value(kids[0], plane))
            case "neg":
                return -self.value(kids[0], plane)
            case "mul":
                product = self.value(kids[0], plane)
                for kid in kids[1:]:
                    product = product * self.value(kid, plane)
                return self.bounded(product)
            case "div":
                return self.divided(self.value(kids[0], plane), self.value(kids[1], plane))
            case "pow":
                return self.power(self.value(kids[0], plane), int(self.value_exactly(kids[1])))
            case "sum":
                return self.total(expr)
            case "call":
                return self.called(expr.name, [self.value(kid, plane) for kid in kids])
        raise Undecided(f"{expr.head} has no value here")

    def bounded(self, value: Number) -> Number:
        if self.prec is None and value.numerator.bit_length() + value.denominator.bit_length() > 4 * MOST_DIGITS:
            raise Undecided("a number of too many digits")
        return value

    def value_exactly(self, expr: Expr) -> Fraction:
        return -self.value_exactly(expr.children[0]) if expr.head == "neg" else expr.number

    def divided(self, top: Number, bottom: Number) -> Number:
        if self.prec is None:
            if bottom == 0:
                raise NoValue("a division by zero")
            return self.bounded(top / bottom)
        if bottom.contains(0):
            raise Undecided("a divisor that cannot be told from zero")
        return top / bottom

    def power(self, base: Number, n: int) -> Number:
        if abs(n) > 1000:
            raise Undecided("a power that is too large")
        if n < 0:
            return self.divided(self.lift(1), self.power(base, -n))
        result = self.lift(1)
        for _ in range(n):
            result = self.bounded(result * base)
        return result

    def total(self, expr: Expr) -> Number:
        k, planes = self.point.k, self.point.planes
        chosen = {"target": planes, "pairs": planes[:k], "lost": planes[k:]}[expr.name]
        return sum((self.value(expr.children[0], plane) for plane in chosen), self.lift(0))

    def named(self, name: str, plane: Plane | None) -> Number:
        point = self.point
        if name.endswith("_i"):
            return self.of_plane(name, plane if plane is not None else point.planes[0])
        if name in ("D", "k", "d"):
            return self.lift(getattr(point, name))
        if name in point.path:
            return self.value(point.path[name])
        if name in point.numbers:
            return self.lift(point.numbers[name])
        rule = _RULES.get(name)
        if rule is None:
            raise Undecided(f"{name} is not given at this point")
        return rule(self, lambda other: self.named(other, plane))

    def of_plane(self, name: str, plane: Plane) -> Number:
        match name:
            case "lambda_i":
                return self.lift(plane.lam)
            case "lambda_s_i":
                return self.lift(plane.lam_s)
            case "s_i":
                return self.lift(plane.s)
            case "a_i":
                return self.named("alpha", None) * self.named("alpha", None) * self.lift(plane.lam)
            case "a_s_i":
                return self.named("alpha", None) * self.named("alpha", None) * self.lift(plane.lam_s)
            case "sin_i":
                return self.root(self.lift(plane.s))
            case "cos_i":
                return self.root(self.lift(1 - plane.s))
        raise Undecided(f"{name} is not given at this point")

    def root(self, x: Number) -> Number:
        if self.prec is not None:
            if x < 0:
                raise NoValue("the root of a negative number")
            if not x >= 0:
                raise Undecided("the root of a number that cannot be told from zero")
            return x.sqrt()
        if x < 0:
            raise NoValue("the root of a negative number")
        exact = Fraction(isqrt(x.numerator), isqrt(x.denominator))
        if exact * exact != x:
            raise Undecided("an irrational root")
        return exact

    def called(self, name: str, values: list[Number]) -> Number:
        x = values[0]
        if name in ("min", "max"):
            return self.extreme(name, *values)
        if name == "sqrt":
            return self.root(x)
        if name == "exp":
            if self.prec is None and x != 0:
                raise Undecided("an irrational power of e")
            return self.lift(1) if self.prec is None else x.exp()
        inner = 1 + x if name == "phi" else x
        log = self.logarithm(inner)
        return x - log if name == "phi" else log

    def extreme(self, name: str, x: Number, y: Number) -> Number:
        if self.prec is None:
            return min(x, y) if name == "min" else max(x, y)
        return arb.min(x, y) if name == "min" else arb.max(x, y)

    def logarithm(self, x: Number) -> Number:
        if self.prec is None:
            if x <= 0:
                raise NoValue("the logarithm of a number that is not positive")
            if x != 1:
                raise Undecided("an irrational logarithm")
            return Fraction(0)
        if x < 0:
            raise NoValue("the logarithm of a negative number")
        if not x > 0:
            raise Undecided("the logarithm of a number that cannot be told from zero")
        return x.log()


Named = Callable[[str], Any]
_RULES: dict[str, Callable[[Evaluation, Named], Any]] = {
    "nu": lambda e, n: n("alpha") * n("alpha") * n("sigma2"),
    "c": lambda e, n: n("h") + n("alpha") * n("alpha") * n("sigma2"),
    "c_s": lambda e, n: n("h") + n("alpha") * n("alpha") * n("sigma_s2"),
    "r": lambda e, n: e.divided(n("h"), n("alpha") * n("alpha")),
    "rho": lambda e, n: e.divided(n("alpha") * n("alpha") * n("sigma2"), n("h")),
    "lambda": lambda e, n: e.lift(e.point.planes[0].lam),
    "a": lambda e, n: n("alpha") * n("alpha") * e.lift(e.point.planes[0].lam),
}


def exactly(expr: Expr, point: Point) -> Fraction | None:
    """The value of an expression if it can be had in fractions. Raises NoValue where it has none."""
    try:
        value = Evaluation(point, None).value(expr)
    except Undecided:
        return None
    assert isinstance(value, Fraction)
    return value


def enclosed(expr: Expr, point: Point, prec: int) -> Any:
    """A ball that holds the value. Raises NoValue where there is none, Undecided where that cannot be told."""
    with ctx.workprec(prec):
        value = Evaluation(point, prec).value(expr)
    if not value.is_finite():
        raise Undecided("no finite value")
    return value


def sign(expr: Expr, point: Point) -> int | None:
    """The sign of an expression at a point, or None where it cannot be told. Raises NoValue where it has no value."""
    exact = exactly(expr, point)
    if exact is not None:
        return (exact > 0) - (exact < 0)
    prec = 128
    while prec <= MOST_BITS:
        try:
            ball = enclosed(expr, point, prec)
        except Undecided:
            ball = None
        if ball is not None and (ball > 0 or ball < 0):
            return 1 if ball > 0 else -1
        prec *= 4
    return None


def holds(left: Expr, relation: str, right: Expr, point: Point) -> bool | None:
    """Whether a relation holds at a point; None where that cannot be told. Raises NoValue where a side has no value."""
    for side in (left, right):  # so that a side without a value is seen even if the difference has one
        exactly(side, point)
    found = sign(left - right, point)
    if found is None:
        return None
    return {"==": found == 0, "<=": found <= 0, ">=": found >= 0, "<": found < 0, ">": found > 0}[relation]


def holds_everywhere(left: Expr, relation: str, right: Expr, point: Point) -> bool:
    """A condition at a point, for every direction if it speaks of one."""
    single = [replace(point, planes=(plane,)) for plane in point.planes]
    if any(n.head == "sum" for n in walk(left - right)) or not any(n.endswith("_i") for n in symbols(left - right)):
        single = [point]
    return all(holds(left, relation, right, at) is True for at in single)


def difference_sign(tree: Expr, one: Point, two: Point) -> int | None:
    """The sign of the value at the second point less that at the first."""
    first, second = exactly(tree, one), exactly(tree, two)
    if first is not None and second is not None:
        return (second > first) - (second < first)
    prec = 128
    while prec <= MOST_BITS:
        try:
            change = enclosed(tree, two, prec) - enclosed(tree, one, prec)
        except Undecided:
            change = None
        if change is not None and (change > 0 or change < 0):
            return 1 if change > 0 else -1
        prec *= 4
    return None


def shown(expr: Expr, point: Point, digits: int = 30) -> str:
    """The value in print: exact where that is short, otherwise decimals."""
    exact = exactly(expr, point)
    if exact is not None and len(str(exact)) <= 60:
        return str(exact)
    try:
        return str(enclosed(expr, point, max(256, 8 * digits)).str(digits, radius=False))
    except Undecided:
        return "?"
