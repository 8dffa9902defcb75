"""The named conventions of diffusion models, translated into one another: what is t, which r is reached at it.

Two processes at the same r = h/alpha^2 hold the same picture of the data, at another scale: `x_t/alpha` has the same
law, so x_t of the one is x_t of the other times the quotient of their alphas (`derivations/forward_marginal.py`, which
also proves alpha^2, h and r of each). So a time is translated through r, and the clock of each convention as a function
of r is all that is added here. These trees are for reading; numbers are made in `numerics/schedules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from theory import processes
from theory.expr import Expr, call, log, num, substitute, sym, transform
from theory.fold import fold
from theory.processes import Process
from theory.text import text

r, t, B, abar = sym("r"), sym("t"), sym("B"), sym("abar")
beta_min, beta_max, T, offset, pi = sym("beta_min"), sym("beta_max"), sym("T"), sym("s"), sym("pi")
deviation, spread = sym("sigma"), sym("sigma_data")


def _root(x: Expr) -> Expr:
    return call("sqrt", x)


def _exp(x: Expr) -> Expr:
    return call("exp", x)


@dataclass(frozen=True)
class Convention:
    """One way to count time.

    clock: the name of the time in which alpha^2 and h are written; time: the clock as a function of r; scale: alpha as
    a function of r; numbers: what a schedule of this name must be told; trap: the slip that is made with it.
    """

    process: Process
    clock: str
    time: Expr
    scale: Expr
    numbers: tuple[str, ...]
    trap: str

    def __str__(self) -> str:
        return self.process.name

    @property
    def alpha2(self) -> Expr:
        return tidy(self.process.alpha2)

    @property
    def h(self) -> Expr:
        return tidy(self.process.h)

    @property
    def ratio(self) -> Expr:
        return tidy(self.process.ratio)

    @property
    def diffusion(self) -> Expr:
        """g^2 = alpha^2 dr/dt."""
        return tidy(self.process.diffusion)


_VP = 1 / _root(1 + r)
_ANGLE = "c_u = cos u, s_u = sin u, u = (pi/2) (t + s)/(1 + s), c_0 = c_u at t = 0, omega = (pi/2)/(1 + s)"
CONVENTIONS = (
    Convention(processes.VP_OU, "t", log(1 + r), _VP, (), "alpha = e^(-t/2); with drift -x it would be e^(-t)"),
    Convention(processes.OU, "t", log(1 + r) / 2, _VP, (), "alpha = e^(-t), alpha^2 = e^(-2t): twice as fast as vp-ou"),
    Convention(
        processes.VP,
        "B",
        log(1 + r),
        _VP,
        ("beta_min", "beta_max", "T", "convention"),
        "B = integral of beta; drift -beta x/2, so alpha = e^(-B/2) and alpha^2 = e^(-B)",
    ),
    Convention(
        processes.VP_FULL,
        "B",
        log(1 + r) / 2,
        _VP,
        ("beta_min", "beta_max", "T"),
        "B = integral of beta; drift -beta x, g^2 = 2 beta, so alpha = e^(-B) and alpha^2 = e^(-2B)",
    ),
    Convention(
        processes.SUB_VP,
        "B",
        2 * log((_root(r) + _root(r + 4)) / 2),
        2 / (_root(r) + _root(r + 4)),
        ("beta_min", "beta_max", "T"),
        "B = integral of beta; h is the square of VP's, so alpha^2 + h < 1; r increases: it is an SDE",
    ),
    Convention(
        processes.DDPM,
        "abar",
        1 / (1 + r),
        _VP,
        ("betas, or alpha_bar, or steps", "beta_min", "beta_max"),
        "alpha-bar is alpha^2, not alpha; after n steps it is the product of n factors, the entry n - 1 of a list that "
        "begins with the first step",
    ),
    Convention(
        processes.COSINE,
        "t",
        (1 + offset) * (2 / pi) * call("arccos", sym("c_0") / _root(1 + r)) - offset,
        _VP,
        ("s",),
        f"{_ANGLE}; alpha-bar = alpha^2 is the squared cosine; as DDPM steps it is used with beta_n cut at 0.999",
    ),
    Convention(processes.VE, "t", r, num(1), (), "t is the noise's variance, not its standard deviation"),
    Convention(processes.EDM, "t", _root(r), num(1), (), "t is sigma, the noise's standard deviation: h = sigma^2"),
    Convention(
        processes.FLOW,
        "t",
        _root(r) / (1 + _root(r)),
        1 / (1 + _root(r)),
        (),
        "the data are at t = 0 and the noise at t = 1; where papers count the other way, t is 1 - t",
    ),
)
BY_NAME = {str(convention): convention for convention in CONVENTIONS}

# beta(t) = beta_min + (beta_max - beta_min) t/T, for vp, vp-full and sub-vp.
LINEAR_RATE = beta_min + (beta_max - beta_min) * t / T
LINEAR_INTEGRAL = beta_min * t + (beta_max - beta_min) * t**2 / (2 * T)
LINEAR_TIME = 2 * B / (beta_min + _root(beta_min**2 + 2 * (beta_max - beta_min) * B / T))

# EDM's denoiser D(x) = c_skip x + c_out N(c_in x, c_noise), where the data have variance sigma_data^2; its score is
# (D(x) - x)/sigma^2.
_TOTAL = deviation**2 + spread**2
PRECONDITIONING = {
    "c_skip": spread**2 / _TOTAL,
    "c_out": deviation * spread / _root(_TOTAL),
    "c_in": 1 / _root(_TOTAL),
    "c_noise": log(deviation) / 4,
}

# Other names for the same number.
RATIO_NAMES = (
    ("signal-to-noise ratio, alpha^2/h", 1 / r),
    ("log-SNR", -log(r)),
    ("DPM-Solver's lambda, half the log-SNR", -(log(r) / 2)),
    ("the variational diffusion model's gamma, minus the log-SNR", log(r)),
    ("EDM's sigma, after division of x_t by alpha", _root(r)),
)


def clock_of(one: Convention, other: Convention) -> Expr:
    """The clock of `other`, as a function of the clock of `one`, at which both have the same r."""
    return tidy(substitute(other.time, {"r": one.process.ratio}))


def rescaled(one: Convention, other: Convention) -> Expr:
    """alpha_other/alpha_one as a function of the common r: what x_t of `one` is multiplied by to be x_t of `other`."""
    return tidy(other.scale / one.scale)


COLUMNS = ("convention", "clock", "alpha^2", "h", "r", "clock from r", "g^2 = alpha^2 dr/dt", "needs", "note")


def rows() -> list[tuple[str, ...]]:
    """The conventions as text, a row each, in the order of COLUMNS; g^2 per unit of the time that beta is a rate in.

    >>> [row[:5] for row in rows() if row[0] in ("ou", "edm")]
    [('ou', 't', 'exp(-2*t)', '1 - exp(-2*t)', 'exp(2*t) - 1'), ('edm', 't', '1', 't^2', 't^2')]
    """
    return [
        (
            str(one),
            one.clock,
            *(text(expr) for expr in (one.alpha2, one.h, one.ratio, one.time, one.diffusion)),
            ", ".join(one.numbers),
            one.trap,
        )
        for one in CONVENTIONS
    ]


def notes() -> list[str]:
    """What stands below the table: linear beta, the change of scale, other names of r, EDM's preconditioning."""
    return [
        f"Linear beta: beta = {text(LINEAR_RATE)}, B = {text(LINEAR_INTEGRAL)}, t = {text(LINEAR_TIME)}.",
        "At the same r, x_t of one convention is x_t of the other times the quotient of their alphas.",
        "A pair alpha, h is an SDE exactly when r does not decrease, as g^2 = alpha^2 dr/dt.",
        "Other names of r: " + "; ".join(f"{name} = {text(expr)}" for name, expr in RATIO_NAMES) + ".",
        "EDM's preconditioning: " + ", ".join(f"{name} = {text(expr)}" for name, expr in PRECONDITIONING.items()) + ".",
    ]


def tidy(expr: Expr) -> Expr:
    """The same positive quantities more shortly: e^x e^x, ln e^x, sqrt(x^2), 1 + (x - 1), and factors that cancel.

    For reading only: a clever finder, which a test compares with exact algebra and with balls.

    >>> text(clock_of(BY_NAME["vp-ou"], BY_NAME["ou"])), text(clock_of(BY_NAME["flow"], BY_NAME["edm"]))
    ('t/2', 't/(1 - t)')
    """
    for _ in range(10):
        shorter = fold(transform(expr, _shorter))
        if shorter == expr:
            break
        expr = shorter
    return transform(expr, _subtracted)


def _shorter(node: Expr) -> Expr | None:
    """One rewriting at this node; None where there is none."""
    rule = {"mul": _product, "add": _sum, "div": _quotient, "call": _function}.get(node.head)
    return rule(node) if rule else None


def _product(node: Expr) -> Expr | None:
    """e^x e^x = e^{2x}, wherever the two factors stand, and (1/y) x = x/y."""
    kids = list(node.children)
    if len(kids) == 2 and kids[0].head == "div" and kids[0].children[0] == num(1):
        return kids[1] / kids[0].children[1]
    for i, kid in enumerate(kids):
        if kid.head == "call" and kid.name == "exp" and kid in kids[i + 1 :]:
            inner = kid.children[0]
            doubled = -(2 * inner.children[0]) if inner.head == "neg" else 2 * inner
            rest = [x for j, x in enumerate(kids) if j != i and j != kids.index(kid, i + 1)]
            return Expr("mul", (*rest, _exp(doubled))) if rest else _exp(doubled)
    return None


def _sum(node: Expr) -> Expr | None:
    """1 + (x - 1) = x; the brackets of sums within the sum are opened."""
    flat: list[Expr] = []
    for kid in node.children:
        flat += kid.children if kid.head == "add" else [kid]
    total = sum((x.number if x.head == "num" else -x.children[0].number for x in flat if _is_number(x)), num(0).number)
    rest = [x for x in flat if not _is_number(x)]
    if sum(map(_is_number, flat)) < 2 or not rest:
        return None
    if total:
        rest.append(num(total) if total > 0 else -num(-total))
    return rest[0] if len(rest) == 1 else Expr("add", tuple(rest))


def _subtracted(node: Expr) -> Expr | None:
    """x - 1, where a sum was left with the number -1."""
    negative = [x.head == "num" and x.number < 0 for x in node.children]
    if node.head != "add" or negative[0] or not any(negative):
        return None
    kids = (-num(-x.number) if below else x for x, below in zip(node.children, negative, strict=True))
    return Expr("add", tuple(transform(kid, _subtracted) for kid in kids))


def _is_number(node: Expr) -> bool:
    return node.head == "num" or (node.head == "neg" and node.children[0].head == "num")


def _quotient(node: Expr) -> Expr | None:
    """x/x = 1, (2 x)/2 = x, and x/(y/z) = x z/y."""
    top, bottom = node.children
    if top == bottom:
        return num(1)
    if top.head == "mul" and len(top.children) == 2 and bottom == top.children[0]:
        return top.children[1]
    if bottom.head == "div":
        return top * bottom.children[1] / bottom.children[0]
    return None


def _function(node: Expr) -> Expr | None:
    """ln e^x = x, and sqrt(x^2) = x for what is positive here."""
    inner = node.children[0]
    if node.name == "log" and inner.head == "call" and inner.name == "exp":
        return inner.children[0]
    if node.name == "sqrt" and inner.head == "pow" and inner.children[1] == num(2):
        return inner.children[0]
    return None
