"""Relations among the keys of a case file, and what they give together; single values are judged by `schema`."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from latentreuse.literals import Literal
from latentreuse.schema import (
    CaseFile,
    LatentSection,
    ModelSection,
    ProcessSection,
    SamplerSection,
    SampleSection,
    SourceSection,
    TimeSection,
    ToleranceSection,
)
from latentreuse.tomlmap import Document, KeyPath


def listed(words: tuple[str, ...]) -> str:
    """Words in quotes, as what is allowed."""
    return ", ".join(repr(word) for word in words)


class Checks:
    """The keys that could be read; one in ``faulty`` has been reported and is not judged again."""

    def __init__(self, document: Document, parsed: CaseFile, faulty: set[KeyPath]) -> None:
        self.document, self.faulty = document, faulty
        self.model = parsed.model or ModelSection()
        self.time = parsed.time or TimeSection()
        self.source = parsed.source or SourceSection()
        self.latent = parsed.latent or LatentSection()
        self.tolerance = parsed.tolerance or ToleranceSection()
        self.sampler = parsed.sampler or SamplerSection()
        self.process = parsed.process or ProcessSection()
        self.sample = parsed.sample or SampleSection()
        self.sizes: dict[str, int | None] = {name: getattr(self.model, name) for name in ("D", "k", "d")}

    def given(self, section: str, key: str) -> bool:
        """Whether the key is there, right or wrong."""
        present = self.document.values.get(section)
        return isinstance(present, dict) and key in present

    def fine(self, section: str, key: str) -> bool:
        """Whether the key is there and could be read."""
        return self.given(section, key) and (section, key) not in self.faulty

    def say(self, *path: str | int, wrong: str) -> str:
        return self.document.fault(path, wrong)

    def together(self, section: str, *keys: str) -> Iterator[str]:
        """A line for each of ``keys`` that is missing; all are given together."""
        for key in keys:
            if not self.given(section, key):
                yield self.say(section, key, wrong=f"is missing; give {key} in [{section}]")

    def beside(self, section: str, key: str, others: list[str], mend: str) -> Iterator[str]:
        """A line if ``key`` stands where one of ``others`` does already."""
        if others and self.given(section, key):
            yield self.say(section, key, wrong=f"stands beside {' and '.join(others)}; {mend}")

    def at_least_0(self, section: str, *path: str | int, value: Literal | None) -> Iterator[str]:
        """A line for a negative number."""
        if value is not None and value.q < 0:
            yield self.say(section, *path, wrong=f"{value.text!r} is negative; allowed: 0 or more")

    def above_0(self, section: str, *path: str | int, value: Literal | None) -> Iterator[str]:
        """A line for a number that is not positive."""
        if value is not None and value.q <= 0:
            yield self.say(section, *path, wrong=f"{value.text!r} is not positive; allowed: more than 0")

    def one_of(self, section: str, key: str, value: str | None, allowed: tuple[str, ...]) -> Iterator[str]:
        """A line for a name that is none of those allowed."""
        from latentreuse.schema import nearest

        if value is not None and value not in allowed:
            hint = nearest(value, list(allowed))
            yield self.say(section, key, wrong=f"unknown {key} {value!r}{hint}; allowed: {listed(allowed)}")


def rationals(values: list[Literal] | None) -> tuple[Fraction, ...] | None:
    """The exact values of a list of numbers."""
    return None if values is None else tuple(value.q for value in values)


def exact(found: Any) -> Any:
    """Numbers of a file as exact rationals, whatever they are nested in."""
    if isinstance(found, list):
        return tuple(exact(entry) for entry in found)
    return found.q if isinstance(found, Literal) else found
