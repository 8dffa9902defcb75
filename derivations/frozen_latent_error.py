"""The error of the score under a frozen latent: ambient noise amplified by the time scale, plus misalignment.

Problem: E ||s(x) - s_U(x)||^2 under the diffused target, with the best latent score behind a frozen encoder.
Guarantee: exact, at every time h > 0. Source: arXiv 2605.13448 (abstract) names the dependence on principal angles and
on ambient noise amplified by the diffusion time scale; the formula is derived here.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, latent_optimum, principal_planes, target_score
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, expect, eye, letter, sym, trace
from theory.rules import (
    ALGEBRA,
    CENTRING,
    DECODER,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PRINCIPAL_PLANES,
    PROJECTOR,
    RELEARNED,
    SECOND_MOMENT,
    given,
)

K = letter("K", "D", "D")
ERROR_OPERATOR = given("`K = -Sigma^-1 + U M^-1 U^T + P/h`", (K, -S.Sigma.inv + S.U @ S.M.inv @ S.U.T + S.P / S.h))
REUSED_SCORE = S.U @ S.g - sym("gamma") * (S.P @ S.x)


def second_moment(a: Author) -> Chain:
    """E ||s - s_U||^2 as the trace of K Sigma K^T, for any positive definite Sigma."""
    error = S.score - REUSED_SCORE
    written = -(S.Sigma.inv @ S.xi) - S.U @ S.g + sym("gamma") * (S.P @ S.x)
    score = target_score.derive(a.assumptions).chain("the score")
    return (
        a.chain("second moment of the difference", expect(error.T @ error))
        .eq(expect(written.T @ written), score.lemma())
        .eq(_with(-(S.Sigma.inv @ S.xi) + S.U @ S.M.inv @ S.U.T @ S.xi + sym("gamma") * (S.P @ S.x)), RELEARNED)
        .eq(_with(-(S.Sigma.inv @ S.xi) + S.U @ S.M.inv @ S.U.T @ S.xi + S.P @ S.x / S.h), DECODER)
        .eq(_with(-(S.Sigma.inv @ S.xi) + S.U @ S.M.inv @ S.U.T @ S.xi + S.P @ S.xi / S.h), CENTRING)
        .eq(_with(K @ S.xi), ERROR_OPERATOR)
        .eq(trace(K @ S.Sigma @ K.T), SECOND_MOMENT)
    )


def _with(difference: Expr) -> Expr:
    return expect(difference.T @ difference)


TRACE_FORM = trace(S.Sigma.inv) - trace(S.M.inv) - 2 * (S.D - S.k) / S.h + trace(S.P @ S.Sigma) / S.h**2


def closed_form(a: Author) -> Expr:
    """Ambient noise amplified by the time scale, plus misalignment plane by plane."""
    ambient = (S.D - S.k) * (S.c - S.h) ** 2 / (S.c * S.h**2)
    return ambient + a.model.sum(S.a * S.s * (1 / S.h**2 - 1 / ((S.c + S.a) * (S.c + S.a * (1 - S.s)))))


def stable_form(a: Author) -> Expr:
    """The same without a difference of nearly equal numbers: every term is nonnegative."""
    q = S.cos**2
    top = S.h * (2 * S.nu + S.a * (1 + q)) + (S.nu + S.a) * (S.nu + S.a * q)
    ambient = (S.D - S.k) * S.nu**2 / (S.c * S.h**2)
    return ambient + a.model.sum(S.a * S.s * top / (S.h**2 * (S.c + S.a) * (S.c + S.a * q)))


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Second moment, trace form for any Sigma, principal planes, closed form."""
    a = Author("frozen-latent-error", assumptions)
    moment = second_moment(a)
    trace_form = (
        a.chain("trace form, for any positive definite `Sigma`", moment.end)
        .eq(
            trace(
                (-S.Sigma.inv + S.U @ S.M.inv @ S.U.T + S.P / S.h)
                @ (-eye("D") + S.Sigma @ S.U @ S.M.inv @ S.U.T + S.Sigma @ S.P / S.h)
            ),
            ERROR_OPERATOR & PROJECTOR & INVERSE,
        )
        .eq(TRACE_FORM, PROJECTOR & ENCODER_ORTHONORMAL & ENCODED & INVERSE)
    )
    D, k, d, c, la, s, h = S.D, S.k, S.d, S.c, S.a, S.s, S.h
    planes = (
        a.chain("in principal planes", trace_form.end)
        .eq(
            (D - d) / c
            + a.model.sum(1 / (c + la))
            - (k - d) / c
            - a.model.sum(1 / (c + la * (1 - s)))
            - 2 * (D - k) / h
            + ((D - k) * c + a.model.sum(la * s)) / h**2,
            PRINCIPAL_PLANES,
        )
        .eq(
            (D - k) * (1 / c - 2 / h + c / h**2) + a.model.sum(la * s / h**2 - (1 / (c + la * (1 - s)) - 1 / (c + la))),
            ALGEBRA,
        )
        .eq(closed_form(a), ALGEBRA)
    )
    evaluated = a.chain("as evaluated", planes.end).eq(stable_form(a), ALGEBRA)
    return a.finish(
        section="Freezing the latent space",
        title="Error of the score under a frozen latent",
        statement=(
            "The mean squared error of the reused score under the diffused target: the ambient noise "
            "amplified by the time scale, plus one misalignment term for each principal plane. Its trace form "
            "holds for any positive definite `Sigma`."
        ),
        outputs=(Output("E", planes.end, evaluated.end),),
        limits="`h > 0`; diverges as `h -> 0` unless `sigma = 0` and all `lambda_i s_i = 0`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            latent_optimum.derive(assumptions),
        ),
        references=("On the Limits of Latent Reuse in Diffusion Models, arXiv 2605.13448, abstract",),
    )
