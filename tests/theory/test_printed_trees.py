"""Every printed form of a tree reads back as that tree: random ones, and those that printers get wrong."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import combinations
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_trees import LEAVES, Trees

from theory import latex_reader, text_reader
from theory import symbols as S
from theory.as_printed import as_printed, reads_as
from theory.binding import PrintedWrong, leaves_in, require_printed, said, shown
from theory.expr import (
    Expr,
    call,
    diff,
    expect,
    eye,
    literal,
    log,
    logdet,
    num,
    phi,
    plane_sum,
    rebuild,
    sym,
    trace,
    walk,
    zero,
)
from theory.formula import FormulaError, parse
from theory.formula_text import formula
from theory.json_tree import from_json, to_json
from theory.latex import latex
from theory.latex_reader import Ambiguous, Unreadable
from theory.layout import display_lines
from theory.text import text

a, h, c, s = S.a, S.h, S.c, S.s


def neg(x: Expr) -> Expr:
    return Expr("neg", (x,), x.rows, x.cols)


def div(x: Expr, y: Expr) -> Expr:
    return Expr("div", (x, y), x.rows, x.cols)


def mul(*x: Expr) -> Expr:
    matrix = next((kid for kid in x if not kid.is_scalar), x[0])
    return Expr("mul", x, *matrix.shape)


# No two of these say the same, so no two may look the same.
DIFFERENT = {
    "-(-x)": neg(neg(h)), "(-x)^2": Expr("pow", (neg(h), num(2))), "-x^2": neg(h**2), "x^-2": h**-2, "x^12": h**12,
    "x^1 2": mul(h**1, num(2)), "-(x^-2)": neg(h**-2), "2^-3": num(2) ** -3, "-2^3": neg(num(2) ** 3),
    "(-2)^3": num(-2) ** 3, "(1/2)^3": num(Fraction(1, 2)) ** 3, "1/2^3": div(num(1), num(2) ** 3),
    "a/(b/c)": div(a, div(h, c)), "(a/b)/c": div(div(a, h), c), "a/b c": mul(div(a, h), c), "a/(b c)": div(a, h * c),
    "a - (b - c)": a - (h - c), "a - b - c": a - h - c, "a - (b + c)": a - (h + c), "a + (b - c)": a + neg(c - h),
    "a b + c": mul(a, h) + c, "a (b + c)": mul(a, h + c), "(a + b) c": mul(a + h, c),
    "(a + b)(a - b)": (a + h) * (a - h),
    "-(a b)": neg(mul(a, h)), "-(a + b)": neg(a + h), "-a + b": neg(a) + h, "2 3": mul(num(2), num(3)), "23": num(23),
    "2 -3": mul(num(2), num(-3)), "2 - 3": num(2) - num(3), "a_i b": mul(a, S.h), "a_i^2": a**2, "alpha^2": S.alpha**2,
    "alpha 2": mul(S.alpha, num(2)), "alpha^2 alpha": mul(S.alpha**2, S.alpha), "a^s_i": S.a_s, "(a^s_i)^2": S.a_s**2,
    "a_i s_i": mul(a, s), "sigma": call("sqrt", S.sigma2), "sigma^2": S.sigma2, "sigma^3": call("sqrt", S.sigma2) ** 3,
    "sigma^4": S.sigma2**2, "sigma^-4": S.sigma2**-2, "sigma^4 h": mul(S.sigma2**2, h), "cos^2": S.cos**2,
    "cos^-2": S.cos**-2, "cos^2 s": mul(S.cos**2, s), "sqrt(a/b)": call("sqrt", div(a, h)),
    "sqrt(a)/b": div(call("sqrt", a), h), "sqrt(a) b": mul(call("sqrt", a), h), "sqrt(a b)": call("sqrt", mul(a, h)),
    "sqrt(a)^3": call("sqrt", a) ** 3, "e^(-t/2)": call("exp", neg(div(S.t, num(2)))),
    "e^((-t)/2)": call("exp", div(neg(S.t), num(2))), "e^(-(t + 1)/2)": call("exp", neg(div(S.t + 1, num(2)))),
    "e^(-t + 1/2)": call("exp", neg(S.t) + div(num(1), num(2))), "(e^t)^2": call("exp", S.t) ** 2,
    "e^(t^2)": call("exp", S.t**2), "e^t 2": mul(call("exp", S.t), num(2)), "ln(a) b": mul(log(a), h),
    "ln(a b)": log(mul(a, h)), "ln(a)^2": log(a) ** 2, "ln(a^2)": log(a**2), "phi(a)": phi(a), "min": call("min", a, h),
    "max": call("max", a, h), "min, turned": call("min", h, a), "(sum a) b": mul(plane_sum(a), h),
    "sum a b": plane_sum(mul(a, h)), "b sum a": mul(h, plane_sum(a)), "(b sum a) c": mul(mul(h, plane_sum(a)), c),
    "b sum a c": mul(h, plane_sum(mul(a, c))), "(sum a) + b": plane_sum(a) + h, "sum (a + b)": plane_sum(a + h),
    "(half sum a) b": mul(div(plane_sum(a), num(2)), h), "half sum a b": div(plane_sum(mul(a, h)), num(2)),
    "sum pairs": plane_sum(a, "pairs"), "sum lost": plane_sum(a, "lost"), "(sum a)^2": plane_sum(a) ** 2,
    "sum a^2": plane_sum(a**2), "2^63": num(2**63), "2^64 + 1": num(2**64 + 1), "2^64 - 1": num(2**64 - 1), "1": num(1),
    "2^128 + 3": num(2**128 + 3), "-2^64": num(-(2**64)), "2^70/3": num(Fraction(2**70, 3)),
    "3/2^70": num(Fraction(3, 2**70)), "-(2^70)/(3^50)": num(Fraction(-(2**70), 3**50)), "x^-12": h**-12,
}  # fmt: skip
U, M, Sigma, x = S.U, S.M, S.Sigma, S.x
OF_MATRICES = {
    "(U M)^T": (U @ M).T, "U M^T": U @ M.T, "(M^T)^-1": M.T.inv, "(M^-1)^T": M.inv.T,
    "M^T": M.T, "M^-1": M.inv, "(M + M)^-1": (M + M).inv,
    "M + M^-1": M + M.inv, "(2 M)^-1": mul(num(2), M).inv, "2 M^-1": mul(num(2), M.inv), "M/2": div(M, num(2)),
    "(M M)^-1": (M @ M).inv, "M M^-1": M @ M.inv, "-M^-1": neg(M.inv), "(-M)^-1": neg(M).inv, "I": eye("D"),
    "I_k": eye("k"), "tr(M)": trace(M), "tr(M M)": trace(M @ M), "tr(M)^2": trace(M) ** 2, "ln det M": logdet(M),
    "ln det M^-1": logdet(M.inv), "(ln det M)^-1": logdet(M) ** -1, "(ln det M)^2": logdet(M) ** 2,
    "(ln det M) h": mul(logdet(M), h), "ln det (h M)": logdet(mul(h, M)), "h ln det M": mul(h, logdet(M)),
    "(h ln det M) c": mul(mul(h, logdet(M)), c), "E[x]": expect(x), "E[x]^T": expect(x).T, "E[x^T]": expect(x.T),
    "dM^-1/dt": diff(M.inv, "t"), "(dM/dt)^-1": diff(M, "t").inv, "dh^2/dt": diff(h**2, "t"),
    "(dh/dt)^2": diff(h, "t") ** 2, "(dh/dt) c": mul(diff(h, "t"), c), "x^T x": x.T @ x, "x x^T": x @ x.T,
    "(x^T x)^2": (x.T @ x) ** 2, "(x^T x) x": mul(x.T @ x, x), "x^T Sigma x": x.T @ Sigma @ x, "U M - M": M - M @ M,
    "M (M - M)": M @ (M - M), "row": literal([[1, 2]], 1, 2), "column": literal([[1], [2]], 2, 1),
    "row^T": literal([[1, 2]], 1, 2).T, "square": literal([[1, 2], [3, 4]], 2, 2),
    "square, turned": literal([[1, 3], [2, 4]], 2, 2), "0 x 2": literal([], 0, 2), "2 x 0": literal([[], []], 2, 0),
    "one": literal([[h]], 1, 1), "one^-1": literal([[h]], 1, 1).inv,
}  # fmt: skip
HARD = {**DIFFERENT, **OF_MATRICES}


@pytest.mark.parametrize("tree", HARD.values(), ids=HARD)
def test_hard_forms_read_back(tree: Expr) -> None:
    require_printed(tree, lines=display_lines(tree, 1000))
    assert shown(tree) == latex(tree)
    assert said(tree) == text(tree)


def test_what_differs_looks_different() -> None:
    for one, other in combinations(HARD.values(), 2):
        assert not reads_as(one, other)
        assert latex(one) != latex(other)
        assert text(one) != text(other)
        assert to_json(one) != to_json(other)


def _round(tree: Expr) -> None:
    require_printed(tree, lines=display_lines(tree, 6000))


KINDS: dict[str, Callable[[Trees], Expr]] = {
    "scalar": lambda source: source.scalar(4),
    "matrix": lambda source: source.matrix("D", "k", 4),
    "column": lambda source: source.matrix("D", "1", 4),
    "blocks": lambda source: source.blocks(2),
}
COMMON = {"num", "sym", "add", "neg", "mul", "div", "pow", "call", "sum", "transpose", "inv", "matmul"}
FURTHER = {"trace", "logdet", "expect", "diff", "integral", "bures", "beyond 128 bits", "huge fraction"}
OWN = {"scalar": {"nested sign"}, "matrix": {"eye"}, "column": {"grad"}, "blocks": {"literal"}}


@pytest.mark.parametrize("kind", KINDS)
def test_random_trees_read_back(kind: str) -> None:
    seen: set[str] = set()
    for seed in range(250):
        tree = KINDS[kind](Trees(seed))
        _round(tree)
        seen |= {node.head for node in walk(tree)}
        numbers = [node.number for node in walk(tree) if node.head == "num"]
        seen |= {"beyond 128 bits" for q in numbers if abs(q.numerator) >= 2**128}
        seen |= {"huge fraction" for q in numbers if q.denominator > 2**60}
        seen |= {"nested sign" for node in walk(tree) if node.head == "neg" and node.children[0].head == "neg"}
    assert seen >= COMMON | FURTHER | OWN[kind]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**63))
def test_any_random_tree_reads_back(seed: int) -> None:
    source = Trees(seed)
    _round(source.scalar(3))
    _round(source.matrix("k", "k", 3))


@settings(max_examples=200, deadline=None)
@given(st.fractions() | st.integers(-(2**200), 2**200), st.integers(-(2**70), 2**70))
def test_numbers_of_any_size_read_back(value: Fraction, power: int) -> None:
    _round(num(value))
    _round(h ** num(power) + num(value) * h - num(value))


@pytest.mark.parametrize("value", [2**53 - 1, 2**53, 2**63, 2**64, 2**64 + 1, -(2**64), Fraction(1, 2**64), 10**400])
def test_json_keeps_every_digit(value: Fraction | int) -> None:
    tree = num(value)
    sent = json.dumps(to_json(tree))
    assert from_json(json.loads(sent)) == tree
    assert from_json(json.loads(sent, parse_int=lambda digits: int(float(digits)))) == tree  # a reader with doubles


def _one_sum(tree: Expr) -> Expr:
    """A sum in a sum is one sum: so the reader of users' formulas builds trees."""
    kids = [_one_sum(kid) for kid in tree.children]
    return reduce(add, kids) if tree.head == "add" else rebuild(tree, kids)


def test_user_formulas_of_random_trees_read_back() -> None:
    read, names = 0, {name: sym(name) for name in LEAVES if name not in ("infinity", "theta_i")}
    for seed in range(1000):
        tree = Trees(seed, matrices=False).scalar(3)
        tree = tree if any(node.head == "sum" for node in walk(tree)) else plane_sum(tree)
        try:
            line = formula(tree)
            found = parse(line, names)
        except (ValueError, FormulaError):
            continue  # what the formula language does not have, or what has no value
        read += 1
        assert reads_as(found, _one_sum(tree)), line
    assert read >= 200


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (num(-3), neg(num(3))),
        (num(Fraction(-1, 2)), neg(div(num(1), num(2)))),
        (Expr("add", (a + h, c)), a + h + c),
        (mul(a, mul(h, c)), a * h * c),
        (Expr("matmul", (U, M @ U.T), "D", "D"), U @ M @ U.T),
        (div(a + h, num(2)), mul(div(num(1), num(2)), a + h)),
        (div(U @ M, h), mul(div(num(1), h), U @ M)),
        (Expr("inv", (h,)), h**-1),
        (call("sqrt", S.sigma2) ** 4, S.sigma2**2),
        (zero("k", "d"), num(0)),
    ],
)
def test_what_print_cannot_tell(one: Expr, other: Expr) -> None:
    assert one != other
    assert reads_as(one, other)
    assert as_printed(as_printed(one)) == as_printed(one)


@pytest.mark.parametrize(
    "code",
    [
        "h^12", "h^{1}{2}", r"\left(h", r"h\right)", r"\frac{h}", "h +", "q", r"\sqrt h", r"\min\left(h, \right)",
        "h ? c", r"\alpha^{s}_i", r"\begin{pmatrix}h & c\\ h\end{pmatrix}", r"\mathsf{X}", r"e^{h/c + 1}", r"\foo",
        "h^{2}^{2}",
    ],
)  # fmt: skip
def test_other_latex_is_not_read(code: str) -> None:
    with pytest.raises(Unreadable):
        latex_reader.read(code)


@pytest.mark.parametrize("line", ["h c", "h**2", "h +", "(h", "h)", "q*h", "h^2^2", "foo(h)", "min(h,)", "2h"])
def test_other_text_is_not_read(line: str) -> None:
    with pytest.raises(Unreadable):
        text_reader.read(line, {"h": h, "c": c})


def test_sizes_are_read_with_the_letters() -> None:
    leaves = latex_reader.leaves_of(leaves_in([U @ M, x]))
    assert latex_reader.read("U M", leaves) == U @ M
    for wrong in ("M U", "U + M", r"U^{\top} M", "x x", r"M^{2}"):
        with pytest.raises(Unreadable):
            latex_reader.read(wrong, leaves)


def test_names_that_print_alike_are_refused() -> None:
    with pytest.raises(Ambiguous):
        latex_reader.leaves_of([sym("B"), S.letter("B", "d", "d")])
    with pytest.raises(Ambiguous):
        text_reader.names_of([sym("R"), S.letter("R", "d", "d")])
    with pytest.raises(PrintedWrong):
        require_printed(mul(sym("B"), S.letter("B", "d", "d")))
