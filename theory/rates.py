"""Derivatives of normal forms: every generator moves at a known rate or is a constant, or nothing is decided."""

from __future__ import annotations

from collections.abc import Callable

from theory.expr import Expr, num
from theory.facts import Facts
from theory.linear import CONST, PLANE_SUFFIX, Form, Key, plus
from theory.operators import NotDecidable
from theory.rational import Frac
from theory.scalars import ScalarField, Value
from theory.symbols import AT_RATIO, FIXED_LETTERS

# What does not move with each variable. The ratio r and the pair alpha, h are never held against one another.
_STEADY = frozenset(
    {"D", "k", "d", "lambda_i", "lambda", "s_i", "cos_i", "sin_i", "sigma2"}
    | {"lambda_s_i", "sigma_s2", "weight", "tol", "tau", "mu_perp2", "mu_in2"}
)
_MARGINAL = _STEADY | {"alpha", "h"}
CONSTANTS: dict[str, frozenset[str]] = {
    "t": _STEADY,
    "r": _STEADY | {"R", "v_start"},
    "R": _STEADY | {"r"},
    "h": _MARGINAL - {"h"},
    "sigma2": (_MARGINAL | {"r"}) - {"sigma2"},
    "lambda": (_MARGINAL | {"r"}) - {"lambda"},
    "lambda_i": (_MARGINAL | {"r"}) - {"lambda_i"},
    "theta_i": (_MARGINAL | {"r"}) - {"s_i", "cos_i", "sin_i", "mu_perp2", "mu_in2"},
}

# Letters that do not move with each variable.
STILL = {"t": FIXED_LETTERS - AT_RATIO, "r": FIXED_LETTERS}


class Rates:
    """Differentiates forms by the rates that the facts give. `scalar` reads scalar trees."""

    def __init__(self, facts: Facts, scalars: ScalarField, scalar: Callable[[Expr], Frac]) -> None:
        self.facts, self.scalars, self.scalar = facts, scalars, scalar

    def differentiated(self, form: Form, variable: str) -> Form:
        """d/dv of every part; a sum's derivative in a variable of one plane is that of its own summand.

        Raises NotDecidable when anything in the form may depend on v in a way that no rate is known for.
        """
        rates = self._rates(variable)
        total: Form = {}
        for key, value in form.items():
            self._require_known(key, value, variable, rates)
            slope = self.derivative(value, rates)
            if not slope.rational and not slope.logs:
                continue
            if variable.endswith(PLANE_SUFFIX):
                if key[0] != "sum" or total:
                    raise NotDecidable(f"{variable} is not the variable of one sum: differentiate each on its own")
                key = CONST
            total = plus(total, {key: slope})
        return total

    def _rates(self, variable: str) -> dict[str, Frac]:
        """The derivative of each generator that moves with the variable."""
        table = self.facts.derivations.get(variable, {variable: num(1)})
        if variable not in CONSTANTS or (variable in ("t", "theta_i") and variable not in self.facts.derivations):
            raise NotDecidable(f"no rates of change in {variable} are among the facts")
        rates = {name: self.scalar(rate) for name, rate in table.items() if name in self.scalars.gens}
        for name in self.scalars.names:  # d exp(x/2) = exp(x/2) dx / 2
            if name.startswith("exp ") and name[4:-2] in rates:
                rates[name] = self.scalars.gens[name] * rates[name[4:-2]] / 2
        for name, radicand in self.scalars.roots.items():  # d sqrt(x) = dx / (2 sqrt(x))
            if self.scalars.used(radicand) <= set(rates) | CONSTANTS[variable]:
                rates[name] = self._slope(radicand, rates) / (2 * self.scalars.gens[name])
        return rates

    def _slope(self, f: Frac, rates: dict[str, Frac]) -> Frac:
        parts = (f.diff(self.scalars.gens[name]) * rate for name, rate in rates.items())
        return sum(parts, self.scalars.field.zero)

    def _require_known(self, key: Key, value: Value, variable: str, rates: dict[str, Frac]) -> None:
        """Every generator moves at a known rate or is a constant, and so is every letter."""
        known = set(rates) | CONSTANTS[variable]
        for part in (value.rational, *value.logs, *value.logs.values()):
            unknown = self.scalars.used(part) - known
            if unknown:
                raise NotDecidable(f"{sorted(unknown)[0]} may depend on {variable}")
        letters = {n.removesuffix("'") for n in key[1]} if key[0] in ("tr", "word") else set()
        still = STILL.get(variable, frozenset())
        if key[0] in ("logdet", "entry") or not letters <= still:
            raise NotDecidable(f"a letter may depend on {variable}")

    def derivative(self, value: Value, rates: dict[str, Frac]) -> Value:
        """The derivative of one value, by the given rates alone."""

        def derive(f: Frac) -> Frac:
            return self._slope(f, rates)

        total = Value(derive(value.rational))
        for argument, q in value.logs.items():
            total = total.plus(Value(q * derive(argument) / argument, {argument: derive(q)} if derive(q) else {}))
        return total
