"""Read the frames U and V of a case from .npy files; what angles they have is the business of ``numerics``."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from latentreuse.arrays import load
from numerics.frames_geometry import FrameAngle, FramePair, checked_frame

MAX_ENTRIES: Final = 4_000_000


class FrameFault(Exception):
    """What is wrong with the frames: pairs of the key ("U" or "V") and a text."""

    def __init__(self, wrong: list[tuple[str, str]]) -> None:
        self.wrong = wrong
        super().__init__(str(wrong))


@dataclass(frozen=True)
class Frames:
    """Two frames, U (D x k) and V (D x d), by their sizes and their principal angles in ascending order."""

    D: int
    k: int
    d: int
    angles: tuple[FrameAngle, ...]


def _frame(key: str, path: Path) -> NDArray[np.float64]:
    """An orthonormal float64 matrix; raises ValueError with what is wrong and what is allowed."""
    array = load(path)
    if array.dtype.kind != "f" or array.dtype.itemsize != 8:
        raise ValueError(f"{path} holds {array.dtype}; allowed: real float64")
    if array.size > MAX_ENTRIES:
        raise ValueError(f"{path} has {array.size} entries; allowed: at most {MAX_ENTRIES}")
    with np.errstate(all="ignore"):  # entries such as 1e300 overflow in the Gram matrix and are then named
        try:
            frame: NDArray[np.float64] = checked_frame(key, np.array(array, dtype=np.float64))
        except ValueError as error:
            allowed = "allowed: a matrix with orthonormal columns, one per direction"
            raise ValueError(f"{path}: {' '.join(str(error).split())}; {allowed}") from None
    return frame


def read_frames(folder: Path, u_name: str, v_name: str) -> Frames:
    """Read U and V, named relative to ``folder``. Raises ``FrameFault`` with everything that is wrong with either."""
    frames: dict[str, NDArray[np.float64]] = {}
    wrong: list[tuple[str, str]] = []
    for key, name in (("U", u_name), ("V", v_name)):
        try:
            frames[key] = _frame(key, folder / name)
        except ValueError as error:
            wrong.append((key, str(error)))
    if wrong:
        raise FrameFault(wrong)
    U, V = frames["U"], frames["V"]
    if U.shape[0] != V.shape[0]:
        raise FrameFault([("V", f"has {V.shape[0]} rows and U has {U.shape[0]}; allowed: equal numbers of rows (D)")])
    pair = FramePair.of(U, V)
    return Frames(pair.D, pair.k, pair.d, pair.angles())
