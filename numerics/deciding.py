"""Deciding a claim: is it defined, does anything meet its conditions, is there a counterexample, is there a proof.

Counterexamples come first and are looked for again after the proof has failed. A claim is PROVED only with accepted
certificates and a point at hand that meets its conditions; REFUTED only with a point that was evaluated from scratch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from time import monotonic

from numerics.ball_cover import shown_by_balls
from numerics.claim_point import NoValue, Point, holds, sign
from numerics.refuting import Question, Search, Seen, Values
from numerics.vanishing import decide_limit
from numerics.written_out import Sizes, WrittenOut
from theory.claim_proof import ClaimProver, Proved
from theory.claims import Claim, Finding, oriented, rational_path, wanted
from theory.expr import Expr, substitute, sym, symbols
from theory.goals import Interval
from theory.text import text

Report = Callable[[str], None]
SIZES = (
    Sizes(2, 1, 1), Sizes(3, 1, 1), Sizes(4, 2, 2), Sizes(3, 1, 2), Sizes(3, 2, 1), Sizes(1, 1, 1), Sizes(1000, 1, 1),
    Sizes(4, 1, 3), Sizes(6, 3, 3), Sizes(10**6, 2, 1),
)  # fmt: skip
QUICK = 0.35
RATIO = "r ratio"  # the ratio as an independent number, with h made of it


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
        outcome = decide_limit(claim, run.late)
        return replace(outcome_of_limit(outcome), tried=tuple(run.tried))
    undefined = _undefined(run)
    if undefined is not None:
        return undefined
    return replace(_decide(run), tried=tuple(run.tried))


def outcome_of_limit(found: tuple[str, str, Point | None]) -> Outcome:
    """A finding about a limit as an outcome."""
    word, how, point = found
    return Outcome(Finding(word), how, point, kinds=("exact",) if word != "UNDECIDED" else ())


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
    proved = prover.relation() if run.claim.kind == "relation" else prover.moves()
    if proved is None and run.claim.kind == "relation":
        run.note("normal form, kernel, certificates with cuts of the domain: no proof found")
        proved = shown_by_balls(run.claim, lambda: monotonic() > start + 0.75 * total)
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


class Setting:
    """A claim at given sizes, ready to be searched: trees of independent numbers and the way back to points."""

    def __init__(self, claim: Claim, sizes: Sizes) -> None:
        self.claim, self.sizes = claim, sizes
        path, fresh, times = rational_path(claim.path)
        names = {name for tree in claim.trees for name in symbols(tree)} | {claim.variable}
        fixed = claim.model.fixed
        self.out = WrittenOut(
            sizes,
            fixed,
            {**path, **times},
            halved=bool(names & {"sin_i", "cos_i"}),
            one_variance="lambda_i" in fixed,
        )
        self.own = {**claim.domains, **fresh}
        if "r" in names and "alpha" not in path:
            self.own["alpha"] = Interval(Fraction(0), self.own.get("alpha", Interval()).high, True, "alpha" in self.own)
        self.conditions = [
            (tree, relation) for part, relation in claim.conditions for tree in self.out.everywhere(part)
        ]

    def moving(self, tree: Expr) -> tuple[Expr, str]:
        """A tree that is written out, and the independent number in it that moves; an empty name if there is none."""
        key = moving_key(self)
        if key == "r":  # at the same alpha
            self.own["r"] = Interval(Fraction(0), low_open=True)
            key, ratio = RATIO, {"h": sym(RATIO) * sym("alpha") ** 2}
            tree = substitute(tree, ratio)
            self.conditions = [(substitute(part, ratio), relation) for part, relation in self.conditions]
        return tree, key if key in symbols(tree) else ""

    def question(self, tree: Expr, relation: str, extra: Sequence[tuple[Expr, str]] = ()) -> Question:
        """A question about a tree that is written out already."""
        conditions = (*self.conditions, *extra)
        names = symbols(tree).union(*(symbols(part) for part, _ in conditions))
        domains = {name: self.out.domain(name.removeprefix("then "), self.own) for name in names}
        return Question(tree, relation, conditions, domains)


def settings(claim: Claim) -> Iterator[Setting]:
    """The sizes at which a claim is looked at: one, where it speaks of no direction and no size."""
    trees = claim.trees
    names = {name for tree in trees for name in symbols(tree)} | {claim.variable}
    summed = any(node.head == "sum" for tree in trees for node in _nodes(tree))
    plain = not summed and not names & {"D", "k", "d"}
    dims, fits = claim.model.dims, []
    for sizes in SIZES:
        right = {"k=d": sizes.k == sizes.d, "k<d": sizes.k < sizes.d, "k>d": sizes.k > sizes.d}.get(dims, True)
        if right and (sizes.k < sizes.D or not claim.proper):
            fits.append(sizes)
    for sizes in fits[:1] if plain and not any(n.endswith("_i") for n in names) else fits[:3] if plain else fits:
        yield Setting(claim, sizes)


def _nodes(tree: Expr) -> Iterator[Expr]:
    from theory.expr import walk

    return walk(tree)


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


def holds_everywhere(left: Expr, relation: str, right: Expr, point: Point) -> bool:
    """A condition at a point, for every direction if it speaks of one."""
    single = [replace(point, planes=(plane,)) for plane in point.planes]
    if any(n.head == "sum" for n in _nodes(left - right)) or not any(n.endswith("_i") for n in symbols(left - right)):
        single = [point]
    return all(holds(left, relation, right, at) is True for at in single)


def moving_key(setting: Setting) -> str:
    claim = setting.claim
    variable, out = claim.variable, setting.out
    if variable == "theta_i":
        return "half_i 1" if out.halved else "s_i 1"
    if variable in ("lambda_i", "lambda"):
        return "lambda_i 1"
    if variable == "s_i":
        return "s_i 1"
    if variable == "t" and claim.path:
        path, _, times = rational_path(claim.path)
        if "alpha" not in path:
            return "alpha"
        names = set(times) or {name for tree in path.values() for name in symbols(tree)}
        name = next(iter(names), "t")
        return f"e^-{name}/2" if name in times else name
    return variable


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
    both = lambda values: _pair(setting, values, key, then)  # noqa: E731 - used twice
    seen = Search(question, lambda v: _moves_wrongly(claim, *both(v)), lambda: monotonic() > until, run.seed).run()
    _collect(run, setting, seen, found, key)
    if seen.failure is not None:
        one, two = both(seen.failure)
        found.failure = Outcome(Finding.REFUTED, "two points between which it fails", one, two, kinds=("exact",))


def _pair(setting: Setting, values: Values, key: str, then: str) -> tuple[Point, Point]:
    first = {n: x for n, x in values.items() if n != then}
    second = {**first, key: values.get(then, Fraction(1))}
    return tuple(setting.out.point(_with_ratio(v)) for v in (first, second))  # type: ignore[return-value]


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


def difference_sign(tree: Expr, one: Point, two: Point) -> int | None:
    """The sign of the value at the second point less that at the first."""
    from numerics.claim_point import MOST_BITS, Undecided, enclosed, exactly

    first, second = exactly(tree, one), exactly(tree, two)
    if first is not None and second is not None:
        return (second > first) - (second < first)
    prec = 128
    while prec <= MOST_BITS:
        try:
            change = enclosed(tree, two, prec) - enclosed(tree, one, prec)
        except Undecided:
            change = None
        if change is not None and (change > 0 or change < 0):
            return 1 if change > 0 else -1
        prec *= 4
    return None


def _collect(run: _Run, setting: Setting, seen: Seen, found: _Found, key: str = "") -> None:
    found.tried += seen.tried
    if seen.feasible is not None and found.witness is None:
        witness = setting.out.point(_with_ratio({n: x for n, x in seen.feasible.items() if not n.startswith("then ")}))
        if all(_met(one, relation, two, witness) for one, relation, two in run.claim.where):
            found.witness = witness
    run.lows += [
        setting.out.point(_with_ratio({n: x for n, x in v.items() if not n.startswith("then ")}))
        for _, v in seen.lows[:4]
    ]


def _met(one: Expr, relation: str, two: Expr, point: Point) -> bool:
    try:
        return holds_everywhere(one, relation, two, point)
    except (NoValue, ArithmeticError):
        return False


def _hints(run: _Run) -> Callable[[tuple[str, ...]], list[list[Fraction | None]]]:
    """The lowest points of the search, by the names of a goal's variables."""
    from numerics.claim_point import exactly

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


def _undefined(run: _Run) -> Outcome | None:
    """Every denominator, root and logarithm on its own: shown to be in range, or the place where it is not."""
    claim = run.claim
    sides = [(tree, True) for tree in (claim.left, claim.right)]
    sides += [(tree, False) for one, _, two in claim.where for tree in (one, two)]
    open_ones: list[str] = []
    done: set[tuple[Expr, str]] = set()
    for side, conditioned in sides:
        for tree, relation in wanted(side):
            if (tree, relation) in done:
                continue
            done.add((tree, relation))
            asked = replace(claim, where=claim.where if conditioned else ())
            trouble = _out_of_range(run, asked, tree, relation)
            if isinstance(trouble, Outcome):
                return replace(trouble, tried=tuple(run.tried))
            open_ones += [trouble] if trouble else []
    if open_ones:
        run.note(f"not certainly defined: {'; '.join(open_ones)}")
        return Outcome(Finding.UNDECIDED, f"not certainly defined: {open_ones[0]}", tried=tuple(run.tried))
    return None


IN_WORDS = {"!=": "may be 0", ">": "may not be positive", ">=": "may be negative"}


def _out_of_range(run: _Run, claim: Claim, tree: Expr, relation: str) -> Outcome | str | None:
    plain = replace(claim, kind="relation", left=tree, right=_zero(), relation=relation, strict=False)
    place = _search_range(run, plain, tree, relation, 0.05)
    if place is not None:
        return place
    prover = ClaimProver(claim, lambda: monotonic() > run.until)
    if prover.holds(tree, relation) is not None:
        return None
    place = _search_range(run, plain, tree, relation, 1.0)
    return place if place is not None else f"{text(tree)} {IN_WORDS[relation]}"


def _zero() -> Expr:
    from theory.expr import num

    return num(0)


def _search_range(run: _Run, claim: Claim, tree: Expr, relation: str, seconds: float) -> Outcome | None:
    until = min(run.until, monotonic() + seconds)
    for setting in settings(claim):

        def confirm(values: Values, setting: Setting = setting) -> bool:
            point = setting.out.point(values)
            try:
                if not all(holds_everywhere(a, r, b, point) for a, r, b in claim.where):
                    return False
                found = min((sign(tree, at) for at in _single(tree, point)), key=lambda s: (s is None, s != 0, s))
            except (NoValue, ArithmeticError):
                return False
            return found is not None and {"!=": found == 0, ">": found <= 0, ">=": found < 0}[relation]

        trees = setting.out.everywhere(tree) if tree.head != "sum" else [setting.out.write(tree)]
        for written in trees[:1]:
            seen = Search(setting.question(written, relation), confirm, lambda: monotonic() > until, run.seed).run(40)
            if seen.failure is not None:
                point = setting.out.point(seen.failure)
                words = f"not defined: {text(tree)} {IN_WORDS[relation].replace('may be', 'is').replace('may not be', 'is not')}"
                return Outcome(Finding.ERROR, words, point)
    return None


def _single(tree: Expr, point: Point) -> list[Point]:
    if any(name.endswith("_i") for name in symbols(tree)) and point.planes:
        return [replace(point, planes=(plane,)) for plane in point.planes[:1]]
    return [point]
