"""`drops`: what becomes of every proved inequality when one of its assumptions is dropped."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import derivations
from latentreuse import faults
from latentreuse.output import say, say_json, width
from latentreuse.progress import Display
from latentreuse.tables import grouped_table
from latentreuse.workers import crew, tell

FATES = ("REFUTED", "UNNEEDED", "NO VALUE", "UNDECIDED", "CONTRADICTED")
MEANINGS = {
    "REFUTED": "a point is at hand that meets every other assumption and at which the inequality fails",
    "UNNEEDED": "the checker accepts the step without it, or it follows from the others: the record leaves it out",
    "NO VALUE": "no failure was found, but a point at which a line divides by zero, or takes a root or a logarithm "
    "that is not real",
    "UNDECIDED": "neither; never counted as any of the others",
    "CONTRADICTED": "the checker accepts the step without it, and yet it fails at a point: a fault of the project",
}


@dataclass(frozen=True)
class Row:
    """One assumption of one step, in plain data."""

    result: str
    step: str
    assumption: str
    lets_in: str
    fate: str
    point: str
    how: str


@dataclass(frozen=True)
class StepTags:
    """Which assumptions a step's reason names, and which of them nothing rests on."""

    result: str
    step: str
    assumes: tuple[str, ...]
    unneeded: tuple[str, ...]


@dataclass(frozen=True)
class Drops:
    """What was found about results."""

    rows: tuple[Row, ...]
    steps: tuple[StepTags, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows came to what."""
        counted = Counter(row.fate for row in self.rows)
        return {fate: counted[fate] for fate in FATES}

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "counts": self.counts,
            "rows": [asdict(row) for row in self.rows],
            "steps": [asdict(step) for step in self.steps],
        }


def found_in(result_id: str) -> Drops:
    """Every assumption of every proved inequality of one result, with the default assumptions."""
    from numerics.dropped import dropped_of
    from numerics.steps import steps
    from theory.assumptions import Assumptions

    tell(result_id)
    rows, tags = [], []
    for step in steps(derivations.load(result_id).derive(Assumptions.default())):
        name = step.name
        tags.append(StepTags(result_id, name, step.needs.tags, step.needs.unneeded))
        for one in dropped_of(step):
            point = "" if one.point is None else str(one.point)
            rows.append(Row(result_id, name, one.assumption, one.lets_in, one.fate.value, point, one.how))
    return Drops(tuple(rows), tuple(tags))


def find(ids: Sequence[str], workers: int) -> Drops:
    """The same for several results, in their order; what is found does not depend on the workers."""
    found: dict[str, Drops] = {}
    with Display("dropping assumptions of", len(ids)) as display:
        if min(workers, len(ids)) == 1:
            for name in ids:
                display.report(name)
                found[name] = found_in(name)
                display.finish(name)
        else:
            with crew(min(workers, len(ids)), display) as hands:
                for name in ids:
                    hands.submit(name, found_in, name)
                for name, future in hands.finished():
                    found[name] = future.result()
    ordered = [found[name] for name in ids]
    return Drops(tuple(row for one in ordered for row in one.rows), tuple(tag for one in ordered for tag in one.steps))


def drops(ids: Sequence[str], workers: int, *, json: bool) -> int:
    """Print the table; the exit code says whether anything was contradicted."""
    found = find(ids, workers)
    if json:
        say_json(found.as_json())
    else:
        say(text(found, width()))
    return faults.NOT_VERIFIED if found.counts["CONTRADICTED"] else faults.OK


def text(found: Drops, room: int) -> str:
    """The table, the tags that nothing rests on, and the counts."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for row in found.rows:
        cells = (row.assumption, row.fate, row.point or row.how)
        groups.setdefault(f"{row.result}: {row.step.replace('`', '')}", []).append(cells)
    lines = [grouped_table(("assumption", "without it", "point, or why"), list(groups.items()), room, rigid=0)]
    unneeded = [
        f"  {one.result}: {one.step.replace('`', '')}: {', '.join(one.unneeded)}" for one in found.steps if one.unneeded
    ]
    if unneeded:
        lines += ["", "assumptions that the reason of a step names and nothing rests on there:", *unneeded]
    return "\n".join([*lines, "", summary(found)])


def summary(found: Drops) -> str:
    """The counts in one line."""
    told = ", ".join(f"{count} {fate}" for fate, count in found.counts.items() if count)
    return f"{len(found.rows)} assumptions of {len(found.steps)} proved inequalities dropped one by one: {told}"
