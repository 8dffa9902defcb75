"""Decide a claim in a process of its own, which is stopped for certain when its time is up."""

import contextlib
import multiprocessing
import signal
import sys
import threading
from multiprocessing.connection import Connection
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from numerics.deciding import Outcome
    from theory.claims import Claim

GRACE: Final = 0.5  # seconds beyond the limit in which a search may report by itself
MEMORY: Final = 4 << 30
Message = tuple[str, Any]


def _limited() -> None:
    """Less memory than would trouble the machine, where the system can limit it."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _work(claim: "Claim", seconds: float, seed: int, out: Connection) -> None:
    """What the child does: decide, and say what it tries while it does so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the parent, which then stops this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limited()
    try:
        from numerics.deciding import decide

        out.send(("done", decide(claim, seconds, seed, lambda words: out.send(("tried", words)))))
    except MemoryError:
        out.send(("tried", "the search ran out of memory"))
    except Exception as error:  # noqa: BLE001 - said by the parent, as any fault of the program is
        out.send(("failed", f"{type(error).__name__}: {error}"))
    finally:
        out.close()


def _context() -> Any:
    """A fork where that is safe, as it starts at once; otherwise a fresh process."""
    safe = sys.platform.startswith("linux") and threading.active_count() == 1
    return multiprocessing.get_context("fork" if safe else "spawn")


def decided(claim: "Claim", seconds: float, seed: int = 0) -> "Outcome":
    """The outcome of a claim, after at most ``seconds`` and a little. Raises RuntimeError where the search failed."""
    from numerics.deciding import Outcome
    from theory.claims import Finding

    context = _context()
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(claim, seconds, seed, there), daemon=True)
    until = monotonic() + seconds + GRACE
    tried: list[str] = []
    child.start()
    there.close()
    try:
        while here.poll(max(until - monotonic(), 0)):
            try:
                kind, content = here.recv()
            except EOFError:
                break
            if kind == "done":
                outcome: Outcome = content
                return outcome
            if kind == "failed":
                raise RuntimeError(content)
            tried.append(content)
    finally:
        child.kill()
        child.join()
        here.close()
    return Outcome(Finding.UNDECIDED, "the time was up", tried=(*tried, f"stopped after {seconds:g} seconds"))
