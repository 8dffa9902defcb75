"""State a claim from Python: `claim("KL <= h*E/2")` gives an object with its finding and, if it fails, a point."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from latentreuse.claim_command import judged_claim
from latentreuse.claim_file import from_document
from latentreuse.claim_report import Judged
from latentreuse.tomlmap import Document


def claim(
    statement: str | None = None,
    *,
    where: Sequence[str] = (),
    symbols: Mapping[str, str] | None = None,
    assumptions: Mapping[str, str] | None = None,
    process: str | None = None,
    seconds: float = 10,
    seed: int = 0,
    **said: Any,
) -> Judged:
    """Decide a claim. ``said`` holds the other keys of a claim file's [claim]: increases, vanishes, order, ...; a key
    that is a word of Python is given with an underscore, as in ``claim(increases="E", in_="theta_i")``.

    Raises ``latentreuse.faults.BadInput`` with one line for each fault.
    """
    told: dict[str, Any] = {key.rstrip("_"): value for key, value in said.items()}
    told |= {"statement": statement} if statement is not None else {}
    told |= {"where": list(where)} if where else {}
    values: dict[str, Any] = {"claim": told, "symbols": dict(symbols or {}), "assumptions": dict(assumptions or {})}
    values |= {"process": {"name": process}} if process is not None else {}
    return judged_claim(from_document(Document(Path("claim"), values, {})), seconds, seed)


__all__ = ["Judged", "claim"]
