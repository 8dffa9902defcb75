"""Assumptions with three faces: the fact the algebra may use, the constraint samplers obey, the sentence of the paper.

A set of assumptions is an immutable `Assumptions`. `choose` changes it; `model()` builds the model by letting every
assumption install its fact into the bare one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from math import pi
from typing import Any, ClassVar

from theory import symbols as S
from theory.choices import ADDS, CHOICES, DROPS, IN_WORDS, PROCESSES
from theory.expr import eye, num, zero
from theory.model import Model

Point = Mapping[str, Any]


@dataclass(frozen=True)
class Assumption:
    """`fact` installs the relation into a model; `constraint` holds at every point that a sampler may draw;
    `sentence` is what the paper prints."""

    tag: str
    sentence: str
    fact: Callable[[Model], Model]
    constraint: Callable[[Point], bool]


# Latent variances, and what is made of them and of squared cosines by products and eigenvalues.
LATENT_VARIANCES = ("lambda_i", "lambda", "mu_i", "alike_i", "across_i", "turned_i")


def _always(_: Point) -> bool:
    """Constraints that are met by how frames and laws are drawn, not by the numbers of a point."""
    return True


ALL: tuple[Assumption, ...] = (
    Assumption(
        "orthonormal-encoder",
        "The encoder has orthonormal columns, `U^T U = I`.",
        lambda m: replace(m, gram_U=eye("k"), encoder_length=num(1)).with_domain(
            mu_perp2="nonnegative", mu_in2="nonnegative"
        ),
        lambda p: p.get("defect_U", 0) == 0,
    ),
    Assumption(
        "orthonormal-target",
        "The target's frame has orthonormal columns, `V^T V = I`.",
        lambda m: replace(m, gram_V=eye("d"), target_length=num(1)),
        lambda p: p.get("defect_V", 0) == 0,
    ),
    Assumption(
        "gaussian-latent",
        "The latent `z` and both noises are Gaussian.",
        lambda m: replace(m, beyond_gaussian=num(0), dependence=zero("k", "k")),
        _always,
    ),
    Assumption(
        "isotropic-noise",
        "The ambient noise has covariance `sigma^2 I`.",
        lambda m: replace(m, noise=S.sigma2 * eye("D"), noise_block=num(0)),
        _always,
    ),
    Assumption(
        "independent-noise",
        "The latent, the ambient noise and the forward noise are independent and centred.",
        lambda m: replace(m, cross=zero("d", "D")),
        _always,
    ),
    Assumption(
        "diagonal-latent",
        "The latent covariance is diagonal in the principal basis, `Z^T Lambda Z = diag(lambda_i)`.",
        lambda m: replace(m, coupling=num(0)),
        _always,
    ),
    Assumption(
        "centred-target",
        "The target is centred, `mu = 0`.",
        lambda m: replace(m, mean=zero("D", "1")),
        _always,
    ),
    Assumption(
        "relearned-score",
        "Only the encoder is frozen: the latent score `g` is the best one for the target.",
        lambda m: replace(m, latent_precision=S.M.inv),
        _always,
    ),
    Assumption(
        "implied-decoder",
        "The decoder onto the subspace implies the complement term `-P x/h`.",
        lambda m: replace(m, decoder=1 / S.h),
        _always,
    ),
    Assumption(
        "positive-time",
        "The diffusion noise has positive variance, `h > 0`.",
        lambda m: m.with_domain(h="positive", r="positive", R="positive"),
        lambda p: p["h"] > 0,
    ),
    Assumption(
        "real-signal",
        "The signal scale is real and nonnegative, `alpha >= 0`.",
        lambda m: m.with_domain(alpha="nonnegative"),
        lambda p: p["alpha2"] >= 0,
    ),
    Assumption(
        "nonnegative-latent",
        "The latent variances are nonnegative, `lambda_i >= 0`.",
        lambda m: m.with_domain(**dict.fromkeys(LATENT_VARIANCES, "nonnegative")),
        lambda p: all(x >= 0 for x in p["lam"]),
    ),
    Assumption(
        "nonnegative-noise",
        "The ambient noise variance is nonnegative, `sigma^2 >= 0`.",
        lambda m: m.with_domain(sigma2="nonnegative"),
        lambda p: p["sigma2"] >= 0,
    ),
    Assumption(
        "acute-angles",
        "Principal angles lie in `[0, pi/2]`.",
        lambda m: m.with_domain(s_i="unit", cos_i="unit", sin_i="unit"),
        lambda p: all(0 <= angle <= pi / 2 for angle in p["theta"]),
    ),
    Assumption(
        "sizes",
        "The latent dimensions are at most the ambient one, `k <= D` and `d <= D`.",
        lambda m: m.with_domain(D="positive", k="nonnegative", d="nonnegative"),
        lambda p: p["k"] <= p["D"] and p["d"] <= p["D"],
    ),
    Assumption(
        "source-encoder",
        "The encoder is the source's frame, `U = V_s`; the source's latent covariance is diagonal in the principal "
        "basis and its ambient noise isotropic. For `k > d` the target is given `k - d` further directions of "
        "variance zero, and `d` counts them.",
        lambda m: replace(m, source=S.U @ S.Lam_s @ S.U.T + S.sigma_s2 * eye("D")),
        _always,
    ),
    Assumption(
        "nonnegative-source",
        "The source's variances are nonnegative, `lambda_s_i >= 0` and `sigma_s^2 >= 0`.",
        lambda m: m.with_domain(lambda_s_i="nonnegative", sigma_s2="nonnegative"),
        lambda p: all(x >= 0 for x in (p.get("sigma_s2", 0), *p.get("lam_s", ()))),
    ),
    Assumption(
        "mixing-weight",
        "The source's weight in the pooled data lies strictly between 0 and 1.",
        lambda m: m.with_domain(weight="inner"),
        lambda p: 0 < p.get("weight", 0.5) < 1,
    ),
    Assumption(
        "tolerance",
        "Tolerances and thresholds are positive.",
        lambda m: m.with_domain(tol="positive", tau="positive"),
        lambda p: p.get("tol", 1) > 0 and p.get("tau", 1) > 0,
    ),
    Assumption(
        "proper-encoder",
        "The encoder leaves a complement, `k < D`.",
        lambda m: replace(m, codimension="positive"),
        _always,  # asked only where a result needs it
    ),
    Assumption(
        "forward-sde",
        "The noise-to-signal ratio `r = h/alpha^2` and `h` do not decrease in `t`.",
        lambda m: m.with_domain(r_dot="nonnegative", h_dot="nonnegative"),
        lambda p: p.get("r_dot", 0) >= 0,
    ),
)
# What a line assumes by naming one of these: a certificate or a fraction may use its domain.
DOMAIN_OF = {
    "nonnegative-source": frozenset({"lambda_s_i", "a_s_i", "sigma_s2", "c_s"}),
    "mixing-weight": frozenset({"weight"}),
    "tolerance": frozenset({"tol", "tau"}),
}
# The same for what stands below a fraction bar, in a root or in a logarithm.
DOMAIN_BELOW = {
    "positive-time": frozenset({"h", "r", "R", "c", "rho", "c_s"}),
    "real-signal": frozenset({"alpha", "a_i", "a", "nu", "c", "rho", "a_s_i", "c_s"}),
    "nonnegative-latent": frozenset({*LATENT_VARIANCES, "a_i", "a"}),
    "nonnegative-noise": frozenset({"sigma2", "nu", "c", "rho"}),
    "acute-angles": frozenset({"s_i", "cos_i", "sin_i"}),
}
BY_TAG = {a.tag: a for a in ALL}


def violated(point: Point) -> list[str]:
    """Tags of the assumptions whose constraint a sampler's point breaks.

    `point` maps D, k, d, alpha2, h, sigma2 to numbers, lam and theta (radians) to sequences of numbers.
    """
    return [assumption.tag for assumption in ALL if not assumption.constraint(point)]


def _nearest(word: str, allowed: tuple[str, ...]) -> str:
    close = get_close_matches(word, allowed, n=1)
    return f"; did you mean {close[0]}?" if close else ""


@dataclass(frozen=True)
class Assumptions:
    """A set of assumptions: the tags that hold, the choices made, and the forward process: a name of `PROCESSES`, a
    `processes.Process` of one's own, or None for any."""

    tags: frozenset[str] = frozenset(BY_TAG)
    choices: tuple[tuple[str, str], ...] = ()
    process: Any = None
    untrue: frozenset[str] = frozenset()
    survey: bool = False

    @classmethod
    def default(cls) -> Assumptions:
        """The setting of the paper: section 1 of the specification, with k and d free."""
        return cls()

    CHOICES: ClassVar[dict[str, tuple[str, ...]]] = CHOICES

    def choose(self, choices: Mapping[str, str], process: Any = None) -> Assumptions:
        """The set with other choices. Raises ValueError, in one line, for a key, value or process not known."""
        tags = set(self.tags)
        for key, value in choices.items():
            if key not in CHOICES:
                allowed = ", ".join(CHOICES)
                raise ValueError(f"unknown assumption '{key}'; allowed: {allowed}{_nearest(key, tuple(CHOICES))}")
            if value not in CHOICES[key]:
                hint = _nearest(value, CHOICES[key])
                raise ValueError(f"assumption {key} cannot be '{value}'; allowed: {', '.join(CHOICES[key])}{hint}")
            tags |= {tag for (name, _), tag in DROPS.items() if name == key}
            tags -= {DROPS[key, value]} if (key, value) in DROPS else set()
        if isinstance(process, str) and process not in PROCESSES:
            hint = _nearest(process, PROCESSES)
            raise ValueError(f"unknown process '{process}'; allowed: {', '.join(PROCESSES)}{hint}")
        merged = {**dict(self.choices), **choices}
        kept = tuple(sorted((key, value) for key, value in merged.items() if value != CHOICES[key][0]))
        return replace(self, tags=frozenset(tags), choices=kept, process=process or self.process)

    def pretending(self, tag: str) -> Assumptions:
        """The tag is kept, the fact is not: for tests that the kernel looks at the model and not at the label."""
        return replace(self, untrue=self.untrue | {tag})

    def surveying(self) -> Assumptions:
        """The same set, under which chains are written on past a step whose assumption is missing (see `survey.py`)."""
        return replace(self, survey=True)

    def model(self) -> Model:
        """The model that has exactly these relations."""
        return _model(self)

    def sentences(self, used: frozenset[str] | None = None) -> list[str]:
        """What the paper prints, one sentence an assumption, in the list's order; formulas stand in backticks.
        With `used`, only those that a derivation needed. What narrows the setting comes first, and always."""
        special = [IN_WORDS[choice] for choice in self.choices if choice in IN_WORDS]
        return special + [a.sentence for a in ALL if a.tag in self.tags and (used is None or a.tag in used)]


@lru_cache(maxsize=64)
def _model(assumptions: Assumptions) -> Model:
    made = Model.bare()
    for assumption in ALL:
        if assumption.tag in assumptions.tags and assumption.tag not in assumptions.untrue:
            made = assumption.fact(made)
    for choice in assumptions.choices:
        if choice in ADDS:
            made = ADDS[choice](made)
    return replace(made, tags=assumptions.tags, process=assumptions.process, survey=assumptions.survey)


__all__ = ["ALL", "BY_TAG", "CHOICES", "DROPS", "PROCESSES", "Assumption", "Assumptions"]
