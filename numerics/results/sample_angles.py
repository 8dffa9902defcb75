"""Angles between estimated subspaces: overlaps from the Marchenko-Pastur equation, cosines from dense frames.

The limit theorem itself is met by simulation in the tests; here it is taken in the form in which the sample eigenvalue
of a spike is a function of the population's, so that the closed form is not repeated.
"""

from collections.abc import Iterator
from typing import Any

from numerics import parameters
from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "a limit of large samples: simulated spiked data are compared with it in the tests"
NOT_LEARNED: str | None = "nothing is fitted"
LOGARITHMIC = False


def is_seen(case: Case) -> bool:
    """Whether every pair's direction lies above the threshold, so that the limit says something of it."""
    tau = parameters.value("tau", case)
    return all(lam > tau * case.sigma2 for lam in case.lam[: min(case.k, case.d)])


def overlap(variance: Any, noise: Any, gamma: Any) -> Any:
    """-m z'(m)/z(m) at m = -1/(1 + l): z(m) is the point outside the spectrum of pure noise at which the companion
    Stieltjes transform is m. For noise 0 the estimate is exact."""
    if noise == 0:
        return variance / variance
    m = -noise / (noise + variance)
    z = -1 / m + gamma / (1 + m)
    return -m * (1 / m**2 - gamma / (1 + m) ** 2) / z


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """[overlaps, measured squared cosines] of the min(k, d) pairs, where every direction can be seen."""
    if not is_seen(case):
        return
    m, pairs = route.model(case), min(case.k, case.d)
    gamma = m.parameter("tau") ** 2
    values = listed(route.call(case), 2 * pairs)
    cross = m.frames.encoder.transpose() * m.frames.target
    for i in range(pairs):
        found = overlap(m.lam[i], m.sigma2, gamma)
        yield equal(f"overlap {i + 1}", values[i], found)
        yield equal(f"measured squared cosine {i + 1}", values[pairs + i], (found * cross[i, i]) ** 2)
