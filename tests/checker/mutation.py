"""Mutants of the checker: one small error each in its source, run against its tests in a child process.

`python tests/checker/mutation.py [MODULE ...]` prints the survivors. A mutant that every test passes is either a hole
in the tests or the same checker in other words; the latter are listed, with their reasons, in `equivalents.md`.
"""

import ast
import copy
import importlib.util
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = (
    "trees",
    "rational",
    "names",
    "matrices",
    "reader",
    "shift",
    "obligations",
    "vocabulary",
    "axioms",
    "claim",
    "context",
    "catalogue",
)
KILLERS = (
    "test_trees", "test_evidence", "test_arithmetic", "test_readers", "test_planes", "test_claims", "test_equations",
    "test_lemmas", "test_tables", "test_axioms", "test_catalogue", "test_chains", "test_context", "test_limits",
    "test_hostile", "test_shipped",
)  # fmt: skip
FIRST = {
    "shift": "test_arithmetic", "names": "test_arithmetic", "rational": "test_arithmetic", "matrices": "test_readers",
    "reader": "test_readers", "claim": "test_claims", "vocabulary": "test_tables", "catalogue": "test_catalogue",
    "context": "test_context", "axioms": "test_axioms",
}  # fmt: skip
ATTACKS = ("test_attacks", "test_attacks_in_forms", "test_attacks_in_chains")
SECONDS = 60
COMPARED = {
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip
JOINED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
CALLED = {"any": "all", "all": "any", "min": "max", "max": "min"}


class Mutant(NamedTuple):
    """Where it differs, how, and the tree that it is until the next one is asked for."""

    module: str
    line: int
    change: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module}.py: {self.change}"


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Another node in the place of this one."""
    match node:
        case ast.Compare():
            for i, op in enumerate(node.ops):
                for other in COMPARED[type(op)]:
                    yield "compared otherwise", with_part(node, "ops", i, other())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "without its sign", node.operand
        case ast.BoolOp():
            yield "and for or", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for i, x in enumerate(node.values):
                yield "one part only", x
                if len(node.values) > 2:
                    yield "a part less", ast.BoolOp(node.op, node.values[:i] + node.values[i + 1 :])
        case ast.BinOp() if type(node.op) in JOINED:
            yield "another operation", ast.BinOp(node.left, JOINED[type(node.op)](), node.right)
        case ast.Constant(value=bool() as value):
            yield "turned", ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield "one more", ast.Constant(value + 1)
        case ast.Set() | ast.Tuple() | ast.List() if len(node.elts) > 1 and isinstance(
            getattr(node, "ctx", ast.Load()), ast.Load
        ):
            for i in range(len(node.elts)):
                yield "an element less", with_part(node, "elts", i, None)
        case ast.Dict() if len(node.keys) > 1:
            for i in range(len(node.keys)):
                yield (
                    "an entry less",
                    ast.Dict(node.keys[:i] + node.keys[i + 1 :], node.values[:i] + node.values[i + 1 :]),
                )
        case ast.IfExp():
            yield "always", node.body
            yield "never", node.orelse
        case ast.If():
            yield "always", ast.If(ast.Constant(True), node.body, node.orelse)
            yield "never", ast.If(ast.Constant(False), node.body, node.orelse)
        case ast.comprehension(ifs=[_, *_]):
            yield "without its condition", ast.comprehension(node.target, node.iter, [], 0)
        case ast.Call(func=ast.Name(id=name)) if name in CALLED:
            yield CALLED[name], ast.Call(ast.Name(CALLED[name], ast.Load()), node.args, node.keywords)
        case ast.Call(func=ast.Name(id="reversed" | "sorted"), args=[x, *_]):
            yield "in any order", x
        case ast.match_case(guard=ast.expr()):
            yield "without its guard", ast.match_case(node.pattern, None, node.body)
        case ast.Match() if len(node.cases) > 1:
            for i in range(len(node.cases)):
                yield "a case less", ast.Match(node.subject, node.cases[:i] + node.cases[i + 1 :])
        case ast.Expr(value=ast.Call()):
            yield "left out", ast.Pass()
        case ast.AugAssign():
            yield "left out", ast.Pass()


def with_part(node: Any, field: str, i: int, part: Any) -> ast.AST:
    made = copy.copy(node)
    parts = list(getattr(node, field))
    parts[i : i + 1] = [] if part is None else [part]
    setattr(made, field, parts)
    return made


def places(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Every child, and where it stands; annotations, messages and docstrings apart."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "type_params") or isinstance(node, ast.JoinedStr) or is_type(node):
            continue
        if isinstance(value, list):
            yield from ((node, field, i) for i, x in enumerate(value) if isinstance(x, ast.AST))
        elif isinstance(value, ast.AST):
            yield node, field, None


def is_type(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("dict", "list", "set", "tuple")


def mutants(module: str) -> Iterator[Mutant]:
    """Every mutant of a module, one after the other."""
    tree = ast.parse((ROOT / "checker" / f"{module}.py").read_text(encoding="utf-8"))
    waiting = [(tree, *place) for place in places(tree)]
    while waiting:
        within, parent, field, i = waiting.pop(0)
        if isinstance(parent, ast.Assign) and ast.unparse(parent.targets[0]).lstrip("(").startswith("MOST_"):
            continue  # limits against run-aways: any number near them does
        node = getattr(parent, field) if i is None else getattr(parent, field)[i]
        line, text, whole = getattr(node, "lineno", getattr(parent, "lineno", 0)), short(node), short(within)
        for change, other in changes(node):
            put(parent, field, i, other)
            yield Mutant(module, line, f"{whole} :: {text} :: {change} :: {short(other)}", tree)
        put(parent, field, i, node)
        within = node if isinstance(node, ast.stmt) else within
        waiting = [*((within, *place) for place in places(node)), *waiting]


def short(node: ast.AST) -> str:
    return (ast.unparse(node).splitlines() or [""])[0][:110]


def put(parent: ast.AST, field: str, i: int | None, node: ast.AST) -> None:
    if i is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[i] = node


class Mutated(MetaPathFinder, Loader):
    """Loads one module of the checker from another source."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == f"checker.{self.mutant.module}" else None

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        exec(
            compile(ast.fix_missing_locations(self.mutant.tree), f"mutant of {self.mutant.module}", "exec"),
            module.__dict__,
        )


def cases(function: Any) -> Iterator[dict[str, Any]]:
    """The arguments that `parametrize` gives, and a folder for whoever asks for one."""
    marks = [m for m in getattr(function, "pytestmark", []) if m.name == "parametrize"]
    rows: list[dict[str, Any]] = [{}]
    for mark in marks:
        words = mark.args[0] if not isinstance(mark.args[0], str) else [x.strip() for x in mark.args[0].split(",")]
        values = [x.values if hasattr(x, "marks") else x if len(words) > 1 else (x,) for x in mark.args[1]]
        rows = [{**row, **dict(zip(words, value, strict=True))} for row in rows for value in values]
    for row in rows:
        if "tmp_path" in function.__code__.co_varnames[: function.__code__.co_argcount]:
            with tempfile.TemporaryDirectory() as folder:
                yield {**row, "tmp_path": Path(folder)}
        else:
            yield row


def run(names: tuple[str, ...]) -> None:
    """Every test of these files, without pytest; the first that fails raises."""
    for name in names:
        spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for function in [x for n, x in vars(module).items() if n.startswith("test_")]:
            if not any(m.name == "campaign" for m in getattr(function, "pytestmark", [])):
                for arguments in cases(function):
                    function(**arguments)


def survives(mutant: Mutant) -> bool:
    """Whether every killer passes, in a child process that is ended after a while."""
    child = os.fork()
    if not child:
        signal.alarm(SECONDS)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        sys.meta_path.insert(0, Mutated(mutant))
        try:
            first = FIRST.get(mutant.module, KILLERS[0])
            run((first, *(x for x in KILLERS if x != first), *ATTACKS))
        except BaseException:  # noqa: BLE001 - whatever goes wrong, it is seen
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def argued() -> set[str]:
    """The mutants that are the same checker, with a reason each."""
    lines = (HERE / "equivalents.md").read_text(encoding="utf-8").splitlines()
    return {line[3:].split("` -- ")[0] for line in lines if line.startswith("- ")}


def main(modules: tuple[str, ...]) -> int:
    sys.path[:0] = [str(HERE), str(ROOT)]
    import pytest  # noqa: F401 - loaded once, before the children

    import theory.positivity  # noqa: F401

    assert not [x for x in sys.modules if x.startswith(("checker", "theory.certificate_"))], "nothing is loaded before"
    known, count, left = argued(), 0, 0
    assert survives(Mutant("", 0, "as it is", ast.Module([], []))), "the tests fail without any change"
    for module in modules or MODULES:
        print(f"{module}.py", flush=True)
        for mutant in mutants(module):
            count += 1
            if survives(mutant):
                left += str(mutant) not in known
                print(f"{'argued' if str(mutant) in known else 'SURVIVES'} {module}:{mutant.line} {mutant}", flush=True)
    print(f"{count} mutants, {left} survive without an argument")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
