"""What a sampler generates, computed: the variance along every direction, its distance from the data, and its parts.

A sampler starts from N(0, I) at ``t_end`` and stops at ``t_stop``. It uses the reused score (or, for a spectrum, the
exact one), which acts on each direction on its own: x becomes A x + sqrt(B) n, so a variance v becomes A^2 v + B.
The law is taken as it comes out at ``t_stop``, without a division by alpha and without a last denoising step, and it is
compared with the data law at time 0. In N steps on the grid uniform in the process's own time, from t to t - delta
with the score at the earlier node, where M is the variance of the score's own law:

    em     x - delta (f x - g^2 s) + g sqrt(delta) n                      Euler-Maruyama, reverse SDE
    ei     the same with s held fixed over the step, all else exact      exponential integrator, reverse SDE
    euler  x - delta (f x - g^2 s/2)                                     probability flow
    heun   the mean of that slope and the one at its end point           probability flow
    ddim   the data prediction (x + h s)/alpha held fixed over the step   probability flow

and without steps, exactly: sde (reverse SDE) and ode (probability flow).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from numerics.evaluate import Values, evaluate
from numerics.points import Angle, ExactPoint, Real, enclose
from numerics.sampler_laws import Data, Direction, diagonal_w2, root
from numerics.sampler_processes import Process, Time

CONTINUOUS = {"sde": "sde", "ode": "ode"}
DISCRETE = {"em": "sde", "ei": "sde", "euler": "ode", "heun": "ode", "ddim": "ode"}  # and what each approximates
BUDGET = ("truncation", "latent reuse", "initialisation", "discretisation", "sum of the parts", "whole")


@dataclass(frozen=True)
class Sampler:
    """``method`` is one of CONTINUOUS or DISCRETE; ``steps`` is for the latter; time runs from t_end down to t_stop."""

    method: str
    t_end: Real
    t_stop: Real
    steps: int | None = None

    def __post_init__(self) -> None:
        allowed = (*CONTINUOUS, *DISCRETE)
        if self.method not in allowed:
            raise ValueError(f"unknown method '{self.method}'; allowed: {', '.join(allowed)}")
        if self.method in DISCRETE and (self.steps is None or self.steps < 1):
            raise ValueError(f"method {self.method} needs a number of steps, at least 1")
        if isinstance(self.t_end, Fraction) and isinstance(self.t_stop, Fraction) and self.t_end <= self.t_stop:
            raise ValueError("t_end must be later than t_stop")
        if isinstance(self.t_stop, Fraction) and self.t_stop < 0:
            raise ValueError("t_stop must be nonnegative")

    def node(self, n: int) -> Any:
        """The n-th time of the uniform grid, as a ball; node 0 is t_end."""
        if n == 0 or n == self.steps:
            return enclose(self.t_stop if n else self.t_end, ctx.prec)
        if isinstance(self.t_end, Fraction) and isinstance(self.t_stop, Fraction):
            return enclose(self.t_end + (self.t_stop - self.t_end) * Fraction(n, self.steps or 1), ctx.prec)
        far, near = enclose(self.t_end, ctx.prec), enclose(self.t_stop, ctx.prec)
        return far + (near - far) * n / (self.steps or 1)


# --- one step -------------------------------------------------------------------------------------------------------
Step = Callable[[Process, Time, Time, Any], tuple[Any, Any]]


def _em(_: Process, now: Time, later: Time, ell: Any) -> tuple[Any, Any]:
    delta = now.t - later.t
    factor = 1 - delta * (now.drift + now.diffusion * now.gain(ell))
    return factor, delta * now.diffusion


def _ei(process: Process, now: Time, later: Time, ell: Any) -> tuple[Any, Any]:
    if now.alpha == 0:
        raise ValueError("a linear drift is infinite at alpha = 0: start a little earlier")
    ratio = later.alpha / now.alpha
    return ratio - process.held_score(now, later) * now.gain(ell), ratio * ratio * now.h - later.h


def _euler(_: Process, now: Time, later: Time, ell: Any) -> tuple[Any, Any]:
    return 1 - (now.t - later.t) * now.contraction(ell), arb(0)


def _heun(_: Process, now: Time, later: Time, ell: Any) -> tuple[Any, Any]:
    delta, first = now.t - later.t, now.contraction(ell)
    second = later.contraction(ell) * (1 - delta * first)
    return 1 - delta * (first + second) / 2, arb(0)


def _ddim(_: Process, now: Time, later: Time, ell: Any) -> tuple[Any, Any]:
    return (now.alpha * later.alpha * ell + root(now.h) * root(later.h)) * now.gain(ell), arb(0)


STEPS: dict[str, Step] = {"em": _em, "ei": _ei, "euler": _euler, "heun": _heun, "ddim": _ddim}


# --- laws -----------------------------------------------------------------------------------------------------------
def own_variances(process: Process, t: Any, directions: Sequence[Direction]) -> list[Any]:
    """Variances M of the law whose score is the reused one, at time t."""
    here = process.at(t)
    return [here.variance(d.ell) for d in directions]


def continuous_variances(flow: str, process: Process, sampler: Sampler, directions: Sequence[Direction]) -> list[Any]:
    """Variances generated from N(0, I) by the reverse SDE ("sde") or by the probability flow ("ode")."""
    start, stop = process.at(sampler.node(0)), process.at(enclose(sampler.t_stop, ctx.prec))
    answer = []
    for d in directions:
        before, after = start.variance(d.ell), stop.variance(d.ell)
        delta = (1 - before) / before
        if flow == "sde":
            ratio = start.alpha / stop.alpha
            delta *= ratio * ratio * after / before
        answer.append(after * (1 + delta))
    return answer


def discrete_variances(process: Process, sampler: Sampler, directions: Sequence[Direction]) -> list[Any]:
    """Variances generated from N(0, I) in ``sampler.steps`` steps of a scheme."""
    step = STEPS[sampler.method]
    variances = [arb(1) for _ in directions]
    now = process.at(sampler.node(0))
    for n in range(1, (sampler.steps or 0) + 1):
        later = process.at(sampler.node(n))
        for i, d in enumerate(directions):
            factor, noise = step(process, now, later, d.ell)
            variances[i] = factor * factor * variances[i] + noise
        now = later
    return variances


def _generated(process: Process, sampler: Sampler, directions: Sequence[Direction]) -> list[Any]:
    if sampler.method in CONTINUOUS:
        return continuous_variances(sampler.method, process, sampler, directions)
    return discrete_variances(process, sampler, directions)


# --- values with digits ---------------------------------------------------------------------------------------------
_NOWHERE = ExactPoint(1, 1, 1, (Angle(),), (Fraction(0),), Fraction(0), Fraction(1), Fraction(1))


def _certified(value: Callable[[], Any], digits: int) -> tuple[Values, Values]:
    """Decimal strings and radii of what ``value`` encloses at the precision in force; precision rises as it must."""
    return evaluate(lambda *_, fn: value(), _NOWHERE, digits)


def sampler_values(data: Data, process: Process, sampler: Sampler, digits: int) -> tuple[Values, Values]:
    """What a sampler generates: [squared W2 to the data law, [[variance, number of directions], ...]].

    Directions: for an encoder the min(k, d) paired ones, the spare ones, the complement; for a spectrum its entries.
    Values and bounds of their errors as decimal strings, as ``evaluate`` gives them. Raises ValueError where the
    method is not defined (an infinite drift at the start, a score at h = 0) or a number is out of its domain.
    """

    def value() -> Any:
        directions = data.directions()
        variances = _generated(process, sampler, directions)
        rows = [[v, d.count] for v, d in zip(variances, directions, strict=True)]
        return [data.squared_w2(variances, arb(1), arb(0)), rows]

    return _certified(value, digits)


def continuous_sampler(data: Data, process: Process, sampler: Sampler, digits: int) -> tuple[Values, Values]:
    """``sampler_values`` of the methods sde and ode. Raises ValueError for another."""
    _require(sampler, CONTINUOUS)
    return sampler_values(data, process, sampler, digits)


def discrete_sampler(data: Data, process: Process, sampler: Sampler, digits: int) -> tuple[Values, Values]:
    """``sampler_values`` of the methods em, ei, euler, heun and ddim. Raises ValueError for another."""
    _require(sampler, DISCRETE)
    return sampler_values(data, process, sampler, digits)


def _require(sampler: Sampler, allowed: dict[str, str]) -> None:
    if sampler.method not in allowed:
        raise ValueError(f"method {sampler.method} is not one of {', '.join(allowed)}")


def error_budget(data: Data, process: Process, sampler: Sampler, digits: int) -> tuple[Values, Values]:
    """Where the distance from the data comes from: W2 of each part, in the order of BUDGET.

    From the data law to that at t_stop (truncation), to the law of the reused score there (latent reuse), to what the
    exact reverse SDE or probability flow makes of N(0, I) (initialisation), to what the steps make of it
    (discretisation, 0 for the methods sde and ode). The whole is at most their sum, by the triangle inequality.
    """

    def value() -> Any:
        directions = data.directions()
        stop = process.at(enclose(sampler.t_stop, ctx.prec))
        alpha2 = stop.alpha * stop.alpha
        own = [stop.variance(d.ell) for d in directions]
        flow = CONTINUOUS.get(sampler.method) or DISCRETE[sampler.method]
        exact = continuous_variances(flow, process, sampler, directions)
        made = exact if sampler.method in CONTINUOUS else _generated(process, sampler, directions)
        parts = [
            root(data.diffusion_w2(alpha2, stop.h)),
            root(data.squared_w2(own, alpha2, stop.h)),
            root(diagonal_w2(directions, own, exact)),
            arb(0) if made is exact else root(diagonal_w2(directions, exact, made)),
        ]
        return [*parts, sum(parts, arb(0)), root(data.squared_w2(made, arb(1), arb(0)))]

    return _certified(value, digits)
