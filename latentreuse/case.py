"""Read a case file: one point of the model, exact. Every fault is reported at once, each with file, line and key.

What is judged here are relations between keys; single values are judged by `schema`, syntax by `tomlmap`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentreuse.faults import BadInput
from latentreuse.literals import Literal, echo
from latentreuse.schema import PROCESS_TIMES, CaseFile, ModelSection, TimeSection, nearest, parse
from latentreuse.tomlmap import Document, KeyPath, read

if TYPE_CHECKING:
    from latentreuse.frames import Frames
    from numerics.points import AngleLike, ExactPoint, Real

MAX_TIME = 1_000_000


@dataclass(frozen=True)
class Case:
    """A point of the model as a case file gives it. ``echo`` is what the file says, for the record."""

    document: Document
    D: int
    k: int
    d: int
    theta: tuple[Literal, ...]
    lam: tuple[Fraction, ...]
    sigma2: Fraction
    time: TimeSection
    assumptions: dict[str, str]
    frames: "Frames | None" = None
    echo: dict[str, Any] = field(default_factory=dict)

    def angles(self) -> "tuple[AngleLike, ...]":
        """min(k, d) principal angles, in the order of ``lam``."""
        from numerics.points import Angle

        return self.frames.angles if self.frames else tuple(Angle(angle.q, angle.p) for angle in self.theta)

    def scalars(self) -> "tuple[Real, Real]":
        """(alpha^2, h), each exact."""
        from numerics.points import exp_of, one_minus_exp_of

        if self.time.t is None:
            assert self.time.alpha2 and self.time.h
            return self.time.alpha2.q, self.time.h.q
        t = self.time.t.q
        if self.time.process == "ve":
            return Fraction(1), t
        if self.time.process == "flow":
            return (1 - t) ** 2, t**2
        return (exp_of(-t), one_minus_exp_of(-t)) if t else (Fraction(1), Fraction(0))

    def point(self) -> "ExactPoint":
        """The point at which emitted functions and numerical routes are evaluated."""
        from numerics.points import ExactPoint

        alpha2, h = self.scalars()
        return ExactPoint(self.D, self.k, self.d, self.angles(), self.lam, self.sigma2, alpha2, h)

    def fault(self, path: KeyPath, wrong: str) -> BadInput:
        """A fault of this file that shows only when a particular result is asked for."""
        return BadInput(self.document.fault(path, wrong))


def _beyond_right_angle(angle: Literal) -> bool:
    """Whether the angle exceeds pi/2; decided exactly, as a rational number never equals pi/2."""
    if angle.p or not angle.q:
        return angle.p > Fraction(1, 2)
    from numerics.points import RIGHT_ANGLE, enclose

    prec = 64
    while True:
        difference = enclose(angle.q, prec) - RIGHT_ANGLE.arb(prec)
        if difference > 0 or difference < 0:
            return bool(difference > 0)
        prec *= 2


class _Checks:
    """Relations among the keys that could be read; a key in ``faulty`` has been reported and is not judged again."""

    def __init__(self, document: Document, parsed: CaseFile, faulty: set[KeyPath]) -> None:
        self.document, self.faulty = document, faulty
        self.model = parsed.model or ModelSection()
        self.time = parsed.time or TimeSection()
        self.frames: Frames | None = None
        self.sizes: dict[str, int | None] = {name: getattr(self.model, name) for name in ("D", "k", "d")}

    def missing(self, section: str, key: str) -> bool:
        """Whether the key is absent, rather than present and faulty."""
        present = self.document.values.get(section)
        return (section,) not in self.faulty and (not isinstance(present, dict) or key not in present)

    def say(self, *path: str | int, wrong: str) -> str:
        return self.document.fault(path, wrong)

    def run(self) -> Iterator[str]:
        """A line for each fault."""
        if self.missing("model", "U") and self.missing("model", "V"):
            yield from self._required("model", "D", "k", "d", "theta")
        else:
            yield from self._frames()
        yield from self._required("model", "lambda", "sigma2")
        yield from self._sizes()
        yield from self._angles()
        yield from self._variances()
        yield from self._clock()
        yield from self._choices()

    def _required(self, section: str, *keys: str) -> Iterator[str]:
        for key in keys:
            if self.missing(section, key):
                yield self.say(section, key, wrong=f"is missing; give {key} in [{section}]")

    def _frames(self) -> Iterator[str]:
        """The two frames, read and compared with the sizes given."""
        if not self.missing("model", "theta"):
            yield self.say("model", "theta", wrong="stands beside frames; give either theta or U and V")
        yield from self._required("model", "U", "V")
        if self.model.U is None or self.model.V is None:
            return
        from latentreuse.frames import FrameFault, read_frames

        try:
            self.frames = read_frames(self.document.path.parent, self.model.U, self.model.V)
        except FrameFault as fault:
            for key, wrong in fault.wrong:
                yield self.say("model", key, wrong=wrong)
            return
        for name, size in (("D", self.frames.D), ("k", self.frames.k), ("d", self.frames.d)):
            if self.sizes[name] not in {None, size}:
                yield self.say("model", name, wrong=f"is {self.sizes[name]}; the frames have {name} = {size}")
            self.sizes[name] = size

    def _sizes(self) -> Iterator[str]:
        ambient = self.sizes["D"]
        for name in ("k", "d"):
            size = self.sizes[name]
            if ambient is not None and size is not None and size > ambient:
                yield self.say("model", name, wrong=f"is {size}, more than D = {ambient}; allowed: 1 to {ambient}")

    def _angles(self) -> Iterator[str]:
        theta = self.model.theta
        if theta is None:
            return
        for i, angle in enumerate(theta):
            if angle.q < 0 or angle.p < 0:
                yield self.say("model", "theta", i, wrong=f"{angle.text!r} is negative; allowed: 0 to pi/2")
            elif _beyond_right_angle(angle):
                hint = (
                    f"; angles are in radians, {angle.text} degrees are '{angle.text}/180*pi'" if angle.q >= 2 else ""
                )
                yield self.say("model", "theta", i, wrong=f"{angle.text!r} is beyond pi/2; allowed: 0 to pi/2{hint}")
        D, k, d = self.sizes["D"], self.sizes["k"], self.sizes["d"]
        if k is not None and d is not None and len(theta) != min(k, d):
            wrong = f"has {len(theta)} angles; allowed: exactly min(k, d) = {min(k, d)}"
            yield self.say("model", "theta", wrong=wrong)
        elif D is not None and k is not None and d is not None and max(k, d) <= D:
            positive = sum(1 for angle in theta if angle.q > 0 or angle.p > 0)
            if positive > D - max(k, d):
                wrong = f"has {positive} positive angles; allowed: at most D - max(k, d) = {D - max(k, d)}, the rest 0"
                yield self.say("model", "theta", wrong=wrong)

    def _variances(self) -> Iterator[str]:
        lam, d = self.model.lam, self.sizes["d"]
        for i, value in enumerate(lam or ()):
            if value.q < 0:
                yield self.say("model", "lambda", i, wrong=f"{value.text!r} is negative; allowed: 0 or more")
        if lam is not None and d is not None and len(lam) != d:
            yield self.say("model", "lambda", wrong=f"has {len(lam)} variances; allowed: exactly d = {d}")
        if self.model.sigma2 is not None and self.model.sigma2.q < 0:
            wrong = f"{self.model.sigma2.text!r} is negative; allowed: 0 or more"
            yield self.say("model", "sigma2", wrong=wrong)

    def _clock(self) -> Iterator[str]:
        """Either alpha2 and h, or process and t."""
        direct = [key for key in ("alpha2", "h") if not self.missing("time", key)]
        named = [key for key in ("process", "t") if not self.missing("time", key)]
        if direct and named:
            both = f"stands beside {' and '.join(direct)}; give either alpha2 and h, or process and t"
            yield self.say("time", named[0], wrong=both)
        elif named:
            yield from self._required("time", "process", "t")
        elif direct:
            yield from self._required("time", "alpha2", "h")
        elif ("time",) not in self.faulty:
            yield self.say("time", wrong="is missing or empty; give [time] with alpha2 and h, or with process and t")
        for key in ("alpha2", "h", "t"):
            value = getattr(self.time, key)
            if value is not None and value.q < 0:
                yield self.say("time", key, wrong=f"{value.text!r} is negative; allowed: 0 or more")
        if self.time.alpha2 and self.time.h and self.time.alpha2.q == self.time.h.q == 0:
            yield self.say("time", "h", wrong="is 0 together with alpha2; allowed: at most one of them 0")
        yield from self._process()

    def _process(self) -> Iterator[str]:
        process, t = self.time.process, self.time.t
        if process is not None and process not in PROCESS_TIMES:
            hint = nearest(process, list(PROCESS_TIMES))
            if process == "vp":
                hint = "; for another VP schedule give alpha2 and h"
            yield self.say(
                "time", "process", wrong=f"unknown process {process!r}{hint}; allowed: {_listed(PROCESS_TIMES)}"
            )
        if t is not None and process == "flow" and t.q > 1:
            yield self.say("time", "t", wrong=f"{t.text!r} is beyond 1; allowed for flow: 0 to 1")
        elif t is not None and t.q > MAX_TIME and process == "vp-ou":
            yield self.say("time", "t", wrong=f"is beyond {MAX_TIME}; allowed for vp-ou: 0 to {MAX_TIME}")

    def _choices(self) -> Iterator[str]:
        """Names and values in [assumptions] against the theory's own table, and against the numbers of this case."""
        chosen = self.document.values.get("assumptions")
        if not isinstance(chosen, dict) or not chosen:
            return
        from theory.assumptions import CHOICES

        for key, raw in chosen.items():
            value = _choice(raw)
            if key not in CHOICES:
                wrong = f"unknown assumption{nearest(key, list(CHOICES))}; allowed: {', '.join(CHOICES)}"
                yield self.say("assumptions", key, wrong=wrong)
            elif value not in CHOICES[key]:
                hint = nearest(value, list(CHOICES[key]))
                wrong = f"cannot be {value!r}{hint}; allowed: {_listed(CHOICES[key])}"
                yield self.say("assumptions", key, wrong=wrong)
            else:
                yield from self._consistent(key, value)

    def _consistent(self, key: str, value: str) -> Iterator[str]:
        """Whether this case lies in the set that a narrowing assumption allows."""
        k, d = self.sizes["k"], self.sizes["d"]
        if (key, value) == ("sigma2", "0") and self.model.sigma2 and self.model.sigma2.q != 0:
            yield self.say(
                "assumptions", key, wrong=f"is '0' but model.sigma2 is {self.model.sigma2.text!r}; make them agree"
            )
        readable = ("model", "lambda") not in self.faulty
        if (key, value) == ("lambda", "isotropic") and readable and len({v.q for v in self.model.lam or ()}) > 1:
            yield self.say(
                "assumptions", key, wrong="is 'isotropic' but the entries of model.lambda differ; make them agree"
            )
        if key == "dims" and value != "any" and k is not None and d is not None:
            holds = {"k=d": k == d, "k<d": k < d, "k>d": k > d}[value]
            if not holds:
                yield self.say("assumptions", key, wrong=f"is {value!r} but k = {k} and d = {d}; make them agree")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(repr(word) for word in words)


def _choice(raw: object) -> str:
    """The text of an assumption's value; a bare integer stands for its digits."""
    return (
        str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw if isinstance(raw, str) else repr(raw)
    )


def read_case(path: Path) -> Case:
    """Read a case file. Raises ``BadInput`` with one line for each fault, in the order of the file's lines."""
    document = read(path)
    parsed, faulty, lines = parse(document)
    checks = _Checks(document, parsed, faulty)
    lines += checks.run()
    if lines:
        raise BadInput(sorted(lines, key=lambda line: int(line.removeprefix(f"{path}:").split(":", 1)[0])))
    model, sizes = checks.model, checks.sizes
    assert sizes["D"] and sizes["k"] and sizes["d"]
    assert model.lam is not None and model.sigma2 is not None
    chosen = {key: _choice(raw) for key, raw in (parsed.assumptions or {}).items()}
    return Case(
        document=document,
        D=sizes["D"],
        k=sizes["k"],
        d=sizes["d"],
        theta=tuple(model.theta or ()),
        lam=tuple(value.q for value in model.lam),
        sigma2=model.sigma2.q,
        time=checks.time,
        assumptions=chosen,
        frames=checks.frames,
        echo={name: {key: echo(raw) for key, raw in section.items()} for name, section in document.values.items()},
    )
