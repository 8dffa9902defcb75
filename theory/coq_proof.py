"""Finds Coq proofs of identities and of signs between real expressions, as lines of tactics.

An identity goes by `field`, with the squares of roots and cos^2 + sin^2 = 1 as rewriting equations. A sign goes by the
way a term is written, or by a certificate: the term is a quotient of polynomials in nonnegative variables with
nonnegative coefficients. Logarithms are split into those of the arguments' factors, or bounded. Nothing here is
trusted: what is wrong is refused by Coq.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm

from theory import checker
from theory.certificate import Certificate
from theory.coq_atoms import Atom, Atoms, fraction_tree, terms_tree, without_phi
from theory.coq_text import canonical, coq
from theory.expr import Expr, call, num, substitute, sym, symbols, walk
from theory.facts import Facts
from theory.forms import expanded
from theory.model import Model
from theory.operators import NotDecidable
from theory.positivity import BEYOND, CODIMENSION, EXCESS, Refusal, between, certify
from theory.rational import Frac
from theory.scalars import log_products

Lines = list[str]


class Unproved(ValueError):
    """No proof was found in the ways that are known here."""


@dataclass
class Context:
    """What a proof may use: the model and the step's facts, the definitions in an order in which each may be put in
    after the ones before, whether a symbol of one plane is a function of the index, what is known to be nonnegative
    (False) or positive (True), and the names of facts that speak of abbreviations."""

    model: Model
    facts: Facts
    definitions: dict[str, Expr]
    planes: bool
    known: dict[Expr, bool] = field(default_factory=dict)
    domains: dict[str, str] = field(default_factory=dict)
    stated: list[str] = field(default_factory=list)
    shift: dict[str, Expr] = field(default_factory=dict)
    excess: dict[str, Expr] = field(default_factory=dict)
    circle: bool = False
    inside: bool = False

    def text(self, expr: Expr) -> str:
        return coq(expr, planes=self.planes)

    def opened(self) -> Context:
        """Once the definitions are put in."""
        known = {canonical(expanded(expr, self.definitions)): strict for expr, strict in self.known.items()}
        conditions = tuple(expanded(stated, self.definitions) for stated in self.facts.conditions)
        facts = replace(self.facts, conditions=conditions)
        return replace(self, definitions={}, known={**self.known, **known}, facts=facts)

    def within(self) -> Context:
        """Inside a sum, where the facts of the plane are at hand."""
        return replace(self, inside=True)

    def orders(self) -> list[Context]:
        """For each condition `x - y > 0` of two symbols: the same with x as y and something positive."""
        found = []
        for stated in self.facts.conditions:
            ordered = between(stated)
            if ordered is not None and not self.shift:
                name, smaller = ordered
                moved = {name: smaller + sym(BEYOND)}
                domains = {**self.domains, BEYOND: "positive"}
                found.append(replace(self, shift=moved, excess={BEYOND: sym(name) - smaller}, domains=domains))
        return found


def indented(lines: Lines) -> Lines:
    return ["  " + line for line in lines]


def braced(lines: Lines) -> Lines:
    """A subproof in braces."""
    if not lines:
        return ["{ }"]
    body = indented(lines)
    return ["{" + body[0][1:], *body[1:-1], body[-1] + " }"] if len(body) > 1 else ["{" + body[0][1:] + " }"]


def asserted(name: str, claim: str, proof: Lines) -> Lines:
    return [f"assert ({name} : {claim}).", *braced(proof)]


# signs by the way a term is written


def plainly(expr: Expr, context: Context, *, strict: bool) -> bool:
    """Whether the tactics `nonneg` and `positive` will do: they go by how the term is written."""
    known = context.known.get(canonical(expr))
    if known is not None and (known or not strict):
        return True
    kids = expr.children
    match expr.head:
        case "num":
            return expr.number > 0 or (expr.number == 0 and not strict)
        case "add":
            return all(plainly(k, context, strict=False) for k in kids) and (
                not strict or any(plainly(k, context, strict=True) for k in kids)
            )
        case "mul":
            return all(plainly(k, context, strict=strict) for k in kids)
        case "div":
            return plainly(kids[0], context, strict=strict) and plainly(kids[1], context, strict=True)
        case "pow":
            power = kids[1]
            if not strict and power == num(2):
                return True
            return plainly(kids[0], context, strict=strict or power.head == "neg")
        case "call" if expr.name == "sqrt":
            return not strict or plainly(kids[0], context, strict=True)
        case "call" if expr.name == "exp":
            return True
        case "sum":
            return not strict and plainly(kids[0], context, strict=False)
    return False


# identities


def opened(context: Context, names: Sequence[str]) -> Lines:
    """The definitions of these names put in, in the goal and in what is known."""
    order = [name for name in context.definitions if name in names]
    return [f"try rewrite H_is_{name} in *." for name in order]


def _on_circle(context: Context) -> bool:
    return context.circle and (context.inside or not context.planes)


def circle(context: Context) -> Lines:
    if not _on_circle(context):
        return []
    cos, sin = context.text(sym("cos_i")), context.text(sym("sin_i"))
    return [f"assert (P_circle : {cos} ^ 2 = 1 - {sin} ^ 2) by lra."]


def identity(left: Expr, right: Expr, context: Context) -> Lines:
    """Lines that prove `left = right`: with the abbreviations as variables, or else with their definitions put in.

    Raises Unproved.
    """
    if canonical(left) == canonical(right):
        return ["reflexivity."]
    try:
        return _identity(left, right, context)
    except Unproved:
        if not context.definitions:
            raise
    wide = context.opened()
    sides = [expanded(without_phi(side), context.definitions) for side in (left, right)]
    return ["unfold phi in *.", *opened(context, list(context.definitions)), *_identity(*sides, wide)]


def _identity(left: Expr, right: Expr, context: Context) -> Lines:
    try:
        atoms = Atoms([left, right])
        value = atoms.fraction(left) - atoms.fraction(right)
        rest, logs = atoms.split_logs(value)
    except NotDecidable as reason:
        raise Unproved(str(reason)) from None
    if not atoms.is_zero(rest):
        raise Unproved("the two sides are not equal as fractions of polynomials")
    if logs:
        if log_products(atoms.scalars, {a.inner: q for a, q in logs if a.inner is not None}):
            raise Unproved("the logarithms do not cancel")
        return _by_logs(atoms, logs, context)
    if any(_nested(side) for side in (left, right)):
        found = _by_quotients(left, right, atoms, context)
        if found is not None:
            return found
    return _by_field(left, right, atoms, value, context)


def _nested(side: Expr) -> bool:
    """A quotient by something with a quotient in it, whose numerator `field` would ask to be no zero."""
    return side.head == "div" and any(n.head == "div" for n in walk(side.children[1]))


def _by_quotients(left: Expr, right: Expr, atoms: Atoms, context: Context) -> Lines | None:
    """a/b = a'/b' part by part, or a/b = c as a = c b."""
    if left.head == right.head == "div":
        pairs = list(zip(left.children, right.children, strict=True))
        if all(atoms.is_zero(atoms.fraction(one) - atoms.fraction(other)) for one, other in pairs):
            return ["apply f_equal2.", *braced(identity(*pairs[0], context)), "apply f_equal.", *identity(*pairs[1], context)]
    if not _nested(left):
        found = _by_quotients(right, left, atoms, context) if _nested(right) else None
        return None if found is None else ["symmetry.", *found]
    above, below = left.children
    try:
        inner = sign(below, context, strict=True)
        return ["apply quotient_is.", *braced(inner), *identity(above, right * below, context)]
    except Unproved:
        return None


def prepared(atoms: Atoms, context: Context) -> tuple[Lines, list[str]]:
    """Lines that make equal atoms one and state the squares of the roots; and the equations for `field` to use."""
    lines: Lines = ["unfold phi in *."] if any(a.tree.name == "log" for a in atoms.atoms.values()) else []
    rewrites = []
    for number, (atom, other) in enumerate(atoms.aliases()):
        name = f"P_same_{number}"
        lines += asserted(name, f"{context.text(atom)} = {context.text(other)}", _same(atom, other, context))
        rewrites.append(name)
    again = [f"rewrite ?{', ?'.join(rewrites)}" for _ in rewrites[:1]]
    lines += [line + "." for line in again]
    uses = []
    for number, root in enumerate(atoms.roots()):
        name, inner = f"P_root_{number}", root.tree.children[0]
        proof = ["apply root_square.", *sign(inner, context)]
        lines += asserted(name, f"{context.text(root.tree)} ^ 2 = {context.text(inner)}", proof)
        lines += [f"{line} in {name}." for line in again]
        uses.append(name)
    lines += circle(context)
    return lines, [*uses, "P_circle"] if _on_circle(context) else uses


def _same(atom: Expr, other: Expr, context: Context) -> Lines:
    inner = atom.children[0]
    if atom.name == "exp":
        return _exponential(other)
    if atom.name == "sqrt" and (other.head != "call" or other.name != "sqrt"):
        return ["apply root_is.", *braced(sign(other, context)), *identity(other**2, inner, context)]
    return ["apply f_equal.", *identity(inner, other.children[0], context)]


def _exponential(other: Expr) -> Lines:
    """`exp(n x/2)` is a power of `exp(x/2)`."""
    inverse = ", <- exp_Ropp" if other.children[1].number < 0 else ""
    return [f"rewrite <- exp_multiple{inverse}. apply f_equal. simpl INR. field."]


def _by_field(left: Expr, right: Expr, atoms: Atoms, value: Frac, context: Context) -> Lines:
    lines, uses = prepared(atoms, context)
    if any(r.inner is not None and atoms.scalars.used(atoms.scalars.field.poly(r.inner.denom)) for r in atoms.roots()):
        return lines + _by_cofactors(atoms, value, context)
    return [*lines, field_with(uses)]


def _by_cofactors(atoms: Atoms, value: Frac, context: Context) -> Lines:
    """The difference as a combination of `root^2 - radicand`, for radicands that are fractions."""
    total: list[Expr] = []
    for number, (root, factor) in reversed(list(enumerate(zip(atoms.roots(), atoms.cofactors(value), strict=True)))):
        if factor:
            square = Expr("add", (root.tree**2, Expr("neg", (root.tree.children[0],))))
            total.append(Expr("mul", (atoms.tree(factor), square)))
    if not total:
        return [field_with([])]
    combined = total[0] if len(total) == 1 else Expr("add", tuple(total))
    uses = ["P_circle"] if _on_circle(context) else []
    names = ", ".join(f"?P_root_{n}" for n in range(len(atoms.roots())))
    return [f"apply (by_zero _ _ ({context.text(combined)})).", *braced([field_with(uses)]), f"rewrite {names}.", "ring."]


def _by_logs(atoms: Atoms, logs: Sequence[tuple[Atom, Frac]], context: Context) -> Lines:
    """The difference is a sum of multiples of integer combinations of logarithms, each of which is ln 1."""
    lines: Lines = ["unfold phi in *."]
    pieces = []
    for number, (basis, powers) in enumerate(_groups(atoms, logs)):
        above = [(a.tree.children[0], n) for a, n in powers if n > 0]
        below = [(a.tree.children[0], -n) for a, n in powers if n < 0]
        up, down = _combination(above), _combination(below)
        lines += asserted(f"P_logs_{number}", f"{context.text(up)} = {context.text(down)}", _equal_logs(above, below, context))
        pieces.append(atoms.tree(basis) * Expr("add", (up, Expr("neg", (down,)))))
    total = pieces[0] if len(pieces) == 1 else Expr("add", tuple(pieces))
    inside, uses = prepared(atoms, context)
    lines += [f"apply (by_zero _ _ ({context.text(total)}))."]
    lines += braced([*inside, field_with(uses)])
    return [*lines, *(f"rewrite P_logs_{number}." for number in range(len(pieces))), "ring."]


def _groups(atoms: Atoms, logs: Sequence[tuple[Atom, Frac]]) -> list[tuple[Frac, list[tuple[Atom, int]]]]:
    """The factors split into their monomials over one denominator each, with whole multiples of the logarithms."""
    found: dict[Frac, dict[str, Fraction]] = {}
    by_name = {atom.name: atom for atom, _ in logs}
    for atom, factor in logs:
        whole = atoms.scalars.reduce(factor)
        for monomial, number in whole.numer.terms():
            basis = atoms.scalars.field.quotient(whole.numer.ring.from_dict({monomial: 1}), whole.denom)
            lead = basis.leading
            basis = basis / lead
            scale = Fraction(int(number)) * Fraction(int(lead.numerator), int(lead.denominator))
            powers = found.setdefault(basis, {})
            powers[atom.name] = powers.get(atom.name, Fraction(0)) + scale
    answer = []
    for basis, powers in found.items():
        clear = lcm(*(q.denominator for q in powers.values()))
        answer.append((basis / clear, [(by_name[n], int(q * clear)) for n, q in powers.items() if q]))
    return [(basis, powers) for basis, powers in answer if powers]


def _combination(parts: Sequence[tuple[Expr, int]]) -> Expr:
    terms = [Expr("mul", (num(n), call("log", a))) for a, n in parts]
    return Expr("add", tuple(terms)) if len(terms) > 1 else terms[0] if terms else num(0)


def _powers(parts: Sequence[tuple[Expr, int]]) -> Expr:
    factors = [a ** num(n) for a, n in parts]
    return Expr("mul", tuple(factors)) if len(factors) > 1 else factors[0] if factors else num(1)


def _equal_logs(above: Sequence[tuple[Expr, int]], below: Sequence[tuple[Expr, int]], context: Context) -> Lines:
    up, down = _powers(above), _powers(below)
    return [
        f"transitivity (ln ({context.text(up)})).",
        *braced(["symmetry.", *_log_of(above, context)]),
        f"transitivity (ln ({context.text(down)})).",
        *braced(["apply f_equal.", *identity(up, down, context)]),
        *_log_of(below, context),
    ]


def _log_of(parts: Sequence[tuple[Expr, int]], context: Context) -> Lines:
    """`ln (A^n * ...) = n * ln A + ...`."""
    lines: Lines = []
    for number, (argument, _) in enumerate(parts):
        if not plainly(argument, context, strict=True):
            lines += asserted(f"P_inside_{number}", f"0 < {context.text(argument)}", sign(argument, context, strict=True))
    return [*lines, "ln_parts."]


def field_with(uses: Sequence[str]) -> str:
    return (f"field [{' '.join(uses)}]" if uses else "field") + "; nonzero."


# signs


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
            lines += asserted(name, f"0 {'<' if wanted else '<='} {context.text(kid)}", sign(kid, context, strict=wanted))
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
    inside, uses = prepared(atoms, context)
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
