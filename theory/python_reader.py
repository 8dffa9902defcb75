"""Reads an emitted Python module back, by Python's own grammar: the tree that each of its values has. Runs nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TypeVar

from theory.expr import Expr, call, num, substitute, sym
from theory.latex_reader import Unreadable, negative

_ALPHA2 = sym("alpha") ** 2
ARGUMENTS = {
    "alpha2": _ALPHA2, **{name: sym(name) for name in ("h", "sigma2", "D", "k")}, "r_end": sym("R"),
    **{name: sym(name) for name in ("sigma_s2", "weight", "tol", "tau", "mu_perp2", "mu_in2")},
}  # fmt: skip
OF_PLANE = {"lam": sym("lambda_i"), "sin": sym("sin_i"), "cos": sym("cos_i"), "lam_s": sym("lambda_s_i")}
# What may be computed first, and the symbol that it is.
SET_UP = {
    "nu": _ALPHA2 * sym("sigma2"), "c": sym("h") + _ALPHA2 * sym("sigma2"),
    "rho": _ALPHA2 * sym("sigma2") / sym("h"), "r": sym("h") / _ALPHA2,
    "c_s": sym("h") + _ALPHA2 * sym("sigma_s2"),
}  # fmt: skip
IN_PLANE = {
    "a": ("a_i", _ALPHA2 * sym("lambda_i")), "a_s": ("a_s_i", _ALPHA2 * sym("lambda_s_i")),
    "s": ("s_i", sym("sin_i") * sym("sin_i")),
}  # fmt: skip
RANGES = {"planes": "target", "planes[:k]": "pairs", "planes[k:]": "lost"}
FUNCTIONS = {"fn.phi": "phi", "fn.min": "min", "fn.sqrt": "sqrt", "max": "max"}
_T = TypeVar("_T")
ONE_VARIANCE = {"a": sym("a_i"), "lambda": sym("lambda_i")}  # the code takes a variance for each direction


@dataclass(frozen=True)
class Value:
    """One value of an emitted function: the tree, its range and its multiplicity, as `Output` has them."""

    expr: Expr
    over: str | None = None
    multiplicity: Expr | None = None


def written(expr: Expr) -> Expr:
    """A tree as the code has it: where all directions are alike it still takes the variance of each."""
    return substitute(expr, ONE_VARIANCE)


def read(module: str) -> list[Value]:
    """The values of the one function of an emitted module, in order. Raises Unreadable."""
    made = [node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    if len(made) != 1:
        raise Unreadable(f"{len(made)} functions")
    return _Function(made[0]).values


class _Function:
    """Follows the statements of an emitted function: names and the trees that they hold."""

    def __init__(self, function: ast.FunctionDef) -> None:
        self.names: dict[str, Expr] = {}
        for argument in function.args.args:
            if argument.arg not in ("planes", "fn"):
                self.names[argument.arg] = _known(ARGUMENTS, argument.arg)
        self.values: list[Value] = []
        self.pending: Value | None = None
        self.over: str | None = None
        self.done = False
        for statement in function.body[1:]:  # after the docstring
            self.follow(statement)
        if not self.done:
            raise Unreadable("a function without a value")

    def follow(self, statement: ast.stmt) -> None:
        if self.done:
            raise Unreadable("a statement after the return")
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=made):
                self.assign(name, made)
            case ast.For(target=target, iter=over, body=body, orelse=[]):
                self.loop(ast.unparse(target), ast.unparse(over), body)
            case ast.Expr(value=ast.Call(func=function, args=[made], keywords=[])):
                if ast.unparse(function) != "values.append":
                    raise Unreadable(f"a call of {ast.unparse(function)}")
                self.append(made)
            case ast.Return(value=ast.Name(id="values")):
                self.done = True
            case ast.Return(value=made) if made is not None and not self.values:
                self.values.append(Value(self.expression(made)))
                self.done = True
            case _:
                raise Unreadable(f"the statement {ast.unparse(statement)}")

    def assign(self, name: str, made: ast.expr) -> None:
        code = ast.unparse(made)
        if name == "values" and code == "[]" and not self.values:
            return
        if name == "d" and code == "len(planes)":
            self.names["d"] = sym("d")
        elif name in SET_UP and self.over is None:
            self.define(name, name, self.expression(made), SET_UP[name])
        elif name in IN_PLANE and self.over is not None:
            self.define(name, IN_PLANE[name][0], self.expression(made), IN_PLANE[name][1])
        elif name.startswith("sum_") and code == "0" and name not in self.names:
            self.names[name] = _running(name)
        elif name == "value" and self.over is None:
            self.pending = self.value(made)
        elif self.over is not None and self.names.get(name) == _running(name):
            self.names[name] = self.accumulated(name, made)
        else:
            raise Unreadable(f"the assignment {name} = {code}")

    def define(self, name: str, symbol: str, found: Expr, meant: Expr) -> None:
        if found != meant:
            raise Unreadable(f"{name} is computed otherwise than {symbol} is defined")
        self.names[name] = sym(symbol)

    def accumulated(self, name: str, made: ast.expr) -> Expr:
        """What `total = total + a - b` adds in each round."""
        found, terms = self.expression(made), list[Expr]()
        while found.head == "add":
            found, term = found.children
            terms.insert(0, term)
        if found != _running(name) or not terms:
            raise Unreadable(f"{name} is no running total")
        return Expr("sum", (str(self.over), terms[0] if len(terms) == 1 else Expr("add", tuple(terms))))

    def loop(self, target: str, over: str, body: list[ast.stmt]) -> None:
        if self.over is not None:
            raise Unreadable("a loop within a loop")
        names = [name.strip() for name in target.strip("()").split(",")]
        if names not in (["lam", "sin", "cos"], ["lam", "sin", "cos", "lam_s"]):
            raise Unreadable(f"a direction taken apart as {target}")
        outside = dict(self.names)
        self.over = _known(RANGES, over)
        self.names |= {name: OF_PLANE[name] for name in names}
        for statement in body:
            self.follow(statement)
        totals = {name: made for name, made in self.names.items() if name.startswith("sum_")}
        self.names = {**outside, **totals}
        self.over = None

    def append(self, made: ast.expr) -> None:
        if isinstance(made, ast.Name) and made.id == "value" and self.pending is not None:
            self.values.append(self.pending)
            self.pending = None
            return
        value = self.value(made)
        self.values.append(Value(value.expr, self.over, value.multiplicity))

    def value(self, made: ast.expr) -> Value:
        if isinstance(made, ast.List):
            if len(made.elts) != 2:
                raise Unreadable("a list that is no value with its multiplicity")
            return Value(self.expression(made.elts[0]), None, self.expression(made.elts[1]))
        return Value(self.expression(made))

    def expression(self, code: ast.expr) -> Expr:
        match code:
            case ast.Constant(value=value) if type(value) is int:
                return num(value)
            case ast.Name(id=name):
                return _known(self.names, name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return negative(self.expression(inner))
            case ast.BinOp(left=left, op=operation, right=right):
                return _operated(operation, self.expression(left), self.expression(right))
            case ast.Call(func=function, args=arguments, keywords=[]):
                return call(_known(FUNCTIONS, ast.unparse(function)), *map(self.expression, arguments))
        raise Unreadable(f"the code {ast.unparse(code)}")


def _operated(operation: ast.operator, left: Expr, right: Expr) -> Expr:
    match operation:
        case ast.Add():
            return Expr("add", (left, right))
        case ast.Sub():
            return Expr("add", (left, negative(right)))
        case ast.Mult():
            return Expr("mul", (left, right))
        case ast.Div():
            return Expr("div", (left, right))
        case ast.Pow():
            return Expr("pow", (left, right))
    raise Unreadable(f"the operator {type(operation).__name__}")


def _running(name: str) -> Expr:
    """What a total is before it is added up: no expression has such a node."""
    return Expr("short", (name, ""))


def _known(table: dict[str, _T], name: str) -> _T:
    if name not in table:
        raise Unreadable(f"the name {name}")
    return table[name]
