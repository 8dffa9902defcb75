"""A ball that an emitted function can be handed: arb with integer powers that survive zero.

python-flint's ``arb ** 2`` is nan when the ball holds zero (it goes through the logarithm), as c - h does
without ambient noise. Here an integer power is a product. Nothing but + - * / and integer powers is offered, which is
all that an emitted function may use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb


class Ball:
    """An enclosure of a real number at the precision in force; mixes with int, fmpq and arb."""

    __slots__ = ("enclosure",)
    enclosure: Any

    def __init__(self, value: Any) -> None:
        self.enclosure = value.enclosure if isinstance(value, Ball) else arb(value)

    def __add__(self, other: Any) -> Ball:
        return Ball(self.enclosure + _plain(other))

    def __sub__(self, other: Any) -> Ball:
        return Ball(self.enclosure - _plain(other))

    def __mul__(self, other: Any) -> Ball:
        return Ball(self.enclosure * _plain(other))

    def __truediv__(self, other: Any) -> Ball:
        return Ball(self.enclosure / _divisor(other))

    def __radd__(self, other: Any) -> Ball:
        return Ball(_plain(other) + self.enclosure)

    def __rsub__(self, other: Any) -> Ball:
        return Ball(_plain(other) - self.enclosure)

    def __rmul__(self, other: Any) -> Ball:
        return Ball(_plain(other) * self.enclosure)

    def __rtruediv__(self, other: Any) -> Ball:
        return Ball(_plain(other) / _divisor(self))

    def __neg__(self) -> Ball:
        return Ball(-self.enclosure)

    def __pow__(self, exponent: int) -> Ball:
        if not isinstance(exponent, int):
            raise TypeError("only integer powers")
        if exponent < 0:
            return 1 / self ** (-exponent)
        result, square, left = arb(1), self.enclosure, exponent
        while left:
            if left & 1:
                result = result * square
            left >>= 1
            if left:
                square = square * square
        return Ball(result)

    def __repr__(self) -> str:
        return f"Ball({self.enclosure.str(20)})"


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        raise TypeError("a float among balls")
    return value.enclosure if isinstance(value, Ball) else value


def _divisor(value: Any) -> Any:
    plain = _plain(value)
    if plain == 0:  # the number is exactly zero, not merely close to it
        raise ZeroDivisionError("division by an exact zero")
    return plain


def wrap(value: Any) -> Any:
    """Nested lists and tuples of numbers with every arb made a Ball; ints stay ints."""
    if isinstance(value, list | tuple):
        return [wrap(item) for item in value]
    return value if isinstance(value, int) else Ball(value)


def unwrap(value: Any) -> Any:
    """Nested lists with every Ball made an arb again."""
    if isinstance(value, list | tuple):
        return [unwrap(item) for item in value]
    return value.enclosure if isinstance(value, Ball) else value


def lift(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arbs as one that takes arbs and Balls, and gives a Ball when any argument is one."""

    def lifted(*arguments: Any) -> Any:
        value = function(*(arb(_plain(x)) for x in arguments))
        return Ball(value) if any(isinstance(x, Ball) for x in arguments) else value

    return lifted
