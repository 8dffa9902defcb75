"""Standard theorems on a target of any law, as reasons: posterior means, what they miss, and the score. Axioms.

x0 = posterior + missing with posterior = E[x0 | x_t]; U^T x0 = posterior_y + missing_y with E[U^T x0 | U^T x_t].
"""

from __future__ import annotations

from theory import symbols as S
from theory.cited import SIGMA_ROOT, eps, z
from theory.expr import eye, letter, num, zero
from theory.facts import Facts
from theory.model import Model
from theory.rules import Rule

posterior, missing = letter("posterior", "D", "1"), letter("missing", "D", "1")
posterior_y, missing_y = letter("posterior_y", "k", "1"), letter("missing_y", "k", "1")
x0 = letter("x0", "D", "1")


def _posterior(_: Model) -> Facts:
    """What is missed is uncorrelated with every function of what was seen; y = U^T x_t is a function of x_t, and q one
    of y."""
    error, error_y = letter("mmse", "D", "D", symmetric=True), letter("mmse_y", "k", "k", symmetric=True)
    return Facts(
        random=frozenset({"posterior", "missing", "posterior_y", "missing_y", "q"}),
        moments={
            ("missing", "missing"): error,
            ("missing_y", "missing_y"): error_y,
            ("missing", "posterior"): zero("D", "D"),
            ("posterior", "missing"): zero("D", "D"),
            ("missing", "posterior_y"): zero("D", "k"),
            ("posterior_y", "missing"): zero("k", "D"),
            ("missing_y", "posterior_y"): zero("k", "k"),
            ("posterior_y", "missing_y"): zero("k", "k"),
            ("missing", "q"): zero("D", "k"),
            ("q", "missing"): zero("k", "D"),
            ("missing_y", "q"): zero("k", "k"),
            ("q", "missing_y"): zero("k", "k"),
        },
    )


POSTERIOR = Rule(
    "`e` is uncorrelated with functions of `x_t`, `e_y` with functions of `y = U^T x_t`",
    _posterior,
    cites=("posterior mean",),
)


MISSED = {"missing": x0 - posterior, "missing_y": S.U.T @ x0 - posterior_y}
MISSING = Rule(
    "`e = x_0 - E[x_0 | x_t]`, `e_y = U^T x_0 - E[U^T x_0 | y]`",
    lambda _: Facts(letters=MISSED, pins={**MISSED, "x0": S.mu + S.V @ z + SIGMA_ROOT * eps}),
)


def _gaussian_posterior(m: Model) -> Facts:
    """E[a | b] = E a + Cov(a, b) Cov(b)^-1 (b - E b) for a = x_0 and b = x_t, and for a = U^T x_0 and b = U^T x_t."""
    if m.beyond_gaussian != num(0) or m.cross.head != "zero" or m.gram_U != eye("k"):
        return Facts()
    data = S.V @ S.Lam @ S.V.T + m.noise
    means = {
        "posterior": S.mu + S.alpha * (data @ S.Sigma.inv @ S.xi),
        "posterior_y": S.U.T @ S.mu + S.alpha * (S.U.T @ data @ S.U @ S.M.inv @ S.U.T @ S.xi),
    }
    return Facts(letters=means, pins=means)


GAUSSIAN_POSTERIOR = Rule(
    "posterior means of a Gaussian target",
    _gaussian_posterior,
    frozenset({"gaussian-latent", "independent-noise", "orthonormal-encoder"}),
    cites=("Gaussian conditioning",),
)
CENTRED_DATA = Rule("`mu = 0`", lambda m: Facts(letters={"mu": m.mean}), frozenset({"centred-target"}))


def _tweedie(m: Model) -> Facts:
    """The forward noise is independent of the target; for y = U^T x_t it is standard only when U is orthonormal, and
    g is the score of the encoded point only where it is the best one."""
    if m.cross.head != "zero":
        return Facts()
    scores = {"s": (S.alpha * posterior - S.x) / S.h}
    if m.gram_U == eye("k") and m.latent_precision == S.M.inv:
        scores["g"] = (S.alpha * posterior_y - S.U.T @ S.x) / S.h
    return Facts(letters=scores, pins=scores)


TWEEDIE = Rule(
    "the score is `(alpha E[x_0 | x_t] - x)/h`; `g` is that of the encoded point, `(alpha E[U^T x_0 | y] - U^T x)/h`",
    _tweedie,
    frozenset({"orthonormal-encoder", "independent-noise", "relearned-score"}),
    cites=("Tweedie",),
)
