"""How many directions a latent space shared by source and target needs.

Problem: which eigenvalues of the pooled data, ambient noise not counted, exceed a threshold tau? Guarantee: exact, as
two inequalities in each principal plane; and what is lost with one direction a plane, at equal weights and variances.
"""

from __future__ import annotations

from functools import cache

from derivations import mixture_spectrum, principal_planes
from derivations.mixture_spectrum import FRAMES, GAP, LARGER, NOISE, PRODUCT, SMALLER, TOTAL, rest, signal_block, w
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import while_positive
from theory.cited_spectra import POOLED_VARIANCES, WHILE_PLANE
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, literal, num, substitute
from theory.fold import fold
from theory.rules import ALGEBRA, TOLERANCE_CERTIFICATE

tau = S.tau


def _criterion(a: Author) -> None:
    """Both eigenvalues exceed tau exactly when the excesses have a positive product and a positive sum; one does when
    the product is negative, or zero with a positive sum."""
    product = a.chain("product of the two excesses", (LARGER - tau) * (SMALLER - tau))
    product.eq(PRODUCT - tau * (TOTAL - tau), ALGEBRA & POOLED_VARIANCES)
    a.chain("sum of the two excesses", LARGER - tau + (SMALLER - tau)).eq(TOTAL - 2 * tau, ALGEBRA)
    both = w * rest * S.lam_s * S.lam
    a.chain("the product as a bound of the angle", product.end).eq(
        both * (S.s - tau * (TOTAL - tau) / both), while_positive(a.model.written(both))
    )


def _ends(a: Author) -> None:
    """Nested spaces: one direction a plane, whatever the threshold."""
    nested = {"s_i": num(0), "cos_i": num(1)}
    root = a.chain("nested: the root", fold(substitute(GAP, nested))).root(TOTAL, POOLED_VARIANCES).lemma()
    a.chain("nested: the larger", fold(substitute(LARGER, nested))).eq(TOTAL, root)
    a.chain("nested: a second direction has no variance", fold(substitute(SMALLER, nested))).eq(num(0), root)


def _one_direction(a: Author) -> None:
    """Equal weights and variances: the direction is the bisector, and each side misses sin^2 of half the angle."""
    half = {"weight": num(1) / 2, "lambda_s_i": S.lam}
    u, v, _ = principal_planes.pair_block(a)
    between = u + v
    block = fold(substitute(signal_block(a), half))
    a.chain("equal weights and variances: the bisector is an eigenvector", block @ between).eq(
        S.lam * (1 + S.cos) / 2 * between, FRAMES
    )
    a.chain("its squared length", between.T @ between).eq(_entry(2 + 2 * S.cos), FRAMES)
    a.chain("its inner product with the source's direction", u.T @ between).eq(_entry(1 + S.cos), FRAMES)
    a.chain("and with the target's", v.T @ between).eq(_entry(1 + S.cos), FRAMES)
    missed = S.lam * (1 - (1 + S.cos) ** 2 / (2 + 2 * S.cos))
    a.chain("what a side misses, `lambda_i sin^2` of half the angle", missed).eq(S.lam * (1 - S.cos) / 2, ALGEBRA)
    a.chain("what the target misses when the source's direction is frozen", S.lam * S.s).eq(
        2 * (1 + S.cos) * (S.lam * (1 - S.cos) / 2), ALGEBRA
    )


def _entry(x: Expr) -> Expr:
    """A 1 x 1 matrix, as an inner product of written-out columns is one."""
    return literal([[x]], 1, 1)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The criterion, its ends, and one direction a plane."""
    a = Author("shared-dimension", assumptions)
    spectrum = mixture_spectrum.derive(assumptions)
    larger, smaller = spectrum.outputs
    noise = a.model.written(NOISE)
    first = a.chain("the larger eigenvalue, over the threshold", larger.closed / tau - noise / tau)
    first.eq(LARGER / tau, ALGEBRA & TOLERANCE_CERTIFICATE)
    second = a.chain("the smaller eigenvalue, over the threshold", smaller.closed / tau - noise / tau)
    second.eq(SMALLER / tau, ALGEBRA & TOLERANCE_CERTIFICATE)
    stable = a.chain("the smaller one, as evaluated", second.end).eq(
        2 * PRODUCT / (TOTAL + GAP) / tau, WHILE_PLANE & TOLERANCE_CERTIFICATE
    )
    _criterion(a)
    _ends(a)
    _one_direction(a)
    return a.finish(
        title="Dimension of a shared latent space",
        statement=(
            "How many eigenvalues of the pooled data, ambient noise not counted, lie above a threshold `tau`: as "
            "many as there are values above 1 below. With `S_i = pi lambda_s_i + (1 - pi) lambda_i`, plane i has "
            "two exactly when `tau < S_i/2` and `s_i > tau (S_i - tau)/(pi (1 - pi) lambda_s_i lambda_i)`, as the "
            "excesses of both have a positive product and a positive sum; otherwise one exactly when the larger "
            "is above `tau`. A nested plane, `theta_i = 0`, never has two. So where all variances are positive "
            "and `tau` is small the number is `k + d` less the number of angles that are zero: the larger of `k` "
            "and `d` for nested spaces, `k + d` where no angle is zero. At equal weights and variances one "
            "direction a plane, the bisector, misses the variance `lambda_i (1 - cos theta_i)/2` on either side, "
            "`lambda_i` times the squared sine of half the angle; with the source's direction frozen the target "
            "misses `lambda_i s_i`, which is `2 (1 + cos theta_i)` times that."
        ),
        outputs=(
            Output("larger over tau", first.end, first.end, over="target"),
            Output("smaller over tau", second.end, stable.end, over="target"),
        ),
        limits=(
            "`tau > 0`, `0 < pi < 1`, equal means; both latent covariances diagonal in the principal basis. An "
            "eigenvalue equal to `tau` does not lie above it. Where neither domain has variance in a plane it "
            "needs no direction, and the form of the smaller value that is evaluated does not apply."
        ),
        section="Mixed training",
        states=WHILE_PLANE.facts(a.model).conditions,
        rests_on=(spectrum, principal_planes.derive(assumptions)),
    )
