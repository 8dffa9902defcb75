"""Matrices whose entries are rational functions, evaluated for one class of directions at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from theory.expr import Expr, is_written_out
from theory.facts import BlockClass, Planes
from theory.rational import Frac
from theory.scalars import ScalarField, Undefined

Matrix = list[list[Frac]]
Shape = tuple[int, int]


class Block:
    """A small matrix over a scalar field; a size may be zero, and then the determinant is 1 and the trace 0."""

    def __init__(self, scalars: ScalarField, rows: Matrix, shape: Shape) -> None:
        self.scalars, self.rows, self.shape = scalars, rows, shape

    @classmethod
    def diagonal(cls, scalars: ScalarField, size: int, value: Frac) -> Block:
        nil = scalars.field.zero
        return cls(scalars, [[value if i == j else nil for j in range(size)] for i in range(size)], (size, size))

    def _map(self, change: Callable[[Frac], Frac]) -> Block:
        return Block(self.scalars, [[change(x) for x in row] for row in self.rows], self.shape)

    def plus(self, other: Block) -> Block:
        rows = [[x + y for x, y in zip(a, b, strict=True)] for a, b in zip(self.rows, other.rows, strict=True)]
        return Block(self.scalars, rows, self.shape)

    def scaled(self, factor: Frac) -> Block:
        return self._map(lambda x: x * factor)

    def times(self, other: Block) -> Block:
        inner, nil = range(self.shape[1]), self.scalars.field.zero
        columns = range(other.shape[1])
        rows = [[sum((row[k] * other.rows[k][j] for k in inner), nil) for j in columns] for row in self.rows]
        return Block(self.scalars, rows, (self.shape[0], other.shape[1]))._map(self.scalars.reduce)

    def transposed(self) -> Block:
        n, m = self.shape
        return Block(self.scalars, [[self.rows[i][j] for i in range(n)] for j in range(m)], (m, n))

    def trace(self) -> Frac:
        return sum((self.rows[i][i] for i in range(self.shape[0])), self.scalars.field.zero)

    def _minor(self, row: int, column: int) -> Block:
        n = self.shape[0]
        rows = [[self.rows[i][j] for j in range(n) if j != column] for i in range(n) if i != row]
        return Block(self.scalars, rows, (n - 1, n - 1))

    def det(self) -> Frac:
        if self.shape[0] == 0:
            return self.scalars.field.one
        first = self.rows[0]
        terms = ((-1) ** j * first[j] * self._minor(0, j).det() for j in range(self.shape[0]))
        return self.scalars.reduce(sum(terms, self.scalars.field.zero))

    def inverse(self) -> Block:
        """By cofactors: the blocks are at most 2 x 2 (4 x 4 for two planes at once)."""
        n, det = self.shape[0], self.det()
        if not det:
            raise Undefined("a block that is to be inverted is singular")
        rows = [[(-1) ** (i + j) * self._minor(j, i).det() / det for j in range(n)] for i in range(n)]
        return Block(self.scalars, rows, self.shape)._map(self.scalars.reduce)


class BlockEvaluator:
    """Evaluates a matrix expression in the block of one class of directions.

    `scalar` turns a scalar tree into a field element; `letters` are the matrix definitions of the model.
    """

    def __init__(
        self,
        scalars: ScalarField,
        scalar: Callable[[Expr], Frac],
        planes: Planes,
        block: BlockClass,
        variances: Mapping[str, tuple[Expr, Expr, Expr]] | None = None,
    ) -> None:
        self.scalars, self.scalar, self.planes, self.block = scalars, scalar, planes, block
        self.variances = variances or {}
        self.sizes = {"D": block.ambient, "k": block.encoder, "d": block.target}

    def _table(self, rows: tuple[tuple[Expr, ...], ...], shape: Shape) -> Block:
        return Block(self.scalars, [[self.scalar(x) for x in row] for row in rows], shape)

    def _letter(self, name: str) -> Block:
        b = self.block
        if name == "U":
            return self._table(b.U, (b.ambient, b.encoder))
        if name == "V":
            return self._table(b.V, (b.ambient, b.target))
        if name == "Lambda":
            return Block.diagonal(self.scalars, b.target, self.scalar(self.planes.variance))
        if name == "Lambda_s":
            return Block.diagonal(self.scalars, b.encoder, self.scalar(b.source))
        if name in self.variances:
            return self._along_encoder(*map(self.scalar, self.variances[name]))
        raise KeyError(f"the letter {name} has no block: define it by U, V, Lambda and Lambda_s")

    def _along_encoder(self, pair: Frac, spare: Frac, rest: Frac) -> Block:
        """`inside U U^T + rest (I - U U^T)` in this class."""
        U, inside = self._letter("U"), spare if self.block.over is None else pair
        identity = Block.diagonal(self.scalars, self.block.ambient, self.scalars.field.one)
        return U.times(U.transposed()).scaled(inside - rest).plus(identity.scaled(rest))

    def evaluate(self, expr: Expr) -> Block:
        """The block of `expr`; raises KeyError for a letter that has none."""
        kids = expr.children
        match expr.head:
            case "letter":
                return self._letter(str(expr.args[0]))
            case "eye":
                return Block.diagonal(self.scalars, self.sizes[expr.rows], self.scalars.field.one)
            case "add":
                total = self.evaluate(kids[0])
                for kid in kids[1:]:
                    total = total.plus(self.evaluate(kid))
                return total
            case "neg":
                return self.evaluate(kids[0]).scaled(self.scalars.number(-1))
            case "mul":
                return self._scaled(kids)
            case "div":
                return self.evaluate(kids[0]).scaled(1 / self.scalar(kids[1]))
            case "matmul":
                total = self.evaluate(kids[0])
                for kid in kids[1:]:
                    total = total.times(self.evaluate(kid))
                return total
            case "transpose":
                return self.evaluate(kids[0]).transposed()
            case "inv":
                return self.evaluate(kids[0]).inverse()
            case "literal":
                return self._literal(expr)
        raise KeyError(f"{expr.head} has no block")

    def _scaled(self, kids: tuple[Expr, ...]) -> Block:
        factor, matrix = self.scalars.field.one, None
        for kid in kids:
            if kid.is_scalar and not is_written_out(kid):
                factor *= self.scalar(kid)
            else:
                matrix = self.evaluate(kid)
        assert matrix is not None, "a scalar product is no block"
        return matrix.scaled(factor)

    def _literal(self, expr: Expr) -> Block:
        n, m = int(expr.rows), int(expr.cols)
        entries = [self.scalar(entry) for entry in expr.children]
        return Block(self.scalars, [entries[i * m : (i + 1) * m] for i in range(n)], (n, m))
