"""Worker processes: jobs run in them one thread each, tell how far they are, and end at once on Ctrl-C."""

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.queues import SimpleQueue
from typing import Any, Final

from latentreuse.progress import Display

Event = tuple[str, str]  # a job's label, and how far it is
_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_queue: "SimpleQueue[Event] | None" = None


def _prepare(queue: "SimpleQueue[Event]") -> None:
    """Set up a worker; the parent handles Ctrl-C."""
    global _queue
    _queue = queue
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def tell(label: str, state: str = "") -> None:
    """In a worker: the job ``label`` has got as far as ``state``. Elsewhere nobody listens."""
    if _queue is not None:
        _queue.put((label, state))


def reporter(label: str) -> Callable[[int, int], None]:
    """A progress callback that passes on at most ten events a second."""
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.1:
            last = now
            tell(label, f"{done}/{total}")

    return report


class JobFailed(RuntimeError):
    """What a job raised, in words: not every exception can be handed from one process to another."""


def _run(job: Callable[..., Any], *arguments: object) -> Any:
    try:
        return job(*arguments)
    except Exception as error:  # noqa: BLE001 - it goes on, in words
        if os.environ.get("LATENTREUSE_DEBUG") == "1":
            traceback.print_exc()
        raise JobFailed(f"{type(error).__name__}: {error}") from None


def death(error: BaseException) -> str:
    """Why a job that raised, or whose process died, has no answer."""
    return "the worker process died" if isinstance(error, BrokenProcessPool) else str(error)


class Crew:
    """The workers of one run; new jobs may be added while others run."""

    def __init__(self, pool: ProcessPoolExecutor, queue: "SimpleQueue[Event]", display: Display) -> None:
        self._pool, self._queue, self._display = pool, queue, display
        self._labels: dict[Future[Any], str] = {}

    def submit(self, label: str, job: Callable[..., Any], *arguments: object) -> None:
        """Run ``job(*arguments)`` when a worker is free."""
        self._labels[self._pool.submit(_run, job, *arguments)] = label

    def finished(self) -> Iterator[tuple[str, Future[Any]]]:
        """Labels and futures of the jobs as they end, until none is left."""
        while self._labels:
            done, _ = wait(self._labels, timeout=0.2, return_when=FIRST_COMPLETED)
            while not self._queue.empty():
                self._display.report(*self._queue.get())
            for future in done:
                label = self._labels.pop(future)
                self._display.finish(label)
                yield label, future


@contextmanager
def crew(workers: int, display: Display) -> Iterator[Crew]:
    """Worker processes for the block. On an exception, Ctrl-C among them, they are ended at once and it goes on."""
    context = multiprocessing.get_context("spawn")
    queue: SimpleQueue[Event] = context.SimpleQueue()
    with _environment(_ONE_THREAD):
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(queue,))
        try:
            yield Crew(pool, queue, display)
        except BaseException:
            for child in multiprocessing.active_children():
                child.terminate()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        pool.shutdown()


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables for the processes started inside."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
