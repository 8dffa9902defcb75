"""The reuse horizon: how far down in diffusion time a reused latent space stays within a tolerance.

Problem: the smallest ratio r down to which F = alpha^2 E is at most a tolerance. Guarantee: one root, since F falls at
least as fast as 1/r^2 and takes every positive value; a bracket by certificate, sharp for large and small tolerances.
"""

from __future__ import annotations

from functools import cache

from derivations import frozen_latent_error, limits, monotonicity, schedule_invariance
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import NOISE_ROOT
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, diff, num
from theory.rules import ALGEBRA, DIFFERENTIATE, RATIO, TOLERANCE_CERTIFICATE, WHILE_SIGNAL

r, tol, alpha, h = S.r, S.tol, S.alpha, S.h


def _falls(a: Author, F: Expr) -> None:
    """r F' + 2 F <= 0: where F is positive it falls, at least as fast as 1/r^2."""
    slope = monotonicity.derive(a.assumptions).chain("`F` in the ratio `r`").links[0].expr
    a.chain("`F` falls at least as fast as `1/r^2`", r * diff(F, "r") + 2 * F).eq(r * slope + 2 * F, DIFFERENTIATE).le(
        num(0)
    )


def _bracket(a: Author, F: Expr) -> tuple[Expr, Expr, Expr]:
    """At the horizon, where F = tol: K2 - r b <= tol r^2 <= K2 and K3 - (...)/r <= tol r^3 <= K3."""
    K2, K3 = (output.closed for output in limits.derive(a.assumptions).outputs)
    b, by = limits.early_rate(a), TOLERANCE_CERTIFICATE
    square = a.chain("`r^2` from above, at the horizon, where `F = eps_0`", r**2 * (F / tol)).le(K2 / tol, by)
    missing = a.chain("`r^2` from below: what is missing, over `r`", (K2 - r**2 * F) / (r * tol)).le(b / tol, by)
    cube = a.chain("`r^3` from above, at the horizon, where `F = eps_0`", r**3 * (F / tol)).le(K3 / tol, by)
    a.chain("`r^3` from below: what is missing", (K3 - r**3 * F) / tol).le(limits.late_rate(a) / (r * tol), by)
    # so that (2 tol r + b)^2 >= 4 tol K2 at the horizon: r >= sqrt(K2/tol) - b/(2 tol)
    a.chain("the square completed, with `b = D - k + sum_i s_i`", (2 * tol * r + b) ** 2).optimum(
        4 * tol * (tol * r**2 + r * b), square=b, weight=num(1), by=ALGEBRA
    )
    return square.end, cube.end, missing.end


def _unscaled(a: Author, F: Expr) -> None:
    """E itself: in VP alpha^2 + h = 1, in flow matching alpha + sqrt(h) = 1."""
    error = frozen_latent_error.derive(a.assumptions).closed
    a.chain("`(1 + r) F`, where VP has `alpha^2 + h = 1`", (alpha**2 + h) * error).eq((1 + r) * F, RATIO & WHILE_SIGNAL)
    root = a.chain("standard deviation of the noise", NOISE_ROOT).root(alpha * call("sqrt", r), RATIO)
    a.chain("`(1 + sqrt(r))^2 F`, where flow matching has `alpha + sqrt(h) = 1`", (alpha + NOISE_ROOT) ** 2 * error).eq(
        (alpha + alpha * call("sqrt", r)) ** 2 * error, root.lemma()
    ).eq((1 + call("sqrt", r)) ** 2 * F, RATIO & WHILE_SIGNAL)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """F over the tolerance, its fall, and what the horizon is bracketed by."""
    a = Author("reuse-horizon", assumptions)
    invariance, frozen = schedule_invariance.derive(assumptions), frozen_latent_error.derive(assumptions)
    F = invariance.chain("`alpha^2 E`").end
    ratio = a.chain("`F` over the tolerance", alpha**2 * frozen.closed / tol).eq(F / tol, RATIO & WHILE_SIGNAL)
    evaluated = a.chain("`F` over the tolerance, as evaluated", ratio.end).eq(
        alpha**2 * frozen.outputs[0].stable / tol, RATIO & WHILE_SIGNAL
    )
    _falls(a, F)
    square, cube, missing = _bracket(a, F)
    _unscaled(a, F)
    return a.finish(
        section="Freezing the latent space",
        title="Reuse horizon",
        statement=(
            "For a tolerance `eps_0 > 0`, `F = alpha^2 E` is at most `eps_0` exactly from one ratio `r` on, the "
            "horizon: `F` falls at least as fast as `1/r^2`, and is above `eps_0` near `r = 0` and below it for large "
            "`r`; unless `sigma = 0` and all `lambda_i s_i = 0`, where `F = 0` and the horizon is 0. With `K2`, `K3` "
            "of the limits and `b = D - k + sum_i s_i`, at the horizon `K2 - r b <= eps_0 r^2 <= K2` and `eps_0 r^3 "
            "<= K3`. So `sqrt(K2/eps_0) - b/(2 eps_0) <= r <= sqrt(K2/eps_0)`, sharp for large tolerances, and `r` is "
            "at most the cube root of `K3/eps_0`, sharp for small ones. The unscaled error is `(1 + r) F` in VP and "
            "`(1 + sqrt(r))^2 F` in flow matching; as `F` and `r F` fall, it has one horizon too."
        ),
        outputs=(
            Output("F/tol", ratio.end, evaluated.end),
            Output("K2/tol", square, square),
            Output("K3/tol", cube, cube),
            Output("b/tol", missing, missing),
        ),
        limits="`r > 0`, that is `alpha > 0` and `h > 0`, and a positive tolerance.",
        rests_on=(invariance, frozen, limits.derive(assumptions), monotonicity.derive(assumptions)),
    )
