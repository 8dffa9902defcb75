"""LaTeX of an expression tree, in the written order, with exactly the brackets that are needed.

`latex_reader.py` reads every line back; `emit.py` has it do so before anything is released.
"""

from __future__ import annotations

import re

from theory.expr import Expr, num, walk
from theory.symbols import LETTERS, SYMBOLS, declared
from theory.text import ADD, ATOM, MUL, POW

INDEX_RANGE = {"target": r"\sum_{i=1}^{d}", "pairs": r"\sum_{i=1}^{k}", "lost": r"\sum_{i=k+1}^{d}"}
PRECEDENCE = {
    "add": ADD, "neg": ADD, "mul": MUL, "matmul": MUL, "sum": MUL, "pow": POW, "integral": MUL, "diff": MUL,
    "logdet": MUL,
}  # fmt: skip
_PREFIXED = frozenset({"sum", "integral", "diff", "logdet"})  # stand last in a product without brackets


def latex(expr: Expr) -> str:
    """LaTeX for math mode. Raises KeyError for a symbol that is not declared."""
    kids = expr.children
    match expr.head:
        case "num":
            return _number(expr)
        case "short":
            return rf"\mathsf{{{expr.name}}}" + ("_i" if expr.args[1] else "")
        case "sym" | "letter":
            return declared(expr).latex
        case "eye":
            return f"I_{{{expr.rows}}}" if expr.rows != "D" else "I"
        case "zero":
            return "0"
        case "add":
            return _sum(kids)
        case "neg":
            return "-" + _at(kids[0], MUL)
        case "mul" | "matmul":
            return _product(kids)
        case "div":
            return _division(expr)
        case "pow":
            return _power(expr)
        case "transpose":
            return _superscript(kids[0], r"\top")
        case "inv":
            return _superscript(kids[0], "-1")
        case "sum":
            return f"{INDEX_RANGE[str(expr.args[0])]} {_at(kids[0], MUL)}"
        case "call":
            return _call(expr)
        case "trace":
            return rf"\operatorname{{tr}}{_bracket(latex(kids[0]))}"
        case "logdet":
            return rf"\ln\det {_at(kids[0], ATOM)}"
        case "bures":
            laws = ", ".join(rf"\mathcal{{N}}(0, {latex(kid)})" for kid in kids)
            return rf"W_2^2{_bracket(laws)}"
        case "expect":
            return rf"\mathbb{{E}}{_bracket(latex(kids[0]), '[]')}"
    return _calculus(expr)


def _calculus(expr: Expr) -> str:
    kids = expr.children
    match expr.head:
        case "diff":
            variable = declared(Expr("sym", (expr.args[1],))).latex
            return rf"\frac{{\partial}}{{\partial {variable}}}{_bracket(latex(kids[0]), '[]')}"
        case "grad":
            return rf"\nabla_{{{latex(kids[1])}}}{_bracket(latex(kids[0]), '[]')}"
        case "integral":
            body, low, high = kids
            variable = declared(Expr("sym", (expr.args[1],))).latex
            return rf"\int_{{{latex(low)}}}^{{{latex(high)}}} {_bracket(latex(body), '[]')}\,\mathrm{{d}}{variable}"
        case "literal":
            return _literal(expr)
    raise ValueError(f"no LaTeX for {expr.head}")


def _number(expr: Expr) -> str:
    top, bottom = expr.number.numerator, expr.number.denominator
    if bottom == 1:
        return str(top)
    sign = "-" if top < 0 else ""
    return rf"{sign}\frac{{{abs(top)}}}{{{bottom}}}"


def _bracket(inner: str, pair: str = "()") -> str:
    return rf"\left{pair[0]}{inner}\right{pair[1]}"


def _own(expr: Expr) -> int:
    if expr.head == "num":
        return ADD if expr.number < 0 else POW - 1 if expr.number.denominator != 1 else ATOM
    if expr.head == "div":
        # a fraction bar groups; a scaled matrix or a halved sum prints as a product
        bar = expr.is_scalar and not (expr.children[1].head == "num" and _wide(expr.children[0]))
        return POW - 1 if bar else MUL
    return PRECEDENCE.get(expr.head, ATOM)


def _at(expr: Expr, level: int) -> str:
    inner = latex(expr)
    return _bracket(inner) if _own(expr) < level else inner


def _sum(kids: tuple[Expr, ...]) -> str:
    return at_sum(kids[0]) + "".join(f" {added(kid)}" for kid in kids[1:])


def at_sum(kid: Expr) -> str:
    """The first summand of a sum."""
    return _at(kid, ADD)


def added(kid: Expr) -> str:
    """A further summand, with its sign."""
    if kid.head == "neg":
        return "- " + _at(kid.children[0], MUL)
    if _own(kid) <= ADD and kid.head != "add":
        return "+ " + _bracket(latex(kid))
    return "+ " + _at(kid, ADD + 1)


def _product(kids: tuple[Expr, ...]) -> str:
    parts = [_at(kid, MUL + 1) if _swallows(kid) or i else _at(kid, MUL) for i, kid in enumerate(kids)]
    if len(kids) > 1 and kids[-1].head in _PREFIXED:
        parts[-1] = latex(kids[-1])
    out = parts[0]
    for kid, part in zip(kids[1:], parts[1:], strict=True):
        dot = r" \cdot " if kid.head == "num" or part[0].isdigit() else " "
        out += dot + part
    return out


def _swallows(expr: Expr) -> bool:
    """A sum sign, an integral or a determinant takes in whatever stands to its right, also at the end of a product."""
    if expr.head in ("mul", "matmul"):
        return _swallows(expr.children[-1])
    if expr.head == "div" and _own(expr) == MUL:
        return _swallows(expr.children[0])
    return expr.head in ("sum", "integral", "logdet")


def _division(expr: Expr) -> str:
    top, bottom = expr.children
    if expr.is_scalar and bottom.head == "num" and _wide(top):
        return rf"\frac{{1}}{{{latex(bottom)}}} {_at(top, MUL)}"
    if expr.is_scalar:
        return rf"\frac{{{latex(top)}}}{{{latex(bottom)}}}"
    if top.head in ("matmul", "letter", "inv", "transpose"):
        return rf"\frac{{1}}{{{latex(bottom)}}} {_at(top, MUL)}"
    return rf"\frac{{1}}{{{latex(bottom)}}} {_bracket(latex(top))}"


def _wide(expr: Expr) -> bool:
    """Too tall or too long for a numerator: a sum of several terms, or anything with a fraction in it."""
    return any(node.head in ("div", "sum", "call") for node in walk(expr))


def _power(expr: Expr) -> str:
    base, power = expr.children
    if base.head in ("sym", "letter"):
        name = latex(base)
        if name.startswith((r"\cos", r"\sin")):
            return rf"{name[:4]}^{{{latex(power)}}}{name[4:]}"
        if name == r"\sigma^2" and power.head == "num" and power.number.denominator == 1:
            return rf"\sigma^{{{latex(num(2 * power.number))}}}"
        if "^" in name:
            return rf"{_bracket(name)}^{{{latex(power)}}}"
        return rf"{name}^{{{latex(power)}}}"
    inner = _bracket(latex(base)) if base.head == "call" and base.name == "exp" else _at(base, ATOM)
    return rf"{inner}^{{{latex(power)}}}"


def _superscript(base: Expr, mark: str) -> str:
    inner = latex(base)
    if base.head != "literal" and (base.head in ("inv", "transpose") or _own(base) < ATOM or "^" in inner):
        inner = _bracket(inner)
    return f"{inner}^{{{mark}}}"


def _call(expr: Expr) -> str:
    name, kids = str(expr.args[0]), expr.children
    if name == "sqrt":
        if kids[0] == Expr("sym", ("sigma2",)):
            return r"\sigma"
        if kids[0].head == "bures":
            return latex(kids[0]).replace("W_2^2", "W_2", 1)
        return rf"\sqrt{{{latex(kids[0])}}}"
    if name == "exp":
        return rf"e^{{{_flat(kids[0])}}}"
    sign = {"log": r"\ln", "phi": r"\varphi", "min": r"\min", "max": r"\max"}[name]
    return sign + _bracket(", ".join(map(latex, kids)))


def _flat(expr: Expr) -> str:
    """An exponent on one line: -t/2."""
    if expr.head == "neg":
        inner = expr.children[0]
        return "-" + (_flat(inner) if inner.head == "div" else _at(inner, MUL))
    if expr.head == "div":
        top, bottom = expr.children
        return f"{_bracket(latex(top)) if _swallows(top) else _at(top, MUL)}/{_at(bottom, ATOM)}"
    return latex(expr)


def _literal(expr: Expr) -> str:
    n, m = int(expr.rows), int(expr.cols)
    if n * m == 0:
        return rf"[\,]_{{{n}\times{m}}}"
    entries = [latex(x) for x in expr.children]
    rows = [" & ".join(entries[i * m : (i + 1) * m]) for i in range(n)]
    return r"\begin{pmatrix}" + r"\\ ".join(rows) + r"\end{pmatrix}"


_WORDS = {
    "Sigma": r"\Sigma", "Lambda": r"\Lambda", "Theta": r"\Theta", "alpha": r"\alpha", "sigma": r"\sigma",
    "lambda": r"\lambda", "theta": r"\theta", "rho": r"\rho", "beta": r"\beta", "mu": r"\mu", "nu": r"\nu",
    "xi": r"\xi", "phi": r"\varphi", "eps": r"\varepsilon", "pi": r"\pi", "infinity": r"\infty", "sum": r"\sum",
    "tr": r"\operatorname{tr}", "ln": r"\ln", "det": r"\det", "min": r"\min", "max": r"\max", "cos": r"\cos",
    "sin": r"\sin", "sqrt": r"\sqrt", "diag": r"\operatorname{diag}", "span": r"\operatorname{span}",
    "integral": r"\int", "KL": r"\mathrm{KL}", "const": r"\mathrm{const}", "residual": r"\varrho",
    "gamma": r"\gamma", "exp": r"\exp", "Cov": r"\operatorname{Cov}",
}  # fmt: skip


def _named(word: str) -> str:
    """A declared symbol whose name is not its LaTeX without the backslash, such as `lambda_s_i` or `weight`."""
    word = {"lambda_s": "lambda_s_i"}.get(word, word)
    declares = word in SYMBOLS and (
        word.count("_") > 1 or word[-1] == "2" or word.startswith("overlap") or word in _RENAMED
    )
    if word in ("C_exact", "C_steps"):
        return LETTERS[word].latex
    if not declares:
        return word
    code = SYMBOLS[word].latex
    return f"{{{code}}}" if "^" in code else code


_RENAMED = frozenset({"weight", "tol", "tau", "v_start"} | {"v_spare", "v_rest", "step_i", "step_spare", "step_rest"})


def inline(formula: str) -> str:
    """LaTeX of a short formula in a sentence, such as `U^T Sigma^-1 U` or `h = 1 - alpha^2`."""
    if re.fullmatch(r"\w x \w", formula):
        return formula.replace("x", r"\times")
    code = re.sub(r"\b[A-Za-z]+2?(_[A-Za-z0-9]+)*\b", lambda m: _named(m.group()), formula)
    code = re.sub(r"\b([A-Zx])(\d)\b", r"\1_\2", code)
    code = re.sub(r"sqrt\(([^()]*)\)", r"\\sqrt{\1}", code)
    code = re.sub(r"\b(alpha|h|r)'", r"\\dot{\1}", code)
    code = re.sub(r"(?<!\\)\b([A-Za-z]+)(?=\b|_)", lambda m: _WORDS.get(m.group(1), m.group(1)), code)
    code = re.sub(r"\^T\b", r"^{\\top}", code)
    code = re.sub(r"\^(-?\w+)", r"^{\1}", code)
    code = re.sub(r"\bR(?=\^\{[Ddk]\})", r"\\mathbb{R}", code)
    code = re.sub(r"\bN(?=\()", r"\\mathcal{N}", code)
    code = re.sub(r"\bE(?=[ \[])(?!_)(?! [=<>\\])", r"\\mathbb{E}", code) if "E[" in code else code
    code = code.replace("||", r"\|").replace("<=", r"\le ").replace(">=", r"\ge ").replace("->", r"\to ")
    code = code.replace("~", r"\sim ").replace(" | ", r" \mid ")
    code = re.sub(r"(\w)\*(?=[\^ ,]|$)", r"\1_{\\star}", code)
    return re.sub(r"\*(?=\d)", r"\\cdot ", code).replace("*", r"\,")


def sentence(text: str) -> str:
    """A sentence for LaTeX: what stands between backticks is a formula, or the name of a result."""
    parts = text.split("`")
    return "".join(_quoted(p) if i % 2 else p.replace("&", r"\&").replace("%", r"\%") for i, p in enumerate(parts))


def on_screen(text: str) -> str:
    """The same for Markdown."""
    return re.sub(r"\\texttt\{([^}]*)\}", r"`\1`", sentence(text))


def _quoted(code: str) -> str:
    return rf"\texttt{{{code}}}" if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]{2,})+", code) else f"${inline(code)}$"
