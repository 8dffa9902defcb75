"""Scalar trees as fractions of polynomials, for finding the proofs that Coq then checks.

Roots, logarithms and exponentials are atoms; two of one value are one atom, and a root is tied to its radicand. Nothing
here is trusted: a fraction that is wrong gives a proof that Coq refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import isqrt

from theory.expr import Expr, call, num, substitute, sym, transform
from theory.facts import Facts
from theory.forms import exponential
from theory.normal import normaliser_for
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import ScalarField

HIDDEN = ("sqrt", "log", "exp")


@dataclass
class Atom:
    """A root, logarithm or exponential: its symbol, the tree as written, and what stands inside, as a fraction."""

    name: str
    tree: Expr
    hidden: Expr
    inner: Frac | None = None


def without_phi(expr: Expr) -> Expr:
    """`phi(x)` written as `x - ln(1 + x)`, as Coq unfolds it."""

    def change(node: Expr) -> Expr | None:
        if node.head != "call" or node.name != "phi":
            return None
        inner = without_phi(node.children[0])
        return Expr("add", (inner, Expr("neg", (call("log", Expr("add", (num(1), inner))),))))

    return transform(expr, change)


class Atoms:
    """Trees over one field."""

    def __init__(self, trees: Iterable[Expr]) -> None:
        self.atoms: dict[Expr, Atom] = {}
        self.alias: dict[str, Expr] = {}  # an atom that is another, a power of another, or a number
        hidden = [self._hide(without_phi(tree)) for tree in trees]
        names = [sym(atom.name) for atom in self.atoms.values()]
        halves = [sym(self._half(atom)) for atom in self.atoms.values() if atom.tree.name == "exp"]
        inner = [atom.hidden for atom in self.atoms.values()]
        self.engine = normaliser_for([*hidden, *inner, *names, *halves], Facts())
        self.scalars: ScalarField = self.engine.scalars
        for atom in self.atoms.values():
            self._settle(atom)

    def _hide(self, expr: Expr) -> Expr:
        def change(node: Expr) -> Expr | None:
            if node.head != "call" or node.name not in HIDDEN:
                return None
            if node not in self.atoms:
                inner = self._hide(node.children[0])
                kind = "root" if node.name == "sqrt" else node.name
                self.atoms[node] = Atom(f"{kind} {len(self.atoms)}", node, inner)
            return sym(self.atoms[node].name)

        return transform(expr, change)

    def _half(self, atom: Atom) -> str:
        return exponential(atom.hidden)[0].replace("exp ", "half ")

    def _settle(self, atom: Atom) -> None:
        if atom.tree.name == "exp":
            generator, power = exponential(atom.hidden)
            half = sym(generator.replace("exp ", "half "))
            self.alias[atom.name] = half if power == 1 else half ** num(power)
            return
        atom.inner = self.scalars.reduce(self._fraction(atom.hidden))
        if atom.tree.name == "sqrt" and not self.scalars.used(atom.inner):
            value = atom.inner.leading if atom.inner else 0
            root = num(isqrt(int(value.numerator))) / num(isqrt(int(value.denominator))) if value else num(0)
            if self._fraction(root) ** 2 == atom.inner:
                self.alias[atom.name] = root
                return
        for other in self.atoms.values():
            if other is atom:
                break
            if other.tree.name == atom.tree.name and other.name not in self.alias and other.inner == atom.inner:
                self.alias[atom.name] = sym(other.name)
                return
        if atom.tree.name == "sqrt":
            self.scalars.roots[atom.name] = atom.inner

    def _fraction(self, hidden: Expr) -> Frac:
        return self.engine.scalar(substitute(hidden, self.alias))

    def fraction(self, tree: Expr) -> Frac:
        """A tree made of the parts that this was built with. Raises NotDecidable for one that is not rational."""
        return self._fraction(self._hide(without_phi(tree)))

    def is_zero(self, value: Frac) -> bool:
        return self.scalars.is_zero(value)

    def aliases(self) -> list[tuple[Expr, Expr]]:
        """What is rewritten, the outermost first: an atom, and the tree that it equals."""
        found = [
            (atom.tree, self.shown(self.alias[atom.name])) for atom in self.atoms.values() if atom.name in self.alias
        ]
        return [(tree, other) for tree, other in reversed(found) if tree != other]

    def shown(self, hidden: Expr) -> Expr:
        """A tree with every atom as it was written."""
        trees = {atom.name: atom.tree for atom in self.atoms.values()}
        halves = {n: call("exp", sym(n[5:-2]) / 2) for n in self.scalars.names if n.startswith("half ")}
        return substitute(hidden, {**trees, **halves})

    def roots(self) -> list[Atom]:
        """The roots that stand for themselves."""
        return [atom for atom in self.atoms.values() if atom.name in self.scalars.roots]

    def logs(self) -> list[Atom]:
        """The logarithms that stand for themselves."""
        return [a for a in self.atoms.values() if a.tree.name == "log" and a.name not in self.alias]

    def split_logs(self, value: Frac) -> tuple[Frac, list[tuple[Atom, Frac]]]:
        """A value as its part without logarithms and the factor of each. Raises NotDecidable when it is not linear."""
        rest, parts = value, []
        for atom in self.logs():
            gen = self.scalars.gen(atom.name)
            factor = value.diff(gen)
            if not factor:
                continue
            if any(a.name in self.scalars.used(factor) for a in self.logs()):
                raise NotDecidable("a product of logarithms, or one below a fraction bar")
            rest = rest - factor * gen
            parts.append((atom, factor))
        return rest, parts

    def cofactors(self, value: Frac) -> list[Frac]:
        """Factors of `root^2 - radicand`, in the order of the roots, that make up a value which is zero.

        Raises NotDecidable when cosines, too, have to be written out.
        """
        roots, field = self.roots(), self.scalars.field
        found = [field.zero for _ in roots]
        for place in reversed(range(len(roots))):
            gen, square = self.scalars.gen(roots[place].name), self.scalars.roots[roots[place].name]
            index, below = self.scalars.names.index(roots[place].name), field.poly(value.denom)
            rest = field.zero
            for monomial, number in value.numer.terms():
                power = monomial[index]
                bare = (*monomial[:index], power % 2, *monomial[index + 1 :])
                term = field.poly(value.numer.ring.from_dict({bare: number})) / below
                half = power // 2
                rest += term * square**half
                for step in range(half):
                    found[place] += term * gen ** (2 * step) * square ** (half - 1 - step)
            value = rest
        return found

    def tree(self, value: Frac, names: dict[str, Expr] | None = None) -> Expr:
        """A fraction as a tree."""
        return self.shown(fraction_tree(value, lambda name: (names or {}).get(name, sym(name)), self.scalars.names))


def fraction_tree(value: Frac, show: Callable[[str], Expr], names: tuple[str, ...]) -> Expr:
    """Numerator over denominator, each a sum of monomials."""
    top, bottom = (
        terms_tree([(int(q), {names[i]: n for i, n in enumerate(powers) if n}) for powers, q in poly.terms()], show)
        for poly in (value.numer, value.denom)
    )
    return top if bottom == num(1) else top / bottom


def terms_tree(terms: Iterable[tuple[object, dict[str, int]]], show: Callable[[str], Expr]) -> Expr:
    """A polynomial as a sum of monomials, in the order given."""
    parts = []
    for coefficient, powers in terms:
        value = num(coefficient)  # type: ignore[arg-type]
        factors = [show(name) if power == 1 else show(name) ** power for name, power in powers.items()]
        if value != num(1) or not factors:
            factors = [value, *factors]
        parts.append(factors[0] if len(factors) == 1 else Expr("mul", tuple(factors)))
    if not parts:
        return num(0)
    return parts[0] if len(parts) == 1 else Expr("add", tuple(parts))
