"""The formula language: what it reads it reads exactly; everything else is one line with a column, at once."""

from __future__ import annotations

import ast
import random
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from math import prod
from pathlib import Path

import pytest
import sympy
from hostile_formulas import ATTACKS, NAMES, REFUSED, RELATIONS_REFUSED, random_text, random_tree

import derivations
import theory
from theory.assumptions import Assumptions
from theory.expr import Expr, call, eye, num, plane_sum, sym, walk
from theory.facts import Facts
from theory.formula import FormulaError, parse, parse_relation
from theory.formula_parts import MAX_DEPTH, PRIME, Part, of_tree
from theory.formula_text import formula
from theory.formula_tokens import MAX_LENGTH
from theory.normal import NotDecidable, equal
from theory.vocabulary import FUNCTIONS, free_of_planes, require_depth

BUDGET = 0.05  # seconds of this process for one refusal
SAMPLE, MANY = 4000, 100_000
h, t, B, alpha, a_i, s_i = (sym(name) for name in ("h", "t", "B", "alpha", "a_i", "s_i"))
HEADS = {"num", "sym", "add", "neg", "mul", "div", "pow", "call", "sum"}

READ: dict[str, Expr] = {
    "h": h, " h\t": h, "7": num(7), "0.05": num(Fraction(1, 20)), ".5": num(Fraction(1, 2)), "5.": num(5),
    "007": num(7),
    "1e-30": num(Fraction(1, 10**30)), "2.5E+3": num(2500), "1e3": num(1000), "9" * 1000: num(10**1000 - 1),
    "h + t": h + t, "h - t - B": h - t - B, "h - (t - B)": h - (t - B), "h*t*B": h * t * B, "h*(t*B)": h * (t * B),
    "h/t/B": h / t / B, "h/(t/B)": h / (t / B), "h/t*B": h / t * B, "-h": -h, "+h": h,
    "--h": Expr("neg", (-h,)), "-+-h": Expr("neg", (-h,)),
    "-t/2": -(t / 2), "-h*t": -(h * t), "-h**2": -(h**2), "(-h)**2": (-h) ** 2, "h*-t": h * (-t), "h - -t": h - (-t),
    "h/-t**2": h / (-(t**2)), "h**-2": h**-2, "h**(-2)": h**-2, "h**+3": h**3, "h**2.0": h**2, "h**(4/2)": h**2,
    "h**0": h**0, "(h**2)**3": (h**2) ** 3, "2*h**2": 2 * h**2, "1/3": num(1) / 3,
    "log(h)": call("log", h), "ln(h)": call("log", h), "phi(h)": call("phi", h), "sqrt(h)": call("sqrt", h),
    "min(h, t)": call("min", h, t), "max( h,t )": call("max", h, t), "exp(-t/2)": call("exp", -(t / 2)),
    "exp(-0.5*t)": call("exp", -(t / 2)), "exp(t)": call("exp", t), "exp(-2*B)": call("exp", -(2 * B)),
    "exp(-(1/2)*t)": call("exp", -(t / 2)), "exp(t*3)": call("exp", 3 * t),
    "exp(3*t/2)": call("exp", num(Fraction(3, 2)) * t),
    "sum(a_i*s_i)": plane_sum(a_i * s_i), "sum(h)": plane_sum(h), "1/sum(a_i)**2": 1 / plane_sum(a_i) ** 2,
    "sum(a_i)*sum(s_i)": plane_sum(a_i) * plane_sum(s_i), "lambda": sym("lambda"),
    "sum(lambda_i)": plane_sum(sym("lambda_i")),
    "1/(h - t)": 1 / (h - t), "1/(sum(1)*sum(a_i*s_i) - sum(a_i)*sum(s_i))":
    1 / (plane_sum(num(1)) * plane_sum(a_i * s_i) - plane_sum(a_i) * plane_sum(s_i)),
    f"1/({PRIME})": num(1) / PRIME, f"h/(2*{PRIME})": h / (2 * num(PRIME)), "0*h": 0 * h,
}  # fmt: skip


@pytest.mark.parametrize("text", READ, ids=lambda text: text[:30])
def test_what_is_read(text: str) -> None:
    assert parse(text, NAMES) == READ[text]


@pytest.mark.parametrize(
    ("text", "relation"),
    [("h == t", "=="), ("h<=t", "<="), ("h >= t", ">="), ("h < t", "<"), ("h > t", ">"), ("h > -t", ">")],
)
def test_relations(text: str, relation: str) -> None:
    left, found, right = parse_relation(text, NAMES)
    assert (left, found) == (h, relation) and right in (t, -t)


def test_a_relation_that_holds_of_nothing_is_read_all_the_same() -> None:
    """What is claimed is for the kernel to judge."""
    assert parse_relation("0 <= 0", {}) == (num(0), "<=", num(0))


def spent(read: Callable[[], object]) -> float:
    """Seconds of this process: the best of three, as other processes share its caches."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        with suppress(FormulaError):
            read()
        best = min(best, time.process_time() - start)
        if best < BUDGET / 5:
            break
    return best


def require_one_line(error: FormulaError, text: str) -> None:
    line = str(error)
    assert line.isascii() and line.isprintable() and len(line) < 250
    assert line == f"column {error.column}: {error.message}" and "; " in error.message
    assert 1 <= error.column <= min(len(text), MAX_LENGTH) + 1


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:30]))
def test_what_is_refused(text: str) -> None:
    column, hint = REFUSED[text]
    with pytest.raises(FormulaError) as caught:
        parse(text, NAMES)
    require_one_line(caught.value, text)
    assert hint in caught.value.message and caught.value.column == column, caught.value
    assert spent(lambda: parse(text, NAMES)) < BUDGET


@pytest.mark.parametrize("text", RELATIONS_REFUSED)
def test_relations_that_are_refused(text: str) -> None:
    column, hint = RELATIONS_REFUSED[text]
    with pytest.raises(FormulaError) as caught:
        parse_relation(text, NAMES)
    require_one_line(caught.value, text)
    assert hint in caught.value.message and caught.value.column == column, caught.value


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_is_run(attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = attack.format("M")
    for read in (parse, parse_relation):
        for disguised in (text, f"h + {text}", f"log({text})", f"sum({text})", f"h <= {text}"):
            with pytest.raises(FormulaError):
                read(disguised, NAMES)
    assert list(tmp_path.iterdir()) == []
    eval(text, {"h": 1, "t": 1})  # so the text is one that would have left its mark
    assert [path.name for path in tmp_path.iterdir()] == ["M"]


def test_the_reader_has_no_means_to_run_text() -> None:
    """By its imports and the names that it uses: nothing of it reaches an interpreter, SymPy or a file."""
    allowed = {"__future__", "collections.abc", "dataclasses", "difflib", "fractions", "functools", "hashlib", "math",
               "re", "typing", "unicodedata"}  # fmt: skip
    forbidden = {"eval", "exec", "compile", "open", "__import__", "getattr", "globals", "vars", "sympify", "parse_expr"}
    for path in Path(theory.__file__).parent.glob("formula*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert {alias.name for alias in node.names} <= allowed
            if isinstance(node, ast.ImportFrom):
                own = {f"theory.{name}" for name in ("expr", "vocabulary", "text")}
                module = str(node.module)
                assert module in allowed | own | {"theory"} or module.startswith("theory.formula")
            if isinstance(node, ast.Name):
                assert node.id not in forbidden, (path.name, node.id)


def test_names_stand_for_expressions() -> None:
    names = {"E": plane_sum(a_i / h), "c": h + t, "each": a_i + h}
    assert parse("E/c", names) == plane_sum(a_i / h) / (h + t)
    assert parse("sum(each)*c", names) == plane_sum(a_i + h) * (h + t)
    for text, part in (
        ("each", "within sum"), ("sum(E)", "a sum, within a sum"), ("1/(E - E)", "division by zero"),
        ("h", "names are E, c"),
    ):  # fmt: skip
        with pytest.raises(FormulaError, match=part):
            parse(text, names)
    with pytest.raises(FormulaError, match="stands for a matrix"):
        parse("V", {"V": eye("D")})
    with pytest.raises(FormulaError, match="no names are known here"):
        parse("h", {})
    assert parse("min", {"min": h}) == h and parse("min(h, 1)", {"min": h, "h": t}) == call("min", t, 1)


def test_functions_are_those_of_the_vocabulary() -> None:
    for name, wanted in FUNCTIONS.items():
        text = f"{name}({', '.join(['t'] * wanted)})"
        assert parse(text, NAMES) == call(name, *[t] * wanted)
        with pytest.raises(FormulaError, match=f"{name} takes {wanted} argument"):
            parse(f"{name}({', '.join(['t'] * (wanted + 1))})", NAMES)


def test_the_prime_is_prime() -> None:
    assert sympy.isprime(PRIME)


def test_the_largest_formulas_are_read_from_a_deep_stack() -> None:
    largest = ["(" * 40 + "h" + ")" * 40, "log(" * 40 + "h" + ")" * 40, "h+" * 499 + "h", "h/" * 99 + "h",
               "-" * 99 + "h", "1/(1+" * 40 + "h" + ")" * 40, "h" + "+h**99" * 200]  # fmt: skip

    def deep(frames: int, text: str) -> Expr:
        return deep(frames - 1, text) if frames else parse(text, NAMES)

    for text in largest:
        require_depth(deep(sys.getrecursionlimit() // 2, text))
        assert spent(lambda text=text: parse(text, NAMES)) < BUDGET


# --- round trips ----------------------------------------------------------------------------------------------------

POINT = {name: Fraction(3 * i + 2, 7) for i, name in enumerate(NAMES)}
STAND_INS = {"log": (3, 2), "phi": (5, 7), "sqrt": (11, 3), "exp": (2, 13), "min": (17, 5), "max": (19, 11)}


def value(tree: Expr) -> Fraction:
    """An exact value at one point; functions and sums are replaced by polynomials that tell their arguments apart."""
    kids = [value(kid) for kid in tree.children]
    match tree.head:
        case "num":
            return tree.number
        case "sym":
            return POINT[tree.name]
        case "add":
            return sum(kids, Fraction(0))
        case "neg":
            return -kids[0]
        case "mul":
            return prod(kids, start=Fraction(1))
        case "div":
            return kids[0] / kids[1]
        case "pow":
            if not kids[0] and kids[1] <= 0:
                raise ZeroDivisionError
            return kids[0] ** int(kids[1])
        case "sum":
            return 23 * kids[0] ** 2 + 1
    factor, shift = STAND_INS[tree.name]
    return sum((factor**i * (kid**2 + shift * kid) for i, kid in enumerate(kids, 1)), Fraction(factor))


def read_back(tree: Expr) -> Expr | None:
    """What is read of a printed tree; None where a bound is met, or where a function has no value as far as is seen."""
    try:
        return parse(formula(tree), NAMES)
    except FormulaError as error:
        bounded = any(word in error.message for word in ("terms", "digits", "degree"))
        if bounded or any(node.head in ("call", "sum") for node in walk(tree)):
            return None
        raise


@pytest.mark.parametrize("seed", range(4))
def test_what_is_printed_is_read_back(seed: int) -> None:
    rng, back = random.Random(seed), 0
    for _ in range(500):
        tree = random_tree(rng, rng.randrange(1, 6))
        try:
            wanted = value(tree)
        except ZeroDivisionError:
            continue
        found = read_back(tree)
        if found is not None:
            back += 1
            assert value(found) == wanted, formula(tree)
            assert value(parse(formula(found), NAMES)) == wanted, formula(found)
    assert back > 350


def test_what_is_printed_is_equal_in_normal_form() -> None:
    rng, decided = random.Random(7), 0
    while decided < 60:
        tree = random_tree(rng, 3)
        with suppress(NotDecidable, ZeroDivisionError, FormulaError):  # not defined, or not a form that the kernel has
            assert equal(parse(formula(tree), NAMES), tree, Facts()), formula(tree)
            decided += 1


@pytest.mark.parametrize("result", derivations.ids())
def test_every_closed_form_of_the_theory_can_be_written(result: str) -> None:
    for output in derivations.load(result).derive(Assumptions.default()).outputs:
        bound = output.closed if free_of_planes(output.closed) else plane_sum(output.closed)
        names = {node.name: node for node in walk(bound) if node.head == "sym"}
        assert equal(parse(formula(bound), names), bound, Facts())


def test_python_reads_arithmetic_the_same_way() -> None:
    """An oracle of precedence: the same text, generated here, as Python understands it."""
    rng = random.Random(11)
    for _ in range(1500):
        parts = [rng.choice(("h", "t", "2", "3", "(h-t)", "(-h)", "h**2", "t**-3", "(h**2)**2", "-h**2"))]
        for _ in range(rng.randrange(1, 8)):
            parts += [
                rng.choice("+-*/"),
                rng.choice(("", "-", "+", "--")),
                rng.choice(("h", "t", "5", "(t-2*h)", "h**-2")),
            ]
        text = " ".join(parts)
        wanted = eval(re.sub(r"(?<![*-])([0-9])", r"F(\1)", text), {"F": Fraction, "h": POINT["h"], "t": POINT["t"]})
        assert value(parse(text, NAMES)) == wanted, text


# --- residues -------------------------------------------------------------------------------------------------------


def test_a_residue_of_zero_is_zero() -> None:
    """A residue serves to refuse: on trees with an exact value at hand, it vanishes with it, and only with it."""
    rng, zeros = random.Random(5), 0
    for _ in range(1500):
        tree = random_tree(rng, 3)
        if rng.random() < 0.5:
            other = random_tree(rng, 2)
            tree = (tree + other) * (tree - other) - tree * tree + other * other
        try:
            part, exact = of_tree(tree), value(tree)
        except (ValueError, ZeroDivisionError):
            continue
        zeros += part.vanishes
        assert part.vanishes <= (exact == 0) or tree_has_special_values(part), formula(tree)
        assert part.nodes >= 1 and part.depth <= MAX_DEPTH
    assert zeros > 100


def tree_has_special_values(part: Part) -> bool:
    """log 1, phi 0 and the like are zero or rational, which the stand-ins are not."""
    return any(node.head in ("call", "sum") for node in walk(part.tree))


# --- random texts ---------------------------------------------------------------------------------------------------


def attack_with_random_texts(seed: int, count: int, folder: Path) -> int:
    """Read `count` random texts; returns how many were formulas."""
    rng, read, slowest = random.Random(seed), 0, 0.0
    for _ in range(count):
        text = random_text(rng).replace("{0!r}", repr(str(folder / "M")))
        start = time.process_time()
        try:
            left, _, right = parse_relation(text, NAMES) if "=" in text else (parse(text, NAMES), "", num(0))
            trees = (left, right)
        except FormulaError as error:
            require_one_line(error, text)
            trees = ()
        took = time.process_time() - start
        if took > BUDGET:
            took = spent(lambda text=text: parse(text, NAMES))
        slowest = max(slowest, took)
        read += bool(trees)
        for tree in trees:
            require_depth(tree)
            assert tree.is_scalar and free_of_planes(tree)
            assert all(node.head in HEADS for node in walk(tree))
            assert all(node.name in NAMES for node in walk(tree) if node.head == "sym")
    assert slowest < BUDGET
    assert not (folder / "M").exists()
    return read


def test_random_texts(tmp_path: Path) -> None:
    assert SAMPLE / 20 < attack_with_random_texts(1, SAMPLE, tmp_path) < SAMPLE / 2


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(100, 105))
def test_a_hundred_thousand_random_texts(seed: int, tmp_path: Path) -> None:
    assert attack_with_random_texts(seed, MANY // 5, tmp_path) > 0
