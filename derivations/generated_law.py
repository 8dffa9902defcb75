"""The generated law: what the reverse SDE with the reused score generates.

Problem: the reverse SDE driven by s_U instead of the target's score, stopped at h > 0. Which law comes out, from which
start? Guarantee: exact for every linear-Gaussian start; from any start the rest vanishes as the start's ratio grows.
Source: elementary (linear SDE); the solution is derived here. `s_U` is the exact score of the diffused data U U^T x_0.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from derivations import exact_kl, forward_marginal, latent_optimum, principal_planes
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import AT_START, SDE_MOMENTS
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, eye, letter, literal, num, replace, sym, trace
from theory.rules import (
    ALGEBRA,
    CENTRING,
    ENCODED,
    ENCODER_ORTHONORMAL,
    INVERSE,
    LAW,
    LAW_INVERSE,
    PRINCIPAL_PLANES,
    PROJECTOR,
    RATIO,
    TARGET_COVARIANCE,
    WHILE_SIGNAL,
    given,
)

C_r, C_R, B_R = (letter(name, "D", "D", symmetric=True) for name in ("C_r", "C_R", "B_R"))
Sigma_0, M_0 = letter("Sigma_0", "D", "D", symmetric=True), letter("M_0", "k", "k", symmetric=True)
r, R, alpha, h = S.r, S.R, S.alpha, S.h
DATA = given(
    "`Sigma_0 = V Lambda V^T + sigma^2 I`, `M_0 = U^T Sigma_0 U`",
    (Sigma_0, S.V @ S.Lam @ S.V.T + S.sigma2 * eye("D")),
    (M_0, S.U.T @ Sigma_0 @ S.U),
)
ENCODED_DATA = S.U @ M_0 @ S.U.T


def reused(ratio: Expr) -> Expr:
    """Covariance over alpha^2 of the law whose score is s_U, at a ratio: the diffused U U^T x_0."""
    return ENCODED_DATA + ratio * eye("D")


def _clock(a: Author) -> None:
    """The reverse SDE of x, written for x/alpha in the clock r: its drift is minus the reused score's precision."""
    score = S.U @ S.g - sym("gamma") * (S.P @ S.x)
    speed = alpha**2 * sym("r_dot")
    reverse = (sym("alpha_dot") / alpha) * S.x - speed * score
    known = exact_kl.derive(a.assumptions).chain("its score is the reused one")
    a.chain(
        "reverse drift of `x/alpha`, with `f = alpha'/alpha` and `g^2 = alpha^2 r'`",
        reverse / alpha - (sym("alpha_dot") / alpha**2) * S.x,
    ).eq(-(alpha * sym("r_dot")) * score, WHILE_SIGNAL).eq(
        sym("r_dot") * (alpha**2 * (S.Q.inv @ S.xi / alpha)), known.lemma() & WHILE_SIGNAL
    ).eq(sym("r_dot") * (alpha**2 * (S.Q.inv @ (S.x / alpha))), CENTRING & WHILE_SIGNAL)
    a.chain("and its noise, `g^2/alpha^2`", speed / alpha**2).eq(sym("r_dot"), WHILE_SIGNAL)


def _law(a: Author) -> Chain:
    """U M_0 U^T is Q/alpha^2 less the noise."""
    encoded = (
        a.chain("the encoded data", M_0)
        .eq((S.U.T @ S.Sigma @ S.U - h * (S.U.T @ S.U)) / alpha**2, DATA & TARGET_COVARIANCE & WHILE_SIGNAL)
        .eq((S.M - h * eye("k")) / alpha**2, ENCODED & ENCODER_ORTHONORMAL & WHILE_SIGNAL)
    )
    inside = a.chain("the reused law without its complement", S.U @ S.M @ S.U.T).eq(S.Q - h * S.P, LAW)
    return (
        a.chain("the encoded data in the ambient space", ENCODED_DATA)
        .eq((S.U @ S.M @ S.U.T - h * (S.U @ S.U.T)) / alpha**2, encoded.lemma() & WHILE_SIGNAL)
        .eq((S.Q - h * S.P - h * (S.U @ S.U.T)) / alpha**2, inside.lemma() & WHILE_SIGNAL)
        .eq((S.Q - h * eye("D")) / alpha**2, PROJECTOR & WHILE_SIGNAL)
    )


def _solutions(a: Author, data: Chain) -> Chain:
    """The covariance of x/alpha, run from R down to r: first from the perfect start, then from any."""
    product = (
        a.chain("the precision and the encoded data", S.Q.inv @ ENCODED_DATA)
        .eq((eye("D") - h * S.Q.inv) / alpha**2, data.lemma() & LAW_INVERSE & WHILE_SIGNAL)
        .eq(eye("D") / alpha**2 - r * S.Q.inv, RATIO & WHILE_SIGNAL)
    )
    rate = alpha**2 * (S.Q.inv @ C_r + C_r @ S.Q.inv) - eye("D")
    by = SDE_MOMENTS & product.lemma() & RATIO & WHILE_SIGNAL
    a.chain("generated from the reused law's own start", C_r).solves(
        reused(r), rate, {"r": R, "value": reused(R)}, by, variable="r"
    ).eq(S.Q / alpha**2, data.lemma() & RATIO & WHILE_SIGNAL).eq(
        (S.U @ S.M @ S.U.T + h * S.P) / alpha**2, LAW & WHILE_SIGNAL
    )
    any_start = reused(R) + reused(R) @ B_R @ reused(R)
    return a.chain("generated from any start", C_r).solves(
        reused(r) + reused(r) @ B_R @ reused(r), rate, {"r": R, "value": any_start}, by, variable="r"
    )


def _deviation(start: Expr) -> Expr:
    """B_R of a start with this covariance over alpha^2; alpha, h and Q are those of the start."""
    return alpha**4 * (S.Q.inv @ (start - S.Q / alpha**2) @ S.Q.inv)


def _starts(a: Author, data: Chain, general: Expr) -> None:
    """B_R of a start; the law from the exact marginal. In these lines alpha, h, Sigma, M, Q are the start's."""
    at_R = reused(R) + reused(R) @ _deviation(C_R) @ reused(R)
    a.chain("the deviation that belongs to a start `C_R`", at_R).eq(C_R, data.lemma() & LAW_INVERSE & AT_START)
    exact = replace(general, B_R, _deviation(S.Sigma / alpha**2))
    inverse = inverse_lemma(exact_kl.derive(a.assumptions).chain("the law of the reused score"), S.Q)
    kept = S.U @ (M_0 + r * eye("k")) @ S.M.inv @ S.U.T
    factor = kept + (r / h) * S.P
    frames = PROJECTOR & ENCODER_ORTHONORMAL
    mixed = kept @ S.Sigma @ S.P
    a.chain("from the exact marginal, `C_R = Sigma/alpha^2`", exact).eq(
        reused(r) + alpha**2 * (factor @ (S.Sigma - S.Q) @ factor.T), inverse & frames & AT_START
    ).eq(reused(r) + alpha**2 * (factor @ (S.Sigma - S.U @ S.M @ S.U.T - h * S.P) @ factor.T), LAW).eq(
        S.U @ (M_0 + r * eye("k")) @ S.U.T
        + r * S.P
        + (r / R) ** 2 * (S.P @ (S.Sigma / alpha**2 - R * eye("D")) @ S.P)
        + (r / R) * (mixed + mixed.T),
        ENCODED & frames & INVERSE & AT_START,
    )


def _forgetting(a: Author, general: Expr) -> None:
    """Any start: what remains of it is a congruence with a factor of order 1/R."""
    factor = alpha**2 * (reused(r) @ S.Q.inv)
    lost = alpha**2 * (reused(r) @ S.Q.inv @ reused(r))
    a.chain("a start enters by a congruence", replace(general, B_R, _deviation(C_R))).eq(
        reused(r) - lost + factor @ C_R @ factor.T, LAW_INVERSE & AT_START
    )
    k, D, sigma2, seen = S.k, S.D, S.sigma2, S.sigma2 + S.lam * (1 - S.s)

    def total(value: Callable[[Expr], Expr], off: Expr) -> Expr:
        return k * value(sigma2) + a.model.sum(value(seen) - value(sigma2)) + (D - k) * off

    by = PRINCIPAL_PLANES & DATA & AT_START
    a.chain("square norm of its factor", trace(factor.T @ factor)).eq(
        total(lambda x: (r + x) ** 2 / (R + x) ** 2, r**2 / R**2), by
    ).le(total(lambda x: (r + x) ** 2 / R**2, r**2 / R**2))
    a.chain("what is lost of the reused law", trace(lost)).eq(total(lambda x: (r + x) ** 2 / (R + x), r**2 / R), by).le(
        total(lambda x: (r + x) ** 2 / R, r**2 / R)
    )


def _spectrum(a: Author) -> tuple[Output, ...]:
    """Q in a pair's block, along a spare direction and off the encoder."""
    u, _, sigma = principal_planes.pair_block(a)
    w = literal([[0], [1]], 2, 1)
    unit = literal([[1, 0], [0, 1]], 2, 2)
    law = u @ (u.T @ sigma @ u) @ u.T + h * (unit - u @ u.T)
    pair = a.chain("variance along a pair's encoder direction", trace(u.T @ law @ u)).eq(
        S.c + S.a * (1 - S.s), ENCODER_ORTHONORMAL
    )
    a.chain("which is an eigenvector", law @ u).eq((S.c + S.a * (1 - S.s)) * u, ENCODER_ORTHONORMAL)
    stable = a.chain("along a pair, as evaluated", pair.end).eq(S.c + S.a * S.cos**2, ALGEBRA)
    one = literal([[1]], 1, 1)
    spare = a.chain("variance along a spare direction", trace(one @ (one.T @ (S.c * one) @ one) @ one.T)).eq(
        S.c, ENCODER_ORTHONORMAL
    )
    off = a.chain("variance off the encoder", trace(w.T @ law @ w)).eq(h, ENCODER_ORTHONORMAL)
    a.chain("and off it every direction is one", law @ w).eq(h * w, ENCODER_ORTHONORMAL)
    count = a.model.written(call("max", S.k - S.d, num(0)))
    return (
        Output("along u_i", pair.end, stable.end, over="pairs", multiplicity=num(1)),
        Output("along a spare direction", spare.end, spare.end, multiplicity=count),
        Output("off the encoder", off.end, off.end, multiplicity=a.model.written(S.D - S.k)),
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The clock, the moment equation solved, the starts, what a start leaves behind, and the spectrum."""
    a = Author("generated-law", assumptions)
    _clock(a)
    data = _law(a)
    general = _solutions(a, data).end
    _starts(a, data, general)
    _forgetting(a, general)
    outputs = _spectrum(a)
    return a.finish(
        section="What is generated",
        title="What the reused score generates",
        statement=(
            "The reverse SDE with the reused score, stopped at `h`, generates `N(0, Q)` with `Q = U M U^T + h P`, "
            "exactly when it starts from that law at the start's own time: `s_U` is the score of the diffused "
            "projection `U U^T x_0`. With `x/alpha` in the clock `r`, from a centred Gaussian start of covariance "
            "`C_R` at `R` down to `r`, the covariance is `Q_r + Q_r B_R Q_r`, where `Q_r = U M_0 U^T + r I` and `B_R = "
            "Q_R^-1 (C_R - Q_R) Q_R^-1`; what remains of the start is of order `1/R`, so that the limit of large `R` "
            "gives `N(0, Q)` from any start. From the exact marginal two terms remain, of order `r/R`. The "
            "eigenvalues of `Q` are below."
        ),
        outputs=outputs,
        limits=(
            "`h > 0`, `alpha > 0`, centred Gaussian starts. In the lines about a start `alpha`, `h`, `Sigma`, `M`, `Q` "
            "are those of the start. The limit of large `R` is for a start that grows more slowly than `R^2`."
        ),
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            latent_optimum.derive(assumptions),
            exact_kl.derive(assumptions),
        ),
        references=("Anderson 1982 (time reversal of a diffusion)",),
    )
