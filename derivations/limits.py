"""Limits of the error: what it is like at small and at large diffusion times, and at the ends of every variable.

Problem: F = alpha^2 E as r -> 0 and r -> infinity; E as the latent variances or the angles reach the ends of their
ranges. Guarantee: each limit is a pair of bounds by certificate, with a rate; every rate is attained in the limit.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, principal_planes, schedule_invariance
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, num, substitute, trace
from theory.fold import fold
from theory.rules import ALGEBRA, PRINCIPAL_PLANES

r, lam, s, sigma2 = S.r, S.lam, S.s, S.sigma2
c, la, h = S.c, S.a, S.h
WIDE, NARROW = sigma2 + lam, sigma2 + lam * (1 - s)  # a plane's variances along v and, seen through the encoder, u
AMBIENT = (S.D - S.k) * (c - h) ** 2 / (c * h**2)


def early(a: Author) -> Expr:
    """K2: what r^2 F tends to as r -> 0, the mean square of x0 outside the encoder."""
    return (S.D - S.k) * sigma2 + a.model.sum(lam * s)


def late(a: Author) -> Expr:
    """K3: what r^3 F tends to as r -> infinity."""
    return (S.D - S.k) * sigma2**2 + a.model.sum(lam * s * (2 * sigma2 + lam * (2 - s)))


def early_rate(a: Author) -> Expr:
    """What r^2 F is at most below K2, over r: the directions that the encoder misses, each counted by its share."""
    return (S.D - S.k) + a.model.sum(s)


def late_rate(a: Author) -> Expr:
    """What r^3 F is at most below K3, times r."""
    return (S.D - S.k) * sigma2**3 + a.model.sum(lam * s * (WIDE**2 + WIDE * NARROW + NARROW**2))


def _early(a: Author, F: Expr) -> Expr:
    """r -> 0: K2 - r (...) <= r^2 F <= K2."""
    limit = a.chain("small `r`: the limit bounds `r^2 F` from above", r**2 * F).le(early(a)).end
    reached = (r + WIDE) * (r + NARROW)
    missing = (S.D - S.k) * sigma2 * r / (r + sigma2) + a.model.sum(lam * s * r**2 / reached)
    a.chain("small `r`: what is missing is of order `r`", limit - r**2 * F).eq(missing, ALGEBRA).le(r * early_rate(a))
    return limit


def _late(a: Author, F: Expr) -> Expr:
    """r -> infinity: K3 - (...)/r <= r^3 F <= K3."""
    limit = a.chain("large `r`: the limit bounds `r^3 F` from above", r**3 * F).le(late(a)).end
    reached = (r + WIDE) * (r + NARROW)
    top = (WIDE**2 + WIDE * NARROW + NARROW**2) * r + WIDE * NARROW * (WIDE + NARROW)
    missing = (S.D - S.k) * sigma2**3 / (r + sigma2) + a.model.sum(lam * s * top / reached)
    a.chain("large `r`: what is missing is of order `1/r`", limit - r**3 * F).eq(missing, ALGEBRA).le(late_rate(a) / r)
    return limit


def _between(a: Author, name: str, error: Expr, leading: Expr, rate: Expr) -> None:
    """leading <= error <= leading + rate."""
    a.chain(f"{name}, from below", error).ge(leading)
    a.chain(f"{name}: the rest", error - leading).le(rate)


def _variances(a: Author, error: Expr) -> None:
    """All latent variances small, with and without ambient noise; then large."""
    small = AMBIENT + a.model.sum(la * s * (1 / h**2 - 1 / c**2))
    _between(a, "small latent variances", error, small, a.model.sum(la**2 * s * (2 - s) / c**3))
    silent = fold(substitute(error, {"c": h}))
    square = a.model.sum(la**2 * s * (2 - s) / h**3)
    quiet = "small latent variances at `sigma = 0`"
    a.chain(f"{quiet}, from above", silent).le(square)
    a.chain(f"{quiet}: what is missing", square - silent).le(a.model.sum(la**3 * s * (3 - 3 * s + s**2) / h**4))
    ceiling = AMBIENT + a.model.sum(la * s / h**2)
    a.chain("large latent variances, from above", error).le(ceiling)
    a.chain("large latent variances: what is missing stays bounded", ceiling - error).le(
        a.model.sum(s / (c + la * (1 - s)))
    )


def _angles(a: Author, error: Expr) -> None:
    """All angles near 0, and all near pi/2, where the encoder misses every direction of the target."""
    slope = AMBIENT + a.model.sum(la * s * (1 / h**2 - 1 / (c + la) ** 2))
    a.chain("small angles, from above", error).le(slope)
    a.chain("small angles: what is missing", slope - error).le(a.model.sum(la**2 * s**2 / (c * (c + la) ** 2)))
    orthogonal = fold(substitute(error, {"s_i": num(1)}))
    a.chain("angles near `pi/2`: what is missing of the value there", orthogonal - error).eq(
        a.model.sum(la * (1 - s) * (1 / h**2 - 1 / (c * (c + la * (1 - s))))), ALGEBRA
    ).le(a.model.sum(la * (1 - s) / h**2))
    a.chain("angles near `pi/2`, from above", error).le(orthogonal)


def _meaning(a: Author, first: Expr, last: Expr) -> None:
    """What the law of the reused score, of covariance Q = U M U^T + h P, misses of the target's covariance."""
    missed = S.Sigma - S.Q
    a.chain("`K2` as a trace", trace(missed)).eq(S.alpha**2 * first, PRINCIPAL_PLANES)
    a.chain("`K3` as a squared norm", trace(missed @ missed)).eq(S.alpha**4 * last, PRINCIPAL_PLANES)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """F at small and at large r, then E at the ends of the other variables."""
    a = Author("limits", assumptions)
    invariance, frozen = schedule_invariance.derive(assumptions), frozen_latent_error.derive(assumptions)
    F = invariance.chain("`alpha^2 E`").end
    first, last = _early(a, F), _late(a, F)
    _meaning(a, first, last)
    _variances(a, frozen.closed)
    _angles(a, frozen.closed)
    return a.finish(
        section="Freezing the latent space",
        title="Limits of the error",
        statement=(
            "As `r -> 0`, `F = alpha^2 E` is `K2/r^2` up to a relative error of order `r`; as `r -> infinity` it is "
            "`K3/r^3` up to one of order `1/r`; both are upper bounds at every `r`. With `Q = U M U^T + h P`, the "
            "covariance that the reused score stands for, `alpha^2 K2 = tr(Sigma - Q)` and `alpha^4 K3 = "
            "tr (Sigma - Q)^2`. Small and large latent variances, and angles near both ends of their range: each "
            "limit is a pair of bounds with its rate."
        ),
        outputs=(Output("K2", first, first), Output("K3", last, last)),
        limits="`r > 0`, that is `alpha > 0` and `h > 0`; `Lambda` diagonal in the principal basis.",
        rests_on=(invariance, frozen, principal_planes.derive(assumptions)),
    )
