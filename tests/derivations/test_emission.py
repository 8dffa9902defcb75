"""What is emitted says what the tree says, byte for byte the same in every process."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import mutations
import pytest
from tree_values import LEAVES, Place, RandomTrees, differ, values_at

import derivations
from theory import emit
from theory import symbols as S
from theory.as_printed import reads_as
from theory.assumptions import Assumptions
from theory.binding import leaves_in
from theory.derivation import Output
from theory.expr import Expr, num, sym, walk
from theory.json_tree import from_json, to_json
from theory.latex import latex
from theory.latex_reader import Unreadable, leaves_of, read

EMIT = """
import json, sys
import derivations
from theory import emit
from theory.assumptions import Assumptions
made = {}
for result in sys.argv[1:]:
    derivation = derivations.load(result).derive(Assumptions.default())
    made[result] = emit.artefacts(derivation, derivation.check())
print(json.dumps(made))
"""


def _emitted(seed: str, *results: str) -> str:
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", EMIT, *results]
    return subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True, text=True).stdout


def test_artefacts_are_the_same_bytes_under_any_hash_seed() -> None:
    one, other = (_emitted(seed, "exact-kl", "principal-planes") for seed in ("1", "4711"))
    assert one == other
    for files in json.loads(one).values():
        certificates = [name for name in files if name.startswith("certificates/")]
        assert len(files) == 6 + len(certificates) > 15


def test_latex_and_json_of_random_trees_read_back() -> None:
    seen, wrong = set(), []
    source = RandomTrees(20260101)
    for tree in (source.tree(3) for _ in range(300)):
        if noticed(latex(tree), tree):
            wrong.append(latex(tree))
        assert from_json(json.loads(json.dumps(to_json(tree)))) == tree
        seen |= {node.head for node in walk(tree)}
        seen |= {"nested sign" for node in walk(tree) if node.head == "neg" and node.children[0].head == "neg"}
        seen |= {"large" for node in walk(tree) if node.head == "num" and abs(node.args[0]) > 10**20}  # type: ignore[arg-type,operator]
        for node in walk(tree):
            if node.head == "pow":
                seen |= {"negative power"} if node.children[1].args[0] < 0 else set()  # type: ignore[operator]
                seen |= {"power of a fraction"} if node.children[0].head == "div" else set()
            if node.head == "mul" and any(kid.head == "add" for kid in node.children):
                seen.add("sum in a product")
    assert not wrong, f"{len(wrong)} of 300 do not read back:\n" + "\n".join(wrong[:5])
    assert seen >= {"num", "sym", "add", "neg", "mul", "div", "pow", "call", "sum", "nested sign", "large"}
    assert seen >= {"negative power", "power of a fraction", "sum in a product"}


def test_json_of_every_line_of_every_result_reads_back() -> None:
    for result in derivations.ids():
        for chain in mutations.default(result).chains:
            for tree in (chain.start, *(link.expr for link in chain.links)):
                assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


EXACT_PLACE = Place(
    9, 2, Fraction(3, 4), Fraction(5, 7), Fraction(2, 11),
    ((Fraction(7, 3), Fraction(3, 5), Fraction(4, 5)), (Fraction(1, 2), Fraction(12, 13), Fraction(5, 13)),
     (Fraction(9, 5), Fraction(1), Fraction(0))),
)  # fmt: skip
EMITTED_LEAVES = tuple(name for name in LEAVES if name not in ("alpha", "theta_i"))


def test_emitted_python_of_random_trees_has_the_tree_s_value() -> None:
    """Brackets, signs and powers survive into the code: exact fractions, so that nothing is hidden by rounding."""
    source, compared, wrong = RandomTrees(7, EMITTED_LEAVES, functions=False), 0, []
    derivation = mutations.default("monotonicity")
    while compared < 300:
        tree = source.tree(4)
        plain = not any(n.head == "sum" for node in walk(tree) if node.head == "sum" for n in walk(node.children[0]))
        changed = replace(derivation, outputs=(Output("value", tree, tree, over="pairs"),))
        if not (plain and tree.children) or mutations.text_of(changed) is None:
            continue
        try:
            truth = values_at(tree, "pairs", EXACT_PLACE)
        except ZeroDivisionError:
            continue
        value = EXACT_PLACE.call(mutations.function(changed))
        if value != truth or any(isinstance(x, float) for x in value):
            wrong.append(latex(tree))
        compared += 1
    assert not wrong, f"{len(wrong)} of 300 have another value:\n" + "\n".join(wrong[:5])


@pytest.mark.parametrize(
    "tree", [num(9) ** -1 + S.h, S.D**-2 * S.h, (S.D - S.k) ** -1 + S.h], ids=["9^-1", "D^-2", "(D-k)^-1"]
)
def test_a_negative_power_of_integers_is_refused_as_their_quotient_is(tree: Expr) -> None:
    """`9**-1` is a float: exact numbers would be lost, and Arb's balls made wrong."""
    derivation = mutations.default("frozen-latent-error")
    changed = replace(derivation, outputs=(Output("value", tree, tree),))
    text = mutations.text_of(changed)
    assert text is None or isinstance(mutations.function(changed)(*EXACT_PLACE.arguments()), Fraction)


@pytest.mark.parametrize("result", derivations.ids())
def test_no_two_names_of_a_result_print_alike(result: str) -> None:
    chains = mutations.default(result).chains
    leaves_of(leaves_in(tree for chain in chains for tree in (chain.start, *(link.expr for link in chain.links))))


def test_where_one_letter_has_two_meanings_each_calculation_has_one() -> None:
    """`B` is a root of the covariance, and in the time of sub-VP the integral of beta."""
    derivation = derivations.load("mean-shift").derive(Assumptions.default().choose({}, "sub-vp"))
    files = emit.artefacts(derivation, derivation.check())
    assert "proof.tex" in files
    assert any(output.in_time is not None for output in derivation.outputs)


@pytest.mark.parametrize("power", [-3, -1, 1, 2, 3])
@pytest.mark.parametrize("name", ["sigma2", "alpha", "cos_i", "lambda_i", "rho"])
def test_powers_of_symbols_read_back(name: str, power: int) -> None:
    tree = sym(name) ** power
    assert reads_as(read(latex(tree)), tree)


def test_a_multiplicity_is_emitted_as_the_tree_has_it() -> None:
    """The printed statement and the emitted function tell one multiplicity."""
    derivation = mutations.default("forward-marginal")
    twice = mutations.with_output(derivation, 0, replace(derivation.outputs[0], multiplicity=num(2)))
    text = mutations.text_of(twice)
    assert text is None or mutations.function(twice)(*EXACT_PLACE.arguments())[0][1] == 2


def _corrupted(code: str) -> Iterator[tuple[str, str]]:
    """The printed line with one sign, bracket or exponent gone or changed."""
    for match in re.finditer(r"-", code):
        yield "minus", code[: match.start()] + code[match.end() :]
    for match in re.finditer(r"\^\{(\d+)\}", code):
        yield "exponent", f"{code[: match.start(1)]}{int(match.group(1)) + 1}{code[match.end(1) :]}"
        yield "exponent", code[: match.start()] + code[match.end() :]
    for match in re.finditer(r"\\(left\(|right\))", code):
        yield "bracket", code[: match.start()] + code[match.end() :]
    for start, end in _pairs(code):
        inner, after = code[start + len(r"\left(") : end], code[end + len(r"\right)") :]
        yield "pair of brackets", f"{code[:start]}{inner}{after}"


def _pairs(code: str) -> Iterator[tuple[int, int]]:
    open_brackets = []
    for match in re.finditer(r"\\(left\(|right\))", code):
        if match.group(1) == "left(":
            open_brackets.append(match.start())
        else:
            yield open_brackets.pop(), match.start()


def noticed(code: str, tree: Expr) -> bool:
    """Whether reading back finds that the code does not say what the tree says."""
    try:
        return not reads_as(read(code), tree)
    except Unreadable:
        return True


@pytest.mark.parametrize("result", derivations.ids())
def test_corrupted_latex_is_noticed(result: str) -> None:
    unnoticed, tried = [], 0
    for output in mutations.default(result).outputs:
        for tree in dict.fromkeys((output.closed, output.stable)):
            code = latex(tree)
            assert not noticed(code, tree)
            corrupted = list(_corrupted(code))
            for what, bad in corrupted[:: max(1, len(corrupted) // 40)]:
                tried += 1
                # brackets around a product in a product can go: the numbers say so
                if not noticed(bad, tree) and (what != "pair of brackets" or differ(read(bad), tree, output.over)):
                    unnoticed.append(f"{what}: {bad}")
    assert not unnoticed, "\n".join(unnoticed)
    assert tried >= (10 if result in mutations.NUMERIC else 1) or result in ("forward-marginal", "target-score")
