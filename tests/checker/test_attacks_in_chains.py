"""False conclusions from several claims, each of which would pass by itself: the catalogue refuses the whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from attack_claims import attempt, claim, letter, plain, shelved, square_of, use, vector

from checker.catalogue import Catalogue

X, Y, A = vector("x"), vector("y"), letter("A")
SQUARE = ["Power", "x", 2]
W = letter("W")
OUTER = ["MatrixMultiply", X, ["Transpose", X]]
ROOT = ["Sqrt", SQUARE]


def mean(x: Any) -> list[Any]:
    return ["Expectation", x]


def chain(*steps: dict[str, Any]) -> list[dict[str, Any]]:
    return list(steps)


PINNED = {"definitions": {"y": SQUARE}, "pins": {"y": SQUARE}}
CHAINS: list[tuple[str, str, dict[str, list[dict[str, Any]]]]] = [
    (
        "a name that is pinned, then steady",
        "steady",
        {
            "main": chain(
                claim(["D", SQUARE, "x"], ["D", "y", "x"], **PINNED),
                claim(["D", "y", "x"], 0, steady={"x": ["y"]}),
            )
        },
    ),
    (
        "a name that is given, then steady",
        "steady",
        {
            "main": chain(
                claim(["D", "y", "x"], 0, steady={"x": ["y"]}, given={"y": SQUARE}),
                claim(0, 0),
            )
        },
    ),
    (
        "a name that a lemma replaces, then steady",
        "steady",
        {
            "lemma": chain(claim(SQUARE, "y", replacements=[["y", SQUARE]])),
            "main": chain(claim(["D", SQUARE, "x"], 0, lemmas=[use("lemma")], steady={"x": ["y"]})),
        },
    ),
    (
        "a random name, by a lemma",
        "stands for letters",
        {
            "lemma": chain(claim(square_of(X), "w", replacements=[["w", square_of(X)]])),
            "main": chain(claim(mean(square_of(X)), "w", lemmas=[use("lemma")])),
        },
    ),
    (
        "a random letter that becomes a constant",
        "constant",
        {
            "main": chain(
                claim(mean(OUTER), mean(W), letters={"W": OUTER}),
                claim(mean(W), W, constant=["W"]),
            )
        },
    ),
    (
        "constant in a lemma, random in the claim",
        "constant",
        {
            "lemma": chain(claim(mean(X), X, constant=["x"])),
            "main": chain(claim(["Zero", "D", "1"], mean(X), means={"x": ["Zero", "D", "1"]}),
                          claim(mean(X), X, lemmas=[use("lemma")])),
        },
    ),
    (
        "a domain that only the lemma has",
        "lemma alone says",
        {
            "lemma": chain(claim(ROOT, "x", form="root", domains={"x": "positive"})),
            "main": chain(claim(ROOT, "x", lemmas=[use("lemma")])),
        },
    ),
    (
        "a derivative in what a lemma fixes",
        "stands for",
        {
            "lemma": chain(claim(["Add", SQUARE, "y"], ["Add", 1, "y"], replacements=[["x", 1]])),
            "main": chain(claim(["D", ["Add", SQUARE, "y"], "x"], 0, steady={"x": ["y"]}, lemmas=[use("lemma")])),
        },
    ),
    (
        "steady in a lemma, moving in the claim",
        "a lemma's is another",
        {
            "lemma": chain(claim(["D", "y", "x"], 0, steady={"x": ["y"]})),
            "main": chain(claim(["D", "y", "x"], 0, lemmas=[use("lemma")], rates={"x": {"y": 1}})),
        },
    ),
    (
        "a lemma up to no step",
        "up to no step",
        {
            "lemma": chain(claim("x", "x")),
            "main": chain(claim(1, 0, lemmas=[use("lemma", 0)])),
        },
    ),
    (
        "a domain that widens along a chain",
        "domains",
        {
            "main": chain(
                claim(["Power", "x", 2], ["Power", "x", 2], domains={"x": "positive"}),
                claim(["Power", "x", 2], ["Power", "x", 2], domains={"x": "inner"}),
            )
        },
    ),
    (
        "an inequality as a rewrite",
        "rewrites nothing",
        {
            "lemma": chain(claim(["Add", "x", 1], "x", ">=", "certificate", domains={"x": "positive"})),
            "main": chain(claim(["Add", "x", 1], "x", lemmas=[use("lemma")], domains={"x": "positive"})),
        },
    ),
    (
        "a name with two meanings",
        "two meanings|is another|was another",
        {
            "main": chain(
                claim("w", 1, definitions={"w": 1}, pins={"w": 1}),
                claim(1, "w", definitions={"w": 1}, pins={"w": 1}),
                claim("w", 2, definitions={"w": 2}, pins={"w": 2}),
            )
        },
    ),
    (
        "a definition that nobody gave",
        "not pinned",
        {"main": chain(claim("w", 1, definitions={"w": 1}))},
    ),
    (
        "an upper bound after a lower one",
        "may not follow",
        {
            "main": chain(
                claim("x", 0, ">=", "certificate", domains={"x": "positive"}),
                claim(0, "x", "<=", "certificate", domains={"x": "positive"}),
            )
        },
    ),
    (
        "another meaning of a name by a replacement in a later step",
        "was another",
        {
            "main": chain(
                claim(1, "w", replacements=[["w", 1]]),
                claim("w", 2, replacements=[["w", 2]]),
            )
        },
    ),
    (
        "a moment that changes along a chain",
        "was another",
        {
            "main": chain(
                claim(["Zero", "D", "D"], mean(OUTER), moments=[["x", "x", ["Zero", "D", "D"]]]),
                claim(mean(OUTER), ["Identity", "D"], moments=[["x", "x", ["Identity", "D"]]]),
            )
        },
    ),
    (
        "a condition of the lemma that the claim does not have",
        "nothing says",
        {
            "lemma": chain(claim(["Divide", ["Multiply", "x", "y"], "y"], "x", conditions=["y"])),
            "main": chain(claim(["Divide", ["Multiply", "x", "y"], "y"], "x", lemmas=[use("lemma")])),
        },
    ),
    (
        "a symmetric letter that was a product",
        "not plainly so",
        {
            "main": chain(
                claim(["MatrixMultiply", A, W], letter("S", kind="sym"), letters={"S": ["MatrixMultiply", A, W]}),
                claim(letter("S", kind="sym"), ["Transpose", letter("S", kind="sym")]),
            )
        },
    ),
    (
        "a name that exists only where the signal does",
        "may vanish",
        {
            "lemma": chain(
                claim(
                    ["Multiply", "alpha", "y"], 1, replacements=[["y", ["Divide", 1, "alpha"]]], conditions=["alpha"],
                    domains={"alpha": "nonnegative"},
                )
            ),
            "main": chain(
                claim(["Multiply", "alpha", "y"], 1, lemmas=[use("lemma")], domains={"alpha": "nonnegative"})
            ),
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("why", "chains"), [x[1:] for x in CHAINS], ids=[x[0] for x in CHAINS])
def test_false_chain_is_refused(tmp_path: Path, why: str, chains: dict[str, list[dict[str, Any]]]) -> None:
    reason = shelved(tmp_path, chains)
    assert reason, "accepted"
    assert re.search(why, reason) and "malformed" not in reason, reason


def test_true_chain_is_accepted(tmp_path: Path) -> None:
    """The attacks fail for what is false in them, not for how they are built."""
    positive = {"domains": {"x": "positive"}}
    chains = {
        "lemma": chain(claim(ROOT, "x", form="root", **positive)),
        "main": chain(
            claim(["Divide", ROOT, "x"], ["Divide", "x", "x"], lemmas=[use("lemma")], **positive),
            claim(["Divide", "x", "x"], 1, **positive),
        ),
    }
    assert shelved(tmp_path, chains) == ""


def test_theorem_that_the_record_does_not_cite(tmp_path: Path) -> None:
    below = claim(
        ["Ln", "x"], ["Add", "x", ["Negate", 1]], "<=", "certificate", cites=["log bounds"], domains={"x": "positive"}
    )
    assert shelved(tmp_path / "one", {"main": chain(below)}) == "the record does not cite what the claim does"
    assert shelved(tmp_path / "two", {"main": chain(below)}, cites=["log bounds"]) == ""


def test_value_that_no_chain_leads_to(tmp_path: Path) -> None:
    assert shelved(tmp_path, {"main": chain(claim("x", "x"))}) == ""
    path = tmp_path / "attack" / "result.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**record, "values": [{"name": "headline", "closed": 7}]}), encoding="utf-8")
    (answer,) = Catalogue(tmp_path).check("attack")
    assert answer.reason == "a value that no chain leads to or from"


def test_power_without_end() -> None:
    made = claim("x", 0, ">=", "certificate", domains={"x": "positive"})
    assert attempt(made, evidence=[plain([["1", {"x": 10**12}]])]) == "an unknown name"
