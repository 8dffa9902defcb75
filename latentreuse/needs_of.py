"""Which keys of a case file a result needs: what its emitted function states that it uses, and what a routine asks for.

An emitted module states USES (arguments of its function), PARAMETERS (names of what it asks for besides the model) and
SOURCED (whether its planes carry the source's variances). Where it does not state USES it uses all arguments.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from latentreuse.tomlmap import KeyPath

if TYPE_CHECKING:
    from latentreuse.case import Case

ALL_ARGUMENTS: Final = ("alpha2", "h", "sigma2", "D", "k", "planes")
# What a case file calls the arguments and the parameters of emitted functions.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "alpha2": ("time",),
    "h": ("time",),
    "sigma2": ("model.sigma2",),
    "D": ("model.D",),
    "k": ("model.k",),
    "planes": ("model.k", "model.d", "model.theta", "model.lambda"),
    "sigma_s2": ("source.sigma2",),
    "weight": ("source.weight",),
    "tol": ("tolerance.error",),
    "tau": ("tolerance.tau",),
    "mu_perp2": ("model.mu_perp2",),
    "mu_in2": ("model.mu_in2",),
    "r_end": ("sampler.r_end",),
}
_MENDS: Final = {
    "time": "give [time] with alpha2 and h, or with process and t",
    "model.theta": "give theta in [model], or the frames U and V",
    "model.Lambda": "give Lambda in [model], or lambda where it is diagonal",
    "sampler.r_end": "give r_end in [sampler], or t_end there and name in [process]",
    "process.name": "give name in [process]",
}


@dataclass(frozen=True)
class Needs:
    """The keys that ``result`` needs, each ``section.key``; ``time`` alone is the whole section."""

    result: str = ""
    keys: tuple[str, ...] = ()


NOTHING: Final = Needs()


@dataclass(frozen=True)
class Stated:
    """What an emitted module states of its function."""

    uses: tuple[str, ...] = ALL_ARGUMENTS
    parameters: tuple[str, ...] = ()
    sourced: bool = False

    @classmethod
    def by(cls, function: Callable[..., Any] | None) -> "Stated":
        """Read from the module that the function was emitted in."""
        module: Mapping[str, Any] = getattr(function, "__globals__", {})
        uses, parameters = module.get("USES", ALL_ARGUMENTS), module.get("PARAMETERS", ())
        return cls(tuple(uses), tuple(parameters), bool(module.get("SOURCED", False)))

    def without(self, names: Iterable[str]) -> "Stated":
        """The same but for some arguments and parameters, which a routine finds for itself."""
        uses, parameters = ([x for x in given if x not in names] for given in (self.uses, self.parameters))
        return Stated(tuple(uses), tuple(parameters), self.sourced)

    def needed(self) -> tuple[str, ...]:
        """The case file's keys for all that is used."""
        keys = [key for name in (*self.uses, *self.parameters) for key in KEYS[name]]
        return tuple(dict.fromkeys([*keys, *(("model.k", "source.lambda") if self.sourced else ())]))


def is_given(case: "Case", key: str) -> bool:
    """Whether the case has what ``key`` stands for, also where other keys give it."""
    section, _, name = key.partition(".")
    if key == "time":
        direct = case.time.alpha2 is not None and case.time.h is not None
        return direct or (case.time.t is not None and case.process_name() is not None)
    if key in {"model.D", "model.k", "model.d"}:
        return getattr(case, name) is not None
    if key == "model.theta":
        return case.angles is not None
    if key == "model.lambda":
        return case.lam is not None
    if key == "model.Lambda":
        return case.lambda_matrix is not None
    if key == "model.sigma2":
        return case.sigma2 is not None
    if key == "sampler.r_end" and case.value("sampler", "t_end") is not None and case.process_name() is not None:
        return True
    if key == "process.name":
        return case.process_name() is not None
    if key == "sample.D" and case.D is not None:
        return True
    return case.value(section, name) is not None


def _touched(case: "Case", key: str, faulty: set[KeyPath]) -> bool:
    """Whether a fault about the key has been reported already, or about one that could stand for it."""
    section, _, name = key.partition(".")
    if (section,) in faulty:
        return True
    present = case.document.values.get(section, {})
    if key == "time":
        return bool({"alpha2", "h", "process", "t"} & set(present))  # the missing half has been named
    stand_ins = {"spectrum"} if section == "model" else set()
    if key in {"model.D", "model.k", "model.d", "model.theta"}:
        stand_ins |= {"U", "V"}
    if key == "model.Lambda":
        stand_ins |= {"lambda"}
    if key == "sampler.r_end":
        stand_ins |= {"t_end"} if case.process_name() is not None else set()
    return name in present or bool(stand_ins & set(present))


def missing(case: "Case", needs: Needs, faulty: Iterable[KeyPath] = ()) -> list[str]:
    """A line for each key that is needed and not there; one that is there and faulty has a line of its own."""
    lines = []
    reported = set(faulty)
    for key in needs.keys:
        if is_given(case, key) or _touched(case, key, reported):
            continue
        section, _, name = key.partition(".")
        mend = _MENDS.get(key, f"give {name} in [{section}]")
        path = (section, name) if name else (section,)
        wrong = f"is missing: {needs.result} needs {key}; {mend}"
        if key == "model.lambda" and case.covariance is not None:
            wrong = f"is missing, and Lambda is not diagonal: {needs.result} needs {key}; {mend}"
        lines.append(case.document.fault(path, wrong))
    return lines
