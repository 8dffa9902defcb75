"""The error of source and target when both reuse one latent space, the leading directions of their pooled data.

Problem: which error has each domain's score behind the encoder that keeps 0, 1 or 2 directions of each principal plane?
Guarantee: exact, at every time h > 0. The trace form of the error holds for any encoder; here it is put into a plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from derivations import frozen_latent_error, mixture_spectrum, principal_planes
from derivations.mixture_spectrum import FRAMES, GAP, LARGER, ONE, SMALLER, SOURCE, TARGET, rest, signal_block, w
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.cited_spectra import WHILE_DISTINCT
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, call, num, trace
from theory.rules import ALGEBRA, SOURCE_CERTIFICATE

h = S.h
TURN = S.cos**2 - S.sin**2  # cosine of twice the angle
MIXED = w * rest * S.lam_s * S.lam * S.cos**2
SIZE = call("sqrt", (SOURCE - TARGET) ** 2)


@dataclass(frozen=True)
class Side:
    """One domain in a plane: its variance off its direction, `c`, and `c + a` along it; what it brings to the pool, and
    what the other one does."""

    name: str
    a: Expr
    c: Expr
    own: Expr
    other: Expr

    @property
    def missed(self) -> Expr:
        """Squared sine of the angle between the domain's direction and the pooled one."""
        return self.other * S.s * ((GAP + self.other - self.own) / 2) / (LARGER * GAP)

    @property
    def seen(self) -> Expr:
        """Its squared cosine."""
        return ((GAP + self.own - self.other) / 2 + self.other * S.cos**2) / GAP

    @property
    def steady_missed(self) -> Expr:
        """What is missed as evaluated: no difference of nearly equal numbers."""
        return self.other * S.s * _beyond(self.own, self.other) / (LARGER * GAP)

    def term(self, missed: Expr, seen: Expr) -> Expr:
        """The plane's part of the error, as printed."""
        return self.a * missed * (1 / h**2 - 1 / ((self.c + self.a) * (self.c + self.a * seen)))


def _beyond(one: Expr, other: Expr) -> Expr:
    """By how much the larger eigenvalue exceeds what `one` domain brings."""
    return (other - one + SIZE) / 2 + 2 * MIXED / (GAP + SIZE)


TARGET_SIDE = Side("target", S.a, S.c, TARGET, SOURCE)
SOURCE_SIDE = Side("source", S.a_s, S.c_s, SOURCE, TARGET)


def _direction(a: Author) -> Expr:
    """The projector onto the eigenvector of the larger eigenvalue."""
    block = signal_block(a)
    onto = (block - SMALLER * ONE) / GAP
    a.chain("pooled direction: a projector", onto @ onto).eq(onto, FRAMES & WHILE_DISTINCT)
    a.chain("pooled direction: of rank one", trace(onto)).eq(num(1), FRAMES & WHILE_DISTINCT)
    a.chain("pooled direction: onto the eigenvector of the larger eigenvalue", block @ onto).eq(
        LARGER * onto, FRAMES & WHILE_DISTINCT
    )
    a.chain(
        "cosine and sine of twice its angle", (SOURCE + TARGET * TURN) ** 2 + (TARGET * (2 * S.sin * S.cos)) ** 2
    ).eq(GAP**2, ALGEBRA)
    return onto


def _angles(a: Author, onto: Expr) -> None:
    """What it sees of each domain's direction, and what it misses."""
    u, v, _ = principal_planes.pair_block(a)
    for side, direction, along in (
        (SOURCE_SIDE, u, SOURCE + TARGET * TURN),
        (TARGET_SIDE, v, SOURCE * TURN + TARGET),
    ):
        name = f"the {side.name}'s direction"
        a.chain(f"{name}: seen", trace(onto @ (direction @ direction.T))).eq(side.seen, FRAMES & WHILE_DISTINCT)
        a.chain(f"{name}: missed", 1 - side.seen).eq(side.missed, WHILE_DISTINCT)
        a.chain(f"{name}: missed, by twice the angle between them", side.missed).eq(
            (1 - along / GAP) / 2, WHILE_DISTINCT
        )


def _errors(a: Author, side: Side, direction: Expr, onto: Expr) -> None:
    """The trace form in a direction off all planes, and in a plane with none, one and both of its directions."""
    own, c = side.a, side.c
    sigma = own * (direction @ direction.T) + c * ONE
    name = f"the {side.name}'s error"
    ambient = a.chain(f"{name} in a direction that is lost, off all planes", 1 / c - 2 / h + c / h**2)
    ambient.eq((c - h) ** 2 / (c * h**2), SOURCE_CERTIFICATE)
    whole = trace(sigma.inv)
    none = a.chain(
        f"{name} in a plane without direction, less two ambient terms",
        whole - 4 / h + trace(sigma) / h**2 - 2 * ambient.end,
    )
    none.eq(own * (1 / h**2 - 1 / ((c + own) * c)), FRAMES & SOURCE_CERTIFICATE)
    a.chain(f"what the pooled direction sees of the {side.name}", trace(onto @ sigma)).eq(
        c + own * side.seen, FRAMES & WHILE_DISTINCT
    )
    lost = trace((ONE - onto) @ sigma)
    a.chain(
        f"{name} in a plane with the pooled direction, less one ambient term",
        whole - 1 / (c + own * side.seen) - 2 / h + lost / h**2 - ambient.end,
    ).eq(side.term(side.missed, side.seen), FRAMES & WHILE_DISTINCT & SOURCE_CERTIFICATE)
    a.chain(f"{name} in a plane with both directions", whole - trace((ONE.T @ sigma @ ONE).inv)).eq(num(0), FRAMES)


def _output(a: Author, side: Side) -> Output:
    chain = a.chain(f"{side.name}, missed, as evaluated", side.missed).eq(side.steady_missed, WHILE_DISTINCT)
    return Output(f"{side.name}, missed", a.model.written(side.missed), chain.end, over="target")


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The pooled direction, its angles to both domains, and the trace form with it."""
    a = Author("shared-latent-error", assumptions)
    u, v, _ = principal_planes.pair_block(a)
    onto = _direction(a)
    _angles(a, onto)
    _errors(a, TARGET_SIDE, v, onto)
    _errors(a, SOURCE_SIDE, u, onto)
    return a.finish(
        title="Error under a shared latent space",
        statement=(
            "Source and target reuse the leading directions of their pooled data as encoder. Let it keep `K` "
            "directions in all. By the trace form each domain's error is `D - K` times its ambient term, `(c - "
            "h)^2/(c h^2)`, plus in each plane `a_i m_i (1/h^2 - 1/((c + a_i)(c + a_i (1 - m_i))))`, with the "
            "domain's own `a_i` and `c`, where `m_i` is the squared sine of the angle between its direction and "
            "what is kept of the plane: 1 where nothing is kept, 0 where both directions are, and with the pooled "
            "direction alone the values below. The pooled direction stands at the angle `phi` from the source's, "
            "twice of which has the cosine `pi lambda_s_i + (1 - pi) lambda_i cos 2 theta_i` and the sine `(1 - "
            "pi) lambda_i sin 2 theta_i`, both over the difference of the pooled eigenvalues; the values below "
            "are `sin^2(phi)` and `sin^2(theta_i - phi)`."
        ),
        outputs=(_output(a, TARGET_SIDE), _output(a, SOURCE_SIDE)),
        limits=(
            "`h > 0`, `0 < pi < 1`, equal means; both latent covariances diagonal in the principal basis. With "
            "one direction in a plane its pooled eigenvalues must differ: at a right angle with `pi lambda_s_i = "
            "(1 - pi) lambda_i` there is no pooled direction. The leading `K` directions are one a plane only "
            "where every larger eigenvalue is at least every smaller one; otherwise they are found by sorting the "
            "eigenvalues."
        ),
        section="Mixed training",
        states=WHILE_DISTINCT.facts(a.model).conditions,
        rests_on=(
            mixture_spectrum.derive(assumptions),
            frozen_latent_error.derive(assumptions),
            principal_planes.derive(assumptions),
        ),
    )
