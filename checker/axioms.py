"""What is granted without proof: the model and the named reasons that the results of a folder speak of.

Every result lies beside an `axioms.json`, which says in full what each of its reasons grants. A name grants one thing
in all of a folder, and no claim uses more than its model and its own reasons grant.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from checker.trees import VARIABLES, need

FORMAT = "latentreuse-axioms/1"
MODEL = {"meanings", "domains", "constant", "steady", "still"}
WHOLE = frozenset({"needs", "cites", "positive", "given", "pins"})  # of these a claim leaves nothing out
Entry = tuple[str, ...]


def entries(part: Any, *path: str) -> set[Entry]:
    """Every single thing that tables say: of a list its items, of a table what each name has there."""
    if isinstance(part, dict):
        return set().union(*(entries(x, *path, key) for key, x in part.items()))
    listed = len(path) == 1 or path[0] in ("steady", "still")
    return {(*path, json.dumps(x, sort_keys=True)) for x in (part if listed else [part])}


def by_name(planes: Any) -> dict[str, Any]:
    """The classes of directions of a claim by their names, and what couples the planes."""
    if planes is None:
        return {}
    classes = {c["name"]: {key: x for key, x in c.items() if key != "name"} for c in planes["classes"]}
    need(len(classes) == len(planes["classes"]) and "coupling" not in classes, "two classes of one name")
    return {"coupling": planes["coupling"], **classes}


def lemma_names(item: dict[str, Any]) -> set[str]:
    """What a lemma is called as a reason."""
    return {f"{item['result']}, {item['chain']}", f"a matrix with zero Gram matrix is zero ({item['chain']})"}


class Axioms:
    """The union of what the results of a folder call their axioms."""

    def __init__(self) -> None:
        self.models: list[Any] = []
        self.reasons: dict[str, list[Any]] = {}
        self.named: dict[str, set[str]] = {}
        self.unread: dict[str, str] = {}  # of results whose file cannot be read: why

    def add(self, result: str, made: Any) -> None:
        """One result's file."""
        need(set(made) == {"format", "model", "reasons"} and made["format"] == FORMAT, "axioms of another format")
        need(set(made["model"]) == MODEL, "a model of other tables")
        self.models += [] if made["model"] in self.models else [made["model"]]
        self.named[result] = set(made["reasons"])
        for name, grants in made["reasons"].items():
            known = self.reasons.setdefault(name, [])
            known += [] if grants in known else [grants]

    @cached_property
    def of_model(self) -> set[Entry]:
        need(len(self.models) == 1, "a folder with results of two models")
        return entries(self.models[0])

    def granted(self, name: str, result: str) -> set[Entry]:
        """What a reason grants, which is the same in all results that speak of it."""
        need(name in self.named.get(result, ()), f"no axiom here, and no lemma: {name}")
        need(len(self.reasons[name]) == 1, f"one result's axioms say another thing than another's: {name}")
        return entries(self.reasons[name][0])

    def require(self, claim: dict[str, Any]) -> None:
        """A claim uses what its model and its reasons grant, and says all that they ask for."""
        reasons, lemmas = set(claim["reasons"]), [lemma_names(item) for item in claim["lemmas"]]
        need(all(known & reasons for known in lemmas), "a lemma that is no reason of the step")
        granted = set().union(*(self.granted(name, claim["result"]) for name in reasons.difference(*lemmas)))
        granted |= {("cites", '"Gram"') for item in claim["lemmas"] if item["grants"] == "Gram"}
        under = {**claim["under"], "planes": by_name(claim["under"]["planes"])}
        mine = entries({"needs": claim["needs"], "cites": claim["cites"], **under})
        dimensions = {x for x in mine if x[0] == "steady" and json.loads(x[-1]) in VARIABLES}
        more, less = mine - dimensions - granted - self.of_model, {x for x in granted if x[0] in WHOLE} - mine
        need(not more, f"no reason grants it: {' '.join(min(more, default=()))[:120]}")
        need(not less, f"its reason says so, and the claim does not: {' '.join(min(less, default=()))[:120]}")
