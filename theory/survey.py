"""What survives of a derivation when an assumption is given up: chain by chain, decided by the kernel.

Under `Assumptions.surveying()` chains are written on past a step whose assumption is missing. Here each is cut before
its first such step (a lemma that has one counts as one), and the kernel decides what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from theory import kernel
from theory import symbols as S
from theory.chain import Chain, Stopped
from theory.derivation import Derivation, Output
from theory.expr import Expr, walk
from theory.scope import bound_chains
from theory.symbols import RANDOM_SYMBOLS
from theory.text import text


@dataclass(frozen=True)
class Life:
    """How far a chain gets: `kept` is the part before the first step that misses something, `stop` says which step
    that is (None when all steps have what they need), `refused` is the kernel's word on the kept part, or None."""

    kept: Chain
    stop: Stopped | None
    refused: str | None

    @property
    def whole(self) -> bool:
        """Whether every step of the chain is still proved."""
        return self.stop is None and self.refused is None


def stop_of(chain: Chain) -> Stopped | None:
    """The first step of a chain, or of a lemma that it uses, whose reason needs an assumption that is not there."""
    for number, link in enumerate(chain.links, 1):
        missing = sorted(link.rule.needs - chain.model.tags)
        if missing:
            line = f"{link.relation} {text(link.expr)}"
            return Stopped(chain.result, chain.name, number, line, missing[0], link.rule.name)
        for lemma in (*link.rule.basis, *bound_chains(link)):
            inner = stop_of(lemma) if isinstance(lemma, Chain) else None
            if inner is not None:
                return inner
    return None


def _first_broken(chain: Chain) -> int:
    """How many links come before the first that misses something, itself or in a lemma."""
    for number in range(len(chain.links)):
        if stop_of(replace(chain, links=chain.links[: number + 1])) is not None:
            return number
    return len(chain.links)


def life(chain: Chain) -> Life:
    """Cut a chain before its first broken step, and have the kernel decide the rest."""
    stop = stop_of(chain)
    kept = chain if stop is None else replace(chain, links=chain.links[: _first_broken(chain)])
    refused = next((f"step {r.step}: {r.how}" for r in kernel.check(kept) if not r.accepted), None)
    return Life(kept, stop, refused)


@dataclass(frozen=True)
class Fate:
    """What becomes of one value of a result.

    stop: the step at which its derivation ends, or None; refused: the kernel's word where a step is not decided;
    survives: the last line that is still proved on the way to the value, with the start of that way, or None when
    nothing is.
    """

    output: Output
    stop: Stopped | None
    refused: str | None
    survives: tuple[Expr, Expr] | None

    @property
    def holds(self) -> bool:
        return self.stop is None and self.refused is None


def fates(derivation: Derivation) -> tuple[Fate, ...]:
    """What becomes of each value: of the chain that ends in it, and of the chains from which that one starts."""
    return tuple(_fate(derivation, output) for output in derivation.outputs)


def _fate(derivation: Derivation, output: Output) -> Fate:
    way = _way(derivation, output.closed, frozenset())
    lives = [life(chain) for chain in way]
    stop = next((x.stop for x in lives if x.stop is not None), None)
    refused = next((f"'{x.kept.name}', {x.refused}" for x in lives if x.refused is not None), None)
    return Fate(output, stop, refused, _survivor(lives))


def _way(derivation: Derivation, end: Expr, seen: frozenset[int]) -> list[Chain]:
    """The chains that lead to an expression, from the model on: every chain that ends there, and before each of them
    those that end where it starts. All of them count, so that a value holds only if each way to it does."""
    found: list[Chain] = []
    for chain in _all_chains(derivation):
        if chain.links and chain.end == end and id(chain) not in seen:
            before = _way(derivation, chain.start, seen | {id(chain)})
            found += [x for x in (*before, chain) if x not in found]
    return found


def from_the_model(derivation: Derivation, chain: Chain) -> tuple[Chain, ...] | None:
    """All chains by which a chain comes from what defines its quantity: the true score, a density or a distance of
    laws; itself last. None where some way begins with anything else, as with a formula that is written down."""
    way = [*_way(derivation, chain.start, frozenset()), chain]
    ends = {one.end for one in way if one.links and one.end != one.start}
    begun = [one.start for one in way if one.start not in ends]
    return tuple(way) if begun and all(map(_defines, begun)) else None


def _defines(expr: Expr) -> bool:
    """Whether an expression speaks of the true score, a density or a distance of laws, and so of no closed form."""
    return any(n == S.score or n.head == "bures" or (n.head == "sym" and n.name in RANDOM_SYMBOLS) for n in walk(expr))


def _all_chains(derivation: Derivation) -> Iterator[Chain]:
    for below in derivation.rests_on:
        yield from _all_chains(below)
    yield from derivation.chains


def _survivor(lives: list[Life]) -> tuple[Expr, Expr] | None:
    """The last proved line on an unbroken run of equalities from the first chain that gets anywhere."""
    start: Expr | None = None
    end: Expr | None = None
    for found in lives:
        chain = found.kept
        if found.refused is not None or not chain.links or chain.relation != "=":
            break
        if start is None or chain.start != end:
            start = chain.start
        end = chain.end
        if found.stop is not None:
            break
    return None if start is None or end is None else (start, end)
