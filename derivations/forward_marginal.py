"""The forward marginal: mean and covariance of the diffused target, directly and from the moment ODEs of its SDE.

Problem: x_0 = mu + V z + sigma eps, x_t = alpha x_0 + sqrt(h) n. Which Gaussian is x_t, and of which SDE is a given
pair alpha(t), h(t) the marginal? Source: Song et al. 2021 for the processes; the moments are derived here.
"""

from __future__ import annotations

from functools import cache

from derivations import principal_planes
from theory import cited
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import INDEPENDENT_INPUTS, ITO, eps, n, z
from theory.derivation import Author, Derivation, Output
from theory.expr import diff, expect, eye, letter, literal, num, sym, trace
from theory.processes import BY_NAME, DDPM, Process, of
from theory.rules import (
    ALGEBRA,
    DIFFERENTIATE,
    ENCODER_ORTHONORMAL,
    LATER,
    RATIO,
    TARGET_COVARIANCE,
    TARGET_ORTHONORMAL,
    WHILE_SIGNAL,
    given,
)

x0, x_t = letter("x0", "D", "1"), letter("x_t", "D", "1")
sigma, noise_scale = cited.SIGMA_ROOT, cited.NOISE_ROOT
alpha_dot, h_dot, r_dot = sym("alpha_dot"), sym("h_dot"), sym("r_dot")
beta, abar = sym("beta"), sym("abar")
data = S.V @ S.Lam @ S.V.T + S.sigma2 * eye("D")

TARGET = given("`x_0 = mu + V z + sigma eps`", (x0, S.mu + S.V @ z + sigma * eps))
DIFFUSED = given("`x_t = alpha x_0 + sqrt(h) n`", (x_t, S.alpha * x0 + noise_scale * n))


def _moments(a: Author) -> None:
    """Mean and covariance by linearity of the expectation."""
    a.chain("mean", expect(x_t)).eq(
        expect(S.alpha * (S.mu + S.V @ z + sigma * eps) + noise_scale * n), DIFFUSED & TARGET
    ).eq(S.alpha * S.mu, INDEPENDENT_INPUTS)
    centred = x_t - S.alpha * S.mu
    away = S.alpha * (S.V @ z + sigma * eps) + noise_scale * n
    a.chain("covariance", expect(centred @ centred.T)).eq(expect(away @ away.T), DIFFUSED & TARGET).eq(
        S.alpha**2 * data + S.h * eye("D"), INDEPENDENT_INPUTS
    ).eq(S.Sigma, TARGET_COVARIANCE)
    a.chain("covariance of `x_t/alpha`: at one `r`, two processes differ by a scale", S.Sigma / S.alpha**2).eq(
        data + S.r * eye("D"), TARGET_COVARIANCE & RATIO & WHILE_SIGNAL
    )


def _sde(a: Author) -> None:
    """The same moments solve the ODEs of dx = f x dt + g dW with f = alpha'/alpha and g^2 = alpha^2 dr/dt."""
    f = alpha_dot / S.alpha
    g2 = h_dot - 2 * f * S.h
    start = {"alpha": num(1), "h": num(0)}
    mean = letter("m_t", "D", "1")
    a.chain("mean of the SDE", mean).solves(
        S.alpha * S.mu, f * mean, {**start, "value": S.mu}, DIFFERENTIATE & ITO & WHILE_SIGNAL
    )
    covariance = letter("C_t", "D", "D", symmetric=True)
    a.chain("covariance of the SDE", covariance).solves(
        S.alpha**2 * data + S.h * eye("D"),
        2 * f * covariance + g2 * eye("D"),
        {**start, "value": data},
        DIFFERENTIATE & ITO & WHILE_SIGNAL,
    )
    a.chain("diffusion coefficient", S.alpha**2 * diff(S.h / S.alpha**2, "t")).eq(g2, DIFFERENTIATE & WHILE_SIGNAL)
    a.chain("a pair is an SDE when `r` does not decrease", S.alpha**2 * r_dot).ge(0, LATER)


def _process(a: Author, process: Process) -> None:
    """Drift, diffusion and ratio of a named process, from its alpha(t) and h(t)."""
    moved = process.differentiate
    a.chain(f"{process.title}: rate of `alpha`", diff(process.alpha, "t")).eq(process.alpha_dot, moved)
    a.chain(f"{process.title}: rate of `h`", diff(process.in_full(process.h), "t")).eq(process.h_dot, moved)
    a.chain(f"{process.title}: `alpha^2`", S.alpha**2).eq(process.alpha2, process.rates)
    f = a.chain(f"{process.title}: drift", alpha_dot / S.alpha)
    f.eq(process.drift, process.rates)
    g2 = a.chain(f"{process.title}: diffusion", h_dot - 2 * (alpha_dot / S.alpha) * S.h)
    g2.eq(process.diffusion, process.rates)
    a.chain(f"{process.title}: ratio", S.h / S.alpha**2).eq(process.ratio, process.rates)


def _step(a: Author) -> None:
    """One step of DDPM, x -> sqrt(1 - beta) x + sqrt(beta) noise, leads from alpha-bar to (1 - beta) alpha-bar.

    `beta` is the step's own, whatever it is; at the start alpha-bar is 1. So alpha-bar is alpha^2, and h = 1 - alpha^2.
    """
    before = abar * data + (1 - abar) * eye("D")
    a.chain("DDPM: covariance after one step", (1 - beta) * before + beta * eye("D")).eq(
        (1 - beta) * abar * data + (1 - (1 - beta) * abar) * eye("D"), ALGEBRA
    )


def _eigenvalues(a: Author) -> tuple[Output, ...]:
    """Sigma V = V (alpha^2 Lambda + c I), and Sigma is c off the latent space."""
    latent = S.alpha**2 * S.Lam + S.c * eye("d")
    a.chain("`Sigma` along the latent space", S.Sigma @ S.V).eq(S.V @ latent, TARGET_COVARIANCE & TARGET_ORTHONORMAL)
    rest = eye("D") - S.V @ S.V.T
    a.chain("`Sigma` off the latent space", S.Sigma @ rest).eq(S.c * rest, TARGET_COVARIANCE & TARGET_ORTHONORMAL)
    _, v, sigma = principal_planes.pair_block(a)
    w = literal([[-S.sin], [S.cos]], 2, 1)
    frames = ENCODER_ORTHONORMAL & TARGET_ORTHONORMAL
    a.chain("in a pair's block, `v_i` is an eigenvector", sigma @ v).eq((S.c + S.a) * v, frames)
    a.chain("and so is the direction at right angles to it", sigma @ w).eq(S.c * w, frames)
    along = a.chain("eigenvalue along `v_i`", trace(v.T @ sigma @ v)).eq(S.c + S.a, frames)
    elsewhere = a.chain("eigenvalue elsewhere", trace(w.T @ sigma @ w)).eq(S.c, frames)
    return (
        Output("along v_i", along.end, along.end, over="target", multiplicity=num(1)),
        Output("elsewhere", elsewhere.end, elsewhere.end, multiplicity=a.model.written(S.D - S.d)),
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Moments, the SDE, the named processes, and the eigenvalues of Sigma."""
    a = Author("forward-marginal", assumptions)
    _moments(a)
    _sde(a)
    chosen = (of(assumptions.process),) if assumptions.process else tuple(BY_NAME.values())
    for process in chosen:
        _process(a, process)
        if process is DDPM:
            _step(a)
    outputs = _eigenvalues(a)
    return a.finish(
        section="The score",
        title="Forward marginal",
        statement=(
            "The diffused target has mean `alpha mu` and covariance `Sigma = alpha^2 (V Lambda V^T + sigma^2 "
            "I) + h I`, with the eigenvalues below. It solves `dx = f x dt + g dW` with `f = alpha'/alpha` "
            "and `g^2 = h' - 2 f h = alpha^2 r'`, so a pair `alpha`, `h` is an SDE exactly when `r = "
            "h/alpha^2` does not decrease. At one `r` two processes differ by a scale: `x_t/alpha` has covariance "
            "`V Lambda V^T + (sigma^2 + r) I`."
        ),
        outputs=outputs,
        rests_on=(principal_planes.derive(assumptions),),
        limits="`alpha = 1` and `h = 0` at `t = 0`; as an SDE while `alpha > 0`.",
        kept=frozenset({"forward-sde"}),  # for the pair to be an SDE; its law at one time needs no such thing
        references=(
            "Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole 2021 (score-based SDEs: VP, VE, sub-VP)",
            "Ho, Jain, Abbeel 2020 (DDPM)",
            "Nichol, Dhariwal 2021 (cosine schedule)",
            "Karras, Aittala, Aila, Laine 2022 (EDM)",
            "Lipman, Chen, Ben-Hamu, Nickel, Le 2023 (flow matching)",
        ),
    )
