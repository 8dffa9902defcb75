"""For each result: what its emitted function must return, as comparisons with the dense model."""

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from numerics.bounds import two_sided_bound
from numerics.cases import Case, is_zero
from numerics.comparisons import Comparison, Route, at_most, equal, listed, numbers, pairs, same_matrix
from numerics.dense import DenseModel, trace
from numerics.frames import Matrix

Obligation = Callable[[Route, Case], Iterator[Comparison]]


def principal_planes(route: Route, case: Case) -> Iterator[Comparison]:
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


def _random_vector(m: DenseModel, size: int) -> Matrix:
    rng = random.Random(f"vector {m.case.seed} {size}")
    return m.field.matrix([[m.field.number(Fraction(rng.randint(-9, 9), rng.randint(1, 5)))] for _ in range(size)])


def _along(m: DenseModel, frame: Matrix, gains: list[Any], rest: Any, vector: Matrix) -> Matrix:
    """Gains along the columns of an orthonormal frame, ``rest`` on the complement, applied to a vector."""
    inside = frame * m.diagonal(gains) * (frame.transpose() * vector)
    return inside + (vector - frame * (frame.transpose() * vector)) * rest


def _multiplicities(route: Route, rows: list[tuple[Any, Any]], expected: list[int]) -> Iterator[Comparison]:
    for i, ((_, got), want) in enumerate(zip(rows, expected, strict=True)):
        yield equal(f"multiplicity {i + 1}", got, route.field.number(want))


def forward_marginal(route: Route, case: Case) -> Iterator[Comparison]:
    """Spectrum of the dense Sigma with multiplicities, and its eigenvectors in order."""
    m = route.model(case)
    rows = pairs(route.call(case), case.d + 1)
    yield from _multiplicities(route, rows, [1] * case.d + [case.D - case.d])
    counts = [1] * case.d + [case.D - case.d]
    roots = [root for root, _ in rows]
    if route.field.exact:
        product = route.field.linear_power(roots[0], 1)
        for root, count in zip(roots[1:], counts[1:], strict=True):
            product *= route.field.linear_power(root, count)
        dense = route.field.charpoly(m.Sigma)
        for i in range(case.D + 1):
            yield equal(f"characteristic polynomial, x^{i}", product[i], dense[i])
    else:
        for i in range(1, 4):
            shift = route.field.number(Fraction(i, 3))
            value = route.field.number(1)
            for root, count in zip(roots, counts, strict=True):
                value = value * (root + shift) ** count
            yield equal(f"det(Sigma + {i}/3)", value, (m.Sigma + m.identity * shift).det())
    frame, vector = m.frames.target, _random_vector(m, case.D)
    yield from same_matrix("Sigma x", _along(m, frame, roots[:-1], roots[-1], vector), m.Sigma * vector)


def target_score(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted gains applied to a random vector against the gradient -Sigma^-1 x of the log-density."""
    m = route.model(case)
    rows = pairs(route.call(case), case.d + 1)
    yield from _multiplicities(route, rows, [1] * case.d + [case.D - case.d])
    gains, vector = [gain for gain, _ in rows], _random_vector(m, case.D)
    emitted = _along(m, m.frames.target, gains[:-1], gains[-1], vector)
    yield from same_matrix("Sigma^-1 x", emitted, m.precision * vector)
    weighted = sum((gain * count for gain, count in rows[1:]), rows[0][0] * rows[0][1])
    yield equal("tr Sigma^-1", weighted, trace(m.precision))


def latent_optimum(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted gains along the encoder's principal vectors against the regression of U^T s(x) on U^T x."""
    m = route.model(case)
    paired = min(case.k, case.d)
    rows = pairs(route.call(case), paired + 1)
    yield from _multiplicities(route, rows, [1] * paired + [case.k - paired])
    # Normal equations of the best linear g: g(y) = E[U^T s(x) y^T] (E[y y^T])^-1 y; for a Gaussian target this is the
    # conditional mean, hence the best g of all.
    cross = m.U.transpose() * m.precision * m.Sigma * m.U
    gains, vector = [gain for gain, _ in rows], _random_vector(m, case.k)
    frame = m.field.matrix([[m.frames.Y[i, j] for j in range(paired)] for i in range(case.k)])
    emitted = _along(m, frame, gains[:-1], gains[-1], vector)
    yield from same_matrix("M^-1 y", emitted, cross * m.latent_precision * vector)
    weighted = sum((gain * count for gain, count in rows[1:]), rows[0][0] * rows[0][1])
    yield equal("tr M^-1", weighted, trace(m.latent_precision))


def frozen_latent_error(route: Route, case: Case) -> Iterator[Comparison]:
    """E against tr(K Sigma K^T)."""
    (value,) = numbers(route.call(case), 1)
    yield equal("E", value, route.model(case).error)


def in_latent_gap(route: Route, case: Case) -> Iterator[Comparison]:
    """The gap against tr(U^T K Sigma K^T U)."""
    (value,) = numbers(route.call(case), 1)
    yield equal("gap", value, route.model(case).latent_gap)


def monotonicity(route: Route, case: Case) -> Iterator[Comparison]:
    """Emitted derivatives in the angles against dense ones, and the signs of all dense derivatives."""
    m = route.model(case)
    values = listed(route.call(case), min(case.k, case.d))
    zero = route.field.number(0)
    for i, value in enumerate(values):
        slope = m.angle_slope(i)
        yield equal(f"dE/dtheta_{i + 1}", value, slope)
        yield at_most(f"0 <= dE/dtheta_{i + 1}", zero, slope)
    for i in range(case.d):
        yield at_most(f"0 <= dE/dlambda_{i + 1}", zero, m.variance_slope(i))
    yield at_most("0 <= dE/dsigma^2", zero, m.noise_slope)
    # F = alpha^2 E as a function of r = h / alpha^2 at fixed alpha: dF/dr = alpha^4 dE/dh.
    F, slope, r = m.alpha2 * m.error, m.alpha2 * m.alpha2 * m.time_slope, m.h / m.alpha2
    yield at_most("dF/dr <= 0", slope, zero)
    yield at_most("d(rF)/dr <= 0", F + r * slope, zero)
    yield at_most("d(r^2 F)/dr <= 0", 2 * r * F + r * r * slope, zero)


def schedule_invariance(route: Route, case: Case) -> Iterator[Comparison]:
    """F and KL at two times with the same r, emitted and dense, crosswise."""
    twin = case.at(case.alpha2 * Fraction(3, 7), case.h * Fraction(3, 7))
    for here, there in ((case, twin), (twin, case)):
        emitted = numbers(route.call(here), 2)
        for m in (route.model(here), route.model(there)):
            yield equal("F", emitted[0], m.alpha2 * m.error)
            yield equal("KL", emitted[1], m.kl)


def exact_kl(route: Route, case: Case) -> Iterator[Comparison]:
    """KL against traces and determinants of the two dense covariances."""
    (value,) = numbers(route.call(case), 1)
    yield equal("KL", value, route.model(case).kl)


def kl_is_integrated_error(route: Route, case: Case) -> Iterator[Comparison]:
    """KL against dense determinants, against -2 dKL/dr = F, and, in balls, against quadrature of the dense F."""
    m = route.model(case)
    (value,) = numbers(route.call(case), 1)
    yield equal("KL", value, m.kl)
    # At fixed alpha, dKL/dr = alpha^2 dKL/dh.
    yield equal("F = -2 dKL/dr", -2 * m.alpha2 * m.kl_slope, m.alpha2 * m.error)
    end = 9 * case.h / case.alpha2
    half = route.integral(case, end)
    if half is not None:
        later = case.at(Fraction(1), end)
        (remaining,) = numbers(route.call(later), 1)
        yield equal("KL_r = KL_R + half the integral of F", value, half / 2 + route.model(later).kl)
        yield equal("KL_r - KL_R = half the integral of F", value - remaining, half / 2)


LOGARITHMIC = ("schedule-invariance", "exact-kl", "kl-is-integrated-error")  # all others are rational functions

OBLIGATIONS: dict[str, Obligation] = {
    "principal-planes": principal_planes,
    "forward-marginal": forward_marginal,
    "target-score": target_score,
    "latent-optimum": latent_optimum,
    "frozen-latent-error": frozen_latent_error,
    "in-latent-gap": in_latent_gap,
    "two-sided-bound": two_sided_bound,
    "monotonicity": monotonicity,
    "schedule-invariance": schedule_invariance,
    "exact-kl": exact_kl,
    "kl-is-integrated-error": kl_is_integrated_error,
}
