"""Forward processes: alpha(t) and h(t), by name or given by the user, all reduced to alpha^2, h and r = h/alpha^2."""

from __future__ import annotations

from dataclasses import dataclass

from theory.expr import Expr, call, num, substitute, sym, transform
from theory.facts import Facts
from theory.fold import fold
from theory.model import Model
from theory.rules import SIGNAL, Rule

t, B, beta = sym("t"), sym("B"), sym("beta")


@dataclass(frozen=True)
class Process:
    """alpha and h as expressions of the process's own time (for VP: of B, the integral of beta), their time
    derivatives, and the drift f and squared diffusion g^2 that the moment ODEs give."""

    name: str
    title: str
    alpha: Expr
    h: Expr
    alpha_dot: Expr
    h_dot: Expr
    drift: Expr
    diffusion: Expr
    alpha2: Expr

    def __str__(self) -> str:
        return self.name

    def in_time(self, expr: Expr, definitions: dict[str, Expr]) -> Expr:
        """A closed form in the process's own time: abbreviations opened, alpha^2 and h put in."""
        opened: dict[str, Expr] = {
            name: definitions[name] for name in ("a_i", "a", "c", "nu", "rho") if name in definitions
        }
        for _ in opened:
            expr = substitute(expr, opened)
        signal = sym("alpha") ** 2
        written = transform(expr, lambda node: self.alpha2 if node == signal else None)
        return fold(substitute(written, {"h": self.h, "alpha": self.alpha, "r": self.h / self.alpha2}))

    @property
    def substitution(self) -> Rule:
        """alpha and h written in the process's time."""
        values = {"alpha": self.alpha, "h": self.h, "r": self.h / self.alpha2}

        def facts(m: Model) -> Facts:
            if m.process is None or of(m.process) != self:
                raise ValueError(f"the forward process of this model is not {self.title}")
            return Facts(definitions=values, pins=values, instance=lambda e: m.written(self.in_time(e, m.definitions)))

        return Rule(f"{self.title}: `alpha` and `h` in its own time", facts)

    @property
    def rates(self) -> Rule:
        """alpha, h and their time derivatives."""
        table = {"alpha": self.alpha, "h": self.h, "alpha_dot": self.alpha_dot, "h_dot": self.h_dot}
        return Rule(
            f"{self.title}: its `alpha`, `h` and their rates, while `alpha > 0`",
            lambda _: Facts(definitions=table, pins=table, conditions=(*SIGNAL, self.alpha)),
        )


def _exp(argument: Expr) -> Expr:
    return call("exp", argument)


def _half(x: Expr) -> Expr:
    return x / 2


VP_OU = Process(
    "vp-ou",
    "VP (Ornstein-Uhlenbeck)",
    alpha=_exp(-_half(t)),
    h=1 - _exp(-t),
    alpha_dot=-_half(_exp(-_half(t))),
    h_dot=_exp(-t),
    drift=-_half(num(1)),
    diffusion=num(1),
    alpha2=_exp(-t),
)
VP = Process(
    "vp",
    "VP with rate `beta`",
    alpha=_exp(-_half(B)),
    h=1 - _exp(-B),
    alpha_dot=-_half(beta * _exp(-_half(B))),
    h_dot=beta * _exp(-B),
    drift=-_half(beta),
    diffusion=beta,
    alpha2=_exp(-B),
)
VE = Process(
    "ve",
    "VE",
    alpha=num(1),
    h=t,
    alpha_dot=num(0),
    h_dot=num(1),
    drift=num(0),
    diffusion=num(1),
    alpha2=num(1),
)
FLOW = Process(
    "flow",
    "flow matching",
    alpha=1 - t,
    h=t**2,
    alpha_dot=num(-1),
    h_dot=2 * t,
    drift=-1 / (1 - t),
    diffusion=2 * t / (1 - t),
    alpha2=(1 - t) ** 2,
)
BY_NAME = {p.name: p for p in (VP_OU, VP, VE, FLOW)}


def user_given(name: str, alpha: Expr, h: Expr, alpha_dot: Expr, h_dot: Expr) -> Process:
    """A process of one's own: alpha and h as expressions of t, with their derivatives, which `forward-marginal` proves.

    Statements in its time hold at times with alpha > 0 and h > 0.
    """
    drift = alpha_dot / alpha
    return Process(name, name, alpha, h, alpha_dot, h_dot, drift, h_dot - 2 * drift * h, alpha**2)


def of(process: str | Process) -> Process:
    """The process itself. Raises KeyError for a name that is not known."""
    return process if isinstance(process, Process) else BY_NAME[process]
