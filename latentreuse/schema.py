"""The shape of a case file: its keys, and what kind of value each takes. Relations between keys: `checks`."""

from difflib import get_close_matches
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Discriminator, Field, PlainValidator, Tag, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from latentreuse.literals import ALLOWED_ANGLE, ALLOWED_NUMBER, Literal, NotANumber, angle, number
from latentreuse.tomlmap import Document, KeyPath

LAWS: Final = ("gaussian", "two-point", "mixture")
STEPPING: Final = ("em", "ei", "euler", "heun", "ddim")
METHODS: Final = (*STEPPING, "sde", "ode")
MAX_SIZE: Final = 10**9
MAX_STEPS: Final = 10**6
# How pydantic names the branches of a value that may be one thing or a list; left out of every path that is shown.
ONE, MANY = "<one>", "<list>"


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


def _read_direction(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw not in {0, 1, 2}:
        raise PydanticCustomError("direction", "is no number of directions; allowed: 0, 1 or 2")
    return raw


def _form(raw: object) -> str:
    return MANY if isinstance(raw, list) else ONE


Number = Annotated[Literal, PlainValidator(_read_number)]
Angle = Annotated[Literal, PlainValidator(_read_angle)]
Direction = Annotated[int, PlainValidator(_read_direction)]
Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]
Steps = Annotated[int, Field(ge=1, le=MAX_STEPS)]
Numbers = Annotated[Annotated[Number, Tag(ONE)] | Annotated[list[Number], Tag(MANY)], Discriminator(_form)]
Directions = Annotated[Annotated[Direction, Tag(ONE)] | Annotated[list[Direction], Tag(MANY)], Discriminator(_form)]
Spectrum = Annotated[Annotated[str, Tag(ONE)] | Annotated[list[Number], Tag(MANY)], Discriminator(_form)]
Matrix = Annotated[Annotated[str, Tag(ONE)] | Annotated[list[list[Number]], Tag(MANY)], Discriminator(_form)]


class Section(BaseModel):
    """Strict: no unknown keys, no conversions. Every key is optional here: what a result needs says `needs_of`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)


class ModelSection(Section):
    """Sizes, principal angles (or the frames that have them), variances and mean of the target."""

    D: Size | None = None
    k: Size | None = None
    d: Size | None = None
    theta: list[Angle] | None = None
    lam: list[Number] | None = Field(default=None, alias="lambda")
    sigma2: Number | None = None
    U: str | None = None
    V: str | None = None
    Lambda: Matrix | None = None
    spectrum: Spectrum | None = None
    mu_perp2: Number | None = None
    mu_in2: Number | None = None


class TimeSection(Section):
    """The forward process at one time: either alpha^2 and h, or a process and its time t."""

    alpha2: Number | None = None
    h: Number | None = None
    process: str | None = None
    t: Number | None = None


class SourceSection(Section):
    """The source that the encoder was learned on: its latent variances in the order of the angles, its noise."""

    lam: list[Number] | None = Field(default=None, alias="lambda")
    sigma2: Number | None = None
    weight: Number | None = None
    d: Size | None = None


class LatentSection(Section):
    """How many directions of each plane a shared latent keeps, and the law of a latent that is not Gaussian."""

    directions: Directions | None = None
    law: str | None = None
    width: Number | None = None


class ToleranceSection(Section):
    """How large an error may be, and the variance above which a direction counts."""

    error: Number | None = None
    tau: Number | None = None


class SamplerSection(Section):
    """A sampler on a uniform grid of N steps from t_end down to t_stop; r_end in place of t_end and a process."""

    method: str | None = None
    steps: Steps | None = None
    t_end: Number | None = None
    t_stop: Number | None = None
    r_end: Number | None = None


class ProcessSection(Section):
    """The forward process over all its time, by a name of `numerics.schedules` and the numbers that go with it.

    beta runs linearly from beta_min at t = 0 to beta_max at t = T (or 1); the convention is the drift, -beta x/2
    ("half", the default) or -beta x ("full").
    """

    name: str | None = None
    beta_min: Number | None = None
    beta_max: Number | None = None
    T: Number | None = None
    convention: str | None = None
    s: Number | None = None
    betas: list[Number] | None = None
    alpha_bar: list[Number] | None = None
    steps: Steps | None = None


class SampleSection(Section):
    """Sample size, dimension and signal-to-noise ratios from which subspaces are estimated."""

    n: Size | None = None
    D: Size | None = None
    spike: Numbers | None = None


class CaseFile(Section):
    """A whole case file. Keys and values of [assumptions] are the theory's and are checked against it in `checks`."""

    model: ModelSection | None = None
    time: TimeSection | None = None
    source: SourceSection | None = None
    latent: LatentSection | None = None
    tolerance: ToleranceSection | None = None
    sampler: SamplerSection | None = None
    process: ProcessSection | None = None
    sample: SampleSection | None = None
    assumptions: dict[str, Any] | None = None


SECTIONS: Final[dict[str, type[Section]]] = {
    "model": ModelSection,
    "time": TimeSection,
    "source": SourceSection,
    "latent": LatentSection,
    "tolerance": ToleranceSection,
    "sampler": SamplerSection,
    "process": ProcessSection,
    "sample": SampleSection,
}
_TABLE: Final = "must be a table; allowed: a header in square brackets and keys below it"
_KINDS: Final = {
    "int_type": "must be an integer without quotes or decimal point; allowed: 1, 2, 3, ...",
    "greater_than_equal": "must be at least 1; allowed: 1, 2, 3, ...",
    "list_type": 'must be a list in square brackets; allowed: such as ["0.2", "0.7"]',
    "string_type": 'must be text in quotes; allowed: such as "name"',
    "model_type": _TABLE,
    "dict_type": _TABLE,
}
_FILES: Final = {  # text or a list, where the usual words would name only one of the two
    "spectrum": 'must be a file or a list of numbers; allowed: such as "spectrum.npy" or ["2", "0.5"]',
    "Lambda": 'must be a file or a list of rows; allowed: such as "Lambda.npy" or [["2", "1"], ["1", "2"]]',
}


def known_keys(section: str | None) -> list[str]:
    """The keys a section may have, or the sections a file may have."""
    fields = (SECTIONS[section] if section else CaseFile).model_fields
    return [field.alias or name for name, field in fields.items()]


def nearest(word: str, allowed: list[str]) -> str:
    """A suggestion to append, or nothing. Case is ignored: ``Theta`` is near ``theta``."""
    lowered = {name.lower(): name for name in reversed(allowed)}
    close = get_close_matches(word.lower(), lowered, n=1)
    return f" (did you mean {lowered[close[0]]!r}?)" if close else ""


def _elsewhere(word: str, section: str | None) -> str:
    """Where a key belongs that stands in the wrong section."""
    homes = [f"[{name}]" for name in SECTIONS if name != section and word in known_keys(name)]
    return f" (it belongs in {' or '.join(homes)})" if homes else ""


def _shown(raw: object) -> str:
    """The offending value, cut to a readable length."""
    if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) >= 10**60:
        return "got a very large integer"
    text = repr(str(raw)) if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else repr(raw)
    return f"got {text if len(text) <= 60 else text[:57] + '...'}"


def _unknown(path: KeyPath) -> str:
    """What to say of a key or a section that does not exist. A key in a section of its own name is a slip too."""
    section = str(path[0]) if len(path) > 1 else None
    word, allowed = str(path[-1]), known_keys(section)
    hint = _elsewhere(word, section) or nearest(word, allowed)
    return f"unknown {'key' if section else 'section'}{hint}; allowed: {', '.join(allowed)}"


def _explain(error: ErrorDetails, path: KeyPath) -> str:
    """What is wrong with one value, and what is allowed."""
    if error["type"] == "extra_forbidden":
        return _unknown(path)
    if error["type"] == "less_than_equal":
        return f"is too large, {_shown(error['input'])}; allowed: at most {error['ctx']['le']}"
    text = _KINDS.get(error["type"], error["msg"])
    if len(path) == 2 and error["type"] in {"list_type", "string_type"}:
        text = _FILES.get(str(path[1]), text)
    wrong, _, allowed_text = text.partition("; ")
    return f"{wrong}, {_shown(error['input'])}; {allowed_text}" if allowed_text else text


def _path(error: ErrorDetails) -> KeyPath:
    """Where a fault stands, as the file's author sees it."""
    return tuple(part for i, part in enumerate(error["loc"]) if i < 2 or part not in {ONE, MANY})


def _without(values: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """``values`` without the key at ``path``; a faulty number of a flat list becomes 0 and keeps its place."""
    head = str(path[0])
    section = values.get(head)
    if len(path) == 1 or not isinstance(section, dict):
        return {name: value for name, value in values.items() if name != head}
    key = path[1]
    if len(path) == 3 and key in {"theta", "lambda"}:
        entries = [0 if i == path[2] else entry for i, entry in enumerate(section[key])]
        return {**values, head: {**section, key: entries}}
    return {**values, head: {name: value for name, value in section.items() if name != key}}


def parse(document: Document) -> tuple[CaseFile, set[KeyPath], list[str]]:
    """What can be read of a case file, the keys that cannot, and a line for each fault.

    The faulty keys are left out of what is returned, so that relations among the rest can still be judged.
    """
    values, faulty, lines = document.values, set[KeyPath](), list[str]()
    try:
        return CaseFile.model_validate(values), faulty, lines
    except ValidationError as found:
        for error in found.errors(include_url=False):
            path = _path(error)
            faulty.add(path[:2])
            lines.append(document.fault(path, _explain(error, path)))
            values = _without(values, path)
    return CaseFile.model_validate(values), faulty, lines
