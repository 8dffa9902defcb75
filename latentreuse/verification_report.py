"""A verification as text: a table with footnotes, what was refuted and where, and one line that sums it up."""

import re
import textwrap
from collections import Counter
from typing import Final

from latentreuse.catalogue import grouped, section_of
from latentreuse.certificates import catalogue, shipped, told
from latentreuse.tables import grouped_table, natural_width, table
from latentreuse.tasks import APPLIES_NOT, ERROR, PROOF, RUNGS, Outcome
from latentreuse.verification import ORDER, Row, Verification, verdict_of

HEADERS: Final = ("result", "verdict", "proof", *RUNGS, "trust", "time")
RIGID: Final = 2


class _Notes:
    """Numbered footnotes; equal texts share a number."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, text: str) -> str:
        if text not in self.texts:
            self.texts.append(text)
        return f"[{self.texts.index(text) + 1}]"

    def lines(self) -> list[str]:
        return [f"[{i}] {text}" for i, text in enumerate(self.texts, 1)]


def _cell(outcome: Outcome, notes: _Notes) -> str:
    if outcome.outcome == APPLIES_NOT:
        return f"- {notes.mark(f'does not apply: {outcome.detail}')}"
    if outcome.outcome in {"agrees", "checked"}:
        return outcome.detail
    if outcome.outcome == ERROR:
        return f"ERROR {notes.mark(outcome.detail)}"
    text = outcome.outcome if outcome.outcome == "no power" else outcome.outcome.upper()
    return f"{text}: {outcome.detail}"


def _cells(row: Row, notes: _Notes) -> list[str]:
    because = f" {notes.mark(row.because)}" if row.because else ""
    stages = [_cell(row.outcomes[stage], notes) for stage in (PROOF, *RUNGS)]
    decided, cites, names = str(row.outcomes[PROOF].extra.get("trust", "")).partition("; cites ")
    trust = f"{decided}; cites {notes.mark(f'standard theorems: {names}')}" if cites else decided
    return [row.id, row.verdict + because, *stages, trust, f"{row.seconds:.1f} s"]


_WELL: Final = re.compile(r"(?:within )?((?:z = )?-?[0-9][0-9.e+-]*(?: %)?)|(no power)(?=:)")
_SHORT: Final = (
    "proof: steps; exact: frames; ball: digits; sampled: z; learned: deviation; "
    "trust: steps decided exactly + by certificate"
)


def _shortened(row: list[str]) -> list[str]:
    """The same row with the first figure of each cell where all is well; anything else keeps its words."""
    first, verdict, proof, *rungs, trust, time = row
    figures = [next(filter(None, found.groups())) if (found := _WELL.match(cell)) else cell for cell in (proof, *rungs)]
    brief = trust.replace("exact ", "").replace("; certificates ", "+").replace("; cites", "")
    return [first, verdict, *figures, brief, f"{float(time.removesuffix(' s')):.0f} s"]


def _verdicts(found: Verification, notes: _Notes, width: int) -> str:
    """The table of verdicts: in full where each result fits on a line, else shortened, else wrapped."""
    groups = [
        (heading, [_cells(row, notes) for row in members])
        for heading, members in grouped(found.rows, lambda row: section_of(row.id))
    ]
    short = [(heading, [_shortened(row) for row in rows]) for heading, rows in groups]
    for cells, remark in ((groups, ""), (short, "\n\n" + textwrap.fill(_SHORT, width))):
        if natural_width(HEADERS, [row for _, rows in cells for row in rows]) <= width:
            return grouped_table(HEADERS, cells, width, RIGID) + remark
    return grouped_table(HEADERS, groups, width, RIGID)


def _troubles(found: Verification) -> list[str]:
    """Every refuted point and every step that was not accepted, ready to be looked into."""
    outcomes = [outcome for row in found.rows for outcome in row.outcomes.values()]
    lines = []
    for outcome in [*outcomes, *([found.real] if found.real else [])]:
        lines += [f"{outcome.job.label}: {failure}" for failure in outcome.extra.get("failures", ())]
        if outcome.extra.get("counterexample"):
            lines.append(f"{outcome.job.label}: counterexample {outcome.extra['counterexample']}")
    return lines


def _real_pair(real: Outcome, width: int) -> str:
    """What the real pair showed, line by line, or the error that it ended with."""
    lines = real.extra.get("lines")
    if not lines:
        return f"real pair: {real.outcome.upper()} {real.detail}"
    return f"real pair: {real.outcome}\n{table(('what', 'value', 'detail'), lines, width, rigid=0)}"


def summary(found: Verification) -> str:
    """One line: how many results have which verdict, and what the real pair said."""
    counts = Counter(row.verdict for row in found.rows)
    parts = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
    if found.real is not None:
        parts.append(f"real pair {(verdict_of(found.real) or found.real.outcome)}")
    noun = "result" if len(found.rows) == 1 else "results"
    return f"{'verified' if found.passed else 'NOT VERIFIED'}: {len(found.rows)} {noun}: {', '.join(parts)}"


def certificates(found: Verification) -> list[str]:
    """How many steps the independent checker accepted, and in what time, summed over workers."""
    proofs = [row.outcomes[PROOF].extra for row in found.rows if "certified" in row.outcomes[PROOF].extra]
    if not proofs:
        return []
    accepted, steps, seconds = (
        sum(one[key] for one in proofs) for key in ("certified", "steps", "certificate_seconds")
    )
    return [told(accepted, steps, seconds, catalogue(shipped()))]


def render(found: Verification, width: int) -> str:
    """Table, footnotes, troubles, the real pair and the summary."""
    notes = _Notes()
    parts = [_verdicts(found, notes, width)]
    if notes.texts:
        parts.append("\n".join(notes.lines()))
    if found.real is not None:
        parts.append(_real_pair(found.real, width))
    troubles = _troubles(found)
    if troubles:
        parts.append("\n".join(troubles))
    return "\n\n".join([*parts, *certificates(found), summary(found)])
