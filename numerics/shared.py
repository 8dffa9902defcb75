"""A latent space shared by source and target: how many directions lie above a threshold, and which ones are kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial, reduce
from typing import Any

from flint import arb, ctx

from numerics.balls import Ball, unwrap, wrap
from numerics.evaluate import evaluate
from numerics.functions import BALL
from numerics.parameters import wanted
from numerics.points import ExactPoint, Real, TanHalf

MOST_BITS = 1 << 13
FEWEST_BITS = 128
SPARE_BITS = (16, 32, 64, 96)
LEAST_WEIGHT = -40  # a crossing at a weight this close to an end, in powers of two, counts as none
Plane = tuple[Any, ...]


def planes_of(point: ExactPoint, prec: int) -> list[Plane]:
    """(lambda, sin, cos, lambda_s) in balls for each plane in which a domain has variance."""
    planes: list[Plane] = point.arguments(prec, True)[5]
    return [plane for plane in planes if not (plane[0] == 0 and plane[3] == 0)]


def called(function: Callable[..., Any], point: ExactPoint, planes: list[Plane], prec: int) -> Any:
    """An emitted function in balls, on some planes of a point."""
    alpha2, h, sigma2, D, k, _ = point.arguments(prec, True)
    named = {name: wrap(ball) for name, ball in point.keywords(prec, wanted(function).names).items()}
    rows = [tuple(wrap(plane)) for plane in planes]
    return unwrap(function(*wrap([alpha2, h, sigma2]), D, k, rows, **named, fn=BALL))


def spectrum(function: Callable[..., Any], point: ExactPoint, *, digits: int) -> tuple[Any, Any]:
    """The larger pooled eigenvalue of every plane, then the smaller ones; `function` gives them.

    A plane in which neither domain has variance, where the evaluated form is not defined, holds the ambient noise
    alone, which is the smaller value of any plane at angle zero.
    """

    def filled(*arguments: Any, fn: Any, **named: Any) -> list[Any]:
        *scalars, planes = arguments
        nested = (Ball(1), Ball(0), Ball(1), Ball(1))
        noise = function(*scalars, [nested], fn=fn, **named)[1]
        full = [plane for plane in planes if not _is_empty(plane)]
        values = function(*scalars, full, fn=fn, **named)
        halves = iter(values[: len(full)]), iter(values[len(full) :])
        return [noise if _is_empty(plane) else next(half) for half in halves for plane in planes]

    return evaluate(_Composed(filled, wanted(function).names), point, digits)


def dimension(function: Callable[..., Any], point: ExactPoint, *, digits: int) -> tuple[int, str]:
    """How many pooled eigenvalues, ambient noise not counted, lie above the threshold; one equal to it does not.

    `function` gives the eigenvalues over the threshold. Each is decided by balls, at a precision raised until it is;
    one that balls cannot tell from the threshold is decided exactly where the plane is rational. Raises ValueError, in
    words, where neither can.
    """
    prec = max(FEWEST_BITS, 4 * digits)
    while prec <= MOST_BITS:
        with ctx.workprec(prec):
            planes = planes_of(point, prec)
            values = called(function, point, planes, prec)
            if all(value > 1 or value < 1 for value in values):
                return sum(bool(value > 1) for value in values), "0"
        prec *= 2
    return sum(_exactly(point, i) for i in range(max(point.k, point.d))), "0"


def _exactly(point: ExactPoint, i: int) -> int:
    """How many eigenvalues of plane i lie above the threshold, by the signs of tau^2 - S tau + P and of S - 2 tau."""
    source = point.lam_s[i] if i < point.k else Fraction(0)
    target = point.lam[i] if i < point.d else Fraction(0)
    square = _squared_sine(point, i)
    weight, tau = point.parameters["weight"], point.parameters["tau"]
    rational = [x for x in (source, target, square, weight, tau) if isinstance(x, Fraction)]
    if len(rational) < 5:
        raise ValueError(f"an eigenvalue of plane {i + 1} cannot be told from the threshold tau")
    a, b, s, w, t = rational
    total, product = w * a + (1 - w) * b, w * (1 - w) * a * b * s
    value, excess = t * t - total * t + product, total - 2 * t
    if value < 0:
        return 1
    return (2 if value > 0 else 1) if excess > 0 else 0


def _squared_sine(point: ExactPoint, i: int) -> Fraction | None:
    """sin^2 of plane i where it is known to be rational, else None."""
    if i >= len(point.theta):
        return Fraction(1)
    angle = point.theta[i]
    if isinstance(angle, TanHalf):
        sine = angle.rational()[0]
        return Fraction(int(sine.p), int(sine.q)) ** 2
    sine, cosine = angle.sincos(FEWEST_BITS)
    if sine == 0 or cosine == 0:
        return Fraction(int(bool(cosine == arb(0))))
    return None


def latent_error(
    shares: Callable[..., Any],
    frozen: Callable[..., Any],
    point: ExactPoint,
    time: tuple[Real, Real],
    noises: tuple[Real, Real],
    directions: Sequence[int],
    *,
    digits: int,
) -> tuple[Any, Any]:
    """[source's error, target's error] under the encoder that keeps `directions` (0, 1 or 2) of each plane.

    `shares` gives what the pooled direction of each plane misses of the target's direction, then of the source's, and
    `frozen` the error under an encoder at given angles; `time` is (alpha^2, h), `noises` (sigma^2, sigma_s^2). Raises
    ValueError, in words, for directions that do not fit and for a plane that has no pooled direction.
    """
    n, kept = max(point.k, point.d), sum(directions)
    if len(directions) != n:
        raise ValueError(f"{len(directions)} numbers of directions given, {n} planes")
    if kept > point.D:
        raise ValueError(f"{kept} directions are kept, the ambient dimension is {point.D}")
    named = {**point.parameters, "sigma_s2": noises[1]}
    here = replace(point, alpha2=time[0], h=time[1], sigma2=noises[0], parameters=named)

    return evaluate(
        _Composed(partial(_errors, shares, frozen, tuple(directions)), ("weight", "sigma_s2")), here, digits
    )


class _Composed:
    """A function made of emitted ones; it states what it asks for as the module of an emitted function does."""

    def __init__(self, rule: Callable[..., Any], parameters: tuple[str, ...]) -> None:
        self.rule = rule
        self.__globals__ = {"PARAMETERS": parameters, "SOURCED": True}

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.rule(*arguments, **named)


def _errors(
    shares: Callable[..., Any],
    frozen: Callable[..., Any],
    directions: tuple[int, ...],
    alpha2: Any,
    h: Any,
    sigma2: Any,
    D: int,
    k: int,
    planes: list[Plane],
    *,
    weight: Any,
    sigma_s2: Any,
    fn: Any,
) -> list[Any]:
    """[source's error, target's error] as an emitted function would give them."""
    asked = [plane for plane, count in zip(planes, directions, strict=True) if count == 1 and not _is_empty(plane)]
    values = shares(alpha2, h, sigma2, D, k, asked, weight=weight, fn=fn)
    pooled = iter(list(zip(values[: len(asked)], values[len(asked) :], strict=True)))
    source, target = [], []
    for plane, count in zip(planes, directions, strict=True):
        alone = count == 1 and not _is_empty(plane)
        of_target, of_source = next(pooled) if alone else (Ball(int(count == 0)),) * 2
        source.append((plane[3], fn.sqrt(of_source), fn.sqrt(1 - of_source)))
        target.append((plane[0], fn.sqrt(of_target), fn.sqrt(1 - of_target)))
    kept = sum(directions)
    return [frozen(alpha2, h, noise, D, kept, rows, fn=fn) for noise, rows in ((sigma_s2, source), (sigma2, target))]


def _is_empty(plane: Plane) -> bool:
    """Whether neither domain has variance in a plane."""
    return all(bool(unwrap(variance) == 0) for variance in (plane[0], plane[3]))


def steepest(function: Callable[..., Any], point: ExactPoint, *, digits: int) -> tuple[Any, Any]:
    """Lipschitz constants of the best latent scores: the target's and the source's behind the source's frame, then both
    behind both directions of a plane. `function` gives the gains, of which each constant is the largest."""

    def largest(*arguments: Any, fn: Any, **named: Any) -> list[Any]:
        gains = function(*arguments, fn=fn, **named)
        k = arguments[4]
        return [reduce(fn.max, gains[:k]), reduce(fn.max, gains[k : 2 * k]), *gains[2 * k :]]

    return evaluate(_Composed(largest, wanted(function).names), point, digits)


def best_weight(
    shares: Callable[..., Any],
    frozen: Callable[..., Any],
    point: ExactPoint,
    time: tuple[Real, Real],
    noises: tuple[Real, Real],
    *,
    digits: int,
) -> tuple[Any, Any]:
    """The weight at which source and target have the same error behind one pooled direction, in one plane.

    As the weight grows the source's error falls and the target's rises, so that a weight at which the source's is
    certainly larger and one at which the target's is enclose the crossing. Raises ValueError, in words, unless k = d =
    1, and where one error is the larger at every weight that was looked at.
    """
    if point.k != 1 or point.d != 1:
        raise ValueError("the best weight is that of one plane: k = d = 1")
    named = {**point.parameters, "sigma_s2": noises[1]}
    here = replace(point, alpha2=time[0], h=time[1], sigma2=noises[0], parameters=named)

    def crossing(*arguments: Any, sigma_s2: Any, fn: Any) -> Ball:
        def excess(weight: Any) -> Any:
            """By how much the source's error exceeds the target's at an exact weight."""
            errors = _errors(shares, frozen, (1,), *arguments, weight=Ball(weight), sigma_s2=sigma_s2, fn=fn)
            return arb(unwrap(errors[0] - errors[1]))

        return Ball(_fallen(excess))

    return evaluate(_Composed(crossing, ("sigma_s2",)), here, digits)


def _fallen(excess: Callable[[Any], Any]) -> Any:
    """Where a falling function of the weight passes 0, between two weights at which its signs are certain."""
    low, high, least = arb(0), arb(1), arb(2) ** LEAST_WEIGHT
    for _ in range(ctx.prec):
        middle = ((low + high) / 2).mid()
        value = excess(middle)
        if value > 0:
            low = middle
        elif value < 0:
            high = middle
        else:  # too close to tell: the crossing is enclosed by the nearest weights that do
            steps = (arb(2) ** (spare - ctx.prec) for spare in SPARE_BITS)
            ends = (((middle - step).mid(), (middle + step).mid()) for step in steps)
            near = (a.union(b) for a, b in ends if a > low and b < high and excess(a) > 0 and excess(b) < 0)
            return next(near, low.union(high))
        if high < least or low > 1 - least:
            raise ValueError("one of the errors is the larger at every weight: there is no crossing")
    return low.union(high)
