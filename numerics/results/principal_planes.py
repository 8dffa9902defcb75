"""The reduction to principal planes: traces, and the construction itself on dense frames."""

from collections.abc import Iterator

from numerics.cases import Case, is_zero
from numerics.comparisons import Comparison, Route, equal, numbers, same_matrix
from numerics.dense import DenseModel, trace

NOT_EXACT: str | None = None
NOT_SAMPLED: str | None = "an identity between matrices: there is no expectation to sample"
NOT_LEARNED: str | None = "an identity between matrices: there is nothing to fit"
LOGARITHMIC = False


def comparisons(route: Route, case: Case) -> Iterator[Comparison]:
    """Traces, and the construction itself: Gram matrices, and the block form of V and Sigma in the principal basis."""
    m = route.model(case)
    values = numbers(route.call(case), 6)
    projected = m.P * m.Sigma
    dense = [trace(m.Sigma), trace(m.M), trace(projected), trace(m.Sigma * m.Sigma), trace(m.M * m.M)]
    dense.append(trace(projected * projected))
    names = ("tr Sigma", "tr M", "tr P Sigma", "tr Sigma^2", "tr M^2", "tr P Sigma P Sigma")
    for name, value, truth in zip(names, values, dense, strict=True):
        yield equal(name, value, truth)
    yield from constructed_planes(m)


def constructed_planes(m: DenseModel) -> Iterator[Comparison]:
    """The reduction to principal planes on the frames at hand, from U, V, Y, Z and the angles alone."""
    case, field = m.case, m.field
    UY, VZ = m.U * m.frames.Y, m.V * m.frames.Z
    yield from same_matrix("U^T U", m.U.transpose() * m.U, m.eye(case.k))
    yield from same_matrix("V^T V", m.V.transpose() * m.V, m.eye(case.d))
    angles = [field.sincos(angle) for angle in case.angles]
    zero, one = field.number(0), field.number(1)
    cosines = [[angles[i][1] if i == j and i < len(angles) else zero for j in range(case.d)] for i in range(case.k)]
    yield from same_matrix("Y^T U^T V Z", UY.transpose() * VZ, field.matrix(cosines), one)
    basis = [[UY[r, i] for r in range(case.D)] for i in range(case.k)]
    blocks = {(i, i): one * m.h + m.alpha2 * m.sigma2 for i in range(case.D)}
    for i in range(case.d):
        lam = m.alpha2 * m.lam[i]
        if i < len(angles):
            sine, cosine = angles[i]
            blocks[i, i] += lam * cosine * cosine
            if is_zero(case.angles[i]):
                continue
            basis.append([(VZ[r, i] - cosine * UY[r, i]) / sine for r in range(case.D)])
            j = len(basis) - 1
            blocks[i, j] = blocks[j, i] = lam * sine * cosine
            blocks[j, j] += lam * sine * sine
        else:
            basis.append([VZ[r, i] for r in range(case.D)])
            blocks[len(basis) - 1, len(basis) - 1] += lam
    n = len(basis)
    B = field.matrix([list(row) for row in zip(*basis, strict=True)])
    block = field.matrix([[blocks.get((i, j), zero) for j in range(n)] for i in range(n)])
    yield from same_matrix("Gram matrix of the principal basis", B.transpose() * B, m.eye(n))
    yield from same_matrix("Sigma in the principal basis", m.Sigma * B, B * block)
    rest = m.identity - B * B.transpose()
    c = m.h + m.alpha2 * m.sigma2
    yield from same_matrix("Sigma on the rest", m.Sigma * rest, rest * c, c)  # there may be no rest: scale c
