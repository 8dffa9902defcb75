"""The proved inequalities of a result as numbers: each at given sizes in independent numbers, and at a point by its own
written lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import ctx

from numerics.claim_point import MOST_BITS, Evaluation, NoValue, Undecided
from numerics.claim_point import Point as ModelPoint
from numerics.written_out import Sizes
from theory import kernel
from theory.chain import Chain, Link
from theory.derivation import Derivation
from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.kernel import StepReport
from theory.model import LOST, Model
from theory.step_needs import Needs, facts_of, has_needs, needs

SCALAR_HEADS = frozenset({"num", "sym", "add", "neg", "mul", "div", "pow", "sum", "call"})
Table = Mapping[str, Expr]


@dataclass(frozen=True)
class Step:
    """One proved inequality, `left relation right`, with the names of its line and its lemmas put in."""

    result: str
    chain: Chain
    number: int
    left: Expr
    right: Expr
    link: Link
    report: StepReport

    @property
    def name(self) -> str:
        """How a reader finds it."""
        return f"{self.chain.name}, step {self.number}"

    @property
    def model(self) -> Model:
        return self.chain.model

    @property
    def facts(self) -> Facts:
        return facts_of(self.link, self.model)

    @property
    def needs(self) -> Needs:
        """What it assumes at the weakest."""
        return needs(self.chain, self.number, self.report)

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """What the line states to be positive."""
        return tuple(dict.fromkeys(self.facts.conditions))

    @property
    def orders(self) -> list[tuple[str, str, str]]:
        """The ordered lists that it speaks of."""
        named = symbols(self.left) | symbols(self.right)
        return sorted(order for order in self.facts.orders if {order[0], order[1]} <= named)

    @property
    def definitions(self) -> dict[str, Expr]:
        """What its abbreviations stand for; the squared sine is a number of its own where no sine or cosine occurs."""
        found = {**self.facts.definitions, **self.model.definitions}
        if not self.has_sines:
            found.pop("s_i", None)
        return {name: value for name, value in found.items() if value != sym(name)}

    @property
    def has_sines(self) -> bool:
        """Whether sine or cosine themselves occur."""
        return bool((symbols(self.left) | symbols(self.right)) & {"sin_i", "cos_i"})

    @property
    def is_scalar(self) -> bool:
        """Whether both lines are numbers that can be evaluated."""
        return all(node.head in SCALAR_HEADS for side in (self.left, self.right) for node in walk(side))


def steps(derivation: Derivation) -> Iterator[Step]:
    """Every proved inequality between numbers, chain by chain."""
    for chain in derivation.chains:
        before = chain.start
        for link, report in zip(chain.links, kernel.check(chain), strict=False):
            if report.accepted and has_needs(link):
                yield Step(derivation.id, chain, report.step, *put_in(before, link, chain.model), link, report)
            before = link.expr


def put_in(before: Expr, link: Link, model: Model) -> tuple[Expr, Expr]:
    """Both lines of a step with the names of the line, and what its lemmas say, put in."""
    left, right = before, link.expr
    for old, new in facts_of(link, model).replacements:
        left, right = replace_tree(left, old, new), replace_tree(right, old, new)
    return left, right


class Unwritten(ValueError):
    """At these sizes the step speaks of a direction that there is not."""


@dataclass(frozen=True)
class WrittenStep:
    """A step at given sizes: the difference, which is to be at least 0, and conditions, in independent numbers.

    Those of the j-th direction are called `name j`; where sines occur, `half j` is the tangent of half its angle."""

    step: Step
    sizes: Sizes
    difference: Expr
    conditions: tuple[Expr, ...]
    ordered: tuple[Expr, ...]

    @classmethod
    def of(cls, step: Step, sizes: Sizes) -> WrittenStep:
        """Raises Unwritten where there is no such direction at these sizes."""
        write = _Writer(step, sizes)
        big, small = (step.right, step.left) if step.link.relation == "<=" else (step.left, step.right)
        ordered = [write.direction(sym(more) - sym(less), j) for less, more, _ in step.orders for j in range(sizes.d)]
        conditions = tuple(write.line(condition) for condition in step.conditions)
        return cls(step, sizes, write.line(big - small), conditions, tuple(ordered))

    @property
    def names(self) -> list[str]:
        """The independent numbers that occur."""
        return sorted(symbols(self.difference).union(*map(symbols, (*self.conditions, *self.ordered))))


class _Writer:
    def __init__(self, step: Step, sizes: Sizes) -> None:
        self.step, self.sizes, self.definitions = step, sizes, step.definitions
        self.numbers: dict[str, Expr] = {n: num(getattr(sizes, n)) for n in ("D", "k", "d")}

    def line(self, expr: Expr) -> Expr:
        """With its sums written out; what stands outside sums and belongs to a direction is of the first."""
        opened = self.opened(expr)

        def change(node: Expr) -> Expr | None:
            if node.head != "sum":
                return None
            total: Expr = num(0)
            for j in rows(node.name, self.sizes):
                total = total + self.direction(node.children[0], j)
            return total

        tree = transform(opened, change)
        if any(name.endswith("_i") for name in symbols(tree)) and not self.sizes.d:
            raise Unwritten("no direction")
        return self.direction(tree, 0)

    def opened(self, expr: Expr) -> Expr:
        for _ in range(len(self.definitions) + 1):
            fresh = substitute(expr, self.definitions)
            if fresh == expr:
                break
            expr = fresh
        return substitute(expr, self.numbers)

    def direction(self, expr: Expr, j: int) -> Expr:
        """In the numbers of the j-th direction, counted from 0."""
        opened = self.opened(expr)
        values = {name: self._number(name, j) for name in symbols(opened) if name.endswith("_i")}
        return substitute(opened, values)

    def _number(self, name: str, j: int) -> Expr:
        if j >= self.sizes.k and name in LOST:
            return LOST[name]
        if name not in ("sin_i", "cos_i"):
            return sym(f"{name} {j + 1}")
        half = sym(f"half {j + 1}")
        return 2 * half / (1 + half**2) if name == "sin_i" else (1 - half**2) / (1 + half**2)


def rows(over: str, sizes: Sizes) -> range:
    """The directions over which a sum goes, counted from 0."""
    d, k = sizes.d, sizes.k
    return {"target": range(d), "pairs": range(min(k, d)), "lost": range(max(k, 0), d)}[over]


@dataclass(frozen=True)
class StepPoint:
    """Sizes, and numbers for the symbols that nothing defines: those of directions in one table for each."""

    sizes: Sizes
    numbers: Mapping[str, Fraction]
    planes: tuple[Mapping[str, Fraction], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Fraction], sizes: Sizes) -> StepPoint:
        """From independent numbers, those of directions by `name j`."""
        planes = tuple(
            _sines({n.rpartition(" ")[0]: x for n, x in values.items() if n.endswith(f" {j + 1}")})
            for j in range(sizes.d)
        )
        for j, plane in enumerate(planes):
            if j >= sizes.k:
                plane.update({n: v.number for n, v in LOST.items()})
        return cls(sizes, {n: x for n, x in values.items() if " " not in n}, planes)

    def __str__(self) -> str:
        sized = f"D = {self.sizes.D}, k = {self.sizes.k}, d = {self.sizes.d}"
        told = [f"{name} = {x}" for name, x in sorted(self.numbers.items())]
        for j, plane in enumerate(self.planes, 1):
            told += [f"{name.removesuffix('_i')}_{j} = {x}" for name, x in sorted(plane.items())]
        return ", ".join([*told, sized])


def _sines(plane: dict[str, Fraction]) -> dict[str, Fraction]:
    if "half" in plane:
        half = plane.pop("half")
        plane["sin_i"], plane["cos_i"] = 2 * half / (1 + half**2), (1 - half**2) / (1 + half**2)
    return plane


class _At(Evaluation):
    """Evaluates the written lines: sums as sums, abbreviations by the model's own definitions."""

    def __init__(self, point: StepPoint, definitions: Table, prec: int | None) -> None:
        super().__init__(ModelPoint(point.sizes.D, point.sizes.k, point.sizes.d, point.numbers), prec)
        self.at, self.definitions = point, definitions

    def divided(self, top: Any, bottom: Any) -> Any:
        if self.prec is not None and bottom.is_zero():
            raise NoValue("a division by zero")
        return super().divided(top, bottom)

    def total(self, expr: Expr) -> Any:
        chosen = [self.at.planes[j] for j in rows(expr.name, self.at.sizes)]
        return sum((self.value(expr.children[0], plane) for plane in chosen), self.lift(0))  # type: ignore[arg-type]

    def named(self, name: str, plane: Any) -> Any:
        if name.endswith("_i"):
            if plane is None and not self.at.planes:
                raise Undecided("no direction at this point")
            plane = plane if plane is not None else self.at.planes[0]
            if name in plane:
                return self.lift(plane[name])
        elif name in ("D", "k", "d"):
            return self.lift(getattr(self.at.sizes, name))
        elif name in self.at.numbers:
            return self.lift(self.at.numbers[name])
        if name not in self.definitions:
            raise Undecided(f"{name} is not given at this point")
        return self.value(self.definitions[name], plane)


def sign_at(expr: Expr, point: StepPoint, definitions: Table) -> int | None:
    """The sign of a written expression, or None where it cannot be told. Raises NoValue where it has no value."""
    try:
        exact: Fraction = _At(point, definitions, None).value(expr)
        return (exact > 0) - (exact < 0)
    except Undecided:
        pass
    prec = 128
    while prec <= MOST_BITS:
        with ctx.workprec(prec):
            try:
                ball = _At(point, definitions, prec).value(expr)
                if ball > 0 or ball < 0:
                    return 1 if ball > 0 else -1
            except Undecided:
                pass
        prec *= 4
    return None


def violated(step: Step, point: StepPoint, definitions: Table | None = None) -> bool:
    """Whether the step's own lines have values at a point, and not in the order that it claims; with `definitions` of
    its abbreviations other than the model's."""
    table = step.definitions if definitions is None else definitions
    sign: int | None = None
    for expr in (step.left, step.right, step.left - step.right):
        try:
            sign = sign_at(expr, point, table)
        except NoValue:
            return False
    wrong = {"<=": (1,), ">=": (-1,), "=": (1, -1)}[step.link.relation]
    return sign in wrong


def has_no_value(step: Step, point: StepPoint) -> bool:
    """Whether one of the step's lines divides by zero at a point, or takes a root or a logarithm that is not real."""
    for side in (step.left, step.right):
        try:
            sign_at(side, point, step.definitions)
        except NoValue:
            return True
    return False


def condition_signs(step: Step, point: StepPoint) -> dict[Expr, int | None]:
    """The sign of each condition of the step; None also where it has no value."""
    found: dict[Expr, int | None] = {}
    for condition in step.conditions:
        try:
            found[condition] = sign_at(condition, point, step.definitions)
        except NoValue:
            found[condition] = None
    return found
