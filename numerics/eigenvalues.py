"""Rigorous enclosures of all eigenvalues of a real symmetric matrix, however many of them coincide.

Jacobi rotations on midpoints find nearly the right basis; nothing they do is trusted. The basis is then orthonormalised
in balls, and Weyl's inequality bounds each sorted eigenvalue by the sorted diagonal, up to the norm of what is left.
(FLINT's own enclosures for clusters lose most of their digits, and fail on exact multiples.)
"""

from typing import Any

from flint import arb, arb_mat, ctx

SWEEPS = 40
Rows = list[list[Any]]


def orthonormalised(frame: arb_mat) -> arb_mat:
    """F L^-T with F^T F = L L^T: orthonormal columns with exactly the span of those of F (n x k, full rank)."""
    k = frame.ncols()
    gram = (frame.transpose() * frame).tolist()
    L = [[arb(0)] * k for _ in range(k)]
    for i in range(k):
        for j in range(i + 1):
            rest = gram[i][j] - sum((L[i][q] * L[j][q] for q in range(j)), arb(0))
            L[i][j] = rest.sqrt() if i == j else rest / L[j][j]
    return frame * arb_mat(L).inv().transpose()


def _rotate(rows: Rows, p: int, q: int, cosine: Any, sine: Any) -> None:
    """Rows p and q turned by one rotation, midpoints only."""
    rp, rq = rows[p], rows[q]
    rows[p] = [(cosine * x - sine * y).mid() for x, y in zip(rp, rq, strict=True)]
    rows[q] = [(sine * x + cosine * y).mid() for x, y in zip(rp, rq, strict=True)]


def _annihilating(a: Any, b: Any, off: Any) -> tuple[Any, Any]:
    """Cosine and sine of the smaller rotation that diagonalises [[a, off], [off, b]]."""
    ratio = (b - a) / (2 * off)
    tangent = 1 / (abs(ratio) + (ratio * ratio + 1).sqrt())
    if ratio < 0:
        tangent = -tangent
    cosine = 1 / (tangent * tangent + 1).sqrt()
    return cosine.mid(), (tangent * cosine).mid()


def _jacobi(matrix: arb_mat) -> arb_mat:
    """Approximate eigenvectors of a symmetric matrix in columns; no claim is attached to them."""
    n = matrix.nrows()
    A = [[x.mid() for x in row] for row in matrix.tolist()]
    basis = [[arb(int(i == j)) for j in range(n)] for i in range(n)]
    size = max(abs(x) for row in A for x in row)
    negligible = size * arb(2) ** (8 - ctx.prec)
    for _ in range(SWEEPS):
        turned = False
        for p in range(n):
            for q in range(p + 1, n):
                if abs(A[p][q]) <= negligible:
                    continue
                turned = True
                cosine, sine = _annihilating(A[p][p], A[q][q], A[p][q])
                _rotate(A, p, q, cosine, sine)
                for row in A:
                    x, y = row[p], row[q]
                    row[p], row[q] = (cosine * x - sine * y).mid(), (sine * x + cosine * y).mid()
                _rotate(basis, p, q, cosine, sine)
        if not turned:
            break
    return arb_mat(basis).transpose()


def symmetric_eigenvalues(matrix: arb_mat) -> list[tuple[Any, Any]]:
    """Ascending exact ends (lower, upper) around the eigenvalues, each listed as often as it occurs.

    ``matrix`` is a ball matrix that holds the symmetric matrix meant. The ends are absolute: about the size of the
    matrix times 2^-prec apart.
    """
    n = matrix.nrows()
    half = arb(1) / 2
    symmetric = (matrix + matrix.transpose()) * half
    basis = orthonormalised(_jacobi(symmetric))
    turned = (basis.transpose() * symmetric * basis).tolist()
    middles = sorted(turned[i][i].mid() for i in range(n))
    squares = [(turned[i][j] - turned[i][j].mid() if i == j else turned[i][j]) for i in range(n) for j in range(n)]
    rest = sum((x.abs_upper() * x.abs_upper() for x in squares), arb(0)).sqrt().upper()
    return [((x - rest).lower(), (x + rest).upper()) for x in middles]
