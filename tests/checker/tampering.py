"""Changes one thing in a shipped certificate and asks the checker: as it lies there, resealed, forged throughout."""

import copy
import json
import random
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from checker.catalogue import Catalogue, digest
from checker.trees import ARITY, MANY

ROOT = Path(__file__).resolve().parents[2] / "derivations"
TREES = ("left", "right")
HEADS = {"Add": "Multiply", "Multiply": "Add", "Ln": "Sqrt", "Sqrt": "Ln", "Min": "Max", "Transpose": "Inverse"}
STRINGS = {
    "domains": ("positive", "nonnegative", "unit", "inner", "real"),
    "relation": ("=", "<=", ">="),
    "form": ("normal form", "certificate", "cases", "optimum", "root", "spectral", "triangle", "antiderivative"),
    "grants": ("rewrite", "replacement", "inverse", "Gram"),
    "cites": ("log bounds", "Gram", "linear ODE", "Bures-Wasserstein"),
    "evidence": ("same", "closed", "opened", "certificate", "parts", "square", "nonnegative", "nonpositive"),
    "over": ("target", "pairs", "lost"),
}  # fmt: skip
Path_ = tuple[Any, ...]
Key = tuple[str, str, int]


class Tampered(NamedTuple):
    """A certificate in which one thing was changed, and where."""

    key: Key
    where: Path_
    made: dict[str, Any]


def at(value: Any, path: Path_) -> Any:
    for part in path:
        value = value[part]
    return value


def nodes(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The way to every part."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from nodes(inner, (*path, key))


def same(one: Any, two: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(two, sort_keys=True)


def symbols(value: Any) -> Iterator[str]:
    """The names in trees as lists, letters' sizes among them."""
    for inner in value if isinstance(value, list) else ():
        yield from symbols(inner)
        if isinstance(inner, str) and inner not in {*ARITY, *MANY}:
            yield inner


def is_tree(value: Any) -> bool:
    return type(value) is int or (isinstance(value, list) and bool(value) and str(value[0]) in {*ARITY, *MANY})


class Tamperer:
    """Draws changes, the same for the same seed; small certificates more often."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self.catalogue, self.rng = catalogue, random.Random(seed)
        self.keys = [(r, *key) for r in catalogue.ids() if catalogue.record(r) for key in sorted(catalogue.files[r])]
        self.weights = [1 / len(json.dumps(self.made(key))) for key in self.keys]

    def made(self, key: Key) -> dict[str, Any]:
        return self.catalogue.files[key[0]][key[1:]]

    def draw(self) -> Tampered:
        """One change: half of them in the two lines, the others in any other field that holds something."""
        while True:
            (key,) = self.rng.choices(self.keys, self.weights)
            made = copy.deepcopy(self.made(key))
            field = self.rng.choice(self.fields(made))
            where = self.rng.choice([path for path in nodes(at(made, field), field) if len(path) > 1 or path != field])
            names = sorted(
                set(symbols([made["claim"][name] for name in TREES])) | set(made["claim"]["under"]["domains"])
            )
            new = self.changed(at(made, where), where, names or ["x"])
            if not same(new, at(made, where)):
                at(made, where[:-1])[where[-1]] = new
                return Tampered(key, where, made)

    def fields(self, made: dict[str, Any]) -> list[Path_]:
        claim = made["claim"]
        if self.rng.random() < 0.5:
            return [("claim", name) for name in TREES]
        if self.rng.random() < 0.3:
            return [("evidence",)] if made["evidence"] else [("claim", "reasons")]
        names = ("result", "chain", "step", "relation", "form", "reasons", "parts", "needs", "cites", "lemmas")
        found = [("claim", name) for name in names if claim[name]]
        return found + [("claim", "under", name) for name, value in claim["under"].items() if value]

    def changed(self, value: Any, where: Path_, names: list[str]) -> Any:
        """Another value of the same kind, and of another kind now and then."""
        if self.rng.random() < 0.02:
            return self.rng.choice([None, True, 1.5, "x", [], {}, -7])
        match value:
            case dict():
                return self.table(dict(value), names)
            case list():
                return self.listed(list(value))
            case str():
                return self.word(value, where, names)
            case int():
                wrapped = ["Negate", value]
                return self.rng.choice([value + 1, value - 1, -value, 2 * value, 0, wrapped, self.rng.choice(names)])
        return {}

    def table(self, value: dict[str, Any], names: list[str]) -> dict[str, Any]:
        if not value:
            return {self.rng.choice(names): 1}
        key, other = self.rng.choice(list(value)), self.rng.choice(list(value))
        match self.rng.randrange(4):
            case 0:
                del value[key]
            case 1:
                value[self.rng.choice(names)] = value.pop(key)
            case 2:
                value[key], value[other] = value[other], value[key]
            case 3:
                value[self.rng.choice(names)] = value[key]
        return value

    def listed(self, value: list[Any]) -> Any:
        tree = is_tree(value)
        if tree and self.rng.random() < 0.3:
            return ["Negate", value] if value[0] != "Negate" else value[1]
        first = int(tree)
        if len(value) <= first:
            return [*value, 1]
        i, j = self.rng.randrange(first, len(value)), self.rng.randrange(first, len(value))
        match self.rng.randrange(5):
            case 0:
                del value[i]
            case 1:
                value.insert(i, value[j])
            case 2:
                value[i], value[j] = value[j], value[i]
            case 3:
                return value[i] if tree else value[::-1]
            case 4:
                value[0] = HEADS.get(value[0], "Negate") if tree else value[j]
        return value

    def word(self, value: str, where: Path_, names: list[str]) -> Any:
        if value.lstrip("-").replace("/", "").isdigit():
            return self.rng.choice([f"-{value}", f"{value}1", "0", "1"])
        for part in reversed(where):
            if part in STRINGS:
                return self.rng.choice(STRINGS[part])
        if where[-1] == 0 and value in HEADS:
            return HEADS[value]
        return self.rng.choice(
            [self.rng.choice(names), ["Negate", value], ["Power", value, 2], value + "_", value[:-1]]
        )


def sealed(made: dict[str, Any]) -> dict[str, Any]:
    """The same with hash and seal as they must be."""
    hashed = digest(made["claim"])
    return {**made, "hash": hashed, "seal": digest([hashed, made["evidence"]])}


def joined(reasons: Any) -> str:
    """The reasons as a record prints them, whatever was made of them."""
    return "; ".join(map(str, reasons if isinstance(reasons, list) else [reasons]))


class Shelf:
    """The shipped results, and what the checker says when one certificate is exchanged."""

    def __init__(self) -> None:
        self.base = Catalogue(ROOT)

    @cached_property
    def ids(self) -> list[str]:
        return self.base.ids()

    def decide(self, key: Key, made: dict[str, Any], record: dict[str, Any] | None = None) -> str:
        """Why the step is not accepted when this lies in the place of its certificate."""
        result, chain, step = key
        claim, base = made["claim"], self.base
        own = {k: x for k, x in base.files[result].items() if k != key[1:]}
        place = claim.get("chain"), claim.get("step")
        asked = (result, str(place[0]), step) if record else key
        if isinstance(place[0], str) and type(place[1]) is int:
            own[place] = None if place in own else made
        shown = Catalogue(ROOT)
        shown.records = base.records if record is None else {**base.records, result: record}
        shown.files = {**base.files, result: own}
        assert not base.answer(*key)
        shown.meaning, shown.lemmas, shown.facts = dict(base.meaning), dict(base.lemmas), dict(base.facts)
        shown.answers = {k: x for k, x in base.answers.items() if k != key}
        if asked[1] != chain:  # a chain by another name: its earlier steps are what they were
            for n in range(1, step):
                shown.answers[result, asked[1], n] = ""
                shown.meaning[result, asked[1], n] = shown.meaning[result, chain, n]
                shown.facts[result, asked[1], n] = shown.facts[result, chain, n]
        return shown.answer(*asked)

    def forged(self, key: Key, made: dict[str, Any]) -> dict[str, Any]:
        """The result's record as it would be if this were its certificate."""
        result, chain, step = key
        claim, under = made["claim"], made["claim"]["under"]
        record = copy.deepcopy(self.base.records[result])
        (own,) = (x for x in record["proof"] if x["name"] == chain)
        before, line = own["steps"][step - 2] if step > 1 else own, own["steps"][step - 1]
        own["name"] = claim["chain"]
        before["expression" if step > 1 else "start"] = claim["left"]
        line |= {"expression": claim["right"], "relation": claim["relation"], "by": joined(claim["reasons"])}
        line["certificate"] = made["seal"]
        for name, entry in record["symbols"].items():
            for table, field in (("domains", "domain"), ("meanings", "definition")):
                if field in entry and isinstance(under[table], dict) and name in under[table]:
                    entry[field] = under[table][name]
        return record
