"""The error over a tolerance, what brackets the ratio at which it is 1, and that ratio itself."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from flint import arb

from numerics.cases import Case
from numerics.comparisons import Comparison, FunctionFailed, Route, at_most, equal, numbers
from numerics.dense import contract, trace
from numerics.horizon import lowest, root

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "the error over a tolerance; the error is sampled under frozen-latent-error"
NOT_LEARNED: str | None = "the error over a tolerance; the error is fitted under frozen-latent-error"
LOGARITHMIC = False
LARGEST = 4  # the horizon itself is found, and held against the dense error, up to this ambient dimension
MARGIN = Fraction(1, 10**9)


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """F/tol against the dense error, the bracket against dense traces, and the dense F on both sides of the root."""
    m = route.model(case)
    tol = m.parameter("tol")
    ratio, square, cube, missed = numbers(route.call(case), 4)
    seen = m.U * (m.U.transpose() * m.data * m.U) * m.U.transpose()
    yield equal("F/tol", ratio, m.alpha2 * m.error / tol)
    yield equal("K2/tol", square, trace(m.P * m.data) / tol)
    yield equal("K3/tol", cube, contract(m.data - seen, m.data - seen) / tol)
    yield equal("b/tol", missed, (trace(m.P) + trace(m.V.transpose() * m.P * m.V)) / tol)
    if case.D > LARGEST or arb(square) == 0:
        return
    found = _found(route, case, square, cube, missed)
    for name, r, sign in (("before", found * (1 - MARGIN), 1), ("after", found * (1 + MARGIN), -1)):
        dense = route.model(case.at(Fraction(1), r)).error
        low, high = (tol, dense) if sign > 0 else (dense, tol)
        yield at_most(f"the dense F {name} the horizon", low, high, tol)


def _found(route: Route, case: Case, square: Any, cube: Any, missed: Any) -> Fraction:
    """The horizon by the emitted function alone, in about the digits that MARGIN leaves room for."""

    def ratio(r: Any) -> Any:
        return arb(numbers(route.call(case.at(Fraction(1), _fraction(r))), 4)[0])

    square, cube, missed = arb(square), arb(cube), arb(missed)
    if not (square > 0 and cube > 0 and missed >= 0):
        raise FunctionFailed("the bracket of the horizon is not positive")
    high = arb.min(square.sqrt(), cube.root(3))
    return _fraction(root(ratio, lowest(square, missed), high).mid())


def _fraction(x: Any) -> Fraction:
    """An exact arb as a fraction."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
