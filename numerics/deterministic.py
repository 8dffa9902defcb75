"""The exact rung and the ball rung: run every comparison of a result at every point, and never guess."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from flint import acb, acb_mat, arb, ctx, fmpq

from numerics.balls import unwrap, wrap
from numerics.cases import Case, full_cases, quick_cases
from numerics.comparisons import Comparison, FunctionFailed, attempt, map_leaves
from numerics.dense import DenseModel, ball_model, exact_model
from numerics.frames import BALL_FIELD, EXACT_FIELD, Field
from numerics.functions import BALL, EXACT, Inexact
from numerics.logform import LogForm, as_fmpq
from numerics.parameters import wanted
from numerics.report import AGREES, REFUTED, UNDECIDED, RungReport
from numerics.results import Obligation, load

DIGITS = 50
PRECISIONS = (320, 640, 1280, 2560)  # bits; tried in turn until the enclosures are tight
Progress = Callable[[int, int], None]
Emitted = Callable[..., Any]


class Decision(Enum):
    """What came of one comparison or of one point."""

    HOLDS = "holds"
    FAILS = "fails"
    WIDE = "wide"
    EMPTY = "empty"  # the result says nothing at this point


ORDER = (Decision.EMPTY, Decision.HOLDS, Decision.WIDE, Decision.FAILS)  # from what says least to what says most


@dataclass(frozen=True)
class Finding:
    """Outcome at one point; ``note`` says where it fails or what stays wide, ``digits`` how sharply it was decided."""

    decision: Decision
    note: str = ""
    digits: float = math.inf


class ExactRoute:
    """Rational arithmetic with formal logarithms."""

    field: Field = EXACT_FIELD

    def __init__(self, function: Emitted, effort: str, logarithms: bool) -> None:
        self.function, self.effort, self.logarithms = function, effort, logarithms

    def model(self, case: Case) -> DenseModel:
        """The dense rational model, shared by all results."""
        return exact_model(case)

    def call(self, case: Case, **given: Any) -> Any:
        """The emitted function at a case, over the rationals."""
        m, want = self.model(case), wanted(self.function)
        keywords = {name: given[name] if name in given else m.parameter(name) for name in want.names}
        arguments = (m.alpha2, m.h, m.sigma2, case.D, case.k, m.planes(want.sourced))
        output = attempt(self.function, arguments, EXACT, keywords)
        return map_leaves(output, self._number)

    def _number(self, value: Any) -> Any:
        """A rational or, where the result has one, a logarithm; FunctionFailed for anything else."""
        if isinstance(value, LogForm):
            if not value.terms:
                return value.rational
            if self.logarithms:
                return value
            raise FunctionFailed(f"returned {value}, a rational number expected")
        try:
            return as_fmpq(value)
        except TypeError as error:
            raise FunctionFailed(f"returned {value!r}: {error}") from error

    def integral(self, case: Case, end: Fraction) -> Any | None:
        """No rational value."""
        return None


class BallRoute:
    """Arb balls at the precision in force."""

    field: Field = BALL_FIELD

    def __init__(self, function: Emitted, effort: str) -> None:
        self.function, self.effort = function, effort

    def model(self, case: Case) -> DenseModel:
        """The dense ball model at this precision, shared by all results."""
        return ball_model(case)

    def call(self, case: Case, **given: Any) -> Any:
        """The emitted function at a case, in balls."""
        m, want = self.model(case), wanted(self.function)
        keywords = {name: wrap(given[name] if name in given else m.parameter(name)) for name in want.names}
        arguments = wrap([m.alpha2, m.h, m.sigma2, case.D, case.k])
        planes = [tuple(wrap(plane)) for plane in m.planes(want.sourced)]
        return map_leaves(unwrap(attempt(self.function, (*arguments, planes), BALL, keywords)), self._number)

    def _number(self, value: Any) -> Any:
        if not isinstance(value, int | arb):
            raise FunctionFailed(f"returned {value!r}, a ball expected")
        return arb(value)

    def integral(self, case: Case, end: Fraction) -> Any | None:
        """Rigorous quadrature of the dense F(r) for D <= 4 (2 when quick), where r is not extreme."""
        start, largest = case.h / case.alpha2, 2 if self.effort == "quick" else 4
        moderate = Fraction(1, 1000) < start < 1000
        if largest < case.D or not moderate:
            return None
        return integrated_error(self.model(case), start, end)


def integrated_error(m: DenseModel, start: Fraction, end: Fraction) -> Any:
    """Enclosure of the integral of F(r) = tr(K Sigma K^T) at alpha = 1, h = r, from dense complex matrices.

    The integrand is meromorphic in r: a ball on which a matrix cannot be inverted yields a non-finite value, which
    the integrator answers by subdividing.
    """
    U, UT, P, identity = (acb_mat(x) for x in (m.U, m.U.transpose(), m.P, m.identity))
    data = acb_mat(m.V * m.Lambda * m.V.transpose() + m.identity * m.sigma2)

    def F(r: Any, _: bool) -> Any:
        Sigma = data + identity * r
        try:
            K = U * (UT * Sigma * U).inv() * UT - Sigma.inv() + P * (1 / r)
        except ZeroDivisionError:
            return acb(arb.nan())
        return (K * Sigma * K).trace()

    a, b = (acb(fmpq(x.numerator, x.denominator)) for x in (start, end))
    return acb.integral(F, a, b).real


def decide_exact(c: Comparison) -> Finding:
    """Zero tolerance."""
    holds = c.left == c.right if c.relation == "=" else c.left <= c.right
    return Finding(Decision.HOLDS) if holds else Finding(Decision.FAILS, _violated(c, _show(c.left), _show(c.right)))


def decide_ball(c: Comparison) -> Finding:
    """Disjoint balls refute; overlapping ones count only when they are tight."""
    left, right = arb(c.left), arb(c.right)
    if not (left.is_finite() and right.is_finite()):
        return Finding(Decision.WIDE, f"{c.name}: no finite enclosure")
    gap = left - right
    if (not gap.contains(0)) if c.relation == "=" else (gap > 0):
        return Finding(Decision.FAILS, _violated(c, left.str(25), right.str(25)))
    if c.relation == "<=" and gap <= 0:
        return Finding(Decision.HOLDS)
    # The largest difference the enclosures leave open, relative where the value is known not to be zero.
    left_open = gap.abs_upper()
    size = max(right.abs_lower(), arb(0 if c.scale is None else c.scale).abs_lower())
    if size == 0:
        size = arb(1)  # zero, as far as the enclosure can tell: measured absolutely
    if left_open == 0:
        return Finding(Decision.HOLDS)
    digits = float((size / left_open).log() / arb(10).log())
    return Finding(Decision.HOLDS if digits >= DIGITS else Decision.WIDE, f"{c.name}: {digits:.0f} digits", digits)


def _violated(c: Comparison, left: str, right: str) -> str:
    return f"{c.name}: {left} {'is not' if c.relation == '=' else 'is above'} {right}"


def _show(value: Any) -> str:
    text = value.ball().str(15, radius=False) + " exactly " + repr(value) if isinstance(value, LogForm) else str(value)
    return text if len(text) <= 120 else f"{text[:80]}... ({arb(value).str(15) if isinstance(value, fmpq) else ''})"


def _settle(comparisons: Iterator[Comparison], decide: Callable[[Comparison], Finding]) -> Finding:
    worst = Finding(Decision.EMPTY)
    for comparison in comparisons:
        found = decide(comparison)
        if found.decision is Decision.FAILS:
            return found
        worst = max(worst, found, key=lambda f: (ORDER.index(f.decision), -f.digits))
    return worst


def _exact_point(obligation: Obligation, function: Emitted, case: Case, effort: str) -> Finding:
    try:
        route = ExactRoute(function, effort, obligation.logarithmic)
        return _settle(obligation.comparisons(route, case), decide_exact)
    except FunctionFailed as failure:
        return Finding(Decision.FAILS, str(failure))
    except Inexact as reason:  # exact numbers cannot follow the function here; enclosures may refute it, never confirm
        found = _ball_point(obligation, function, case, effort)
        return found if found.decision is Decision.FAILS else Finding(Decision.WIDE, str(reason))


def _ball_point(obligation: Obligation, function: Emitted, case: Case, effort: str) -> Finding:
    found = Finding(Decision.WIDE)
    for prec in PRECISIONS:
        with ctx.workprec(prec):
            try:
                found = _settle(obligation.comparisons(BallRoute(function, effort), case), decide_ball)
            except FunctionFailed as failure:
                return Finding(Decision.FAILS, str(failure))
            except ZeroDivisionError:  # a dense matrix whose inverse is not enclosed at this precision
                found = Finding(Decision.WIDE, "dense inverse not enclosed")
        if found.decision is not Decision.WIDE:
            return found
    return found


def cases_for(rung: str, quantity: str, effort: str, seed: int) -> tuple[Case, ...]:
    """The points one rung visits for one result."""
    exact = rung == "exact"
    cases = quick_cases(exact, seed) if effort == "quick" else full_cases(exact, seed)
    return cases + load(quantity).more_cases(exact, seed)


def run_deterministic(
    rung: str, quantity: str, function: Emitted, seed: int, effort: str, progress: Progress | None
) -> RungReport:
    """The exact or the ball rung; the first point that refutes ends it."""
    visit = _exact_point if rung == "exact" else _ball_point
    obligation = load(quantity)
    cases = cases_for(rung, quantity, effort, seed)
    decided, empty, digits, undecided = 0, 0, math.inf, ""
    for i, case in enumerate(cases):
        found = visit(obligation, function, case, effort)
        if found.decision is Decision.FAILS:
            point = f"{case.describe()}: {found.note}"
            return RungReport(rung, REFUTED, f"fails at point {i + 1}: {found.note.split(':')[0]}", decided + 1, point)
        if found.decision is Decision.WIDE:
            undecided = undecided or f"{case.describe()}: {found.note}"
        elif found.decision is Decision.EMPTY:
            empty += 1
        else:
            decided += 1
            digits = min(digits, found.digits)
        if progress is not None:
            progress(i + 1, len(cases))
    if undecided:
        opened = len(cases) - decided - empty
        return RungReport(rung, UNDECIDED, f"{opened} of {len(cases)} open, first {undecided}", decided)
    if not decided:
        return RungReport(rung, UNDECIDED, "no point at which the result says anything", 0)
    size = "residual 0" if rung == "exact" else f"{min(digits, 9999):.0f} digits"
    detail = f"{decided} frames, {size}" if rung == "exact" else f"{size} on {decided} frames"
    return RungReport(rung, AGREES, detail, decided)
