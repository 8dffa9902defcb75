"""The named reasons of a derivation: which relations each may use, and which assumptions it needs.

A rule takes its relations from the model, so a rule whose assumption is only pretended gets what the model really
has, and the kernel then refuses the step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from theory import symbols as S
from theory.expr import Expr, ShapeError, eye, letter, num, sym, zero
from theory.facts import Facts
from theory.model import Model
from theory.normal import equal

POSITIVE = frozenset({"positive-time", "real-signal", "nonnegative-latent", "nonnegative-noise"})


@dataclass(frozen=True)
class Rule:
    """A reason. `facts` are the relations it hands to the normaliser; `positive` lists what must be certified
    positive before it applies; `cites` names standard theorems; `basis` holds the chains that a lemma rests on, and
    `grants` says what one lemma gives: a rewrite, a replacement, an inverse, or a zero by its Gram matrix; `joins` are
    the reasons that were joined to this one."""

    name: str
    facts: Callable[[Model], Facts]
    needs: frozenset[str] = frozenset()
    positive: Callable[[Model], list[Expr]] = lambda _: []
    cites: tuple[str, ...] = ()
    basis: tuple[object, ...] = ()
    grants: str = ""
    joins: tuple[Rule, ...] = ()

    @property
    def parts(self) -> tuple[Rule, ...]:
        """The single reasons that it is made of."""
        return self.joins or (self,)

    def __and__(self, other: Rule) -> Rule:
        """Both reasons in one line."""
        return Rule(
            name=f"{self.name}; {other.name}",
            facts=lambda m: merged(self.facts(m), other.facts(m)),
            needs=self.needs | other.needs,
            positive=lambda m: self.positive(m) + other.positive(m),
            cites=self.cites + tuple(c for c in other.cites if c not in self.cites),
            basis=self.basis + other.basis,
            joins=self.parts + other.parts,
        )


def meanings(facts: Facts) -> dict[str, Expr]:
    """What the names that a step introduces or fixes stand for."""
    return agreed(facts.defines, facts.pins)


def agreed(one: dict[str, Expr], two: dict[str, Expr]) -> dict[str, Expr]:
    """Both sets of introduced names. Raises ValueError when one name is given two meanings."""
    for name in one.keys() & two.keys():
        if one[name] != two[name]:
            raise ValueError(f"{name} is given two meanings")
    return {**one, **two}


def merged(one: Facts, two: Facts) -> Facts:
    """The relations of both."""
    return Facts(
        rewrites=one.rewrites + two.rewrites,
        definitions={**one.definitions, **two.definitions},
        letters={**one.letters, **two.letters},
        random=one.random | two.random,
        means={**one.means, **two.means},
        moments={**one.moments, **two.moments},
        derivations={**one.derivations, **two.derivations},
        replacements=one.replacements + two.replacements,
        planes=two.planes or one.planes,
        defines=agreed(one.defines, two.defines),
        conditions=one.conditions + two.conditions,
        pins=agreed(one.pins, two.pins),
        instance=one.instance or two.instance,
        orders=one.orders | two.orders,
        codimension="positive" if "positive" in (one.codimension, two.codimension) else "nonnegative",
        variances={**one.variances, **two.variances},
        covariances=one.covariances | two.covariances,
    )


def inverse_of(matrix: Expr) -> tuple[tuple[tuple[str, ...], Expr], ...]:
    """X X^-1 = X^-1 X = I for a letter X."""
    name, identity = str(matrix.args[0]), eye(matrix.rows)
    return ((name, f"{name}^-1"), identity), ((f"{name}^-1", name), identity)


ALGEBRA = Rule("algebra", lambda _: Facts())

ENCODER_ORTHONORMAL = Rule(
    "`U^T U = I`", lambda m: Facts(rewrites=((("U'", "U"), m.gram_U),)), frozenset({"orthonormal-encoder"})
)
TARGET_ORTHONORMAL = Rule(
    "`V^T V = I`", lambda m: Facts(rewrites=((("V'", "V"), m.gram_V),)), frozenset({"orthonormal-target"})
)
PROJECTOR = Rule("`P = I - U U^T`", lambda m: Facts(letters={"P": m.letters["P"]}))
COVARIANCE = Rule("definition of `Sigma`", lambda m: Facts(letters={"Sigma": m.letters["Sigma"]}))
TARGET_COVARIANCE = replace(
    COVARIANCE, name="definition of `Sigma`, with `c = h + alpha^2 sigma^2`", needs=frozenset({"isotropic-noise"})
)
ENCODED = Rule("`M = U^T Sigma U`", lambda m: Facts(rewrites=((("U'", "Sigma", "U"), S.M),)))
LAW = Rule("`Q = U M U^T + h P`", lambda m: Facts(letters={"Q": S.U @ S.M @ S.U.T + S.h * S.P, "P": m.letters["P"]}))


def _encoded_inverse(m: Model) -> tuple[tuple[tuple[str, ...], Expr], ...]:
    """M = U^T Sigma U is invertible when the columns of U are independent, as orthonormal ones are."""
    return inverse_of(S.M) if m.gram_U == eye("k") else ()


def _eigenvalues(_: Model) -> list[Expr]:
    return [S.c, S.c + S.a]


INVERSE = Rule(
    "`Sigma` and `M` are positive definite: they have inverses",
    lambda m: Facts(rewrites=inverse_of(S.Sigma) + _encoded_inverse(m)),
    POSITIVE | {"orthonormal-encoder"},
    _eigenvalues,
)
LAW_INVERSE = Rule(
    "`Q` is positive definite: it has an inverse",
    lambda m: Facts(rewrites=inverse_of(S.Q) + _encoded_inverse(m) if m.gram_U == eye("k") else ()),
    POSITIVE | {"orthonormal-encoder"},
    lambda m: [S.h, *_eigenvalues(m)],
)
SOURCE_COVARIANCE = Rule(
    "definition of `Sigma_s`, with `U = V_s`",
    lambda m: Facts(letters={"Sigma_s": m.sigma_source}),
    frozenset({"source-encoder"}),
)
SOURCE_ENCODED = Rule("`M_s = U^T Sigma_s U`", lambda m: Facts(rewrites=((("U'", "Sigma_s", "U"), S.M_s),)))
SOURCE_POSITIVE = frozenset({"positive-time", "real-signal", "nonnegative-source"})


def _source_inverses(m: Model) -> Facts:
    """Both covariances are definite when the source is `U Lambda_s U^T + sigma_s^2 I` with orthonormal U."""
    definite = m.gram_U == eye("k") and m.source.head != "letter"
    return Facts(rewrites=inverse_of(S.Sigma_s) + inverse_of(S.M_s) if definite else ())


SOURCE_INVERSE = Rule(
    "`Sigma_s` and `M_s` are positive definite: they have inverses",
    _source_inverses,
    SOURCE_POSITIVE | {"orthonormal-encoder", "source-encoder"},
    lambda _: [S.c_s, S.c_s + S.a_s],
)
CENTRED_POINT = Rule("`xi = x - alpha mu`", lambda _: Facts(letters={"xi": S.x - S.alpha * S.mu}))


def _spread(m: Model) -> Expr:
    """Sigma, when the noises are independent of the latent and of each other."""
    return S.Sigma if m.cross.head == "zero" else letter("second_moment", "D", "D", symmetric=True)


SECOND_MOMENT = Rule(
    "`E[xi xi^T] = Sigma`",
    lambda m: Facts(random=frozenset({"xi"}), means={"xi": zero("D", "1")}, moments={("xi", "xi"): _spread(m)}),
    frozenset({"independent-noise"}),
)
CENTRING = Rule(
    "`x = xi`, as the target is centred",
    lambda m: Facts(letters={"x": S.xi + S.alpha * m.mean}),
    frozenset({"centred-target"}),
)


def _named(name: str, value: Expr) -> Facts:
    """A letter of the model that stands for one value in all of a chain."""
    return Facts(letters={name: value}, pins={name: value})


RELEARNED = Rule(
    "the best latent score, `g = -M^-1 U^T xi`",
    lambda m: _named("g", -(m.latent_precision @ S.U.T @ S.xi)) if m.beyond_gaussian == num(0) else Facts(),
    frozenset({"relearned-score", "gaussian-latent"}),
)
DECODER = Rule(
    "the decoder implies the term `-P x/h`",
    lambda m: Facts(replacements=((sym("gamma"), m.decoder),)),
    frozenset({"implied-decoder"}),
)


def _principal(m: Model) -> Facts:
    return Facts(letters={**m.letters, "Q": S.U @ S.M @ S.U.T + S.h * S.P}, planes=m.planes())


PRINCIPAL_PLANES = Rule(
    "principal planes: each class's block, times its multiplicity",
    _principal,
    frozenset({"orthonormal-encoder", "orthonormal-target", "isotropic-noise", "diagonal-latent"}),
)


def _principal_source(m: Model) -> Facts:
    sourced = {"Sigma_s": m.sigma_source, "M_s": S.U.T @ S.Sigma_s @ S.U}
    return replace(_principal(m), letters={**_principal(m).letters, **sourced})


SOURCE_PLANES = Rule(
    "principal planes of source and target",
    _principal_source,
    PRINCIPAL_PLANES.needs | {"source-encoder"},
)
DIFFERENTIATE = Rule(
    "differentiate",
    lambda _: Facts(
        derivations={
            "theta_i": {"sin_i": S.cos, "cos_i": -S.sin},
            "t": {"alpha": sym("alpha_dot"), "h": sym("h_dot"), "r": sym("r_dot"), "B": sym("beta"), "t": num(1)},
        }
    ),
)
SIGNAL = (S.alpha, S.alpha**2)
RATIO = Rule(
    "`h = r alpha^2`, while `alpha > 0`",
    lambda _: Facts(definitions={"h": S.r * S.alpha**2}, pins={"h": S.r * S.alpha**2}, conditions=SIGNAL),
)
RHO = Rule(
    "`alpha^2 sigma^2 = rho h`",
    lambda m: Facts(definitions={"nu": S.rho * S.h, "rho": sym("rho")}, pins={"nu": S.rho * S.h}),
)
SOURCE_LATENT_SCORE = Rule(
    "the source's latent score, `g = -M_s^-1 U^T xi`", lambda _: _named("g", -(S.M_s.inv @ S.U.T @ S.xi))
)
WHILE_SIGNAL = Rule("while `alpha > 0`", lambda _: Facts(conditions=SIGNAL))
CERTIFICATE = Rule("certificate", lambda _: Facts(), frozenset({"acute-angles", "sizes", *POSITIVE}))
SOURCE_CERTIFICATE = replace(
    CERTIFICATE,
    name="certificate, with the source's variances nonnegative",
    needs=CERTIFICATE.needs | {"nonnegative-source"},
)
TOLERANCE_CERTIFICATE = replace(
    CERTIFICATE,
    name="certificate, with a positive tolerance",
    needs=CERTIFICATE.needs | {"tolerance"},
)
PROPER_ENCODER = Rule("`k < D`", lambda m: Facts(codimension=m.codimension), frozenset({"proper-encoder", "sizes"}))
LOG_BOUNDS = replace(
    CERTIFICATE,
    name="`1 - 1/y <= ln y <= y - 1`, and a certificate",
    needs=CERTIFICATE.needs - {"real-signal"},
    cites=("log bounds",),
)
LATER = replace(
    CERTIFICATE,
    name="certificate, as `r` and `h` do not decrease",
    needs=CERTIFICATE.needs | {"forward-sde"},
)


def given(name: str, *pairs: tuple[Expr, Expr]) -> Rule:
    """Names that a result introduces for itself: each left side, a fresh letter or symbol, stands for the right.

    Raises ShapeError when a letter and its value differ in size or symmetry.
    """
    for left, right in pairs:
        if left.shape != right.shape:
            raise ShapeError(f"{left.name} is {left.rows} x {left.cols}, its value {right.rows} x {right.cols}")
        if left.head == "letter" and left.args[1] == "sym" and not equal(right, right.T, Facts()):
            raise ShapeError(f"{left.name} is declared symmetric, and its value is not")
    letters = {left.name: right for left, right in pairs if left.head == "letter"}
    scalars = tuple((left, right) for left, right in pairs if left.head == "sym")
    defines = {left.name: right for left, right in pairs}
    return Rule(name, lambda _: Facts(letters=letters, replacements=scalars, defines=defines))


def word_of(product: Expr) -> tuple[str, ...] | None:
    """The word that a product of (transposed, inverted) letters is; None for any other tree."""
    factors = product.children if product.head == "matmul" else (product,)
    names = [_letter_name(factor) for factor in factors]
    return None if None in names else tuple(str(name) for name in names)


def _letter_name(factor: Expr) -> str | None:
    if factor.head == "letter":
        return str(factor.args[0])
    if factor.head not in ("inv", "transpose") or factor.children[0].head != "letter":
        return None
    inner, kind = factor.children[0].args
    if factor.head == "inv":
        return f"{inner}^-1"
    return str(inner) if kind == "sym" else f"{inner}'"
