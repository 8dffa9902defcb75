"""Run derivations, and keep what they emit: write it beside and rename, or compare it with what is checked in."""

import difflib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import derivations
from latentreuse.faults import BadInput
from latentreuse.progress import Display
from latentreuse.workers import crew, reporter, tell

if TYPE_CHECKING:
    from latentreuse.assumption_file import AssumptionFile
    from theory.assumptions import Assumptions
    from theory.derivation import Checked, Derivation


@dataclass(frozen=True)
class Derived:
    """One result, derived and checked, with the files that it emits."""

    derivation: "Derivation"
    checked: "Checked"
    files: dict[str, str]


def assumptions_from(choices: list[str], process: str | None, file: "AssumptionFile | None" = None) -> "Assumptions":
    """The assumptions of a file, or the default, with ``key=value`` choices and a process added.

    Raises ``BadInput`` in one line for a choice not known, and for one that contradicts another or the file.
    """
    from theory.assumptions import Assumptions

    chosen: dict[str, str] = {}
    for choice in choices:
        key, equals, value = (part.strip() for part in choice.partition("="))
        if not equals or not key or not value:
            raise BadInput(f"--assume {choice}: is not key=value; allowed: such as --assume lambda=isotropic")
        if chosen.setdefault(key, value) != value:
            raise BadInput(f"--assume {choice}: contradicts an earlier --assume {key}={chosen[key]}")
    if file is not None:
        _require_agreement(file, chosen, process)
    try:
        base = Assumptions.default() if file is None else file.assumptions
        return base.choose(chosen, process=process)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _require_agreement(file: "AssumptionFile", chosen: dict[str, str], process: str | None) -> None:
    """Raises ``BadInput`` where the command line says one thing and the file another."""
    stated, written = dict(file.choices), file.assumptions.process
    for key, value in chosen.items():
        if stated.get(key, value) != value:
            raise BadInput(f"--assume {key}={value}: contradicts {key} = {stated[key]!r} in {file.path}; leave one out")
    if process is not None and written is not None and process != written:
        raise BadInput(f"--process {process}: contradicts the process of {file.path}, {written}; leave one out")


@dataclass(frozen=True)
class Emitted:
    """The same as plain data, which a worker process can hand back."""

    id: str
    verdict: str
    failures: tuple[str, ...]
    files: dict[str, str]


def emitted(result_id: str, below: dict[str, str], progress: Callable[[int, int], None] | None = None) -> Emitted:
    """Derive and check one result with the default assumptions; ``below``: verdicts that this run has found."""
    from theory.assumptions import Assumptions
    from theory.emit import artefacts
    from theory.verdict import Verdict

    tell(result_id)
    derivation = derivations.load(result_id).derive(Assumptions.default())
    verdicts = {name: Verdict[verdict] for name, verdict in below.items()}
    checked = derivation.check(progress or reporter(result_id), verdicts)
    return Emitted(result_id, checked.verdict.name, checked.failures, artefacts(derivation, checked))


def emit_all(ids: list[str], workers: int, display: Display) -> Iterator[Emitted]:
    """Derive results with the default assumptions, each after those of them that it rests on; in the order of ``ids``.

    What is found of one depends on the others by nothing but the verdicts of those below, so that every number of
    workers gives the same.
    """
    ordered = [name for name in derivations.ids() if name in ids]
    waits = {name: derivations.below(name) & set(ids) for name in ordered}
    crew_size = min(workers, len(ids))
    found: dict[str, Emitted] = {}
    told = 0
    for one in _in_turn(waits, found, display) if crew_size == 1 else _at_once(waits, found, crew_size, display):
        found[one.id] = one
        while told < len(ids) and ids[told] in found:
            yield found[ids[told]]
            told += 1


def _in_turn(waits: dict[str, frozenset[str]], found: dict[str, Emitted], display: Display) -> Iterator[Emitted]:
    """One after the other, in this process."""
    for name, needed in waits.items():
        display.report(name)
        yield emitted(name, _verdicts(needed, found), partial(_show, display, name))
        display.finish(name)


def _at_once(
    waits: dict[str, frozenset[str]], found: dict[str, Emitted], workers: int, display: Display
) -> Iterator[Emitted]:
    """In worker processes, as soon as what lies below is found."""
    waiting = dict(waits)
    with crew(workers, display) as hands:

        def send() -> None:
            for name in [name for name, needed in waiting.items() if needed <= found.keys()]:
                hands.submit(name, emitted, name, _verdicts(waiting.pop(name), found))

        send()
        for _, future in hands.finished():
            yield future.result()
            send()


def _show(display: Display, name: str, done: int, total: int) -> None:
    display.report(name, f"{done}/{total}")


def _verdicts(names: frozenset[str], found: dict[str, Emitted]) -> dict[str, str]:
    return {name: found[name].verdict for name in names}


def derive(
    result_id: str, assumptions: "Assumptions", display: Display | None = None, *, certified: bool = False
) -> Derived:
    """Derive and check one result; its files hold certificates, which take as long as all the rest, only when asked.

    Raises ``theory.derivation.Stopped`` where an assumption is missing.
    """
    from theory.emit import artefacts

    derivation = derivations.load(result_id).derive(assumptions)
    progress = None
    if display is not None:
        display.report(result_id)
        progress = partial(_show, display, result_id)
    checked = derivation.check(progress)
    return Derived(derivation, checked, artefacts(derivation, checked, certified=certified))


def checkout() -> Path | None:
    """The folder of derivations in a checkout; None for an installed wheel, whose files are not ours to change."""
    folder = Path(derivations.__file__).resolve().parent
    return folder if (folder.parent / "pyproject.toml").is_file() else None


def target_folder(chosen: Path | None) -> Path:
    """Where artefacts are written or compared."""
    folder = chosen or checkout()
    if folder is None:
        raise BadInput("this is an installed package, not a checkout: say where to write with -o DIR")
    return folder


def stale(folder: Path, result_id: str, files: dict[str, str]) -> Iterator[str]:
    """A unified diff for each file of ``folder/result_id`` that differs from what the derivation emits."""
    home = folder / result_id
    present = _present(home)
    for name in sorted(present | files.keys()):
        old = _text(home / name) if name in present else ""
        new = files.get(name, "")
        if old != new:
            yield "".join(_diff(old, new, f"{result_id}/{name}", name in files))


def _present(home: Path) -> set[str]:
    """The files in a result's folder and in its folder of certificates, as they are named in what is emitted."""
    found = [path for path in (*home.glob("*"), *home.glob("certificates/*")) if path.is_file()]
    return {path.relative_to(home).as_posix() for path in found}


def _text(path: Path) -> str:
    """A file's text exactly as it is on disk."""
    return path.read_bytes().decode("utf-8", errors="replace")


def _diff(old: str, new: str, name: str, emitted: bool) -> Iterator[str]:
    """A unified diff that always says something and ends each line."""
    after = f"{name} (derived now)" if emitted else f"{name} (no longer emitted)"
    lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for line in difflib.unified_diff(*lines, f"{name} (on disk)", after):
        yield line if line.endswith("\n") else f"{line}\n\\ no newline at end of file\n"


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A hidden folder on the same file system, removed whatever happens."""
    temporary = Path(tempfile.mkdtemp(prefix=".latentreuse-", dir=folder))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write(folder: Path, result_id: str, files: dict[str, str]) -> bool:
    """Put the files of one result into ``folder/result_id``; whether anything changed.

    Everything is written beside first and then renamed, so that no file is ever seen half written. In a checkout what
    is no longer emitted is removed; a folder that the user named keeps what else is in it.
    """
    home = folder / result_id
    try:
        home.mkdir(parents=True, exist_ok=True)
        changed = [name for name, text in files.items() if not (home / name).is_file() or _text(home / name) != text]
        with _beside(home) as temporary:
            for name in changed:
                (temporary / name).parent.mkdir(exist_ok=True)
                (temporary / name).write_bytes(files[name].encode("utf-8"))
            for name in changed:
                (home / name).parent.mkdir(exist_ok=True)
                (temporary / name).replace(home / name)
    except OSError as error:
        raise BadInput(
            f"{home}: cannot be written: {error.strerror or error}; name a writable folder with -o"
        ) from None
    leftovers = [home / name for name in _present(home) - files.keys()]
    if folder != checkout():
        return bool(changed)
    for path in leftovers:
        path.unlink()
    return bool(changed or leftovers)


def closed_forms(derived: Derived) -> str:
    """The closed form of each value, as one readable line each; with a process also in its own time."""
    from theory.binding import said

    derivation = derived.derivation
    lines = [f"  {output.name} = {said(output.closed)}" for output in derivation.outputs]
    process = derivation.assumptions.process
    for output in derivation.outputs:
        if output.in_time is not None:
            lines.append(f"  {output.name} in the time of {process} = {said(output.in_time)}")
    return "\n".join(lines)


def _process_in_words(process: object) -> str:
    """A process by name, with what it says of alpha and h."""
    from theory.processes import Process, of
    from theory.text import text

    chosen = process if isinstance(process, Process) else of(str(process))
    rate = ", B = integral of beta" if "B" in text(chosen.h) else ""
    return f"process = {chosen} (alpha = {text(chosen.alpha)}, h = {text(chosen.h)}{rate})"


def describe(assumptions: "Assumptions") -> str:
    """The choices that differ from the default, in words."""
    chosen = [f"{key} = {value}" for key, value in sorted(dict(assumptions.choices).items())]
    process = [_process_in_words(assumptions.process)] if assumptions.process else []
    return ", ".join(chosen + process) or "the default assumptions"
