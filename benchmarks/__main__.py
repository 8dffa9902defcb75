"""The commands and each derivation from a cold start, beside `import sympy` as the floor and the dense road.

    python -m benchmarks [ID...] [--repeats N] [--box SECONDS]

Prints tables and writes `benchmarks/latest.md`. With IDs only these results are derived and verified, and nothing is
written. Times are medians of N fresh processes, of one where a run takes longer than ten seconds.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import derivations
from benchmarks.cold import SLOW, Timed, python
from latentreuse import faults

HERE = Path(__file__).parent
ANSWERS = (faults.REFUTED, faults.UNDECIDED, faults.VACUOUS, faults.UNDEFINED)  # of a claim, besides proved
ONE_RESULT = """
import time
from derivations import load
from theory.assumptions import Assumptions
start = time.perf_counter()
made = load({id!r}).derive(Assumptions.default())
built = time.perf_counter()
verdict = made.check().verdict.name
print(f"{{built - start:.3f}} | {{time.perf_counter() - built:.3f}} | {{verdict}}")
"""


def commands(ids: list[str], floor: Timed, repeats: int, box: float) -> Iterator[str]:
    """The whole command lines; a run that does not exit with 0 ends the benchmark."""
    yield "| command | wall, s | ratio to `import sympy` | runs |"
    yield "| --- | --- | --- | --- |"
    yield f"| `import sympy` (floor) | {floor.against(floor)} |"
    for words in ("derive --check", "derive --check --workers 1", "verify"):
        name, *options = words.split()
        timed = python("-m", "latentreuse", name, *ids, *options, repeats=repeats, box=box)
        yield f"| `latentreuse {words}` | {timed.against(floor)} |"
    for choice in ("mu=free", "lambda=misaligned", "sigma2=0"):
        only = [word for name in ids for word in ("--only", name)]
        timed = python("-m", "latentreuse", "compare", "--assume", choice, *only, repeats=repeats, box=box)
        yield f"| `latentreuse compare --assume {choice}` | {timed.against(floor)} |"


def claims(floor: Timed, repeats: int, box: float) -> Iterator[str]:
    """The claims that ship as examples, each with its answer."""
    yield "| claim of `examples/claims` | wall, s | ratio to `import sympy` | runs | answer |"
    yield "| --- | --- | --- | --- | --- |"
    for path in sorted((HERE.parent / "examples" / "claims").glob("*.toml")):
        timed = python("-m", "latentreuse", "claim", str(path), repeats=repeats, box=box, answers=(0, *ANSWERS))
        answer = timed.printed.partition(":")[0]
        yield f"| `{path.name}` | {timed.against(floor)} | {answer} |"


def results(ids: list[str], floor: Timed, repeats: int, box: float) -> Iterator[str]:
    """Each result alone, with all it rests on."""
    yield "| result, with all it rests on | wall, s | ratio to `import sympy` | runs | derive, s | prove, s | verdict |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for result in ids:
        timed = python("-c", ONE_RESULT.format(id=result), repeats=repeats, box=box)
        yield f"| `{result}` | {timed.against(floor)} | {timed.printed if timed.seconds else '| |'} |"


def dense(box: float) -> Iterator[str]:
    """What a user would write in SymPy, for one D."""
    yield "| dense SymPy: `inv`, `trace`, `simplify` | s |"
    yield "| --- | --- |"
    for size in (2, 4, 6):
        yield f"| D = {size} | {python(str(HERE / 'dense_road.py'), str(size), repeats=1, box=box).printed} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", metavar="ID", help="these results only")
    parser.add_argument("--repeats", type=int, default=3, help="fresh processes a row; the median is shown")
    parser.add_argument("--box", type=float, default=300.0, help="seconds after which a run is given up")
    options = parser.parse_args()
    for name in options.ids:
        if name not in derivations.ids():
            parser.error(f"{name}: unknown result; allowed: {', '.join(derivations.ids())}")
    repeats, box = options.repeats, options.box
    floor = python("-c", "import sympy", repeats=max(repeats, 5), box=box)
    lines = [
        "# From a cold start",
        "",
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores. Wall times of fresh"
        f" processes: medians of {repeats}; of one, where a run takes longer than {SLOW:.0f} s.",
        "",
        *_said(commands(options.ids, floor, repeats, box)),
        "",
        *_said(claims(floor, repeats, box)),
        "",
        *_said(results(options.ids or derivations.ids(), floor, repeats, box)),
        "",
        "The dense road proves one case (D, all angles symbolic); a derivation here proves every D, k, d at once.",
        "",
        *_said(dense(min(box, 60.0))),
        "",
    ]
    if not options.ids:
        beside = HERE / "latest.md.new"
        beside.write_text("\n".join(lines), encoding="utf-8")
        beside.replace(HERE / "latest.md")
    print("\n".join(lines))


def _said(rows: Iterator[str]) -> Iterator[str]:
    """The rows, each also said when it is there."""
    for row in rows:
        print(row, file=sys.stderr, flush=True)
        yield row


if __name__ == "__main__":
    main()
