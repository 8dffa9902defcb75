"""A claim at given sizes: sums over directions written out, abbreviations opened, so that only independent numbers are
left, each with the interval that it may lie in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from numerics.claim_point import Plane, Point
from theory.expr import Expr, num, substitute, sym, symbols, transform
from theory.goals import NONNEGATIVE, POSITIVE, UNIT, Interval

_ALPHA2 = sym("alpha") ** 2
_OPENED = {
    "nu": _ALPHA2 * sym("sigma2"),
    "c": sym("h") + _ALPHA2 * sym("sigma2"),
    "rho": _ALPHA2 * sym("sigma2") / sym("h"),
    "r": sym("h") / _ALPHA2,
    "c_s": sym("h") + _ALPHA2 * sym("sigma_s2"),
}
_ONE_PLANE = {"lambda": sym("lambda_i"), "a": _ALPHA2 * sym("lambda_i")}
_PLANE = {"a_i": _ALPHA2 * sym("lambda_i"), "a_s_i": _ALPHA2 * sym("lambda_s_i")}
DOMAINS: dict[str, Interval] = {
    "alpha": NONNEGATIVE,
    "h": POSITIVE,
    "R": POSITIVE,
    "v_start": POSITIVE,
    "sigma2": NONNEGATIVE,
    "sigma_s2": NONNEGATIVE,
    "lambda_i": NONNEGATIVE,
    "lambda_s_i": NONNEGATIVE,
    "s_i": UNIT,
    "half_i": UNIT,
    "weight": Interval(Fraction(0), Fraction(1), True, True),
    "tol": POSITIVE,
    "tau": POSITIVE,
    "mu_perp2": NONNEGATIVE,
    "mu_in2": NONNEGATIVE,
}
DEFAULTS = {"alpha": Fraction(1), "h": Fraction(1), "sigma2": Fraction(0), "sigma_s2": Fraction(0)}


@dataclass(frozen=True)
class Sizes:
    """Dimensions; of the min(k, d) angles at most D - max(k, d) are positive: the others are 0."""

    D: int
    k: int
    d: int

    @property
    def positive(self) -> int:
        """How many angles may be positive."""
        return min(min(self.k, self.d), self.D - max(self.k, self.d))


class WrittenOut:
    """Trees at given sizes. `fixed` are the names that an assumption fixes, `path` alpha and h along a process,
    `halved` says that sine and cosine themselves occur, `one_variance` that all latent variances are equal."""

    def __init__(
        self, sizes: Sizes, fixed: Mapping[str, Expr], path: Mapping[str, Expr], *, halved: bool, one_variance: bool
    ) -> None:
        self.sizes, self.path = sizes, dict(path)
        self.halved, self.one_variance = halved, one_variance
        numbers: dict[str, Expr] = {n: num(getattr(sizes, n)) for n in ("D", "k", "d")}
        kept = {n: v for n, v in fixed.items() if n in ("sigma2", "nu", "rho", "c")}
        self.opened = {**_OPENED, **kept, **numbers, **self.path}

    def write(self, expr: Expr) -> Expr:
        """The tree with every sum written out; what stands outside sums and belongs to a direction is of the first."""

        def change(node: Expr) -> Expr | None:
            if node.head != "sum":
                return None
            body, k, d = node.children[0], self.sizes.k, self.sizes.d
            chosen = {"target": range(d), "pairs": range(min(k, d)), "lost": range(k, d)}[node.name]
            total: Expr = num(0)
            for j in chosen:
                total = total + self._of(body, j)
            return total

        tree = self._of(transform(substitute(expr, _ONE_PLANE), change), 0)
        for _ in range(len(self.opened) + 1):
            fresh = substitute(tree, self.opened)
            if fresh == tree:
                break
            tree = fresh
        return tree

    def everywhere(self, expr: Expr) -> list[Expr]:
        """A condition: for every direction, if it speaks of one."""
        bound = transform(expr, lambda node: num(0) if node.head == "sum" else None)
        if not any(name.endswith("_i") for name in symbols(bound)):
            return [self.write(expr)]
        return [self.write(self._of(expr, j)) for j in range(self.sizes.d)]

    def _of(self, expr: Expr, j: int) -> Expr:
        tree = substitute(expr, _PLANE)
        values: dict[str, Expr] = {}
        for name in symbols(tree):
            if name == "lambda_i":
                values[name] = sym("lambda_i 1" if self.one_variance else f"lambda_i {j + 1}")
            elif name in ("s_i", "sin_i", "cos_i"):
                values[name] = self._angle(name, j)
            elif name.endswith("_i"):
                values[name] = sym(f"{name} {j + 1}") if j < self.sizes.k else num(0)
        return substitute(tree, values)

    def _angle(self, name: str, j: int) -> Expr:
        if j >= self.sizes.k:  # without a partner in the encoder
            return num(0 if name == "cos_i" else 1)
        if j >= self.sizes.positive:
            return num(1 if name == "cos_i" else 0)
        if not self.halved:
            return sym(f"s_i {j + 1}")
        half = sym(f"half_i {j + 1}")
        sine = 2 * half / (1 + half**2)
        if name == "cos_i":
            return (1 - half**2) / (1 + half**2)
        return sine if name == "sin_i" else sine**2

    def domain(self, key: str, own: Mapping[str, Interval]) -> Interval:
        """The interval of an independent number. Raises KeyError for one that has none."""
        name = key.split(" ", 1)[0]
        return own[name] if name in own else DOMAINS[name]

    def point(self, values: Mapping[str, Fraction]) -> Point:
        """The point of the model that independent numbers stand for; what does not occur stands at a plain value."""
        planes = tuple(self._plane(values, j) for j in range(self.sizes.d))
        numbers = {n: x for n, x in values.items() if " " not in n}
        given = {n: x for n, x in DEFAULTS.items() if n not in self.path}
        return Point(self.sizes.D, self.sizes.k, self.sizes.d, {**given, **numbers}, planes, self.path)

    def _plane(self, values: Mapping[str, Fraction], j: int) -> Plane:
        lam = values.get("lambda_i 1" if self.one_variance else f"lambda_i {j + 1}", Fraction(1))
        lam_s = values.get(f"lambda_s_i {j + 1}", Fraction(0))
        if j >= self.sizes.k or j >= self.sizes.positive:
            return Plane(lam, Fraction(int(j >= self.sizes.k)), lam_s)
        half = values.get(f"half_i {j + 1}")
        if half is not None:
            return Plane(lam, (2 * half / (1 + half**2)) ** 2, lam_s, half)
        return Plane(lam, values.get(f"s_i {j + 1}", Fraction(0)), lam_s)
