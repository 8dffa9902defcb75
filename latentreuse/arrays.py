"""Numbers of a case that stand in .npy files: eigenvalues of a data covariance, and a latent covariance.

Every float64 is a rational number, and is taken as exactly that.
"""

from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any, Final

import numpy as np
from flint import fmpz_mat
from numpy.typing import NDArray

MAX_EIGENVALUES: Final = 100_000
MAX_LATENT: Final = 64
MAX_BITS: Final = 1 << 18  # of the common denominator times the size: about a second
ROUNDING: Final = Fraction(1, 2**40)

Matrix = tuple[tuple[Fraction, ...], ...]


def load(path: Path) -> Any:
    """The array in a .npy file, mapped and not yet read; raises ValueError with what is wrong."""
    if path.suffix != ".npy":
        raise ValueError(f"{path.name!r} does not end in .npy; allowed: a file written by numpy.save")
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror or error}; allowed: a readable .npy file") from None
    except (ValueError, EOFError, SyntaxError, TypeError, OverflowError, MemoryError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(f"{path} is no plain .npy array: {reason}; allowed: a file written by numpy.save") from None
    if not isinstance(array, np.ndarray):
        array.close()
        raise ValueError(f"{path} is an archive of arrays; allowed: one array in a .npy file")
    return array


def load_floats(path: Path, dimensions: int, most: int) -> NDArray[np.float64]:
    """A float64 array with so many dimensions and at most so many entries; raises ValueError."""
    array = load(path)
    if array.dtype.kind != "f" or array.dtype.itemsize != 8:
        raise ValueError(f"{path} holds {array.dtype}; allowed: real float64")
    if array.ndim != dimensions:
        kind = {1: "a plain list of numbers", 2: "a matrix"}[dimensions]
        raise ValueError(f"{path} has shape {array.shape}; allowed: {kind}")
    if not 0 < array.size <= most:
        raise ValueError(f"{path} has {array.size} entries; allowed: 1 to {most}")
    floats = np.array(array, dtype=np.float64)
    if not np.isfinite(floats).all():
        raise ValueError(f"{path} has an entry that is not finite; allowed: finite numbers")
    return floats


def read_spectrum(path: Path) -> tuple[Fraction, ...]:
    """Eigenvalues from a file; raises ValueError with what is wrong and what is allowed."""
    return tuple(Fraction(x) for x in load_floats(path, 1, MAX_EIGENVALUES).tolist())


def read_matrix(path: Path) -> Matrix:
    """A matrix from a file; raises ValueError with what is wrong and what is allowed."""
    rows = load_floats(path, 2, MAX_LATENT**2).tolist()
    return tuple(tuple(Fraction(x) for x in row) for row in rows)


def covariance_fault(rows: Matrix, *, rounded: bool) -> str | None:
    """Why ``rows`` is no covariance: square, symmetric and positive semidefinite, all decided exactly.

    A ``rounded`` matrix may have eigenvalues below zero by 2^-40 of its trace, as a covariance of low rank in floats.
    """
    size = len(rows)
    lengths = {len(row) for row in rows}
    if size == 0 or lengths != {size}:
        shown = sorted(lengths or {0})
        return f"has {size} rows of length {', '.join(map(str, shown))}; allowed: a square matrix"
    if size > MAX_LATENT:
        return f"is {size} x {size}; allowed: at most {MAX_LATENT} x {MAX_LATENT}"
    for i in range(size):
        for j in range(i):
            if rows[i][j] != rows[j][i]:
                return f"is not symmetric: entries [{i}][{j}] and [{j}][{i}] differ; allowed: a symmetric matrix"
    slack = ROUNDING * sum(rows[i][i] for i in range(size)) if rounded else Fraction(0)
    semidefinite = _semidefinite(rows, slack)
    if semidefinite is None:
        return "has entries with too many digits; allowed: fewer digits or a smaller matrix"
    return None if semidefinite else "has a negative eigenvalue; allowed: a positive semidefinite matrix"


def _semidefinite(rows: Matrix, slack: Fraction) -> bool | None:
    """Whether rows + slack I has no negative eigenvalue; None if its entries are too long to decide.

    All roots of the characteristic polynomial are real, so none is negative exactly when its coefficients alternate.
    """
    size = len(rows)
    shifted = [rows[i][j] + (slack if i == j else 0) for i in range(size) for j in range(size)]
    common = 1
    for entry in shifted:
        common = lcm(common, entry.denominator)
        if common.bit_length() * size > MAX_BITS:
            return None
    integers = [int(entry * common) for entry in shifted]
    if max(abs(entry) for entry in integers).bit_length() * size > MAX_BITS:
        return None
    coefficients = fmpz_mat(size, size, integers).charpoly().coeffs()
    return all((-1) ** (size - power) * int(value) >= 0 for power, value in enumerate(coefficients))
