"""Positivity of rational functions over a model's domains, by certificates that the separate checker accepts."""

from __future__ import annotations

from functools import lru_cache

from theory import checker
from theory import symbols as S
from theory.certificate import Certificate, as_claim, definition_terms, find
from theory.expr import Expr, sym, walk
from theory.facts import Facts
from theory.model import Model
from theory.normal import normaliser_for, prepare
from theory.scalars import Frac, ScalarField
from theory.text import text

CODIMENSION, EXCESS = "D - k", "d - k"  # no line can contain these names
BEYOND_ONE = "excess over one"
PRODUCTS = ("a_i", "a", "nu")


class Refusal(ValueError):
    """Why the kernel does not accept a link."""


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
    extra = {CODIMENSION: "nonnegative", EXCESS: "nonnegative"} if "D" in model.domains else {}
    certified = _nonnegative_abbreviations(model) - {
        n for n, e in facts.definitions.items() if e != model.definitions.get(n)
    }
    opened = {"D", "d"} if model.dims == "k<d" else {"D"}
    owned = {n: q for n, q in model.domains.items() if n not in opened}
    return {**owned, **extra, **dict.fromkeys(certified, "nonnegative")}


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
    table = {**_domains(model, facts), **(domains or {})}
    definitions = {n: q for n, q in _claim_definitions(model, facts).items() if n not in table}
    return find(as_claim(scalars, value, definitions, table, strict=strict))


def require_positive(expr: Expr, model: Model, *, strict: bool, facts: Facts | None = None) -> None:
    prepared = prepare(expr, facts or model.facts(), expand=False)
    engine = normaliser_for([prepared], Facts())
    is_determinant = prepared.head == "call" and prepared.name == "det"
    try:
        value = engine.block(prepared.children[0]).det() if is_determinant else engine.scalar(prepared)
        certify(value, engine.scalars, model, facts or model.facts(), strict=strict)
    except checker.Refused as reason:
        raise Refusal(f"{text(expr)} is not certainly positive: {reason}") from None
