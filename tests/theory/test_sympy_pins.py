"""What the theory relies on in SymPy, and the traps it avoids: a SymPy that differs fails here, and by name."""

import ast
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from sympy import QQ, ZZ, Symbol, simplify, sqrt, sympify
from sympy.polys.rings import ring as make_ring

import theory

NAMES = ("cos_i", "exp t/2", "root lambda_i", "sin_i", "x")


@pytest.fixture(scope="module")
def made():
    return make_ring([Symbol(name) for name in NAMES], ZZ)[0]


@pytest.fixture(scope="module")
def xy():
    return make_ring([Symbol("x"), Symbol("y")], ZZ)


# --- generators -----------------------------------------------------------------------------------------------------


def test_symbol_objects_with_spaces_are_single_generators(made):
    assert made.ngens == len(made.gens) == len(NAMES)
    assert tuple(str(symbol) for symbol in made.symbols) == NAMES


def test_text_with_spaces_is_split():
    """Why generators are made from Symbol objects."""
    assert len(make_ring("root h", ZZ)) - 1 == 2
    assert len(make_ring("a,b", ZZ)) - 1 == 2


def test_a_ring_is_made_with_its_generators_in_the_given_order():
    names = ["z", "a", "m"]
    ring, *gens = make_ring([Symbol(name) for name in names], ZZ)
    assert [str(gen) for gen in gens] == names
    assert list(ring.gens) == gens


def test_generators_by_name_are_equal_across_rings_made_twice():
    one, a = make_ring([Symbol("a")], ZZ)
    other, b = make_ring([Symbol("a")], ZZ)
    assert one == other
    assert a == b


# --- polynomials ----------------------------------------------------------------------------------------------------


def test_zero_is_recognised_and_false(xy):
    _, x, y = xy
    assert not (x + y) ** 3 - x**3 - 3 * x**2 * y - 3 * x * y**2 - y**3
    assert bool(x)


def test_zero_to_the_power_of_zero_is_refused(xy):
    ring, _, _ = xy
    with pytest.raises(ValueError, match=r"0\*\*0"):
        ring.zero**0


def test_common_factors_and_what_is_left(xy):
    ring, x, y = xy
    common, one, other = (6 * (x + y) * (x - 1)).cofactors(4 * (x + y) * (y - 1))
    assert (common, one, other) == (2 * (x + y), 3 * (x - 1), 2 * (y - 1))
    assert (6 * x).cofactors(4 * x * y) == (2 * x, 3, 2 * y)
    assert ring.ground_new(ZZ(6)).cofactors(4 * x + 2) == (2, 3, 2 * x + 1)


def test_content_and_division_by_it(xy):
    _, x, y = xy
    assert (6 * x - 4 * y).content() == 2
    assert (6 * x - 4 * y).quo_ground(ZZ(2)) == 3 * x - 2 * y
    assert ZZ.gcd(ZZ(-6), ZZ(4)) == 2
    assert ZZ.lcm(ZZ(6), ZZ(4)) == 12


def test_terms_and_monomials(xy):
    ring, x, y = xy
    poly = 6 * x**2 * y - x + 14
    assert dict(poly.terms()) == dict(poly.items()) == {(2, 1): 6, (1, 0): -1, (0, 0): 14}
    assert [monomial for monomial, _ in poly.terms()] == list(poly.monoms())
    assert set(poly) == set(poly.monoms()) and len(poly) == 3
    assert all(isinstance(power, int) for monomial in poly.monoms() for power in monomial)
    assert list(ring.zero.terms()) in ([], [((0, 0), 0)])


def test_a_polynomial_from_its_terms(xy):
    ring, x, y = xy
    poly = ring.from_dict({(2, 0): ZZ(5), (0, 3): ZZ(7), (1, 1): ZZ(0)})
    assert poly == ring.one.new({(2, 0): ZZ(5), (0, 3): ZZ(7)}) == 5 * x**2 + 7 * y**3
    assert poly.LC == 5, "the order is lexicographic, in the order of the generators"
    assert ring.zero.LC == 0


def test_order_is_lexicographic(xy):
    assert str(xy[0].order) == "lex"


def test_numbers_have_numerator_and_denominator():
    assert (int(ZZ(-3).numerator), int(ZZ(-3).denominator)) == (-3, 1)
    half = QQ(-3, 4)
    assert Fraction(int(half.numerator), int(half.denominator)) == Fraction(-3, 4)


def test_derivative_by_a_generator(xy, made):
    ring, x, y = xy
    assert (x**2 * y + y).diff(x) == 2 * x * y
    assert not ring.one.diff(x)
    cos, half, *_ = made.gens
    assert (half**2 * cos).diff(half) == 2 * half * cos


# --- what is avoided ------------------------------------------------------------------------------------------------


def test_sympify_executes_text(tmp_path):
    """Why no text ever reaches SymPy: this writes a file."""
    marker = tmp_path / "executed"
    text = f"__import__('pathlib').Path({str(marker)!r}).write_text('x')"
    with suppress(Exception):  # what comes of the value does not matter, only that the text was run
        sympify(text)
    assert marker.exists()


def test_arithmetic_with_text_executes_it_too(tmp_path):
    """SymPy's operators do not sympify text, but its functions do."""
    marker = tmp_path / "executed"
    text = f"__import__('pathlib').Path({str(marker)!r}).write_text('x')"
    with pytest.raises(TypeError):
        Symbol("x") + text
    assert not marker.exists()
    with suppress(Exception):
        sympy.cos(text)
    assert marker.exists()


def test_symbols_with_other_assumptions_are_other_symbols():
    """Why facts about a symbol live in the model and never in the symbol."""
    assert Symbol("x") != Symbol("x", positive=True)
    assert str(Symbol("x")) == str(Symbol("x", positive=True))


def test_sums_are_reordered():
    """Why the written line is kept in a tree of the project's own."""
    b, a = Symbol("b"), Symbol("a")
    assert str(b + a) == "a + b"
    assert str(2 * (a + b)) == "2*a + 2*b"


def test_simplify_needs_assumptions_and_gives_no_verdict():
    """Why `simplify` proves nothing: it leaves what it cannot do, and says nothing of it."""
    x = Symbol("x")
    assert simplify(sqrt(x**2) - x) != 0
    cubed = (x + 1) ** 3 - x**3 - 3 * x**2 - 3 * x - 1
    assert cubed != 0, "a sum that is zero is not zero until something expands it"
    assert simplify(cubed) == 0


BANNED = {"simplify", "sympify", "parse_expr", "parse_latex", "lambdify", "nsimplify", "symbols", "var", "eval", "exec"}


def _called(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            names.add(node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", ""))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sympy"):
            names |= {alias.name for alias in node.names}
    return names


def test_the_theory_calls_none_of_them():
    files = sorted(Path(theory.__file__).parent.glob("*.py"))
    assert files
    for path in files:
        found = _called(ast.parse(path.read_text(encoding="utf-8"))) & BANNED
        assert not found - {"symbols"}, f"{path.name}: {sorted(found)}"  # `expr.symbols` is the project's own


def test_the_theory_imports_of_sympy_only_what_is_pinned_here():
    allowed = {"QQ", "ZZ", "Symbol", "ring"}
    for path in sorted(Path(theory.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy":
                assert {alias.name for alias in node.names} <= allowed, path.name
            if isinstance(node, ast.Import):
                assert not any(alias.name.split(".")[0] == "sympy" for alias in node.names), path.name
