"""Principal angles between two given float64 frames, enclosed rigorously at any precision.

The doubles are taken as exact. Sines come from V^T P V and cosines from V^T (U U^T) V, each frame orthonormalised in
balls, so that neither small nor nearly right angles lose digits.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from numerics.eigenvalues import orthonormalised, symmetric_eigenvalues

Array = Any  # float64, D x k or D x d
DEFECT_LIMIT = 1e-10
GUARD_BITS = 64
RAISES = 6


def orthonormality_defect(frame: Array) -> float:
    """Largest entry of |F^T F - I| for a D x k array."""
    F = np.asarray(frame, dtype=np.float64)
    return float(np.abs(F.T @ F - np.eye(F.shape[1])).max())


def checked_frame(name: str, frame: Array) -> Array:
    """The frame as a float64 array; ValueError naming what is wrong with it, and by how much."""
    F = np.asarray(frame)
    if F.ndim != 2 or 0 in F.shape:
        raise ValueError(f"{name} must be a matrix with at least one row and column, got shape {F.shape}")
    if F.dtype.kind not in "fiu":
        raise ValueError(f"{name} must hold real numbers, got dtype {F.dtype}")
    F = F.astype(np.float64)
    if not np.isfinite(F).all():
        raise ValueError(f"{name} holds values that are not finite")
    if F.shape[1] > F.shape[0]:
        raise ValueError(f"{name} is {F.shape[0]} x {F.shape[1]}: more columns than rows cannot be orthonormal")
    defect = orthonormality_defect(F)
    if not defect <= DEFECT_LIMIT:
        entry = f"largest entry of |{name}^T {name} - I| is {defect:.1e}"
        raise ValueError(f"{name} is not orthonormal: {entry}, limit {DEFECT_LIMIT:.0e}")
    return F


def _root(low: Any, high: Any) -> Any:
    """Square root of a number in [low, high] that is known to lie in [0, 1]."""
    low, high = max(low, arb(0)), min(max(high, arb(0)), arb(1))
    return low.sqrt().union(high.sqrt())


@dataclass(frozen=True)
class FramePair:
    """Two orthonormal frames as exact doubles: D x k and D x d, in bytes so that the pair can be a key."""

    D: int
    k: int
    d: int
    U: bytes
    V: bytes

    @classmethod
    def of(cls, U: Array, V: Array) -> "FramePair":
        """From two arrays; ValueError when they are not orthonormal to 1e-10 or do not fit together."""
        u, v = checked_frame("U", U), checked_frame("V", V)
        if u.shape[0] != v.shape[0]:
            raise ValueError(f"U has {u.shape[0]} rows and V has {v.shape[0]}: both must have D")
        return cls(u.shape[0], u.shape[1], v.shape[1], u.tobytes(), v.tobytes())

    def sincos(self, prec: int) -> tuple[tuple[Any, Any], ...]:
        """Enclosures of (sin, cos) of the min(k, d) principal angles, ascending, good to about ``prec`` bits."""
        return _principal(self, prec)

    def angles(self) -> tuple["FrameAngle", ...]:
        """The min(k, d) principal angles, ascending, as angles for a point."""
        return tuple(FrameAngle(self, i) for i in range(min(self.k, self.d)))


@dataclass(frozen=True)
class FrameAngle:
    """One principal angle between two given frames."""

    pair: FramePair
    index: int

    def sincos(self, prec: int) -> tuple[Any, Any]:
        """Enclosures of sine and cosine with about ``prec`` bits."""
        return self.pair.sincos(prec)[self.index]

    def arb(self, prec: int) -> Any:
        """Enclosure of the angle in radians."""
        sine, cosine = self.sincos(prec)
        with ctx.workprec(prec):
            return arb.atan2(sine, cosine)


@lru_cache(maxsize=64)
def _principal(pair: FramePair, prec: int) -> tuple[tuple[Any, Any], ...]:
    bits = 2 * prec + GUARD_BITS  # squares of sines: half the digits go into the exponent of a small one
    for _ in range(RAISES):
        with ctx.workprec(bits):
            found = _attempt(pair)
        tight = arb(2) ** (-prec)
        if all(x.is_finite() and x.rad() < tight for both in found for x in both):
            return found
        bits *= 2
    raise ValueError("principal angles of U and V could not be enclosed")


def _exact(data: bytes, rows: int, columns: int) -> arb_mat:
    return arb_mat(rows, columns, [arb(float(x)) for x in np.frombuffer(data)])


def _attempt(pair: FramePair) -> tuple[tuple[Any, Any], ...]:
    U = orthonormalised(_exact(pair.U, pair.D, pair.k))
    V = orthonormalised(_exact(pair.V, pair.D, pair.d))
    paired = min(pair.k, pair.d)
    cross = U.transpose() * V
    off = V - U * cross  # P V, so that off^T off = V^T P V without cancellation against the identity
    sines = symmetric_eigenvalues(off.transpose() * off)[:paired]
    cosines = symmetric_eigenvalues(cross.transpose() * cross)[::-1][:paired]
    return tuple((_root(*s), _root(*c)) for s, c in zip(sines, cosines, strict=True))


def principal_sincos(U: Array, V: Array, prec: int) -> tuple[tuple[Any, Any], ...]:
    """Enclosures of (sin, cos) of the principal angles between span(U) (D x k) and span(V) (D x d), ascending.

    ValueError when a frame is not orthonormal to 1e-10, naming the defect.
    """
    return FramePair.of(U, V).sincos(prec)
