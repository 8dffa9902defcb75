"""Proving claims: relations and monotonicity, by normal form, by the kernel, and piece by piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from theory import kernel
from theory.chain import Chain, Stopped
from theory.claims import Claim, oriented, time_variable
from theory.coordinates import ADJACENT, HALF, OPPOSITE, Coordinates, coordinates, exponential_domain
from theory.expr import Expr, symbols
from theory.facts import Facts
from theory.goals import Interval
from theory.normal import equal
from theory.operators import NotDecidable
from theory.pieces import ABSENT, Piece, pieces, shared
from theory.piecewise import Hints, OutOfTime, Prover, Shown, slope
from theory.proving import Clock
from theory.rational import Frac
from theory.rules import ALGEBRA, CERTIFICATE, PROPER_ENCODER
from theory.scalars import Value, log_products

WORDS = {"(0, infinity)": "positive", "[0, infinity)": "nonnegative", "[0, 1]": "unit", "(0, 1)": "inner"}

# What ends an attempt: outside the grammar, not defined, or out of time.
FAILURES = (NotDecidable, ArithmeticError, ValueError, LookupError, RecursionError, OutOfTime)


@dataclass(frozen=True)
class Proved:
    """How a claim was shown, in words, with the goals and proofs that carry it."""

    how: str
    shown: Shown


class ClaimProver:
    """Shows one claim. `late` ends the search; `hints` gives points where cuts of a domain may help."""

    def __init__(self, claim: Claim, late: Clock = lambda: False, hints: Hints = lambda _: ()) -> None:
        self.claim, self.prover, self.late = claim, Prover(late, hints), late

    def coordinates(self, *trees: Expr, moving: str | None = None) -> Coordinates:
        claim = self.claim
        everything = (*trees, *claim.trees)
        return coordinates(
            claim.model, everything, dict(claim.domains), proper=claim.proper, path=claim.path, moving=moving
        )

    def pieces(
        self, tree: Expr, *, conditioned: bool = True, moving: str | None = None
    ) -> tuple[list[Piece], Coordinates]:
        """The pieces of a tree under the claim's conditions."""
        free = self.coordinates(tree, moving=moving)
        conditions = self.claim.conditions if conditioned else []
        written = [(free.write(part), relation) for part, relation in conditions]
        return pieces(free.write(tree), written, free.domains, free.tied), free

    def holds(self, tree: Expr, relation: str, *, conditioned: bool = True) -> Proved | None:
        """Whether `tree REL 0` is shown, for REL one of `==`, `>=`, `>`, `!=`."""
        try:
            found, _ = self.pieces(tree, conditioned=conditioned)
            if relation == "!=":
                return self._of(found, ">") or self._of([_negative(p) for p in found], ">")
            return self._of(found, relation)
        except FAILURES:
            return None

    def _of(self, found: list[Piece], relation: str) -> Proved | None:
        if relation == "==":
            return self._zero(found)
        for option in shared(found):
            shown = self._together(option, strict=relation == ">")
            if shown is not None:
                return Proved(_described(shown), shown)
        return None

    def _zero(self, found: list[Piece]) -> Proved | None:
        option = shared(found)[0]
        if all(_vanishes(piece) for piece in option):
            return Proved("normal form", Shown())
        both = [self._of(option, ">="), self._of([_negative(p) for p in option], ">=")]
        if both[0] is None or both[1] is None:
            return None
        both[0].shown.join(both[1].shown)
        return Proved("both directions: " + _described(both[0].shown), both[0].shown)

    def _together(self, option: list[Piece], *, strict: bool) -> Shown | None:
        """All pieces; a strict claim needs one that is positive, of those that are certainly there."""
        total = Shown()
        sharp = False
        for piece in option:
            shown = None
            if strict and not sharp:
                shown = self.prover.nonnegative(piece, strict=True) if _is_there(piece) else None
                sharp = shown is not None
            if shown is None:
                shown = self.prover.nonnegative(piece)
            if shown is None:
                return None
            total.join(shown)
        return total if sharp or not strict else None

    def relation(self) -> Proved | None:
        """The claim's own relation; the kernel is asked first where there are no conditions."""
        claim = self.claim
        tree, relation = oriented(claim.left, claim.relation, claim.right)
        by_kernel = self.by_kernel()
        by_form = self._by_normal_form() if relation == "==" and by_kernel is None else None
        return by_kernel or by_form or self.holds(tree, relation)

    def _by_normal_form(self) -> Proved | None:
        """Both sides in the free variables have one normal form; that they are defined is shown on its own."""
        try:
            free = self.coordinates()
            same = equal(free.write(self.claim.left), free.write(self.claim.right), Facts())
        except FAILURES:
            return None
        return Proved("normal form", Shown()) if same else None

    def by_kernel(self) -> Proved | None:
        """A chain of one link in the claim's model, with the declared domains put in; not under conditions."""
        claim, model = self.claim, self.claim.model
        if claim.relation not in ("==", "<=", ">=") or claim.where or claim.path:
            return None
        words = {name: WORDS[str(domain)] for name, domain in claim.own.items() if str(domain) in WORDS}
        try:
            chain = Chain("the claim", claim.left, model.with_domain(**words), "claim")
            beside = PROPER_ENCODER if claim.proper else ALGEBRA
            if claim.relation == "==":
                chain.eq(claim.right, ALGEBRA & beside)
            elif claim.relation == "<=":
                chain.le(claim.right, CERTIFICATE & beside)
            else:
                chain.ge(claim.right, CERTIFICATE & beside)
        except (Stopped, ValueError):
            return None
        reports = kernel.check(chain)
        if not reports or not all(report.accepted for report in reports):
            return None
        return Proved(f"the kernel: {reports[0].how}", Shown())

    def moves(self) -> Proved | None:
        """Monotonicity, by the sign of the derivative of every piece in the variable that moves."""
        name, sign = self.variable()
        sign *= 1 if self.claim.kind == "increases" else -1
        try:
            found, free = self.pieces(self.claim.left, moving=None if self.claim.path or " " in name else name)
            if name not in free.domains:
                name, sign = free.exponentials[name], -sign
            return self._moving(found, name, sign)
        except FAILURES:
            return None

    def _moving(self, found: list[Piece], name: str, sign: int) -> Proved | None:
        total, sharp = Shown(reasons={"slope"}), False
        rates = []
        for piece in found:
            moving = {name, piece.tied.get(name, name)}
            if any(moving & piece.scalars.used(part) for _, parts in piece.opaque.values() for part in parts):
                return None  # a root or a minimum moves too
            wide = replace(piece, conditions=tuple(c for c in piece.conditions if _is_interval(piece, c[0], name)))
            defined = self.prover.defined(wide)
            if defined is None:
                return None
            total.join(defined)
            rate = slope(wide, name)
            rates.append(wide.with_value(Value(rate.rational * sign, {a: c * sign for a, c in rate.logs.items()})))
        for moved in (rate for rate in rates if rate.value.rational or rate.value.logs):
            open_domain = _interior(moved.domains[name])
            tied = {moved.tied[name]: exponential_domain(open_domain)} if name in moved.tied else {}
            inner = replace(moved, domains={**moved.domains, name: open_domain, **tied})
            shown = self.prover.nonnegative(inner, strict=True) if self.claim.strict and not sharp else None
            sharp = sharp or shown is not None
            if shown is None:
                shown = self.prover.nonnegative(moved)
            if shown is None:
                return None
            total.join(shown)
        if self.claim.strict and not sharp:
            return None
        return Proved("the sign of the derivative: " + _described(total), total)

    def variable(self) -> tuple[str, int]:
        """The free variable that moves with the claim's, and the sign by which it does."""
        claim, names = self.claim, self.claim.named
        if claim.variable == "t" and claim.path:
            return time_variable(claim.assumptions.process)
        if claim.variable == "theta_i":
            if {"sin_i", "cos_i"} <= names:
                return HALF, 1
            return (OPPOSITE, 1) if "sin_i" in names else (ADJACENT, -1) if "cos_i" in names else ("s_i", 1)
        if claim.variable == "lambda_i" and "lambda_i" in claim.model.fixed:
            return "lambda", 1
        return claim.variable, 1

    def nothing_meets(self) -> Proved | None:
        """Whether the conditions contradict one another: they would show that -1 is not negative."""
        domains = self.claim.domains
        if any(domain.is_empty for domain in domains.values()):
            return Proved("an empty domain", Shown())
        conditions = self.claim.conditions
        try:
            free = self.coordinates()
            written = [(free.write(part), relation) for part, relation in conditions]
            (piece,) = pieces(free.write(_MINUS_ONE), written, free.domains, free.tied)
            whole = replace(piece, conditions=_all_conditions(piece, written, free))
            shown = self.prover.nonnegative(whole)
        except FAILURES:
            return None
        return None if shown is None else Proved("the conditions contradict one another", shown)


def _all_conditions(piece: Piece, written: list[tuple[Expr, str]], free: Coordinates) -> tuple[tuple[Frac, str], ...]:
    """With those of one direction: there is a direction."""
    (wide,) = [p for p in pieces(Expr("sum", ("target", _MINUS_ONE)), written, free.domains, free.tied) if p.where]
    return wide.conditions if wide.scalars.names == piece.scalars.names else piece.conditions


_MINUS_ONE = Expr("num", (Fraction(-1),))


def _is_there(piece: Piece) -> bool:
    """Whether what a piece stands for occurs at least once: numbers and each of d directions, but no codimension."""
    return piece.where not in ABSENT


def _negative(piece: Piece) -> Piece:
    value = piece.value
    return piece.with_value(Value(-value.rational, {a: -c for a, c in value.logs.items()}))


def _vanishes(piece: Piece) -> bool:
    scalars, value = piece.scalars, piece.value
    return scalars.is_zero(value.rational) and not log_products(scalars, value.logs)


def _is_interval(piece: Piece, condition: object, name: str) -> bool:
    """Whether a condition leaves an interval of a variable: it does not hold it, or is linear in it."""
    index = piece.scalars.names.index(name)
    top, bottom = condition.numer, condition.denom  # type: ignore[attr-defined]
    return all(m[index] == 0 for m in bottom.monoms()) and all(m[index] <= 1 for m in top.monoms())


def _interior(domain: Interval) -> Interval:
    return replace(domain, low_open=True, high_open=True)


def _described(shown: Shown) -> str:
    ways = sorted(shown.reasons)
    beyond = f" with {', '.join(ways)}" if ways else ""
    return f"{len(shown.goals)} certificates in {shown.leaves} pieces{beyond}" if shown.goals else f"algebra{beyond}"


def used_names(claim: Claim) -> set[str]:
    """The names in a claim."""
    return {name for tree in claim.trees for name in symbols(tree)}
