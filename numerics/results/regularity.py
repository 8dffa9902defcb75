"""How steep the best latent scores are."""

from collections.abc import Iterator

from numerics.cases import Case
from numerics.comparisons import Comparison, Route, listed, same_matrix
from numerics.results._shared import random_vector

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "a Lipschitz constant: a largest value, and no expectation"
NOT_LEARNED: str | None = "a Lipschitz constant: fitted scores have no sharp one"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Gains as inverse eigenvalues: of the encoded covariances along the encoder's principal vectors, and of both
    domains' own covariances across their frames."""
    m = route.model(case)
    values = listed(route.call(case), 2 * case.k + 2)
    along, across = values[:-2], values[-2:]
    for i in range(case.k):
        y = m.column(m.frames.Y, i)
        yield from same_matrix(f"target, direction {i + 1}", m.M * y * along[i], y)
        yield from same_matrix(f"source, direction {i + 1}", m.M_s * y * along[case.k + i], y)
    vector = random_vector(m, case.D)
    for name, frame, size, Sigma, gain in (
        ("target", m.V, case.d, m.Sigma, across[0]),
        ("source", m.U, case.k, m.Sigma_s, across[1]),
    ):
        if size < case.D:
            outside = vector - frame * (frame.transpose() * vector)
            yield from same_matrix(f"{name}, both directions", Sigma * outside * gain, outside)
