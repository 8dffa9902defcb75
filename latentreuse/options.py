"""Options that several commands share, and the words that they allow."""

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """What `export` can print."""

    latex = "latex"
    json = "json"
    python = "python"
    markdown = "markdown"


class Process(StrEnum):
    """Forward processes in whose own time a result can be written."""

    vp_ou = "vp-ou"
    ou = "ou"
    vp = "vp"
    vp_full = "vp-full"
    sub_vp = "sub-vp"
    ddpm = "ddpm"
    cosine = "cosine"
    ve = "ve"
    edm = "edm"
    flow = "flow"


class Report(StrEnum):
    """How `compare` answers."""

    text = "text"
    json = "json"
    latex = "latex"


class Prover(StrEnum):
    """Provers outside this project."""

    coq = "coq"
    z3 = "z3"


Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Results; all of them if none is named.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Worker processes; what is found does not depend on it.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
