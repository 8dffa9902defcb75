"""Trees as JSON holds them: a number, a symbol, or a head and its operands. Nothing is computed here but sizes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any

Tree = Any  # int | str | tuple
MOST_DEPTH, MOST_NODES = 150, 20_000
SCALAR = ("1", "1")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
WHOLE = re.compile(r"0|[1-9][0-9]*")
VARIABLES = frozenset({"D - k", "d - k"})  # differences of dimensions: the tables alone speak of them
RANGES = ("target", "pairs", "lost")
MANY = ("Add", "Multiply", "MatrixMultiply", "Matrix")
ARITY = {
    "Negate": 1, "Divide": 2, "Power": 2, "Transpose": 1, "Inverse": 1, "Trace": 1, "LogDet": 1, "Expectation": 1,
    "SquaredWasserstein": 2, "Ln": 1, "Phi": 1, "Exp": 1, "Sqrt": 1, "Min": 2, "Max": 2, "Sum": 2, "D": 2,
    "Gradient": 2, "Integrate": 4, "Letter": 4, "Identity": 1, "Zero": 2, "Rational": 2,
}  # fmt: skip
OPERANDS = {"Letter": (), "Identity": (), "Zero": (), "Rational": (), "Sum": (2,), "D": (1,), "Integrate": (1, 3, 4)}


class Refused(ValueError):
    """Why a certificate is not accepted."""


def need(holds: object, why: str) -> None:
    if not holds:
        raise Refused(why)


def tree(value: Any, depth: int = 0) -> Tree:
    """A tree from JSON, lists as tuples. Unknown heads, and heads with other operands, are refused."""
    if type(value) is int:
        return value
    if type(value) is str:
        need(value in VARIABLES or (NAME.fullmatch(value) and value != "infinity"), f"{value[:40]} is no symbol")
        return value
    need(depth < MOST_DEPTH and isinstance(value, list | tuple) and value, f"{str(value)[:40]} is no tree")
    name, size = value[0], len(value) - 1
    need(size > 0 if name in MANY else ARITY.get(name) == size, f"{name} with {size} operands")
    inner = operands(value)
    require_words(name, [x for i, x in enumerate(value) if i and i not in inner])
    ends = name == "Integrate" and value[4] == "infinity"
    return tuple(tree(x, depth + 1) if i in inner and not (ends and i == 4) else x for i, x in enumerate(value))


def require_words(name: str, words: list[Any]) -> None:
    """What in a tree is no tree itself: digits, sizes, names, kinds, ranges. All are strings."""
    need(all(type(x) is str for x in words), f"{name} of something that is no word")
    match name, words:
        case "Rational", _:
            need(all(WHOLE.fullmatch(x.removeprefix("-")) for x in words), "a fraction of no whole numbers")
        case "Matrix", _:
            need(all(map(WHOLE.fullmatch, words)), "a matrix of no size")
        case "Sum", _:
            need(words[0] in RANGES, "a sum over no range")
        case (("D" | "Integrate"), _):
            need(NAME.fullmatch(words[0]), "a variable that is no name")
        case "Letter", [own, kind, rows, cols]:
            need(NAME.fullmatch(own) and kind in ("gen", "sym"), f"{own[:40]} is no letter")
            need(kind == "gen" or rows == cols, f"{own} is symmetric and not square")
    for size in {"Letter": words[2:], "Identity": words, "Zero": words}.get(name, ()):
        named = NAME.fullmatch(size) and not size.endswith("_i")
        need(named or WHOLE.fullmatch(size), f"{size[:40]} is no size")


def head(t: Tree) -> Any:
    """The head of a tree; None for a number and a symbol."""
    return t[0] if isinstance(t, tuple) and t else None


def operands(t: Any) -> range | tuple[int, ...]:
    return range(3, len(t)) if t[0] == "Matrix" else OPERANDS.get(t[0], range(1, len(t)))


def walk(t: Tree) -> Iterator[Tree]:
    yield t
    for i in operands(t) if isinstance(t, tuple) else ():
        yield from walk(t[i])


def put(t: Tree, change: Callable[[Tree], Tree | None]) -> Tree:
    """Replaces every outermost part for which `change` has an answer."""
    left = MOST_NODES

    def within(t: Tree) -> Tree:
        nonlocal left
        left -= 1
        need(left >= 0, "a tree that grows without end")
        new = change(t)
        if new is not None or not isinstance(t, tuple):
            return t if new is None else new
        inner = operands(t)
        return tuple(within(x) if i in inner else x for i, x in enumerate(t))

    return within(t)


def with_values(t: Tree, values: dict[str, Tree]) -> Tree:
    """With values for symbols. What is differentiated or integrated is not fixed first."""
    for x in walk(t):
        bound = head(x) in ("D", "Integrate") and {x[2], *names(x)} & set(values)
        need(not bound, "a value within a derivative or an integral")
    return replaced(t, values)


def replaced(t: Tree, table: dict[str, Tree]) -> Tree:
    """With what symbols stand for, everywhere."""
    return put(t, table.get)


def settled(t: Tree, change: Callable[[Tree], Tree], most: int) -> Tree:
    for _ in range(most + 1):
        t, before = change(t), t
        if t == before:
            return t
    raise Refused("definitions refer to one another in a circle")


def minus(left: Tree, right: Tree) -> Tree:
    return ("Add", left, ("Negate", right))


def names(t: Tree) -> set[str]:
    """The symbols and letters in a tree."""
    return {x if isinstance(x, str) else x[1] for x in walk(t) if isinstance(x, str) or head(x) == "Letter"}


def letters(part: Any) -> Iterator[Tree]:
    """The letters in whatever holds trees."""
    if head(part) == "Letter":
        yield part
    elif isinstance(part, dict | list | tuple):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from letters(inner)


@lru_cache(maxsize=50_000)
def shape(t: Tree) -> tuple[str, str]:
    """Rows and columns. Operands that do not fit are refused."""
    if isinstance(t, int | str):
        return SCALAR
    sizes = [shape(t[i]) for i in operands(t)]
    match t[0]:
        case "Letter" | "Identity" | "Zero":
            return t[-2] if t[0] != "Identity" else t[-1], t[-1]
        case "Matrix":
            need(len(t) == 3 + int(t[1]) * int(t[2]) and set(sizes) <= {SCALAR}, "a matrix of other entries")
            return t[1], t[2]
        case "MatrixMultiply":
            need(all(a[1] == b[0] for a, b in pairwise(sizes)), "a product of sizes that differ")
            return sizes[0][0], sizes[-1][1]
        case "Transpose":
            return sizes[0][::-1]
        case "Gradient":
            need(sizes[0] == SCALAR, "the gradient of a matrix")
            return sizes[1]
        case "Add":
            need(len(set(sizes)) == 1, "a sum of sizes that differ")
        case "Multiply":
            sizes = sorted(sizes, key=lambda size: size == SCALAR)
            need(set(sizes[1:]) <= {SCALAR}, "matrices under a product of scalars")
        case "Inverse" | "Trace" | "LogDet" | "Det":
            need(sizes[0][0] == sizes[0][1], f"{t[0]} of a matrix that is not square")
        case "SquaredWasserstein":
            need(sizes[0] == sizes[1], "a distance of laws in different spaces")
        case "Divide":
            need(sizes[1] == SCALAR, "division by a matrix")
        case other:
            need(other in ("Negate", "Expectation", "D") or set(sizes) <= {SCALAR}, f"{other} of a matrix")
    return SCALAR if t[0] in ("Trace", "LogDet", "Det", "SquaredWasserstein") or not sizes else sizes[0]


def height(t: Tree) -> str:
    """The rows of a matrix, which are as many as the columns of a square one."""
    return shape(t)[0]


@lru_cache(maxsize=50_000)
def literal(t: Tree) -> bool:
    """Whether a matrix is written out entry by entry."""
    inner = ("Add", "Negate", "Multiply", "Divide", "MatrixMultiply", "Transpose", "Inverse")
    return isinstance(t, tuple) and (t[0] == "Matrix" or (t[0] in inner and any(map(literal, t[1:]))))
