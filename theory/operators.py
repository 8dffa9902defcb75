"""Reading matrix expressions as operator words: products, expectations of random letters, gradients."""

from __future__ import annotations

from collections.abc import Callable

from theory import words as w
from theory.expr import Expr, walk
from theory.facts import Facts, Word
from theory.rational import Frac
from theory.scalars import ScalarField
from theory.symbols import CONSTANT_LETTERS, RANDOM_SYMBOLS


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
        """E of each word. Constant letters are taken out on both sides; a random word whose moment is known becomes
        that moment, any other stays as it is, within the marks `E[` and `]`."""
        total: w.Combination = {}
        for word, q in self.algebra.reduce(words).items():
            first = next((i for i, name in enumerate(word) if not self.is_constant(name)), len(word))
            last = next((i for i in range(len(word), first, -1) if not self.is_constant(word[i - 1])), first)
            before, random, after = word[:first], word[first:last], word[last:]
            for middle, coefficient in self._moment(random).items():
                w.add_to(total, before + middle + after, coefficient * q)
        return total

    def is_constant(self, name: str) -> bool:
        """Whether a letter is no function of the random ones. A name that nothing declares may be one."""
        base = name.removesuffix("'").removesuffix("^-1")
        return base in CONSTANT_LETTERS or base.startswith("size(")

    def _moment(self, word: Word) -> w.Combination:
        one = self.scalars.field.one
        if not word:
            return {(): one}
        names = tuple(name.removesuffix("'") for name in word)
        if len(word) == 1 and names[0] in self.facts.means:
            value = self.facts.means[names[0]]
            return self.words(value.T if word[0].endswith("'") else value)
        is_pair = len(word) == 2 and not word[0].endswith("'") and word[1].endswith("'")
        if is_pair and names in self.facts.moments:
            return self.words(self.facts.moments[names])
        return {("E[", *word, "]"): one}

    def rotated_to_moment(self, word: Word) -> Word:
        """Turn a 1 x 1 word so that its random letters stand together, a column first: A x y^T becomes x y^T A."""
        for turn in range(len(word)):
            rotated = word[turn:] + word[:turn]
            if not self.is_constant(rotated[0]) and not rotated[0].endswith("'"):
                return rotated
        return word

    def _gradient(self, expr: Expr) -> w.Combination:
        """d/dx of a combination of 1 x 1 words: each x (or x^T) in turn is taken out."""
        name = expr.children[1].name
        body = expr.children[0]
        if body.head == "sym" and body.name in RANDOM_SYMBOLS:
            return {(f"gradient of {body.name}",): self.scalars.field.one}
        if any(node.head == "sym" and node.name in RANDOM_SYMBOLS for node in walk(body)):
            raise NotDecidable("the gradient of a log-density that is not written out")
        total: w.Combination = {}
        for word, q in self._scalar_words(body, name).items():
            if any(factor.removesuffix("'") != name and not self.is_constant(factor) for factor in word):
                raise NotDecidable("a letter in a gradient may depend on the variable")
            for place, factor in enumerate(word):
                if factor.removesuffix("'") != name:
                    continue
                rest = word[place + 1 :] + word[:place]
                w.add_to(total, rest if factor.endswith("'") else self.algebra.transposed(rest), q)
        return total

    def _scalar_words(self, expr: Expr, name: str) -> w.Combination:
        """The 1 x 1 words of a scalar tree; what does not contain the variable has no gradient."""
        if all(node.head != "letter" or node.name in CONSTANT_LETTERS for node in walk(expr)):
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
    return expr.is_scalar and not any(n.head in ("letter", "trace", "logdet", "expect", "bures") for n in walk(expr))
