"""The model: what the algebra may use, as relations between letters and symbols.

`Model.bare` knows sizes only: an oblique encoder, noise of any covariance, variables of any sign. Each assumption
(`assumptions.py`) installs one relation; what no assumption has installed is not there, whatever a tag may say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from theory import symbols as S
from theory.expr import Expr, eye, letter, num, plane_sum, substitute, sym
from theory.facts import BlockClass, Facts, Planes
from theory.fold import fold


class Table(dict[str, Any]):
    """A mapping that stays as it is: models are shared, and what was decided in one is remembered."""

    def _refuse(self, *_: object, **__: object) -> None:
        raise TypeError("a model's tables stay as they are: make another model")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Table], tuple[dict[str, Any]]]:
        return Table, (dict(self),)


LOST = {"s_i": num(1), "cos_i": num(0), "sin_i": num(1), "lambda_s_i": num(0), "a_s_i": num(0)}


@dataclass(frozen=True)
class Model:
    """Relations of one set of assumptions. Fields hold the bare (weakest) value until an assumption replaces it."""

    tags: frozenset[str] = frozenset()
    dims: str = "any"
    process: Any = None
    survey: bool = False
    gram_U: Expr = letter("gram_U", "k", "k", symmetric=True)
    gram_V: Expr = letter("gram_V", "d", "d", symmetric=True)
    encoder_length: Expr = sym("length_u")
    target_length: Expr = sym("length_v")
    noise: Expr = letter("noise", "D", "D", symmetric=True)
    noise_block: Expr = sym("noise_between")
    cross: Expr = letter("cross", "d", "D")
    mean: Expr = S.mu
    beyond_gaussian: Expr = sym("kappa") * (S.x.T @ letter("beyond", "D", "D", symmetric=True) @ S.x)
    dependence: Expr = letter("dependence", "k", "k")
    coupling: Expr = sym("kappa")
    latent_precision: Expr = letter("M_s", "k", "k", symmetric=True).inv
    decoder: Expr = sym("gamma")
    source: Expr = letter("source_any", "D", "D", symmetric=True)
    codimension: str = "nonnegative"
    domains: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, Expr] = field(default_factory=dict)
    fixed: dict[str, Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("domains", "definitions", "fixed"):
            object.__setattr__(self, name, Table(getattr(self, name)))

    @classmethod
    def bare(cls) -> Model:
        """No relation between the letters; the abbreviations only."""
        definitions = {
            "nu": S.alpha**2 * S.sigma2,
            "c": S.h + S.nu,
            "a_i": S.alpha**2 * S.lam,
            "a": S.alpha**2 * sym("lambda"),
            "s_i": S.sin**2,
            "rho": S.nu / S.h,
            "c_s": S.h + S.alpha**2 * S.sigma_s2,
            "a_s_i": S.alpha**2 * S.lam_s,
        }
        return cls(definitions=definitions)

    def with_domain(self, **domains: str) -> Model:
        return replace(self, domains={**self.domains, **domains})

    def fixing(self, **values: Expr) -> Model:
        """Symbols that a special case gives a value; the written lines show the value in their place."""
        merged = {**self.definitions, **values}
        return replace(self, definitions=merged, fixed={**self.fixed, **values})

    @property
    def sigma(self) -> Expr:
        """Covariance of the diffused target, from the model's own noise covariance."""
        return S.alpha**2 * (S.V @ S.Lam @ S.V.T + self.noise) + S.h * eye("D")

    @property
    def sigma_source(self) -> Expr:
        """Covariance of the diffused source, from the model's own covariance of the source's data."""
        return S.alpha**2 * self.source + S.h * eye("D")

    @property
    def letters(self) -> dict[str, Expr]:
        """The matrix letters by which everything else is defined."""
        return {"Sigma": self.sigma, "M": S.U.T @ S.Sigma @ S.U, "P": eye("D") - S.U @ S.U.T}

    def facts(self) -> Facts:
        """What every step may use: the abbreviations."""
        return Facts(definitions=self.definitions)

    def planes(self) -> Planes:
        """The block table. The encoder's and the target's directions have length one when they are orthonormal."""
        u, v = self.encoder_length, self.target_length
        source = S.lam_s if self.source.head != "letter" else sym("source_between_i")
        pair = BlockClass(
            "pair", 2, 1, 1, ((u,), (num(0),)), ((fold(v * S.cos),), (fold(v * S.sin),)), num(0), "target", source
        )
        lost = BlockClass("lost", 1, 0, 1, ((),), ((v,),), num(0), "lost")
        spare = BlockClass("spare", 1, 1, 0, ((u,),), ((),), S.k - S.d)
        rest = BlockClass("rest", 1, 0, 0, ((),), ((),), S.D - S.k - S.d)
        classes: tuple[BlockClass, ...]
        if self.dims == "k<d":
            classes = (replace(pair, over="pairs"), lost, rest)
        elif self.dims == "k=d":
            classes = (pair, rest)
        else:
            classes = (pair, spare, rest)
        return Planes(classes, S.lam, self.coupling + self.noise_block)

    def aligned(self) -> BlockClass:
        """A pair at angle zero, one direction of the ambient space."""
        return BlockClass("aligned", 1, 1, 1, ((num(1),),), ((num(1),),), num(0))

    def sum(self, summand: Expr) -> Expr:
        """Sum over the target's directions of a summand in the plane's variables.

        A direction without partner has s = 1 and no source variance; for k < d it is a sum of its own, over
        i = k+1..d.
        """
        if self.dims != "k<d":
            return plane_sum(summand)
        alone = fold(substitute(summand, LOST))
        pairs = plane_sum(summand, "pairs")
        return pairs if alone == num(0) else pairs + plane_sum(alone, "lost")

    def written(self, expr: Expr) -> Expr:
        """The author's line in this model: symbols that a special case fixes are put in, and constants folded."""
        return fold(substitute(expr, self.fixed)) if self.fixed else expr
