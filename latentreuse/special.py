"""Results whose value is more than their emitted function at a point: a root, a law, a table. One line wires one.

ROUTINES names for each the function of `numerics` that computes it and the inputs (see `inputs`) that it is called
with, in order, and then ``digits=``. It returns (value, radius) of one shape as `numerics.evaluate` does, or with a
text such as "not identifiable" for the value; it raises ValueError, in words, where there is no value.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib import import_module
from typing import Any, Final

from latentreuse.inputs import Asked, keys_of, resolve
from latentreuse.needs_of import Stated

Values = Any


@dataclass(frozen=True)
class Found:
    """A value with the bound of its error, both of one shape, and what is printed beside them, by name.

    ``names`` are those of the values, or one for all of them, where they are not those of the emitted function.
    """

    value: Values
    radius: Values
    beside: dict[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()


Shape = Callable[[Values, Values], Found]


@dataclass(frozen=True)
class Routine:
    """``module:function`` of `numerics`, the names of its inputs and of its values, and how these are laid out.

    ``without`` are arguments of the emitted function that it finds for itself, and that a case need not give.
    """

    target: str
    inputs: tuple[str, ...]
    names: tuple[str, ...]
    shape: Shape = Found
    without: tuple[str, ...] = ()

    def needed(self, stated: Stated) -> tuple[str, ...]:
        """The case file's keys that it needs."""
        return keys_of(self.inputs, stated.without(self.without))

    def load(self) -> Callable[..., Any]:
        """The function itself."""
        module, _, name = self.target.partition(":")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function

    def run(self, asked: Asked, digits: int) -> Found:
        """Call it on the case; its ValueError goes on."""
        asked = replace(asked, stated=asked.stated.without(self.without))
        value, radius = self.load()(*(resolve(name, asked) for name in self.inputs), digits=digits)
        return replace(self.shape(value, radius), names=self.names)


def counted(rows: Any) -> Any:
    """[number, multiplicity] in each row, the latter as an integer."""
    return [[number, int(count)] for number, count in rows]


def with_variances(value: Values, radius: Values) -> Found:
    """A distance, and beside it the generated variances, each with the number of directions that have it."""
    rows = [(row, bound[0]) for row, bound in zip(counted(value[1]), radius[1], strict=True) if row[1]]
    beside = {"variances": [row for row, _ in rows], "variances_radius": [bound for _, bound in rows]}
    return Found(value[0], radius[0], beside)


def budget(value: Values, radius: Values) -> Found:
    """The parts of the error by name, and beside them the largest one. The last two are their sum and the whole."""
    from numerics.samplers import BUDGET

    parts = max(range(len(BUDGET) - 2), key=lambda i: Fraction(value[i]))
    largest = BUDGET[parts] if Fraction(value[parts]) else "none"
    return Found(dict(zip(BUDGET, value, strict=True)), dict(zip(BUDGET, radius, strict=True)), {"largest": largest})


def first_of(*others: str) -> Shape:
    """The first value alone, and the others beside it by name."""

    def shape(value: Values, radius: Values) -> Found:
        beside: dict[str, Any] = {}
        for name, x, bound in zip(others, value[1:], radius[1:], strict=True):
            beside |= {name: x, f"{name}_radius": bound}
        return Found(value[0], radius[0], beside)

    return shape


def horizons(value: Values, radius: Values) -> Found:
    """The horizon of F = alpha^2 E, and beside it that of E itself where the process is named."""
    return first_of("r of E")(value, radius) if isinstance(value, list) else Found(value, radius)


def regularities(value: Values, radius: Values) -> Found:
    """Source and target behind the source's frame; beside them both behind both directions of a plane."""
    order, others = (1, 0), ("source with both directions", "target with both directions")
    beside: dict[str, Any] = {}
    for name, i in zip(others, (3, 2), strict=True):
        beside |= {name: value[i], f"{name}_radius": radius[i]}
    return Found([value[i] for i in order], [radius[i] for i in order], beside)


def pairs(value: Values, radius: Values) -> Found:
    """Two values for each plane side by side, from all of the first kind followed by all of the second."""
    half = len(value) // 2
    values, radii = ([list(pair) for pair in zip(x[:half], x[half:], strict=True)] for x in (value, radius))
    return Found(values, radii, names=("plane",))


_GENERATED: Final = ("data", "process", "sampler")
_SAMPLE: Final = ("sample.n", "sample.D", "spikes")
_LAW: Final = ("function", "point", "latent.law?", "latent.width?")
_ANY_LAMBDA: Final = (
    "alpha2", "h", "angles", "model.Lambda", "model.sigma2", "model.D", "model.k", "model.d",
)  # fmt: skip
ROUTINES: Final[dict[str, Routine]] = {
    "best-mixing-weight": Routine(
        "numerics.shared:best_weight",
        ("shared-latent-error", "frozen-latent-error", "point", "time", "noises"),
        ("weight",),
    ),
    "continuous-sampler": Routine("numerics.samplers:continuous_sampler", _GENERATED, ("W2^2",), with_variances),
    "critical-angle": Routine("numerics.critical:critical_angles", ("function", "point"), ("theta*",)),
    "discrete-sampler": Routine("numerics.samplers:discrete_sampler", _GENERATED, ("W2^2",), with_variances),
    "error-budget": Routine("numerics.samplers:error_budget", _GENERATED, ("W2",), budget),
    "estimated-encoder": Routine("numerics.sample_geometry:estimated_encoder", (*_SAMPLE, "target"), ("E",)),
    "misaligned-covariance": Routine(
        "numerics.misaligned:misaligned_error", _ANY_LAMBDA, ("E", "lower bound", "upper bound")
    ),
    "mixture-spectrum": Routine("numerics.shared:spectrum", ("function", "point"), ("plane",), pairs),
    "mmse-identity": Routine("numerics.mmse:identity", _LAW, ("E",), first_of("lost", "mmse encoded", "mmse")),
    "non-gaussian-bound": Routine("numerics.mmse:bound", _LAW, ("E", "Gaussian bound", "bound - E")),
    "regularity": Routine("numerics.shared:steepest", ("function", "point"), ("source", "target"), regularities),
    "reuse-horizon": Routine(
        "numerics.horizon:horizon", ("function", "point", "scaled process?"), ("r",), horizons, without=("alpha2", "h")
    ),
    "sample-angles": Routine("numerics.sample_geometry:expected_angles", (*_SAMPLE, "angles"), ("theta",)),
    "shared-dimension": Routine("numerics.shared:dimension", ("function", "point"), ("directions",)),
    "shared-latent-error": Routine(
        "numerics.shared:latent_error",
        ("function", "frozen-latent-error", "point", "time", "noises", "directions"),
        ("source", "target"),
    ),
}
