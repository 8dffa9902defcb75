"""The normal form of an expression under given facts, and the decision whether two expressions are equal.

One routine serves the three levels: operator words, sums over principal planes, scalars. A form is a linear
combination: each key (a constant, a sum over planes, a trace, a word, a matrix entry) carries a `Value`.
Equality is decided only by forms that cancel exactly; everything else is "not decided", never "equal".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from theory import words as w
from theory.blocks import Block, BlockEvaluator
from theory.expr import Expr, is_written_out, num, plane_sum, replace, substitute, sym, transform, walk
from theory.facts import BlockClass, Facts, Planes, Word
from theory.scalars import Frac, ScalarField, Value, log_products

Key = tuple[Any, ...]
Form = dict[Key, Value]
CONST: Key = ("const",)
COUNT_OF = {"target": sym("d"), "pairs": sym("k"), "lost": sym("d") - sym("k")}
PLANE_SUFFIX = "_i"


class NotDecidable(ValueError):
    """The expression lies outside what the normal form covers; the message says where."""


def expanded(expr: Expr, definitions: dict[str, Expr]) -> Expr:
    """Every abbreviation replaced by its definition, repeatedly."""
    for _ in range(len(definitions) + 1):
        fresh = substitute(expr, definitions)
        if fresh == expr:
            return expr
        expr = fresh
    raise NotDecidable("the abbreviations refer to one another in a circle")


def with_letters(expr: Expr, letters: dict[str, Expr]) -> Expr:
    """Matrix letters replaced by their definitions, repeatedly."""

    def change(node: Expr) -> Expr | None:
        return letters.get(str(node.args[0])) if node.head == "letter" else None

    for _ in range(len(letters) + 1):
        fresh = transform(expr, change)
        if fresh == expr:
            return expr
        expr = fresh
    raise NotDecidable("the matrix definitions refer to one another in a circle")


def without_roots(expr: Expr) -> Expr:
    """Where sqrt(x) of a symbol occurs, x itself becomes the square of that generator."""
    expr = transform(expr, lambda n: num(0) if n == Expr("call", ("sqrt", num(0))) else None)
    rooted = {n.children[0].args[0] for n in walk(expr) if n.head == "call" and n.args[0] == "sqrt"}
    values = {str(name): sym(f"root {name}") ** 2 for name in rooted}

    def change(node: Expr) -> Expr | None:
        if node.head == "call" and node.args[0] == "sqrt":
            return sym(f"root {node.children[0].args[0]}")
        if node.head == "sym":
            return values.get(str(node.args[0]))
        return None

    return transform(expr, change)


class Normaliser:
    """Computes forms. `facts` supplies relations; `scalars` must own every generator that occurs."""

    def __init__(self, facts: Facts, names: frozenset[str], symmetric: frozenset[str]) -> None:
        self.facts = facts
        self.scalars = ScalarField(names)
        self.algebra = w.WordAlgebra(symmetric, [])
        plain = [(left, self._words(right), right.rows) for left, right in facts.rewrites]
        self.algebra = w.WordAlgebra(symmetric, plain)

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
                return {key: value.scaled(one[CONST].rational) for key, value in other.items()}
        raise NotDecidable("a product of two sums, traces or logarithms")

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

    def _form_div(self, expr: Expr) -> Form:
        top, bottom = expr.children
        factor = self.scalars.divide(self.scalars.field.one, self.scalar(bottom))
        return {key: value.scaled(factor) for key, value in self.form(top).items()}

    def _form_pow(self, expr: Expr) -> Form:
        base, power = expr.children
        if power.head == "neg":
            power = num(-power.children[0].args[0])  # type: ignore[operator,arg-type]
        exponent = power.args[0]
        if power.head != "num" or exponent.denominator != 1:  # type: ignore[union-attr]
            raise NotDecidable("a power that is not an integer")
        n = int(exponent)  # type: ignore[arg-type]
        value = self.scalar(base)
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
        raise NotDecidable(f"the function {name}")

    def _form_sum(self, expr: Expr) -> Form:
        over, body = str(expr.args[0]), expr.children[0]
        form = self.form(body)
        if not set(form) <= {CONST}:
            raise NotDecidable("a sum within a sum")
        return {("sum", over): form[CONST]} if form else {}

    def _form_trace(self, expr: Expr) -> Form:
        body = expr.children[0]
        if is_written_out(body):
            return self._const(self._block(body).trace())
        if self.facts.planes is not None:
            return self._by_class(body, "trace")
        return self._traced(self._words(body), body.rows)

    def _form_logdet(self, expr: Expr) -> Form:
        body = expr.children[0]
        if self.facts.planes is not None:
            return self._by_class(body, "logdet")
        if body.head != "letter":
            raise NotDecidable("the log-determinant of a product before planes enter")
        return {("logdet", body.args[0]): Value(self.scalars.field.one)}

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
        words = self._words(expr)
        if expr.is_scalar:  # a 1 x 1 product equals its trace
            return self._traced(words, "1")
        return {("word", word): Value(q) for word, q in self.algebra.reduce(words).items()}

    _form_matmul = _form_letter = _form_eye = _form_zero = _form_transpose = _form_inv = _matrix_form

    def _words(self, expr: Expr) -> w.Combination:
        """The combination of words that a matrix-valued tree is, before rewriting."""
        one = self.scalars.field.one
        kids = expr.children
        match expr.head:
            case "letter":
                return {(str(expr.args[0]),): one}
            case "eye":
                return {(): one}
            case "zero":
                return {}
            case "add":
                total: w.Combination = {}
                for kid in kids:
                    for word, q in self._words(kid).items():
                        w.add_to(total, word, q)
                return total
            case "neg":
                return {word: -q for word, q in self._words(kids[0]).items()}
            case "mul" | "div":
                return self._scaled_words(expr)
            case "matmul":
                product: w.Combination = {(): one}
                for kid in kids:
                    product = w.product(product, self._words(kid))
                return product
            case "transpose":
                return {self.algebra.transposed(word): q for word, q in self._words(kids[0]).items()}
            case "inv" if kids[0].head == "letter":
                return {(f"{kids[0].args[0]}^-1",): one}
            case "expect":
                return self._expected(self._words(kids[0]))
            case "grad":
                return self._gradient(expr)
        raise NotDecidable(f"`{expr.head}` inside an operator word")

    def _scaled_words(self, expr: Expr) -> w.Combination:
        if expr.head == "div":
            factor = self.scalars.divide(self.scalars.field.one, self.scalar(expr.children[1]))
            return {word: q * factor for word, q in self._words(expr.children[0]).items()}
        total: w.Combination = {(): self.scalars.field.one}
        for kid in expr.children:
            if _wordless(kid):
                factor = self.scalar(kid)
                total = {word: q * factor for word, q in total.items() if factor}
            else:
                total = w.product(total, self._words(kid))
        return total

    def _form_expect(self, expr: Expr) -> Form:
        body = expr.children[0]
        if expr.is_scalar:
            return self._expected_scalar(self.form(body))
        return self._matrix_form(expr)

    def _expected_scalar(self, form: Form) -> Form:
        total: Form = {}
        for key, value in form.items():
            if key[0] != "tr":
                total = self._plus(total, {key: value})
                continue
            word: Word = key[1]
            turned = self._rotated_to_moment(word)
            words = self._expected({turned: self.scalars.field.one})
            total = self._plus(total, {k: v.scaled(value.rational) for k, v in self._traced(words, "1").items()})
        return total

    def _rotated_to_moment(self, word: Word) -> Word:
        """Turn a 1 x 1 word so that its two random letters stand side by side as x y^T."""
        for turn in range(len(word)):
            rotated = word[turn:] + word[:turn]
            if rotated[0] in self.facts.random:
                return rotated
        return word

    def _expected(self, words: w.Combination) -> w.Combination:
        """E of each word: at most two random letters, side by side as x y^T, or one alone."""
        total: w.Combination = {}
        for word, q in words.items():
            places = [i for i, name in enumerate(word) if name.removesuffix("'") in self.facts.random]
            for left, coefficient in self._moment(word, places).items():
                w.add_to(total, left, coefficient * q)
        return total

    def _moment(self, word: Word, places: list[int]) -> w.Combination:
        if not places:
            return {word: self.scalars.field.one}
        first = places[0]
        if len(places) == 1:
            name = word[first].removesuffix("'")
            value = self.facts.means.get(name)
            length = 1
        elif len(places) == 2 and places[1] == first + 1 and word[first + 1].endswith("'"):
            value = self.facts.moments.get((word[first], word[first + 1].removesuffix("'")))
            length = 2
        else:
            raise NotDecidable(f"no moment of the word {' '.join(word)} is known")
        if value is None:
            raise NotDecidable(f"the moment of {' '.join(word[first:first + length])} is not among the facts")
        inner = self._words(value.T if length == 1 and word[first].endswith("'") else value)
        return w.product(w.product({word[:first]: self.scalars.field.one}, inner), {word[first + length :]: 1})

    def _gradient(self, expr: Expr) -> w.Combination:
        """d/dx of a combination of 1 x 1 words: each x (or x^T) in turn is taken out."""
        name = str(expr.args[1].args[0])  # type: ignore[union-attr]
        total: w.Combination = {}
        for word, q in self._scalar_words(expr.children[0], name).items():
            for place, factor in enumerate(word):
                if factor.removesuffix("'") != name:
                    continue
                rest = word[place + 1 :] + word[:place]
                w.add_to(total, rest if factor.endswith("'") else self.algebra.transposed(rest), q)
        return total

    def _scalar_words(self, expr: Expr, name: str) -> w.Combination:
        """The 1 x 1 words of a scalar tree; what does not contain the variable has no gradient."""
        if all(node.head != "letter" or node.args[0] != name for node in walk(expr)):
            return {}
        if expr.head == "add":
            total: w.Combination = {}
            for kid in expr.children:
                for word, q in self._scalar_words(kid, name).items():
                    w.add_to(total, word, q)
            return total
        if expr.head == "neg":
            return {word: -q for word, q in self._scalar_words(expr.children[0], name).items()}
        return self._words(expr)

    def _form_grad(self, expr: Expr) -> Form:
        return self._matrix_form(expr)

    def _form_diff(self, expr: Expr) -> Form:
        """d/dv of every part; a sum's derivative in a variable of one plane is that of its own summand."""
        body, variable = expr.children[0], str(expr.args[1])
        table = self.facts.derivations.get(variable, {variable: num(1)})
        rates = {name: self.scalar(rate) for name, rate in table.items() if name in self.scalars.gens}
        for name in self.scalars.names:  # d exp(x/2) = exp(x/2) dx / 2
            if name.startswith("exp ") and name[4:-2] in rates:
                rates[name] = self.scalars.gens[name] * rates[name[4:-2]] / 2
        total: Form = {}
        for key, value in self.form(body).items():
            if variable.endswith(PLANE_SUFFIX):
                if key[0] != "sum":
                    continue
                slope = self._derivative(value, rates)
                if total and (slope.rational or slope.logs):
                    raise NotDecidable(f"{variable} may be of either of two sums: differentiate each on its own")
                total = self._plus(total, {CONST: slope} if slope.rational or slope.logs else {})
                continue
            total = self._plus(total, {key: self._derivative(value, rates)})
        return total

    def _derivative(self, value: Value, rates: dict[str, Frac]) -> Value:
        def derive(f: Frac) -> Frac:
            parts = (f.diff(self.scalars.gens[name]) * rate for name, rate in rates.items())
            return sum(parts, self.scalars.field.zero)

        total = Value(derive(value.rational))
        for argument, q in value.logs.items():
            total = total.plus(Value(q * derive(argument) / argument, {argument: derive(q)} if derive(q) else {}))
        return total

    def _block(self, expr: Expr) -> Block:
        """A matrix written out entry by entry, or a product of such."""
        nothing = BlockClass("literal", 0, 0, 0, (), (), num(0))
        return BlockEvaluator(self.scalars, self.scalar, Planes((), num(0), num(0)), nothing).evaluate(expr)

    def _entries(self, expr: Expr) -> Form:
        form: Form = {}
        for i, row in enumerate(self._block(expr).rows):
            for j, entry in enumerate(row):
                if not self.scalars.is_zero(entry):
                    form[("entry", i, j)] = Value(self.scalars.reduce(entry))
        return form

    def _by_class(self, body: Expr, what: str) -> Form:
        """Trace or log-determinant class by class, each times its multiplicity."""
        planes = self.facts.planes
        assert planes is not None
        if not self.scalars.is_zero(self.scalar(planes.coupling)):
            raise NotDecidable("Lambda couples two planes: its blocks do not separate")
        total: Form = {}
        for block in planes.classes:
            matrix = BlockEvaluator(self.scalars, self.scalar, planes, block).evaluate(body)
            if what == "trace":
                value = Value(self.scalars.reduce(matrix.trace()))
            else:
                value = Value(self.scalars.field.zero, {matrix.det(): self.scalars.field.one})
            if block.over is not None:
                total = self._plus(total, {("sum", block.over): value})
            else:
                total = self._plus(total, {CONST: value.scaled(self.scalar(block.count))})
        return total

    def vanishes(self, form: Form) -> bool:
        """Whether a form is zero. A summand that is free of the plane's variables joins the constants."""
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
            if any(self.scalars.depends_on(x, PLANE_SUFFIX) for x in (rational, *(a for _, a in products))):
                return False
            constant = constant.plus(Value(rational * count))
            for basis, argument in products:
                constant = constant.plus(Value(self.scalars.field.zero, {argument: basis * count}))
        return self.scalars.is_zero(constant.rational) and not log_products(self.scalars, constant.logs)


def _wordless(expr: Expr) -> bool:
    return expr.is_scalar and not any(n.head in ("letter", "trace", "logdet", "expect") for n in walk(expr))


def exponential(argument: Expr) -> tuple[str, int]:
    """exp(q x) for a rational q with 2q integer is a power of the generator exp(x/2)."""
    negative = argument.head == "neg"
    inner = argument.children[0] if negative else argument
    factor = num(1)
    if inner.head == "mul" and inner.children[0].head == "num":
        factor, inner = inner.children[0], inner.children[1]
    if inner.head == "div" and inner.children[1].head == "num":
        inner, factor = inner.children[0], num(factor.args[0] / inner.children[1].args[0])  # type: ignore[operator]
    twice = 2 * factor.args[0] * (-1 if negative else 1)  # type: ignore[operator]
    if inner.head != "sym" or twice.denominator != 1:
        raise NotDecidable("exp of something other than a half-integer multiple of a symbol")
    return f"exp {inner.args[0]}/2", int(twice)


def generators(expr: Expr) -> set[str]:
    """Names of the scalar generators that a tree needs: symbols, exponentials, and the sizes of its matrices."""
    names: set[str] = set()
    for node in walk(expr):
        if node.head == "sym":
            names.add(str(node.args[0]))
        elif node.head == "call" and node.args[0] == "exp":
            names.add(exponential(node.children[0])[0])
        elif node.head == "diff":
            names.add(str(node.args[1]))
        names |= {size for size in node.shape if not size.isdigit()}
    return names


def symmetric_letters(exprs: list[Expr]) -> frozenset[str]:
    return frozenset(
        str(n.args[0]) for expr in exprs for n in walk(expr) if n.head == "letter" and n.args[1] == "sym"
    )


def _trees(facts: Facts) -> list[Expr]:
    """Every tree among the facts, so that its generators are at hand."""
    trees = [right for _, right in facts.rewrites]
    trees += [*facts.definitions.values(), *facts.letters.values(), *facts.means.values(), *facts.moments.values()]
    trees += [rate for table in facts.derivations.values() for rate in table.values()]
    if facts.planes is not None:
        trees += [facts.planes.variance, facts.planes.coupling, *COUNT_OF.values()]
        for block in facts.planes.classes:
            trees += [block.count, *(x for row in (*block.U, *block.V) for x in row)]
    return trees


def with_opaque(expr: Expr) -> Expr:
    """Each min and max becomes a symbol of its own; two of them are one when their arguments are equal."""
    found: list[tuple[Expr, Expr]] = []

    def same(one: Expr, other: Expr) -> bool:
        pairs = zip(one.children, other.children, strict=True)
        return one.args[0] == other.args[0] and all(equal(a, b, Facts()) for a, b in pairs)

    def change(node: Expr) -> Expr | None:
        if node.head != "call" or node.args[0] not in ("min", "max"):
            return None
        for known, name in found:
            if same(node, known):
                return name
        found.append((node, sym(f"{node.args[0]} {len(found)}")))
        return found[-1][1]

    return transform(expr, change)


def prepare(expr: Expr, facts: Facts, *, expand: bool) -> Expr:
    """Apply replacements, matrix definitions and (when asked) the scalar abbreviations."""
    for old, new in facts.replacements:
        expr = replace(expr, old, new)
    expr = with_letters(expr, facts.letters)
    if expand:
        expr = expanded(expr, facts.definitions)
    return without_roots(expr)


def opened(facts: Facts) -> Facts:
    """The same relations with every abbreviation in them opened."""

    def wide(expr: Expr) -> Expr:
        return expanded(expr, facts.definitions)

    def tables(table: dict[Any, Expr]) -> dict[Any, Expr]:
        return {key: wide(expr) for key, expr in table.items()}

    return dataclasses.replace(
        facts,
        rewrites=tuple((left, wide(right)) for left, right in facts.rewrites),
        means=tables(facts.means),
        moments=tables(facts.moments),
        derivations={variable: tables(rates) for variable, rates in facts.derivations.items()},
        planes=facts.planes and _opened_planes(facts.planes, wide),
        sizes={size: wide(sym(size)) for size in ("D", "k", "d")},
    )


def _opened_planes(planes: Planes, wide: Callable[[Expr], Expr]) -> Planes:
    def rows(table: tuple[tuple[Expr, ...], ...]) -> tuple[tuple[Expr, ...], ...]:
        return tuple(tuple(wide(x) for x in row) for row in table)

    classes = tuple(
        dataclasses.replace(b, U=rows(b.U), V=rows(b.V), count=wide(b.count)) for b in planes.classes
    )
    return Planes(classes, wide(planes.variance), wide(planes.coupling))


def normaliser_for(exprs: list[Expr], facts: Facts) -> Normaliser:
    trees = exprs + _trees(facts)
    names = set().union(*(generators(t) for t in trees), {"d", "k"})
    return Normaliser(facts, frozenset(names), symmetric_letters(trees))


def equal(left: Expr, right: Expr, facts: Facts) -> bool:
    """Whether `left = right` is decided by normal form under `facts`: first with the abbreviations as free
    generators, then with their definitions. False means "not decided", and never "unequal"."""
    if left.shape != right.shape:
        return False
    difference = left - right
    differentiated = any(n.head == "diff" for n in walk(difference))
    for expand in (True,) if differentiated else (False, True):
        prepared = with_opaque(prepare(difference, facts, expand=expand))
        engine = normaliser_for([prepared], opened(facts) if expand else facts)
        if engine.vanishes(engine.form(prepared)):
            return True
    return False


__all__ = ["NotDecidable", "Normaliser", "equal", "expanded", "normaliser_for", "plane_sum", "prepare"]
