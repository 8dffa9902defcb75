"""The assumptions that a command is asked for: those of a file, or choices on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from latentreuse.deriving import assumptions_from
from latentreuse.faults import BadInput

if TYPE_CHECKING:
    from theory.assumptions import Assumptions


def setting(file: Path | None, choices: list[str], process: str | None) -> Assumptions:
    """The assumptions of a file, or the paper's with choices and a process. Raises BadInput for both at once."""
    if file is None:
        return assumptions_from(choices, process)
    if choices or process:
        raise BadInput(f"{file}: assumptions are given in a file and by --assume or --process; give one of the two")
    from latentreuse.assumption_file import read_assumptions

    return read_assumptions(file).assumptions
