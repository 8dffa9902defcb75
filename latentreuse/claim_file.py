"""Read a claim file: what is claimed, where, and of which symbols. Every fault at once, by file, line and key.

No text of the file is executed: formulas go through the grammar of `theory.formula`, numbers through `literals`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from latentreuse.case import in_order
from latentreuse.claim_formulas import MOVING, SYMBOLS, Formulas, words_of
from latentreuse.claim_names import ALL_QUANTITIES, SOURCED, Quantity, quantity
from latentreuse.faults import BadInput
from latentreuse.literals import NotANumber, number
from latentreuse.schema import nearest
from latentreuse.tomlmap import Document, key_text, read

if TYPE_CHECKING:
    from theory.assumptions import Assumptions
    from theory.claims import Claim
    from theory.expr import Expr
    from theory.goals import Interval

KINDS: Final = ("statement", "increases", "decreases", "vanishes", "tends", "exceeds")
BESIDE: Final = {
    "increases": ("in", "strictly"),
    "decreases": ("in", "strictly"),
    "vanishes": ("as", "order"),
    "tends": ("to", "as", "order"),
    "exceeds": ("over",),
    "statement": (),
}
CLAIM_KEYS: Final = ("title", *KINDS, "in", "strictly", "as", "order", "to", "over", "where")
SECTIONS: Final = ("claim", "symbols", "assumptions", "process", "point", "then")
CHOICES: Final = ("lambda", "sigma2", "dims")
MOST_WHERE: Final = 20
MOST_SYMBOLS: Final = 12
DOMAINS: Final = 'real, positive, nonnegative, unit, or an interval such as "[0, 2]", "(0, 1)" or "[1, infinity)"'
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_INTERVAL = re.compile(r"\s*([\[(])\s*([^,]+?)\s*,\s*([^,]+?)\s*([\])])\s*")


@dataclass(frozen=True)
class ClaimFile:
    """What a claim file says: the claim, its own words, and the quantities that it speaks of."""

    document: Document
    claim: "Claim"
    words: str
    title: str
    quantities: tuple[Quantity, ...] = ()
    where: tuple[str, ...] = ()
    echo: dict[str, Any] = field(default_factory=dict)


class _Reader:
    """Reads one document; `lines` collects the faults."""

    def __init__(self, document: Document) -> None:
        self.document, self.lines = document, list[str]()
        self.own: dict[str, Interval] = {}
        self.used: dict[str, Quantity] = {}

    def fault(self, wrong: str, *path: str | int) -> None:
        self.lines.append(self.document.fault(path, wrong))

    def section(self, name: str) -> dict[str, Any]:
        found = self.document.values.get(name, {})
        if isinstance(found, dict):
            return found
        self.fault("must be a table; allowed: a header in square brackets and keys below it", name)
        return {}

    def text(self, section: dict[str, Any], key: str, name: str = "claim") -> str | None:
        """A text, or None with a fault where it is something else."""
        value = section.get(key)
        if value is None:
            return None
        if type(value) is not str or not value.strip():
            self.fault('must be text in quotes; allowed: such as "E <= 1/h"', name, key)
            return None
        return value

    def read(self) -> ClaimFile:
        for name in self.document.values:
            if name not in SECTIONS:
                self.fault(f"unknown section{nearest(name, list(SECTIONS))}; allowed: {', '.join(SECTIONS)}", name)
        section = self.section("claim")
        if "claim" not in self.document.values:
            self.fault("is missing; write a table [claim] with a statement", "claim")
        self._keys(section)
        assumptions = self._assumptions()
        self._symbols()
        kind = self._kind(section)
        made = self._claim(kind, section, assumptions) if kind and assumptions else None
        if self.lines or made is None:
            raise in_order(self.document, list(dict.fromkeys(self.lines)))
        return made

    def _keys(self, section: dict[str, Any]) -> None:
        for key in section:
            if key not in CLAIM_KEYS:
                allowed = ", ".join(CLAIM_KEYS)
                self.fault(f"unknown key{nearest(key, list(CLAIM_KEYS))}; allowed: {allowed}", "claim", key)
        title = section.get("title")
        if title is not None and (type(title) is not str or not title.isprintable() or len(title) > 500):
            self.fault("must be one line of text", "claim", "title")

    def _kind(self, section: dict[str, Any]) -> str:
        kinds = [key for key in KINDS if key in section]
        if len(kinds) != 1:
            said = "says nothing" if not kinds else f"says {' and '.join(kinds)}"
            if "claim" in self.document.values:
                self.fault(f"{said}; allowed: exactly one of {', '.join(KINDS)}", "claim")
            return ""
        for key in ("in", "strictly", "as", "order", "to", "over"):
            if key in section and key not in BESIDE[kinds[0]]:
                self.fault(f"does not belong to {kinds[0]}; leave it out", "claim", key)
        return kinds[0]

    def _assumptions(self) -> "Assumptions | None":
        from theory.assumptions import Assumptions

        chosen: dict[str, str] = {}
        section = self.section("assumptions")
        for key, raw in section.items():
            value = str(raw) if type(raw) in (str, int) else None
            if key not in CHOICES:
                wrong = f"cannot be chosen in a claim{nearest(key, list(CHOICES))}; allowed: {', '.join(CHOICES)}"
                self.fault(wrong, "assumptions", key)
            elif value is None:
                self.fault('must be text in quotes; allowed: such as "isotropic"', "assumptions", key)
            else:
                chosen[key] = value
        process, sound = self._process(), True
        for key, value in chosen.items():
            try:
                Assumptions.default().choose({key: value})
                if (key, value) == ("lambda", "misaligned"):
                    raise ValueError("must be diagonal or isotropic in a claim")
            except ValueError as error:
                self.fault(str(error), "assumptions", key)
                sound = False
        return Assumptions.default().choose(chosen, process) if sound else None

    def _process(self) -> str | None:
        from theory.assumptions import PROCESSES

        section = self.section("process")
        for key in section:
            if key != "name":
                self.fault("unknown key; allowed: name", "process", key)
        name = self.text(section, "name", "process")
        if name is not None and name not in PROCESSES:
            wrong = f"unknown process{nearest(name, list(PROCESSES))}; allowed: {', '.join(PROCESSES)}"
            self.fault(wrong, "process", "name")
            return None
        return name

    def _symbols(self) -> None:
        section = self.section("symbols")
        if len(section) > MOST_SYMBOLS:
            self.fault(f"declares {len(section)} symbols; allowed: at most {MOST_SYMBOLS}", "symbols")
            return
        for name, raw in section.items():
            taken = name in SYMBOLS or name in ALL_QUANTITIES or (name in MOVING and name != "t")
            if taken:
                self.fault("is a name of the theory; choose another", "symbols", name)
            elif name == "t" and "process" in self.document.values:
                self.fault("is the time of the process; choose another name", "symbols", name)
            elif not _NAME.fullmatch(name) or len(name) > 32 or name.endswith("_i") or _taken(name):
                wrong = "is no name for a symbol; allowed: letters, digits and _, such as x or y_2"
                self.fault(wrong, "symbols", name)
            else:
                domain = interval(raw)
                if domain is None:
                    self.fault(f"is no domain; allowed: {DOMAINS}", "symbols", name)
                else:
                    self.own[name] = domain

    def names(self, assumptions: "Assumptions", texts: list[str]) -> "dict[str, Expr]":
        """What the names in formulas stand for; quantities only where some text speaks of them."""
        from theory.expr import sym

        table: dict[str, Expr] = {name: sym(name) for name in (*SYMBOLS, *self.own)}
        if assumptions.process is not None and "t" not in self.own:
            table["t"] = sym("t")
        if dict(assumptions.choices).get("lambda") == "isotropic":
            table |= {"a": sym("a"), "lambda": sym("lambda")}
        words = {word for text in texts for word in words_of(text)}
        for name in ALL_QUANTITIES:
            if name not in words:
                table[name] = sym("E")  # a stand-in, for hints
                continue
            if name in SOURCED and dict(assumptions.choices).get("dims") not in ("k=d", "k<d"):
                raise BadInput(
                    f'{name} counts a direction for each of the encoder: write [assumptions] with dims = "k=d"'
                )
            found = quantity(name)
            self.used[name] = found
            table[name] = found.closed
        return table

    def _claim(self, kind: str, section: dict[str, Any], assumptions: "Assumptions") -> ClaimFile | None:
        from theory.claims import fixed, with_sums
        from theory.expr import sym

        asked = {key: self.text(section, key) for key in (kind, *BESIDE[kind]) if key not in ("order", "strictly")}
        where = self._where(section)
        if any(value is None for key, value in asked.items() if key in section) or self.lines:
            return None
        missing = [key for key in asked if key not in section and key != "order"]
        for key in missing:
            self.fault(f"is missing: {kind} needs {' and '.join(asked)}", "claim", key)
        if missing:
            return None
        texts = [str(value) for value in asked.values()]
        try:
            names = self.names(assumptions, [*texts, *where])
        except BadInput as fault:
            self.lines += [self.document.fault(("claim", kind), line) for line in fault.lines]
            return None
        formulas = Formulas(self, names)
        claim = formulas.claim(kind, section, assumptions, where)
        if claim is None or self.lines:
            return None
        from dataclasses import replace

        model = claim.model

        def written(tree: "Expr") -> "Expr":
            return fixed(with_sums(tree, model), model)

        proper = any(found.proper for found in self.used.values())
        sampled = [found.name for found in self.used.values() if found.result == "continuous-sampler"]
        if sampled:  # samplers run from the ratio R down to r
            claim = replace(claim, where=(*claim.where, (sym("r"), "<=", sym("R"))))
            where = [*where, f"r <= R (of {', '.join(sampled)})"]
        claim = replace(
            claim,
            left=written(claim.left),
            right=written(claim.right),
            where=tuple((written(a), relation, written(b)) for a, relation, b in claim.where),
            own=dict(self.own),
            proper=proper,
            equal=tuple((written(q.closed), written(q.stable)) for q in self.used.values() if q.closed != q.stable),
        )
        return ClaimFile(
            self.document,
            claim,
            in_words(kind, section),
            str(section.get("title", "")),
            tuple(self.used.values()),
            tuple(where),
        )

    def _where(self, section: dict[str, Any]) -> list[str]:
        raw = section.get("where", [])
        listed = [raw] if type(raw) is str else raw
        if not isinstance(listed, list) or any(type(entry) is not str for entry in listed):
            self.fault('must be a list of relations in quotes; allowed: such as ["s_i <= 1/2"]', "claim", "where")
            return []
        if len(listed) > MOST_WHERE:
            self.fault(f"has {len(listed)} conditions; allowed: at most {MOST_WHERE}", "claim", "where")
            return []
        return listed


def _taken(name: str) -> bool:
    """Names that the grammar, the model or the normal form uses for something else."""
    from theory.formula_tokens import MAX_NAME
    from theory.symbols import SYMBOLS as THEORY
    from theory.vocabulary import FUNCTIONS

    reserved = {"sum", "ln", "then", "infinity", "to", "lambda", "a", "B", *FUNCTIONS}
    return (
        name in reserved
        or (name in THEORY and name != "t")
        or name.startswith(("cos", "sin"))
        or len(name) > MAX_NAME
        or "each" in name
    )


def interval(raw: object) -> "Interval | None":
    """A domain by its word or its ends; None where it is neither."""
    from theory.goals import NONNEGATIVE, POSITIVE, REAL, UNIT, Interval

    words = {"real": REAL, "positive": POSITIVE, "nonnegative": NONNEGATIVE, "unit": UNIT}
    if type(raw) is not str:
        return None
    if raw.strip() in words:
        return words[raw.strip()]
    match = _INTERVAL.fullmatch(raw)
    if match is None:
        return None
    ends: list[Fraction | None] = []
    for text, infinite in ((match[2], "-infinity"), (match[3], "infinity")):
        if text == infinite:
            ends.append(None)
            continue
        try:
            ends.append(number(text).q)
        except NotANumber:
            return None
    low, high = ends
    if (low is None and match[1] == "[") or (high is None and match[4] == "]"):
        return None
    return Interval(low, high, match[1] == "(" and low is not None, match[4] == ")" and high is not None)


def in_words(kind: str, section: dict[str, Any]) -> str:
    """What is claimed, in one line."""
    body = " ".join(str(section[kind]).split())
    if kind == "exceeds":
        return f"{body} >= {section['over']}"
    if kind in ("increases", "decreases"):
        never = "strictly " if section.get("strictly") else ""
        way = "falls" if kind == "increases" else "rises"
        return f"{body} {never}{kind} in {section['in']}" + ("" if never else f" (never {way})")
    if kind in ("vanishes", "tends"):
        to = f"tends to {section['to']}" if kind == "tends" else "vanishes"
        order = f", at least with order {section['order']}" if "order" in section else ""
        return f"{body} {to} as {section['as']}{order}"
    return body


def read_claim(path: Path) -> ClaimFile:
    """Read a claim file. Raises ``BadInput`` with one line for each fault."""
    return from_document(read(path))


def from_document(document: Document) -> ClaimFile:
    """The claim that a document states. Raises ``BadInput``."""
    return _Reader(document).read()


def faults_of(document: Document) -> Iterator[str]:
    """The lines for a faulty document; none for a good one."""
    try:
        from_document(document)
    except BadInput as fault:
        yield from fault.lines


__all__ = ["ClaimFile", "from_document", "interval", "key_text", "read_claim"]
