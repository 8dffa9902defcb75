"""`compare`: read the two sets of assumptions, compare every result, print; and `replay`, for one refutation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentreuse import faults
from latentreuse.comparison import Comparison, compare_one
from latentreuse.faults import BadInput
from latentreuse.progress import Display

if TYPE_CHECKING:
    from theory.assumptions import Assumptions


def compare_all(ids: list[str], new: Assumptions, old: Assumptions) -> Comparison:
    """Every result in turn, with progress."""
    rows = []
    with Display("comparing", len(ids)) as display:
        for name in ids:
            display.report(name)
            rows.append(compare_one(name, new, old))
            display.finish(name)
    return Comparison(old, new, tuple(rows))


def exit_code(found: Comparison) -> int:
    """0 when every answer is definite; NOT_VERIFIED when a result is undecided or in error."""
    vague = any(row.status in ("undecided", "error") for row in found.rows)
    return faults.NOT_VERIFIED if vague else faults.OK


def replay(path: Path) -> dict[str, Any]:
    """One refutation from a file, done again: what the formula gives at that world, and what is true."""
    from numerics.refutations import replay as again

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        truth = again(str(data["result"]), str(data["value"]), data["world"])
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise BadInput(f"{path}: is no refutation that `compare --json` printed ({error})") from None
    return {**data, "replayed": truth, "agrees": truth == data["truth"]}
