"""Makes a claim of the texts of a claim file: formulas, what moves, and limits."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from latentreuse.literals import NotANumber, number
from latentreuse.schema import nearest
from latentreuse.tomlmap import KeyPath

if TYPE_CHECKING:
    from theory.assumptions import Assumptions
    from theory.claims import Claim
    from theory.expr import Expr
    from theory.goals import Interval

# Symbols of the model that a formula may hold without a word; those that move alone may stand after `in` and `as`.
SYMBOLS: Final = (
    "D", "k", "d", "alpha", "h", "r", "R", "sigma2", "nu", "c", "rho", "lambda_i", "a_i", "s_i", "cos_i", "sin_i",
    "sigma_s2", "lambda_s_i", "a_s_i", "c_s", "weight", "tol", "tau", "mu_perp2", "mu_in2", "v_start",
)  # fmt: skip
MOVING: Final = (
    "theta_i", "lambda_i", "s_i", "sigma2", "h", "r", "alpha", "t", "R", "tol", "tau", "weight", "sigma_s2",
    "mu_perp2", "mu_in2", "v_start",
)  # fmt: skip
UNSTEADY: Final = ("vp", "vp-full", "sub-vp", "ddpm")  # processes whose ratio may stand still
MOST_ORDER: Final = 20
_APPROACH = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*->\s*([^\s]+?)\s*")


class Faults(Protocol):
    """Whoever reads the file: collects faults, and knows the symbols that it declares."""

    own: "dict[str, Interval]"

    def fault(self, wrong: str, *path: str | int) -> None:
        """Note what is wrong at a key."""

    def section(self, name: str) -> dict[str, Any]:
        """A section of the file."""


class Formulas:
    """Makes expressions of a claim's texts."""

    def __init__(self, reader: Faults, names: "Mapping[str, Expr]") -> None:
        self.reader, self.names = reader, names

    def read(self, text: str, path: KeyPath, *, relation: bool) -> Any:
        """An expression or a relation; None with a fault. What speaks of one direction is meant for each of them."""
        from theory.expr import Expr, substitute, sym
        from theory.formula import parse, parse_relation
        from theory.formula_tokens import FormulaError

        alone = not re.search(r"\bsum\b", text)
        table = dict(self.names)
        back: dict[str, Expr] = {}
        for name, meant in self.names.items():
            if alone and name.endswith("_i"):
                each = {n: sym(n.removesuffix("_i") + "_each") for n in SYMBOLS if n.endswith("_i")}
                table[name] = substitute(meant, each)
                back |= {f"{n.removesuffix('_i')}_each": sym(n) for n in each}
        try:
            if not relation:
                return substitute(parse(text, table), back)
            left, sign, right = parse_relation(text, table)
            return substitute(left, back), sign, substitute(right, back)
        except FormulaError as error:
            self.reader.fault(str(error), *path)
            return None

    def claim(self, kind: str, section: dict[str, Any], assumptions: "Assumptions", where: list[str]) -> "Claim | None":
        from theory.claims import Claim

        conditions = [self.read(text, ("claim", "where", i), relation=True) for i, text in enumerate(where)]
        body = self.read(section[kind], ("claim", kind), relation=kind == "statement")
        if body is None or None in conditions:
            return None
        shared: dict[str, Any] = {"where": tuple(conditions), "assumptions": assumptions}
        if kind == "statement":
            left, relation, right = body
            return Claim("relation", left, relation, right, **shared)
        if kind == "exceeds":
            over = self.read(section["over"], ("claim", "over"), relation=False)
            return None if over is None else Claim("relation", body, ">=", over, **shared)
        if kind in ("increases", "decreases"):
            return self._moving(kind, section, body, shared)
        return self._limit(kind, section, body, shared)

    def _moving(self, kind: str, section: dict[str, Any], body: "Expr", shared: dict[str, Any]) -> "Claim | None":
        from theory.claims import Claim

        variable = self._variable(section["in"].strip(), ("claim", "in"), shared["assumptions"])
        strict = section.get("strictly", False)
        if type(strict) is not bool:
            self.reader.fault("must be true or false", "claim", "strictly")
            return None
        process = shared["assumptions"].process
        if strict and variable == "t" and process in UNSTEADY:
            self.reader.fault(f"the rate of {process} may be 0 for a while; leave strictly out", "claim", "strictly")
            return None
        return None if variable is None else Claim(kind, body, variable=variable, strict=strict, **shared)

    def _variable(self, name: str, path: KeyPath, assumptions: "Assumptions") -> str | None:
        """A variable that can move while the others stay."""
        own, choices = self.reader.own, dict(assumptions.choices)
        allowed = [*MOVING, *own, *(["lambda"] if choices.get("lambda") == "isotropic" else [])]
        if name not in allowed:
            self.reader.fault(
                f"is no variable that can move alone{nearest(name, allowed)}; allowed: {', '.join(allowed)}", *path
            )
        elif name == "t" and "t" not in own and assumptions.process is None:
            self.reader.fault('needs a process; write [process] with name = "vp-ou"', *path)
        elif assumptions.process is not None and name in ("alpha", "h", "r"):
            self.reader.fault(f"{name} moves with the time of the process; write t, or leave the process out", *path)
        elif name == "sigma2" and choices.get("sigma2") == "0":
            self.reader.fault("sigma2 is fixed by the assumptions", *path)
        elif name == "s_i" and {"sin_i", "cos_i"} & set(words_of(str(self.reader.section("claim")))):
            self.reader.fault("write theta_i, as the claim speaks of sin_i or cos_i", *path)
        else:
            return name
        return None

    def _limit(self, kind: str, section: dict[str, Any], body: "Expr", shared: dict[str, Any]) -> "Claim | None":
        from theory.claims import Claim
        from theory.expr import num

        path: KeyPath = ("claim", "as")
        match = _APPROACH.fullmatch(section["as"])
        if match is None:
            self.reader.fault('is no limit; allowed: such as "h -> 0" or "x -> infinity"', *path)
            return None
        variable = self._variable(match[1], path, shared["assumptions"])
        order = section.get("order")
        if order is not None and (type(order) is not int or not 1 <= order <= MOST_ORDER):
            self.reader.fault(f"must be an integer; allowed: 1 to {MOST_ORDER}", "claim", "order")
            return None
        to = self.read(section["to"], ("claim", "to"), relation=False) if kind == "tends" else num(0)
        if variable is None or to is None:
            return None
        end = self._end(variable, match[2], shared["assumptions"])
        if end is None:
            return None
        value, side = end
        return Claim("tends", body, right=to, variable=variable, end=value, side=side, order=order, **shared)

    def _end(self, variable: str, text: str, assumptions: "Assumptions") -> "tuple[Expr | None, int] | None":
        """Where a variable goes, and from which side: an end of its domain."""
        from theory.expr import num

        domain = self._domain(variable, assumptions)
        sides = {"+": 1, "-": -1}
        side = sides.get(text[-1]) if text[:-1] else None
        plain = text[:-1] if side is not None else text
        if plain == "infinity" and side is None:
            if domain.high is not None:
                self.reader.fault(f"{variable} lies in {domain} and does not go to infinity", "claim", "as")
                return None
            return None, 1
        try:
            value = number(plain).q
        except NotANumber as error:
            self.reader.fault(f"{plain!r} {error}; allowed: a number or infinity", "claim", "as")
            return None
        inner = domain.inside(value)
        if side is None and not inner:
            side = 1 if domain.low == value else -1 if domain.high == value else None
        fits = inner or (domain.low == value and side == 1) or (domain.high == value and side == -1)
        if side is None or not fits:
            wrong = f"{variable} lies in {domain}; say from which side it comes, as in {variable} -> {plain}+"
            self.reader.fault(
                wrong if inner else f"{variable} lies in {domain}, and {plain} is no end of that", "claim", "as"
            )
            return None
        return num(value), side

    def _domain(self, variable: str, assumptions: "Assumptions") -> "Interval":
        from numerics.written_out import DOMAINS as KNOWN
        from theory.claims import time_domains
        from theory.goals import POSITIVE

        if variable in self.reader.own:
            return self.reader.own[variable]
        if variable == "t":
            times = time_domains(assumptions.process, set())
            return times.get("t", POSITIVE)
        known = {"r": POSITIVE, "lambda": KNOWN["lambda_i"], "theta_i": KNOWN["s_i"]}
        return known.get(variable) or KNOWN[variable]


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[A-Za-z_][A-Za-z0-9_]*", text)
