"""Attempts to make the kernel accept something false by lines that hold "while" something is positive, by names whose
value is not defined, and by chains of one derivation that mean different things by one name."""

from collections.abc import Callable

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import ANTIDERIVATIVE, AT_START, MEAN_NORMS, while_positive
from theory.cited_any_law import CENTRED_DATA
from theory.derivation import Author, Derivation, Output
from theory.expr import INFINITY, Expr, call, eye, integral, letter, log, num, plane_sum, sym, zero
from theory.rules import ALGEBRA, CERTIFICATE, RATIO, WHILE_SIGNAL, Rule, given
from theory.verdict import Verdict

h, r, R, name, F = S.h, S.r, S.R, sym("unlisted"), sym("F")
half = num(1) / 2
T = letter("T", "D", "D")
distance = call("sqrt", (h - 1) ** 2)


def sqrt(x: Expr) -> Expr:
    return call("sqrt", x)


def above() -> Chain:
    return chain(distance).root(h - 1, while_positive(h - 1))


def below() -> Chain:
    return chain(distance).root(1 - h, while_positive(1 - h))


# --- conditions -----------------------------------------------------------------------------------------------------


def test_control_a_line_may_hold_under_a_condition():
    accepted(above)
    accepted(below)
    accepted(lambda: chain(num(1)).eq((h - 1) / (h - 1), while_positive(h - 1)))
    accepted(lambda: chain(2 * distance).eq(2 * h - 2, above().lemma() & while_positive(h - 1)))


def test_control_a_condition_that_excludes_a_boundary_only():
    ratio = chain(S.r).eq(h / S.alpha**2, RATIO & WHILE_SIGNAL).lemma()
    accepted(lambda: chain(2 * S.r).eq(2 * (h / S.alpha**2), ratio & WHILE_SIGNAL))


def test_lemma_without_its_condition():
    refused(lambda: chain(distance).eq(h - 1, above().lemma()))


def test_lemmas_under_opposite_conditions():
    refused(lambda: chain(h - 1).eq(distance, above().lemma()).eq(1 - h, below().lemma()))


def test_lemma_without_its_condition_through_another_lemma():
    wrapped = chain(distance).eq(h - 1, above().lemma() & while_positive(h - 1))
    refused(lambda: chain(2 * distance).eq(2 * h - 2, wrapped.lemma()))


def test_lemma_under_the_condition_of_another():
    refused(lambda: chain(distance).eq(h - 1, above().lemma() & while_positive(1 - h)))


def test_lemma_under_a_condition_that_never_holds():
    one = sqrt(num(1) * (-1) * (-1))
    lemma = chain(one).root(num(-1), while_positive(num(-1))).lemma()
    refused(lambda: chain(num(-1)).eq(one, lemma).eq(1, ALGEBRA))


def test_lemma_under_a_condition_within_an_integral():
    kinked = sqrt((r - 1) ** 2)
    lemma = chain(kinked).root(r - 1, while_positive(r - 1)).lemma()
    refused(lambda: chain(integral(kinked, "r", half, num(2))).eq(integral(r - 1, "r", half, num(2)), lemma))
    refused(
        lambda: chain(integral(kinked, "r", half, num(2))).eq(
            integral(r - 1, "r", half, num(2)), lemma & while_positive(r - 1)
        )
    )


def test_condition_with_a_forged_name():
    refused(lambda: chain(h).eq(h, while_positive(sym("total 0"))))
    refused(lambda: chain(h).eq(h, while_positive(sym("root (h + 1)"))))


def test_condition_that_is_weaker_than_what_is_needed():
    refused(lambda: chain(num(1)).eq((h - 2) / (h - 2), while_positive(h - 1)))
    accepted(lambda: chain(num(1)).eq((h - half) / (h - half), while_positive(h - 1)))


def test_condition_gives_no_certificate():
    refused(lambda: chain(h - 1).ge(0, while_positive(h - 1) & CERTIFICATE))


NOTHING, ZERO = S.c - S.h - S.nu, S.c - S.nu - S.h


def vacuous() -> Chain:
    """1 = 0, while c - nu - h > 0: that is never so."""
    none = chain(NOTHING).eq(0, ALGEBRA).lemma()
    return chain(num(1)).eq(NOTHING / ZERO, while_positive(ZERO)).eq(0, none & while_positive(ZERO))


def test_lemma_under_a_condition_that_is_never_strict():
    refused(lambda: chain(h * 1).eq(0, vacuous().lemma()))


def test_lemma_under_a_condition_that_is_never_strict_in_this_model():
    """The mean of a centred target is 0, and so is its norm outside the encoder."""
    norm, other = S.mu_perp2 * 1, 1 * S.mu_perp2
    none = chain(norm).eq(S.mu.T @ S.P @ S.mu, MEAN_NORMS).eq(0, CENTRED_DATA).lemma()

    def build() -> Chain:
        lemma = chain(num(1)).eq(norm / other, while_positive(other)).eq(0, none & while_positive(other)).lemma()
        return chain(h * 1).eq(0, lemma)

    refused(build)


def test_lemma_under_a_condition_that_is_nonnegative_everywhere_and_strict_on_one_side():
    """|h - 1| > h - 1 says that h < 1."""
    apart = while_positive(distance - (h - 1))
    product = (distance + (h - 1)) * (distance - (h - 1))
    none = chain(product).eq(0, ALGEBRA).lemma()

    def one() -> Chain:
        return chain(distance + (h - 1)).eq(product / (distance - (h - 1)), apart).eq(0, none & apart)

    accepted(one)
    refused(lambda: chain(2 * (distance + (h - 1))).eq(0, one().lemma()))


@pytest.mark.parametrize("base", [S.alpha, S.nu, S.sigma2, NOTHING])
def test_lemma_with_a_name_that_is_not_defined_on_a_boundary(base):
    value = given("a name", (name, 1 / base))
    lemma = chain(name * base).eq(1, value & while_positive(base)).lemma()
    refused(lambda: chain(num(1)).eq(name * base, lemma))


# --- conditions on a bound variable ---------------------------------------------------------------------------------


def test_integral_across_a_pole_that_a_condition_excludes():
    """A condition on the variable of integration says nothing of where it runs."""
    reason = ANTIDERIVATIVE & while_positive(h - 1)
    square = integral(1 / (h - 1) ** 2, "h", half, num(2))
    refused(lambda: chain(square).antiderivative(num(-3), -1 / (h - 1), reason))
    simple = integral(1 / (r - 1) ** 2, "r", half, num(2))
    refused(lambda: chain(simple).antiderivative(num(-3), -1 / (r - 1), ANTIDERIVATIVE & while_positive(r - 1)))


def test_integral_across_a_pole_that_a_condition_on_an_abbreviation_excludes():
    c = S.c - S.nu
    reason = ANTIDERIVATIVE & while_positive(c - 1)
    refused(lambda: chain(integral(1 / (c - 1) ** 2, "h", half, num(2))).antiderivative(num(-3), -1 / (h - 1), reason))


def test_integral_across_a_pole_that_a_condition_on_a_given_name_excludes():
    reason = ANTIDERIVATIVE & given("a name", (name, r - 1)) & while_positive(name)
    refused(lambda: chain(integral(1 / name**2, "r", half, num(2))).antiderivative(num(-3), -1 / name, reason))
    inverse = ANTIDERIVATIVE & given("a name", (name, 1 / (r - 1))) & while_positive(r - 1)
    refused(lambda: chain(integral(name**2, "r", half, num(2))).antiderivative(num(-3), -name, inverse))
    early = given("a name", (name, 1 / (r - 1))) & while_positive(r - 1)
    refused(
        lambda: chain(integral(name**2, "r", half, num(2))).eq(integral(1 / (r - 1) ** 2, "r", half, num(2)), early)
    )


def test_equality_of_integrals_under_a_condition_on_a_given_name():
    kinked, value = sqrt((r - 1) ** 2), given("a name", (name, r - 1)) & while_positive(name)
    lemma = chain(kinked).root(name, value).lemma()
    start, end = integral(kinked, "r", half, num(2)), integral(r - 1, "r", half, num(2))
    refused(lambda: chain(start).eq(end, lemma & value))


def test_control_integral_under_a_condition_on_something_else():
    pole = S.tol - 1
    whole = integral(r / pole, "r", num(1), num(3))
    accepted(lambda: chain(whole).antiderivative(4 / pole, r**2 / (2 * pole), ANTIDERIVATIVE & while_positive(pole)))


def test_integral_with_a_lemma_under_a_condition_on_its_variable():
    """|r - 1| is r - 1 only beyond 1."""
    kinked = sqrt((r - 1) ** 2)
    lemma = chain(kinked).root(r - 1, while_positive(r - 1)).lemma()
    start = integral(kinked, "r", half, num(2))
    reason = ANTIDERIVATIVE & lemma & while_positive(r - 1)
    refused(lambda: chain(start).antiderivative(num(3) / 8, (r - 1) ** 2 / 2, reason))
    refused(lambda: chain(start).eq(integral(r - 1, "r", half, num(2)), reason))


def test_integral_to_infinity_with_a_bound_that_holds_under_a_condition():
    """The integral of 0 is 0."""
    none = chain(NOTHING).eq(0, ALGEBRA).lemma()
    start = chain(num(1)).eq(NOTHING / ZERO, while_positive(ZERO)).eq(0, none & while_positive(ZERO))
    bound = chain(num(1)).ge(0), start.le(1 / r)
    refused(lambda: chain(integral(num(0), "r", h, INFINITY)).antiderivative(num(1), num(-1), ANTIDERIVATIVE, bound))


# --- names whose value is not defined -------------------------------------------------------------------------------


def test_control_a_value_that_is_defined():
    value = given("a name", (name, 1 / S.c))
    accepted(lambda: chain(1).eq(name * S.c, value))


def test_given_value_divides_by_zero():
    value = given("a name", (name, 1 / NOTHING))
    refused(lambda: chain(1).eq(name * NOTHING, value).eq(0, ALGEBRA))


def test_given_value_divides_by_something_that_vanishes_somewhere():
    refused(lambda: chain(1).eq(name * (h - 1), given("a name", (name, 1 / (h - 1)))))


def test_given_value_is_the_root_of_something_negative():
    """h - 1 is a square, so h >= 1."""
    value = given("a name", (name, sqrt(h - 1)))
    refused(lambda: chain(h - 1).eq(name**2, value).optimum(num(0), name, ALGEBRA, num(1)))


def test_given_letter_divides_by_zero():
    value = given("a letter", (T, eye("D") / NOTHING))
    refused(lambda: chain(eye("D")).eq(NOTHING * T, value).eq(zero("D", "D"), ALGEBRA))


def test_given_value_is_the_logarithm_of_something_negative():
    value = given("a name", (name, log(-h)))
    refused(lambda: chain(2 * name).eq(2 * log(-h), value))
    refused(lambda: chain(name - log(-h)).eq(0, value))


def test_given_value_of_a_plane_that_is_not_defined_in_every_plane():
    one = sym("unlisted_i")
    value = given("a name", (one, 1 / S.lam))
    refused(lambda: chain(S.d).eq(plane_sum(one * S.lam), value))


def test_names_that_are_given_in_a_circle():
    """a = b and b = a + 1."""
    a, b = sym("a1"), sym("b1")
    one, two = given("one", (a, b)), given("two", (b, a + 1))
    refused(lambda: chain(0).eq(a - b, one).eq(-1, two))
    lemma = chain(a - b).eq(0, one).lemma()
    refused(lambda: chain(0).eq(a - b, lemma).eq(-1, two))
    accepted(lambda: chain(0).eq(a - b, one).eq(a - h, one & given("three", (b, h))))


def test_letters_that_are_given_in_a_circle():
    A, B = letter("A1", "D", "D"), letter("B1", "D", "D")
    one, two = given("one", (A, B)), given("two", (B, A + eye("D")))
    refused(lambda: chain(zero("D", "D")).eq(A - B, one).eq(-eye("D"), two))


# --- one derivation -------------------------------------------------------------------------------------------------


def derivation(closed: Expr, stable: Expr, *write: Callable[[Author], Chain]) -> Derivation:
    author = Author("attack", Assumptions.default())
    for one in write:
        one(author)
    return author.finish("attack", "An attack.", (Output("value", closed, stable),), limits="none")


def proved(made: Derivation) -> bool:
    return made.check().verdict is Verdict.PROVED


def test_control_a_name_within_a_chain():
    one = given("F is h", (F, h))

    def write(author: Author) -> Chain:
        return author.chain("one", h + h).eq(F + h, one).eq(2 * h, one)

    assert proved(derivation(2 * h, h * 2, write, lambda a: a.chain("two", 2 * h).eq(h * 2, ALGEBRA)))


def test_name_with_two_meanings_in_two_chains():
    one, two = given("F is 1", (F, num(1))), given("F is 2", (F, num(2)))
    made = derivation(F, num(2), lambda a: a.chain("one", num(1)).eq(F, one), lambda a: a.chain("two", F).eq(2, two))
    assert not proved(made)


def test_relation_with_two_meanings_in_two_chains():
    made = derivation(
        h,
        R * S.alpha**2,
        lambda a: a.chain("one", r * S.alpha**2).eq(h, RATIO),
        lambda a: a.chain("two", h).eq(R * S.alpha**2, AT_START),
    )
    assert not proved(made)


def test_relation_with_two_meanings_through_a_lemma():
    late = chain(h).eq(R * S.alpha**2, AT_START).lemma()
    early = chain(r * S.alpha**2).eq(h, RATIO).lemma()
    for one, two in ((RATIO, late), (early, AT_START), (early, late)):
        made = derivation(
            h,
            R * S.alpha**2,
            lambda a, by=one: a.chain("one", r * S.alpha**2).eq(h, by),
            lambda a, by=two: a.chain("two", h).eq(R * S.alpha**2, by),
        )
        assert not proved(made)


def test_evaluated_form_that_holds_under_a_condition_that_never_holds():
    none = chain(NOTHING).eq(0, ALGEBRA).lemma()
    made = derivation(
        num(1),
        num(0),
        lambda a: a.chain("one", h / h).eq(1, ALGEBRA),
        lambda a: a.chain("two", num(1)).eq(NOTHING / ZERO, while_positive(ZERO)).eq(0, none & while_positive(ZERO)),
    )
    assert not proved(made)


@pytest.mark.parametrize("rule", [while_positive(h - 1), while_positive(h - 1) & ALGEBRA])
def test_evaluated_form_that_holds_under_a_condition_only(rule: Rule):
    made = derivation(
        distance,
        h - 1,
        lambda a: a.chain("one", distance + 0).eq(distance, ALGEBRA),
        lambda a: a.chain("two", distance).root(h - 1, rule),
    )
    assert not proved(made)


def test_evaluated_form_that_rests_on_a_lemma_under_a_condition():
    def second(author: Author) -> Chain:
        lemma = author.chain("lemma", distance).root(h - 1, while_positive(h - 1)).lemma()
        return author.chain("two", 2 * distance).eq(2 * h - 2, lemma & while_positive(h - 1))

    start = lambda a: a.chain("one", distance + distance).eq(2 * distance, ALGEBRA)  # noqa: E731
    assert not proved(derivation(2 * distance, 2 * h - 2, start, second))
