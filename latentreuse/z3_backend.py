"""z3 as a second opinion on the proved steps: in a process of its own that is ended for certain when its time is up."""

import importlib.util
import json
import os
import queue
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

from latentreuse import faults
from latentreuse.faults import Fault
from latentreuse.output import say, say_json, width
from latentreuse.progress import Display
from latentreuse.tables import table

if TYPE_CHECKING:
    from numerics.second_opinion import Reply

OPINIONS: Final = ("agrees", "no answer", "not rational", "fails")
GRACE: Final = 1.0  # seconds beyond z3's own limit
START: Final = 60.0  # seconds in which the process must be there
MISSING: Final = "prove --backend z3: z3 is not installed; it comes with an extra: pip install 'latentreuse[prove]'"


class NoSolver(Fault):
    """z3 is not installed, or does not start."""

    code = faults.NOT_VERIFIED


def missing() -> str:
    """What to do where z3 is not installed; empty where it is."""
    return "" if importlib.util.find_spec("z3") is not None else MISSING


class Z3:
    """A process that asks z3, started anew after each question at which it had to be ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.killed = seconds, 0
        self.process: subprocess.Popen[str] | None = None
        self.lines: queue.Queue[str] = queue.Queue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, smt: str, names: Sequence[str]) -> "Reply":
        """The answer to one question, after at most the limit and a little."""
        from numerics.second_opinion import Reply

        process = self.process or self._start()
        asked = {"smt": smt, "names": list(names), "milliseconds": int(1000 * self.seconds)}
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            told = json.loads(self.lines.get(timeout=self.seconds + GRACE))
        except (queue.Empty, OSError, ValueError):
            self._end()
            self.killed += 1
            return Reply("nothing")
        values = {n: [Fraction(x) for x in found] for n, found in told.get("values", {}).items()}
        return Reply(told["word"], values)

    def _start(self) -> "subprocess.Popen[str]":
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        command = [sys.executable, "-m", "numerics.z3_child"]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        self.process, self.lines = process, queue.Queue()
        threading.Thread(target=_read, args=(process, self.lines), daemon=True).start()
        try:
            json.loads(self.lines.get(timeout=START))
        except (queue.Empty, ValueError):
            self._end()
            raise NoSolver("prove --backend z3: z3 is installed and does not start") from None
        return process

    def _end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
            self.process = None


def _read(process: "subprocess.Popen[str]", lines: "queue.Queue[str]") -> None:
    """Hand on what the process says; an empty line once it says no more."""
    assert process.stdout is not None
    try:
        for line in process.stdout:
            lines.put(line)
    except ValueError:  # closed meanwhile
        pass
    lines.put("")


@dataclass(frozen=True)
class Line:
    """What z3 says of one step, in plain data."""

    result: str
    step: str
    opinion: str
    why: str = ""
    point: str = ""


@dataclass(frozen=True)
class Opinions:
    """What z3 says of results."""

    lines: tuple[Line, ...]
    seconds: float
    killed: int

    @property
    def counts(self) -> dict[str, int]:
        """How many steps came to what."""
        counted = Counter(line.opinion for line in self.lines)
        return {opinion: counted[opinion] for opinion in OPINIONS}

    @property
    def code(self) -> int:
        """Only a point at which a proved step fails is a fault; no answer is none, and no agreement either."""
        return faults.NOT_VERIFIED if self.counts["fails"] else faults.OK

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"backend": "z3", "counts": self.counts, "steps": [asdict(line) for line in self.lines]}


def opinions(ids: Sequence[str], seconds: float) -> Opinions:
    """Ask z3 about every scalar step of results, so many seconds a question. Raises ``NoSolver``."""
    import derivations
    from numerics.second_opinion import ask
    from numerics.smt import scalar_steps
    from theory.assumptions import Assumptions

    absent = missing()
    if absent:
        raise NoSolver(absent)
    lines, start = [], monotonic()
    with Display("asking z3 about", len(ids)) as display, Z3(seconds) as solver:
        for name in ids:
            display.report(name)
            for step in scalar_steps(derivations.load(name).derive(Assumptions.default())):
                said = ask(step, solver)
                point = "" if said.point is None else str(said.point)
                lines.append(Line(name, step.name.replace("`", ""), said.opinion.value, said.why, point))
            display.finish(name)
        return Opinions(tuple(lines), monotonic() - start, solver.killed)


def prove(ids: Sequence[str], seconds: float = 5, *, json: bool = False) -> int:
    """Print what z3 says, and return the exit code: 1 if a proved step fails at a point, or z3 is not there."""
    found = opinions(ids, seconds)
    if json:
        say_json(found.as_json())
    else:
        say(render(found, width()))
    return found.code


def render(found: Opinions, columns: int) -> str:
    """A table of counts, then each step without an answer and each that fails, and the totals."""
    ids = list(dict.fromkeys(line.result for line in found.lines))
    rows = []
    for name in ids:
        counted = Counter(line.opinion for line in found.lines if line.result == name)
        rows.append((name, *(str(counted[opinion]) for opinion in OPINIONS)))
    told = [table(("result", *OPINIONS), rows, columns, rigid=5), ""]
    for line in found.lines:
        if line.opinion in ("no answer", "fails"):
            point = f" at {line.point}" if line.point else ""
            told.append(f"{line.result}: {line.step}: {line.opinion}: {line.why}{point}")
    counts = ", ".join(f"{count} {opinion}" for opinion, count in found.counts.items() if count or opinion == "fails")
    ended = f"; {found.killed} questions ended from outside" if found.killed else ""
    told.append(f"{len(found.lines)} proved steps between numbers: {counts}; {found.seconds:.0f} s{ended}")
    return "\n".join(told)
