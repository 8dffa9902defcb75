"""Principal angles between subspaces that are estimated from samples: their bias, and when nothing can be said.

Problem: source and target are each known from n independent samples in D dimensions; which angles will be measured
between their leading eigenvectors? Guarantee: the limit as D and n grow at a fixed D/n, taken from the literature on
the spiked covariance model and admitted here; what follows from it is proved. Source: Baik, Ben Arous, Peche 2005;
Paul 2007; Benaych-Georges, Nadakuditi 2011.
"""

from __future__ import annotations

from functools import cache

from derivations import principal_planes
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import while_positive
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, num, substitute, sym
from theory.fold import fold
from theory.rules import SOURCE_CERTIFICATE, TOLERANCE_CERTIFICATE, Rule, given

tau, b, b_s = S.tau, sym("b_i"), sym("b_s_i")
overlap, overlap_s, seen = sym("overlap_i"), sym("overlap_s_i"), sym("seen_i")
ADMITTED = (
    "overlap of a sample eigenvector in the spiked covariance model (Paul 2007; Benaych-Georges, Nadakuditi 2011)",
    "what a sample eigenvector holds beyond that is orthogonal to every independent direction in the limit",
)


def limit(ratio: Expr) -> Expr:
    """Squared cosine of a direction and its estimate: (1 - gamma/l^2)/(1 + gamma/l), gamma = tau^2 and l = 1/ratio."""
    return (1 - tau**2 * ratio**2) / (1 + tau**2 * ratio)


NAMES = given(
    "`b_i = sigma^2/lambda_i`, `b_s = sigma_s^2/lambda_s`", (b, S.sigma2 / S.lam), (b_s, S.sigma_s2 / S.lam_s)
)
LIMIT = given("spiked covariance, admitted", (overlap, limit(b)), (overlap_s, limit(b_s)))
BLURRED = given(
    "each estimate is its direction times the root of its overlap, plus what is orthogonal to all else, admitted",
    (seen, overlap_s * (1 - S.s) * overlap),
)


def written_out(variance: Expr, noise: Expr) -> Expr:
    """The overlap by the latent variance and the ambient noise."""
    top = (variance - tau * noise) * (variance + tau * noise)
    return top / (variance * (variance + tau**2 * noise))


NAMED = while_positive(1 + tau**2 * b, 1 + tau**2 * b_s)  # denominators of the limits


def while_seen(a: Author, *variances: Expr) -> Rule:
    """The line holds while these latent variances are positive."""
    return while_positive(*(a.model.written(variance) for variance in variances))


def overlap_chains(a: Author, name: str, of: Expr, ratio: Expr, variance: Expr, noise: Expr) -> tuple[Chain, Chain]:
    """The overlap of one direction, from the limit theorem to variances, and without fractions in fractions."""
    here, both = while_seen(a, variance), while_seen(a, S.lam, S.lam_s)
    printed = (
        a.chain(f"overlap of an estimated {name} direction", of)
        .eq(limit(ratio), LIMIT & NAMED)
        .eq(limit(noise / variance), NAMES & both & NAMED)
    )
    evaluated = a.chain(f"overlap of an estimated {name} direction, as evaluated", printed.end).eq(
        written_out(variance, noise), here
    )
    return printed, evaluated


def _sign(a: Author, name: str, value: Expr, variance: Expr, noise: Expr, certificate: Rule) -> None:
    """What noise takes of the overlap; over the same positive denominator, both it and the overlap have the sign of
    a polynomial."""
    here = while_seen(a, variance)
    below = variance * (variance + tau**2 * noise)
    a.chain(f"what the samples' noise takes of a {name} direction", 1 - value).eq(
        tau**2 * noise * (variance + noise) / below, here
    )
    a.chain(f"a {name} direction: its numerator", fold(a.model.written(tau**2 * noise * (variance + noise)))).ge(
        0, certificate
    )
    a.chain(f"a {name} direction is seen above the threshold", value * below).eq(
        (variance - tau * noise) * (variance + tau * noise), here
    )
    ceiling, exact = tau**2 * noise * (variance + noise), variance + tau**2 * noise
    a.chain(
        f"a {name} direction: at most `tau^2 b (1 + b)` is taken, cross-multiplied",
        fold(a.model.written(ceiling * variance)),
    ).le(ceiling * exact, certificate)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Overlaps, then the measured cosines, then what is measured between equal subspaces."""
    a = Author("sample-angles", assumptions)
    target, target_value = overlap_chains(a, "target", overlap, b, S.lam, S.sigma2)
    source, source_value = overlap_chains(a, "source", overlap_s, b_s, S.lam_s, S.sigma_s2)
    _sign(a, "target", target_value.end, S.lam, S.sigma2, TOLERANCE_CERTIFICATE)
    _sign(a, "source", source_value.end, S.lam_s, S.sigma_s2, TOLERANCE_CERTIFICATE & SOURCE_CERTIFICATE)
    both = while_seen(a, S.lam, S.lam_s)
    general = (
        a.chain("measured squared cosine", seen)
        .eq(overlap_s * (1 - S.s) * overlap, BLURRED)
        .eq(source.end * (1 - S.s) * target.end, LIMIT & NAMES & NAMED & both)
    )
    a.chain("between equal subspaces", fold(substitute(general.end, {"s_i": num(0)}))).eq(source.end * target.end, both)
    a.chain("the true squared cosine, from the measured one", seen / (overlap_s * overlap)).eq(
        1 - S.s, BLURRED & while_positive(overlap_s * overlap)
    )
    alike = {"lambda_s_i": S.lam, "sigma_s2": S.sigma2}
    measured = a.chain("when the source has the target's spikes", substitute(general.end, alike)).eq(
        target.end**2 * (1 - S.s), both
    )
    evaluated = a.chain("measured squared cosine, as evaluated", measured.end).eq(
        target_value.end**2 * S.cos**2, while_seen(a, S.lam)
    )
    return a.finish(
        section="Beyond Gaussian, from data",
        title="Principal angles from samples",
        statement=(
            "Source and target are each estimated by the leading eigenvectors of n samples in D dimensions, `tau^2 = "
            "D/n`. In the limit an estimated direction has the squared cosine `(1 - tau^2/l^2)/(1 + tau^2/l)` with "
            "the true one, `l = lambda_i/sigma^2`, if `l > tau`; otherwise nothing of it can be identified. The "
            "squared cosine measured between the two estimates is the true one times both overlaps: angles are "
            "overestimated, and equal subspaces show an angle, which vanishes as `D/n` goes to 0. Dividing by the "
            "overlaps gives the true angle back. The values below are for a source with the target's spikes."
        ),
        outputs=(
            Output("overlap", target.end, target_value.end, over="pairs"),
            Output("measured squared cosine", measured.end, evaluated.end, over="pairs"),
        ),
        limits=(
            "`lambda_i > tau sigma^2` and `lambda_s > tau sigma_s^2`, in the limit of large D and n. Several spikes: "
            "the singular values of `R_s (V_s^T V) R_t` in the two eigenbases, where `R` holds the roots of the "
            "overlaps; the values here are for eigenbases that are the principal ones."
        ),
        rests_on=(principal_planes.derive(assumptions),),
        references=(
            "Baik, Ben Arous, Peche 2005 (threshold)",
            "Paul 2007; Benaych-Georges, Nadakuditi 2011 (overlap of eigenvectors in spiked models)",
        ),
        admitted=ADMITTED,
        states=(a.model.written(S.lam),),
    )
