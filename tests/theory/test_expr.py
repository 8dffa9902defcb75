"""Trees: equality, and what is kept of them beside their arguments."""

import pickle
import subprocess
import sys

from theory.expr import Expr, num, substitute, sym, transform, walk

TREE = (sym("x") + 2 * sym("y")) / (1 - sym("x") ** 2)


def test_trees_made_twice_are_one_key() -> None:
    again = (sym("x") + 2 * sym("y")) / (1 - sym("x") ** 2)
    assert again is not TREE and again == TREE and hash(again) == hash(TREE) and {TREE: 1}[again] == 1
    assert sym("x") != TREE and TREE != "x" and num(1) == num(1) != Expr("num", num(1).args, "2", "1")


def test_a_tree_from_another_process_is_found_again() -> None:
    """Text hashes otherwise in every process."""
    code = "import pickle, sys; from theory.expr import sym; sys.stdout.buffer.write(pickle.dumps(sym('x') + 1))"
    sent = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert {sym("x") + 1: True}[pickle.loads(sent.stdout)]


def test_nodes_come_outermost_first_and_left_to_right() -> None:
    heads = ["div", "add", "sym", "mul", "num", "sym", "add", "num", "neg", "pow", "sym", "num"]
    assert [n.head for n in walk(TREE)] == heads
    assert TREE.children == TREE.args


def test_what_does_not_change_is_the_same_tree() -> None:
    assert transform(TREE, lambda _: None) is TREE
    assert substitute(TREE, {"z": num(1)}) is TREE
    changed = substitute(TREE, {"y": num(3)})
    assert changed != TREE and changed.children[1] is TREE.children[1]
