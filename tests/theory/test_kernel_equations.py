"""Attempts to make the kernel accept something false about what moves: linear equations in the ratio r, names and
letters that hide the variable of a derivative, and recursions."""

import pytest
from attacks import refused
from test_kernel_soundness import accepted, chain

from theory import symbols as S
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.cited import AT_START, ITO, LINEAR_ODE, MEAN_NORMS, SDE_MOMENTS, while_positive
from theory.derivation import Author
from theory.expr import Expr, call, diff, eye, letter, num, plane_sum, sym, trace, zero
from theory.rules import ALGEBRA, DIFFERENTIATE, PRINCIPAL_PLANES, RATIO, RHO, WHILE_SIGNAL, Rule, given

h, r, R, X, name, j = S.h, S.r, S.R, sym("X"), sym("unlisted"), sym("j")
half = num(1) / 2
previous, h_dot, alpha_dot = sym("previous"), sym("h_dot"), sym("alpha_dot")
Y, T = letter("Y2", "k", "k", symmetric=True), letter("T", "D", "D", symmetric=True)
M_0, M_R = letter("M_0", "k", "k", symmetric=True), letter("M_R", "k", "k", symmetric=True)
Sigma_0, Sigma_R = letter("Sigma_0", "D", "D", symmetric=True), letter("Sigma_R", "D", "D", symmetric=True)
B_R = letter("B_R", "D", "D", symmetric=True)


def sqrt(x: Expr) -> Expr:
    return call("sqrt", x)


def solved(value: Expr, rate: Expr, at: Expr, start: Expr, by: Rule = LINEAR_ODE, unknown: Expr = X) -> Chain:
    """The unknown with dX/dr = rate and the value `start` at r = `at`."""
    return chain(unknown).solves(value, rate, {"r": at, "value": start}, by, variable="r")


# --- linear equations in r ------------------------------------------------------------------------------------------


def test_control_linear_equations():
    accepted(lambda: solved(r**2, 2 * r, R, R**2))
    accepted(lambda: solved(r / R, X / r, R, num(1)))
    accepted(lambda: solved(r * M_0, Y / r, R, R * M_0, SDE_MOMENTS, Y))


def test_equation_that_starts_outside_the_domain_of_the_ratio():
    """Every multiple of r solves it."""
    refused(lambda: solved(2 * r, X / r, num(0), num(0)))


def test_equation_that_starts_on_the_other_side_of_a_pole():
    refused(lambda: solved(-1 / r, 1 / r**2, num(-1), num(1)))


def test_equation_that_is_singular_at_its_start():
    """C (R - r) solves it for every C."""
    refused(lambda: solved(R - r, -X / (R - r), R, num(0), LINEAR_ODE & while_positive(R - r)))


def test_equation_whose_singular_start_is_hidden():
    reason = LINEAR_ODE & given("a name", (name, R - r)) & while_positive(name)
    refused(lambda: solved(name, -X / name, R, num(0), reason))
    refused(lambda: solved(R - r, -X / name, R, num(0), reason))


def test_equation_across_a_pole_that_a_condition_excludes():
    refused(lambda: solved(1 / (r - 1), -1 / (r - 1) ** 2, half, num(-2), LINEAR_ODE & while_positive(r - 1)))


def test_equation_whose_solution_is_defined_under_a_condition_only():
    kinked = sqrt((r - 1) ** 2)
    refused(lambda: solved(kinked, (r - 1) / kinked, half, half, LINEAR_ODE & while_positive((r - 1) ** 2)))


def test_equation_with_a_lemma_that_holds_under_a_condition():
    """X' = 1 with X(1/2) = -1/2 is r - 1, and |r - 1| for r >= 1 only."""
    kinked = sqrt((r - 1) ** 2)
    lemma = chain(kinked).root(r - 1, while_positive(r - 1)).lemma()
    refused(lambda: solved(kinked, num(1), half, -half, LINEAR_ODE & lemma))
    refused(lambda: solved(kinked, num(1), half, -half, LINEAR_ODE & lemma & while_positive(r - 1)))


def test_equation_that_is_not_linear():
    refused(lambda: solved(r**2 / 4, sqrt(X), R, R**2 / 4, LINEAR_ODE & while_positive(X)))
    refused(lambda: solved(-1 / r, X**2, R, -1 / R))
    refused(lambda: solved(r**2 / 4, call("max", X, r), R, R**2 / 4))


def test_equation_whose_rate_holds_the_derivative_of_the_unknown():
    refused(lambda: solved(r, diff(X, "r"), R, R))


def test_equation_solved_by_its_own_unknown():
    refused(lambda: solved(X, num(0), R, X))
    refused(lambda: solved(Y, zero("k", "k"), R, Y, unknown=Y))


def test_equation_without_its_theorem():
    refused(lambda: solved(r, num(1), R, R, ALGEBRA))


def test_equation_with_another_start():
    refused(lambda: solved(r, num(1), R, R + 1))
    refused(lambda: solved(r, num(1), R, r))
    refused(lambda: solved(sqrt(r), 1 / (2 * sqrt(r)), R, sqrt(r)))


def test_start_value_with_a_forged_name():
    body = sqrt(1 * r + 1)
    refused(lambda: solved(body, 1 / (2 * body), R, sym("root (1*R + 1)")))


def test_equation_with_and_without_a_relation():
    refused(lambda: solved(h / S.alpha**2, num(0), R, h / S.alpha**2, LINEAR_ODE & WHILE_SIGNAL))
    refused(lambda: solved(r, num(1), R, h / S.alpha**2, LINEAR_ODE & RATIO))
    lemma = solved(h / S.alpha**2, num(0), R, R, LINEAR_ODE & AT_START).lemma()
    refused(lambda: chain(R).eq(X, lemma).eq(h / S.alpha**2, lemma).eq(r, RATIO & WHILE_SIGNAL))


def test_name_that_hides_the_ratio():
    hidden = given("a name", (name, r))
    refused(lambda: solved(name, num(0), R, name, LINEAR_ODE & hidden))
    refused(lambda: solved(name, num(0), R, name))
    refused(lambda: solved(name * r, name, R, name * R))


@pytest.mark.parametrize(
    "value", [r * eye("k"), h * eye("k"), S.rho * eye("k"), S.M, S.nu * eye("k"), letter("H", "k", "k", symmetric=True)]
)
def test_letter_that_hides_the_ratio(value):
    hidden = given("a letter", (M_R, value))
    refused(lambda: solved(M_R, zero("k", "k"), R, M_R, LINEAR_ODE & hidden, Y))


def test_one_unknown_of_two_equations():
    one, two = solved(r, num(1), R, R).lemma(), solved(r**2, 2 * r, R, R**2).lemma()
    refused(lambda: chain(r).eq(X, one).eq(r**2, two))


# --- linear equations in time ---------------------------------------------------------------------------------------


def moved(value: Expr, rate: Expr, start: dict[str, Expr], by: Rule = ALGEBRA) -> Chain:
    return chain(X).solves(value, rate, start, DIFFERENTIATE & ITO & by)


def test_control_equations_in_time():
    accepted(lambda: moved(5 * h, 5 * h_dot, {"h": num(0), "value": num(0)}))
    accepted(lambda: moved(2 * S.alpha, alpha_dot / S.alpha * X, {"alpha": num(1), "value": num(2)}, WHILE_SIGNAL))


@pytest.mark.parametrize(("moving", "speed"), [(h, h_dot), (S.r, sym("r_dot")), (S.alpha, alpha_dot)])
def test_equation_in_time_that_is_singular_at_its_start(moving, speed):
    """Every multiple of what starts at 0 solves it."""
    start = {moving.name: num(0), "value": num(0)}
    refused(lambda: moved(5 * moving, X * speed / moving, start, WHILE_SIGNAL))
    refused(lambda: moved(5 * moving, X * speed / moving, start, while_positive(moving)))


def test_equation_in_time_whose_singular_start_is_hidden():
    """rho is nu/h, and the name 1/h."""
    start = {"h": num(0), "value": num(0)}
    refused(lambda: moved(5 * h, X * h_dot * S.rho / S.nu, start, while_positive(S.nu)))
    refused(lambda: moved(5 * h, X * h_dot * name, start, given("a name", (name, 1 / h))))
    refused(lambda: moved(5 * (S.c - S.nu), X * h_dot / (S.c - S.nu), start))


def test_equation_in_time_that_a_condition_excludes_at_its_start():
    start = {"alpha": num(1), "value": num(0)}
    refused(lambda: moved(1 - S.alpha, -(alpha_dot / (1 - S.alpha)) * X, start, while_positive(1 - S.alpha)))
    late = {"h": num(0), "value": num(-1)}
    refused(lambda: moved(1 / (h - 1), -h_dot / (h - 1) ** 2, late, while_positive(h - 1)))


def test_equation_in_time_under_a_condition_that_fails_on_the_way():
    """From h = 0 to h = 3 across the poles at 1 and 2, though the product is positive at both ends."""
    product = (h - 1) * (h - 2)
    rate = -(2 * h - 3) * h_dot / product**2
    refused(lambda: moved(1 / product, rate, {"h": num(0), "value": half}, while_positive(product)))


def test_equation_in_time_that_starts_outside_the_domain():
    refused(lambda: moved(1 / h, -h_dot / h**2, {"h": num(-1), "value": num(-1)}))


# --- letters that move with the variable of a derivative ------------------------------------------------------------


def test_control_letters_that_do_not_move_with_the_ratio():
    accepted(lambda: chain(diff(trace(r * M_0), "r")).eq(trace(M_0), ALGEBRA))
    accepted(lambda: chain(diff(plane_sum(S.lam**2), "lambda_i")).eq(2 * S.lam, ALGEBRA))


def test_derivative_in_the_start_of_a_letter_at_the_start():
    """M_R = M_0 + R I: its trace grows with R at the rate k."""
    value = given("M_R", (M_R, M_0 + R * eye("k")))
    refused(lambda: chain(0).eq(diff(trace(M_R), "R"), ALGEBRA).eq(S.k, value))
    wide = given("Sigma_R", (Sigma_R, Sigma_0 + R * eye("D")))
    refused(lambda: chain(0).eq(diff(trace(Sigma_R), "R"), ALGEBRA).eq(S.D, wide))
    deviation = given("B_R", (B_R, R * eye("D")))
    refused(lambda: chain(0).eq(diff(trace(B_R), "R"), ALGEBRA).eq(S.D, deviation))


def test_derivative_in_the_noise_of_the_data_s_covariance():
    value = given("Sigma_0", (Sigma_0, S.V @ S.Lam @ S.V.T + S.sigma2 * eye("D")))
    refused(lambda: chain(0).eq(diff(trace(Sigma_0), "sigma2"), ALGEBRA).eq(S.D, value))


def test_derivative_in_a_latent_variance_of_the_latent_covariance():
    refused(lambda: chain(0).eq(diff(trace(S.Lam), "lambda_i"), ALGEBRA).eq(1, PRINCIPAL_PLANES))
    equal = {"lambda": "isotropic"}
    refused(lambda: chain(0, **equal).eq(diff(trace(S.Lam), "lambda"), ALGEBRA).eq(S.d, PRINCIPAL_PLANES))


def test_derivative_in_an_angle_of_the_frames():
    overlap = trace(S.V.T @ S.U @ S.U.T @ S.V)
    slope = -2 * S.sin * S.cos
    refused(lambda: chain(0).eq(diff(overlap, "theta_i"), DIFFERENTIATE).eq(slope, PRINCIPAL_PLANES & DIFFERENTIATE))


def test_derivative_in_an_angle_of_the_mean_outside_the_encoder():
    refused(lambda: chain(diff(S.mu_perp2, "theta_i")).eq(0, DIFFERENTIATE))
    refused(lambda: chain(diff(S.mu_in2, "theta_i")).eq(0, DIFFERENTIATE))
    refused(lambda: chain(diff(S.mu.T @ S.U @ S.U.T @ S.mu, "theta_i")).eq(0, DIFFERENTIATE & MEAN_NORMS))


@pytest.mark.parametrize("variable", ["h", "r", "R", "sigma2", "lambda", "lambda_i"])
@pytest.mark.parametrize("moving", [S.Sigma, S.M, S.Q, S.Sigma_s, S.M_s])
def test_derivative_of_a_covariance(variable, moving):
    refused(lambda: chain(diff(trace(moving), variable)).eq(0, ALGEBRA))


def test_derivative_of_the_start_in_itself():
    refused(lambda: chain(diff(R, "R")).eq(0, ALGEBRA))
    refused(lambda: chain(0).eq(diff(h / S.alpha**2, "R"), WHILE_SIGNAL).eq(1, AT_START))
    refused(lambda: chain(0).eq(diff(R, "h"), ALGEBRA).eq(1 / S.alpha**2, AT_START))
    refused(lambda: chain(r * S.alpha**2).eq(h, RATIO).eq(R * S.alpha**2, AT_START))


def test_derivative_in_the_ratio_of_what_moves_with_it():
    refused(lambda: chain(diff(S.rho, "r")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(S.rho, "r")).eq(0, RHO))
    refused(lambda: chain(diff(S.c_s, "r")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(plane_sum(S.a_s), "r")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(plane_sum(sym("mu_i")), "r")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(plane_sum(sym("b_i")), "sigma2")).eq(0, ALGEBRA))
    refused(lambda: chain(diff(sym("F"), "r")).eq(0, ALGEBRA))


# --- recursions -----------------------------------------------------------------------------------------------------


def test_control_recursion_of_matrices():
    small = letter("T2", "d", "d", symmetric=True)
    step = Expr("add", (previous, S.Lam), "d", "d")
    accepted(lambda: chain(small).induction(j * S.Lam, step, "j", zero("d", "d"), ALGEBRA))


def test_recursion_with_a_letter_that_hides_the_index():
    """X_0 = 0, X_{j+1} = X_j + j I is j (j-1)/2 I, and not j^2 I."""
    N = letter("N", "D", "D", symmetric=True)
    hidden = given("N", (N, j * eye("D")))
    step = Expr("add", (previous, N), "D", "D")
    refused(lambda: chain(T).induction(j * N, step, "j", zero("D", "D"), hidden).eq(j**2 * eye("D"), hidden))
    lemma = chain(T).induction(j * N, step, "j", zero("D", "D"), ALGEBRA).lemma()
    refused(lambda: chain(T).eq(j * N, lemma).eq(j**2 * eye("D"), hidden))


def test_recursion_whose_step_is_not_defined():
    refused(lambda: chain(X).induction(num(1), previous * (j / j), "j", num(1), ALGEBRA))
    refused(lambda: chain(X).induction(num(1), previous * sqrt(-h) / sqrt(-h), "j", num(1), ALGEBRA))


def test_recursion_solved_by_its_own_unknown():
    refused(lambda: chain(T).induction(T, previous, "j", T, ALGEBRA))
    refused(lambda: chain(X).induction(X, previous, "j", X, ALGEBRA))


def test_pretended_encoder_gives_no_norm_of_the_mean():
    pretending = Author("attack", Assumptions.default().pretending("orthonormal-encoder"))
    refused(lambda: pretending.chain("attack", S.mu_perp2).ge(0))
