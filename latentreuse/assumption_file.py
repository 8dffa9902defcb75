"""Read an assumption file: a modified setting, by the theory's own choices and a forward process.

Every fault is reported at once, each with file, line and key. Which choices there are is the theory's to say; a
process is named, or given by formulas of alpha and h in t, which the kernel then has to differentiate as we did.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from latentreuse.case import in_order
from latentreuse.literals import BareFloat
from latentreuse.schema import nearest
from latentreuse.section_checks import choice
from latentreuse.tomlmap import Document, KeyPath, read

if TYPE_CHECKING:
    from theory.assumptions import Assumptions
    from theory.expr import Expr
    from theory.processes import Process

SECTIONS: Final = ("title", "assumptions", "process")
PROCESS_KEYS: Final = ("name", "alpha", "h")
MAX_TITLE, MAX_SHOWN, MAX_HINTS = 200, 60, 100
_TEXT: Final = "must be text in quotes"
_FORMULA: Final = "allowed: an expression in t such as 'exp(-t/2)'"


@dataclass(frozen=True)
class AssumptionFile:
    """What an assumption file says: a title, perhaps empty, and the set of assumptions; `choices` as it states them."""

    path: Path
    title: str
    assumptions: "Assumptions"
    choices: tuple[tuple[str, str], ...] = ()


def read_assumptions(path: Path) -> AssumptionFile:
    """Read an assumption file. Raises ``BadInput`` with one line for each fault."""
    document = read(path)
    reader = _Reader(document)
    lines = [*reader.unknown_sections(), *reader.title_faults(), *reader.choice_faults(), *reader.process_faults()]
    lines = lines or [*reader.together()]
    if lines:
        raise in_order(document, lines)
    assert reader.assumptions is not None
    return AssumptionFile(path, document.values.get("title", ""), reader.assumptions, tuple(reader.choices.items()))


def _shown(raw: object) -> str:
    """A value of the file, cut to a readable length."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) >= 10**MAX_SHOWN:
        return "a very large integer"
    text = str(raw).lower() if isinstance(raw, bool) else str(raw) if isinstance(raw, BareFloat) else repr(raw)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _is_text(raw: object) -> bool:
    """Text, or a number that stands for its digits."""
    small = isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**MAX_SHOWN
    return small or isinstance(raw, str)


class _Reader:
    """Judges one file section by section, and keeps what it reads."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.choices: dict[str, str] = {}
        self.process: str | Process | None = None
        self.assumptions: Assumptions | None = None
        self.hints = 0

    def say(self, path: KeyPath, wrong: str) -> str:
        return self.document.fault(path, wrong)

    def near(self, word: str, allowed: tuple[str, ...]) -> str:
        """A suggestion, unless there have been many or the word is far too long."""
        self.hints += 1
        return nearest(word, list(allowed)) if self.hints <= MAX_HINTS and len(word) <= MAX_SHOWN else ""

    def unknown_sections(self) -> Iterator[str]:
        from theory.assumptions import CHOICES

        for key in self.document.values:
            if key in SECTIONS:
                continue
            home = "[assumptions]" if key in CHOICES else "[process]" if key in PROCESS_KEYS else ""
            hint = f" (it belongs in {home})" if home else self.near(key, SECTIONS)
            yield self.say((key,), f"unknown section{hint}; allowed: title = ..., [assumptions], [process]")

    def title_faults(self) -> Iterator[str]:
        title = self.document.values.get("title", "")
        if not isinstance(title, str) or isinstance(title, BareFloat):
            yield self.say(("title",), f"{_TEXT}, got {_shown(title)}; allowed: such as 'A free mean'")
        elif len(title) > MAX_TITLE or not title.isprintable():
            yield self.say(
                ("title",), f"is too long or not one line; allowed: one line of at most {MAX_TITLE} characters"
            )

    def _table(self, section: str) -> dict[str, Any] | None:
        """A section's keys; None if it is something else."""
        found = self.document.values.get(section, {})
        return found if isinstance(found, dict) else None

    def choice_faults(self) -> Iterator[str]:
        """Each choice by itself, as the theory judges it."""
        from theory.assumptions import CHOICES, Assumptions

        chosen = self._table("assumptions")
        if chosen is None:
            yield self.say(("assumptions",), "must be a table; allowed: a header [assumptions] and keys below it")
        for key, raw in (chosen or {}).items():
            path = ("assumptions", key)
            if key not in CHOICES:
                hint = " (it belongs in [process])" if key in PROCESS_KEYS else self.near(key, tuple(CHOICES))
                yield self.say(path, f"unknown assumption{hint}; allowed: {', '.join(CHOICES)}")
            elif not _is_text(raw) or len(choice(raw)) > MAX_SHOWN:
                allowed = ", ".join(map(repr, CHOICES[key]))
                yield self.say(path, f"{_TEXT}, got {_shown(raw)}; allowed: {allowed}")
            else:
                try:
                    Assumptions.default().choose({key: choice(raw)})
                except ValueError as error:
                    yield self.say(path, str(error).removeprefix(f"assumption {key} "))
                else:
                    self.choices[key] = choice(raw)

    def process_faults(self) -> Iterator[str]:
        """A name, or alpha and h."""
        given = self._table("process")
        if given is None:
            wrong = f"must be a table, got {_shown(self.document.values['process'])}"
            yield self.say(("process",), f"{wrong}; allowed: [process] with name = 'flow', or with alpha and h")
            return
        for key in given:
            if key not in PROCESS_KEYS:
                hint = self.near(key, PROCESS_KEYS)
                yield self.say(("process", key), f"unknown key{hint}; allowed: {', '.join(PROCESS_KEYS)}")
        formulas = [key for key in ("alpha", "h") if key in given]
        if "name" in given:
            yield from self._named(given["name"])
            for key in formulas:
                yield self.say(("process", key), "stands beside name; allowed: either name, or alpha and h")
        elif len(formulas) == 1:
            missing = "h" if formulas == ["alpha"] else "alpha"
            yield self.say(("process", missing), f"is missing beside {formulas[0]}; {_FORMULA}")
        elif not formulas and "process" in self.document.values:
            yield self.say(("process",), "names no process; allowed: name = 'flow', or alpha and h by formula")
        yield from self._by_formula({key: given[key] for key in formulas}, alone="name" not in given)

    def _named(self, name: Any) -> Iterator[str]:
        from theory.assumptions import PROCESSES

        if name in PROCESSES:
            self.process = str(name)
            return
        wrong = f"unknown process {_shown(name)}" if isinstance(name, str) else f"{_TEXT}, got {_shown(name)}"
        hint = self.near(name, PROCESSES) if isinstance(name, str) else ""
        yield self.say(("process", "name"), f"{wrong}{hint}; allowed: {', '.join(map(repr, PROCESSES))}")

    def _by_formula(self, given: dict[str, Any], *, alone: bool) -> Iterator[str]:
        """alpha and h, each read by itself; then, if both could be read, what they are together."""
        from theory.expr import sym
        from theory.formula import FormulaError, parse

        trees: dict[str, Expr] = {}
        for key, raw in given.items():
            if not _is_text(raw):
                yield self.say(("process", key), f"{_TEXT}, got {_shown(raw)}; {_FORMULA}")
                continue
            try:
                trees[key] = parse(str(raw), {"t": sym("t")})
            except FormulaError as error:
                yield self.say(("process", key), f"{error}; {_FORMULA}")
        if alone and len(trees) == 2:
            yield from self._forward(trees["alpha"], trees["h"])

    def _forward(self, alpha: "Expr", h: "Expr") -> Iterator[str]:
        """Whether the pair is a forward process, and whether its rates are proved."""
        from numerics.forward import not_forward
        from theory.own_process import NotForward, own_process

        try:
            made = own_process(alpha, h)
        except NotForward as error:
            yield self.say(("process", error.key), str(error))
            return
        fault = not_forward(made)
        if fault is not None:
            yield self.say(("process", fault[0]), fault[1])
            return
        unproved = _unproved(made)
        if unproved:
            yield self.say(("process",), f"its rates are not proved: {unproved}; allowed: a simpler alpha and h")
            return
        self.process = made

    def together(self) -> Iterator[str]:
        """All choices at once, with the process: what contradicts itself is the theory's to say."""
        from theory.assumptions import Assumptions

        try:
            self.assumptions = Assumptions.default().choose(self.choices, self.process)
        except ValueError as error:
            yield self.say(("assumptions",), str(error))


def _unproved(process: "Process") -> str:
    """The first thing that the kernel does not accept of what `forward-marginal` says of a process, or nothing."""
    import derivations
    from theory import kernel
    from theory.assumptions import Assumptions

    made = derivations.load("forward-marginal").derive(Assumptions.default().choose({}, process))
    for chain in made.chains:
        if chain.name.startswith(f"{process.title}:"):
            for report in kernel.check(chain):
                if not report.accepted:
                    return f"{chain.name.replace('`', '')}: {report.how}"
    return ""
