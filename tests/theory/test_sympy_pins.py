"""What the theory relies on in SymPy, and the traps it avoids: a SymPy that differs fails here, and by name."""

import ast
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from sympy import QQ, Symbol, simplify, sqrt, sympify
from sympy.polys.fields import field as make_field
from sympy.polys.rings import ring as make_ring

import theory

NAMES = ("cos_i", "exp t/2", "root lambda_i", "sin_i", "x")


@pytest.fixture(scope="module")
def made():
    field, *gens = make_field([Symbol(name) for name in NAMES], QQ)
    return field, (*gens,) if len(gens) > 1 else gens[0]


@pytest.fixture(scope="module")
def xy():
    field, x, y = make_field([Symbol("x"), Symbol("y")], QQ)
    return field, x, y


# --- generators -----------------------------------------------------------------------------------------------------


def test_symbol_objects_with_spaces_are_single_generators(made):
    field, gens = made
    assert len(field.gens) == len(gens) == len(NAMES)
    assert tuple(str(symbol) for symbol in field.symbols) == NAMES


def test_text_with_spaces_is_split():
    """Why generators are made from Symbol objects."""
    assert len(make_field("root h", QQ)) - 1 == 2
    assert len(make_field("a,b", QQ)) - 1 == 2


def test_make_field_returns_the_field_and_its_generators_in_the_given_order():
    names = ["z", "a", "m"]
    field, *gens = make_field([Symbol(name) for name in names], QQ)
    assert [str(gen) for gen in gens] == names
    assert list(field.gens) == gens


def test_generators_by_name_are_equal_across_fields_made_twice():
    one, a = make_field([Symbol("a")], QQ)
    other, b = make_field([Symbol("a")], QQ)
    assert one == other
    assert a == b
    assert hash(a) == hash(b)


# --- the normal form of fractions -----------------------------------------------------------------------------------


def test_common_factors_are_cancelled(xy):
    field, x, y = xy
    value = (x**2 - y**2) / (x - y)
    assert value == x + y
    assert value.denom == field.ring.one
    assert (x / y) * (y / x) == field.one


def test_zero_is_recognised_and_false(xy):
    field, x, y = xy
    value = (x + y) ** 3 - x**3 - 3 * x**2 * y - 3 * x * y**2 - y**3
    assert not value
    assert value == field.zero
    assert value == 0
    assert bool(x)
    assert not (1 / (x - y) + 1 / (y - x))


def test_equal_fractions_are_equal_keys(xy):
    _, x, y = xy
    one, other = (x**2 - 1) / ((x - 1) * y), (-x - 1) / (-y)
    assert one == other
    assert hash(one) == hash(other)
    assert {one: 1}.get(other) == 1
    assert len({x / y, (2 * x) / (2 * y), (-x) / (-y)}) == 1


def test_the_leading_coefficient_of_a_denominator_is_positive_and_content_is_shared(xy):
    _, x, y = xy
    for value in (1 / (1 - x), x / (-2 * y), (2 * x + 4) / (6 * y), QQ(1, 3) * x / (y - x)):
        assert value.denom.LC > 0
    assert str((2 * x + 4) / (6 * y)) == "(x + 2)/(3*y)"


def test_division_by_zero_is_an_error(xy):
    field, x, _ = xy
    with pytest.raises(ZeroDivisionError):
        x / field.zero
    with pytest.raises(ZeroDivisionError):
        field.zero**-1


def test_powers(xy):
    field, x, y = xy
    assert (x / y) ** -2 == y**2 / x**2
    assert (x / y) ** 0 == field.one
    with pytest.raises(ValueError, match=r"0\*\*0"):
        field.zero**0


def test_numbers_of_the_field(xy):
    field, x, _ = xy
    half = Fraction(1, 2)
    value = field(QQ(half.numerator, half.denominator))
    assert value + value == field.one
    assert QQ(1, 2) == value.numer.LC / value.denom.LC
    assert x * half.numerator == x
    assert field(field.ring.one * 3) / field(field.ring.one * 6) == value


def test_trigonometry_is_not_known(made):
    """Why pairs of cosine and sine are reduced by the project itself."""
    _, (cos, _, _, sin, _) = made
    assert cos**2 + sin**2 != 1
    assert bool(1 - cos**2 - sin**2)


# --- polynomials ----------------------------------------------------------------------------------------------------


def test_terms_and_monomials(xy):
    field, x, y = xy
    poly = (3 * x**2 * y - x / 2 + 7).numer
    assert dict(poly.terms()) == {(2, 1): 6, (1, 0): -1, (0, 0): 14}
    assert [monomial for monomial, _ in poly.terms()] == list(poly.monoms())
    assert all(isinstance(power, int) for monomial in poly.monoms() for power in monomial)
    assert list(field.ring.zero.terms()) in ([], [((0, 0), 0)])


def test_coefficients_have_numerator_and_denominator():
    _, x = make_ring([Symbol("x")], QQ)
    ((_, coefficient),) = (x * QQ(-3, 4)).terms()
    assert (int(coefficient.numerator), int(coefficient.denominator)) == (-3, 4)
    assert Fraction(int(coefficient.numerator), int(coefficient.denominator)) == Fraction(-3, 4)


def test_from_dict_and_leading_coefficient(xy):
    field, x, y = xy
    poly = field.ring.from_dict({(2, 0): QQ(5), (0, 3): QQ(7), (1, 1): QQ(0)})
    assert field(poly) == 5 * x**2 + 7 * y**3
    assert poly.LC == 5, "the order is lexicographic, in the order of the generators"
    assert (0, 3) in poly.monoms() and (1, 1) not in poly.monoms()
    assert field.ring.zero.LC == 0


def test_order_is_lexicographic(xy):
    field, _, _ = xy
    assert str(field.order) == "lex"


# --- derivatives ----------------------------------------------------------------------------------------------------


def test_derivative_of_a_fraction_by_a_generator_of_the_field(xy):
    field, x, y = xy
    value = (x**2 + y) / (x - y)
    expected = (2 * x * (x - y) - (x**2 + y)) / (x - y) ** 2
    assert value.diff(field.gens[0]) == expected
    assert value.diff(x) == expected
    assert field.one.diff(x) == 0
    assert (y**3).diff(x) == 0


def test_derivative_by_a_generator_with_a_space(made):
    _, (cos, half, root, _, _) = made
    assert (half**2 * cos).diff(half) == 2 * half * cos
    assert (root**2).diff(root) == 2 * root


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
    allowed = {"QQ", "Symbol", "field"}
    for path in sorted(Path(theory.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sympy":
                assert {alias.name for alias in node.names} <= allowed, path.name
            if isinstance(node, ast.Import):
                assert not any(alias.name.split(".")[0] == "sympy" for alias in node.names), path.name
