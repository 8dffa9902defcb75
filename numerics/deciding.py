"""Deciding a claim: is it defined, does anything meet its conditions, is there a counterexample, is there a proof.

Counterexamples come first and are looked for again after the proof has failed. A claim is PROVED only with accepted
certificates and a point at hand that meets its conditions; REFUTED only with a point that was evaluated from scratch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from time import monotonic

from numerics.ball_cover import shown_by_balls
from numerics.claim_point import NoValue, Point, difference_sign, exactly, holds, holds_everywhere
from numerics.claim_setting import RATIO, Setting, settings
from numerics.definedness import undefined
from numerics.refuting import Search, Seen, Values
from numerics.vanishing import decide_limit
from theory.claim_proof import ClaimProver, Proved
from theory.claims import Claim, Finding, oriented
from theory.expr import Expr, substitute, sym

Report = Callable[[str], None]
QUICK = 0.35


@dataclass(frozen=True)
class Outcome:
    """What came of a claim. `point` is the counterexample (for monotonicity the first of two, `moved` the second), or
    where the claim has no value; `how` says what carries the finding, `tried` what was done about it."""

    finding: Finding
    how: str = ""
    point: Point | None = None
    moved: Point | None = None
    witness: Point | None = None
    tried: tuple[str, ...] = ()
    certificates: int = 0
    kinds: tuple[str, ...] = ()


@dataclass
class _Run:
    """One run: the claim, its clock, and what has been tried."""

    claim: Claim
    until: float
    report: Report
    seed: int
    tried: list[str] = field(default_factory=list)
    lows: list[Point] = field(default_factory=list)

    def late(self) -> bool:
        return monotonic() > self.until

    def note(self, words: str) -> None:
        self.tried.append(words)
        self.report(words)


def decide(claim: Claim, seconds: float = 10, seed: int = 0, report: Report = lambda _: None) -> Outcome:
    """The outcome of a claim, found within about so many seconds."""
    run = _Run(claim, monotonic() + seconds, report, seed)
    if claim.kind == "tends":
        word, how, point = decide_limit(claim, run.late)
        return Outcome(Finding(word), how, point, kinds=("exact",) if word != "UNDECIDED" else ())
    open_ones, place = undefined(claim, run.until, seed)
    if place is not None:
        return Outcome(Finding.ERROR, *place)
    if open_ones:
        run.note(f"not certainly defined: {'; '.join(open_ones)}")
        return Outcome(Finding.UNDECIDED, f"not certainly defined: {open_ones[0]}", tried=tuple(run.tried))
    return replace(_decide(run), tried=tuple(run.tried))


def _decide(run: _Run) -> Outcome:
    seen = _search(run, QUICK)
    if seen.failure is not None:
        return seen.failure
    prover = ClaimProver(run.claim, lambda: monotonic() > min(run.until, start + max(2.0, total / 2)), _hints(run))
    start, total = monotonic(), run.until - monotonic()
    if seen.witness is None:
        nothing = prover.nothing_meets()
        if nothing is not None:
            return Outcome(Finding.VACUOUS, nothing.how, certificates=len(nothing.shown.goals))
    other = ClaimProver(run.claim.rewritten, lambda: monotonic() > start + 0.7 * total, _hints(run))
    if run.claim.kind == "relation":
        proved = (other.by_kernel() if run.claim.equal else None) or prover.relation()
        proved = proved or (other.relation() if run.claim.equal else None)
    else:
        proved = prover.moves()
    if proved is None and run.claim.kind == "relation":
        run.note("normal form, kernel, certificates with cuts of the domain: no proof found")
        proved = shown_by_balls(run.claim, lambda: monotonic() > start + 0.85 * total)
        if proved is None:
            run.note("balls on a compact domain: not decided")
    elif proved is None:
        run.note("the sign of the derivative: no proof found")
    while proved is None or seen.witness is None:
        again = _search(run, min(max(run.until - monotonic(), 0.0), 4.0))
        if again.failure is not None:
            return again.failure
        seen = again if seen.witness is None else seen
        run.seed += 1
        if run.late() or proved is not None:
            break
    return _settled(run, proved, seen)


def _settled(run: _Run, proved: Proved | None, seen: _Found) -> Outcome:
    if proved is None:
        run.note(f"{seen.tried} points searched by corners, slices and lines: no counterexample")
        return Outcome(Finding.UNDECIDED, "neither a proof nor a counterexample was found", witness=seen.witness)
    if seen.witness is None:
        run.note(f"shown ({proved.how}), but no point was found that meets the conditions")
        return Outcome(Finding.UNDECIDED, "no point of the assumptions was found")
    return Outcome(
        Finding.PROVED,
        proved.how,
        witness=seen.witness,
        certificates=len(proved.shown.goals),
        kinds=_kinds(proved),
    )


def _kinds(proved: Proved) -> tuple[str, ...]:
    if "balls" in proved.shown.reasons:
        return ("ball",)
    return ("certificate",) if proved.shown.goals or "certificate" in proved.how else ("exact",)


@dataclass
class _Found:
    """What a search found, as points of the model."""

    failure: Outcome | None = None
    witness: Point | None = None
    tried: int = 0


def _search(run: _Run, seconds: float) -> _Found:
    """All sizes in turn, the small ones longest."""
    found = _Found()
    chosen = list(settings(run.claim))
    end = min(run.until, monotonic() + seconds)
    for number, setting in enumerate(chosen):
        left = end - monotonic()
        if left <= 0 and number > 0:
            break
        until = monotonic() + max(left / max(len(chosen) - number, 1), 0.01)
        if run.claim.kind == "relation":
            _search_relation(run, setting, until, found)
        else:
            _search_pair(run, setting, until, found)
        if found.failure is not None:
            break
    return found


def _search_relation(run: _Run, setting: Setting, until: float, found: _Found) -> None:
    claim = run.claim
    tree, relation = oriented(claim.left, claim.relation, claim.right)

    def confirm(values: Values) -> bool:
        return fails(claim, setting.out.point(values))

    question = setting.question(setting.out.write(tree), relation)
    seen = Search(question, confirm, lambda: monotonic() > until, run.seed).run()
    _collect(run, setting, seen, found)
    if seen.failure is not None:
        point = setting.out.point(seen.failure)
        found.failure = Outcome(Finding.REFUTED, "a point at which it fails", point, kinds=("exact",))


def fails(claim: Claim, point: Point) -> bool:
    """Whether the conditions hold and the relation does not at a point, evaluated from scratch."""
    try:
        met = all(holds_everywhere(one, relation, two, point) for one, relation, two in claim.where)
        return met and holds(claim.left, claim.relation, claim.right, point) is False
    except (NoValue, ArithmeticError):
        return False


def _search_pair(run: _Run, setting: Setting, until: float, found: _Found) -> None:
    """Two values of the variable that moves, all else being equal."""
    claim = run.claim
    tree, key = setting.moving(setting.out.write(claim.left))
    if not key:
        return
    then = f"then {key}"
    falls = key.startswith("e^-") or (key == "alpha" and claim.variable == "t")
    first, second = (sym(then), sym(key)) if falls else (sym(key), sym(then))
    later = {key: sym(then)}
    difference = substitute(tree, later) - tree
    rising = claim.kind == "increases"
    relation = (">" if claim.strict else ">=") if rising else ("<" if claim.strict else "<=")
    extra = [(second - first, ">")] + [(substitute(part, later), r) for part, r in setting.conditions]
    if relation in ("<", "<="):
        difference, relation = -difference, {"<": ">", "<=": ">="}[relation]
    question = setting.question(difference, relation, extra)

    def wrong(values: Values) -> bool:
        return _moves_wrongly(claim, *_pair(setting, values, key, then))

    seen = Search(question, wrong, lambda: monotonic() > until, run.seed).run()
    _collect(run, setting, seen, found)
    if seen.failure is not None:
        one, two = _pair(setting, seen.failure, key, then)
        found.failure = Outcome(Finding.REFUTED, "two points between which it fails", one, two, kinds=("exact",))


def _pair(setting: Setting, values: Values, key: str, then: str) -> tuple[Point, Point]:
    first = {n: x for n, x in values.items() if n != then}
    second = {**first, key: values.get(then, Fraction(1))}
    return setting.out.point(_with_ratio(first)), setting.out.point(_with_ratio(second))


def _with_ratio(values: Values) -> Values:
    """h of the ratio, where the ratio moves."""
    if RATIO not in values:
        return values
    alpha = values.get("alpha", Fraction(1))
    rest = {n: x for n, x in values.items() if n != RATIO}
    return {**rest, "alpha": alpha, "h": values[RATIO] * alpha**2}


def _moves_wrongly(claim: Claim, one: Point, two: Point) -> bool:
    """Whether the value moves the other way between two points, evaluated from scratch."""
    try:
        for point in (one, two):
            if not all(holds_everywhere(a, relation, b, point) for a, relation, b in claim.where):
                return False
        change = difference_sign(claim.left, one, two)
    except (NoValue, ArithmeticError):
        return False
    if change is None:
        return False
    wrong = -1 if claim.kind == "increases" else 1
    return change == wrong or (claim.strict and change == 0)


def _collect(run: _Run, setting: Setting, seen: Seen, found: _Found) -> None:
    found.tried += seen.tried
    if seen.feasible is not None and found.witness is None:
        witness = setting.out.point(_with_ratio({n: x for n, x in seen.feasible.items() if not n.startswith("then ")}))
        if all(_met(one, relation, two, witness) for one, relation, two in run.claim.where):
            found.witness = witness
    lows = [{n: x for n, x in values.items() if not n.startswith("then ")} for _, values in seen.lows[:4]]
    run.lows += [setting.out.point(_with_ratio(values)) for values in lows]


def _met(one: Expr, relation: str, two: Expr, point: Point) -> bool:
    try:
        return holds_everywhere(one, relation, two, point)
    except (NoValue, ArithmeticError):
        return False


def _hints(run: _Run) -> Callable[[tuple[str, ...]], list[list[Fraction | None]]]:
    """The lowest points of the search, by the names of a goal's variables."""

    def at(names: tuple[str, ...]) -> list[list[Fraction | None]]:
        found: list[list[Fraction | None]] = []
        for point in run.lows[:6]:
            row: list[Fraction | None] = []
            for name in names:
                try:
                    row.append(exactly(sym(name), point) if " " not in name or name in point.numbers else None)
                except (ArithmeticError, IndexError):
                    row.append(None)
            if row not in found:
                found.append(row)
        return found

    return at
