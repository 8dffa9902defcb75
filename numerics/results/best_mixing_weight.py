"""The weight at which source and target lose the same."""

from collections.abc import Iterator

from numerics.cases import Case, is_right, is_zero
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.dense import contract
from numerics.results._pooled import is_empty, pooled_signal, variances
from numerics.results.shared_latent_error import pooled_direction

NOT_EXACT: str | None = "square roots of variances"
NOT_SAMPLED: str | None = "a weight: there is no expectation to sample"
NOT_LEARNED: str | None = "a weight in the limit r = 0: no score is fitted there"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Both domains miss the same variance behind the dense pooled direction at that weight; at its end of the range
    where one domain alone has variance."""
    if is_empty(case):
        return
    m = route.model(case)
    values, number = listed(route.call(case), max(case.k, case.d)), route.field.number
    for i, ((source, target), weight) in enumerate(zip(variances(case), values, strict=True)):
        if not source or not target:
            yield equal(f"plane {i + 1}: one domain alone", weight, number(int(not source)))
        elif not is_zero(case.angles[i]) and not is_right(case.angles[i]):
            y = pooled_direction(m, pooled_signal(m, weight), i)
            size = contract(y, y)
            u, v = m.column(m.frames.encoder, i), m.column(m.frames.target, i)
            missed = [
                number(variance) * (1 - contract(own, y) * contract(own, y) / size)
                for own, variance in ((u, source), (v, target))
            ]
            yield equal(f"plane {i + 1}: variance missed", *missed)
