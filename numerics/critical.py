"""The critical angle of each plane: the smaller root of the emitted quadratic in sin^2(theta), or a right angle.

Whether the tolerance binds at all is decided by the quadratic's sign at a right angle. A tolerance that is met exactly
there cannot be told from one that just binds, and need not be: the root is then 1, and the angle pi/2, either way.
"""

from collections.abc import Callable
from typing import Any

from flint import arb

from numerics.balls import unwrap
from numerics.evaluate import Values, evaluate
from numerics.functions import BALL
from numerics.points import ExactPoint


class _Angles:
    """The emitted coefficients turned into angles; it asks for the same parameters."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__globals__ = getattr(function, "__globals__", {})

    def __call__(self, *arguments: Any, **keywords: Any) -> list[Any]:
        values = [arb(x) for x in unwrap(self.function(*arguments, **keywords))]
        pairs = len(values) // 3
        return [_angle(*values[i::pairs]) for i in range(pairs)]


def _angle(square: Any, linear: Any, constant: Any) -> Any:
    at_right_angle = square - linear + constant
    if at_right_angle >= 0:
        return arb.pi() / 2
    # (B - 2 A)^2 - 4 A (A - B + C), with the last factor not positive wherever the tolerance binds
    inner = (linear - 2 * square) ** 2 + 4 * square * (-at_right_angle).max(arb(0))
    s = 2 * constant / (linear + inner.sqrt())
    return arb(BALL.asin(BALL.sqrt(s.min(arb(1)))))


def critical_angles(function: Callable[..., Any], point: ExactPoint, *, digits: int) -> tuple[Values, Values]:
    """The largest angle in radians of each pair of directions at which its term of E is within the tolerance.

    ``function`` is the emitted critical-angle; ``point`` holds the tolerance as the parameter "tol". Values and bounds
    of their errors as decimal strings, as ``evaluate`` gives them. Raises ValueError where the point has no value.
    """
    return evaluate(_Angles(function), point, digits)
