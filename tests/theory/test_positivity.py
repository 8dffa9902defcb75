"""Answers about positivity are remembered; nothing that an answer depends on may be left out of the question."""

from dataclasses import replace

import pytest

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.expr import Expr, call, sym
from theory.facts import Facts
from theory.model import Model
from theory.positivity import Refusal, require_positive

DEFAULT = Assumptions.default()
MODEL = DEFAULT.model()
OWN = MODEL.facts()
GAP = S.R - S.r


def holds(expr: Expr, model: Model = MODEL, facts: Facts | None = OWN, *, strict: bool = True) -> bool:
    try:
        require_positive(expr, model, strict=strict, facts=facts)
    except Refusal:
        return False
    return True


@pytest.mark.parametrize("turn", range(2), ids=["asked first", "asked again"])
def test_each_part_of_the_question_counts(turn: int) -> None:
    del turn
    assert holds(S.c) and holds(S.c, facts=None)
    assert not holds(S.c, DEFAULT.pretending("positive-time").model())
    assert not holds(S.nu) and holds(S.nu, strict=False)
    assert holds(GAP, facts=replace(OWN, conditions=(GAP,))) and not holds(GAP)
    assert holds(sym("gap"), facts=replace(OWN, letters={}, definitions={**OWN.definitions, "gap": S.h + 1}))
    assert not holds(sym("gap"), facts=replace(OWN, definitions={**OWN.definitions, "gap": -S.h}))
    assert holds(sym("gap"), facts=replace(OWN, replacements=((sym("gap"), S.h),))) and not holds(sym("gap"))
    width = S.D - S.k
    assert holds(width, facts=replace(OWN, codimension="positive")) and not holds(width)


def test_a_refusal_is_repeated_in_its_own_words() -> None:
    said = []
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            require_positive(GAP, MODEL, strict=True)
        said.append(str(refused.value))
    assert said[0] == said[1] and "R - r is not certainly positive" in said[0]


def test_a_square_root_is_positive_where_its_radicand_is() -> None:
    assert holds(call("sqrt", S.c)) and not holds(call("sqrt", GAP))
