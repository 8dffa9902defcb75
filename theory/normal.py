"""Deciding equality: both sides are brought to normal form under the facts of a step.

First the abbreviations stand as free generators; if that does not decide, with their definitions. A difference whose
form cancels exactly is zero; everything else is "not decided", and never "unequal".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from theory.expr import Expr, call, num, replace, sym, transform, walk
from theory.facts import Facts, Planes
from theory.forms import Normaliser, expanded, exponential, root_name, settled
from theory.linear import CONST, COUNT_OF
from theory.operators import NotDecidable
from theory.plane_forms import BLOCK_ROOTS
from theory.totals import TOTALS
from theory.vocabulary import free_of_planes, require_consistent


def with_letters(expr: Expr, letters: dict[str, Expr]) -> Expr:
    """Matrix letters replaced by their definitions, repeatedly."""

    def change(node: Expr) -> Expr | None:
        return letters.get(str(node.args[0])) if node.head == "letter" else None

    return settled(expr, lambda tree: transform(tree, change), len(letters))


ROOT_OF_ZERO = call("sqrt", 0)


def without_roots(expr: Expr) -> Expr:
    """Where sqrt(x) of a symbol occurs, x itself becomes the square of that generator. Other roots stay."""
    if not any(node.head == "call" and node.args[0] == "sqrt" for node in walk(expr)):
        return expr
    expr = transform(expr, lambda node: num(0) if node == ROOT_OF_ZERO else None)
    rooted = {n.children[0].args[0] for n in walk(expr) if _symbol_root(n)}
    values = {str(name): sym(f"root {name}") ** 2 for name in rooted}

    def change(node: Expr) -> Expr | None:
        if _symbol_root(node):
            return sym(f"root {node.children[0].args[0]}")
        if node.head == "sym":
            return values.get(str(node.args[0]))
        return None

    return transform(expr, change)


def _symbol_root(node: Expr) -> bool:
    return node.head == "call" and node.args[0] == "sqrt" and node.children[0].head == "sym"


def generators(expr: Expr) -> set[str]:
    """Names of the scalar generators that a tree needs: symbols, exponentials, and the sizes of its matrices."""
    names: set[str] = set()
    for node in walk(expr):
        if node.head == "sym":
            names.add(str(node.args[0]))
        elif node.head == "call" and node.args[0] == "exp":
            names.add(exponential(node.children[0])[0])
        elif node.head == "call" and node.args[0] == "sqrt":
            names.add(root_name(node.children[0]))
        elif node.head == "diff":
            names.add(str(node.args[1]))
        elif node.head == "bures":
            names |= set(BLOCK_ROOTS)
        elif _multiplies_totals(node):
            names |= set(TOTALS)
        names |= {size for size in node.shape if not size.isdigit()}
    return names


def _multiplies_totals(node: Expr) -> bool:
    """A product of two sums or traces, a power of one, or a division by one."""

    def bears(expr: Expr) -> bool:
        return any(n.head in ("sum", "trace") for n in walk(expr))

    if node.head == "mul":
        return sum(bears(kid) for kid in node.children) > 1
    return node.head in ("div", "pow") and bears(node.children[1 if node.head == "div" else 0])


def symmetric_letters(exprs: list[Expr]) -> frozenset[str]:
    return frozenset(str(n.args[0]) for expr in exprs for n in walk(expr) if n.head == "letter" and n.args[1] == "sym")


def _trees(facts: Facts) -> list[Expr]:
    """Every tree among the facts, so that its generators are at hand."""
    trees = [right for _, right in facts.rewrites]
    trees += [*facts.definitions.values(), *facts.letters.values(), *facts.means.values(), *facts.moments.values()]
    trees += [rate for table in facts.derivations.values() for rate in table.values()]
    trees += [variance for kinds in facts.variances.values() for variance in kinds]
    if facts.planes is not None:
        trees += [facts.planes.variance, facts.planes.coupling, *COUNT_OF.values()]
        for block in facts.planes.classes:
            trees += [block.count, block.source, *(x for row in (*block.U, *block.V) for x in row)]
    return trees


def with_opaque(expr: Expr) -> Expr:
    """Each min and max becomes a symbol of its own; two of them are one when their arguments are equal."""
    found: list[tuple[Expr, Expr]] = []

    def same(one: Expr, other: Expr) -> bool:
        pairs = zip(one.children, other.children, strict=True)
        return one.args[0] == other.args[0] and all(equal(a, b, Facts()) for a, b in pairs)

    def change(node: Expr) -> Expr | None:
        if node.head != "call" or node.args[0] not in ("min", "max"):
            return None
        for known, name in found:
            if same(node, known):
                return name
        plane = "" if free_of_planes(node) else "_i"  # as the sums read a plane's variables off the names
        found.append((node, sym(f"{node.args[0]} {len(found)}{plane}")))
        return found[-1][1]

    return transform(expr, change)


def prepare(expr: Expr, facts: Facts, *, expand: bool) -> Expr:
    """Apply replacements, matrix definitions and (when asked) the scalar abbreviations."""
    for old, new in facts.replacements:
        expr = replace(expr, old, new)
    expr = with_letters(expr, facts.letters)
    if expand:
        expr = expanded(expr, facts.definitions)
    return without_roots(expr)


def opened(facts: Facts) -> Facts:
    """The same relations with every abbreviation in them opened."""

    def wide(expr: Expr) -> Expr:
        return expanded(expr, facts.definitions)

    def tables(table: dict[Any, Expr]) -> dict[Any, Expr]:
        return {key: wide(expr) for key, expr in table.items()}

    return dataclasses.replace(
        facts,
        rewrites=tuple((left, wide(right)) for left, right in facts.rewrites),
        means=tables(facts.means),
        moments=tables(facts.moments),
        derivations={variable: tables(rates) for variable, rates in facts.derivations.items()},
        planes=facts.planes and _opened_planes(facts.planes, wide),
        variances={name: (wide(u), wide(spare), wide(rest)) for name, (u, spare, rest) in facts.variances.items()},
        sizes={size: wide(sym(size)) for size in ("D", "k", "d")},
    )


def _opened_planes(planes: Planes, wide: Callable[[Expr], Expr]) -> Planes:
    def rows(table: tuple[tuple[Expr, ...], ...]) -> tuple[tuple[Expr, ...], ...]:
        return tuple(tuple(wide(x) for x in row) for row in table)

    classes = tuple(
        dataclasses.replace(b, U=rows(b.U), V=rows(b.V), count=wide(b.count), source=wide(b.source))
        for b in planes.classes
    )
    return Planes(classes, wide(planes.variance), wide(planes.coupling))


def normaliser_for(exprs: list[Expr], facts: Facts) -> Normaliser:
    trees = exprs + _trees(facts)
    require_consistent(trees)
    names = set().union(*(generators(t) for t in trees), {"d", "k"})
    return Normaliser(facts, frozenset(names), symmetric_letters(trees))


def equal(left: Expr, right: Expr, facts: Facts) -> bool:
    """Whether `left = right` is decided by normal form under `facts`: first with the abbreviations as free
    generators, then with their definitions. False means "not decided", and never "unequal"."""
    if left.shape != right.shape:
        return False
    if left != right and prepare(left, facts, expand=False) == prepare(right, facts, expand=False):
        return True  # the names of this step are all that differs; no normal form is needed
    difference = left - right
    differentiated = any(n.head == "diff" for n in walk(difference))
    for expand in (True,) if differentiated else (False, True):
        prepared = with_opaque(prepare(difference, facts, expand=expand))
        engine = normaliser_for([prepared], opened(facts) if expand else facts)
        try:
            if engine.vanishes(engine.form(prepared)):
                return True
        except NotDecidable:
            if expand:  # with its abbreviations opened there is nothing left to try
                raise
    return False


__all__ = ["CONST", "Normaliser", "NotDecidable", "equal", "expanded", "normaliser_for", "prepare"]
