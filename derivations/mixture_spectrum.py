"""The covariance of pooled source and target data: two eigenvalues in each principal plane.

Problem: a latent space is trained on the source, with weight w, and on the target. Which directions does it see, and
how strongly? Guarantee: exact, for equal means; the source's frame is the encoder's, U = V_s. It is a statement on the
data, without diffusion noise; of diffused data every eigenvalue is alpha^2 times it plus h.
"""

from __future__ import annotations

from functools import cache

from derivations import principal_planes
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited_spectra import POOLED_VARIANCES, WHILE_PLANE
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, eye, literal, num, substitute, trace
from theory.fold import fold
from theory.rules import (
    ALGEBRA,
    ENCODER_ORTHONORMAL,
    SOURCE_COVARIANCE,
    SOURCE_PLANES,
    TARGET_COVARIANCE,
    TARGET_ORTHONORMAL,
)

w, rest = S.weight, 1 - S.weight
SOURCE, TARGET = w * S.lam_s, rest * S.lam  # what each domain brings to its direction
TOTAL = SOURCE + TARGET
PRODUCT = w * rest * S.lam_s * S.lam * S.s
GAP = call("sqrt", (SOURCE - TARGET) ** 2 + 4 * w * rest * S.lam_s * S.lam * S.cos**2)
NOISE = w * S.sigma_s2 + rest * S.sigma2
LARGER, SMALLER = (TOTAL + GAP) / 2, (TOTAL - GAP) / 2
SIGNAL = w * (S.U @ S.Lam_s @ S.U.T) + rest * (S.V @ S.Lam @ S.V.T)
ONE = literal([[1, 0], [0, 1]], 2, 2)
FRAMES = ENCODER_ORTHONORMAL & TARGET_ORTHONORMAL


def _pooled(a: Author) -> None:
    """From the second moments of the two laws to the covariance of the pooled data."""
    mean = w * S.mu_s + rest * S.mu
    gap = S.mu - S.mu_s
    second = w * (S.Sigma_s + S.alpha**2 * (S.mu_s @ S.mu_s.T)) + rest * (S.Sigma + S.alpha**2 * (S.mu @ S.mu.T))
    a.chain("covariance of the pooled data, with means", second - S.alpha**2 * (mean @ mean.T)).eq(
        w * S.Sigma_s + rest * S.Sigma + S.alpha**2 * (w * rest) * (gap @ gap.T), ALGEBRA
    )
    a.chain("with equal means", w * S.Sigma_s + rest * S.Sigma).eq(
        S.alpha**2 * (SIGNAL + NOISE * eye("D")) + S.h * eye("D"), SOURCE_COVARIANCE & TARGET_COVARIANCE
    )
    a.chain("the pooled signal has the trace of its planes", trace(SIGNAL)).eq(a.model.sum(TOTAL), SOURCE_PLANES)
    a.chain("and the trace of its square", trace(SIGNAL @ SIGNAL)).eq(
        a.model.sum(TOTAL**2 - 2 * PRODUCT), SOURCE_PLANES
    )


def signal_block(a: Author) -> Expr:
    """Of a pair, in the basis (u, w): the pooled covariance without ambient noise."""
    u, v, _ = principal_planes.pair_block(a)
    return SOURCE * (u @ u.T) + TARGET * (v @ v.T)


def _in_a_pair(a: Author) -> tuple[Chain, Chain]:
    """Eigenvalues of the block: its mean, plus and minus the root of the square of what deviates from the mean."""
    block = signal_block(a)
    across = TARGET * S.cos * S.sin
    along, off = SOURCE + TARGET * S.cos**2, TARGET * S.sin**2
    a.chain("pair: the pooled signal", block).eq(literal([[along, across], [across, off]], 2, 2), FRAMES)
    a.chain("pair: its trace", trace(block)).eq(TOTAL, FRAMES)
    deviation = block - TOTAL / 2 * ONE
    square = ((SOURCE - TARGET) ** 2 + 4 * w * rest * S.lam_s * S.lam * S.cos**2) / 4
    a.chain("pair: the square of its deviation from half the trace", deviation @ deviation).eq(square * ONE, FRAMES)
    a.chain("pair: four times that, by trace and determinant", 4 * square).eq(TOTAL**2 - 4 * PRODUCT, ALGEBRA)
    spread = call("sqrt", ((along - off) / 2) ** 2 + across**2)
    half = a.chain("half the difference of the eigenvalues", spread).root(GAP / 2, POOLED_VARIANCES).lemma()
    larger = (
        a.chain("the larger eigenvalue", (along + off) / 2 + spread + NOISE)
        .eq(TOTAL / 2 + GAP / 2 + NOISE, half)
        .eq(LARGER + NOISE, ALGEBRA)
    )
    smaller = (
        a.chain("the smaller eigenvalue", (along + off) / 2 - spread + NOISE)
        .eq(TOTAL / 2 - GAP / 2 + NOISE, half)
        .eq(SMALLER + NOISE, ALGEBRA)
    )
    annihilated = (block - LARGER * ONE) @ (block - SMALLER * ONE)
    a.chain("pair: the block satisfies the equation that has them as roots", annihilated).eq(
        literal([[0, 0], [0, 0]], 2, 2), FRAMES & POOLED_VARIANCES
    )
    a.chain("their sum", LARGER + SMALLER).eq(TOTAL, ALGEBRA)
    a.chain("their product, so that neither is negative", LARGER * SMALLER).eq(PRODUCT, ALGEBRA).ge(0, POOLED_VARIANCES)
    a.chain("their difference, a root, so that the first is the larger", LARGER - SMALLER).eq(GAP, ALGEBRA)
    return larger, smaller


def _alone(a: Author) -> None:
    """A direction without partner: s = 1, and the other domain has no variance along it."""
    for name, own, other in (
        ("a target direction without partner", S.lam_s, TARGET),
        ("a source direction without partner", S.lam, SOURCE),
    ):
        at = {str(own.name): num(0), "s_i": num(1), "cos_i": num(0)}
        root = fold(substitute(GAP, at))
        lemma = a.chain(f"{name}: the root", root).root(other, POOLED_VARIANCES).lemma()
        a.chain(f"{name}: the larger", fold(substitute(LARGER, at))).eq(other, lemma)
        a.chain(f"{name}: the smaller", fold(substitute(SMALLER, at))).eq(num(0), lemma)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Pooled covariance, its blocks, and their eigenvalues."""
    a = Author("mixture-spectrum", assumptions)
    _pooled(a)
    larger, smaller = _in_a_pair(a)
    stable = a.chain("the smaller eigenvalue, as evaluated", smaller.end).eq(
        2 * PRODUCT / (TOTAL + GAP) + NOISE, WHILE_PLANE
    )
    _alone(a)
    return a.finish(
        title="Spectrum of pooled data",
        statement=(
            "Pooled data, the source with weight `pi` and the target, of equal means, have the covariance `pi (U "
            "Lambda_s U^T + sigma_s^2 I) + (1 - pi)(V Lambda V^T + sigma^2 I)`; unequal means add `pi (1 - pi)(mu "
            "- mu_s)(mu - mu_s)^T`. Each principal plane holds two of its eigenvalues: with `S_i = pi lambda_s_i "
            "+ (1 - pi) lambda_i`, half of `S_i` plus and minus half the root of `S_i^2 - 4 pi (1 - pi) "
            "lambda_s_i lambda_i s_i`, on top of the pooled ambient noise. A direction without partner has `pi "
            "lambda_s_i` or `(1 - pi) lambda_i` in their place."
        ),
        outputs=(
            Output("larger", larger.end, larger.end, over="target"),
            Output("smaller", smaller.end, stable.end, over="target"),
        ),
        limits=(
            "`0 < pi < 1`; both latent covariances diagonal in the principal basis, in the order of the angles. "
            "The values run over the larger of `k` and `d` planes; where a plane holds one direction of data only "
            "(angle zero, or no partner), its smaller value is the ambient noise alone, one of the remaining "
            "directions. Where neither domain has variance in a plane, both values are the ambient noise, and the "
            "form of the smaller one that is evaluated does not apply. Diffused, each value is `alpha^2` times "
            "it, plus `h`."
        ),
        section="Mixed training",
        states=WHILE_PLANE.facts(a.model).conditions,
        rests_on=(principal_planes.derive(assumptions),),
    )
