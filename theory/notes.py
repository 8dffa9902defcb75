"""What carries a step, for the reader: the equation solved, the square, the primitive, the certificate's polynomial."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theory.certificate import Certificate
from theory.chain import Chain, Link
from theory.checker import Terms
from theory.expr import Expr, num
from theory.json_tree import to_json
from theory.latex import latex
from theory.layout import Shorthand, display_lines, width
from theory.positivity import BEYOND_ONE, CODIMENSION, EXCESS
from theory.step_needs import Needs
from theory.symbols import SYMBOLS

MOST_TERMS = 9
IN_LINE = 16000  # hundredths of a point: what is wider, or has a fraction, is displayed
NOTE = 38000  # the room of a display in a note
SHIFTED = {CODIMENSION: "(D-k)", EXCESS: "(d-k)", BEYOND_ONE: "e"}


def notes_tex(
    chain: Chain, number: int, link: Link, certificates: tuple[Certificate, ...], names: Shorthand
) -> list[str]:
    """What carries step `number`, in LaTeX, to stand below the calculation; the step is named where there are more.
    `names` are the calculation's short names."""
    note = _note(chain, link, certificates, names)
    if not note:
        return []
    step = f"Step {number}: " if len(chain.links) > 1 else ""
    said = step + (note[0].lower() + note[1:] if step else note)
    return [rf"\carried{{{said}}}", ""]


def _note(chain: Chain, link: Link, certificates: tuple[Certificate, ...], names: Shorthand) -> str:
    if link.form == "solves":
        return _equation_tex(chain, link, names)
    if link.form == "optimum":
        return _square_tex(link, names)
    if link.form == "spectral":
        return _spectral_tex(link, certificates)
    if link.form == "antiderivative":
        primitive = link.extra[0]
        assert isinstance(primitive, Expr)
        return f"A primitive of the integrand in $r$ is {displayed(primitive, names)}"
    return _certificates_tex(link, certificates) if certificates else ""


def displayed(expr: Expr, shorthand: Shorthand, before: str = "") -> str:
    """A formula within a note, with its full stop: in the line when it is short, else displayed, with short names for
    what is too long."""
    whole = before + latex(expr)
    if width(whole) <= IN_LINE and r"\frac" not in whole:
        return f"${whole}$."
    shown, names = shorthand.shorten(expr, NOTE)
    rows = display_lines(shown, NOTE)
    rows[0] = before + rows[0]
    rows += [rf"\text{{with }} {latex(name)} = {line}" for name, value in names for line in display_lines(value, NOTE)]
    if len(rows) == 1:
        return rf"\[{rows[0]}.\]"
    return r"\[\begin{aligned}[t] " + r" \\ ".join(f"& {row}" for row in rows) + r" \end{aligned}.\]"


def dotted(name: str) -> str:
    """A time derivative, with the dot over the letter alone."""
    letter, script, rest = name.partition("_")
    return rf"\dot{{{letter}}}{script}{rest}"


def _equation_tex(chain: Chain, link: Link, names: Shorthand) -> str:
    rate, initial, variable = link.extra
    assert isinstance(rate, Expr) and isinstance(initial, tuple)
    unknown, values = latex(chain.start), dict(initial)
    slope = dotted(unknown) if variable == "t" else rf"\mathrm{{d}} {unknown}/\mathrm{{d}} {variable}"
    place = "t = 0" if variable == "t" else f"{variable} = {latex(values[str(variable)])}"
    start = displayed(values["value"], names, f"{unknown} = ")
    return rf"The right-hand side solves ${slope} = {latex(rate)}$ and takes at ${place}$ the given value {start}"


def _square_tex(link: Link, names: Shorthand) -> str:
    square, *weight = link.parts
    if not weight:
        return rf"What is left out is $\mathbb{{E}}\|{latex(square)}\|^2$."
    if square == num(1):
        return f"What is left out is, with no negative term, {displayed(weight[0], names)}"
    squared = square**2 if square.head != "pow" else Expr("pow", (square, num(2)))
    left_out = squared if weight[0] == num(1) else weight[0] * squared
    return f"What is left out is a square with a nonnegative factor, {displayed(left_out, names)}"


def _spectral_tex(link: Link, certificates: tuple[Certificate, ...]) -> str:
    function, smaller, _ = link.extra
    assert isinstance(function, Expr) and isinstance(smaller, str)
    variable = SYMBOLS[smaller].latex
    bent = " and is convex in its logarithm" if len(certificates) > 1 else ""
    return rf"By certificate, the function $f = {latex(function)}$ does not decrease in ${variable}${bent}."


def _certificates_tex(link: Link, certificates: tuple[Certificate, ...]) -> str:
    split = ""
    if link.form == "cases":
        variable = link.extra[0]
        assert isinstance(variable, Expr)
        name = latex(variable)
        split = rf"For ${name} = p/(p+q) \le 1$, then for ${name} = 1 + e \ge 1$: "
    parts = [_numerator_tex(c.evidence.numerator) for c in certificates if c.evidence.numerator]
    if not parts:
        return "With the logarithms bounded, nothing is left of the difference."
    shifts = [r"$s_i = p_i/(p_i+q_i)$"] if any("s_i" in c.claim.domains for c in certificates) else []
    shifts += [r"$\pi = p/(p+q)$"] if any("weight" in c.claim.domains for c in certificates) else []
    many = len(parts) > 1
    start = "the parts of the difference have" if many else "the difference has"
    form = "numerators" if many else "numerator"
    with_shift = f", with {' and '.join(shifts)}" if shifts else ""
    said = f"{start} a positive denominator and the {form} {' and '.join(parts)}{with_shift}."
    return split + (said if split else said[0].upper() + said[1:])


def _numerator_tex(terms: Terms) -> str:
    if any(_unprintable(name) for _, powers in terms for name in powers):
        return f"a polynomial of {len(terms)} terms in nonnegative roots and symbols"
    if len(terms) <= MOST_TERMS:
        return rf"$\displaystyle {polynomial_tex(terms)}$"
    return f"a polynomial of {len(terms)} terms, all with positive coefficients"


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


def assumes_json(needs: Needs) -> dict[str, Any]:
    """What a step assumes at the weakest: tags, the domain of each symbol that its claims speak of (`real` is any
    number), and what the line states to be positive."""
    told: dict[str, Any] = {"tags": list(needs.tags), "domains": needs.in_words}
    if needs.conditions:
        told["while"] = [to_json(condition) for condition in needs.conditions]
    return told


def _terms_json(terms: Terms) -> list[list[Any]]:
    return [[str(q), dict(sorted(powers.items()))] for q, powers in terms]
