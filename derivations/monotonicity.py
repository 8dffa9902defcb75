"""Monotonicity: the error grows with every angle, latent variance and the ambient noise, and shrinks with time.

Problem: the sign of each partial derivative of E and of F = alpha^2 E. Guarantee: proved by certificate for every
admissible value. `Lambda` is diagonal in the principal basis; for any other one,
`misaligned-covariance` shows that no angle that opens makes the error smaller, and that the error is not monotone in
`Lambda` itself.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, schedule_invariance
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, diff, num, substitute, sym, walk
from theory.fold import fold
from theory.rules import ALGEBRA, CERTIFICATE, DIFFERENTIATE, LATER, RATIO, WHILE_SIGNAL, given

r, lam, sigma2 = S.r, S.lam, S.sigma2


def _angles(a: Author, error: Expr) -> tuple[Expr, Expr]:
    """dE/dtheta_i, its sign, and the form that does not cancel."""
    reached = S.c + S.a * (1 - S.s)
    slope = a.chain("in an angle", diff(error, "theta_i"))
    slope.eq(2 * S.sin * S.cos * S.a * (1 / S.h**2 - 1 / (S.c + S.a * S.cos**2) ** 2), DIFFERENTIATE)
    slope.eq(2 * S.sin * S.cos * S.a * (1 / S.h**2 - 1 / reached**2), ALGEBRA)
    closed = slope.end
    a.chain("it does not decrease with an angle", closed).ge(0)
    q = S.cos**2
    top = (S.nu + S.a * q) * (2 * S.h + S.nu + S.a * q)
    stable = a.chain("in an angle, as evaluated", closed).eq(
        2 * S.sin * S.cos * S.a * top / (S.h**2 * (S.c + S.a * q) ** 2), ALGEBRA
    )
    return closed, stable.end


def _variances(a: Author, error: Expr) -> None:
    """In lambda_i and in sigma^2."""
    c, la, s, h = S.c, S.a, S.s, S.h
    reached = c + la * (1 - s)
    slope = S.alpha**2 * s * (1 / h**2 - (c**2 - la**2 * (1 - s)) / ((c + la) ** 2 * reached**2))
    alone = fold(substitute(slope, {"s_i": num(1)}))
    for terms in (node for node in walk(error) if node.head == "sum"):
        lost = terms.args[0] == "lost"
        name = "in a latent variance without partner" if lost else "in a latent variance"
        if "lambda_i" in a.model.fixed:
            equal_variances = Expr("sum", (terms.args[0], alone if lost else slope))
            a.chain(name, diff(terms, "lambda")).eq(equal_variances, DIFFERENTIATE).ge(0)
        else:
            a.chain(name, diff(terms, "lambda_i")).eq(alone if lost else slope, DIFFERENTIATE).ge(0)
    if "sigma2" in a.model.fixed:
        return
    in_noise = a.chain("in the ambient noise", diff(error, "sigma2")).eq(
        S.alpha**2
        * (
            (S.D - S.k) * (1 / h**2 - 1 / c**2)
            + a.model.sum(la * s * (2 * c + la * (2 - s)) / ((c + la) ** 2 * reached**2))
        ),
        DIFFERENTIATE,
    )
    in_noise.ge(0)


def _time(a: Author) -> None:
    """F, r F and r^2 F do not increase with r; so E does not increase where r and h do not decrease."""
    F = schedule_invariance.derive(a.assumptions).chain("`alpha^2 E`").end
    far, near = r + sigma2 + lam, r + sigma2 + lam * (1 - S.s)
    ambient = -(S.D - S.k) * sigma2**2 * (3 * r + 2 * sigma2) / ((r + sigma2) ** 2 * r**3)
    plane = lam * S.s * ((far + near) / (far**2 * near**2) - 2 / r**3)
    falling = a.chain("`F` in the ratio `r`", diff(F, "r")).eq(ambient + a.model.sum(plane), DIFFERENTIATE)
    falling.le(num(0))
    scaled, slope = sym("F"), sym("F_slope")
    names = given("`F` and its slope", (scaled, F), (slope, falling.links[0].expr))
    for power, name in (
        (1, "`r F` in the ratio `r` (noise prediction)"),
        (2, "`r^2 F` in the ratio `r` (data prediction)"),
    ):
        rate = power * r ** (power - 1) * scaled + r**power * slope if power > 1 else scaled + r * slope
        a.chain(name, diff((r**power if power > 1 else r) * scaled, "r")).eq(rate, DIFFERENTIATE & names).le(
            num(0), CERTIFICATE & names
        )
    error = frozen_latent_error.derive(a.assumptions).closed
    a.chain("`E` by the ratio and the noise", r * scaled / S.h).eq(error, RATIO & WHILE_SIGNAL & names)
    rate = (scaled + r * slope) * sym("r_dot") / S.h - r * scaled * sym("h_dot") / S.h**2
    a.chain("`E` in time", diff(r * scaled / S.h, "t")).eq(rate, DIFFERENTIATE & names).le(num(0), LATER & names)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Derivatives by the kernel, signs by certificates."""
    a = Author("monotonicity", assumptions)
    error = frozen_latent_error.derive(assumptions).closed
    closed, stable = _angles(a, error)
    _variances(a, error)
    _time(a)
    return a.finish(
        section="Freezing the latent space",
        title="Monotonicity of the error",
        statement=(
            "`E` does not decrease in any `theta_i` on `[0, pi/2]`, in any `lambda_i`, or in `sigma^2`; `F = "
            "alpha^2 E`, `r F` and `r^2 F` do not increase in `r`, hence `E` does not increase in `t` "
            "wherever `r` and `h` do not decrease."
        ),
        outputs=(Output("dE/dtheta_i", closed, stable, over="pairs"),),
        kept=frozenset({"forward-sde"}),  # for the statement in time alone
        limits="`Lambda` diagonal in the principal basis; for another, see `misaligned-covariance`. `h > 0`.",
        rests_on=(frozen_latent_error.derive(assumptions), schedule_invariance.derive(assumptions)),
    )
