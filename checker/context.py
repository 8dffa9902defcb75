"""What the tables of a chain and of its lemmas say together, against what one claim takes to vary, stay or be known.

A claim by itself sees its own tables alone. What a name stands for elsewhere in the chain, or in a lemma, it still
stands for here: a list that calls such a name fixed has to call fixed all that it leads to.
"""

from __future__ import annotations

from typing import Any

from checker.claim import Claim
from checker.trees import Tree, letters, names, need
from checker.vocabulary import LOG_DENSITIES, lies

STANDS = ("meaning", "replacement", "letters")


def kept(claim: Claim) -> dict[Any, Any]:
    """Which letters a claim takes to be constant or still, and which of its names to be steady."""
    claim.symmetric()
    under, seen = claim.under, said(claim)
    found: dict[Any, Any] = {("constant", x): x in under["constant"] for x in {*claim.kinds, *under["constant"]}}
    for v in claim.bound("D", "Integrate") | set(under["steady"]) | set(under["still"]):
        rates = under["rates"].get(v, {})
        for kind, known in (("still", set(claim.kinds)), ("steady", (seen | set(rates)) - set(claim.kinds))):
            table = {*under[kind].get(v, ()), *(x for x in rates if rates[x] == 0)}
            found |= {(kind, v, x): x in table for x in {*table, *known} - {v}}
    return found


def said(claim: Claim) -> set[str]:
    """The names in what a claim says."""
    return set().union(*map(names, claim.lines))


def require_own(claim: Claim, lemma: dict[Any, Any]) -> None:
    """What a lemma takes a name to mean, and where it takes it to lie, the claim says itself if it has the name."""
    for kind, table in (("domains", claim.under["domains"]), ("meaning", claim.under["meanings"])):
        missing = {key[1] for key in lemma if key[0] == kind} & said(claim) - set(table)
        need(not missing, f"a lemma alone says what {min(missing, default='')} is")


def require_context(claim: Claim, found: dict[Any, Any], named: dict[str, Tree]) -> None:
    """Nothing that a claim takes to vary, stay or be a number stands for something else in its chain or a lemma."""
    stands = {key[1]: x for key, x in found.items() if key[0] in STANDS}
    stands |= {name: x for name, x in named.items() if x != name}

    def leads(name: str) -> set[str]:
        reached, fresh = set[str](), {name}
        while fresh:
            reached |= fresh
            fresh = set().union(*(names(stands[x]) for x in fresh if x in stands)) - reached
        return reached

    domains = {key[1]: x for key, x in found.items() if key[0] == "domains"}
    for name in domains.keys() & {key[1] for key in found if key[0] in ("meaning", "replacement")}:
        need(lies(stands[name], domains[name], domains), f"{name} has a domain, and stands for something else")
    for v in claim.bound("D", "Integrate"):
        need(v not in stands, f"{v} varies, and stands for something in the chain or a lemma")
    for kind in ("steady", "still"):
        for v, table in claim.under[kind].items():
            for name in table:
                need(v not in leads(name), f"{name} is {kind} in {v}, and leads to it")
    fixed = {key[1] for key, holds in found.items() if key[0] == "constant" and holds}
    random = {x[1] for value in stands.values() for x in letters(value)} - fixed
    for name in claim.under["constant"]:
        need(not leads(name) & random, f"{name} is constant, and leads to a letter that is not")
    own = {old for old, _ in claim.under["replacements"]}
    for name in said(claim) - own - set(claim.kinds) - LOG_DENSITIES:
        need(not leads(name) & random, f"{name} stands for letters that are not constant")
