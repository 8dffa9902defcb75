"""Where a line is defined: what stands below a fraction bar, in a root, a logarithm or an inverse must be positive."""

from __future__ import annotations

from dataclasses import replace

from theory import symbols as S
from theory.chain import Link
from theory.expr import Expr, is_written_out, symbols, walk
from theory.facts import Facts
from theory.model import Model
from theory.normal import prepare
from theory.positivity import require_positive
from theory.rules import SIGNAL


def bound_variables(before: Expr, link: Link) -> set[str]:
    """The variables over whose range a line holds: of an integral, or of an equation that is solved."""
    found = {str(n.args[1]) for expr in (before, link.expr, *link.parts) for n in walk(expr) if n.head == "integral"}
    return found | ({str(link.extra[2])} if link.form == "solves" else set())


def without_variable(facts: Facts, model: Model, variable: str) -> Facts:
    """The relations less the conditions that speak of a variable: over its range they may fail. Of the time everything
    may speak, but that the signal has not vanished."""
    owned = replace(facts, definitions={**facts.definitions, **model.definitions})
    if variable == "t":
        kept = tuple(c for c in facts.conditions if c in SIGNAL or c in map(model.written, SIGNAL))
    else:
        kept = tuple(c for c in facts.conditions if variable not in symbols(prepare(c, owned, expand=True)))
    return replace(facts, conditions=kept)


def require_defined(expr: Expr, model: Model, facts: Facts) -> None:
    """Every denominator, logarithm, root and written-out inverse is certainly positive, by the model's definitions."""
    owned = own_facts(facts, model)
    for node in walk(expr):
        for wanted in wanted_positive(node):
            if wanted not in facts.conditions:
                require_positive(wanted, model, strict=node.head != "call" or node.name != "sqrt", facts=owned)


def own_facts(facts: Facts, model: Model) -> Facts:
    """The model's own relations, with what the line states to be positive."""
    return replace(
        model.facts(),
        definitions={**facts.definitions, **model.definitions},
        conditions=facts.conditions,
        codimension=facts.codimension,
    )


def wanted_positive(node: Expr) -> list[Expr]:
    kids = node.children
    if node.head == "div":
        return [] if kids[1].head == "num" and kids[1].number > 0 else [kids[1]]
    if node.head == "pow" and (kids[1].head == "neg" or (kids[1].head == "num" and kids[1].number < 0)):
        return [kids[0]]
    if node.head == "inv":
        return [Expr("call", ("det", kids[0]))] if is_written_out(kids[0]) else _eigenvalues(kids[0])
    if node.head == "call" and node.name in ("log", "sqrt"):
        return [kids[0]] if kids[0].head != "bures" else []  # a squared distance
    if node.head == "call" and node.name == "phi":
        return [1 + kids[0]]
    return []


def _eigenvalues(letter: Expr) -> list[Expr]:
    """What an inverted letter's eigenvalues are made of."""
    return [S.c_s, S.c_s + S.a_s] if letter.name in ("M_s", "Sigma_s") else [S.c, S.c + S.a]
