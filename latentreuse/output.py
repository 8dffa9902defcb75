"""Print to whatever standard output and error are: terminal, pipe, UTF-8 or not, wide or narrow."""

import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from latentreuse.faults import Unwritable

if TYPE_CHECKING:
    from rich.console import Console

PIPE_WIDTH: Final = 200
MIN_WIDTH: Final = 20
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
_ASCII: Final = str.maketrans(
    {
        "θ": "theta", "λ": "lambda", "σ": "sigma", "α": "alpha", "μ": "mu", "π": "pi", "Σ": "Sigma", "Λ": "Lambda",
        "φ": "phi", "ρ": "rho", "²": "^2", "³": "^3", "·": "*", "≤": "<=", "≥": ">=", "±": "+/-", "–": "-", "—": "-",
        "→": "->", "∞": "infinity", "∫": "integral ", "√": "sqrt", "…": "...", "’": "'", "×": "x",
    }
)  # fmt: skip


def prepare() -> None:
    """Never fail on a character that the terminal's encoding lacks, nor on a stream that was closed."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def fits(text: str, stream: TextIO) -> str:
    """``text`` as it is where the stream can show it, else spelt out in ASCII."""
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return text.translate(_ASCII)
    return text


def drop(stream: TextIO) -> None:
    """Send what is still to come, and what is still buffered, nowhere: Python writes the rest when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def writing() -> Iterator[None]:
    """Standard output that cannot be written, other than a closed pipe, is a fault of its own."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL or error.filename is not None:
            raise
        drop(sys.stdout)
        reason = error.strerror or error
        raise Unwritable(f"latentreuse: standard output cannot be written: {reason}; nothing more is printed") from None


def say(text: str = "") -> None:
    """One or more lines on standard output."""
    with writing():
        print(fits(text, sys.stdout))


def warn(text: str) -> None:
    """One or more lines on standard error; where that cannot be written the exit code has to say it all."""
    try:
        print(fits(text, sys.stderr), file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)


def say_exactly(text: str) -> None:
    """A text that must arrive byte for byte: UTF-8 whatever the terminal's encoding is."""
    with writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8"))


def say_json(value: Any) -> None:
    """A value as JSON in ASCII, so that any encoding carries it."""
    with writing():
        print(json.dumps(value, indent=2, ensure_ascii=True))


def flush() -> None:
    """Everything said so far arrives, or a fault says why not."""
    with writing():
        sys.stdout.flush()
    sys.stderr.flush()


def width() -> int:
    """Columns that may be filled: the terminal's, or a generous number in a pipe (unless COLUMNS says otherwise)."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return max(int(columns), MIN_WIDTH)
    if not sys.stdout.isatty():
        return PIPE_WIDTH
    return max(os.get_terminal_size(sys.stdout.fileno()).columns, MIN_WIDTH)


def console(*, stderr: bool = False) -> "Console":
    """A rich console for progress on standard error, or for a table on standard output."""
    from rich.console import Console

    return Console(stderr=stderr, width=None if stderr else width(), highlight=False, emoji=False, markup=False)
