"""Independent variables for a claim: which of the model's names vary freely, and what every other name is in them.

The abbreviations are tied to one another (`c = h + alpha^2 sigma^2`). A proof needs variables that are not. As few
as possible are taken: where `lambda_i` itself does not occur, `a_i` is free. The change of variables reaches every
point of the model, and may reach more (`a_i > 0` where alpha = 0): what is proved holds at least where it is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from theory import symbols as S
from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.goals import NONNEGATIVE, POSITIVE, REAL, UNIT, Interval
from theory.model import Model
from theory.operators import NotDecidable

# Names of the free variables that no formula can hold.
CODIMENSION, SURPLUS, SOURCE_NOISE = "D less k", "d less k", "nu of the source"
OPPOSITE, ADJACENT, HALF = "opposite side_i", "adjacent side_i", "tan of half_i"
AT_LEAST_ONE = Interval(Fraction(1))
KNOWN = frozenset(
    {"D", "k", "d", "alpha", "h", "r", "R", "t", "sigma2", "nu", "c", "rho", "lambda_i", "a_i", "s_i", "cos_i", "sin_i"}
    | {"lambda", "a", "sigma_s2", "lambda_s_i", "a_s_i", "c_s", "weight", "tol", "tau", "mu_perp2", "mu_in2", "v_start"}
)
BY_WORD = {
    "positive": POSITIVE,
    "nonnegative": NONNEGATIVE,
    "unit": UNIT,
    "inner": Interval(Fraction(0), Fraction(1), True, True),
}


@dataclass(frozen=True)
class Coordinates:
    """Values of the names that are not free, in order of substitution, and domains of those that are."""

    values: dict[str, Expr]
    domains: dict[str, Interval]
    exponentials: dict[str, str] = field(default_factory=dict)

    @property
    def tied(self) -> dict[str, str]:
        """Free variables x beside which e^{-x/2} occurs, with its name."""
        return {name: fresh for name, fresh in self.exponentials.items() if name in self.domains}

    def write(self, expr: Expr) -> Expr:
        """An expression in the free variables."""
        for _ in range(len(self.values) + 1):
            fresh = substitute(expr, self.values)
            if fresh == expr:
                break
            expr = fresh
        return _without_exponentials(expr, self.exponentials)


def coordinates(
    model: Model,
    trees: Iterable[Expr],
    own: dict[str, Interval],
    *,
    proper: bool = False,
    path: dict[str, Expr] | None = None,
    moving: str | None = None,
) -> Coordinates:
    """Free variables for these expressions. `own` holds the domains of symbols that the claim declares; `proper` says
    that k < D; `path` is alpha and h in the time of a process; `moving` is a variable that moves while the others stay,
    which has to be one of the free ones.

    Raises NotDecidable for a name of the theory that has no meaning at a single point of the model.
    """
    trees, path = tuple(trees), path or {}
    names = {name for tree in trees for name in symbols(tree)} | ({moving} if moving else set())
    unknown = sorted(names - KNOWN - set(own))
    if unknown:
        raise NotDecidable(f"{unknown[0]} has no value at a point of the model")
    values = {**_abbreviations(names, model, path, bool(path) or moving == "alpha"), **path}
    values.update(_sizes(model))
    values.update(_angles(names))
    for name, value in model.fixed.items():
        values.setdefault(name, value)
    free = _reached(names, values)
    domains = {name: own.get(name) or _domain(name, model, proper) for name in free}
    if "r" in names and "alpha" in free:
        domains["alpha"] = POSITIVE
    if moving is not None and moving not in free:
        raise NotDecidable(f"{moving} is no variable that can move alone")
    exponentials = _exponentials((*trees, *path.values()), domains)
    for name, fresh in exponentials.items():
        domains[fresh] = exponential_domain(domains[name])
        if not any(_stands_alone(name, tree) for tree in (*trees, *path.values())):
            del domains[name]
    return Coordinates(values, domains, exponentials)


def _abbreviations(names: set[str], model: Model, path: dict[str, Expr], opened: bool) -> dict[str, Expr]:
    """What the abbreviations are, in alpha, h or r and the variances where those occur."""
    ratio = bool(names & {"r", "R", "v_start"}) and not path
    # a plane of the isotropic model has no variance of its own
    lam, a = ("lambda", "a") if "lambda_i" in model.fixed else ("lambda_i", "a_i")
    values: dict[str, Expr] = {"h": S.r * S.alpha**2} if ratio else {"r": S.h / S.alpha**2}
    noise = ratio or opened or "sigma2" in names or "nu" in model.fixed
    if noise:
        values["nu"] = S.alpha**2 * S.sigma2
    elif "rho" in names:
        values["nu"] = S.rho * S.h
    if noise:
        values["rho"] = S.sigma2 / S.r if ratio else S.nu / S.h
    if ratio or opened or lam in names:
        values[a] = S.alpha**2 * sym(lam)
    if ratio or opened or "lambda_s_i" in names:
        values["a_s_i"] = S.alpha**2 * S.lam_s
    values["c"] = S.h + S.nu
    values["c_s"] = S.h + (S.alpha**2 * S.sigma_s2 if ratio or opened or "sigma_s2" in names else sym(SOURCE_NOISE))
    return {name: value for name, value in values.items() if name not in model.fixed}


def _sizes(model: Model) -> dict[str, Expr]:
    if model.dims == "k=d":
        return {"D": S.d + sym(CODIMENSION), "k": S.d}
    return {"D": S.k + sym(CODIMENSION)} | ({"d": S.k + sym(SURPLUS)} if model.dims == "k<d" else {})


def _angles(names: set[str]) -> dict[str, Expr]:
    """Sine and cosine as rational functions of one variable."""
    if not names & {"sin_i", "cos_i"}:
        return {}
    if "cos_i" not in names:
        return {"sin_i": sym(OPPOSITE), "s_i": sym(OPPOSITE) ** 2}
    if "sin_i" not in names:
        return {"cos_i": sym(ADJACENT), "s_i": 1 - sym(ADJACENT) ** 2}
    half = sym(HALF)  # from 0 to 1
    sine, cosine = 2 * half / (1 + half**2), (1 - half**2) / (1 + half**2)
    return {"sin_i": sine, "cos_i": cosine, "s_i": sine**2}


def _reached(names: set[str], values: dict[str, Expr]) -> set[str]:
    """The free variables that the names lead to."""
    free: set[str] = set()
    queue, seen = list(names), set[str]()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in values:
            queue += symbols(values[name])
        else:
            free.add(name)
    return free


def _domain(name: str, model: Model, proper: bool) -> Interval:
    if name in (OPPOSITE, ADJACENT, HALF):
        return UNIT
    if name == CODIMENSION:
        return AT_LEAST_ONE if proper else NONNEGATIVE
    if name in ("k", "d", SURPLUS):
        return AT_LEAST_ONE
    if name in ("a", "a_i", "nu", "rho", "a_s_i", SOURCE_NOISE):
        return _product(name, model)
    if name == "v_start":
        return POSITIVE
    if name == "lambda":
        name = "lambda_i"
    word = model.domains.get(name)
    return BY_WORD[word] if word else REAL


def _product(name: str, model: Model) -> Interval:
    """Of an abbreviation that is free: nonnegative as its parts are."""
    parts = {
        "a": ("alpha", "lambda"),
        "a_i": ("alpha", "lambda_i"),
        "nu": ("alpha", "sigma2"),
        "rho": ("alpha", "sigma2"),
    }
    needed = parts.get(name, ("alpha", "lambda_s_i" if name == "a_s_i" else "sigma_s2"))
    return NONNEGATIVE if all(part in model.domains for part in needed) else REAL


def _exponentials(trees: tuple[Expr, ...], domains: dict[str, Interval]) -> dict[str, str]:
    """Variables of which only e^{x/2} need occur, and the name of e^{-x/2}."""
    found: dict[str, str] = {}
    for node in (n for tree in trees for n in walk(tree)):
        if node.head == "call" and node.name == "exp":
            name, _ = half_power(node.children[0])
            if name in domains and exponential_domain(domains[name]) != REAL:
                found[name] = f"e^-{name}/2"
    return found


def half_power(argument: Expr) -> tuple[str, int]:
    """The symbol and the integer n of an exponent n x/2; an empty name for anything else."""
    if argument.head == "neg":
        name, n = half_power(argument.children[0])
        return name, -n
    if argument.head == "sym":
        return argument.name, 2
    kids = argument.children
    if argument.head == "div" and kids[1].head == "num" and kids[1].number:
        return _multiplied(kids[0], 1 / kids[1].number)
    if argument.head == "mul":
        factor, rest = Fraction(1), []
        for kid in kids:
            if kid.head == "num":
                factor *= kid.number
            elif kid.head == "neg" and kid.children[0].head == "num":
                factor *= -kid.children[0].number
            else:
                rest.append(kid)
        return _multiplied(rest[0], factor) if len(rest) == 1 else ("", 0)
    return "", 0


def _multiplied(argument: Expr, factor: Fraction) -> tuple[str, int]:
    name, n = half_power(argument)
    product = factor * n
    return (name, int(product)) if product.denominator == 1 else ("", 0)


def exponential_domain(domain: Interval) -> Interval:
    """The values of e^{-x/2}; REAL where their ends are no rational numbers."""
    if domain.low not in (None, 0) or domain.high not in (None, 0):
        return REAL
    low = Fraction(1) if domain.high == 0 else Fraction(0)
    high = Fraction(1) if domain.low == 0 else None
    if domain.low == domain.high == 0:
        return REAL
    low_open = domain.high_open if domain.high == 0 else True
    return Interval(low, high, low_open, domain.low_open if domain.low == 0 else False)


def _stands_alone(name: str, expr: Expr) -> bool:
    """Whether a symbol occurs outside exponents."""
    if expr.head == "call" and expr.name == "exp":
        return half_power(expr.children[0])[0] != name and _stands_alone(name, expr.children[0])
    if expr.head == "sym":
        return expr.name == name
    return any(_stands_alone(name, kid) for kid in expr.children)


def _without_exponentials(expr: Expr, names: dict[str, str]) -> Expr:
    def change(node: Expr) -> Expr | None:
        if node.head == "call" and node.name == "exp":
            name, n = half_power(node.children[0])
            if name in names:
                base = sym(names[name])
                return base**-n if n < 0 else num(1) / base**n if n else num(1)
        return None

    return transform(expr, change)
