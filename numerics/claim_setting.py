"""A claim at given sizes, ready to be searched: trees of independent numbers, and the way back to points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from numerics.refuting import Question
from numerics.written_out import Sizes, WrittenOut
from theory.claims import Claim, rational_path
from theory.expr import Expr, substitute, sym, symbols, walk
from theory.goals import Interval

SIZES = (
    Sizes(2, 1, 1), Sizes(3, 1, 1), Sizes(4, 2, 2), Sizes(3, 1, 2), Sizes(3, 2, 1), Sizes(1, 1, 1), Sizes(1000, 1, 1),
    Sizes(4, 1, 3), Sizes(6, 3, 3), Sizes(10**6, 2, 1),
)  # fmt: skip
RATIO = "r ratio"  # the ratio as an independent number, with h made of it


class Setting:
    """A claim at given sizes, ready to be searched: trees of independent numbers and the way back to points."""

    def __init__(self, claim: Claim, sizes: Sizes) -> None:
        self.claim, self.sizes = claim, sizes
        path, fresh, times = rational_path(claim.path)
        names = {name for tree in claim.trees for name in symbols(tree)} | {claim.variable}
        fixed = claim.model.fixed
        self.out = WrittenOut(
            sizes,
            fixed,
            {**path, **times},
            halved=bool(names & {"sin_i", "cos_i"}),
            one_variance="lambda_i" in fixed,
        )
        self.own = {**claim.domains, **fresh}
        if "r" in names and "alpha" not in path:
            self.own["alpha"] = Interval(Fraction(0), self.own.get("alpha", Interval()).high, True, "alpha" in self.own)
        self.conditions = [
            (tree, relation) for part, relation in claim.conditions for tree in self.out.everywhere(part)
        ]

    def moving(self, tree: Expr) -> tuple[Expr, str]:
        """A tree that is written out, and the independent number in it that moves; an empty name if there is none."""
        key = moving_key(self)
        if key == "r":  # at the same alpha
            self.own["r"] = Interval(Fraction(0), low_open=True)
            key, ratio = RATIO, {"h": sym(RATIO) * sym("alpha") ** 2}
            tree = substitute(tree, ratio)
            self.conditions = [(substitute(part, ratio), relation) for part, relation in self.conditions]
        return tree, key if key in symbols(tree) else ""

    def question(self, tree: Expr, relation: str, extra: Sequence[tuple[Expr, str]] = ()) -> Question:
        """A question about a tree that is written out already."""
        conditions = (*self.conditions, *extra)
        names = symbols(tree).union(*(symbols(part) for part, _ in conditions))
        domains = {name: self.out.domain(name.removeprefix("then "), self.own) for name in names}
        return Question(tree, relation, conditions, domains)


def settings(claim: Claim) -> Iterator[Setting]:
    """The sizes at which a claim is looked at: one, where it speaks of no direction and no size."""
    trees = claim.trees
    names = {name for tree in trees for name in symbols(tree)} | {claim.variable}
    summed = any(node.head == "sum" for tree in trees for node in walk(tree))
    plain = not summed and not names & {"D", "k", "d"}
    dims, fits = claim.model.dims, []
    for sizes in SIZES:
        right = {"k=d": sizes.k == sizes.d, "k<d": sizes.k < sizes.d, "k>d": sizes.k > sizes.d}.get(dims, True)
        if right and (sizes.k < sizes.D or not claim.proper):
            fits.append(sizes)
    for sizes in fits[:1] if plain and not any(n.endswith("_i") for n in names) else fits[:3] if plain else fits:
        yield Setting(claim, sizes)


def _nodes(tree: Expr) -> Iterator[Expr]:
    from theory.expr import walk

    return walk(tree)


def moving_key(setting: Setting) -> str:
    claim = setting.claim
    variable, out = claim.variable, setting.out
    if variable == "theta_i":
        return "half_i 1" if out.halved else "s_i 1"
    if variable in ("lambda_i", "lambda"):
        return "lambda_i 1"
    if variable == "s_i":
        return "s_i 1"
    if variable == "t" and claim.path:
        path, _, times = rational_path(claim.path)
        if "alpha" not in path:
            return "alpha"
        names = set(times) or {name for tree in path.values() for name in symbols(tree)}
        name = next(iter(names), "t")
        return f"e^-{name}/2" if name in times else name
    return variable
