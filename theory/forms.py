"""Normal forms: one routine for the three levels, operator words, sums over principal planes, and scalars.

A form is a linear combination: each key (a constant, a sum over planes, a trace, a word, a matrix entry) carries a
`Value`. Only forms that cancel exactly count as zero.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any

from sympy import QQ

from theory import words as w
from theory.blocks import Block, BlockEvaluator
from theory.expr import Expr, is_written_out, num, substitute, sym, walk
from theory.facts import BlockClass, Facts, Planes
from theory.operators import NotDecidable, OperatorReader
from theory.scalars import Frac, ScalarField, Value, log_products
from theory.symbols import AT_RATIO, FIXED_LETTERS, RANDOM_SYMBOLS
from theory.text import text

Key = tuple[Any, ...]
Form = dict[Key, Value]
CONST: Key = ("const",)
COUNT_OF = {"target": sym("d"), "pairs": sym("k"), "lost": sym("d") - sym("k")}
PLANE_SUFFIX = "_i"
BLOCK_ROOTS = tuple(f"root of block {i}{suffix}" for i in range(6) for suffix in ("", PLANE_SUFFIX))
TOTALS = tuple(f"total {i}" for i in range(20))  # generators that stand for a sum or a trace in a product

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


def expanded(expr: Expr, definitions: dict[str, Expr]) -> Expr:
    """Every abbreviation replaced by its definition, repeatedly."""
    return settled(expr, lambda tree: substitute(tree, definitions), len(definitions))


def settled(expr: Expr, step: Callable[[Expr], Expr], names: int) -> Expr:
    """The definitions of some names put in until nothing changes; NotDecidable if they go round in a circle."""
    for _ in range(names + 1):
        fresh = step(expr)
        if fresh == expr:
            return expr
        expr = fresh
    raise NotDecidable("definitions refer to one another in a circle")


def exponential(argument: Expr) -> tuple[str, int]:
    """exp(q x) for a rational q with 2q integer is a power of the generator exp(x/2)."""
    negative = argument.head == "neg"
    inner = argument.children[0] if negative else argument
    factor = num(1)
    if inner.head == "mul" and inner.children[0].head == "num":
        factor, inner = inner.children[0], inner.children[1]
    if inner.head == "div" and inner.children[1].head == "num":
        inner, factor = inner.children[0], num(factor.number / inner.children[1].number)
    twice = 2 * factor.number * (-1 if negative else 1)
    if inner.head != "sym" or twice.denominator != 1:
        raise NotDecidable("exp of something other than a half-integer multiple of a symbol")
    return f"exp {inner.args[0]}/2", int(twice)


def root_name(radicand: Expr) -> str:
    """The generator for a square root; it ends with `_i` when it belongs to one plane."""
    planes = any(n.head == "sym" and n.name.endswith(PLANE_SUFFIX) for n in walk(radicand))
    return f"root ({text(radicand)})" + (PLANE_SUFFIX if planes else "")


class Normaliser:
    """Computes forms. `facts` supplies relations; `scalars` must own every generator that occurs."""

    def __init__(self, facts: Facts, names: frozenset[str], symmetric: frozenset[str]) -> None:
        self.facts = facts
        self.scalars = ScalarField(names)
        plain = OperatorReader(facts, self.scalars, w.WordAlgebra(symmetric, []), self.scalar)
        rewrites = [(left, plain.words(right), right.rows) for left, right in facts.rewrites]
        self.algebra = w.WordAlgebra(symmetric, rewrites)
        self.reader = OperatorReader(facts, self.scalars, self.algebra, self.scalar)
        self.totals: dict[tuple[Key, Frac], str] = {}

    def _const(self, value: Frac) -> Form:
        return {CONST: Value(value)} if value else {}

    def _plus(self, left: Form, right: Form) -> Form:
        total = dict(left)
        for key, value in right.items():
            total[key] = total[key].plus(value) if key in total else value
        return total

    def _times(self, left: Form, right: Form) -> Form:
        if not left or not right:
            return {}
        for one, other in ((left, right), (right, left)):
            if set(one) == {CONST} and not one[CONST].logs:
                self._require_bound(one[CONST].rational, other)
                return {key: value.scaled(one[CONST].rational) for key, value in other.items()}
        return self._const(self.named(left) * self.named(right))

    def named(self, form: Form) -> Frac:
        """A form as a rational function in which each sum over planes and each trace is a generator.

        A sum is split into the monomials of its plane's variables, so that equal sums are the same combination of
        generators however they were written. Raises NotDecidable for logarithms, words, entries and random traces.
        """
        total = self.scalars.field.zero
        for key, value in form.items():
            if value.logs:
                raise NotDecidable("a product with a logarithm")
            if key == CONST:
                total += value.rational
            elif key[0] == "sum":
                total += self._named_sum(key, self.scalars.reduce(value.rational))
            elif key[0] == "tr" and all(self.reader.is_constant(name) for name in key[1]):
                total += value.rational * self._total(key, self.scalars.field.one)
            else:
                raise NotDecidable("a product of something other than sums over planes, constant traces and scalars")
        return total

    def _named_sum(self, key: Key, summand: Frac) -> Frac:
        field, names = self.scalars.field, self.scalars.names
        planes = [i for i, name in enumerate(names) if name.endswith(PLANE_SUFFIX)]
        below = field(summand.denom)
        bound = self.scalars.depends_on(below, PLANE_SUFFIX)
        total = field.zero
        for monomial, number in summand.numer.terms():
            inside = tuple(power if i in planes else 0 for i, power in enumerate(monomial))
            outside = tuple(0 if i in planes else power for i, power in enumerate(monomial))
            factor = field(summand.numer.ring.from_dict({outside: number}))
            body = field(summand.numer.ring.from_dict({inside: self.scalars.field.domain.one}))
            if bound:
                body = body / below
                scale = body.numer.LC / body.denom.LC
                body, factor = body / scale, factor * scale
            else:
                factor = factor / below
            if bound or any(inside):
                total += factor * self._total(key, body)
            else:
                total += factor * self.scalar(expanded(COUNT_OF[key[1]], self.facts.sizes_fixed))
        return total

    def _total(self, key: Key, body: Frac) -> Frac:
        if (key, body) not in self.totals:
            if len(self.totals) == len(TOTALS) or TOTALS[0] not in self.scalars.gens:
                raise NotDecidable("too many sums or traces in one product")
            self.totals[key, body] = TOTALS[len(self.totals)]
        return self.scalars.gen(self.totals[key, body])

    def _require_bound(self, factor: Frac, form: Form) -> None:
        """A variable of one plane may not enter a sum over the planes."""
        if any(key[0] == "sum" for key in form) and self.scalars.depends_on(factor, PLANE_SUFFIX):
            raise NotDecidable("a factor of one plane outside the sum over planes")

    def size(self, name: str) -> Frac:
        """A dimension, which the assumptions may tie to another."""
        return self.scalar(self.facts.sizes.get(name, sym(name)))

    def scalar(self, expr: Expr) -> Frac:
        """The rational function that `expr` is; NotDecidable if it is not one."""
        form = self.form(expr)
        if not form:
            return self.scalars.field.zero
        if set(form) != {CONST} or form[CONST].logs:
            raise NotDecidable("a sum or a logarithm where a rational function is needed")
        return form[CONST].rational

    def form(self, expr: Expr) -> Form:
        """The linear form of `expr`. Raises NotDecidable outside the grammar, Undefined for 1/0."""
        if is_written_out(expr):
            return self._entries(expr)
        method = getattr(self, "_form_" + expr.head, None)
        if method is None:
            raise NotDecidable(f"`{expr.head}` has no normal form here")
        answer: Form = method(expr)
        return answer

    def _form_num(self, expr: Expr) -> Form:
        return self._const(self.scalars.number(expr.args[0]))

    def _form_sym(self, expr: Expr) -> Form:
        return self._const(self.scalars.gen(str(expr.args[0])))

    def _form_add(self, expr: Expr) -> Form:
        total: Form = {}
        for kid in expr.children:
            total = self._plus(total, self.form(kid))
        return total

    def _form_neg(self, expr: Expr) -> Form:
        minus = self.scalars.number(num(-1).args[0])
        return {key: value.scaled(minus) for key, value in self.form(expr.children[0]).items()}

    def _form_mul(self, expr: Expr) -> Form:
        total = self._const(self.scalars.field.one)
        for kid in expr.children:
            total = self._times(total, self.form(kid))
        return total

    def _factor(self, expr: Expr) -> Frac:
        """A scalar that may hold sums and traces, as generators."""
        form = self.form(expr)
        return self.scalar(expr) if set(form) <= {CONST} else self.named(form)

    def _form_div(self, expr: Expr) -> Form:
        top, bottom = expr.children
        factor, form = self.scalars.divide(self.scalars.field.one, self._factor(bottom)), self.form(top)
        self._require_bound(factor, form)
        return {key: value.scaled(factor) for key, value in form.items()}

    def _form_pow(self, expr: Expr) -> Form:
        base, power = expr.children
        if power.head == "neg":
            power = num(-power.children[0].number)
        if power.head != "num" or power.number.denominator != 1:
            raise NotDecidable("a power that is not an integer")
        n = int(power.number)
        value = self._factor(base)
        return self._const(value**n if n >= 0 else self.scalars.divide(self.scalars.field.one, value**-n))

    def _form_call(self, expr: Expr) -> Form:
        name, inner = str(expr.args[0]), expr.children
        if name == "log":
            return {CONST: Value(self.scalars.field.zero, {self.scalar(inner[0]): self.scalars.field.one})}
        if name == "phi":
            return self.form(inner[0] - Expr("call", ("log", 1 + inner[0])))
        if name == "exp":
            generator, power = exponential(inner[0])
            return self._const(self.scalars.gen(generator) ** power)
        if name == "sqrt":
            return self._const(self._root(inner[0]))
        raise NotDecidable(f"the function {name}")

    def _root(self, radicand: Expr) -> Frac:
        value = self.scalars.reduce(self.scalar(radicand))
        if not self.scalars.used(value):
            number = value.numer.LC / value.denom.LC if value else QQ(0)
            exact = QQ(isqrt(abs(int(number.numerator))), isqrt(int(number.denominator)))
            if exact**2 == number:
                return self.scalars.number(exact)
        try:
            return self.scalars.define_root(root_name(radicand), value)
        except ValueError as reason:
            raise NotDecidable(str(reason)) from None

    def _form_sum(self, expr: Expr) -> Form:
        over, body = str(expr.args[0]), expr.children[0]
        form = self.form(body)
        if not set(form) <= {CONST}:
            raise NotDecidable("a sum within a sum")
        return {("sum", over): form[CONST]} if form else {}

    def _form_trace(self, expr: Expr) -> Form:
        body = expr.children[0]
        if is_written_out(body):
            return self._const(self.block(body).trace())
        if self.facts.planes is not None:
            return self._by_class(body, "trace")
        return self._traced(self.reader.words(body), body.rows)

    def _form_logdet(self, expr: Expr) -> Form:
        body = expr.children[0]
        if self.facts.planes is not None:
            return self._by_class(body, "logdet")
        if body.head != "letter":
            raise NotDecidable("the log-determinant of a product before planes enter")
        return {("logdet", body.args[0]): Value(self.scalars.field.one)}

    def _form_bures(self, expr: Expr) -> Form:
        planes = self._separate_planes()
        total: Form = {}
        for block in planes.classes:
            evaluator = BlockEvaluator(self.scalars, self.scalar, planes, block, self.facts.variances)
            one, other = (evaluator.evaluate(kid) for kid in expr.children)
            total = self._plus(total, self._counted(block, Value(self._distance(one, other, block.over is not None))))
        return total

    def _distance(self, one: Block, other: Block, of_plane: bool) -> Frac:
        """tr X + tr Y - 2 tr (X^{1/2} Y X^{1/2})^{1/2} of blocks up to 2 x 2: the inner matrix has the trace and the
        determinant of X Y, and tr Z^{1/2} = sqrt(tr Z + 2 sqrt(det Z))."""
        size = one.shape[0]
        if one.rows == other.rows or size == 0:
            return self.scalars.field.zero
        cross = self._block_root(one.det() * other.det(), of_plane)
        if size == 2:
            cross = self._block_root(one.times(other).trace() + 2 * cross, of_plane)
        elif size != 1:
            raise NotDecidable("the distance of blocks larger than 2 x 2")
        return self.scalars.reduce(one.trace() + other.trace() - 2 * cross)

    def _block_root(self, radicand: Frac, of_plane: bool) -> Frac:
        if self.scalars.is_zero(radicand):  # of a covariance that is singular there
            return self.scalars.field.zero
        pool = [name for name in BLOCK_ROOTS if name.endswith(PLANE_SUFFIX) == of_plane]
        free = next((name for name in pool if name not in self.scalars.roots), None)
        if free is None:
            raise NotDecidable("too many roots in one distance")
        return self.scalars.define_root(free, self.scalars.reduce(radicand))

    def _traced(self, words: w.Combination, size: str) -> Form:
        form: Form = {}
        for word, coefficient in self.algebra.reduce_cyclic(words).items():
            rows = size if not word else word[0][5:-1] if word[0].startswith("size(") else None
            if rows is None:
                form[("tr", word)] = Value(coefficient)
            else:
                times = self.scalars.field.one if rows == "1" else self.size(rows)
                form = self._plus(form, self._const(coefficient * times))
        return form

    def _matrix_form(self, expr: Expr) -> Form:
        words = self.reader.words(expr)
        if expr.is_scalar:  # a 1 x 1 product equals its trace
            return self._traced(words, "1")
        return {("word", word): Value(q) for word, q in self.algebra.reduce(words).items()}

    _form_matmul = _form_letter = _form_eye = _form_zero = _form_transpose = _form_inv = _matrix_form

    def _form_expect(self, expr: Expr) -> Form:
        body = expr.children[0]
        if expr.is_scalar:
            return self._expected_scalar(self.form(body))
        return self._matrix_form(expr)

    def _expected_scalar(self, form: Form) -> Form:
        total: Form = {}
        for key, value in form.items():
            if key[0] != "tr":
                if any(self.scalars.depends_on(value.rational, name) for name in RANDOM_SYMBOLS):
                    raise NotDecidable("the expectation of a log-density that is not written out")
                total = self._plus(total, {key: value})
                continue
            turned = self.reader.rotated_to_moment(key[1])
            words = self.reader.expected({turned: self.scalars.field.one})
            moment = self.facts.moments.get((turned[0], turned[1].removesuffix("'"))) if len(turned) > 1 else None
            traced = self._traced(words, moment.rows if moment is not None else "1")
            total = self._plus(total, {k: v.scaled(value.rational) for k, v in traced.items()})
        return total

    def _form_grad(self, expr: Expr) -> Form:
        return self._matrix_form(expr)

    def _form_diff(self, expr: Expr) -> Form:
        """d/dv of every part; a sum's derivative in a variable of one plane is that of its own summand.

        Raises NotDecidable when anything in the body may depend on v in a way that no rate is known for.
        """
        body, variable = expr.children[0], str(expr.args[1])
        form = self.form(body)
        rates = self._rates(variable)
        total: Form = {}
        for key, value in form.items():
            self._require_known(key, value, variable, rates)
            slope = self._derivative(value, rates)
            if not slope.rational and not slope.logs:
                continue
            if variable.endswith(PLANE_SUFFIX):
                if key[0] != "sum" or total:
                    raise NotDecidable(f"{variable} is not the variable of one sum: differentiate each on its own")
                key = CONST
            total = self._plus(total, {key: slope})
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

    def slope(self, function: Expr, variable: str) -> Frac:
        """The derivative in a symbol that nothing else depends on. Raises NotDecidable where a logarithm is left."""
        form = self.form(function)
        if not set(form) <= {CONST} or any("root" in name for name in self.scalars.names):
            raise NotDecidable("a function with sums or roots")
        value = self._derivative(form.get(CONST, Value(self.scalars.field.zero)), {variable: self.scalars.field.one})
        if value.logs:
            raise NotDecidable("a logarithm in the derivative")
        return value.rational

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
        still = {"t": FIXED_LETTERS - AT_RATIO, "r": FIXED_LETTERS}.get(variable, frozenset())
        if key[0] in ("logdet", "entry") or not letters <= still:
            raise NotDecidable(f"a letter may depend on {variable}")

    def _derivative(self, value: Value, rates: dict[str, Frac]) -> Value:
        def derive(f: Frac) -> Frac:
            return self._slope(f, rates)

        total = Value(derive(value.rational))
        for argument, q in value.logs.items():
            total = total.plus(Value(q * derive(argument) / argument, {argument: derive(q)} if derive(q) else {}))
        return total

    def block(self, expr: Expr) -> Block:
        """A matrix written out entry by entry, or a product of such."""
        nothing = BlockClass("literal", 0, 0, 0, (), (), num(0))
        return BlockEvaluator(self.scalars, self.scalar, Planes((), num(0), num(0)), nothing).evaluate(expr)

    def _entries(self, expr: Expr) -> Form:
        form: Form = {}
        for i, row in enumerate(self.block(expr).rows):
            for j, entry in enumerate(row):
                if not self.scalars.is_zero(entry):
                    form[("entry", i, j)] = Value(self.scalars.reduce(entry))
        return form

    def _by_class(self, body: Expr, what: str) -> Form:
        """Trace or log-determinant class by class, each times its multiplicity."""
        planes = self._separate_planes()
        total: Form = {}
        for block in planes.classes:
            matrix = BlockEvaluator(self.scalars, self.scalar, planes, block, self.facts.variances).evaluate(body)
            if what == "trace":
                value = Value(self.scalars.reduce(matrix.trace()))
            else:
                value = Value(self.scalars.field.zero, {matrix.det(): self.scalars.field.one})
            total = self._plus(total, self._counted(block, value))
        return total

    def _separate_planes(self) -> Planes:
        planes = self.facts.planes
        if planes is None:
            raise NotDecidable("principal planes have not entered")
        if not self.scalars.is_zero(self.scalar(planes.coupling)):
            raise NotDecidable("Lambda couples two planes: its blocks do not separate")
        return planes

    def _counted(self, block: BlockClass, value: Value) -> Form:
        """A class's value times its multiplicity."""
        if block.over is not None:
            return {("sum", block.over): value}
        return {CONST: value.scaled(self.scalar(block.count))}

    def vanishes(self, form: Form) -> bool:
        """Whether a form is zero. A summand that is free of the plane's variables joins the constants."""
        if self.totals:
            return self.scalars.is_zero(self.named(form))
        constant = form.get(CONST, Value(self.scalars.field.zero))
        for key, value in form.items():
            if key == CONST:
                continue
            if key[0] != "sum":
                if log_products(self.scalars, value.logs) or not self.scalars.is_zero(value.rational):
                    return False
                continue
            count = self.scalar(expanded(COUNT_OF[key[1]], self.facts.sizes_fixed))
            rational = self.scalars.reduce(value.rational)
            products = log_products(self.scalars, value.logs)
            if any(
                self.scalars.depends_on(x, PLANE_SUFFIX)
                for x in (rational, *(part for pair in products for part in pair))
            ):
                return False
            constant = constant.plus(Value(rational * count))
            for basis, argument in products:
                constant = constant.plus(Value(self.scalars.field.zero, {argument: basis * count}))
        return self.scalars.is_zero(constant.rational) and not log_products(self.scalars, constant.logs)
