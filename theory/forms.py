"""Normal forms: one routine for the three levels, operator words, sums over principal planes, and scalars.

A form is a linear combination (`linear.py`). Only forms that cancel exactly count as zero.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

from sympy import QQ

from theory import words as w
from theory.blocks import Block
from theory.expr import Expr, is_written_out, num, substitute, sym, walk
from theory.facts import Facts
from theory.linear import CONST, COUNT_OF, PLANE_SUFFIX, Form, plus
from theory.operators import NotDecidable, OperatorReader
from theory.plane_forms import PlaneForms
from theory.rates import Rates
from theory.rational import Frac
from theory.scalars import ScalarField, Value, log_products
from theory.symbols import RANDOM_SYMBOLS
from theory.text import text
from theory.totals import Totals


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
        self._forms: dict[Expr, Form] = {}  # the same part stands in many places, once abbreviations are opened
        plain = OperatorReader(facts, self.scalars, w.WordAlgebra(symmetric, []), self.scalar)
        rewrites = [(left, plain.words(right), right.rows) for left, right in facts.rewrites]
        self.algebra = w.WordAlgebra(symmetric, rewrites)
        self.reader = OperatorReader(facts, self.scalars, self.algebra, self.scalar)
        self.totals = Totals(self.scalars, self._count, self.reader.is_constant)
        self.planes = PlaneForms(facts, self.scalars, self.scalar)
        self.rates = Rates(facts, self.scalars, self.scalar)

    def _count(self, over: str) -> Frac:
        """How many planes a sum runs over."""
        return self.scalar(expanded(COUNT_OF[over], self.facts.sizes_fixed))

    def _const(self, value: Frac) -> Form:
        return {CONST: Value(value)} if value else {}

    def _times(self, left: Form, right: Form) -> Form:
        if not left or not right:
            return {}
        for one, other in ((left, right), (right, left)):
            if set(one) == {CONST} and not one[CONST].logs:
                self._require_bound(one[CONST].rational, other)
                return {key: value.scaled(one[CONST].rational) for key, value in other.items()}
        return self._const(self.totals.named(left) * self.totals.named(right))

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
        if expr not in self._forms:
            self._forms[expr] = self._form(expr)
        return self._forms[expr]

    def _form(self, expr: Expr) -> Form:
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
            total = plus(total, self.form(kid))
        return total

    def _form_neg(self, expr: Expr) -> Form:
        return {key: value.negated() for key, value in self.form(expr.children[0]).items()}

    def _form_mul(self, expr: Expr) -> Form:
        total = self._const(self.scalars.field.one)
        for kid in expr.children:
            total = self._times(total, self.form(kid))
        return total

    def _factor(self, expr: Expr) -> Frac:
        """A scalar that may hold sums and traces, as generators."""
        form = self.form(expr)
        return self.scalar(expr) if set(form) <= {CONST} else self.totals.named(form)

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
            number = value.leading if value else QQ(0)
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
            return self.planes.trace(body)
        return self._traced(self.reader.words(body), body.rows)

    def _form_logdet(self, expr: Expr) -> Form:
        body = expr.children[0]
        if self.facts.planes is not None:
            return self.planes.logdet(body)
        if body.head != "letter":
            raise NotDecidable("the log-determinant of a product before planes enter")
        return {("logdet", body.args[0]): Value(self.scalars.field.one)}

    def _form_bures(self, expr: Expr) -> Form:
        return self.planes.bures(*expr.children)

    def _traced(self, words: w.Combination, size: str) -> Form:
        form: Form = {}
        for word, coefficient in self.algebra.reduce_cyclic(words).items():
            rows = size if not word else word[0][5:-1] if word[0].startswith("size(") else None
            if rows is None:
                form[("tr", word)] = Value(coefficient)
            else:
                times = self.scalars.field.one if rows == "1" else self.size(rows)
                form = plus(form, self._const(coefficient * times))
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
                total = plus(total, {key: value})
                continue
            turned = self.reader.rotated_to_moment(key[1])
            words = self.reader.expected({turned: self.scalars.field.one})
            moment = self.facts.moments.get((turned[0], turned[1].removesuffix("'"))) if len(turned) > 1 else None
            traced = self._traced(words, moment.rows if moment is not None else "1")
            total = plus(total, {k: v.scaled(value.rational) for k, v in traced.items()})
        return total

    def _form_grad(self, expr: Expr) -> Form:
        return self._matrix_form(expr)

    def _form_diff(self, expr: Expr) -> Form:
        return self.rates.differentiated(self.form(expr.children[0]), str(expr.args[1]))

    def slope(self, function: Expr, variable: str) -> Frac:
        """The derivative in a symbol that nothing else depends on. Raises NotDecidable where a logarithm is left."""
        form = self.form(function)
        if not set(form) <= {CONST} or any("root" in name for name in self.scalars.names):
            raise NotDecidable("a function with sums or roots")
        value = self.rates.derivative(
            form.get(CONST, Value(self.scalars.field.zero)), {variable: self.scalars.field.one}
        )
        if value.logs:
            raise NotDecidable("a logarithm in the derivative")
        return value.rational

    def block(self, expr: Expr) -> Block:
        """A matrix written out entry by entry, or a product of such."""
        return self.planes.block(expr)

    def _entries(self, expr: Expr) -> Form:
        form: Form = {}
        for i, row in enumerate(self.block(expr).rows):
            for j, entry in enumerate(row):
                if not self.scalars.is_zero(entry):
                    form[("entry", i, j)] = Value(self.scalars.reduce(entry))
        return form

    def vanishes(self, form: Form) -> bool:
        """Whether a form is zero. A summand that is free of the plane's variables joins the constants."""
        if self.totals.known:
            return self.scalars.is_zero(self.totals.named(form))
        constant = form.get(CONST, Value(self.scalars.field.zero))
        for key, value in form.items():
            if key == CONST:
                continue
            if key[0] != "sum":
                if log_products(self.scalars, value.logs) or not self.scalars.is_zero(value.rational):
                    return False
                continue
            count = self._count(key[1])
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
