"""Progress on standard error: a live display on a terminal, nothing or a few plain lines elsewhere."""

import sys
import time
from types import TracebackType
from typing import Final, Self

from latentreuse.output import console, warn

QUIET: Final = 30.0  # seconds


class Display:
    """Counts finished jobs out of ``total`` and names the ones that are running.

    ``plain`` also prints a line per milestone where there is no terminal, and one when nothing was said for a while,
    for logs of long runs.
    """

    def __init__(self, label: str, total: int, *, plain: bool = False) -> None:
        self.label, self.total, self.done, self.plain = label, total, 0, plain
        self.running: dict[str, str] = {}
        self.live = sys.stderr.isatty()
        self.said = time.monotonic()

    def __enter__(self) -> Self:
        if self.live:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (BarColumn(24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
            self.bar = Progress(*columns, console=console(stderr=True), transient=True)
            self.task = self.bar.add_task(self.label, total=self.total)
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live:
            self.bar.stop()

    def _redraw(self) -> None:
        if self.live:
            now = ", ".join(f"{job} {state}".strip() for job, state in self.running.items())
            self.bar.update(self.task, completed=self.done, description=f"{self.label} {now}"[:100])
        elif self.plain and time.monotonic() - self.said > QUIET:
            now = ", ".join(f"{job} {state}".strip() for job, state in self.running.items())
            self.milestone(f"{self.label} {self.done}/{self.total}: {now}"[:200])

    def report(self, job: str, state: str = "") -> None:
        """``job`` is running and has got as far as ``state``."""
        self.running[job] = state
        self._redraw()

    def finish(self, job: str) -> None:
        """``job`` is over."""
        self.running.pop(job, None)
        self.done += 1
        self._redraw()

    def milestone(self, text: str) -> None:
        """A line worth a place in a log."""
        if self.plain and not self.live:
            self.said = time.monotonic()
            warn(text)
