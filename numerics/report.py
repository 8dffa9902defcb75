"""What a rung has to say about one result."""

from dataclasses import dataclass
from typing import Final

AGREES: Final = "agrees"
REFUTED: Final = "refuted"
UNDECIDED: Final = "undecided"
NO_POWER: Final = "no power"
OUTCOMES: Final = (AGREES, REFUTED, UNDECIDED, NO_POWER)


@dataclass(frozen=True)
class RungReport:
    """Outcome of one rung on one result.

    ``detail`` is one short line for a table, ``points`` counts the points that really decided something, and
    ``counterexample`` is a replayable point with both values, present exactly when the rung refuted.
    """

    rung: str
    outcome: str
    detail: str
    points: int
    counterexample: str | None = None

    def __post_init__(self) -> None:
        if self.outcome not in OUTCOMES:
            raise ValueError(f"outcome {self.outcome!r} is none of {', '.join(OUTCOMES)}")
        if (self.outcome == REFUTED) != (self.counterexample is not None):
            raise ValueError("a counterexample belongs to a refuted outcome and to no other")
        if self.outcome == AGREES and self.points < 1:
            raise ValueError("agreement needs at least one point that decided something")
