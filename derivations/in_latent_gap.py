"""The part of the error inside the encoder: what the best latent score misses because it sees only U^T x.

Problem: E ||U^T (s - s_U)||^2, and what is left for the complement. Guarantee: exact; zero at angles 0 and pi/2.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, principal_planes
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, num, substitute, trace
from theory.rules import ALGEBRA, ENCODED, ENCODER_ORTHONORMAL, INVERSE, PRINCIPAL_PLANES, PROJECTOR

K, ERROR_OPERATOR = frozen_latent_error.K, frozen_latent_error.ERROR_OPERATOR


def _summand() -> Expr:
    top = S.a**2 * S.s * (1 - S.s)
    return top / (S.c * (S.c + S.a) * (S.c + S.a * (1 - S.s)))


def _complement(a: Author) -> None:
    """Inside and outside add up to the whole error; the ends of the angle's range."""
    inside, outside = trace(S.U.T @ K @ S.Sigma @ K.T @ S.U), trace(S.P @ K @ S.Sigma @ K.T @ S.P)
    a.chain("the rest lies in the complement", inside + outside).eq(
        trace(K @ S.Sigma @ K.T), PROJECTOR & ENCODER_ORTHONORMAL
    )
    for angle, value in (("0", num(0)), ("pi/2", num(1))):
        a.chain(f"a plane's term at angle `{angle}`", substitute(_summand(), {"s_i": value})).eq(0, ALGEBRA)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The trace form for any Sigma, then principal planes."""
    a = Author("in-latent-gap", assumptions)
    form = (
        a.chain("trace form", trace(S.U.T @ K @ S.Sigma @ K.T @ S.U))
        .eq(
            trace((-(S.U.T @ S.Sigma.inv) + S.M.inv @ S.U.T) @ S.Sigma @ (-(S.Sigma.inv @ S.U) + S.U @ S.M.inv)),
            ERROR_OPERATOR & PROJECTOR & ENCODER_ORTHONORMAL,
        )
        .eq(trace(S.U.T @ S.Sigma.inv @ S.U) - trace(S.M.inv), ENCODER_ORTHONORMAL & ENCODED & INVERSE)
    )
    c, la, s = S.c, S.a, S.s
    planes = (
        a.chain("in principal planes", form.end)
        .eq(a.model.sum((c + la * s) / (c * (c + la)) - 1 / (c + la * (1 - s))), PRINCIPAL_PLANES)
        .eq(a.model.sum(_summand()), ALGEBRA)
    )
    _complement(a)
    q = S.cos**2
    evaluated = a.chain("as evaluated", planes.end).eq(
        a.model.sum(la**2 * s * q / (c * (c + la) * (c + la * q))), ALGEBRA
    )
    return a.finish(
        section="Freezing the latent space",
        title="Error inside the latent space",
        statement=(
            "The part of the error inside `span(U)`, which the best latent score leaves because it sees only "
            "`U^T x`. It is zero at angles `0` and `pi/2`; the rest of the error lies in the complement."
        ),
        outputs=(Output("gap", planes.end, evaluated.end),),
        limits="`h > 0`.",
        rests_on=(principal_planes.derive(assumptions), frozen_latent_error.derive(assumptions)),
    )
