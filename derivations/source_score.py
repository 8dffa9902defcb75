"""The whole source score on the target: encoder, latent score and decoder are all the source's.

Problem: E ||s(x) + Sigma_s^-1 (x - alpha mu_s)||^2 under the diffused target. Guarantee: exact. It is the relative
Fisher divergence of two Gaussians, and it can be smaller than the error of the best latent score behind a frozen
encoder, as the source's score knows that there is ambient noise and the term -P x/h does not.
"""

from __future__ import annotations

from functools import cache

from derivations import forward_marginal, frozen_score, principal_planes, target_score
from derivations.frozen_score import square
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, num, substitute, trace
from theory.fold import fold
from theory.rules import (
    ALGEBRA,
    CENTRED_POINT,
    CENTRING,
    INVERSE,
    SECOND_MOMENT,
    SOURCE_CERTIFICATE,
    SOURCE_INVERSE,
    SOURCE_PLANES,
)

D, k, d, c, h, nu, la, s, q = S.D, S.k, S.d, S.c, S.h, S.nu, S.a, S.s, S.cos**2
c_s, a_s = S.c_s, S.a_s
GAP = S.Sigma.inv - S.Sigma_s.inv
BEST = "the error with the best latent score, in principal planes"


def _error(a: Author) -> Chain:
    """The relative Fisher divergence, for any two positive definite covariances, then in principal planes."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    along, off = c_s + a_s, c_s  # variances of the source along the encoder and off it
    return (
        a.chain("the error of the source's score", square(S.score + S.Sigma_s.inv @ S.x))
        .eq(square(-(S.Sigma.inv @ S.xi) + S.Sigma_s.inv @ S.x), score)
        .eq(square(-(S.Sigma.inv @ S.xi) + S.Sigma_s.inv @ S.xi), CENTRING)
        .eq(trace(GAP @ S.Sigma @ GAP), SECOND_MOMENT)
        .eq(
            trace(S.Sigma.inv) - 2 * trace(S.Sigma_s.inv) + trace(S.Sigma_s.inv @ S.Sigma @ S.Sigma_s.inv),
            INVERSE & SOURCE_INVERSE,
        )
        .eq(
            (D - 2 * d) * (1 / c - 2 / off + c / off**2)
            + a.model.sum(1 / c + 1 / (c + la) - 2 / along - 2 / off)
            + a.model.sum((c + la * (1 - s)) / along**2 + (c + la * s) / off**2),
            SOURCE_PLANES & SOURCE_INVERSE,
        )
        .eq(closed_form(a), ALGEBRA)
    )


def _diffused_noise(a: Author) -> Expr:
    """The source's ambient noise, diffused; the target's where the two are the same."""
    return nu if a.model.fixed.get("sigma_s2") == S.sigma2 else S.alpha**2 * S.sigma_s2


def _terms() -> tuple[Expr, Expr]:
    """A plane's misalignment, and the two variances along the encoder's direction."""
    reached = c + la * (1 - s)
    misaligned = la * s * (1 / c_s**2 - 1 / ((c + la) * reached))
    return misaligned, (c_s + a_s - reached) ** 2 / (reached * (c_s + a_s) ** 2)


def closed_form(a: Author) -> Expr:
    """Ambient noises, misalignment, and the variances along the encoder's directions."""
    misaligned, along = _terms()
    return (D - d) * (c_s - c) ** 2 / (c * c_s**2) + a.model.sum(misaligned + along)


def _stable_form(a: Author) -> Expr:
    """The same with the time's noise taken out of the differences, by the eigenvectors of a plane's covariance."""
    ambient = S.alpha**2 * (S.sigma_s2 - S.sigma2)
    inside = S.alpha**2 * (S.sigma_s2 + S.lam_s - S.sigma2)
    turned = S.alpha**2 * (S.sigma_s2 + S.lam_s - S.sigma2 - S.lam)
    along = (q * turned**2 / (c + la) + s * inside**2 / c) / (c_s + a_s) ** 2
    off = la * s * (c * la - ambient * (c + c_s)) / (c * (c + la) * c_s**2)
    return (D - d) * ambient**2 / (c * c_s**2) + a.model.sum(along + off)


def _against_frozen(a: Author, closed: Expr) -> tuple[Expr, Expr]:
    """The source's score differs from its latent score with -P x/h only in the factor of the complement."""
    frozen = frozen_score.derive(a.assumptions).closed
    outside = (D - k) * c + a.model.sum(la * s)
    printed = (1 / h - 1 / c_s) * (outside * (1 / h + 1 / c_s) - 2 * (D - k))
    saved = a.chain("advantage over the source's latent score with `-P x/h`", frozen - closed).eq(printed, ALGEBRA).end
    nu_s = _diffused_noise(a)
    silent = {"sigma_s2": num(0), "c_s": h}
    if "sigma_s2" not in a.model.fixed:
        a.chain("none without ambient noise of the source: the two errors agree", fold(substitute(closed, silent))).eq(
            fold(substitute(frozen, silent)), ALGEBRA
        )
    if not {"sigma2", "sigma_s2"} & set(a.model.fixed):
        met = {"h": num(1), "c": num(3) / 2, "c_s": num(3), "a_i": num(0), "a": num(0)}
        a.chain("and none at `h = 1`, `c = 3/2`, `c_s = 3`, `a_i = 0`", substitute(saved, met)).eq(0, ALGEBRA)
    alike = {"c_s": c, "sigma_s2": a.model.written(S.sigma2)}
    a.chain("with equal ambient noises it is no disadvantage", fold(substitute(saved, alike))).ge(0)
    excess = fold(a.model.written((D - k) * (nu * c_s + h * S.alpha**2 * (S.sigma2 - S.sigma_s2))))
    stable = nu_s / (h * c_s) * (excess + a.model.sum(la * s) * (h + c_s)) / (h * c_s)
    return saved, a.chain("advantage, as evaluated", saved).eq(stable, ALGEBRA).end


def _early(a: Author, closed: Expr) -> None:
    """As h -> 0 it stays bounded where both ambient noises are positive; the best latent score's error does not."""
    best = frozen_score.derive(a.assumptions).chain(BEST)
    nu_s = _diffused_noise(a)
    both = nu * nu_s**2
    a.chain("at most `D` ambient terms, bounded without `h`", D * both * (c_s - c) ** 2 / (c * c_s**2)).le(
        D * (nu**2 + nu_s**2), SOURCE_CERTIFICATE
    )
    misaligned, along = _terms()
    inside = (nu_s + a_s) ** 2 + (nu + la * (1 - s)) ** 2
    a.chain("and so is a plane's term", both * (misaligned + along)).le(nu * la * s + inside, SOURCE_CERTIFICATE)
    a.chain("the best latent score's error", best.end).ge((D - k) * nu**2 / (c * h**2))
    if a.model.dims == "k<d":
        return
    same = {"s_i": num(0), "a_s_i": la, "c_s": c}
    a.chain("where source and target are one law, the source's score is exact", substitute(closed, same)).eq(0, ALGEBRA)
    a.chain("and the best latent score is not", substitute(best.end, same)).eq((D - k) * nu**2 / (c * h**2), ALGEBRA)


def _means(a: Author) -> None:
    """With means the source's score keeps the source's centre."""
    score = target_score.derive(a.assumptions).chain("the score").lemma()
    gap, precision = S.mu - S.mu_s, S.Sigma_s.inv
    (
        a.chain("with means", square(S.score + precision @ (S.x - S.alpha * S.mu_s)))
        .eq(square(-(S.Sigma.inv @ S.xi) + precision @ (S.x - S.alpha * S.mu_s)), score)
        .eq(square(-(GAP @ S.xi) + S.alpha * (precision @ gap)), CENTRED_POINT)
        .eq(trace(GAP @ S.Sigma @ GAP) + S.alpha**2 * (gap.T @ precision @ precision @ gap), SECOND_MOMENT)
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The divergence, its comparison with the frozen latent score and with the best one, and means."""
    a = Author("source-score", assumptions)
    error = _error(a)
    stable = a.chain("as evaluated", error.end).eq(_stable_form(a), ALGEBRA)
    saved, saved_stable = _against_frozen(a, error.end)
    _early(a, error.end)
    _means(a)
    return a.finish(
        section="Freezing the latent space",
        title="Error of the source's score",
        statement=(
            "The third reading of a frozen latent space: the whole score is the source's, `-Sigma_s^-1 x`. Its error "
            "under the target is the relative Fisher divergence, the trace of `(Sigma^-1 - Sigma_s^-1) Sigma "
            "(Sigma^-1 - Sigma_s^-1)`; with means it gains `alpha^2 ||Sigma_s^-1 (mu - mu_s)||^2`. Against the "
            "source's latent score with the complement term `-P x/h` it has the advantage below, negative if it is "
            "worse. That is zero if `sigma_s = 0` or `D = k`; otherwise, while `alpha > 0`, it has the sign of `(1/h + "
            "1/c_s) tr(P Sigma) - 2 (D-k)`, and so vanishes also where the complement's mean variance is the harmonic "
            "mean of `h` and `c_s`. At fixed `alpha > 0`, with `sigma > 0` and `sigma_s > 0`, the error stays bounded "
            "as `h -> 0`, and that of the best latent score is at least `(D-k) alpha^4 sigma^4/(c h^2)`: for small "
            "`h` the source's score is the better one if `D > k`. If source and target are one law and `sigma > 0`, "
            "it is so at every `h`."
        ),
        outputs=(Output("E", error.end, stable.end), Output("advantage", saved, saved_stable)),
        limits="`h > 0`. The trace form holds for any positive definite `Sigma` and `Sigma_s`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            frozen_score.derive(assumptions),
        ),
        replaces=(Replacement("frozen-latent-error", "E", ("score", "source"), (error,), words=frozen_score.COUNTED),),
    )
