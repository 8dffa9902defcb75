"""`prove`: every step that a prover outside this project can state, stated there and decided there."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

from latentreuse import faults
from latentreuse.faults import BadInput, Fault
from latentreuse.output import say, say_json, warn, width
from latentreuse.progress import Display
from latentreuse.proof_backends import Decided, Left, Written, backend, file_name, folder_for
from latentreuse.tables import grouped_table
from latentreuse.workers import crew, death, tell

LEFT: Final = "not-covered.json"


class NoProver(Fault):
    """The prover is not installed."""

    code = faults.NOT_VERIFIED


@dataclass(frozen=True)
class Proved:
    """What came of one result. ``seconds`` is the prover's time alone; ``decided`` is None where it was not asked."""

    id: str
    written: Written
    decided: Decided | None
    seconds: float

    @property
    def accepted(self) -> int:
        return 0 if self.decided is None else sum(1 for reason in self.decided.answers.values() if not reason)

    @property
    def refused(self) -> list[tuple[str, int, str, str]]:
        """Chain, step, name and reason of each theorem that was not accepted."""
        answers = {} if self.decided is None else self.decided.answers
        pieces = self.written.pieces
        return [(p.chain, p.step, p.name, answers[p.name]) for p in pieces if answers.get(p.name)]


def prove_one(prover: str, result_id: str, folder: Path | None, seconds: float, ask: bool) -> Proved:
    """Derive a result, write its file, and have it decided. Runs in a worker."""
    import derivations
    from theory.assumptions import Assumptions

    asked = backend(prover)
    tell(result_id, "deriving")
    written = asked.write(derivations.load(result_id).derive(Assumptions.default()))
    name = file_name(result_id, asked)
    if folder is not None:
        put(folder / name, asked.text(written.pieces))
    start = monotonic()
    decided = asked.decide(name, written.pieces, seconds, lambda state: tell(result_id, state)) if ask else None
    return Proved(result_id, written, decided, monotonic() - start if ask else 0.0)


def put(path: Path, text: str) -> None:
    """Write a file beside and rename it. Raises ``BadInput`` where it cannot be written."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror}") from None


def prove(
    ids: list[str], prover: str, output: Path | None, workers: int, seconds: float, *, emit_only: bool, json: bool
) -> int:
    """Prove the results, print one table or JSON, and return the exit code: 0 only if all theorems were accepted."""
    if emit_only and output is None:
        raise BadInput("--emit-only writes the files and nothing else; name a folder for them with -o DIR")
    absent = "" if emit_only else backend(prover).missing()
    if absent:
        raise NoProver(absent)
    folder = folder_for(output)
    found: dict[str, Proved] = {}
    lost: list[str] = []
    with Display("proving", len(ids), plain=True) as display, crew(min(workers, len(ids)), display) as team:
        for name in ids:
            team.submit(name, prove_one, prover, name, folder, seconds, not emit_only)
        for name, future in team.finished():
            if future.exception() is None:
                found[name] = future.result()
                display.milestone(f"{name}: {_told(found[name])}")
            else:
                lost.append(f"{name}: {death(future.exception() or RuntimeError())}")
    ordered = [found[name] for name in ids if name in found]
    if folder is not None:
        put(folder / LEFT, dumped(ordered))
    if json:
        say_json(as_json(prover, ordered))
    else:
        say(render(ordered, width()))
    if lost:
        warn("\n".join(lost))
    complete = not lost and (emit_only or all(not one.refused for one in ordered))
    return faults.OK if complete else faults.NOT_VERIFIED


def _told(one: Proved) -> str:
    if one.decided is None:
        return f"{len(one.written.pieces)} theorems written"
    return f"{one.accepted} of {len(one.written.pieces)} theorems accepted, {one.seconds:.0f} s"


def reasons(left: Sequence[Left]) -> list[str]:
    """Why steps are not covered, each reason with its count, the most frequent first."""
    counted = Counter(one.reason for one in left)
    return [f"{count} {reason}" for reason, count in sorted(counted.items(), key=lambda x: (-x[1], x[0]))]


def render(found: Sequence[Proved], columns: int) -> str:
    """One table, a line for each theorem that was not accepted, why steps are not covered, and the totals."""
    asked = all(one.decided is not None for one in found)
    rows = [_row(one, asked) for one in found]
    sums = [f"{sum(float(row[place]) for row in rows):g}" for place in range(1, len(rows[0]))]
    headers = ("result", "theorems", *(("accepted", "refused") if asked else ()), "not covered")
    if asked:
        headers, sums = (*headers, "seconds"), [*sums[:-1], f"{sum(one.seconds for one in found):.1f}"]
    groups = [(None, [*rows, ("all", *sums)])] if len(rows) > 1 else [(None, rows)]
    lines = [grouped_table(headers, groups, columns, rigid=len(headers))]
    for one in found:
        lines += [f"{one.id}: '{chain}', step {step} ({name}): {why}" for chain, step, name, why in one.refused]
    left = [entry for one in found for entry in one.written.left]
    if left:
        lines += ["not covered:", *(f"  {line}" for line in reasons(left))]
    return "\n".join(lines)


def _row(one: Proved, asked: bool) -> tuple[str, ...]:
    theorems, left = str(len(one.written.pieces)), str(len(one.written.left))
    if not asked:
        return one.id, theorems, left
    return one.id, theorems, str(one.accepted), str(len(one.refused)), left, f"{one.seconds:.1f}"


def as_json(prover: str, found: Sequence[Proved]) -> dict[str, Any]:
    """Everything as plain data: theorems with the prover's answer, and the steps that have none."""
    return {
        "backend": prover,
        "results": [
            {
                "id": one.id,
                "seconds": round(one.seconds, 1),
                "theorems": [
                    {
                        "name": piece.name,
                        "chain": piece.chain,
                        "step": piece.step,
                        "accepted": None if one.decided is None else not one.decided.answers.get(piece.name, "missing"),
                        "reason": "" if one.decided is None else one.decided.answers.get(piece.name, "missing"),
                    }
                    for piece in one.written.pieces
                ],
                "not_covered": not_covered(one),
            }
            for one in found
        ],
    }


def not_covered(one: Proved) -> list[dict[str, Any]]:
    """The steps without a theorem as plain data."""
    return [
        {"result": left.result, "chain": left.chain, "step": left.step, "reason": left.reason}
        for left in one.written.left
    ]


def dumped(found: Sequence[Proved]) -> str:
    """What is written beside the files: the steps without a theorem."""
    return json.dumps([entry for one in found for entry in not_covered(one)], indent=2, ensure_ascii=True) + "\n"
