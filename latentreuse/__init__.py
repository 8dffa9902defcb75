"""The face of the project: command line, case files, reports. It alone touches files, and it knows no mathematics.

In Python: `from latentreuse import Assumptions, derive, compare, claim` (see `api.py`), before which nothing heavy is
loaded.
"""

from typing import Any

__version__ = "0.1.0"
_OF_API = ("Assumptions", "claim", "compare", "derive")


def __getattr__(name: str) -> Any:
    if name in _OF_API:
        from latentreuse import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_OF_API])
