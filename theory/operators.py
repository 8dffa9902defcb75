"""Reading matrix expressions as operator words: products, expectations of random letters, gradients."""

from __future__ import annotations

from collections.abc import Callable

from theory import words as w
from theory.expr import Expr, walk
from theory.facts import Facts, Word
from theory.scalars import Frac, ScalarField


class NotDecidable(ValueError):
    """The expression lies outside what the normal form covers; the message says where."""


class OperatorReader:
    """Turns matrix-valued trees into combinations of words, before rewriting. `scalar` reads scalar trees."""

    def __init__(
        self, facts: Facts, scalars: ScalarField, algebra: w.WordAlgebra, scalar: Callable[[Expr], Frac]
    ) -> None:
        self.facts, self.scalars, self.algebra, self.scalar = facts, scalars, algebra, scalar

    def words(self, expr: Expr) -> w.Combination:
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
                    for word, q in self.words(kid).items():
                        w.add_to(total, word, q)
                return total
            case "neg":
                return {word: -q for word, q in self.words(kids[0]).items()}
            case "mul" | "div":
                return self._scaled(expr)
            case "matmul":
                product: w.Combination = {(): one}
                for kid in kids:
                    product = w.product(product, self.words(kid))
                return product
            case "transpose":
                return {self.algebra.transposed(word): q for word, q in self.words(kids[0]).items()}
            case "inv" if kids[0].head == "letter":
                return {(f"{kids[0].args[0]}^-1",): one}
            case "expect":
                return self.expected(self.words(kids[0]))
            case "grad":
                return self._gradient(expr)
        raise NotDecidable(f"`{expr.head}` inside an operator word")

    def _scaled(self, expr: Expr) -> w.Combination:
        if expr.head == "div":
            factor = self.scalars.divide(self.scalars.field.one, self.scalar(expr.children[1]))
            return {word: q * factor for word, q in self.words(expr.children[0]).items()}
        total: w.Combination = {(): self.scalars.field.one}
        for kid in expr.children:
            if wordless(kid):
                factor = self.scalar(kid)
                total = {word: q * factor for word, q in total.items() if factor}
            else:
                total = w.product(total, self.words(kid))
        return total

    def expected(self, words: w.Combination) -> w.Combination:
        """E of each word: at most two random letters, side by side as x y^T, or one alone."""
        total: w.Combination = {}
        for word, q in words.items():
            places = [i for i, name in enumerate(word) if name.removesuffix("'") in self.facts.random]
            for left, coefficient in self._moment(word, places).items():
                w.add_to(total, left, coefficient * q)
        return total

    def rotated_to_moment(self, word: Word) -> Word:
        """Turn a 1 x 1 word so that its two random letters stand side by side as x y^T."""
        for turn in range(len(word)):
            rotated = word[turn:] + word[:turn]
            if rotated[0] in self.facts.random:
                return rotated
        return word

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
            raise NotDecidable(f"the moment of {' '.join(word[first : first + length])} is not among the facts")
        inner = self.words(value.T if length == 1 and word[first].endswith("'") else value)
        return w.product(w.product({word[:first]: self.scalars.field.one}, inner), {word[first + length :]: 1})

    def _gradient(self, expr: Expr) -> w.Combination:
        """d/dx of a combination of 1 x 1 words: each x (or x^T) in turn is taken out."""
        name = expr.children[1].name
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
        return self.words(expr)


def wordless(expr: Expr) -> bool:
    return expr.is_scalar and not any(n.head in ("letter", "trace", "logdet", "expect") for n in walk(expr))
