"""Values of trees of independent numbers during a search: exact where that is possible, in balls otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from theory.expr import Expr

MOST_EXPONENT = 4000


class PlainValue:
    """Evaluates trees of independent numbers, exactly where that is possible and in balls otherwise."""

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self.values = {name: fmpq(x.numerator, x.denominator) for name, x in values.items()}

    def of(self, expr: Expr) -> Any:
        """The value, or None where there is none or it is not known."""
        try:
            return self._of(expr)
        except (ZeroDivisionError, ValueError, OverflowError):
            return None

    def _of(self, expr: Expr) -> Any:
        kids = expr.children
        match expr.head:
            case "num":
                return fmpq(expr.number.numerator, expr.number.denominator)
            case "sym":
                return self.values[expr.name]
            case "add":
                total = self._of(kids[0])
                for kid in kids[1:]:
                    total = total + self._of(kid)
                return total
            case "neg":
                return -self._of(kids[0])
            case "mul":
                total = self._of(kids[0])
                for kid in kids[1:]:
                    total = total * self._of(kid)
                return total
            case "div":
                return _divided(self._of(kids[0]), self._of(kids[1]))
            case "pow":
                n = -int(kids[1].children[0].number) if kids[1].head == "neg" else int(kids[1].number)
                return _power(self._of(kids[0]), n)
            case "call":
                return _called(expr.name, [self._of(kid) for kid in kids])
        raise ValueError(expr.head)


def _divided(top: Any, bottom: Any) -> Any:
    if bottom == 0 or (isinstance(bottom, arb) and bottom.contains(0)):
        raise ZeroDivisionError
    return top / bottom


def _power(base: Any, n: int) -> Any:
    if n < 0:
        return _divided(fmpq(1), _power(base, -n))
    total = fmpq(1)
    for _ in range(n):
        total = total * base
    return total


def _called(name: str, values: list[Any]) -> Any:
    if name in ("min", "max"):
        x, y = values
        if not isinstance(x, arb) and not isinstance(y, arb):
            return min(x, y) if name == "min" else max(x, y)
        return (arb.min if name == "min" else arb.max)(arb(x), arb(y))
    x = values[0]
    if name == "sqrt" and not isinstance(x, arb) and x >= 0:
        top, bottom = x.p.isqrt() if x else 0, x.q.isqrt()
        if x == 0 or (top * top == x.p and bottom * bottom == x.q):
            return fmpq(top, bottom)
    if name in ("log", "phi") and not isinstance(x, arb) and (x == 1 if name == "log" else x == 0):
        return fmpq(0)
    if name == "exp" and not isinstance(x, arb) and x == 0:
        return fmpq(1)
    ball = arb(x)
    if name == "exp":
        return ball.exp()
    inner = ball + 1 if name == "phi" else ball
    if not (inner > 0 if name != "sqrt" else inner >= 0):
        raise ValueError(name)
    return {"sqrt": lambda: inner.sqrt(), "log": lambda: inner.log(), "phi": lambda: ball - ball.log1p()}[name]()


def sign(value: Any) -> int | None:
    if isinstance(value, arb):
        return 1 if value > 0 else -1 if value < 0 else None
    return int(value > 0) - int(value < 0)


def met(value: Any, relation: str) -> bool:
    found = None if value is None else sign(value)
    if found is None:
        return False
    return {">=": found >= 0, ">": found > 0, "==": found == 0, "<=": found <= 0, "<": found < 0}[relation]


def size(value: Any) -> Fraction:
    """About how large a value is; of one like exp(-10^40) not all the digits."""
    if isinstance(value, arb):
        mantissa, exponent = value.mid().man_exp()
        kept = max(-MOST_EXPONENT, min(MOST_EXPONENT, int(exponent)))
        return Fraction(int(mantissa)) * Fraction(2) ** kept
    return Fraction(int(value.p), int(value.q))
