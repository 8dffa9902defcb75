"""Noise schedules by name, and translation between them: the numbers behind `theory/conventions.py`.

They share no formula: there stand trees that are proved and read, here enclosures; a test compares them.

    marginal("vp", {"beta_min": Fraction(1, 10), "beta_max": Fraction(20)}, Fraction(1, 2))    (alpha^2, h)
    translate(schedule("flow"), Fraction(1, 3), schedule("edm"))                               sigma, and more
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from flint import fmpq

from numerics.points import Real
from numerics.schedule_kinds import (
    COSINE_OFFSET,
    EDM,
    ONE,
    VE,
    VP,
    ZERO,
    Cosine,
    Flow,
    Linear,
    Pair,
    Schedule,
    ScheduleFault,
    Steady,
    SubVP,
    apply,
    enclosed,
    root,
)
from numerics.schedule_steps import Steps

Numbers = Mapping[str, Any]
CONVENTIONS = {"half": ONE, "full": Fraction(2)}  # b = integral of beta, or of 2 beta
MAX_STEPS = 10_000


def schedule(name: str, numbers: Numbers | None = None) -> Schedule:
    """The schedule of a name, with its numbers: integers and fractions, lists of them, or a word for ``convention``.

    Raises KeyError for a name that is not in NAMES, and ScheduleFault, which names the key, for a number.
    """
    make, allowed = _MAKERS[name]
    given = dict(numbers or {})
    for key in given:
        if key not in allowed:
            raise ScheduleFault(key, f"is no number of {name}; allowed: {', '.join(allowed) or 'none'}")
    return make(_Given(given))


def marginal(name: str, numbers: Numbers | None, t: Real | int) -> Pair:
    """(alpha^2, h) of a named schedule at its time t, each exact or enclosable."""
    return schedule(name, numbers).pair(_real(t))


class Translation(NamedTuple):
    """A time in another schedule, with what holds there; x_t there is ``rescale`` times x_t here."""

    time: Real
    alpha2: Real
    h: Real
    ratio: Real
    rescale: Real


def translate(one: Schedule, t: Real | int, other: Schedule) -> Translation:
    """The time in `other` at which the ratio is that of `one` at t. Raises ScheduleFault when it is infinite or not
    reached."""
    here, ratio = one.pair(_real(t)), one.ratio(_real(t))
    time = other.time(ratio)
    there = other.pair(time)
    quotient = apply("alpha^2/alpha^2", lambda x, y: x / y, there.alpha2, here.alpha2)
    return Translation(time, there.alpha2, there.h, ratio, root(quotient))


class Preconditioning(NamedTuple):
    """EDM's denoiser is c_skip x + c_out N(c_in x, c_noise)."""

    c_skip: Real
    c_out: Real
    c_in: Real
    c_noise: Real


def preconditioning(sigma: Real | int, sigma_data: Real | int) -> Preconditioning:
    """EDM's factors at the noise level sigma > 0, for data of standard deviation sigma_data > 0."""
    s, d = _real(sigma), _real(sigma_data)
    total = apply("total", lambda x, y: x * x + y * y, s, d)
    return Preconditioning(
        apply("c_skip", lambda y, z: y * y / z, d, total),
        apply("c_out", lambda x, y, z: x * y / z, s, d, root(total)),
        apply("c_in", lambda z: 1 / z, root(total)),
        ZERO if s == ONE else enclosed("c_noise", lambda x: x.log() / 4, s),
    )


def _real(value: Any) -> Real:
    """A number as given, an integer made a fraction; floats are refused, as they are not what was written."""
    if isinstance(value, float | bool):
        raise TypeError(f"{value!r} is not exact")
    return Fraction(value) if isinstance(value, int) else value


class _Given:
    """The numbers that came with a name."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def fraction(self, key: str, default: Fraction | None = None, *, positive: bool = False) -> Fraction:
        value = _exact(key, self.values.get(key, default))
        if value < 0 or (positive and value == 0):
            raise ScheduleFault(key, f"is {value}; allowed: {'more than 0' if positive else '0 or more'}")
        return value

    def fractions(self, key: str) -> tuple[Fraction, ...]:
        values = self.values[key]
        if isinstance(values, str) or not isinstance(values, Sequence) or not 0 < len(values) <= MAX_STEPS:
            raise ScheduleFault(key, f"must be a list of 1 to {MAX_STEPS} numbers")
        return tuple(_exact(key, value) for value in values)

    def factor(self) -> Fraction:
        word = self.values.get("convention", "half")
        if word not in CONVENTIONS:
            raise ScheduleFault("convention", f"is {word!r}; allowed: {', '.join(map(repr, CONVENTIONS))}")
        return CONVENTIONS[word]

    def linear(self, factor: Fraction) -> Linear:
        """beta from beta_min at 0 to beta_max at T."""
        low, high = self.fraction("beta_min"), self.fraction("beta_max", positive=True)
        return Linear(low, high, self.fraction("T", ONE, positive=True), factor)


def _exact(key: str, value: Any) -> Fraction:
    if value is None:
        raise ScheduleFault(key, "is missing")
    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        raise ScheduleFault(key, "is not an exact number")
    return Fraction(value)


def _ddpm(given: _Given) -> Steps:
    """From the factors beta_n, from their products alpha_bar, or from beta_min to beta_max in equal steps."""
    keys = [key for key in ("betas", "alpha_bar", "steps") if key in given.values]
    if len(keys) != 1:
        raise ScheduleFault("betas", "or alpha_bar, or steps with beta_min and beta_max: give exactly one of them")
    if keys != ["steps"] and {"beta_min", "beta_max"} & set(given.values):
        raise ScheduleFault("steps", f"is missing: beta_min and beta_max go with steps, not with {keys[0]}")
    if keys == ["alpha_bar"]:
        return Steps(tuple(map(_long, (ONE, *_decreasing(given.fractions("alpha_bar"))))))
    betas = given.fractions("betas") if keys == ["betas"] else _spaced(given)
    key = keys[0]
    for n, beta in enumerate(betas, 1):
        if not 0 < beta <= 1 or (beta == 1 and n < len(betas)):
            raise ScheduleFault(key, f"gives beta_{n} = {beta}; allowed: above 0 and below 1, the last one at most 1")
    return Steps(_products(betas))


def _spaced(given: _Given) -> tuple[Fraction, ...]:
    count = given.fraction("steps", positive=True)
    if count.denominator != 1 or not 2 <= count <= MAX_STEPS:
        raise ScheduleFault("steps", f"is {count}; allowed: 2 to {MAX_STEPS}")
    low, high, gaps = given.fraction("beta_min"), given.fraction("beta_max"), count - 1
    return tuple(low + (high - low) * n / gaps for n in range(int(count)))


def _products(betas: Sequence[Fraction]) -> tuple[Any, ...]:
    """The running products of 1 - beta, from 1."""
    products = [fmpq(1)]
    for beta in betas:
        products.append(products[-1] * _long(1 - beta))
    return tuple(products)


def _long(q: Fraction) -> Any:
    """A fraction as FLINT's, which is fast where numerators have thousands of digits."""
    return fmpq(q.numerator, q.denominator)


def _decreasing(alpha_bar: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    for n, (before, after) in enumerate(pairwise((ONE, *alpha_bar)), 1):
        if not 0 <= after < before:
            wrong = f"goes from {before} to {after} at step {n}; allowed: decreasing from below 1, 0 or more"
            raise ScheduleFault("alpha_bar", wrong)
    return alpha_bar


_LINEAR = ("beta_min", "beta_max", "T")
_MAKERS: dict[str, tuple[Callable[[_Given], Schedule], tuple[str, ...]]] = {
    "vp-ou": (lambda _: VP(Steady(ONE)), ()),
    "ou": (lambda _: VP(Steady(Fraction(2))), ()),
    "vp": (lambda given: VP(given.linear(given.factor())), (*_LINEAR, "convention")),
    "vp-full": (lambda given: VP(given.linear(CONVENTIONS["full"])), _LINEAR),
    "sub-vp": (lambda given: SubVP(given.linear(ONE)), _LINEAR),
    "ddpm": (_ddpm, ("betas", "alpha_bar", "steps", "beta_min", "beta_max")),
    "cosine": (lambda given: Cosine(given.fraction("s", COSINE_OFFSET)), ("s",)),
    "ve": (lambda _: VE(), ()),
    "edm": (lambda _: EDM(), ()),
    "flow": (lambda _: Flow(), ()),
}
NAMES = tuple(_MAKERS)


def numbers_of(name: str) -> tuple[str, ...]:
    """The keys that a schedule of this name may be given. Raises KeyError for a name that is not known."""
    return _MAKERS[name][1]
