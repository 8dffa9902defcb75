"""Short names for the heads of trees, and how two lines compare by normal form."""

from typing import Any

from tiny import claim, lemma, letter

from checker.claim import Claim


def word(*xs: Any) -> list[Any]:
    return ["MatrixMultiply", *xs]


def t(x: Any) -> list[Any]:
    return ["Transpose", x]


def tr(x: Any) -> list[Any]:
    return ["Trace", x]


def mean(x: Any) -> list[Any]:
    return ["Expectation", x]


def total(x: Any, over: str = "target") -> list[Any]:
    return ["Sum", over, x]


def mat(rows: int, cols: int, *entries: Any) -> list[Any]:
    return ["Matrix", str(rows), str(cols), *entries]


def times(*xs: Any) -> list[Any]:
    return ["Multiply", *xs]


def power(x: Any, n: Any) -> list[Any]:
    return ["Power", x, n]


def grad(x: Any) -> list[Any]:
    return ["Gradient", x, letter("x", "D", "1")]


def rate(x: Any, v: str = "v") -> list[Any]:
    return ["D", x, v]


def ways(left: Any, right: Any, facts: dict[str, Any]) -> tuple[str, str]:
    """The reason with abbreviations closed and opened, definedness apart."""

    class Defined(Claim):
        def defined(self, t: Any) -> None: ...

        def positive(self, t: Any, strict: bool, conditions: Any = None) -> None: ...

    found = []
    for how in ("closed", "opened"):
        try:
            Defined(claim(left, "=", right, **facts), [how], lambda item: lemma(0, 0)).check()
            found.append("")
        except ValueError as fault:
            found.append(str(fault))
    return found[0], found[1]
