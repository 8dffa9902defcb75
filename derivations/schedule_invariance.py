"""Schedule invariance: alpha^2 E, KL and W_2^2/alpha^2 depend on the forward process through r = h/alpha^2 alone.

Problem: VP, VE and flow matching pass through the same ratios at other times. Which quantities do not notice?
Guarantee: exact, wherever alpha > 0.
"""

from __future__ import annotations

from functools import cache

from derivations import exact_kl, exact_w2, frozen_latent_error
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, log, phi, substitute, sym
from theory.rules import RATIO, WHILE_SIGNAL, Rule

r, lam, s, sigma2 = S.r, S.lam, S.s, S.sigma2


def scaled_error(a: Author) -> Expr:
    """F(r) = alpha^2 E: no alpha and no h in it."""
    reached = (r + sigma2 + lam) * (r + sigma2 + lam * (1 - s))
    return (S.D - S.k) * sigma2**2 / ((r + sigma2) * r**2) + a.model.sum(lam * s * (1 / r**2 - 1 / reached))


def divergence(a: Author) -> Expr:
    """KL(r): the same law at every pair alpha, h with this ratio."""
    logarithm = log((r + sigma2 + lam) / (r + sigma2 + lam * (1 - s)))
    return (S.D - S.k) * phi(sigma2 / r) / 2 + a.model.sum((lam * s / r - logarithm) / 2)


def distance(a: Author, w2: Derivation) -> None:
    """W_2^2/alpha^2: what it is at alpha = 1, h = r. Each root scales with alpha^2."""
    one = {"h": r, "c": r + sigma2, "a_i": lam, "a": sym("lambda")}

    def scaled(name: str, whole: Expr, by: Rule) -> Rule:
        return a.chain(name, whole).root(S.alpha**2 * substitute(whole, one), by).lemma()

    roots, reason = exact_w2.Roots(a), RATIO
    inner = [("along `v_i` and `u_i`", roots.product(1 - s))]
    inner += [] if roots.quiet else [("off the latent space and of the noise", roots.mean)]
    inner += [("along `v_i` and of the noise", roots.lost)] if roots.alone else []
    for name, whole in inner:
        reason = reason & scaled(f"root of the product of the variances {name}", whole, RATIO)
    # the outer root first: once an inner one is rewritten, it is no longer the line that its lemma speaks of
    reason = scaled("root of what a plane's two laws share", roots.cross(1 - s), reason) & reason
    a.chain("`W_2^2/alpha^2`", w2.closed / S.alpha**2).eq(substitute(w2.closed, one), reason & WHILE_SIGNAL)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Put h = r alpha^2 into both closed forms."""
    a = Author("schedule-invariance", assumptions)
    error, kl = frozen_latent_error.derive(assumptions), exact_kl.derive(assumptions)
    invariant = RATIO & WHILE_SIGNAL
    F = a.chain("`alpha^2 E`", S.alpha**2 * error.closed).eq(scaled_error(a), invariant)
    same = a.chain("`KL`", kl.closed).eq(divergence(a), invariant)
    w2 = exact_w2.derive(assumptions)
    distance(a, w2)
    back = a.chain("`alpha^2 E`, as evaluated", F.end).eq(S.alpha**2 * error.outputs[0].stable, invariant)
    value = a.chain("`KL`, as evaluated", same.end).eq(kl.outputs[0].stable, invariant)
    return a.finish(
        section="What is generated",
        title="Schedule invariance",
        statement=(
            "The scaled error `F = alpha^2 E`, the divergence and `W_2^2/alpha^2` depend on the forward process "
            "through `r = h/alpha^2` alone: at one ratio VP, VE and flow matching agree."
        ),
        outputs=(Output("F", F.end, back.end), Output("KL", same.end, value.end)),
        limits="`alpha > 0` and `h > 0`.",
        rests_on=(error, kl, w2),
    )
