"""Shipped certificates with one thing changed: none passes as it lies there or resealed, and no false one forged.

A forger changes file, hash, seal and the result's record alike, so that the mathematics alone can refuse. What it then
accepts must be true: the claim is as it was, or numbers at random points say so, or the kernel does.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from claim_values import Numbers
from tampering import Shelf, Tampered, Tamperer, at, same, sealed

import derivations
from theory import kernel
from theory.assumptions import Assumptions
from theory.json_tree import from_json

LABELS = ("chain", "reasons", "needs", "cites")
Property = Callable[[str, object], None]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf()


def by_kernel(tampered: Tampered, claim: dict[str, Any]) -> str:
    """What the kernel, which shares nothing with the checker, says of the changed lines under the step's own reason."""
    result, name, step = tampered.key
    chains = derivations.load(result).derive(Assumptions.default()).chains
    (chain,) = (x for x in chains if x.name.replace("`", "") == name)
    try:
        link = replace(chain.links[step - 1], expr=from_json(claim["right"]), relation=claim["relation"])
        kernel._decide(from_json(claim["left"]), link, chain.model)
    except (ValueError, ArithmeticError, LookupError, TypeError) as reason:
        return f"undecided by the kernel, {type(reason).__name__}"
    return "true by the kernel"


def truth(tampered: Tampered, made: dict[str, Any], before: dict[str, Any]) -> str:
    """Whether a forged claim that was accepted is true, and how that is known."""
    claim = made["claim"]
    changed = {name for name in claim if name not in before or not same(claim[name], before[name])}
    changed |= set(before) - set(claim)
    if changed <= set(LABELS):
        return "as it was" if not changed else "as it was, under another title or label"
    found = Numbers(claim).holds()
    if found.startswith("undecided") and changed & {"left", "right"}:
        found = by_kernel(tampered, claim)
    what = "lines changed" if changed & {"left", "right", "relation"} else "tables changed"
    return f"{what}: {found}"


def layers(shelf: Shelf, seed: int, count: int) -> dict[str, Counter[str]]:
    """How often each layer refused, and what is known of what the last accepted."""
    tamperer, seen = Tamperer(shelf.base, seed), {name: Counter[str]() for name in ("as it is", "resealed", "forged")}
    for _ in range(count):
        tampered = tamperer.draw()
        seen["as it is"][shelf.decide(tampered.key, tampered.made)] += 1
        made = sealed(tampered.made)
        seen["resealed"][shelf.decide(tampered.key, made)] += 1
        why = shelf.decide(tampered.key, made, shelf.forged(tampered.key, made))
        before = shelf.base.files[tampered.key[0]][tampered.key[1:]]["claim"]
        answer = f"accepted, {truth(tampered, made, before)}" if not why else "refused"
        assert "false" not in answer, (tampered.key, tampered.where, at(made, tampered.where[:-1]))
        seen["forged"][answer] += 1
    return seen


def require(seen: dict[str, Counter[str]], count: int, record_property: Property) -> None:
    for name, counter in seen.items():
        assert sum(counter.values()) == count
        record_property(name, dict(counter))
        print(
            f"\n{name}: {count - counter['']} of {count} refused" if name != "forged" else f"\n{name}: {dict(counter)}"
        )
    assert not seen["as it is"][""] and not seen["resealed"][""]
    assert all(why.startswith(("the hash", "the seal", "no certificate", "fields")) for why in seen["as it is"])
    assert not any(why.startswith(("the hash", "the seal")) for why in seen["resealed"])
    forged = seen["forged"]
    assert forged["refused"] > 0.8 * count
    decided = sum(n for why, n in forged.items() if "lines changed" in why and "undecided" not in why)
    undecided = sum(n for why, n in forged.items() if "lines changed" in why and "undecided" in why)
    assert undecided <= 0.05 * (decided + undecided)


def test_a_sample(shelf: Shelf, record_property: Property) -> None:
    require(layers(shelf, 11, 400), 400, record_property)


@pytest.mark.campaign
def test_ten_thousand(shelf: Shelf, record_property: Property) -> None:
    require(layers(shelf, 12, 10_000), 10_000, record_property)


@pytest.mark.parametrize("field", ["format", "hash", "seal"])
def test_the_seal_itself(shelf: Shelf, field: str) -> None:
    """What is not in the claim or its evidence: format, hash and seal, and a field too many or too few."""
    tamperer = Tamperer(shelf.base, 3)
    for key in tamperer.rng.choices(tamperer.keys, tamperer.weights, k=20):
        made = tamperer.made(key)
        text = made[field]
        for other in (text[1:] + text[0], text.upper(), "", None, 7, [text]):
            assert shelf.decide(key, {**made, field: other})
        assert shelf.decide(key, {name: x for name, x in made.items() if name != field})
        assert shelf.decide(key, {**made, "more": text})


def test_the_numbers_agree_with_what_is_shipped(shelf: Shelf) -> None:
    """The second opinion finds no shipped claim false, and has a number for more than half of them."""
    tamperer, seen = Tamperer(shelf.base, 0), Counter[str]()
    for key in tamperer.keys[::3]:
        seen[Numbers(tamperer.made(key)["claim"]).holds().split(",")[0]] += 1
    assert not seen["false"] and not seen["vacuous"] and seen["true"] > seen["undecided"]
