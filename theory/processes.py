"""Forward processes: alpha(t) and h(t), by name or given by the user, all reduced to alpha^2, h and r = h/alpha^2.

A process speaks of a time of its own: `t`, the integral `B` of VP's rate, DDPM's alpha-bar, or cosine and sine of an
angle that turns steadily. `derivations/forward_marginal.py` derives rates, drift, diffusion and ratio of every one;
`conventions.py` translates between them.
"""

from __future__ import annotations

from dataclasses import dataclass

from theory.expr import Expr, call, num, substitute, sym, transform
from theory.facts import Facts
from theory.fold import fold
from theory.model import Model
from theory.rules import DIFFERENTIATE, SIGNAL, Rule

t, B, beta = sym("t"), sym("B"), sym("beta")
alpha, alpha_dot, abar = sym("alpha"), sym("alpha_dot"), sym("abar")
cosine, sine, cosine_0, omega = sym("c_u"), sym("s_u"), sym("c_0"), sym("omega")


@dataclass(frozen=True)
class Process:
    """alpha and h as expressions of the process's own time, their time derivatives, the drift f and squared diffusion
    g^2 that the moment ODEs give, alpha^2, and the ratio r = h/alpha^2.

    meaning: what a name of its own stands for; moves: time derivatives of such names, where no rule of the theory has
    them; positive: denominators that are positive while alpha > 0.
    """

    name: str
    title: str
    alpha: Expr
    h: Expr
    alpha_dot: Expr
    h_dot: Expr
    drift: Expr
    diffusion: Expr
    alpha2: Expr
    ratio: Expr
    meaning: tuple[tuple[str, Expr], ...] = ()
    moves: tuple[tuple[str, Expr], ...] = ()
    positive: tuple[Expr, ...] = ()

    def __str__(self) -> str:
        return self.name

    def in_time(self, expr: Expr, definitions: dict[str, Expr]) -> Expr:
        """A closed form in the process's own time: abbreviations opened, alpha^2 and h put in."""
        opened: dict[str, Expr] = {
            name: definitions[name] for name in ("a_i", "a", "c", "nu", "rho", "a_s_i", "c_s") if name in definitions
        }
        for _ in opened:
            expr = substitute(expr, opened)
        signal = alpha**2
        written = transform(expr, lambda node: self.alpha2 if node == signal else None)
        return fold(substitute(written, {"h": self.h, "alpha": self.alpha, "r": self.h / self.alpha2}))

    @property
    def values(self) -> dict[str, Expr]:
        """What alpha, h and names of its own stand for. The ratio is h/alpha^2: `ratio` is a claim, to be checked."""
        return {"alpha": self.alpha, "h": self.h, **dict(self.meaning)}

    def in_full(self, expr: Expr) -> Expr:
        """An expression in the process's time without names that stand for another expression."""
        return substitute(expr, dict(self.meaning))

    @property
    def substitution(self) -> Rule:
        """alpha and h written in the process's time."""
        values = {**self.values, "r": self.h / self.alpha**2}

        def facts(m: Model) -> Facts:
            if m.process is None or of(m.process) != self:
                raise ValueError(f"the forward process of this model is not {self.title}")
            return Facts(definitions=values, pins=values, instance=lambda e: m.written(self.in_time(e, m.definitions)))

        return Rule(f"{self.title}: `alpha` and `h` in its own time", facts)

    @property
    def differentiate(self) -> Rule:
        """The derivatives of what its own time is made of."""
        if not self.moves:
            return DIFFERENTIATE
        table = {"t": dict(self.moves)}
        name = f"{self.title}: differentiate in its own time"
        return Rule(name, lambda _: Facts(derivations=table, conditions=self.positive))

    @property
    def rates(self) -> Rule:
        """alpha, h and their time derivatives."""
        table = {**self.values, "alpha_dot": self.alpha_dot, "h_dot": self.h_dot}
        positive = (*SIGNAL, self.alpha, self.alpha2, *self.positive)
        return Rule(
            f"{self.title}: its `alpha`, `h` and their rates, while `alpha > 0`",
            lambda _: Facts(definitions=table, pins=table, conditions=positive),
        )


def _exp(argument: Expr) -> Expr:
    return call("exp", argument)


def _half(x: Expr) -> Expr:
    return x / 2


def _square(x: Expr) -> Expr:
    """x x: the reader of printed formulas knows e^{-t}, and neither e^{-2 t} nor a power of a power."""
    return x * x


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
    ratio=_exp(t) - 1,
)
OU = Process(
    "ou",
    "Ornstein-Uhlenbeck with drift `-x`",
    alpha=_exp(-t),
    h=1 - _square(_exp(-t)),
    alpha_dot=-_exp(-t),
    h_dot=2 * _exp(-t) * _exp(-t),
    drift=num(-1),
    diffusion=num(2),
    alpha2=_square(_exp(-t)),
    ratio=_square(_exp(t)) - 1,
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
    ratio=_exp(B) - 1,
)
VP_FULL = Process(
    "vp-full",
    "VP with drift `-beta x`",
    alpha=_exp(-B),
    h=1 - _square(_exp(-B)),
    alpha_dot=-(beta * _exp(-B)),
    h_dot=2 * beta * _exp(-B) * _exp(-B),
    drift=-beta,
    diffusion=2 * beta,
    alpha2=_square(_exp(-B)),
    ratio=_square(_exp(B)) - 1,
)
SUB_VP = Process(
    "sub-vp",
    "sub-VP with rate `beta`",
    alpha=_exp(-_half(B)),
    h=(1 - _exp(-B)) ** 2,
    alpha_dot=-_half(beta * _exp(-_half(B))),
    h_dot=2 * beta * _exp(-B) * (1 - _exp(-B)),
    drift=-_half(beta),
    diffusion=beta * (1 - _square(_exp(-B))),
    alpha2=_exp(-B),
    ratio=(_exp(_half(B)) - _exp(-_half(B))) ** 2,
)
# Any VP process in the time that DDPM counts in: alpha-bar, which is alpha^2. alpha' is left as it is.
DDPM = Process(
    "ddpm",
    "DDPM",
    alpha=alpha,
    h=1 - abar,
    alpha_dot=alpha_dot,
    h_dot=-(2 * alpha * alpha_dot),
    drift=alpha_dot / alpha,
    diffusion=-(2 * (alpha_dot / alpha)),
    alpha2=abar,
    ratio=1 / abar - 1,
    meaning=(("abar", alpha**2),),
)
# c_u and s_u are cosine and sine of an angle u that grows at the constant rate omega from u_0, where the cosine is c_0.
COSINE = Process(
    "cosine",
    "cosine schedule",
    alpha=cosine / cosine_0,
    h=1 - cosine**2 / cosine_0**2,
    alpha_dot=-(omega * (sine / cosine_0)),
    h_dot=2 * omega * (cosine * sine / cosine_0**2),
    drift=-(omega * (sine / cosine)),
    diffusion=2 * omega * (sine / cosine),
    alpha2=cosine**2 / cosine_0**2,
    ratio=cosine_0**2 / cosine**2 - 1,
    moves=(("c_u", -(omega * sine)), ("s_u", omega * cosine), ("c_0", num(0)), ("omega", num(0))),
    positive=(cosine, cosine**2, cosine_0, cosine_0**2),
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
    ratio=t,
)
EDM = Process(
    "edm",
    "EDM, whose time is the noise's standard deviation",
    alpha=num(1),
    h=t**2,
    alpha_dot=num(0),
    h_dot=2 * t,
    drift=num(0),
    diffusion=2 * t,
    alpha2=num(1),
    ratio=t**2,
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
    ratio=(t / (1 - t)) ** 2,
)
BY_NAME = {p.name: p for p in (VP_OU, OU, VP, VP_FULL, SUB_VP, DDPM, COSINE, VE, EDM, FLOW)}


def user_given(name: str, alpha: Expr, h: Expr, alpha_dot: Expr, h_dot: Expr) -> Process:
    """A process of one's own: alpha and h as expressions of t, with their derivatives, which `forward-marginal` proves.

    Statements in its time hold at times with alpha > 0 and h > 0.
    """
    drift = alpha_dot / alpha
    return Process(name, name, alpha, h, alpha_dot, h_dot, drift, h_dot - 2 * drift * h, alpha**2, h / alpha**2)


def of(process: str | Process) -> Process:
    """The process itself. Raises KeyError for a name that is not known."""
    return process if isinstance(process, Process) else BY_NAME[process]
