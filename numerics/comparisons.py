"""What is compared on the deterministic rungs, and how an emitted function is called without being trusted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from flint import arb

from numerics.cases import Case
from numerics.dense import DenseModel
from numerics.frames import Field, Matrix
from numerics.functions import Inexact


class FunctionFailed(Exception):
    """An emitted function raised, or returned the wrong number of values, at a point where it must not."""


@dataclass(frozen=True)
class Comparison:
    """One line to be decided: ``left relation right``, relation "=" or "<=".

    ``scale`` is the magnitude that small differences are measured against; by default the right side itself.
    """

    name: str
    relation: str
    left: Any
    right: Any
    scale: Any = None


class Route(Protocol):
    """One number field with its dense models and with the function under test."""

    field: Field
    effort: str

    def model(self, case: Case) -> DenseModel:
        """The dense model of a case."""

    def call(self, case: Case, **given: Any) -> Any:
        """The emitted function's raw value at a case; FunctionFailed if it raises.

        Parameters that it asks for are those of the case (``numerics.parameters``), or ``given`` in this field.
        """

    def integral(self, case: Case, end: Fraction) -> Any | None:
        """Rigorous integral of the dense F from r = h/alpha^2 to ``end``; None where it is not to be had."""


def attempt(
    function: Callable[..., Any], arguments: Sequence[Any], functions: Any, keywords: Mapping[str, Any] | None = None
) -> Any:
    """function(*arguments, **keywords, fn=functions), with whatever it raises turned into FunctionFailed."""
    try:
        return function(*arguments, **(keywords or {}), fn=functions)
    except Inexact:  # not the function's fault: the exact rung cannot follow it here
        raise
    except (ArithmeticError, ValueError, TypeError, IndexError, KeyError, AttributeError, NameError) as error:
        raise FunctionFailed(f"raised {type(error).__name__}: {error}") from error


def map_leaves(output: Any, change: Callable[[Any], Any]) -> Any:
    """``change`` applied to every number of a nested list."""
    if isinstance(output, list | tuple):
        return [map_leaves(item, change) for item in output]
    return change(output)


def numbers(output: Any, count: int) -> list[Any]:
    """``count`` numbers: a bare number when one is wanted, else a flat list."""
    values = list(output) if isinstance(output, list | tuple) else [output]
    if isinstance(output, list | tuple) and count == 1 and len(values) == 1:
        raise FunctionFailed("returned a list, a single number expected")
    if len(values) != count or any(isinstance(value, list | tuple) for value in values):
        raise FunctionFailed(f"returned {_shape(output)}, {count} number{'s' * (count != 1)} expected")
    return values


def listed(output: Any, count: int) -> list[Any]:
    """A flat list of ``count`` numbers, a list even when it holds one."""
    if not isinstance(output, list | tuple) or len(output) != count:
        raise FunctionFailed(f"returned {_shape(output)}, a list of {count} expected")
    if any(isinstance(value, list | tuple) for value in output):
        raise FunctionFailed("returned nested values, a flat list expected")
    return list(output)


def pairs(output: Any, count: int) -> list[tuple[Any, Any]]:
    """``count`` pairs [value, multiplicity]."""
    rows = list(output) if isinstance(output, list | tuple) else []
    if len(rows) != count or any(not isinstance(row, list | tuple) or len(row) != 2 for row in rows):
        raise FunctionFailed(f"returned {_shape(output)}, {count} pairs [value, multiplicity] expected")
    return [(row[0], row[1]) for row in rows]


def _shape(output: Any) -> str:
    return f"a list of {len(output)}" if isinstance(output, list | tuple) else "a single value"


def equal(name: str, left: Any, right: Any) -> Comparison:
    """left = right."""
    return Comparison(name, "=", left, right)


def at_most(name: str, left: Any, right: Any, scale: Any = None) -> Comparison:
    """left <= right."""
    return Comparison(name, "<=", left, right, scale)


def same_matrix(name: str, left: Matrix, right: Matrix, scale: Any = None) -> Iterator[Comparison]:
    """Entry by entry, differences measured against ``scale``, by default the largest entry on the right."""
    entries = right.entries()
    if scale is None and isinstance(entries[0], arb):
        scale = max(x.abs_lower() for x in entries)
    for i, (x, y) in enumerate(zip(left.entries(), entries, strict=True)):
        yield Comparison(f"{name}[{i}]", "=", x, y, scale)
