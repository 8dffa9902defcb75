"""`compare`: read the two sets of assumptions, compare every result, print; and `replay`, for one refutation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from latentreuse import faults
from latentreuse.comparison import Comparison, Row, compare_one
from latentreuse.faults import BadInput
from latentreuse.progress import Display
from latentreuse.workers import JobFailed, crew, death, tell

if TYPE_CHECKING:
    from theory.assumptions import Assumptions

# Those that take longest to check, so that the workers end together.
SLOW_FIRST: Final = ("continuous-sampler", "shared-latent-error", "discrete-sampler", "limits", "estimated-encoder")
MOST_BYTES: Final = 1_000_000


def compare_all(ids: list[str], new: Assumptions, old: Assumptions, workers: int) -> Comparison:
    """Every result under both sets, in worker processes if more than one; the answer does not depend on their number.

    Raises JobFailed, in words, where something goes wrong in a worker.
    """
    ordered = sorted(ids, key=lambda name: (name not in SLOW_FIRST, ids.index(name)))
    count = min(workers, len(ids))
    with Display("comparing", len(ids), plain=True) as display:
        rows = _in_turn(ordered, new, old, display) if count == 1 else _at_once(ordered, new, old, count, display)
        found = {row.id: row for row in rows}
    return Comparison(old, new, tuple(found[name] for name in ids))


def _in_turn(ids: list[str], new: Assumptions, old: Assumptions, display: Display) -> Iterator[Row]:
    for name in ids:
        display.report(name)
        yield compare_one(name, new, old)
        display.finish(name)


def _at_once(ids: list[str], new: Assumptions, old: Assumptions, workers: int, display: Display) -> Iterator[Row]:
    with crew(workers, display) as hands:
        for name in ids:
            hands.submit(name, _work, name, new, old)
        for name, future in hands.finished():
            error = future.exception()
            if error is not None:
                raise JobFailed(f"{name}: {death(error)}")
            yield future.result()


def _work(result_id: str, new: Assumptions, old: Assumptions) -> Row:
    tell(result_id)
    return compare_one(result_id, new, old)


def exit_code(found: Comparison) -> int:
    """0 when every answer is definite; NOT_VERIFIED when a result is undecided."""
    return faults.NOT_VERIFIED if any(row.status == "undecided" for row in found.rows) else faults.OK


def replay(path: Path, place: int | None) -> list[dict[str, Any]]:
    """Refutations from a file that `compare --json` printed, done again from their matrices alone."""
    from numerics.refutations import replay as again

    made = []
    for number, entry in enumerate(_entries(path), 1):
        if place not in (None, number):
            continue
        try:
            truth = again(str(entry["result"]), str(entry["value"]), entry["world"])
        except (ValueError, KeyError, TypeError, IndexError, ZeroDivisionError) as error:
            raise BadInput(
                f"{path}: refutation {number} describes no world ({type(error).__name__}: {error})"
            ) from None
        made.append({**entry, "number": number, "replayed": truth, "agrees": truth == entry.get("truth")})
    if not made:
        raise BadInput(f"{path}: has no refutation{'' if place is None else f' number {place}'}")
    return made


def _entries(path: Path) -> list[dict[str, Any]]:
    """Every refutation in the file, in the order of the results."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{path}: is larger than {MOST_BYTES} bytes; allowed: what `compare --json` printed")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path}: is no JSON; allowed: what `compare --json` printed") from None
    rows = data.get("results") if isinstance(data, dict) else None
    listed = [row.get("refuted", []) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    entries = [entry for found in listed if isinstance(found, list) for entry in found]
    if not all(isinstance(entry, dict) for entry in entries):
        raise BadInput(f"{path}: is not what `compare --json` printed")
    return entries
