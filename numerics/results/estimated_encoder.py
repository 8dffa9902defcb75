"""The error behind an estimated encoder: dense traces with the encoder blurred, each direction by its own overlap.

An estimate is root(F) u + root(1 - F) e with e orthogonal to all else. Only squares of the roots enter the traces: with
R = diag(root F), its encoded covariance R M R + c (I - F) has the inverse R^-1 (M + c (F^-1 - I))^-1 R^-1.
"""

from collections.abc import Iterator

from numerics.cases import Case, full_cases
from numerics.comparisons import Comparison, Route, equal, numbers
from numerics.dense import trace
from numerics.results.sample_angles import is_seen, overlap

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "a limit of large samples: simulated spiked data are compared with it in the tests"
NOT_LEARNED: str | None = "nothing is fitted"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """E against tr Sigma^-1 - tr M^-1 - 2 (D-k)/h + tr(P Sigma)/h^2 of the blurred encoder, above the threshold."""
    if not is_seen(case) or not all(case.lam):
        return
    m = route.model(case)
    (value,) = numbers(route.call(case), 1)
    gamma, c = m.parameter("tau") ** 2, m.h + m.alpha2 * m.sigma2
    one = m.h / m.h
    seen = [overlap(m.lam[i], m.sigma2, gamma) if i < case.d else one for i in range(case.k)]  # spare ones are noise
    encoded = m.frames.encoder.transpose() * m.Sigma * m.frames.encoder
    blurred = encoded + m.diagonal([c * (1 / f - 1) for f in seen])
    inverse = m.diagonal([1 / f for f in seen]) * blurred.inv()
    kept = m.diagonal(seen) * encoded
    inside = trace(kept) + sum(((1 - f) * c for f in seen), 0 * one)
    outside = (trace(m.Sigma) - inside) / m.h**2
    yield equal("E", value, trace(m.precision) - trace(inverse) - 2 * (case.D - case.k) * one / m.h + outside)


def more_cases(exact: bool, seed: int) -> tuple[Case, ...]:
    """Points above the threshold at which k and d differ, both ways, and a complement is left."""
    seen = [x for x in full_cases(exact, seed) if is_seen(x) and all(x.lam) and x.sigma2 > 0 and x.k < x.D]
    return (*[x for x in seen if x.k < x.d][:2], *[x for x in seen if x.k > x.d][:2])
