"""What a result takes for granted, as data: its model, and each of its reasons with all that it grants.

The independent checker holds every claim against it (`checker/axioms.py`), and a reader finds in one place what is not
proved: `axioms.json` beside a result's other artefacts. It is written from the rules, not from the claims.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checker.axioms import FORMAT
from theory import symbols as S
from theory.certificate_claim import blocks_of, definitions_of, domains_of, json_trees, meanings_of, relations_of
from theory.chain import Chain
from theory.facts import Facts
from theory.json_tree import to_json
from theory.model import Model
from theory.rates import CONSTANTS, STILL
from theory.rules import Rule
from theory.text import plain


def axioms(chains: Iterable[Chain]) -> dict[str, Any]:
    """The model of these chains, and what each of their reasons grants.

    Raises ValueError when the chains are of two models, or when one name grants two things.
    """
    reasons: dict[str, Any] = {}
    models = {}
    for chain in chains:
        made = _model(chain.model)
        models[str(made)] = made
        for part in (part for link in chain.links for part in link.rule.parts if not part.grants):
            grants = granted(part, chain.model)
            if reasons.setdefault(plain(part.name), grants) != grants:
                raise ValueError(f"{chain.result}: two reasons are called {part.name}")
    if len(models) != 1:
        raise ValueError("chains of two models")
    return {"format": FORMAT, "model": next(iter(models.values())), "reasons": dict(sorted(reasons.items()))}


def _model(model: Model) -> dict[str, Any]:
    """What names stand for, where they lie, and what stays as another name varies."""
    return {
        "meanings": json_trees(meanings_of(model)),
        "domains": dict(sorted(domains_of(model, Facts()).items())),
        "constant": sorted(S.CONSTANT_LETTERS),
        "steady": {variable: sorted(names) for variable, names in sorted(CONSTANTS.items())},
        "still": {variable: sorted(letters) for variable, letters in sorted(STILL.items())},
    }


def granted(reason: Rule, model: Model) -> dict[str, Any]:
    """Everything that one reason grants in a model, table by table; tables that would be empty are left out."""
    own, domains = reason.facts(model), domains_of(model, Facts())
    tables: dict[str, Any] = {
        "needs": sorted(reason.needs),
        "cites": sorted(reason.cites),
        "definitions": json_trees(definitions_of(own, model)),
        "domains": {name: q for name, q in domains_of(model, own).items() if domains[name] != q},
        "conditions": [to_json(x) for x in own.conditions],
        "positive": [to_json(x) for x in reason.positive(model)],
        **relations_of(own),
        "rates": {variable: json_trees(table) for variable, table in sorted(own.derivations.items())},
        "orders": [list(order) for order in sorted(own.orders)],
        "covariances": sorted(own.covariances),
        "given": json_trees(own.defines),
        "pins": json_trees(own.pins),
        "planes": _planes(own, model),
    }
    return {name: table for name, table in tables.items() if table}


def _planes(own: Facts, model: Model) -> dict[str, Any]:
    """The classes of directions, or no more than the blocks that a reason adds to them."""
    if not own.planes and not own.variances:
        return {}
    planes = own.planes or model.planes()
    blocks = {b.name: {"blocks": blocks_of(b, planes, own.variances)} for b in planes.classes}
    if not own.planes:
        return blocks
    sizes = {b.name: {"sizes": b.sizes, "count": to_json(b.count), "over": b.over} for b in planes.classes}
    return {"coupling": to_json(planes.coupling)} | {name: sizes[name] | blocks[name] for name in blocks}


def as_text(part: Any, depth: int = 4) -> str:
    """The file's text, in ASCII: a line for each table of a reason, and for each name of the model."""
    if not (isinstance(part, dict) and part and depth):
        return json.dumps(part)
    inner = ",\n".join(f"{json.dumps(key)}: {as_text(x, depth - 1)}" for key, x in part.items())
    return "{\n" + inner.replace("\n", "\n ").join((" ", "\n")) + "}"
