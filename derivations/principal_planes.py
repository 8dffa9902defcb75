"""Principal planes: one orthonormal basis in which encoder, target and covariance are block diagonal.

Problem: U (D x k) and V (D x d) are orthonormal frames in general position. In which basis is all that follows made of
2 x 2 and 1 x 1 blocks? Source: the CS decomposition; here derived from Gram relations for symbolic sizes.
"""

from __future__ import annotations

from functools import cache

from theory import rules
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, gram_lemma
from theory.cited import SELECTION, SVD, C, E, Sines, Y, Z
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, eye, letter, literal, num, trace, zero
from theory.rules import ALGEBRA, ENCODER_ORTHONORMAL, PRINCIPAL_PLANES, TARGET_ORTHONORMAL, given

N, W, L = letter("N", "D", "d"), letter("W", "D", "m"), letter("L", "d", "d", symmetric=True)

MISSED = given("`N = V Z - U Y C`", (N, S.V @ Z - S.U @ Y @ C))
PLANE_DIRECTIONS = given("`W = N E S^-1`", (W, N @ E @ Sines.inv))
FRAMES = ENCODER_ORTHONORMAL & TARGET_ORTHONORMAL & SVD


def _frames(a: Author) -> tuple[Chain, Chain, Chain]:
    """The columns of U Y and W are orthonormal, and V Z is made of them."""
    u = S.U @ Y
    a.chain("the encoder's directions are orthonormal", u.T @ u).eq(Y.T @ Y, ENCODER_ORTHONORMAL).eq(eye("k"), SVD)
    a.chain("the target's directions are orthonormal", (S.V @ Z).T @ (S.V @ Z)).eq(Z.T @ Z, TARGET_ORTHONORMAL).eq(
        eye("d"), SVD
    )
    cosines = a.chain("cosines", u.T @ (S.V @ Z)).eq(Y.T @ Y @ C @ Z.T @ Z, SVD).eq(C, SVD)
    a.chain("what is missed is orthogonal to the encoder", u.T @ N).eq(u.T @ S.V @ Z - u.T @ u @ C, MISSED).eq(
        C - Y.T @ Y @ C, FRAMES
    ).eq(zero("k", "d"), SVD)
    gram = (
        a.chain("Gram matrix of what is missed", N.T @ N)
        .eq((S.V @ Z).T @ S.V @ Z - (S.V @ Z).T @ u @ C - C.T @ u.T @ S.V @ Z + C.T @ u.T @ u @ C, MISSED)
        .eq(eye("d") - C.T @ C, FRAMES)
        .eq(E @ Sines @ Sines @ E.T, SELECTION)
    )
    a.chain("the plane directions are orthonormal", W.T @ W).eq(
        Sines.inv @ E.T @ N.T @ N @ E @ Sines.inv, PLANE_DIRECTIONS
    ).eq(eye("m"), gram.lemma() & SELECTION)
    orthogonal = a.chain("and orthogonal to the encoder", u.T @ W).eq(
        zero("k", "m"), PLANE_DIRECTIONS & MISSED & FRAMES
    )
    return cosines, gram, orthogonal


def _target_in_planes(a: Author, gram: Chain) -> Chain:
    """V Z = U Y C + W S E^T: v_i = cos u_i + sin w_i."""
    outside = N @ (eye("d") - E @ E.T)
    nothing = (
        a.chain("Gram matrix of the directions with angle zero", outside.T @ outside)
        .eq((eye("d") - E @ E.T) @ N.T @ N @ (eye("d") - E @ E.T), ALGEBRA)
        .eq(zero("d", "d"), gram.lemma() & SELECTION)
    )
    return (
        a.chain("the target in the common basis", S.V @ Z)
        .eq(S.U @ Y @ C + N, MISSED)
        .eq(S.U @ Y @ C + N @ E @ E.T + N @ (eye("d") - E @ E.T), ALGEBRA)
        .eq(S.U @ Y @ C + N @ E @ E.T, gram_lemma(nothing, outside))
        .eq(S.U @ Y @ C + W @ Sines @ E.T, PLANE_DIRECTIONS & SELECTION)
    )


def _covariances(a: Author, target: Chain) -> None:
    """Sigma and M in the common basis; the complement of the encoder contains the w_i."""
    latent = given("`L = Z^T Lambda Z`", (L, Z.T @ S.Lam @ Z))
    inside = S.U @ Y @ C + W @ Sines @ E.T
    low_rank = a.chain("the latent covariance in the common basis", S.V @ S.Lam @ S.V.T).eq(
        S.V @ Z @ (Z.T @ S.Lam @ Z) @ (S.V @ Z).T, SVD
    )
    low_rank.eq(S.V @ Z @ L @ (S.V @ Z).T, latent)
    moved = a.chain("and with the target's directions", S.V @ Z @ L @ (S.V @ Z).T)
    moved.eq(inside @ L @ inside.T, target.lemma() & SVD)
    a.chain("the encoded covariance", (S.U @ Y).T @ S.Sigma @ (S.U @ Y)).eq(
        S.alpha**2 * (C @ (Z.T @ S.Lam @ Z) @ C.T) + S.c * eye("k"), rules.TARGET_COVARIANCE & FRAMES
    ).eq(S.alpha**2 * (C @ L @ C.T) + S.c * eye("k"), latent)
    a.chain("the complement loses the encoder", S.P @ S.U @ Y).eq(zero("D", "k"), rules.PROJECTOR & ENCODER_ORTHONORMAL)
    orthogonal = theorem_free_zero(a)
    a.chain("and keeps the plane directions", S.P @ W).eq(W - S.U @ (S.U.T @ W), rules.PROJECTOR).eq(W, orthogonal)


def theorem_free_zero(a: Author) -> rules.Rule:
    """U^T W = 0, from (U Y)^T W = 0 and Y Y^T = I."""
    chain = (
        a.chain("the encoder is orthogonal to the plane directions", S.U.T @ W)
        .eq(Y @ (S.U @ Y).T @ W, SVD)
        .eq(zero("k", "m"), PLANE_DIRECTIONS & MISSED & FRAMES)
    )
    return chain.lemma()


def _blocks(a: Author) -> None:
    """The block table, each entry tied to the Gram relations it must have."""
    blocks = ENCODER_ORTHONORMAL & TARGET_ORTHONORMAL
    classes = (*a.model.planes().classes, a.model.aligned())
    cosine = {"pair": S.cos, "aligned": num(1)}
    for b in classes:
        u = literal([list(row) for row in b.U], b.ambient, b.encoder)
        v = literal([list(row) for row in b.V], b.ambient, b.target)
        a.chain(f"{b.name}: the encoder's direction has length one", u.T @ u).eq(_identity(b.encoder), blocks)
        a.chain(f"{b.name}: the target's direction has length one", v.T @ v).eq(_identity(b.target), blocks)
        between = literal([[cosine[b.name]]] if b.name in cosine else [], b.encoder, b.target)
        a.chain(f"{b.name}: their inner product is the cosine", u.T @ v).eq(between, blocks)
    u, v, sigma = pair_block(a)
    mixed = S.a * S.cos * S.sin
    written = literal([[S.a * S.cos**2 + S.c, mixed], [mixed, S.a * S.sin**2 + S.c]], 2, 2)
    a.chain("pair: the covariance", sigma).eq(written, ALGEBRA)
    a.chain("pair: the encoded covariance", u.T @ sigma @ u).eq(literal([[S.a * S.cos**2 + S.c]], 1, 1), blocks)
    projector = literal([[1, 0], [0, 1]], 2, 2) - u @ u.T
    a.chain("pair: the complement", projector).eq(literal([[0, 0], [0, 1]], 2, 2), blocks)
    _degenerate(a, v, sigma)


def pair_block(a: Author) -> tuple[Expr, Expr, Expr]:
    """Of a pair, in the basis (u, w): the encoder's direction, the target's, and the covariance."""
    pair = a.model.planes().classes[0]
    u, v = literal([list(row) for row in pair.U], 2, 1), literal([list(row) for row in pair.V], 2, 1)
    return u, v, S.a * (v @ v.T) + S.c * literal([[1, 0], [0, 1]], 2, 2)


def _identity(size: int) -> Expr:
    return literal([[num(int(i == j)) for j in range(size)] for i in range(size)], size, size)


def _degenerate(a: Author, v: Expr, sigma: Expr) -> None:
    """At angle 0 a pair is an aligned direction and a rest; at pi/2 a spare and a lost one. So a formal
    multiplicity (D - k - d rests, k - d spares, negative or not) counts every case."""
    from theory.expr import substitute

    aligned_and_rest = literal([[S.a + S.c, 0], [0, S.c]], 2, 2)
    spare_and_lost = literal([[S.c, 0], [0, S.a + S.c]], 2, 2)
    at = {"cos_i": num(1), "sin_i": num(0)}
    a.chain("angle zero is an aligned direction and a rest", substitute(sigma, at)).eq(aligned_and_rest, ALGEBRA)
    at = {"cos_i": num(0), "sin_i": num(1)}
    a.chain("a right angle is a spare and a lost direction", substitute(sigma, at)).eq(spare_and_lost, ALGEBRA)


def _traces(a: Author) -> tuple[Output, ...]:
    """What the blocks say of the traces that all later results are made of."""
    D, k, c, d_a, s = S.D, S.k, S.c, S.a, S.s
    q = S.cos**2
    total = a.model.sum
    rows = (
        ("`tr Sigma`", trace(S.Sigma), D * c + total(d_a), D * c + total(d_a)),
        ("`tr M`", trace(S.M), k * c + total(d_a * (1 - s)), k * c + total(d_a * q)),
        ("`tr P Sigma`", trace(S.P @ S.Sigma), (D - k) * c + total(d_a * s), (D - k) * c + total(d_a * s)),
        (
            "`tr Sigma^2`",
            trace(S.Sigma @ S.Sigma),
            D * c**2 + total(d_a * (2 * c + d_a)),
            D * c**2 + total(d_a * (2 * c + d_a)),
        ),
        (
            "`tr M^2`",
            trace(S.M @ S.M),
            k * c**2 + total(d_a * (1 - s) * (2 * c + d_a * (1 - s))),
            k * c**2 + total(d_a * q * (2 * c + d_a * q)),
        ),
        (
            "`tr (P Sigma)^2`",
            trace(S.P @ S.Sigma @ S.P @ S.Sigma),
            (D - k) * c**2 + total(d_a * s * (2 * c + d_a * s)),
            (D - k) * c**2 + total(d_a * s * (2 * c + d_a * s)),
        ),
    )
    outputs = []
    for name, start, closed, stable in rows:
        chain = a.chain(name, start).eq(closed, PRINCIPAL_PLANES)
        if stable != closed:
            stable = a.chain(f"{name}, as evaluated", chain.end).eq(stable, ALGEBRA).end
        outputs.append(Output(name.strip("`"), chain.end, a.model.written(stable)))
    return tuple(outputs)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The block table from Gram relations, and the traces that it gives."""
    a = Author("principal-planes", assumptions)
    _, gram, _ = _frames(a)
    target = _target_in_planes(a, gram)
    _covariances(a, target)
    _blocks(a)
    outputs = _traces(a)
    return a.finish(
        section="The score",
        title="Principal planes",
        statement=(
            "With the singular value decomposition `U^T V = Y C Z^T`, the columns of `U Y` and of `W`, the "
            "normalised columns of `V Z - U Y C`, are orthonormal, and `U`, `V`, `P` (and `Sigma`, `M` when "
            "`Z^T Lambda Z` is diagonal) consist of one `2 x 2` block a principal pair and of `1 x 1` blocks. The "
            "traces below follow."
        ),
        outputs=outputs,
        limits=(
            "Any `k, d <= D`. A sum runs over the `d` target directions; one without partner has `s = 1`. A "
            "pair at angle zero is one aligned direction and a rest, a pair at `pi/2` a spare and a lost one, "
            "so counts may be formal."
        ),
        references=("Golub, Van Loan: Matrix Computations (CS decomposition)",),
    )
