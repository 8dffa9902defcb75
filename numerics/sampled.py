"""The sampled rung: draw data, diffuse it, evaluate both scores at the samples, and test the means.

Every statistic is a quadratic form in x_t, so that the limits of the test are bounds (see ``statistics``) taken
from the dense matrix of the form and never from the closed form under test.
"""

from fractions import Fraction
from typing import Any

from numerics.cases import Case
from numerics.comparisons import FunctionFailed, attempt
from numerics.deterministic import Emitted, Progress
from numerics.functions import FLOAT
from numerics.parameters import value, wanted
from numerics.points import RIGHT_ANGLE, Angle
from numerics.report import AGREES, NO_POWER, REFUTED, RungReport
from numerics.results import load
from numerics.statistics import Estimate
from numerics.worlds import world

SAMPLES = 150_000


def sampled_cases() -> tuple[Case, ...]:
    """Points at which 1e5 samples resolve five per cent: k = d, k < d, k > d, with and without ambient noise."""
    F = Fraction

    def case(D: int, k: int, d: int, radians: list[str], lam: list[str], sigma2: str, alpha2: str, h: str) -> Case:
        angles = tuple(RIGHT_ANGLE if x == "pi/2" else Angle(F(x)) for x in radians)
        return Case(D, k, d, angles, tuple(map(F, lam)), F(sigma2), F(alpha2), F(h), seed=len(radians))

    return (
        case(8, 3, 3, ["0.5", "0.8", "1.1"], ["2", "2", "3"], "1/2", "0.6", "0.4"),
        case(9, 2, 4, ["0.6", "1.2"], ["1", "2", "2", "1"], "1/5", "0.7", "0.3"),
        case(10, 5, 3, ["0.4", "0.9", "1.0"], ["3", "2", "4"], "1", "0.5", "0.5"),
        case(12, 4, 4, ["0.7", "0.7", "0.9", "pi/2"], ["2", "3", "2", "2"], "0", "0.9", "0.1"),
        case(16, 6, 5, ["0", "0.3", "0.8", "1", "1.3"], ["2", "1", "3", "2", "1"], "2", "1.5", "1"),
    )


def float_arguments(case: Case, sourced: bool = False) -> tuple[Any, ...]:
    """(alpha2, h, sigma2, D, k, planes) in floats, with sines and cosines right to the last digit."""
    point = case.point().arguments(80, sourced)
    planes = [tuple(float(x) for x in plane) for plane in point[5]]
    return (*(float(x) for x in point[:3]), case.D, case.k, planes)


def float_call(function: Emitted, case: Case) -> Any:
    """The function's value at a case in floats; FunctionFailed if it raises."""
    want = wanted(function)
    keywords = {name: float(value(name, case)) for name in want.names}
    return attempt(function, float_arguments(case, want.sourced), FLOAT, keywords)


def run_sampled(
    quantity: str, function: Emitted, seed: int, effort: str, progress: Progress | None, n: int = SAMPLES
) -> RungReport:
    """Test one result at the sampled points; a point that cannot resolve five per cent is not counted."""
    cases = sampled_cases()[:2] if effort == "quick" else sampled_cases()
    test = load(quantity).estimates
    if test is None:
        raise ValueError(f"nothing of {quantity} is sampled")
    powered: list[Estimate] = []
    points, blind = 0, 0.0
    for i, case in enumerate(cases):
        w = world(case, n, seed)
        try:
            estimates = list(test(w, float_call(function, case)))
        except FunctionFailed as failure:
            return RungReport("sampled", REFUTED, str(failure), points + 1, f"{case.describe()}: {failure}")
        for e in estimates:
            if e.refutes:
                values = f"{e.name}: emitted {e.claimed:.6g}, sampled {e.mean:.6g} +- {e.margin:.2g} (z = {e.z:.1f})"
                detail = f"{e.name}: z = {e.z:.1f}"
                return RungReport("sampled", REFUTED, detail, points + 1, f"{case.describe()} n={n}: {values}")
        if all(e.has_power for e in estimates):
            points += 1
            powered += estimates
        blind = max(blind, max(e.detectable for e in estimates))
        if progress is not None:
            progress(i + 1, len(cases))
    if not powered:
        return RungReport("sampled", NO_POWER, f"{n} samples see only {100 * blind:.0f} % at best", 0)
    worst = max(powered, key=lambda e: abs(e.z))
    sees = 100 * max(e.detectable for e in powered)
    weak = "" if points == len(cases) else f", no power at {len(cases) - points}"
    return RungReport("sampled", AGREES, f"z = {worst.z:.1f}, resolves {sees:.1f} % at {points} points{weak}", points)
