"""The written theory: one result, one file, found by scanning this folder. What a result emits lies in its folder."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from types import ModuleType


def _stems() -> list[str]:
    names = (entry.name for entry in resources.files(__name__).iterdir() if entry.is_file())
    return sorted(name[:-3] for name in names if name.endswith(".py") and not name.startswith("_"))


@lru_cache(maxsize=1)
def _dependencies() -> dict[str, tuple[str, ...]]:
    """Which results each file imports, read from its text so that SymPy is not loaded."""
    import ast

    table: dict[str, tuple[str, ...]] = {}
    for stem in _stems():
        tree = ast.parse((resources.files(__name__) / f"{stem}.py").read_text(encoding="utf-8"))
        imported = [
            alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == __name__
            for alias in node.names
        ]
        table[stem] = tuple(imported)
    return table


def ids() -> list[str]:
    """Every result, dependencies first and otherwise by name. Imports no SymPy."""
    table, done = _dependencies(), list[str]()
    while len(done) < len(table):
        ready = [s for s in sorted(table) if s not in done and all(x in done for x in table[s] if x in table)]
        if not ready:
            raise ValueError("the results import one another in a circle")
        done.append(ready[0])
    return [stem.replace("_", "-") for stem in done]


def below(result_id: str) -> frozenset[str]:
    """The results that a result's file imports, those that they import, and so on. Imports no SymPy."""
    table, found, waiting = _dependencies(), set[str](), [result_id.replace("-", "_")]
    while waiting:
        fresh = {name for name in table[waiting.pop()] if name in table} - found
        found |= fresh
        waiting += fresh
    return frozenset(stem.replace("_", "-") for stem in found)


def load(result_id: str) -> ModuleType:
    """The module of a result, with its `derive(assumptions)`. Raises KeyError for an id that is not there."""
    stem = result_id.replace("-", "_")
    if "_" in result_id or stem not in _stems():
        raise KeyError(result_id)
    return import_module(f"{__name__}.{stem}")


def artefacts(result_id: str) -> Traversable:
    """The folder of what the result emitted; it is in the wheel too. Raises KeyError for an unknown id."""
    if result_id not in ids():
        raise KeyError(result_id)
    return resources.files(__name__) / result_id
