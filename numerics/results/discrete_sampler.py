"""One step of five sampling schemes, from their definitions with dense score matrices."""

from collections.abc import Iterator

from numerics import parameters
from numerics.cases import Case
from numerics.comparisons import Comparison, Route, equal, listed
from numerics.dense import DenseModel
from numerics.frames import Matrix

NOT_EXACT: str | None = "square roots of the ratios at both ends of the step"
NOT_SAMPLED: str | None = "variances of a linear recursion; paths of the samplers are simulated in their tests"
NOT_LEARNED: str | None = "the score is given: there is nothing to fit"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted factors against u_i^T A u_i for the dense matrices A of a step, and the variance of the noise."""
    m = route.model(case)
    paired = min(case.k, case.d)
    values = listed(route.call(case), 5 * paired + 1)
    frame = m.U * m.frames.Y
    for number, (name, factor, noise) in enumerate(_steps(m)):
        projected = frame.transpose() * factor * frame
        for i in range(paired):
            yield equal(f"{name} along u_{i + 1}", values[number * paired + i], projected[i, i])
        if noise is not None:
            yield equal(f"noise of {name}", values[-1], noise)


def _precision(m: DenseModel, ratio: object) -> Matrix:
    """K of the score -K x over alpha, at a ratio: the best latent score, and -x/r outside the encoder."""
    data = m.V * m.Lambda * m.V.transpose() + m.identity * m.sigma2
    encoded = m.U.transpose() * (data + m.identity * ratio) * m.U
    return m.U * encoded.inv() * m.U.transpose() + m.P * (1 / ratio)  # type: ignore[operator]


def _steps(m: DenseModel) -> Iterator[tuple[str, Matrix, object]]:
    """(scheme, matrix that multiplies the point, variance of the added noise), all over alpha."""
    r, R = m.h / m.alpha2, m.field.number(parameters.value("r_end", m.case))
    K, later, gap = _precision(m, R), _precision(m, r), R - r
    yield "em", m.identity - K * gap, gap
    # x' = (a'/a) x + 2 (a'/a - 1) s + sqrt((a'/a)^2 - 1) n with a = 1/sqrt(1 + R), a' = 1/sqrt(1 + r), s = -K x/a^2
    a, a_later = 1 / (1 + R).sqrt(), 1 / (1 + r).sqrt()
    stretch = a_later / a
    factor = m.identity * stretch - K * (2 * (stretch - 1) / (a * a))
    yield "ei", factor * (a / a_later), (stretch * stretch - 1) / (a_later * a_later)
    yield "euler", m.identity - K * (gap / 2), None
    predicted = m.identity - K * (gap / 2)
    yield "heun", m.identity - (K + later * predicted) * (gap / 4), None
    clean, noise = m.identity - K * R, K * R.sqrt()
    yield "ddim", clean + noise * r.sqrt(), None
