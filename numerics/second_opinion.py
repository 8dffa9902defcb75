"""What an SMT solver says of a proved step: agreement, no answer, or a point at which the step's own lines fail.

A solver is a function from a question's text and names to a `Reply`. Its `unsat` counts only where it also finds a
point at which everything assumed holds; its model counts only once the lines have been evaluated there in fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from numerics.claim_point import NoValue
from numerics.dropped import meets
from numerics.smt import NotRational, Question, pinned, questions
from numerics.steps import Step, StepPoint, sign_at, violated
from numerics.written_out import Sizes


class Opinion(StrEnum):
    """What is said of one step."""

    AGREES = "agrees"
    NO_ANSWER = "no answer"
    NOT_RATIONAL = "not rational"
    FAILS = "fails"


@dataclass(frozen=True)
class Reply:
    """`unsat`, `sat` or anything else for no answer; of a model, each number exactly or by several nearby fractions."""

    word: str
    values: Mapping[str, Sequence[Fraction]] = field(default_factory=dict)


MODEL = "a model, and no rational point at which the lines fail"
Solver = Callable[[str, Sequence[str]], Reply]


@dataclass(frozen=True)
class Said:
    """A step, what is said of it, why, and the point at which it fails."""

    step: Step
    opinion: Opinion
    why: str = ""
    point: StepPoint | None = None


def ask(step: Step, solver: Solver) -> Said:
    """Ask about every part of a step; about an identity of sums that does not hold summand by summand, once more with
    what is alike in all summands counted d times."""
    try:
        said = _ask(step, questions(step), solver)
        if said.opinion is Opinion.NO_ANSWER and MODEL in said.why and step.link.relation == "=":
            again = questions(step, regrouped=True)
            said = _ask(step, again, solver) if again else said
    except NotRational as reason:
        return Said(step, Opinion.NOT_RATIONAL, str(reason))
    return said


def _ask(step: Step, asked: Sequence[Question], solver: Solver) -> Said:
    open_parts = []
    for question in asked:
        reply = solver(question.smt, question.names)
        if reply.word == "unsat":
            if solver(question.setting, ()).word != "sat":
                open_parts.append(_in(question, "no point of the assumptions was found"))
        elif reply.word == "sat":
            for point in points(question, reply.values):
                if meets(step, point) and _pins_hold(question, point) and violated(step, point, question.definitions):
                    return Said(step, Opinion.FAILS, "the lines fail at a point", point)
            open_parts.append(_in(question, MODEL))
        else:
            open_parts.append(_in(question, f"{reply.word} within the time"))
    return Said(step, Opinion.NO_ANSWER, "; ".join(open_parts)) if open_parts else Said(step, Opinion.AGREES)


def _pins_hold(question: Question, point: StepPoint) -> bool:
    try:
        return all(sign_at(pin, point, question.definitions) == 0 for pin in pinned(question.step))
    except NoValue:
        return False


def _in(question: Question, why: str) -> str:
    return f"{question.part}: {why}" if question.part else why


SIZES = (Sizes(2, 1, 1), Sizes(1, 1, 1), Sizes(2, 1, 0), Sizes(1, 1, 0), Sizes(1, 0, 0), Sizes(100, 1, 1))
MOST_DIRECTIONS = 6


def points(question: Question, values: Mapping[str, Sequence[Fraction]]) -> Iterator[StepPoint]:
    """Points near a model, the nearest first: at its own sizes where it has any, and at a few others."""
    most = max((len(found) for found in values.values()), default=1)
    for level in range(most):
        numbers = {n: found[max(len(found) - 1 - level, 0)] for n, found in values.items() if found}
        for sizes in (*_own_sizes(numbers), *SIZES):
            yield _point(numbers, sizes)


def _own_sizes(numbers: Mapping[str, Fraction]) -> list[Sizes]:
    found = [numbers.get(name, Fraction(1)) for name in ("D", "k", "d")]
    whole = all(x.denominator == 1 for x in found) and 0 <= found[2] <= MOST_DIRECTIONS
    return [Sizes(*map(int, found))] if whole else []


def _point(numbers: Mapping[str, Fraction], sizes: Sizes) -> StepPoint:
    own = {n: x for n, x in numbers.items() if not n.startswith(("root ", "least ")) and n not in ("D", "k", "d")}
    plane = {n: x for n, x in own.items() if n.endswith("_i")}
    if "sin_i" in plane or "cos_i" in plane:
        sine, cosine = plane.pop("sin_i", Fraction(0)), plane.pop("cos_i", Fraction(1))
        plane["half"] = (sine / (1 + cosine)).limit_denominator(10**6) if cosine != -1 else Fraction(10**6)
    flat = {n: x for n, x in own.items() if not n.endswith("_i")}
    return StepPoint.of({**flat, **{f"{n} {j + 1}": x for n, x in plane.items() for j in range(sizes.d)}}, sizes)
