"""Exact numbers that can be enclosed at any precision, and the points at which a formula is evaluated."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from flint import arb, ctx, fmpq


@runtime_checkable
class Enclosable(Protocol):
    """An exact real number known through enclosures."""

    def arb(self, prec: int) -> Any:
        """A ball holding the number, computed with ``prec`` bits."""


Real = Fraction | Enclosable


@dataclass(frozen=True)
class ExactReal:
    """The number q + p*pi with rational q and p."""

    q: Fraction = Fraction(0)
    p: Fraction = Fraction(0)

    def arb(self, prec: int) -> Any:
        """Enclosure with ``prec`` bits; a rational that is a short dyadic comes out exact."""
        with ctx.workprec(prec):
            return enclose(self.q, prec) + enclose(self.p, prec) * arb.pi() if self.p else enclose(self.q, prec)


class Angle(ExactReal):
    """An angle q + p*pi in radians whose sine and cosine are exact wherever they are 0 or 1."""

    def sincos(self, prec: int) -> tuple[Any, Any]:
        """Enclosures of sine and cosine with ``prec`` bits."""
        with ctx.workprec(prec):
            if self.q == 0:
                sine, cosine = arb.sin_cos_pi_fmpq(fmpq(self.p.numerator, self.p.denominator))
            else:
                sine, cosine = self.arb(prec).sin_cos()
            return sine, cosine


RIGHT_ANGLE = Angle(p=Fraction(1, 2))


@dataclass(frozen=True)
class TanHalf:
    """The angle whose half has the rational tangent ``t``, 0 <= t <= 1: sine and cosine are rational."""

    t: Fraction

    def rational(self) -> tuple[fmpq, fmpq]:
        """Sine and cosine, exactly."""
        t = fmpq(self.t.numerator, self.t.denominator)
        return 2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)

    def sincos(self, prec: int) -> tuple[Any, Any]:
        """Enclosures of sine and cosine with ``prec`` bits."""
        with ctx.workprec(prec):
            sine, cosine = self.rational()
            return arb(sine), arb(cosine)

    def arb(self, prec: int) -> Any:
        """Enclosure of the angle in radians with ``prec`` bits."""
        with ctx.workprec(prec):
            return 2 * arb(fmpq(self.t.numerator, self.t.denominator)).atan()


@dataclass(frozen=True)
class Computed:
    """A real number given by a rule that encloses it at the precision in force; ``label`` is how to print it."""

    label: str
    rule: Callable[[], Any]

    def arb(self, prec: int) -> Any:
        """Enclosure with ``prec`` bits."""
        with ctx.workprec(prec):
            return self.rule()


def exp_of(x: Fraction) -> Computed:
    """e^x for rational x."""
    return Computed(f"exp({x})", lambda: enclose(x, ctx.prec).exp())


def one_minus_exp_of(x: Fraction) -> Computed:
    """1 - e^x for rational x, without cancellation near x = 0."""
    return Computed(f"1-exp({x})", lambda: -enclose(x, ctx.prec).expm1())


def enclose(value: Real | int, prec: int) -> Any:
    """A ball holding ``value`` (int, Fraction or anything enclosable), computed with ``prec`` bits."""
    with ctx.workprec(prec):
        if isinstance(value, int):
            return arb(value)
        if isinstance(value, Fraction):
            return arb(value.numerator) if value.denominator == 1 else arb(fmpq(value.numerator, value.denominator))
        return value.arb(prec)


class AngleLike(Protocol):
    """An angle known through enclosures of its sine and cosine."""

    def sincos(self, prec: int) -> tuple[Any, Any]:
        """Enclosures of sine and cosine with ``prec`` bits."""

    def arb(self, prec: int) -> Any:
        """Enclosure of the angle in radians with ``prec`` bits."""


@dataclass(frozen=True)
class ExactPoint:
    """A point of the model: sizes, min(k,d) angles, d latent variances, and the three scalars, each exact.

    ``lam_s`` holds the source's k latent variances along the encoder's principal vectors, in the order of the angles,
    and ``parameters`` what formulas ask for by name; both are needed by such formulas only.

    The number of positive angles is not checked against D - max(k, d): an enclosure cannot tell a tiny angle from
    zero; whoever reads a case from outside does so on the exact input.
    """

    D: int
    k: int
    d: int
    theta: tuple[AngleLike, ...]
    lam: tuple[Real, ...]
    sigma2: Real
    alpha2: Real
    h: Real
    lam_s: tuple[Real, ...] = ()
    parameters: Mapping[str, Real] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not (0 < self.k <= self.D and 0 < self.d <= self.D):
            raise ValueError(f"sizes D={self.D}, k={self.k}, d={self.d}: need 0 < k <= D and 0 < d <= D")
        if len(self.theta) != min(self.k, self.d):
            raise ValueError(f"{len(self.theta)} angles given, min(k, d) = {min(self.k, self.d)} needed")
        if len(self.lam) != self.d:
            raise ValueError(f"{len(self.lam)} latent variances given, d = {self.d} needed")
        if self.lam_s and len(self.lam_s) != self.k:
            raise ValueError(f"{len(self.lam_s)} latent variances of the source given, k = {self.k} needed")

    def arguments(self, prec: int, sourced: bool = False) -> tuple[Any, ...]:
        """(alpha2, h, sigma2, D, k, planes) in balls: what an emitted function takes, lost directions last.

        ``sourced`` planes are (lambda, sin, cos, lambda_s), max(k, d) of them (see ``with_source``); ValueError where
        the point does not say what the source is.
        """
        planes = [(enclose(lam, prec), *angle.sincos(prec)) for lam, angle in zip(self.lam, self.theta, strict=False)]
        with ctx.workprec(prec):
            planes += [(enclose(lam, prec), arb(1), arb(0)) for lam in self.lam[len(self.theta) :]]
        scalars = (enclose(value, prec) for value in (self.alpha2, self.h, self.sigma2))
        if not sourced:
            return (*scalars, self.D, self.k, planes)
        if not self.lam_s:
            raise ValueError("the latent variances of the source are needed")
        source = [enclose(lam, prec) for lam in self.lam_s]
        return (*scalars, self.D, self.k, with_source(planes, source, arb(1), arb(0)))

    def keywords(self, prec: int, names: Iterable[str]) -> dict[str, Any]:
        """The named parameters in balls; ValueError for one that the point does not give."""
        missing = [name for name in names if name not in self.parameters]
        if missing:
            raise ValueError(f"{', '.join(missing)} needed")
        return {name: enclose(self.parameters[name], prec) for name in names}


def with_source(planes: list[tuple[Any, ...]], source: Sequence[Any], one: Any, zero: Any) -> list[tuple[Any, ...]]:
    """(lambda, sin, cos, lambda_s) from d planes and the source's k variances, max(k, d) of them.

    An encoder direction without partner gets a target direction of zero variance at a right angle; a target direction
    without partner has no variance in the source.
    """
    wide = [*planes, *[(zero, one, zero)] * (len(source) - len(planes))]
    return [(*plane, source[i] if i < len(source) else zero) for i, plane in enumerate(wide)]
