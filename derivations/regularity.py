"""How steep the best latent score is, for each domain behind its encoder: the price of a larger shared latent space.

Problem: the best latent score is affine, g(y) = -M^-1 (y - alpha U^T mu), so that its Lipschitz constant is the inverse
of the smallest eigenvalue of M = U^T Sigma U. What is it? Guarantee: exact; the largest gain over the planes is taken
when it is evaluated.
"""

from __future__ import annotations

from functools import cache

from derivations import latent_optimum, principal_planes
from derivations.mixture_spectrum import ONE
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, literal, num, substitute, trace
from theory.fold import fold
from theory.rules import (
    ALGEBRA,
    CERTIFICATE,
    ENCODER_ORTHONORMAL,
    SOURCE_CERTIFICATE,
    SOURCE_ENCODED,
    SOURCE_INVERSE,
    SOURCE_PLANES,
    TARGET_ORTHONORMAL,
    Rule,
)


def _frozen(a: Author) -> tuple[Output, Output]:
    """Gains along the encoder's directions: the target's from the best latent score, the source's from its block."""
    best = latent_optimum.derive(a.assumptions).chain("gain along a pair's encoder direction")
    gain = a.chain("the target's gain along an encoder direction", best.start).eq(best.end, best.lemma()).end
    target = a.chain("the same, as evaluated", gain).eq(1 / (S.c + S.a * S.cos**2), ALGEBRA)
    a.chain("it is at most `1/c`", target.end).le(1 / S.c, CERTIFICATE)
    a.chain("and `1/c` at a right angle", fold(substitute(gain, {"s_i": num(1)}))).eq(1 / S.c, ALGEBRA)
    u, _, _ = principal_planes.pair_block(a)
    sigma = S.a_s * (u @ u.T) + S.c_s * ONE
    source = a.chain("the source's gain along an encoder direction", trace((u.T @ sigma @ u).inv)).eq(
        1 / (S.c_s + S.a_s), ENCODER_ORTHONORMAL & SOURCE_CERTIFICATE
    )
    a.chain("it is at most `1/c_s`", source.end).le(1 / S.c_s, SOURCE_CERTIFICATE)
    a.chain("the source's gains in all", trace(S.M_s.inv)).eq(
        (S.k - S.d) / S.c_s + a.model.sum(1 / (S.c_s + S.a_s)), SOURCE_ENCODED & SOURCE_PLANES & SOURCE_INVERSE
    )
    return (
        Output("target, frozen", gain, target.end, over="pairs"),
        Output("source, frozen", source.end, source.end, over="pairs"),
    )


def _shared(a: Author, name: str, direction: Expr, across: Expr, own: Expr, c: Expr, by: Rule) -> Chain:
    """Both directions of a plane: the domain's covariance there has the eigenvalues c + a and c, and no other."""
    frames = ENCODER_ORTHONORMAL & TARGET_ORTHONORMAL & by
    sigma = own * (direction @ direction.T) + c * ONE
    a.chain(f"both directions: the {name}'s own one", sigma @ direction).eq((c + own) * direction, frames)
    a.chain(f"both directions: the one across it, for the {name}", sigma @ across).eq(c * across, frames)
    a.chain(f"both directions: the gain along the {name}'s own one is no larger", 1 / (c + own)).le(1 / c, by)
    return a.chain(f"both directions: the {name}'s largest gain", trace(sigma.inv) - 1 / (c + own)).eq(1 / c, frames)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Gains behind the source's frame, and behind both directions of a plane."""
    a = Author("regularity", assumptions)
    frozen = _frozen(a)
    u, v, _ = principal_planes.pair_block(a)
    across_u, across_v = literal([[0], [1]], 2, 1), literal([[-S.sin], [S.cos]], 2, 1)
    target = _shared(a, "target", v, across_v, S.a, S.c, CERTIFICATE)
    source = _shared(a, "source", u, across_u, S.a_s, S.c_s, SOURCE_CERTIFICATE)
    return a.finish(
        title="Regularity of the latent score",
        statement=(
            "The best latent score is affine, `g(y) = -M^-1 (y - alpha U^T mu)` with `M = U^T Sigma U`, so that "
            "its Lipschitz constant is its largest gain, the inverse of the smallest eigenvalue of `M`. Behind "
            "the source's frame, `U = V_s`, the gains are those below: the target's constant is the inverse of "
            "`c` plus the least `a_i (1 - s_i)`, and `1/c` where `k > d` or an angle is right; the source's is "
            "the inverse of `c_s` plus the least of its latent variances `a_s_i`. Behind a shared latent space "
            "that keeps both directions of a plane it is exactly `1/c` for the target and `1/c_s` for the source: "
            "the price of a larger shared latent space."
        ),
        outputs=(
            *frozen,
            Output("target, both directions", target.end, target.end),
            Output("source, both directions", source.end, source.end),
        ),
        limits=(
            "`h > 0`; each domain with its own score; the largest of the gains is taken when they are evaluated. "
            "One latent score for both domains is that of a mixture of two Gaussians, and need not be globally "
            "Lipschitz: where the difference of the two precisions is indefinite, the mixture's weights pass from "
            "one component to the other arbitrarily far out, at a rate that grows with `|y|`, between gradients "
            "whose difference grows with `|y|` too (an outline, which is not part of what is proved)."
        ),
        section="Mixed training",
        rests_on=(latent_optimum.derive(assumptions), principal_planes.derive(assumptions)),
    )
