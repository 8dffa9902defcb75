"""The critical angle: the largest principal angle at which one plane's misalignment stays within a tolerance.

Problem: how far may one direction of the target turn away from the encoder before its term of E exceeds a tolerance?
Guarantee: exact. The term meets the tolerance where a quadratic in s = sin^2(theta) vanishes; of its two roots one lies
in [0, 1] and the other above 1.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, monotonicity
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import while_positive
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, num, substitute, walk
from theory.rules import ALGEBRA, TOLERANCE_CERTIFICATE

c, h, la, s, tol = S.c, S.h, S.a, S.s, S.tol
SQUARE = la**2 * (c + la)
LINEAR = la * ((c + la) ** 2 - h**2 + tol * h**2 * (c + la))
CONSTANT = tol * h**2 * (c + la) ** 2


def _term(a: Author) -> Expr:
    """A pair's term of E, as `frozen-latent-error` has it."""
    error = frozen_latent_error.derive(a.assumptions).closed
    return next(node for node in walk(error) if node.head == "sum" and node.name != "lost").children[0]


def _below(a: Author, term: Expr) -> Expr:
    """What is left of the tolerance, over its common denominator: a polynomial in s."""
    return (tol - term) * (h**2 * (c + la) * (c + la * (1 - s)))


def _coefficients(a: Author, left: Expr) -> tuple[Output, ...]:
    """Read off the polynomial by its values at s = 0, 1/2 and 1."""
    at = [substitute(left, {"s_i": value}) for value in (num(0), num(1) / 2, num(1))]
    square = a.chain("coefficient of `s^2`", 2 * (at[0] - 2 * at[1] + at[2])).eq(SQUARE, ALGEBRA)
    linear = a.chain("coefficient of `-s`", 3 * at[0] - 4 * at[1] + at[2]).eq(LINEAR, ALGEBRA)
    constant = a.chain("constant coefficient", at[0]).eq(CONSTANT, ALGEBRA)
    stable = la * ((S.nu + la) * (h + c + la) + tol * h**2 * (c + la))
    evaluated = a.chain("coefficient of `-s`, as evaluated", linear.end).eq(stable, ALGEBRA)
    return (
        Output("A", square.end, square.end, over="pairs"),
        Output("B", linear.end, evaluated.end, over="pairs"),
        Output("C", constant.end, constant.end, over="pairs"),
    )


def _root(a: Author, term: Expr) -> None:
    """At the tolerance that the angle itself makes, the printed root is that angle, and the other one is above 1."""
    square, linear, constant = (a.model.written(substitute(x, {"tol": term})) for x in (SQUARE, LINEAR, CONSTANT))
    discriminant = linear**2 - 4 * square * constant
    gap = linear - 2 * square * s
    a.chain("discriminant, at the tolerance `T(s)` of an angle", discriminant).eq(gap**2, ALGEBRA)
    a.chain("its root is not negative", gap).ge(0)
    root = a.chain("root of the discriminant", call("sqrt", gap**2)).root(gap, ALGEBRA)
    below = linear + call("sqrt", gap**2)
    a.chain("the printed root is the angle's own `s`", 2 * constant / below).eq(
        2 * constant / (linear + gap), root.lemma() & while_positive(below, linear + gap)
    ).eq(s, while_positive(linear + gap))
    a.chain("the other root is not below 1: `A (s_2 - 1)`", linear - square * s - square).ge(0)


def _edges(a: Author, term: Expr, left: Expr) -> None:
    """At a right angle the polynomial says whether the tolerance binds at all; at angle zero it never does."""
    a.chain("at a right angle: is the tolerance reached?", substitute(left, {"s_i": num(1)})).eq(
        (tol - la * (1 / h**2 - 1 / (c * (c + la)))) * (h**2 * c * (c + la)), ALGEBRA
    )
    a.chain("at angle zero the term is within every tolerance", substitute(left, {"s_i": num(0)})).ge(
        0, TOLERANCE_CERTIFICATE
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The quadratic from the term, its coefficients, and its roots."""
    a = Author("critical-angle", assumptions)
    term = _term(a)
    left = _below(a, term)
    a.chain("what is left of the tolerance", left).eq(SQUARE * s**2 - LINEAR * s + CONSTANT, ALGEBRA)
    outputs = _coefficients(a, left)
    _root(a, term)
    _edges(a, term, left)
    return a.finish(
        section="Freezing the latent space",
        title="Critical angle",
        statement=(
            "A plane's misalignment term of `E` stays within the tolerance up to the angle whose squared sine is the "
            "smaller root of `A s^2 - B s + C`, that is `2 C/(B + sqrt(B^2 - 4 A C))`, with the coefficients below; "
            "up to a right angle where `A - B + C >= 0`. The other root is not below 1. The ambient term is left out."
        ),
        outputs=outputs,
        limits="`h > 0` and a positive tolerance. As the term does not decrease with the angle, all smaller angles do.",
        rests_on=(frozen_latent_error.derive(assumptions), monotonicity.derive(assumptions)),
    )
