"""The order of the packages, and what each may not touch, read from the source itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDER = ("checker", "theory", "numerics", "derivations", "latentreuse")
HEAVY_FREE = {
    "theory": {"numpy", "scipy", "sklearn"},
    "checker": {"sympy", "numpy", "mpmath", "flint"},
    "latentreuse": {"sympy", "mpmath", "scipy", "sklearn"},
}
WRITERS = {"write_text", "write_bytes", "mkdir", "unlink", "rename", "touch", "rmtree", "mkdtemp", "tofile", "savez"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "sympify",
    "S",
    "parse_expr",
    "lambdify",
    "srepr",
    "__import__",
    "literal_eval",
}


def _modules(package: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of a package; emitted ones, in folders of `derivations`, are no part of it."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if package != "derivations" or path.parent == ROOT / package:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    """Top-level names of everything imported anywhere in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the order"
            yield str(node.module).split(".")[0]


def _called(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield (node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")), node


@pytest.mark.parametrize("package", ORDER)
def test_imports_go_one_way(package: str) -> None:
    later = set(ORDER[ORDER.index(package) + 1 :])
    checked = 0
    for path, tree in _modules(package):
        assert not later & set(_imports(tree)), path
        checked += 1
    assert checked > 1


@pytest.mark.parametrize("package", sorted(HEAVY_FREE))
def test_each_package_is_free_of_what_is_not_its_business(package: str) -> None:
    for path, tree in _modules(package):
        assert not HEAVY_FREE[package] & set(_imports(tree)), path


@pytest.mark.parametrize("package", ORDER[:-1])
def test_only_the_face_touches_files(package: str) -> None:
    for path, tree in _modules(package):
        for name, node in _called(tree):
            is_open = name == "open" and (isinstance(node.func, ast.Name) or not node.args)
            assert name not in WRITERS and not is_open, f"{path}:{node.lineno}: {name}"


@pytest.mark.parametrize("package", ORDER)
def test_no_door_for_text(package: str) -> None:
    """Nothing evaluates text or unpickles; modules are run by path in one place."""
    for path, tree in _modules(package):
        assert not {"pickle", "marshal", "shelve"} & set(_imports(tree)), path
        for name, node in _called(tree):
            bare = isinstance(node.func, ast.Name)
            from_sympy = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in {"sympy", "sp"}
            assert not ((bare or from_sympy) and name in FORBIDDEN_CALLS), f"{path}:{node.lineno}: {name}"
            assert name != "exec_module" or path == ROOT / "latentreuse" / "catalogue.py", path
            for keyword in node.keywords:
                allowed = keyword.arg != "allow_pickle" or getattr(keyword.value, "value", True) is False
                assert allowed, f"{path}:{node.lineno}"
            if name == "load" and getattr(getattr(node.func, "value", None), "id", "") == "np":
                assert any(keyword.arg == "allow_pickle" for keyword in node.keywords), f"{path}:{node.lineno}"


def test_emitted_modules_import_none_of_the_packages() -> None:
    emitted = sorted((ROOT / "derivations").glob("*/*.py"))
    for path in emitted:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not set(_imports(tree)) & {*ORDER, "sympy"}, path
