"""Certificates, checked by the independent checker: in a folder, or those that travel with the package."""

import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import derivations
from checker.catalogue import Answer, Catalogue
from latentreuse import faults
from latentreuse.faults import BadInput
from latentreuse.output import say, say_json, warn, width
from latentreuse.progress import Display
from latentreuse.schema import nearest
from latentreuse.tables import table


@dataclass(frozen=True)
class Certified:
    """What the checker found for one result: how many steps its record has, how many were accepted, and what was
    refused and why; a file that belongs to no step is refused too."""

    result: str
    steps: int
    accepted: int
    refused: tuple[str, ...]
    seconds: float


def shipped() -> Path:
    """The folder of the results that travel with the package."""
    return Path(derivations.__file__).resolve().parent


@lru_cache(maxsize=4)
def catalogue(folder: Path) -> Catalogue:
    """What was accepted once is not checked again within a run, as most results rest on others."""
    return Catalogue(folder)


def certified(result: str, known: Catalogue) -> Certified:
    """Check every step of one result."""
    start = time.perf_counter()
    answers = list(known.check(result))
    accepted = sum(not one.reason for one in answers if one.step)
    refused = tuple(_refusal(one) for one in answers if one.reason)
    return Certified(result, sum(one.step > 0 for one in answers), accepted, refused, time.perf_counter() - start)


def _refusal(one: Answer) -> str:
    place = f"{one.chain}, step {one.step}" if one.step else one.chain
    return f"{place}: certificate refused: {one.reason}"


def told(accepted: int, steps: int, seconds: float, known: Catalogue) -> str:
    """The number of accepted steps, the time, and what they rest on, in one line."""
    accepted_in = f"{accepted} of {steps} steps accepted by the independent checker in {seconds:.1f} s"
    return f"certificates: {accepted_in}, {known.granted()}"


def _chosen(ids: list[str] | None, folder: Path) -> list[str]:
    """The results asked for, or all of a folder; raises ``BadInput`` for one that is not there."""
    known = Catalogue(folder).ids()
    if not known:
        raise BadInput(f"{folder}: no results there; allowed: a folder with a folder for each, as `derive -o` writes")
    unknown = [name for name in ids or () if name not in known]
    if unknown:
        raise BadInput(f"{name}: no such result in {folder}{nearest(name, known)}" for name in unknown)
    return [name for name in known if not ids or name in ids]


def check_certificates(ids: list[str] | None, folder: Path | None, *, json: bool) -> int:
    """Check the certificates of results, all of them if none is named; print what was found."""
    place = folder or shipped()
    chosen, known = _chosen(ids, place), Catalogue(place)
    found = []
    with Display("checking certificates", len(chosen)) as display:
        for name in chosen:
            display.report(name)
            found.append(certified(name, known))
            display.finish(name)
    if json:
        say_json([_as_json(one) for one in found])
    else:
        rows = [[one.result, str(one.steps), str(one.accepted), f"{one.seconds:.1f} s"] for one in found]
        say(table(("result", "steps", "accepted", "time"), rows, width(), rigid=1))
        for one in found:
            for line in one.refused:
                warn(f"{one.result}: {line}")
        steps, accepted = sum(one.steps for one in found), sum(one.accepted for one in found)
        say(told(accepted, steps, sum(one.seconds for one in found), known))
    fine = all(not one.refused for one in found) and any(one.steps for one in found)
    return faults.OK if fine else faults.NOT_VERIFIED


def _as_json(one: Certified) -> dict[str, Any]:
    return {"result": one.result, "steps": one.steps, "accepted": one.accepted, "refused": list(one.refused)}
