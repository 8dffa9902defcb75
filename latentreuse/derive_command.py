"""The two ways of `derive`: the default derivations, written or compared; and changed ones, printed."""

from collections.abc import Iterable
from pathlib import Path

from latentreuse import faults
from latentreuse.deriving import (
    assumptions_from,
    closed_forms,
    derive,
    describe,
    emit_all,
    stale,
    target_folder,
    write,
)
from latentreuse.evaluation import stopped_line
from latentreuse.output import say, warn
from latentreuse.progress import Display

ACCEPT = "to accept what the derivations emit now, run: latentreuse derive"  # with the same results and folder


def _unproved(name: str, failures: Iterable[str]) -> list[str]:
    """A line for each step that was not accepted."""
    return [f"{name}: {failure}" for failure in failures]


def derive_default(ids: list[str], output: Path | None, *, check: bool, workers: int) -> int:
    """Derive with the default assumptions; write what changed, or print diffs of what is stale."""
    folder = target_folder(output)
    diffs: list[str] = []
    code = faults.OK
    with Display("deriving", len(ids)) as display:
        for made in emit_all(ids, workers, display):
            if made.failures:
                code = faults.NOT_VERIFIED
                warn("\n".join([f"{made.id}: {made.verdict}, nothing is written", *_unproved(made.id, made.failures)]))
            elif check:
                diffs += stale(folder, made.id, made.files)
            else:
                changed = write(folder, made.id, made.files)
                say(f"{made.id}: {made.verdict}, {'written' if changed else 'unchanged'}")
    if diffs:
        say("".join(diffs).rstrip("\n"))
        same = " ".join([ACCEPT, *ids] + (["-o", str(output)] if output is not None else []))
        warn(f"{len(diffs)} stale files; {same}")
        return faults.NOT_VERIFIED
    if check and code == faults.OK:
        say(f"{len(ids)} results: what is on disk is what the derivations emit")
    return code


def derive_changed(
    ids: list[str], choices: list[str], process: str | None, output: Path | None, file: Path | None = None
) -> int:
    """Derive with other assumptions: print each new closed form, or the step that stopped."""
    from latentreuse.assumption_file import read_assumptions
    from theory.derivation import Stopped

    given = None if file is None else read_assumptions(file)
    assumptions = assumptions_from(choices, process, given)
    code = faults.OK
    title = f"{given.title}, " if given is not None and given.title else ""
    say(f"{title}under {describe(assumptions)}:")
    for name in ids:
        with Display("deriving", 1) as display:
            try:
                derived = derive(name, assumptions, display, certified=output is not None)
            except Stopped as stop:
                warn(stopped_line(stop) if stop.result == name else f"{name} rests on {stopped_line(stop)}")
                code = faults.STOPPED
                continue
        say(f"{name}: {derived.checked.verdict.name}\n{closed_forms(derived)}")
        if derived.checked.failures:
            warn("\n".join(_unproved(name, derived.checked.failures)))
            code = max(code, faults.NOT_VERIFIED)
        elif output is not None:
            write(output, name, derived.files)
    return code
