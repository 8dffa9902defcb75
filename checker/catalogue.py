"""All certificates below one folder: each is bound to its result's record, and to the lemmas that it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from checker.claim import Claim, Lemma
from checker.trees import Refused, Tree, names, need, tree

FORMAT = "latentreuse-certificate/1"
FIELDS = {"format", "claim", "hash", "evidence", "seal"}
MAY_FOLLOW = {"=": {"=", "<=", ">="}, "<=": {"=", "<="}, ">=": {"=", ">="}}
FAULTS = (Refused, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, OSError)
WEAKER = {"nonnegative": "positive", "unit": "inner"}


class Answer(NamedTuple):
    """What was found for one step; an empty reason means accepted."""

    result: str
    chain: str
    step: int
    reason: str


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Catalogue:
    """The results below a folder: each a folder of its own with `result.json` and the folder `certificates`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.records: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[tuple[str, int], Any]] = {}
        self.answers: dict[tuple[str, str, int], str] = {}
        self.lemmas: dict[tuple[str, str, int], Lemma] = {}
        self.meaning: dict[tuple[str, str, int], dict[str, Tree]] = {}
        self.facts: dict[tuple[str, str, int], dict[Any, Any]] = {}
        self.open: set[tuple[str, str, int]] = set()

    def ids(self) -> list[str]:
        """The results, by name."""
        return sorted(path.parent.name for path in self.root.glob("*/result.json"))

    def record(self, result: str) -> dict[str, Any]:
        """A result's record; its certificates are read with it. A file that cannot be read answers for no step."""
        if result not in self.records:
            need(result in self.ids(), "a result that is no folder here")
            folder = self.root / result
            record = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            need(record["id"] == result, "a record of another result")
            self.records[result] = record
            self.files[result] = {}
            for path in sorted((folder / "certificates").glob("*.json")):
                try:
                    made = json.loads(path.read_text(encoding="utf-8"))
                    key = (made["claim"]["chain"], made["claim"]["step"])
                except (ValueError, LookupError, TypeError):
                    continue
                self.files[result][key] = made if key not in self.files[result] else None
        return self.records[result]

    def check(self, result: str) -> Iterator[Answer]:
        """Every step of every chain of a result's proof, in its order."""
        for chain in self.record(result)["proof"]:
            for step in range(1, len(chain["steps"]) + 1):
                yield Answer(result, chain["name"], step, self.answer(result, chain["name"], step))

    def answer(self, result: str, chain: str, step: int) -> str:
        """Why a step is not accepted; empty if it is."""
        key = (result, chain, step)
        if key not in self.answers:
            if key in self.open:
                return "it rests on itself"
            self.open.add(key)
            try:
                self.decide(result, chain, step)
                self.answers[key] = ""
            except FAULTS as reason:
                self.answers[key] = str(reason) or type(reason).__name__
            self.open.discard(key)
        return self.answers[key]

    def decide(self, result: str, chain: str, step: int) -> None:
        """Accepts one step silently, or raises."""
        record = self.record(result)
        made: dict[str, Any] = self.files[result].get((chain, step)) or {}
        need(made, "no certificate, or more than one")
        need(set(made) == FIELDS and made["format"] == FORMAT, "fields of another format")
        claim = made["claim"]
        need(digest(claim) == made["hash"], "the hash is that of another claim")
        need(digest([made["hash"], made["evidence"]]) == made["seal"], "the seal is that of other evidence")
        self.bind(record, claim, made["seal"])
        before = self.answer(result, chain, step - 1) if step > 1 else ""
        need(not before, "the step before is not accepted")
        checked = Claim(claim, list(made["evidence"]), self.lemma)
        self.meaning[result, chain, step] = self.names_of(checked)
        self.facts[result, chain, step] = self.facts_of(checked)
        checked.check()

    def bind(self, record: dict[str, Any], claim: dict[str, Any], seal: str) -> None:
        """The claim is the step that the result's record prints, in a chain whose relations may follow one another."""
        (chain,) = (x for x in record["proof"] if x["name"] == claim["chain"])
        number = claim["step"]
        need(claim["result"] == record["id"] and type(number) is int and number > 0, "a claim of another result")
        lines = [chain["start"], *(x["expression"] for x in chain["steps"])]
        step = chain["steps"][number - 1]
        need(claim["left"] == lines[number - 1] and claim["right"] == lines[number], "the record has another line")
        need(claim["relation"] == step["relation"], "the record has another relation")
        need(step.get("certificate") == seal, "the record has another certificate")
        relation = "="
        for x in chain["steps"][:number]:
            need(x["relation"] in MAY_FOLLOW[relation], "a relation that may not follow the one before")
            relation = relation if x["relation"] == "=" else x["relation"]
        need(claim["form"] != "solves" or number == 1, "an equation is solved for what the chain starts with")
        for name, domain in claim["under"]["domains"].items():
            known = record["symbols"].get(name, {}).get("domain")
            need(known is None or known == domain, f"the record has another domain for {name}")

    def names_of(self, claim: Claim) -> dict[str, Tree]:
        """What names stand for in a chain so far and in its lemmas: one thing each, and none leads back to itself."""
        own, number = claim.claim, claim.claim["step"]
        parts = [self.meaning[own["result"], own["chain"], number - 1]] if number > 1 else []
        parts += [claim.under["given"], claim.under["pins"]]
        if own["form"] == "solves":
            parts.append({claim.left if isinstance(claim.left, str) else claim.left[1]: claim.right})
        for item in (*own["lemmas"], *own["parts"].get("bound", ())):
            self.lemma(item)
            parts.append(self.meaning[item["result"], item["chain"], item["steps"]])
        taken = set(claim.under["domains"]) | set(claim.under["meanings"])
        need(not taken & set(claim.under["given"]), "a name of the model's is given another meaning")
        found: dict[str, Tree] = {}
        for name, value in ((n, x) for part in parts for n, x in part.items()):
            need(found.setdefault(name, value) == value, f"{name} is given two meanings")
        inner = {name: names(value) & set(found) - ({name} & {value}) for name, value in found.items()}
        while inner:
            ready = [name for name, used in inner.items() if not used & set(inner)]
            need(ready, "names are given in a circle")
            inner = {name: used for name, used in inner.items() if name not in ready}
        return found

    def facts_of(self, claim: Claim) -> dict[Any, Any]:
        """What the tables say, in a chain so far and in its lemmas: one thing of each name. What a lemma takes a symbol's
        domain to be, the claim takes it to be."""
        own, under, number = claim.claim, claim.under, claim.claim["step"]
        found: dict[Any, Any] = {("meaning", name): x for name, x in under["meanings"].items()}
        for kind in ("domains", "letters", "means"):
            found |= {(kind, name): x for name, x in under[kind].items()}
        found |= {("rate", v, name): x for v, table in under["rates"].items() for name, x in table.items()}
        found |= {("replacement", old): new for old, new in under["replacements"] if isinstance(old, str)}
        found |= {("word", word): x for word, x in under["rewrites"]} | {("moment", ab): x for ab, x in under["moments"].items()}
        for c in under["planes"]["classes"] if under["planes"] else ():
            found["class", c["name"]] = (c["sizes"], c["count"], c["over"])
            found |= {("block", c["name"], name): x for name, x in c["blocks"].items()}
        for name, x in under["definitions"].items():
            need(x == name or {**under["given"], **under["pins"]}.get(name) == x, f"{name} is defined and not pinned")
        used = names(claim.left) | names(claim.right)
        parts = [self.facts[own["result"], own["chain"], number - 1]] if number > 1 else []
        parts += [self.facts[x["result"], x["chain"], x["steps"]] for x in (*own["lemmas"], *own["parts"].get("bound", ()))]
        for key, value in ((key, x) for part in parts for key, x in part.items()):
            weaker = key[0] == "domains" and value == WEAKER.get(found.get(key, ""))
            need(found.setdefault(key, value) == value, f"{key} is taken to be two things")
        return found

    def lemma(self, item: dict[str, Any]) -> Lemma:
        """A chain up to one of its steps, all of which must be accepted."""
        key = (item["result"], item["chain"], item["steps"])
        if key not in self.lemmas:
            reason = self.answer(*key)
            need(not reason, f"it rests on {key[0]}, {key[1]}, which is not accepted: {reason}")
            made = [self.files[key[0]][key[1], n]["claim"] for n in range(1, key[2] + 1)]
            under = [self.lemma(x) for claim in made for x in (*claim["lemmas"], *claim["parts"].get("bound", ()))]
            stated = [tree(x) for claim in made for x in claim["under"]["conditions"]]
            stated += [x for one in under for x in one.conditions]
            named = any(claim["under"]["given"] or claim["form"] == "solves" for claim in made)
            relation = next((claim["relation"] for claim in made if claim["relation"] != "="), "=")
            named = named or any(one.named for one in under)
            ends = tree(made[0]["left"]), tree(made[-1]["right"])
            self.lemmas[key] = Lemma(*ends, relation, tuple(dict.fromkeys(stated)), named)
        return self.lemmas[key]
