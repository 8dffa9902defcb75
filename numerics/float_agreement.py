"""How many digits an emitted function keeps in float64, against itself in ball arithmetic at the same exact inputs."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, ctx

from numerics.balls import unwrap, wrap
from numerics.functions import ARRAY, BALL, FLOAT
from numerics.parameters import wanted
from numerics.points import RIGHT_ANGLE, Angle, AngleLike, ExactPoint

LEAST = 1e-8
BITS = 400
SIZES = ((6, 2, 2), (9, 2, 4), (9, 4, 2), (2, 1, 1), (3, 3, 1))


@dataclass(frozen=True)
class FloatAgreement:
    """Worst relative error seen over ``points`` points, and where."""

    error: float
    points: int
    where: str


def _between(rng: random.Random, low: float, high: float) -> Fraction:
    """A double drawn uniformly in its logarithm, as the exact rational that it is."""
    return Fraction(math.exp(rng.uniform(math.log(low), math.log(high))))


def _draw(rng: random.Random, D: int, k: int, d: int) -> ExactPoint:
    room = D - max(k, d)
    angles: list[AngleLike] = []
    for i in range(min(k, d)):
        u = rng.random()
        small = Angle(_between(rng, LEAST, 1.57))
        angles.append(Angle() if i >= room or u < 0.1 else RIGHT_ANGLE if u < 0.2 else small)
    lam = tuple(_between(rng, 1e-3, 1e2) for _ in range(d))
    sigma2 = Fraction(0) if rng.random() < 0.2 else _between(rng, 1e-6, 10)
    alpha2, h = _between(rng, LEAST, 1), _between(rng, LEAST, 1)
    source = random.Random(f"source {h}")  # apart, so that formulas of the target alone see the same points
    lam_s = tuple(_between(source, 1e-3, 1e2) for _ in range(k))
    return ExactPoint(D, k, d, tuple(angles), lam, sigma2, alpha2, h, lam_s, _parameters(source, D - k, h / alpha2))


def _parameters(rng: random.Random, room: int, ratio: Fraction) -> dict[str, Fraction]:
    """A value for every parameter, each a double."""
    return {
        "sigma_s2": Fraction(0) if rng.random() < 0.2 else _between(rng, 1e-6, 10),
        "weight": Fraction(rng.uniform(1e-3, 0.999)),
        "tol": _between(rng, LEAST, 1 / LEAST),
        "tau": _between(rng, 1e-3, 1e2),
        "mu_in2": _between(rng, 1e-3, 1e2),
        "mu_perp2": _between(rng, 1e-3, 1e2) if room else Fraction(0),
        "r_end": Fraction(float(ratio * _between(rng, 1.001, 1e6))),
    }


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _flat(item)
    else:
        yield value


def _describe(p: ExactPoint) -> str:
    theta = [float(angle.arb(60)) for angle in p.theta]
    scalars = f"sigma2={float(p.sigma2)!r} alpha2={float(p.alpha2)!r} h={float(p.h)!r}"  # type: ignore[arg-type]
    return f"D={p.D} k={p.k} d={p.d} theta={theta} lambda={[float(x) for x in p.lam]} {scalars}"  # type: ignore[arg-type]


def _truth(function: Callable[..., Any], p: ExactPoint) -> list[Any]:
    with ctx.workprec(BITS):
        want = wanted(function)
        alpha2, h, sigma2, D, k, planes = p.arguments(BITS, want.sourced)
        arguments = (*wrap([alpha2, h, sigma2]), D, k, [tuple(wrap(x)) for x in planes])
        keywords = {name: wrap(ball) for name, ball in p.keywords(BITS, want.names).items()}
        return [arb(x) for x in _flat(unwrap(function(*arguments, **keywords, fn=BALL)))]


def _relative(value: float, truth: Any) -> float:
    with ctx.workprec(BITS):
        if truth.contains(0):
            # A cosine of exactly pi/2 is 0 here and in the balls: a vanishing value must vanish.
            return 0.0 if value == 0 else math.inf
        return float(abs(arb(value) / truth - 1).abs_upper()) if math.isfinite(value) else math.inf


def float_agreement(
    function: Callable[..., Any], *, count: int = 200, seed: int = 0, proper: bool = False
) -> FloatAgreement:
    """Worst relative error of ``function`` in float64, as scalars and as arrays, over ``count`` points a size.

    alpha^2 and h run from 1e-8 to 1 and angles from 1e-8 to pi/2, zero and pi/2 included. Sines and cosines are handed
    over rounded to doubles, as they are in use; all other inputs are doubles, taken as exact by the balls. ``proper``
    leaves out encoders of the whole space.
    """
    rng = random.Random(f"floats {seed}")
    worst, where, total, want = 0.0, "", 0, wanted(function)
    for D, k, d in [size for size in SIZES if size[1] < size[0] or not proper]:
        drawn = [_draw(rng, D, k, d) for _ in range(count)]
        rows = [p.arguments(80, want.sourced) for p in drawn]
        named = [{name: float(ball) for name, ball in p.keywords(80, want.names).items()} for p in drawn]
        scalars = np.array([[float(x) for x in row[:3]] for row in rows])
        planes = np.array([[[float(x) for x in plane] for plane in row[5]] for row in rows])
        columns = [tuple(np.moveaxis(planes[:, i, :], -1, 0)) for i in range(planes.shape[1])]
        together = {name: np.array([one[name] for one in named]) for name in want.names}
        vector = list(_flat(function(*(scalars[:, j] for j in range(3)), D, k, columns, **together, fn=ARRAY)))
        for i, p in enumerate(drawn):
            arguments = (*scalars[i].tolist(), D, k, [tuple(x) for x in planes[i].tolist()])
            single = function(*arguments, **named[i], fn=FLOAT)
            pairs = zip(_flat(single), vector, _truth(function, p), strict=True)
            for one, many, truth in pairs:
                error = max(_relative(float(x), truth) for x in (one, np.broadcast_to(many, (count,))[i]))
                if error > worst:
                    worst, where = error, _describe(p)
        total += count
    return FloatAgreement(worst, total, where)
