"""A chain: a calculation written line by line. It is inert; `kernel.check` decides its links.

Appending a link only asks whether the assumptions that its reason needs are there (else `Stopped`, which names the
step and what is missing) and whether the relation may follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import pairwise
from operator import add

from theory import rules
from theory.expr import Expr, bures, call, num
from theory.facts import Facts
from theory.model import Model
from theory.rules import Rule
from theory.text import plain, text

MAY_FOLLOW = {"=": {"=", "<=", ">="}, "<=": {"=", "<="}, ">=": {"=", ">="}}


class Stopped(Exception):
    """A derivation needs an assumption that is not there."""

    def __init__(self, result: str, chain: str, step: int, line: str, missing: str, reason: str) -> None:
        told = f"{result}: stops in '{chain}' at step {step} ({reason}): it needs {missing}"
        super().__init__(plain(told))
        self.result, self.chain, self.step, self.line = result, chain, step, line
        self.missing, self.reason = missing, reason


@dataclass(frozen=True)
class Link:
    """One line: relation to the line before, the expression, the reason, and how the kernel is to decide it."""

    relation: str
    expr: Expr
    rule: Rule
    form: str = "normal form"
    extra: tuple[object, ...] = ()

    @property
    def parts(self) -> tuple[Expr, ...]:
        """The expressions that the form brings along: a square, a primitive, a rate."""
        return tuple(x for x in self.extra if isinstance(x, Expr))


@dataclass
class Chain:
    """A named calculation that begins at `start`. Every method appends one link and returns the chain."""

    name: str
    start: Expr
    model: Model
    result: str
    links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start = self.model.written(self.start)

    @property
    def end(self) -> Expr:
        return self.links[-1].expr if self.links else self.start

    @property
    def relation(self) -> str:
        """The relation of the start to the end: `=` unless an inequality occurs."""
        return next((link.relation for link in self.links if link.relation != "="), "=")

    def _append(self, link: Link) -> Chain:
        missing = sorted(link.rule.needs - self.model.tags)
        if missing and not self.model.survey:
            line = f"{link.relation} {text(link.expr)}"
            raise Stopped(self.result, self.name, len(self.links) + 1, line, missing[0], link.rule.name)
        if link.relation not in MAY_FOLLOW[self.relation]:
            raise ValueError(f"{self.result}, {self.name}: `{link.relation}` may not follow `{self.relation}`")
        self.links.append(replace(link, expr=self.model.written(link.expr)))
        return self

    def eq(self, expr: Expr | int, by: Rule) -> Chain:
        """`= expr`, to be decided by normal form."""
        return self._append(Link("=", num(expr) if isinstance(expr, int) else expr, by))

    def le(self, expr: Expr, by: Rule = rules.CERTIFICATE) -> Chain:
        """`<= expr`, to be decided by a certificate."""
        return self._append(Link("<=", expr, by, "certificate"))

    def ge(self, expr: Expr | int, by: Rule = rules.CERTIFICATE) -> Chain:
        """`>= expr`, to be decided by a certificate."""
        return self._append(Link(">=", num(expr) if isinstance(expr, int) else expr, by, "certificate"))

    def cases(self, relation: str, expr: Expr, variable: Expr, by: Rule) -> Chain:
        """An inequality proved for `variable` in [0, 1] and for `variable` >= 1, where min(v, v^2) is v^2, then v."""
        return self._append(Link(relation, expr, by, "cases", (variable,)))

    def optimum(self, expr: Expr, square: Expr, by: Rule, weight: Expr | None = None) -> Chain:
        """`>= expr`, as the difference is E|square|^2, or for scalars `weight` times square^2 with a nonnegative
        weight: so `expr` is the minimum, attained where the square is 0."""
        return self._append(Link(">=", expr, by, "optimum", (square,) if weight is None else (square, weight)))

    def spectral(self, function: Expr, smaller: str, larger: str, by: Rule) -> Chain:
        """`>= 0`, for the sum of `function` over the larger list less that over the smaller, which the reason orders.
        `function` is written in the symbol `smaller`; its slope is certified, and for log-majorisation its convexity
        in the logarithm."""
        return self._append(Link(">=", num(0), by, "spectral", (function, smaller, larger)))

    def detour(self, *laws: Expr, by: Rule) -> Chain:
        """`<=` the sum of the distances along a path: by these laws, given by their covariances, from the first to the
        last of those whose distance the line before is."""
        if self.end.head != "call" or self.end.children[0].head != "bures":
            raise ValueError("the line before is no distance")
        first, last = self.end.children[0].children
        stations = [first, *laws, last]
        steps = (call("sqrt", bures(x, y)) for x, y in pairwise(stations))
        return self._append(Link("<=", reduce(add, steps), by, "triangle"))

    def root(self, expr: Expr, by: Rule) -> Chain:
        """The square root that the line before is, as `expr`: its square is the radicand, and it is not negative."""
        return self._append(Link("=", expr, by, "root"))

    def antiderivative(self, expr: Expr, primitive: Expr, by: Rule, bound: tuple[Chain, Chain] | None = None) -> Chain:
        """An integral equals a difference of values of `primitive`. For an upper limit infinity, `bound` holds the
        chains that show 0 <= -primitive and -primitive <= something that vanishes there."""
        return self._append(Link("=", expr, by, "antiderivative", (primitive, bound)))

    def solves(self, expr: Expr, rate: Expr, initial: dict[str, Expr], by: Rule, variable: str = "t") -> Chain:
        """The unknown that the chain starts with, with the given start value, is `expr`: d expr/d variable =
        rate(expr). `initial` gives the variable (for t: what moves with it) at the start, and "value" there."""
        return self._append(Link("=", expr, by, "solves", (rate, tuple(initial.items()), variable)))

    def induction(self, expr: Expr, step: Expr, index: str, first: Expr, by: Rule) -> Chain:
        """The sequence with `first` term and x -> step(x), `step` written in the symbol `previous`, is `expr`."""
        return self._append(Link("=", expr, by, "induction", (step, index, first)))

    def snapshot(self) -> Chain:
        """The chain as it stands now, which later links do not change."""
        return replace(self, links=list(self.links))

    def lemma(self) -> Rule:
        """This chain as a reason: its start may be replaced by its end. Only for chains of equalities."""
        if self.relation != "=":
            raise ValueError(f"{self.name} proves an inequality, which rewrites nothing")
        name, kept = f"{self.result}, {self.name}", self.snapshot()
        pair = (kept.start, kept.end)
        word = rules.word_of(self.start)
        if word is not None:
            return Rule(name, lambda _: Facts(rewrites=((word, kept.end),)), basis=(kept,), grants="rewrite")
        return Rule(name, lambda _: Facts(replacements=(pair,)), basis=(kept,), grants="replacement")


def inverse_lemma(chain: Chain, of: Expr) -> Rule:
    """From a chain `X Y = I` (X a letter): X^-1 = Y."""
    chain = chain.snapshot()
    first = chain.start.children
    if chain.start.head != "matmul" or first[0] != of or chain.end.head != "eye" or chain.relation != "=":
        raise ValueError("the chain must show X Y = I")
    rest = first[1] if len(first) == 2 else Expr("matmul", first[1:], first[1].rows, first[-1].cols)
    granted = Facts(replacements=((of.inv, rest),))
    return Rule(f"{chain.result}, {chain.name}", lambda _: granted, basis=(chain,), grants="inverse")


def gram_lemma(chain: Chain, of: Expr) -> Rule:
    """From a chain `X^T X = 0`: X = 0."""
    chain = chain.snapshot()
    if chain.start != of.T @ of or chain.end.head != "zero" or chain.relation != "=":
        raise ValueError("the chain must show X^T X = 0")
    zero = Expr("zero", (), of.rows, of.cols)
    return Rule(
        f"a matrix with zero Gram matrix is zero ({chain.name})",
        lambda _: Facts(replacements=((of, zero),)),
        cites=("Gram",),
        basis=(chain,),
        grants="Gram",
    )


def cited(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The standard theorems that the chains cite, each once, in order."""
    return tuple(dict.fromkeys(name for chain in chains for link in chain.links for name in link.rule.cites))
