"""All certificates below one folder: each is bound to its result's record, and to the lemmas that it rests on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from checker.axioms import Axioms
from checker.claim import Claim, Lemma
from checker.context import kept, require_context, require_own
from checker.trees import Refused, Tree, names, need, tree

FORMAT = "latentreuse-certificate/1"
FIELDS = {"format", "claim", "hash", "evidence", "seal"}
MAY_FOLLOW = {"=": {"=", "<=", ">="}, "<=": {"=", "<="}, ">=": {"=", ">="}}
FAULTS = (OSError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError, MemoryError)
NARROWER = {"nonnegative": "positive", "unit": "inner"}


class Answer(NamedTuple):
    """What was found for one step, or for a file that belongs to none; an empty reason means accepted."""

    result: str
    chain: str
    step: int
    reason: str


def reason_of(fault: BaseException) -> str:
    """One line for a refusal, and for whatever a malformed file made fail."""
    text = str(fault) if isinstance(fault, Refused) else f"malformed, {type(fault).__name__}: {fault}"
    return "".join(ascii(c)[1:-1] for c in text[:200])


def read(path: Path) -> Any:
    """A JSON file that lies there itself, none of whose tables says a thing twice."""
    need(path.is_file() and not path.is_symlink(), "no file, or a link")

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a table with a key that stands twice")
        return dict(pairs)

    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=table)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def within(kind: str, mine: Any, other: Any) -> bool:
    """Whether what is said is the same as what another says, or a domain that lies in the other."""
    return bool(mine == other or (kind == "domains" and NARROWER.get(other) == mine))


def rests_on(claim: dict[str, Any]) -> list[Any]:
    """What a claim names of other chains: its lemmas, and the bounds of an integral's end at infinity."""
    return [*claim["lemmas"], *claim["parts"].get("bound", ())]


class Catalogue:
    """The results below a folder: each a folder of its own with `result.json`, `axioms.json` and the folder
    `certificates`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.records: dict[str, dict[str, Any]] = {}
        self.files: dict[str, dict[tuple[str, int], Any]] = {}
        self.strays: dict[str, list[Answer]] = {}
        self.answers: dict[tuple[str, str, int], str] = {}
        self.lemmas: dict[tuple[str, str, int], Lemma] = {}
        self.meaning: dict[tuple[str, str, int], dict[str, Tree]] = {}
        self.facts: dict[tuple[str, str, int], dict[Any, Any]] = {}
        self.open: set[tuple[str, str, int]] = set()

    def ids(self) -> list[str]:
        """The results, by name."""
        return sorted(path.parent.name for path in self.root.glob("*/result.json"))

    @cached_property
    def axioms(self) -> Axioms:
        """What the results take for granted; of one whose file cannot be read no reason is known."""
        made = Axioms()
        for result in self.ids():
            try:
                made.add(result, read(self.root / result / "axioms.json"))
            except FAULTS as fault:
                made.unread[result] = reason_of(fault)
        return made

    def granted(self) -> str:
        """How many reasons the axioms name, and the hash of all that they say."""
        made = self.axioms
        seal = digest([made.models, made.reasons])
        return f"granted {len(made.reasons)} reasons (axioms {seal[:16]})"

    def readable(self, result: str, path: Path) -> dict[str, Any]:
        """A certificate with a place; of a file that is none, the reason is kept."""
        try:
            made = read(path)
            need(type(made["claim"]["step"]) is int and isinstance(made["claim"]["chain"], str), "a claim of no step")
        except FAULTS as fault:
            self.strays[result].append(Answer(result, path.name, 0, reason_of(fault)))
            return {}
        return dict(made)

    def record(self, result: str) -> dict[str, Any]:
        """A result's record; its certificates are read with it. A file that cannot be read answers for no step."""
        if result not in self.records:
            need(result in self.ids(), "a result that is no folder here")
            folder = self.root / result
            need(not folder.is_symlink() and not (folder / "certificates").is_symlink(), "a folder that is a link")
            record = read(folder / "result.json")
            need(record["id"] == result, "the record of another result")
            self.files[result], self.strays[result] = {}, []
            steps = {(chain["name"], n + 1) for chain in record["proof"] for n in range(len(chain["steps"]))}
            for path in sorted((folder / "certificates").glob("*.json")):
                if made := self.readable(result, path):
                    key = (made["claim"]["chain"], made["claim"]["step"])
                    if key not in steps:
                        self.strays[result].append(Answer(result, path.name, 0, "a certificate of no step here"))
                    self.files[result][key] = made if key not in self.files[result] else None
            self.records[result] = record
        return self.records[result]

    def check(self, result: str) -> Iterator[Answer]:
        """Every step of every chain of a result's proof, in its order; then what lies beside them."""
        try:
            steps = [
                (chain["name"], n + 1) for chain in self.record(result)["proof"] for n in range(len(chain["steps"]))
            ]
            need(steps, "a record without a step")
            self.require_values(self.record(result))
        except FAULTS as fault:
            yield Answer(result, "result.json", 0, reason_of(fault))
            return
        for name, step in steps:
            yield Answer(result, name, step, self.answer(result, name, step))
        if result in self.axioms.unread:
            yield Answer(result, "axioms.json", 0, self.axioms.unread[result])
        yield from self.strays[result]

    def require_values(self, record: dict[str, Any]) -> None:
        """Every formula that a record states is where one of its chains starts or ends."""
        ends = [x for chain in record["proof"] for x in (chain["start"], chain["steps"][-1]["expression"])]
        for value in record["values"]:
            stated = [value[x] for x in ("closed", "evaluated") if x in value]
            need(all(x in ends for x in stated), "a value that no chain leads to or from")

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
            except FAULTS as fault:
                self.answers[key] = reason_of(fault)
        return self.answers[key]

    def decide(self, result: str, chain: str, step: int) -> None:
        """Accepts one step silently, or raises."""
        record = self.record(result)
        made: Any = self.files[result].get((chain, step))
        need(made, "no certificate, or more than one")
        need(set(made) == FIELDS and made["format"] == FORMAT, "fields of another format")
        claim = made["claim"]
        need(digest(claim) == made["hash"], "the hash is that of another claim")
        need(digest([made["hash"], made["evidence"]]) == made["seal"], "the seal is that of other evidence")
        self.bind(record, claim, made["seal"])
        self.axioms.require(claim)
        before = self.answer(result, chain, step - 1) if step > 1 else ""
        need(not before, "the step before is not accepted")
        checked = Claim(claim, list(made["evidence"]), self.lemma)
        self.meaning[result, chain, step] = self.names_of(checked)
        found = self.facts[result, chain, step] = self.facts_of(checked)
        require_context(checked, found, self.meaning[result, chain, step])
        checked.check()

    def bind(self, record: dict[str, Any], claim: dict[str, Any], seal: str) -> None:
        """The claim is the step that the result's record prints, in a chain whose relations may follow one another."""
        (chain,) = (x for x in record["proof"] if x["name"] == claim["chain"])
        number = claim["step"]
        need(claim["result"] == record["id"] and number > 0, "a claim of another result")
        lines = [chain["start"], *(x["expression"] for x in chain["steps"])]
        step = chain["steps"][number - 1]
        need(claim["left"] == lines[number - 1] and claim["right"] == lines[number], "the record has another line")
        need(claim["relation"] == step["relation"], "the record has another relation")
        need("; ".join(claim["reasons"]) == step["by"].replace("`", ""), "the record has another reason")
        need(step.get("certificate") == seal, "the record has another certificate")
        relation = "="
        for x in chain["steps"][:number]:
            need(x["relation"] in MAY_FOLLOW[relation], "a relation that may not follow the one before")
            relation = relation if x["relation"] == "=" else x["relation"]
        need(set(claim["cites"]) <= set(record["cites"]), "the record does not cite what the claim does")
        need(claim["form"] != "solves" or number == 1, "an equation is solved for what the chain starts with")
        for name, domain in claim["under"]["domains"].items():
            known = record["symbols"].get(name, {}).get("domain")
            need(known is None or known == domain, f"the record has another domain for {name}")
        for name, meaning in claim["under"]["meanings"].items():
            known = record["symbols"].get(name, {}).get("definition", meaning)
            need(known == meaning, f"the record has another meaning of {name}")

    def names_of(self, claim: Claim) -> dict[str, Tree]:
        """What names stand for in a chain so far and in its lemmas: one thing each, and none leads back to itself."""
        own, number = claim.claim, claim.claim["step"]
        parts = [self.meaning[own["result"], own["chain"], number - 1]] if number > 1 else []
        parts += [claim.under["given"], claim.under["pins"]]
        if own["form"] == "solves":
            parts.append({claim.left if isinstance(claim.left, str) else claim.left[1]: claim.right})
        for item in rests_on(own):
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
        """What the tables say in a chain so far and in its lemmas: one thing of each name. A domain lies in a lemma's,
        and along a chain the narrower one counts."""
        own, under, number = claim.claim, claim.under, claim.claim["step"]
        found: dict[Any, Any] = {("meaning", name): x for name, x in under["meanings"].items()}
        for kind in ("domains", "letters", "means", "moments"):
            found |= {(kind, name): x for name, x in under[kind].items()}
        found |= {("rate", v, name): x for v, table in under["rates"].items() for name, x in table.items()}
        found |= {("replacement", old): new for old, new in under["replacements"]}
        found |= {("word", word): x for word, x in under["rewrites"]} | kept(claim)
        for c in under["planes"]["classes"] if under["planes"] else ():
            found["class", c["name"]] = (c["sizes"], c["count"], c["over"])
            found |= {("block", c["name"], name): x for name, x in c["blocks"].items()}
        for name, x in under["definitions"].items():
            need(x == name or {**under["given"], **under["pins"]}.get(name) == x, f"{name} is defined and not pinned")
        for part in (self.facts[x["result"], x["chain"], x["steps"]] for x in rests_on(own)):
            require_own(claim, part)
            for key, value in part.items():
                need(within(key[0], found.setdefault(key, value), value), f"{key}: a lemma's is another")
        for key, value in self.facts[own["result"], own["chain"], number - 1].items() if number > 1 else ():
            mine = found.setdefault(key, value)
            if within(key[0], value, mine):
                found[key] = value
            else:
                need(within(key[0], mine, value), f"{key} was another")
        return found

    def lemma(self, item: dict[str, Any]) -> Lemma:
        """A chain up to one of its steps, all of which must be accepted."""
        key = (item["result"], item["chain"], item["steps"])
        if key not in self.lemmas:
            need(type(key[2]) is int and key[2] > 0, "a lemma up to no step")
            reason = self.answer(*key)
            need(not reason, f"it rests on {key[0]}, {key[1]}, which is not accepted: {reason}")
            made = [self.files[key[0]][key[1], n]["claim"] for n in range(1, key[2] + 1)]
            under = [self.lemma(x) for claim in made for x in rests_on(claim)]
            stated = [tree(x) for claim in made for x in claim["under"]["conditions"]]
            stated += [x for one in under for x in one.conditions]
            replaced = any(isinstance(old, str) for x in made for old, _ in x["under"]["replacements"])
            named = replaced or any(claim["under"]["given"] or claim["form"] == "solves" for claim in made)
            relation = next((claim["relation"] for claim in made if claim["relation"] != "="), "=")
            named = named or any(one.named for one in under)
            ends = tree(made[0]["left"]), tree(made[-1]["right"])
            self.lemmas[key] = Lemma(*ends, relation, tuple(dict.fromkeys(stated)), named)
        return self.lemmas[key]
