"""What a user would write: dense D x D matrices in SymPy, inverted, traced, and simplified. Run as a child process.

Two principal planes (D = 4, k = d = 2) with symbolic angles; the closed form is the thing to arrive at.
"""

from __future__ import annotations

import sys
import time

from sympy import Matrix, cos, diag, eye, simplify, sin, symbols


def main(planes: int) -> None:
    start = time.perf_counter()
    c, h = symbols("c h", positive=True)
    a = symbols(f"a1:{planes + 1}", positive=True)
    theta = symbols(f"theta1:{planes + 1}", real=True)
    size = 2 * planes
    U = Matrix(size, planes, lambda i, j: int(i == j))
    V = Matrix(size, planes, lambda i, j: cos(theta[j]) if i == j else sin(theta[j]) if i == planes + j else 0)
    sigma = V * diag(*a) * V.T + c * eye(size)
    encoded = U.T * sigma * U
    complement = eye(size) - U * U.T
    error = sigma.inv().trace() - encoded.inv().trace() - 2 * (size - planes) / h + (complement * sigma).trace() / h**2
    closed = (size - planes) * (c - h) ** 2 / (c * h**2) + sum(
        a[i] * sin(theta[i]) ** 2 * (1 / h**2 - 1 / ((c + a[i]) * (c + a[i] * cos(theta[i]) ** 2)))
        for i in range(planes)
    )
    answer = simplify(error - closed)
    print(f"{time.perf_counter() - start:.3f} {'zero' if answer == 0 else 'not decided'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) // 2)
