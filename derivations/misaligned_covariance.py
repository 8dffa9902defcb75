"""A latent covariance of any orientation: the error in matrix form, and its sharp bounds from eigenvalues and angles.

Problem: `Lambda` need not be diagonal in the principal basis. What is E then, when do the planes decouple, and what can
be said if only the eigenvalues of `Lambda` and the angles are known? Guarantee: exact; the bounds are attained, when
`Lambda` is diagonal in the principal basis with its eigenvalues in the right order.
"""

from __future__ import annotations

from functools import cache

from derivations import exact_kl, frozen_latent_error, principal_planes, target_score
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, inverse_lemma
from theory.cited import RESOLVENT, SVD, A, C, R, Z
from theory.cited_spectra import (
    DETERMINANTS,
    LATENT_ROOT,
    LOG_MAJORISATION,
    ROOT,
    SEEN,
    SEEN_INVERSE,
    SEEN_RESOLVENT,
    SPECTRA,
    WEYL,
)
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, eye, literal, log, logdet, num, phi, plane_sum, substitute, sym, trace
from theory.rules import (
    ALGEBRA,
    CERTIFICATE,
    ENCODED,
    ENCODER_ORTHONORMAL,
    PROJECTOR,
    TARGET_COVARIANCE,
    TARGET_ORTHONORMAL,
    WHILE_SIGNAL,
    Rule,
)

mu, alike, across, turned = sym("mu_i"), sym("alike_i"), sym("across_i"), sym("turned_i")
SEEN_GAIN = mu / S.h**2 + 1 / (S.c + mu)  # what an eigenvalue mu of the seen covariance takes off the error
SEEN_IN_WORDS = (
    "`lambda_i` are the eigenvalues of `Lambda`, `mu_i` those of `alpha^2 B^T V^T U U^T V B` with `Lambda = B B^T`"
)
PAIRED_IN_WORDS = (
    "sharp from eigenvalues and angles alone: `alike_i` pairs the largest eigenvalue with the smallest angle, "
    "`across_i` with the largest"
)
GRAM = S.V.T @ S.U @ S.U.T @ S.V


def _precision(a: Author) -> Chain:
    """tr Sigma^-1 by the eigenvalues of Lambda."""
    inverse = target_score.derive(a.assumptions).chain("the inverse of `Sigma`")
    return (
        a.chain("`tr Sigma^-1`", trace(S.Sigma.inv))
        .eq(trace((eye("D") - S.V @ A @ R @ S.V.T) / S.c), inverse_lemma(inverse, S.Sigma))
        .eq((S.D - trace(A @ R)) / S.c, TARGET_ORTHONORMAL)
        .eq((S.D - S.d) / S.c + trace(R), RESOLVENT)
    )


def _encoded_precision(a: Author) -> Chain:
    """tr M^-1 by the eigenvalues of what the encoder sees of the latent covariance."""
    seen = S.U.T @ S.V @ ROOT
    claimed = (eye("k") - S.alpha**2 * (seen @ SEEN_INVERSE @ seen.T)) / S.c
    sigma = S.alpha**2 * (S.V @ ROOT @ ROOT.T @ S.V.T) + S.c * eye("D")
    inverse = (
        a.chain("the inverse of `M`", S.M @ claimed)
        .eq(S.U.T @ S.Sigma @ S.U @ claimed, ENCODED)
        .eq(S.U.T @ sigma @ S.U @ claimed, TARGET_COVARIANCE & LATENT_ROOT)
        .eq((S.alpha**2 * (seen @ seen.T) + S.c * eye("k")) @ claimed, ENCODER_ORTHONORMAL)
        .eq(eye("k"), SEEN_RESOLVENT)
    )
    return (
        a.chain("`tr M^-1`", trace(S.M.inv))
        .eq(trace(claimed), inverse_lemma(inverse, S.M))
        .eq((S.k - trace(SEEN @ SEEN_INVERSE)) / S.c, SEEN_RESOLVENT)
        .eq((S.k - S.d) / S.c + trace(SEEN_INVERSE), SEEN_RESOLVENT)
    )


def _complement(a: Author) -> Chain:
    """tr P Sigma: the latent covariance less what the encoder sees of it."""
    return (
        a.chain("`tr P Sigma`", trace(S.P @ S.Sigma))
        .eq(trace((eye("D") - S.U @ S.U.T) @ S.Sigma), PROJECTOR)
        .eq(
            (S.D - S.k) * S.c + S.alpha**2 * trace(S.V @ S.Lam @ S.V.T @ (eye("D") - S.U @ S.U.T)),
            TARGET_COVARIANCE & ENCODER_ORTHONORMAL,
        )
        .eq(
            (S.D - S.k) * S.c + S.alpha**2 * (trace(S.Lam) - trace(S.V @ S.Lam @ S.V.T @ S.U @ S.U.T)),
            TARGET_ORTHONORMAL,
        )
    )


def _seen(a: Author) -> Chain:
    """The part of tr P Sigma that the encoder sees."""
    return a.chain("the latent covariance as the encoder sees it", trace(S.V @ S.Lam @ S.V.T @ S.U @ S.U.T)).eq(
        trace(SEEN) / S.alpha**2, LATENT_ROOT & SEEN_RESOLVENT
    )


def _spectral_error(a: Author, total: Expr) -> Expr:
    """E over two lists of eigenvalues: `lambda_i` of the latent covariance and `total` of what the encoder sees."""
    ambient = (S.D - S.k) * (S.c - S.h) ** 2 / (S.c * S.h**2)
    return ambient + a.model.sum(S.a / S.h**2 + 1 / (S.c + S.a)) - total


def _matrix_form(a: Author) -> Chain:
    """From the trace form for any Sigma to traces of d x d matrices, and to eigenvalues."""
    parts = [made(a).lemma() for made in (_precision, _encoded_precision, _complement)]
    ambient = (S.D - S.k) * (S.c - S.h) ** 2 / (S.c * S.h**2)
    lost = S.alpha**2 * (trace(S.Lam) - trace(S.V @ S.Lam @ S.V.T @ S.U @ S.U.T))
    return (
        a.chain("matrix form", frozen_latent_error.derive(a.assumptions).chain(TRACE_CHAIN).end)
        .eq(
            ((S.D - S.d) / S.c + trace(R))
            - ((S.k - S.d) / S.c + trace(SEEN_INVERSE))
            - 2 * (S.D - S.k) / S.h
            + ((S.D - S.k) * S.c + lost) / S.h**2,
            parts[0] & parts[1] & parts[2],
        )
        .eq(ambient + lost / S.h**2 - (trace(SEEN_INVERSE) - trace(R)), ALGEBRA)
        .eq(
            ambient + (S.alpha**2 * trace(S.Lam) - trace(SEEN)) / S.h**2 - (trace(SEEN_INVERSE) - trace(R)),
            _seen(a).lemma() & WHILE_SIGNAL,
        )
        .eq(_spectral_error(a, plane_sum(SEEN_GAIN)), SPECTRA)
    )


TRACE_CHAIN = "trace form, for any positive definite `Sigma`"


def _bounds(a: Author, error: Expr) -> tuple[Chain, Chain]:
    """Eigenvalues and angles alone: paired alike they bound E from below, paired across from above."""
    made = []
    for name, list_, smaller, larger in (
        ("`E` less its lower bound, eigenvalues and squared cosines paired alike", alike, "mu_i", "alike_i"),
        ("the upper bound, paired across, less `E`", across, "across_i", "mu_i"),
    ):
        bound = _spectral_error(a, plane_sum(substitute(SEEN_GAIN, {"mu_i": list_})))
        gap = error - bound if list_ == alike else bound - error
        gains = [plane_sum(substitute(SEEN_GAIN, {"mu_i": sym(x)})) for x in (larger, smaller)]
        made.append(
            a.chain(name, gap)
            .eq(gains[0] - gains[1], ALGEBRA)
            .spectral(substitute(SEEN_GAIN, {"mu_i": sym(smaller)}), smaller, larger, LOG_MAJORISATION)
        )
    later = _spectral_error(a, plane_sum(substitute(SEEN_GAIN, {"mu_i": turned})))
    a.chain("`E` does not decrease in any angle, the principal vectors kept", later - error).eq(
        plane_sum(SEEN_GAIN) - plane_sum(substitute(SEEN_GAIN, {"mu_i": turned})), ALGEBRA
    ).spectral(substitute(SEEN_GAIN, {"mu_i": turned}), "turned_i", "mu_i", WEYL)
    return made[0], made[1]


def _divergence(a: Author) -> Chain:
    """The same for the KL."""
    gain = (mu / S.h - log(S.c + mu)) / 2
    parts = (S.D - S.k) * phi(S.nu / S.h) / 2 + a.model.sum((S.a / S.h - log(S.c + S.a)) / 2)
    start = exact_kl.derive(a.assumptions).chain("divergence").end
    kl = (
        a.chain("the divergence, for any orientation", start)
        .eq(
            (((S.D - S.k) * S.c + S.alpha**2 * trace(S.Lam) - trace(SEEN)) / S.h - (S.D - S.k)) / 2
            + (logdet(S.Q) - logdet(S.Sigma)) / 2,
            _complement_lemma(a) & WHILE_SIGNAL,
        )
        .eq(parts - plane_sum(gain), SPECTRA & DETERMINANTS)
    )
    for name, list_, smaller, larger in (
        ("the divergence less its lower bound, paired alike", alike, "mu_i", "alike_i"),
        ("its upper bound, paired across, less the divergence", across, "across_i", "mu_i"),
    ):
        bound = parts - plane_sum(substitute(gain, {"mu_i": list_}))
        gap = kl.end - bound if list_ == alike else bound - kl.end
        gains = [plane_sum(substitute(gain, {"mu_i": sym(x)})) for x in (larger, smaller)]
        a.chain(name, gap).eq(gains[0] - gains[1], ALGEBRA).spectral(
            substitute(gain, {"mu_i": sym(smaller)}), smaller, larger, LOG_MAJORISATION
        )
    return kl


def _complement_lemma(a: Author) -> Rule:
    """tr P Sigma with what is seen of the latent covariance, in one step."""
    whole = next(chain for chain in a.chains if chain.name == "`tr P Sigma`")
    seen = next(chain for chain in a.chains if chain.name == "the latent covariance as the encoder sees it")
    return whole.lemma() & seen.lemma()


def _decoupling(a: Author) -> None:
    """The planes decouple exactly when Lambda commutes with V^T U U^T V; and an example in which they do not."""
    turned_in = Z.T @ (GRAM @ S.Lam - S.Lam @ GRAM) @ Z
    L = Z.T @ S.Lam @ Z
    a.chain("the commutator in the principal basis", turned_in).eq(C.T @ C @ L - L @ C.T @ C, SVD)
    squares, latent = literal([[1, 0], [0, num(1) / 2]], 2, 2), literal([[2, 1], [1, 3]], 2, 2)
    a.chain("two planes that do not decouple: their commutator", squares @ latent - latent @ squares).eq(
        literal([[0, num(1) / 2], [-(num(1) / 2), 0]], 2, 2), ALGEBRA
    )
    one = literal([[2, 1], [1, 2]], 2, 2), literal([[2, 0], [0, 0]], 2, 2)
    above = a.chain(
        "an example in which the diagonal of `L` for `lambda_i` gives too little, at `c = 1`", _excess(1, *one)
    )
    above.eq(num(1) / 12, ALGEBRA)
    other = (
        literal([[1, num(9) / 10], [num(9) / 10, 1]], 2, 2),
        literal([[1, num(18) / 25], [num(18) / 25, num(16) / 25]], 2, 2),
    )
    cosines = literal([[1, 0], [0, num(4) / 5]], 2, 2)
    a.chain("and one with `cos = 1, 4/5`: what the encoder sees", cosines @ other[0] @ cosines).eq(other[1], ALGEBRA)
    below = a.chain("in which it gives too much, at `c = 1/10`", _excess(num(1) / 10, *other))
    below.le(num(0), CERTIFICATE)
    right = literal([[1, 0], [0, 0]], 2, 2)
    small, large = literal([[1, 1], [1, 1]], 2, 2), literal([[2, 1], [1, 1]], 2, 2)
    a.chain("what is added is positive semidefinite", large - small).eq(literal([[1, 0], [0, 0]], 2, 2), ALGEBRA)
    a.chain("and yet the error falls, at `c = h = 1`", _error(large, right) - _error(small, right)).eq(
        -(num(1) / 6), ALGEBRA
    )


def _error(L: Expr, cosines: Expr) -> Expr:
    """E at c = h = 1, of two planes given by numbers: the matrix form with nothing ambient."""
    seen = cosines @ L @ cosines
    return trace(L) - trace(seen) - (trace((EYE + seen).inv) - trace((EYE + L).inv))


def _excess(c: Expr | int, L: Expr, seen: Expr) -> Expr:
    """E less the closed form with the diagonal of L for lambda_i, at alpha = 1, of two planes given by numbers."""

    def apart(matrix: Expr) -> Expr:
        """1/(c + X_11) + 1/(c + X_22): the planes on their own."""
        return 1 / (c + matrix.children[0]) + 1 / (c + matrix.children[3])

    return (trace((c * EYE + L).inv) - apart(L)) - (trace((c * EYE + seen).inv) - apart(seen))


EYE = literal([[1, 0], [0, 1]], 2, 2)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Matrix form, eigenvalues, bounds, decoupling."""
    a = Author("misaligned-covariance", assumptions)
    error = _matrix_form(a)
    below, above = _bounds(a, error.end)
    divergence = _divergence(a)
    _decoupling(a)
    closed = frozen_latent_error.derive(assumptions).outputs[0]
    pairing = _spectral_error(a, a.model.sum(substitute(SEEN_GAIN, {"mu_i": S.a * (1 - S.s)})))
    turned_away = ("lambda", "misaligned")
    paired = a.chain("for a given pairing: `mu_i = a_i cos^2(theta_i)`", pairing).eq(closed.closed, ALGEBRA)
    a.chain("as evaluated", paired.end).eq(closed.stable, ALGEBRA)
    return a.finish(
        section="Freezing the latent space",
        title="Latent covariance of any orientation",
        statement=(
            "For any `Lambda` the error depends on two lists: the eigenvalues `lambda_i` of `Lambda`, `mu_i` of what "
            "the encoder sees, `alpha^2 B^T V^T U U^T V B` with `Lambda = B B^T`. It is at least its value when the "
            "largest `lambda_i` goes with the smallest angle, and at most its value when the largest goes with the "
            "largest angle; so is the divergence. No angle that opens, the principal vectors being kept, makes it "
            "smaller. The planes decouple exactly when `Lambda` commutes with `V^T U U^T V`; the diagonal entries of "
            "`Z^T Lambda Z` put for `lambda_i` give neither bound, and a larger `Lambda` may have a smaller error."
        ),
        outputs=(Output("E of a pairing", closed.closed, closed.stable),),
        limits="`h > 0` and `alpha > 0`. The value below is for planes as they are paired; sort them for a bound.",
        rests_on=(
            principal_planes.derive(assumptions),
            target_score.derive(assumptions),
            frozen_latent_error.derive(assumptions),
            exact_kl.derive(assumptions),
        ),
        references=("Bhatia: Matrix Analysis (log-majorisation; Weyl's theorem)",),
        replaces=(
            Replacement("frozen-latent-error", "E", turned_away, (error,), words=SEEN_IN_WORDS),
            Replacement("two-sided-bound", "lower", turned_away, (error, below), words=PAIRED_IN_WORDS),
            Replacement("two-sided-bound", "E", turned_away, (error,), words=SEEN_IN_WORDS),
            Replacement("two-sided-bound", "upper", turned_away, (error, above), words=PAIRED_IN_WORDS),
            Replacement("exact-kl", "KL", turned_away, (divergence,), words=SEEN_IN_WORDS),
        ),
    )
