"""Every symbol of the theory, declared once: name, LaTeX, plain text, and what it means."""

from __future__ import annotations

from typing import NamedTuple

from theory.expr import Expr, letter, sym


class Declared(NamedTuple):
    latex: str
    meaning: str


SYMBOLS: dict[str, Declared] = {
    "D": Declared("D", "ambient dimension"),
    "k": Declared("k", "dimension of the frozen encoder"),
    "d": Declared("d", "dimension of the target's latent space"),
    "m": Declared("m", "number of positive principal angles"),
    "alpha": Declared(r"\alpha", "signal scale of the forward process at the time considered"),
    "h": Declared("h", "noise variance of the forward process at the time considered"),
    "r": Declared("r", "noise-to-signal ratio `h/alpha^2`"),
    "R": Declared("R", "a later noise-to-signal ratio"),
    "t": Declared("t", "the process's own time"),
    "sigma2": Declared(r"\sigma^2", "variance of the target's ambient noise"),
    "nu": Declared(r"\nu", "diffused ambient noise `alpha^2 sigma^2`"),
    "c": Declared("c", "variance of the marginal off the latent space, `h + alpha^2 sigma^2`"),
    "rho": Declared(r"\rho", "ambient noise relative to the diffusion noise, `alpha^2 sigma^2/h`"),
    "lambda_i": Declared(r"\lambda_i", "latent variance along the `i`-th principal direction of the target"),
    "lambda": Declared(r"\lambda", "latent variance, equal in all directions"),
    "a_i": Declared("a_i", "diffused latent variance `alpha^2 lambda_i`"),
    "a": Declared("a", "diffused latent variance `alpha^2 lambda`, equal in all directions"),
    "mu_i": Declared(r"\mu_i", "`i`-th largest eigenvalue of the diffused latent covariance that the encoder sees"),
    "alike_i": Declared(
        r"a^{\downarrow\downarrow}_i", "`i`-th largest eigenvalue of `A` times the `i`-th largest `cos^2`"
    ),
    "across_i": Declared(
        r"a^{\downarrow\uparrow}_i", "`i`-th largest eigenvalue of `A` times the `i`-th smallest `cos^2`"
    ),
    "turned_i": Declared(
        r"\mu^{\prime}_i",
        "`i`-th largest such eigenvalue when no `cos^2` is larger and the principal vectors are the same",
    ),
    "theta_i": Declared(r"\theta_i", "`i`-th principal angle between encoder and target"),
    "s_i": Declared("s_i", "squared sine of the `i`-th principal angle (1 for a target direction without partner)"),
    "cos_i": Declared(r"\cos\theta_i", "cosine of the `i`-th principal angle"),
    "sin_i": Declared(r"\sin\theta_i", "sine of the `i`-th principal angle"),
    "sigma_s2": Declared(r"\sigma_s^2", "variance of the source's ambient noise"),
    "lambda_s_i": Declared(r"\lambda^{s}_i", "source's latent variance along the encoder's `i`-th principal direction"),
    "a_s_i": Declared(r"a^{s}_i", "diffused source latent variance `alpha^2 lambda_s_i`"),
    "c_s": Declared("c_s", "variance of the source's marginal off its latent space, `h + alpha^2 sigma_s^2`"),
    "weight": Declared(r"\pi", "weight of the source in the pooled data"),
    "tol": Declared(r"\varepsilon_0", "tolerance of the error"),
    "tau": Declared(r"\tau", "threshold of a pooled eigenvalue; of a spike, `sqrt(D/n)` for `n` samples"),
    "b_i": Declared("b_i", "target's ambient noise over its latent variance, `sigma^2/lambda_i`: one over the spike"),
    "b_s_i": Declared("b^{s}_i", "source's ambient noise over its latent variance, `sigma_s^2/lambda_s_i`"),
    "overlap_i": Declared(r"\eta_i", "squared cosine between a target direction and its estimate, in the limit"),
    "overlap_s_i": Declared(
        r"\eta^{s}_i", "squared cosine between an encoder direction and its estimate, in the limit"
    ),
    "seen_i": Declared(r"\chi_i", "squared cosine between the two estimated subspaces, in the limit"),
    "tilt_i": Declared(r"\tilde{s}_i", "squared sine between the estimated encoder and the target, in the limit"),
    "mu_perp2": Declared(r"\mu_\perp^2", "squared norm of the target's mean outside the encoder"),
    "mu_in2": Declared(r"\mu_\parallel^2", "squared norm of the target's mean inside the encoder"),
    "alpha_dot": Declared(r"\dot{\alpha}", "time derivative of `alpha`"),
    "h_dot": Declared(r"\dot{h}", "time derivative of `h`"),
    "r_dot": Declared(r"\dot{r}", "time derivative of `r`"),
    "beta": Declared(r"\beta", "noise rate of the VP process at time `t`; in DDPM, noise variance of one step"),
    "B": Declared("B", "integral of `beta` from 0 to `t`"),
    "abar": Declared(r"\bar{\alpha}", "DDPM's product of the factors `1 - beta_j` of the steps: it is `alpha^2`"),
    "c_u": Declared("C_u", "cosine of the cosine schedule's angle `u`, which grows at a constant rate"),
    "s_u": Declared("S_u", "sine of the cosine schedule's angle `u`"),
    "c_0": Declared("C_0", "cosine of the cosine schedule's angle at `t = 0`"),
    "omega": Declared(r"\omega", "rate of the cosine schedule's angle"),
    "gamma": Declared(r"\gamma", "factor of the complement term of the reused score"),
    "log_p": Declared(r"\ln p(x)", "log-density of the diffused target, up to a constant"),
    "log_q": Declared(r"\ln q(x)", "log-density of the law whose score is `s_U`, up to the same constant"),
    "kappa": Declared(r"\kappa", "a constant"),
    "F": Declared("F", "scaled error `alpha^2 E` as a function of `r`"),
    "F_slope": Declared(r"F^{\prime}", "derivative of `F` in `r`"),
    "v_start": Declared("v_R", "variance along a direction, over `alpha^2`, of the law that a sampler starts from"),
    "w": Declared("w", "the longest step, in the ratio, of a sampler's grid"),
    "R_0": Declared("R_0", "ratio at the start of a sampler's grid"),
    "v_i": Declared(
        "v_i",
        "variance along `u_i` of what a sampler makes without steps; for a target direction without partner, `v_spare`",
    ),
    "v_spare": Declared(r"v_{\circ}", "the same along a spare direction of the encoder"),
    "v_rest": Declared(r"v_{\perp}", "the same in the encoder's complement"),
    "step_i": Declared(
        r"\hat{v}_i", "variance along `u_i` of what it makes in N steps; for a direction without partner, `step_spare`"
    ),
    "step_spare": Declared(r"\hat{v}_{\circ}", "the same along a spare direction of the encoder"),
    "step_rest": Declared(r"\hat{v}_{\perp}", "the same in the encoder's complement"),
    "w2": Declared(r"W_2^2", "squared 2-Wasserstein distance of the diffused target from the reused law"),
    "w2_centred": Declared(r"W_{2,0}^2", "the same distance when both laws are centred"),
    "infinity": Declared(r"\infty", "infinity"),
}

D, k, d = sym("D"), sym("k"), sym("d")
alpha, h, r, t = sym("alpha"), sym("h"), sym("r"), sym("t")
sigma2, nu, c, rho = sym("sigma2"), sym("nu"), sym("c"), sym("rho")
lam, a, s, cos, sin = sym("lambda_i"), sym("a_i"), sym("s_i"), sym("cos_i"), sym("sin_i")

lam_s, a_s, c_s, sigma_s2 = sym("lambda_s_i"), sym("a_s_i"), sym("c_s"), sym("sigma_s2")
weight, tol, tau, R = sym("weight"), sym("tol"), sym("tau"), sym("R")
mu_perp2, mu_in2 = sym("mu_perp2"), sym("mu_in2")

U = letter("U", "D", "k")
V = letter("V", "D", "d")
Lam = letter("Lambda", "d", "d", symmetric=True)
Sigma = letter("Sigma", "D", "D", symmetric=True)
M = letter("M", "k", "k", symmetric=True)
P = letter("P", "D", "D", symmetric=True)
Q = letter("Q", "D", "D", symmetric=True)
Lam_s = letter("Lambda_s", "k", "k", symmetric=True)
Sigma_s = letter("Sigma_s", "D", "D", symmetric=True)
M_s = letter("M_s", "k", "k", symmetric=True)
mu = letter("mu", "D", "1")
mu_s = letter("mu_s", "D", "1")
C_0, C_exact, C_steps = (letter(name, "D", "D", symmetric=True) for name in ("C_0", "C_exact", "C_steps"))
x = letter("x", "D", "1")
xi = letter("xi", "D", "1")
y = letter("y", "k", "1")
g = letter("g", "k", "1")
score = letter("s", "D", "1")

LETTERS: dict[str, Declared] = {
    "U": Declared("U", "frozen linear encoder, `D x k`"),
    "V": Declared("V", "the target's frame, `D x d`"),
    "Lambda": Declared(r"\Lambda", "covariance of the target's latent, `d x d`"),
    "Sigma": Declared(r"\Sigma", "covariance of the diffused target, `D x D`"),
    "M": Declared("M", "covariance of the encoded target, `U^T Sigma U`, `k x k`"),
    "Lambda_s": Declared(r"\Lambda_s", "covariance of the source's latent in the encoder's coordinates, `k x k`"),
    "Sigma_s": Declared(r"\Sigma_s", "covariance of the diffused source, `D x D`"),
    "M_s": Declared("M_s", "covariance of the encoded source, `U^T Sigma_s U`, `k x k`"),
    "mu_s": Declared(r"\mu_s", "mean of the source, in `R^D`"),
    "P": Declared("P", "projector onto the complement of the encoder, `I - U U^T`"),
    "Q": Declared("Q", "covariance of the law whose score is `s_U`, `U M U^T + h P`"),
    "A": Declared("A", "diffused latent covariance `alpha^2 Lambda`, `d x d`"),
    "R": Declared("R", "inverse of `c I + A`, `d x d`"),
    "B": Declared("B", "a square root of the latent covariance, `Lambda = B B^T`, `d x d`"),
    "A_seen": Declared(
        r"A_U", "diffused latent covariance as the encoder sees it, `alpha^2 B^T V^T U U^T V B`, `d x d`"
    ),
    "R_seen": Declared(r"R_U", "inverse of `c I + A_U`, `d x d`"),
    "Y": Declared("Y", "orthogonal factor of the SVD on the encoder's side, `k x k`"),
    "Z": Declared("Z", "orthogonal factor of the SVD on the target's side, `d x d`"),
    "C": Declared("C", "cosines of the principal angles on the diagonal, `k x d`"),
    "S": Declared("S", "sines of the positive principal angles, `m x m`"),
    "E": Declared("E", "selects the directions with a positive angle, `d x m`"),
    "N": Declared("N", "what the encoder misses, `V Z - U Y C`, `D x d`"),
    "W": Declared("W", "the directions `w_i` orthogonal to the encoder, `D x m`"),
    "K": Declared("K", "operator of the error, `-Sigma^-1 + U M^-1 U^T + P/h`, `D x D`"),
    "L": Declared("L", "latent covariance in the principal basis, `Z^T Lambda Z`"),
    "x": Declared("x", "a point of the diffused target, in `R^D`"),
    "xi": Declared(r"\xi", "the centred point `x - alpha mu`, in `R^D`"),
    "mu": Declared(r"\mu", "mean of the target, in `R^D`"),
    "y": Declared("y", "an encoded point `U^T x`, in `R^k`"),
    "g": Declared("g", "the latent score, in `R^k`"),
    "s": Declared("s", "the score of the diffused target, in `R^D`"),
    "q": Declared("q", "deviation of another latent score from the best one, in `R^k`"),
    "residual": Declared(r"\varrho", "residual of the best latent score, in `R^k`"),
    "g_best": Declared(r"g_{\star}", "the best latent score, in `R^k`"),
    "x_t": Declared("x_t", "a point of the diffused target, in `R^D`"),
    "m_t": Declared("m_t", "mean of the forward process at time `t`, in `R^D`"),
    "C_t": Declared("C_t", "covariance of the forward process at time `t`, `D x D`"),
    "posterior": Declared(r"\hat{x}_0", "posterior mean `E[x_0 | x_t]` of the target, in `R^D`"),
    "missing": Declared("e", "what the posterior mean misses of `x_0`, in `R^D`"),
    "posterior_y": Declared(r"\hat{y}_0", "posterior mean `E[U^T x_0 | U^T x_t]` of the encoded target, in `R^k`"),
    "missing_y": Declared("e_y", "what that posterior mean misses of `U^T x_0`, in `R^k`"),
    "mmse": Declared(r"\mathcal{E}", "covariance of what the posterior mean misses; its trace is the mmse, `D x D`"),
    "mmse_y": Declared(r"\mathcal{E}_y", "covariance of what the encoded posterior mean misses, `k x k`"),
    "Sigma_0": Declared(r"\Sigma_0", "covariance of the target's data, `V Lambda V^T + sigma^2 I`, `D x D`"),
    "M_0": Declared("M_0", "covariance of the encoded target's data, `U^T Sigma_0 U`, `k x k`"),
    "M_R": Declared("M_R", "covariance of the encoded target at the ratio `R`, `k x k`"),
    "Sigma_R": Declared(r"\Sigma_R", "covariance of the target at the ratio `R`, `D x D`"),
    "C_0": Declared("C_0", "covariance of the target's data, `D x D`"),
    "C_exact": Declared("C", "covariance of what a sampler makes without steps, `D x D`"),
    "C_steps": Declared(r"\hat{C}", "covariance of what it makes in N steps, `D x D`"),
    "C_r": Declared("C_r", "covariance of what is generated, at the ratio `r`, `D x D`"),
    "C_R": Declared("C_R", "covariance of the sampler's start over `alpha^2`, at the ratio `R`, `D x D`"),
    "B_R": Declared(
        "B_R", "deviation of the start, `Q_R^-1 (C_R - Q_R) Q_R^-1` where `Q_R` is the reused law's, `D x D`"
    ),
    "x0": Declared("x_0", "a point of the target, in `R^D`"),
    "z": Declared("z", "the target's latent, in `R^d`"),
    "eps": Declared(r"\varepsilon", "the target's ambient noise, in `R^D`"),
    "n": Declared("n", "the forward process's noise, in `R^D`"),
    "x_j": Declared("x_j", "a sampler's coordinate along a direction before a step, over `alpha`"),
    "zeta": Declared(r"\zeta", "a sampler's noise of one step along a direction"),
    "psi_sde_i": Declared(r"\psi^{S}_i", "variance over `alpha^2` that the reverse SDE gives along `u_i`"),
    "psi_ode_i": Declared(r"\psi^{O}_i", "variance over `alpha^2` that the probability flow gives along `u_i`"),
    "psi_sde_spare": Declared(r"\psi^{S}", "the same by the reverse SDE along a spare direction of the encoder"),
    "psi_ode_spare": Declared(r"\psi^{O}", "the same by the probability flow along a spare direction"),
    "psi_sde_rest": Declared(r"\psi^{S}_\perp", "the same by the reverse SDE in the encoder's complement"),
    "psi_ode_rest": Declared(r"\psi^{O}_\perp", "the same by the probability flow in the encoder's complement"),
    "G": Declared("G", "a Gram matrix that is not the identity"),
    "H": Declared("H", "a matrix of another linear latent score, `k x k`"),
}


# Letters that no random vector enters. Those that an axiom speaks of, random or not, no result may give a meaning.
_MODEL = frozenset({"U", "V", "Lambda", "Sigma", "M", "P", "Q", "mu", "R", "Y", "Z", "C", "E", "S"})
_SOURCE = frozenset({"Lambda_s", "Sigma_s", "M_s", "mu_s"})
_SPECTRAL = frozenset({"B", "A_seen", "R_seen"})
_STAND_INS = frozenset(
    {"noise", "cross", "dependence", "source_any", "beyond", "gram_U", "gram_V"}
    | {"q_moment", "residual_covariance", "second_moment", "mmse", "mmse_y"}
)
_LAWS = frozenset({"C_0", "C_exact", "C_steps"})
AXIOM_CONSTANTS = _MODEL | _SOURCE | _SPECTRAL | _STAND_INS | _LAWS
CONSTANT_LETTERS = AXIOM_CONSTANTS | {"A", "H", "K", "L", "Sigma_0", "M_0", "M_R", "Sigma_R", "B_R"}
_POSTERIOR = frozenset({"posterior", "missing", "posterior_y", "missing_y"})
AXIOM_NAMES = AXIOM_CONSTANTS | _POSTERIOR | {"x", "xi", "y", "z", "eps", "n", "q", "x_j", "zeta"}
# Letters that do not move with the diffusion time; a result may give some of them such a value. Those at the ratio R
# may hold it, and move with nothing else.
AT_RATIO = frozenset({"M_R", "Sigma_R", "B_R", "C_R"})
GIVEN_LETTERS = AT_RATIO | {"Sigma_0", "M_0"}
FIXED_LETTERS = GIVEN_LETTERS | {"U", "V", "Lambda", "mu", "Lambda_s", "mu_s"}
RANDOM_SYMBOLS = frozenset({"log_p", "log_q"})
FREE_SYMBOLS = frozenset(
    {"b_i", "b_s_i", "overlap_i", "overlap_s_i", "seen_i", "tilt_i"} | {"F", "F_slope", "v_i", "v_spare", "v_rest"}
)  # declared for printing, and a result's to give


def declared(expr: Expr) -> Declared:
    """What is declared of a symbol or letter. Raises KeyError for one that is not."""
    table = SYMBOLS if expr.head == "sym" else LETTERS
    return table[str(expr.args[0])]
