"""The same error for every way a network predicts: noise, data, velocity, and the velocity of the probability flow.

Problem: E ||prediction by s - prediction by s_U||^2, for each prediction that a score stands for. Guarantee: exact,
while alpha > 0 and h > 0; the data-prediction error tends to the projection error as r -> 0, from below.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from derivations import frozen_latent_error, limits, schedule_invariance
from derivations.frozen_latent_error import REUSED_SCORE
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import NOISE_ROOT
from theory.derivation import Author, Derivation, Output, Replacement
from theory.expr import Expr, diff, expect, sym, walk
from theory.rules import ALGEBRA, DIFFERENTIATE, RATIO, WHILE_SIGNAL

alpha, h, c, nu, sigma2, r = S.alpha, S.h, S.c, S.nu, S.sigma2, S.r
la, lam, s = S.a, S.lam, S.s
alpha_dot, h_dot = sym("alpha_dot"), sym("h_dot")
REACHED = (c + la) * (c + la * (1 - s))
DRIFT = alpha_dot / alpha
DIFFUSION = h_dot - 2 * DRIFT * h
TRACE_FORM = "trace form, for any positive definite `Sigma`"


def noise_of(score: Expr) -> Expr:
    """The noise that a score predicts, `-sqrt(h) s`."""
    return -(NOISE_ROOT * score)


def data_of(score: Expr) -> Expr:
    """The data that a score predicts, `(x + h s)/alpha`."""
    return (S.x + h * score) / alpha


def velocity_of(score: Expr) -> Expr:
    """The velocity `alpha eps - sqrt(h) x0`, with the predictions in place of the noise and the data."""
    return alpha * noise_of(score) - NOISE_ROOT * data_of(score)


def flow_of(score: Expr) -> Expr:
    """The velocity of the probability flow, `f x - g^2 s/2`."""
    return DRIFT * S.x - DIFFUSION / 2 * score


def _predictions(a: Author) -> None:
    """What ties the predictions to one another: they add up to the point, and to the flow's velocity."""
    noise, data = noise_of(S.score), data_of(S.score)
    a.chain("data and noise predicted add up to the point", alpha * data + NOISE_ROOT * noise).eq(
        S.x, ALGEBRA & WHILE_SIGNAL
    )
    a.chain("`g^2 = h' - 2 f h` is `alpha^2` times the rate of `h/alpha^2`", alpha**2 * diff(h / alpha**2, "t")).eq(
        DIFFUSION, DIFFERENTIATE & WHILE_SIGNAL
    )
    a.chain(
        "the flow moves data and noise predicted at the rates of `alpha` and `sqrt(h)`",
        alpha_dot * data + h_dot / (2 * NOISE_ROOT) * noise,
    ).eq(flow_of(S.score), ALGEBRA & WHILE_SIGNAL)


def _error(a: Author, name: str, predicted: Callable[[Expr], Expr], factor: Expr) -> Chain:
    """E ||difference of the predictions||^2 as a factor times the error of the scores, in closed form."""
    by = ALGEBRA & WHILE_SIGNAL if any(node == alpha for node in walk(predicted(S.score))) else ALGEBRA
    frozen = frozen_latent_error.derive(a.assumptions)
    difference, of_scores = predicted(S.score) - predicted(REUSED_SCORE), S.score - REUSED_SCORE
    chain = a.chain(name, expect(difference.T @ difference))
    chain.eq(factor * expect(of_scores.T @ of_scores), by)
    for step in ("second moment of the difference", TRACE_FORM, "in principal planes"):
        lemma = frozen.chain(step)
        chain.eq(factor * lemma.end, lemma.lemma() if by is ALGEBRA else lemma.lemma() & WHILE_SIGNAL)
    return chain


def _closed_forms(a: Author) -> tuple[Expr, Expr, Expr]:
    """Noise, data, velocity: without a division by alpha, so that they hold as alpha -> 0 too."""
    planes = a.model.sum(la * s * (1 / h - h / REACHED))
    noise = (S.D - S.k) * (c - h) ** 2 / (c * h) + planes
    data = (S.D - S.k) * sigma2 * (c - h) / c + a.model.sum(lam * s * (1 - h**2 / REACHED))
    inner = (S.D - S.k) * sigma2 * (c - h) / (c * h) + a.model.sum(lam * s * (1 / h - h / REACHED))
    return noise, data, (alpha**2 + h) ** 2 * inner


def _stable_forms(a: Author) -> tuple[Expr, Expr, Expr]:
    """The same as sums of nonnegative terms."""
    q = S.cos**2
    top = h * (2 * nu + la * (1 + q)) + (nu + la) * (nu + la * q)
    reached = (c + la) * (c + la * q)
    noise = (S.D - S.k) * nu**2 / (c * h) + a.model.sum(la * s * top / (h * reached))
    data = (S.D - S.k) * sigma2 * nu / c + a.model.sum(lam * s * top / reached)
    return noise, data, (alpha**2 + h) ** 2 * data / h


def _in_the_ratio(a: Author, noise: Expr, data: Expr) -> None:
    """h E = r F and h^2 E/alpha^2 = r^2 F, and what the latter tends to as r -> 0."""
    F = schedule_invariance.derive(a.assumptions).chain("`alpha^2 E`").end
    projection = limits.derive(a.assumptions).closed
    a.chain("the noise's error is `r F`", noise).eq(r * F, RATIO & WHILE_SIGNAL)
    squared = a.chain("the data's error is `r^2 F`", data).eq(r**2 * F, RATIO & WHILE_SIGNAL)
    a.chain("and at most the projection error `K2`", squared.end).le(projection)
    a.chain("to which it tends as `r -> 0`", projection - squared.end).le(r * limits.early_rate(a))


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Each prediction's error at the level of operators, then in closed form."""
    a = Author("parameterizations", assumptions)
    _predictions(a)
    predictions = (
        ("noise", noise_of, h),
        ("data", data_of, h**2 / alpha**2),
        ("velocity", velocity_of, (alpha**2 + h) ** 2 * h / alpha**2),
    )
    outputs, replaces = [], []
    for (name, predicted, factor), closed, stable in zip(predictions, _closed_forms(a), _stable_forms(a), strict=True):
        error = _error(a, f"error of the {name} prediction", predicted, factor).eq(closed, ALGEBRA & WHILE_SIGNAL)
        evaluated = a.chain(f"error of the {name} prediction, as evaluated", error.end).eq(stable, ALGEBRA)
        outputs.append(Output(name, error.end, evaluated.end))
        replaces.append(Replacement("frozen-latent-error", "E", ("error", name), (error,)))
    _error(a, "error of the flow's velocity", flow_of, DIFFUSION**2 / 4)
    _in_the_ratio(a, outputs[0].closed, outputs[1].closed)
    return a.finish(
        section="Freezing the latent space",
        title="Errors of noise, data and velocity prediction",
        statement=(
            "The mean squared error of the reused noise, data and velocity predictions: `h E`, `h^2 E/alpha^2` and "
            "`(alpha^2 + h)^2 h E/alpha^2`, with `v = alpha eps - sqrt(h) x0`. That of the velocity of the "
            "probability flow is `g^4 E/4`. As `r -> 0` the data prediction's error tends to the projection error "
            "`K2`, from below."
        ),
        outputs=tuple(outputs),
        limits="`h > 0`; derived while `alpha > 0`.",
        rests_on=(
            frozen_latent_error.derive(assumptions),
            schedule_invariance.derive(assumptions),
            limits.derive(assumptions),
        ),
        replaces=tuple(replaces),
    )
