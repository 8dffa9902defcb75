"""The error of a frozen latent whose encoder is itself estimated from samples of the source.

Problem: the encoder is spanned by the leading eigenvectors of n source samples in D dimensions. What does the error of
the reused score become? Guarantee: to leading order, as D and n grow at a fixed D/n; the limit of the angles is
admitted from the literature (`sample-angles`), the rest is proved.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, sample_angles
from derivations.sample_angles import LIMIT, NAMED, NAMES, b_s, limit, overlap_s, tau, while_seen
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import while_positive
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, replace, substitute, sym
from theory.rules import Rule, given

tilt = sym("tilt_i")
KEPT = 1 - S.s  # the squared cosine
ADMITTED = (
    "an estimated encoder direction has with the target the true squared cosine times its overlap, in the limit",
)

ESTIMATED = "to leading order, for a source with the target's variances and noise; `tau^2 = D/n`"


def tilted(closed: Expr, overlap: Expr) -> Expr:
    """The same formula when every squared cosine is multiplied by an overlap."""
    hidden = sym("kept_i")
    parted = substitute(replace(closed, KEPT, hidden), {"s_i": 1 - overlap * KEPT})
    return substitute(parted, {"kept_i": overlap * KEPT})


def blurred(a: Author, q: Expr) -> tuple[Expr, Expr]:
    """Of a plane with squared cosine q: diffused latent variance outside the estimated encoder, and what its encoded
    variance has above h. Neither divides by a latent variance, and both are sums of nonnegative terms."""
    noise, lam, alpha2 = S.sigma2, S.lam, S.alpha**2
    taken = tau**2 * noise * (lam + noise) / (lam + tau**2 * noise)
    outside = alpha2 * (lam * S.s + q * taken)
    inside = S.nu * S.s + alpha2 * q * (lam * (lam + noise) / (lam + tau**2 * noise))
    return outside, inside


def printed_form(a: Author) -> Expr:
    """Ambient term, and one term for each plane."""
    outside, inside = blurred(a, KEPT)
    ambient = (S.D - S.k) * (S.c - S.h) ** 2 / (S.c * S.h**2)
    return ambient + a.model.sum(outside * (1 / S.h**2 - 1 / ((S.c + S.a) * (S.h + inside))))


def stable_form(a: Author) -> Expr:
    """The same without a difference of nearly equal numbers."""
    outside, inside = blurred(a, S.cos**2)
    top = S.h * (S.nu + S.a + inside) + (S.nu + S.a) * inside
    plane = outside * top / (S.h**2 * (S.c + S.a) * (S.h + inside))
    return (S.D - S.k) * S.nu**2 / (S.c * S.h**2) + a.model.sum(plane)


def above(a: Author, variance: Expr, noise: Expr) -> Rule:
    """The line holds above the threshold, where the overlap is positive."""
    stated = (variance - tau * noise, 1 - tau**2 * (noise / variance) ** 2)
    return NAMED & while_seen(a, S.lam, S.lam_s) & while_positive(*(a.model.written(part) for part in stated))


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The closed form at the angles of the estimated encoder, and what its overlaps are."""
    a = Author("estimated-encoder", assumptions)
    frozen, angles = frozen_latent_error.derive(assumptions), sample_angles.derive(assumptions)
    closed = frozen.closed
    turned = given(ADMITTED[0] + ", admitted", (tilt, 1 - overlap_s * KEPT))
    a.chain("squared sine to the target", tilt).eq(1 - overlap_s * KEPT, turned).eq(
        S.s + (1 - overlap_s) * KEPT, while_seen(a, S.lam_s)
    )
    limits = NAMED & while_positive(overlap_s, 1 - tau**2 * b_s**2)
    general = (
        a.chain("the error at these angles", tilted(closed, overlap_s))
        .eq(tilted(closed, limit(b_s)), LIMIT & limits)
        .eq(tilted(closed, limit(S.sigma_s2 / S.lam_s)), NAMES & limits & above(a, S.lam_s, S.sigma_s2))
    )
    alike = {"lambda_s_i": S.lam, "sigma_s2": S.sigma2}
    printed = a.chain("when the source has the target's variances", substitute(general.end, alike)).eq(
        printed_form(a), above(a, S.lam, S.sigma2)
    )
    evaluated = a.chain("as evaluated", printed.end).eq(stable_form(a), while_seen(a, S.lam))
    return a.finish(
        section="Beyond Gaussian, from data",
        title="Error behind an estimated encoder",
        statement=(
            "When the encoder is spanned by the leading eigenvectors of n samples of the source in D dimensions, "
            "`tau^2 = D/n`, the error is to leading order that of a frozen latent whose squared cosines are "
            "multiplied by the overlaps `(1 - tau^2 b^2)/(1 + tau^2 b)`, `b = sigma_s^2/lambda_s`, of the source's "
            "directions with their estimates. The value below is for a source with the target's variances: even with "
            "equal subspaces the estimate costs something, which vanishes as `D/n` goes to 0."
        ),
        outputs=(Output("E", printed.end, evaluated.end),),
        limits=(
            "`h > 0`, and every encoder direction above the threshold, `lambda_s > tau sigma_s^2`: below it nothing of "
            "a direction is identifiable. Leading order for large D and n, in the source's eigenbasis."
        ),
        rests_on=(frozen, angles),
        references=("Paul 2007; Benaych-Georges, Nadakuditi 2011 (overlap of eigenvectors in spiked models)",),
        admitted=ADMITTED,
        replaces=(
            Replacement("frozen-latent-error", "E", ("encoder", "estimated"), (general, printed), words=ESTIMATED),
        ),
        states=(a.model.written(S.lam),),
    )
