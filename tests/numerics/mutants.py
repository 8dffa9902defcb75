"""Planted errors in the reference formulas, as replacements in their text."""

import inspect

import reference_formulas
from reference_formulas import FORMULAS

ERROR = [
    ("(c - h) ** 2", "(c + h) ** 2"),
    ("(c - h) ** 2", "(c - h)"),
    ("(c * h**2)\n", "(c * h)\n"),
    ("(c * h**2)\n", "(h * h**2)\n"),
    ("(D - k)", "D"),
    ("(D - k)", "k"),
    ("a * s**2", "a * co**2"),
    ("a * s**2", "2 * a * s**2"),
    ("a * s**2", "a * s"),
    ("(1 / h**2 -", "(1 / h -"),
    ("(1 / h**2 -", "(1 / c**2 -"),
    ("- 1 / ((c", "+ 1 / ((c"),
    ("- 1 / ((c + a) * (c + a * co**2))", ""),
    ("(c + a) * (c", "(h + a) * (c"),
    ("(c + a * co**2)", "(c + a * s**2)"),
    ("alpha2 * lam", "alpha2**2 * lam"),
    ("alpha2 * lam", "lam"),
]
GAP = [
    ("a**2 *", "a *"),
    ("s**2 * co**2", "s * co"),
    ("s**2 * co**2", "s**2"),
    ("s**2 * co**2", "4 * s**2 * co**2"),
    ("(c * (c", "(h * (c"),
    ("(c + a) *", "(c - a) *"),
    ("(c + a * co**2)", "(c + a * s**2)"),
    ("(c + a * co**2)", "(c + a)"),
    ("total + a", "total - a"),
    ("alpha2 * lam", "lam"),
]
KL = [
    ("total / 2", "total"),
    ("fn.phi(alpha2 * sigma2 / h)", "fn.phi(sigma2 / h)"),
    ("fn.phi(alpha2 * sigma2 / h)", "(alpha2 * sigma2 / h)"),
    ("fn.phi(alpha2 * sigma2 / h)", "fn.log1p(alpha2 * sigma2 / h)"),
    ("(D - k)", "D"),
    ("a * s**2 / h", "a * s**2 / c"),
    ("a * s**2 / h", "a * co**2 / h"),
    ("- fn.log1p", "+ fn.log1p"),
    ("(c + a * co**2))", "(c + a * s**2))"),
    ("- fn.log1p(a * s**2 / (c + a * co**2))", ""),
    ("alpha2 * lam", "lam"),
    ("s**2", "s"),
]
SPECTRUM = [
    ("c + alpha2 * lam", "h + alpha2 * lam"),
    ("c + alpha2 * lam", "c - alpha2 * lam"),
    ("c + alpha2 * lam", "c + lam"),
    ("c + alpha2 * lam, 1]", "c + alpha2 * lam, 2]"),
    ("D - len(planes)", "D - k"),
    ("[[c, D", "[[h, D"),
    ("for lam, _, _ in planes", "for lam, _, _ in planes[::-1]"),
]
MUTANTS = {
    "principal-planes": [
        ("D * c + sum(a)", "D * h + sum(a)"),
        ("m * c + sum", "D * c + sum"),
        ("(D - k) * c +", "D * c +"),
        ("2 * c * x + x**2", "c * x + x**2"),
        ("(x * y) ** 2 for x, y in zip(a, cc", "x * y for x, y in zip(a, cc"),
        ("cc = [co * co", "cc = [co"),
        ("ss = [s * s for _, s, _", "ss = [co * co for _, _, co"),
    ],
    "forward-marginal": SPECTRUM,
    "target-score": [("1 / value", "value"), ("1 / value", "-1 / value"), ("1 / value", "1 / value**2")],
    "latent-optimum": [
        ("co**2", "s**2"),
        ("for lam, _, co", "for lam, co, _"),
        ("1 / (c + alpha2", "1 / (h + alpha2"),
        ("co**2", "co"),
        ("k - m", "k"),
        ("[[1 / c, k", "[[1 / h, k"),
        ("c + alpha2 * lam", "c + lam"),
    ],
    "frozen-latent-error": ERROR,
    "in-latent-gap": GAP,
    "two-sided-bound": [
        ("a**2 * s**2 / (h**2 * (h + a))", "a**2 * s**2 / (h**2 * h)"),
        ("a**2 * s**2 / (h**2 * (h + a))", "a * s**2 / h**2"),
        ("a**2 * s**2 / (h**2 * (h + a))", "a**2 * s**2 / (h**2 * (h + 2 * a))"),  # merely weaker
        ("a**2 * s**2 / (h**2 * (h + a))", "a**2 * s**2 / (h**2 * (h + alpha2 * sigma2 + a))"),  # merely weaker
        ("a**2 * s**2 / (h**2 * (h + a))", "a**2 * s**4 / (h**2 * (h + a))"),  # merely weaker
        ("upper + a * s**2 / h**2", "upper + a * s**2 / h**2 * 2"),  # merely weaker
        ("upper + a * s**2 / h**2", "upper + a * s / h**2"),  # merely weaker
        ("upper + a * s**2 / h**2", "upper + a * s**2 / (h + alpha2 * sigma2)**2"),
        ("lower, upper = ambient / 2, ambient", "lower, upper = ambient, ambient"),
        ("lower, upper = ambient / 2, ambient", "lower, upper = ambient / 2, ambient / 2"),
        ("lower, upper = ambient / 2, ambient", "lower, upper = ambient / 3, ambient"),  # merely weaker
        ("lower, upper = ambient / 2, ambient", "lower, upper = ambient / 2, 2 * ambient"),  # merely weaker
        ("fn.min(rho, rho**2)", "rho"),
        ("fn.min(rho, rho**2)", "fn.min(rho**2, rho**3)"),
        ("upper]", "lower]"),
    ],
    "monotonicity": [
        ("2 * s * co", "s * co"),
        ("2 * s * co", "2 * s * s"),
        ("2 * s * co", "-2 * s * co"),
        ("(c + a * co**2) ** 2", "(c + a * co**2)"),
        ("(c + a * co**2) ** 2", "(c + a * s**2) ** 2"),
        ("(c + a * co**2) ** 2", "(h + a * co**2) ** 2"),
        ("1 / h**2 -", "1 / h -"),
        ("1 / h**2 -", "1 / c**2 -"),
        ("alpha2 * lam", "lam"),
        ("- 1 / (c + a * co**2) ** 2", ""),
    ],
    "exact-kl": KL,
    "kl-is-integrated-error": [],
    "schedule-invariance": [
        ("alpha2 * frozen", "frozen"),
        ("alpha2 * frozen", "alpha2**2 * frozen"),
        ("alpha2 * frozen", "h * frozen"),
        (
            "[F, exact_kl(alpha2, h, sigma2, D, k, planes, fn)]",
            "[F, 2 * exact_kl(alpha2, h, sigma2, D, k, planes, fn)]",
        ),
        ("[F, exact_kl(alpha2, h, sigma2, D, k, planes, fn)]", "[F, exact_kl(1, h, sigma2, D, k, planes, fn)]"),
    ],
}


def compiled(name, text):
    """The function ``name`` from a changed text, with the other reference formulas in reach."""
    namespace = dict(vars(reference_formulas))
    exec(compile(text, "<mutant>", "exec"), namespace)
    return namespace[name]


def mutant(identity, index):
    """Mutant number ``index`` of a result: its replacement must occur in the text."""
    return changed(identity, *MUTANTS[identity][index])


def changed(identity, old, new):
    """The formula of a result with one replacement made in its text."""
    function = FORMULAS[identity]
    text = inspect.getsource(function)
    assert old in text, (identity, old)
    return compiled(function.__name__, text.replace(old, new))


def all_mutants():
    """(id, index) of every planted error."""
    return [(identity, i) for identity, rows in MUTANTS.items() for i in range(len(rows))]
