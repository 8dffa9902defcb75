"""The proved steps as questions for an SMT solver: every rational identity and inequality, summand by summand.

Denominators are cleared here and asserted not to be 0; roots are variables with their squares; a domain is a pair of
inequalities. The negation is asserted, so that `unsat` means that the step holds. Nothing of the kernel's normal form
or of its certificates is used: lines, definitions and domains only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from numerics.steps import Step, put_in
from theory import kernel
from theory.derivation import Derivation
from theory.expr import Expr, num, substitute, sym, symbols, walk
from theory.text import text

ANGLES = ("sin_i", "cos_i")
BOUNDS = {
    "positive": ((">", 0),),
    "nonnegative": ((">=", 0),),
    "unit": ((">=", 0), ("<=", 1)),
    "inner": ((">", 0), ("<", 1)),
}


class NotRational(ValueError):
    """A line that is no rational function of its symbols and of roots."""


@dataclass(frozen=True)
class Question:
    """`left relation right` for one part of a step: the whole line, its constants, or a summand. `smt` asks for a point
    at which everything assumed holds and this does not; `setting` only for one at which everything assumed holds."""

    step: Step
    part: str
    setting: str
    negation: str
    names: tuple[str, ...]
    definitions: dict[str, Expr]

    @property
    def smt(self) -> str:
        return f"{self.setting}{self.negation}"


@dataclass
class Cleared:
    """A polynomial over a product of powers of polynomials."""

    top: Expr
    below: dict[Expr, int] = field(default_factory=dict)


class Clearing:
    """Brings rational lines over one denominator, and keeps what must not be 0 and which roots there are."""

    def __init__(self) -> None:
        self.nonzero: dict[Expr, None] = {}
        self.roots: dict[Expr, Expr] = {}
        self.least: dict[Expr, tuple[Expr, Cleared, Cleared]] = {}

    def of(self, expr: Expr) -> Cleared:
        """Raises NotRational."""
        kids = expr.children
        match expr.head:
            case "num" | "sym":
                return Cleared(expr)
            case "add":
                return reduce(_added, map(self.of, kids))
            case "neg":
                inner = self.of(kids[0])
                return Cleared(-inner.top, inner.below)
            case "mul":
                return reduce(_multiplied, map(self.of, kids))
            case "div":
                return _multiplied(self.of(kids[0]), self._inverse(self.of(kids[1])))
            case "pow":
                return self._power(self.of(kids[0]), _whole(kids[1]))
            case "call" if expr.name == "sqrt":
                return Cleared(self._root(kids[0]))
            case "call" if expr.name == "min":
                if expr not in self.least:
                    self.least[expr] = sym(f"least {len(self.least) + 1}"), self.of(kids[0]), self.of(kids[1])
                return Cleared(self.least[expr][0])
        raise NotRational(expr.name if expr.head == "call" else expr.head)

    def _inverse(self, value: Cleared) -> Cleared:
        below: dict[Expr, int] = {}
        number = _factors(value.top, 1, below)
        if number == 0:
            raise NotRational("a division by zero")
        for factor in below:
            self.nonzero[factor] = None
        top = _product([num(1 / number), *(f if n == 1 else f**n for f, n in value.below.items())])
        return Cleared(top, below)

    def _power(self, base: Cleared, n: int) -> Cleared:
        if n < 0:
            base, n = self._inverse(base), -n
        return Cleared(base.top**n if n != 1 else base.top, {f: p * n for f, p in base.below.items() if n})

    def _root(self, radicand: Expr) -> Expr:
        if radicand not in self.roots:
            self.of(radicand)  # so that what is below in it is kept, and what is not rational refused
            self.roots[radicand] = sym(f"root {len(self.roots) + 1}")
        return self.roots[radicand]


def _whole(expr: Expr) -> int:
    if expr.head == "neg":
        return -_whole(expr.children[0])
    if expr.head != "num" or expr.number.denominator != 1 or abs(expr.number) > 100:
        raise NotRational("a power")
    return int(expr.number)


def _factors(expr: Expr, power: int, found: dict[Expr, int]) -> Fraction:
    """The factors of a product with their powers, and the number before them."""
    if expr.head == "num":
        return expr.number**power
    if expr.head == "neg":
        return Fraction(-1) ** power * _factors(expr.children[0], power, found)
    if expr.head == "mul":
        number = Fraction(1)
        for kid in expr.children:
            number *= _factors(kid, power, found)
        return number
    if expr.head == "pow" and expr.children[1].head == "num":
        return _factors(expr.children[0], power * int(expr.children[1].number), found)
    found[expr] = found.get(expr, 0) + power
    return Fraction(1)


def _product(parts: list[Expr]) -> Expr:
    kept = [part for part in parts if part != num(1)]
    return reduce(lambda a, b: a * b, kept) if kept else num(1)


def _multiplied(one: Cleared, other: Cleared) -> Cleared:
    below = dict(one.below)
    for factor, power in other.below.items():
        below[factor] = below.get(factor, 0) + power
    return Cleared(_product([one.top, other.top]), below)


def _added(one: Cleared, other: Cleared) -> Cleared:
    below = {f: max(one.below.get(f, 0), other.below.get(f, 0)) for f in (*one.below, *other.below)}

    def widened(value: Cleared) -> Expr:
        missing = [(f, n - value.below.get(f, 0)) for f, n in below.items()]
        return _product([value.top, *(f if n == 1 else f**n for f, n in missing if n)])

    return Cleared(widened(one) + widened(other), below)


def split(expr: Expr) -> dict[str, Expr]:
    """A line as its constants, under the empty name, and one summand for each range of sums; what is a sum of something
    that no direction has is a multiple of d. Raises NotRational where a sum stands in a product or below a bar."""
    found: dict[str, Expr] = {}
    _split(expr, num(1), found)
    return found


def _split(expr: Expr, factor: Expr, found: dict[str, Expr]) -> None:
    kids = expr.children
    sums = [kid for kid in kids if any(n.head == "sum" for n in walk(kid))]

    def keep(over: str, term: Expr) -> None:
        term = _product([factor, term])
        found[over] = found[over] + term if over in found else term

    if expr.head == "sum":
        body = kids[0]
        if any(n.head == "sum" for n in walk(body)):
            raise NotRational("a sum of sums")
        if expr.name == "target" and not any(name.endswith("_i") for name in symbols(body)):
            keep("", sym("d") * body)
        else:
            keep(expr.name, body)
    elif not sums:
        keep("", expr)
    elif expr.head == "add":
        for kid in kids:
            _split(kid, factor, found)
    elif expr.head == "neg":
        _split(kids[0], -factor, found)
    elif expr.head == "mul" and len(sums) == 1:
        _split(sums[0], _product([factor, *(kid for kid in kids if kid is not sums[0])]), found)
    elif expr.head == "div" and sums == [kids[0]]:
        _split(kids[0], factor / kids[1], found)
    else:
        raise NotRational("a product of sums")


def scalar_steps(derivation: Derivation) -> Iterator[Step]:
    """Every accepted step of a result that says how two lines of numbers compare at each point."""
    for chain in derivation.chains:
        before = chain.start
        for link, report in zip(chain.links, kernel.check(chain), strict=False):
            if report.accepted and link.form in ("normal form", "certificate", "cases", "optimum", "root"):
                made = Step(derivation.id, chain, report.step, *put_in(before, link, chain.model), link, report)
                if made.is_scalar:
                    yield made
            before = link.expr


def questions(step: Step, *, regrouped: bool = False) -> list[Question]:
    """One for each part of a step; `regrouped`: with what every summand holds at one plain direction taken out of it
    and counted d times. Raises NotRational, with what is in the way."""
    big, small = (step.right, step.left) if step.link.relation == "<=" else (step.left, step.right)
    parts = split(_opened(big - small, step))
    if regrouped:
        body = parts.get("target")
        if body is None:
            return []
        alike = substitute(body, {n: num(int(n not in ("s_i", "sin_i"))) for n in symbols(body) if n.endswith("_i")})
        constants = sym("d") * alike
        parts = {**parts, "target": body - alike, "": parts[""] + constants if "" in parts else constants}
    plane = any(name.endswith("_i") for name in symbols(parts.get("", num(0))))
    return [_question(step, over, tree, whole=len(parts) == 1 or plane) for over, tree in parts.items()]


def definitions_of(step: Step) -> dict[str, Expr]:
    """What its abbreviations stand for: of an inequality those of the model before those of the line, of an identity
    the other way round, as it may be one at special values."""
    own, model = step.facts.definitions, step.model.definitions
    found = {**model, **own} if step.link.relation == "=" else {**own, **model}
    found = {n: e for n, e in found.items() if e != sym(n)}
    if not _has_sines(step):
        found = {n: e for n, e in found.items() if n != "s_i" or e != step.model.definitions.get(n)}
    return found


def pinned(step: Step) -> list[Expr]:
    """What is 0 where an abbreviation of the line also is what the model says that it is."""
    own = definitions_of(step)
    both = [(sym(n), e) for n, e in step.model.definitions.items() if own.get(n) != e and n != "s_i"]
    return [_opened(name - value, step) for name, value in both]


def _opened(expr: Expr, step: Step) -> Expr:
    """With the abbreviations of the line put in; at special values of the line before, these too."""
    definitions = definitions_of(step)
    for _ in range(len(definitions) + 1):
        fresh = substitute(expr, definitions)
        if fresh == expr:
            return expr
        expr = fresh
    return expr


def _has_sines(step: Step) -> bool:
    trees = (step.left, step.right, *step.facts.definitions.values())
    return any(set(ANGLES) & symbols(tree) for tree in trees if tree != step.model.definitions["s_i"])


def _question(step: Step, over: str, tree: Expr, *, whole: bool) -> Question:
    clearing = Clearing()
    conditions = [clearing.of(_opened(condition, step)) for condition in step.conditions if _is_plain(condition)]
    cleared, pins = clearing.of(tree), [clearing.of(pin).top for pin in pinned(step)]
    lines = [f"(assert (> {_polynomial(_signed(one))} 0))" for one in conditions]
    lines += [f"(assert (= {_polynomial(pin)} 0))" for pin in pins]
    lines += [f"(assert (not (= {_polynomial(factor)} 0)))" for factor in clearing.nonzero]
    for radicand, root in clearing.roots.items():
        inner = clearing.of(radicand)
        square = _product([root**2, *(f**n for f, n in inner.below.items())])
        lines.append(f"(assert (= {_polynomial(square)} {_polynomial(inner.top)}))")
        lines += [f"(assert (>= {part} 0))" for part in (_named(root.name), _polynomial(_signed(inner)))]
    for name, one, other in clearing.least.values():
        gaps = [_added(part, Cleared(-name)) for part in (one, other)]
        lines += [f"(assert (>= {_polynomial(_signed(gap))} 0))" for gap in gaps]
        lines.append(f"(assert (or {' '.join(f'(= {_polynomial(gap.top)} 0)' for gap in gaps)}))")
    equal = step.link.relation == "="
    claim = f"({'=' if equal else '>='} {_polynomial(cleared.top if equal else _signed(cleared))} 0)"
    trees = [cleared.top, *cleared.below, *pins, *clearing.nonzero, *clearing.roots.values(), *clearing.roots]
    for least in clearing.least.values():
        trees += [least[0], least[1].top, *least[1].below, least[2].top, *least[2].below]
    trees += [part for one in conditions for part in (one.top, *one.below)]
    names = sorted(set().union(*map(symbols, trees)))
    declared = [f"(declare-const {_named(name)} Real)" for name in names]
    setting = "\n".join([*declared, *_domains(names, step), *lines]) + "\n"
    part = "" if whole and not over else f"summand over {over}" if over else "constants"
    return Question(step, part, setting, f"(assert (not {claim}))\n", tuple(names), definitions_of(step))


def _is_plain(expr: Expr) -> bool:
    return all(node.head != "sum" for node in walk(expr))


def _signed(value: Cleared) -> Expr:
    """A polynomial of the same sign: times each factor that stands below to an odd power."""
    return _product([value.top, *(factor for factor, n in value.below.items() if n % 2)])


def _domains(names: list[str], step: Step) -> list[str]:
    lines = []
    for name in names:
        for relation, end in BOUNDS.get(step.model.domains.get(name, ""), ()):
            lines.append(f"(assert ({relation} {_named(name)} {end}))")
    if {"sin_i", "cos_i"} <= set(names):
        lines.append("(assert (= (+ (* sin_i sin_i) (* cos_i cos_i)) 1))")
    if {"D", "k"} <= set(names) and "D" in step.model.domains:
        strict = ">" if step.facts.codimension == "positive" else ">="
        lines.append(f"(assert ({strict} D k))")
    return lines


def _named(name: str) -> str:
    return f"|{name}|" if " " in name else name


def _polynomial(expr: Expr) -> str:
    kids = [_polynomial(kid) for kid in expr.children]
    match expr.head:
        case "num":
            top, bottom = expr.number.numerator, expr.number.denominator
            size = f"{abs(top)}.0" if bottom == 1 else f"(/ {abs(top)}.0 {bottom}.0)"
            return size if top >= 0 else f"(- {size})"
        case "sym":
            return _named(expr.name)
        case "add":
            return f"(+ {' '.join(kids)})"
        case "neg":
            return f"(- {kids[0]})"
        case "mul":
            return f"(* {' '.join(kids)})"
        case "pow":
            n = int(expr.children[1].number)
            return "1.0" if n == 0 else kids[0] if n == 1 else f"(* {' '.join([kids[0]] * n)})"
    raise NotRational(text(expr))


__all__ = ["NotRational", "Question", "questions", "scalar_steps", "split"]
