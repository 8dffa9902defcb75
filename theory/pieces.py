"""An expression in independent variables as pieces that can be shown one by one: one for the constant part and one for
the summand of each sum over directions. A piece is a rational function plus multiples of logarithms, with conditions.

`sum_i g_i + C` is linear in the sums, so that it is nonnegative when every piece is. What is not linear in them is read
with each sum as a variable of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce

from theory.coordinates import CODIMENSION
from theory.expr import Expr, call, sym, transform, walk
from theory.facts import Facts
from theory.forms import Normaliser
from theory.goals import NONNEGATIVE, Condition, Goal, Interval, Poly
from theory.linear import CONST, PLANE_SUFFIX
from theory.normal import normaliser_for
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import ScalarField, Value
from theory.vocabulary import free_of_planes

# What a piece is about that need not be there at all: the complement may be empty, a second direction missing.
EACH = "of each direction"
COMPLEMENT, FURTHER = "of the complement", "of further directions"
OFF, ALIGNED = "of a direction off the encoder", "of a direction at angle zero"
ABSENT = frozenset({COMPLEMENT, FURTHER, OFF, ALIGNED})
SIZES = ("d", "k", CODIMENSION)


@dataclass(frozen=True)
class Piece:
    """`value REL 0`, where `conditions` hold: pairs of a rational function and a relation. `opaque` says which
    variables stand for a root, a minimum or a maximum, and of what; `tied` maps x to the name of e^{-x/2}."""

    scalars: ScalarField
    value: Value
    domains: dict[str, Interval]
    conditions: tuple[tuple[Frac, str], ...] = ()
    opaque: dict[str, tuple[str, tuple[Frac, ...]]] = field(default_factory=dict)
    where: str = ""
    tied: dict[str, str] = field(default_factory=dict)

    @property
    def used(self) -> set[str]:
        """The variables that occur in the value."""
        parts = (self.value.rational, *self.value.logs, *self.value.logs.values())
        return set().union(*(self.scalars.used(part) for part in parts))

    def with_value(self, value: Value) -> Piece:
        return replace(self, value=value)

    def put(self, name: str, value: Frac) -> Piece:
        """A variable replaced by a rational function in everything; its domain is left to whoever asks."""

        def at(part: Frac) -> Frac:
            return composed(self.scalars, part, name, value)

        logs: dict[Frac, Frac] = {}
        for argument, coefficient in self.value.logs.items():
            new = at(argument)
            logs[new] = logs.get(new, self.scalars.field.zero) + at(coefficient)
        kept = {a: c for a, c in logs.items() if c and a != self.scalars.field.one}
        conditions = tuple((at(part), relation) for part, relation in self.conditions)
        opaque = {n: (kind, tuple(at(part) for part in parts)) for n, (kind, parts) in self.opaque.items()}
        return replace(self, value=Value(at(self.value.rational), kept), conditions=conditions, opaque=opaque)

    def goal(self, poly: Poly, *, strict: bool = False) -> Goal:
        """A goal about a polynomial under the piece's conditions and domains."""
        names = self.scalars.names
        conditions = tuple(Condition(terms(f.numer * f.denom), relation) for f, relation in self.conditions)
        domains = tuple(self.domains.get(name, Interval()) for name in names)
        return narrowed(Goal(names, domains, poly, conditions, strict))


def narrowed(goal: Goal) -> Goal:
    """The same goal without the variables that do not occur."""
    polys = (goal.poly, *(c.poly for c in goal.conditions))
    kept = sorted({i for poly in polys for powers in poly for i, n in enumerate(powers) if n})

    def cut(poly: Poly) -> Poly:
        return {tuple(powers[i] for i in kept): c for powers, c in poly.items()}

    return Goal(
        tuple(goal.names[i] for i in kept),
        tuple(goal.domains[i] for i in kept),
        cut(goal.poly),
        tuple(Condition(cut(c.poly), c.relation) for c in goal.conditions),
        goal.strict,
    )


def terms(poly: object) -> dict[tuple[int, ...], Fraction]:
    """A SymPy polynomial as exponents and coefficients."""
    return {tuple(m): Fraction(int(q.numerator), int(q.denominator)) for m, q in poly.terms() if q}  # type: ignore[attr-defined]


def composed(scalars: ScalarField, value: Frac, name: str, inner: Frac) -> Frac:
    """A rational function at `name = inner`. Raises ZeroDivisionError where that is not defined."""
    if name not in scalars.used(value):
        return value
    top, bottom = (_composed(scalars, poly, name, inner) for poly in (value.numer, value.denom))
    if not bottom:
        raise ZeroDivisionError(f"a denominator is zero at {name}")
    return top / bottom


def _composed(scalars: ScalarField, poly: object, name: str, inner: Frac) -> Frac:
    index = scalars.names.index(name)
    parts: dict[int, dict[tuple[int, ...], object]] = {}
    for monomial, coefficient in poly.terms():  # type: ignore[attr-defined]
        rest = (*monomial[:index], 0, *monomial[index + 1 :])
        parts.setdefault(monomial[index], {})[rest] = coefficient
    ring, total = poly.ring, scalars.field.zero  # type: ignore[attr-defined]
    for power in range(max(parts, default=0), -1, -1):
        total = total * inner + scalars.field.poly(ring.from_dict(parts.get(power, {})))
    return total


class _Reader:
    """Makes pieces: functions other than logarithms become variables, and the normal form does the rest."""

    def __init__(self, opaque_logs: bool) -> None:
        self.names: dict[Expr, str] = {}
        self.hidden = ("sqrt", "min", "max", "exp") + (("log", "phi") if opaque_logs else ())

    def hide(self, expr: Expr) -> Expr:
        def change(node: Expr) -> Expr | None:
            if node.head != "call" or node.name not in self.hidden:
                return None
            inner = call(node.name, *(self.hide(kid) for kid in node.children))
            if inner not in self.names:
                suffix = "" if free_of_planes(node) else PLANE_SUFFIX
                self.names[inner] = f"{node.name} {len(self.names)}{suffix}"
            return sym(self.names[inner])

        return transform(expr, change)


def pieces(
    expr: Expr,
    conditions: Iterable[tuple[Expr, str]],
    domains: dict[str, Interval],
    tied: dict[str, str] | None = None,
    *,
    opaque_logs: bool = False,
) -> list[Piece]:
    """The pieces of an expression in independent variables. Raises NotDecidable outside the grammar.

    A condition with a sum over directions in it, or one that is not rational, is left out of account.
    """
    reader, plain = _Reader(opaque_logs), list(conditions)
    hidden = reader.hide(expr)
    conditions = [(reader.hide(part), relation) for part, relation in plain]
    inner = [kid for node in reader.names for kid in node.children]
    engine = normaliser_for(
        [hidden, *(part for part, _ in conditions), *inner, *map(sym, reader.names.values())], Facts()
    )
    try:
        form = dict(engine.form(hidden))
    except NotDecidable:
        if opaque_logs or not any(n.head == "call" and n.name in ("log", "phi") for n in walk(expr)):
            raise
        return pieces(expr, plain, domains, tied, opaque_logs=True)
    opaque = {
        name: (node.name, tuple(engine.scalar(kid) for kid in node.children)) for node, name in reader.names.items()
    }
    base = Piece(
        engine.scalars, Value(engine.scalars.field.zero), _domains(domains, opaque), (), opaque, tied=tied or {}
    )
    known = _readable(engine, conditions)
    found = []
    for key, value in form.items():
        if key != CONST and key[0] != "sum":
            raise NotDecidable("something other than sums over directions and numbers")
        single = key != CONST or _of_plane(engine.scalars, value)
        inside = tuple(c for c in known if single or not engine.scalars.depends_on(c[0], PLANE_SUFFIX))
        where = "" if key == CONST else EACH if key[1] == "target" else f"{EACH} ({key[1]})"
        found.append(replace(base, value=value, conditions=inside, where=where))
    if engine.totals:
        return [_with_totals(engine, piece) for piece in found]
    return found


def _of_plane(scalars: ScalarField, value: Value) -> bool:
    """Whether a value speaks of one direction outside any sum: then it is claimed for each of them."""
    return any(scalars.depends_on(part, PLANE_SUFFIX) for part in (value.rational, *value.logs, *value.logs.values()))


def _domains(own: dict[str, Interval], opaque: dict[str, tuple[str, tuple[Frac, ...]]]) -> dict[str, Interval]:
    roots = {name: NONNEGATIVE for name, (kind, _) in opaque.items() if kind == "sqrt"}
    powers = {name: Interval(Fraction(0), low_open=True) for name, (kind, _) in opaque.items() if kind == "exp"}
    return {**own, **roots, **powers}


def _readable(engine: Normaliser, conditions: Iterable[tuple[Expr, str]]) -> list[tuple[Frac, str]]:
    known = []
    for part, relation in conditions:
        try:
            known.append((engine.scalar(part), relation))
        except NotDecidable:
            continue
    return known


def _with_totals(engine: Normaliser, piece: Piece) -> Piece:
    """Sums that stand in a product are variables: of one sign, when the summand has no negative coefficient."""
    domains, opaque = dict(piece.domains), dict(piece.opaque)
    for (_, body), name in engine.totals.known.items():
        opaque[name] = ("sum", (body,))
        if _plainly_nonnegative(engine.scalars, body, piece.domains):
            domains[name] = NONNEGATIVE
    return replace(piece, domains=domains, opaque=opaque)


def _plainly_nonnegative(scalars: ScalarField, body: Frac, domains: dict[str, Interval]) -> bool:
    from theory.goal_checker import Refused, verify
    from theory.goals import Signs

    probe = Piece(scalars, Value(body), domains)
    try:
        verify(probe.goal(terms(body.numer)), Signs())
        verify(probe.goal(terms(body.denom), strict=True), Signs())
    except Refused:
        return False
    return True


def shared(found: list[Piece]) -> list[list[Piece]]:
    """Ways to share the constant part among the sums: each is a list of pieces that together show the whole.

    1. d times what stands beside the sums joins each summand. 2. The rest joins too, if the summands are nonnegative
    without it (there is a direction). 3. What each direction of the complement brings, D - k times, joins the
    summands of those that take one up: at most D - k angles are positive, and a direction at angle zero takes up none.
    """
    sums = [p for p in found if p.where]
    constants = [p for p in found if not p.where]
    if len(sums) != 1 or len(constants) > 1 or sums[0].where != EACH:
        return [found]
    plane = sums[0]
    constant = constants[0] if constants else plane.with_value(Value(plane.scalars.field.zero))
    parts = _by_sizes(constant)
    if parts is None:
        return [found]
    free, per = parts
    scalars = plane.scalars
    zero = Value(scalars.field.zero)
    base = replace(constant, where="", conditions=constant.conditions if constants else _planeless(plane))
    each = plane.with_value(plane.value.plus(per.get("d", zero)))
    low = base.domains.get(CODIMENSION, NONNEGATIVE).low
    label = {CODIMENSION: COMPLEMENT} if not low else {}
    rest = [
        replace(base, value=v, where=label.get(n, "")) for n, v in per.items() if n != "d" and (v.rational or v.logs)
    ]
    lone = [base.with_value(free)] if free.rational or free.logs else []
    answers = [[*lone, *rest, each]]
    if lone:
        answers.append([*rest, replace(each, where=FURTHER), each.with_value(each.value.plus(free))])
    if CODIMENSION in per and "s_i" in scalars.gens:
        beside = replace(each.with_value(each.value.plus(per[CODIMENSION])), where=OFF)
        try:
            aligned = replace(each.put("s_i", scalars.field.zero), where=ALIGNED)
            answers.append([*lone, *rest, beside, aligned])
        except ZeroDivisionError:
            pass
    return answers


def _planeless(piece: Piece) -> tuple[tuple[Frac, str], ...]:
    return tuple(c for c in piece.conditions if not piece.scalars.depends_on(c[0], PLANE_SUFFIX))


def _by_sizes(piece: Piece) -> tuple[Value, dict[str, Value]] | None:
    """The part that is free of the sizes and the factor of each, if it is linear in them; None otherwise."""
    scalars, zero = piece.scalars, piece.scalars.field.zero
    names = [name for name in SIZES if name in scalars.gens]
    free = Value(zero)
    per: dict[str, Value] = {}
    whole: list[tuple[Frac | None, Frac]] = [(None, piece.value.rational), *piece.value.logs.items()]
    for argument, part in whole:
        if argument is not None and scalars.used(argument) & set(names):
            return None
        split = _linear(scalars, part, names)
        if split is None:
            return None
        for name, factor in split.items():
            value = Value(factor) if argument is None else Value(zero, {argument: factor})
            if name:
                per[name] = per.get(name, Value(zero)).plus(value)
            else:
                free = free.plus(value)
    return free, per


def _linear(scalars: ScalarField, part: Frac, names: list[str]) -> dict[str, Frac] | None:
    places = {scalars.names.index(name): name for name in names}
    if any(m[i] for m in part.denom.monoms() for i in places):
        return None
    found: dict[str, dict[tuple[int, ...], object]] = {}
    for monomial, coefficient in part.numer.terms():
        present = [i for i in places if monomial[i]]
        if len(present) > 1 or any(monomial[i] > 1 for i in present):
            return None
        rest = tuple(0 if i in places else n for i, n in enumerate(monomial))
        found.setdefault(places[present[0]] if present else "", {})[rest] = coefficient
    below = scalars.field.poly(part.denom)
    return {name: scalars.field.poly(part.numer.ring.from_dict(table)) / below for name, table in found.items()}


def number(scalars: ScalarField, value: Fraction | int) -> Frac:
    """A number of the field."""
    return scalars.number(Fraction(value))


def product(factors: list[Frac], scalars: ScalarField) -> Frac:
    """The product of rational functions."""
    return reduce(lambda a, b: a * b, factors, scalars.field.one)
