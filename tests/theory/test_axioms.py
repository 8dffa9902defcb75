"""The axioms are `rules.py` and `cited*.py` of `theory`; a result introduces names and proves lemmas, and adds none."""

import ast
import importlib
from pathlib import Path

import pytest

import derivations
from theory import rules
from theory.theorems import THEOREMS

FOLDER = Path(derivations.__file__).parent
FILES = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
CITED = sorted(path.stem for path in Path(rules.__file__).parent.glob("cited*.py"))
MAKERS = {"Rule", "Facts", "Model", "Planes", "BlockClass", "Link"}
FORBIDDEN = (MAKERS - {"Rule"}) | {"dataclasses", "dataclasses.replace"}  # a function may be said to return a Rule


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_result_adds_no_axiom(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    called |= {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & MAKERS
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for a in node.names}
    sources = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported |= {f"{node.module}.{alias.name}" for node in sources for alias in node.names}
    assert not imported & FORBIDDEN


def test_the_sources_of_results_are_found():
    assert {path.stem.replace("_", "-") for path in FILES} == set(derivations.ids())


def test_every_citation_is_on_the_closed_list():
    modules = [rules, *(importlib.import_module(f"theory.{name}") for name in CITED)]
    axioms = [value for module in modules for value in vars(module).values() if isinstance(value, rules.Rule)]
    assert len(axioms) > 50
    assert {name for rule in axioms for name in rule.cites} <= set(THEOREMS)


def test_every_listed_theorem_is_cited():
    """The list holds nothing that no result needs."""
    from theory.assumptions import Assumptions
    from theory.derivation import all_cited

    used = {name for i in derivations.ids() for name in all_cited(derivations.load(i).derive(Assumptions.default()))}
    assert used == set(THEOREMS)
