"""Read a case file: one point of the model, exact. Every fault is reported at once, each with file, line and key.

What a file says is judged here whatever it is read for; which keys a result needs is the business of `needs_of`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentreuse.checks import Checks, exact, rationals
from latentreuse.faults import BadInput
from latentreuse.literals import echo
from latentreuse.model_checks import ModelChecks
from latentreuse.needs_of import NOTHING, Needs, missing
from latentreuse.process_checks import ProcessChecks, process_numbers
from latentreuse.schema import CaseFile, ModelSection, ProcessSection, Section, TimeSection, parse
from latentreuse.section_checks import SectionChecks, choice
from latentreuse.tomlmap import Document, KeyPath, read

if TYPE_CHECKING:
    from latentreuse.arrays import Matrix
    from latentreuse.frames import Frames
    from numerics.points import AngleLike, ExactPoint, Real
    from numerics.schedule_kinds import Schedule


@dataclass(frozen=True)
class Case:
    """What a case file gives, exact; what it does not give is None. ``echo`` is what the file says, for the record.

    A spectrum is the model whose encoder is everything: D = k = d, no angles, no further ambient noise.
    """

    document: Document
    parsed: CaseFile
    D: int | None
    k: int | None
    d: int | None
    frames: "Frames | None" = None
    spectrum: tuple[Fraction, ...] | None = None
    covariance: "Matrix | None" = None
    assumptions: dict[str, str] = field(default_factory=dict)
    echo: dict[str, Any] = field(default_factory=dict)

    @property
    def model(self) -> ModelSection:
        return self.parsed.model or ModelSection()

    @property
    def time(self) -> TimeSection:
        return self.parsed.time or TimeSection()

    @property
    def process(self) -> ProcessSection:
        return self.parsed.process or ProcessSection()

    @property
    def lam(self) -> tuple[Fraction, ...] | None:
        """The d latent variances: as given, the spectrum, or a Lambda that is diagonal."""
        if self.spectrum is not None:
            return self.spectrum
        if self.covariance is not None and _is_diagonal(self.covariance):
            return tuple(row[i] for i, row in enumerate(self.covariance))
        return rationals(self.model.lam)

    @property
    def sigma2(self) -> Fraction | None:
        if self.spectrum is not None:
            return Fraction(0)
        return self.model.sigma2.q if self.model.sigma2 else None

    @property
    def lambda_matrix(self) -> "Matrix | None":
        """The covariance of the target's latent in the principal basis, d x d."""
        lam = self.lam
        if self.covariance is not None or lam is None:
            return self.covariance
        return tuple(tuple(value if i == j else Fraction(0) for j in range(len(lam))) for i, value in enumerate(lam))

    @property
    def angles(self) -> "tuple[AngleLike, ...] | None":
        """min(k, d) principal angles, in the order of ``lam``."""
        from numerics.points import Angle

        if self.spectrum is not None:
            return (Angle(),) * len(self.spectrum)
        if self.frames is not None:
            return self.frames.angles
        return None if self.model.theta is None else tuple(Angle(angle.q, angle.p) for angle in self.model.theta)

    def value(self, section: str, key: str) -> Any:
        """One key, exact: an integer, text, a Fraction, a tuple of Fractions or integers; None if it is not given."""
        found = getattr(self.parsed, section, None)
        for name, about in type(found).model_fields.items() if isinstance(found, Section) else ():
            if key == (about.alias or name):
                return exact(getattr(found, name))
        return None

    def process_name(self) -> str | None:
        """The forward process, wherever it is named."""
        return self.process.name or self.time.process

    def schedule(self) -> "Schedule":
        """The forward process over all its time."""
        from numerics.schedules import schedule

        return schedule(str(self.process_name()), process_numbers(self.process))

    def scalars(self) -> "tuple[Real, Real] | None":
        """(alpha^2, h), each exact."""
        if self.time.alpha2 is not None and self.time.h is not None:
            return self.time.alpha2.q, self.time.h.q
        if self.time.t is not None and self.process_name() is not None:
            return self.schedule().pair(self.time.t.q)
        return None

    def point(self, uses: Iterable[str], parameters: "Mapping[str, Real] | None" = None) -> "ExactPoint":
        """The point at which emitted functions and numerical routes are evaluated that use the arguments ``uses``.

        Of the others, alpha^2 and h stand at 1, and so does what the case does not give, or at 0 for angles and
        variances: it has been made sure by then that whatever is used is given.
        """
        from numerics.points import Angle, ExactPoint

        k, d, sized = self.k or 1, self.d or 1, bool(self.k and self.d)  # planes are used with both sizes alone
        angles = (self.angles if sized else None) or (Angle(),) * min(k, d)
        diagonal = tuple(row[i] for i, row in enumerate(self.covariance or ()))
        lam = ((self.lam or diagonal) if sized else None) or (Fraction(0),) * d
        source = (self.value("source", "lambda") if self.k else None) or ()
        given = dict(zip(("alpha2", "h"), self.scalars() or (), strict=False))
        alpha2, h = (given.get(name, Fraction(1)) if name in uses else Fraction(1) for name in ("alpha2", "h"))
        D = self.D or max(k, d) + len(angles)
        return ExactPoint(D, k, d, angles, lam, self.sigma2 or Fraction(0), alpha2, h, source, dict(parameters or {}))

    def fault(self, path: KeyPath, wrong: str) -> BadInput:
        """A fault of this file that shows only when a particular result is asked for."""
        return BadInput(self.document.fault(path, wrong))


def _is_diagonal(rows: "Matrix") -> bool:
    return all(not entry for i, row in enumerate(rows) for j, entry in enumerate(row) if i != j)


def in_order(document: Document, lines: list[str]) -> BadInput:
    """All faults of a file, in the order of its lines."""
    start = f"{document.path}:"
    return BadInput(sorted(lines, key=lambda line: int(line.removeprefix(start).split(":", 1)[0])))


def read_case(path: Path, needs: Needs = NOTHING) -> Case:
    """Read a case file. Raises ``BadInput`` with one line for each fault and for each missing key of ``needs``."""
    document = read(path)
    parsed, faulty, lines = parse(document)
    checks = Checks(document, parsed, faulty)
    model = ModelChecks(checks)
    lines += model.run()
    lines += ProcessChecks(checks).run()
    lines += SectionChecks(checks).run()
    case = Case(
        document=document,
        parsed=parsed,
        D=checks.sizes["D"],
        k=checks.sizes["k"],
        d=checks.sizes["d"],
        frames=model.frames,
        spectrum=model.spectrum,
        covariance=model.covariance,
        assumptions={key: choice(raw) for key, raw in (parsed.assumptions or {}).items()},
        echo={name: {key: echo(raw) for key, raw in section.items()} for name, section in document.values.items()
              if isinstance(section, dict)},
    )  # fmt: skip
    lines += missing(case, needs, faulty)
    if lines:
        raise in_order(document, lines)
    return case
