"""Whether a claim holds, by numbers at random points: shares nothing with the checker; reads the claim's own tables.

Forty digits; scalars, matrices written out, and letters that stand for such. What it has no number for is left
undecided: random vectors, letters known by their relations alone, integrals.
"""

import random
from typing import Any

from mpmath import mp, mpf
from tampering import symbols

Env = dict[str, Any]
POINTS, TRIES = 6, 400
TARGET, PAIRS = 3, 2


class Unknown(Exception):
    """No number for this."""


class Undefined(Exception):
    """A root of a negative number, a logarithm of one, a division by zero."""


class Numbers:
    """A claim's lines at one point after another."""

    def __init__(self, claim: dict[str, Any], seed: int = 0) -> None:
        self.claim, self.under, self.rng = claim, claim["under"], random.Random(seed)
        tables = ("pins", "given", "meanings", "definitions")
        own, meant = self.under["definitions"], self.under["meanings"]
        kept = {name for name, x in own.items() if name == x and name in meant}  # what the others are written in
        closed = {
            name: x
            for table in tables
            for name, x in self.under[table].items()
            if table == "meanings" or not (kept & {name, *symbols(["", x])})
        }
        closed |= {old: new for old, new in self.under["replacements"] if isinstance(old, str)}
        self.closed = {name: x for name, x in closed.items() if name != x}
        self.tied = claim["lemmas"] or any(not isinstance(old, str) for old, _ in self.under["replacements"])
        self.drawn: Env = {}
        self.directions: list[Env] = []

    def holds(self) -> str:
        """`true`, `false`, `vacuous` where the conditions leave no point, or why it is undecided."""
        if self.claim["form"] == "spectral":
            return "undecided, lists that are ordered"
        with mp.workdps(40):
            found = 0
            for _ in range(TRIES):
                self.draw()
                try:
                    if not all(self.value(x, {}) > mpf(10) ** -9 for x in self.under["conditions"]):
                        continue
                    if not self.compared(self.value(self.claim["left"], {}), self.value(self.claim["right"], {})):
                        return "undecided, a lemma" if self.tied else "false"
                except Unknown as why:
                    return f"undecided, {why}"
                except (Undefined, ZeroDivisionError):
                    continue
                except (TypeError, ValueError, LookupError, AttributeError, RecursionError) as why:
                    return f"undecided, {type(why).__name__}"
                found += 1
                if found == POINTS:
                    return "true"
        return "true" if found else "vacuous"

    def compared(self, left: Any, right: Any) -> bool:
        gaps = list(left - right) if isinstance(left, mp.matrix) else [left - right]
        size = max(
            [mpf(1), *(abs(x) for side in (left, right) for x in (side if isinstance(side, mp.matrix) else [side]))]
        )
        small = size * mpf(10) ** -22
        match self.claim["relation"]:
            case "<=":
                return all(gap <= small for gap in gaps)
            case ">=":
                return all(gap >= -small for gap in gaps)
        return all(abs(gap) <= small for gap in gaps)

    # one point
    def draw(self) -> None:
        self.drawn, self.directions = {"d": mpf(TARGET), "k": mpf(PAIRS)}, [{} for _ in range(TARGET)]

    def named(self, name: str, env: Env) -> Any:
        """A free name is drawn from its domain, once a point or once a direction; the others follow."""
        if name in env:
            return env[name]
        if name in self.closed:
            return self.value(self.closed[name], env)
        if name == "infinity":
            raise Unknown("infinity")
        own = self.directions[env.get("", 0)] if name.endswith("_i") else self.drawn
        if name == "cos_i":
            return mp.sqrt(1 - self.named("sin_i", {**env, "cos_i": None}) ** 2)
        if name not in own:
            x = mpf(self.rng.random())
            domain = self.under["domains"].get(name)
            if name == "sin_i" or domain in ("unit", "inner"):
                own[name] = x
            else:
                own[name] = 3 * x if domain in ("positive", "nonnegative") else 4 * x - 2
        return own[name]

    def value(self, t: Any, env: Env) -> Any:
        if isinstance(t, int):
            return mpf(t)
        if isinstance(t, str):
            return self.named(t, env)
        head, *parts = t
        match head:
            case "Sum":
                places = {"target": range(TARGET), "pairs": range(PAIRS), "lost": range(PAIRS, TARGET)}[parts[0]]
                inner = {name: x for name, x in env.items() if not name.endswith("_i")}
                return sum((self.value(parts[1], {**(inner if i else env), "": i}) for i in places), mpf(0))
            case "Rational":
                return mpf(int(parts[0])) / int(parts[1])
            case "Letter":
                return self.letter(parts[0], env)
            case "Matrix":
                rows, cols = int(parts[0]), int(parts[1])
                made = mp.matrix(rows, cols)
                for i, x in enumerate(parts[2:]):
                    made[i // cols, i % cols] = self.value(x, env)
                return made
            case "Identity":
                return mp.eye(self.size(parts[0]))
            case "Zero":
                return mp.zeros(*map(self.size, parts))
            case "D":
                return self.slope(parts[0], parts[1], env)
        if head not in FUNCTIONS:
            raise Unknown(head)
        made = FUNCTIONS[head](*(self.value(x, env) for x in parts))
        if isinstance(made, mp.mpc):
            raise Undefined
        return made

    def size(self, name: str) -> int:
        if not name.isdigit():
            raise Unknown("a size with a name")
        return int(name)

    def letter(self, name: str, env: Env) -> Any:
        if name not in self.under["letters"]:
            raise Unknown(f"a letter, {name}")
        return self.value(self.under["letters"][name], env)

    def slope(self, body: Any, variable: str, env: Env) -> Any:
        """By the rates of all names that have one, each name a variable of its own."""
        table = dict(self.under["rates"].get(variable, {} if variable == "t" else {variable: 1}))
        table |= {"sin_i": "cos_i", "cos_i": ["Negate", "sin_i"]} if variable == "theta_i" else {}
        total, step = mpf(0), mpf(10) ** -12
        here = {name: self.named(name, env) for name in table}
        for name, rate in table.items():
            sides = [self.value(body, {**env, **here, name: here[name] + sign * step}) for sign in (1, -1)]
            total += (sides[0] - sides[1]) / (2 * step) * self.value(rate, env)
        return total


def product(*factors: Any) -> Any:
    matrices = [x for x in factors if isinstance(x, mp.matrix)]
    total = matrices[0] if matrices else mpf(1)
    for x in factors:
        total = total if isinstance(x, mp.matrix) else total * x
    return total


def chained(first: Any, *others: Any) -> Any:
    for x in others:
        first = first * x
    return first


FUNCTIONS = {
    "Add": lambda first, *others: first + sum(others[1:], others[0]) if others else first,
    "Negate": lambda x: -x,
    "Multiply": product,
    "MatrixMultiply": chained,
    "Divide": lambda x, y: x / y,
    "Power": lambda x, n: x ** int(n),
    "Sqrt": mp.sqrt,
    "Ln": mp.log,
    "Exp": mp.exp,
    "Phi": lambda x: x - mp.log(1 + x),
    "Min": min,
    "Max": max,
    "Transpose": lambda x: x.T if isinstance(x, mp.matrix) else x,
    "Inverse": lambda x: x**-1 if isinstance(x, mp.matrix) else 1 / x,
    "Trace": lambda x: sum(x[i, i] for i in range(x.rows)) if isinstance(x, mp.matrix) else x,
    "Det": lambda x: mp.det(x) if isinstance(x, mp.matrix) else x,
}
