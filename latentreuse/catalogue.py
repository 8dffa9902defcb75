"""What is emitted: read the artefacts that travel with the package. Derives nothing and imports no SymPy."""

import importlib.util
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar

import derivations
from latentreuse.faults import BadInput
from latentreuse.schema import nearest

Function = Callable[..., Any]
# The headings of the catalogue, in its order.
SECTIONS: Final = (
    "The score",
    "Freezing the latent space",
    "What is generated",
    "What a sampler makes of it",
    "Mixed training",
    "Beyond Gaussian, from data",
)


@dataclass(frozen=True)
class Emitted:
    """One result as emitted: the fields of its result.json that every face shows.

    ``values`` names its values; ``over`` says of each over which directions it runs, or None for a single number.
    """

    id: str
    title: str
    verdict: str
    trust: str
    statement: str
    values: tuple[str, ...]
    section: str | None = None
    over: tuple[str | None, ...] = ()

    def labels(self, count: int) -> list[str]:
        """A name for each of ``count`` numbers, those of one value over directions one after another and numbered."""
        over = self.over or (None,) * len(self.values)
        spread = sum(1 for kind in over if kind)
        each, left = divmod(count - (len(over) - spread), spread) if spread else (1, count - len(over))
        if left or len({kind for kind in over if kind}) > 1:
            one = self.values[0] if len(self.values) == 1 else ""
            return [f"{one}[{i + 1}]" for i in range(count)]
        rows = (
            [f"{name}[{i + 1}]" for i in range(each)] if kind else [name]
            for name, kind in zip(self.values, over, strict=True)
        )
        return [label for row in rows for label in row]


Item = TypeVar("Item")


def known_ids() -> list[str]:
    """All results, those that others rest on first."""
    return derivations.ids()


def selected(ids: list[str] | None) -> list[str]:
    """The results asked for in the order of the catalogue, or all; raises ``BadInput`` for unknown ones."""
    allowed = known_ids()
    unknown = [name for name in ids or () if name not in allowed]
    if unknown:
        raise BadInput(
            f"{name}: unknown result{nearest(name, allowed)}; allowed: {', '.join(allowed)}" for name in unknown
        )
    return [name for name in allowed if not ids or name in ids]


def function_name(result_id: str) -> str:
    """The name of the emitted function and of its module."""
    return result_id.replace("-", "_")


def is_emitted(result_id: str) -> bool:
    """Whether the result has been emitted, as it is once its derivation was run."""
    return derivations.artefacts(result_id).joinpath("result.json").is_file()


def artefact(result_id: str, name: str) -> str:
    """The text of one emitted file; raises ``BadInput`` if the result has not been emitted."""
    source = derivations.artefacts(result_id).joinpath(name)
    if not source.is_file():
        raise BadInput(f"{result_id}: {name} is not there; run `latentreuse derive {result_id}` in a checkout")
    return source.read_text(encoding="utf-8")


def record(result_id: str) -> dict[str, Any]:
    """The whole result.json of one result."""
    loaded: dict[str, Any] = json.loads(artefact(result_id, "result.json"))
    return loaded


def emitted(result_id: str) -> Emitted:
    """What the listing, the README and `evaluate` show of one result."""
    data = record(result_id)
    return Emitted(
        id=data["id"],
        title=data["title"],
        verdict=str(data["verdict"]),
        trust=_line(data["trust"]),
        statement=str(data["statement"]),
        values=tuple(value["name"] for value in data["values"]),
        section=data.get("section") or None,
        over=tuple(value.get("over") for value in data["values"]),
    )


def listed(result_id: str) -> Emitted:
    """The same, or for a result that has not been emitted yet what to do about it."""
    if is_emitted(result_id):
        return emitted(result_id)
    return Emitted(result_id, f"not emitted: run latentreuse derive {result_id}", "-", "-", "", ())


def section_of(result_id: str) -> str | None:
    """The heading that a result states, if it has been emitted and states one."""
    return emitted(result_id).section if result_id in known_ids() and is_emitted(result_id) else None


def grouped(items: Iterable[Item], section: Callable[[Item], str | None]) -> list[tuple[str | None, list[Item]]]:
    """Items under their headings, in the order of the catalogue; one group without heading if none states any.

    Headings that are not in SECTIONS follow; what states none comes last, under "Other results".
    """
    groups: dict[str | None, list[Item]] = {heading: [] for heading in SECTIONS}
    bare: list[Item] = []
    for item in items:
        heading = section(item)
        (groups.setdefault(heading, []) if heading else bare).append(item)
    found = [(heading, members) for heading, members in groups.items() if members]
    return [*found, *([("Other results" if found else None, bare)] if bare else [])]


def _line(trust: object) -> str:
    return ", ".join(map(str, trust)) if isinstance(trust, list) else str(trust)


def load_file(path: Path, result_id: str) -> Function:
    """The emitted function in ``path``. The one place that runs a module by its path: always one we emitted."""
    name = function_name(result_id)
    spec = importlib.util.spec_from_file_location(f"emitted_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python module")
    module: ModuleType = importlib.util.module_from_spec(spec)
    writing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writing
    function: Function = getattr(module, name)
    return function


def function(result_id: str) -> Function:
    """The emitted function of a result, from the module on disk."""
    name = f"{function_name(result_id)}.py"
    artefact(result_id, name)
    source: Traversable = derivations.artefacts(result_id).joinpath(name)
    with as_file(source) as path:
        return load_file(path, result_id)


def document() -> str:
    """All statements and proofs as one LaTeX document, with the table of symbols."""
    from theory.document import document as whole

    return whole([(emitted(i).title, artefact(i, "statement.tex"), artefact(i, "proof.tex")) for i in known_ids()])


def export_text(result_id: str, form: str) -> str:
    """The emitted artefact in one format; LaTeX is the statement followed by its proof."""
    names = {
        "latex": ("statement.tex", "proof.tex"),
        "json": ("result.json",),
        "python": (f"{function_name(result_id)}.py",),
        "markdown": ("page.md",),
    }[form]
    return "\n".join(artefact(result_id, name).rstrip("\n") + "\n" for name in names)
