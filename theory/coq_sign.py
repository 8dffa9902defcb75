"""Finds Coq proofs that real expressions are nonnegative or positive.

By the way a term is written, or by a certificate: the term is a quotient of polynomials in nonnegative variables with
nonnegative coefficients, to which logarithms add by their bounds. Nothing here is trusted: what is wrong is refused by
Coq.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import theory.coq_identity as identities
from theory import checker
from theory.certificate import Certificate
from theory.coq_atoms import Atom, Atoms, fraction_tree, terms_tree, without_phi
from theory.coq_context import Context, Lines, Unproved, asserted, braced, field_with, opened, plainly
from theory.coq_text import canonical
from theory.expr import Expr, num, substitute, sym, symbols, walk
from theory.operators import NotDecidable
from theory.positivity import CODIMENSION, EXCESS, Refusal, certify
from theory.rational import Frac


def sign(expr: Expr, context: Context, *, strict: bool = False) -> Lines:
    """Lines that prove `0 <= expr`, or `0 < expr` when strict. Raises Unproved."""
    if plainly(expr, context, strict=strict):
        return ["positive." if strict else "nonneg."]
    expr, reason = without_phi(expr), ""
    for way in (context, *context.orders()):
        try:
            return _by_certificate(expr, way, strict=strict)
        except (Refusal, checker.Refused, NotDecidable, Unproved) as why:
            reason = reason or str(why)
    for other in (_by_parts, _by_root, _by_condition):
        try:
            return other(expr, context, strict=strict)
        except Unproved:
            continue
    raise Unproved(f"no sign: {reason}")


def _by_parts(expr: Expr, context: Context, *, strict: bool) -> Lines:
    """A product, quotient or power by the signs of its parts."""
    if expr.head not in ("mul", "div", "pow"):
        raise Unproved("no product")
    lines: Lines = []
    known = dict(context.known)
    for number, kid in enumerate(expr.children if expr.head != "pow" else expr.children[:1]):
        wanted = strict or (expr.head == "div" and number == 1)
        if not plainly(kid, context, strict=wanted):
            name = f"P_part_{len(known)}"
            lines += asserted(
                name, f"0 {'<' if wanted else '<='} {context.text(kid)}", sign(kid, context, strict=wanted)
            )
            known[canonical(kid)] = wanted
    if not plainly(expr, replace(context, known=known), strict=strict):
        raise Unproved("no sign by the parts")
    return [*lines, "positive." if strict else "nonneg."]


def _by_root(expr: Expr, context: Context, *, strict: bool) -> Lines:
    """`sqrt(x) + y` where x is at least y^2, whatever the sign of y."""
    for place, kid in enumerate(expr.children if expr.head == "add" else ()):
        if kid.head != "call" or kid.name != "sqrt":
            continue
        others = expr.children[:place] + expr.children[place + 1 :]
        rest = others[0] if len(others) == 1 else Expr("add", others)
        try:
            inner = sign(kid.children[0] - rest**2, context, strict=strict)
        except Unproved:
            continue
        turned, lemma = Expr("add", (kid, rest)), "root_above" if strict else "root_not_below"
        by = "by_positive" if strict else "by_value"
        return [f"apply ({by} _ ({context.text(turned)})).", "{ ring. }", f"apply {lemma}.", *inner]
    raise Unproved("no root that outweighs the rest")


def _by_condition(expr: Expr, context: Context, *, strict: bool) -> Lines:
    """What is at least something that the step states to be positive."""
    for stated in context.facts.conditions:
        plain = replace(context, facts=replace(context.facts, conditions=()))
        try:
            inner = sign(expr - stated, plain)
        except Unproved:
            continue
        return [*asserted("P_over", f"0 <= {context.text(expr - stated)}", inner), "lra."]
    raise Unproved("above no condition")


def _by_certificate(expr: Expr, context: Context, *, strict: bool) -> Lines:
    moved = substitute(expr, context.shift)
    atoms = Atoms([moved])
    value, logs = atoms.split_logs(atoms.fraction(moved))
    if logs and context.shift:
        raise Unproved("a logarithm of what is shifted")
    bounds = [_bound(atom, factor, atoms, context) for atom, factor in logs]
    for bound in bounds:
        value = value + bound.value
    quotient = _quotient(value, atoms, context, strict=strict)
    lines, certificate, top, total = quotient.lines, quotient.certificate, quotient.top, quotient.total
    tail = [_on_units(certificate, top, context) if strict else "nonneg."]
    for bound in bounds:
        total = Expr("add", (total, Expr("mul", (bound.factor, bound.gap))))
        lemma = "Rplus_lt_le_0_compat" if strict else "Rplus_le_le_0_compat"
        tail = [f"apply {lemma}.", *braced(tail), *_bounded(bound, context)]
    inside, uses = identities.prepared(atoms, context)
    inside = [*inside, *opened(context, list(certificate.claim.definitions))]
    return [
        *(["unfold phi."] if logs else []),
        *lines,
        f"apply (by_{'positive' if strict else 'value'} ({context.text(expr)}) ({context.text(total)})).",
        *braced([*inside, field_with(uses)]),
        *tail,
    ]


@dataclass(frozen=True)
class Quotient:
    """A certificate as a quotient: lines that state what is below to be positive, and what is above the bar."""

    lines: Lines
    certificate: Certificate
    top: Expr
    total: Expr


def _quotient(value: Frac, atoms: Atoms, context: Context, *, strict: bool) -> Quotient:
    """The numerator's certificate over the denominator's factors, which keeps both short; else the whole one."""
    try:
        return _by_factors(value, atoms, context, strict=strict)
    except (checker.Refused, Unproved):
        certificate = _certified(value, atoms, context, strict=strict)
    top, bottom = shifted(certificate, atoms, context.excess)
    lines = _positive_below("P_below", bottom, certificate, context)
    return Quotient(lines, certificate, top, top if bottom == num(1) else Expr("div", (top, bottom)))


def _by_factors(value: Frac, atoms: Atoms, context: Context, *, strict: bool) -> Quotient:
    field_ = atoms.scalars.field
    lead, factors = value.denom.factor_list()
    numerator, below, lines = field_.poly(value.numer) / field_.number(lead), [], Lines()
    for number, (poly, power) in enumerate(factors):
        factor = field_.poly(poly)
        try:
            found = _certified(factor, atoms, context, strict=True)
        except checker.Refused:
            factor = -factor
            found = _certified(factor, atoms, context, strict=True)
            numerator = numerator if power % 2 == 0 else -numerator
        tree = atoms.shown(substitute(fraction_tree(factor, sym, atoms.scalars.names), context.excess))
        if not plainly(tree, context, strict=True):
            inner = sign(tree, context, strict=True) if factor != value.field.poly(value.denom) else None
            if inner is None:
                raise Unproved("a denominator of one factor")
            lines += asserted(f"P_factor_{number}", f"0 < {context.text(tree)}", inner)
        assert found
        below.append(tree if power == 1 else tree**power)
    certificate = _certified(numerator, atoms, context, strict=strict)
    top, bottom = shifted(certificate, atoms, context.excess)
    lines += _positive_below("P_below", bottom, certificate, context)
    parts = [p for p in (bottom, *below) if p != num(1)]
    product = Expr("mul", tuple(parts)) if len(parts) > 1 else parts[0] if parts else None
    return Quotient(lines, certificate, top, top if product is None else Expr("div", (top, product)))


def _positive_below(name: str, bottom: Expr, certificate: Certificate, context: Context) -> Lines:
    """States that the certificate's denominator is positive, where that takes more than a look."""
    if plainly(bottom, context, strict=True):
        return []
    return asserted(name, f"0 < {context.text(bottom)}", [_on_units(certificate, bottom, context)])


def _on_units(certificate: Certificate, part: Expr, context: Context) -> str:
    """A positive polynomial: of x and 1 - x one is positive."""
    units = [n for n, domain in certificate.claim.domains.items() if domain == "unit" and n in symbols(part)]
    return "; ".join([*(f"on_unit ({context.text(sym(name))})" for name in units), "positive"]) + "."


@dataclass(frozen=True)
class Bound:
    """`factor * gap` is left of a logarithm's multiple beyond `value`, and neither is negative."""

    value: Frac
    factor: Expr
    gap: Expr
    lemma: str


def _bound(atom: Atom, factor: Frac, atoms: Atoms, context: Context) -> Bound:
    """ln y is at least 1 - 1/y, or, where its factor is not positive, at most y - 1."""
    assert atom.inner is not None
    argument, tree = atom.tree.children[0], atom.tree
    try:
        _certified(factor, atoms, context)
    except checker.Refused:
        _certified(-factor, atoms, context)
        gap = Expr("add", (argument, Expr("neg", (num(1),)), Expr("neg", (tree,))))
        return Bound(factor * (atom.inner - 1), atoms.tree(-factor), gap, "ln_above")
    below = Expr("add", (num(1), Expr("neg", (num(1) / argument,))))
    gap = Expr("add", (tree, Expr("neg", (below,))))
    return Bound(factor * (1 - 1 / atom.inner), atoms.tree(factor), gap, "ln_below")


def _bounded(bound: Bound, context: Context) -> Lines:
    """`factor * gap >= 0`."""
    log = next(n for n in walk(bound.gap) if n.head == "call" and n.name == "log")
    return [
        "apply Rmult_le_pos.",
        *braced(sign(bound.factor, context)),
        f"apply {bound.lemma}.",
        *sign(log.children[0], context, strict=True),
    ]


def _certified(value: Frac, atoms: Atoms, context: Context, *, strict: bool = False) -> Certificate:
    """A certificate that the value is nonnegative. Raises Refused."""
    return certify(value, atoms.scalars, context.model, context.facts, strict=strict, domains=context.domains)


def shifted(certificate: Certificate, atoms: Atoms, excess: dict[str, Expr]) -> tuple[Expr, Expr]:
    """The certificate's numerator and denominator, with x and 1 - x for the two parts of a unit variable."""

    def show(name: str) -> Expr:
        if name.endswith("~p"):
            return sym(name[:-2])
        if name.endswith("~q"):
            return 1 - sym(name[:-2])
        if name == CODIMENSION:
            return sym("D") - sym("k")
        if name == EXCESS:
            return sym("d") - sym("k")
        return excess.get(name, sym(name))

    top, bottom = (
        terms_tree([(q, dict(powers)) for q, powers in part], show)
        for part in (certificate.evidence.numerator, certificate.evidence.denominator)
    )
    return atoms.shown(top), atoms.shown(bottom)
