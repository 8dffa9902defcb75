"""The Gaussian upper bound of the error: when it holds for another law of the target, and that it can fail.

Problem: is E at most alpha^2/h^2 E[x_0^T P x_0], what the encoder loses amplified by the time scale, for every law?
Guarantee: an equivalence for any law, a proof for Gaussian targets, and certified points at which two points and a
mixture of two narrow Gaussians break the bound. Source: derived here, from the identity by posterior variances.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, mmse_identity, principal_planes
from derivations.mmse_identity import IDENTITY, LOST, Sigma_0, mmse, mmse_y
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, expect, trace
from theory.rules import ALGEBRA, CERTIFICATE, Rule

SCALE = S.alpha**2 / S.h**2


def _equivalence(a: Author, identity: Rule) -> None:
    """For any law: what the bound leaves is the difference of the two mean squared errors."""
    error = S.score - frozen_latent_error.REUSED_SCORE
    a.chain("what the bound leaves, for any law of the target", SCALE * LOST - expect(error.T @ error)).eq(
        SCALE * LOST - IDENTITY, identity
    ).eq(SCALE * (trace(mmse) - trace(mmse_y)), ALGEBRA)


def _gaussian(a: Author, source: Derivation) -> tuple[Expr, Output]:
    """For a Gaussian target: the bound in principal planes, and what it leaves, which is not negative."""
    values = {output.name: output for output in source.outputs}
    total, q = a.model.sum, S.cos**2
    bound = (
        a.chain("the bound, for a Gaussian target", SCALE * LOST)
        .eq(SCALE * trace(S.P @ Sigma_0), source.chain("what the encoder loses of a centred target").lemma())
        .eq(SCALE * values["lost"].closed, source.chain("the lost part in principal planes").lemma())
        .eq((S.D - S.k) * S.nu / S.h**2 + total(S.a * S.s / S.h**2), ALGEBRA)
    )
    left = (
        a.chain("what it leaves, for a Gaussian target", SCALE * (trace(mmse) - trace(mmse_y)))
        .eq(
            SCALE * (values["mmse"].closed - trace(mmse_y)),
            source.chain("its mean square in principal planes").lemma(),
        )
        .eq(
            SCALE * (values["mmse"].closed - values["mmse encoded"].closed),
            source.chain("and that of the encoded one").lemma(),
        )
        .eq(
            (S.D - S.k) * S.nu / (S.c * S.h) + total(S.a * S.s / ((S.c + S.a) * (S.c + S.a * (1 - S.s)))),
            ALGEBRA,
        )
    )
    a.chain("it is not negative", left.end).ge(0, CERTIFICATE)
    a.chain("the error of a Gaussian target", values["E"].closed).eq(bound.end - left.end, ALGEBRA).le(
        bound.end, CERTIFICATE
    )
    stable = a.chain("what it leaves, as evaluated", left.end).eq(
        (S.D - S.k) * S.nu / (S.c * S.h) + total(S.a * S.s / ((S.c + S.a) * (S.c + S.a * q))), ALGEBRA
    )
    return bound.end, Output("bound - E", left.end, stable.end)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The equivalence, then the Gaussian case; the failures are certified by the numerical side."""
    a = Author("non-gaussian-bound", assumptions)
    source = mmse_identity.derive(assumptions)
    _equivalence(a, source.chain("the error, for any law of the target").lemma())
    bound, left = _gaussian(a, source)
    error = frozen_latent_error.derive(assumptions).outputs[0]
    a.chain("the error, as evaluated", error.closed).eq(error.stable, ALGEBRA)
    a.chain("the error, as printed", error.stable).eq(error.closed, ALGEBRA)
    return a.finish(
        section="Beyond Gaussian, from data",
        title="The Gaussian upper bound, and where it fails",
        statement=(
            "For a target of any law and `alpha > 0`, `E <= alpha^2/h^2 E[x_0^T P x_0]` holds exactly when `E[e_y^T "
            "e_y] <= E[e^T e]`, that is, when the code is estimated from the code alone at least as well as the whole "
            "target from the whole point. A Gaussian target satisfies it; the values below are for that. Other laws "
            "need not. At `sigma = 0`, in one plane at `theta = 0.6`, two points at `sqrt(lambda) v` and "
            "`-sqrt(lambda) v` break it at `lambda/r = 2`, with a change of sign between `1.8176` and `1.8177`. A "
            "mixture of two Gaussians of width `w` there, with `w^2/r = 1/256`, breaks it at `lambda/r = 4` and "
            "satisfies it at `lambda/r = 64`, where the signs are known and the Gaussian parts decide. These signs "
            "are certified in ball arithmetic."
        ),
        outputs=(
            Output("E", error.closed, error.stable),
            Output("bound", bound, bound),
            left,
        ),
        limits="`h > 0`. The equivalence holds for any law with a finite second moment.",
        rests_on=(
            principal_planes.derive(assumptions),
            frozen_latent_error.derive(assumptions),
            source,
        ),
    )
