"""What `compare` prints for a value is true in every world in which its assumptions are: each new closed form, read as
a tree at the numbers of a world, beside what the world's matrices say, for choices one by one and together."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest
from flint import ctx
from tree_values import Place, value

from latentreuse import comparison
from latentreuse.comparison import Row, compare_one
from numerics import refutations
from numerics.modified import PRECISION, SOURCE, STATEMENTS, Truth, World, worlds
from theory.assumptions import Assumptions
from theory.choices import CHOICES, DROPS, READINGS
from theory.expr import Expr, sym, transform, walk

DEFAULT = Assumptions.default()
ESTIMATED = ("encoder", "estimated")  # holds for many samples in many dimensions, and in no world this small
SIDES = {"lower": "<=", "upper": ">="}
SPECTRA = {"mu_i", "alike_i", "across_i"}
CLOSED_TO_LAWS = {("dims", "k<d"), ("dims", "k>d")}
Choices = dict[str, str]


@dataclass(frozen=True)
class Seen(Place):
    """A place at which a target direction has more numbers than the model's own."""

    directions: tuple[tuple[str, tuple[float, ...]], ...] = ()

    def direction(self, i: int) -> dict[str, Any]:
        named = {**super().direction(i), **{name: values[i] for name, values in self.directions}}
        return {**named, "a_i": self.alpha**2 * named["lambda_i"]}


def number(x: Any) -> float:
    """A rational number, or the middle of a ball."""
    return float(x.mid()) if hasattr(x, "mid") else float(F(int(x.p), int(x.q)))


def array(rows: Any) -> np.ndarray:
    return np.array([[float(x) for x in row] for row in rows])


def spectra(world: World) -> dict[str, list[float]]:
    """Eigenvalues of Lambda and of what the encoder sees, and what bounds pair of them, each in descending order."""
    Lam, U, V, alpha2 = array(world.Lambda), array(world.U), array(world.V), float(world.alpha2)
    B = np.linalg.cholesky(Lam)
    own, seen = (sorted(np.linalg.eigvalsh(X), reverse=True) for X in (Lam, alpha2 * B.T @ V.T @ U @ U.T @ V @ B))
    squares = sorted((float(c) ** 2 for _, c in world.sines), reverse=True)
    alike, across = ([alpha2 * x * y for x, y in zip(own, q, strict=True)] for q in (squares, squares[::-1]))
    return {"lambda_i": own, "mu_i": seen, "alike_i": alike, "across_i": across}


def place(world: World, choices: Choices, names: set[str]) -> Seen:
    """The numbers of a world. Variances are those of Lambda's diagonal, or its eigenvalues beside other ones."""
    D, k, d = world.D, len(world.U[0]), len(world.V[0])
    alpha2, h = float(world.alpha2), float(world.h)
    sigma2 = float(sum(world.noise[i][i] for i in range(D))) / D
    sigma_s2 = 0.0 if sigma2 == 0 else sigma2 if choices.get("source_noise") == "same" else float(SOURCE[1])
    U, mean = array(world.U), np.array([float(x) for x in world.mean])
    inside = float(mean @ U @ U.T @ mean)
    more = {"mu_in2": inside, "mu_perp2": float(mean @ mean) - inside, "sigma_s2": sigma_s2}
    more |= {"c_s": h + alpha2 * sigma_s2, "gamma": 1 / (2 * h), **posterior(world)}
    source = [float(SOURCE[0][i]) if i < k else 0.0 for i in range(d)]
    kinds: dict[str, list[float]] = {"lambda_s_i": source, "a_s_i": [alpha2 * x for x in source]}
    kinds |= spectra(world) if names & SPECTRA else {}
    planes = tuple((float(world.Lambda[i][i]), float(s), float(c)) for i, (s, c) in enumerate(world.sines))
    scalars, directions = tuple(more.items()), tuple((name, tuple(x)) for name, x in kinds.items())
    return Seen(D, k, math.sqrt(alpha2), h, sigma2, planes, scalars, directions=directions)


def posterior(world: World) -> dict[str, float]:
    """E[x0^T P x0], and what posterior means miss, of a Gaussian target."""
    U, V, alpha2, eye = array(world.U), array(world.V), float(world.alpha2), np.eye(world.D)
    data, mean = V @ array(world.Lambda) @ V.T + array(world.noise), np.array([float(x) for x in world.mean])
    missed = [
        float(np.trace(C - alpha2 * C @ np.linalg.solve(alpha2 * C + float(world.h) * G, C)))
        for C, G in ((data, eye), (U.T @ data @ U, U.T @ U))
    ]
    P = eye - U @ U.T
    return {"outside": float(np.trace(P @ data) + mean @ P @ mean), "mmse": missed[0], "mmse_y": missed[1]}


def plain(expr: Expr) -> Expr:
    """Expectation and traces of posterior variances by names that `posterior` gives values."""

    def change(node: Expr) -> Expr | None:
        if node.head == "expect":
            return sym("outside")
        return sym(node.children[0].name) if node.head == "trace" else None

    return transform(expr, change)


def value_at(expr: Expr, choices: Choices, world: World) -> float:
    names = {node.name for node in walk(expr) if node.head == "sym"}
    at = place(world, choices, names)
    return float(value(plain(expr), at.scalars(), at))


def factor(reading: str, world: World) -> float:
    """What makes of the score's error that of another prediction."""
    alpha2, h = float(world.alpha2), float(world.h)
    return {"noise": h, "data": h**2 / alpha2, "velocity": (alpha2 + h) ** 2 * h / alpha2}.get(reading, 1.0)


def truth(result: str, name: str, choices: Choices, world: World) -> float | None:
    """What is true of a value in a world; None where there is no such thing as a law of the reused score."""
    _, _, quantity, of_law = next(statement for statement in STATEMENTS[result] if statement[0] == name)
    if of_law and not world.gaussian_law:
        return None
    with ctx.workprec(PRECISION):
        true = number(quantity(Truth(world)))
    return true * factor(choices.get("error", ""), world) if result == "frozen-latent-error" else true


def agrees(relation: str, one: float, other: float) -> bool:
    room = 1e-7 * max(1.0, abs(one), abs(other))
    return {"=": abs(one - other) <= room, "<=": one <= other + room, ">=": one >= other - room}[relation]


def wrong(row: Row, choices: Choices, every: int = 1) -> Iterator[str]:
    """Each value that is printed as holding, and does not at some world."""
    for printed in row.values:
        given = printed.by is not None
        if printed.new is None or (not given and row.status not in ("unchanged", "specialised", "changed")):
            continue
        for world in itertools.islice(worlds(choices), 0, None, every):
            true, new = truth(row.id, printed.name, choices, world), value_at(printed.new, choices, world)
            if true is None:
                yield f"{row.id}, {printed.name} {choices}: a law that there is not"
            elif printed.start is not None:
                start = value_at(printed.start, choices, world)
                sound = agrees(printed.relation, start, new) and (printed.new.head == "num" or agrees("=", start, true))
            else:
                sound = agrees("=" if given else SIDES.get(printed.name, "="), new, true)
            if true is None or not sound:
                yield f"{row.id}, {printed.name} {choices}: {new} for {true} at {world.written()}"
                break


def wrong_at_a_law(row: Row, choices: Choices) -> Iterator[str]:
    """The same at a law of two points, where the choices leave room for one."""
    narrow = {k: v for k, v in choices.items() if k in ("encoder", "score", "decoder") or (k, v) in CLOSED_TO_LAWS}
    for printed in row.values if choices.get("latent") == "any" and not narrow else ():
        if printed.new is None or printed.by is None or any(n.head == "expect" for n in walk(printed.new)):
            continue
        law = refutations._law("two-point", F(4), F(0), (F(1, 2), F(1, 2)))
        with ctx.workprec(PRECISION):
            true = number(refutations._true_error(law))
        sine, cosine = F(3, 5), F(4, 5)
        U, V = ((F(1),), (F(0),)), ((cosine,), (sine,))
        nothing = ((F(0), F(0)), (F(0), F(0)))
        world = World(U, V, ((F(4),),), nothing, (F(0), F(0)), F(1, 2), F(1, 2), ((sine, cosine),))
        if row.id == "frozen-latent-error" and printed.relation == "=":
            new = value_at(printed.new, choices, world)
            if not agrees("=", new, true * factor(choices.get("error", ""), world)):
                yield f"{row.id}, {printed.name} {choices}: {new} for {true} at two points"


def compared(result: str, choices: Choices) -> Row:
    return compare_one(result, DEFAULT.choose(choices), DEFAULT)


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the values: no refutation, no survivors."""
    nothing: Callable[..., tuple[()]] = lambda *_: ()  # noqa: E731 - one use
    monkeypatch.setattr(comparison, "_refutations", nothing)
    monkeypatch.setattr(comparison, "_survivors", nothing)


HOLDS: tuple[tuple[str, Choices], ...] = (
    ("frozen-latent-error", {"lambda": "misaligned"}),
    ("frozen-latent-error", {"score": "source", "dims": "k<d"}),
    ("frozen-latent-error", {"decoder": "noise-aware", "dims": "k>d"}),
    ("frozen-latent-error", {"decoder": "1/c_s", "source_noise": "same"}),
    ("frozen-latent-error", {"latent": "any", "mu": "free"}),
    ("frozen-latent-error", {"error": "velocity", "sigma2": "0"}),
    ("two-sided-bound", {"mu": "free", "sigma2": "0"}),
    ("exact-kl", {"lambda": "misaligned", "sigma2": "0"}),
    ("exact-w2", {"mu": "free", "dims": "k<d"}),
)
LOST: tuple[tuple[str, Choices], ...] = (
    ("frozen-latent-error", {"lambda": "misaligned", "decoder": "none"}),
    ("frozen-latent-error", {"lambda": "misaligned", "score": "frozen"}),
    ("frozen-latent-error", {"lambda": "misaligned", "mu": "free"}),
    ("frozen-latent-error", {"encoder": "estimated", "decoder": "none"}),
    ("frozen-latent-error", {"encoder": "estimated", "lambda": "misaligned"}),
    ("two-sided-bound", {"lambda": "misaligned", "latent": "any"}),
    ("exact-kl", {"lambda": "misaligned", "mu": "free"}),
    ("exact-w2", {"mu": "free", "lambda": "misaligned"}),
    ("exact-w2", {"mu": "free", "noise": "any"}),
    ("exact-w2", {"mu": "free", "latent": "any"}),
    ("exact-w2", {"mu": "free", "score": "frozen"}),
    ("frozen-latent-error", {"score": "frozen", "dims": "k>d"}),
    ("frozen-latent-error", {"score": "source", "dims": "k>d"}),
)


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(("result", "choices"), HOLDS, ids=str)
def test_what_is_printed_for_a_value_is_true_in_every_world(result: str, choices: Choices) -> None:
    row = compared(result, choices)
    assert row.values[0].new is not None
    assert list(wrong(row, choices)) == []


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize(("result", "choices"), LOST, ids=str)
def test_a_formula_for_one_change_is_not_printed_for_two(result: str, choices: Choices) -> None:
    """Each was wrong in some world: a formula that starts from one which the other change takes away."""
    row = compared(result, choices)
    kept = [printed for printed in row.values if printed.by not in (None, "mmse-identity")]
    assert kept == []
    assert row.status not in ("unchanged", "specialised", "changed")


def test_a_wrong_formula_is_noticed() -> None:
    row, choices = compared("frozen-latent-error", {"mu": "free"}), {"mu": "free"}
    (printed,) = row.values
    assert printed.new is not None
    false = Row(row.id, row.title, row.status, row.verdict, (comparison.Value("E", printed.old, printed.old),))
    assert list(wrong(row, choices)) == []
    assert len(list(wrong(false, choices))) == 1


def pairs() -> list[Choices]:
    """Two choices at a time, of which one gives an assumption up or reads the error otherwise."""
    options = [(key, choice) for key, values in CHOICES.items() for choice in values[1:]]
    both = [dict(two) for two in itertools.combinations(options, 2) if two[0][0] != two[1][0]]
    return [
        two for two in both if ESTIMATED not in two.items() and any(x in DROPS or x in READINGS for x in two.items())
    ]


@pytest.mark.campaign
@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("choices", pairs(), ids=str)
def test_any_two_choices(choices: Choices) -> None:
    for result in STATEMENTS:
        row = compared(result, choices)
        assert list(wrong(row, choices, every=5)) == []
        assert list(wrong_at_a_law(row, choices)) == []
