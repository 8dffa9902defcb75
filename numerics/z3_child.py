"""A process of its own that asks z3: one question a line on standard input, one answer a line on standard output.

Run as ``python -m numerics.z3_child``. Whoever starts it ends it when an answer takes too long; z3's own limit is
asked for too, but not relied on. It needs the `prove` extra.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from importlib import import_module
from typing import Any

DIGITS = 12


def answer(z3: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """`unsat`, `unknown`, or `sat` with the numbers of a model: exact where rational, otherwise several nearby ones."""
    solver = z3.Solver()
    solver.set("timeout", int(asked["milliseconds"]))
    solver.from_string(asked["smt"])
    word = str(solver.check())
    if word != "sat":
        return {"word": word}
    model, values = solver.model(), {}
    for name in asked["names"]:
        found = model.eval(z3.Real(name), model_completion=True)
        values[name] = _numbers(z3, found)
    return {"word": word, "values": values}


def _numbers(z3: Any, value: Any) -> list[str]:
    if z3.is_rational_value(value):
        return [str(value.as_fraction())]
    if z3.is_algebraic_value(value):
        near = value.approx(DIGITS).as_fraction()
        return list(dict.fromkeys(str(Fraction(near).limit_denominator(10**n)) for n in (1, 2, 4, 8, DIGITS)))
    return []


def main() -> int:
    """Answer until there are no more questions."""
    z3: Any = import_module("z3")
    print(json.dumps({"word": "ready", "version": z3.get_version_string()}), flush=True)
    for line in sys.stdin:
        try:
            told = answer(z3, json.loads(line))
        except z3.Z3Exception as error:
            told = {"word": "unknown", "why": str(error)[:200]}
        print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
