"""What came of a claim: as text, as JSON, and as an object with a formula for notebooks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from latentreuse import faults
from latentreuse.claim_file import ClaimFile
from latentreuse.claim_point import as_table, as_toml, moved

if TYPE_CHECKING:
    from numerics.claim_point import Point
    from numerics.deciding import Outcome

CODES: Final = {
    "PROVED": faults.OK,
    "REFUTED": faults.REFUTED,
    "UNDECIDED": faults.UNDECIDED,
    "VACUOUS": faults.VACUOUS,
    "ERROR": faults.UNDEFINED,
}
MEANT: Final = {
    "VACUOUS": "no point of the model meets the conditions: nothing is claimed",
    "ERROR": "the claim has no value somewhere in its domain",
}


@dataclass(frozen=True)
class Judged:
    """A claim and its outcome. ``finding`` is PROVED, REFUTED, UNDECIDED, VACUOUS or ERROR."""

    said: ClaimFile
    outcome: "Outcome"

    @property
    def finding(self) -> str:
        """PROVED counts only when every quantity in the claim is proved."""
        word = self.outcome.finding.value
        return "UNDECIDED" if word == "PROVED" and self._weak() else word

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES[self.finding]

    def _weak(self) -> list[str]:
        return [f"{q.name} is {q.verdict}" for q in self.said.quantities if q.verdict != "PROVED"]

    @property
    def trust(self) -> str:
        """What has to be trusted: the claim's own evidence, then that of each quantity."""
        own = {"certificate": f"certificate {self.outcome.certificates}"}
        parts = [own.get(kind, kind) for kind in self.outcome.kinds] or ["-"]
        parts += [f"{q.name} from {q.result} ({q.verdict}: {q.trust})" for q in self.said.quantities]
        return "; ".join(parts)

    @property
    def how(self) -> str:
        """What carries the finding, in words."""
        return "; ".join([*self._weak(), self.outcome.how])

    @property
    def assumptions(self) -> list[str]:
        """Choices that narrow the setting, in words."""
        chosen = self.said.claim.assumptions
        return [f"{key} = {value}" for key, value in chosen.choices] + (
            [f"process = {chosen.process}"] if chosen.process else []
        )

    @property
    def sentences(self) -> list[str]:
        """The assumptions that the claim's symbols and quantities bring along, in words."""
        from theory.assumptions import DOMAIN_BELOW, DOMAIN_OF

        named, used = self.said.claim.named, {"sizes"}
        for tag, names in (*DOMAIN_BELOW.items(), *DOMAIN_OF.items()):
            used |= {tag} if named & names else set()
        used = used.union(*(quantity.needs for quantity in self.said.quantities))
        return self.said.claim.assumptions.sentences(frozenset(used))

    def point_toml(self) -> str | None:
        """The counterexample as a file for ``--at``."""
        point, then = self.outcome.point, self.outcome.moved
        if point is None:
            return None
        text = as_toml("point", as_table(point)) + _along(point)
        return text if then is None else f"{text}\n\n{as_toml('then', moved(point, then))}{_along(then)}"

    def as_json(self) -> dict[str, Any]:
        """The public format."""
        outcome, claim = self.outcome, self.said.claim
        table: dict[str, Any] = {
            "claim": self.said.words,
            "title": self.said.title,
            "where": list(self.said.where),
            "verdict": self.finding,
            "how": self.how,
            "trust": self.trust,
            "quantities": {q.name: {"result": q.result, "verdict": q.verdict} for q in self.said.quantities},
            "assumptions": {**dict(claim.assumptions.choices)},
            "process": claim.assumptions.process,
            "sentences": self.sentences,
            "symbols": {name: str(domain) for name, domain in claim.own.items()},
            "tried": list(outcome.tried),
        }
        if outcome.point is not None:
            table["point"] = as_table(outcome.point)
            table["point_toml"] = self.point_toml()
            table["values"] = values(self.said, outcome.point, outcome.moved)
        if outcome.moved is not None and outcome.point is not None:
            table["then"] = moved(outcome.point, outcome.moved)
        return table

    def __str__(self) -> str:
        return listing(self)

    def _repr_latex_(self) -> str:
        from theory.binding import shown

        claim = self.said.claim
        signs = {"<=": r"\le", ">=": r"\ge", "==": "="}
        try:
            left, right = shown(claim.left), shown(claim.right)
        except (KeyError, ValueError):  # a symbol of the claim's own has no LaTeX but its name
            return f"{self.said.words}: {self.finding}"
        if claim.kind != "relation":
            return f"{self.said.words}, where the expression is $\\displaystyle {left}$: {self.finding}"
        return rf"$\displaystyle {left} {signs.get(claim.relation, claim.relation)} {right}$ ({self.finding})"


def _along(point: "Point") -> str:
    """alpha and h along a process, as a comment."""
    from numerics.claim_point import exactly

    known = {name: exactly(tree, point) for name, tree in point.path.items() if name in ("alpha", "h")}
    told = [f"{name} = {value}" for name, value in known.items() if value is not None]
    return f"\n# {', '.join(told)}" if told else ""


def values(said: ClaimFile, point: "Point", then: "Point | None") -> dict[str, str]:
    """The two sides at a point, or the value at both."""
    from numerics.claim_point import NoValue, shown

    claim = said.claim

    def at(tree: Any, where: "Point") -> str:
        try:
            return shown(tree, where)
        except (NoValue, ArithmeticError) as reason:
            return f"no value ({reason})"

    if then is not None:
        return {"value": at(claim.left, point), "then": at(claim.left, then)}
    if claim.kind == "relation":
        return {"left": at(claim.left, point), "right": at(claim.right, point)}
    return {}


def listing(judged: Judged) -> str:
    """The outcome in a few lines."""
    said, outcome = judged.said, judged.outcome
    lines = [f"{judged.finding}: {said.title or said.words}"]
    lines += [f"  claim: {said.words}"] if said.title else []
    lines += [f"  where: {condition}" for condition in said.where]
    lines += [f"  symbol: {name} in {domain}" for name, domain in said.claim.own.items()]
    lines += [f"  assumptions: {', '.join(judged.assumptions) or 'the default'}"]
    lines += [f"  {MEANT[judged.finding]}"] if judged.finding in MEANT else []
    lines += [f"  by: {judged.how}", f"  trust: {judged.trust}"]
    if judged.finding == "UNDECIDED":
        lines += [f"  tried: {words}" for words in outcome.tried]
    text = judged.point_toml()
    if text is not None and outcome.point is not None:
        found = values(said, outcome.point, outcome.moved)
        lines += [f"  {name} = {value}" for name, value in found.items()]
        lines += ["", *text.splitlines()]
    return "\n".join(lines)
