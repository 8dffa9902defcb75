"""`claim`: decide what a claim file states, or evaluate both of its sides at a point."""

from pathlib import Path

from latentreuse import faults
from latentreuse.claim_child import decided
from latentreuse.claim_file import ClaimFile, from_document, read_claim
from latentreuse.claim_point import read_point
from latentreuse.claim_report import Judged, values
from latentreuse.faults import BadInput
from latentreuse.output import say, say_json
from latentreuse.tomlmap import read

MOST_SECONDS = 3600


def judge(path: Path, seconds: float, seed: int, *, json: bool) -> int:
    """Decide the claim of a file, print the outcome, and return its exit code."""
    judged = judged_claim(read_claim(path), seconds, seed)
    if json:
        say_json(judged.as_json())
    else:
        say(str(judged))
    return judged.code


def judged_claim(said: ClaimFile, seconds: float = 10, seed: int = 0) -> Judged:
    """A claim with its outcome, within about so many seconds."""
    if not 0 < seconds <= MOST_SECONDS:
        raise BadInput(f"--seconds {seconds:g}: allowed: more than 0 and at most {MOST_SECONDS}")
    return Judged(said, decided(said.claim, seconds, seed))


def evaluate_at(path: Path, at: Path | None, *, json: bool) -> int:
    """Both sides of a claim at a point, and whether it holds there."""
    document = read(path)
    said = from_document(document)
    one, two = read_point(read(at) if at is not None else document, said)
    met, holds = _at(said, one, two)
    found = values(said, one, two)
    word = "the conditions do not hold there" if not met else {True: "holds", False: "fails", None: "undecided"}[holds]
    if json:
        say_json({"claim": said.words, "conditions": met, "holds": holds if met else None, **found})
    else:
        say("\n".join([f"{said.words}: {word}", *(f"  {name} = {value}" for name, value in found.items())]))
    if not met or holds is None:
        return faults.UNDECIDED
    return faults.OK if holds else faults.REFUTED


def _at(said: ClaimFile, one: object, two: object) -> tuple[bool, bool | None]:
    """Whether the conditions hold, and then the claim."""
    from numerics.claim_point import NoValue, Point, difference_sign, holds, holds_everywhere

    claim = said.claim
    points = [p for p in (one, two) if isinstance(p, Point)]
    try:
        met = all(holds_everywhere(a, relation, b, point) for point in points for a, relation, b in claim.where)
        if claim.kind == "relation":
            return met, holds(claim.left, claim.relation, claim.right, points[0])
        if claim.kind == "tends" or len(points) < 2:
            return met, None
        change = difference_sign(claim.left, *points)
    except (NoValue, ArithmeticError) as reason:
        raise BadInput(f"{said.document.path}: has no value at this point: {reason}") from None
    if change is None:
        return met, None
    right = 1 if claim.kind == "increases" else -1
    return met, change == right or (change == 0 and not claim.strict)
