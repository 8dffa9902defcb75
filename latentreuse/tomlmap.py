"""Read TOML so that every fault can be named by line: the values, and the line on which each key stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from latentreuse.faults import BadInput
from latentreuse.literals import BareFloat

MAX_BYTES: Final = 1_000_000
MAX_KEY: Final = 60  # characters of a key that a line shows
KeyPath = tuple[str | int, ...]

_TOKEN = re.compile(
    r'(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r"|(?P<comment>#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{},=.])|(?P<word>[^\s\[\]{},=.#\"']+)|(?P<space>[^\S\n]+)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Document:
    """Parsed values and, for each key path such as ("model", "theta", 1), its line (counted from 1)."""

    path: Path
    values: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, path: KeyPath) -> int:
        """The line of ``path``, or of the nearest enclosing key."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: KeyPath, wrong: str) -> str:
        """One line: file, line, key, what is wrong and what is allowed."""
        return f"{self.path}:{self.line(path)}: {key_text(path)}: {wrong}"


def key_text(path: KeyPath) -> str:
    """("model", "theta", 1) as ``model.theta[1]``."""
    text = ""
    for part in path:
        name = part if isinstance(part, int) or len(part) <= MAX_KEY else f"{part[:MAX_KEY]}..."
        text += f"[{name}]" if isinstance(name, int) else f".{name}" if text else name
    return text or "file"


class _Scanner:
    """Walks over the tokens of TOML text and notes where keys and array entries stand.

    Sees text that TOML's own reader has accepted, or its valid beginning.
    """

    def __init__(self, text: str) -> None:
        self.tokens = list(self._tokens(text))
        self.lines: dict[KeyPath, int] = {}
        self.doubled: list[tuple[KeyPath, int, int]] = []
        self.at = 0

    @staticmethod
    def _tokens(text: str) -> Any:
        line, place = 1, 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                place += 1
                continue
            if match.lastgroup not in {"space", "comment"}:
                yield match.lastgroup, match[0], line
            line += match[0].count("\n")
            place = match.end()

    def peek(self) -> tuple[str, str, int]:
        """The next token without taking it; an empty mark at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "", 0)

    def take(self) -> tuple[str, str, int]:
        token = self.peek()
        self.at += 1
        return token

    def key(self) -> tuple[str, ...]:
        """A dotted key; stops before ``=`` or ``]``."""
        parts: list[str] = []
        while self.peek()[0] in {"word", "string"} or self.peek()[1] == ".":
            kind, text, _ = self.take()
            if text != ".":
                parts.append(_unquoted(text) if kind == "string" else text)
        return tuple(parts)

    def note(self, path: KeyPath, line: int, *, table: bool = False) -> None:
        """Remember where ``path`` stands; a second mention of a key is kept as a doubled one."""
        if path in self.lines and not table:
            self.doubled.append((path, line, self.lines[path]))
        self.lines.setdefault(path, line)

    def value(self, path: KeyPath) -> None:
        """Skip one value, noting the entries of arrays and of inline tables."""
        depth: list[str] = []
        count = [0]
        while True:
            kind, text, line = self.peek()
            if kind == "end" or (not depth and (kind == "newline" or text in {"]", "}", ","})):
                return
            if len(depth) == 1 and depth[0] == "[" and text not in {",", "]"} and kind != "newline":
                self.lines.setdefault((*path, count[0]), line)
            if depth == ["{"] and kind in {"word", "string"}:
                self.entry(path)
                continue
            self.take()
            if text in {"[", "{"} and kind == "mark":
                depth.append(text)
            elif text in {"]", "}"} and kind == "mark":
                depth.pop()
            elif text == "," and len(depth) == 1:
                count[0] += 1

    def entry(self, prefix: KeyPath) -> None:
        """One ``key = value``."""
        line, before = self.peek()[2], self.at
        path = (*prefix, *self.key())
        if self.peek()[1] == "=":
            self.take()
            for length in range(len(prefix) + 1, len(path)):
                self.note(path[:length], line, table=True)
            self.note(path, line)
            self.value(path)
        elif self.at == before:
            self.take()

    def run(self) -> None:
        """Walk over the whole document."""
        prefix: KeyPath = ()
        headers: dict[KeyPath, int] = {}
        while self.peek()[0] != "end":
            kind, text, line = self.peek()
            if kind == "newline":
                self.take()
            elif text == "[" and kind == "mark":
                while self.peek()[1] == "[":
                    self.take()
                prefix = self.key()
                if prefix in headers:
                    self.doubled.append((prefix, line, headers[prefix]))
                headers.setdefault(prefix, line)
                self.note(prefix, line, table=True)
                while self.peek()[0] not in {"newline", "end"}:
                    self.take()
            else:
                self.entry(prefix)


def _unquoted(text: str) -> str:
    """A quoted key as TOML reads it, with its escapes resolved."""
    if "\\" not in text:
        return text[1:-1]
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:  # text beyond the first fault of a file, looked at for doubled keys only
        return text


def _text(path: Path) -> str:
    """The text of a small UTF-8 file, with or without a byte order mark."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise BadInput(f"{path}: is a directory; give a TOML file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL byte in the name itself
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{path}: cannot be read: {reason}; give a TOML file") from None
    if len(raw) > MAX_BYTES:
        raise BadInput(f"{path}: is larger than {MAX_BYTES // 1_000_000} MB; give a short TOML file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadInput(f"{path}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BadInput(f"{path}:{line}: contains a NUL byte; give a TOML file saved as UTF-8")
    return text.replace("\r\n", "\n")


def _syntax_fault(path: Path, text: str, error: tomllib.TOMLDecodeError) -> BadInput:
    """A syntax fault with line and column; a doubled key is named, with both its lines."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    if re.match(r"Cannot (overwrite|declare|mutate)", str(error)):
        # up to the fault the text is valid, which keeps the scan linear in its length
        doubled = _scan("".join(text.splitlines(keepends=True)[: int(place[1]) if place else None])).doubled
        if doubled:
            return BadInput(
                f"{path}:{line}: {key_text(key)}: is given twice, first on line {first}; give it once"
                for key, line, first in doubled
            )
    where = f"{place[1]}:{place[2]}" if place else str(text.count("\n") + 1)
    return BadInput(f"{path}:{where}: not valid TOML: {re.sub(r' [(]at [^)]*[)]$', '', str(error))}")


def _scan(text: str) -> _Scanner:
    scanner = _Scanner(text)
    scanner.run()
    return scanner


def read(path: Path) -> Document:
    """Read a TOML file; raises ``BadInput`` with one line per fault."""
    if path.suffix not in {".toml", ""}:
        raise BadInput(f"{path}: has the suffix {path.suffix!r}; a TOML file ends in .toml")
    text = _text(path)
    try:
        values = tomllib.loads(text, parse_float=BareFloat)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_fault(path, text, error) from None
    except RecursionError:
        raise BadInput(f"{path}: brackets are nested too deeply; one level is enough") from None
    except ValueError:  # Python's own limit on the digits of an integer
        raise BadInput(f"{path}: an integer has more than 4300 digits; write it as a decimal string") from None
    return Document(path, values, _scan(text).lines)
