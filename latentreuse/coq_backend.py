"""Coq as a backend of `prove`: runs coqc on a file and reads which theorems it accepts and what they rest on."""

import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Final

from latentreuse.proof_backends import Decided, Left, Piece, Written

if TYPE_CHECKING:
    from theory.derivation import Derivation

PACKAGE: Final = "coq"
_PLACE: Final = re.compile(r'^File "[^"]*", line (\d+),', re.MULTILINE)
_NOT_DECIDED: Final = "not decided in {:g} seconds"


class Coq:
    """Theorems about Coq's real numbers, checked by coqc."""

    suffix = ".v"

    def missing(self) -> str:
        if shutil.which("coqc"):
            return ""
        return f"coqc is not installed; on Debian: apt-get install {PACKAGE} (or --emit-only to write the files alone)"

    def write(self, derivation: "Derivation") -> Written:
        from theory.coq_file import coq_theorems

        found, left = coq_theorems(derivation)
        return Written(
            tuple(Piece(one.chain, one.step, one.name, one.text) for one in found),
            tuple(Left(one.result, one.chain, one.step, one.reason) for one in left),
        )

    def text(self, pieces: tuple[Piece, ...]) -> str:
        from theory.coq import Theorem
        from theory.coq_file import theorem_file

        return theorem_file([Theorem("", p.chain, p.step, p.name, p.text) for p in pieces])

    def decide(self, name: str, pieces: tuple[Piece, ...], seconds: float, tell: Callable[[str], None]) -> Decided:
        """One file for all of them. A theorem that coqc stops at is refused and left out of the next try."""
        answers: dict[str, str] = {}
        rest, until = list(pieces), monotonic() + seconds
        while rest:
            tell(f"{len(rest)} theorems")
            done = run_coqc(self.text(tuple(rest)), name, until - monotonic())
            if done is None:
                return Decided({**{p.name: _NOT_DECIDED.format(seconds) for p in rest}, **answers})
            stopped, reason = done
            if not reason:
                return Decided({**dict.fromkeys((p.name for p in rest), ""), **answers})
            refused = _at_line(self.text(tuple(rest)), rest, stopped)
            if refused is None:
                return Decided({**{p.name: reason for p in rest}, **answers})
            answers[refused.name] = reason
            rest.remove(refused)
        return Decided(answers)


def _at_line(text: str, pieces: list[Piece], line: int) -> Piece | None:
    """The theorem that a line of the file belongs to."""
    found = None
    for number, content in enumerate(text.splitlines()[:line], 1):
        for piece in pieces:
            if content.startswith(f"Theorem {piece.name} "):
                found = piece
        if content.startswith("Definition all_theorems") and number <= line:
            return None
    return found


def run_coqc(text: str, name: str, seconds: float) -> tuple[int, str] | None:
    """Where coqc stopped and why, (0, "") if it accepts the file, None if it had no answer in time.

    A file whose theorems rest on anything but the axioms of Coq's real numbers is not accepted.
    """
    if seconds <= 0:
        return None
    with TemporaryDirectory(prefix="latentreuse-") as folder:
        (Path(folder) / name).write_text(text, encoding="utf-8")
        command = ["coqc", "-q", name]
        pipe = subprocess.PIPE
        prover = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)
        with prover as child, _ended_with_us(child):
            try:
                said, wrong = child.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                return None
    if child.returncode != 0:
        place = _PLACE.search(wrong)
        words = " ".join(_PLACE.sub("", wrong).split())
        return int(place.group(1)) if place else 0, (words or f"coqc ended with {child.returncode}")[:300]
    return 0, foreign_axioms(said)


def foreign_axioms(printed: str) -> str:
    """Empty when `Print Assumptions` names the axioms of Coq's real numbers alone; otherwise what is wrong."""
    from theory.coq_prelude import AXIOMS

    if printed.strip() == "Closed under the global context":
        return ""
    head, found, body = printed.partition("Axioms:\n")
    if head.strip() or not found:
        return f"coqc does not say what the theorems rest on: {' '.join(printed.split())[:100]}"
    names = [line.split(" ")[0] for line in body.splitlines() if line and not line[0].isspace()]
    foreign = sorted(set(names) - set(AXIOMS))
    return f"rests on {', '.join(foreign)}" if foreign else ""


@contextmanager
def _ended_with_us(child: "subprocess.Popen[str]") -> Iterator[None]:
    """Whatever ends this process, and however the block is left, the prover ends too."""

    def end(number: int, frame: FrameType | None) -> None:
        child.kill()
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        child.kill()
        signal.signal(signal.SIGTERM, before)
