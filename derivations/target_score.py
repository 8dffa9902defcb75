"""The target's score: gradient of the log-density of the diffused target, with the inverse written out.

Problem: the score of N(alpha mu, Sigma), Sigma = c I + V A V^T. Source: elementary; the inverse is the
Sherman-Morrison-Woodbury form, proved here by multiplication.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, principal_planes
from theory import rules
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import DENSITY, LOG_P, RESOLVENT, A, R, log_density
from theory.derivation import Author, Derivation, Output
from theory.expr import eye, grad, literal, num, trace
from theory.rules import ALGEBRA, TARGET_COVARIANCE, TARGET_ORTHONORMAL, given

SCORE = given("the score is the gradient of the log-density", (S.score, grad(LOG_P, S.x)))
LATENT = given("`A = alpha^2 Lambda`", (A, S.alpha**2 * S.Lam))


def _inverse(a: Author) -> Chain:
    """Sigma times its claimed inverse is the identity."""
    claimed = (eye("D") - S.V @ A @ R @ S.V.T) / S.c
    sigma = S.alpha**2 * (S.V @ S.Lam @ S.V.T) + S.c * eye("D")
    return (
        a.chain("the inverse of `Sigma`", S.Sigma @ claimed)
        .eq(sigma @ claimed, TARGET_COVARIANCE)
        .eq((S.V @ A @ S.V.T + S.c * eye("D")) @ claimed, LATENT)
        .eq(
            eye("D") - S.V @ A @ R @ S.V.T + (S.V @ A @ S.V.T - S.V @ A @ A @ R @ S.V.T) / S.c,
            TARGET_ORTHONORMAL,
        )
        .eq(eye("D"), RESOLVENT)
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The gradient, then the inverse."""
    a = Author("target-score", assumptions)
    inverse = inverse_lemma(_inverse(a), S.Sigma)
    xi = S.x - S.alpha * S.mu
    score = (
        a.chain("the score", S.score)
        .eq(grad(LOG_P, S.x), SCORE)
        .eq(grad(log_density(xi, S.Sigma), S.x), DENSITY)
        .eq(-(S.Sigma.inv @ xi), ALGEBRA)
        .eq(-(S.Sigma.inv @ S.xi), rules.CENTRED_POINT)
    )
    a.chain("the score, written out", score.end).eq(-((eye("D") - S.V @ A @ R @ S.V.T) / S.c @ S.xi), inverse).eq(
        -((eye("D") - S.V @ A @ R @ S.V.T) / S.c @ xi), rules.CENTRED_POINT
    )
    a.chain("along the latent space", S.Sigma.inv @ S.V).eq((eye("D") - S.V @ A @ R @ S.V.T) / S.c @ S.V, inverse).eq(
        S.V @ (eye("d") - A @ R) / S.c, TARGET_ORTHONORMAL
    ).eq(S.V @ R, RESOLVENT)
    _, v, sigma = principal_planes.pair_block(a)
    w = literal([[-S.sin], [S.cos]], 2, 1)
    along = a.chain("gain along `v_i`", trace(v.T @ sigma.inv @ v)).eq(1 / (S.c + S.a), TARGET_ORTHONORMAL)
    elsewhere = a.chain("gain elsewhere", trace(w.T @ sigma.inv @ w)).eq(1 / S.c, TARGET_ORTHONORMAL)
    return a.finish(
        section="The score",
        title="Score of the target",
        statement=(
            "The score of the diffused target is minus a gain times each coordinate of `x - alpha mu`: one "
            "gain for each direction `v_i` of the latent space, and one for all others."
        ),
        outputs=(
            Output("along v_i", along.end, along.end, over="target", multiplicity=num(1)),
            Output("elsewhere", elsewhere.end, elsewhere.end, multiplicity=a.model.written(S.D - S.d)),
        ),
        limits="`h > 0`. The directions `v_i` are the eigenvectors of `Lambda` in the ambient space.",
        rests_on=(principal_planes.derive(assumptions), forward_marginal.derive(assumptions)),
    )
