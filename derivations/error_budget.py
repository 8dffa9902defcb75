"""The error budget of a sampler: truncation, latent reuse, initialisation and discretisation in one table.

Problem: the reused score, started from N(0, I) at the ratio R and stopped at r, in N steps. How far is what comes out
from the data, and which part of it is due to what? Guarantee: each part exact in W_2, an upper bound of the whole by
the triangle inequality; in divergence there is none, as an exact counterexample shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from itertools import pairwise
from operator import add

from derivations import continuous_sampler, discrete_sampler, exact_w2
from derivations.continuous_sampler import by_flow
from derivations.discrete_sampler import first, longest
from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import BURES, DIVERGENCE, while_positive
from theory.cited_laws import DATA_COVARIANCE, DATA_LAW, EXACT_LAW, MADE_EXACTLY, MADE_IN_STEPS, STEPPED_LAW, TRIANGLE
from theory.derivation import Author, Derivation, Output
from theory.expr import Expr, bures, call, log, num, plane_sum, substitute, sym
from theory.fold import fold
from theory.rules import ALGEBRA, CERTIFICATE, PRINCIPAL_PLANES, Rule, given

c, la, s, h, r, R = S.c, S.a, S.s, S.h, S.r, S.R
D, k, d = S.D, S.k, S.d
DOWN = while_positive(R - r)


def root(x: Expr) -> Expr:
    """Its square root; 0 in a special case stays 0."""
    return fold(call("sqrt", x))


def total(a: Author, plane: Expr, spare: Expr, lost: Expr, rest: Expr) -> Expr:
    """Over the classes of directions: two of a plane, spare ones, target directions without partner, others."""
    if a.model.dims == "k<d":
        return plane_sum(plane, "pairs") + plane_sum(lost, "lost") + (D - k - d) * rest
    spares = [] if a.model.dims == "k=d" else [(k - d) * spare]
    return sum(spares, plane_sum(plane)) + (D - k - d) * rest


@dataclass(frozen=True)
class Law:
    """Variances of a law that is diagonal in the encoder's principal basis: along `u_i`, spare, in the complement."""

    along: Expr
    spare: Expr
    rest: Expr


REUSED = Law(c + la * (1 - s), c, h)
EXACT = Law(*(sym(f"v_{kind}") for kind in ("i", "spare", "rest")))
STEPPED = Law(*(sym(f"step_{kind}") for kind in ("i", "spare", "rest")))


def _both(one: Expr, other: Expr) -> Expr:
    """W_2^2 along one direction."""
    return (root(one) - root(other)) ** 2


def _opened(one: Expr, other: Expr) -> Expr:
    """The same as the formula for matrices gives it, from traces and determinants."""
    return one + other - 2 * root(one * other)


# --- truncation -----------------------------------------------------------------------------------------------------
def _product(a: Author, name: str, parts: tuple[Expr, ...], by: Rule = ALGEBRA) -> Rule:
    """The root of a product as the product of the roots; nothing to say where it is 0."""
    whole, split = parts[0], root(parts[0])
    for part in parts[1:]:
        whole, split = whole * part, split * root(part)
    whole, split = a.model.written(whole), a.model.written(split)
    return a.chain(name, call("sqrt", whole)).root(split, by).lemma() if whole != num(0) else by


def _truncation(a: Author) -> tuple[Chain, Chain]:
    """From the data to the diffused target, whose covariances commute."""
    wide, narrow = S.sigma2 + S.lam, S.sigma2
    inner = root(narrow * wide * c * (c + la))
    cross = wide * (c + la) + narrow * c + 2 * inner
    split = _product(a, "root of the product of the determinants of a plane", (narrow, wide, c, c + la))
    nested = a.chain("half of what the data and the diffused target share in a plane", call("sqrt", cross)).root(
        root(wide) * root(c + la) + root(narrow) * root(c), split
    )
    single = _product(a, "root of a product, off the latent space", (narrow, c))
    single = single & _product(a, "root of a product, along `v_i`", (wide, c + la))
    planes = wide + narrow + (c + la) + c - 2 * root(cross)
    off = _opened(narrow, c)
    closed = (
        a.chain("truncation: `W_2^2` of the data and the diffused target", bures(DATA_LAW, S.Sigma))
        .eq(total(a, planes, off, _opened(wide, c + la), off), PRINCIPAL_PLANES & BURES & DATA_COVARIANCE)
        .eq(_along_target(a, _both(wide, c + la), _both(narrow, c)), nested.lemma() & single)
    )
    _truncation_vanishes(a)
    return closed, _truncation_as_evaluated(a, closed)


def _along_target(a: Author, along: Expr, off: Expr) -> Expr:
    """Over the target's directions and those off its latent space."""
    return fold(a.model.written(a.model.sum(along) + (D - d) * off))


def _truncation_as_evaluated(a: Author, found: Chain) -> Chain:
    """Each difference of roots as one of squares over their sum."""

    def part(before: Expr, after: Expr) -> Expr:
        missing = (1 - S.alpha**2) * before - h
        return missing**2 / (root(before) + root(after)) ** 2

    stable = _along_target(a, part(S.sigma2 + S.lam, c + la), part(S.sigma2, c))
    return a.chain("truncation, as evaluated", found.end).eq(stable, ALGEBRA)


def _truncation_vanishes(a: Author) -> None:
    """Along each direction at most what moves a point of the data to the diffused one: it vanishes as t -> 0."""
    for name, x, y in (("along `v_i`", S.sigma2 + S.lam, c + la), ("off the latent space", S.sigma2, c)):
        a.chain(
            f"truncation {name}: what is left of `h` and `(1 - alpha)^2` times the variance",
            (1 - S.alpha) ** 2 * x + h - _both(x, y),
        ).optimum(num(0), num(1), CERTIFICATE, a.model.written(2 * h * root(x) / (root(y) + S.alpha * root(x))))


# --- latent reuse ---------------------------------------------------------------------------------------------------
def _reuse(a: Author) -> tuple[Chain, Chain]:
    """The distance of `exact-w2`."""
    source = exact_w2.derive(a.assumptions)
    found = source.chain("`W_2^2` in principal planes")
    closed = a.chain("latent reuse: `W_2^2` of the diffused target and the reused law", found.start).eq(
        found.end, found.lemma() & BURES
    )
    as_evaluated = source.chain("as evaluated")
    return closed, a.chain("latent reuse, as evaluated", closed.end).eq(as_evaluated.end, as_evaluated.lemma())


# --- laws that are diagonal in the encoder's basis ------------------------------------------------------------------
def _diagonal(a: Author, name: str, laws: tuple[Expr, Expr], one: Law, other: Law, by: Rule) -> Chain:
    """W_2^2 of two laws with variances along the same directions: one of the score's basis."""
    pairs = (one.along, other.along, one.rest, other.rest)
    split = _product(a, f"{name}: root of the product of the determinants of a plane", pairs, by)
    cross = one.along * other.along + one.rest * other.rest + 2 * root(one.along * other.along * one.rest * other.rest)
    nested = a.chain(f"{name}: half of what the laws share in a plane", call("sqrt", cross)).root(
        root(one.along) * root(other.along) + root(one.rest) * root(other.rest), split & by
    )
    single = _product(a, f"{name}: root of a product, spare directions", (one.spare, other.spare), by)
    single = single & _product(a, f"{name}: root of a product, in the complement", (one.rest, other.rest), by)
    planes = one.along + other.along + one.rest + other.rest - 2 * root(cross)
    rest = _opened(one.rest, other.rest)
    opened = total(a, planes, _opened(one.spare, other.spare), rest, rest)
    return (
        a.chain(f"{name}: `W_2^2` in principal planes", bures(*laws))
        .eq(opened, PRINCIPAL_PLANES & BURES & by)
        .eq(
            _along_encoder(
                a, _both(one.along, other.along), _both(one.spare, other.spare), _both(one.rest, other.rest)
            ),
            nested.lemma() & single & by,
        )
    )


def _along_encoder(a: Author, along: Expr, spare: Expr, rest: Expr) -> Expr:
    """Over the encoder's directions and its complement."""
    if a.model.dims == "k<d":
        inside = plane_sum(along, "pairs")
    else:
        inside = plane_sum(along) if a.model.dims == "k=d" else plane_sum(along) + (k - d) * spare
    return fold(a.model.written(inside + (D - k) * rest))


# --- initialisation -------------------------------------------------------------------------------------------------
def kept(sampler: str, ell: Expr) -> Expr:
    """What a sampler makes of N(0, I) along a direction, over the variance of the score's own law: times `m_R^2`."""
    now, before = fold(r + ell), fold(R + ell)
    return before * (1 + R) if sampler == "flow" else before * (R - r) + now * (1 + R)


def _initialisation(a: Author, found: Chain, sampler: str) -> tuple[Chain, Chain]:
    """The variances of `continuous-sampler` put in; each root of a product as a product of roots."""
    kinds = continuous_sampler.directions(a)
    made = continuous_sampler.derive(a.assumptions).outputs
    values = [output.closed for output in made if output.name.startswith(sampler)]
    names = ("v_i", "v_spare", "v_rest")
    put_in = given(
        f"variances by the {sampler}, from continuous-sampler",
        *((sym(name), value) for name, value in zip(names, values, strict=True)),
    )
    by = put_in & while_positive(*map(sym, names)) & DOWN
    own = (REUSED.along, REUSED.spare, REUSED.rest)
    parts = []
    for x, m, value in zip(kinds, own, values, strict=True):
        m_R, share = x.own(R), root(a.model.written(kept(sampler, x.ell)))
        whole = a.chain(f"initialisation, {sampler}, {x.name}: root of the variance", call("sqrt", value))
        by = by & whole.root(root(m) * share / m_R, DOWN).lemma()
        parts.append(m * (m_R - share) ** 2 / m_R**2)
    closed = a.chain(
        f"initialisation, {sampler}: `W_2^2` of the reused law and what is made of `N(0, I)`", found.end
    ).eq(_along_encoder(a, *parts), by)
    wide = (c + la * S.cos**2, c, h)
    stable = _along_encoder(a, *(m * _gap(sampler, x.evaluated) ** 2 for x, m in zip(kinds, wide, strict=True)))
    return closed, a.chain(f"initialisation, {sampler}, as evaluated", closed.end).eq(stable, DOWN)


def _gap(sampler: str, ell: Expr) -> Expr:
    """By how much the root of the variance falls short, over the root of the score's own: one difference of squares
    over the sum of the roots."""
    now, before = fold(r + ell), fold(R + ell)
    below = before + root(kept(sampler, ell))
    return fold(1 - ell) / below if sampler == "flow" else now * fold(1 - ell) / (before * below)


def _initialisation_vanishes(a: Author) -> None:
    """What stands below the fraction bar is at least `m_R`: so a part is at most `(1 - ell)^2/m_R^2` of the score's own
    variance by the flow, and `(m_r/m_R)^2` times that by the SDE."""
    for x in continuous_sampler.directions(a):
        for sampler in ("flow", "SDE"):
            m_R, share = x.own(R), root(kept(sampler, x.ell))
            a.chain(
                f"initialisation, {sampler}, {x.name}: what the sum of the roots, squared, is above `m_R^2`",
                (m_R + share) ** 2 - m_R**2,
            ).optimum(num(0), num(1), DOWN, share * (2 * m_R + share))


# --- discretisation -------------------------------------------------------------------------------------------------
def _discretisation_vanishes(a: Author) -> None:
    """Along each direction of the order of the error of the variance; for Euler-Maruyama, of the longest step."""
    v, made = EXACT.rest, STEPPED.rest
    a.chain(
        "discretisation along any direction: what is left of the variance's squared error over the variance",
        (made - v) ** 2 / v - _both(v, made),
    ).optimum(
        num(0),
        made - v,
        while_positive(v, made),
        root(made) * (2 * root(v) + root(made)) / (v * (root(v) + root(made)) ** 2),
    )
    pair = continuous_sampler.directions(a)[0]
    within, error = S.alpha**2 * longest * (1 - pair.own(r) / pair.own(first)), made - v
    a.chain(
        "discretisation by Euler-Maruyama, where the variance is too large by at most `alpha^2 w (1 - m_r/m_0)`",
        (within**2 - error**2) / v,
    ).optimum(
        num(0),
        num(1),
        while_positive(v, error, within - error, first),
        (within - error) * Expr("add", (within - error, 2 * error)) / v,
    )


# --- the whole ------------------------------------------------------------------------------------------------------
def _whole(a: Author) -> None:
    """What the parts bound, and its value from the variances that the steps make."""
    a.chain("the whole is at most the sum of the parts", call("sqrt", bures(DATA_LAW, STEPPED_LAW))).detour(
        S.Sigma, S.Q, EXACT_LAW, by=TRIANGLE
    )
    wide, narrow, made = S.sigma2 + S.lam, S.sigma2, STEPPED
    seen = made.along * (narrow + S.lam * (1 - s)) + made.rest * (narrow + S.lam * s)
    shared = root(seen + 2 * root(narrow * wide * made.along * made.rest))
    plane = made.along + made.rest + wide + narrow - 2 * shared
    a.chain("the whole: `W_2^2` of the data and what is made in steps", bures(DATA_LAW, STEPPED_LAW)).eq(
        total(a, plane, _opened(narrow, made.spare), _opened(wide, made.rest), _opened(narrow, made.rest)),
        PRINCIPAL_PLANES & BURES & DATA_COVARIANCE & MADE_IN_STEPS,
    )


# --- divergence -----------------------------------------------------------------------------------------------------
# One step of DDIM from R = 4 under VP, in D = 2 dimensions, with the encoder in the target's latent space.
AT = {
    "alpha": num(Fraction(3, 5)),
    "h": num(Fraction(16, 25)),
    "r": num(Fraction(16, 9)),
    "R": num(4),
    "v_start": num(5),
    "sigma2": num(2),
    "lambda_i": num(1),
    "s_i": num(0),
}


def divergence(one: Expr, other: Expr) -> Expr:
    """Of two centred Gaussians in one dimension, from their variances."""
    return (one / other - 1 - log(one / other)) / 2


def _no_triangle(a: Author) -> None:
    """The logarithms of a path add up, the ratios do not; and numbers for which the sum is too small."""
    x, y, z = c, EXACT.rest, STEPPED.rest
    a.chain(
        "what the divergence off both spaces has beyond that from a law on the way and that of the law on the way",
        divergence(x, z) - divergence(x, y) - divergence(y, z),
    ).eq((y - x) * (z - y) / (2 * y * z), DIVERGENCE & while_positive(y, z))
    pair, _, rest = continuous_sampler.directions(a)
    beyond = num(0)
    for direction, data, own, numbers in (
        (pair, S.sigma2 + S.lam, pair.own(r), NUMBERS[0]),
        (rest, S.sigma2, r, NUMBERS[1]),
    ):
        exact, step = by_flow(direction, sym("v_start")), discrete_sampler.variance(direction, "ddim")
        laws = [data, S.alpha**2 * data + h, *(S.alpha**2 * v for v in (own, exact, step))]
        for name, law, number in zip(LAWS, laws, numbers, strict=True):
            a.chain(f"a counterexample, {direction.name}: variance of {name}", at(law)).eq(num(number), ALGEBRA)
        values = [num(number) for number in numbers]
        parts = (divergence(p, q) for p, q in pairwise(values))
        beyond = beyond + divergence(values[0], values[-1]) - reduce(add, parts)
    a.chain("the divergence of the data from what is made, less the sum of its parts", fold(beyond)).eq(
        num(Fraction(229629, 994160)), DIVERGENCE
    )


LAWS = ("the data", "the diffused target", "the reused law", "what the flow makes", "what one step makes")
NUMBERS = (
    (Fraction(3), Fraction(43, 25), Fraction(43, 25), Fraction(43, 35), Fraction(289, 245)),
    (Fraction(2), Fraction(34, 25), Fraction(16, 25), Fraction(4, 5), Fraction(4, 5)),
)


def at(expr: Expr) -> Expr:
    """The expression at the numbers of the counterexample."""
    return fold(substitute(expr, AT))


@cache
def derive(assumptions: Assumptions) -> Derivation:
    """The four parts, each with what it vanishes with; the whole; why there is no such table of divergences."""
    a = Author("error-budget", assumptions)
    truncation, early = _truncation(a)
    reuse = _reuse(a)
    start = _diagonal(a, "initialisation", (S.Q, EXACT_LAW), REUSED, EXACT, MADE_EXACTLY)
    begun = [_initialisation(a, start, sampler) for sampler in ("SDE", "flow")]
    _initialisation_vanishes(a)
    _diagonal(a, "discretisation", (EXACT_LAW, STEPPED_LAW), EXACT, STEPPED, MADE_EXACTLY & MADE_IN_STEPS)
    _discretisation_vanishes(a)
    _whole(a)
    _no_triangle(a)
    ends = ((truncation, early), reuse, *begun)
    return a.finish(
        section="What a sampler makes of it",
        title="Error budget of a sampler",
        statement=(
            "From the data to what a sampler with the reused score makes of `N(0, I)` in N steps there are three laws "
            "on the way, and `W_2` of the whole is at most the sum of four parts: truncation (the data against the "
            "diffused target at the stop), latent reuse (that against the law of the reused score), initialisation "
            "(that against what the sampler makes without steps) and discretisation. Their squares are below, all but "
            "the last, which is `sum (sqrt(v) - sqrt(v_N))^2` over the directions of the encoder and its complement, "
            "with `v_N` the variance made in N steps by discrete-sampler, and at most `sum (v_N - v)^2/v`. As "
            "`h -> 0` and `alpha -> 1` truncation vanishes, its square at most `D h` plus `(1 - alpha)^2` times the "
            "variance of the data, and the square of latent reuse tends to the mean square of the data outside the "
            "encoder (exact-w2), which no number of steps removes; as `R` grows initialisation vanishes, like `1/R` "
            "by the flow and `1/R^2` by the SDE; as the longest step `w -> 0` discretisation does. In divergence the "
            "parts bound nothing: it can exceed their sum."
        ),
        outputs=tuple(
            Output(f"{part}, squared", closed.end, stable.end)
            for part, (closed, stable) in zip(
                ("truncation", "latent reuse", "initialisation by the SDE", "initialisation by the flow"),
                ends,
                strict=True,
            )
        ),
        limits=(
            "`0 < r < R`, `alpha > 0`, start `N(0, I)` where `alpha^2 + h = 1`. The bound by the sum need not be "
            "attained; the orders in the number of steps are discrete-sampler's. Which part is largest between the "
            "limits is a matter of numbers: the command evaluate prints the table, with the largest part named."
        ),
        rests_on=(
            exact_w2.derive(assumptions),
            continuous_sampler.derive(assumptions),
            discrete_sampler.derive(assumptions),
        ),
        states=(R - r,),
    )
