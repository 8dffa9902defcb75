"""Forward processes over all of their time, as a sampler runs through them: alpha, h and their rates in balls.

Everything is computed at the precision in force. Conventions of VP: `half` is dx = -beta x/2 dt + sqrt(beta) dW, so
that alpha^2 = e^-B; `full` is dx = -beta x dt + sqrt(2 beta) dW, alpha^2 = e^-2B; B is the integral of beta.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from flint import arb, ctx

from numerics.points import Real, enclose

CONVENTIONS = ("half", "full")


@dataclass(frozen=True)
class Time:
    """One time of a process: alpha, h and their derivatives in the process's own time, as balls."""

    t: Any
    alpha: Any
    h: Any
    alpha_dot: Any
    h_dot: Any

    @property
    def drift(self) -> Any:
        """f of dx = f x dt + g dW. Raises ValueError where alpha is zero, which has none."""
        if self.alpha == 0:
            raise ValueError("the drift is infinite where alpha = 0: start a little earlier")
        return self.alpha_dot / self.alpha

    @property
    def diffusion(self) -> Any:
        """g^2 = h' - 2 f h."""
        return self.h_dot - 2 * self.drift * self.h

    def variance(self, ell: Any) -> Any:
        """Variance of the marginal along a direction in which the data have variance ``ell``: alpha^2 ell + h."""
        return self.alpha * self.alpha * ell + self.h

    def gain(self, ell: Any) -> Any:
        """Minus the score over the coordinate: 1/M. Raises ValueError where M is zero, and the score infinite."""
        variance = self.variance(ell)
        if variance == 0:
            raise ValueError("the score is infinite where h = 0 and the encoded data have no variance: stop earlier")
        return 1 / variance

    def contraction(self, ell: Any) -> Any:
        """Rate f + g^2/(2 M) at which the probability flow stretches that direction: half of the rate of ln M.

        Written so that it is finite where alpha is zero, too.
        """
        return (2 * self.alpha * self.alpha_dot * ell + self.h_dot) * self.gain(ell) / 2


class Process(Protocol):
    """alpha(t) and h(t), and what an exponential integrator does to a score that it holds fixed."""

    def at(self, t: Any) -> Time:
        """The process at time ``t`` (a ball)."""

    def held_score(self, now: Time, later: Time) -> Any:
        """alpha(later) * integral of g^2/alpha from ``later`` to ``now``: what a fixed score is multiplied by."""


@dataclass(frozen=True)
class VP:
    """beta runs linearly from ``beta_min`` at t = 0 to ``beta_max`` at t = T."""

    beta_min: Real = Fraction(1)
    beta_max: Real = Fraction(1)
    T: Real = Fraction(1)
    convention: str = "half"

    def __post_init__(self) -> None:
        if self.convention not in CONVENTIONS:
            raise ValueError(f"unknown convention '{self.convention}'; allowed: {', '.join(CONVENTIONS)}")

    def at(self, t: Any) -> Time:
        """See ``Process``."""
        low, high, end = (enclose(x, ctx.prec) for x in (self.beta_min, self.beta_max, self.T))
        factor = 1 if self.convention == "half" else 2
        beta = factor * (low + (high - low) * t / end)
        integral = factor * (low * t + (high - low) * t * t / (2 * end))
        alpha = (-integral / 2).exp()
        return Time(t, alpha, -(-integral).expm1(), -beta * alpha / 2, beta * alpha * alpha)

    def held_score(self, now: Time, later: Time) -> Any:
        """The integral is 2 (1/alpha(now) - 1/alpha(later))."""
        return 2 * (later.alpha / now.alpha - 1)


@dataclass(frozen=True)
class VE:
    """alpha = 1, h = t."""

    def at(self, t: Any) -> Time:
        """See ``Process``."""
        return Time(t, arb(1), arb(t), arb(0), arb(1))

    def held_score(self, now: Time, later: Time) -> Any:
        """g = 1."""
        return now.t - later.t


@dataclass(frozen=True)
class Flow:
    """alpha = 1 - t, h = t^2."""

    def at(self, t: Any) -> Time:
        """See ``Process``."""
        return Time(t, 1 - t, t * t, arb(-1), 2 * t)

    def held_score(self, now: Time, later: Time) -> Any:
        """g^2/alpha = 2t/(1-t)^2 has the primitive 2/(1-t) + 2 ln(1-t)."""
        if now.alpha == 0:
            raise ValueError("a fixed score is infinite at alpha = 0: start a little earlier")
        return 2 * (later.alpha / now.alpha - 1 + later.alpha * (now.alpha / later.alpha).log())


def named(
    name: str,
    beta_min: Real = Fraction(1),
    beta_max: Real | None = None,
    T: Real = Fraction(1),
    convention: str = "half",
) -> Process:
    """A process by its name in a case file: vp, vp-ou, ve or flow. Raises ValueError for another."""
    if name == "vp":
        return VP(beta_min, beta_min if beta_max is None else beta_max, T, convention)
    if name == "vp-ou":
        return VP(convention=convention)
    if name == "ve":
        return VE()
    if name == "flow":
        return Flow()
    raise ValueError(f"unknown process '{name}'; allowed: vp, vp-ou, ve, flow")
