"""Formulas put to the test in a world for which they were not derived: where one is wrong, and by what numbers.

Worlds are those of `modified.py`, and for a latent that is not Gaussian two points or two narrow Gaussians on a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, ctx, fmpq

from numerics import bound_failure
from numerics.balls import unwrap, wrap
from numerics.functions import BALL
from numerics.logform import as_fmpq
from numerics.mmse import parts
from numerics.modified import PRECISION, STATEMENTS, Statement, Truth, World, read, times, worlds
from numerics.points import Angle, ExactPoint

F = Fraction
THETA = F(3, 5)  # of the plane in which a law that is not Gaussian is looked at
NOT_GAUSSIAN = {"mixture": ("mixture",), "any": ("two-point", "mixture")}  # laws that a choice of `latent` allows


@dataclass(frozen=True)
class Refutation:
    """A value of a result that is not what its formula says at a world; numbers as text, exact where rational."""

    result: str
    value: str
    relation: str
    formula: str
    truth: str
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def verb(self) -> str:
        """What the formula does to the value that it names."""
        return {"=": "gives", "<=": "says at least", ">=": "says at most"}[self.relation]

    def sentence(self) -> str:
        return f"the formula {self.verb} {self.formula}, and it is {self.truth}"


def refute(
    result: str,
    function: Callable[..., Any],
    names: tuple[str, ...],
    choices: Mapping[str, str],
    process: str | None = None,
) -> list[Refutation]:
    """For each value of a result the first world at which its formula is certainly wrong; values without one are
    not in the list. `function` is the emitted one, `names` those of its values. The formula is read at the diagonal of
    Lambda, at the angles of the frames, and at the mean of the noise."""
    if choices.get("latent") in NOT_GAUSSIAN:
        return _beyond_gaussian(result, function, names, choices, process)
    open_, found = list(STATEMENTS.get(result, ())), list[Refutation]()
    with ctx.workprec(PRECISION):
        for world in worlds(choices, process) if open_ else ():
            truth = Truth(world)
            values = _formula(function, world)
            for statement in list(open_):
                refuted = _one(result, statement, truth, dict(zip(names, values, strict=True)))
                if refuted is not None:
                    found.append(refuted)
                    open_.remove(statement)
            if not open_:
                break
    order = [statement[0] for statement in STATEMENTS.get(result, ())]
    return sorted(found, key=lambda r: order.index(r.value))


def _formula(function: Callable[..., Any], world: World) -> list[Any]:
    mean_noise = sum((world.noise[i][i] for i in range(world.D)), F(0)) / world.D
    scalars = wrap([arb(as_fmpq(x)) for x in (world.alpha2, world.h, mean_noise)])
    planes = [
        tuple(wrap([arb(as_fmpq(world.Lambda[i][i])), arb(as_fmpq(s)), arb(as_fmpq(c))]))
        for i, (s, c) in enumerate(world.sines)
    ]
    got = unwrap(function(*scalars, world.D, len(world.U[0]), planes, fn=BALL))
    return list(got) if isinstance(got, list | tuple) else [got]


def _one(result: str, statement: Statement, truth: Truth, values: Mapping[str, Any]) -> Refutation | None:
    name, relation, quantity, of_law = statement
    if of_law and not truth.world.gaussian_law:
        return None
    exact = quantity(truth)
    true, said = arb(exact), arb(values[name])
    wrong = {"=": not true.overlaps(said), "<=": bool(said > true), ">=": bool(said < true)}[relation]
    if not wrong:
        return None
    shown = str(exact) if isinstance(exact, fmpq) and len(str(exact)) < 40 else _digits(true)
    return Refutation(result, name, relation, _digits(said), shown, truth.world.written())


def _digits(x: Any) -> str:
    return str(x.str(20, radius=False))


# --- laws that are not Gaussian -------------------------------------------------------------------------------------
# What each value says of the error, and of what bounds it for a Gaussian target.
OF_A_LAW: dict[str, tuple[tuple[str, str], ...]] = {
    "frozen-latent-error": (("E", "="),),
    "mmse-identity": (("E", "="),),
    "two-sided-bound": (("lower", "<="), ("E", "="), ("upper", ">=")),
    "non-gaussian-bound": (("E", "="), ("bound", ">=")),
}


# Choices that these laws have anyway: one plane, no ambient noise, k = d.
COMPATIBLE = {("sigma2", "0"), ("dims", "k=d"), ("lambda", "isotropic"), ("source_noise", "same")}


def _beyond_gaussian(
    result: str,
    function: Callable[..., Any],
    names: tuple[str, ...],
    choices: Mapping[str, str],
    process: str | None,
) -> list[Refutation]:
    """At the laws that `bound_failure` finds: the formula at the law's own variance along v."""
    unit = next(((alpha2, h) for alpha2, h in times(process) if alpha2 == h), None)  # the ratio that they are found at
    other = {(key, value) for key, value in choices.items() if key != "latent"} - COMPATIBLE
    if result not in OF_A_LAW or other or unit is None:
        return []
    found: dict[str, Refutation] = {}
    with ctx.workprec(PRECISION):
        for failure in bound_failure.search(Angle(THETA)):
            if failure.law not in NOT_GAUSSIAN[choices["latent"]]:
                continue
            law = _law(failure.law, failure.ratio, failure.width2, unit)
            true, said = _true_error(law), _gaussian_formula(function, law)
            for name, relation in OF_A_LAW[result]:
                value = arb(said[names.index(name)])
                wrong = {"=": not true.overlaps(value), "<=": bool(value > true), ">=": bool(value < true)}[relation]
                if wrong and name not in found:
                    found[name] = Refutation(result, name, relation, _digits(value), _digits(true), law)
    return [found[name] for name, _ in OF_A_LAW[result] if name in found]


def _law(law: str, ratio: Fraction, width2: Fraction, time: tuple[Fraction, Fraction]) -> dict[str, Any]:
    """One plane at h = alpha^2 without ambient noise: x_0 = (+-sqrt(lambda) + w e) v."""
    numbers = {"theta": THETA, "lambda": ratio, "width2": width2, "alpha2": time[0], "h": time[1]}
    return {"law": law, "D": 2, **{name: str(value) for name, value in numbers.items()}}


def _true_error(law: Mapping[str, Any]) -> Any:
    width = F(str(law["width2"]))
    lam, alpha2, h = (F(str(law[name])) for name in ("lambda", "alpha2", "h"))
    point = ExactPoint(int(law["D"]), 1, 1, (Angle(F(str(law["theta"]))),), (lam,), F(0), alpha2, h)
    return parts(point, str(law["law"]), _root(width), PRECISION).error


def _root(x: Fraction) -> Fraction:
    """The rational square root. Raises ValueError where there is none."""
    root = F(isqrt(abs(x.numerator)), isqrt(x.denominator))
    if root**2 != x:
        raise ValueError(f"width2 = {x} is no square of a fraction")
    return root


def _gaussian_formula(function: Callable[..., Any], law: Mapping[str, Any]) -> list[Any]:
    variance = F(str(law["lambda"])) + F(str(law["width2"]))
    sine, cosine = Angle(F(str(law["theta"]))).sincos(ctx.prec)
    alpha2, h = (arb(as_fmpq(F(str(law[name])))) for name in ("alpha2", "h"))
    plane = tuple(wrap([arb(as_fmpq(variance)), sine, cosine]))
    got = unwrap(function(*wrap([alpha2, h, arb(0)]), int(law["D"]), 1, [plane], fn=BALL))
    return list(got) if isinstance(got, list | tuple) else [got]


def replay(result: str, value: str, data: Mapping[str, Any]) -> str:
    """What is true of a value at a world that was written down, computed from its matrices alone. Raises KeyError for
    a value that says nothing about such a world, ValueError or TypeError for data that describes none."""
    if "law" in data and any(name == value for name, _ in OF_A_LAW.get(result, ())):
        with ctx.workprec(PRECISION):
            return _digits(_true_error(data))
    statement = next((s for s in STATEMENTS.get(result, ()) if s[0] == value), None)
    if statement is None:
        raise KeyError(value)
    with ctx.workprec(PRECISION):
        exact = statement[2](Truth(read(data)))
        return str(exact) if isinstance(exact, fmpq) and len(str(exact)) < 40 else _digits(arb(exact))
