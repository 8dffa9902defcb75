"""The points that the deterministic rungs visit: every small size, larger ones drawn, and the edges of the model."""

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import atan, pi

from numerics import parameters
from numerics.points import RIGHT_ANGLE, Angle, ExactPoint, TanHalf
from theory.assumptions import violated

NEAR_ZERO = Fraction(1, 10**8)
DRAWN = 50
LARGEST = 40


@dataclass(frozen=True)
class Case:
    """One rational point of the model and the seed of its random frames.

    ``angles`` holds min(k, d) principal angles (rational half-angle tangents, or exact radians), ``lam`` holds d latent
    variances in the principal basis, paired directions first.
    """

    D: int
    k: int
    d: int
    angles: tuple[TanHalf | Angle, ...]
    lam: tuple[Fraction, ...]
    sigma2: Fraction
    alpha2: Fraction
    h: Fraction
    seed: int = 0

    def __post_init__(self) -> None:
        positive = sum(not is_zero(angle) for angle in self.angles)
        if positive > self.D - max(self.k, self.d):
            raise ValueError(f"{positive} positive angles do not fit into D={self.D} with k={self.k}, d={self.d}")
        broken = violated(vars(self) | {"theta": [_radians(angle) for angle in self.angles]})
        if broken:
            raise ValueError(f"the point breaks the assumptions {', '.join(broken)}: {self.describe()}")

    @property
    def rho(self) -> Fraction:
        """alpha^2 sigma^2 / h."""
        return self.alpha2 * self.sigma2 / self.h

    def at(self, alpha2: Fraction, h: Fraction) -> "Case":
        """The same geometry, with the same frames, at another time."""
        return replace(self, alpha2=alpha2, h=h)

    def point(self) -> ExactPoint:
        """The same numbers as a point for ``numerics.evaluate``."""
        sizes, scalars = (self.D, self.k, self.d), (self.sigma2, self.alpha2, self.h)
        lam_s = parameters.source_variances(self)[: self.k]
        return ExactPoint(*sizes, self.angles, self.lam, *scalars, lam_s, parameters.values(self))

    def describe(self) -> str:
        """The point in one replayable line."""
        lam = ", ".join(map(str, self.lam))
        scalars = f"sigma2={self.sigma2} alpha2={self.alpha2} h={self.h} seed={self.seed}"
        angles = ", ".join(map(_angle_text, self.angles))
        return f"D={self.D} k={self.k} d={self.d} theta=[{angles}] lambda=[{lam}] {scalars}"


def is_zero(angle: TanHalf | Angle) -> bool:
    """Whether the angle is exactly zero."""
    return angle.t == 0 if isinstance(angle, TanHalf) else angle.q == 0 and angle.p == 0


def is_right(angle: TanHalf | Angle) -> bool:
    """Whether the angle is exactly pi/2."""
    return angle.t == 1 if isinstance(angle, TanHalf) else angle.q == 0 and angle.p == Fraction(1, 2)


def _radians(angle: TanHalf | Angle) -> float:
    return 2 * atan(angle.t) if isinstance(angle, TanHalf) else float(angle.q) + float(angle.p) * pi


def _angle_text(angle: TanHalf | Angle) -> str:
    if isinstance(angle, TanHalf):
        return f"2*atan({angle.t})"
    return f"{angle.q}+{angle.p}*pi" if angle.p else str(angle.q)


class _Draw:
    """Random ingredients of a case; ``exact`` selects rational sines, otherwise exact radians."""

    def __init__(self, exact: bool, seed: int) -> None:
        self.exact = exact
        self.rng = random.Random(f"cases {exact} {seed}")

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def zero(self) -> TanHalf | Angle:
        return TanHalf(Fraction(0)) if self.exact else Angle()

    def right(self) -> TanHalf | Angle:
        return TanHalf(Fraction(1)) if self.exact else RIGHT_ANGLE

    def small(self) -> TanHalf | Angle:
        return TanHalf(NEAR_ZERO / 2) if self.exact else Angle(NEAR_ZERO)

    def generic(self) -> TanHalf | Angle:
        if self.exact:
            q = self.rng.randint(3, 9)
            return TanHalf(Fraction(self.rng.randint(1, q - 1), q))
        return Angle(Fraction(self.rng.randint(50, 1500), 1000))

    def positive(self) -> TanHalf | Angle:
        u = self.rng.random()
        return self.right() if u < 0.12 else self.small() if u < 0.22 else self.generic()

    def angles(self, pairs: int, room: int) -> tuple[TanHalf | Angle, ...]:
        most = min(pairs, room)
        u = self.rng.random()
        if u < 0.05:  # nested, or equal
            chosen = []
        elif u < 0.12:  # orthogonal where there is room for it
            chosen = [self.right()] * most
        elif u < 0.22:  # all angles equal: the principal vectors are not unique
            chosen = [self.generic()] * most
        else:
            count = most if self.chance(0.8) else self.rng.randint(0, most)
            chosen = [self.positive() for _ in range(count)]
        chosen += [self.zero()] * (pairs - len(chosen))
        self.rng.shuffle(chosen)
        return tuple(chosen)

    def variances(self, d: int) -> tuple[Fraction, ...]:
        def one() -> Fraction:
            return Fraction(self.rng.randint(1, 20), self.rng.randint(1, 6))

        if self.chance(0.15):
            return (one(),) * d
        return tuple(Fraction(0) if self.chance(0.07) else one() for _ in range(d))

    def time(self) -> tuple[Fraction, Fraction]:
        if self.chance(0.4):  # alpha^2 and h unrelated
            return tuple(Fraction(self.rng.randint(1, 12), self.rng.randint(1, 7)) for _ in range(2))  # type: ignore[return-value]
        u = self.rng.random()
        h = NEAR_ZERO if u < 0.1 else 1 - NEAR_ZERO if u < 0.2 else Fraction(self.rng.randint(1, 12), 13)
        return 1 - h, h

    def case(self, D: int, k: int, d: int) -> Case:
        sigma2 = Fraction(0) if self.chance(0.2) else Fraction(self.rng.randint(1, 9), self.rng.randint(1, 12))
        angles = self.angles(min(k, d), D - max(k, d))
        return Case(D, k, d, angles, self.variances(d), sigma2, *self.time(), seed=self.rng.getrandbits(32))


@lru_cache(maxsize=8)
def quick_cases(exact: bool, seed: int = 0) -> tuple[Case, ...]:
    """Twelve small points that cover k = d, k < d, k > d, the edges of the angles, sigma = 0 and alpha^2 + h != 1."""
    draw = _Draw(exact, seed)
    generic, zero, right, small = draw.generic, draw.zero, draw.right, draw.small
    F = Fraction
    half, vp = (F(2, 3), F(5, 4)), (F(3, 5), F(2, 5))
    rows = [
        (4, 2, 2, (generic(), generic()), (F(2), F(1, 3)), F(1, 5), half),
        (3, 1, 1, (generic(),), (F(3, 2),), F(0), vp),
        (5, 2, 3, (generic(), generic()), (F(1), F(5, 2), F(4, 3)), F(2, 7), half),
        (5, 3, 2, (generic(), right()), (F(3), F(1, 2)), F(1, 2), vp),
        (6, 2, 2, (zero(), generic()), (F(2), F(2)), F(1), (F(1), F(7, 3))),
        (2, 1, 1, (generic(),), (F(4, 3),), F(1, 3), (F(3), F(1, 2))),
        (3, 1, 2, (generic(),), (F(1), F(2)), F(3), vp),
        (3, 2, 1, (right(),), (F(2),), F(0), (F(1, 2), F(1, 3))),
        (2, 2, 1, (zero(),), (F(2),), F(1), half),
        (4, 1, 1, (small(),), (F(5),), F(1, 9), (1 - NEAR_ZERO, NEAR_ZERO)),
        (4, 2, 1, (generic(),), (F(7, 2),), F(4), (F(1, 9), F(3))),
        (1, 1, 1, (zero(),), (F(1),), F(1, 2), vp),
    ]
    return tuple(Case(D, k, d, th, lam, s, *t, seed=i) for i, (D, k, d, th, lam, s, t) in enumerate(rows))


@lru_cache(maxsize=8)
def full_cases(exact: bool, seed: int = 0) -> tuple[Case, ...]:
    """Every (D, k, d) with D <= 6, fifty more up to D = 40, and the quick points."""
    draw = _Draw(exact, seed)
    sizes = [(D, k, d) for D in range(1, 7) for k in range(1, D + 1) for d in range(1, D + 1)]
    for i in range(DRAWN):
        D = round(7 * (LARGEST / 7) ** (i / (DRAWN - 1)))
        most = D if draw.chance(0.15) else D // 2
        sizes.append((D, draw.rng.randint(1, most), draw.rng.randint(1, most)))
    return quick_cases(exact, seed) + tuple(draw.case(*size) for size in sizes)


@lru_cache(maxsize=8)
def tight_cases(exact: bool, seed: int = 0) -> tuple[Case, ...]:
    """Points where the two-sided bound is attained or asymptotically attained, and a merely weaker one is caught."""
    draw = _Draw(exact, seed + 1)
    F = Fraction
    huge, zero = F(10**12), F(0)
    vp = (F(3, 5), F(2, 5))

    def case(D: int, k: int, d: int, th: list[TanHalf | Angle], lam: tuple[Fraction, ...], rho: Fraction) -> Case:
        alpha2, h = vp
        return Case(D, k, d, tuple(th), lam, rho * h / alpha2, alpha2, h, seed=D)

    right, generic, z = draw.right, draw.generic, draw.zero
    cases = [
        case(4, 2, 2, [right(), right()], (F(1), F(5, 3)), zero),
        case(4, 1, 2, [right()], (F(2), F(1, 7)), zero),
        case(5, 3, 1, [right()], (F(1, 50),), zero),
        case(4, 2, 2, [generic(), generic()], (zero, zero), F(1)),
        case(3, 1, 1, [right()], (zero,), F(1)),
        case(6, 2, 3, [generic(), z()], (zero, zero, zero), F(1)),
        case(4, 2, 2, [generic(), generic()], (huge, 3 * huge), zero),
        case(5, 2, 3, [generic(), generic()], (huge, 2 * huge, 5 * huge), zero),
        case(5, 2, 2, [generic(), generic()], (10**6 * huge, 10**7 * huge), F(1000)),
        *(case(4, 2, 2, [generic(), generic()], (zero, zero), rho) for rho in (F(1, 10**8), F(10**8))),
        *(case(5, 1, 3, [generic()], (zero,) * 3, rho) for rho in (F(1, 10**12), F(10**12))),
    ]
    return tuple(cases)
