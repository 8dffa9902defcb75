"""Finds Coq proofs of identities between real expressions.

An identity goes by `field`, with the squares of roots and cos^2 + sin^2 = 1 as rewriting equations; logarithms are
split into those of their arguments' factors. Nothing here is trusted: what is wrong is refused by Coq.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import theory.coq_sign as signs
from theory.coq_atoms import Atom, Atoms, without_phi
from theory.coq_context import (
    Context,
    Lines,
    Unproved,
    asserted,
    braced,
    circle,
    field_with,
    on_circle,
    opened,
    plainly,
)
from theory.coq_text import canonical
from theory.expr import Expr, call, num, walk
from theory.forms import expanded
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import log_products


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
    one, other = (expanded(without_phi(side), context.definitions) for side in (left, right))
    return ["unfold phi in *.", *opened(context, list(context.definitions)), *_identity(one, other, wide)]


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
            return [
                "apply f_equal2.",
                *braced(identity(*pairs[0], context)),
                *identity(*pairs[1], context),
            ]
    if not _nested(left):
        found = _by_quotients(right, left, atoms, context) if _nested(right) else None
        return None if found is None else ["symmetry.", *found]
    above, below = left.children
    try:
        inner = signs.sign(below, context, strict=True)
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
    everywhere = any(a.tree.name == "exp" for a in atoms.atoms.values())  # so that what is positive reads alike
    lines += [f"try rewrite {name} in *." for name in rewrites] if everywhere else [line + "." for line in again]
    uses = []
    for number, root in enumerate(atoms.roots()):
        name, inner = f"P_root_{number}", root.tree.children[0]
        proof = ["apply root_square.", *signs.sign(inner, context)]
        lines += asserted(name, f"{context.text(root.tree)} ^ 2 = {context.text(inner)}", proof)
        lines += [f"{line} in {name}." for line in again]
        uses.append(name)
    lines += circle(context)
    return lines, [*uses, "P_circle"] if on_circle(context) else uses


def _same(atom: Expr, other: Expr, context: Context) -> Lines:
    inner = atom.children[0]
    if atom.name == "exp":
        return _exponential(other)
    if atom.name == "sqrt" and (other.head != "call" or other.name != "sqrt"):
        return ["apply root_is.", *braced(signs.sign(other, context)), *identity(other**2, inner, context)]
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
    for root, factor in zip(atoms.roots(), atoms.cofactors(value), strict=True):
        if factor:
            square = Expr("add", (root.tree**2, Expr("neg", (root.tree.children[0],))))
            total.append(Expr("mul", (atoms.tree(factor), square)))
    if not total:
        return [field_with([])]
    combined = total[0] if len(total) == 1 else Expr("add", tuple(total))
    uses = ["P_circle"] if on_circle(context) else []
    names = ", ".join(f"?P_root_{n}" for n in range(len(atoms.roots())))
    return [
        f"apply (by_zero _ _ ({context.text(combined)})).",
        *braced([field_with(uses)]),
        f"rewrite {names}.",
        "ring.",
    ]


def _by_logs(atoms: Atoms, logs: Sequence[tuple[Atom, Frac]], context: Context) -> Lines:
    """The difference is a sum of multiples of integer combinations of logarithms, each of which is ln 1."""
    lines: Lines = ["unfold phi in *."]
    pieces = []
    for number, (basis, powers) in enumerate(_groups(atoms, logs)):
        above = [(a.tree.children[0], n) for a, n in powers if n > 0]
        below = [(a.tree.children[0], -n) for a, n in powers if n < 0]
        up, down = _combination(above), _combination(below)
        lines += asserted(
            f"P_logs_{number}", f"{context.text(up)} = {context.text(down)}", _equal_logs(above, below, context)
        )
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
            lines += asserted(
                f"P_inside_{number}", f"0 < {context.text(argument)}", signs.sign(argument, context, strict=True)
            )
    return [*lines, "ln_parts."]
