"""Random trees over everything that a line can hold, scalars and matrices, worse than any author writes them."""

import random
from fractions import Fraction

from theory import symbols as S
from theory.expr import (
    Expr,
    bures,
    call,
    diff,
    expect,
    eye,
    grad,
    integral,
    letter,
    literal,
    num,
    plane_sum,
    sym,
    trace,
)

LEAVES = (
    "alpha", "h", "nu", "c", "c_s", "a", "a_i", "a_s_i", "s_i", "cos_i", "sin_i", "lambda_i", "lambda_s_i", "sigma2",
    "D", "k", "d", "theta_i", "rho", "r", "alike_i", "turned_i", "mu_perp2", "w2", "F_slope", "log_p", "v_rest",
    "alpha_dot", "c_0", "R_0", "step_i", "b_s_i", "weight", "infinity", "sigma_s2", "overlap_s_i",
)  # fmt: skip
LETTERS = {
    ("D", "D"): (S.Sigma, S.P, S.Q, S.Sigma_s, S.C_exact, letter("B_R", "D", "D"), letter("mmse", "D", "D")),
    ("k", "k"): (S.M, S.M_s, S.Lam_s, letter("Y", "k", "k"), letter("R_seen", "k", "k")),
    ("D", "k"): (S.U, letter("W", "D", "k")),
    ("k", "D"): (letter("G", "k", "D"),),
    ("D", "1"): (S.x, S.xi, S.mu, S.score, letter("missing", "D", "1"), letter("posterior", "D", "1")),
    ("k", "1"): (S.y, S.g, letter("g_best", "k", "1"), letter("missing_y", "k", "1")),
    ("1", "1"): (letter("x_j", "1", "1"), letter("psi_sde_i", "1", "1"), letter("psi_sde_spare", "1", "1")),
}  # fmt: skip
EXPONENTS = (-12, -3, -1, 0, 1, 2, 2, 3, 12)
HUGE = (2**63, 2**64, 2**64 + 1, 2**128 + 3, 10**60 + 7)


class Trees:
    """A stream of random trees. `matrices` says whether lines may hold letters at all."""

    def __init__(self, seed: int, *, matrices: bool = True) -> None:
        self.rng, self.matrices = random.Random(seed), matrices

    def number(self) -> Expr:
        sign = self.rng.choice((1, 1, -1))
        draw = self.rng.random()
        if draw < 0.5:
            return num(sign * self.rng.randint(0, 12))
        if draw < 0.75:
            return num(Fraction(sign * self.rng.randint(1, 9), self.rng.randint(2, 7)))
        if draw < 0.9:
            return num(sign * (self.rng.choice(HUGE) + self.rng.randint(0, 2)))
        return num(Fraction(sign * self.rng.choice(HUGE), self.rng.choice(HUGE) + 2))

    def leaf(self) -> Expr:
        draw = self.rng.random()
        if self.matrices and draw > 0.93:
            return self.rng.choice(LETTERS["1", "1"])
        return self.number() if draw < 0.3 else sym(self.rng.choice(LEAVES))

    def scalar(self, depth: int) -> Expr:
        if depth == 0 or self.rng.random() < 0.06:
            return self.leaf()
        kinds = ["add", "add", "neg", "mul", "mul", "div", "div", "pow", "call", "sum", "exp"]
        kinds += ["trace", "logdet", "expect", "diff", "integral", "quadratic", "bures"] if self.matrices else []
        return self.made(self.rng.choice(kinds), depth - 1)

    def made(self, kind: str, depth: int) -> Expr:
        rng, one = self.rng, self.scalar
        match kind:
            case "add" | "mul":
                return Expr(kind, tuple(one(depth) for _ in range(rng.randint(2, 4))))
            case "neg":
                return -one(depth)
            case "div":
                return Expr("div", (one(depth), one(depth)))
            case "pow":
                return Expr("pow", (one(depth), num(rng.choice(EXPONENTS)) if rng.random() < 0.9 else one(depth)))
            case "call":
                name = rng.choice(("min", "max", "log", "phi", "sqrt", "sqrt"))
                return call(name, *(one(depth) for _ in range(2 if name in ("min", "max") else 1)))
            case "exp":
                return call("exp", one(min(depth, 2)))
            case "sum":
                return plane_sum(one(depth), rng.choice(("target", "pairs", "lost")))
            case "trace" | "logdet":
                size = rng.choice(("k", "D"))
                return Expr(kind, (self.matrix(size, size, depth),))
            case "expect":
                return expect(one(depth))
            case "diff":
                return diff(one(depth), rng.choice(("t", "h", "r", "theta_i")))
            case "integral":
                return integral(one(depth), "r", one(min(depth, 1)), one(min(depth, 1)))
            case "bures":
                found = bures(self.matrix("D", "D", min(depth, 1)), self.matrix("D", "D", min(depth, 1)))
                return found if rng.random() < 0.5 else call("sqrt", found)
        column = self.matrix(rng.choice(("k", "D")), "1", depth)
        return Expr("matmul", (Expr("transpose", (column,), "1", column.rows), column))

    def matrix(self, rows: str, cols: str, depth: int) -> Expr:
        """A matrix of a size: a column where `cols` is 1."""
        rng = self.rng
        if depth <= 0 or rng.random() < 0.1:
            return self.letter(rows, cols)
        kinds = ["add", "neg", "mul", "div", "matmul", "matmul", "transpose"] + ["inv"] * (2 * (rows == cols))
        kinds += ["expect", "diff"] + ["grad"] * (cols == "1") + ["blocks"] * (rows == cols == "k")
        match rng.choice(kinds):
            case "add":
                return Expr("add", tuple(self.matrix(rows, cols, depth - 1) for _ in range(2)), rows, cols)
            case "neg":
                return -self.matrix(rows, cols, depth - 1)
            case "mul":
                factors = [self.scalar(depth - 1), self.matrix(rows, cols, depth - 1)]
                return Expr("mul", tuple(factors if rng.random() < 0.8 else factors[::-1]), rows, cols)
            case "div":
                return Expr("div", (self.matrix(rows, cols, depth - 1), self.scalar(min(depth - 1, 2))), rows, cols)
            case "matmul":
                between = rng.choice(("k", "D"))
                kids = (self.matrix(rows, between, depth - 1), self.matrix(between, cols, depth - 1))
                return Expr("matmul", kids, rows, cols)
            case "transpose":
                return Expr("transpose", (self.matrix(cols, rows, depth - 1),), rows, cols)
            case "inv":
                return Expr("inv", (self.matrix(rows, cols, depth - 1),), rows, cols)
            case "expect":
                return expect(self.matrix(rows, cols, depth - 1))
            case "diff":
                return diff(self.matrix(rows, cols, depth - 1), rng.choice(("t", "r")))
            case "grad":
                return grad(self.scalar(depth - 1), S.x if rows == "D" else S.y)
        return self.letter(rows, cols)

    def letter(self, rows: str, cols: str) -> Expr:
        if rows == cols and self.rng.random() < 0.2:
            return eye(rows)
        if rows == "1" and cols != "1":
            return Expr("transpose", (self.rng.choice(LETTERS[cols, "1"]),), "1", cols)
        return self.rng.choice(LETTERS[rows, cols])

    def blocks(self, depth: int) -> Expr:
        """A product of small matrices written out, as one principal plane has it."""
        rng = self.rng
        rows, between, cols = (rng.randint(0, 2) for _ in range(3))

        def written(n: int, m: int) -> Expr:
            made: Expr = literal([[self.scalar(depth) for _ in range(m)] for _ in range(n)], n, m)
            if rng.random() < 0.3:
                return Expr("transpose", (literal([[self.scalar(depth) for _ in range(n)] for _ in range(m)], m, n),),
                            str(n), str(m))  # fmt: skip
            if n == m and rng.random() < 0.4:
                return Expr("inv", (made,), str(n), str(m))
            return Expr("div", (made, self.scalar(1)), str(n), str(m)) if rng.random() < 0.2 else made

        product = Expr("matmul", (written(rows, between), written(between, cols)), str(rows), str(cols))
        return trace(product) if rows == cols else product
