"""A decoder that knows the noise: the best scalar in place of 1/h on what the encoder misses.

Problem: s_U(x) = U g(U^T x) - gamma P x with the best latent score. Which gamma is best, what error is left, and how
much does it gain on the factor 1/h that a decoder onto the subspace implies? Guarantee: exact; optimal among scalars.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, frozen_latent_error, latent_optimum, principal_planes, target_score
from derivations.frozen_latent_error import REUSED_SCORE
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, expect, eye, num, substitute, sym, trace
from theory.fold import fold
from theory.rules import (
    ALGEBRA,
    CENTRING,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    PRINCIPAL_PLANES,
    PROJECTOR,
    PROPER_ENCODER,
    RELEARNED,
    SECOND_MOMENT,
    SOURCE_CERTIFICATE,
)

gamma = sym("gamma")
D, k, d, c, h, nu, la, s, q = S.D, S.k, S.d, S.c, S.h, S.nu, S.a, S.s, S.cos**2
REACHED = (c + la) * (c + la * (1 - s))
FRAMES = PROJECTOR & ENCODER_ORTHONORMAL
WHOSE = ("frozen-latent-error", "E")


def _square(vector: Expr) -> Expr:
    return expect(vector.T @ vector)


def _quadratic(a: Author, outside: Expr) -> Chain:
    """E for any factor: a quadratic in gamma, first for any positive definite Sigma."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    operator = -S.Sigma.inv + S.U @ S.M.inv @ S.U.T + gamma * S.P
    known = -(S.Sigma.inv @ S.xi) + S.U @ S.M.inv @ S.U.T @ S.xi
    return (
        a.chain("the error for any factor", _square(S.score - REUSED_SCORE))
        .eq(_square(-(S.Sigma.inv @ S.xi) - S.U @ S.g + gamma * (S.P @ S.x)), score)
        .eq(_square(known + gamma * (S.P @ S.x)), RELEARNED)
        .eq(_square(known + gamma * (S.P @ S.xi)), CENTRING)
        .eq(trace(operator @ S.Sigma @ operator.T), SECOND_MOMENT)
        .eq(
            trace(operator @ (-eye("D") + S.Sigma @ S.U @ S.M.inv @ S.U.T + gamma * (S.Sigma @ S.P))),
            FRAMES & INVERSE,
        )
        .eq(
            trace(S.Sigma.inv) - trace(S.M.inv) - 2 * gamma * (D - k) + gamma**2 * trace(S.P @ S.Sigma),
            FRAMES & ENCODED & INVERSE,
        )
        .eq(
            (D - d) / c
            + a.model.sum(1 / (c + la))
            - (k - d) / c
            - a.model.sum(1 / (c + la * (1 - s)))
            - 2 * gamma * (D - k)
            + gamma**2 * outside,
            PRINCIPAL_PLANES,
        )
        .eq(
            (D - k) / c - a.model.sum(la * s / REACHED) - 2 * gamma * (D - k) + gamma**2 * outside,
            ALGEBRA,
        )
    )


def _optimum(a: Author, quadratic: Chain, outside: Expr) -> Chain:
    """Completed square: no factor is better than (D - k)/tr(P Sigma)."""
    best = (D - k) / c - a.model.sum(la * s / REACHED) - (D - k) ** 2 / outside
    return a.chain("completed square", quadratic.end).optimum(
        best, a.model.written(gamma - (D - k) / outside), PROPER_ENCODER, weight=outside
    )


def _instances(a: Author, quadratic: Chain, best: Expr, outside: Expr) -> tuple[Replacement, ...]:
    """The error for any factor at the factors that a user may choose."""
    base = (D - k) / c - a.model.sum(la * s / REACHED)
    at_source = base - 2 * (D - k) / S.c_s + outside / S.c_s**2
    made = [Replacement(*WHOSE, ("decoder", "free"), (quadratic,))]
    for choice, name, factor, value, by in (
        ("noise-aware", "with the best factor", (D - k) / outside, best, PROPER_ENCODER),
        ("1/c_s", "with the source's factor `1/c_s`", 1 / S.c_s, at_source, SOURCE_CERTIFICATE),
        ("none", "with no complement term", num(0), base, ALGEBRA),
    ):
        put = fold(substitute(quadratic.end, {"gamma": a.model.written(factor)}))
        instance = a.chain(name, put).eq(value, by)
        made.append(Replacement(*WHOSE, ("decoder", choice), (quadratic, instance)))
    return tuple(made)


def _gain(a: Author, quadratic: Chain, best: Expr, outside: Expr) -> tuple[Expr, Expr]:
    """What the factor 1/h costs over the best one, as printed and as evaluated; it vanishes only with the excess."""
    implied = a.chain("with the factor `1/h`", substitute(quadratic.end, {"gamma": 1 / h})).eq(
        frozen_latent_error.closed_form(a), ALGEBRA
    )
    printed = (outside - (D - k) * h) ** 2 / (h**2 * outside)
    gain = a.chain("gain over the factor `1/h`", implied.end - best).eq(printed, PROPER_ENCODER)
    ambient, misaligned = a.model.written((D - k) * nu), a.model.sum(la * s)
    excess = fold(ambient + misaligned)
    beyond = a.chain("what the complement has beyond the diffusion noise", outside - (D - k) * h).eq(excess, ALGEBRA)
    a.chain("it is no less than its ambient noise", beyond.end).ge(ambient)
    a.chain("and no less than its misaligned signal", beyond.end).ge(misaligned)
    stable = a.chain("gain, as evaluated", gain.end).eq(excess**2 / (h**2 * outside), PROPER_ENCODER)
    return gain.end, stable.end


def _error(a: Author, best: Expr, outside: Expr) -> tuple[Expr, Expr]:
    """The least error without the difference of (D - k)/c and (D - k)^2/tr(P Sigma).

    Two parts: what the planes leave, and the spread of the complement's variances. The latter is a difference of
    products of sums, which loses digits only where the planes fill the complement with nearly equal variances.
    """
    missed, share = la * s, la * s / (c + la * s)
    whole, part, both = a.model.sum(missed), a.model.sum(share), a.model.sum(missed * share)

    def turned(seen: Expr) -> Expr:
        return a.model.sum(la**2 * s * seen * (2 * c + la) / (c * (c + la) * (c + la * seen) * (c + la * s)))

    n = D - k
    products = a.chain("products of the two", both).eq(whole - c * part, ALGEBRA).lemma()
    over = a.chain("one of them over the complement's variance", part).eq(part * outside / outside, PROPER_ENCODER)
    spread = (n * both - whole * part) / (c * outside)
    closed = (
        a.chain("the least error, without a difference of large numbers", best)
        .eq(turned(1 - s) + (n / c - part / c - n**2 / outside), PROPER_ENCODER)
        .eq(turned(1 - s) + (n * (whole - c * part) - whole * part) / (c * outside), over.lemma() & PROPER_ENCODER)
        .eq(turned(1 - s) + spread, products & PROPER_ENCODER)
        .end
    )
    return closed, a.chain("the least error, as evaluated", closed).eq(turned(q) + spread, PROPER_ENCODER).end


def _factor(a: Author, quadratic: Chain, outside: Expr) -> tuple[Expr, Expr]:
    """The vertex of the quadratic, from what it adds at -1 and at 1 to its value at 0."""
    added = a.chain("what the factor adds", quadratic.end - fold(substitute(quadratic.end, {"gamma": num(0)}))).eq(
        gamma**2 * outside - 2 * gamma * (D - k), ALGEBRA
    )
    down, up = (substitute(added.end, {"gamma": num(value)}) for value in (-1, 1))
    vertex = (down - up) / (2 * (down + up))
    factor = 1 / (c + a.model.sum(la * s) / (D - k))
    best = a.chain("the best factor, vertex of the quadratic", vertex).eq((D - k) / outside, PROPER_ENCODER)
    closed = best.eq(factor, PROPER_ENCODER).end
    return closed, a.chain("the best factor, as evaluated", closed).eq((D - k) / outside, PROPER_ENCODER).end


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The quadratic, its least value, the gain, and the form that is printed."""
    a = Author("noise-aware-decoder", assumptions)
    outside = a.model.written((D - k) * c + a.model.sum(la * s))  # tr(P Sigma)
    quadratic = _quadratic(a, outside)
    best = _optimum(a, quadratic, outside).end
    factor, factor_stable = _factor(a, quadratic, outside)
    gain, gain_stable = _gain(a, quadratic, best, outside)
    seen = (D - k) / c - a.model.sum(la * s / REACHED)
    a.chain("the least error is at most `(D - k)/c`", (D - k) / c).ge(seen).optimum(
        best, a.model.written(D - k), PROPER_ENCODER, weight=1 / outside
    )
    least, least_stable = _error(a, best, outside)
    instances = _instances(a, quadratic, best, outside)
    return a.finish(
        section="Freezing the latent space",
        title="Decoder that knows the noise",
        statement=(
            "With the complement term `-gamma P x` in place of `-P x/h` and the best latent score, the error is a "
            "quadratic in `gamma`. It is least at `gamma* = (D-k)/tr(P Sigma)`, the inverse of the complement's mean "
            "variance, where `tr(P Sigma) = (D-k) c + sum_i a_i s_i`; the least error `E* = (D-k)/c - sum_i a_i "
            "s_i/((c+a_i)(c+a_i (1-s_i))) - (D-k)^2/tr(P Sigma)`, below without the differences, is at most `(D-k)/c`: "
            "with `sigma > 0` it stays bounded as `h -> 0`. The gain over the factor `1/h` is the square of `tr(P "
            "Sigma) - (D-k) h = (D-k) alpha^2 sigma^2 + sum_i a_i s_i` over `h^2 tr(P Sigma)`; this sum has no "
            "negative term, so while `alpha > 0` the gain is zero exactly when `sigma = 0` and all `lambda_i s_i = 0`."
        ),
        outputs=(
            Output("E*", least, least_stable),
            Output("gain", gain, gain_stable),
            Output("gamma*", factor, factor_stable),
        ),
        limits="`h > 0` and `D > k`: without a complement there is nothing to choose.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            latent_optimum.derive(assumptions),
        ),
        kept=frozenset({"nonnegative-source"}),  # for the source's factor alone
        replaces=instances,
    )
