"""Operator words: products of matrix letters such as U^T Sigma^-1 U, linearly combined over a scalar field.

A word is a tuple of letter names; a transposed letter carries an apostrophe, an inverse the suffix ^-1. The empty
word is the identity. A word under a trace is taken up to rotation and transposition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from theory.facts import Word
from theory.rational import Frac

Combination = dict[Word, Frac]
Rewrite = tuple[Word, Combination, str]  # the word, what it equals, and the number of its rows
Rewrites = list[Rewrite]
MAX_STEPS = 20_000
BRACKETS = {"E[": "]", "]": "E["}  # an expectation that is not known, within a word


class NoNormalForm(RuntimeError):
    """The rewrite rules did not come to an end."""


def add_to(total: Combination, word: Word, coefficient: Frac) -> None:
    value = total.get(word, 0) + coefficient
    if value:
        total[word] = value
    else:
        total.pop(word, None)


def product(left: Combination, right: Combination) -> Combination:
    total: Combination = {}
    for u, a in left.items():
        for v, b in right.items():
            add_to(total, u + v, a * b)
    return total


class WordAlgebra:
    """Knows which letters are symmetric and how words rewrite."""

    def __init__(self, symmetric: Iterable[str], rewrites: Rewrites) -> None:
        self.symmetric = frozenset(symmetric)
        self.rewrites = rewrites + [
            (self.transposed(left), {self.transposed(w): q for w, q in right.items()}, size)
            for left, right, size in rewrites
            if self.transposed(left) != left
        ]

    def transposed(self, word: Word) -> Word:
        def flip(name: str) -> str:
            if name in BRACKETS:
                return BRACKETS[name]
            base = name.removesuffix("'").removesuffix("^-1")
            if base in self.symmetric:
                return name
            return name[:-1] if name.endswith("'") else name + "'"

        return tuple(flip(name) for name in reversed(word))

    def _match(self, word: Word) -> tuple[int, Rewrite] | None:
        for rewrite in self.rewrites:
            length = len(rewrite[0])
            for start in range(len(word) - length + 1):
                if word[start : start + length] == rewrite[0]:
                    return start, rewrite
        return None

    def _rewritten(self, word: Word) -> Combination | None:
        found = self._match(word)
        if found is None:
            return None
        start, (left, right, _) = found
        return {word[:start] + middle + word[start + len(left) :]: q for middle, q in right.items()}

    def _rewrite_all(self, start: Combination, step: Callable[[Word], Combination | None]) -> Combination:
        """Apply `step` to words until none changes."""
        done: Combination = {}
        work = list(start.items())
        for _ in range(MAX_STEPS):
            if not work:
                return done
            word, coefficient = work.pop()
            changed = step(word)
            if changed is None:
                add_to(done, word, coefficient)
            else:
                work.extend((w, coefficient * q) for w, q in changed.items())
        raise NoNormalForm("the relations of this step rewrite without end")

    def reduce(self, words: Combination) -> Combination:
        """Normal form of a matrix-valued combination."""
        return self._rewrite_all(words, self._rewritten)

    def reduce_cyclic(self, words: Combination) -> Combination:
        """Normal form of a combination of traces: tr(AB) = tr(BA) and tr(A) = tr(A^T).

        An identity that a rewrite leaves behind keeps its own size: tr(U U^T) = tr(U^T U) is k, not D. It is
        returned as the one-letter word `size(...)`.
        """

        def step(word: Word) -> Combination | None:
            for turn in range(len(word)):
                rotated = word[turn:] + word[:turn]
                found = self._match(rotated)
                if found is None:
                    continue
                left, right, size = found[1]
                if len(left) == len(rotated):
                    return {w or (f"size({size})",): q for w, q in right.items()}
                return self._rewritten(rotated)
            return None

        total: Combination = {}
        for word, coefficient in self._rewrite_all(words, step).items():
            add_to(total, self.canonical_rotation(word), coefficient)
        return total

    def canonical_rotation(self, word: Word) -> Word:
        turned = [w[i:] + w[:i] for w in (word, self.transposed(word)) for i in range(max(len(w), 1))]
        return min(turned)
