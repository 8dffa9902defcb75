"""Linear forms: each key (a constant, a sum over planes, a trace, a word, a matrix entry) carries a `Value`."""

from __future__ import annotations

from typing import Any

from theory.expr import sym
from theory.scalars import Value

Key = tuple[Any, ...]
Form = dict[Key, Value]
CONST: Key = ("const",)
COUNT_OF = {"target": sym("d"), "pairs": sym("k"), "lost": sym("d") - sym("k")}
PLANE_SUFFIX = "_i"


def plus(left: Form, right: Form) -> Form:
    """The sum of two forms."""
    total = dict(left)
    for key, value in right.items():
        total[key] = total[key].plus(value) if key in total else value
    return total
