"""The same in Python: `from latentreuse import Assumptions, derive, compare, claim`; a notebook shows the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import derivations
from latentreuse.claims import claim
from theory.assumptions import Assumptions
from theory.derivation import Derivation

if TYPE_CHECKING:
    from latentreuse.comparison import Comparison

Setting = Assumptions | Mapping[str, str] | None


def _assumptions(setting: Setting) -> Assumptions:
    """A set of assumptions, also from choices such as {"mu": "free"}. Raises ValueError for one not known."""
    if isinstance(setting, Assumptions):
        return setting
    return Assumptions.default().choose(dict(setting or {}))


def derive(result: str, setting: Setting = None) -> Derivation:
    """A result under a set of assumptions; `.check()` has the kernel decide it.

    Raises KeyError for an id that is not there, ValueError for a choice that is not, and `theory.chain.Stopped`, which
    names the step and the assumption, where it does not go through.
    """
    return derivations.load(result).derive(_assumptions(setting))  # type: ignore[no-any-return]  # a module found by name


def compare(new: Setting, old: Setting = None, only: Sequence[str] = (), workers: int = 1) -> Comparison:
    """What becomes of every result (or of those in `only`) from `old`, the paper's setting, to `new`.

    Raises KeyError and ValueError as `derive` does.
    """
    from latentreuse.compare_command import compare_all

    unknown = [name for name in only if name not in derivations.ids()]
    if unknown:
        raise KeyError(unknown[0])
    ids = [name for name in derivations.ids() if not only or name in only]
    return compare_all(ids, _assumptions(new), _assumptions(old), workers)


__all__ = ["Assumptions", "Setting", "claim", "compare", "derive"]
