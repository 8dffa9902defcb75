"""The weight of the source in the pool at which the larger of both errors is least.

Problem: one plane, one direction, equal ambient noise, an acute angle. As the weight grows the pooled direction turns
from the target's to the source's, so the larger error is least where both are equal. Which weight is that? Guarantee:
exact as r -> 0; at any other time it is a root, which is enclosed numerically.
"""

from __future__ import annotations

from functools import cache

from derivations import limits, mixture_spectrum, monotonicity, principal_planes, shared_latent_error
from derivations.mixture_spectrum import FRAMES, TOTAL, signal_block
from derivations.shared_latent_error import TURN
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import while_positive
from theory.cited_spectra import POOLED_VARIANCES
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, literal, substitute
from theory.rules import ALGEBRA

w, rest, cos, s = S.weight, 1 - S.weight, S.cos, S.s
SOURCE_ROOT, TARGET_ROOT = call("sqrt", S.lam_s), call("sqrt", S.lam)
TO_SOURCE, TO_TARGET = SOURCE_ROOT + TARGET_ROOT * cos, TARGET_ROOT + SOURCE_ROOT * cos
SIZE = S.lam_s + S.lam + 2 * SOURCE_ROOT * TARGET_ROOT * cos
BALANCED = TARGET_ROOT * TO_TARGET / SIZE
WHILE_SOURCE = while_positive(S.lam_s)


def _entry(x: Expr) -> Expr:
    """A 1 x 1 matrix, as an inner product of written-out columns is one."""
    return literal([[x]], 1, 1)


def _early(a: Author) -> None:
    """As r -> 0 an error is K2/r^2 over alpha^2: the ambient term and lambda times what is missed."""
    early = limits.derive(a.assumptions).outputs[0].closed
    a.chain("the limit of `r^2 F`, without its ambient term", early - (S.D - S.k) * S.sigma2).eq(
        a.model.sum(S.lam * s), ALGEBRA
    )


def _balance(a: Author) -> None:
    """The direction at which the variance missed is the same on both sides."""
    u, v, _ = principal_planes.pair_block(a)
    y = SOURCE_ROOT * u + TARGET_ROOT * v
    a.chain("the balanced direction: its squared length", y.T @ y).eq(_entry(SIZE), FRAMES)
    a.chain("along the source's direction", u.T @ y).eq(_entry(TO_SOURCE), FRAMES)
    a.chain("along the target's direction", v.T @ y).eq(_entry(TO_TARGET), FRAMES)
    for name, own, along in (("source", S.lam_s, TO_SOURCE), ("target", S.lam, TO_TARGET)):
        a.chain(f"variance that the {name} misses", own * (1 - along**2 / SIZE)).eq(
            S.lam_s * S.lam * s / SIZE, WHILE_SOURCE
        )


def _weight(a: Author) -> Expr:
    """The weight at which that direction is the pooled one."""
    u, v, _ = principal_planes.pair_block(a)
    y = SOURCE_ROOT * u + TARGET_ROOT * v
    pulls = SOURCE_ROOT * TO_SOURCE, TARGET_ROOT * TO_TARGET
    a.chain("what the pooled covariance makes of it", signal_block(a) @ y).eq(
        w * SOURCE_ROOT * pulls[0] * u + rest * TARGET_ROOT * pulls[1] * v, FRAMES
    )
    solved = a.chain("the weight at which both coefficients grow by one factor", pulls[1] / (pulls[0] + pulls[1]))
    solved.eq(BALANCED, WHILE_SOURCE)
    at = {"weight": BALANCED}
    factor = pulls[0] * pulls[1] / SIZE
    a.chain("the factor on the source's side", BALANCED * pulls[0]).eq(factor, WHILE_SOURCE)
    a.chain("the factor on the target's side", (1 - BALANCED) * pulls[1]).eq(factor, WHILE_SOURCE)
    more = SOURCE_ROOT * TARGET_ROOT * cos * (2 * SOURCE_ROOT * TARGET_ROOT * cos + S.lam_s + S.lam) / SIZE
    a.chain("it is the larger eigenvalue: twice it, less the sum of both", 2 * factor - substitute(TOTAL, at)).eq(
        more, WHILE_SOURCE
    )
    return solved.end


def _monotone(a: Author) -> None:
    """The pooled direction turns towards the source's as the weight grows."""
    turned = S.sin * cos
    cotangent = (w * S.lam_s + rest * S.lam * TURN) / (rest * S.lam * (2 * turned))
    stated = while_positive(a.model.written(S.lam), turned)
    a.chain("cotangent of twice the pooled angle, in the odds of the source", cotangent).eq(
        w / rest * (S.lam_s / S.lam / (2 * turned)) + TURN / (2 * turned), stated & POOLED_VARIANCES
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Balance as r -> 0, the weight that gives it, and uniqueness."""
    a = Author("best-mixing-weight", assumptions)
    _early(a)
    _balance(a)
    best = _weight(a)
    below = SOURCE_ROOT * (SOURCE_ROOT + 2 * TARGET_ROOT * cos) + S.lam
    stable = a.chain("as evaluated", best).eq(S.lam / below + SOURCE_ROOT * (TARGET_ROOT * cos) / below, WHILE_SOURCE)
    _monotone(a)
    return a.finish(
        title="Best mixing weight",
        statement=(
            "One plane with an acute angle, one direction of it kept, equal ambient noise. As the weight `pi` of "
            "the source grows the pooled direction turns from the target's direction to the source's (the "
            "cotangent of twice its angle from the source's grows with the odds `pi/(1 - pi)`), so that the "
            "source's error falls and the target's rises: the larger of both is least at the one weight where "
            "they are equal. As `r -> 0` they are equal where both miss the same variance, `lambda_s_i sin^2(phi) "
            "= lambda_i sin^2(theta_i - phi)`; the direction that does so is `sqrt(lambda_s_i) u + sqrt(lambda_i) "
            "v`, with `u` and `v` the source's and the target's direction, and it is the leading pooled one at "
            "the weight below and at no other."
        ),
        outputs=(Output("weight", best, stable.end, over="target"),),
        limits=(
            "`0 < theta_i` below a right angle, `lambda_s_i > 0`, `lambda_i > 0`, `sigma_s = sigma`; the limit `r "
            "-> 0`. At `r > 0` the weight is the root of the difference of both errors, which is enclosed when it "
            "is evaluated. With unequal ambient noise one error may be the larger at every weight, and the best "
            "weight is then an end of the range; where the choice of the leading directions jumps with the weight "
            "a best one need not exist."
        ),
        section="Mixed training",
        states=WHILE_SOURCE.facts(a.model).conditions,
        rests_on=(
            shared_latent_error.derive(assumptions),
            mixture_spectrum.derive(assumptions),
            limits.derive(assumptions),
            monotonicity.derive(assumptions),
            principal_planes.derive(assumptions),
        ),
    )
