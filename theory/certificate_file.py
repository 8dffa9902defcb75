"""Certificates as files: a step's claim, its hash, and the evidence that the independent checker accepts, sealed.

The checker is the package `checker`, which shares no code with the kernel. What it would refuse is never written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from checker.catalogue import FORMAT, digest
from checker.claim import Lemma
from checker.trees import Refused, tree
from theory.certificate_claim import claim_of, reference
from theory.certificate_finder import Finder
from theory.chain import Chain, Link
from theory.expr import Expr
from theory.json_tree import to_json
from theory.scope import bound_chains, given_names


class Writer:
    """Writes certificates; remembers the lemmas, which most chains share."""

    def __init__(self) -> None:
        self._lemmas: dict[int, tuple[Chain, Lemma]] = {}

    def certificate(self, chain: Chain, number: int) -> dict[str, Any]:
        """The certificate of step `number` of a chain. Raises Refused when the checker finds no way through."""
        claim = json.loads(json.dumps(claim_of(chain, number)))
        chains = {tuple(reference(x).values()): x for x in _chains(chain.links[number - 1])}
        finder = Finder(claim, lambda item: self._lemma(chains[item["result"], item["chain"], item["steps"]]))
        finder.check()
        hashed = digest(claim)
        seal = digest([hashed, finder.found])
        return {"format": FORMAT, "claim": claim, "hash": hashed, "evidence": finder.found, "seal": seal}

    def _lemma(self, chain: Chain) -> Lemma:
        """What the checker will find in the chain's own certificates."""
        if id(chain) not in self._lemmas:
            conditions: list[Expr] = []
            for link in chain.links:
                conditions += link.rule.facts(chain.model).conditions
            under = [self._lemma(x) for link in chain.links for x in _chains(link)]
            stated = [tree(to_json(x)) for x in conditions] + [x for one in under for x in one.conditions]
            ends = tree(to_json(chain.start)), tree(to_json(chain.end))
            made = Lemma(*ends, chain.relation, tuple(dict.fromkeys(stated)), bool(given_names(chain)))
            self._lemmas[id(chain)] = chain, made
        return self._lemmas[id(chain)][1]


def _chains(link: Link) -> list[Chain]:
    """The chains that a step rests on: its lemmas, and the bounds of an integral's end at infinity."""
    granted = [chain for part in link.rule.parts if part.grants for chain in part.basis]
    return [chain for chain in (*granted, *bound_chains(link)) if isinstance(chain, Chain)]


def certificates(chains: Sequence[Chain]) -> dict[tuple[str, int], dict[str, Any]]:
    """The certificate of every step that has one, by the chain's name and the step's number."""
    writer, found = Writer(), {}
    for chain in chains:
        for number in range(1, len(chain.links) + 1):
            try:
                found[chain.name, number] = writer.certificate(chain, number)
            except Refused:  # the step goes without one, and whoever checks the folder is told so
                continue
    return found


def file_name(chain: int, made: dict[str, Any]) -> str:
    """Where a certificate lies in its result's folder: by the chain's number and name, and the step."""
    words = re.sub(r"[^a-z0-9]+", "-", made["claim"]["chain"].lower()).strip("-")[:48].strip("-")
    return f"certificates/{chain:02d}-{words}.{made['claim']['step']}.json"


def as_text(made: dict[str, Any]) -> str:
    """The file's text: one line, in ASCII."""
    return json.dumps(made) + "\n"
