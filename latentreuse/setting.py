"""The assumptions that a command is asked for: those of a file, or choices on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from latentreuse.deriving import assumptions_from

if TYPE_CHECKING:
    from theory.assumptions import Assumptions


def setting(file: Path | None, choices: list[str], process: str | None) -> Assumptions:
    """The paper's assumptions, or those of a file, with choices and a process, which may not contradict the file."""
    from latentreuse.assumption_file import read_assumptions

    return assumptions_from(choices, process, None if file is None else read_assumptions(file))
