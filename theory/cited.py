"""Standard theorems and definitions of the model, as reasons. With `rules.py` these are all the axioms there are.

A result file introduces names (`rules.given`) and proves lemmas; it cannot add a relation. A test enforces that.
"""

from __future__ import annotations

from dataclasses import replace

from theory import symbols as S
from theory.expr import Expr, call, eye, grad, letter, literal, log, logdet, num, plane_sum, sym, trace, zero
from theory.facts import Facts
from theory.model import Model
from theory.rules import INVERSE, LAW_INVERSE, POSITIVE, SIGNAL, Rule, word_of
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

# --- laws on the way from the data to what a sampler makes -----------------------------------------------------------
DATA_LAW = letter("C_0", "D", "D", symmetric=True)
EXACT_LAW, STEPPED_LAW = (letter(name, "D", "D", symmetric=True) for name in ("C_exact", "C_steps"))
DATA_COVARIANCE = Rule(
    "definition of `C_0`",
    lambda m: Facts(letters={"C_0": S.V @ S.Lam @ S.V.T + m.noise}, pins={"C_0": S.V @ S.Lam @ S.V.T + m.noise}),
)


def _sampler_law(covariance: Expr, name: str) -> Rule:
    """A covariance that is diagonal in the encoder's principal basis and a multiple of I in its complement. A target
    direction without partner, which the sums over planes count as a pair at a right angle, takes a spare direction's
    place."""
    along, spare, rest = (sym(f"{name}_{kind}") for kind in ("i", "spare", "rest"))
    kinds = (along, spare, rest)
    return Rule(
        f"`{text(covariance)}` has the variances `{text(along)}` along `u_i`, `{text(spare)}` along a spare direction, "
        f"`{text(rest)}` in the complement, all positive",
        lambda _: Facts(
            variances={covariance.name: kinds},
            pins={covariance.name: literal([[kind] for kind in kinds], 3, 1)},
            conditions=kinds,
        ),
    )


MADE_EXACTLY, MADE_IN_STEPS = _sampler_law(EXACT_LAW, "v"), _sampler_law(STEPPED_LAW, "step")


def _metric(m: Model) -> Facts:
    """Q is the covariance of a law when the columns of U are orthonormal."""
    laws = frozenset({"C_0", "Sigma", "Q", "C_exact", "C_steps"})
    return Facts(covariances=laws if m.gram_U == eye("k") else frozenset())


TRIANGLE = Rule(
    "triangle inequality of `W_2`",
    _metric,
    POSITIVE | {"orthonormal-encoder"},
    positive=LAW_INVERSE.positive,
    cites=("Wasserstein metric",),
)

# --- any law of the target ------------------------------------------------------------------------------------------
# x0 = posterior + missing with posterior = E[x0 | x_t]; U^T x0 = posterior_y + missing_y with E[U^T x0 | U^T x_t].
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


def while_positive(*stated: Expr) -> Rule:
    """The line holds while these are positive; they stand below a fraction bar or in a root, and a special case in
    which they vanish is excluded in so many words."""
    said = ", ".join(f"`{text(expr)} > 0`" for expr in stated)
    return Rule(f"while {said}", lambda _: Facts(conditions=stated))


# --- pooled planes --------------------------------------------------------------------------------------------------
POOLED = frozenset({"nonnegative-source", "nonnegative-latent", "mixing-weight"})


def _pooled_variance(m: Model) -> Facts:
    """What a plane's pooled eigenvalues sum to, to be positive in this line."""
    return Facts(conditions=(m.written(S.weight * S.lam_s + (1 - S.weight) * S.lam),))


POOLED_VARIANCES = Rule(
    "certificate, with `0 < pi < 1` and nonnegative variances", lambda _: Facts(), POOLED | {"acute-angles"}
)
WHILE_PLANE = Rule("while source or target has variance in the plane", _pooled_variance, POOLED)


def _pooled_gap(m: Model) -> Facts:
    """The difference of a plane's pooled eigenvalues, to be positive in this line; by cosines or by sines."""
    source, target = S.weight * S.lam_s, (1 - S.weight) * S.lam
    written = (call("sqrt", (source - target) ** 2 + 4 * source * target * q) for q in (S.cos**2, 1 - S.s))
    return Facts(conditions=tuple(m.written(root) for root in written))


WHILE_DISTINCT = Rule("while the plane's pooled eigenvalues differ", _pooled_gap, POOLED)


# --- a latent covariance of any orientation -------------------------------------------------------------------------
ROOT, SEEN, SEEN_INVERSE = (
    letter("B", "d", "d"), letter("A_seen", "d", "d", symmetric=True), letter("R_seen", "d", "d", symmetric=True)
)  # fmt: skip
_SEEN_VALUE = S.alpha**2 * (ROOT.T @ S.V.T @ S.U @ S.U.T @ S.V @ ROOT)
LATENT_ROOT = Rule(
    "`Lambda = B B^T`",
    lambda m: Facts(letters={"Lambda": ROOT @ ROOT.T} if "lambda_i" in m.domains else {}),
    frozenset({"nonnegative-latent"}),
    cites=("spectral theorem",),
)
SEEN_RESOLVENT = Rule(
    "`R_U = (c I + A_U)^-1` with `A_U = alpha^2 B^T V^T U U^T V B`",
    lambda _: Facts(
        rewrites=(
            (("A_seen", "R_seen"), eye("d") - S.c * SEEN_INVERSE),
            (("R_seen", "A_seen"), eye("d") - S.c * SEEN_INVERSE),
            (("B'", "V'", "U", "U'", "V", "B"), SEEN / S.alpha**2),
        ),
        pins={"A_seen": _SEEN_VALUE},
        conditions=SIGNAL,
    ),
    POSITIVE,
    positive=lambda _: [S.c],
)


def _spectra(m: Model) -> Facts:
    """Traces of functions of a symmetric matrix as sums over its eigenvalues."""
    if "lambda_i" not in m.domains:
        return Facts()
    mu = sym("mu_i")
    return Facts(
        replacements=(
            (trace(SEEN_INVERSE), plane_sum(1 / (S.c + mu))),
            (trace(SEEN), plane_sum(mu)),
            (trace(R), m.sum(m.written(1 / (S.c + S.a)))),
            (trace(S.Lam), m.sum(m.written(S.lam))),
        ),
        pins={"A_seen": _SEEN_VALUE, "A": S.alpha**2 * S.Lam},
    )


SPECTRA = Rule(
    "eigenvalues `lambda_i` of `Lambda`, `mu_i` of `A_U`",
    _spectra,
    frozenset({"nonnegative-latent"}),
    cites=("spectral theorem",),
)


def _determinants(m: Model) -> Facts:
    """Sigma = c I + V A V^T; Q is M along the encoder and h elsewhere, and M = c I + X X^T with X^T X = A_U."""
    frames = m.gram_U == eye("k") and m.gram_V == eye("d") and m.noise.head != "letter"
    if not frames or "lambda_i" not in m.domains:
        return Facts()
    seen, latent = plane_sum(log(S.c + sym("mu_i"))), m.sum(m.written(log(S.c + S.a)))
    return Facts(
        replacements=(
            (logdet(S.Sigma), m.written((S.D - S.d) * log(S.c)) + latent),
            (logdet(S.Q), m.written((S.k - S.d) * log(S.c)) + seen + m.written((S.D - S.k) * log(S.h))),
        ),
    )


DETERMINANTS = Rule(
    "determinants by the eigenvalues `lambda_i` and `mu_i`",
    _determinants,
    POSITIVE | {"orthonormal-encoder", "orthonormal-target", "isotropic-noise"},
    positive=INVERSE.positive,
    cites=("spectral theorem", "Sylvester"),
)


def _majorised(m: Model) -> Facts:
    """The squared cosines are eigenvalues of V^T U U^T V when both frames are orthonormal."""
    frames = m.gram_U == eye("k") and m.gram_V == eye("d")
    orders = frozenset({("mu_i", "alike_i", "log"), ("across_i", "mu_i", "log")})
    return Facts(orders=orders if frames else frozenset())


LOG_MAJORISATION = Rule(
    "log-majorisation of the eigenvalues of a product",
    _majorised,
    POSITIVE | {"orthonormal-encoder", "orthonormal-target"},
    cites=("log-majorisation",),
)
WEYL = Rule(
    "no eigenvalue grows when no `cos^2` does and the principal vectors stay",
    lambda _: Facts(orders=frozenset({("turned_i", "mu_i", "termwise")})),
    POSITIVE,
    cites=("Weyl",),
)
