"""Standard theorems and definitions of the model, as reasons. These, `cited_any_law.py` and `cited_spectra.py` are with
`rules.py` all the axioms there are.

A result file introduces names (`rules.given`) and proves lemmas; it cannot add a relation. A test enforces that.
"""

from __future__ import annotations

from dataclasses import replace

from theory import symbols as S
from theory.expr import Expr, call, eye, grad, letter, logdet, num, sym, zero
from theory.facts import Facts
from theory.model import Model
from theory.rules import INVERSE, LAW_INVERSE, POSITIVE, Rule, word_of
from theory.text import text


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
    return _density_pair(m, log_density(S.xi, S.Q)) if m.mean.head == "zero" else Facts()


def _density_pair(m: Model, reused: Expr) -> Facts:
    """The law whose score is s_U: with the best latent score and the implied decoder. Q is positive definite, and
    N(., Q) has a density, when the columns of U are orthonormal."""
    if m.gram_U != eye("k") or m.latent_precision != S.M.inv or m.decoder != 1 / S.h:
        return Facts()
    target = _plus(log_density(S.xi, S.Sigma), m.beyond_gaussian)
    return Facts(replacements=((LOG_P, target), (LOG_Q, reused)), pins={"log_q": reused})


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
    needs=DENSITY.needs | {"orthonormal-encoder", "relearned-score", "implied-decoder", "centred-target"},
    positive=LAW_INVERSE.positive,
)


def _shifted_densities(m: Model) -> Facts:
    """The reused law centred at alpha U U^T mu, the mean that its score shows it to have."""
    return _density_pair(m, log_density(S.x - S.alpha * (S.U @ S.U.T @ S.mu), S.Q))


SHIFTED_DENSITIES = replace(
    DENSITIES,
    name="densities of `N(alpha mu, Sigma)` and `N(alpha U U^T mu, Q)`, up to the same constant",
    facts=_shifted_densities,
    needs=DENSITIES.needs - {"centred-target"},
)
# W2 is the squared distance of the diffused target from the reused law N(alpha U U^T mu, Q).
W2, W2_CENTRED = sym("w2"), sym("w2_centred")


def _translation(_: Model) -> Facts:
    apart = S.alpha * S.mu - S.alpha * (S.U @ S.U.T @ S.mu)
    return Facts(replacements=((W2, W2_CENTRED + apart.T @ apart),))


TRANSLATION = Rule(
    "`W_2^2` of the centred laws, and the squared distance of the means `alpha mu`, `alpha U U^T mu`",
    _translation,
    cites=("Wasserstein translation",),
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

BURES = Rule("distance of two centred Gaussians", lambda _: Facts(), cites=("Bures-Wasserstein",))
DIVERGENCE = Rule("divergence of two centred Gaussians", lambda _: Facts(), cites=("Gaussian divergence",))

# --- one step of a sampler ------------------------------------------------------------------------------------------
point, fresh = letter("x_j", "1", "1"), letter("zeta", "1", "1")
STEP_MOMENTS = Rule(
    "the noise of the step is fresh: centred, of variance 1, independent of `x_j`, whose variance is `v_R`",
    lambda _: Facts(
        random=frozenset({"x_j", "zeta"}),
        means={"x_j": zero("1", "1"), "zeta": zero("1", "1")},
        moments={
            ("x_j", "x_j"): sym("v_start") * eye("1"),
            ("zeta", "zeta"): eye("1"),
            ("x_j", "zeta"): zero("1", "1"),
            ("zeta", "x_j"): zero("1", "1"),
        },
    ),
)
STANDARD_START = Rule(
    "the start is `N(0, I)` where `alpha^2 + h = 1`: `v_R = 1 + R`",
    lambda _: Facts(replacements=((sym("v_start"), 1 + S.R),), pins={"v_start": 1 + S.R}),
)


def _mean_norms(m: Model) -> Facts:
    """`P^2 = P`, and so `mu^T P mu` a squared norm, when the columns of U are orthonormal."""
    pins = {"mu_perp2": S.mu.T @ S.P @ S.mu, "mu_in2": S.mu.T @ S.U @ S.U.T @ S.mu}
    if m.gram_U != eye("k"):
        return Facts(pins=pins)
    names = ((S.mu.T @ S.P @ S.mu, S.mu_perp2), (S.mu.T @ S.U @ S.U.T @ S.mu, S.mu_in2))
    return Facts(replacements=names, pins=pins)


MEAN_NORMS = Rule("`mu_perp2 = ||P mu||^2`, `mu_in2 = ||U^T mu||^2`", _mean_norms, frozenset({"orthonormal-encoder"}))
SDE_MOMENTS = Rule(
    "covariance of `dx = F x dr + dW`, run towards smaller `r`: `C' = F C + C F^T - I`; the solution is unique",
    lambda _: Facts(),
    cites=("Ito moments", "linear ODE"),
)
# The same relation as RATIO, for a line about the start of a sampler.
AT_START = Rule(
    "at the start, `h = R alpha^2`, with `alpha > 0`",
    lambda _: Facts(
        definitions={"h": S.R * S.alpha**2}, pins={"h": S.R * S.alpha**2}, conditions=(S.alpha, S.alpha**2)
    ),
)
LINEAR_ODE = Rule("the solution of the linear equation is unique", lambda _: Facts(), cites=("linear ODE",))


# --- what a line holds while ----------------------------------------------------------------------------------------
def while_positive(*stated: Expr) -> Rule:
    """The line holds while these are positive; they stand below a fraction bar or in a root, and a special case in
    which they vanish is excluded in so many words."""
    said = ", ".join(f"`{text(expr)} > 0`" for expr in stated)
    return Rule(f"while {said}", lambda _: Facts(conditions=stated))
