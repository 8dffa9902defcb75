"""Python of a result: one self-contained function, generic in its number type.

The code uses operators, integer powers and the functions of `fn` only, so that floats, arrays, balls, exact rationals
and multiprecision numbers all run the same text.
"""

from __future__ import annotations

from fractions import Fraction

from theory.derivation import Derivation, Output
from theory.expr import Expr, symbols, walk
from theory.text import ADD, ATOM, MUL, POW, plain, text

SCALARS = {
    "d": "len(planes)",
    "nu": "alpha2 * sigma2",
    "c": "h + alpha2 * sigma2",
    "rho": "alpha2 * sigma2 / h",
    "r": "h / alpha2",
    "c_s": "h + alpha2 * sigma_s2",
}
PLANE = {"a_i": ("a", "alpha2 * lam"), "a_s_i": ("a_s", "alpha2 * lam_s"), "s_i": ("s", "sin * sin")}
RENAMED = {
    "a_i": "a", "s_i": "s", "lambda_i": "lam", "cos_i": "cos", "sin_i": "sin", "a_s_i": "a_s", "lambda_s_i": "lam_s",
    "R": "r_end",
}  # fmt: skip
SIZES = {"D", "k", "d"}
# What a formula may need beyond the time, the target and the sizes: argument of the emitted function, and its meaning.
PARAMETERS = {
    "sigma_s2": "the source's sigma^2",
    "weight": "weight of the source in the pool",
    "tol": "tolerance",
    "tau": "threshold",
    "mu_perp2": "||P mu||^2",
    "mu_in2": "||U^T mu||^2",
    "r_end": "ratio h/alpha^2 at the far end",
}
KNOWN = SIZES | {"h", "sigma2", *SCALARS, *RENAMED, *PARAMETERS}
IMPLIED = {"nu": {"sigma2", "alpha2"}, "c": {"h", "alpha2", "sigma2"}, "rho": {"alpha2", "sigma2", "h"},
           "r": {"h", "alpha2"}, "c_s": {"h", "alpha2", "sigma_s2"}, "d": {"planes"}, "R": {"r_end"},
           "a_i": {"alpha2"}, "a_s_i": {"alpha2"}, "alpha": {"alpha2"}}  # fmt: skip
ARGUMENTS = ("alpha2", "h", "sigma2", "D", "k", "planes")
LOOPS = {
    "target": "planes",
    "pairs": "planes[:k]",
    "lost": "planes[k:]",
}
SINGLE = {"a": "a_i", "lambda": "lambda_i"}


class NotPrintable(ValueError):
    """The expression has no generic Python form."""


def _isotropic(expr: Expr) -> Expr:
    """In the emitted code every direction keeps its own variance."""
    from theory.expr import substitute, sym

    return substitute(expr, {name: sym(plane) for name, plane in SINGLE.items()})


class _Function:
    """Collects the statements of one emitted function."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.used: set[str] = set()
        self.functions: set[str] = set()
        self.sums: dict[Expr, str] = {}

    def code(self, expr: Expr) -> str:
        kids = expr.children
        match expr.head:
            case "num":
                return self._number(expr)
            case "sym":
                name = str(expr.args[0])
                if name not in KNOWN:
                    raise NotPrintable(f"{name} is no argument of the emitted function: write alpha as alpha^2")
                self.used.add(name)
                return RENAMED.get(name, name)
            case "add":
                return self._sum(kids)
            case "neg":
                return "-" + self._at(kids[0], POW - 1)
            case "mul":
                return " * ".join(self._at(x, MUL if i == 0 else MUL + 1) for i, x in enumerate(kids))
            case "div":
                self._generic_division(expr)
                return f"{self._at(kids[0], MUL)} / {self._at(kids[1], MUL + 1)}"
            case "pow":
                return self._power(expr)
            case "sum":
                return self.sums.setdefault(expr, f"sum_{len(self.sums) + 1}")
            case "call":
                return self._call(expr)
        raise NotPrintable(f"{expr.head} in the emitted code of {self.derivation.id}")

    def _number(self, expr: Expr) -> str:
        value = expr.args[0]
        if not isinstance(value, Fraction) or value.denominator != 1:
            raise NotPrintable("a fraction: write it as a division of what it scales")
        return str(value.numerator)

    def _generic_division(self, expr: Expr) -> None:
        """int / int would be a float: one side must hold a number of the caller's type."""
        if symbols(expr) <= SIZES and not any(n.head in ("sum", "call") for n in walk(expr)):
            raise NotPrintable("a division of integers")

    def _power(self, expr: Expr) -> str:
        base, power = expr.children
        if power.head != "num" or power.number.denominator != 1 or power.number < 0:
            raise NotPrintable("a power that is no nonnegative integer: write a division")
        if base.head == "sym" and base.args[0] == "alpha" and power.args[0] == 2:
            self.used.add("alpha")
            return "alpha2"
        return f"{self._at(base, POW + 1)}**{self._at(power, POW + 1)}"

    def _call(self, expr: Expr) -> str:
        name = {"log": "log", "phi": "phi", "min": "min", "sqrt": "sqrt"}.get(str(expr.args[0]))
        if str(expr.args[0]) == "max":
            return f"max({', '.join(self.code(kid) for kid in expr.children)})"
        if name in (None, "log"):
            raise NotPrintable("write logarithms through phi or log1p: they cancel near 1")
        self.functions.add(str(name))
        return f"fn.{name}({', '.join(self.code(kid) for kid in expr.children)})"

    def _sum(self, kids: tuple[Expr, ...]) -> str:
        out = self._at(kids[0], ADD)
        for kid in kids[1:]:
            if kid.head == "neg":
                out += " - " + self._at(kid.children[0], MUL)
            else:
                out += " + " + self._at(kid, ADD)
        return out

    def _at(self, expr: Expr, level: int) -> str:
        own = {"add": ADD, "neg": ADD, "mul": MUL, "div": MUL, "pow": POW}.get(expr.head, ATOM)
        if expr.head == "num" and expr.number < 0:
            own = ADD
        inner = self.code(expr)
        if expr.head == "pow" and inner == "alpha2":
            own = ATOM
        return f"({inner})" if own < level else inner

    @property
    def plane(self) -> str:
        """What a direction brings: the source's variance too where some formula needs it."""
        return "lam, sin, cos, lam_s" if self.sourced else "lam, sin, cos"

    @property
    def sourced(self) -> bool:
        outputs = (n for o in self.derivation.outputs for n in walk(o.stable) if n.head == "sym")
        return any(n.name in ("lambda_s_i", "a_s_i") for n in outputs)

    def arguments(self) -> set[str]:
        """The function's arguments that its formulas use; complete once all of them are written."""
        named = {x for name in self.used for x in IMPLIED.get(name, {name})}
        looped = bool(self.sums) or any(o.over is not None for o in self.derivation.outputs)
        return named | ({"planes"} if looped else set())

    def plane_setup(self, names: set[str]) -> list[str]:
        return [f"{short} = {value}" for name, (short, value) in PLANE.items() if name in names]


def _wrapped(line: str, indent: int) -> list[str]:
    """Break an assignment that is wider than a page at its top-level plus signs."""
    pad = " " * indent
    if len(pad + line) <= 116 or " = " not in line:
        return [pad + line]
    target, value = line.split(" = ", 1)
    return [f"{pad}{target} = (", f"{pad}    {value}", f"{pad})"]


def _loop(function: _Function, name: str, body: Expr, over: str) -> list[str]:
    inner = function.code(body)
    names = {str(n.args[0]) for n in walk(body) if n.head == "sym"}
    lines = [f"    {name} = 0", f"    for {function.plane} in {LOOPS[over]}:"]
    lines += [f"        {line}" for line in function.plane_setup(names)]
    return lines + _wrapped(f"{name} = {name} + {inner}", 8)


def _value_lines(function: _Function, output: Output) -> list[str]:
    """Statements that append one output to `values`."""
    expr = _isotropic(output.stable)
    if output.over is not None:
        inner = function.code(expr)
        lines = [f"    for {function.plane} in {'planes[:k]' if output.over == 'pairs' else 'planes'}:"]
        lines += [f"        {line}" for line in function.plane_setup(set(symbols(expr)))]
        value = f"[{inner}, {function.code(output.multiplicity)}]" if output.multiplicity is not None else inner
        return [*lines, f"        values.append({value})"]
    inner = function.code(expr)
    value = f"[{inner}, {function.code(output.multiplicity)}]" if output.multiplicity is not None else inner
    return [*_wrapped(f"value = {value}", 4), "    values.append(value)"]


def body_lines(derivation: Derivation) -> tuple[list[str], _Function]:
    """The function's statements, and what they use."""
    function = _Function(derivation)
    tail: list[str] = []
    for output in derivation.outputs:
        tail += _value_lines(function, output)
    loops: list[str] = []
    for expr, name in list(function.sums.items()):
        loops += _loop(function, name, expr.children[0], str(expr.args[0]))
    setup = [f"    {name} = {value}" for name, value in SCALARS.items() if name in function.used]
    single = len(derivation.outputs) == 1 and derivation.outputs[0].over is None
    if single:
        tail = [line.replace("value = ", "return ", 1) for line in tail if "values.append" not in line]
        return setup + loops + tail, function
    return setup + loops + ["    values = []"] + tail + ["    return values"], function


FLOAT = '''class FLOAT:
    """Functions for plain floats. Pass another namespace for balls, exact numbers, mpmath or arrays."""
'''
PHI = '''
    @staticmethod
    def phi(x):
        """x - ln(1 + x), by its series near 0, where the difference would cancel."""
        if not isinstance(x, (int, float)):
            raise TypeError("FLOAT is for plain floats: pass fn with a phi of your number type")
        if abs(x) > 0.1:
            return x - math.log1p(x)
        y = x / (2 + x)  # ln(1 + x) = 2 artanh(y)
        square, term, tail = y * y, y, 0.0
        for n in range(1, 12):
            term = term * square
            tail = tail + term / (2 * n + 1)
        return x * y - 2 * tail
'''
MIN = """
    min = staticmethod(min)
"""
SQRT = """
    sqrt = staticmethod(math.sqrt)
"""


FLOATS = {"phi": PHI, "min": MIN, "sqrt": SQRT}


def module(derivation: Derivation) -> str:
    """The text of the emitted module."""
    lines, function = body_lines(derivation)
    functions, arguments = function.functions, function.arguments()
    parameters = [name for name in PARAMETERS if name in arguments]
    name = derivation.id.replace("-", "_")
    names = ", ".join(f'"{o.name}"' for o in derivation.outputs) + ("," if len(derivation.outputs) == 1 else "")
    head = [
        f'"""{derivation.title}. Derived and emitted by latentreuse; do not edit.',
        "",
        *_wrap(plain(derivation.statement)),
        "",
        *(f"{o.name}: {text(o.closed)}" for o in derivation.outputs),
        *_special(derivation),
        "",
        f"Valid: {derivation.limits.replace('`', '')}",
        '"""',
        "",
    ]
    support = (["import math", ""] if functions & {"phi", "sqrt"} else []) + [
        f'RESULT = "{derivation.id}"',
        f"VALUES = ({names})",
        f"USES = {_tuple([name for name in (*ARGUMENTS, *parameters) if name in arguments])}",
        f"PARAMETERS = {_tuple(parameters)}",
        f"SOURCED = {function.sourced}",
        "",
    ]
    default = "None"
    if functions:
        default = "FLOAT"
        support += [
            "",
            *"".join([FLOAT, *(text for fn, text in FLOATS.items() if fn in functions)]).splitlines(),
            "",
        ]
    more = "".join(f", {parameter}" for parameter in parameters)
    signature = f"def {name}(alpha2, h, sigma2, D, k, planes{more}, fn={default}):"
    entries = "(lambda, sin, cos, the source's lambda)" if function.sourced else "(lambda, sin, cos)"
    doc = [
        f'    """{derivation.title}.',
        "",
        "    alpha2, h, sigma2: alpha^2, h > 0 and sigma^2, of one number type; D, k: integers; planes:",
        *_wrap(
            f"{entries} of each of the d target directions, those without partner last, with sin = 1, cos = 0"
            + "".join(f"; {parameter}: {PARAMETERS[parameter]}" for parameter in parameters)
            + ".",
            indent="    ",
        ),
        '    """',
    ]
    return "\n".join([*head, *support, "", signature, *doc, *lines, ""])


def _special(derivation: Derivation) -> list[str]:
    """The choices that narrow the setting: the function is for them alone, whatever its arguments say."""
    chosen = [f"{key} = {value}" for key, value in derivation.assumptions.choices]
    return ["", f"Only for {', '.join(chosen)}: arguments that say otherwise are not looked at."] if chosen else []


def _tuple(names: list[str]) -> str:
    return "(" + ", ".join(f'"{name}"' for name in names) + ("," if len(names) == 1 else "") + ")"


def _wrap(text: str, width: int = 110, indent: str = "") -> list[str]:
    import textwrap

    return textwrap.wrap(
        text, width, break_long_words=False, break_on_hyphens=False, initial_indent=indent, subsequent_indent=indent
    )
