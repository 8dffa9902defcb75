"""`evaluate`: the value of a result at the point of a case file, with a bound on its error. A public format."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from latentreuse.case import Case, read_case
from latentreuse.catalogue import Emitted, Function, emitted, function, function_name, load_file
from latentreuse.faults import BadInput, Halted

INFINITY: Final = "infinity"
# Results that have a limit at h = 0, with the number of values: all infinite, or all zero if nothing is missed.
LIMIT_AT_ZERO: Final = {
    "frozen-latent-error": 1,
    "exact-kl": 1,
    "kl-is-integrated-error": 1,
    "schedule-invariance": 2,
}
MAX_DIGITS: Final = 10_000


@dataclass(frozen=True)
class Evaluation:
    """The value of one result at one case; ``value`` and ``radius`` have the same shape, of decimal strings."""

    result: str
    value: Any
    radius: Any
    digits: int
    verdict: str
    trust: str
    case: Case
    names: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The public format."""
        return {
            "result": self.result,
            "value": self.value,
            "radius": self.radius,
            "digits": self.digits,
            "verdict": self.verdict,
            "assumptions": self.case.assumptions,
            "case": self.case.echo,
            "trust": self.trust,
        }


def _misses_something(case: Case) -> bool:
    """Whether (D-k) sigma^2 + sum lambda_i sin^2(theta_i) is positive; decided on the exact input."""
    if case.k < case.D and case.sigma2 > 0:
        return True
    angles = case.angles()
    if any(variance > 0 for variance in case.lam[len(angles) :]):
        return True
    return any(variance > 0 and not _is_zero(case, angle) for variance, angle in zip(case.lam, angles, strict=False))


def _is_zero(case: Case, angle: Any) -> bool:
    """Whether an angle is zero. Angles of frames are enclosed, not given, so that one near zero cannot be told."""
    sine = angle.sincos(256)[0]
    if sine > 0:
        return False
    if sine == 0:
        return True
    raise case.fault(("time",), "h is 0 and the frames have an angle that cannot be told from 0; allowed: h > 0")


def _at_zero(result_id: str, case: Case) -> tuple[Any, Any]:
    """The limit h -> 0 of a result that has one."""
    key = "h" if case.time.h else "t"
    count = LIMIT_AT_ZERO.get(result_id)
    if count is None:
        allowed = ", ".join(LIMIT_AT_ZERO)
        raise case.fault(
            ("time", key), f"gives h = 0, where {result_id} is not defined; allowed: h > 0 (h = 0: {allowed})"
        )
    value, radius = (INFINITY, "0") if _misses_something(case) else ("0", "0")
    return (value, radius) if count == 1 else ([value] * count, [radius] * count)


def _numbers(result_id: str, case: Case, source: Function, digits: int) -> tuple[Any, Any]:
    """Value and radius at the case's point."""
    from numerics.evaluate import evaluate

    if case.scalars()[1] == 0:
        return _at_zero(result_id, case)
    try:
        value, radius = evaluate(source, case.point(), digits)
    except ValueError as error:  # no finite value to so many digits at this point
        raise BadInput(f"{case.document.path}: {result_id}: {error}; allowed: a milder point or fewer digits") from None
    return _counted(value), radius


def _counted(value: Any) -> Any:
    """Multiplicities, the second halves of pairs, as integers."""
    if isinstance(value, list) and all(isinstance(entry, list) for entry in value):
        return [[number, int(count)] for number, count in value]
    return value


def _assumed(result_id: str, case: Case) -> tuple[Emitted, Function]:
    """The emitted result, or for assumptions that widen the model the one derived from them on the spot.

    A choice that only narrows the model (isotropic Lambda, sigma = 0, k = d) leaves the emitted formula as it is.
    """
    if not case.assumptions:
        return emitted(result_id), function(result_id)
    from theory.assumptions import Assumptions

    default = Assumptions.default()
    chosen = default.choose(case.assumptions)
    if chosen.tags == default.tags:
        return emitted(result_id), function(result_id)
    return _rederived(result_id, chosen)


def _rederived(result_id: str, assumptions: Any) -> tuple[Emitted, Function]:
    from latentreuse.deriving import derive
    from theory.derivation import Stopped

    try:
        derived = derive(result_id, assumptions)
    except Stopped as stop:
        raise Halted(stopped_line(stop)) from None
    name = f"{function_name(result_id)}.py"
    with TemporaryDirectory(prefix="latentreuse-") as folder:
        path = Path(folder) / name
        path.write_text(derived.files[name], encoding="utf-8")
        loaded: Callable[..., Any] = load_file(path, result_id)
    derivation, checked = derived.derivation, derived.checked
    names = tuple(output.name for output in derivation.outputs)
    found = Emitted(result_id, derivation.title, checked.verdict.name, checked.trust, derivation.statement, names)
    return found, loaded


def stopped_line(stop: Any) -> str:
    """Where a derivation stopped and what it would have needed, in one line."""
    return (
        f"{stop.result}: stopped in '{stop.chain}' at step {stop.step}: {stop.line}; "
        f"reason '{stop.reason}' needs the assumption {stop.missing}"
    )


def evaluate_case(result_id: str, path: Path, digits: int) -> Evaluation:
    """Evaluate one result at the case in ``path``. Raises ``BadInput`` or ``Halted``."""
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"--digits {digits}: allowed: 1 to {MAX_DIGITS}")
    case = read_case(path)
    found, source = _assumed(result_id, case)
    value, radius = _numbers(result_id, case, source, digits)
    return Evaluation(result_id, value, radius, digits, found.verdict, found.trust, case, found.values)


def _pair(value: Any, radius: Any) -> str:
    """A number with its radius, or an eigenvalue with multiplicity, in words."""
    if isinstance(value, list):
        return f"{_pair(value[0], radius[0])}  (multiplicity {value[1]})"
    return str(value) if str(radius) == "0" else f"{value} +/- {radius}"


def listing(found: Evaluation) -> str:
    """A small readable listing."""
    values, radii = found.value, found.radius
    if not isinstance(values, list):
        values, radii = [values], [radii]
    names = list(found.names) if len(found.names) == len(values) else [f"[{i + 1}]" for i in range(len(values))]
    left = max((len(name) for name in names), default=0)
    lines = [f"{found.result} at {found.case.document.path}: {found.verdict}"]
    lines += [f"  {name.ljust(left)} = {_pair(v, r)}" for name, v, r in zip(names, values, radii, strict=True)]
    if not values:
        lines.append("  no values: there is no such direction at these sizes")
    lines.append(f"  {found.digits} digits asked for; trust: {found.trust}")
    return "\n".join(lines)
