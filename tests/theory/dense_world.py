"""One instance of the model in dense matrices of fifty digits, made from two frames and a few numbers alone.

A random vector is a matrix that acts on (z, eps, n, x_j, zeta, 1), so that its mean and moments are exact. No closed
form is read: covariances come from the vectors, posterior means from regression, spectra from eigenvalue routines.
"""

import random
from typing import Any

from mpmath import mp, mpf

D, k, d = 6, 3, 2
Env = dict[str, Any]


def orthonormal(rng: random.Random, rows: int, cols: int) -> Any:
    q, _ = mp.qr(mp.matrix([[rng.randint(-9, 9) for _ in range(rows)] for _ in range(rows)]))
    return q[:, :cols]


def blocks(*parts: Any) -> Any:
    """A block diagonal matrix."""
    made, at = mp.zeros(sum(x.rows for x in parts)), 0
    for x in parts:
        for i in range(x.rows):
            for j in range(x.rows):
                made[at + i, at + j] = x[i, j]
        at += x.rows
    return made


class World:
    """Values for the names and letters that axioms speak of."""

    def __init__(self, seed: int, *, centred: bool = False) -> None:
        rng = random.Random(seed)
        draw = lambda: mpf(rng.randint(3, 40)) / rng.randint(7, 19)  # noqa: E731
        self.s: Env = {name: draw() for name in ("alpha", "h", "sigma2", "sigma_s2", "R", "v_spare", "v_rest")}
        self.s |= {"D": mpf(D), "k": mpf(k), "d": mpf(d), "v_start": 1 + self.s["R"], "gamma": 1 / self.s["h"]}
        self.s |= {"step_spare": draw(), "step_rest": draw()}
        alpha, h, sigma2 = (self.s[x] for x in ("alpha", "h", "sigma2"))
        self.s |= {"nu": alpha**2 * sigma2, "c": h + alpha**2 * sigma2, "r": h / alpha**2, "rho": alpha**2 * sigma2 / h}
        lam, lam_s = [draw() for _ in range(d)], [draw() for _ in range(d)]
        U, V = orthonormal(rng, D, k), orthonormal(rng, D, d)
        Y, cosines, Zt = mp.svd_r(U.T * V, full_matrices=True)
        Z = Zt.T
        sines = [mp.sqrt(1 - x**2) for x in cosines]
        C, S = mp.zeros(k, d), mp.diag(sines)
        for i in range(d):
            C[i, i] = cosines[i]
        Lam, Lam_s = Z * mp.diag(lam) * Z.T, Y * mp.diag([*lam_s, 0]) * Y.T
        mu = mp.matrix([0 if centred else draw() for _ in range(D)])
        size = d + 2 * D + 2
        self.covariance = blocks(Lam, mp.eye(D), mp.eye(D), mp.matrix([[self.s["v_start"]]]), mp.eye(1))
        base = {"z": (0, d), "eps": (d, D), "n": (d + D, D), "x_j": (size - 2, 1), "zeta": (size - 1, 1)}
        vectors: Env = {}
        for name, (at, rows) in base.items():
            vectors[name] = mp.zeros(rows, size + 1)
            for i in range(rows):
                vectors[name][i, at + i] = 1
        x0 = self.plus(mu, self.plus(V * vectors["z"], mp.sqrt(sigma2) * vectors["eps"]))
        x = self.plus(alpha * x0, mp.sqrt(h) * vectors["n"])
        xi = self.plus(x, -alpha * mu)
        Sigma = self.moment(xi, xi)
        M, precision = U.T * Sigma * U, mp.inverse(Sigma)
        y = U.T * xi
        posterior = self.plus(mu, self.moment(self.plus(x0, -mu), xi) * precision * xi)
        inner = U.T * self.plus(x0, -mu)
        posterior_y = self.plus(U.T * mu, self.moment(inner, y) * mp.inverse(self.moment(y, y)) * y)
        missing, missing_y = x0 - posterior, U.T * x0 - posterior_y
        g, s = -mp.inverse(M) * y, -precision * xi
        q = mp.matrix([[rng.randint(-5, 5) for _ in range(k)] for _ in range(k)]) * y
        residual = U.T * s - g
        P, data = mp.eye(D) - U * U.T, V * Lam * V.T + sigma2 * mp.eye(D)
        A, B = alpha**2 * Lam, Z * mp.diag([mp.sqrt(x) for x in lam]) * orthonormal(rng, d, d)
        A_seen = alpha**2 * (B.T * V.T * U * U.T * V * B)
        Sigma_s = alpha**2 * (U * Lam_s * U.T + self.s["sigma_s2"] * mp.eye(D)) + h * mp.eye(D)
        R, R_seen = mp.inverse(self.s["c"] * mp.eye(d) + A), mp.inverse(self.s["c"] * mp.eye(d) + A_seen)
        self.letters: Env = {
            "U": U, "V": V, "Y": Y, "C": C, "Z": Z, "E": mp.eye(d), "S": S, "Lambda": Lam, "Lambda_s": Lam_s, "mu": mu,
            "Sigma": Sigma, "M": M, "P": P, "Q": U * M * U.T + h * P, "A": A, "B": B, "A_seen": A_seen, "R": R,
            "R_seen": R_seen, "Sigma_s": Sigma_s, "M_s": U.T * Sigma_s * U, "C_0": data, "Sigma_0": data,
            "M_0": U.T * data * U, "x0": x0, "x": x, "x_t": x, "xi": xi, "s": s, "g": g, "g_best": g, "q": q,
            "posterior": posterior, "posterior_y": posterior_y, "missing": missing, "missing_y": missing_y,
            "mmse": self.moment(missing, missing), "mmse_y": self.moment(missing_y, missing_y), "residual": residual,
            "residual_covariance": self.moment(residual, residual), "q_moment": self.moment(q, q), **vectors,
        }  # fmt: skip
        mus = sorted(mp.eigsy(A_seen, eigvals_only=True), reverse=True)
        self.s |= {"mu_perp2": mp.norm(P * mu) ** 2, "mu_in2": mp.norm(U.T * mu) ** 2}
        self.planes: list[Env] = []
        for i in range(d):
            one = {"cos_i": cosines[i], "sin_i": sines[i], "s_i": sines[i] ** 2, "lambda_i": lam[i]}
            one |= {"a_i": alpha**2 * lam[i], "lambda_s_i": lam_s[i], "mu_i": mus[i], "v_i": draw(), "step_i": draw()}
            self.planes.append(one)
        self.point = mp.matrix([mpf(rng.randint(-9, 9)) / 7 for _ in range(size)] + [1])

    # random vectors
    def plus(self, one: Any, other: Any) -> Any:
        """A sum, a constant vector being its own mean."""
        wide = self.covariance.rows + 1
        sides = []
        for x in (one, other):
            made = x
            if x.cols == 1 and max(one.cols, other.cols) == wide:
                made = mp.zeros(x.rows, wide)
                made[:, wide - 1] = x
            sides.append(made)
        return sides[0] + sides[1]

    def mean(self, x: Any) -> Any:
        return x[:, x.cols - 1]

    def moment(self, a: Any, b: Any) -> Any:
        """E[a b^T]."""
        end = self.covariance.rows
        return a[:, :end] * self.covariance * b[:, :end].T + a[:, end] * b[:, end].T

    def at_point(self, x: Any) -> Any:
        return x * self.point if x.cols == self.covariance.rows + 1 else x

    # the common basis of both subspaces
    def directions(self) -> dict[str, list[tuple[Any, Any, Any]]]:
        """Of each class of directions: bases of the ambient, the encoder's and the target's part."""
        U, V, Y, Z = (self.letters[x] for x in "UVYZ")
        found: dict[str, list[tuple[Any, Any, Any]]] = {"pair": [], "spare": [], "rest": []}
        taken = mp.zeros(D, 0)
        for i in range(d):
            along, other = U * Y[:, i], V * Z[:, i]
            beyond = other - along * (along.T * other)[0, 0]
            both = beside(along, beyond / mp.norm(beyond))
            found["pair"].append((both, Y[:, i], Z[:, i]))
            taken = beside(taken, both)
        for i in range(d, k):
            found["spare"].append((U * Y[:, i], Y[:, i], mp.zeros(d, 0)))
            taken = beside(taken, U * Y[:, i])
        values, vectors = mp.eigsy(taken * taken.T)
        for i in range(D):
            if abs(values[i]) < mpf(10) ** -30:
                found["rest"].append((vectors[:, i], mp.zeros(k, 0), mp.zeros(d, 0)))
        return found

    # trees
    def value(self, t: Any, env: Env, point: bool = False) -> Any:
        """A tree from JSON; at one outcome of the random vectors if asked."""
        if isinstance(t, int):
            return mpf(t)
        if isinstance(t, str):
            return env[t] if t in env else self.s[t]
        head, *parts = t
        sub = lambda x: self.value(x, env, point)  # noqa: E731
        match head:
            case "Letter":
                return self.at_point(self.letters[parts[0]]) if point else self.letters[parts[0]]
            case "Identity":
                return mp.eye({"D": D, "k": k, "d": d, "m": d, "1": 1, "2": 2}[parts[0]])
            case "Zero":
                return mp.zeros(*({"D": D, "k": k, "d": d, "m": d, "1": 1}[x] for x in parts))
            case "Matrix":
                rows, cols = int(parts[0]), int(parts[1])
                made = mp.zeros(rows, cols)
                for i, x in enumerate(parts[2:]):
                    made[i // cols, i % cols] = sub(x)
                return made
            case "Add":
                total = sub(parts[0])
                for x in map(sub, parts[1:]):
                    total = self.plus(total, x) if isinstance(x, mp.matrix) else total + x
                return total
            case "Negate":
                return -sub(parts[0])
            case "Multiply" | "MatrixMultiply":
                total = sub(parts[0])
                for x in parts[1:]:
                    total = total * sub(x)
                number = point and isinstance(total, mp.matrix) and total.rows == total.cols == 1
                return total[0, 0] if number else total
            case "Divide":
                return sub(parts[0]) / sub(parts[1])
            case "Power":
                return sub(parts[0]) ** int(parts[1])
            case "Transpose":
                return sub(parts[0]).T
            case "Inverse":
                return mp.inverse(sub(parts[0]))
            case "Trace":
                x = sub(parts[0])
                return sum((x[i, i] for i in range(x.rows)), mpf(0))
            case "LogDet":
                return sum((mp.log(x) for x in mp.eigsy(sub(parts[0]), eigvals_only=True)), mpf(0))
            case "Sqrt":
                return mp.sqrt(sub(parts[0]))
            case "Ln":
                return mp.log(sub(parts[0]))
            case "Exp":
                return mp.exp(sub(parts[0]))
            case "Sum":
                return sum((self.value(parts[1], {**env, **one}, point) for one in self.planes), mpf(0))
        raise NotImplementedError(head)

    def word(self, names: list[str]) -> Any:
        """A product of letters: X' is transposed, X^-1 inverted."""
        total = None
        for name in names:
            x = self.letters[name.removesuffix("'").removesuffix("^-1")]
            x = x.T if name.endswith("'") else mp.inverse(x) if name.endswith("^-1") else x
            total = x if total is None else total * x
        return total


def beside(one: Any, other: Any) -> Any:
    made = mp.zeros(one.rows or other.rows, one.cols + other.cols)
    for j in range(one.cols):
        made[:, j] = one[:, j]
    for j in range(other.cols):
        made[:, one.cols + j] = other[:, j]
    return made
