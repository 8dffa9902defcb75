"""The KL divergence is the integrated error: KL = 1/2 * integral of F from r to infinity.

Problem: the usual Girsanov bound of the divergence by the integrated score error. Guarantee: equality, when the sampler
starts from the law that s_U itself has. Second road to `exact-kl`: partial fractions, an antiderivative, and the end at
infinity by a certified bound; nothing of log-determinants enters.
"""

from __future__ import annotations

from functools import cache

from derivations import exact_kl, schedule_invariance
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import ANTIDERIVATIVE
from theory.derivation import Author, Derivation, Output
from theory.expr import INFINITY, Expr, integral, log, phi, substitute, sym
from theory.rules import ALGEBRA, LOG_BOUNDS, RATIO, WHILE_SIGNAL

r, R, lam, s, sigma2 = S.r, sym("R"), S.lam, S.s, S.sigma2


def _partial_fractions(a: Author) -> Expr:
    """F/2 as a sum of simple fractions, which has an antiderivative by sight."""
    ambient = (S.D - S.k) * (sigma2 / r**2 - 1 / r + 1 / (r + sigma2)) / 2
    planes = a.model.sum((lam * s / r**2 - 1 / (r + sigma2 + lam * (1 - s)) + 1 / (r + sigma2 + lam)) / 2)
    return ambient + planes


def _primitive(a: Author) -> Expr:
    """Minus what is left of the integral beyond r."""
    logarithm = log((r + sigma2 + lam) / (r + sigma2 + lam * (1 - s)))
    return -((S.D - S.k) * (sigma2 / r - log((r + sigma2) / r)) / 2) - a.model.sum((lam * s / r - logarithm) / 2)


def _bounds(a: Author, tail: Expr) -> tuple[Chain, Chain]:
    """0 <= tail(R) <= K_2 / (2 R): the primitive vanishes at infinity."""
    lower = a.chain("what is left is nonnegative", tail).ge(0, LOG_BOUNDS)
    upper = a.chain("and vanishes as `r` grows", tail).le(
        ((S.D - S.k) * sigma2 / r + a.model.sum(lam * s / r)) / 2, LOG_BOUNDS
    )
    a.chain("the bound, with its coefficient", upper.end).eq(
        ((S.D - S.k) * sigma2 + a.model.sum(lam * s)) / (2 * r), ALGEBRA
    )
    return lower, upper


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Integrate F, and arrive at exact-kl from the other side."""
    a = Author("kl-is-integrated-error", assumptions)
    invariance = schedule_invariance.derive(assumptions)
    half = invariance.chain("`alpha^2 E`").end / 2
    fractions, primitive = _partial_fractions(a), _primitive(a)
    tail = -primitive
    bound = _bounds(a, tail)
    later = substitute(primitive, {"r": R})
    a.chain("between two times", integral(half, "r", r, R)).eq(integral(fractions, "r", r, R), ALGEBRA).antiderivative(
        later - primitive, primitive, ANTIDERIVATIVE
    )
    whole = (
        a.chain("up to infinity", integral(half, "r", r, INFINITY))
        .eq(integral(fractions, "r", r, INFINITY), ALGEBRA)
        .antiderivative(-primitive, primitive, ANTIDERIVATIVE, bound)
        .eq(
            (S.D - S.k) * phi(sigma2 / r) / 2
            + a.model.sum((lam * s / r - log((r + sigma2 + lam) / (r + sigma2 + lam * (1 - s)))) / 2),
            ALGEBRA,
        )
    )
    kl = exact_kl.derive(assumptions)
    a.chain("both roads meet", whole.end).eq(kl.closed, RATIO & WHILE_SIGNAL)
    value = a.chain("as evaluated", whole.end).eq(kl.outputs[0].stable, RATIO & WHILE_SIGNAL)
    return a.finish(
        section="What is generated",
        title="KL divergence as integrated error",
        statement=(
            "The divergence is half the integral of the scaled error `F = alpha^2 E` over all later "
            "noise-to-signal ratios, and between finite ratios `KL_r - KL_R` is half the integral from `r` to "
            "`R`: the Girsanov bound is an equality under the start of the reused law."
        ),
        outputs=(Output("KL", whole.end, value.end),),
        limits="`h > 0` and `alpha > 0`.",
        rests_on=(invariance, kl),
    )
