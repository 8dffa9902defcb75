"""What may stand in a claim at all: names, sizes, and tables that fit each other. Nothing is decided here.

The readers make names of their own, with spaces and signs in them, and tell letters apart by name alone; so nothing
that could be taken for one of those, and no letter in two sizes, ever reaches them.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from checker.trees import NAME, RANGES, SCALAR, VARIABLES, Tree, head, letters, names, need, shape, walk

SIZES = frozenset({"D", "d", "k"})
DOMAINS = frozenset({"positive", "nonnegative", "unit", "inner"})
LOG_DENSITIES = frozenset({"log_p", "log_q"})
NAMED = ("definitions", "meanings", "letters", "means", "given", "pins")


def require_vocabulary(under: dict[str, Any]) -> None:
    """Names are names, domains are known, and what stands for something has its size."""
    tables = [under[x] for x in (*NAMED, "domains", "rates", "steady", "still")] + [*under["rates"].values()]
    listed = [*under["orders"], under["constant"], under["covariances"], *under["steady"].values()]
    for name in [x for part in (*tables, *listed, *under["still"].values()) for x in part]:
        need(name in VARIABLES or (isinstance(name, str) and NAME.fullmatch(name)), f"{str(name)[:40]} is no name")
    need(set(under["domains"].values()) <= DOMAINS, "a domain that is not known")
    replaced = {old for old, _ in under["replacements"]}
    need(not VARIABLES & replaced.union(*(under[x] for x in NAMED)), "a difference of dimensions is named")
    for name, value in (*under["definitions"].items(), *under["meanings"].items()):
        need(shape(value) == SCALAR and not list(letters(value)), f"{name} is an abbreviation of no numbers")
        need(not LOG_DENSITIES & (names(value) | {name}), f"{name} hides a log-density")
    meant = {n for x in ("definitions", "meanings") for n, value in under[x].items() if value != n}
    for table in under["rates"].values():
        need(all(shape(x) == SCALAR for x in table.values()), "a rate that is no number")
        need(not meant & set(table), "a rate of what is written out, which has its own")
    for table in (*under["steady"].values(), *under["rates"].values()):
        need(not LOG_DENSITIES & set(table), "a log-density is steady, or has a rate")
    for name, value in (*under["definitions"].items(), *under["meanings"].items(), *under["replacements"]):
        counts = value[1:] if head(value) == "Add" else [value]
        plain = all(x in VARIABLES | SIZES or (isinstance(x, int) and x > 0) for x in counts)
        need(plain or name not in SIZES, f"{name}, a number of planes, is given as something else")
    for name in set(under["domains"]) & set(under["meanings"]):
        plain = lies(under["meanings"][name], under["domains"][name], under["domains"])
        need(plain, f"{name} has a domain, and stands for something else")
    for old, _ in under["replacements"]:
        need(isinstance(old, str) or list(letters(old)), "numbers that are replaced")
        need(old not in under["domains"], f"{old}, a variable with a domain, is replaced")
    for table in under["steady"].values():  # the reader takes cos_i^2 + sin_i^2 = 1
        need(("cos_i" in table) == ("sin_i" in table), "of cos_i and sin_i one alone is steady")
    for table in under["rates"].values():
        turning = {x: table[x] for x in ("cos_i", "sin_i") if x in table}
        along = {"cos_i": ("Negate", "sin_i"), "sin_i": "cos_i"}
        need(turning.items() <= along.items(), "cos_i and sin_i that leave the circle")


def lies(value: Tree, domain: str, domains: dict[str, str]) -> bool:
    """Whether a value is a power of a variable of this domain."""
    match value:
        case ("Power", str(x), int(n)) if n > 0:
            return domains.get(x) == domain
    return False


def require_sizes(under: dict[str, Any], kinds: dict[str, Tree]) -> None:
    """What letters, products of letters, means and moments are said to be has their size."""
    sizes = {name: tuple(x[3:]) for name, x in kinds.items()}
    for old, new in under["replacements"]:
        need(shape(old) == shape(new), "a replacement of another size")
        need(dict(under["replacements"])[old] == new, "something is replaced in two ways")
    for name, value in under["letters"].items():
        need(sizes.get(name, shape(value)) == shape(value), f"{name} stands for something of another size")
        plain = kinds.get(name, ("", "", "gen"))[2] == "gen" or agree(value, value)
        need(plain, f"{name} is symmetric, and stands for what is not plainly so")
    for name, value in under["means"].items():
        need(sizes.get(name, shape(value)) == shape(value), f"a mean of another size than {name}")
    for (a, b), value in under["moments"].items():
        columns = [(rows, "1") for rows in shape(value)]
        need([sizes.get(a, columns[0]), sizes.get(b, columns[1])] == columns, "a moment of other columns than these")
    fixed = set(under["constant"])
    for (a, b), value in under["moments"].items():
        need(agree(value, under["moments"].get((b, a), ("Transpose", value))), "a moment and its transpose differ")
    need(not fixed & set(under["means"]).union(*under["moments"]), "a constant with a mean or a moment")
    for value in (*under["means"].values(), *under["moments"].values()):
        need({x[1] for x in letters(value)} <= fixed, "a mean or a moment that is random")
    for word, right in under["rewrites"]:
        ends = [word_sizes(x, sizes) for x in word]
        if None not in ends:
            need(all(a[1] == b[0] for a, b in pairwise(ends)), "a word of sizes that differ")
            need(shape(right) == (ends[0][0], ends[-1][1]), "a word is rewritten in another size")


def agree(one: Tree, other: Tree) -> bool:
    """Whether two matrices are plainly each other's transposes."""

    def turned(t: Tree) -> Tree:
        match t:
            case ("Transpose", x):
                return x
            case ("Letter", _, "sym", *_) | ("Identity", _):
                return t
            case ("Zero", rows, cols):
                return ("Zero", cols, rows)
            case ("MatrixMultiply", *factors):
                return ("MatrixMultiply", *map(turned, reversed(factors)))
            case ("Add" | "Negate" as kind, *terms):
                return (kind, *map(turned, terms))
            case ("Inverse", x):
                return ("Inverse", turned(x))
            case ("Multiply" | "Divide" as kind, *factors):
                return (kind, *(x if shape(x) == SCALAR else turned(x) for x in factors))
        return ("Transpose", t)

    return bool(turned(one) == other or turned(other) == one)


def word_sizes(part: str, sizes: dict[str, Any]) -> Any:
    """Rows and columns of X, X', X^-1; None for a letter that the claim does not hold, which no word then holds."""
    name = part.removesuffix("'").removesuffix("^-1")
    need(NAME.fullmatch(name), f"{name[:40]} is no name")
    if name not in sizes:
        return None
    need("^-1" not in part or sizes[name][0] == sizes[name][1], f"{name} has no inverse")
    return sizes[name][::-1] if part.endswith("'") else sizes[name]


def require_bound(under: dict[str, Any], trees: list[Tree], more: set[str]) -> set[str]:
    """A variable that a derivative or an integral binds stands for nothing, and what is steady does not lead to it."""
    spelled = {x[1] for x in letters([trees, under])}
    bound = more | {x[2] for t in trees for x in walk(t) if head(x) in ("D", "Integrate")}
    taken = {old for old, _ in under["replacements"]}.union(*(under[x] for x in NAMED if x != "pins"))
    for v in bound:
        need(v not in taken, f"{v} varies, and stands for something")
        need(v not in spelled, f"{v} is both a variable and a letter")
        need(under["rates"].get(v, {}).get(v, 1) == 1, f"{v} has another rate than one in itself")
    if any(x[:2] == ("Sum", "lost") for t in trees for x in walk(t) if head(x) == "Sum"):
        need(under["meanings"].get("d") == ("Add", "k", "d - k"), "planes are lost, and d need not exceed k")
    return bound


def require_planes(planes: Any, kinds: dict[str, Tree]) -> None:
    """Each class's blocks have its sizes."""
    for c in planes["classes"] if planes else ():
        need(c["over"] in (None, *RANGES), "a class over no range")
        need(all(type(n) is int and n >= 0 for n in c["sizes"].values()), "a block of no size")
        inside = set().union(*map(names, (c["count"], *c["blocks"].values())))
        need(
            c["over"] or not any(x.endswith("_i") for x in inside),
            "a variable of one plane in another class",
        )
        for name, x in c["blocks"].items():
            need(name in kinds, f"a block of {name}, which nothing mentions")
            need(
                shape(x) == tuple(str(c["sizes"].get(n, n)) for n in kinds[name][3:]),
                f"a block of another size than {name}",
            )
