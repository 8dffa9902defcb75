"""The coefficients of the error at small and at large diffusion times."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.dense import contract, trace
from numerics.statistics import Estimate
from numerics.worlds import World, estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "a limit: no score is fitted at r = 0 or at r = infinity"
LOGARITHMIC = False
EXTREME = 10**20
LARGEST = 6  # the dense error at extreme times is computed up to this ambient dimension


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """K2 and K3 against traces of the clean covariance, and against the dense error itself at extreme times.

    With C the covariance of x0 and N = U U^T C U U^T, Sigma^-1 = I/r - C/r^2 + ... and likewise for M, so that the
    difference of the scores is (C - N) x/r^2 + ... for large r, and P x/r + ... for small r.
    """
    m = route.model(case)
    early, late = numbers(route.call(case), 2)
    seen = m.U * (m.U.transpose() * m.data * m.U) * m.U.transpose()
    yield equal("K2", early, trace(m.P * m.data))
    yield equal("K3", late, contract(m.data - seen, m.data - seen))
    if case.D > LARGEST:
        return
    scale = 1 + max((*case.lam, case.sigma2))
    for name, claimed, power, r in (
        ("K2 = lim r^2 F", early, 2, 1 / (EXTREME * scale)),
        ("K3 = lim r^3 F", late, 3, EXTREME * scale),
    ):
        dense = route.model(case.at(Fraction(1), r)).error * route.field.number(r**power)
        # r^2 F and r^3 F lie below their limits, by at most a multiple of scale^2 in units of the extreme time
        slack = route.field.number(20 * case.D * scale**2 / EXTREME)
        yield at_most(f"{name}, not below", dense, claimed, slack)
        yield at_most(f"{name}, not above", claimed, dense + slack, slack)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """K2 from the samples off the encoder: E|P x|^2 = alpha^2 K2 + (D - k) h. K3 is of fourth degree in x."""
    case = world.case
    alpha2, h = float(case.alpha2), float(case.h)
    P = np.eye(case.D) - world.U @ world.U.T
    draws = (((world.x @ P) ** 2).sum(axis=1) - (case.D - case.k) * h) / alpha2
    yield estimate(world, "K2", draws, P / alpha2, numbers(output, 2)[0])
