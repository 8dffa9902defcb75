"""What samplers generate, against dense matrices in float64, an integrator of equations, and simulated paths."""

import math
from collections.abc import Callable
from fractions import Fraction as F
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from numerics.cases import Case
from numerics.frames import float_frames
from numerics.points import RIGHT_ANGLE, Angle
from numerics.sampler_laws import Encoded, Spectrum
from numerics.sampler_processes import VE, VP, Flow, Process, named
from numerics.samplers import (
    BUDGET,
    CONTINUOUS,
    DISCRETE,
    Sampler,
    continuous_sampler,
    discrete_sampler,
    error_budget,
    sampler_values,
)

HALF, FULL = VP(F(1, 10), F(6), F(1)), VP(F(1, 20), F(3), F(1), "full")
TIMES = {"vp": (F(1), F(1, 20)), "vp-full": (F(1), F(1, 20)), "ve": (F(8), F(1, 5)), "flow": (F(9, 10), F(1, 10))}
PROCESSES: dict[str, Process] = {"vp": HALF, "vp-full": FULL, "ve": VE(), "flow": Flow()}
METHODS = (*CONTINUOUS, *DISCRETE)


def floats(name: str, t: float) -> tuple[float, float, float, float]:
    """alpha, h, f and g^2 of a process, written out once more."""
    if name.startswith("vp"):
        low, high, factor = (0.1, 6.0, 1.0) if name == "vp" else (0.05, 3.0, 2.0)
        beta, total = factor * (low + (high - low) * t), factor * (low * t + (high - low) * t * t / 2)
        return math.exp(-total / 2), 1 - math.exp(-total), -beta / 2, beta
    if name == "ve":
        return 1.0, t, 0.0, 1.0
    return 1 - t, t * t, -1 / (1 - t), 2 * t / (1 - t)


def quadrature(f: Callable[[float], float], a: float, b: float) -> float:
    """Gauss-Legendre with 40 points."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    return float(sum(w * f((a + b) / 2 + (b - a) / 2 * x) for x, w in zip(nodes, weights, strict=True)) * (b - a) / 2)


def runge_kutta(f: Callable[[float, np.ndarray], np.ndarray], x: float, y: float, C: np.ndarray) -> np.ndarray:
    """One classical step of order four."""
    step = y - x
    one = f(x, C)
    two = f(x + step / 2, C + step / 2 * one)
    three = f(x + step / 2, C + step / 2 * two)
    return C + step / 6 * (one + 2 * two + 2 * three + f(y, C + step * three))


class Dense:
    """The same sampler with D x D matrices: x becomes A x + noise, with A from the score matrix K, s(x) = -K x."""

    def __init__(self, data: Encoded, process: str, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        case = Case(data.D, data.k, data.d, data.theta, data.lam, data.sigma2, F(1), F(1))
        self.U, _, self.encoder, target = float_frames(case, rng)
        latent = np.diag([float(x) for x in data.lam])
        self.data = target @ latent @ target.T + float(data.sigma2) * np.eye(data.D)
        self.process, self.eye = process, np.eye(data.D)

    def score(self, t: float) -> np.ndarray:
        alpha, h, _, _ = floats(self.process, t)
        Sigma = alpha**2 * self.data + h * self.eye
        inside = self.U @ np.linalg.inv(self.U.T @ Sigma @ self.U) @ self.U.T
        return inside + (self.eye - self.U @ self.U.T) / h

    def drift(self, t: float, half: bool) -> np.ndarray:
        """F with dx = F x dt (+ noise), in forward time."""
        _, _, f, g2 = floats(self.process, t)
        return f * self.eye + (0.5 if half else 1.0) * g2 * self.score(t)

    def step(self, method: str, t: float, u: float) -> tuple[np.ndarray, float]:
        alpha, h, _, g2 = floats(self.process, t)
        after, left, _, _ = floats(self.process, u)
        delta = t - u
        if method == "em":
            return self.eye - delta * self.drift(t, half=False), g2 * delta
        if method == "ei":
            held = after * quadrature(lambda x: floats(self.process, x)[3] / floats(self.process, x)[0], u, t)
            spread = after**2 * quadrature(lambda x: floats(self.process, x)[3] / floats(self.process, x)[0] ** 2, u, t)
            return after / alpha * self.eye - held * self.score(t), spread
        if method == "euler":
            return self.eye - delta * self.drift(t, half=True), 0.0
        if method == "heun":
            first = self.drift(t, half=True)
            second = self.drift(u, half=True) @ (self.eye - delta * first)
            return self.eye - delta * (first + second) / 2, 0.0
        clean = (self.eye - h * self.score(t)) / alpha
        noise = math.sqrt(h) * self.score(t)
        return after * clean + math.sqrt(left) * noise, 0.0

    def discrete(self, sampler: Sampler) -> np.ndarray:
        C = self.eye
        nodes = np.linspace(float(sampler.t_end), float(sampler.t_stop), (sampler.steps or 0) + 1)
        for t, u in pairwise(nodes):
            A, noise = self.step(sampler.method, t, u)
            C = A @ C @ A.T + noise * self.eye
        return C

    def continuous(self, sampler: Sampler) -> np.ndarray:
        """The covariance's own equation, integrated."""
        stochastic = sampler.method == "sde"

        def rate(t: float, C: np.ndarray) -> np.ndarray:
            A = self.drift(t, half=not stochastic)
            return A @ C + C @ A.T - stochastic * floats(self.process, t)[3] * self.eye

        # in the logarithm of t, in which a score -x/h is smooth
        nodes = np.linspace(math.log(sampler.t_end), math.log(sampler.t_stop), 801)
        C = self.eye
        for x, y in pairwise(nodes):
            C = runge_kutta(lambda z, C: math.exp(z) * rate(math.exp(z), C), x, y, C)
        return C

    def law(self, sampler: Sampler) -> np.ndarray:
        return self.continuous(sampler) if sampler.method in CONTINUOUS else self.discrete(sampler)


def square_root(A: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh((A + A.T) / 2)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def bures(A: np.ndarray, B: np.ndarray) -> float:
    root = square_root(A)
    return float(np.trace(A) + np.trace(B) - 2 * np.trace(square_root(root @ B @ root)))


DATA = {
    "k = d": Encoded(5, 2, 2, (Angle(F(3, 10)), Angle(F(11, 10))), (F(2), F(1, 3)), F(1, 5)),
    "k < d": Encoded(6, 2, 3, (Angle(F(1, 2)), Angle(F(6, 5))), (F(1), F(5, 2), F(4, 3)), F(1, 10)),
    "k > d": Encoded(6, 3, 2, (Angle(F(7, 10)), RIGHT_ANGLE), (F(3), F(1, 2)), F(1, 2)),
    "forced zero angles": Encoded(3, 2, 2, (Angle(), Angle(F(9, 10))), (F(2), F(1)), F(1, 4)),
    "no ambient noise": Encoded(4, 2, 1, (Angle(F(4, 5)),), (F(3, 2),), F(0)),
    "everything": Encoded(3, 3, 2, (Angle(), Angle()), (F(2), F(1, 2)), F(1, 3)),
}


def sampler(method: str, name: str, steps: int = 7) -> Sampler:
    end, stop = TIMES[name]
    return Sampler(method, end, stop, steps if method in DISCRETE else None)


@pytest.mark.parametrize("name", list(PROCESSES))
@pytest.mark.parametrize("method", METHODS)
def test_variances_and_distance_agree_with_dense_matrices(method: str, name: str) -> None:
    for label, data in DATA.items():
        chosen = sampler(method, name)
        (distance, rows), _ = sampler_values(data, PROCESSES[name], chosen, 15)
        dense = Dense(data, name)
        C = dense.law(chosen)
        paired = min(data.k, data.d)
        inside = [float(dense.encoder[:, i] @ C @ dense.encoder[:, i]) for i in range(data.k)]
        claimed = [float(v) for v, _ in rows]
        assert claimed[:paired] == pytest.approx(inside[:paired], rel=1e-8), label
        assert [int(count) for _, count in rows] == [1] * paired + [max(data.k - data.d, 0), data.D - data.k]
        assert inside[paired:] == pytest.approx([claimed[paired]] * (data.k - paired), rel=1e-8), label
        total = sum(v * int(count) for v, (_, count) in zip(claimed, rows, strict=True))
        assert total == pytest.approx(np.trace(C), rel=1e-8), label
        assert float(distance) == pytest.approx(bures(C, dense.data), rel=1e-6, abs=1e-7), label


def test_paths_have_the_variances() -> None:
    """Euler-Maruyama and the exponential integrator on 200000 paths: five standard deviations of a sample variance."""
    data, n = DATA["k < d"], 200_000
    rng = np.random.default_rng(3)
    for method in ("em", "ei", "heun"):
        chosen = sampler(method, "vp", 5)
        dense = Dense(data, "vp")
        x = rng.standard_normal((n, data.D))
        nodes = np.linspace(float(chosen.t_end), float(chosen.t_stop), 6)
        for t, u in pairwise(nodes):
            A, noise = dense.step(method, t, u)
            x = x @ A.T + math.sqrt(noise) * rng.standard_normal(x.shape)
        (_, rows), _ = discrete_sampler(data, HALF, chosen, 12)
        for i in range(2):
            seen = ((x @ dense.encoder[:, i]) ** 2).mean()
            assert seen == pytest.approx(float(rows[i][0]), rel=5 * math.sqrt(2 / n))
            assert 5 * math.sqrt(2 / n) < 0.02  # the power: two per cent of a variance would be seen


@pytest.mark.parametrize(("method", "order"), [("em", 1), ("ei", 1), ("euler", 1), ("heun", 2), ("ddim", 1)])
@pytest.mark.parametrize("name", list(PROCESSES))
def test_orders_in_the_number_of_steps(method: str, order: int, name: str) -> None:
    spectrum = Spectrum((F(2), F(1, 3)))
    end, stop = TIMES[name]
    (_, exact), _ = continuous_sampler(spectrum, PROCESSES[name], Sampler(DISCRETE[method], end, stop), 20)
    errors = []
    for steps in (400, 800):
        (_, rows), _ = discrete_sampler(spectrum, PROCESSES[name], Sampler(method, end, stop, steps), 20)
        errors.append([abs(float(a[0]) - float(b[0])) for a, b in zip(rows, exact, strict=True)])
    for coarse, fine in zip(*errors, strict=True):
        assert math.log2(coarse / fine) == pytest.approx(order, abs=0.15)


def test_directions_in_which_a_scheme_is_exact() -> None:
    """DDIM in the complement; Euler and Heun along variance one under VP, where the flow stands still."""
    data = DATA["k = d"]
    end, stop = TIMES["vp"]
    (_, flow), _ = continuous_sampler(data, HALF, Sampler("ode", end, stop), 30)
    (_, ddim), _ = discrete_sampler(data, HALF, Sampler("ddim", end, stop, 3), 30)
    assert ddim[-1] == flow[-1]
    assert ddim[0] != flow[0]
    for method in ("euler", "heun"):
        (_, rows), _ = discrete_sampler(Spectrum((F(1),)), HALF, Sampler(method, end, stop, 3), 30)
        assert mpmath.mpf(rows[0][0]) == 1


def test_both_conventions_name_the_same_processes() -> None:
    """dx = -beta x dt with beta is dx = -beta' x/2 dt with beta' = 2 beta; vp-ou is VP with beta = 1."""
    same = VP(F(1, 5), F(12), F(1), "half"), VP(F(1, 10), F(6), F(1), "full")
    for method in METHODS:
        one, two = (sampler_values(DATA["k > d"], p, sampler(method, "vp"), 20)[0] for p in same)
        assert one == two
        ou, ones = (sampler_values(DATA["k > d"], p, sampler(method, "vp"), 20)[0] for p in (named("vp-ou"), VP()))
        assert ou == ones


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("label", list(DATA))
def test_the_parts_of_the_budget_bound_the_whole(method: str, label: str) -> None:
    data, chosen = DATA[label], sampler(method, "vp")
    values, _ = error_budget(data, HALF, chosen, 12)
    *parts, total, whole = (float(x) for x in values)
    assert len(values) == len(BUDGET)
    assert sum(parts) == pytest.approx(total, rel=1e-10)
    assert whole <= total * (1 + 1e-10)
    assert (parts[3] == 0) == (method in CONTINUOUS)
    dense = Dense(data, "vp")
    alpha, h, _, _ = floats("vp", float(chosen.t_stop))
    marginal = alpha**2 * dense.data + h * dense.eye
    own = np.linalg.inv(dense.score(float(chosen.t_stop)))
    exact = dense.continuous(Sampler(CONTINUOUS.get(method) or DISCRETE[method], chosen.t_end, chosen.t_stop))
    made = dense.law(chosen)
    chain = [dense.data, marginal, own, exact, made]
    squares = [bures(A, B) for A, B in pairwise(chain)]
    assert [x * x for x in parts] == pytest.approx(squares, rel=1e-5, abs=1e-8)
    assert whole**2 == pytest.approx(bures(made, dense.data), rel=1e-6, abs=1e-8)


def test_the_sde_is_closer_to_the_scores_own_law_and_may_be_farther_from_the_target() -> None:
    """The certified counterexample: R = 3, r = 3/16, sigma^2 = 13/16, lambda = 3/16 at angle zero, D = 2."""
    data = Encoded(2, 1, 1, (Angle(),), (F(3, 16),), F(13, 16))
    process = VE()
    for method, variance in (("sde", F(49, 256)), ("ode", F(1, 4))):
        # the start N(0, 4 I) at R = 3, in units in which it is N(0, I)
        scaled = Encoded(2, 1, 1, (Angle(),), (F(3, 64),), F(13, 64))
        (_, rows), _ = continuous_sampler(scaled, process, Sampler(method, F(3, 4), F(3, 64)), 20)
        assert F(rows[-1][0]) * 4 == pytest.approx(variance, rel=1e-15)
        assert F(rows[0][0]) * 4 == pytest.approx(F(19, 16), rel=1e-15)
    assert data.directions()[0].ell == 1


def test_a_spectrum_is_an_encoder_that_keeps_everything() -> None:
    data = Encoded(3, 3, 3, (Angle(),) * 3, (F(2), F(1), F(1, 2)), F(1, 4))
    spectrum = Spectrum((F(9, 4), F(5, 4), F(3, 4)))
    for method in METHODS:
        (one, rows), _ = sampler_values(data, HALF, sampler(method, "vp"), 20)
        (two, others), _ = sampler_values(spectrum, HALF, sampler(method, "vp"), 20)
        assert one == two
        assert rows[:3] == others


def test_flow_matching_starts_where_alpha_is_zero() -> None:
    spectrum = Spectrum((F(2), F(1, 3)))
    for method in ("sde", "ode", "euler", "heun", "ddim"):
        steps = 200 if method in DISCRETE else None
        (distance, _), _ = sampler_values(spectrum, Flow(), Sampler(method, F(1), F(1, 100), steps), 10)
        assert float(distance) < 1e-2
    for method in ("em", "ei"):
        with pytest.raises(ValueError, match="alpha = 0"):
            sampler_values(spectrum, Flow(), Sampler(method, F(1), F(1, 100), 10), 10)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Sampler("rk4", F(1), F(0)), "unknown method"),
        (lambda: Sampler("em", F(1), F(0)), "number of steps"),
        (lambda: Sampler("sde", F(1), F(2)), "later"),
        (lambda: Sampler("sde", F(1), F(-1)), "nonnegative"),
        (lambda: named("svp"), "unknown process"),
        (lambda: VP(convention="third"), "unknown convention"),
        (lambda: Spectrum(()), "at least one"),
        (lambda: Encoded(3, 2, 2, (), (F(1), F(1)), F(0)), "angles"),
        (lambda: Encoded(3, 4, 2, (), (F(1), F(1)), F(0)), "sizes"),
        (lambda: Encoded(3, 1, 1, (Angle(),), (), F(0)), "variances"),
        (lambda: continuous_sampler(Spectrum((F(1),)), VE(), Sampler("em", F(1), F(0), 3), 5), "not one of"),
        (lambda: discrete_sampler(Spectrum((F(1),)), VE(), Sampler("sde", F(1), F(0)), 5), "not one of"),
        (lambda: sampler_values(Spectrum((F(-1),)), VE(), Sampler("sde", F(1), F(1, 2)), 5), "nonnegative"),
        (lambda: sampler_values(Spectrum((F(0),)), VE(), Sampler("heun", F(1), F(0), 3), 5), "score is infinite"),
    ],
)
def test_what_is_wrong_is_said(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
