"""Parts of a formula while it is read: the tree, and beside it what says whether it is defined and of bounded size.

A part's *residue* is its value modulo a prime at one fixed pseudo-random point, every function a pseudo-random number
of its arguments. What is identically zero as a rational function of its symbols and functions has residue 0; anything
else has it by a chance below 1e-30. So that a text is refused at once for a denominator such as `a - a`. It only ever
serves to refuse: what is accepted is still for the kernel to judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from math import comb, isqrt

from theory.expr import Expr, call, num, plane_sum, walk
from theory.vocabulary import FUNCTIONS

PRIME = 94414343816240160372780263666746144841  # of 127 bits, and no number that a formula is likely to hold
MAX_POWER = 100
MAX_DEGREE = 500
MAX_TERMS = 100_000
MAX_DEPTH = 100
MAX_NODES = 10_000
MAX_BITS = 4000


class Refused(ValueError):
    """An operation that no formula may hold: what is wrong, and a hint."""

    def __init__(self, wrong: str, hint: str) -> None:
        self.wrong, self.hint = wrong, hint
        super().__init__(f"{wrong}; {hint}")


@dataclass(frozen=True, slots=True)
class Part:
    """A tree; its residue; its exact value where it is a number; bounds on the terms and the degree of the polynomial
    that it multiplies out to, functions being atoms; its depth and the number of its nodes."""

    tree: Expr
    residue: int
    constant: Fraction | None = None
    terms: int = 1
    degree: int = 1
    depth: int = 1
    nodes: int = 1

    @property
    def vanishes(self) -> bool:
        """Whether it is zero whatever its symbols are."""
        return self.residue == 0 if self.constant is None else self.constant == 0


def _hashed(*key: object) -> int:
    return int.from_bytes(sha256(repr(key).encode()).digest(), "big") % PRIME


def _residue_of(value: Fraction) -> int:
    if value.denominator % PRIME == 0:
        return _hashed("number", value)
    return value.numerator * pow(value.denominator, -1, PRIME) % PRIME


def _inverse(part: Part) -> int:
    return pow(part.residue, -1, PRIME) if part.residue else _hashed("inverse", part.constant)


def number(value: Fraction, tree: Expr | None = None) -> Part:
    """A number, written as `tree` or as a leaf. Raises Refused."""
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise Refused(f"a number of more than {MAX_BITS * 3 // 10} digits", "formulas hold shorter numbers")
    return Part(num(value) if tree is None else tree, _residue_of(value), value, degree=0)


def _depth(tree: Expr, parts: tuple[Part, ...]) -> int:
    """The tree's depth: a sum takes the terms of a sum into itself, a product those of a product on its left."""
    merging = {"add": 2, "mul": 1}.get(tree.head, 0)
    return 1 + max(part.depth - (i < merging and part.tree.head == tree.head) for i, part in enumerate(parts))


def _made(
    tree: Expr, residue: int, constant: Fraction | None, parts: tuple[Part, ...], terms: int, degree: int
) -> Part:
    """A node over `parts`. Raises Refused where it is too large."""
    depth, nodes = _depth(tree, parts), 1 + sum(part.nodes for part in parts)
    if terms > MAX_TERMS:
        raise Refused(f"multiplied out, more than {MAX_TERMS} terms", "write it with fewer or lower powers")
    if degree > MAX_DEGREE:
        raise Refused(f"a polynomial of a degree beyond {MAX_DEGREE}", "write it with lower powers")
    if depth > MAX_DEPTH:
        raise Refused(f"operations nested deeper than {MAX_DEPTH}", "write it with fewer brackets, signs or divisions")
    if nodes > MAX_NODES:
        raise Refused(f"more than {MAX_NODES} operations", "shorten the formula")
    if constant is not None:
        return replace(number(constant, tree), depth=depth, nodes=nodes)
    return Part(tree, residue, None, terms, degree, depth, nodes)


def negative(part: Part) -> Part:
    constant = None if part.constant is None else -part.constant
    return _made(-part.tree, -part.residue % PRIME, constant, (part,), part.terms, part.degree)


def plus(left: Part, right: Part) -> Part:
    constant = _both(left, right, lambda x, y: x + y)
    residue = (left.residue + right.residue) % PRIME
    terms, degree = left.terms + right.terms, max(left.degree, right.degree)
    return _made(left.tree + right.tree, residue, constant, (left, right), terms, degree)


def minus(left: Part, right: Part) -> Part:
    return plus(left, negative(right))


def times(left: Part, right: Part) -> Part:
    constant = _both(left, right, lambda x, y: x * y)
    residue, terms = left.residue * right.residue % PRIME, left.terms * right.terms
    return _made(left.tree * right.tree, residue, constant, (left, right), terms, left.degree + right.degree)


def over(left: Part, right: Part) -> Part:
    """A quotient. Raises Refused for a denominator that vanishes whatever its symbols are."""
    if right.vanishes:
        raise Refused("a division by zero", "what stands below the bar is 0 whatever its symbols are")
    constant = _both(left, right, lambda x, y: x / y)
    residue, terms = left.residue * _inverse(right) % PRIME, left.terms * right.terms
    return _made(left.tree / right.tree, residue, constant, (left, right), terms, left.degree + right.degree)


def power(base: Part, exponent: int) -> Part:
    """An integer power. Raises Refused for one that is too large, or of zero and not positive."""
    if abs(exponent) > MAX_POWER:
        raise Refused("the exponent of a power is too large", f"at most {MAX_POWER} is read")
    if base.vanishes and exponent <= 0:
        raise Refused("a power of zero that has no value", "0 has positive powers only")
    bits = 0 if base.constant is None else base.constant.numerator.bit_length() + base.constant.denominator.bit_length()
    if bits * abs(exponent) > 2 * MAX_BITS:  # before the power is computed
        raise Refused(f"a number of more than {MAX_BITS * 3 // 10} digits", "formulas hold shorter numbers")
    constant = None if base.constant is None else base.constant**exponent
    residue = pow(base.residue if exponent >= 0 else _inverse(base), abs(exponent), PRIME)
    terms = comb(abs(exponent) + base.terms - 1, abs(exponent)) if base.constant is None else 1
    return _made(base.tree ** num(exponent), residue, constant, (base,), terms, base.degree * abs(exponent))


def function(name: str, arguments: list[Part]) -> Part:
    """A function of the vocabulary. Raises Refused for a wrong number of arguments, or where it has no value."""
    wanted = FUNCTIONS[name]
    if len(arguments) != wanted:
        wrong = f"{name} takes {wanted} argument{'s' * (wanted > 1)}, not {len(arguments)}"
        raise Refused(wrong, f"write {name}({', '.join('xy'[:wanted])})")
    _require_domain(name, arguments[0])
    trees = [part.tree for part in arguments]
    if name == "exp":
        trees = [_time_multiple(trees[0])]
    constant = _constant_value(name, [part.constant for part in arguments])
    return _made(call(name, *trees), _function_residue(name, arguments), constant, tuple(arguments), 1, 1)


def _require_domain(name: str, x: Part) -> None:
    """Raises Refused where the argument is a number, or zero throughout, that the function has no value at."""
    value = Fraction(0) if x.vanishes else x.constant
    if value is None:
        return
    if name == "log" and value <= 0:
        raise Refused("the logarithm of a number that is not positive", "log(x) asks for x > 0")
    if name == "sqrt" and value < 0:
        raise Refused("the square root of a negative number", "sqrt(x) asks for x >= 0")
    if name == "phi" and value <= -1:
        raise Refused("phi of a number that is not above -1", "phi(x) = x - log(1 + x) asks for x > -1")


def _function_residue(name: str, arguments: list[Part]) -> int:
    residues = [part.residue for part in arguments]
    if name in ("min", "max"):
        residues.sort()
        return residues[0] if residues[0] == residues[-1] else _hashed(name, residues)
    at_zero = name in ("sqrt", "phi") and arguments[0].vanishes
    return 0 if at_zero or (name == "log" and residues == [1]) else _hashed(name, residues)


def total(body: Part) -> Part:
    """The sum over the target's directions."""
    residue = 0 if body.vanishes else _hashed("sum", body.residue)
    return _made(plane_sum(body.tree), residue, None, (body,), 1, 1)


def _both(left: Part, right: Part, operation: Callable[[Fraction, Fraction], Fraction]) -> Fraction | None:
    if left.constant is None or right.constant is None:
        return None
    return operation(left.constant, right.constant)


def _constant_value(name: str, constants: list[Fraction | None]) -> Fraction | None:
    """The value of a function of numbers where it is rational."""
    numbers = [value for value in constants if value is not None]
    if len(numbers) < len(constants):
        return None
    if name in ("min", "max"):
        return min(numbers) if name == "min" else max(numbers)
    (x,) = numbers
    if name == "sqrt":
        root = Fraction(isqrt(x.numerator), isqrt(x.denominator))
        return root if root * root == x else None
    return Fraction(0) if x == {"log": 1, "phi": 0}.get(name) else None


def _rate(tree: Expr) -> tuple[Fraction, str] | None:
    """(q, x) of a product q*x of numbers and at most one symbol; x is empty for a number."""
    if tree.head == "num":
        return tree.number, ""
    if tree.head == "sym":
        return Fraction(1), tree.name
    rates = [_rate(kid) for kid in tree.children] if tree.head in ("neg", "mul", "div") else []
    found = [rate for rate in rates if rate is not None]
    names = [name for _, name in found if name]
    if len(found) < len(tree.children) or not found or len(names) > 1 or (tree.head == "div" and found[1][1]):
        return None
    value = Fraction(-1 if tree.head == "neg" else 1)
    for i, (q, _) in enumerate(found):
        value = value / q if tree.head == "div" and i else value * q
    return value, names[0] if names else ""


def _time_multiple(tree: Expr) -> Expr:
    """The argument of exp as the kernel reads it: -t, t/2, 3*t/2 and the like. Raises Refused for anything else."""
    rate = _rate(tree)
    if rate is None or rate[1] not in ("t", "B") or not rate[0]:
        raise Refused("exp of something other than a multiple of t or B", "write such as exp(-t/2)")
    q, name = rate
    if (2 * q).denominator != 1 or abs(q) > MAX_POWER:
        raise Refused(
            f"exp of a multiple of {name} that is not one of 1/2, 1, 3/2, ... {MAX_POWER}",
            f"write such as exp(-{name}/2)",
        )
    size = abs(q)
    scaled = Expr("sym", (name,)) if size.numerator == 1 else num(size.numerator) * Expr("sym", (name,))
    if size.denominator != 1:
        scaled = num(size) * Expr("sym", (name,)) if size.numerator != 1 else scaled / num(size.denominator)
    return -scaled if q < 0 else scaled


def of_tree(tree: Expr) -> Part:
    """The part of a scalar that a name stands for. Raises Refused."""
    return replace(_counted(tree), tree=tree)


def _counted(tree: Expr) -> Part:
    kids = tree.children
    match tree.head:
        case "num":
            return number(tree.number)
        case "sym":
            return Part(tree, _hashed("sym", tree.name))
        case "add" | "mul":
            return reduce(plus if tree.head == "add" else times, map(_counted, kids))
        case "neg":
            return negative(_counted(kids[0]))
        case "div":
            return over(_counted(kids[0]), _counted(kids[1]))
        case "pow" if kids[1].head == "num" and kids[1].number.denominator == 1:
            return power(_counted(kids[0]), kids[1].number.numerator)
        case "call":
            return function(tree.name, [_counted(kid) for kid in kids])
        case "sum" if tree.name == "target":
            return total(_counted(kids[0]))
    if not tree.is_scalar:
        raise Refused("a name that stands for a matrix", "formulas are of scalars")
    return Part(tree, _hashed("other", tree), nodes=sum(1 for _ in walk(tree)), depth=_levels(tree))


def _levels(tree: Expr) -> int:
    level, depth = [tree], 0
    while level:
        level, depth = [kid for node in level for kid in node.children], depth + 1
    return depth
