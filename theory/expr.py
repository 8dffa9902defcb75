"""The expression tree: a line of a calculation exactly as its author wrote it.

SymPy reorders sums and drops brackets, so the written line is kept in this small tree; fractions of SymPy's polynomials
decide what it is equal to (`normal.py`). A tree is inert: building one computes nothing.

Every node carries its size `rows x cols`; sizes are the names "1", "D", "k", "d", "m" or decimal integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

SCALAR = ("1", "1")


class ShapeError(ValueError):
    """Two operands whose sizes do not fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """One node. `head` names the operation; `args` are nodes, except for the leaves.

    Leaves: num (Fraction), sym (name), letter (name, "sym" | "gen"), eye (), zero ().
    Inner:  add, neg, mul (scalars, at most one matrix factor), div, pow, call (function name, argument...),
            matmul, transpose, inv, trace, logdet, bures, expect, sum (over, body), literal (rows*cols entries),
            diff (body, variable), grad (body, letter), integral (body, variable, low, high).
    """

    head: str
    args: tuple[Expr | str | Fraction, ...]
    rows: str = "1"
    cols: str = "1"
    children: tuple[Expr, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # kept, as trees are walked and compared far more often than they are built
        object.__setattr__(self, "children", tuple([a for a in self.args if isinstance(a, Expr)]))
        object.__setattr__(self, "_hash", hash((self.head, self.args, self.rows, self.cols)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Expr):
            return NotImplemented
        same = self._hash == other._hash and self.head == other.head and self.args == other.args
        return same and self.rows == other.rows and self.cols == other.cols

    def __reduce__(self) -> tuple[type[Expr], tuple[object, ...]]:
        """Built anew in another process, where text hashes otherwise."""
        return Expr, (self.head, self.args, self.rows, self.cols)

    @property
    def shape(self) -> tuple[str, str]:
        return self.rows, self.cols

    @property
    def is_scalar(self) -> bool:
        return self.shape == SCALAR

    @property
    def name(self) -> str:
        """The first argument of a symbol, a letter, a call or a sum: what it is called."""
        return str(self.args[0])

    @property
    def number(self) -> Fraction:
        """The value of a number leaf. Raises TypeError for any other node."""
        value = self.args[0]
        if not isinstance(value, Fraction):
            raise TypeError(f"{self.head} is no number")
        return value

    def __add__(self, other: Expr | int | Fraction) -> Expr:
        right = as_expr(other)
        _same_shape(self, right, "+")
        left = self.args if self.head == "add" else (self,)
        terms = right.args if right.head == "add" else (right,)
        return Expr("add", (*left, *terms), self.rows, self.cols)

    def __radd__(self, other: int | Fraction) -> Expr:
        return as_expr(other) + self

    def __neg__(self) -> Expr:
        return Expr("neg", (self,), self.rows, self.cols)

    def __sub__(self, other: Expr | int | Fraction) -> Expr:
        return self + (-as_expr(other))

    def __rsub__(self, other: int | Fraction) -> Expr:
        return as_expr(other) - self

    def __mul__(self, other: Expr | int | Fraction) -> Expr:
        right = as_expr(other)
        if not self.is_scalar and not right.is_scalar:
            raise ShapeError("`*` scales; a product of matrices is written `@`")
        rows, cols = right.shape if self.is_scalar else self.shape
        left = self.args if self.head == "mul" else (self,)
        return Expr("mul", (*left, right), rows, cols)

    def __rmul__(self, other: int | Fraction) -> Expr:
        return as_expr(other) * self

    def __truediv__(self, other: Expr | int | Fraction) -> Expr:
        bottom = as_expr(other)
        if not bottom.is_scalar:
            raise ShapeError("division by a matrix: write `.inv`")
        return Expr("div", (self, bottom), self.rows, self.cols)

    def __rtruediv__(self, other: int | Fraction) -> Expr:
        return as_expr(other) / self

    def __pow__(self, power: int | Expr) -> Expr:
        if not self.is_scalar:
            raise ShapeError("powers are of scalars")
        return Expr("pow", (self, as_expr(power)))

    def __matmul__(self, other: Expr) -> Expr:
        if self.cols != other.rows:
            raise ShapeError(f"{self.rows} x {self.cols} @ {other.rows} x {other.cols}")
        left = self.args if self.head == "matmul" else (self,)
        right = other.args if other.head == "matmul" else (other,)
        return Expr("matmul", (*left, *right), self.rows, other.cols)

    @property
    def T(self) -> Expr:
        if self.head == "transpose":
            return self.children[0]
        return Expr("transpose", (self,), self.cols, self.rows)

    @property
    def inv(self) -> Expr:
        if self.rows != self.cols:
            raise ShapeError("the inverse of a matrix that is not square")
        return Expr("inv", (self,), self.rows, self.cols)


def _same_shape(left: Expr, right: Expr, what: str) -> None:
    if left.shape != right.shape:
        raise ShapeError(f"{left.rows} x {left.cols} {what} {right.rows} x {right.cols}")


def as_expr(value: Expr | int | Fraction) -> Expr:
    return value if isinstance(value, Expr) else num(value)


def num(value: int | Fraction) -> Expr:
    return Expr("num", (Fraction(value),))


def sym(name: str) -> Expr:
    """A scalar symbol. Facts about it live in the model, never in the symbol."""
    return Expr("sym", (name,))


def letter(name: str, rows: str, cols: str, *, symmetric: bool = False) -> Expr:
    """A letter of the operator words, `rows x cols`."""
    return Expr("letter", (name, "sym" if symmetric else "gen"), rows, cols)


def eye(size: str) -> Expr:
    return Expr("eye", (), size, size)


def zero(rows: str, cols: str) -> Expr:
    return Expr("zero", (), rows, cols)


def literal(rows: list[list[Expr | int]], n_rows: int, n_cols: int) -> Expr:
    """A small matrix written out entry by entry, row by row; zero rows or columns are legal."""
    entries = tuple(as_expr(entry) for row in rows for entry in row)
    if len(entries) != n_rows * n_cols:
        raise ShapeError(f"{len(entries)} entries for a {n_rows} x {n_cols} matrix")
    return Expr("literal", entries, str(n_rows), str(n_cols))


def call(function: str, *arguments: Expr | int) -> Expr:
    """A named function of scalars: log, phi, exp, sqrt, min."""
    return Expr("call", (function, *(as_expr(a) for a in arguments)))


def log(x: Expr | int) -> Expr:
    return call("log", x)


def phi(x: Expr | int) -> Expr:
    """`phi(x) = x - ln(1 + x)`, a function of its own because the difference cancels for small x."""
    return call("phi", x)


def trace(x: Expr) -> Expr:
    return Expr("trace", (x,))


def logdet(x: Expr) -> Expr:
    return Expr("logdet", (x,))


def bures(x: Expr, y: Expr) -> Expr:
    """Squared 2-Wasserstein distance of the centred Gaussians with these covariances."""
    _same_shape(x, y, "against")
    return Expr("bures", (x, y))


def expect(x: Expr) -> Expr:
    return Expr("expect", (x,), x.rows, x.cols)


def plane_sum(body: Expr, over: str = "target") -> Expr:
    """Sum of `body` over an index range: "target" (i = 1..d), "pairs" (i = 1..k), "lost" (i = k+1..d)."""
    return Expr("sum", (over, body))


def diff(body: Expr, variable: str) -> Expr:
    return Expr("diff", (body, variable), body.rows, body.cols)


def grad(body: Expr, variable: Expr) -> Expr:
    """The gradient of a scalar in the column letter `variable`."""
    return Expr("grad", (body, variable), variable.rows, "1")


def integral(body: Expr, variable: str, low: Expr, high: Expr) -> Expr:
    return Expr("integral", (body, variable, low, high))


INFINITY = sym("infinity")


def walk(expr: Expr) -> Iterator[Expr]:
    """Every node, outermost first."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def rebuild(expr: Expr, children: list[Expr]) -> Expr:
    """The same node over other children."""
    fresh = iter(children)
    return Expr(expr.head, tuple(next(fresh) if isinstance(a, Expr) else a for a in expr.args), expr.rows, expr.cols)


def transform(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """Replace, outermost first, every node for which `change` answers with a tree."""
    answer = change(expr)
    if answer is not None:
        return answer
    if not expr.children:
        return expr
    changed = [transform(child, change) for child in expr.children]
    if all(one is other for one, other in zip(changed, expr.children, strict=True)):
        return expr
    return rebuild(expr, changed)


def substitute(expr: Expr, values: dict[str, Expr]) -> Expr:
    """Simultaneous substitution of scalar symbols."""

    def change(node: Expr) -> Expr | None:
        if node.head == "sym":
            return values.get(str(node.args[0]))
        return None

    return transform(expr, change) if values else expr


def replace(expr: Expr, old: Expr, new: Expr) -> Expr:
    """Replace every occurrence of the subtree `old`."""
    return transform(expr, lambda node: new if node == old else None)


def is_written_out(expr: Expr) -> bool:
    """A matrix of literal entries, or built from such: not to be taken for a scalar when it is 1 x 1."""
    if expr.head == "literal":
        return True
    inner = ("add", "neg", "mul", "div", "matmul", "transpose", "inv")
    return expr.head in inner and any(is_written_out(child) for child in expr.children)


@lru_cache(maxsize=20_000)
def symbols(expr: Expr) -> frozenset[str]:
    return frozenset(str(node.args[0]) for node in walk(expr) if node.head == "sym")


def reached(
    trees: Iterable[Expr], *tables: Mapping[str, Expr], of: Callable[[Expr], Set[str]] = symbols
) -> frozenset[str]:
    """The names in trees, and those in what the tables say that they stand for."""
    found, fresh = frozenset[str](), frozenset[str]().union(*map(of, trees))
    while fresh:
        found |= fresh
        fresh = frozenset[str]().union(*(of(table[x]) for table in tables for x in fresh if x in table)) - found
    return found
