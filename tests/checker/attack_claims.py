"""False claims in the certificates' format, each by itself: what a dishonest writer would try."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from folders import grant, sealed
from folders import lemmas as named

from checker.catalogue import Catalogue
from checker.claim import Claim, Lemma
from checker.trees import tree
from theory.certificate_finder import Finder

EMPTY = {
    "definitions": {}, "meanings": {}, "domains": {}, "conditions": [], "positive": [], "letters": {}, "rewrites": [],
    "replacements": [], "means": {}, "moments": [], "rates": {}, "steady": {}, "still": {}, "constant": [],
    "orders": [], "covariances": [], "planes": None, "given": {}, "pins": {},
}  # fmt: skip


def claim(
    left: Any,
    right: Any,
    relation: str = "=",
    form: str = "normal form",
    *,
    parts: Any = None,
    cites: Any = (),
    lemmas: Any = (),
    step: int = 1,
    **under: Any,
) -> dict[str, Any]:
    """A claim whose tables are empty but for what is named here."""
    assert set(under) <= set(EMPTY), under
    return {
        "result": "attack", "chain": "attack", "step": step, "left": left, "relation": relation, "right": right,
        "form": form, "reasons": ["attack"], "parts": parts or {}, "needs": [], "cites": list(cites),
        "lemmas": list(lemmas),
        "under": {**EMPTY, **under},
    }  # fmt: skip


def lemma(first: Any, last: Any, relation: str = "=", conditions: Any = (), named: bool = False) -> Lemma:
    """A lemma as the catalogue would hand it over."""
    return Lemma(tree(first), tree(last), relation, tuple(map(tree, conditions)), named)


def attempt(made: dict[str, Any], lemmas: dict[str, Lemma] | None = None, evidence: list[Any] | None = None) -> str:
    """Why a claim is refused, with this evidence or with any that the finder finds; empty when it is accepted."""

    def granted(item: Any) -> Lemma:
        return (lemmas or {})[item["chain"]]

    try:
        if evidence is None:
            finder = Finder(made, granted)
            finder.check()
            evidence = finder.found
        Claim(made, list(evidence), granted).check()
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError) as reason:
        return str(reason) or type(reason).__name__
    return ""


def require_refused(made: dict[str, Any], why: str) -> None:
    """No evidence that the finder finds makes a claim pass, and the reason is this."""
    reason = attempt(made)
    assert reason, "accepted"
    assert re.search(why, reason), reason


def letter(name: str, rows: str = "D", cols: str = "D", kind: str = "gen") -> list[str]:
    return ["Letter", name, kind, rows, cols]


def vector(name: str) -> list[str]:
    return letter(name, "D", "1")


def square_of(x: Any) -> list[Any]:
    return ["MatrixMultiply", ["Transpose", x], x]


def minus(x: Any, y: Any) -> list[Any]:
    return ["Add", x, ["Negate", y]]


def plain(terms: Any, below: Any = (("1", {}),), free: Any = ()) -> dict[str, Any]:
    """A shifted fraction as evidence."""
    return {"free": list(free), "numerator": [list(x) for x in terms], "denominator": [list(x) for x in below]}


def shelved(root: Path, chains: dict[str, list[dict[str, Any]]], symbols: Any = None, cites: Any = ()) -> str:
    """Why the catalogue refuses the last of these chains of claims, with any evidence that the finder finds."""
    (root / "attack" / "certificates").mkdir(parents=True)
    record: dict[str, Any] = {"id": "attack", "symbols": symbols or {}, "cites": cites, "values": [], "proof": []}
    for name, steps in chains.items():
        lines: list[Any] = []
        record["proof"].append({"name": name, "start": steps[0]["left"], "steps": lines})
        for number, made in enumerate(steps, 1):
            by = [f"attack, {name}, {number}", *named(made["lemmas"])]
            made |= {"chain": name, "step": number, "reasons": by}
            finder = Finder(made, Catalogue(root).lemma)
            try:
                finder.check()
            except (ValueError, ArithmeticError, LookupError) as reason:
                return str(reason)
            certificate = sealed(made, finder.found)
            step = {"relation": made["relation"], "expression": made["right"], "by": "; ".join(made["reasons"])}
            lines.append({**step, "certificate": certificate["seal"]})
            place = root / "attack" / "certificates" / f"{len(record['proof'])}-{number}.json"
            place.write_text(json.dumps(certificate), encoding="utf-8")
            (root / "attack" / "result.json").write_text(json.dumps(record), encoding="utf-8")
            grant(root / "attack")
    return next((x.reason for x in Catalogue(root).check("attack") if x.reason), "")


def use(chain: str, steps: int = 1, grants: str = "replacement") -> dict[str, Any]:
    """A reference to a lemma among the chains."""
    return {"result": "attack", "chain": chain, "steps": steps, "grants": grants}
