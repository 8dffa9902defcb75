"""Posterior variances of targets that are not Gaussian, in balls: two points, and a mixture of two Gaussians.

The latent is one-dimensional (k = d = 1): x_0 = (sqrt(lambda) b + w e) v + sigma eps with a fair sign b and a standard
normal e, w = 0 for two points. Along a line at an angle to v this is again such a law, so that both mean squared errors
are integrals over one variable, enclosed with a bound of all that is left out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx

from numerics.evaluate import Values, evaluate
from numerics.points import AngleLike, ExactPoint, Real, enclose

GUARD_BITS = 16
LAWS = ("gaussian", "two-point", "mixture")


@dataclass(frozen=True)
class Line:
    """A scalar sqrt(centre2) b + N(0, noise2) with a fair sign b, seen as alpha times it plus N(0, h); all in balls."""

    centre2: Any
    noise2: Any

    def mmse(self, alpha2: Any, h: Any) -> Any:
        """Mean squared error of its posterior mean: that of the Gaussian part, and (h/c)^2 that of the sign."""
        c = h + alpha2 * self.noise2
        return h * self.noise2 / c + (h / c) ** 2 * self.centre2 * sign_mmse(alpha2 * self.centre2 / c)


def sign_mmse(snr: Any) -> Any:
    """Mean squared error of the posterior mean of a fair sign b seen as sqrt(snr) b + N(0, 1).

    It is E[sech^2(snr b + sqrt(snr) Z)] = exp(-snr/2) E[sech(sqrt(snr) Z)], in which nothing cancels.
    """
    root = snr.sqrt()
    bits = ctx.prec * arb(2).log() + (1 + snr).log()
    end = (2 * bits / (root + (snr + 2 * bits).sqrt())).mid()  # about where the integrand falls below what is kept

    def integrand(z: Any, _: bool) -> Any:
        return (-z * z / 2).exp() * (acb(root) * z).sech()

    inner = acb.integral(integrand, acb(0), acb(end)).real * 2 / (2 * arb.pi()).sqrt()
    # Beyond the end: P(|Z| > end) <= exp(-end^2/2) and sech u <= 2 exp(-u).
    rest = (2 * (-root * end - end * end / 2).exp()).abs_upper()
    return (-snr / 2).exp() * (inner + (arb(0).union(rest)))


@dataclass(frozen=True)
class Parts:
    """Of one law at one point: the error E, its Gaussian upper bound, and what they are made of, in balls."""

    error: Any
    bound: Any
    lost: Any
    encoded: Any
    full: Any

    @property
    def excess(self) -> Any:
        """How far the bound lies above the error; negative where the bound fails."""
        return self.bound - self.error


def parts(point: ExactPoint, law: str, width: Real, prec: int) -> Parts:
    """E = alpha^2/h^2 (lost + encoded - full) for a law of LAWS but the Gaussian one; ``width`` is w, 0 for two points.

    Raises ValueError for sizes other than k = d = 1 and for a width that does not go with the law.
    """
    _require(point, law, width)
    with ctx.workprec(prec + GUARD_BITS):
        alpha2, h, sigma2 = (enclose(x, ctx.prec) for x in (point.alpha2, point.h, point.sigma2))
        lam, spread = enclose(point.lam[0], ctx.prec), enclose(width, ctx.prec) ** 2
        sine, cosine = point.theta[0].sincos(ctx.prec)
        off = h * sigma2 / (h + alpha2 * sigma2)
        lost = (point.D - 1) * sigma2 + (lam + spread) * sine * sine
        full = (point.D - 1) * off + Line(lam, spread + sigma2).mmse(alpha2, h)
        inside = cosine * cosine
        encoded = Line(lam * inside, spread * inside + sigma2).mmse(alpha2, h)
        scale = alpha2 / h**2
        return Parts(scale * (lost + encoded - full), scale * lost, lost, encoded, full)


def _require(point: ExactPoint, law: str, width: Real) -> None:
    if law not in LAWS[1:]:
        raise ValueError(f"law {law} is not one of {', '.join(LAWS)}")
    if (point.k, point.d) != (1, 1):
        raise ValueError(f"a {law} latent is one-dimensional: k = d = 1 needed, got k={point.k}, d={point.d}")
    flat = width == 0
    if flat != (law == "two-point"):
        raise ValueError("a two-point law has no width" if not flat else "a mixture needs a positive latent.width")
    if not flat and enclose(width, 64) < 0:
        raise ValueError("latent.width must be positive")


def identity(
    function: Callable[..., Any], point: ExactPoint, law: str | None, width: Real | None, *, digits: int
) -> tuple[Values, Values]:
    """[E, lost, mmse of the code, mmse] of a law, certified: the emitted ``function`` for a Gaussian latent."""
    if law in (None, LAWS[0]):
        return evaluate(function, point, digits)
    return _certified(point, str(law), width, digits, lambda p: [p.error, p.lost, p.encoded, p.full])


def bound(
    function: Callable[..., Any], point: ExactPoint, law: str | None, width: Real | None, *, digits: int
) -> tuple[Values, Values]:
    """[E, Gaussian bound, bound - E] of a law, certified: the emitted ``function`` for a Gaussian latent."""
    if law in (None, LAWS[0]):
        return evaluate(function, point, digits)
    return _certified(point, str(law), width, digits, lambda p: [p.error, p.bound, p.excess])


def _certified(
    point: ExactPoint, law: str, width: Real | None, digits: int, chosen: Callable[[Parts], list[Any]]
) -> tuple[Values, Values]:
    spread = Fraction(0) if width is None else width
    _require(point, law, spread)
    return evaluate(lambda *_, fn: chosen(parts(point, law, spread, ctx.prec)), point, digits)


def plane_point(theta: AngleLike, lam: Real, h: Real) -> ExactPoint:
    """D = 2, k = d = 1, sigma = 0, alpha = 1: one principal plane at the noise-to-signal ratio h."""
    return ExactPoint(2, 1, 1, (theta,), (lam,), Fraction(0), Fraction(1), h)
