"""Coq proofs of statements with sums over the planes: the sums are real finite sums, and linearity is proved.

What is linear in the sums is one sum of the combined summands; an identity needs that summand to be free of the plane,
an inequality that it is nonnegative. Then each sum becomes a variable, and the rest is about numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from theory.coq_atoms import Atoms, without_phi
from theory.coq_context import Context, Lines, Unproved, asserted, braced, plainly
from theory.coq_identity import identity
from theory.coq_sign import sign
from theory.coq_text import PLANE, canonical
from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.forms import expanded
from theory.operators import NotDecidable
from theory.rational import Frac

TOTAL = "total"
OPEN = "intros i Hi; cbv beta; plane i Hi."


@dataclass
class Sums:
    """The distinct sums of a statement, in the order in which they occur."""

    bodies: list[Expr]
    context: Context

    @classmethod
    def of(cls, trees: Sequence[Expr], context: Context) -> Sums:
        found = [canonical(n.children[0]) for tree in trees for n in walk(tree) if n.head == "sum"]
        return cls(list(dict.fromkeys(found)), context)

    def name(self, number: int) -> str:
        return f"{TOTAL}{number}"

    def tree(self, number: int) -> Expr:
        return Expr("sum", ("target", self.bodies[number]))

    def put(self, expr: Expr) -> Expr:
        """Each sum as its variable."""

        def change(node: Expr) -> Expr | None:
            if node.head != "sum":
                return None
            return sym(self.name(self.bodies.index(canonical(node.children[0]))))

        return transform(expr, change)

    def signs(self) -> Lines:
        """States which sums are nonnegative, and remembers it of their variables."""
        lines: Lines = []
        for number in range(len(self.bodies)):
            if plainly(self.tree(number), self.context, strict=False):
                lines += asserted(f"P_{self.name(number)}", f"0 <= {self.context.text(self.tree(number))}", ["nonneg."])
                self.context.known[sym(self.name(number))] = False
                self.context.domains[self.name(number)] = "nonnegative"
        return lines

    def hide(self) -> Lines:
        return [
            f"set ({self.name(n)} := {self.context.text(self.tree(n))}) in *; clearbody {self.name(n)}."
            for n in range(len(self.bodies))
        ]

    def linear(self, expr: Expr) -> tuple[Atoms, Frac, list[Frac]]:
        """Atoms, and the value of an expression in the sums' variables as its part without and its factors.

        Raises NotDecidable when it is not linear in the sums.
        """
        hidden, names = self.put(without_phi(expr)), [sym(self.name(n)) for n in range(len(self.bodies))]
        atoms = Atoms([hidden, *map(without_phi, self.bodies), *names])
        rest = atoms.fraction(hidden)
        factors = []
        own = {self.name(n) for n in range(len(self.bodies))}
        for number in range(len(self.bodies)):
            gen = atoms.scalars.gen(self.name(number))
            factor = rest.diff(gen)
            if atoms.scalars.used(factor) & own or atoms.scalars.depends_on(factor, PLANE):
                raise NotDecidable("not linear in the sums")
            rest = rest - factor * gen
            factors.append(factor)
        return atoms, rest, factors

    def combination(self, atoms: Atoms, factors: Sequence[Frac]) -> list[tuple[Expr, int]]:
        return [(atoms.tree(factor), number) for number, factor in enumerate(factors) if factor]

    def written(self, parts: Sequence[tuple[Expr, int]], *, hidden: bool) -> Expr:
        """The combination of the sums, or of their variables."""
        terms = [Expr("mul", (q, sym(self.name(n)) if hidden else self.tree(n))) for q, n in parts]
        return terms[0] if len(terms) == 1 else Expr("add", tuple(terms))

    def summand(self, parts: Sequence[tuple[Expr, int]]) -> Expr:
        terms = [Expr("mul", (q, self.bodies[n])) for q, n in parts]
        return terms[0] if len(terms) == 1 else Expr("add", tuple(terms))


COLLECT = "rewrite <- ?psum_scale; rewrite <- ?psum_plus."


def total_identity(left: Expr, right: Expr, context: Context) -> Lines:
    """Lines that prove `left = right`, in which sums may stand. Raises Unproved."""
    sums = Sums.of([without_phi(left), without_phi(right)], context)
    left, right = without_phi(left), without_phi(right)
    if not sums.bodies:
        return identity(left, right, context)
    lines = ["unfold phi in *.", *sums.signs()]
    plain = sums.put(left), sums.put(right)
    try:
        return [*lines, *sums.hide(), *identity(*plain, context)]
    except Unproved:
        pass
    try:
        found, parts, constant = _linear_relation(sums, left, right)
    except (NotDecidable, ZeroDivisionError) as reason:
        raise Unproved(str(reason)) from None
    shown, total = sums.written(parts, hidden=True), sym("d") * constant
    return [
        *lines,
        *found,
        *sums.hide(),
        f"apply (by_difference _ _ ({context.text(shown)}) ({context.text(total)})).",
        *braced(identity(plain[0] - plain[1], shown - total, context)),
        "exact P_sums.",
    ]


def _linear_relation(sums: Sums, left: Expr, right: Expr) -> tuple[Lines, list[tuple[Expr, int]], Expr]:
    """`sum of q_j * sum_j = d * e`, stated as P_sums, as the combined summand is `e` in every plane."""
    context = sums.context
    atoms, _, factors = sums.linear(left - right)
    parts = sums.combination(atoms, factors)
    if not parts:
        raise Unproved("the sums cancel, and what is left does not")
    summand = sums.summand(parts)
    constant = _without_plane(summand, context)
    claim = f"{context.text(sums.written(parts, hidden=False))} = {context.text(sym('d') * constant)}"
    proof = [
        f"transitivity (psum n (fun i => {context.text(constant)})).",
        "2: { rewrite psum_const, <- H_d. reflexivity. }",
        COLLECT,
        f"apply psum_ext; {OPEN}",
        *identity(summand, constant, context.within()),
    ]
    return asserted("P_sums", claim, proof), parts, constant


def _without_plane(summand: Expr, context: Context) -> Expr:
    """What a summand is in every plane. Raises Unproved when it depends on the plane."""
    for tree in (summand, expanded(summand, context.definitions)):
        atoms = Atoms([tree])
        rest, logs = atoms.split_logs(atoms.fraction(tree))
        value = atoms.scalars.reduce(rest)
        bound = {a.name for a in atoms.roots() if any(n.endswith(PLANE) for n in symbols(a.tree))}
        if atoms.scalars.depends_on(value, PLANE) or atoms.scalars.used(value) & bound:
            continue
        constant = atoms.tree(value)
        free = [
            atoms.tree(factor) * atom.tree
            for atom, factor in logs
            if not any(name.endswith(PLANE) for name in symbols(atom.tree))
        ]
        for term in free:
            constant = constant + term
        return constant
    raise Unproved("the summands differ by something of the plane")


def total_sign(expr: Expr, context: Context) -> Lines:
    """Lines that prove `0 <= expr`, in which sums may stand. Raises Unproved."""
    sums = Sums.of([without_phi(expr)], context)
    expr = without_phi(expr)
    if not sums.bodies:
        return ["unfold phi.", *sign(expr, context)]
    lines = ["unfold phi in *.", *sums.signs()]
    plain = sums.put(expr)
    try:
        return [*lines, *_summand_signs(sums, expr)]
    except (Unproved, NotDecidable) as reason:
        first = str(reason)
    try:
        return [*lines, *sums.hide(), *sign(plain, context)]
    except Unproved:
        raise Unproved(first) from None


def _summand_signs(sums: Sums, expr: Expr) -> Lines:
    context = sums.context
    atoms, rest, factors = sums.linear(expr)
    parts = sums.combination(atoms, factors)
    names = {sums.name(n): num(0) for n in range(len(sums.bodies))}
    plain = sums.put(expr)
    alone = substitute(plain, names)
    lines: Lines = []
    shown = None
    if parts:
        claim = f"0 <= {context.text(sums.written(parts, hidden=False))}"
        inner = [COLLECT, f"apply psum_nonneg; {OPEN}", *sign(sums.summand(parts), context.within())]
        lines += asserted("P_sums", claim, inner)
        shown = sums.written(parts, hidden=True)
    lines += sums.hide()
    if shown is None:
        return [*lines, *sign(plain, context)]
    if not rest:
        lines.append(f"apply (by_value _ ({context.text(shown)})).")
        return [*lines, *braced(identity(plain, shown, context)), "exact P_sums."]
    total = Expr("add", (alone, shown))
    lines.append(f"apply (by_value _ ({context.text(alone)} + {'(' + context.text(shown) + ')'})).")
    lines += braced(identity(plain, total, context))
    return [*lines, "apply Rplus_le_le_0_compat.", *braced(sign(alone, context)), "exact P_sums."]
