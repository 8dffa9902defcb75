"""No theorem supposes what cannot be: at some point all its hypotheses hold, found from the emitted text alone."""

import math
import random
import re

import pytest

import derivations
from theory.assumptions import Assumptions
from theory.coq_file import coq_theorems
from theory.coq_reader import Unreadable, read, read_statement, read_theorem
from theory.expr import Expr, symbols

Point = dict[str, float]
FUNCTIONS = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt, "min": min, "max": max}
# where nothing says more: sizes, and ratios in the order in which samplers use them
LIKELY = {
    "D": (5, 9),
    "k": (2, 4),
    "d": (1, 1),
    "r": (0.1, 0.5),
    "R": (0.6, 0.9),
    "R_0": (1, 2),
    "w": (0.8, 1),
    "t": (0.2, 0.8),
}
LIKELY["alpha_dot"] = (-1, -0.1)  # the signal fades


def value(expr: Expr, at: Point) -> float:
    kids = expr.children
    match expr.head:
        case "num":
            return float(expr.number)
        case "sym":
            return at[expr.name]
        case "add":
            return sum(value(kid, at) for kid in kids)
        case "neg":
            return -value(kids[0], at)
        case "mul":
            return math.prod(value(kid, at) for kid in kids)
        case "div":
            return value(kids[0], at) / value(kids[1], at)
        case "pow":
            return float(value(kids[0], at) ** int(kids[1].number))
        case "sum":
            return value(kids[0], at)  # of one plane
        case "call" if expr.name == "phi":
            return value(kids[0], at) - math.log1p(value(kids[0], at))
        case "call":
            return float(FUNCTIONS[expr.name](*(value(kid, at) for kid in kids)))
    raise AssertionError(expr.head)


def facts_of(text: str) -> tuple[list[str], list[tuple[Expr, str, Expr]]]:
    """The names in a theorem's hypotheses, and these as relations; a derivative can be anything."""
    found: list[tuple[Expr, str, Expr]] = []
    for name, claim in read_theorem(text).items():
        if not name.startswith("H_") or claim.startswith("derivable") or name == "H_d":
            continue
        parts = re.split(r" (<=|<) ", claim) if name != "" and not re.search(r"(?<![<>])= ", claim) else [claim]
        if len(parts) == 1:
            found.append(read_statement(claim))
        else:
            sides = [read(part) for part in parts[::2]]
            found += list(zip(sides, parts[1::2], sides[1:], strict=False))
    return sorted({name for left, _, right in found for name in symbols(left) | symbols(right)}), found


def holds(relation: tuple[Expr, str, Expr], at: Point) -> bool:
    left, kind, right = relation
    one, other = value(left, at), value(right, at)
    if kind == "=":
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    return one <= other + 1e-12 if kind == "<=" else one < other


def drawn(names: list[str], relations: list[tuple[Expr, str, Expr]], rng: random.Random) -> Point:
    """A point that meets the definitions: what is defined is computed, the rest is drawn."""
    angle = rng.uniform(0.3, 1.2)
    given = {"cos_i": math.cos(angle), "sin_i": math.sin(angle)}
    point = {n: given.get(n, rng.uniform(*LIKELY.get(n, (0.2, 0.9)))) for n in names}
    defined: dict[str, Expr] = {}  # the first equation of each: the model's, where the step has another
    for left, kind, right in relations:
        if kind == "=" and left.head == "sym":
            defined.setdefault(left.name, right)
        elif kind == "=" and left.head == "call" and left.name == "sqrt" and left.children[0].head == "sym":
            defined.setdefault(left.children[0].name, right**2)
    for _ in range(len(names)):
        point.update({name: value(right, point) for name, right in defined.items()})
    return point


@pytest.mark.parametrize("result", derivations.ids())
def test_the_hypotheses_can_hold(result: str) -> None:
    rng = random.Random(0)
    found, _ = coq_theorems(derivations.load(result).derive(Assumptions.default()))
    empty = []
    for one in found:
        names, relations = facts_of(one.text.partition("*)\n")[2].partition("\nProof.")[0])
        if not any(_meets(names, relations, rng) for _ in range(300)):
            empty.append(one.name)
    assert not empty


def _meets(names: list[str], relations: list[tuple[Expr, str, Expr]], rng: random.Random) -> bool:
    try:
        point = drawn(names, relations, rng)
        return all(holds(relation, point) for relation in relations)
    except (ValueError, ZeroDivisionError, OverflowError):
        return False


def test_a_contradiction_is_noticed() -> None:
    text = "Theorem t : forall\n    (a : R)\n    (H_in_a : 0 < a)\n    (H_is_a : a = - 1)\n  , a = a."
    names, relations = facts_of(text)
    assert names == ["a"] and not any(_meets(names, relations, random.Random(n)) for n in range(50))
    with pytest.raises(Unreadable):
        facts_of("no theorem")
