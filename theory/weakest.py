"""The weakest domains under which certificates stand: what each domain shuts out is let in, piece by piece.

The domain of a symbol shuts out *pieces* of the real line: `positive` the number 0 and what is below it, `unit` what is
below 0 and what is above 1. A piece is let in when the checker accepts every claim with the symbol in that piece.
Nothing here is trusted: a claim on a piece is an ordinary claim, in which the symbol is defined by a positive one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import product

from theory import checker
from theory.certificate import Certificate, cancelled

SHUT_OUT = {
    "positive": ("= 0", "< 0"),
    "nonnegative": ("< 0",),
    "unit": ("< 0", "> 1"),
    "inner": ("= 0", "< 0", "= 1", "> 1"),
}
# Certified abbreviations, which are variables of their own in a claim, and the symbol whose domain they rest on.
RESTS_ON = {"nu": "sigma2", "a_i": "lambda_i", "a": "lambda", "a_s_i": "lambda_s_i"}
Pieces = Mapping[str, tuple[str, ...]]
_ONE: checker.Terms = [(Fraction(1), {})]
_KNOWN: dict[object, Certificate | None] = {}
MOST_KNOWN = 20_000


def in_words(domain: str, let_in: Sequence[str]) -> str:
    """A domain with some of its pieces let in: `positive` with the number 0 is `nonnegative`."""
    if set(let_in) == set(SHUT_OUT[domain]):
        return "real"
    if domain == "positive" and tuple(let_in) == ("= 0",):
        return "nonnegative"
    if domain == "unit" and let_in:
        return "nonnegative" if tuple(let_in) == ("> 1",) else "at most 1"
    return " or ".join([domain, *let_in])


def on_piece(claim: checker.Claim, name: str, piece: str) -> checker.Claim:
    """The claim for a symbol of its domains in a piece that the domain shuts out."""
    side, _, end = piece.partition(" ")
    domains = {n: d for n, d in claim.domains.items() if n != name}
    top: checker.Terms = [(Fraction(end), {})] if end != "0" else []
    if side != "=":
        away = f"{name} {'below' if side == '<' else 'above'} {end}"
        domains[away] = "positive"
        top = [*top, (Fraction(-1 if side == "<" else 1), {away: 1})]
    return replace(claim, domains=domains, definitions={**claim.definitions, name: (top, _ONE)})


def on_pieces(claim: checker.Claim, symbols: Mapping[str, str]) -> checker.Claim:
    """The claim with each of these symbols, or what rests on it, in its piece."""
    for name in sorted(claim.domains):
        piece = symbols.get(RESTS_ON.get(name, name), "")
        if piece:
            claim = on_piece(claim, name, piece)
    return claim


def combinations(claim: checker.Claim, let_in: Pieces) -> Iterator[checker.Claim]:
    """The claim on every combination of the pieces that are let in, but for the one that lets in none."""
    owners = {RESTS_ON.get(name, name) for name in claim.domains}
    names = [name for name in sorted(let_in) if name in owners and let_in[name]]
    for pieces in product(*(("", *let_in[name]) for name in names)):
        if any(pieces):
            yield on_pieces(claim, dict(zip(names, pieces, strict=True)))


def weakest(claims: Sequence[checker.Claim], domains: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By symbol, the pieces that may be let in, all of them together. No further piece can be let in beside them.

    Tried symbol by symbol in their order, and what lies at the end of a domain first."""
    let_in: dict[str, tuple[str, ...]] = {}
    for name, domain in sorted(domains.items()):
        for piece in SHUT_OUT[domain]:
            if may_let_in(claims, name, piece, let_in):
                let_in[name] = (*let_in.get(name, ()), piece)
    return let_in


def may_let_in(claims: Iterable[checker.Claim], name: str, piece: str, besides: Pieces | None = None) -> bool:
    """Whether the checker accepts every claim with this symbol in that piece, whatever is let in besides."""
    others = {n: pieces for n, pieces in (besides or {}).items() if n != name}
    for claim in claims:
        if not any(RESTS_ON.get(n, n) == name for n in claim.domains):
            continue
        here = on_pieces(claim, {name: piece})
        if any(shown(one) is None for one in (here, *combinations(here, others))):
            return False
    return True


def shown(claim: checker.Claim) -> Certificate | None:
    """A certificate that the checker accepts, or None; remembered, as the same denominators stand in many lines."""
    key = _key(claim)
    if key not in _KNOWN:
        if len(_KNOWN) == MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = None if _fails_somewhere(claim) else _certificate(claim)
    return _KNOWN[key]


def _certificate(claim: checker.Claim) -> Certificate | None:
    """As it is shifted, which is quick to check, or else with common factors cancelled."""
    try:
        whole = checker.shifted(claim)
        for evidence in (whole, cancelled(whole)):
            if all(coefficient >= 0 for coefficient, _ in evidence.numerator):
                with suppress(checker.Refused):
                    checker.check(claim, evidence)
                    return Certificate(claim, evidence)
    except (checker.Refused, ZeroDivisionError):
        pass
    return None


def _key(claim: checker.Claim) -> object:
    def frozen(terms: checker.Terms) -> object:
        return frozenset((coefficient, frozenset(powers.items())) for coefficient, powers in terms)

    defined = frozenset((n, frozen(top), frozen(bottom)) for n, (top, bottom) in claim.definitions.items())
    return frozen(claim.numerator), frozen(claim.denominator), defined, frozenset(claim.domains.items()), claim.strict


@lru_cache(maxsize=16)
def _numbers(count: int) -> list[list[Fraction]]:
    """A few positive numbers for so many variables."""
    scale = (Fraction(1), Fraction(1, 7), Fraction(5), Fraction(40), Fraction(1, 60))
    return [[scale[(i * (j + 1) + j) % len(scale)] for i in range(count)] for j in range(6)]


def _fails_somewhere(claim: checker.Claim) -> bool:
    """Whether the claim is false at one of a few points: then no certificate need be looked for."""
    names = sorted(claim.domains)
    for numbers in _numbers(len(names)):
        values = {
            n: x / (1 + x) if claim.domains[n] in ("unit", "inner") else x for n, x in zip(names, numbers, strict=True)
        }
        try:
            below = _at(claim.denominator, claim, values)
            if below and _at(claim.numerator, claim, values) / below < 0:
                return True
        except (ZeroDivisionError, KeyError, RecursionError):
            continue
    return False


def _at(terms: checker.Terms, claim: checker.Claim, values: dict[str, Fraction]) -> Fraction:
    """Terms at numbers, to which those of the definitions are added. Raises KeyError for a symbol without either."""
    total = Fraction(0)
    for coefficient, powers in terms:
        part = Fraction(coefficient)
        for name, power in powers.items():
            if name not in values:
                top, bottom = claim.definitions[name]
                values[name] = _at(top, claim, values) / _at(bottom, claim, values)
            part *= values[name] ** power
        total += part
    return total
