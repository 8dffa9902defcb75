"""Whether a claim has a value everywhere: each denominator, root and logarithm on its own."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

from numerics.claim_point import NoValue, Point, holds_everywhere, sign
from numerics.claim_setting import Setting, settings
from numerics.refuting import Search, Values
from theory.claim_proof import ClaimProver
from theory.claims import Claim, wanted
from theory.expr import Expr, num, symbols
from theory.text import text

Place = tuple[str, Point]
OPEN = {"!=": "may be 0", ">": "may not be positive", ">=": "may be negative"}
FOUND = {"!=": "is 0", ">": "is not positive", ">=": "is negative"}
STARTS = 40


def undefined(claim: Claim, until: float, seed: int) -> tuple[list[str], Place | None]:
    """What is not certainly in range, in words, and a point at which something is not, if one was found.

    What stands in a condition has to be defined everywhere; what stands in the claim, where the conditions hold.
    """
    asked = [(tree, True) for tree in (claim.left, claim.right)]
    asked += [(tree, False) for one, _, two in claim.where for tree in (one, two)]
    wishes = dict.fromkeys((*wish, conditioned) for side, conditioned in asked for wish in wanted(side))
    left: list[str] = []
    for tree, relation, conditioned in wishes:
        about = replace(
            claim,
            kind="relation",
            left=tree,
            relation=relation,
            right=num(0),
            where=claim.where if conditioned else (),
        )
        place = _place(about, min(until, monotonic() + 0.05), seed)
        if place is None and ClaimProver(about, lambda: monotonic() > until).holds(tree, relation) is None:
            place = _place(about, min(until, monotonic() + 1.0), seed)
            left += [f"{text(tree)} {OPEN[relation]}"] if place is None else []
        if place is not None:
            return [], place
    return left, None


def _place(claim: Claim, until: float, seed: int) -> Place | None:
    """A point that meets the conditions and at which `left` is out of range."""
    tree, relation = claim.left, claim.relation
    for setting in settings(claim):
        search = Search(
            setting.question(setting.out.everywhere(tree)[0], relation),
            lambda values, setting=setting: _is_out(claim, setting, values),  # type: ignore[misc]
            lambda: monotonic() > until,
            seed,
        )
        seen = search.run(STARTS)
        if seen.failure is not None:
            return f"not defined: {text(tree)} {FOUND[relation]}", setting.out.point(seen.failure)
    return None


def _is_out(claim: Claim, setting: Setting, values: Values) -> bool:
    """From scratch: the conditions hold and the value is out of range; of one direction, the first."""
    point = setting.out.point(values)
    single = any(name.endswith("_i") for name in symbols(claim.left)) and point.planes
    here = replace(point, planes=point.planes[:1]) if single and not _has_sum(claim.left) else point
    try:
        met = all(holds_everywhere(one, relation, two, point) for one, relation, two in claim.where)
        found = sign(claim.left, here)
    except (NoValue, ArithmeticError):
        return False
    return met and found is not None and {"!=": found == 0, ">": found <= 0, ">=": found < 0}[claim.relation]


def _has_sum(tree: Expr) -> bool:
    return any(_has_sum(kid) for kid in tree.children) or tree.head == "sum"
