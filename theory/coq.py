"""Coq theorems for the steps of a derivation that are about real numbers.

The statement is written from the step's own trees and read back by a reader of its own; one that does not read back as
the step's tree is not given out. Its hypotheses are the domains and definitions of the model, what the step states to
be positive, and the lemmas that it puts in. Denominators are shown not to be zero inside the proof.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from theory.chain import Chain, Link
from theory.coq_context import Unproved
from theory.coq_rates import RateWriter
from theory.coq_text import NotWritten
from theory.coq_writer import Writer
from theory.expr import Expr, sym, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.model import Model
from theory.rules import merged
from theory.text import text

RATIONAL = frozenset({"num", "sym", "add", "neg", "mul", "div", "pow", "call", "sum", "diff"})
FORMS = {
    "solves": "the solution of a linear differential equation",
    "antiderivative": "an integral",
    "spectral": "sums over ordered eigenvalues",
    "triangle": "distances of laws along a path",
    "induction": "a recursion",
}
COVERED = frozenset({"normal form", "certificate", "cases", "optimum", "root"})


@dataclass(frozen=True)
class NotCovered:
    """A step without a theorem, and why."""

    result: str
    chain: str
    step: int
    reason: str


@dataclass(frozen=True)
class Theorem:
    """A step's theorem: its name in the file, its text, and the step."""

    result: str
    chain: str
    step: int
    name: str
    text: str


def is_rational_step(before: Expr, link: Link) -> str:
    """Empty when the step is one about real numbers, in their symbols or in sums over planes; else why it is not."""
    if link.form not in COVERED:
        return FORMS.get(link.form, f"decided by {link.form}")
    trees = (before, link.expr, *link.parts)
    odd = {node.head for tree in trees for node in walk(tree)} - RATIONAL
    if "literal" in odd:
        return "matrices written out entry by entry"
    if odd or not all(tree.is_scalar for tree in trees):
        return "an integral" if odd == {"integral"} else "matrices or random vectors"
    return ""


def theorems(result: str, chains: Iterable[Chain]) -> tuple[list[Theorem], list[NotCovered]]:
    """A theorem for every step that can have one, and the rest with reasons. Raises Misread."""
    found: list[Theorem] = []
    left: list[NotCovered] = []
    for number, chain in enumerate(chains, 1):
        before = chain.start
        for step, link in enumerate(chain.links, 1):
            name = f"chain{number}_step{step}"
            try:
                found_text = theorem(name, before, link, chain.model, chain.name)
                found.append(Theorem(result, chain.name, step, name, found_text))
            except (Unproved, NotWritten) as reason:
                left.append(NotCovered(result, chain.name, step, str(reason)))
            before = link.expr
    return found, left


def theorem(name: str, before: Expr, link: Link, model: Model, told: str) -> str:
    """The theorem of a step with its proof. Raises Unproved or NotWritten with the reason when it has none."""
    facts = merged(model.facts(), link.rule.facts(model))
    if is_rational_step(before, link):
        before, link, facts, told = _with_values(before, link, facts, told)
    reason = is_rational_step(before, link)
    if reason:
        raise Unproved(reason)
    if any(node.head == "diff" for side in (before, link.expr) for node in walk(side)):
        return RateWriter(before, link, model, facts).text(name, told)
    lemmas = _lemmas(before, link, facts)
    own = tuple(pair for pair in lemmas if pair[0].head == "sym")
    try:
        return Writer(before, link, model, facts, own).text(name, told)
    except Unproved:
        if own == lemmas:
            raise
    return Writer(before, link, model, facts, lemmas).text(name, told)


def _with_values(before: Expr, link: Link, facts: Facts, told: str) -> tuple[Expr, Link, Facts, str]:
    """The step with each number made of matrices that a lemma gives as a variable, of which the lemma is supposed."""
    sides, pairs = [before, link.expr, *link.parts], list[tuple[Expr, Expr]]()
    for old, new in facts.replacements:
        matrices = old.is_scalar and any(node.head not in RATIONAL for node in walk(old))
        if matrices and any(old == node for side in sides for node in walk(side)):
            value = sym(f"value{len(pairs)}")
            told += f"; {value.name} is {text(old)}"
            sides = [replace_tree(side, old, value) for side in sides]
            old = value
        pairs.append((old, new))
    left, right, *parts = sides
    named = iter(parts)
    extra = tuple(next(named) if isinstance(part, Expr) else part for part in link.extra)
    return left, replace(link, expr=right, extra=extra), replace(facts, replacements=tuple(pairs)), told


def _lemmas(before: Expr, link: Link, facts: Facts) -> tuple[tuple[Expr, Expr], ...]:
    """The replacements that occur, as hypotheses, in the order in which they are put in."""
    found = []
    sides = [before, link.expr, *link.parts]
    for old, new in facts.replacements:
        if any(old == node for side in sides for node in walk(side)):
            found.append((old, new))
            sides = [replace_tree(side, old, new) for side in sides]
    return tuple(found)
