"""Standard theorems and definitions of the model, as reasons. With `rules.py` these are all the axioms there are.

A result file introduces names (`rules.given`) and proves lemmas; it cannot add a relation. A test enforces that.
"""

from __future__ import annotations

from dataclasses import replace

from theory import symbols as S
from theory.expr import Expr, call, eye, grad, letter, logdet, num, sym, zero
from theory.facts import Facts
from theory.model import Model
from theory.rules import INVERSE, LAW_INVERSE, POSITIVE, Rule, word_of


def _relations(name: str, cites: str, *rewrites: tuple[Expr, Expr], needs: frozenset[str] = frozenset()) -> Rule:
    """Relations between words that a standard theorem grants, for letters that it introduces."""
    made = tuple((word_of(left) or (), right) for left, right in rewrites)

    def facts(m: Model) -> Facts:
        frames = m.gram_U == eye("k") and m.gram_V == eye("d")
        return Facts(rewrites=made if frames or not needs else ())

    return Rule(name, facts, needs, cites=(cites,))


# --- singular value decomposition -----------------------------------------------------------------------------------
Y, Z, C = letter("Y", "k", "k"), letter("Z", "d", "d"), letter("C", "k", "d")
E, Sines = letter("E", "d", "m"), letter("S", "m", "m", symmetric=True)

SVD = _relations(
    "singular value decomposition, `U^T V = Y C Z^T`",
    "SVD",
    (S.U.T @ S.V, Y @ C @ Z.T),
    (Y.T @ Y, eye("k")),
    (Y @ Y.T, eye("k")),
    (Z.T @ Z, eye("d")),
    (Z @ Z.T, eye("d")),
)
# C is diagonal with entries in [0, 1], as both frames are orthonormal; so I - C^T C is diagonal and nonnegative, and
# E picks its m positive entries S^2.
SELECTION = _relations(
    "`E` selects the positive sines: `I - C^T C = E S^2 E^T`",
    "SVD",
    (C.T @ C, eye("d") - E @ Sines @ Sines @ E.T),
    (E.T @ E, eye("m")),
    (Sines @ Sines.inv, eye("m")),
    (Sines.inv @ Sines, eye("m")),
    needs=frozenset({"orthonormal-encoder", "orthonormal-target"}),
)

# --- the model's random vectors -------------------------------------------------------------------------------------
z, eps, n = letter("z", "d", "1"), letter("eps", "D", "1"), letter("n", "D", "1")


def _inputs(m: Model) -> Facts:
    """Moments of latent, ambient noise and forward noise. `cross` is E[z eps^T], zero when they are independent;
    the ambient noise enters as sigma eps, so E[eps eps^T] is its covariance over sigma^2."""
    ambient = m.noise / S.sigma2 if m.noise.head == "letter" else eye("D")
    return Facts(
        random=frozenset({"z", "eps", "n"}),
        means={"z": zero("d", "1"), "eps": zero("D", "1"), "n": zero("D", "1")},
        moments={
            ("z", "z"): S.Lam,
            ("eps", "eps"): ambient,
            ("n", "n"): eye("D"),
            ("z", "eps"): m.cross,
            ("eps", "z"): m.cross.T,
            ("z", "n"): zero("d", "D"),
            ("n", "z"): zero("D", "d"),
            ("eps", "n"): zero("D", "D"),
            ("n", "eps"): zero("D", "D"),
        },
    )


INDEPENDENT_INPUTS = Rule(
    "`z`, `eps`, `n` are centred and independent, with covariances `Lambda`, `I`, `I`",
    _inputs,
    frozenset({"independent-noise", "isotropic-noise"}),
)

# --- Gaussian laws --------------------------------------------------------------------------------------------------
LOG_P, LOG_Q = sym("log_p"), sym("log_q")


def log_density(point: Expr, covariance: Expr) -> Expr:
    """ln of the density of N(0, covariance) at `point`, up to a constant that no covariance enters."""
    return -(point.T @ covariance.inv @ point) / 2 - logdet(covariance) / 2


def _plus(expr: Expr, extra: Expr) -> Expr:
    return expr if extra == num(0) else expr + extra


def _target_density(m: Model) -> Facts:
    value = log_density(S.x - S.alpha * S.mu, S.Sigma)
    return Facts(replacements=((LOG_P, _plus(value, m.beyond_gaussian)),))


def _both_densities(m: Model) -> Facts:
    target = _plus(log_density(S.xi, S.Sigma), m.beyond_gaussian)
    return Facts(replacements=((LOG_P, target), (LOG_Q, log_density(S.xi, S.Q))))


DENSITY = Rule(
    "density of `N(alpha mu, Sigma)`, up to a constant",
    _target_density,
    frozenset({"gaussian-latent", *POSITIVE}),
    positive=INVERSE.positive,
    cites=("Gaussian density",),
)
DENSITIES = replace(
    DENSITY,
    name="densities of `N(0, Sigma)` and `N(0, Q)`, up to the same constant",
    facts=_both_densities,
    positive=LAW_INVERSE.positive,
)

best = letter("g_best", "k", "1")
residual, deviation = letter("residual", "k", "1"), letter("q", "k", "1")


def _independence(m: Model) -> Facts:
    """E[residual q^T] = E[residual] E[q]^T = 0, unless the residual is uncorrelated with y but not independent."""
    dependence = m.dependence if m.gram_U == eye("k") else letter("dependence", "k", "k")
    return Facts(
        random=frozenset({"residual", "q"}),
        pins={
            "s": grad(LOG_P, S.x),
            "residual": S.U.T @ S.score - best,
            "g_best": -(S.M.inv @ S.U.T @ S.xi),
        },
        moments={
            ("residual", "q"): dependence,
            ("q", "residual"): dependence.T,
            ("residual", "residual"): letter("residual_covariance", "k", "k", symmetric=True),
            ("q", "q"): letter("q_moment", "k", "k", symmetric=True),
        },
    )


INDEPENDENT_RESIDUAL = Rule(
    "`residual` and `y` are uncorrelated and jointly Gaussian, so `E[residual q^T] = 0`",
    _independence,
    frozenset({"gaussian-latent", "orthonormal-encoder"}),
    cites=("Gaussian independence",),
)

# --- matrices and calculus ------------------------------------------------------------------------------------------
A, R = letter("A", "d", "d", symmetric=True), letter("R", "d", "d", symmetric=True)
RESOLVENT = Rule(
    "`R = (c I + A)^-1`, where `c + a_i > 0`",
    lambda _: Facts(
        rewrites=((("A", "R"), eye("d") - S.c * R), (("R", "A"), eye("d") - S.c * R)),
        pins={"A": S.alpha**2 * S.Lam},
    ),
    POSITIVE,
    positive=INVERSE.positive,
)
ITO = Rule(
    "Ito: `m' = f m`, `C' = 2 f C + g^2 I`; the solution is unique",
    lambda _: Facts(),
    cites=("Ito moments", "linear ODE"),
)
ANTIDERIVATIVE = Rule("antiderivative", lambda _: Facts(), cites=("fundamental theorem",))
SIGMA_ROOT, NOISE_ROOT = call("sqrt", S.sigma2), call("sqrt", S.h)
