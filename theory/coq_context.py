"""What a Coq proof may use, and the lines of tactics that every proof is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from theory.coq_text import Moving, canonical, coq
from theory.expr import Expr, num, sym
from theory.facts import Facts
from theory.forms import expanded
from theory.model import Model
from theory.positivity import BEYOND, between

Lines = list[str]


class Unproved(ValueError):
    """No proof was found in the ways that are known here."""


@dataclass
class Context:
    """What a proof may use: the model and the step's facts, the definitions in an order in which each may be put in
    after the ones before; whether a symbol of one plane is a function of the index; what is known to be nonnegative
    (False) or positive (True); domains that certificates may use beyond the model's; symbols written as another and an
    excess, and what the excess is; whether cos^2 + sin^2 = 1 is at hand, and whether the proof is inside a sum."""

    model: Model
    facts: Facts
    definitions: dict[str, Expr]
    planes: bool
    known: dict[Expr, bool] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    shift: dict[str, Expr] = field(default_factory=dict)
    excess: dict[str, Expr] = field(default_factory=dict)
    circle: bool = False
    inside: bool = False
    moving: Moving | None = None

    def text(self, expr: Expr) -> str:
        return coq(expr, planes=self.planes, moving=self.moving)

    def opened(self) -> Context:
        """Once the definitions are put in."""
        known = {canonical(expanded(expr, self.definitions)): strict for expr, strict in self.known.items()}
        conditions = tuple(expanded(stated, self.definitions) for stated in self.facts.conditions)
        facts = replace(self.facts, conditions=conditions)
        return replace(self, definitions={}, known={**self.known, **known}, facts=facts)

    def within(self) -> Context:
        """Inside a sum, where the facts of the plane are at hand."""
        return replace(self, inside=True)

    def orders(self) -> list[Context]:
        """For each condition `x - y > 0` of two symbols: the same with x as y and something positive."""
        found = []
        for stated in self.facts.conditions:
            ordered = between(stated)
            if ordered is not None and not self.shift:
                name, smaller = ordered
                moved = {name: smaller + sym(BEYOND)}
                domains = {**self.domains, BEYOND: "positive"}
                found.append(replace(self, shift=moved, excess={BEYOND: sym(name) - smaller}, domains=domains))
        return found


def indented(lines: Lines) -> Lines:
    return ["  " + line for line in lines]


def braced(lines: Lines) -> Lines:
    """A subproof in braces."""
    if not lines:
        return ["{ }"]
    body = indented(lines)
    return ["{" + body[0][1:], *body[1:-1], body[-1] + " }"] if len(body) > 1 else ["{" + body[0][1:] + " }"]


def asserted(name: str, claim: str, proof: Lines) -> Lines:
    return [f"assert ({name} : {claim}).", *braced(proof)]


def plainly(expr: Expr, context: Context, *, strict: bool) -> bool:
    """Whether the tactics `nonneg` and `positive` will do: they go by how the term is written."""
    known = context.known.get(canonical(expr))
    if known is not None and (known or not strict):
        return True
    kids = expr.children
    match expr.head:
        case "num":
            return expr.number > 0 or (expr.number == 0 and not strict)
        case "add":
            return all(plainly(k, context, strict=False) for k in kids) and (
                not strict or any(plainly(k, context, strict=True) for k in kids)
            )
        case "mul":
            return all(plainly(k, context, strict=strict) for k in kids)
        case "div":
            return plainly(kids[0], context, strict=strict) and plainly(kids[1], context, strict=True)
        case "pow":
            power = kids[1]
            if not strict and power == num(2):
                return True
            return plainly(kids[0], context, strict=strict or power.head == "neg")
        case "call" if expr.name == "sqrt":
            return not strict or plainly(kids[0], context, strict=True)
        case "call" if expr.name == "exp":
            return True
        case "sum":
            return not strict and plainly(kids[0], context, strict=False)
    return False


def opened(context: Context, names: Sequence[str]) -> Lines:
    """The definitions of these names put in, in the goal and in what is known."""
    order = [name for name in context.definitions if name in names]
    return [f"try rewrite H_is_{name} in *." for name in order]


def on_circle(context: Context) -> bool:
    return context.circle and (context.inside or not context.planes)


def circle(context: Context) -> Lines:
    if not on_circle(context):
        return []
    cos, sin = context.text(sym("cos_i")), context.text(sym("sin_i"))
    return [f"assert (P_circle : {cos} ^ 2 = 1 - {sin} ^ 2) by lra."]


def field_with(uses: Sequence[str]) -> str:
    return (f"field [{' '.join(uses)}]" if uses else "field") + "; nonzero."
