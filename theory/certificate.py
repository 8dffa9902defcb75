"""Finding certificates: SymPy's polynomials propose, `checker.py` decides.

The finder may be clever and is not trusted. It substitutes the domains, cancels common factors and hands the shifted
numerator and denominator to the checker, which recomputes everything with its own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from theory import checker
from theory.expr import Expr
from theory.rational import Frac
from theory.scalars import ScalarField

Definitions = dict[str, tuple[checker.Terms, checker.Terms]]


@dataclass(frozen=True)
class Certificate:
    """A claim with the evidence that the checker accepted."""

    claim: checker.Claim
    evidence: checker.Evidence

    @property
    def terms(self) -> int:
        """How many nonnegative coefficients carry the proof."""
        return len(self.evidence.numerator)


def _terms(poly: Any, names: tuple[str, ...]) -> checker.Terms:
    answer = []
    for monomial, coefficient in poly.terms():
        powers = {name: int(power) for name, power in zip(names, monomial, strict=False) if power}
        answer.append((Fraction(int(coefficient.numerator), int(coefficient.denominator)), powers))
    return answer


def as_claim(
    scalars: ScalarField, value: Frac, definitions: Definitions, domains: dict[str, str], *, strict: bool
) -> checker.Claim:
    names = scalars.names
    used = _reachable(value, names, definitions)
    return checker.Claim(
        numerator=_terms(value.numer, names),
        denominator=_terms(value.denom, names),
        definitions={n: d for n, d in definitions.items() if n in used and n not in domains},
        domains={n: d for n, d in domains.items() if n in used},
        strict=strict,
    )


def _reachable(value: Frac, names: tuple[str, ...], definitions: Definitions) -> set[str]:
    queue = [n for poly in (value.numer, value.denom) for _, powers in _terms(poly, names) for n in powers]
    seen: set[str] = set()
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        for terms in definitions.get(name, ()):
            queue.extend(n for _, powers in terms for n in powers)
    return seen


def find(claim: checker.Claim) -> Certificate:
    """A certificate that the checker accepts. Raises checker.Refused with the checker's reason otherwise."""
    evidence = cancelled(checker.shifted(claim))
    checker.check(claim, evidence)
    return Certificate(claim, evidence)


def cancelled(evidence: checker.Evidence) -> checker.Evidence:
    """Drop the common factors, which only make the numbers larger."""
    names = tuple(sorted({n for t in (evidence.numerator, evidence.denominator) for _, p in t for n in p}))
    if not names:
        return evidence
    scalars = ScalarField(names)

    def build(terms: checker.Terms) -> Frac:
        return scalars.field.from_dict({tuple(p.get(n, 0) for n in scalars.names): q for q, p in terms})

    ratio = build(evidence.numerator) / build(evidence.denominator)
    return checker.Evidence(_terms(ratio.numer, scalars.names), _terms(ratio.denom, scalars.names))


@lru_cache(maxsize=512)
def definition_terms(expr: Expr) -> tuple[checker.Terms, checker.Terms]:
    """A rational definition as the checker reads it."""
    from theory.facts import Facts
    from theory.normal import normaliser_for

    engine = normaliser_for([expr], Facts())
    value = engine.scalar(expr)
    return _terms(value.numer, engine.scalars.names), _terms(value.denom, engine.scalars.names)
