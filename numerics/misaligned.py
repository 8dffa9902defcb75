"""The error of a frozen latent for a latent covariance of any orientation, and its two bounds."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import acb_mat, arb, arb_mat, ctx

from numerics.evaluate import Values, evaluate
from numerics.points import Angle, AngleLike, ExactPoint, Real, enclose

_NOWHERE = ExactPoint(1, 1, 1, (Angle(),), (Fraction(0),), Fraction(0), Fraction(1), Fraction(1))


def misaligned_error(
    alpha2: Real,
    h: Real,
    angles: Sequence[AngleLike],
    Lambda: Sequence[Sequence[Fraction]],
    sigma2: Real,
    D: int,
    k: int,
    d: int,
    *,
    digits: int,
) -> tuple[Values, Values]:
    """[E, its lower and its upper bound from eigenvalues and angles alone], with bounds of their errors.

    ``Lambda`` is d x d, symmetric positive semidefinite, in the principal basis: direction i is the one with
    ``angles[i]``, those without partner last. Decimal strings, as ``evaluate`` gives them. Raises ValueError for h = 0
    or where no finite value is found.
    """

    def values() -> list[Any]:
        a2, time, noise = (enclose(x, ctx.prec) for x in (alpha2, h, sigma2))
        if not time > 0:
            raise ValueError("h must be positive")
        c = time + a2 * noise
        cosines = [angle.sincos(ctx.prec)[1] ** 2 for angle in angles] + [arb(0)] * (d - min(k, d))
        latent = arb_mat([[a2 * enclose(x, ctx.prec) for x in row] for row in Lambda])
        seen = arb_mat([[cosines[i] * latent[i, j] for j in range(d)] for i in range(d)])
        ambient = (D - k) * (c - time) ** 2 / (c * time**2)
        kept = _gain(latent, c, time, d)
        roots = _descending(latent)
        bounds = (_paired(roots, sorted(cosines, key=_middle, reverse=way), c, time) for way in (True, False))
        return [ambient + kept - _gain(seen, c, time, d), *(ambient + kept - bound for bound in bounds)]

    return evaluate(lambda *_, fn: values(), _NOWHERE, digits)


def _gain(matrix: Any, c: Any, h: Any, d: int) -> Any:
    """tr(X/h^2 + (c I + X)^-1)."""
    shifted = arb_mat([[matrix[i, j] + (c if i == j else 0) for j in range(d)] for i in range(d)])
    return _trace(matrix) / h**2 + _trace(shifted.inv())


def _trace(matrix: Any) -> Any:
    return sum((matrix[i, i] for i in range(matrix.nrows())), arb(0))


def _paired(roots: list[Any], cosines: list[Any], c: Any, h: Any) -> Any:
    """The same sum with the i-th largest eigenvalue times the i-th squared cosine as eigenvalues."""
    products = [root * cosine for root, cosine in zip(roots, cosines, strict=True)]
    return sum((x / h**2 + 1 / (c + x) for x in products), arb(0))


def _descending(matrix: Any) -> list[Any]:
    """Eigenvalues of a symmetric ball matrix, largest first; equal ones come as overlapping balls."""
    found = acb_mat(matrix).eig(multiple=True, algorithm="rump")
    zero = arb(0)
    return sorted((root.real.max(zero) for root in found), key=_middle, reverse=True)


def _middle(ball: Any) -> Any:
    return ball.mid()
