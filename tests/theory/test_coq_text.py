"""What is written for Coq reads back as the tree it was written from, whatever the signs, powers and numbers in it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory.coq_reader import Unreadable, read, read_statement, read_theorem
from theory.coq_text import NotWritten, canonical, coq, coq_name
from theory.expr import Expr, call, num, plane_sum, sym

a, b, c = sym("a"), sym("b"), sym("c")


def _neg(x: Expr) -> Expr:
    return Expr("neg", (x,))


def _leaves() -> st.SearchStrategy[Expr]:
    whole = st.integers(-(2**90), 2**90).map(num)
    small = st.fractions(min_value=-5, max_value=5, max_denominator=99).map(num)
    names = st.sampled_from(["alpha", "h", "R", "S", "lambda_i", "cos_i", "n_i", "x"]).map(sym)
    return st.one_of(whole, small, names)


def _inner(kids: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(kids, min_size=2, max_size=4).map(tuple)
    powers = st.one_of(st.integers(-4, 6).map(num), st.integers(1, 4).map(lambda n: _neg(num(n))))
    return st.one_of(
        several.map(lambda parts: Expr("add", parts)),
        several.map(lambda parts: Expr("mul", parts)),
        kids.map(_neg),
        st.tuples(kids, kids).map(lambda pair: Expr("div", pair)),
        st.tuples(kids, powers).map(lambda pair: Expr("pow", pair)),
        st.tuples(st.sampled_from(["log", "exp", "sqrt", "phi"]), kids).map(lambda pair: Expr("call", pair)),
        st.tuples(st.sampled_from(["min", "max"]), kids, kids).map(lambda parts: Expr("call", parts)),
    )


TREES = st.recursive(_leaves(), _inner, max_leaves=14)


@given(TREES, st.booleans())
def test_what_is_written_reads_back(tree: Expr, planes: bool) -> None:
    assert read(coq(tree, planes=planes)) == canonical(tree)


@given(TREES)
def test_sums_read_back(tree: Expr) -> None:
    whole = a * plane_sum(tree) - plane_sum(tree * b)
    assert read(coq(whole, planes=True)) == canonical(whole)


@given(TREES)
def test_the_canonical_form_is_settled(tree: Expr) -> None:
    assert canonical(canonical(tree)) == canonical(tree)


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (a - b - c, "a - b - c"),
        (Expr("add", (a, _neg(Expr("add", (b, c))))), "a - (b + c)"),
        (Expr("add", (a, Expr("add", (b, c)))), "a + (b + c)"),
        (_neg(_neg(a)), "- (- a)"),
        (a - _neg(b), "a - (- b)"),
        (_neg(a) ** 2, "(- a) ^ 2"),
        (_neg(a**2), "- a ^ 2"),
        (a ** num(-2), "/ a ^ 2"),
        (b * a ** _neg(num(2)), "b * (/ a ^ 2)"),
        (Expr("div", (a, Expr("div", (b, c)))), "a / (b / c)"),
        (a / b / c, "a / b / c"),
        (a / b * c, "a / b * c"),
        (Expr("mul", (a, Expr("mul", (b, c)))), "a * (b * c)"),
        (a / (b * c), "a / (b * c)"),
        (a * b / c, "a * b / c"),
        (Expr("mul", (a, Expr("div", (b, c)))), "a * (b / c)"),
        (num(-2) ** 3, "(- 2) ^ 3"),
        (num(Fraction(-3, 16)) * a, "(- (3 / 16)) * a"),
        (num(2**70), str(2**70)),
        (call("sqrt", a) ** 2, "sqrt (a) ^ 2"),
    ],
)
def test_one_way_to_write(tree: Expr, text: str) -> None:
    assert coq(tree) == text
    assert read(text) == canonical(tree)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a - b - c", "a - (b - c)"),
        ("a / b / c", "a / (b / c)"),
        ("- a ^ 2", "(- a) ^ 2"),
        ("a / b * c", "a / (b * c)"),
    ],
)
def test_brackets_make_a_difference(one: str, other: str) -> None:
    assert read(one) != read(other)


@pytest.mark.parametrize(
    "text", ["", "a +", "a b", "(a", "a ^ b", "a ^ 2 ^ 3", "/ a", "psum n (fun j => a)", "1.5", "a = b", "f (a)", "a;b"]
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


def test_a_plane_needs_its_index() -> None:
    with pytest.raises(Unreadable, match="index"):
        read("psum n (fun i => a_i)")
    with pytest.raises(Unreadable, match="plane"):
        read("c i")


@pytest.mark.parametrize("name", ["R", "S", "O", "fun", "forall", "n", "i", "H_in_c", "P_c"])
def test_coqs_own_words_are_no_variables(name: str) -> None:
    assert coq_name(name) == name + "_"
    assert read(coq_name(name)) == sym(name)


@pytest.mark.parametrize("name", ["a b", "a-b", "λ", "x_", "root 1", "a)"])
def test_names_that_cannot_be_written_are_refused(name: str) -> None:
    with pytest.raises(NotWritten):
        coq(sym(name))


@pytest.mark.parametrize(
    "tree",
    [a ** num(Fraction(1, 2)), a**b, a**10**6, Expr("trace", (a,)), Expr("diff", (a, "r")), plane_sum(a, "lost")],
)
def test_what_is_no_real_expression_is_refused(tree: Expr) -> None:
    with pytest.raises(NotWritten):
        coq(tree)


def test_a_theorem_reads_back_part_by_part() -> None:
    text = """Theorem t : forall
    (a b : R)
    (x_i : nat -> R)
    (n : nat)
    (H_in_x_i : (forall i : nat, (i < n)%nat -> 0 <= x_i i))
    (H_is_a : a = b + (b - 1))
  , a - b <= psum n (fun i => x_i i)."""
    read_ = read_theorem(text)
    assert read_["H_in_x_i"] == "0 <= x_i i"
    assert read_statement(read_["H_is_a"]) == (a, "=", Expr("add", (b, b - 1)))
    assert read_statement(read_[""]) == (a - b, "<=", plane_sum(sym("x_i")))


def test_a_derivative_reads_back() -> None:
    text = "derivable_pt_lim (fun t => exp (- B_at t) * t) t (1 - b)"
    left, relation, right = read_statement(text)
    assert left == Expr("diff", (call("exp", _neg(sym("B"))) * sym("t"), "t"))
    assert (relation, right) == ("=", 1 - b)
    with pytest.raises(Unreadable):
        read_statement("derivable_pt_lim (fun t => a) r (b)")
