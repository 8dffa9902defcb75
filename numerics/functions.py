"""The functions an emitted formula may call, once for each kind of number.

A namespace holds ``log1p``, ``sqrt``, ``asin``, ``atan2``, ``min``, ``max`` and ``phi`` with phi(x) = x - ln(1+x) for
x > -1. phi cancels near zero when it is computed as it is written; the float namespaces use a series, and the others
exact numbers or balls.
"""

import math
from collections.abc import Callable
from typing import Any, Protocol

import mpmath
import numpy as np
from flint import arb, fmpq

from numerics.balls import lift
from numerics.logform import LogForm, as_fmpq


class Inexact(ArithmeticError):
    """An exact evaluation met a number that is not rational (nor a linear form in logarithms)."""


class Functions(Protocol):
    """What an emitted function may ask of its number type; read-only members, each of one or two numbers."""

    log1p: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    asin: Callable[[Any], Any]
    phi: Callable[[Any], Any]
    atan2: Callable[[Any, Any], Any]
    min: Callable[[Any, Any], Any]
    max: Callable[[Any, Any], Any]


# Within |x| <= 1 (below: x >= -1/2) put t = x/(2+x), |t| <= 1/3: ln(1+x) = 2 atanh t and 2 t = x (1-t), so
# phi = x t (1 - t (1-t) (1/3 + t^2/5 + t^4/7 + ...)), a product in which nothing cancels.
_SERIES = tuple(1.0 / (2 * j + 3) for j in range(17))


def _phi_series(x: Any) -> Any:
    t = x / (2.0 + x)
    tail: Any = 0.0
    for coefficient in reversed(_SERIES):
        tail = tail * (t * t) + coefficient
    return x * t * (1.0 - t * (1.0 - t) * tail)


def _phi_float(x: float) -> float:
    return float(_phi_series(x)) if -0.5 <= x <= 1.0 else x - math.log1p(x)


def _phi_array(x: Any) -> Any:
    values = np.asarray(x, dtype=np.float64)
    near = (values >= -0.5) & (values <= 1.0)
    far = values - np.log1p(np.where(near, 0.0, values))
    return np.where(near, _phi_series(np.where(near, values, 0.0)), far)


def _phi_mpmath(x: Any) -> Any:
    value: Any = mpmath.mpf(x)
    lost = 0 if value == 0 else max(0, -2 * int(mpmath.mag(value)))
    with mpmath.workprec(mpmath.mp.prec + lost + 10):  # type: ignore[no-untyped-call]  # mpmath is half annotated
        result: Any = value - mpmath.log1p(value)
    return +result


def _phi_ball(value: Any) -> Any:
    return value - value.log1p()


def _sqrt_ball(value: Any) -> Any:
    """The root of what is known to be at least zero: a ball that reaches below is cut there, one all below is nan."""
    if value > 0 or value < 0 or not value.is_finite():
        return value.sqrt()
    return arb(0).union(value.abs_upper().sqrt())


def _asin_ball(value: Any) -> Any:
    """The arc sine of what is known to be at most one in size: a ball that reaches beyond is cut there."""
    if value > 1 or value < -1 or (value > -1 and value < 1) or not value.is_finite():
        return value.asin()
    low, high = arb.max(value.lower(), arb(-1)), arb.min(value.upper(), arb(1))
    return low.asin().union(high.asin())


def _exact_root(n: int) -> int:
    root = math.isqrt(n)
    if root * root != n:
        raise Inexact(f"sqrt({n}) is irrational")
    return root


def _sqrt_exact(x: Any) -> fmpq:
    value = as_fmpq(x)
    if value < 0:
        raise ValueError(f"sqrt({value}) is not real")
    return fmpq(_exact_root(int(value.p)), _exact_root(int(value.q)))


def _asin_exact(x: Any) -> fmpq:
    value = as_fmpq(x)
    if not -1 <= value <= 1:
        raise ValueError(f"asin({value}) is not real")
    if value != 0:  # the sine of a nonzero rational is irrational, so that no other rational has a rational arc sine
        raise Inexact(f"asin({value}) is irrational")
    return value


def _atan2_exact(y: Any, x: Any) -> fmpq:
    if as_fmpq(y) != 0 or as_fmpq(x) < 0:
        raise Inexact(f"atan2({y}, {x}) is irrational")
    return fmpq(0)


def _min_exact(x: Any, y: Any) -> fmpq:
    return min(as_fmpq(x), as_fmpq(y))


def _max_exact(x: Any, y: Any) -> fmpq:
    return max(as_fmpq(x), as_fmpq(y))


class FLOAT:
    """Python floats."""

    log1p = staticmethod(math.log1p)
    sqrt = staticmethod(math.sqrt)
    asin = staticmethod(math.asin)
    atan2 = staticmethod(math.atan2)
    phi = staticmethod(_phi_float)
    min = staticmethod(min)
    max = staticmethod(max)


class ARRAY:
    """NumPy arrays of float64, elementwise."""

    log1p = staticmethod(np.log1p)
    sqrt = staticmethod(np.sqrt)
    asin = staticmethod(np.arcsin)
    atan2 = staticmethod(np.arctan2)
    phi = staticmethod(_phi_array)
    min = staticmethod(np.minimum)
    max = staticmethod(np.maximum)


class BALL:
    """Arb balls at the current precision; a ``Ball`` among the arguments gives a ``Ball``."""

    log1p = staticmethod(lift(arb.log1p))
    sqrt = staticmethod(lift(_sqrt_ball))
    asin = staticmethod(lift(_asin_ball))
    atan2 = staticmethod(lift(arb.atan2))
    phi = staticmethod(lift(_phi_ball))
    min = staticmethod(lift(arb.min))
    max = staticmethod(lift(arb.max))


class EXACT:
    """Exact rationals; a logarithm becomes a formal linear form, an irrational root raises ``Inexact``."""

    log1p = staticmethod(lambda x: LogForm.log(1 + as_fmpq(x)))
    sqrt = staticmethod(_sqrt_exact)
    asin = staticmethod(_asin_exact)
    atan2 = staticmethod(_atan2_exact)
    phi = staticmethod(lambda x: as_fmpq(x) - LogForm.log(1 + as_fmpq(x)))
    min = staticmethod(_min_exact)
    max = staticmethod(_max_exact)


class MPMATH:
    """mpmath numbers at the current working precision."""

    log1p = staticmethod(mpmath.log1p)
    sqrt = staticmethod(mpmath.sqrt)
    asin = staticmethod(mpmath.asin)
    atan2 = staticmethod(mpmath.atan2)
    phi = staticmethod(_phi_mpmath)
    min = staticmethod(min)
    max = staticmethod(max)
