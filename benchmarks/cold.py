"""Wall time of fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

SLOW = 10.0  # seconds beyond which one run is enough


@dataclass(frozen=True)
class Timed:
    """Median wall seconds of `runs` processes, and what the last one printed; `seconds` is None past the box."""

    seconds: float | None
    runs: int
    printed: str

    def against(self, floor: Timed) -> str:
        """The cells "seconds", "ratio", "runs" of a table."""
        if self.seconds is None or floor.seconds is None:
            return f"{self.printed} | | {self.runs}"
        return f"{self.seconds:.2f} | {self.seconds / floor.seconds:.1f} | {self.runs}"


def python(*arguments: str, repeats: int, box: float, answers: tuple[int, ...] = (0,)) -> Timed:
    """Python with these arguments, `repeats` times, once when that takes long. An exit code that is none of `answers`
    ends the benchmark."""
    taken: list[float] = []
    printed = ""
    while len(taken) < repeats and not (taken and taken[0] > SLOW):
        start = time.perf_counter()
        try:
            run = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=box)
        except subprocess.TimeoutExpired:
            return Timed(None, 1, f"> {box:.0f} (boxed)")
        if run.returncode not in answers:
            sys.exit(f"{' '.join(arguments)} ended with {run.returncode}: {run.stderr.strip()[-500:]}")
        taken.append(time.perf_counter() - start)
        printed = run.stdout.strip()
    return Timed(statistics.median(taken), len(taken), printed)
