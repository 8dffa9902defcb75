"""Trace, log-determinant and distance of matrices class by class, each class times its multiplicity."""

from __future__ import annotations

from collections.abc import Callable

from theory.blocks import Block, BlockEvaluator
from theory.expr import Expr, num
from theory.facts import BlockClass, Facts, Planes
from theory.linear import CONST, PLANE_SUFFIX, Form, plus
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import ScalarField, Value

BLOCK_ROOTS = tuple(f"root of block {i}{suffix}" for i in range(6) for suffix in ("", PLANE_SUFFIX))


class PlaneForms:
    """Reads matrices in the block table of `facts`. `scalar` reads scalar trees."""

    def __init__(self, facts: Facts, scalars: ScalarField, scalar: Callable[[Expr], Frac]) -> None:
        self.planes, self.variances = facts.planes, facts.variances
        self.scalars, self.scalar = scalars, scalar

    def block(self, expr: Expr) -> Block:
        """A matrix written out entry by entry, or a product of such."""
        nothing = BlockClass("literal", 0, 0, 0, (), (), num(0))
        return BlockEvaluator(self.scalars, self.scalar, Planes((), num(0), num(0)), nothing).evaluate(expr)

    def trace(self, body: Expr) -> Form:
        return self._by_class(body, lambda matrix: Value(self.scalars.reduce(matrix.trace())))

    def logdet(self, body: Expr) -> Form:
        zero, one = self.scalars.field.zero, self.scalars.field.one
        return self._by_class(body, lambda matrix: Value(zero, {matrix.det(): one}))

    def _by_class(self, body: Expr, what: Callable[[Block], Value]) -> Form:
        planes = self._separate()
        total: Form = {}
        for block in planes.classes:
            matrix = BlockEvaluator(self.scalars, self.scalar, planes, block, self.variances).evaluate(body)
            total = plus(total, self._counted(block, what(matrix)))
        return total

    def bures(self, left: Expr, right: Expr) -> Form:
        """Squared 2-Wasserstein distance of the centred Gaussians with these covariances."""
        planes = self._separate()
        total: Form = {}
        for block in planes.classes:
            evaluator = BlockEvaluator(self.scalars, self.scalar, planes, block, self.variances)
            one, other = evaluator.evaluate(left), evaluator.evaluate(right)
            total = plus(total, self._counted(block, Value(self._distance(one, other, block.over is not None))))
        return total

    def _distance(self, one: Block, other: Block, of_plane: bool) -> Frac:
        """tr X + tr Y - 2 tr (X^{1/2} Y X^{1/2})^{1/2} of blocks up to 2 x 2: the inner matrix has the trace and the
        determinant of X Y, and tr Z^{1/2} = sqrt(tr Z + 2 sqrt(det Z))."""
        size = one.shape[0]
        if one.rows == other.rows or size == 0:
            return self.scalars.field.zero
        cross = self._block_root(one.det() * other.det(), of_plane)
        if size == 2:
            cross = self._block_root(one.times(other).trace() + 2 * cross, of_plane)
        elif size != 1:
            raise NotDecidable("the distance of blocks larger than 2 x 2")
        return self.scalars.reduce(one.trace() + other.trace() - 2 * cross)

    def _block_root(self, radicand: Frac, of_plane: bool) -> Frac:
        if self.scalars.is_zero(radicand):  # of a covariance that is singular there
            return self.scalars.field.zero
        pool = [name for name in BLOCK_ROOTS if name.endswith(PLANE_SUFFIX) == of_plane]
        free = next((name for name in pool if name not in self.scalars.roots), None)
        if free is None:
            raise NotDecidable("too many roots in one distance")
        return self.scalars.define_root(free, self.scalars.reduce(radicand))

    def _separate(self) -> Planes:
        planes = self.planes
        if planes is None:
            raise NotDecidable("principal planes have not entered")
        if not self.scalars.is_zero(self.scalar(planes.coupling)):
            raise NotDecidable("Lambda couples two planes: its blocks do not separate")
        return planes

    def _counted(self, block: BlockClass, value: Value) -> Form:
        """A class's value times its multiplicity."""
        if block.over is not None:
            return {("sum", block.over): value}
        return {CONST: value.scaled(self.scalar(block.count))}
