"""The 2-Wasserstein distance of the generated law from the target, in closed form plane by plane.

Problem: W_2^2(p_h, q_h), p_h the diffused target and q_h the Gaussian whose score is s_U. Guarantee: exact at h > 0,
finite as h -> 0. Source: the Bures-Wasserstein formula (cited); the roots of 2 x 2 blocks are taken by trace and
determinant.
"""

from __future__ import annotations

from functools import cache, reduce
from operator import and_

from derivations import exact_kl, forward_marginal, generated_law, principal_planes
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import BURES
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, bures, call, num, plane_sum
from theory.fold import fold
from theory.rules import ALGEBRA, PRINCIPAL_PLANES, Rule

c, la, s, h, nu = S.c, S.a, S.s, S.h, S.nu
D, k, d = S.D, S.k, S.d


def root(x: Expr) -> Expr:
    return call("sqrt", x)


class Roots:
    """The roots of the closed form in a model: without ambient noise `sqrt(c h)` is h, and a direction without
    partner has a root of its own."""

    def __init__(self, a: Author) -> None:
        self.a, self.quiet, self.alone = a, "sigma2" in a.model.fixed, a.model.dims == "k<d"
        self.mean: Expr = h if self.quiet else root(c * h)
        self.lost: Expr = root((c + la) * h)

    def seen(self, q: Expr) -> Expr:
        """Variance along u_i."""
        return c + la * q

    def product(self, q: Expr) -> Expr:
        """Root of the product of the variances along v_i and along u_i."""
        return root((c + la) * self.seen(q))

    def cross(self, q: Expr) -> Expr:
        """Half of what the two covariances of a plane have in common: a nested root."""
        return root(self.seen(q) ** 2 + h * (c + la * s) + 2 * self.mean * self.product(q))

    def sum(self, plane: Expr, lost: Expr) -> Expr:
        """Over the planes, and for k < d over the target directions without partner."""
        return plane_sum(plane, "pairs") + plane_sum(lost, "lost") if self.alone else plane_sum(plane)


def _distance(a: Author, w: Roots) -> Chain:
    """The cited formula class by class, with the root of a determinant split into the roots of two products."""
    m = w.seen(1 - s)
    split = (
        a.chain("root of the product of two determinants", root(c * (c + la) * m * h))
        .root(w.mean * w.product(1 - s), ALGEBRA)
        .lemma()
    )
    blocks = 2 * c + la + m + h - 2 * root(m**2 + h * (c + la * s) + 2 * root(c * (c + la) * m * h))
    ambient = num(0) if w.quiet else c + h - 2 * w.mean
    alone = c + la + h - 2 * w.lost
    return (
        a.chain("`W_2^2` in principal planes", bures(S.Sigma, S.Q))
        .eq((D - k - d) * ambient + w.sum(blocks, alone), PRINCIPAL_PLANES & BURES)
        .eq((D - k - d) * ambient + w.sum(2 * c + la + m + h - 2 * w.cross(1 - s), alone), split)
        .eq(closed_form(w), ALGEBRA)
    )


def closed_form(w: Roots) -> Expr:
    """Ambient part, and what each plane adds to the two ambient directions that it takes up."""
    plane = c + la + w.seen(1 - s) + 2 * w.mean - 2 * w.cross(1 - s)
    ambient = num(0) if w.quiet else (D - k) * (c + h - 2 * w.mean)
    return fold(ambient + w.sum(plane, la + 2 * w.mean - 2 * w.lost))


def stable_form(w: Roots) -> Expr:
    """The same as sums of nonnegative terms: each difference times its conjugate."""
    q = S.cos**2
    both = c + la + w.seen(q)  # of the variances along v_i and along u_i
    narrow = 4 * w.mean * la * s / (both + 2 * w.product(q))
    plane = la * s * (4 * nu + la * (1 + 3 * q) + narrow) / (both + 2 * w.mean + 2 * w.cross(q))
    alone = la * (la + 4 * h * nu / (w.mean + h)) / (la + 2 * w.mean + 2 * w.lost)
    ambient = num(0) if w.quiet else (D - k) * nu**2 / (c + h + 2 * w.mean)
    return fold(ambient + w.sum(plane, alone))


def _limit(a: Author, w: Roots, closed: Expr) -> None:
    """h -> 0: K - 2 sqrt(h) (...) <= W_2^2 <= K, with K the mean square of alpha x_0 outside the encoder."""
    m, x, g, p = w.seen(1 - s), w.cross(1 - s), w.mean, w.product(1 - s)
    outside = fold((D - k) * nu) + a.model.sum(la * s)
    missing = fold(2 * (D - k) * h * nu / (g + h)) + w.sum(
        2 * la * s * (h + 2 * g * m / (p + m)) / (x + m + g),
        2 * la * h * (w.lost + g) / (h * (2 * c + la) + 2 * w.lost * g),
    )
    a.chain("`W_2^2` is at most the mean square outside the encoder: what is missing", outside - closed).eq(
        missing, ALGEBRA
    ).ge(0)
    v, n = w.lost, root(c * m)
    split = _split_roots(a, w, v, n)
    rate = 2 * (D - k) * g + a.model.sum(2 * v)
    left = h * m + 2 * m * g + 2 * g * v + 2 * v * m * la * (1 - s) / (m + n)
    a.chain("and what is missing is of order `sqrt(h)`", closed - (outside - rate)).eq(
        2 * (D - k) * h + w.sum(2 * left / (m + g + v + x), 2 * g), split
    ).ge(0)


def _split_roots(a: Author, w: Roots, v: Expr, n: Expr) -> Rule:
    """The roots of products, each as the product of two roots."""
    z, b, e, f = (root(x) for x in (h, c, c + la, w.seen(1 - s)))
    pairs = [
        ("along `v_i` and `u_i`", w.product(1 - s), e * f),
        ("along `v_i` and of the noise", v, e * z),
        ("along `u_i` and off the latent space", n, b * f),
    ]
    if not w.quiet:
        pairs.append(("off the latent space and of the noise", w.mean, b * z))
    chains = [a.chain(f"root of the product of the variances {name}", whole) for name, whole, _ in pairs]
    lemmas = [chain.root(parts, ALGEBRA).lemma() for chain, (_, _, parts) in zip(chains, pairs, strict=True)]
    return reduce(and_, lemmas)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Roots of the blocks, the closed form, its value at h = 0 and its bound there."""
    a = Author("exact-w2", assumptions)
    w = Roots(a)
    planes = _distance(a, w)
    evaluated = a.chain("as evaluated", planes.end).eq(stable_form(w), ALGEBRA)
    _limit(a, w, planes.end)
    return a.finish(
        section="What is generated",
        title="Exact Wasserstein distance of latent reuse",
        statement=(
            "The squared 2-Wasserstein distance of the generated law `N(0, Q)` from the diffused target. With `K = "
            "(D-k) alpha^2 sigma^2 + sum_i a_i s_i`, the mean square of `alpha x_0` outside the encoder, `K - rate <= "
            "W_2^2 <= K` where the rate `2 (D-k) sqrt(c h) + 2 sum_i sqrt(h (c + a_i))` vanishes as `h -> 0`. So it "
            "tends to `K`, while the KL diverges if `K` is positive; both are 0 otherwise."
        ),
        outputs=(Output("W2^2", planes.end, evaluated.end),),
        limits="`h > 0`. The value at `h = 0` is the limit, `K`.",
        rests_on=(
            forward_marginal.derive(assumptions),
            principal_planes.derive(assumptions),
            exact_kl.derive(assumptions),
            generated_law.derive(assumptions),
        ),
        references=("Givens, Shortt 1984 (Wasserstein distance of Gaussians)",),
    )
