"""Relations among the keys of [model]: sizes, angles or frames or a spectrum, variances and the mean."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from latentreuse.checks import Checks, rationals
from latentreuse.literals import Literal

if TYPE_CHECKING:
    from latentreuse.arrays import Matrix
    from latentreuse.frames import Frames

_ENCODED = "the encoder of a spectrum is everything"


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


class ModelChecks:
    """What [model] says, as far as it could be read: ``run`` judges it and fills the sizes of ``checks``."""

    def __init__(self, checks: Checks) -> None:
        self.checks, self.model, self.sizes = checks, checks.model, checks.sizes
        self.say = checks.say
        self.frames: Frames | None = None
        self.spectrum: tuple[Fraction, ...] | None = None
        self.covariance: Matrix | None = None
        self.lam = rationals(self.model.lam)

    def run(self) -> Iterator[str]:
        """A line for each fault."""
        if self.checks.given("model", "spectrum"):
            yield from self._spectrum()
        elif self.checks.given("model", "U") or self.checks.given("model", "V"):
            yield from self._frames()
        yield from self._covariance()
        yield from self._sizes()
        yield from self._angles()
        yield from self._variances()
        for key in ("mu_perp2", "mu_in2"):
            yield from self.checks.at_least_0("model", key, value=getattr(self.model, key))
        yield from self._mean()

    def _agree(self, what: str, sizes: dict[str, int]) -> Iterator[str]:
        """Sizes that are given twice must agree."""
        for name, size in sizes.items():
            if self.sizes[name] not in {None, size}:
                yield self.say("model", name, wrong=f"is {self.sizes[name]}; {what} {name} = {size}")
            self.sizes[name] = size

    def _spectrum(self) -> Iterator[str]:
        """Eigenvalues of the whole covariance: every direction is encoded, and the ambient noise is in them."""
        for key in ("theta", "U", "V", "lambda", "Lambda", "sigma2"):
            mend = f"{_ENCODED}, and its eigenvalues are all there is: leave {key} out"
            yield from self.checks.beside("model", key, ["spectrum"], mend)
        given = self.model.spectrum
        if isinstance(given, str):
            from latentreuse.arrays import read_spectrum

            try:
                self.spectrum = read_spectrum(self.checks.document.path.parent / given)
            except ValueError as error:
                yield self.say("model", "spectrum", wrong=str(error))
        elif given is not None:
            self.spectrum = rationals(given)
            if not given:
                yield self.say("model", "spectrum", wrong="has no entries; allowed: one or more eigenvalues")
        if not self.spectrum:
            self.spectrum = None
            return
        negative = [i for i, value in enumerate(self.spectrum) if value < 0]
        if negative:
            wrong = f"has {len(negative)} negative entries, the first is entry [{negative[0]}]"
            wrong += "; allowed: 0 or more, with rounding errors set to 0"
            yield self.say("model", "spectrum", *([] if isinstance(given, str) else negative[:1]), wrong=wrong)
        size = len(self.spectrum)
        yield from self._agree(f"the spectrum has {size} entries and {_ENCODED}:", dict.fromkeys(("D", "k", "d"), size))

    def _frames(self) -> Iterator[str]:
        """The two frames, read and compared with the sizes given."""
        yield from self.checks.beside("model", "theta", ["frames"], "give either theta or U and V")
        yield from self.checks.together("model", "U", "V")
        if self.model.U is None or self.model.V is None:
            return
        from latentreuse.frames import FrameFault, read_frames

        try:
            self.frames = read_frames(self.checks.document.path.parent, self.model.U, self.model.V)
        except FrameFault as fault:
            for key, wrong in fault.wrong:
                yield self.say("model", key, wrong=wrong)
            return
        yield from self._agree("the frames have", {"D": self.frames.D, "k": self.frames.k, "d": self.frames.d})

    def _covariance(self) -> Iterator[str]:
        """Lambda in the principal basis, in the order of the angles."""
        given = self.model.Lambda
        if given is None or self.checks.given("model", "spectrum"):
            return
        yield from self.checks.beside("model", "lambda", ["Lambda"], "give the variances or their whole covariance")
        frames = [key for key in ("U", "V") if self.checks.given("model", key)]
        mend = "Lambda is in the principal basis, which frames leave open: give theta"
        yield from self.checks.beside("model", "Lambda", frames, mend)
        from latentreuse.arrays import covariance_fault, read_matrix

        try:
            if isinstance(given, str):
                rows = read_matrix(self.checks.document.path.parent / given)
            else:
                rows = tuple(tuple(entry.q for entry in row) for row in given)
        except ValueError as error:
            yield self.say("model", "Lambda", wrong=str(error))
            return
        wrong = covariance_fault(rows, rounded=isinstance(given, str))
        d = self.sizes["d"]
        if wrong is None and d is not None and len(rows) != d:
            wrong = f"is {len(rows)} x {len(rows)}; allowed: d x d with d = {d}"
        if wrong is not None:
            yield self.say("model", "Lambda", wrong=wrong)
            return
        self.covariance = rows

    def _sizes(self) -> Iterator[str]:
        ambient = self.sizes["D"]
        for name in ("k", "d"):
            size = self.sizes[name]
            if ambient is not None and size is not None and size > ambient:
                yield self.say("model", name, wrong=f"is {size}, more than D = {ambient}; allowed: 1 to {ambient}")

    def _angles(self) -> Iterator[str]:
        theta = self.model.theta
        if theta is None or self.spectrum is not None:
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
        if self.spectrum is not None:
            return
        for i, value in enumerate(lam or ()):
            yield from self.checks.at_least_0("model", "lambda", i, value=value)
        if lam is not None and d is not None and len(lam) != d:
            yield self.say("model", "lambda", wrong=f"has {len(lam)} variances; allowed: exactly d = {d}")
        yield from self.checks.at_least_0("model", "sigma2", value=self.model.sigma2)

    def _mean(self) -> Iterator[str]:
        """An encoder that is everything leaves no mean outside."""
        D, k, outside = self.sizes["D"], self.sizes["k"], self.model.mu_perp2
        if outside is not None and outside.q > 0 and D is not None and k == D:
            wrong = f"is {outside.text!r} but k = D = {D}: nothing lies outside the encoder; allowed: 0"
            yield self.say("model", "mu_perp2", wrong=wrong)
