"""`compare`: what becomes of every result when assumptions change. One row a result; nothing is printed here.

A result is derived anew under the changed assumptions. It goes through, with the same closed form or another; or it
stops, and then another result may say what stands in the place of its values, a part of its proof may survive, and the
old formula is put to the test in a world in which the assumption fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import derivations

if TYPE_CHECKING:
    from numerics.refutations import Refutation
    from theory.assumptions import Assumptions
    from theory.derivation import Derivation, Output, Replacement
    from theory.expr import Expr

# From the least to the most that happens to a result.
STATUSES: Final = ("unchanged", "specialised", "changed", "stopped", "refuted", "undecided", "error")


@dataclass(frozen=True)
class Stop:
    """The step at which a derivation ends, and the tag of the assumption that it needs."""

    result: str
    chain: str
    step: int
    line: str
    reason: str
    missing: str


@dataclass(frozen=True)
class Value:
    """One value of a result under both sets of assumptions.

    new is None where nothing is known to stand in its place; relation is that of the value, or of what is printed for
    it, to `new`; by names the result that gives it, where that is another one; difference is new - old with its sign,
    where the kernel decided one; timed is `new` in the process's own time.
    """

    name: str
    old: Expr
    new: Expr | None = None
    start: Expr | None = None
    relation: str = "="
    by: str | None = None
    words: str = ""
    difference: Expr | None = None
    sign: str | None = None
    timed: Expr | None = None


@dataclass(frozen=True)
class Row:
    """What becomes of one result; `verdict` is "-" where a derivation stopped and nothing more is known. `survives`
    holds pairs (start, end) of equalities that are still proved; `trust` is the trust line under the changed
    assumptions; `because` says why something is undecided."""

    id: str
    title: str
    status: str
    verdict: str
    values: tuple[Value, ...]
    stop: Stop | None = None
    survives: tuple[tuple[Expr, Expr], ...] = ()
    refuted: tuple[Refutation, ...] = ()
    trust: str = ""
    because: str = ""


@dataclass(frozen=True)
class Comparison:
    """All rows for the change from `old` to `new` assumptions."""

    old: Assumptions
    new: Assumptions
    rows: tuple[Row, ...]

    def row(self, result_id: str) -> Row:
        """The row of one result. Raises KeyError for one that was not compared."""
        return {row.id: row for row in self.rows}[result_id]

    def _repr_latex_(self) -> str:
        """What a notebook shows: the values that changed."""
        from theory.binding import shown

        lines = [
            rf"\text{{{row.id}: }} {shown(value.old)} \;\to\; {shown(value.new)}"
            for row in self.rows
            for value in row.values
            if value.new is not None and value.new != value.old
        ]
        return "$$\\begin{gathered}" + r" \\ ".join(lines) + "\\end{gathered}$$" if lines else r"$\text{unchanged}$"


def compare_one(result_id: str, new: Assumptions, old: Assumptions) -> Row:
    """The row of one result."""
    from theory.derivation import Stopped

    try:
        before = derivations.load(result_id).derive(old)
    except Stopped as stop:
        return _nothing_to_compare(result_id, str(stop))
    if _read_otherwise(result_id, old):
        return _nothing_to_compare(result_id, "what it is compared with is read in another way")
    replaced = _replacements(result_id, new)
    try:
        after = derivations.load(result_id).derive(new)
    except Stopped as stop:
        return _stopped(before, new, old, replaced, stop)
    return _gone_through(before, after, new, replaced)


def _nothing_to_compare(result_id: str, why: str) -> Row:
    """The row of a result whose formula is not the old assumptions' own."""
    from theory.assumptions import Assumptions

    title = derivations.load(result_id).derive(Assumptions.default()).title
    return Row(result_id, title, "undecided", "-", (), because=f"under the old assumptions, {why}")


def _read_otherwise(result_id: str, assumptions: Assumptions) -> frozenset[str]:
    """The values of a result that the assumptions read in another way, so that its own formula is not theirs."""
    from theory.choices import READINGS

    readings = set(assumptions.choices) & set(READINGS)
    known = derivations.ids() if readings else ()
    made = (one for other in known for one in derivations.load(other).derive(assumptions.surveying()).replaces)
    return frozenset(one.output for one in made if one.result == result_id and one.choice in readings)


# --- what goes through ----------------------------------------------------------------------------------------------
def _gone_through(before: Derivation, after: Derivation, new: Assumptions, replaced: Mapping[str, _Given]) -> Row:
    checked = after.check()
    lost = _read_otherwise(before.id, new) - replaced.keys()
    values = tuple(
        Value(before_output.name, before_output.closed)
        if before_output.name in lost
        else _replaced(before_output, replaced[before_output.name], new)
        if before_output.name in replaced
        else _both(before_output, after_output, new)
        for before_output, after_output in zip(before.outputs, after.outputs, strict=True)
    )
    unknown = tuple(f"no result gives {name} in the way in which it is to be read" for name in sorted(lost))
    status = "undecided" if checked.failures or lost else _status(values)
    because = "; ".join((*checked.failures, *unknown))
    verdict = "-" if lost else _weakest(checked.verdict.name, values)
    return Row(before.id, before.title, status, verdict, values, trust=checked.trust, because=because)


def _status(values: Iterable[Value]) -> str:
    """Of a result that goes through: by the value to which the most happens."""
    order = STATUSES.index
    return max((_status_of(value) for value in values), key=order, default="unchanged")


def _status_of(value: Value) -> str:
    if value.by is None and value.new == value.old:
        return "unchanged"
    return "specialised" if value.by is None and value.sign == "zero" else "changed"


def _both(before: Output, after: Output, new: Assumptions) -> Value:
    """The value under both sets; the old formula with the new assumptions put in, less the new one, should vanish."""
    from theory.difference import difference

    made = Value(before.name, before.closed, after.closed, timed=after.in_time)
    if after.closed == before.closed:
        return made
    found = difference(after.closed, _put(before.closed, new), new.model())
    if found is None:
        return made
    return Value(before.name, before.closed, after.closed, difference=found.expr, sign=found.sign, timed=after.in_time)


def _put(closed: Expr, new: Assumptions) -> Expr:
    """A closed form with what the assumptions fix put in, and each sum over the target's directions as the model has
    it (for k < d a sum over the pairs and one over the lost directions)."""
    from theory.expr import transform

    model = new.model()
    written = model.written(closed)
    return transform(written, lambda n: model.sum(n.children[0]) if n.head == "sum" and n.name == "target" else None)


# --- what stops -----------------------------------------------------------------------------------------------------
def _stopped(
    before: Derivation,
    new: Assumptions,
    old: Assumptions,
    replaced: Mapping[str, _Given],
    stop: Any,
) -> Row:
    values = tuple(
        _replaced(output, replaced[output.name], new) if output.name in replaced else Value(output.name, output.closed)
        for output in before.outputs
    )
    refuted = _refutations(before, new, old)
    open_ = {value.name for value in values if value.new is None}
    status = "changed" if not open_ else "refuted" if any(r.value in open_ for r in refuted) else "stopped"
    verdict = _weakest("PROVED", values) if status == "changed" else "REFUTED" if status == "refuted" else "-"
    told = Stop(stop.result, stop.chain, stop.step, stop.line, stop.reason, stop.missing)
    survives = () if not open_ else _survivors(before.id, new, open_)
    trust = "; ".join(dict.fromkeys(_trust(value) for value in values if value.by is not None))
    return Row(before.id, before.title, status, verdict, values, told, survives, refuted, trust)


def _weakest(verdict: str, values: Iterable[Value]) -> str:
    """The verdict, or that of a result which gives one of the values and is weaker."""
    from theory.verdict import Verdict

    named = [Verdict[verdict], *(Verdict[_verdict_of(value.by)] for value in values if value.by is not None)]
    return Verdict.weakest(named).name


def _verdict_of(result_id: str) -> str:
    """Of a result that stands in for another: its chains are decided anew, what it admits is its own."""
    from latentreuse.catalogue import emitted

    return emitted(result_id).verdict


def _trust(value: Value) -> str:
    return f"{value.name} by {value.by}, its steps decided anew"


@dataclass(frozen=True)
class _Given:
    """A value that another result gives: by which, how, and the closed form that it adds to, where it adds."""

    by: str
    made: Replacement
    base: Expr | None


def _replacements(result_id: str, new: Assumptions) -> dict[str, _Given]:
    """For each value of a result that another one gives under the changed assumptions: by which, and how. Only what is
    proved as a whole under all of them counts, and of two readings no single result gives both."""
    from theory.choices import READINGS

    chosen = set(new.choices)
    readings = chosen & set(READINGS)
    found: dict[str, _Given] = {}
    for other in derivations.ids() if chosen else ():
        giver = derivations.load(other).derive(new.surveying())
        for made in giver.replaces:
            applies = made.result == result_id and made.choice in chosen and readings <= {made.choice}
            if applies and made.output not in found and _proved(giver, made, new):
                found[made.output] = _Given(other, made, _base(made, new) if made.adds else None)
    return found


def _proved(giver: Derivation, made: Replacement, new: Assumptions) -> bool:
    """Whether what stands for a value is proved under all the changes at once: every step from the definition of the
    quantity on; or, where it starts from the old closed form, that one under all changes but its own."""
    from theory.survey import from_the_model, life

    if ("dims", "k>d") in new.choices and "source-encoder" in giver.own_needs:
        return False  # behind the source's frame `d` counts all k directions, and a source varies along each
    way = None if made.adds else from_the_model(giver, made.chains[0])
    if way is None and _base(made, new) is None:
        return False
    return all(life(chain).whole for chain in (*(way or ()), *made.chains))


def _base(made: Replacement, new: Assumptions) -> Expr | None:
    """The old result's closed form under all changes but the one in which another result stands for it; None where it
    is not derived there."""
    from theory.choices import CHOICES
    from theory.derivation import Stopped

    key, _ = made.choice
    try:
        old = derivations.load(made.result).derive(new.choose({key: CHOICES[key][0]}))
    except Stopped:
        return None
    return None if old.check().failures else next(o.closed for o in old.outputs if o.name == made.output)


def _replaced(output: Output, given: _Given, new: Assumptions) -> Value:
    """A value as another result gives it, and what is between the two formulas."""
    from theory.choices import READINGS
    from theory.difference import difference

    made, old = given.made, _put(output.closed, new)
    chain = made.chain
    value = chain.end if given.base is None else given.base + chain.end
    if chain.relation != "=":
        bound = chain.end if output.name in ("lower", "upper") and chain.end.head != "num" else None
        found = None if bound is None else difference(bound, old, new.model())
    else:
        found = None if made.choice in READINGS else difference(value, old, new.model())
    return Value(
        output.name,
        output.closed,
        value,
        start=chain.start if chain.relation != "=" else None,
        relation=chain.relation,
        by=given.by,
        words=made.words,
        difference=found.expr if found is not None else None,
        sign=found.sign if found is not None else None,
    )


def _survivors(result_id: str, new: Assumptions, names: set[str]) -> tuple[tuple[Expr, Expr], ...]:
    """What is still proved on the way to the values that are lost."""
    from theory.survey import fates

    surveyed = derivations.load(result_id).derive(new.surveying())
    kept = [fate.survives for fate in fates(surveyed) if fate.output.name in names and fate.survives is not None]
    return tuple(dict.fromkeys(kept))


def _refutations(before: Derivation, new: Assumptions, old: Assumptions) -> tuple[Refutation, ...]:
    """Where the old formula is certainly wrong; looked for when the old assumptions are those of the paper, whose
    formulas are emitted."""
    from latentreuse.catalogue import function
    from numerics.refutations import refute

    process = new.process if new.process is None or isinstance(new.process, str) else str(new.process)
    if old.choices:
        return ()
    names = tuple(output.name for output in before.outputs)
    return tuple(refute(before.id, function(before.id), names, dict(new.choices), process))
