"""What a formula may ask for besides the target: the source, means, tolerances; a pure function of a case.

Values depend on the name, the seed and the sizes of a case alone (``r_end`` on its time too), so that a case in one
line replays them, and a case at another time has the same source.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numerics.cases import Case


@dataclass(frozen=True)
class Wanted:
    """What an emitted module asks for: the names of its parameters, and whether planes carry lambda_s."""

    names: tuple[str, ...] = ()
    sourced: bool = False


def wanted(function: Callable[..., Any]) -> Wanted:
    """``PARAMETERS`` and ``SOURCED`` of the module that a function was emitted in; nothing where it states none."""
    module: Mapping[str, Any] = getattr(function, "__globals__", {})
    return Wanted(tuple(module.get("PARAMETERS", ())), bool(module.get("SOURCED", False)))


def _rng(name: str, case: Case) -> random.Random:
    return random.Random(f"{name} {case.seed} {case.D} {case.k} {case.d}")


def _ratio(rng: random.Random, largest: int = 20) -> Fraction:
    return Fraction(rng.randint(1, largest), rng.randint(1, 7))


def _noise(case: Case) -> Fraction:
    rng = _rng("sigma_s2", case)
    return Fraction(0) if rng.random() < 0.2 else Fraction(rng.randint(1, 36), 12)


def _weight(case: Case) -> Fraction:
    rng = _rng("weight", case)
    whole = rng.randint(2, 12)
    return Fraction(rng.randint(1, whole - 1), whole)


def _scaled(name: str, least: int, most: int) -> Callable[[Case], Fraction]:
    """A positive number over a few orders of magnitude: of the size of a latent variance times 10^least to 10^most."""

    def draw(case: Case) -> Fraction:
        rng = _rng(name, case)
        return _ratio(rng) * Fraction(10) ** rng.randint(least, most)

    return draw


def _end(case: Case) -> Fraction:
    if case.alpha2 == 0:
        raise ValueError("alpha^2 = 0: the ratio is infinite and has no later one")
    return case.h / case.alpha2 * (1 + _ratio(_rng("r_end", case)))


def mean(case: Case) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Coordinates of the target's mean along the k columns of U, and along D - k directions at right angles to them."""

    def draw(name: str, size: int) -> tuple[Fraction, ...]:
        rng = _rng(name, case)
        silent = rng.random() < 0.1
        return tuple(Fraction(0) if silent else Fraction(rng.randint(-6, 6), rng.randint(1, 4)) for _ in range(size))

    return draw("mean inside", case.k), draw("mean outside", case.D - case.k)


def _square(coordinates: tuple[Fraction, ...]) -> Fraction:
    return sum((x * x for x in coordinates), Fraction(0))


_DRAWN: dict[str, Callable[[Case], Fraction]] = {
    "sigma_s2": _noise,
    "weight": _weight,
    "tol": _scaled("tol", -2, 2),
    "tau": _scaled("tau", -2, 0),
    "mu_in2": lambda case: _square(mean(case)[0]),
    "mu_perp2": lambda case: _square(mean(case)[1]),
    "r_end": _end,
}
NAMES = tuple(_DRAWN)


def value(name: str, case: Case) -> Fraction:
    """The value of a parameter at a case. KeyError for a name that no formula may ask for."""
    return _DRAWN[name](case)


def values(case: Case) -> dict[str, Fraction]:
    """Every parameter at a case; no ``r_end`` where alpha^2 = 0."""
    return {name: draw(case) for name, draw in _DRAWN.items() if name != "r_end" or case.alpha2 > 0}


def source_variances(case: Case) -> tuple[Fraction, ...]:
    """The source's latent variances along the encoder's principal vectors, max(k, d) of them.

    The source has d_s = k: where d > k the last d - k, at target directions that the encoder lost, are zero.
    """
    rng = _rng("latent variances of the source", case)
    if rng.random() < 0.15:  # all equal
        drawn = [_ratio(rng)] * case.k
    else:
        drawn = [Fraction(0) if rng.random() < 0.07 else _ratio(rng) for _ in range(case.k)]
    return (*drawn, *(Fraction(0),) * (max(case.k, case.d) - case.k))


def violated(given: Mapping[str, Any]) -> str | None:
    """What a parameter must be and surely is not, in words; numbers are Fractions or balls."""
    for name, number in given.items():
        if name not in _DRAWN:
            return f"{name} is no parameter of any formula"
        if name in ("tol", "tau", "weight", "r_end") and number <= 0:
            return f"{name} must be positive"
        if number < 0:
            return f"{name} must be nonnegative"
        if name == "weight" and number >= 1:
            return "weight must be below 1"
    return None
