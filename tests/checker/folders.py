"""Folders of results with certificates, written by hand."""

import json
from pathlib import Path
from typing import Any

from tiny import claim, fraction

from checker import axioms
from checker.catalogue import FORMAT, Answer, Catalogue, digest


def step(
    relation: str, right: Any, evidence: Any = ("closed",), form: str = "normal form", **facts: Any
) -> dict[str, Any]:
    return {"relation": relation, "right": right, "evidence": list(evidence), "form": form, "facts": facts}


def sealed(made: dict[str, Any], evidence: list[Any]) -> dict[str, Any]:
    hashed = digest(made)
    return {"format": FORMAT, "claim": made, "hash": hashed, "evidence": evidence, "seal": digest([hashed, evidence])}


def lemmas(items: Any) -> list[str]:
    """What lemmas are called as reasons."""
    return [f"{item['result']}, {item['chain']}" for item in items]


def grant(folder: Path) -> None:
    """Axioms that grant every claim in a result's folder all that it uses, by its own first reason."""
    claims = [json.loads(path.read_text())["claim"] for path in folder.glob("certificates/*.json")]
    reasons = {}
    for made in claims:
        planes = {"planes": axioms.by_name(made["under"]["planes"])}
        reasons[made["reasons"][0]] = {"needs": made["needs"], "cites": made["cites"], **made["under"], **planes}
    model: dict[str, Any] = {"meanings": {}, "domains": {}, "constant": [], "steady": {}, "still": {}}
    made = {"format": axioms.FORMAT, "model": model, "reasons": reasons}
    (folder / "axioms.json").write_text(json.dumps(made))


def write(root: Path, result: str, symbols: Any = (), **chains: tuple[Any, list[dict[str, Any]]]) -> Path:
    """A result with these chains: each a start and its steps."""
    folder = root / result / "certificates"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    proof = []
    for name, (start, steps) in chains.items():
        left, lines = start, []
        for i, x in enumerate(steps):
            by = [f"{result}, {name}, {i + 1}", *lemmas(x["facts"].get("lemmas", ()))]
            facts = {"step": i + 1, "result": result, "chain": name, "reasons": by, **x["facts"]}
            made = sealed(claim(left, x["relation"], x["right"], x["form"], **facts), x["evidence"])
            (folder / f"{name}.{i + 1}.json").write_text(json.dumps(made))
            lines.append(
                {
                    "relation": x["relation"],
                    "expression": x["right"],
                    "by": "; ".join(f"`{x}`" for x in by),
                    "certificate": made["seal"],
                }
            )
            left = x["right"]
        proof.append({"name": name, "start": start, "steps": lines})
    cites = {name: "" for _, steps in chains.values() for x in steps for name in x["facts"].get("cites", ())}
    record = {"id": result, "symbols": dict(symbols), "proof": proof, "cites": cites, "values": []}
    (folder.parent / "result.json").write_text(json.dumps(record))
    grant(folder.parent)
    return folder


def two(root: Path) -> Path:
    """y = 2 + x - 2 = x, and x + x <= 3 x."""
    return write(
        root, "one", {"x": {"domain": "nonnegative"}},
        first=(["Add", "x", 2, -2], [step("=", "x"), step("=", ["Multiply", 1, "x"])]),
        second=(["Add", "x", "x"], [step("=", ["Multiply", 2, "x"]), step("<=", ["Multiply", 3, "x"], [fraction(("1",
            {"x": 1}))], "certificate", domains={"x": "nonnegative"})]),
    )  # fmt: skip


def change(path: Path, *where: Any, to: Any) -> None:
    """Another value at one place of a JSON file."""
    value = json.loads(path.read_text())
    inner = value
    for part in where[:-1]:
        inner = inner[part]
    inner[where[-1]] = to
    path.write_text(json.dumps(value))


def reseal(path: Path) -> str:
    """Hash and seal of a certificate as they must be, after a change; the seal."""
    made = json.loads(path.read_text())
    path.write_text(json.dumps(sealed(made["claim"], made["evidence"])))
    grant(path.parent.parent)
    return str(json.loads(path.read_text())["seal"])


def answers(root: Path, result: str = "one") -> list[Answer]:
    return list(Catalogue(root).check(result))


def reasons(root: Path, result: str = "one") -> list[str]:
    return [answer.reason for answer in answers(root, result)]
