"""The shape of a case file: which keys there are and what kind of value each takes. Relations between keys: `case`."""

from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from latentreuse.literals import ALLOWED_ANGLE, ALLOWED_NUMBER, Literal, NotANumber, angle, number
from latentreuse.tomlmap import Document, KeyPath

PROCESS_TIMES: Final = ("vp-ou", "ve", "flow")
MAX_SIZE: Final = 10**9


def _refusal(error: NotANumber, allowed: str) -> PydanticCustomError:
    return PydanticCustomError("number", "{why}; allowed: {allowed}", {"why": str(error), "allowed": allowed})


def _read_number(raw: object) -> Literal:
    try:
        return number(raw)
    except NotANumber as error:
        raise _refusal(error, ALLOWED_NUMBER) from None


def _read_angle(raw: object) -> Literal:
    try:
        return angle(raw)
    except NotANumber as error:
        raise _refusal(error, ALLOWED_ANGLE) from None


Number = Annotated[Literal, PlainValidator(_read_number)]
Angle = Annotated[Literal, PlainValidator(_read_angle)]
Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]


class Section(BaseModel):
    """Strict: no unknown keys, no conversions. Every key is optional here; `case` says which belong together."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class ModelSection(Section):
    """Sizes, principal angles (or the frames that have them) and variances of the target."""

    D: Size | None = None
    k: Size | None = None
    d: Size | None = None
    theta: list[Angle] | None = None
    lam: list[Number] | None = Field(default=None, alias="lambda")
    sigma2: Number | None = None
    U: str | None = None
    V: str | None = None


class TimeSection(Section):
    """The forward process at one time: either alpha^2 and h, or a named process and its time t."""

    alpha2: Number | None = None
    h: Number | None = None
    process: str | None = None
    t: Number | None = None


class CaseFile(Section):
    """A whole case file. Keys and values of [assumptions] are the theory's and are checked against it in `case`."""

    model: ModelSection | None = None
    time: TimeSection | None = None
    assumptions: dict[str, Any] | None = None


_SECTIONS: Final[dict[str, type[BaseModel]]] = {"model": ModelSection, "time": TimeSection}
_KINDS: Final = {
    "int_type": "must be an integer without quotes or decimal point; allowed: 1, 2, 3, ...",
    "greater_than_equal": "must be at least 1; allowed: 1, 2, 3, ...",
    "less_than_equal": f"is too large; allowed: at most {MAX_SIZE}",
    "list_type": 'must be a list in square brackets; allowed: such as ["0.2", "0.7"]',
    "string_type": 'must be text in quotes; allowed: such as "name"',
    "model_type": "must be a table; allowed: a header in square brackets and keys below it",
    "dict_type": "must be a table; allowed: a header in square brackets and keys below it",
}


def known_keys(section: str | None) -> list[str]:
    """The keys a section may have, or the sections a file may have."""
    fields = (_SECTIONS[section] if section else CaseFile).model_fields
    return [field.alias or name for name, field in fields.items()]


def nearest(word: str, allowed: list[str]) -> str:
    """A suggestion to append, or nothing. Case is ignored: ``Theta`` is near ``theta``."""
    lowered = {name.lower(): name for name in reversed(allowed)}
    close = get_close_matches(word.lower(), lowered, n=1)
    return f" (did you mean {lowered[close[0]]!r}?)" if close else ""


def _elsewhere(word: str, section: str | None) -> str:
    """Where a key belongs that stands in the wrong section."""
    homes = [name for name in _SECTIONS if name != section and word in known_keys(name)]
    return f" (it belongs in [{homes[0]}])" if homes else ""


def _shown(raw: object) -> str:
    """The offending value, cut to a readable length."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) >= 10**60:
        return "got a very large integer"
    text = repr(str(raw)) if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else repr(raw)
    return f"got {text if len(text) <= 60 else text[:57] + '...'}"


def _explain(error: ErrorDetails, path: KeyPath) -> str:
    """What is wrong with one value, and what is allowed."""
    if error["type"] == "extra_forbidden":
        section = str(path[0]) if len(path) > 1 else None
        word, allowed = str(path[-1]), known_keys(section)
        kind = "key" if section else "section"
        hint = _elsewhere(word, section) or nearest(word, allowed)
        return f"unknown {kind}{hint}; allowed: {', '.join(allowed)}"
    if error["type"] in _KINDS:
        wrong, allowed_text = _KINDS[error["type"]].split("; ", 1)
        return f"{wrong}, {_shown(error['input'])}; {allowed_text}"
    wrong, _, allowed_text = error["msg"].partition("; ")
    return f"{wrong}, {_shown(error['input'])}; {allowed_text}" if allowed_text else error["msg"]


def _without(values: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """``values`` without the key at ``path``; a faulty entry of a list becomes 0 and keeps its place."""
    head, *rest = path
    if len(rest) == 2 and isinstance(rest[1], int):
        old = values[str(head)]
        entries = [0 if i == rest[1] else entry for i, entry in enumerate(old[rest[0]])]
        return {**values, str(head): {**old, rest[0]: entries}}
    if not rest or not isinstance(values.get(str(head)), dict):
        return {name: value for name, value in values.items() if name != head}
    inner = {name: value for name, value in values[str(head)].items() if name != rest[0]}
    return {**values, str(head): inner}


def parse(document: Document) -> tuple[CaseFile, set[KeyPath], list[str]]:
    """What can be read of a case file, the keys that cannot, and a line for each fault.

    The faulty keys are left out of what is returned, so that relations among the rest can still be judged.
    """
    values, faulty, lines = document.values, set[KeyPath](), list[str]()
    try:
        return CaseFile.model_validate(values), faulty, lines
    except ValidationError as found:
        for error in found.errors(include_url=False):
            path = tuple(error["loc"])
            faulty.add(path[:2])
            lines.append(document.fault(path, _explain(error, path)))
            values = _without(values, path)
    return CaseFile.model_validate(values), faulty, lines
