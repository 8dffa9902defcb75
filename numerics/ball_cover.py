"""Positivity on a compact domain by ball arithmetic: the domain is cut into boxes, on each of which an enclosure of the
value lies above zero, or a condition certainly fails. Only strict positivity can be shown so."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq

from theory.claim_proof import FAILURES, ClaimProver, Proved
from theory.claims import Claim, oriented
from theory.goals import Interval
from theory.pieces import Piece, shared
from theory.piecewise import Prover, Shown
from theory.proving import Clock

MOST_BOXES = 40_000
BITS = 96
Box = dict[str, tuple[Fraction, Fraction]]


def shown_by_balls(claim: Claim, late: Clock) -> Proved | None:
    """A proof of a claimed inequality of which at least one piece is carried by balls; None where that fails."""
    tree, relation = oriented(claim.left, claim.relation, claim.right)
    if relation == "==":
        return None
    prover = ClaimProver(claim, late)
    try:
        found, _ = prover.pieces(tree)
        (option, *_) = shared(found)
        return _covered(option, prover.prover, relation == ">", late)
    except FAILURES:
        return None


def _covered(option: list[Piece], prover: Prover, strict: bool, late: Clock) -> Proved | None:
    total, boxes = Shown(), 0
    for piece in option:
        count = cover(piece, late)
        if count:
            boxes += count
            continue
        shown = prover.nonnegative(piece, strict=strict)
        if shown is None:
            return None
        total.join(shown)
    total.reasons.add("balls")
    return Proved(f"balls on {boxes} boxes, each with a positive margin", total) if boxes else None


def cover(piece: Piece, late: Clock) -> int:
    """How many boxes cover the domain, on each of which the piece is positive; 0 where that was not shown."""
    names = _free(piece)
    box = {name: _ends(piece.domains.get(name, Interval())) for name in names}
    if names is None or any(ends is None for ends in box.values()):
        return 0
    queue: list[Box] = [{name: ends for name, ends in box.items() if ends is not None}]
    done = 0
    with ctx.workprec(BITS):
        while queue:
            if late() or done + len(queue) > MOST_BOXES:
                return 0
            here = queue.pop()
            if _is_settled(piece, here):
                done += 1
                continue
            queue += _halves(here)
            if not here:
                return 0
    return done


def _free(piece: Piece) -> list[str]:
    """The variables that others are made of."""
    names, seen = set(piece.used), set[str]()
    for part, _ in piece.conditions:
        names |= piece.scalars.used(part)
    inner = {e: x for x, e in piece.tied.items()}
    free = set()
    while names:
        name = names.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in piece.opaque:
            for part in piece.opaque[name][1]:
                names |= piece.scalars.used(part)
        elif name in inner:
            names.add(inner[name])
        else:
            free.add(name)
    return sorted(free)


def _ends(domain: Interval) -> tuple[Fraction, Fraction] | None:
    return None if domain.low is None or domain.high is None else (domain.low, domain.high)


def _halves(box: Box) -> list[Box]:
    name = max(box, key=lambda n: box[n][1] - box[n][0], default="")
    if not name or box[name][0] == box[name][1]:
        return [{}] if not box else [box, box]
    low, high = box[name]
    middle = (low + high) / 2
    return [{**box, name: (low, middle)}, {**box, name: (middle, high)}]


class _Box:
    """Values of generators on a box."""

    def __init__(self, piece: Piece, box: Mapping[str, tuple[Fraction, Fraction]]) -> None:
        self.piece, self.box = piece, box
        self.tied = {e: x for x, e in piece.tied.items()}
        self.known: dict[str, Any] = {}

    def generator(self, name: str) -> Any:
        if name not in self.known:
            self.known[name] = self._made(name)
        return self.known[name]

    def _made(self, name: str) -> Any:
        if name in self.tied:
            return (-self.generator(self.tied[name]) / 2).exp()
        if name not in self.piece.opaque:
            low, high = self.box[name]
            return _ball(low).union(_ball(high))
        kind, parts = self.piece.opaque[name]
        values = [self.ratio(part) for part in parts]
        if kind in ("min", "max"):
            return (arb.min if kind == "min" else arb.max)(*values)
        if kind == "phi":
            return values[0] - (1 + values[0]).log()
        if kind not in ("sqrt", "exp", "log"):
            raise ValueError(kind)
        return getattr(values[0], kind)()

    def ratio(self, value: Any) -> Any:
        top, bottom = self.poly(value.numer), self.poly(value.denom)
        return top / bottom

    def poly(self, poly: Any) -> Any:
        total = arb(0)
        for powers, coefficient in poly.terms():
            term = arb(fmpq(int(coefficient.numerator), int(coefficient.denominator)))
            for name, n in zip(self.piece.scalars.names, powers, strict=True):
                for _ in range(n):
                    term = term * self.generator(name)
            total += term
        return total


def _ball(value: Fraction) -> Any:
    return arb(fmpq(value.numerator, value.denominator))


def _is_settled(piece: Piece, box: Box) -> bool:
    here = _Box(piece, box)
    try:
        total = here.ratio(piece.value.rational)
        for argument, coefficient in piece.value.logs.items():
            total += here.ratio(coefficient) * here.ratio(argument).log()
        if total > 0:
            return True
        return any(here.ratio(part) < 0 for part, relation in piece.conditions if relation != "==")
    except (ValueError, KeyError):
        return False
