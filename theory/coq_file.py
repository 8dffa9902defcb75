"""The Coq file of a result: the prelude, a theorem for each step that can have one, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence

from theory.coq import NotCovered, Theorem, theorems
from theory.coq_prelude import PRELUDE
from theory.derivation import Derivation

ALL = "all_theorems"


def theorem_file(parts: Sequence[Theorem]) -> str:
    """The text of a file with these theorems, which ends by printing their axioms."""
    together = ", ".join(part.name for part in parts)
    ending = f"Definition {ALL} := ({together}).\nPrint Assumptions {ALL}.\n"
    return "\n".join([PRELUDE, *(part.text for part in parts), ending if parts else ""])


def coq_theorems(derivation: Derivation) -> tuple[list[Theorem], list[NotCovered]]:
    """The theorems of a result's own steps, and the steps without one. Raises Misread."""
    return theorems(derivation.id, derivation.chains)
