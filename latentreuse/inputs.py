"""What routines of `numerics` are handed of a case, by name: exact numbers, points, laws, processes, samplers.

A name is one of INPUTS, or a key of the case file such as ``tolerance.error``; with a question mark it may be absent,
and is then None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from latentreuse.catalogue import Function, function
from latentreuse.needs_of import ALL_ARGUMENTS, KEYS, Stated
from latentreuse.process_checks import process_numbers

if TYPE_CHECKING:
    from latentreuse.case import Case
    from numerics.points import ExactPoint, Real

DATA: Final = (*KEYS["D"], *KEYS["planes"], *KEYS["sigma2"])


@dataclass(frozen=True)
class Asked:
    """What is evaluated where: a case, the emitted function of the result, and what its module states."""

    case: "Case"
    function: Function | None
    stated: Stated


@dataclass(frozen=True)
class Input:
    """One named input: the keys that it needs, and how it is made of them.

    ``formula`` says that it also needs whatever the emitted function states that it uses.
    """

    keys: tuple[str, ...]
    make: Callable[[Asked], Any]
    formula: bool = False


def parameter(case: "Case", name: str) -> "Real":
    """The value of a parameter of emitted functions. Raises ``BadInput`` where it contradicts the time."""
    if name != "r_end":
        (key,) = KEYS[name]
        value: Fraction = case.value(*key.split("."))
        return value
    key = "r_end" if case.value("sampler", "r_end") is not None else "t_end"
    end: Real = case.value("sampler", key)
    if key == "t_end":
        from numerics.schedule_kinds import ScheduleFault

        try:
            end = case.schedule().ratio(case.value("sampler", "t_end"))
        except ScheduleFault as fault:
            raise case.fault(("sampler", "t_end"), f"has no ratio h/alpha2: {fault}; allowed: an earlier end") from None
    here = case.scalars()
    if here is not None:
        from numerics.points import enclose

        alpha2, h, far = (enclose(x, 128) for x in (*here, end))
        if far * alpha2 < h:
            wrong = "is before the time of this case: h/alpha2 is smaller there; allowed: a later end"
            raise case.fault(("sampler", key), wrong)
    return end


def point(asked: Asked) -> "ExactPoint":
    """The point with the parameters that the emitted function asks for."""
    case, stated = asked.case, asked.stated
    return case.point(stated.uses, {name: parameter(case, name) for name in stated.parameters})


def _data(asked: Asked) -> Any:
    """The data law behind its encoder, or a spectrum."""
    from numerics.sampler_laws import Encoded, Spectrum

    case, at = asked.case, asked.case.point(())
    return Spectrum(case.spectrum) if case.spectrum else Encoded(at.D, at.k, at.d, at.theta, at.lam, at.sigma2)


def _process(asked: Asked) -> Any:
    """The forward process over all its time, as samplers take it."""
    from numerics.sampler_processes import named

    name, numbers = str(asked.case.process_name()), process_numbers(asked.case.process)
    if name == "ou":
        name, numbers = "vp", {"beta_min": Fraction(1), "beta_max": Fraction(1), "convention": "full"}
    elif name == "vp-full":
        name, numbers = "vp", {**numbers, "convention": "full"}
    return named(name, **{key: value for key, value in numbers.items() if name == "vp"})


def _scaled_process(asked: Asked) -> str | None:
    """The name of a process in which alpha is a known function of the ratio."""
    from numerics.horizon import UNSCALED

    name = asked.case.process_name()
    return name if name in UNSCALED else None


def _sampler(asked: Asked) -> Any:
    """The sampler with its grid."""
    from numerics.samplers import Sampler

    method, end, stop, steps = (asked.case.value("sampler", key) for key in ("method", "t_end", "t_stop", "steps"))
    return Sampler(method, end, stop, steps)


def directions(case: "Case") -> tuple[int, ...]:
    """How many directions the latent keeps of each of the max(k, d) planes; one without partner has only one."""
    kept, k, d = case.value("latent", "directions"), case.k or 1, case.d or 1
    if isinstance(kept, tuple):
        return kept
    return (kept,) * min(k, d) + (min(kept, 1),) * (max(k, d) - min(k, d))


def _noises(asked: Asked) -> tuple[Fraction, Fraction]:
    """Ambient noise variances of target and source."""
    return asked.case.sigma2 or Fraction(0), asked.case.value("source", "sigma2")


def _spikes(case: "Case") -> tuple[Fraction, ...]:
    """Signal-to-noise ratios, one for each of the k encoded directions where k is known."""
    spike = case.value("sample", "spike")
    return spike if isinstance(spike, tuple) else (spike,) * (case.k or 1)


INPUTS: Final[dict[str, Input]] = {
    "function": Input((), lambda asked: asked.function),
    "point": Input((), point, formula=True),
    "frozen-latent-error": Input((*DATA, "time"), lambda _: function("frozen-latent-error")),
    "shared-latent-error": Input((), lambda _: function("shared-latent-error")),
    "time": Input(("time",), lambda asked: asked.case.scalars()),
    "noises": Input(("model.sigma2", "source.sigma2"), _noises),
    "target": Input((*DATA, "time"), lambda asked: asked.case.point(ALL_ARGUMENTS)),
    "alpha2": Input(("time",), lambda asked: (asked.case.scalars() or (None, None))[0]),
    "h": Input(("time",), lambda asked: (asked.case.scalars() or (None, None))[1]),
    "angles": Input(("model.k", "model.d", "model.theta"), lambda asked: asked.case.angles),
    "model.lambda": Input(("model.d", "model.lambda"), lambda asked: asked.case.lam),
    "model.Lambda": Input(("model.d", "model.Lambda"), lambda asked: asked.case.lambda_matrix),
    "model.sigma2": Input(("model.sigma2",), lambda asked: asked.case.sigma2),
    "model.D": Input(("model.D",), lambda asked: asked.case.D),
    "model.k": Input(("model.k",), lambda asked: asked.case.k),
    "model.d": Input(("model.d",), lambda asked: asked.case.d),
    "r_end": Input(KEYS["r_end"], lambda asked: parameter(asked.case, "r_end")),
    "directions": Input(("model.k", "model.d", "latent.directions"), lambda asked: directions(asked.case)),
    "data": Input(DATA, _data),
    "process": Input(("process.name",), _process),
    "scaled process": Input(("process.name",), _scaled_process),
    "sampler": Input(("sampler.method", "sampler.t_end", "sampler.t_stop"), _sampler),
    "sample.D": Input(("sample.D",), lambda asked: asked.case.value("sample", "D") or asked.case.D),
    "spikes": Input(("sample.spike",), lambda asked: _spikes(asked.case)),
}


def keys_of(names: tuple[str, ...], stated: Stated) -> tuple[str, ...]:
    """The case file's keys that inputs of these names need."""
    keys: list[str] = []
    for name in names:
        known = INPUTS.get(name)
        if name.endswith("?"):
            continue
        keys += known.keys if known else (name,)
        if known and known.formula:
            keys += stated.needed()
    return tuple(dict.fromkeys(keys))


def resolve(name: str, asked: Asked) -> Any:
    """The input of this name, exact."""
    known = INPUTS.get(name.removesuffix("?"))
    if known is not None:
        return known.make(asked)
    section, _, key = name.removesuffix("?").partition(".")
    return asked.case.value(section, key)
