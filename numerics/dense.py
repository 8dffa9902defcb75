"""Every quantity once more, from its definition, with dense D x D matrices.

Nothing here knows of principal planes or closed forms: a model holds U, V and the covariance of the latent variable,
assembles Sigma, and inverts and multiplies what the definitions say. One class serves rationals and balls.
"""

from functools import cached_property, lru_cache
from typing import Any

from flint import ctx

from numerics import parameters
from numerics.cases import Case
from numerics.frames import BALL_FIELD, EXACT_FIELD, Field, Frames, Matrix, build
from numerics.points import with_source


def trace(matrix: Matrix) -> Any:
    """Sum of the diagonal."""
    return sum((matrix[i, i] for i in range(1, matrix.nrows())), matrix[0, 0])


def contract(A: Matrix, B: Matrix) -> Any:
    """tr(A B^T), the sum of the products of the entries."""
    products = [x * y for x, y in zip(A.entries(), B.entries(), strict=True)]
    return sum(products[1:], products[0])


class DenseModel:
    """The target at one time under one frozen encoder, in the number field of its frames."""

    def __init__(self, case: Case, field: Field) -> None:
        self.case, self.field = case, field
        self.frames: Frames = build(case, field)
        self.alpha2, self.h, self.sigma2 = (field.number(x) for x in (case.alpha2, case.h, case.sigma2))
        self.lam = [field.number(x) for x in case.lam]
        self.U, self.V = self.frames.U, self.frames.V
        self.identity = self.eye(case.D)
        Z = self.frames.Z
        self.Lambda = Z * self.diagonal(self.lam) * Z.transpose()
        self.data = self.V * self.Lambda * self.V.transpose() + self.identity * self.sigma2
        self.Sigma = self.data * self.alpha2 + self.identity * self.h
        self.M = self.U.transpose() * self.Sigma * self.U
        self.P = self.identity - self.U * self.U.transpose()

    def eye(self, n: int) -> Matrix:
        """Identity of size n."""
        return self.diagonal([self.field.number(1)] * n)

    def diagonal(self, entries: list[Any]) -> Matrix:
        """Diagonal matrix."""
        zero = self.field.number(0)
        return self.field.matrix([[x if i == j else zero for j in range(len(entries))] for i, x in enumerate(entries)])

    def planes(self, sourced: bool = False) -> list[tuple[Any, ...]]:
        """(lambda, sin, cos) for each target direction as emitted functions take them, lost directions last.

        With the source (lambda, sin, cos, lambda_s), padded to max(k, d).
        """
        pairs = [(lam, *self.field.sincos(th)) for lam, th in zip(self.lam, self.case.angles, strict=False)]
        one, zero = self.field.number(1), self.field.number(0)
        planes = pairs + [(lam, one, zero) for lam in self.lam[len(pairs) :]]
        return with_source(planes, self.lam_s, one, zero) if sourced else planes

    def parameter(self, name: str) -> Any:
        """The value of a parameter at this case (see ``numerics.parameters``)."""
        return self.field.number(parameters.value(name, self.case))

    @cached_property
    def lam_s(self) -> list[Any]:
        """The source's k latent variances along the principal vectors U Y of the encoder."""
        return [self.field.number(x) for x in parameters.source_variances(self.case)[: self.case.k]]

    @cached_property
    def mean_inside(self) -> Matrix:
        """U^T mu: k x 1."""
        return self.field.matrix([[self.field.number(x)] for x in parameters.mean(self.case)[0]])

    @cached_property
    def mean(self) -> Matrix:
        """The mean mu of the clean target data, D x 1, with |U^T mu|^2 = mu_in2 and |P mu|^2 = mu_perp2."""
        inside = self.U * self.mean_inside
        outside = parameters.mean(self.case)[1]
        if self.frames.complement is None:
            return inside
        return inside + self.frames.complement * self.field.matrix([[self.field.number(x)] for x in outside])

    @cached_property
    def source_Lambda(self) -> Matrix:
        """Covariance of the source's latent variable in the coordinates of U = V_s: k x k."""
        return self.frames.Y * self.diagonal(self.lam_s) * self.frames.Y.transpose()

    @cached_property
    def source_signal(self) -> Matrix:
        """U Lambda_s U^T: what the source's latent variable contributes to its clean data."""
        return self.U * self.source_Lambda * self.U.transpose()

    @cached_property
    def source_data(self) -> Matrix:
        """Covariance U Lambda_s U^T + sigma_s^2 I of the source's clean data."""
        return self.source_signal + self.identity * self.parameter("sigma_s2")

    @cached_property
    def Sigma_s(self) -> Matrix:
        """Covariance of the diffused source."""
        return self.source_data * self.alpha2 + self.identity * self.h

    @cached_property
    def M_s(self) -> Matrix:
        """Covariance U^T Sigma_s U of the encoded source."""
        return self.U.transpose() * self.Sigma_s * self.U

    @cached_property
    def pooled_signal(self) -> Matrix:
        """weight U Lambda_s U^T + (1 - weight) V Lambda V^T: pooled clean data without ambient noise."""
        return self._pooled(self.source_signal, self.V * self.Lambda * self.V.transpose())

    @cached_property
    def pooled_data(self) -> Matrix:
        """Covariance of the clean data of both domains, equal means, the source with its weight."""
        return self._pooled(self.source_data, self.data)

    @cached_property
    def pooled_Sigma(self) -> Matrix:
        """Covariance of the diffused data of both domains."""
        return self._pooled(self.Sigma_s, self.Sigma)

    def _pooled(self, source: Matrix, target: Matrix) -> Matrix:
        weight = self.parameter("weight")
        return source * weight + target * (1 - weight)

    @cached_property
    def precision(self) -> Matrix:
        """Sigma^-1: the score of the target is minus this times x."""
        return self.Sigma.inv()

    @cached_property
    def latent_precision(self) -> Matrix:
        """M^-1: the best latent score is minus this times U^T x."""
        return self.M.inv()

    @cached_property
    def lifted(self) -> Matrix:
        """U M^-1 U^T."""
        return self.U * self.latent_precision * self.U.transpose()

    @cached_property
    def difference(self) -> Matrix:
        """K with s(x) - s_U(x) = K x, for s(x) = -Sigma^-1 x and s_U(x) = -U M^-1 U^T x - P x / h."""
        return self.lifted - self.precision + self.P * (1 / self.h)

    @cached_property
    def error_covariance(self) -> Matrix:
        """K Sigma K^T, the covariance of the difference of the scores."""
        return self.difference * self.Sigma * self.difference.transpose()

    @cached_property
    def error(self) -> Any:
        """E: mean squared norm of the difference."""
        return trace(self.error_covariance)

    @cached_property
    def latent_gap(self) -> Any:
        """Mean squared norm of the part of the difference in span(U)."""
        return trace(self.U.transpose() * self.error_covariance * self.U)

    @cached_property
    def generated(self) -> Matrix:
        """Covariance U M U^T + h P of what the frozen latent generates."""
        return self.U * self.M * self.U.transpose() + self.P * self.h

    @cached_property
    def kl(self) -> Any:
        """Kullback-Leibler divergence of the target's marginal from the generated law (a LogForm when exact)."""
        log = self.field.log
        quadratic = trace(self.generated.inv() * self.Sigma) - self.case.D
        return (log(self.generated.det()) - log(self.Sigma.det()) + quadratic) / 2

    @cached_property
    def kl_slope(self) -> Any:
        """d KL / d h at fixed alpha: Sigma and the generated covariance both gain the identity per unit of h."""
        inverse = self.generated.inv()
        return (2 * trace(inverse) - trace(inverse * inverse * self.Sigma) - trace(self.precision)) / 2

    @cached_property
    def gradient(self) -> Matrix:
        """G with dE = tr(G dSigma) at fixed U and h, from d(Sigma^-1) = -Sigma^-1 dSigma Sigma^-1, and so for M."""
        K, Sigma, S, J = self.difference, self.Sigma, self.precision, self.lifted
        # dK = S dSigma S - J dSigma J, and dE = 2 tr(dK Sigma K^T) + tr(K dSigma K^T); only the symmetric part counts.
        G = S * Sigma * K * S * 2 - J * Sigma * K * J * 2 + K.transpose() * K
        return (G + G.transpose()) * (1 / self.field.number(2))

    def column(self, matrix: Matrix, j: int) -> Matrix:
        """Column j as a matrix with one column."""
        return self.field.matrix([[matrix[i, j]] for i in range(matrix.nrows())])

    def angle_slope(self, i: int) -> Any:
        """dE / dtheta_i, by moving v_i along -sin(theta_i) u_i + cos(theta_i) w_i."""
        w = self.frames.tilt[i]
        if w is None:  # no direction left to open into: the angle is fixed at zero
            return self.field.number(0)
        sine, cosine = self.field.sincos(self.case.angles[i])
        motion = w * cosine - self.column(self.frames.encoder, i) * sine
        v = self.column(self.frames.target, i)
        return 2 * self.alpha2 * self.lam[i] * (v.transpose() * self.gradient * motion)[0, 0]

    def variance_slope(self, i: int) -> Any:
        """dE / dlambda_i."""
        v = self.column(self.frames.target, i)
        return self.alpha2 * (v.transpose() * self.gradient * v)[0, 0]

    @cached_property
    def noise_slope(self) -> Any:
        """dE / dsigma^2."""
        return self.alpha2 * trace(self.gradient)

    @cached_property
    def time_slope(self) -> Any:
        """dE / dh at fixed alpha: through Sigma, and through the term P x / h of the frozen score."""
        explicit = contract(self.P * self.Sigma, self.difference) * 2 / (self.h * self.h)
        return trace(self.gradient) - explicit


@lru_cache(maxsize=512)
def exact_model(case: Case) -> DenseModel:
    """The model of ``case`` over the rationals; all results share it."""
    return DenseModel(case, EXACT_FIELD)


@lru_cache(maxsize=768)
def _ball_model(case: Case, prec: int) -> DenseModel:
    return DenseModel(case, BALL_FIELD)


def ball_model(case: Case) -> DenseModel:
    """The model of ``case`` in balls at the precision in force; use it at that precision only."""
    return _ball_model(case, ctx.prec)
