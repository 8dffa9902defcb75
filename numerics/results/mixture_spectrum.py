"""The spectrum of pooled source and target data."""

from collections.abc import Iterator

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, listed
from numerics.results._pooled import is_empty, pooled_noise, pooled_signal, spectrum_of_planes, weight

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "a pooled law is not Gaussian: sampled spreads are those of Gaussian samples"
NOT_LEARNED: str | None = "a statement on the data, not on a score"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """The eigenvalues of each plane on the dense covariance of the pooled data."""
    w = None if is_empty(case) else weight(route, case)
    if w is None:
        return
    m = route.model(case)
    values = listed(route.call(case, weight=w), 2 * max(case.k, case.d))
    noise = pooled_noise(m, w)
    yield from spectrum_of_planes(m, values, pooled_signal(m, w) + m.identity * noise, noise)
