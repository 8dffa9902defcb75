"""The ordered set of verdicts. A derivation has that of its weakest step and hands it on to whatever cites it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Verdict(IntEnum):
    """REFUTED < UNDECIDED < ADMITTED < SUPPORTED < PROVED."""

    REFUTED = 0
    UNDECIDED = 1
    ADMITTED = 2
    SUPPORTED = 3
    PROVED = 4

    @staticmethod
    def weakest(verdicts: Iterable[Verdict]) -> Verdict:
        return min(verdicts, default=Verdict.PROVED)

    @property
    def meaning(self) -> str:
        return _MEANING[self]


_MEANING = {
    Verdict.PROVED: "exact normal form, or a certificate that a separate checker accepted",
    Verdict.SUPPORTED: "every rung that applies agrees at its stated precision; no proof",
    Verdict.ADMITTED: "taken from the literature, named, not proved here",
    Verdict.UNDECIDED: "a step or a rung could not tell; never counted as passed",
    Verdict.REFUTED: "a point is at hand where it fails, and is printed",
}
