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
    "lambda_i": Declared(r"\lambda_i", "latent variance along the i-th principal direction of the target"),
    "lambda": Declared(r"\lambda", "latent variance, equal in all directions"),
    "a_i": Declared("a_i", "diffused latent variance `alpha^2 lambda_i`"),
    "a": Declared("a", "diffused latent variance `alpha^2 lambda`, equal in all directions"),
    "theta_i": Declared(r"\theta_i", "i-th principal angle between encoder and target"),
    "s_i": Declared("s_i", "squared sine of the i-th principal angle (1 for a target direction without partner)"),
    "cos_i": Declared(r"\cos\theta_i", "cosine of the i-th principal angle"),
    "sin_i": Declared(r"\sin\theta_i", "sine of the i-th principal angle"),
    "alpha_dot": Declared(r"\dot{\alpha}", "time derivative of `alpha`"),
    "h_dot": Declared(r"\dot{h}", "time derivative of `h`"),
    "r_dot": Declared(r"\dot{r}", "time derivative of `r`"),
    "beta": Declared(r"\beta", "noise rate of the VP process at time t"),
    "B": Declared("B", "integral of `beta` from 0 to `t`"),
    "gamma": Declared(r"\gamma", "factor of the complement term of the reused score"),
    "log_p": Declared(r"\ln p(x)", "log-density of the diffused target, up to a constant"),
    "log_q": Declared(r"\ln q(x)", "log-density of the law whose score is `s_U`, up to the same constant"),
    "kappa": Declared(r"\kappa", "a constant"),
    "F": Declared("F", "scaled error `alpha^2 E` as a function of `r`"),
    "F_slope": Declared(r"F^{\prime}", "derivative of `F` in `r`"),
    "infinity": Declared(r"\infty", "infinity"),
}

D, k, d = sym("D"), sym("k"), sym("d")
alpha, h, r, t = sym("alpha"), sym("h"), sym("r"), sym("t")
sigma2, nu, c, rho = sym("sigma2"), sym("nu"), sym("c"), sym("rho")
lam, a, s, cos, sin = sym("lambda_i"), sym("a_i"), sym("s_i"), sym("cos_i"), sym("sin_i")

U = letter("U", "D", "k")
V = letter("V", "D", "d")
Lam = letter("Lambda", "d", "d", symmetric=True)
Sigma = letter("Sigma", "D", "D", symmetric=True)
M = letter("M", "k", "k", symmetric=True)
P = letter("P", "D", "D", symmetric=True)
Q = letter("Q", "D", "D", symmetric=True)
mu = letter("mu", "D", "1")
x = letter("x", "D", "1")
xi = letter("xi", "D", "1")
y = letter("y", "k", "1")
g = letter("g", "k", "1")
score = letter("s", "D", "1")

LETTERS: dict[str, Declared] = {
    "U": Declared("U", "frozen linear encoder, D x k"),
    "V": Declared("V", "the target's frame, D x d"),
    "Lambda": Declared(r"\Lambda", "covariance of the target's latent, d x d"),
    "Sigma": Declared(r"\Sigma", "covariance of the diffused target, D x D"),
    "M": Declared("M", "covariance of the encoded target, `U^T Sigma U`, k x k"),
    "P": Declared("P", "projector onto the complement of the encoder, `I - U U^T`"),
    "Q": Declared("Q", "covariance of the law whose score is `s_U`, `U M U^T + h P`"),
    "A": Declared("A", "diffused latent covariance `alpha^2 Lambda`, d x d"),
    "R": Declared("R", "inverse of `c I + A`, d x d"),
    "Y": Declared("Y", "orthogonal factor of the SVD on the encoder's side, k x k"),
    "Z": Declared("Z", "orthogonal factor of the SVD on the target's side, d x d"),
    "C": Declared("C", "cosines of the principal angles on the diagonal, k x d"),
    "S": Declared("S", "sines of the positive principal angles, m x m"),
    "E": Declared("E", "selects the directions with a positive angle, d x m"),
    "N": Declared("N", "what the encoder misses, `V Z - U Y C`, D x d"),
    "W": Declared("W", "the directions `w_i` orthogonal to the encoder, D x m"),
    "K": Declared("K", "operator of the error, `-Sigma^-1 + U M^-1 U^T + P/h`, D x D"),
    "L": Declared("L", "latent covariance in the principal basis, `Z^T Lambda Z`"),
    "x": Declared("x", "a point of the diffused target, D"),
    "xi": Declared(r"\xi", "the centred point `x - alpha mu`, D"),
    "mu": Declared(r"\mu", "mean of the target, D"),
    "y": Declared("y", "an encoded point `U^T x`, k"),
    "g": Declared("g", "the latent score, k"),
    "s": Declared("s", "the score of the diffused target, D"),
    "q": Declared("q", "deviation of another latent score from the best one, k"),
    "residual": Declared(r"\varrho", "residual of the best latent score, k"),
    "g_best": Declared(r"g_{\star}", "the best latent score, k"),
    "x_t": Declared("x_t", "a point of the diffused target, D"),
    "m_t": Declared("m_t", "mean of the forward process at time t, D"),
    "C_t": Declared("C_t", "covariance of the forward process at time t, D x D"),
    "x0": Declared("x_0", "a point of the target, D"),
    "z": Declared("z", "the target's latent, d"),
    "eps": Declared(r"\varepsilon", "the target's ambient noise, D"),
    "n": Declared("n", "the forward process's noise, D"),
    "G": Declared("G", "a Gram matrix that is not the identity"),
    "H": Declared("H", "a matrix of another linear latent score, k x k"),
}


# Letters that no random vector enters. Those that an axiom speaks of, random or not, no result may give a meaning.
_MODEL = frozenset({"U", "V", "Lambda", "Sigma", "M", "P", "Q", "mu", "R", "Y", "Z", "C", "E", "S"})
_STAND_INS = frozenset(
    {"noise", "cross", "dependence", "M_s", "beyond", "gram_U", "gram_V"}
    | {"q_moment", "residual_covariance", "second_moment"}
)
AXIOM_CONSTANTS = _MODEL | _STAND_INS
CONSTANT_LETTERS = AXIOM_CONSTANTS | {"A", "H", "K", "L"}
AXIOM_NAMES = AXIOM_CONSTANTS | {"x", "xi", "y", "z", "eps", "n", "q"}
RANDOM_SYMBOLS = frozenset({"log_p", "log_q"})
FREE_SYMBOLS = frozenset({"F", "F_slope"})  # declared for printing, and a result's to give


def declared(expr: Expr) -> Declared:
    """What is declared of a symbol or letter. Raises KeyError for one that is not."""
    table = SYMBOLS if expr.head == "sym" else LETTERS
    return table[str(expr.args[0])]
