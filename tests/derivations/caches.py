"""Derivations are remembered; a test that changes what they are made from forgets them before and after."""

from collections.abc import Iterator
from contextlib import contextmanager

import derivations
from theory import kernel


def forget() -> None:
    """As in a fresh process."""
    for result in derivations.ids():
        derivations.load(result).derive.cache_clear()
    kernel._DECIDED.clear()


@contextmanager
def forgotten() -> Iterator[None]:
    """Nothing is remembered at the start of the block, nor after it."""
    forget()
    try:
        yield
    finally:
        forget()
