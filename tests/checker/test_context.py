"""What a chain's tables say together: what varies, stays or is known in one step does so in the next."""

from pathlib import Path
from typing import Any

import pytest
from folders import reasons, step, write
from lines import rate, times, tr, word
from tiny import fraction, letter

A, B, X = letter("A"), letter("B"), letter("x", "D", "1")
STAY = ["Add", "a", rate("v")]
MOVES = "stands for something in the chain or a lemma"


def chain(root: Path, *steps: tuple[Any, dict[str, Any]]) -> list[str]:
    """Steps from a line to itself, or to the same written once more, with these tables in turn."""
    write(root, "one", first=(steps[0][0], [step("=", line, ["same"], **facts) for line, facts in steps]))
    return reasons(root)


SAME: list[tuple[str, Any, dict[str, Any], dict[str, Any], str]] = [
    ("constant once, constant always", tr(A), {"constant": ["A"]}, {"constant": ["A"]}, ""),
    ("constant, and then not", tr(A), {"constant": ["A"]}, {}, "('constant', 'A') was another"),
    ("not constant, and then so", tr(A), {}, {"constant": ["A"]}, "('constant', 'A') was another"),
    ("still, and then not", ["Add", tr(A), rate("v")], {"still": {"v": ["A"]}}, {"still": {"v": []}},
     "('still', 'v', 'A') was another"),
    ("moving, and then still", ["Add", tr(A), rate("v")], {}, {"still": {"v": ["A"]}},
         "('still', 'v', 'A') was another"),
    ("moving, and then steady", STAY, {}, {"steady": {"v": ["a"]}}, "('steady', 'v', 'a') was another"),
    ("steady, and then moving", STAY, {"steady": {"v": ["a"]}}, {}, "('steady', 'v', 'a') was another"),
    ("steady in one variable alone", STAY, {"steady": {"v": ["a"]}}, {"steady": {"v": ["a"], "t": []}}, ""),
    ("steady twice", STAY, {"steady": {"v": ["a"]}}, {"steady": {"v": ["a"]}}, ""),
    ("of rate nothing, and steady", STAY, {"rates": {"v": {"a": 0}}}, {"steady": {"v": ["a"]}}, ""),
    ("of a rate, and then steady", STAY, {"rates": {"v": {"a": 2}}}, {"steady": {"v": ["a"]}},
     "('steady', 'v', 'a') was another"),
    ("of a rate in no line, and then steady", rate("v"), {"rates": {"v": {"a": 2}}}, {"steady": {"v": ["a"]}},
     "('steady', 'v', 'a') was another"),
    ("varies, and stands for something", rate("v"), {}, {"given": {"v": 1}}, f"v varies, and {MOVES}"),
    ("stood for something, and varies", "a", {"given": {"v": 1}}, {"steady": {"v": []}}, ""),
    ("steady, and leads to the variable", "a", {"given": {"w": times(2, "v")}}, {"steady": {"v": ["w"]}},
     "w is steady in v, and leads to it"),
    ("steady, and leads to it by two", "a", {"given": {"w": "u", "u": times(2, "v")}}, {"steady": {"v": ["w"]}},
     "w is steady in v, and leads to it"),
    ("still, and leads to the variable", tr(A), {"letters": {"A": times("v", B)}}, {"still": {"v": ["A"]}},
     "A is still in v, and leads to it"),
    ("constant, and leads to a letter that is not", "a", {"given": {"w": tr(A)}}, {"constant": ["w"]},
     "w is constant, and leads to a letter that is not"),
    ("a number that stands for a random letter", "w", {"given": {"w": word(["Transpose", X], X)}}, {},
     "w stands for letters that are not constant"),
    ("a number that stands for a constant letter", "w", {"given": {"w": tr(A)}, "constant": ["A"]}, {}, ""),
    ("a domain, and another meaning", "a", {"meanings": {"s_i": ["Power", "sin_i", 2]}},
     {"domains": {"s_i": "positive", "sin_i": "unit"}}, "s_i has a domain, and stands for something else"),
    ("a domain, and the meaning of it", "a", {"meanings": {"s_i": ["Power", "sin_i", 2]}},
     {"domains": {"s_i": "unit", "sin_i": "unit"}}, ""),
    ("a domain, and then replaced", "a", {"domains": {"x": "positive"}}, {"replacements": [["x", -1]]},
     "x has a domain, and stands for something else"),
    ("a random letter called like a number", "w", {"given": {"w": tr(A)}, "domains": {"A": "positive"}}, {},
     "w stands for letters that are not constant"),
    ("a tree replaced in two ways", tr(A), {"replacements": [[tr(A), "x"]]}, {"replacements": [[tr(A), "y"]]},
     "('replacement', ('Trace', ('Letter', 'A', 'gen', 'D', 'D'))) was another"),
    ("one rate, and then another", rate("v"), {"rates": {"v": {"a": 1}}}, {"rates": {"v": {"a": 2}}},
     "('rate', 'v', 'a') was another"),
    ("a rate in each of two variables", "a", {"rates": {"v": {"a": 1}}}, {"rates": {"u": {"a": 2}}}, ""),
    ("rates of two names", rate("v"), {"rates": {"v": {"a": 1}}}, {"rates": {"v": {"b": 2}}}, ""),
    ("a rate that is no domain", "a", {"rates": {"domains": {"x": "inner"}}}, {"rates": {"domains": {"x": "unit"}}},
     "('rate', 'domains', 'x') was another"),
    ("varies, and is pinned to itself", rate("v"), {"pins": {"v": "v"}}, {}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("line", "one", "two", "why"), [x[1:] for x in SAME], ids=[x[0] for x in SAME])
def test_steps_that_agree(tmp_path: Path, line: Any, one: dict[str, Any], two: dict[str, Any], why: str) -> None:
    found = chain(tmp_path, (line, one), (line, two))
    if found[0] == "":
        assert found[1] == why
    else:
        assert why and found[0] == why


def test_a_letter_constant_before_it_stands_in_a_line(tmp_path: Path) -> None:
    """What is listed counts, also where no line holds it yet."""
    zero = times(0, tr(A))
    for facts, why in (({"constant": ["A"]}, ""), ({}, "('constant', 'A') was another")):
        write(tmp_path, "one", first=("a", [step("=", "a", ["same"], constant=["A"]),
                                           step("=", ["Add", "a", zero], ["closed"], **facts)]))  # fmt: skip
        assert reasons(tmp_path) == ["", why]


def test_what_a_lemma_alone_says(tmp_path: Path) -> None:
    lemma = [{"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}]
    for table, why in (("domains", "x"), ("meanings", "x")):
        said = {"domains": {"x": "positive"}, "meanings": {"x": ["Add", "y", 1]}}[table]
        for own, found in ((said, ""), ({}, f"a lemma alone says what {why} is")):
            write(tmp_path, "one", first=("z", [step("=", "z", ["same"], **{table: said})]),
                  second=("x", [step("=", "x", ["same"], lemmas=lemma, **{table: own})]))  # fmt: skip
            assert reasons(tmp_path)[1] == found
        write(tmp_path, "one", first=("z", [step("=", "z", ["same"], **{table: said})]),
              second=("a", [step("=", "a", ["same"], lemmas=lemma)]))  # fmt: skip
        assert reasons(tmp_path)[1] == ""


def test_what_a_lemma_alone_says_of_the_equation(tmp_path: Path) -> None:
    """A name in the rate of an equation is one that the claim says."""
    lemma = [{"result": "one", "chain": "first", "steps": 1, "grants": "replacement"}]
    equation = {"rate": ["Add", 1, times(0, "x")], "initial": {"r": "R", "value": "R"}, "variable": "r"}
    for more, why in (({"x": "positive"}, ""), ({}, "a lemma alone says what x is")):
        facts = {"domains": {"R": "positive", "r": "positive", **more}, "cites": ["linear ODE"], "steady": {"r": ["x"]}}
        solved = step("=", "r", ["certificate", fraction(("1", {"R": 1})), "closed", "closed", "closed"], "solves",
                      parts=equation, lemmas=lemma, **facts)  # fmt: skip
        write(
            tmp_path, "one", first=("z", [step("=", "z", ["same"], domains={"x": "positive"})]), second=("u", [solved])
        )
        assert reasons(tmp_path)[1] == why
