"""The noun of this part: a claim about the theory's quantities, made by a user, and what came of it.

A claim is data: expressions, a relation between them, and conditions. It is stated for every point of the model that
its assumptions allow, and for all values of the symbols that it declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from theory.assumptions import Assumptions
from theory.coordinates import half_power
from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.expr import replace as replace_tree
from theory.goals import NONNEGATIVE, POSITIVE, Interval
from theory.model import Model
from theory.processes import of

Relation = tuple[Expr, str, Expr]
FLIPPED = {"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}
CHOICES = ("lambda", "sigma2", "dims")  # assumptions under which a point is sizes, variances and angles


class Finding(StrEnum):
    """What a claim was found to be; ERROR: it is not defined at a point that is named."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"
    VACUOUS = "VACUOUS"
    ERROR = "ERROR"


@dataclass(frozen=True)
class Claim:
    """A relation (`left REL right`), or a `kind` of behaviour of `left` in a variable:

    "increases" or "decreases" (never falls or rises, for `strict` always rises or falls) in `variable`; "tends" to
    `right` as `variable` goes to `end` from `side` (-1 from below, 1 from above; None is infinity), with
    |left - right| at most a constant times (distance or inverse variable)^order, if an order is given.
    `equal` holds pairs of trees that are proved to be equal: a closed form, and one without cancellation.
    """

    kind: str
    left: Expr
    relation: str = ""
    right: Expr = num(0)
    variable: str = ""
    strict: bool = False
    end: Expr | None = None
    side: int = 1
    order: int | None = None
    where: tuple[Relation, ...] = ()
    own: Mapping[str, Interval] = field(default_factory=dict)
    assumptions: Assumptions = field(default_factory=Assumptions.default)
    proper: bool = False
    equal: tuple[tuple[Expr, Expr], ...] = ()

    @property
    def rewritten(self) -> Claim:
        """The same claim with each tree in its other form."""
        left, right = self.left, self.right
        for one, two in self.equal:
            left, right = replace_tree(left, one, two), replace_tree(right, one, two)
        return replace(self, left=left, right=right, equal=())

    @property
    def model(self) -> Model:
        return self.assumptions.model()

    @property
    def trees(self) -> tuple[Expr, ...]:
        """Every expression that the claim holds."""
        return (self.left, self.right, *(side for one, _, two in self.where for side in (one, two)))

    @property
    def conditions(self) -> list[tuple[Expr, str]]:
        """What it is claimed under, each as an expression that is related to 0."""
        return [oriented(one, relation, two) for one, relation, two in self.where]

    @property
    def path(self) -> dict[str, Expr]:
        """alpha and h in the process's own time, where a process is named."""
        return pathway(self.assumptions.process)

    @property
    def domains(self) -> dict[str, Interval]:
        """The domains of what it declares, and of the process's time."""
        return {**self.own, **time_domains(self.assumptions.process, self.named)}

    @property
    def named(self) -> set[str]:
        """The names that occur."""
        return {name for tree in self.trees for name in symbols(tree)}


def oriented(left: Expr, relation: str, right: Expr) -> tuple[Expr, str]:
    """A relation as an expression that is `>=`, `>` or `==` 0."""
    return (right - left, FLIPPED[relation]) if relation in ("<=", "<") else (left - right, relation)


def pathway(process: object) -> dict[str, Expr]:
    """alpha and h of a process; where its alpha is not a function of a time of its own, h alone."""
    if process is None:
        return {}
    chosen = of(process)  # type: ignore[arg-type]
    if chosen.name in ("ddpm", "cosine"):  # both have h = 1 - alpha^2, and an alpha that falls with time
        return {"h": 1 - sym("alpha") ** 2}
    return {"alpha": chosen.alpha, "h": chosen.h}


def time_variable(process: object) -> tuple[str, int]:
    """A variable that moves with the time of a process, and 1 if it rises with it, -1 if it falls."""
    path = pathway(process)
    if "alpha" not in path:
        return "alpha", -1
    names = {name for tree in path.values() for name in symbols(tree)}
    return (next(iter(names)), 1) if names else ("t", 1)


def time_domains(process: object, named: set[str]) -> dict[str, Interval]:
    """The times at which h > 0, and alpha > 0 where r is spoken of."""
    if process is None:
        return {}
    name, _ = time_variable(process)
    if name == "alpha":
        return {"alpha": Interval(num(0).number, num(1).number, "r" in named, True)}
    if of(process).name == "flow":  # type: ignore[arg-type]
        return {name: Interval(num(0).number, num(1).number, True, "r" in named)}
    return {name: POSITIVE}


def rational_path(path: Mapping[str, Expr]) -> tuple[dict[str, Expr], dict[str, Interval], dict[str, Expr]]:
    """The same path in e^{-x/2} in place of its time x: (alpha and h, domain of the new variable, x itself)."""
    names: dict[str, str] = {}

    def change(node: Expr) -> Expr | None:
        if node.head != "call" or node.name != "exp":
            return None
        name, n = half_power(node.children[0])
        names[name] = f"e^-{name}/2"
        base = sym(names[name])
        return base**-n if n < 0 else num(1) / base**n

    found = {name: transform(tree, change) for name, tree in path.items()}
    inner = Interval(num(0).number, num(1).number, True, True)
    times = {name: -2 * Expr("call", ("log", sym(fresh))) for name, fresh in names.items()}
    return found, dict.fromkeys(names.values(), inner), times


def wanted(expr: Expr) -> list[tuple[Expr, str]]:
    """What has to hold for an expression to have a value: denominators are not 0, arguments are in range."""
    found: list[tuple[Expr, str]] = []
    for node in walk(expr):
        kids = node.children
        if node.head == "div" and not (kids[1].head == "num" and kids[1].number):
            found.append((kids[1], "!="))
        if node.head == "pow" and (kids[1].head == "neg" or kids[1].number < 0):
            found.append((kids[0], "!="))
        if node.head == "call" and node.name in ("log", "sqrt", "phi"):
            inner = 1 + kids[0] if node.name == "phi" else kids[0]
            found.append((inner, ">=" if node.name == "sqrt" else ">"))
    return list(dict.fromkeys(found))


def with_sums(expr: Expr, model: Model) -> Expr:
    """Sums over the target's directions as the model writes them: for k < d those without a partner on their own."""
    if model.dims != "k<d":
        return expr
    return transform(expr, lambda n: model.sum(n.children[0]) if n.head == "sum" and n.name == "target" else None)


def fixed(expr: Expr, model: Model) -> Expr:
    """An expression with what the assumptions fix put in. Nothing is folded: what is undefined stays in sight."""
    return substitute(expr, model.fixed)


__all__ = ["NONNEGATIVE", "Claim", "Finding", "oriented", "pathway", "rational_path", "wanted", "with_sums"]
