"""Positivity of rational functions over a model's domains, by certificates that the separate checker accepts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from theory import checker
from theory import symbols as S
from theory.certificate import Certificate, as_claim, definition_terms, find
from theory.expr import Expr, substitute, sym, walk
from theory.facts import Facts
from theory.model import Model
from theory.normal import CONST, normaliser_for, prepare
from theory.rational import Frac
from theory.scalars import ScalarField, Value
from theory.text import text

CODIMENSION, EXCESS = "D - k", "d - k"  # no line can contain these names
BEYOND_ONE, BEYOND = "excess over one", "excess over the smaller one"
PRODUCTS = ("a_i", "a", "nu", "a_s_i")


class Refusal(ValueError):
    """Why the kernel does not accept a link."""


@dataclass(frozen=True)
class Positive:
    """What shows that something is positive: certificates, and conditions that the line states."""

    certificates: tuple[Certificate, ...] = ()
    conditions: tuple[Expr, ...] = ()

    def __add__(self, other: Positive) -> Positive:
        return Positive(self.certificates + other.certificates, self.conditions + other.conditions)


@dataclass(frozen=True)
class Accepted:
    """How the kernel decided a link, with the certificates that carry it; `beside` is what it took besides: the sign of
    a logarithm's coefficient, of a square's factor, of the variable that is split."""

    how: str
    certificates: tuple[Certificate, ...] = ()
    beside: Positive = Positive()


def _claim_definitions(model: Model, facts: Facts) -> dict[str, tuple[checker.Terms, checker.Terms]]:
    larger = S.d if model.dims == "k=d" else S.k
    table = {**model.definitions, **facts.definitions, "D": larger + sym(CODIMENSION)}
    if model.dims == "k<d":
        table["d"] = S.k + sym(EXCESS)
    # where an abbreviation is its own definition (a variable in its own right), the domain decides
    return {name: definition_terms(expr) for name, expr in table.items() if expr != sym(name) and _rational(expr)}


def _rational(expr: Expr) -> bool:
    return all(node.head in ("num", "sym", "add", "neg", "mul", "div", "pow") for node in walk(expr))


def _domains(model: Model, facts: Facts) -> dict[str, str]:
    extra = {CODIMENSION: facts.codimension, EXCESS: "nonnegative"} if "D" in model.domains else {}
    certified = _nonnegative_abbreviations(model) - {
        n for n, e in facts.definitions.items() if e != model.definitions.get(n)
    }
    opened = {"D", "d"} if model.dims == "k<d" else {"D"}
    owned = {n: q for n, q in model.domains.items() if n not in opened}
    return {**extra, **owned, **dict.fromkeys(certified, "nonnegative")}


@lru_cache(maxsize=64)
def _nonnegative_names(
    definitions: tuple[tuple[str, Expr], ...], domains: tuple[tuple[str, str], ...]
) -> frozenset[str]:
    table = {name: definition_terms(expr) for name, expr in definitions}
    accepted = set()
    for name in PRODUCTS:
        if name not in table:
            continue
        top, bottom = table[name]
        try:
            find(checker.Claim(top, bottom, {n: t for n, t in table.items() if n not in dict(domains)}, dict(domains)))
        except checker.Refused:
            continue
        accepted.add(name)
    return frozenset(accepted)


def _nonnegative_abbreviations(model: Model) -> frozenset[str]:
    """Abbreviations certified nonnegative: as variables of their own they make certificates short. That forgets what
    ties them to one another, so it can only lose a proof."""
    rational = tuple((n, e) for n, e in model.definitions.items() if n in PRODUCTS or n in ("c",) if _rational(e))
    return _nonnegative_names(rational, tuple(sorted(model.domains.items())))


def claim_of(
    value: Frac,
    scalars: ScalarField,
    model: Model,
    facts: Facts,
    *,
    strict: bool = False,
    domains: dict[str, str] | None = None,
) -> checker.Claim:
    """What is to be certified for `value >= 0` (`> 0`): with the definitions and domains of what occurs in it."""
    roots = {name: "nonnegative" for name in scalars.names if name.startswith("root ")}
    table = {**_domains(model, facts), **roots, **(domains or {})}
    definitions = {n: q for n, q in _claim_definitions(model, facts).items() if n not in table}
    return as_claim(scalars, value, definitions, table, strict=strict)


def certify(
    value: Frac,
    scalars: ScalarField,
    model: Model,
    facts: Facts,
    *,
    strict: bool = False,
    domains: dict[str, str] | None = None,
) -> Certificate:
    """A certificate for `value >= 0` (`> 0`). Raises checker.Refused."""
    return find(claim_of(value, scalars, model, facts, strict=strict, domains=domains))


def require_positive(expr: Expr, model: Model, *, strict: bool, facts: Facts | None = None) -> Positive:
    """By a certificate; or by the way it is written: sums and products of nonnegative parts, and squares.

    What shows it. Raises Refusal. The answer is remembered, as the same denominators stand in many lines.
    """
    key = _question(expr, model, facts or model.facts(), strict, facts is not None)
    if key not in _ANSWERS:
        if len(_ANSWERS) == MOST_ANSWERS:
            _ANSWERS.clear()
        try:
            _ANSWERS[key] = _decide_positive(expr, model, strict=strict, facts=facts)
        except Refusal as reason:
            _ANSWERS[key] = str(reason)
    answer = _ANSWERS[key]
    if isinstance(answer, str):
        raise Refusal(answer)
    return answer


MOST_ANSWERS = 50_000
_ANSWERS: dict[object, Positive | str] = {}


def _question(expr: Expr, model: Model, facts: Facts, *flags: bool) -> object:
    """Everything that the answer depends on: the model's domains and definitions, and what `prepare` puts in."""
    tables = (model.domains, model.definitions, model.fixed, facts.definitions, facts.letters)
    contents = tuple(frozenset(table.items()) for table in tables)
    return expr, flags, model.dims, contents, facts.replacements, facts.conditions, facts.codimension


def _decide_positive(expr: Expr, model: Model, *, strict: bool, facts: Facts | None) -> Positive:
    try:
        return _certified_positive(expr, model, strict=strict, facts=facts)
    except Refusal:
        found = _written_positive(expr, model, strict=strict, facts=facts)
        if found is None and facts is not None:
            found = _above_a_condition(expr, model, facts) or _beyond_the_smaller(expr, model, facts, strict=strict)
        if found is None:
            raise
        return found


def _above_a_condition(expr: Expr, model: Model, facts: Facts) -> Positive | None:
    """Whether it is at least something that the line states to be positive."""
    plain = replace(facts, conditions=())
    for stated in facts.conditions:
        try:
            rest = require_positive(model.written(expr - stated), model, strict=False, facts=plain)
        except Refusal:
            continue
        return rest + Positive(conditions=(stated,))
    return None


def between(stated: Expr) -> tuple[str, Expr] | None:
    """The larger symbol's name and the smaller symbol, where the condition is that one symbol exceeds another."""
    larger, smaller = stated.children if stated.head == "add" and len(stated.children) == 2 else (stated, stated)
    ordered = larger.head == "sym" and smaller.head == "neg" and smaller.children[0].head == "sym"
    return (larger.name, smaller.children[0]) if ordered else None


def _beyond_the_smaller(expr: Expr, model: Model, facts: Facts, *, strict: bool) -> Positive | None:
    """By a certificate with the larger of two symbols written as the smaller one plus something positive, where the
    line states which is larger."""
    for stated in facts.conditions:
        ordered = between(stated)
        if ordered is None:
            continue
        name, smaller = ordered
        put = substitute(expr, {name: smaller + sym(BEYOND)})
        try:
            found = _certified_positive(put, model, strict=strict, facts=facts, domains={BEYOND: "positive"})
        except Refusal:
            continue
        return found + Positive(conditions=(stated,))
    return None


def _root_outweighs(kids: tuple[Expr, ...], model: Model, *, strict: bool, facts: Facts | None) -> Positive | None:
    """`sqrt(X) + rest` where X is at least rest^2, whatever the sign of rest."""
    for i, kid in enumerate(kids):
        if kid.head != "call" or kid.name != "sqrt":
            continue
        others = kids[:i] + kids[i + 1 :]
        rest = others[0] if len(others) == 1 else Expr("add", others)
        try:
            return _certified_positive(kid.children[0] - rest**2, model, strict=strict, facts=facts)
        except Refusal:
            continue
    return None


def _written_positive(expr: Expr, model: Model, *, strict: bool, facts: Facts | None) -> Positive | None:
    def shown(part: Expr, strictly: bool) -> Positive | None:
        try:
            return require_positive(part, model, strict=strictly, facts=facts)
        except Refusal:
            return None

    kids = expr.children
    match expr.head:
        case "add":
            outweighed = _root_outweighs(kids, model, strict=strict, facts=facts)
            if outweighed is not None:
                return outweighed
            found = _all(shown(kid, False) for kid in kids)
            if found is None or not strict:
                return found
            return next((found + one for kid in kids if (one := shown(kid, True)) is not None), None)
        case "mul":
            return _all(shown(kid, strict) for kid in kids)
        case "div":
            return _all((shown(kids[0], strict), shown(kids[1], True)))
        case "pow" if kids[1].head == "num" and kids[1].number.denominator == 1 and kids[1].number > 0:
            even = int(kids[1].number) % 2 == 0
            return Positive() if even and not strict else shown(kids[0], strict)
        case "call" if expr.name == "sqrt":
            return shown(kids[0], strict)
    return None


def _all(parts: Iterable[Positive | None]) -> Positive | None:
    """What shows all parts, or None as soon as one is not shown."""
    total = Positive()
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def _certified_positive(
    expr: Expr, model: Model, *, strict: bool, facts: Facts | None, domains: dict[str, str] | None = None
) -> Positive:
    prepared = prepare(expr, facts or model.facts(), expand=False)
    engine = normaliser_for([prepared], Facts())
    is_determinant = prepared.head == "call" and prepared.name == "det"
    try:
        if is_determinant:
            parts = {CONST: Value(engine.block(prepared.children[0]).det())}
        else:
            parts = engine.form(prepared) or {CONST: Value(engine.scalars.field.zero)}
        found = []
        for key, part in parts.items():
            if part.logs or (key != CONST and key[0] != "sum"):
                raise Refusal(f"{text(expr)} is no rational function of sums over planes")
            inner = strict and key == CONST  # a sum may be empty
            own = facts or model.facts()
            found.append(certify(part.rational, engine.scalars, model, own, strict=inner, domains=domains))
        if strict and CONST not in parts:
            raise Refusal(f"{text(expr)} may be an empty sum")
    except checker.Refused as reason:
        raise Refusal(f"{text(expr)} is not certainly positive: {reason}") from None
    return Positive(tuple(found))
