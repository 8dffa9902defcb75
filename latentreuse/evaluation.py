"""`evaluate`: the value of a result at the point of a case file, with a bound on its error. A public format."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from latentreuse.case import Case, in_order, read_case
from latentreuse.catalogue import Emitted, Function, emitted, function, function_name, load_file
from latentreuse.faults import BadInput, Halted
from latentreuse.inputs import Asked, point
from latentreuse.needs_of import Needs, Stated, missing
from latentreuse.special import ROUTINES, Found

INFINITY: Final = "infinity"
# Results that have a limit at h = 0, with the number of values: all infinite, or all zero if nothing is missed.
LIMIT_AT_ZERO: Final = {
    "frozen-latent-error": 1,
    "exact-kl": 1,
    "kl-is-integrated-error": 1,
    "schedule-invariance": 2,
}
# What has a finite limit there: alpha^2 times a value of another result, given by its place among those.
FINITE_AT_ZERO: Final = {"exact-w2": ("limits", 0)}
MAX_DIGITS: Final = 10_000
# What changes the law of the target, and is left out of account by the results that do not ask for it.
OF_THE_LAW: Final = (("model", "mu_perp2"), ("model", "mu_in2"), ("latent", "law"))


@dataclass(frozen=True)
class Evaluation:
    """The value of one result at one case; ``value`` and ``radius`` have the same shape, of decimal strings.

    ``beside`` is what a few results say beyond their value, by name; ``not_used`` is what the case says of the target's
    law that the result does not look at.
    """

    result: str
    value: Any
    radius: Any
    digits: int
    verdict: str
    trust: str
    case: Case
    names: tuple[str, ...]
    beside: dict[str, Any] = field(default_factory=dict)
    not_used: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The public format."""
        return {
            "result": self.result,
            "value": self.value,
            "radius": self.radius,
            **self.beside,
            "digits": self.digits,
            "verdict": self.verdict,
            "assumptions": self.case.assumptions,
            "case": self.case.echo,
            "trust": self.trust,
            **({"not_used": list(self.not_used)} if self.not_used else {}),
        }


def _misses_something(case: Case) -> bool:
    """Whether (D-k) sigma^2 + sum lambda_i sin^2(theta_i) is positive; decided on the exact input."""
    assert case.k and case.D and case.lam is not None and case.sigma2 is not None and case.angles is not None
    if case.k < case.D and case.sigma2 > 0:
        return True
    if any(variance > 0 for variance in case.lam[len(case.angles) :]):
        return True
    paired = zip(case.lam, case.angles, strict=False)
    return any(variance > 0 and not _is_zero(case, angle) for variance, angle in paired)


def _is_zero(case: Case, angle: Any) -> bool:
    """Whether an angle is zero. Angles of frames are enclosed, not given, so that one near zero cannot be told."""
    sine = angle.sincos(256)[0]
    if sine > 0:
        return False
    if sine == 0:
        return True
    raise case.fault(("time",), "h is 0 and the frames have an angle that cannot be told from 0; allowed: h > 0")


def _at_zero(result_id: str, case: Case, digits: int) -> Found:
    """The limit h -> 0 of a result that has one."""
    if result_id in FINITE_AT_ZERO:
        from numerics.evaluate import evaluate

        other, place = FINITE_AT_ZERO[result_id]
        limits = function(other)
        scaled = lambda alpha2, *rest, fn: alpha2 * limits(alpha2, *rest, fn=fn)[place]  # noqa: E731 - one use
        return Found(*evaluate(scaled, case.point(("alpha2",)), digits))
    key = "h" if case.time.h else "t"
    count = LIMIT_AT_ZERO.get(result_id)
    if count is None:
        allowed = ", ".join((*LIMIT_AT_ZERO, *FINITE_AT_ZERO))
        raise case.fault(
            ("time", key), f"gives h = 0, where {result_id} is not defined; allowed: h > 0 (h = 0: {allowed})"
        )
    value, radius = (INFINITY, "0") if _misses_something(case) else ("0", "0")
    return Found(value, radius) if count == 1 else Found([value] * count, [radius] * count)


def _found(result_id: str, asked: Asked, digits: int) -> Found:
    """Value and radius at the case's point, by a routine of the result's own or by its emitted function."""
    from numerics.evaluate import evaluate

    case, routine = asked.case, ROUTINES.get(result_id)
    try:
        if routine is not None:
            return routine.run(asked, digits)
        assert asked.function is not None
        at = point(asked)
        if at.h == 0 and "h" in asked.stated.uses:
            return _at_zero(result_id, case, digits)
        recorded = _Recorded(asked.function)
        value, radius = evaluate(recorded, at, digits)
    except ValueError as error:  # no value there, or none to so many digits
        mend = "" if routine is not None else "; allowed: a milder point or fewer digits"
        raise BadInput(f"{case.document.path}: {result_id}: {error}{mend}") from None
    return Found(_with_integers(value, recorded.value), radius)


class _Recorded:
    """An emitted function that keeps what it gave last: which of its numbers are integers shows in it."""

    def __init__(self, function: Function) -> None:
        self.function, self.value = function, None
        self.__globals__ = getattr(function, "__globals__", {})  # what its module states is looked up there

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        self.value = self.function(*arguments, **keywords)
        return self.value


def _with_integers(value: Any, shape: Any) -> Any:
    """Counts, such as multiplicities, as integers: where the function gave a plain integer and nothing enclosed."""
    if isinstance(value, list):
        return [_with_integers(entry, inner) for entry, inner in zip(value, shape, strict=True)]
    return int(value) if isinstance(shape, int) else value


def _assumed(result_id: str, case: Case) -> tuple[Emitted, Function] | None:
    """For assumptions that widen the model the result derived from them on the spot, otherwise nothing.

    A choice that only narrows the model (isotropic Lambda, sigma = 0, k = d) leaves the emitted formula as it is.
    """
    if not case.assumptions:
        return None
    from theory.assumptions import Assumptions

    default = Assumptions.default()
    chosen = default.choose(case.assumptions)
    return None if chosen.tags == default.tags else _rederived(result_id, chosen)


def _rederived(result_id: str, assumptions: Any) -> tuple[Emitted, Function]:
    from latentreuse.deriving import derive
    from theory.derivation import Stopped

    try:
        derived = derive(result_id, assumptions)
    except Stopped as stop:
        raise Halted(stopped_line(stop)) from None
    name = f"{function_name(result_id)}.py"
    try:
        with TemporaryDirectory(prefix="latentreuse-") as folder:
            path = Path(folder) / name
            path.write_text(derived.files[name], encoding="utf-8")
            loaded: Callable[..., Any] = load_file(path, result_id)
    except OSError as error:
        reason = error.strerror or error
        raise BadInput(f"a temporary folder cannot be written: {reason}; name another in TMPDIR") from None
    derivation, checked = derived.derivation, derived.checked
    names = tuple(output.name for output in derivation.outputs)
    found = Emitted(result_id, derivation.title, checked.verdict.name, checked.trust, derivation.statement, names)
    return found, loaded


def stopped_line(stop: Any) -> str:
    """Where a derivation stopped and what it would have needed, in one line."""
    told = (
        f"{stop.result}: stopped in '{stop.chain}' at step {stop.step}: {stop.line}; "
        f"reason '{stop.reason}' needs the assumption {stop.missing}"
    )
    return told.replace("`", "")


def _keys(result_id: str, stated: Stated) -> Needs:
    """What the result needs of a case file."""
    routine = ROUTINES.get(result_id)
    return Needs(result_id, routine.needed(stated) if routine is not None else stated.needed())


def _not_used(result_id: str, case: Case, needs: Needs) -> tuple[str, ...]:
    """What the case says of the target's law that neither is needed nor taken into account where it is given."""
    optional = {name[:-1] for name in ROUTINES[result_id].inputs} if result_id in ROUTINES else set[str]()
    given = {".".join(path): case.value(*path) for path in OF_THE_LAW}
    return tuple(
        key for key, value in given.items() if value and value != "gaussian" and key not in {*needs.keys, *optional}
    )


def _emitted_function(result_id: str) -> Function | None:
    """The emitted function; a result with a routine of its own that does not call it need not have one."""
    routine = ROUTINES.get(result_id)
    if routine is not None and not {"function", "point"} & set(routine.inputs):
        return None
    return function(result_id)


def evaluate_case(result_id: str, path: Path, digits: int) -> Evaluation:
    """Evaluate one result at the case in ``path``. Raises ``BadInput`` or ``Halted``."""
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"--digits {digits}: allowed: 1 to {MAX_DIGITS}")
    source = _emitted_function(result_id)
    stated = Stated.by(source)
    needs = _keys(result_id, stated)
    case = read_case(path, needs)
    about, changed = emitted(result_id), _assumed(result_id, case)
    if changed is not None:
        about, source = changed
        stated = Stated.by(source)
        needs = _keys(result_id, stated)
        lines = missing(case, needs)
        if lines:
            raise in_order(case.document, lines)
    found = _found(result_id, Asked(case, source, stated), digits)
    labels = Emitted("", "", "", "", "", found.names).labels if found.names else about.labels
    names = labels(len(found.value) if isinstance(found.value, list) else 1)
    shown = found.value, found.radius, digits, about.verdict, about.trust
    return Evaluation(result_id, *shown, case, tuple(names), found.beside, _not_used(result_id, case, needs))
