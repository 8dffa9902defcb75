"""Texts that a formula parser meets: slips with the hint that each deserves, attacks, and random ones from a seed."""

from __future__ import annotations

import random
from fractions import Fraction

from theory.expr import Expr, call, num, plane_sum, sym
from theory.formula_text import formula

NAMES = {
    name: sym(name) for name in ("t", "B", "h", "alpha", "sigma2", "D", "lambda", "lambda_i", "a_i", "s_i", "cos_i")
}
HUGE = 10**6
# text -> (column, part of the line). Every text of the list of hostile formulas is here or in ATTACKS.
REFUSED: dict[str, tuple[int, str]] = {
    "": (1, "is empty"), "   ": (1, "is empty"), "\t": (1, "is empty"),
    "x" * HUGE: (5001, "at most 5000"), "(" * 10_000: (5001, "at most 5000"),
    "(" * 300 + "t" + ")" * 300: (41, "deeper"),
    "h+" * 2000 + "h": (1001, "more than 1000 signs"), "-" * 900 + "h": (801, "nested deeper than 100"),
    "h/" * 450 + "h": (200, "nested deeper than 100"), "1/" * 450 + "1": (200, "nested deeper than 100"),
    "h*" * 499 + "h*h*h": (1001, "more than 1000 signs"), "9" * 1001: (1, "at most 1000"),
    "(" + "9" * 1000 + ")*" + "9" * 1000: (1003, "more than 1200 digits"),
    "x" * 33: (1, "at most 32"), "9**100*9**100*" * 9 + "9": (84, "digits"),
    "9**9**9**9": (5, "power of a power"), "2**-(10**9)": (2, "at most 100"), "2**101": (2, "at most 100"),
    "((9**100)**100)**100": (10, "digits"), "2**10**9": (6, "power of a power"),
    "(h+t+B+D+alpha)**100": (16, "more than 100000 terms"), "((h**100)**100)**100": (10, "degree"),
    "factorial(10**7)": (1, "no factorial"), "h!": (2, "no factorial"), "1e9999": (1, "e1000"),
    "1e-9999": (1, "e1000"),
    "1e" + "9" * 4000: (1, "e1000"), "exp(exp(exp(999)))": (9, "multiple of t or B"),
    "exp(t**2)": (1, "multiple of t"),
    "exp(h)": (1, "write such as exp(-t/2)"), "exp(t/3)": (1, "multiple of t that is not"),
    "exp(2)": (1, "multiple of t"),
    "exp(0*t)": (1, "multiple of t"), "exp(t/(1/101))": (1, "100"), "exp(2/t)": (1, "multiple of t"),
    "0x10": (1, "decimal digits"), "0b1": (1, "decimal digits"), "0o7": (1, "decimal digits"),
    "1_000": (2, "underscore"),
    "1j": (1, "real"), "1J": (1, "real"), "1e": (1, "exponent of 1e"), "1e+": (1, "exponent of 1e"),
    "1.2.3": (4, "second decimal point"), "1..2": (3, "second decimal point"),
    "1,5": (2, "write a number such as 0.5"),
    "True": (1, "numbers only"), "False": (1, "numbers only"), "None": (1, "numbers only"), "nan": (1, "finite"),
    "inf": (1, "finite"), "oo": (1, "finite"), "infinity": (1, "finite"), "I": (1, "real"), "E": (1, "exp"),
    "e": (1, "exp"), "pi": (1, "rational"), "S": (1, "unknown name S"), "N": (1, "unknown name N"),
    "Q": (1, "unknown name Q"), "i": (1, "real"),
    "h^2": (2, "write **"), "2h": (2, "write 2*h"), "2exp(t)": (2, "write 2*exp"),
    "2(h)": (2, "write * for a product"),
    "h(t)": (2, "write * for a product"), "(h)(t)": (4, "write * for a product"), "h t": (3, "written h*t"),
    "2 3": (3, "written 2*3"), "(h) t": (5, "written (...)*t"), "h**2 t": (6, "written 2*t"),
    "sin theta": (1, "sin_i"), "sin(theta_i)": (1, "sin_i"), "cos": (1, "cos_i"), "tan(h)": (1, "sin_i/cos_i"),
    "sin^2(x)": (4, "write **"), "theta": (1, "s_i"), "log h": (1, "write log(...)"), "exp": (1, "write exp(...)"),
    "sum": (1, "write sum(...)"), "sum_i": (1, "write sum(...)"), "sum()": (1, "1 argument, not 0"),
    "sum(a_i, s_i)": (1, "1 argument, not 2"), "sum(sum(a_i))": (5, "sum within a sum"),
    "a_i": (1, "within sum(...)"),
    "h + 2*lambda_i": (7, "as in sum(lambda_i)"), "sum(a_i) + s_i": (12, "within sum(...)"),
    "log(h, t)": (1, "1 argument, not 2"), "log()": (1, "1 argument, not 0"), "min(h)": (1, "2 arguments, not 1"),
    "max(h, t, 1)": (1, "2 arguments, not 3"), "abs(h)": (1, "max(x, -x)"), "logg(h)": (1, "did you mean log?"),
    "sigma": (1, "did you mean sigma2?"), "Alpha": (1, "did you mean alpha?"), "Lambda": (1, "did you mean lambda?"),
    "sum(lamda_i)": (5, "did you mean lambda_i?"), "h_": (1, "unknown name h_"), "_h": (1, "unknown name _h"),
    "zzz": (1, "names are B, D, a_i, alpha"), "double": (1, "unknown name"), "var": (1, "unknown name"),
    "1/0": (2, "division by zero"), "1/(h-h)": (2, "division by zero"), "0**0": (2, "no value"),
    "0**-1": (2, "no value"),
    "(t-t)**0": (6, "no value"), "1/(sqrt(4) - 2)": (2, "division by zero"), "t/((h+t)**2 - h**2 - 2*h*t - t**2)":
    (2, "division by zero"), "1/log(h/h)": (2, "division by zero"), "1/(sum(a_i)-sum(a_i))": (2, "division by zero"),
    "1/(min(h, t) - min(t, h))": (2, "division by zero"), "1/phi(0)": (2, "division by zero"),
    "0.0/0": (4, "division"),
    "log(0)": (1, "not positive"), "log(-1/2)": (1, "not positive"), "log(h-h)": (1, "not positive"),
    "sqrt(-1)": (1, "negative"), "phi(-1)": (1, "above -1"), "h**0.5": (4, "sqrt"), "h**(1/2)": (4, "sqrt"),
    "h**t": (4, "integer exponents"), "h**(1/3)": (4, "an integer"), "h**": (4, "too early"), "h***2": (4, "act on"),
    "h +": (4, "too early"), "* h": (1, "act on"), "h */ t": (4, "act on"), "()": (1, "no single expression"),
    "(h, t)": (1, "no single expression"), "(h": (1, "not closed"), "h)": (2, "not opened"),
    "log(h": (4, "not closed"),
    "h, t": (2, "a comma outside"), "h == t": (3, "without a relation"), "h < t < 1": (3, "without a relation"),
    "(h < t)": (4, "within brackets"), "h = t": (3, "write =="), "h != t": (3, "one of"), "h => t": (3, "write >="),
    "h =< t": (3, "write <="), "h \u2264 t": (3, "write <="), "h // t": (3, "write /"), "h % t": (3, "fraction"),
    "().__class__": (3, "attributes"), "h.subs('h','t')": (2, "nothing has attributes"), "h[0]": (2, "( and )"),
    "{h}": (1, "( and )"), "lambda x: x": (8, "operator is missing"), "lambda: t": (7, "no place"),
    "h := t": (3, "assigns"),
    "[h for h in (t,)]": (1, "( and )"), "f'{h}'": (2, "no text"), '"h"': (1, "no text"),
    "f(*h)": (1, "unknown name f"),
    "log(*h)": (5, "act on"), "log(x=1)": (6, "write =="), "max(h, t=1)": (9, "write =="), "h if t else D":
    (3, "operator is missing"), "not h": (1, "unknown name not"), "h and t": (3, "operator is missing"),
    "h; t": (2, "allowed"),
    "h # t": (3, "allowed"), "h \\": (3, "without"), "@h": (1, "allowed"), "~h": (1, "allowed"),
    "h & t": (3, "allowed"),
    "$h$": (1, "allowed"), "`h`": (1, "no text"), "|h|": (1, "absolute"), "?": (1, "allowed"),
    "...": (1, "attributes"),
    "alert(1)": (1, "unknown name alert"), "</script>": (1, "act on"), "\\input{x}": (1, "without"),
    "-> h": (2, "act on"),
    "\u03b1": (1, "write alpha"), "\u03bb": (1, "write lambda"), "\u03a3": (1, "write Sigma"),
    "\u03c2": (1, "write sigma"),
    "\uff15": (1, "write 5"), "\uff48": (1, "write h"), "\u0430": (1, "CYRILLIC"), "h\u200b": (2, "invisible"),
    "\ufeffh": (1, "invisible"), "h\u202e": (2, "invisible"), "\xa0h": (1, "invisible"), "h\0": (2, "invisible"),
    "h\x1b[31m": (2, "invisible"), "h\nt": (2, "one line"), "h\r": (2, "one line"), "h\u2028": (2, "one line"),
    "\u0665": (1, "ARABIC"), "h\u00b2": (2, "write **2"), "h \u2212 t": (3, "write -"), "h\u00d7t": (2, "write *"),
    "\u221ah": (1, "sqrt"), "\u2211": (1, "sum"), "\u221e": (1, "INFINITY"), "\ud800": (1, "invisible"),
    "\U0001f600": (1, "GRINNING"), "h\u0301": (2, "invisible"), "\u210e": (1, "write h"), "\ufdfa": (1, "ARABIC"),
}  # fmt: skip
RELATIONS_REFUSED: dict[str, tuple[int, str]] = {
    "": (1, "empty"), "h": (2, "relation is missing"), "h = t": (3, "write =="),
    "h <= t < 1": (8, "claim of its own"),
    "h == t == 1": (8, "claim of its own"), "h =< t": (3, "write <="), "h <=": (5, "too early"),
    "<= h": (1, "act on"),
    "h \u2265 t": (3, "write >="), "h <> t": (3, "one of"), "h === t": (5, "write =="), "h ! t": (3, "factorial"),
    "h != t": (3, "one of"), "h, t": (2, "a comma outside"), "h <= t)": (7, "not opened"),
    "a_i <= 1": (1, "within sum"),
    "h <= t, 1": (7, "a comma outside"),
}  # fmt: skip
ATTACKS = (  # Python that leaves a file behind when it is run
    "open({0!r}, 'w').close()",
    "__import__('pathlib').Path({0!r}).touch()",
    "[open({0!r}, 'w').close() for t in (1,)]",
    "(lambda: open({0!r}, 'w').close())()",
    'f"{{open({0!r}, chr(119)).close()}}"',
    "(h := open({0!r}, 'w').close())",
    "[*map(lambda p: open(p, 'w').close(), [{0!r}])]",
    'exec("open({0!r}, chr(119)).close()")',
    "().__class__.__base__.__subclasses__() and open({0!r}, 'w').close()",
    "max(1, 2, key=lambda t: bool(open({0!r}, 'w').close()))",
    "1 if open({0!r}, 'w').close() else 2",
    "{{'h': open({0!r}, 'w').close()}}['h']",
    "type('t', (), {{'__init__': lambda self: open({0!r}, 'w').close()}})()",
)
_ALPHABET = "0123456789.e+-*/()<>=, _^!'\"\\[]{}:;@#%&|~`$?\n\t\0abhtsumloginqrtexp" + "".join(
    "\u03b1\u0430\uff15\u200b\u202e\ufeff\u2212\u00b2\xa0\u2264\ud800\U0001f600\u2028\u0301"
)
_PIECES = ("**", "sum(", "log(", "exp(", "1e", "__", "lambda", "h", "t", "a_i", "9" * 50, "(" * 45, ")" * 45, "1/(",
           "-" * 60, "0", "**-", "**99", "min(", ", ", "==", "<=", "h-h", "1_0", "0x", "\u03bb")  # fmt: skip


def random_tree(rng: random.Random, depth: int, *, summing: bool = False) -> Expr:
    """A scalar tree of everything that the language can say; not always defined."""
    if depth == 0 or rng.random() < 0.15:
        return _leaf(rng, summing)

    def kid() -> Expr:
        return random_tree(rng, depth - 1, summing=summing)

    match rng.choice(("add", "sub", "neg", "mul", "div", "pow", "call", "exp", "sum", "nest")):
        case "add":
            return kid() + kid()
        case "sub":
            return kid() - kid()
        case "neg":
            return -kid()
        case "mul":
            return kid() * kid()
        case "div":
            return kid() / kid()
        case "pow":
            return kid() ** rng.choice((-3, -2, -1, 0, 1, 2, 3))
        case "call":
            name = rng.choice(("log", "phi", "sqrt", "min", "max"))
            return call(name, *(kid() for _ in range(2 if name in ("min", "max") else 1)))
        case "exp":
            t = sym(rng.choice("tB"))
            return call("exp", rng.choice((t, -t, t / 2, -(t / 2), 3 * t, num(Fraction(3, 2)) * t, num(-5) * t)))
        case "sum" if not summing:
            return plane_sum(random_tree(rng, depth - 1, summing=True))
    return Expr(rng.choice(("add", "mul")), (kid(), kid(), kid()))  # brackets that operators would have merged


def _leaf(rng: random.Random, summing: bool) -> Expr:
    match rng.randrange(6):
        case 0:
            return num(rng.randint(-3, 12))
        case 1:
            return num(Fraction(rng.randint(-9, 9), rng.randint(1, 9)))
        case 2:
            return num(rng.choice((-1, 1)) * rng.randrange(10 ** rng.choice((20, 40, 80))))
    names = [name for name in NAMES if summing or not name.endswith("_i")]
    return sym(rng.choice(names))


def random_text(rng: random.Random) -> str:
    """A formula with up to eight slips, or noise."""
    if rng.random() < 0.1:
        return "".join(rng.choice(_ALPHABET) for _ in range(rng.randrange(60)))
    if rng.random() < 0.3:
        text = rng.choice((*REFUSED, *ATTACKS))[:400]
    else:
        text = formula(random_tree(rng, rng.randrange(1, 5)))
    for _ in range(rng.randrange(9)):
        start = rng.randrange(len(text) + 1)
        stop = start + rng.choice((0, 0, 1, 1, 2, 10))
        put = rng.choice((rng.choice(_ALPHABET), rng.choice(_PIECES), "", text[start : start + 20]))
        text = text[:start] + put + text[stop:]
    return text
