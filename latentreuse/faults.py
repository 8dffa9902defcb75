"""What can go wrong for a user, each kind with its exit code; anything else is a fault of the program."""

from collections.abc import Iterable
from typing import Final

OK: Final = 0
NOT_VERIFIED: Final = 1
BAD_INPUT: Final = 2
STOPPED: Final = 3
INTERNAL: Final = 4
UNWRITABLE: Final = 5
REFUTED: Final = 6
UNDECIDED: Final = 7
VACUOUS: Final = 8
UNDEFINED: Final = 9
BROKEN_PIPE: Final = 141
INTERRUPTED: Final = 130

EXIT_CODES: Final = (
    "Exit codes: 0 ok; 1 something is not verified, or an artefact is stale; 2 bad input; "
    "3 a derivation stopped; 4 internal error; 5 standard output cannot be written; 130 interrupted."
)
CLAIM_CODES: Final = (
    "Exit codes of a claim: 0 proved (or holds at the point); 6 refuted (or fails there); 7 undecided; 8 vacuous: no "
    "point meets its conditions; 9 not defined somewhere in its domain. " + EXIT_CODES
)


class Fault(Exception):
    """Ends a command with ``code`` after one line per entry of ``lines`` on standard error."""

    code = INTERNAL

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines = [_printable(line) for line in ([lines] if isinstance(lines, str) else lines)]
        super().__init__("\n".join(self.lines))


def _printable(line: str) -> str:
    """One line whatever a file's own text holds: control characters are shown, and not sent to the terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


class BadInput(Fault):
    """The user's input is wrong; every line says where, what, and what is allowed."""

    code = BAD_INPUT


class Halted(Fault):
    """A derivation needs an assumption that is gone."""

    code = STOPPED


class Unwritable(Fault):
    """Standard output takes no more: a full disk or device."""

    code = UNWRITABLE
