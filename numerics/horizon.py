"""The reuse horizon: the one ratio at which the error meets a tolerance, enclosed between two signs.

The emitted function gives F/tol at a ratio, and what brackets the root: with k2 = K2/tol and k3 = K3/tol it lies above
the positive root of x^2 + (b/tol) x = k2, and below both sqrt(k2) and the cube root of k3. F falls, so that a ratio
where F/tol is above 1 and a later one where it is below 1 enclose the root; nothing else need be trusted.
"""

from collections.abc import Callable
from typing import Any

from flint import arb, ctx

from numerics.balls import Ball, unwrap, wrap
from numerics.evaluate import Values, evaluate
from numerics.points import ExactPoint

STEPS = 200
SPARE_BITS = (16, 32, 64, 128)
Falling = Callable[[Any], Any]  # from an exact arb to an arb


def _one(r: Any) -> Any:
    return arb(1)


def _preserving(r: Any) -> Any:
    """1/alpha^2 where alpha^2 + h = 1."""
    return 1 + r


def _straight(r: Any) -> Any:
    """1/alpha^2 where alpha + sqrt(h) = 1."""
    return (1 + r.sqrt()) ** 2


# E = F/alpha^2, with alpha a function of the ratio once the process is named.
UNSCALED: dict[str, Falling] = {
    **dict.fromkeys(("vp-ou", "ou", "vp", "vp-full", "ddpm", "cosine"), _preserving),
    **dict.fromkeys(("ve", "edm"), _one),
    "flow": _straight,
}


def root(ratio: Falling, low: Any, high: Any) -> Any:
    """The r in [low, high] at which a falling function passes 1; all of [low, high] where that is not decided.

    Secant steps in the logarithms, between which the function is nearly straight, then a sign on either side.
    """
    low, high = low.lower(), high.upper()
    bits = ctx.prec

    def height(x: Any) -> Any:
        return ratio(x.exp().mid()).log().mid()

    left, right = low.log().mid(), high.log().mid()
    points = [(left, height(left)), (right, height(right))]
    for _ in range(STEPS):
        (x0, y0), (x1, y1) = points
        x = (x1 - y1 * (x1 - x0) / (y1 - y0)).mid() if y1 != y0 else x1
        if not left <= x <= right:
            x = ((left + right) / 2).mid()
        y = height(x)
        left, right = (x, right) if y > 0 else (left, x)
        points = [(x1, y1), (x, y)]
        if y == 0 or abs(x - x1) <= (1 + abs(x)) * arb(2) ** (-3 * bits // 4):  # the next step would be exact
            break
    found = points[1][0].exp().mid()
    for spare in SPARE_BITS:
        step = arb(2) ** (spare - bits)
        before, after = (found * (1 - step)).mid(), (found * (1 + step)).mid()
        if ratio(before) > 1 and ratio(after) < 1:
            return before.union(after)
    return low.union(high)


def lowest(square: Any, missed: Any) -> Any:
    """The positive root of x^2 + missed x = square: a ratio that the horizon does not lie below."""
    return 2 * square / (missed + (missed * missed + 4 * square).sqrt())


class _Horizon:
    """The emitted function turned into the horizon of F and, where the process is named, of E."""

    def __init__(self, function: Callable[..., Any], unscaled: Falling | None) -> None:
        self.function, self.unscaled = function, unscaled
        self.__globals__ = getattr(function, "__globals__", {})

    def __call__(self, alpha2: Any, h: Any, *rest: Any, **keywords: Any) -> Any:
        def values(r: Any) -> list[Any]:
            return [arb(x) for x in unwrap(self.function(wrap(arb(1)), wrap(r), *rest, **keywords))]

        _, square, cube, missed = values(arb(1))
        asked: list[tuple[Falling, Any]] = [(_one, arb.min(_root_of(square, 2), _root_of(cube, 3)))]
        if self.unscaled is not None:
            asked.append((self.unscaled, _beyond(square)))
        found = [self._found(values, factor, square, missed, high) for factor, high in asked]
        return [Ball(x) for x in found] if self.unscaled is not None else Ball(found[0])

    def _found(self, values: Callable[[Any], list[Any]], factor: Falling, square: Any, missed: Any, high: Any) -> Any:
        """Where factor times F/tol passes 1."""
        if square == 0:  # nothing is missed: F vanishes
            return arb(0)
        if not square > 0:
            return arb(0).union(high.upper())
        return root(lambda r: values(r)[0] * factor(r), lowest(square, missed), high)


def _root_of(value: Any, power: int) -> Any:
    """The root of a ball that is known to be at least zero."""
    return value.root(power) if value > 0 else arb(0).union(value.abs_upper().root(power))


def _beyond(square: Any) -> Any:
    """A ratio that the horizon of E does not lie beyond: E is at most (1 + sqrt(r))^2 F <= 2 (1 + r) K2/r^2."""
    return square + _root_of(square * square + 2 * square, 2)


def horizon(
    function: Callable[..., Any], point: ExactPoint, process: str | None = None, *, digits: int
) -> tuple[Values, Values]:
    """The smallest ratio r = h/alpha^2 down to which F = alpha^2 E is within the tolerance; 0 where F vanishes.

    ``function`` is the emitted reuse-horizon; ``point`` holds the tolerance as the parameter "tol", and its time is not
    looked at. With a process of UNSCALED two ratios: that of F, and that of E itself. Values and bounds of their errors
    as decimal strings, as ``evaluate`` gives them. Raises ValueError where there is no value.
    """
    if process is not None and process not in UNSCALED:
        raise ValueError(f"alpha is no function of the ratio that is known for {process}")
    return evaluate(_Horizon(function, UNSCALED[process] if process else None), point, digits)
