"""The two-sided bound: it must hold rigorously, and be as tight as it claims to be where it claims to be."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from numerics.cases import Case, is_right, is_zero, tight_cases
from numerics.comparisons import Comparison, Route, at_most, equal, numbers
from numerics.learned import Fit, Loss
from numerics.statistics import Estimate
from numerics.worlds import World, error_estimate

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = None
NOT_LEARNED: str | None = None
LOGARITHMIC = False

FAR = 10**6  # a ratio this extreme counts as asymptotic
SLACK = 10  # how many times the leading correction an asymptotic ratio may be off


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """[lower, E, upper]: the middle is the dense E, the others enclose it, and neither is merely a weaker bound."""
    lower, middle, upper = numbers(route.call(case), 3)
    E = route.model(case).error
    yield equal("E", middle, E)
    yield at_most("lower <= E", lower, E, E)
    yield at_most("E <= upper", E, upper, E)
    yield from _attained(case, lower, E)
    if not any(case.lam):
        yield from _ambient_only(route, case, lower, E, upper)
    if min(case.lam) * case.alpha2 >= FAR * case.h and not _vanishes(case):
        yield from _strong_signal(route, case, lower, E, upper)


def _attained(case: Case, lower: Any, E: Any) -> Iterator[Comparison]:
    """The lower bound is attained without ambient noise at right angles, and at rho = 1 without signal."""
    if case.sigma2 == 0 and all(map(is_right, case.angles)):
        yield equal("lower = E at sigma = 0, theta = pi/2", lower, E)
    if not any(case.lam) and case.rho == 1:
        yield equal("lower = E at rho = 1, lambda = 0", lower, E)


def _ambient_only(route: Route, case: Case, lower: Any, E: Any, upper: Any) -> Iterator[Comparison]:
    """Without signal: upper/E tends to 1, and lower/E to 1/2, as rho tends to 0 or to infinity."""
    rho = case.rho
    if case.k == case.D or rho == 0 or Fraction(1, FAR) < rho < FAR:
        return
    slack = SLACK * min(rho, 1 / rho)
    yield from _close(route, "upper / E -> 1 at extreme rho", upper, E, slack)
    yield from _close(route, "2 lower / E -> 1 at extreme rho", 2 * lower, E, slack)


def _strong_signal(route: Route, case: Case, lower: Any, E: Any, upper: Any) -> Iterator[Comparison]:
    """As a/h grows both ends of the misalignment term tend to it, with or without ambient noise."""
    slack = SLACK * case.h / (min(case.lam) * case.alpha2)
    if case.sigma2 == 0:
        yield from _close(route, "upper / E -> 1 as a/h grows", upper, E, slack)
        yield from _close(route, "lower / E -> 1 as a/h grows", lower, E, slack)
        return
    silent = replace(case, lam=(Fraction(0),) * case.d)  # the same ambient term, no misalignment
    low, _, up = numbers(route.call(silent), 3)
    misaligned = E - route.model(silent).error
    yield from _close(route, "upper misalignment as a/h grows", upper - up, misaligned, slack)
    yield from _close(route, "lower misalignment as a/h grows", lower - low, misaligned, slack)


def _close(route: Route, name: str, value: Any, truth: Any, slack: Fraction) -> Iterator[Comparison]:
    margin = truth * route.field.number(slack)
    yield at_most(f"{name}, not above", value, truth + margin, truth)
    yield at_most(f"{name}, not below", truth - margin, value, truth)


def _vanishes(case: Case) -> bool:
    return case.k >= case.d and all(map(is_zero, case.angles))


def more_cases(exact: bool, seed: int) -> tuple[Case, ...]:
    """Points at which the bound is attained, or asymptotically so."""
    return tight_cases(exact, seed)


def estimates(world: World, output: Any) -> Iterator[Estimate]:
    """The middle value is the error."""
    yield error_estimate(world, numbers(output, 3)[1])


def learned(fit: Fit, output: Any) -> tuple[Loss, float]:
    """The middle value is the error."""
    return fit.error, float(numbers(output, 3)[1])
