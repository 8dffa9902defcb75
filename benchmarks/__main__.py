"""Each derivation with its proof from a cold start, beside `import sympy` as the floor and the dense road.

    python -m benchmarks [--repeats N] [--box SECONDS]

Prints a table and writes `benchmarks/latest.md`. Medians of N cold processes; the dense road runs once, boxed.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import derivations

HERE = Path(__file__).parent
COLD = """
import time
from derivations import load
from theory.assumptions import Assumptions
start = time.perf_counter()
made = load({id!r}).derive(Assumptions.default())
built = time.perf_counter()
verdict = made.check().verdict.name
print(built - start, time.perf_counter() - built, verdict)
"""


def cold(code: str, box: float) -> tuple[float, str]:
    """Wall seconds of a fresh process and what it printed; raises TimeoutExpired past the box."""
    start = time.perf_counter()
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=box, check=True)
    return time.perf_counter() - start, run.stdout.strip()


def median_cold(code: str, repeats: int, box: float) -> tuple[float, str]:
    runs = [cold(code, box) for _ in range(repeats)]
    return statistics.median(seconds for seconds, _ in runs), runs[-1][1]


def dense(size: int, box: float) -> str:
    """Seconds of the dense road and whether it decided, or that it ran past the box."""
    try:
        run = subprocess.run(
            [sys.executable, str(HERE / "dense_road.py"), str(size)],
            capture_output=True,
            text=True,
            timeout=box,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return f"> {box:.0f} (boxed)"
    return run.stdout.strip()


def table(repeats: int, box: float) -> list[str]:
    floor, _ = median_cold("import sympy", repeats, box)
    lines = [
        "| what | whole process, s | ratio to `import sympy` | derive, s | prove, s | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| `import sympy` (floor) | {floor:.2f} | 1 | | | |",
    ]
    for result in derivations.ids():
        seconds, printed = median_cold(COLD.format(id=result), repeats, box)
        built, proved, verdict = printed.split()
        row = f"| `{result}` with all it rests on | {seconds:.2f} | {seconds / floor:.2f} | {float(built):.3f} |"
        lines.append(f"{row} {float(proved):.3f} | {verdict} |")
        print(lines[-1], file=sys.stderr, flush=True)
    for size in (2, 4, 6):
        lines.append(f"| dense SymPy, D = {size}: `inv`, `trace`, `simplify` | {dense(size, box)} | | | | |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="cold processes a row; the median is shown")
    parser.add_argument("--box", type=float, default=150.0, help="seconds after which a run is given up")
    options = parser.parse_args()
    lines = table(options.repeats, options.box)
    head = [
        "# Derivations and proofs from a cold start",
        "",
        f"Python {platform.python_version()}, {platform.machine()}; medians of {options.repeats} processes.",
        "The dense road proves one case (D, all angles symbolic); a derivation here proves every D, k, d at once.",
        "",
    ]
    text = "\n".join([*head, *lines, ""])
    beside = HERE / "latest.md.new"
    beside.write_text(text, encoding="utf-8")
    beside.replace(HERE / "latest.md")
    print(text)


if __name__ == "__main__":
    main()
