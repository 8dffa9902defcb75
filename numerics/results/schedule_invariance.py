"""Two times with one ratio r."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.statistics import Estimate
from numerics.worlds import World, divergence_estimate, error_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = "the same error at another time: fitted under frozen-latent-error"
LOGARITHMIC = True


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """F and KL at two times with the same r, emitted and dense, crosswise."""
    twin = case.at(case.alpha2 * Fraction(3, 7), case.h * Fraction(3, 7))
    for here, there in ((case, twin), (twin, case)):
        emitted = numbers(route.call(here), 2)
        for m in (route.model(here), route.model(there)):
            yield equal("F", emitted[0], m.alpha2 * m.error)
            yield equal("KL", emitted[1], m.kl)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """F as alpha^2 times the sampled error, and the sampled divergence."""
    F, kl = numbers(output, 2)
    yield error_estimate(world, F, float(world.case.alpha2))
    yield divergence_estimate(world, kl)
