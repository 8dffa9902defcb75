"""Independent pieces of work in processes of their own, with progress; an interrupt ends them at once."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from latentreuse.progress import Display

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class WorkerDied(RuntimeError):
    """A worker process ended without an answer."""


def _quiet() -> None:
    """The parent handles Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def spread(
    work: Callable[[Item], Answer], items: Sequence[Item], workers: int, label: str, name: Callable[[Item], str]
) -> list[Answer]:
    """`work` of every item, in the order of the items; answers do not depend on the number of workers.

    `work` and items travel to other processes: a function of a module and plain data. Raises what `work` raises, and
    WorkerDied when a process is killed.
    """
    with Display(label, len(items), plain=True) as display:
        if workers == 1 or len(items) == 1:
            return [answer for _, answer in _here(work, items, display, name)]
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(min(workers, len(items)), mp_context=context, initializer=_quiet)
        try:
            pending = {pool.submit(work, item): i for i, item in enumerate(items)}
            answers = dict(_collected(pending, display, [name(item) for item in items]))
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()
    return [answers[i] for i in range(len(items))]


def _here(
    work: Callable[[Item], Answer], items: Sequence[Item], display: Display, name: Callable[[Item], str]
) -> Iterator[tuple[int, Answer]]:
    for i, item in enumerate(items):
        display.report(name(item))
        yield i, work(item)
        display.finish(name(item))


def _collected(
    pending: dict[Future[Answer], int], display: Display, names: Sequence[str]
) -> Iterator[tuple[int, Answer]]:
    waiting = set(pending)
    while waiting:
        done, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in waiting:
            if future.running():
                display.report(names[pending[future]])
        for future in done:
            try:
                yield pending[future], future.result()
            except BrokenProcessPool:
                raise WorkerDied(f"{names[pending[future]]}: the worker process died") from None
            display.finish(names[pending[future]])
