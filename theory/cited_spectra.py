"""Standard theorems on eigenvalues, as reasons: pooled planes, and a latent covariance of any orientation. Axioms."""

from __future__ import annotations

from theory import symbols as S
from theory.cited import R
from theory.expr import call, eye, letter, log, logdet, plane_sum, sym, trace
from theory.facts import Facts
from theory.model import Model
from theory.rules import INVERSE, POSITIVE, SIGNAL, Rule

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
