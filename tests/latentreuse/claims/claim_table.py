"""Claims with what they are: true, false, vacuous or without a value. The texts are claim files without [claim]'s head.

`tight` marks a true inequality that holds with equality somewhere: made smaller by 1e-30 it is false.
"""

from typing import NamedTuple

TWO = '[symbols]\nx = "{}"\ny = "{}"\n'


class Stated(NamedTuple):
    """A claim's name, truth (a finding), statement or other keys of [claim], and further sections."""

    name: str
    truth: str
    claim: str
    more: str = ""
    tight: bool = False

    @property
    def text(self) -> str:
        body = (
            self.claim
            if " = " in self.claim and self.claim.split(" = ")[0].isidentifier()
            else f'statement = "{self.claim}"'
        )
        return f"[claim]\n{body}\n{self.more}"


def one(domain: str, name: str = "x") -> str:
    return f'[symbols]\n{name} = "{domain}"\n'


def two(x: str, y: str) -> str:
    return TWO.format(x, y)


def given(statement: str, *where: str) -> str:
    listed = ", ".join(f'"{condition}"' for condition in where)
    return f'statement = "{statement}"\nwhere = [{listed}]'


P, R, X, A = "PROVED", "REFUTED", "VACUOUS", "ERROR"
BOUND = "sum(a_i*s_i)/h**2 + (D - k)*min(rho, rho**2)/h"
FLOOR = "sum(a_i**2*s_i/(h + a_i))/h**2 + (D - k)*min(rho, rho**2)/(2*h)"

MODEL = (
    Stated("upper bound", P, f"E <= {BOUND}", tight=True),
    Stated("lower bound", P, f"E >= {FLOOR}", tight=True),
    Stated("upper bound, a millionth less", R, f"E <= ({BOUND})*(1 - 1e-6)"),
    Stated("lower bound, a hair more at rho = 1 alone", R, f"E >= {FLOOR} + (D - k)/h*1e-14"),
    Stated("lower bound, more by 1e-30", R, f"E >= ({FLOOR})*(1 + 1e-30)"),
    Stated("scaled error", P, "alpha**2*E == F"),
    Stated("scaled error, wrong power", R, "alpha*E == F"),
    Stated("divergence below the error", P, "KL <= h*E/2", tight=True),
    Stated("divergence above a quarter", P, "KL >= h*E/4", tight=True),
    Stated("divergence above a half", R, "KL >= h*E/2"),
    Stated("divergence just above a quarter", R, "KL >= h*E/4*(1 + 1e-12)"),
    Stated("error is positive", R, "E > 0"),
    Stated("error is not negative", P, "E >= 0", tight=True),
    Stated("gap within the misalignment", P, "gap <= E_misalignment", tight=True),
    Stated("gap against half of it", R, "gap <= E_misalignment/4"),
    Stated("angles take up the complement", P, "sum(s_i) <= D - k", tight=True),
    Stated("angles, strictly", R, "sum(s_i) < D - k"),
    Stated("K2 bounds F", P, "r**2*F <= K2", tight=True),
    Stated("K3 bounds F", P, "r**3*F <= K3", tight=True),
    Stated("K3 fails only for huge r", R, "r**3*F >= K3*(1 - 1e-9)"),
    Stated("signal above the noise", P, given("sum(a_i*s_i) <= 2*sum(a_i*s_i/(1 + h/a_i))", "a_i >= h"), tight=True),
    Stated("one direction", P, "a_i*s_i/(h + a_i) <= s_i", tight=True),
    Stated("one direction, too small", R, "a_i*s_i/(h + a_i) <= s_i*(1 - 1e-20)"),
    Stated("condition on every direction", R, given("sum(a_i) <= 2*h", "a_i <= h")),
    Stated("better decoder", P, "E_star <= E", tight=True),
    Stated("distance is not negative", P, "W2sq >= 0", tight=True),
    Stated("isotropic", P, "E >= d*0", '[assumptions]\nlambda = "isotropic"\n', tight=True),
    Stated("fewer directions", P, "E >= (d - k)*0", '[assumptions]\ndims = "k<d"\n', tight=True),
    Stated("without ambient noise", P, "E <= sum(a_i*s_i)/h**2", '[assumptions]\nsigma2 = "0"\n', tight=True),
    Stated("with ambient noise", R, "E <= sum(a_i*s_i)/h**2"),
)
ALGEBRA = (
    Stated("square", P, "(x - y)**2 >= 0", two("real", "real"), tight=True),
    Stated("square, off by 1e-30", R, "(x - y)**2 >= 1e-30", two("real", "real")),
    Stated("disc of width 1e-6", R, "(x - 1/3)**2 + (y - 2/7)**2 > 1e-13", two("real", "real")),
    Stated("slit of width 1e-6", R, "(x - 355/113)**2 >= 1e-13", one("positive")),
    Stated("arithmetic and geometric mean", P, "x*y <= (x + y)**2/4", two("real", "real"), tight=True),
    Stated("the same with roots", P, "sqrt(x*y) <= (x + y)/2", two("nonnegative", "nonnegative"), tight=True),
    Stated("the same, made smaller", R, "sqrt(x*y) <= (x + y)/2 - 1e-20", two("nonnegative", "nonnegative")),
    Stated("harmonic mean", P, "1/x + 1/y >= 4/(x + y)", two("positive", "positive"), tight=True),
    Stated("false for huge numbers", R, "x**3 <= 1e30*x**2 + 1", one("nonnegative")),
    Stated("false for tiny numbers", R, "x**2 + 1e-35 >= x*1e-5", one("positive")),
    Stated("boundary alone", R, "x*(1 - x) > 0", one("[0, 1]")),
    Stated("open interval", P, "x*(1 - x) > 0", one("(0, 1)")),
    Stated("corner alone", R, "x + y < 2", two("unit", "unit")),
    Stated("corner, closed", P, "x + y <= 2", two("unit", "unit"), tight=True),
    Stated("sextic", P, "x**6 - 2*x**3 + 1 >= 0", one("real"), tight=True),
    Stated("quintic", P, "x**5 - 5*x + 4 >= 0", one("nonnegative"), tight=True),
    Stated("quintic, off by 1e-30", R, "x**5 - 5*x + 4 >= 1e-30", one("nonnegative")),
    Stated("irrational minimum", P, "x**4 - 4*x**2 + 4 >= 0", one("real"), tight=True),
    Stated("below an irrational minimum", R, "x**3 - 6*x + 5.6568 >= 0", one("nonnegative")),
    Stated("above an irrational minimum", P, "x**3 - 6*x + 5.6569 >= 0", one("nonnegative")),
    Stated("bounded", P, "x*(2 - x) <= 1", one("[0, 2]"), tight=True),
    Stated("minimum of two", P, "min(x, y) <= sqrt(x*y)", two("nonnegative", "nonnegative"), tight=True),
    Stated("maximum of two", R, "max(x, y) <= sqrt(x*y)", two("nonnegative", "nonnegative")),
    Stated("triangle", P, given("x**2 + y**2 <= 1", "x + y <= 1"), two("nonnegative", "nonnegative"), tight=True),
    Stated(
        "triangle, tightened", R, given("x**2 + y**2 <= 1 - 1e-25", "x + y <= 1"), two("nonnegative", "nonnegative")
    ),
    Stated(
        "vertex",
        P,
        given("x + y <= 2/3", "x + 2*y <= 1", "2*x + y <= 1"),
        two("nonnegative", "nonnegative"),
        tight=True,
    ),
    Stated(
        "vertex, cut", R, given("x + y <= 0.66666", "x + 2*y <= 1", "2*x + y <= 1"), two("nonnegative", "nonnegative")
    ),
    Stated("logarithm", P, "log(x) <= x - 1", one("positive"), tight=True),
    Stated("logarithm, strictly", R, "log(x) < x - 1", one("positive")),
    Stated("logarithm, shifted by 1e-30", R, "log(x) <= x - 1 - 1e-30", one("positive")),
    Stated("phi", P, "phi(x) <= x**2/2", one("nonnegative"), tight=True),
    Stated("phi from below", R, "phi(x) >= x**2/2", one("nonnegative")),
    Stated("logarithm and root", P, "log(1 + x) <= x/sqrt(1 + x)", one("nonnegative"), tight=True),
    Stated("logarithm by balls", P, "x*log(x) >= -0.3679", one("[0.01, 2]")),
    Stated("logarithm by balls, false", R, "x*log(x) >= -0.36787", one("[0.01, 2]")),
    Stated("exponential", P, "exp(-t) >= 1 - t", one("nonnegative", "t"), tight=True),
    Stated("exponential, off by 1e-30", R, "exp(-t) >= 1 - t + 1e-30", one("nonnegative", "t")),
    Stated("third order", P, "exp(-t) <= 1 - t + t**2/2", one("nonnegative", "t"), tight=True),
    Stated("identity", P, "(x**2 - 1)/(x + 1) == x - 1", one("positive")),
    Stated("identity with a condition", P, given("x**2 == 2*y**2 - y**2", "x == y"), two("real", "real")),
    Stated("not quite an identity", R, "(x + 1e-20)**2 == x**2", one("nonnegative")),
)
BEHAVIOUR = (
    Stated("angle", P, 'increases = "E"\nin = "theta_i"'),
    Stated("variance", P, 'increases = "E"\nin = "lambda_i"'),
    Stated("noise", P, 'increases = "E"\nin = "sigma2"'),
    Stated("strictly in the angle", R, 'increases = "E"\nin = "theta_i"\nstrictly = true'),
    Stated("time of a process", P, 'decreases = "E"\nin = "t"', '[process]\nname = "vp-ou"\n'),
    Stated("time of flow matching", P, 'decreases = "E"\nin = "t"', '[process]\nname = "flow"\n'),
    Stated("the gap rises with the angle", R, 'increases = "gap"\nin = "theta_i"'),
    Stated("divergence in the ratio", P, 'decreases = "KL"\nin = "r"'),
    Stated("double angle", R, 'increases = "sum(sin_i*cos_i)"\nin = "theta_i"'),
    Stated("rises but for a dip", R, 'increases = "x**3 - 1.000001*x**2 + x/3"\nin = "x"', one("real")),
    Stated("error at late times", P, 'vanishes = "E"\nas = "h -> infinity"\norder = 3'),
    Stated("error at late times, too fast", R, 'vanishes = "E"\nas = "h -> infinity"\norder = 4'),
    Stated("error at early times", R, 'vanishes = "E"\nas = "h -> 0"'),
    Stated("leading term", P, 'tends = "h**2*E"\nto = "sum(a_i*s_i) + (D - k)*nu"\nas = "h -> 0"\norder = 1'),
    Stated("leading term in the ratio", P, 'tends = "r**2*F"\nto = "K2"\nas = "r -> 0"\norder = 1'),
    Stated("other leading term", R, 'tends = "r**2*F"\nto = "2*K2"\nas = "r -> 0"'),
    Stated("not uniform", R, 'vanishes = "x/(x + y)"\nas = "x -> 0"', two("positive", "nonnegative")),
    Stated("pointwise", P, 'vanishes = "x/(x + y)"\nas = "x -> 0"\norder = 1', two("positive", "positive")),
)
ODD = (
    Stated("zero by zero", A, "x/x == 1", one("nonnegative")),
    Stated("pole inside", A, "1/(x - 1/3) >= x", one("[0, 1]")),
    Stated("logarithm of zero", A, "x*log(x) >= -1", one("unit")),
    Stated("root of a negative number", A, "sqrt(x) >= 0", one("real")),
    Stated("pole of one direction", A, "sum(a_i/lambda_i) >= 0"),
    Stated("contradiction", X, given("x >= 1", "x > 0", "x < 0"), one("real")),
    Stated(
        "contradiction of two", X, given("x >= 0", "x >= y", "x + y <= 1", "y >= 1"), two("nonnegative", "nonnegative")
    ),
    Stated("empty interval", X, "x >= 0", one("(1, 1)")),
    Stated("contradiction of the model", X, given("E >= 0", "a_i < 0")),
)
TABLE = (*MODEL, *ALGEBRA, *BEHAVIOUR, *ODD)
