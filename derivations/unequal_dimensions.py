"""Unequal dimensions: lost target directions, spare encoder directions, and what one more encoder direction is worth.

Problem: E, KL and the error inside span(U) when k is not d, and how much of each goes when the encoder gets one more
direction. Guarantee: exact; a further direction never harms, and the missed part of a target direction saves most.
"""

from __future__ import annotations

from functools import cache

from derivations import exact_kl, frozen_latent_error, in_latent_gap
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, log, num, phi, plane_sum, replace, substitute, walk
from theory.fold import fold
from theory.rules import ALGEBRA, CERTIFICATE, LOG_BOUNDS, Rule

c, h, nu, la, s, q = S.c, S.h, S.nu, S.a, S.s, S.cos**2
WORDS = {"E": "`E`", "KL": "`KL`", "gap": "error inside `span(U)`"}
PLANES = "in principal planes"
AMBIENT = (c - h) ** 2 / (c * h**2)
AMBIENT_KL = phi(nu / h) / 2
TERM = la * s * (1 / h**2 - 1 / ((c + la) * (c + la * (1 - s))))
TERM_KL = (la * s / h - log((c + la) / (c + la * (1 - s)))) / 2
TERM_GAP = la**2 * s * (1 - s) / (c * (c + la) * (c + la * (1 - s)))


def _by_classes(a: Author, name: str, closed: Expr, ambient: Expr, term: Expr) -> None:
    """The closed form with the lost and the spare directions apart from the rest.

    Against k = d, a spare direction takes one ambient term away, and a lost one adds an ambient term and its own
    misalignment at a right angle.
    """
    rest = (S.D - S.d) * ambient
    if a.model.dims == "k<d":
        lost = plane_sum(ambient + fold(substitute(term, {"s_i": num(1)})), "lost")
        a.chain(f"{name}: pairs and lost directions", closed).eq(rest + plane_sum(term, "pairs") + lost, ALGEBRA)
    elif a.model.dims != "k=d":
        a.chain(f"{name}: planes and spare directions", closed).eq(
            rest - (S.k - S.d) * ambient + a.model.sum(term), ALGEBRA
        )


def _saved(a: Author, name: str, line: Expr, spare: Expr, caught: Expr, by: Rule) -> Expr:
    """What one more direction saves: a spare one, and the missed part of a target direction, whose angle becomes 0.

    `line` is a line of the calculation of the whole: its ambient term, and a sum over the target's directions.
    """
    complement = a.model.written(S.D - S.k)
    larger = replace(line, complement, complement - 1)
    term = next(node for node in walk(line) if node.head == "sum").children[0]
    aligned = fold(substitute(term, {"s_i": num(0)}))
    before, after = (line + term, fold(larger + aligned)) if larger != line else (term, aligned)
    if larger != line:
        a.chain(f"{name} saved by a spare direction", line - larger).eq(spare, ALGEBRA).ge(0, by)
    value = a.chain(f"{name} saved by the missed part of `v_i`", before - after).eq(caught, ALGEBRA)
    a.chain(f"{name} saved by the missed part of `v_i`: no less than by a spare one", value.end).ge(spare, by)
    return value.end


def _stable_forms() -> tuple[Expr, Expr, Expr]:
    """The amounts saved as sums of nonnegative terms."""
    wide, narrow = c + la, c + la * q
    top = h * (2 * nu + la * (1 + q)) + (nu + la) * (nu + la * q)
    error = nu**2 / (c * h**2) + la * s * top / (h**2 * wide * narrow)
    tail = la * s * (nu + la * q) / (h * narrow)
    return error, AMBIENT_KL + (phi(la * s / narrow) + tail) / 2, la**2 * s * q / (c * wide * narrow)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The closed forms by classes of directions, then the worth of one more direction."""
    a = Author("unequal-dimensions", assumptions)
    error, kl = frozen_latent_error.derive(assumptions), exact_kl.derive(assumptions)
    gap = in_latent_gap.derive(assumptions)
    _by_classes(a, "`E`", error.closed, AMBIENT, TERM)
    _by_classes(a, "`KL`", kl.closed, AMBIENT_KL, TERM_KL)
    # lines of the three calculations in which the ambient term and a plane's term stand as they come out of the blocks
    amounts = (
        ("E", error.chain(PLANES).links[1].expr, AMBIENT, AMBIENT + TERM, CERTIFICATE),
        ("KL", kl.chain(PLANES).links[1].expr, AMBIENT_KL, AMBIENT_KL + TERM_KL, LOG_BOUNDS),
        ("gap", gap.chain(PLANES).links[0].expr, num(0), TERM_GAP, CERTIFICATE),
    )
    outputs = []
    for (name, line, spare, caught, by), stable in zip(amounts, _stable_forms(), strict=True):
        value = _saved(a, WORDS[name], line, spare, caught, by)
        evaluated = a.chain(f"{WORDS[name]} saved, as evaluated", value).eq(stable, ALGEBRA)
        outputs.append(Output(f"{name} saved", value, evaluated.end, over="target"))
    return a.finish(
        section="Freezing the latent space",
        title="Unequal dimensions, and one more direction",
        statement=(
            "For `k > d` each of the `k - d` spare encoder directions takes one ambient term off `E` and `KL`; for `k "
            "< d` each of the `d - k` lost target directions adds one, and its misalignment at a right angle. One "
            "more encoder direction at right angles to the target saves exactly the ambient term, and nothing of the "
            "error inside `span(U)`. One along the part of `v_i` that the encoder misses, which is all of `v_i` for a "
            "lost direction, saves what plane i adds as well: the amounts of `E`, of `KL` and of the error inside "
            "`span(U)` are given for each `i`, and none is less than what a spare direction saves."
        ),
        outputs=tuple(outputs),
        limits="`h > 0`, `k < D`; the direction added is orthogonal to `span(U)` and to the other planes.",
        rests_on=(error, kl, gap),
    )
