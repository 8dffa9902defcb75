"""What carries a step, for the reader: the equation solved, the square, the primitive, the certificate's polynomial."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theory.certificate import Certificate
from theory.chain import Chain, Link
from theory.checker import Terms
from theory.expr import Expr
from theory.latex import latex
from theory.positivity import BEYOND_ONE, CODIMENSION, EXCESS
from theory.symbols import SYMBOLS

MOST_TERMS = 9
SHIFTED = {CODIMENSION: "(D-k)", EXCESS: "(d-k)", BEYOND_ONE: "e"}


def notes_tex(chain: Chain, link: Link, certificates: tuple[Certificate, ...]) -> list[str]:
    """Sentences in LaTeX that stand below a calculation."""
    if link.form == "solves":
        return [_equation_tex(chain, link), ""]
    if link.form == "optimum":
        return [rf"The difference is ${_square_tex(link)}$.", ""]
    if link.form == "spectral":
        return [_spectral_tex(link, certificates), ""]
    if link.form == "antiderivative":
        primitive = link.extra[0]
        assert isinstance(primitive, Expr)
        return [rf"A primitive of the integrand in $r$ is \[{latex(primitive)}.\]", ""]
    if certificates:
        return [_certificates_tex(link, certificates), ""]
    return []


def _equation_tex(chain: Chain, link: Link) -> str:
    rate, initial, variable = link.extra
    assert isinstance(rate, Expr) and isinstance(initial, tuple)
    unknown, values = latex(chain.start), dict(initial)
    slope = rf"\dot{{{unknown}}}" if variable == "t" else rf"\mathrm{{d}} {unknown}/\mathrm{{d}} {variable}"
    place = "t = 0" if variable == "t" else f"{variable} = {latex(values[str(variable)])}"
    return rf"It solves ${slope} = {latex(rate)}$ with the value ${latex(values['value'])}$ at ${place}$."


def _square_tex(link: Link) -> str:
    square, *weight = link.parts
    if not weight:
        return rf"\mathbb{{E}}\|{latex(square)}\|^2"
    return rf"\left({latex(weight[0])}\right) \left({latex(square)}\right)^2"


def _spectral_tex(link: Link, certificates: tuple[Certificate, ...]) -> str:
    function, smaller, _ = link.extra
    assert isinstance(function, Expr) and isinstance(smaller, str)
    variable = SYMBOLS[smaller].latex
    bent = " and is convex in its logarithm" if len(certificates) > 1 else ""
    return rf"The function $f = {latex(function)}$ does not decrease in ${variable}${bent}: certificates."


def _certificates_tex(link: Link, certificates: tuple[Certificate, ...]) -> str:
    split = ""
    if link.form == "cases":
        variable = link.extra[0]
        assert isinstance(variable, Expr)
        name = latex(variable)
        split = rf"For ${name} = p/(p+q) \le 1$ and for ${name} = 1 + e \ge 1$, "
    parts = []
    for certificate in certificates:
        terms = certificate.evidence.numerator
        if any(_unprintable(name) for _, powers in terms for name in powers):
            parts.append(f"a polynomial of {len(terms)} terms in nonnegative roots and symbols")
        elif len(terms) <= MOST_TERMS:
            parts.append(rf"$\displaystyle {polynomial_tex(terms)}$")
        else:
            parts.append(f"a polynomial of {len(terms)} terms, all with positive coefficients")
    shift = r"with $s_i = p_i/(p_i+q_i)$" if any("s_i" in c.claim.domains for c in certificates) else ""
    if any("weight" in c.claim.domains for c in certificates):
        shift += (", " if shift else "with ") + r"$\pi = p/(p+q)$"
    start = split + ("over" if split else "Over") + " its positive denominator the difference has the numerator "
    return f"{{\\footnotesize {start}{'; '.join(parts)}{', ' + shift if shift else ''}.\\par}}"


def polynomial_tex(terms: Terms) -> str:
    """A polynomial with nonnegative coefficients."""
    return " + ".join(_monomial_tex(q, powers) for q, powers in terms) or "0"


def _monomial_tex(coefficient: Fraction, powers: Mapping[str, int]) -> str:
    factors = " ".join(_variable_tex(n) if p == 1 else _power_tex(n, p) for n, p in powers.items())
    if coefficient == 1 and factors:
        return factors
    number = (
        str(coefficient)
        if coefficient.denominator == 1
        else rf"\tfrac{{{coefficient.numerator}}}{{{coefficient.denominator}}}"
    )
    return f"{number} {factors}".strip()


def _unprintable(name: str) -> bool:
    return "~" not in name and name not in SHIFTED and name not in SYMBOLS


def _variable_tex(name: str) -> str:
    base, _, part = name.partition("~")
    if part:
        return f"{part}_i" if base.endswith("_i") else part
    return SHIFTED.get(name) or SYMBOLS[name].latex


def _power_tex(name: str, power: int) -> str:
    if name == "sigma2":
        return rf"\sigma^{{{2 * power}}}"
    variable = _variable_tex(name)
    return rf"\left({variable}\right)^{{{power}}}" if "^" in variable else f"{variable}^{{{power}}}"


def certificate_json(certificate: Certificate) -> dict[str, Any]:
    """The claim and its evidence: polynomials as [coefficient, {variable: power}]."""
    claim, evidence = certificate.claim, certificate.evidence
    return {
        "numerator": _terms_json(claim.numerator),
        "denominator": _terms_json(claim.denominator),
        "definitions": {n: [_terms_json(t), _terms_json(b)] for n, (t, b) in sorted(claim.definitions.items())},
        "domains": dict(sorted(claim.domains.items())),
        "strict": claim.strict,
        "shifted_numerator": _terms_json(evidence.numerator),
        "shifted_denominator": _terms_json(evidence.denominator),
    }


def _terms_json(terms: Terms) -> list[list[Any]]:
    return [[str(q), dict(sorted(powers.items()))] for q, powers in terms]
