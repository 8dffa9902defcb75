"""The law that a sampler generates from a wrong start: reverse SDE against probability flow, direction by direction.

Problem: the reused score is used from the ratio R down to r, from a centred Gaussian that is not its own. What comes
out, and which of the two samplers comes closer? Guarantee: exact, in every direction of the encoder and of its
complement. To the law that the same score has, the SDE is never farther; to the diffused target it can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from derivations import latent_optimum
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited import BURES, DIVERGENCE, LINEAR_ODE, SDE_MOMENTS, STANDARD_START, while_positive
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, letter, log, num, substitute, sym
from theory.fold import fold
from theory.rules import ALGEBRA, DECODER, LOG_BOUNDS, RATIO, RELEARNED, WHILE_SIGNAL, Rule

r, R, v_start = S.r, S.R, sym("v_start")
alpha_dot, r_dot = sym("alpha_dot"), sym("r_dot")
GENUINE = while_positive(R - r, v_start)


@dataclass(frozen=True)
class Direction:
    """A direction of the reused score: minus the score's gain there, the variance `ell` of the encoded data along it
    (0 in the complement; `evaluated` is the same without a difference), the unknowns of its equations, the reason by
    which the gain is known, and how many there are of its kind."""

    name: str
    gain: Expr
    ell: Expr
    evaluated: Expr
    psi: tuple[Expr, Expr]
    reason: Rule
    over: str | None
    count: Expr

    def own(self, ratio: Expr) -> Expr:
        """Variance over alpha^2 of the law whose score it is."""
        return fold(ratio + self.ell)


def directions(a: Author) -> tuple[Direction, ...]:
    """Along the encoder's principal directions, along a spare one, and in the complement."""
    best = latent_optimum.derive(a.assumptions)
    pair, spare = (output.closed for output in best.outputs)
    seen, wide = S.sigma2 + S.lam * (1 - S.s), S.sigma2 + S.lam * S.cos**2
    spares, others = (a.model.written(Expr("call", ("max", S.k - S.d, num(0)))), a.model.written(S.D - S.k))
    known, implied = RATIO & WHILE_SIGNAL, DECODER & RATIO & WHILE_SIGNAL
    return (
        Direction("along `u_i`", pair, seen, wide, _unknowns("i"), known, "pairs", num(1)),
        Direction("along a spare direction", spare, S.sigma2, S.sigma2, _unknowns("spare"), known, None, spares),
        Direction("in the complement", sym("gamma"), num(0), num(0), _unknowns("rest"), implied, None, others),
    )


def _unknowns(kind: str) -> tuple[Expr, Expr]:
    """What the equations of a direction are solved for, by the SDE and by the flow."""
    return letter(f"psi_sde_{kind}", "1", "1", symmetric=True), letter(f"psi_ode_{kind}", "1", "1", symmetric=True)


def _score(a: Author) -> None:
    """The score that the samplers use: the encoded target's own one along the encoder, which the gains there are of."""
    a.chain("the reused score", S.U @ S.g - sym("gamma") * (S.P @ S.x)).eq(
        -(S.U @ S.M.inv @ S.U.T @ S.xi) - S.P @ S.x / S.h, RELEARNED & DECODER
    )


def _equations(a: Author, x: Direction) -> None:
    """From the samplers in the process's own time to equations in the ratio, for the variance over alpha^2."""
    m = x.own(r)
    a.chain(f"{x.name}: the score over the coordinate, times `alpha^2`", S.alpha**2 * x.gain).eq(1 / m, x.reason)
    drift, diffusion = alpha_dot / S.alpha, S.alpha**2 * r_dot

    def scaled(covariance_rate: Expr, covariance: Expr) -> Expr:
        """Rate of C/alpha^2 from that of C."""
        return covariance_rate / S.alpha**2 - 2 * drift * covariance / S.alpha**2

    by_sde, by_flow = (S.alpha**2 * psi for psi in x.psi)
    reverse = 2 * (drift + diffusion * x.gain) * by_sde - diffusion
    a.chain(f"{x.name}: rate of the variance under the reverse SDE", scaled(reverse, by_sde)).eq(
        r_dot * (2 * x.psi[0] / m - num(1)), x.reason
    )
    flow = 2 * (drift + diffusion * x.gain / 2) * by_flow
    a.chain(f"{x.name}: rate under the probability flow", scaled(flow, by_flow)).eq(r_dot * (x.psi[1] / m), x.reason)


def by_sde(x: Direction, start: Expr) -> Expr:
    """Variance over alpha^2 that the reverse SDE makes of `start`."""
    m, m_R = x.own(r), x.own(R)
    return m * (1 + m / m_R * (start / m_R - 1))


def by_flow(x: Direction, start: Expr) -> Expr:
    """Variance over alpha^2 that the probability flow makes of `start`."""
    return x.own(r) * start / x.own(R)


def _solutions(a: Author, x: Direction) -> tuple[Output, Output]:
    """Both equations solved from any start, and the values from N(0, I) where alpha^2 + h = 1 at the ratio R."""
    m, (stochastic, plain), start = x.own(r), x.psi, {"r": R, "value": v_start}
    sde = a.chain(f"{x.name}, by the SDE", stochastic).solves(
        by_sde(x, v_start), 2 * stochastic / m - num(1), start, SDE_MOMENTS, variable="r"
    )
    flow = a.chain(f"{x.name}, by the flow", plain).solves(
        by_flow(x, v_start), plain / m, start, LINEAR_ODE, variable="r"
    )
    return _value(a, x, "SDE", sde.end), _value(a, x, "flow", flow.end)


def _value(a: Author, x: Direction, sampler: str, found: Expr) -> Output:
    """The variance itself, alpha^2 times what the equation gave; evaluated without a difference that cancels."""

    def written(ell: Expr) -> Expr:
        marginal, now, before = S.h + S.alpha**2 * ell, r + ell, R + ell
        if sampler == "flow":
            return fold(marginal * (1 + R) / before)
        return fold(marginal * (before * (R - r) + now * (1 + R)) / before**2)

    closed = a.chain(f"{x.name}, {sampler}: the variance from `N(0, I)`", S.alpha**2 * found).eq(
        written(x.ell), STANDARD_START & RATIO & WHILE_SIGNAL
    )
    stable = a.model.written(written(x.evaluated))
    if stable != closed.end:
        a.chain(f"{x.name}, {sampler}: as evaluated", closed.end).eq(stable, ALGEBRA)
    return Output(f"{sampler} {x.name.replace('`', '')}", closed.end, stable, x.over, x.count)


def _comparison(a: Author, x: Direction) -> None:
    """The SDE is never farther from the score's own law than the flow: divergence both ways, and W2."""
    m, m_R, v = x.own(r), x.own(R), v_start
    flow, sde = v / m_R, (m_R * (R - r) + m * v) / m_R**2
    a.chain(f"{x.name}, flow: deviation", by_flow(x, v) / m - 1).eq(v / m_R - 1, ALGEBRA)
    a.chain(f"{x.name}, SDE: deviation", by_sde(x, v) / m - 1).eq(m / m_R * (v / m_R - 1), ALGEBRA)
    a.chain(f"{x.name}, SDE: variance over the own one", by_sde(x, v) / m).eq(sde, ALGEBRA)
    deviation = v / m_R - 1
    gained = (R - r) * m / (2 * (m_R * (R - r) + m * v))
    generated = (flow - 1 - log(flow)) / 2 - (sde - 1 - log(sde)) / 2
    a.chain(f"{x.name}: divergence of the generated from the own law, flow minus SDE", generated).eq(
        (flow - sde - log(flow / sde)) / 2, DIVERGENCE & GENUINE
    ).ge((flow - sde - (flow / sde - 1)) / 2, LOG_BOUNDS & GENUINE).optimum(num(0), deviation, GENUINE, gained)
    own = (1 / flow - 1 + log(flow)) / 2 - (1 / sde - 1 + log(sde)) / 2
    a.chain(f"{x.name}: divergence of the own from the generated law, flow minus SDE", own).eq(
        (1 / flow - 1 / sde + log(flow / sde)) / 2, DIVERGENCE & GENUINE
    ).ge((1 / flow - 1 / sde + 1 - sde / flow) / 2, LOG_BOUNDS & GENUINE).optimum(
        num(0), deviation, GENUINE, gained * m_R / v
    )
    _distance(a, x)


def _distance(a: Author, x: Direction) -> None:
    """The same for W2, from the roots of both variances."""
    m, m_R, v = x.own(r), x.own(R), v_start
    far, near = call("sqrt", m_R * v), call("sqrt", m_R * (R - r) + m * v)
    a.chain(f"{x.name}, flow: deviation of the root", call("sqrt", v / m_R)).root(far / m_R, GENUINE)
    inside = (m_R * (R - r) + m * v) / m_R**2
    a.chain(f"{x.name}, SDE: deviation of the root", call("sqrt", inside)).root(near / m_R, GENUINE)
    weight = (R - r) * (far + m_R) * (near + m_R + m / m_R * (far + m_R)) / ((near + m_R) * (far + near) * m_R)
    flow, sde = m * (far / m_R - 1) ** 2, m * (near / m_R - 1) ** 2
    a.chain(f"{x.name}: `W_2^2`, flow minus SDE, in units of `m_r/m_R^2`", (flow - sde) * m_R**2 / m).eq(
        (far - m_R) ** 2 - (near - m_R) ** 2, BURES & GENUINE
    ).optimum(num(0), far - m_R, GENUINE, weight)


AT = {
    "r": num(Fraction(3, 16)),
    "R": num(3),
    "sigma2": num(Fraction(13, 16)),
    "lambda_i": num(Fraction(3, 16)),
    "s_i": num(0),
}


def _counterexample(a: Author, x: Direction, rest: Direction) -> None:
    """Against the diffused target the SDE can be the worse one: in the complement the target has variance r + sigma^2,
    on the other side of the score's own variance r. Along the encoder both are exact at these numbers."""
    a.chain("a counterexample: along the encoder the start is the own law", substitute((1 + R) / x.own(R), AT)).eq(
        1, ALGEBRA
    )
    target = r + S.sigma2
    sde, flow = by_sde(rest, 1 + R), by_flow(rest, 1 + R)

    def at(expr: Expr) -> Expr:
        return substitute(expr, AT)

    a.chain("in the complement: variance of the target", at(target)).eq(1, ALGEBRA)
    a.chain("in the complement: variance by the SDE", at(sde)).eq(num(Fraction(49, 256)), ALGEBRA)
    a.chain("in the complement: variance by the flow", at(flow)).eq(num(Fraction(1, 4)), ALGEBRA)
    forward = (at(target / sde) - at(target / flow) - (log(at(target / sde)) - log(at(target / flow)))) / 2
    a.chain("divergence of the target from the generated law, SDE minus flow", forward).eq(
        (num(Fraction(60, 49)) - log(num(Fraction(64, 49)))) / 2, DIVERGENCE
    ).ge(num(Fraction(45, 98)), LOG_BOUNDS)
    backward = (at(sde / target) - at(flow / target) - (log(at(sde / target)) - log(at(flow / target)))) / 2
    a.chain("divergence of the generated law from the target, SDE minus flow", backward).eq(
        (log(num(Fraction(64, 49))) - num(Fraction(15, 256))) / 2, DIVERGENCE
    ).ge(num(Fraction(45, 512)), LOG_BOUNDS)

    def root(expr: Expr) -> Expr:
        return call("sqrt", at(expr))

    distance = (root(target) - root(sde)) ** 2 - (root(target) - root(flow)) ** 2
    a.chain("`W_2^2` from the target, SDE minus flow", distance).eq(num(Fraction(17, 256)), BURES)


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The equations, their solutions, the comparison, the counterexample."""
    a = Author("continuous-sampler", assumptions)
    _score(a)
    kinds = directions(a)
    pairs = []
    for x in kinds:
        _equations(a, x)
        pairs.append(_solutions(a, x))
    pair, _, rest = kinds
    _comparison(a, pair)
    _comparison(a, rest)
    _counterexample(a, pair, rest)
    return a.finish(
        section="What a sampler makes of it",
        title="SDE and flow from a wrong start",
        statement=(
            "The samplers that use the reused score from the ratio `R` down to `r` keep every direction of the encoder "
            "and of its complement apart. Let `m_r` be the variance over `alpha^2` of the law that has this score: "
            "`r + sigma^2 + lambda_i (1 - s_i)` along `u_i`, `r + sigma^2` along a spare direction, `r` in the "
            "complement. A start with variance `v_R = m_R (1 + q)` ends at `m_r (1 + q)` by the probability flow and "
            "at `m_r (1 + (m_r/m_R) q)` by the reverse SDE. So the SDE is never farther from that law than the flow, "
            "in divergence both ways and in `W_2`; from the diffused target it can be. The variances below are those "
            "from `N(0, I)` where `alpha^2 + h = 1` at the start."
        ),
        outputs=(*(sde for sde, _ in pairs), *(flow for _, flow in pairs)),
        limits=(
            "`0 < r < R`, `alpha > 0`, centred start that is diagonal in the same directions. Divergences and `W_2^2` "
            "are sums over the directions, so the comparison holds for any spectrum."
        ),
        rests_on=(latent_optimum.derive(assumptions),),
        references=("Song, Sohl-Dickstein, Kingma, Kumar, Ermon, Poole 2021 (reverse SDE, probability flow)",),
    )
