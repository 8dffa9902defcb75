"""Trees as numbers: an evaluator that shares nothing with the emitters, and random trees."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath

from numerics.parameters import wanted
from theory.expr import Expr, call, num, plane_sum, sym

Values = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Numbers for every symbol: scalars, and (lambda, sin, cos) for each target direction, with (1, 0) for a lost one.
    Floats, fractions or numbers of mpmath. What a formula may need beyond that, the source's variances among it,
    follows from these."""

    D: int
    k: int
    alpha: Any
    h: Any
    sigma2: Any
    planes: tuple[tuple[Any, Any, Any], ...]
    more: tuple[tuple[str, Any], ...] = ()
    same_noise: bool = False

    def scalars(self) -> Values:
        alpha2 = self.alpha * self.alpha
        nu = alpha2 * self.sigma2
        return {
            "D": self.D, "k": self.k, "d": len(self.planes), "alpha": self.alpha, "h": self.h,
            "sigma2": self.sigma2, "nu": nu, "c": self.h + nu, "rho": nu / self.h, "r": self.h / alpha2,
            "lambda": self.planes[0][0], "a": alpha2 * self.planes[0][0], **self.parameters(),
            "R": self.parameters()["r_end"], "c_s": self.h + alpha2 * self.parameters()["sigma_s2"], **dict(self.more),
        }  # fmt: skip

    def parameters(self) -> Values:
        """Numbers of the kind of the others, inside every parameter's range."""
        h, sigma2 = self.h, self.sigma2
        shared = {"sigma_s2": sigma2 / 2 + h, "weight": h / (3 * h + 1), "tol": h / 7, "tau": sigma2 / 3 + h / 5}
        if self.same_noise:
            shared["sigma_s2"] = sigma2
        return {**shared, "mu_perp2": 2 * h, "mu_in2": h / 3, "r_end": h / self.alpha**2 * 5}

    def arguments(self, *, sourced: bool = False) -> tuple[Any, ...]:
        """What an emitted function takes."""
        planes: list[tuple[Any, ...]] = list(self.planes)
        if sourced:
            planes = [(*plane, self.source(i)) for i, plane in enumerate(planes)]
        return self.alpha * self.alpha, self.h, self.sigma2, self.D, self.k, planes

    def source(self, i: int) -> Any:
        """The source's latent variance along the i-th direction of the encoder; a lost direction has none."""
        return self.h * (i + 2) / 3 if i < self.k else 0 * self.h

    def call(self, function: Callable[..., Any], change: Callable[[Any], Any] = lambda x: x, **functions: Any) -> Any:
        """An emitted function at this place, with the parameters that it asks for, in the numbers `change` makes."""
        asked = wanted(function)
        given = {name: change(self.parameters()[name]) for name in asked.names}
        return function(*change(self.arguments(sourced=asked.sourced)), **given, **functions)

    def direction(self, i: int) -> Values:
        lam, sin, cos = self.planes[i]
        a = self.alpha * self.alpha * lam
        source = {"lambda_s_i": self.source(i), "a_s_i": self.alpha * self.alpha * self.source(i)}
        return {"lambda_i": lam, "a_i": a, "cos_i": cos, "sin_i": sin, "s_i": sin * sin, **source}

    def range(self, over: str) -> range:
        d = len(self.planes)
        return {"target": range(d), "pairs": range(min(self.k, d)), "lost": range(self.k, d)}[over]


def _plane(lam: float, theta: float) -> tuple[float, float, float]:
    return lam, math.sin(theta), math.cos(theta)


# k < d, k > d and k = d, at alpha^2 + h = 1 and elsewhere
PLACES = (
    Place(9, 2, 0.78, 0.83, 0.37, (_plane(1.9, 0.41), _plane(0.7, 1.13), (2.3, 1.0, 0.0))),
    Place(8, 3, 0.6, 0.64, 1.21, (_plane(0.6, 0.83), _plane(1.7, 0.29))),
    Place(7, 2, 1.3, 0.29, 0.53, (_plane(1.1, 1.31), _plane(2.9, 0.57))),
)


def value(expr: Expr, names: Values, place: Place) -> Any:
    """The number that a scalar tree is at a place."""
    kids = expr.children
    match expr.head:
        case "num":
            number = expr.number
            return mpmath.mpf(number.numerator) / number.denominator if isinstance(place.h, mpmath.mpf) else number
        case "sym":
            return names[str(expr.args[0])]
        case "add":
            return sum(value(kid, names, place) for kid in kids)
        case "neg":
            return -value(kids[0], names, place)
        case "mul":
            return math.prod(value(kid, names, place) for kid in kids)
        case "div":
            return value(kids[0], names, place) / value(kids[1], names, place)
        case "pow":
            return value(kids[0], names, place) ** value(kids[1], names, place)
        case "sum":
            rows = place.range(str(expr.args[0]))
            return sum(value(kids[0], {**names, **place.direction(i)}, place) for i in rows)
        case "call":
            return _called(str(expr.args[0]), [value(kid, names, place) for kid in kids])
    raise ValueError(f"no number for {expr.head}")


def _called(name: str, numbers: list[Any]) -> Any:
    home: Any = mpmath if isinstance(numbers[0], mpmath.mpf) else math
    functions = {"log": home.log, "exp": home.exp, "sqrt": home.sqrt, "min": min, "max": max}
    if name == "phi":
        return numbers[0] - home.log1p(numbers[0])
    return functions[name](*numbers)


def values_at(expr: Expr, over: str | None, place: Place) -> list[Any]:
    """The numbers of an output: one, or one for each direction of its range."""
    if over is None:
        return [value(expr, place.scalars(), place)]
    return [value(expr, {**place.scalars(), **place.direction(i)}, place) for i in place.range(over)]


def differ(left: Expr, right: Expr, over: str | None) -> bool:
    """Whether two trees certainly differ: by far more than rounding, at one of the places."""
    for place in PLACES:
        try:
            pairs = list(zip(values_at(left, over, place), values_at(right, over, place), strict=True))
        except (ArithmeticError, ValueError, TypeError):
            return True
        if any(abs(x - y) > 1e-8 * max(abs(x), abs(y)) for x, y in pairs):
            return True
    return False


LEAVES = (
    "alpha", "h", "nu", "c", "a_i", "s_i", "cos_i", "sin_i", "lambda_i", "sigma2", "D", "k", "theta_i", "rho", "r",
)  # fmt: skip
HEADS = ("add", "neg", "mul", "div", "pow", "sum", "call")


class RandomTrees:
    """Scalar trees as authors write them, and worse: nested signs, large numbers, negative powers, sums in products."""

    def __init__(self, seed: int, leaves: tuple[str, ...] = LEAVES, *, functions: bool = True) -> None:
        self.rng, self.leaves, self.functions = random.Random(seed), leaves, functions

    def number(self) -> Expr:
        draw = self.rng.random()
        if draw < 0.55:
            return num(self.rng.randint(0, 12))
        if draw < 0.7:
            return num(-self.rng.randint(1, 9))
        if draw < 0.85:
            return num(Fraction(self.rng.randint(-9, 9), self.rng.randint(2, 7)))
        return num(self.rng.randint(-(10**30), 10**30))

    def leaf(self) -> Expr:
        return self.number() if self.rng.random() < 0.3 else sym(self.rng.choice(self.leaves))

    def tree(self, depth: int) -> Expr:
        if depth == 0 or self.rng.random() < 0.08:
            return self.leaf()
        match self.rng.choices(HEADS, (6, 3, 6, 4, 4, 1, self.functions))[0]:
            case "add":
                return Expr("add", tuple(self.tree(depth - 1) for _ in range(self.rng.randint(2, 4))))
            case "neg":
                return -self.tree(depth - 1)
            case "mul":
                return Expr("mul", tuple(self.tree(depth - 1) for _ in range(self.rng.randint(2, 4))))
            case "div":
                return Expr("div", (self.tree(depth - 1), self.tree(depth - 1)))
            case "pow":
                return Expr("pow", (self.tree(depth - 1), num(self.rng.choice((-3, -2, -1, 2, 2, 3, 4)))))
            case "call":
                name = self.rng.choice(("min", "max", "log", "phi"))
                count = 2 if name in ("min", "max") else 1
                return call(name, *(self.tree(depth - 1) for _ in range(count)))
        return plane_sum(self.tree(depth - 1), self.rng.choice(("target", "pairs", "lost")))
