"""Numbers of the form q + sum_j c_j log(x_j), with q, c_j rational and x_j positive rational, compared exactly.

The exponential of a nonzero rational is transcendental (Hermite, Lindemann), so such a number is zero exactly when
its rational part is zero and the product of the arguments raised to their coefficients is one. Both are decided
in integer arithmetic: no logarithm is ever evaluated.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from flint import arb, fmpq, fmpz

Rational = int | Fraction | fmpq | fmpz


def as_fmpq(value: object) -> fmpq:
    """The exact rational ``value`` (int, Fraction, fmpz or fmpq) as an fmpq; TypeError for anything inexact."""
    if isinstance(value, fmpq):
        return value
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, int | fmpz):
        return fmpq(value)
    raise TypeError(f"{type(value).__name__} is not an exact rational")


class LogForm:
    """q + sum of coefficient * log(argument), with + and - among its like and rationals, * and / by rationals."""

    __slots__ = ("rational", "terms")

    def __init__(self, rational: Rational = 0, terms: tuple[tuple[fmpq, fmpq], ...] = ()) -> None:
        merged: dict[tuple[int, int], fmpq] = {}
        for argument, coefficient in terms:
            if argument <= 0:
                raise ValueError(f"log({argument}) is not real")
            key = (int(argument.p), int(argument.q))
            merged[key] = merged.get(key, fmpq(0)) + coefficient
        self.rational = as_fmpq(rational)
        self.terms = tuple((fmpq(p, q), c) for (p, q), c in sorted(merged.items()) if c != 0 and p != q)

    @classmethod
    def log(cls, argument: Rational) -> LogForm:
        """log(argument) for a positive rational; ValueError otherwise."""
        return cls(0, ((as_fmpq(argument), fmpq(1)),))

    def __add__(self, other: object) -> LogForm:
        if isinstance(other, LogForm):
            return LogForm(self.rational + other.rational, self.terms + other.terms)
        return LogForm(self.rational + as_fmpq(other), self.terms)

    __radd__ = __add__

    def __neg__(self) -> LogForm:
        return self * -1

    def __sub__(self, other: object) -> LogForm:
        return self + (-other if isinstance(other, LogForm) else -as_fmpq(other))

    def __rsub__(self, other: object) -> LogForm:
        return -self + other

    def __mul__(self, factor: object) -> LogForm:
        if isinstance(factor, LogForm):
            if not factor.terms:
                return self * factor.rational
            if not self.terms:
                return factor * self.rational
            raise TypeError("a product of logarithms is not a linear form in logarithms")
        q = as_fmpq(factor)
        return LogForm(self.rational * q, tuple((x, c * q) for x, c in self.terms))

    __rmul__ = __mul__

    def __truediv__(self, divisor: object) -> LogForm:
        if isinstance(divisor, LogForm):
            if divisor.terms:
                raise TypeError("division by a logarithm is not a linear form in logarithms")
            divisor = divisor.rational
        return self * (1 / as_fmpq(divisor))

    def __pow__(self, exponent: int) -> LogForm:
        if exponent == 0:
            return LogForm(1)
        if exponent == 1:
            return self
        if self.terms:
            raise TypeError("a power of a logarithm is not a linear form in logarithms")
        return LogForm(self.rational**exponent)

    def product(self) -> fmpq:
        """Product of argument ** (n * coefficient), with n the common denominator of the coefficients."""
        n = lcm(1, *(int(c.q) for _, c in self.terms))
        result = fmpq(1)
        for x, c in self.terms:
            result *= x ** int((c * n).p)
        return result

    def is_zero(self) -> bool:
        """Whether the number is zero: decided, never guessed."""
        return self.rational == 0 and self.product() == 1

    def __eq__(self, other: object) -> bool:
        if isinstance(other, LogForm | int | Fraction | fmpq | fmpz):
            return (self - other).is_zero()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # equal numbers have many forms

    def ball(self) -> arb:
        """Enclosure of the number at the current precision."""
        return arb(self.rational) + sum((arb(c) * arb(x).log() for x, c in self.terms), arb(0))

    def __repr__(self) -> str:
        return " + ".join([str(self.rational), *(f"({c})*log({x})" for x, c in self.terms)])
