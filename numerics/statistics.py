"""Limits for means of Gaussian quadratic forms, at stated rates of false alarm and of false pass."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

FALSE_ALARM = 1e-6
FALSE_PASS = 1e-6
RESOLUTION = 0.05  # the largest relative discrepancy a point may leave undetected and still count

Array = Any  # float64 array; shapes are in the docstrings


@dataclass(frozen=True)
class Spread:
    """Spread of x^T A x for x ~ N(0, Sigma): its mean and two norms of the spectrum of Sigma^1/2 A Sigma^1/2."""

    mean: float
    euclidean: float
    largest: float

    @classmethod
    def of(cls, A: Array, Sigma: Array) -> "Spread":
        """From dense symmetric A and Sigma > 0, both D x D."""
        root = np.linalg.cholesky(Sigma)
        weights = np.linalg.eigvalsh(root.T @ (A + A.T) @ root / 2)
        return cls(float(weights.sum()), float(np.linalg.norm(weights)), float(np.abs(weights).max()))

    @property
    def deviation(self) -> float:
        """Standard deviation of one draw, sqrt(2 tr (A Sigma)^2)."""
        return math.sqrt(2) * self.euclidean

    def margin(self, n: int, rate: float) -> float:
        """Distance from its expectation that the mean of n draws exceeds with probability at most ``rate``, both sides.

        The Laurent-Massart bound for weighted sums of chi-squares: valid for every n and every sign of the weights,
        about a tenth wider than the normal quantile at 1e-6.
        """
        x = math.log(2 / rate)
        return 2 * self.euclidean * math.sqrt(x / n) + 2 * self.largest * x / n


def normal_quantile(rate: float) -> float:
    """z with P(|N(0,1)| > z) = rate, by bisection of erfc."""
    low, high = 0.0, 40.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if math.erfc(middle / math.sqrt(2)) > rate else (low, middle)
    return high


@dataclass(frozen=True)
class Estimate:
    """A mean over samples with its margin, beside the value claimed for it.

    ``scale`` is the magnitude that the resolution is stated against: the value itself, or the size of the terms
    when the claimed value is zero. ``margin`` is exceeded by a right claim at the false-alarm rate, and a claim wrong
    by ``margin + blind`` passes at the false-pass rate.
    """

    name: str
    mean: float
    claimed: float
    margin: float
    blind: float
    scale: float
    deviation: float

    @property
    def z(self) -> float:
        """Difference in standard errors."""
        return (self.mean - self.claimed) / self.deviation

    @property
    def detectable(self) -> float:
        """Relative discrepancy found with probability at least 1 - false-pass rate."""
        return (self.margin + self.blind) / abs(self.scale)

    @property
    def has_power(self) -> bool:
        """Whether a discrepancy of the stated resolution is found."""
        return self.detectable <= RESOLUTION

    @property
    def refutes(self) -> bool:
        """Whether the claim lies outside the interval; a claim that is no number does too."""
        return not abs(self.mean - self.claimed) <= self.margin
