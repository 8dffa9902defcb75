"""Whether alpha(t) and h(t) of a user's own are a forward process, at a grid of times, in ball arithmetic.

What is found wrong is wrong or cannot be told: a ball has to lie on the right side. What is found right is right at
these times alone.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any

from flint import arb, ctx

from numerics.points import enclose
from theory.expr import Expr, walk
from theory.processes import Process

BITS = 256
TIMES = (
    *(Fraction(1, 2**n) for n in (20, 15, 10, 7, 5, 4)),
    *(Fraction(n, 8) for n in range(1, 17)),
    *map(Fraction, (3, 4, 6, 8, 12, 16)),
)


def not_forward(process: Process) -> tuple[str, str] | None:
    """The key at fault and what is wrong with it in a few words; None if nothing is wrong at any time of the grid.

    The process lasts while alpha > 0. Until then h and every denominator and root have to be positive, and h/alpha^2
    must not decrease.
    """
    last, ratio = None, arb(0)
    for time in TIMES:
        with ctx.workprec(BITS):
            alpha, h = ball(process.alpha, time), ball(process.h, time)
            if not alpha > 0:
                return None if last is not None else ("alpha", f"is not positive at t = {time}; allowed: 1 at t = 0")
            if not h > 0:
                return "h", f"is not positive at t = {time}, while alpha is; allowed: more than 0 after t = 0"
            for part in process.positive:
                if not ball(part, time) > 0:
                    key = "alpha" if part in walk(process.alpha) else "h"
                    wrong = f"has a denominator or root that is not positive at t = {time}"
                    return key, f"{wrong}; allowed: positive ones while alpha > 0"
            if h / alpha**2 < ratio:
                wrong = f"makes h/alpha^2 decrease from t = {last} to t = {time}, which no noise does"
                return "h", f"{wrong}; allowed: h/alpha^2 that does not decrease"
            last, ratio = time, h / alpha**2
    return None


def ball(expr: Expr, time: Fraction) -> Any:
    """An enclosure of an expression in t at a time, with the precision in force; nan where it has no value."""
    kids = [ball(kid, time) for kid in expr.children]
    match expr.head:
        case "num":
            return enclose(expr.number, ctx.prec)
        case "sym":
            return enclose(time, ctx.prec)
        case "add":
            return reduce(add, kids)
        case "neg":
            return -kids[0]
        case "mul":
            return reduce(mul, kids)
        case "div":
            return kids[0] / kids[1]
        case "pow":
            power = int(expr.children[1].number)
            product = reduce(mul, [kids[0]] * abs(power), arb(1))  # arb's own power is nan where the ball holds zero
            return product if power >= 0 else 1 / product
        case "call" if expr.name in ("exp", "sqrt"):
            return kids[0].exp() if expr.name == "exp" else kids[0].sqrt()
    raise ValueError(f"no ball of {expr.head}")
