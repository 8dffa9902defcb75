"""The functions an emitted formula may call, once for each kind of number.

A namespace holds ``log1p``, ``sqrt``, ``phi`` with phi(x) = x - ln(1+x) for x > -1, and ``min``. phi cancels near
zero when it is computed as it is written; the float namespaces use a series, and the others exact numbers or balls.
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
    phi: Callable[[Any], Any]
    min: Callable[[Any, Any], Any]


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


def _min_exact(x: Any, y: Any) -> fmpq:
    return min(as_fmpq(x), as_fmpq(y))


class FLOAT:
    """Python floats."""

    log1p = staticmethod(math.log1p)
    sqrt = staticmethod(math.sqrt)
    phi = staticmethod(_phi_float)
    min = staticmethod(min)


class ARRAY:
    """NumPy arrays of float64, elementwise."""

    log1p = staticmethod(np.log1p)
    sqrt = staticmethod(np.sqrt)
    phi = staticmethod(_phi_array)
    min = staticmethod(np.minimum)


class BALL:
    """Arb balls at the current precision; a ``Ball`` among the arguments gives a ``Ball``."""

    log1p = staticmethod(lift(arb.log1p))
    sqrt = staticmethod(lift(arb.sqrt))
    phi = staticmethod(lift(_phi_ball))
    min = staticmethod(lift(arb.min))


class EXACT:
    """Exact rationals; a logarithm becomes a formal linear form, an irrational root raises ``Inexact``."""

    log1p = staticmethod(lambda x: LogForm.log(1 + as_fmpq(x)))
    sqrt = staticmethod(_sqrt_exact)
    phi = staticmethod(lambda x: as_fmpq(x) - LogForm.log(1 + as_fmpq(x)))
    min = staticmethod(_min_exact)


class MPMATH:
    """mpmath numbers at the current working precision."""

    log1p = staticmethod(mpmath.log1p)
    sqrt = staticmethod(mpmath.sqrt)
    phi = staticmethod(_phi_mpmath)
    min = staticmethod(min)
