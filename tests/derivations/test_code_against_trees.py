"""The emitted module of every result, run: each value is that of the tree that was proved, and of the printed form.

Exact fractions where a formula is rational; else sixty digits of mpmath, for the tree by an evaluator of its own.
"""

from fractions import Fraction
from typing import Any

import mpmath
import mutations
import pytest
from tree_values import Place, values_at

import derivations
from theory.assumptions import Assumptions
from theory.derivation import Derivation
from theory.expr import Expr, walk

DIGITS, AGREE = 90, mpmath.mpf(10) ** -60
Fractions = tuple[Fraction, Fraction, Fraction]


def _plane(lam: Fraction, t: Fraction) -> Fractions:
    """A direction with rational sine and cosine."""
    return lam, 2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)


LOST = (Fraction(9, 5), Fraction(1), Fraction(0))
# k < d, k > d, k = d; an angle near zero and one near a right angle; small and large times
PLACES = (
    Place(9, 2, Fraction(3, 4), Fraction(5, 7), Fraction(2, 11),
          (_plane(Fraction(7, 3), Fraction(1, 3)), _plane(Fraction(1, 2), Fraction(2, 3)), LOST)),
    Place(8, 3, Fraction(1, 9), Fraction(80, 81), Fraction(13, 7),
          (_plane(Fraction(5, 8), Fraction(1, 10**6)), _plane(Fraction(17, 9), Fraction(99, 100)))),
    Place(7, 2, Fraction(99, 100), Fraction(199, 10**4), Fraction(1, 10**5),
          (_plane(Fraction(11, 10), Fraction(1, 2)), _plane(Fraction(2**70, 3**40), Fraction(1, 7)))),
)  # fmt: skip


class Exact:
    """What an emitted function may ask of fractions: no root and no logarithm is among it."""

    min = staticmethod(min)


class Digits:
    """The same of multiprecision numbers."""

    min = staticmethod(min)
    sqrt = staticmethod(mpmath.sqrt)

    @staticmethod
    def phi(x: Any) -> Any:
        with mpmath.workdps(2 * DIGITS):
            return x - mpmath.log1p(x)


def _module(result: str) -> dict[str, Any]:
    """The module that is checked in, run."""
    name = f"{result.replace('-', '_')}.py"
    text = derivations.artefacts(result).joinpath(name).read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(compile(text, name, "exec"), names)
    return names


def _rational(expr: Expr) -> bool:
    return not any(node.head == "call" and node.name not in ("min", "max") for node in walk(expr))


def _in_digits(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    if isinstance(value, (tuple, list)):
        return type(value)(map(_in_digits, value))
    return value


def _place_in_digits(place: Place) -> Place:
    made = [_in_digits(x) for x in (place.alpha, place.h, place.sigma2, place.planes)]
    return Place(place.D, place.k, *made, same_noise=place.same_noise)


def _flat(derivation: Derivation, given: Any, place: Place) -> list[list[tuple[Any, Any]]]:
    """The values of each output, as pairs of a number and a multiplicity."""
    given = list(given) if len(derivation.outputs) > 1 or derivation.outputs[0].over is not None else [given]
    found = []
    for output in derivation.outputs:
        count = 1 if output.over is None else len(place.range(output.over))
        values, given = given[:count], given[count:]
        found.append([tuple(v) if output.multiplicity is not None else (v, None) for v in values])
    assert not given, "more values than the result has"
    return found


def _close(left: Any, right: Any) -> bool:
    return bool(abs(left - right) <= AGREE * max(abs(left), abs(right)))


@pytest.mark.parametrize("place", PLACES, ids=["k<d", "k>d", "k=d"])
@pytest.mark.parametrize("result", derivations.ids())
def test_emitted_code_has_the_values_of_its_trees(result: str, place: Place) -> None:
    derivation, names = mutations.default(result), _module(result)
    function = names[result.replace("-", "_")]
    assert names["VALUES"] == tuple(output.name for output in derivation.outputs)
    trees = [tree for output in derivation.outputs for tree in (output.closed, output.stable)]
    exact = all(_rational(tree) for tree in trees)
    functions = {"fn": Exact if exact else Digits}
    with mpmath.workdps(DIGITS):
        here = place if exact else _place_in_digits(place)
        for output, values in zip(
            derivation.outputs, _flat(derivation, here.call(function, **functions), here), strict=True
        ):
            for tree in (output.stable, output.closed):
                truth = values_at(tree, output.over, here)
                assert len(truth) == len(values)
                for (value, _), wanted in zip(values, truth, strict=True):
                    if exact:
                        assert not isinstance(value, float)
                        assert value == wanted, output.name
                    else:
                        assert _close(value, wanted), output.name
            if output.multiplicity is not None:
                counts = values_at(output.multiplicity, output.over, here)
                assert [count for _, count in values] == counts


def test_both_ways_of_comparing_are_used() -> None:
    trees = {r: [t for o in mutations.default(r).outputs for t in (o.closed, o.stable)] for r in derivations.ids()}
    exact = [r for r, found in trees.items() if all(map(_rational, found))]
    assert len(exact) >= 15
    assert len(trees) - len(exact) >= 5


@pytest.mark.parametrize("result", ["frozen-latent-error", "exact-kl", "two-sided-bound", "exact-w2"])
def test_a_wrong_digit_far_out_is_seen(result: str) -> None:
    """Sixty digits, or none lost at all: the comparison sees a change of one part in 10^50."""
    derivation = mutations.default(result)
    place = Place(9, 2, Fraction(3, 4), Fraction(5, 7), Fraction(2, 11), PLACES[0].planes)
    moved = Place(9, 2, Fraction(3, 4), Fraction(5, 7) * (1 + Fraction(1, 10**50)), Fraction(2, 11), PLACES[0].planes)
    with mpmath.workdps(DIGITS):
        for output in derivation.outputs:
            left, right = (values_at(output.stable, output.over, _place_in_digits(p)) for p in (place, moved))
            assert not all(_close(x, y) for x, y in zip(left, right, strict=True))


def test_narrowed_settings_run_too() -> None:
    """A result under `lambda = isotropic, sigma2 = 0` emits code of its own."""
    place = Place(9, 2, Fraction(3, 4), Fraction(5, 7), Fraction(0),
                  (_plane(Fraction(7, 3), Fraction(1, 3)), _plane(Fraction(7, 3), Fraction(2, 3))))  # fmt: skip
    narrowed = Assumptions.default().choose({"lambda": "isotropic", "sigma2": "0"})
    for result in ("frozen-latent-error", "two-sided-bound", "limits"):
        derivation: Derivation = derivations.load(result).derive(narrowed)
        values = _flat(derivation, place.call(mutations.function(derivation), fn=Exact), place)
        for output, found in zip(derivation.outputs, values, strict=True):
            assert (
                [v for v, _ in found]
                == values_at(output.closed, output.over, place)
                == values_at(output.stable, output.over, place)
            )
