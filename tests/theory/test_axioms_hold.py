"""What reasons grant is true: every relation of `axioms.json` holds in a dense instance of the model, to 30 digits.

What only gives a name its meaning is left out, by name; so is what rests on a theorem about integrals. A relation with
one error planted must fail.
"""

import copy
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from dense_world import D, World, d, k
from mpmath import mp, mpf

ROOT = Path(__file__).resolve().parents[2] / "derivations"
DIGITS, SMALL = 50, mpf(10) ** -30
REASONS: dict[str, dict[str, Any]] = {}
for _path in sorted(ROOT.glob("*/axioms.json")):
    REASONS |= json.loads(_path.read_text(encoding="utf-8"))["reasons"]

# A name that these reasons give another meaning than elsewhere, or that they alone speak of.
DEFINE = {
    "the source's latent score, g = -M_s^-1 U^T xi": "another latent score",
    "g = g* + q, with any square-integrable q of y": "another latent score",
    "the score is the gradient of the log-density": "the score, by its density",
    "W_2^2 of the centred laws, and the squared distance of the means alpha mu, alpha U U^T mu": "a theorem",
}
TABLES = ("letters", "rewrites", "replacements", "means", "moments", "planes", "orders")
ABOUT = sorted(name for name, one in REASONS.items() if set(one) & set(TABLES) and "given" not in one)


@lru_cache(maxsize=4)
def world(seed: int, centred: bool) -> World:
    with mp.workdps(DIGITS):
        return World(seed, centred=centred)


def gap(one: Any, other: Any) -> Any:
    """The largest difference of two values of one shape."""
    one, other = (x if isinstance(x, mp.matrix) else mp.matrix([[x]]) for x in (one, other))
    if one.cols != other.cols:  # a constant beside a random vector
        here = world(1, False)
        one, other = here.plus(one, mp.zeros(one.rows, other.cols)), here.plus(other, mp.zeros(other.rows, one.cols))
    return mp.norm(one - other, mp.inf) if one.rows * one.cols else mpf(0)


def gaps(reason: dict[str, Any], here: World) -> Iterator[tuple[str, Any]]:
    """Of each relation that a reason grants: what it is about, and by how much it fails."""
    for name, x in reason.get("letters", {}).items():
        yield name, gap(here.letters[name], here.value(x, {}))
    for word, x in reason.get("rewrites", ()):
        yield " ".join(word), gap(here.word(word), here.value(x, {}))
    for name, x in reason.get("means", {}).items():
        yield f"E {name}", gap(here.mean(here.letters[name]), here.value(x, {}))
    for a, b, x in reason.get("moments", ()):
        yield f"E {a} {b}", gap(here.moment(here.letters[a], here.letters[b]), here.value(x, {}))
    for old, new in reason.get("replacements", ()):
        if old in ("log_p", "log_q"):
            yield str(old), density_gap(old, new, here)
        else:
            yield str(old), gap(here.value(old, {}), here.value(new, {}))
    for small, large, kind in reason.get("orders", ()):
        yield f"{small} {large}", order_gap(small, large, kind, here)
    if "planes" in reason:
        yield from plane_gaps(reason["planes"], here)


def density_gap(name: str, tree: Any, here: World) -> Any:
    """Against the sum of one-dimensional log-densities along eigenvectors, constants left out."""
    law = here.letters["Sigma" if name == "log_p" else "Q"]
    mu, U, alpha = here.letters["mu"], here.letters["U"], here.s["alpha"]
    middle = alpha * (mu if name == "log_p" else U * U.T * mu)
    values, vectors = mp.eigsy(law)
    apart = vectors.T * (here.at_point(here.letters["x"]) - middle)
    total = sum((-(apart[i] ** 2) / values[i] / 2 - mp.log(values[i]) / 2 for i in range(D)), mpf(0))
    return gap(total, here.value(tree, {}, point=True))


def lists(here: World) -> dict[str, list[Any]]:
    """What the lists of the order axioms are, by their meaning in `symbols.py`, for a latent covariance of any
    orientation; the largest first."""
    V, U, Z = (here.letters[x] for x in "VUZ")
    cosine = mpf(3) / 5
    turn = mp.matrix([[cosine, -mpf(4) / 5], [mpf(4) / 5, cosine]])
    root = Z * turn * mp.diag([here.s["alpha"] * mp.sqrt(one["lambda_i"]) for one in here.planes])
    fewer = Z * mp.diag([one["cos_i"] ** 2 / (2 + i) for i, one in enumerate(here.planes)]) * Z.T

    def largest(matrix: Any) -> list[Any]:
        return sorted(mp.eigsy(matrix, eigvals_only=True), reverse=True)

    own, seen = largest(root * root.T), largest(V.T * U * U.T * V)
    return {
        "mu_i": largest(root.T * (V.T * U * U.T * V) * root),
        "alike_i": [a * b for a, b in zip(own, seen, strict=True)],
        "across_i": sorted((a * b for a, b in zip(own, seen[::-1], strict=True)), reverse=True),
        "turned_i": largest(root.T * fewer * root),
    }


def order_gap(small: str, large: str, kind: str, here: World) -> Any:
    """By how much it fails: termwise, or in the products of the largest."""
    one, other = lists(here)[small], lists(here)[large]
    if kind == "log":
        one, other = ([mp.fprod(x[: i + 1]) for i in range(d)] for x in (one, other))
    return max(mpf(0), *(a - b for a, b in zip(one, other, strict=True)))


def plane_gaps(planes: dict[str, Any], here: World) -> Iterator[tuple[str, Any]]:
    """The blocks of letters in the common basis, the numbers of directions, and what couples two of them."""
    found = here.directions()
    U, P = here.letters["U"], here.letters["P"]
    for name, c in planes.items():
        if name == "coupling":
            whole = [basis for kind in found.values() for basis, _, _ in kind]
            cross = [a.T * here.letters["Sigma"] * b for i, a in enumerate(whole) for b in whole[:i]]
            yield name, max(gap(x, here.value(planes[name], {}) * mp.ones(x.rows, x.cols)) for x in cross)
            continue
        if "sizes" in c:
            yield f"{name}, count", gap(mpf(len(found[name])) - (d if c["over"] else 0), here.value(c["count"], {}))
        for i, (ambient, inner, own) in enumerate(found[name]):
            sizes = {"D": ambient, "k": inner, "d": own}
            if "sizes" in c:
                assert {x: basis.cols for x, basis in sizes.items()} == c["sizes"]
            env = here.planes[i] if name == "pair" else {}
            for letter, block in c["blocks"].items():
                rows, cols = {"U": "Dk", "V": "Dd", "Lambda": "dd", "Lambda_s": "kk"}.get(letter, "DD")
                matrix = here.letters.get(letter)
                if matrix is None:  # a covariance by its variances along and off the encoder
                    stem = "v" if letter == "C_exact" else "step"
                    along = mp.diag([*(one[f"{stem}_i"] for one in here.planes), here.s[f"{stem}_spare"]])
                    Y = here.letters["Y"]
                    matrix = U * Y * along * Y.T * U.T + here.s[f"{stem}_rest"] * P
                if sizes[rows].cols and sizes[cols].cols:
                    yield f"{name}, {letter}", gap(sizes[rows].T * matrix * sizes[cols], here.value(block, env))


def here_for(reason: dict[str, Any], seed: int) -> World:
    return world(seed, "centred-target" in reason.get("needs", ()))


CHECKED = [name for name in ABOUT if name not in DEFINE]


@pytest.mark.parametrize("name", CHECKED)
def test_what_is_granted_holds(name: str) -> None:
    with mp.workdps(DIGITS):
        for seed in (1, 2):
            found = list(gaps(REASONS[name], here_for(REASONS[name], seed)))
            assert found and all(x < SMALL for _, x in found), [what for what, x in found if x >= SMALL]


def off_by_one(tree: Any, here: World, env: Any = None) -> Any:
    """The same and one more, in every entry."""
    value = here.value(tree, env or {})
    if not isinstance(value, mp.matrix):
        return ["Add", tree, 1]
    return ["Add", tree, ["Matrix", str(value.rows), str(value.cols), *[1] * (value.rows * value.cols)]]


def planted(reason: dict[str, Any], here: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same reason with one relation spoiled, one after another."""
    for table in ("letters", "means"):
        for name, x in reason.get(table, {}).items():
            yield name, {**reason, table: {**reason[table], name: off_by_one(x, here)}}
    for table in ("rewrites", "replacements", "moments"):
        for i, entry in enumerate(reason.get(table, ())):
            made = copy.deepcopy(reason)
            dense = entry[0] in ("log_p", "log_q")
            made[table][i][-1] = ["Add", entry[-1], 1] if dense else off_by_one(entry[-1], here)
            yield str(entry[0]), made
    for i, (small, large, kind) in enumerate(reason.get("orders", ())):
        made = copy.deepcopy(reason)
        made["orders"][i] = [large, small, kind]
        yield f"{large} {small}", made
    for name, c in reason.get("planes", {}).items():
        made = copy.deepcopy(reason)
        if name == "coupling":
            made["planes"][name] = ["Add", c, 1]
            yield name, made
            continue
        if "count" in c:
            made["planes"][name]["count"] = ["Add", c["count"], 1]
            yield f"{name}, count", made
        for letter, block in c["blocks"].items():
            if block[0] != "Matrix" or block[3:]:
                more = copy.deepcopy(reason)
                env = {**here.planes[0]} if name == "pair" else {}
                more["planes"][name]["blocks"][letter] = off_by_one(block, here, env)
                yield f"{name}, {letter}", more


def test_one_error_in_any_relation_is_seen() -> None:
    count = 0
    with mp.workdps(DIGITS):
        for name in CHECKED:
            here = here_for(REASONS[name], 1)
            for what, spoiled in planted(REASONS[name], here):
                assert any(x > SMALL for _, x in gaps(spoiled, here)), (name, what)
                count += 1
    assert count > 140


def test_what_is_left_out_only_gives_names_their_meaning() -> None:
    """Every other reason grants no relation: it introduces a name, states a condition, or says how a step is shown."""
    for name, one in REASONS.items():
        if name not in ABOUT:
            tables = set(one) - {"needs", "cites", "conditions", "positive", "pins", "given", "domains", "covariances"}
            own = set(one.get("given", ()))
            assert tables <= {"letters", "replacements", "definitions", "rates"}, name
            assert set(one.get("letters", ())) <= own and {x for x, _ in one.get("replacements", ())} <= own, name
    assert set(DEFINE) <= set(REASONS)


# --- the forward processes ------------------------------------------------------------------------------------------
def of_time(name: str, t: Any) -> dict[str, Any]:
    """What a process's own time is made of, at one time."""
    u, B = mpf(1) / 5 + 3 * t / 7, t + t**2 / 4
    found = {"t": t, "B": B, "beta": 1 + t / 2, "omega": mpf(3) / 7, "c_u": mp.cos(u), "s_u": mp.sin(u)}
    found |= {"c_0": mp.cos(mpf(1) / 5), "theta_i": t, "cos_i": mp.cos(t), "sin_i": mp.sin(t)}
    if name.startswith("DDPM"):  # any signal scale that falls
        found |= {"alpha": mp.exp(-t / 3), "alpha_dot": -mp.exp(-t / 3) / 3}
        found["abar"] = found["alpha"] ** 2
    return found


PROCESSES = sorted(name for name in REASONS if "their rates" in name)
MOVING = sorted(name for name, one in REASONS.items() if "rates" in one)


def of_process(name: str, what: str, t: Any) -> Any:
    here = World.__new__(World)
    here.s = of_time(name, t)
    tree = REASONS[name]["definitions"][what]
    return here.s[what] if tree == what else here.value(tree, {})


@pytest.mark.parametrize("name", PROCESSES)
def test_the_rates_of_a_process_are_its_derivatives(name: str) -> None:
    with mp.workdps(DIGITS):
        for what in ("alpha", "h"):
            for t in (mpf(1) / 9, mpf(2) / 3):
                slope = mp.diff(lambda x, what=what: of_process(name, what, x), t)
                assert abs(slope - of_process(name, f"{what}_dot", t)) < mpf(10) ** -20


@pytest.mark.parametrize("name", MOVING)
def test_rates_are_derivatives(name: str) -> None:
    """Of what has a value of its own; alpha', h', r' are names for the rates of any process."""
    with mp.workdps(DIGITS):
        seen = 0
        for table in REASONS[name]["rates"].values():
            for what, tree in table.items():
                if tree in (f"{what}_dot", 1):
                    continue
                here = World.__new__(World)
                t = mpf(4) / 9
                here.s = of_time(name, t)
                slope = mp.diff(lambda x, what=what: of_time(name, x)[what], t)
                assert abs(slope - here.value(tree, {})) < mpf(10) ** -20, what
                seen += 1
        assert seen


def test_how_many_processes() -> None:
    assert len(PROCESSES) == 10 and len(MOVING) == 2 and len(CHECKED) > 35 and k > d
