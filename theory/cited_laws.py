"""Axioms about the laws on the way from the data to what a sampler makes, and the distances between them.

With `rules.py` and the other `cited` modules these are all the axioms there are.
"""

from __future__ import annotations

from theory import symbols as S
from theory.expr import Expr, eye, literal, sym
from theory.facts import Facts
from theory.model import Model
from theory.rules import LAW_INVERSE, POSITIVE, Rule
from theory.text import text

DATA_LAW, EXACT_LAW, STEPPED_LAW = S.C_0, S.C_exact, S.C_steps
DATA_COVARIANCE = Rule(
    "definition of `C_0`",
    lambda m: Facts(letters={"C_0": S.V @ S.Lam @ S.V.T + m.noise}, pins={"C_0": S.V @ S.Lam @ S.V.T + m.noise}),
)


def _sampler_law(covariance: Expr, name: str) -> Rule:
    """A covariance that is diagonal in the encoder's principal basis and a multiple of I in its complement. A target
    direction without partner, which the sums over planes count as a pair at a right angle, takes a spare direction's
    place."""
    along, spare, rest = (sym(f"{name}_{kind}") for kind in ("i", "spare", "rest"))
    kinds = (along, spare, rest)
    return Rule(
        f"`{text(covariance)}` has the variances `{text(along)}` along `u_i`, `{text(spare)}` along a spare direction, "
        f"`{text(rest)}` in the complement, all positive",
        lambda _: Facts(
            variances={covariance.name: kinds},
            pins={covariance.name: literal([[kind] for kind in kinds], 3, 1)},
            conditions=kinds,
        ),
    )


MADE_EXACTLY, MADE_IN_STEPS = _sampler_law(EXACT_LAW, "v"), _sampler_law(STEPPED_LAW, "step")


def _metric(m: Model) -> Facts:
    """Q is the covariance of a law when the columns of U are orthonormal."""
    laws = frozenset({"C_0", "Sigma", "Q", "C_exact", "C_steps"})
    return Facts(covariances=laws if m.gram_U == eye("k") else frozenset())


TRIANGLE = Rule(
    "triangle inequality of `W_2`",
    _metric,
    POSITIVE | {"orthonormal-encoder"},
    positive=LAW_INVERSE.positive,
    cites=("Wasserstein metric",),
)
