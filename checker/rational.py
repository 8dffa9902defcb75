"""Rational functions by whole numbers and fractions alone.

Every name has a prime, a monomial is a product of primes, a polynomial is a table monomial -> number, a rational
function is a polynomial over powers of polynomials. Nothing is cancelled but where a division comes out even.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from heapq import heapify, heappop, heappush
from itertools import permutations, product
from math import gcd, isqrt, lcm
from typing import Any

from checker.trees import need

Poly = dict[int, Any]
Combination = dict[Any, "Q"]
CONST = ("",)  # the key of what stands in no sum, trace or word
MOST_WORK, MOST_BITS, MOST_POWER, MOST_PAIRS = 500_000, 4096, 64, 1_000
PRIMES = [n for n in range(2, 1500) if all(n % m for m in range(2, isqrt(n) + 1))]


def whole(c: Any) -> Any:
    """A whole number as such, which is the faster."""
    return c.numerator if c.denominator == 1 else c


def plus(p: Poly, q: Poly) -> Poly:
    total = dict(p)
    for m, c in q.items():
        total[m] = total.get(m, 0) + c
    return {m: c for m, c in total.items() if c}


def bits(p: Poly) -> int:
    """The size of the largest monomial and coefficient."""
    return max((m * c.numerator * c.denominator).bit_length() for m, c in p.items()) if p else 0


def times(p: Poly, q: Poly) -> Poly:
    need(len(p) * len(q) <= MOST_WORK, "a polynomial is too large")
    need(bits(p) + bits(q) <= MOST_BITS, "numbers or powers that are too large")
    total: Poly = {}
    for m, a in p.items():
        for n, b in q.items():
            total[m * n] = total.get(m * n, 0) + a * b
    return {m: c for m, c in total.items() if c}


def power(p: Poly, n: int) -> Poly:
    need(0 <= n <= MOST_POWER, f"a power of {n}")
    return reduce(times, [p] * n, {1: 1})


def quotient(p: Poly, f: Poly) -> Poly | None:
    """p / f where it comes out even. Monomials are ordered as the whole numbers that they are."""
    rest, answer, lead, order = dict(p), dict[int, Any](), max(f), [-m for m in p]
    if min(p) % min(f):
        return None
    heapify(order)
    while rest:
        m = -heappop(order)
        if m not in rest:
            continue
        if m % lead or len(answer) * len(f) > MOST_WORK:
            return None
        c = answer[m // lead] = whole(Fraction(rest[m]) / f[lead])
        for k, b in f.items():
            n = m // lead * k
            if n not in rest:
                heappush(order, -n)
            rest[n] = rest.get(n, 0) - c * b
            if not rest[n]:
                del rest[n]
    return answer


def powers_of(p: Poly, step: int) -> dict[int, Poly]:
    """A polynomial by the powers of one monomial."""
    parts: dict[int, Poly] = {}
    for m, c in p.items():
        n = 0
        while m % step == 0:
            m, n = m // step, n + 1
        parts.setdefault(n, {})[m] = c
    return parts


class Q:
    """`top` over the product of `below`: polynomial, as sorted pairs -> power."""

    def __init__(self, top: Poly, below: dict[Any, int] | None = None) -> None:
        self.top, self.below = top, {f: n for f, n in (below or {}).items() if n and top}

    def __bool__(self) -> bool:
        return bool(self.top)

    def lifted(self, below: dict[Any, int]) -> Poly:
        """The numerator over this common denominator."""
        missing = [dict(f) for f, n in below.items() for _ in range(n - self.below.get(f, 0))]
        return reduce(times, missing, self.top)

    def __add__(self, other: Q) -> Q:
        below = {f: max(self.below.get(f, 0), other.below.get(f, 0)) for f in {**self.below, **other.below}}
        return Q(plus(self.lifted(below), other.lifted(below)), below).cancelled()

    def __neg__(self) -> Q:
        return Q({m: -c for m, c in self.top.items()}, self.below)

    def __sub__(self, other: Q) -> Q:
        return self + -other

    def __mul__(self, other: Q) -> Q:
        below = {f: self.below.get(f, 0) + other.below.get(f, 0) for f in {**self.below, **other.below}}
        return Q(times(self.top, other.top), below).cancelled()

    def cancelled(self) -> Q:
        """Without the factors below by which the numerator can be divided."""
        top, below = self.top, dict(self.below)
        for f in self.below:
            while below[f] and (even := quotient(top, dict(f))) is not None:
                top, below[f] = even, below[f] - 1
        return Q(top, below)

    def inverse(self) -> Q:
        need(self.top, "division by zero")
        sizes, shared = [Fraction(c) for c in self.top.values()], gcd(*self.top)
        unit = Fraction(gcd(*(c.numerator for c in sizes)), lcm(*(c.denominator for c in sizes)))
        unit *= 1 if self.top[max(self.top)] > 0 else -1
        below: dict[Any, int] = {}
        for p in PRIMES:
            while shared % p == 0:
                shared, below[((p, 1),)] = shared // p, below.get(((p, 1),), 0) + 1
        shared = gcd(*self.top)
        rest = tuple(sorted((m // shared, int(c / unit)) for m, c in self.top.items()))
        return Q(Q({1: whole(1 / unit)}).lifted(self.below), {**below, rest: int(rest != ((1, 1),))})

    def __pow__(self, n: int) -> Q:
        base = self if n >= 0 else self.inverse()
        return Q(power(base.top, abs(n)), {f: k * abs(n) for f, k in base.below.items()})


ZERO, ONE = Q({}), Q({1: 1})


def number(value: Any) -> Q:
    return Q({1: whole(value)} if value else {})


def added(one: Combination, two: Combination) -> Combination:
    total = dict(one)
    for key, q in two.items():
        total[key] = total[key] + q if key in total else q
    return {key: q for key, q in total.items() if q}


def scaled(one: Combination, factor: Q) -> Combination:
    return {key: q * factor for key, q in one.items() if factor}


def joined(one: Combination, two: Combination, join: Callable[[Any, Any], Any]) -> Combination:
    """The product, where `join` says which key two keys make."""
    need(len(one) * len(two) <= MOST_PAIRS, "a product of sums is too large")
    total: Combination = {}
    for (u, a), (v, b) in product(one.items(), two.items()):
        if (key := join(u, v)) is not None:
            total = added(total, {key: a * b})
    return total


def det(m: Combination, n: int, rows: Iterable[int] = (), cols: Iterable[int] = ()) -> Q:
    """The determinant of a block without these rows and columns."""
    left, right = ([i for i in range(n) if i not in out] for out in (rows, cols))
    total = ZERO
    for order in permutations(range(len(left))):
        odd = sum(a > b for i, a in enumerate(order) for b in order[i + 1 :]) % 2
        terms = (m.get((left[i], right[j]), ZERO) for i, j in enumerate(order))
        total += reduce(Q.__mul__, terms, number(-1 if odd else 1))
    return total
