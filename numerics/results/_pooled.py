"""Pooled data of source and target: points at which roots are rational, and the dense covariance at any weight."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from numerics import parameters
from numerics.cases import Case, is_right, is_zero
from numerics.comparisons import Comparison, Route, at_most, equal, same_matrix
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix


def variances(case: Case) -> list[tuple[Fraction, Fraction]]:
    """(source's, target's) latent variance in each of the max(k, d) planes; zero where a domain has no direction."""
    source, n = parameters.source_variances(case), max(case.k, case.d)
    target = (*case.lam, *(Fraction(0),) * (n - case.d))
    return list(zip(source, target, strict=True))


def is_empty(case: Case) -> bool:
    """Whether neither domain has variance in some plane."""
    return any(not source and not target for source, target in variances(case))


def weight(route: Route, case: Case) -> Any | None:
    """The case's weight; over the rationals one at which the plane's eigenvalues are rational, None if it has several
    planes in general position.

    The difference of a plane's eigenvalues squared is a quadratic polynomial in the weight, and a square at its ends 0
    and 1: the lines through one end find all rational points of that conic.
    """
    if not route.field.exact:
        return route.model(case).parameter("weight")
    found, drawn = None, route.field.number(parameters.value("weight", case))
    for (source, target), angle in zip(variances(case), case.angles, strict=False):
        if not source or not target or is_zero(angle) or is_right(angle):
            continue
        if found is not None:
            return None
        number = route.field.number
        found = _on_the_conic(number(source), number(target), route.field.sincos(angle)[0], drawn)
    return drawn if found is None else found


def _on_the_conic(source: Any, target: Any, sine: Any, part: Any) -> Any:
    """The weight where the line from the conic's end at weight 0 meets it again; `part` in (0, 1) turns the line."""
    middle = 2 * source * (1 - sine * sine)
    slope = middle - source - target + part * 2 * source * sine * sine
    top = 2 * target * (slope + source + target - middle)
    return top / ((source + target) ** 2 - 2 * target * middle - slope * slope)


def pooled_signal(m: DenseModel, w: Any) -> Matrix:
    """w U Lambda_s U^T + (1 - w) V Lambda V^T, D x D."""
    return m.source_signal * w + m.V * m.Lambda * m.V.transpose() * (1 - w)


def pooled_noise(m: DenseModel, w: Any) -> Any:
    """The ambient noise of the pooled data."""
    return w * m.parameter("sigma_s2") + (1 - w) * m.sigma2


def _holds_one_line(case: Case, i: int) -> bool:
    """Whether plane i holds one direction of the data: a pair at angle zero, or a direction without partner."""
    return i >= len(case.angles) or is_zero(case.angles[i])


def spectrum_of_planes(m: DenseModel, values: list[Any], B: Matrix, rest: Any) -> Iterator[Comparison]:
    """(B - larger)(B - smaller) = 0 on each plane, in order, and the trace of the dense B; ``rest`` is the value off
    all planes, and the smaller one where a plane holds one direction only. All larger values stand first."""
    case, planes, one = m.case, max(m.case.k, m.case.d), m.field.number(1)
    for i, (larger, smaller) in enumerate(zip(values[:planes], values[planes:], strict=True)):
        yield at_most(f"plane {i + 1}: in order", smaller, larger, one)
        if _holds_one_line(case, i):
            yield equal(f"plane {i + 1}: one direction", smaller, rest)
        for frame, size in ((m.frames.encoder, case.k), (m.frames.target, case.d)):
            if i < size:
                vector = m.column(frame, i)
                once = B * vector - vector * smaller
                twice = B * once - once * larger
                yield from same_matrix(f"plane {i + 1}", twice, twice - twice, one)
    total = trace(B) + (2 * planes - case.D) * rest
    yield equal("sum of the eigenvalues", sum(values[1:], values[0]), total)
