"""What the reverse SDE and the probability flow make of N(0, I), from dense matrices and their equations."""

from collections.abc import Iterator

from numerics import parameters
from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, pairs, same_matrix
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix
from numerics.results._shared import along, multiplicities, random_vector

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "variances of an equation's solution; paths of the samplers are simulated in their tests"
NOT_LEARNED: str | None = "the score is given: there is nothing to fit"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted variances, applied to a random vector, against the dense covariances; these against their equations."""
    m = route.model(case)
    paired = min(case.k, case.d)
    rows = pairs(route.call(case), 2 * (paired + 2))
    counts = [1] * paired + [max(case.k - case.d, 0), case.D - case.k]
    yield from multiplicities(route, rows, counts * 2)
    vector = random_vector(m, case.D)
    frame = m.U * m.frames.Y
    for name, values, dense in zip(("SDE", "flow"), (rows[: paired + 2], rows[paired + 2 :]), _laws(m), strict=True):
        *along_encoder, spare, rest = (value for value, _ in values)
        gains = [*along_encoder, *[spare] * (case.k - paired)]
        covariance = dense * m.alpha2
        yield from same_matrix(f"covariance by the {name}", along(m, frame, gains, rest, vector), covariance * vector)
        total = sum((value * count for value, count in values[1:]), values[0][0] * values[0][1])
        yield equal(f"trace of the covariance by the {name}", total, trace(covariance))
    yield from _equations(m)


def _own(m: DenseModel, ratio: object) -> Matrix:
    """Q over alpha^2 at a ratio: the covariance of the law whose score is -Q^-1 x."""
    data = m.V * m.Lambda * m.V.transpose() + m.identity * m.sigma2
    lifted = m.U * m.U.transpose()
    return lifted * data * lifted + m.identity * ratio


def _laws(m: DenseModel) -> tuple[Matrix, Matrix]:
    """Covariances over alpha^2 at r = h/alpha^2, from (1 + R) I at R.

    By dC/dr = Q^-1 C + C Q^-1 - I, and by half of the score and no noise.
    """
    R = m.field.number(parameters.value("r_end", m.case))
    now, inverse = _own(m, m.h / m.alpha2), _own(m, R).inv()
    flow = now * inverse * (1 + R)
    propagated = now * inverse
    sde = propagated * (1 + R) * propagated.transpose() + now - now * inverse * now
    return sde, flow


def _equations(m: DenseModel) -> Iterator[Comparison]:
    """The dense covariances solve the samplers' equations: Q grows by I per unit of r."""
    R = m.field.number(parameters.value("r_end", m.case))
    now, inverse = _own(m, m.h / m.alpha2), _own(m, R).inv()
    sde, flow = _laws(m)
    precision = now.inv()
    slope = inverse * now * inverse * (2 * (1 + R)) + m.identity - inverse * now * 2
    yield from same_matrix("rate by the SDE", slope, precision * sde + sde * precision - m.identity, m.field.number(1))
    yield from same_matrix("rate by the flow", inverse * (1 + R), precision * flow)
