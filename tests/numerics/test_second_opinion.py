"""A second opinion on planted steps: agreement only with a reason, and a failure only with a point that is confirmed.

The first half has solvers made up for the purpose; the second asks z3, where it is installed.
"""

import importlib.util
from collections.abc import Iterator
from fractions import Fraction

import pytest

import derivations
from latentreuse.z3_backend import Z3
from numerics import smt
from numerics.second_opinion import Opinion, Reply, ask
from numerics.smt import questions, scalar_steps, split
from numerics.steps import Step
from theory.assumptions import Assumptions
from theory.chain import Chain, Link
from theory.cited import while_positive
from theory.expr import Expr, call, log, num, plane_sum, sym
from theory.kernel import StepReport
from theory.rules import ALGEBRA, CERTIFICATE, RHO, Rule

MODEL = Assumptions.default().model()
ALPHA, H, C, NU, SIGMA2, A, LAM, S, D, K = (
    sym(n) for n in ("alpha", "h", "c", "nu", "sigma2", "a_i", "lambda_i", "s_i", "D", "k")
)
SIN, COS, RATIO = sym("sin_i"), sym("cos_i"), sym("rho")
HAS_Z3 = importlib.util.find_spec("z3") is not None
needs_z3 = pytest.mark.skipif(not HAS_Z3, reason="z3 is not installed; it is the extra `prove`")


def step(left: Expr, relation: str, right: Expr | int, by: Rule = CERTIFICATE) -> Step:
    """A step that nobody has proved."""
    right = num(right) if isinstance(right, int) else right
    chain = Chain("planted", left, MODEL, "planted")
    link = Link(relation, right, by, "normal form" if relation == "=" else "certificate")
    return Step("planted", chain, 1, left, right, link, StepReport("planted", 1, True, "planted"))


def always(word: str, **values: str):
    return lambda text, names: Reply(word, {n: [Fraction(x)] for n, x in values.items()})


# --- made-up solvers ------------------------------------------------------------------------------------------------


def test_unsat_counts_only_where_something_meets_what_is_assumed() -> None:
    planted = step(H, ">=", 0)
    assert ask(planted, always("unsat")).opinion is Opinion.NO_ANSWER
    assert ask(planted, lambda text, names: Reply("unsat" if names else "sat")).opinion is Opinion.AGREES


@pytest.mark.parametrize("word", ["unknown", "nothing", "timeout"])
def test_no_answer_is_no_agreement(word: str) -> None:
    assert ask(step(H, ">=", 0), always(word)).opinion is Opinion.NO_ANSWER


def test_a_model_at_which_the_lines_do_not_fail_is_no_failure() -> None:
    assert ask(step(H, ">=", 0), always("sat", h="1")).opinion is Opinion.NO_ANSWER


def test_a_model_outside_the_assumptions_is_no_failure() -> None:
    assert ask(step(H, ">=", 0), always("sat", h="-1")).opinion is Opinion.NO_ANSWER
    stated = step(sym("v_start"), ">=", 0, CERTIFICATE & while_positive(sym("v_start")))
    assert ask(stated, always("sat", v_start="-1")).opinion is Opinion.NO_ANSWER


def test_a_model_at_which_they_do_is_shown() -> None:
    said = ask(step(H, ">=", 1), always("sat", h="1/2"))
    assert said.opinion is Opinion.FAILS and said.point is not None and said.point.numbers == {"h": Fraction(1, 2)}


def test_one_part_without_an_answer_leaves_the_step_without_one() -> None:
    planted = step((D - K) * NU + plane_sum(A * S), ">=", 0)
    assert len(questions(planted)) == 2

    def half(text, names):
        return Reply("unknown" if "s_i" in names else "unsat") if names else Reply("sat")

    said = ask(planted, half)
    assert said.opinion is Opinion.NO_ANSWER and said.why == "summand over target: unknown within the time"


def test_what_is_not_rational_is_not_asked() -> None:
    said = ask(step(log(1 + H), ">=", 0), always("unsat"))
    assert (said.opinion, said.why) == (Opinion.NOT_RATIONAL, "log")


# --- the questions --------------------------------------------------------------------------------------------------


def test_denominators_roots_and_domains_are_asserted() -> None:
    (asked,) = questions(step(1 / (H - SIGMA2) + call("sqrt", LAM), ">=", 0))
    assert "(assert (> h 0))" in asked.setting and "(assert (>= sigma2 0))" in asked.setting
    assert "(assert (not (= (+ h (- sigma2)) 0)))" in asked.setting
    assert (
        "(assert (= (* |root 1| |root 1|) lambda_i))" in asked.setting and "(assert (>= |root 1| 0))" in asked.setting
    )
    assert asked.negation.startswith("(assert (not (>= ")


def test_an_odd_denominator_stays_in_the_sign() -> None:
    """1/(h - sigma2) >= 0 is not 1 >= 0."""
    (asked,) = questions(step(1 / (H - SIGMA2), ">=", 0))
    assert asked.negation.startswith("(assert (not (>= (* ") and asked.negation.endswith(" (+ h (- sigma2))) 0)))\n")


def test_sums_are_split() -> None:
    parts = split(2 * (H + plane_sum(LAM / H)) - plane_sum(num(3)))
    assert set(parts) == {"", "target"} and parts["target"] == num(2) * (LAM / H)
    with pytest.raises(smt.NotRational, match="a product of sums"):
        split(plane_sum(LAM) * plane_sum(LAM))


# --- z3 itself ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def z3() -> Iterator[Z3]:
    with Z3(5) as solver:
        yield solver


TRUE = {
    "an abbreviation": step(C, "=", H + ALPHA**2 * SIGMA2, ALGEBRA),
    "a fraction": step(1 / H - 1 / C, "=", NU / (H * C), ALGEBRA),
    "an angle": step(1 - COS**2, "=", S, ALGEBRA),
    "a root": step(call("sqrt", H**2), "=", H, ALGEBRA),
    "sums": step(plane_sum(A + 1), "=", plane_sum(A) + sym("d"), ALGEBRA),
    "sums, not summand by summand": step((D - K) + plane_sum(S), "=", D - K + sym("d") - plane_sum(1 - S), ALGEBRA),
    "an inequality": step(A * S / (C * (C + A)), "<=", S / C),
    "a difference of squares": step(H**2 + NU**2, ">=", 2 * H * NU),
    "a minimum": step(call("min", RATIO, RATIO**2), "<=", RATIO),
    "a renamed number": step(NU / H, "=", RATIO, RHO),
    "a renamed number keeps its sign": step(call("sqrt", RATIO**2), "=", RATIO, RHO),
}
FALSE = {
    "a sign": step(C, "=", H - NU, ALGEBRA),
    "a factor": step(1 / H - 1 / C, "=", 2 * NU / (H * C), ALGEBRA),
    "sine for cosine": step(1 - SIN**2, "=", S, ALGEBRA),
    "a root's sign": step(call("sqrt", H**2), "=", -H, ALGEBRA),
    "a summand": step(plane_sum(A * S), "=", plane_sum(A), ALGEBRA),
    "a constant": step((D - K) + plane_sum(S), "=", D - K + 1 + plane_sum(S), ALGEBRA),
    "a direction of an inequality": step(A * S / (C * (C + A)), ">=", S / C),
    "a tight constant": step(H**2 + NU**2, ">=", 3 * H * NU),
    "h for c": step(A / (C * (C + A)), ">=", A / (H * (H + A))),
    "an irrational end": step(H**2, ">=", 2 * H - num(Fraction(1, 2))),
    "an odd denominator": step(1 / (H - SIGMA2), ">=", 0),
}


@needs_z3
@pytest.mark.parametrize("name", TRUE)
def test_z3_agrees_with_what_is_true(z3: Z3, name: str) -> None:
    said = ask(TRUE[name], z3)
    assert said.opinion is Opinion.AGREES, said


@needs_z3
@pytest.mark.parametrize("name", FALSE)
def test_z3_finds_a_point_at_which_what_is_false_fails(z3: Z3, name: str) -> None:
    said = ask(FALSE[name], z3)
    assert said.opinion is Opinion.FAILS and said.point is not None, said


@needs_z3
def test_z3_is_ended_when_its_time_is_up() -> None:
    """A question that takes it far longer than a hundredth of a second."""
    hard = " ".join("(+ (* x x) (- (* 3.0 y z)) (* w w w) (* v v))" for _ in range(12))
    declared = "".join(f"(declare-const {n} Real)" for n in "xyzwv")
    asked = f"{declared}(assert (= (* {hard} (+ x y z w v)) (+ (* x y z w v) 7.0)))(assert (> (* x y) (* z z w)))"
    with Z3(0.01) as solver:
        assert solver(f"{asked}(assert (< (* x w v) (- (* y y y y) z)))", ("x",)).word in ("unknown", "nothing")
        assert solver("(declare-const h Real)(assert (> h 0))", ("h",)).word in ("sat", "unknown")


@needs_z3
def test_what_z3_cannot_read_is_no_answer(z3: Z3) -> None:
    assert z3("(assert (nonsense))", ()).word == "unknown"


@needs_z3
@pytest.mark.parametrize("name", ["two-sided-bound", "critical-angle"])
def test_z3_agrees_with_a_sample_of_the_catalogue(z3: Z3, name: str) -> None:
    derivation = derivations.load(name).derive(Assumptions.default())
    said = [ask(one, z3) for one in scalar_steps(derivation)]
    assert said and all(one.opinion is Opinion.AGREES for one in said), said


@needs_z3
@pytest.mark.campaign
def test_z3_finds_no_failure_in_the_catalogue(z3: Z3) -> None:
    said = [
        ask(one, z3)
        for name in derivations.ids()
        for one in scalar_steps(derivations.load(name).derive(Assumptions.default()))
    ]
    assert not [one for one in said if one.opinion is Opinion.FAILS]
    assert sum(one.opinion is Opinion.AGREES for one in said) > 350
