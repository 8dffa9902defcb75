"""What one step of a derivation may use: the model's relations that its rule hands to the normaliser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from theory.expr import Expr

Word = tuple[str, ...]


@dataclass(frozen=True)
class BlockClass:
    """A class of directions: how `U` and `V` look in its block of the common orthonormal basis.

    `ambient`, `encoder` and `target` are the block's sizes; `U` is ambient x encoder and `V` ambient x target,
    written row by row. `count` is the class's multiplicity (linear in D, k, d), or `over` the index range of a
    sum when the block depends on the plane; `source` is the source's latent variance along its encoder direction.
    """

    name: str
    ambient: int
    encoder: int
    target: int
    U: tuple[tuple[Expr, ...], ...]
    V: tuple[tuple[Expr, ...], ...]
    count: Expr
    over: str | None = None
    source: Expr = Expr("num", (Fraction(0),))

    @property
    def sizes(self) -> dict[str, int]:
        """The block's sizes by the dimensions that they are parts of."""
        return {"D": self.ambient, "k": self.encoder, "d": self.target}


@dataclass(frozen=True)
class Planes:
    """The block decomposition of the model: classes, the latent variance of a target direction, and the covariance
    between the latent coordinates of two different planes (zero when `Lambda` is diagonal in the principal basis)."""

    classes: tuple[BlockClass, ...]
    variance: Expr
    coupling: Expr


@dataclass(frozen=True)
class Facts:
    """Relations that hold in a model. Empty facts leave plain ring algebra.

    rewrites: operator words and what they equal; definitions: scalar abbreviations; letters: definitions of matrix
    letters; means and moments: of random column letters (`moments[x, y]` is E[x y^T]); derivations: derivative of
    each scalar symbol in a named variable; replacements: proven equalities of whole subtrees; defines: names that a
    result introduces for itself, which must be fresh; pins: what the names that an axiom speaks of must stand for;
    conditions: what the line states to be positive ("while ..."); instance: makes the line from the one before by
    putting in values, so that it is defined where that is; orders: (smaller, larger, kind) for two lists of nonnegative
    numbers, one a target direction: "termwise" when each of the first is at most that of the second in descending
    order, "log" when the first is weakly log-majorised by the second; codimension: "positive" where the line needs
    `k < D`; sizes: the dimensions, where one is tied to another; variances: of the covariances that are diagonal in the
    principal basis of the encoder, along `u_i`, along a spare direction and in the complement; covariances: the letters
    between whose Gaussians there is a distance.
    """

    rewrites: tuple[tuple[Word, Expr], ...] = ()
    definitions: dict[str, Expr] = field(default_factory=dict)
    letters: dict[str, Expr] = field(default_factory=dict)
    random: frozenset[str] = frozenset()
    means: dict[str, Expr] = field(default_factory=dict)
    moments: dict[tuple[str, str], Expr] = field(default_factory=dict)
    derivations: dict[str, dict[str, Expr]] = field(default_factory=dict)
    replacements: tuple[tuple[Expr, Expr], ...] = ()
    planes: Planes | None = None
    defines: dict[str, Expr] = field(default_factory=dict)
    pins: dict[str, Expr] = field(default_factory=dict)
    conditions: tuple[Expr, ...] = ()
    instance: Callable[[Expr], Expr] | None = None
    orders: frozenset[tuple[str, str, str]] = frozenset()
    codimension: str = "nonnegative"
    sizes: dict[str, Expr] = field(default_factory=dict)
    variances: dict[str, tuple[Expr, Expr, Expr]] = field(default_factory=dict)
    covariances: frozenset[str] = frozenset()

    @property
    def sizes_fixed(self) -> dict[str, Expr]:
        """The dimensions that an assumption ties to another one."""
        return {name: value for name, value in self.sizes.items() if value.head != "sym" or value.args[0] != name}
