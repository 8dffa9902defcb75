"""One step of five sampling schemes: the variance that it makes, its error, and how the errors add up over N steps.

Problem: the reused score, held at the earlier node of a step from the ratio R to r, in place of the exact reverse SDE
or probability flow. Guarantee: exact, in every direction; errors as formulas, not as orders only. Schemes:
Song et al. 2021 (Euler-Maruyama, probability flow), Song, Meng, Ermon 2021 (DDIM), Zhang and Chen 2023 (exponential
integrator); all formulas are derived here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from derivations import continuous_sampler
from derivations.continuous_sampler import Direction, by_flow, by_sde
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import STEP_MOMENTS, fresh, point, while_positive
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, diff, expect, log, num, sym
from theory.fold import fold
from theory.processes import BY_NAME
from theory.rules import ALGEBRA, DIFFERENTIATE, LOG_BOUNDS, WHILE_SIGNAL

r, R, v = S.r, S.R, sym("v_start")
longest, first = sym("w"), sym("R_0")
DOWN = while_positive(R - r)
GENUINE = while_positive(R - r, v)
before, after = call("sqrt", 1 + R), call("sqrt", 1 + r)  # 1/alpha of VP at both ends
far, near = call("sqrt", R), call("sqrt", r)

METHODS = ("em", "ei", "euler", "heun", "ddim")
NAMES = {
    "em": "Euler-Maruyama",
    "ei": "exponential integrator",
    "euler": "Euler",
    "heun": "Heun",
    "ddim": "DDIM",
}


def _update(x: Direction, method: str) -> Expr:
    """The coordinate over alpha after the step, with score -x/m_R at the earlier node.

    Euler-Maruyama, Euler and Heun in the clock r, where the drift is the score's alone. The exponential integrator is
    that of VP with the score held fixed; DDIM, of any process, holds the data prediction fixed.
    """
    m, m_R = x.own(r), x.own(R)
    gap = R - r
    if method == "em":
        return point - gap * (point / m_R) + call("sqrt", gap) * fresh
    if method == "ei":
        at_node = point / before  # alpha x_j
        score = -(before**2 / m_R * at_node)
        stretched = before / after * at_node + 2 * (before / after - 1) * score
        return after * (stretched + call("sqrt", gap / (1 + r)) * fresh)
    slope = point / (2 * m_R)
    if method == "euler":
        return point - gap * slope
    if method == "heun":
        return point - gap / 2 * (slope + (point - gap * slope) / (2 * m))
    prediction = point - R * (point / m_R)
    return prediction + near * (far * (point / m_R))


def _factor(own: Callable[[Expr], Expr], ell: Expr, method: str) -> Expr:
    """What multiplies the coordinate over alpha."""
    m, m_R, gap = own(r), own(R), R - r
    return fold(
        {
            "em": m / m_R,
            "ei": (m - (gap / (before + after)) ** 2) / m_R,
            "euler": (2 * m + gap) / (2 * m_R),
            "heun": (8 * m**2 + 4 * m * gap - gap**2) / (8 * m * m_R),
            "ddim": (ell + near * far) / m_R,
        }[method]
    )


def factor(x: Direction, method: str) -> Expr:
    """What one step multiplies the coordinate over alpha by."""
    return _factor(x.own, x.ell, method)


def variance(x: Direction, method: str) -> Expr:
    """The variance over alpha^2 that one step makes of v_R."""
    noise = R - r if method in ("em", "ei") else num(0)
    return fold(factor(x, method) ** 2 * v + noise)


def _steps(a: Author, x: Direction) -> tuple[Output, ...]:
    """Each scheme's update, its factor and its mean square."""
    outputs = []
    for method in METHODS:
        update, name = _update(x, method), f"{x.name}, {NAMES[method]}"
        found = a.chain(f"{name}: factor of a step", expect(update @ point.T) / v).eq(
            factor(x, method), STEP_MOMENTS & GENUINE
        )
        after_step, noisy = f"{name}: variance after a step", expect(update @ update.T)
        if method == "ei":
            opened = 1 - 2 * before * (before - after) / x.own(R)
            shorter = a.chain(f"{name}: the factor, shorter", opened).eq(factor(x, method), ALGEBRA)
            squared = a.chain(after_step, noisy).eq(opened**2 * v + (R - r), STEP_MOMENTS & DOWN)
            squared.eq(variance(x, method), shorter.lemma())
        else:
            a.chain(after_step, noisy).eq(variance(x, method), STEP_MOMENTS & DOWN)
        stable = a.model.written(_factor(lambda q: fold(q + x.evaluated), x.evaluated, method))
        if stable != found.end:
            a.chain(f"{name}: as evaluated", found.end).eq(stable, ALGEBRA)
        outputs.append(Output(f"factor, {NAMES[method]}", found.end, stable, x.over))
    for method, scale in (("ei", after * call("sqrt", (R - r) / (1 + r))), ("em", call("sqrt", R - r))):
        kick = _update(x, method) - factor(x, method) * point
        spread = (
            a.chain(f"{x.name}, {NAMES[method]}: what its noise adds", expect(kick @ kick.T))
            .eq(scale**2, STEP_MOMENTS & DOWN)
            .eq(R - r, DOWN)
        )
    return (*outputs, Output("noise", spread.end, spread.end))


def _errors(a: Author, x: Direction) -> None:
    """What one step adds to the exact law: of second order in the step, of third for Heun."""
    m, m_R, gap = x.own(r), x.own(R), R - r
    held = (gap / (before + after)) ** 2

    def chain(method: str, exact: Callable[[Direction, Expr], Expr], error: Expr) -> None:
        a.chain(f"{x.name}, {NAMES[method]}: error of a step", variance(x, method) - exact(x, v)).eq(error, DOWN)

    chain("em", by_sde, gap**2 / m_R)
    chain("ei", by_sde, gap**2 / m_R - v * held / m_R**2 * (2 * m - held))
    chain("euler", by_flow, v * gap**2 / (4 * m_R**2))
    chain("heun", by_flow, -(v * gap**3 * (8 * m - gap) / (64 * m**2 * m_R**2)))
    chain("ddim", by_flow, -(v * x.ell * gap**2 / (m_R**2 * (near + far) ** 2)))


def _flow_sums(a: Author, x: Direction) -> None:
    """Relative to the exact flow the errors of successive steps are bounded by terms that telescope, so that N of them
    add up to a power of the longest step."""
    m, m_R, gap = x.own(r), x.own(R), R - r
    telescoping = 1 / m - 1 / m_R
    exact = by_flow(x, v)
    ratio = 1 + gap**2 / (4 * m * m_R)
    a.chain(f"{x.name}, Euler: variance over the exact one", variance(x, "euler") / exact).eq(ratio, GENUINE)
    a.chain(f"{x.name}, Euler: its logarithm", log(ratio)).le(gap**2 / (4 * m * m_R), LOG_BOUNDS & GENUINE).eq(
        gap / 4 * telescoping, ALGEBRA
    )
    short = 1 - variance(x, "heun") / exact
    a.chain(f"{x.name}, Heun: relative error", short).eq(gap**2 * (8 * m - gap) / (64 * m**2) * telescoping, GENUINE)
    a.chain(f"{x.name}, Heun: what is left of a bound that telescopes", gap**2 / (8 * m) * telescoping - short).optimum(
        num(0), gap**2, GENUINE, 1 / (64 * m**3 * m_R)
    )
    short = 1 - variance(x, "ddim") / exact
    a.chain(f"{x.name}, DDIM: relative error", short).eq(x.ell * gap / (near + far) ** 2 * telescoping, GENUINE)
    left = x.ell * (R + 2 * near * far) / (r * (near + far) ** 2 * m * m_R)
    a.chain(f"{x.name}, DDIM: what is left of a bound that telescopes", x.ell * gap / r * telescoping - short).optimum(
        num(0), gap, GENUINE, left
    )


def _em_sum(a: Author, x: Direction) -> None:
    """Euler-Maruyama in the clock r: if the variance exceeds the exact one by at most w (1 - m_R/m_0) before a step,
    it does so by at most w (1 - m_r/m_0) after it, with w the longest step."""
    m, m_R, m_0, gap = x.own(r), x.own(R), x.own(first), R - r
    grown = (m / m_R) ** 2 * (longest * (1 - m_R / m_0)) + gap**2 / m_R
    bounded = while_positive(R - r, first - R, longest - (R - r), first, longest)
    weight = longest * gap * m * (first - R) / (m_R**2 * m_0) + gap * (longest - gap) / m_R
    a.chain(f"{x.name}, Euler-Maruyama: the bound of the error after a step", longest * (1 - m / m_0) - grown).optimum(
        num(0), num(1), bounded, weight
    )


def _exact_directions(a: Author, x: Direction, rest: Direction) -> None:
    """Where a scheme makes no error."""
    a.chain("DDIM is exact in the complement", variance(rest, "ddim")).eq(by_flow(rest, v), DOWN)
    marginal = S.c + S.a * (1 - S.s)
    drift = sym("alpha_dot") / S.alpha
    diffusion = sym("h_dot") - 2 * drift * S.h
    a.chain("the flow's rate is half the rate of `ln M`", diff(marginal, "t") / (2 * marginal)).eq(
        drift + diffusion * (1 / marginal) / 2, DIFFERENTIATE & WHILE_SIGNAL
    )
    vp = BY_NAME["vp"]
    a.chain("VP: Euler and Heun are exact along variance one", drift + diffusion / (S.alpha**2 + S.h) / 2).eq(
        0, vp.rates
    )
    a.chain("Euler-Maruyama: the factor of the mean is the exact one", 1 - (R - r) / x.own(R)).eq(
        x.own(r) / x.own(R), ALGEBRA
    )


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """Steps, errors, sums of errors, exact directions."""
    a = Author("discrete-sampler", assumptions)
    pair, _, rest = continuous_sampler.directions(a)
    outputs = _steps(a, pair)
    _errors(a, pair)
    _flow_sums(a, pair)
    _em_sum(a, pair)
    _exact_directions(a, pair, rest)
    return a.finish(
        section="What a sampler makes of it",
        title="Discrete samplers",
        statement=(
            "A step from the ratio `R` to `r` with the reused score at `R` multiplies a coordinate over `alpha` by the "
            "factor `A` below and adds noise of variance `R - r` for Euler-Maruyama and the exponential integrator, "
            "none for the others: a variance `v_R` becomes `A^2 v_R` plus that, and N steps repeat it. The error of a "
            "step is of order `(R-r)^2` for Euler-Maruyama, the exponential integrator (VP, score held fixed), Euler "
            "and DDIM (data prediction held fixed), `(R-r)^3` for Heun. Over a grid from `R_0` to `r` with longest "
            "step `w` the variance by Euler-Maruyama exceeds the exact one by at most `w`; the others, relative to "
            "the exact one, are off by a multiple of `w (1/m_r - 1/m_0)` for Euler and DDIM, of `w^2 (1/m_r - 1/m_0)` "
            "for Heun, at fixed `r > 0`, where `m_r = r + sigma^2 + lambda_i (1 - s_i)` and `m_0` is that at `R_0`. "
            "DDIM is exact in the complement of the encoder; under VP, Euler and Heun are along directions of variance "
            "one."
        ),
        outputs=outputs,
        limits=(
            "`0 < r < R`. Spare directions have `lambda_i = 0`, the complement has `m_r = r`. Euler-Maruyama, Euler "
            "and Heun step in the clock `r` (VE). Over N steps the bounds of one step are added (those of Heun and "
            "DDIM, of a product of factors between 0 and 1; for Heun while `R - r <= 8 m_r`), where their last factors "
            "telescope; for the exponential integrator the error of one step is proved."
        ),
        rests_on=(continuous_sampler.derive(assumptions),),
        references=(
            "Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole 2021 (reverse SDE, probability flow)",
            "Song, Meng, Ermon 2021 (DDIM)",
            "Zhang, Chen 2023 (exponential integrator)",
        ),
    )
