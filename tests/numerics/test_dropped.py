"""Dropped assumptions: planted inequalities of which the answer is known, and the catalogue's points evaluated again by
an evaluator that shares nothing with the search."""

import math
from fractions import Fraction

import mpmath
import pytest
from flint import fmpq

import derivations
from numerics import dropped as module
from numerics import steps as at
from numerics.dropped import Fate, dropped, dropped_of
from numerics.steps import Step, StepPoint
from numerics.written_out import Sizes
from theory import kernel
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import while_positive
from theory.expr import Expr, log, plane_sum, sym, walk
from theory.rules import CERTIFICATE, LOG_BOUNDS

MODEL = Assumptions.default().model()
H, SIGMA2, LAM, S, D, K = (sym(n) for n in ("h", "sigma2", "lambda_i", "s_i", "D", "k"))
FREE = sym("v_start")
SAMPLE = [
    "forward-marginal",
    "mixture-spectrum",
    "two-sided-bound",
    "regularity",
    "unequal-dimensions",
    "critical-angle",
]


def planted(left: Expr, by=CERTIFICATE) -> Step:
    chain = Chain("planted", left, MODEL, "planted").ge(0, by)
    (report,) = kernel.check(chain)
    assert report.accepted, report.how
    return Step("planted", chain, 1, left, chain.end, chain.links[0], report)


def fates(left: Expr, by=CERTIFICATE) -> dict[str, Fate]:
    return {row.lets_in: row.fate for row in dropped_of(planted(left, by))}


# --- planted --------------------------------------------------------------------------------------------------------


def test_a_nonnegative_symbol_is_refuted_at_minus_one() -> None:
    (row,) = dropped_of(planted(LAM))
    assert row.fate is Fate.REFUTED and row.assumption == "lambda_i >= 0"
    assert row.point is not None and row.point.planes[0]["lambda_i"] == -1


def test_a_square_is_unneeded_and_what_stands_beside_it_refuted() -> None:
    assert fates(SIGMA2**2 + LAM) == {"lambda_i < 0": Fate.REFUTED, "sigma2 < 0": Fate.UNNEEDED}


def test_a_denominator_has_no_value_at_its_end_and_is_refuted_beyond() -> None:
    assert fates(1 / H) == {"h = 0": Fate.NO_VALUE, "h < 0": Fate.REFUTED}


def test_what_is_true_and_cannot_be_certified_is_undecided() -> None:
    """x^2 + x y + y^2 is never negative; with one of them negative a coefficient is."""
    found = fates(SIGMA2**2 + SIGMA2 * LAM + LAM**2)
    assert found == {"lambda_i < 0": Fate.UNDECIDED, "sigma2 < 0": Fate.UNDECIDED}


def test_both_ends_of_an_angle() -> None:
    assert fates(S * (1 - S)) == {"s_i < 0": Fate.REFUTED, "s_i > 1": Fate.REFUTED}
    assert fates(LAM * (1 - S)) == {
        "lambda_i < 0": Fate.REFUTED, "s_i < 0": Fate.UNNEEDED, "s_i > 1": Fate.REFUTED,
    }  # fmt: skip


def test_sizes_are_dropped_by_sizes() -> None:
    found = {row.lets_in: row for row in dropped_of(planted((D - K) + plane_sum(LAM)))}
    assert found["D - k < 0"].fate is Fate.REFUTED and found["k < 0"].fate is Fate.UNNEEDED
    point = found["D - k < 0"].point
    assert point is not None and point.sizes.k > point.sizes.D


def test_a_condition_is_dropped_to_what_it_shuts_out() -> None:
    step = planted(FREE / FREE + LAM - 1, CERTIFICATE & while_positive(FREE))
    assert {row.lets_in: row.fate for row in dropped_of(step)}["v_start <= 0"] is Fate.NO_VALUE
    needless = planted(LAM, CERTIFICATE & while_positive(FREE))
    assert {row.lets_in: row.fate for row in dropped_of(needless)}["v_start <= 0"] is Fate.UNNEEDED


def test_logarithms_are_refuted_in_balls() -> None:
    found = {row.lets_in: row for row in dropped_of(planted(LAM * log(1 + H), LOG_BOUNDS))}
    assert found["lambda_i < 0"].fate is Fate.REFUTED


def test_it_is_the_same_every_time() -> None:
    step = planted(LAM * S + H * (1 - S))
    assert list(dropped_of(step)) == list(dropped_of(step))


def test_matrices_are_undecided_and_say_so() -> None:
    derivation = derivations.load("mmse-identity").derive(Assumptions.default())
    rows = dropped(derivation)
    assert rows and all(row.fate is Fate.UNDECIDED and "matrices" in row.how for row in rows)


# --- mutants of the checks ------------------------------------------------------------------------------------------


def test_mutant_a_domain_wrongly_let_in_is_contradicted(monkeypatch) -> None:
    monkeypatch.setattr("theory.step_needs.weakest", lambda claims, domains: dict.fromkeys(domains, ("< 0",)))
    (row,) = dropped_of(planted(LAM))
    assert row.fate is Fate.CONTRADICTED and row.point is not None


def test_mutant_a_search_that_reports_what_does_not_fail_is_not_believed(monkeypatch) -> None:
    """Every number looks like a failure to the search: the written lines say otherwise."""
    monkeypatch.setattr(module.PlainValue, "of", lambda self, tree: fmpq(-1))
    found = fates(SIGMA2**2 + SIGMA2 * LAM + LAM**2)
    assert set(found.values()) == {Fate.UNDECIDED}


def test_mutant_a_point_that_breaks_another_assumption_is_not_believed(monkeypatch) -> None:
    """The search is told that nothing else is assumed; the point is held against the assumptions all the same."""
    honest = module._Without.interval
    monkeypatch.setattr(
        module._Without, "question",
        lambda self, written: module.Question(
            written.difference, ">=", (), dict.fromkeys(written.names, module.PIECES["< 0"])
        ),
    )  # fmt: skip
    monkeypatch.setattr(module._Without, "interval", honest)
    assert fates(SIGMA2 + LAM) == {"lambda_i < 0": Fate.UNDECIDED, "sigma2 < 0": Fate.UNDECIDED}


def test_mutant_a_value_in_the_right_order_is_no_violation() -> None:
    step = planted(LAM)
    for x, wrong in ((-1, True), (0, False), (1, False)):
        point = StepPoint(Sizes(2, 1, 1), {}, ({"lambda_i": Fraction(x)},))
        assert at.violated(step, point) is wrong
    assert not at.violated(planted(1 / H), StepPoint(Sizes(2, 1, 1), {"h": Fraction(0)}))


# --- the catalogue, with an evaluator of its own --------------------------------------------------------------------


def names_at(point: StepPoint, plane) -> dict[str, object]:
    given = {**point.numbers, "D": point.sizes.D, "k": point.sizes.k, "d": point.sizes.d, **(plane or {})}
    made = dict(given)
    alpha2 = given.get("alpha", Fraction(1)) ** 2
    for name, base in (("nu", "sigma2"), ("a_i", "lambda_i"), ("a_s_i", "lambda_s_i"), ("a", "lambda")):
        if base in given:
            made[name] = alpha2 * given[base]
    if "h" in given:
        made["c"] = given["h"] + made.get("nu", Fraction(0))
        made["c_s"] = given["h"] + alpha2 * given.get("sigma_s2", Fraction(0))
        if given["h"]:
            made["rho"] = made.get("nu", Fraction(0)) / given["h"]
    if "sin_i" in given:
        made["s_i"] = given["sin_i"] ** 2
    return made


def exact(x):
    return Fraction(x)


def many_digits(x):
    return mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator


def value(expr: Expr, point: StepPoint, lift=exact, plane=None):
    """Fractions, or with `lift=many_digits` what is about that."""
    kids = expr.children

    def of(kid):
        return value(kid, point, lift, plane)

    match expr.head:
        case "num":
            return lift(expr.number)
        case "sym":
            own = plane if plane is not None or not point.planes else point.planes[0]
            return lift(names_at(point, own)[expr.name])
        case "add":
            return sum(map(of, kids))
        case "neg":
            return -of(kids[0])
        case "mul":
            return math.prod(map(of, kids))
        case "div":
            return of(kids[0]) / of(kids[1])
        case "pow":
            return of(kids[0]) ** int(value(kids[1], point))
        case "sum":
            k = point.sizes.k
            chosen = {"target": point.planes, "pairs": point.planes[:k], "lost": point.planes[k:]}[expr.name]
            return sum((value(kids[0], point, lift, one) for one in chosen), lift(0))
    numbers = [of(kid) for kid in kids]
    if expr.name in ("min", "max"):
        return {"min": min, "max": max}[expr.name](numbers)
    (x,) = numbers
    if expr.name == "sqrt":
        assert x >= 0
        return mpmath.sqrt(x)
    assert (x if expr.name == "log" else 1 + x) > 0
    return mpmath.log(x) if expr.name == "log" else x - mpmath.log(1 + x)


def held(row, domain: str, name: str, x: Fraction) -> None:
    """A number lies in its domain, or in the piece that is let in."""
    symbol, sign, end = row.lets_in.rsplit(" ", 2)
    if symbol == name:
        assert {"=": x == int(end), "<": x < int(end), ">": x > int(end)}[sign], row
    elif "besides" not in row.how:
        inside = {"positive": x > 0, "nonnegative": x >= 0, "unit": 0 <= x <= 1, "inner": 0 < x < 1}
        assert inside[domain], (row, name)


def evaluate_again(row) -> None:
    point, step = row.point, row.step
    domains = dict(step.model.domains)
    for table in (point.numbers, *point.planes[: max(point.sizes.k, 0)]):
        for name, x in table.items():
            if name in domains:
                held(row, domains[name], name, x)
    for condition in step.conditions:
        if f"{at_text(condition)} > 0" != row.assumption and "besides" not in row.how:
            assert value(condition, point) > 0, row
    rational = all(n.name in ("min", "max") for side in (step.left, step.right) for n in walk(side) if n.head == "call")
    with mpmath.workdps(60):
        left, right = (value(side, point, exact if rational else many_digits) for side in (step.left, step.right))
        gap = left - right if step.link.relation == "<=" else right - left
        assert gap > (0 if rational else mpmath.mpf(10) ** -40), row


def at_text(expr: Expr) -> str:
    from theory.text import text

    return text(expr)


def test_the_points_of_a_sample_fail_by_another_evaluator() -> None:
    rows = [row for name in SAMPLE for row in dropped(derivations.load(name).derive(Assumptions.default()))]
    refuted = [row for row in rows if row.fate is Fate.REFUTED]
    for row in refuted:
        evaluate_again(row)
    assert len(refuted) > 75 and not [row for row in rows if row.fate is Fate.CONTRADICTED]


@pytest.mark.campaign
def test_the_points_of_the_whole_catalogue_fail_by_another_evaluator() -> None:
    rows = [row for name in derivations.ids() for row in dropped(derivations.load(name).derive(Assumptions.default()))]
    for row in rows:
        assert row.fate is not Fate.CONTRADICTED, row
        if row.fate is Fate.REFUTED:
            evaluate_again(row)
    assert sum(row.fate is Fate.REFUTED for row in rows) > 400
