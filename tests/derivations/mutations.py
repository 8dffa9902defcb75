"""Mechanical errors in written formulas, and rewrites that are none: emitted, run, and shown to the kernel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import Any

from tree_values import differ

import derivations
from theory import kernel, python_code
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain, Link
from theory.derivation import Derivation, Output
from theory.expr import Expr, num, plane_sum, rebuild, substitute, transform
from theory.facts import Facts
from theory.normal import NotDecidable, equal
from theory.rules import ALGEBRA, Rule
from theory.scalars import Undefined

STRUCTURAL = ("principal-planes", "forward-marginal", "target-score", "latent-optimum", "generated-law", "regularity")
NUMERIC = tuple(result for result in derivations.ids() if result not in STRUCTURAL)
DETERMINISTIC = ("exact", "ball")
SCALAR_HEADS = frozenset({"num", "sym", "add", "neg", "mul", "div", "pow", "call", "sum"})
LOST = {"cos_i": num(0), "sin_i": num(1), "s_i": num(1)}
alpha2 = S.alpha**2

SYMBOL_CHANGES: dict[str, tuple[tuple[str, Expr], ...]] = {
    "s_i": (("sin for cos", S.cos**2), ("power", S.sin), ("power", S.s**2)),
    "sin_i": (("sin for cos", S.cos),),
    "cos_i": (("sin for cos", S.sin),),
    "c": (("h for c", S.h), ("power", S.c**2)),
    "h": (("c for h", S.c), ("h for h^2", S.h**2)),
    "a_i": (("alpha for alpha^2", S.lam), ("alpha for alpha^2", alpha2 * S.a), ("power", S.a**2)),
    "nu": (("alpha for alpha^2", S.sigma2), ("alpha for alpha^2", alpha2 * S.nu), ("dropped assumption", S.c)),
    "rho": (("alpha for alpha^2", S.sigma2 / S.h), ("h for h^2", S.nu), ("power", S.rho**2)),
    "lambda_s_i": (("source for target", S.lam), ("power", S.lam_s**2)),
    "a_s_i": (("source for target", S.a), ("alpha for alpha^2", S.lam_s)),
    "c_s": (("source for target", S.c), ("h for c", S.h)),
    "sigma_s2": (("source for target", S.sigma2), ("power", S.sigma_s2**2)),
    "sigma2": (("power", S.sigma2**2),),
    "weight": (("weight of the other", 1 - S.weight), ("power", S.weight**2)),
    "tol": (("power", S.tol**2),),
    "tau": (("power", S.tau**2),),
    "mu_perp2": (("outside for inside", S.mu_in2), ("power", S.mu_perp2**2)),
    "mu_in2": (("outside for inside", S.mu_perp2), ("power", S.mu_in2**2)),
    "R": (("another ratio", S.r), ("power", S.R**2)),
    "k": (("multiplicity", S.d), ("multiplicity", S.k + 1)),
    "d": (("multiplicity", S.k), ("multiplicity", S.d + 1)),
    "D": (("multiplicity", S.d), ("multiplicity", S.D - 1)),
}


@dataclass(frozen=True)
class Change:
    """A changed tree and the kind of error that it is."""

    kind: str
    expr: Expr


@dataclass(frozen=True)
class Mutant:
    """A result with one of its values changed."""

    kind: str
    output: Output
    derivation: Derivation

    @property
    def label(self) -> str:
        from theory.text import text

        count = "" if self.output.multiplicity is None else f" times {text(self.output.multiplicity)}"
        return f"{self.kind}: {self.output.name} = {text(self.output.stable)}{count}"


def default(result: str) -> Derivation:
    """A result under the paper's assumptions."""
    made: Derivation = derivations.load(result).derive(Assumptions.default())
    return made


def _without(args: tuple[Expr, ...], i: int, node: Expr) -> Expr:
    rest = args[:i] + args[i + 1 :]
    return rest[0] if len(rest) == 1 else rebuild_as(node, rest)


def rebuild_as(node: Expr, args: tuple[Expr, ...]) -> Expr:
    """The same operation over another number of operands."""
    return Expr(node.head, args, node.rows, node.cols)


def _flipped(expr: Expr) -> Expr:
    return expr.children[0] if expr.head == "neg" else -expr


def _doubled(expr: Expr) -> Expr:
    return -(2 * expr.children[0]) if expr.head == "neg" else 2 * expr


def _with(node: Expr, i: int, child: Expr) -> Expr:
    return rebuild(node, [child if j == i else kid for j, kid in enumerate(node.children)])


def _here(node: Expr) -> Iterator[Change]:
    """The errors that can be made at one node."""
    kids = node.children
    match node.head:
        case "sym":
            for kind, expr in SYMBOL_CHANGES.get(str(node.args[0]), ()):
                yield Change(kind, expr)
        case "num":
            yield Change("number", num(node.args[0] + Fraction(1)))  # type: ignore[operator]
        case "add":
            for i, kid in enumerate(kids):
                yield Change("sign", _with(node, i, _flipped(kid)))
                yield Change("factor 2", _with(node, i, _doubled(kid)))
                yield Change("dropped term", _without(kids, i, node))
        case "mul":
            for i in range(len(kids)):
                yield Change("dropped factor", _without(kids, i, node))
        case "div":
            yield Change("dropped factor", kids[0])
            yield Change("dropped factor", 1 / kids[1])
        case "pow" if node == alpha2:
            yield Change("alpha for alpha^2", alpha2**2)
        case "pow":
            n = int(kids[1].args[0])  # type: ignore[arg-type]
            kind = "h for h^2" if kids[0] == S.h else "power"
            yield Change(kind, kids[0] if n == 2 else kids[0] ** (n - 1))
            yield Change(kind, kids[0] ** (n + 1))
        case "call":
            for kid in kids:
                yield Change("dropped function", kid)
        case "sum":
            yield Change("factor 2", rebuild(node, [2 * kids[0]]))
            for over in {"target": ("pairs", "lost"), "pairs": ("target",), "lost": ("target",)}[str(node.args[0])]:
                yield Change("dropped assumption", plane_sum(kids[0], over))


def _everywhere(node: Expr) -> Iterator[Change]:
    if node.head not in SCALAR_HEADS or not all(kid.is_scalar for kid in node.children):
        return
    yield from _here(node)
    for i, kid in enumerate(node.children):
        if node.head == "pow" and (i == 1 or node == alpha2):
            continue
        for change in _everywhere(kid):
            yield Change(change.kind, _with(node, i, change.expr))


def changes(expr: Expr) -> list[Change]:
    """Every mechanical error in a scalar tree, each tree once."""
    found = {expr: ""}
    answer = []
    for change in (*_everywhere(expr), Change("factor 2", 2 * expr), Change("sign", _flipped(expr))):
        if change.expr not in found:
            found[change.expr] = change.kind
            answer.append(change)
    return answer


def same(left: Expr, right: Expr, facts: Facts) -> bool:
    """Whether the normal form shows two trees equal; what it cannot read is not."""
    try:
        return equal(left, right, facts)
    except (NotDecidable, Undefined, ValueError, KeyError):
        return False


def _loses_nothing(left: Expr, right: Expr, facts: Facts) -> bool:
    """Sums over all target directions or over the pairs are one when a lost direction contributes zero."""

    def widened(node: Expr) -> Expr | None:
        if node.head != "sum":
            return None
        alone = substitute(node.children[0], LOST)
        return plane_sum(node.children[0]) if same(alone, num(0), facts) else None

    return same(transform(left, widened), transform(right, widened), facts)


def is_neutral(left: Expr, right: Expr, over: str | None, facts: Facts) -> bool:
    """Whether a change changes nothing. Where the numbers differ no normal form is asked."""
    if left == right:
        return True
    return not differ(left, right, over) and (same(left, right, facts) or _loses_nothing(left, right, facts))


def mutants(derivation: Derivation) -> tuple[list[Mutant], int]:
    """Every mutant of every value that the emitted language can write, and how many changes were neutral."""
    found, neutral = [], 0
    facts = derivation.assumptions.model().facts()
    for i, output in enumerate(derivation.outputs):
        changed = [(c, replace(output, stable=c.expr), output.stable, output.over) for c in changes(output.stable)]
        if output.multiplicity is not None:
            counts = changes(output.multiplicity)
            changed += [(c, replace(output, multiplicity=c.expr), output.multiplicity, None) for c in counts]
        for change, other, original, over in changed:
            made = with_output(derivation, i, other)
            if text_of(made) is None:
                continue
            if is_neutral(original, change.expr, over, facts):
                neutral += 1
            else:
                found.append(Mutant(change.kind, other, made))
    return found, neutral


def with_output(derivation: Derivation, i: int, output: Output) -> Derivation:
    """The result with one value replaced."""
    return replace(derivation, outputs=(*derivation.outputs[:i], output, *derivation.outputs[i + 1 :]))


def text_of(derivation: Derivation) -> str | None:
    """The emitted module, or None for what the emitted language cannot say."""
    try:
        return python_code.module(derivation)
    except python_code.NotPrintable:
        return None


def function(derivation: Derivation) -> Callable[..., Any]:
    """The emitted function, from its own text in a fresh namespace."""
    text = text_of(derivation)
    assert text is not None
    namespace: dict[str, Any] = {}
    exec(compile(text, f"<{derivation.id}, changed>", "exec"), namespace)
    made: Callable[..., Any] = namespace[derivation.id.replace("-", "_")]
    return made


def accepted(start: Expr, link: Link, derivation: Derivation) -> bool:
    """Whether the kernel accepts one link after `start`."""
    chain = Chain("changed", start, derivation.assumptions.model(), derivation.id, [link])
    return all(report.accepted for report in kernel.check(chain))


def _joined(rules: list[Rule]) -> Rule:
    return reduce(and_, rules, ALGEBRA)


def proofs_wanted(derivation: Derivation, output: Output, claimed: Expr) -> Iterator[tuple[Expr, Link]]:
    """Steps by which the kernel could come to the claim that `claimed` is the value: from the printed form by algebra
    and the reasons of the "as evaluated" chain, or in place of the last line of the chain that found the value."""
    reasons = [
        link.rule
        for chain in derivation.chains
        if (chain.start, chain.end, chain.relation) == (output.closed, output.stable, "=")
        for link in chain.links
    ]
    yield output.closed, Link("=", claimed, _joined(reasons))
    if output.closed == output.stable:
        for chain in derivation.chains:
            if chain.end == output.closed and chain.relation == "=":
                before = chain.links[-2].expr if len(chain.links) > 1 else chain.start
                yield before, replace(chain.links[-1], expr=claimed)


def proved(derivation: Derivation, original: Output, mutant: Output) -> bool:
    """Whether the kernel accepts the mutant's value, or its multiplicity, as the original's."""
    if mutant.stable != original.stable:
        steps = list(proofs_wanted(derivation, original, mutant.stable))
    else:
        assert original.multiplicity is not None and mutant.multiplicity is not None
        steps = [(original.multiplicity, Link("=", mutant.multiplicity, ALGEBRA))]
    return any(accepted(start, link, derivation) for start, link in steps)


def reversed_terms(expr: Expr) -> Expr:
    """Every sum and every product written backwards."""
    kids = [reversed_terms(kid) for kid in expr.children]
    return rebuild_as(expr, tuple(reversed(kids))) if expr.head in ("add", "mul") else rebuild(expr, kids)


def in_sines(expr: Expr) -> Expr:
    """`1 - s_i` for the squared cosine."""
    return transform(expr, lambda node: 1 - S.s if node == S.cos**2 else None)


def in_angles(expr: Expr) -> Expr:
    """Squared sines for `s_i`, and one cosine squared for another."""
    return substitute(expr, {"s_i": 1 - S.cos**2})


def opened(expr: Expr) -> Expr:
    """Abbreviations written out."""
    return substitute(expr, {"c": S.h + S.nu, "nu": alpha2 * S.sigma2, "a_i": alpha2 * S.lam})


def expanded(expr: Expr) -> Expr:
    """Every product of sums multiplied out."""
    kids = [expanded(kid) for kid in expr.children]
    if expr.head != "mul":
        return rebuild(expr, kids)
    terms: list[tuple[Expr, ...]] = [()]
    for kid in kids:
        terms = [(*term, part) for term in terms for part in (kid.children if kid.head == "add" else (kid,))]
    products = [Expr("mul", term) for term in terms]
    return products[0] if len(products) == 1 else Expr("add", tuple(products))


def over_one_denominator(expr: Expr) -> Expr:
    """Sums of fractions over the product of their denominators."""
    kids = [over_one_denominator(kid) for kid in expr.children]
    if expr.head != "add" or not any(kid.head == "div" for kid in kids):
        return rebuild(expr, kids)
    top, bottom = _fraction(kids[0])
    for kid in kids[1:]:
        upper, lower = _fraction(kid)
        top, bottom = top * lower + upper * bottom, bottom * lower
    return top / bottom


def _fraction(expr: Expr) -> tuple[Expr, Expr]:
    return (expr.children[0], expr.children[1]) if expr.head == "div" else (expr, num(1))


REWRITES = (reversed_terms, in_sines, in_angles, opened, expanded, over_one_denominator)
