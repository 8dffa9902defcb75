"""Provers outside this project that decide its steps once more: what each must offer, and which there are.

A backend writes one file for a result and has its prover decide that. To add one, write a class with these members and
name it in ``backend``; the command, its table and its JSON are the same for all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from theory.derivation import Derivation


@dataclass(frozen=True)
class Left:
    """A step for which there is nothing to prove in the file, and why."""

    result: str
    chain: str
    step: int
    reason: str


@dataclass(frozen=True)
class Piece:
    """One theorem of a file: the step, the theorem's name, and its text."""

    chain: str
    step: int
    name: str
    text: str


@dataclass(frozen=True)
class Written:
    """What a backend makes of a result."""

    pieces: tuple[Piece, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True)
class Decided:
    """The prover's answers by the theorems' names: empty when accepted, otherwise why not."""

    answers: dict[str, str]


class Backend(Protocol):
    """A prover."""

    suffix: str

    def missing(self) -> str:
        """Empty when the prover is there; otherwise one line that says how to get it."""

    def write(self, derivation: "Derivation") -> Written:
        """The theorems of a result, and the steps without one."""

    def text(self, pieces: tuple[Piece, ...]) -> str:
        """The file with these theorems."""

    def decide(self, name: str, pieces: tuple[Piece, ...], seconds: float, tell: Callable[[str], None]) -> Decided:
        """Have the prover decide the theorems, in a folder of its own, in at most so many seconds."""


def backend(name: str) -> Backend:
    """The backend of that name."""
    from latentreuse.coq_backend import Coq

    return {"coq": Coq}[name]()


def file_name(result_id: str, prover: Backend) -> str:
    """The name of a result's file."""
    return result_id.replace("-", "_") + prover.suffix


def folder_for(output: Path | None) -> Path | None:
    """The folder to write to, made if it is not there. Raises ``BadInput`` where that is no folder."""
    from latentreuse.faults import BadInput

    if output is None:
        return None
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{output}: no folder can be made there: {error.strerror}") from None
    return output
