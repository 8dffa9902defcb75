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
from latentreuse.claim_names import ALL_QUANTITIES, SOURCED, Quantity, quantity
from latentreuse.faults import BadInput
from latentreuse.literals import NotANumber, number
from latentreuse.schema import nearest
from latentreuse.tomlmap import Document, KeyPath, key_text, read

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
# Symbols of the model that a formula may hold without a word; those that move alone may stand after `in` and `as`.
SYMBOLS: Final = (
    "D", "k", "d", "alpha", "h", "r", "R", "sigma2", "nu", "c", "rho", "lambda_i", "a_i", "s_i", "cos_i", "sin_i",
    "sigma_s2", "lambda_s_i", "a_s_i", "c_s", "weight", "tol", "tau", "mu_perp2", "mu_in2", "v_start",
)  # fmt: skip
MOVING: Final = (
    "theta_i", "lambda_i", "s_i", "sigma2", "h", "r", "alpha", "t", "R", "tol", "tau", "weight", "sigma_s2",
    "mu_perp2", "mu_in2", "v_start",
)  # fmt: skip
UNSTEADY: Final = ("vp", "vp-full", "sub-vp", "ddpm")  # processes whose ratio may stand still
CHOICES: Final = ("lambda", "sigma2", "dims")
MOST_WHERE: Final = 20
MOST_SYMBOLS: Final = 12
MOST_ORDER: Final = 20
DOMAINS: Final = 'real, positive, nonnegative, unit, or an interval such as "[0, 2]", "(0, 1)" or "[1, infinity)"'
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*")
_INTERVAL = re.compile(r"\s*([\[(])\s*([^,]+?)\s*,\s*([^,]+?)\s*([\])])\s*")
_APPROACH = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*->\s*([^\s]+?)\s*")


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
            taken = name in SYMBOLS or name in ALL_QUANTITIES or name in MOVING and name != "t"
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
        words = {word for text in texts for word in re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text)}
        for name in ALL_QUANTITIES:
            if name not in words:
                table[name] = sym("E")  # a stand-in, for hints
                continue
            if name in SOURCED and dict(assumptions.choices).get("dims") not in ("k=d", "k<d"):
                raise BadInput(
                    f'{name} counts a direction for each of the encoder: write [assumptions] with dims = "k=d"'
                )
            found = quantity(name, assumptions)
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
        formulas = _Formulas(self, names)
        claim = formulas.claim(kind, section, assumptions, where)
        if claim is None or self.lines:
            return None
        from dataclasses import replace

        model = claim.model
        written = lambda tree: fixed(with_sums(tree, model), model)  # noqa: E731 - used thrice
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


class _Formulas:
    """Makes expressions of a claim's texts."""

    def __init__(self, reader: _Reader, names: "dict[str, Expr]") -> None:
        self.reader, self.names = reader, names

    def read(self, text: str, path: KeyPath, *, relation: bool) -> Any:
        """An expression or a relation; None with a fault. What speaks of one direction is meant for each of them."""
        from theory.expr import Expr, substitute, sym
        from theory.formula import parse, parse_relation
        from theory.formula_tokens import FormulaError

        alone = not re.search(r"\bsum\b", text)
        table = dict(self.names)
        back: dict[str, Expr] = {}
        for name, meant in self.names.items():
            if alone and name.endswith("_i"):
                each = {n: sym(n.removesuffix("_i") + "_each") for n in SYMBOLS if n.endswith("_i")}
                table[name] = substitute(meant, each)
                back |= {f"{n.removesuffix('_i')}_each": sym(n) for n in each}
        try:
            if not relation:
                return substitute(parse(text, table), back)
            left, sign, right = parse_relation(text, table)
            return substitute(left, back), sign, substitute(right, back)
        except FormulaError as error:
            self.reader.fault(str(error), *path)
            return None

    def claim(self, kind: str, section: dict[str, Any], assumptions: "Assumptions", where: list[str]) -> "Claim | None":
        from theory.claims import Claim

        conditions = [self.read(text, ("claim", "where", i), relation=True) for i, text in enumerate(where)]
        body = self.read(section[kind], ("claim", kind), relation=kind == "statement")
        if body is None or None in conditions:
            return None
        shared: dict[str, Any] = {"where": tuple(conditions), "assumptions": assumptions}
        if kind == "statement":
            left, relation, right = body
            return Claim("relation", left, relation, right, **shared)
        if kind == "exceeds":
            over = self.read(section["over"], ("claim", "over"), relation=False)
            return None if over is None else Claim("relation", body, ">=", over, **shared)
        if kind in ("increases", "decreases"):
            return self._moving(kind, section, body, shared)
        return self._limit(kind, section, body, shared)

    def _moving(self, kind: str, section: dict[str, Any], body: "Expr", shared: dict[str, Any]) -> "Claim | None":
        from theory.claims import Claim

        variable = self._variable(section["in"].strip(), ("claim", "in"), shared["assumptions"])
        strict = section.get("strictly", False)
        if type(strict) is not bool:
            self.reader.fault("must be true or false", "claim", "strictly")
            return None
        process = shared["assumptions"].process
        if strict and variable == "t" and process in UNSTEADY:
            self.reader.fault(f"the rate of {process} may be 0 for a while; leave strictly out", "claim", "strictly")
            return None
        return None if variable is None else Claim(kind, body, variable=variable, strict=strict, **shared)

    def _variable(self, name: str, path: KeyPath, assumptions: "Assumptions") -> str | None:
        """A variable that can move while the others stay."""
        own, choices = self.reader.own, dict(assumptions.choices)
        allowed = [*MOVING, *own, *(["lambda"] if choices.get("lambda") == "isotropic" else [])]
        if name not in allowed:
            self.reader.fault(
                f"is no variable that can move alone{nearest(name, allowed)}; allowed: {', '.join(allowed)}", *path
            )
        elif name == "t" and "t" not in own and assumptions.process is None:
            self.reader.fault('needs a process; write [process] with name = "vp-ou"', *path)
        elif assumptions.process is not None and name in ("alpha", "h", "r"):
            self.reader.fault(f"{name} moves with the time of the process; write t, or leave the process out", *path)
        elif name == "sigma2" and choices.get("sigma2") == "0":
            self.reader.fault("sigma2 is fixed by the assumptions", *path)
        elif name == "s_i" and {"sin_i", "cos_i"} & set(_words(str(self.reader.section("claim")))):
            self.reader.fault("write theta_i, as the claim speaks of sin_i or cos_i", *path)
        else:
            return name
        return None

    def _limit(self, kind: str, section: dict[str, Any], body: "Expr", shared: dict[str, Any]) -> "Claim | None":
        from theory.claims import Claim
        from theory.expr import num

        path: KeyPath = ("claim", "as")
        match = _APPROACH.fullmatch(section["as"])
        if match is None:
            self.reader.fault('is no limit; allowed: such as "h -> 0" or "x -> infinity"', *path)
            return None
        variable = self._variable(match[1], path, shared["assumptions"])
        order = section.get("order")
        if order is not None and (type(order) is not int or not 1 <= order <= MOST_ORDER):
            self.reader.fault(f"must be an integer; allowed: 1 to {MOST_ORDER}", "claim", "order")
            return None
        to = self.read(section["to"], ("claim", "to"), relation=False) if kind == "tends" else num(0)
        if variable is None or to is None:
            return None
        end = self._end(variable, match[2], shared["assumptions"])
        if end is None:
            return None
        value, side = end
        return Claim("tends", body, right=to, variable=variable, end=value, side=side, order=order, **shared)

    def _end(self, variable: str, text: str, assumptions: "Assumptions") -> "tuple[Expr | None, int] | None":
        """Where a variable goes, and from which side: an end of its domain."""
        from theory.expr import num

        domain = self._domain(variable, assumptions)
        sides = {"+": 1, "-": -1}
        side = sides.get(text[-1]) if text[:-1] else None
        plain = text[:-1] if side is not None else text
        if plain == "infinity" and side is None:
            if domain.high is not None:
                self.reader.fault(f"{variable} lies in {domain} and does not go to infinity", "claim", "as")
                return None
            return None, 1
        try:
            value = number(plain).q
        except NotANumber as error:
            self.reader.fault(f"{plain!r} {error}; allowed: a number or infinity", "claim", "as")
            return None
        inner = domain.inside(value)
        if side is None and not inner:
            side = 1 if domain.low == value else -1 if domain.high == value else None
        fits = inner or (domain.low == value and side == 1) or (domain.high == value and side == -1)
        if side is None or not fits:
            wrong = f"{variable} lies in {domain}; say from which side it comes, as in {variable} -> {plain}+"
            self.reader.fault(
                wrong if inner else f"{variable} lies in {domain}, and {plain} is no end of that", "claim", "as"
            )
            return None
        return num(value), side

    def _domain(self, variable: str, assumptions: "Assumptions") -> "Interval":
        from numerics.written_out import DOMAINS as KNOWN
        from theory.claims import time_domains
        from theory.goals import POSITIVE

        if variable in self.reader.own:
            return self.reader.own[variable]
        if variable == "t":
            times = time_domains(assumptions.process, set())
            return times.get("t", POSITIVE)
        known = {"r": POSITIVE, "lambda": KNOWN["lambda_i"], "theta_i": KNOWN["s_i"]}
        return known.get(variable) or KNOWN[variable]


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text)


def _taken(name: str) -> bool:
    """Names that the grammar, the model or the normal form uses for something else."""
    from theory.formula_tokens import MAX_NAME
    from theory.symbols import SYMBOLS as THEORY
    from theory.vocabulary import FUNCTIONS

    reserved = {"sum", "ln", "then", "infinity", "to", "lambda", "a", "B", *FUNCTIONS}
    return (
        name in reserved
        or name in THEORY
        and name != "t"
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
