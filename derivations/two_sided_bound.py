"""Two-sided bound: what the error is up to a factor, with the cases where each side is attained.

Problem: bounds of E that show its size at a glance. Guarantee: tight. Lower: equality at sigma = 0, theta = pi/2, and
at rho = 1, lambda = 0; upper: ratio 1 as a/h -> infinity, as rho -> 0 and as rho -> infinity.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, num, substitute
from theory.rules import ALGEBRA, CERTIFICATE, RHO

TERM = S.a * S.s * (1 / S.h**2 - 1 / ((S.c + S.a) * (S.c + S.a * (1 - S.s))))
FLOOR = S.a / (S.h + S.a) * (S.a * S.s / S.h**2)
CEILING = S.a * S.s / S.h**2
LEAST = call("min", S.rho, S.rho**2)


def _parts(a: Author) -> None:
    """The bounds of one plane's term and of the ambient term, on their own."""
    a.chain("a plane's term, from above", TERM).le(CEILING)
    a.chain("a plane's term, from below", TERM).ge(FLOOR)
    ambient = (S.c - S.h) ** 2 / (S.c * S.h**2)
    ratio = S.rho**2 / (S.h * (1 + S.rho))
    written = a.chain("the ambient term in the ratio `rho`", ambient).eq(ratio, RHO)
    a.chain("the ambient term, from above", written.end).cases("<=", LEAST / S.h, S.rho, RHO & CERTIFICATE)
    a.chain("the ambient term, from below", written.end).cases(">=", LEAST / (2 * S.h), S.rho, RHO & CERTIFICATE)


def _tightness(a: Author) -> None:
    """Where each side is attained, or attained in the limit with a certified rate."""
    worst = {"s_i": num(1), "c": S.h}
    a.chain("the lower bound is attained at `sigma = 0`, `theta = pi/2`", substitute(TERM, worst)).eq(
        substitute(FLOOR, worst), ALGEBRA
    )
    at_one = {"rho": num(1)}
    a.chain("and the ambient one at `rho = 1`", substitute(S.rho**2 / (S.h * (1 + S.rho)), at_one)).eq(
        num(1) / (2 * S.h), ALGEBRA
    )
    a.chain("the upper bound is asymptotic: what is missing of it", CEILING - TERM).le(S.h / (S.h + S.a) * CEILING)
    a.chain("small ambient ratio: what is missing", S.rho**2 / S.h - S.rho**2 / (S.h * (1 + S.rho))).le(
        S.rho * (S.rho**2 / S.h)
    )
    a.chain("large ambient ratio: what is missing", S.rho / S.h - S.rho**2 / (S.h * (1 + S.rho))).le(1 / S.h)


def lower_form(a: Author) -> Expr:
    """The bound of all of E from below."""
    return (S.D - S.k) * (LEAST / (2 * S.h)) + a.model.sum(S.a**2 * S.s / (S.h**2 * (S.h + S.a)))


def upper_form(a: Author) -> Expr:
    """The bound of all of E from above."""
    return (S.D - S.k) * (LEAST / S.h) + a.model.sum(CEILING)


def _whole(a: Author, relation: str, name: str, bound: Expr) -> Expr:
    """A bound of all of E, from the closed form."""
    start = frozen_latent_error.derive(a.assumptions).closed
    return a.chain(name, start).cases(relation, bound, S.rho, RHO & CERTIFICATE).end


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Certificates term by term, then for the whole."""
    a = Author("two-sided-bound", assumptions)
    _parts(a)
    _tightness(a)
    lower = _whole(a, ">=", "lower bound", lower_form(a))
    upper = _whole(a, "<=", "upper bound", upper_form(a))
    error = frozen_latent_error.derive(assumptions).outputs[0]
    a.chain("the error", error.closed).eq(
        error.stable, frozen_latent_error.derive(assumptions).chain("as evaluated").lemma()
    )
    a.chain("the error, as printed", error.stable).eq(error.closed, ALGEBRA)
    return a.finish(
        section="Freezing the latent space",
        title="Two-sided bound",
        statement=(
            "Bounds that show the size of the error at a glance, with `rho = alpha^2 sigma^2/h`: each "
            "misalignment term lies within a factor `a_i/(h + a_i)` of its upper bound, the ambient term "
            "within a factor `1/2`. Both sides are tight: attained at `sigma = 0`, `theta = pi/2` and at `rho "
            "= 1` (lower), approached as `a_i/h` grows and as `rho` goes to 0 or to infinity (upper)."
        ),
        outputs=(
            Output("lower", lower, lower),
            Output("E", error.closed, error.stable),
            Output("upper", upper, upper),
        ),
        limits="`h > 0`. The upper bound of E in this form is for Gaussian targets.",
        rests_on=(frozen_latent_error.derive(assumptions),),
    )
