"""Claims of a line or two, written by hand, and what the checker says of them."""

from collections.abc import Callable
from typing import Any

from checker.catalogue import FAULTS
from checker.claim import Claim, Lemma
from checker.trees import Refused, Tree, tree

TABLES = ("definitions", "meanings", "domains", "letters", "means", "given", "pins", "rates", "steady", "still")
LISTS = ("conditions", "positive", "rewrites", "replacements", "moments", "constant", "orders", "covariances")


def under(**facts: Any) -> dict[str, Any]:
    """What a claim may use: nothing but these facts."""
    return {**{name: {} for name in TABLES}, **{name: [] for name in LISTS}, "planes": None, **facts}


def claim(left: Any, relation: str, right: Any, form: str = "normal form", **facts: Any) -> dict[str, Any]:
    """The first step of a chain; `parts`, `cites`, `lemmas` and `step` are told apart from facts."""
    own = {
        "parts": {},
        "cites": [],
        "lemmas": [],
        "step": 1,
        "chain": "a chain",
        "result": "one",
        "needs": [],
        "reasons": [],
    }
    own |= {name: facts.pop(name) for name in list(facts) if name in own}
    return {**own, "left": left, "relation": relation, "right": right, "form": form, "under": under(**facts)}


def fraction(*terms: Any, over: Any = (("1", {}),), free: Any = ()) -> dict[str, Any]:
    """The evidence for a polynomial over another: pairs of a coefficient and its names' powers."""
    return {"free": list(free), "numerator": [list(x) for x in terms], "denominator": [list(x) for x in over]}


def lemma(first: Any, last: Any, relation: str = "=", conditions: Any = (), named: bool = False) -> Lemma:
    """A chain of accepted steps."""
    return Lemma(tree(first), tree(last), relation, tuple(map(tree, conditions)), named)


def reason(made: dict[str, Any], *evidence: Any, lemmas: dict[str, Lemma] | None = None) -> str:
    """Why the checker refuses; empty if it accepts."""
    try:
        Claim(made, list(evidence), lambda item: (lemmas or {})[item["chain"]]).check()
    except FAULTS as fault:
        return str(fault) or type(fault).__name__
    return ""


def letter(name: str, rows: str = "D", cols: str = "D", kind: str = "gen") -> list[str]:
    return ["Letter", name, kind, rows, cols]


def less(left: Any, right: Any) -> Tree:
    return ["Add", left, ["Negate", right]]


ONE = fraction(("1", {}))


def refusal(action: Callable[[], Any]) -> str:
    """The reason for which an action is refused."""
    try:
        action()
    except Refused as fault:
        return str(fault)
    raise AssertionError("not refused")
