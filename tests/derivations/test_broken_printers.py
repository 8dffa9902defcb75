"""A catalogue of broken printers: each fault, planted in a printer, is found by reading back before anything leaves."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from typing import Any

import mutations
import pytest

import theory.binding
import theory.emit
import theory.json_tree
import theory.latex
import theory.layout
import theory.notes
import theory.python_code
import theory.text
from theory import symbols as S
from theory.binding import PrintedWrong, require_printed
from theory.derivation import Checked
from theory.emit import artefacts
from theory.expr import Expr, call, num, plane_sum, walk
from theory.layout import Shorthand, display_lines

Patch = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, Patch] = {}
# Between them these print every form there is.
RESULTS = (
    "two-sided-bound", "exact-kl", "principal-planes", "latent-optimum", "forward-marginal", "exact-w2",
    "kl-is-integrated-error", "frozen-score", "error-budget", "continuous-sampler", "misaligned-covariance",
)  # fmt: skip
STRESS = (
    num(2**64 + 1) * S.h, num(Fraction(2**70, 3)), num(Fraction(-3, 7)) * S.h, S.h ** num(12), num(2) ** -3,
    Expr("mul", (num(2), num(3))), plane_sum(S.a) * S.h, Expr("mul", (S.h * plane_sum(S.a), S.c)),
    S.a / (S.h / S.c), (-S.h) ** 2, Expr("neg", (-S.h,)), call("max", S.h, S.c), call("exp", -(S.t + 1) / 2), S.cos**3,
)  # fmt: skip


@cache
def checked(result: str) -> Checked:
    return mutations.default(result).check()


def emitted(result: str) -> dict[str, str]:
    return artefacts(mutations.default(result), checked(result))


def fault(name: str) -> Callable[[Patch], Patch]:
    def plant(patch: Patch) -> Patch:
        FAULTS[name] = patch
        return patch

    return plant


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, home: Any, broken: Callable[..., Any]) -> None:
    """A printer exchanged wherever it has been imported."""
    whole = getattr(home, name)
    for module in (theory.latex, theory.layout, theory.emit, theory.notes, theory.binding, theory.text,
                   theory.python_code, theory.json_tree):  # fmt: skip
        if getattr(module, name, None) is whole:
            monkeypatch.setattr(module, name, partial(broken, whole))


def printing(head: str, change: Callable[[str], str], home: Any = theory.latex, name: str = "latex") -> Patch:
    """A fault in what is printed of nodes with one head."""

    def broken(whole: Callable[[Expr], str], expr: Expr) -> str:
        code = whole(expr)
        return change(code) if expr.head == head else code

    return lambda monkeypatch: everywhere(monkeypatch, name, home, broken)


def rewriting(head: str, change: Callable[[Expr], Expr], home: Any = theory.latex, name: str = "latex") -> Patch:
    """A printer that takes nodes with one head for something else."""

    def broken(whole: Callable[[Expr], Any], expr: Expr) -> Any:
        return whole(change(expr) if expr.head == head else expr)

    return lambda monkeypatch: everywhere(monkeypatch, name, home, broken)


def helper(home: Any, name: str, broken: Callable[..., Any]) -> Patch:
    """A printer's own helper exchanged; the one that was there comes first among the arguments."""
    return lambda monkeypatch: everywhere(monkeypatch, name, home, broken)


def swapped(expr: Expr) -> Expr:
    return Expr(expr.head, (expr.args[1], expr.args[0], *expr.args[2:]), expr.rows, expr.cols)


def turned(expr: Expr) -> Expr:
    return Expr(expr.head, expr.args[::-1], expr.rows, expr.cols)


def wrapped(expr: Expr) -> Expr:
    """What a 64-bit integer makes of a number."""
    return num(Fraction(expr.number.numerator % 2**64, expr.number.denominator))


def without_brackets(whole: Callable[..., str], expr: Expr, level: int) -> str:
    return whole(expr, 0)


def in_latex(name: str, broken: Callable[..., Any]) -> Patch:
    return helper(theory.latex, name, broken)


def in_text(name: str, broken: Callable[..., Any]) -> Patch:
    return helper(theory.text, name, broken)


FAULTS |= {
    "LaTeX: every bracket dropped": in_latex("_bracket", lambda whole, inner, pair="()": inner),
    "LaTeX: brackets dropped about operands": in_latex("_at", without_brackets),
    "LaTeX: brackets about products dropped": in_latex(
        "_at", lambda whole, expr, level: whole(expr, min(level, theory.text.MUL))
    ),
    "LaTeX: a minus inside a sum dropped": in_latex("added", lambda whole, kid: whole(kid).replace("- ", "+ ", 1)),
    "LaTeX: a minus at the front dropped": printing("neg", lambda code: code.removeprefix("-")),
    "LaTeX: a minus too many": printing("neg", lambda code: "-" + code),
    "LaTeX: a power without braces": in_latex("_power", lambda whole, e: re.sub(r"\^\{(\d+)\}$", r"^\1", whole(e))),
    "LaTeX: a power one too high": rewriting("pow", lambda e: Expr("pow", (e.children[0], num(7)))),
    "LaTeX: a power dropped": rewriting("pow", lambda e: e.children[0]),
    "LaTeX: powers of sigma not doubled": in_latex(
        "_power", lambda whole, e: rf"\sigma^{{{e.children[1].number}}}" if e.children[0] == S.sigma2 else whole(e)
    ),
    "LaTeX: powers of a cosine dropped": in_latex(
        "_power", lambda whole, e: r"\cos\theta_i" if e.children[0] == S.cos else whole(e)
    ),
    "LaTeX: numerator and denominator swapped": rewriting("div", lambda e: swapped(e) if e.is_scalar else e),
    "LaTeX: the denominator dropped": rewriting("div", lambda e: e.children[0]),
    "LaTeX: an integer modulo 2^64": rewriting("num", wrapped),
    "LaTeX: a fraction rounded down": rewriting("num", lambda e: num(e.number.numerator // e.number.denominator)),
    "LaTeX: the sign of a fraction dropped": in_latex("_number", lambda whole, e: whole(e).removeprefix("-")),
    "LaTeX: digits of two numbers run together": in_latex(
        "_product", lambda whole, kids: whole(kids).replace(r" \cdot ", "")
    ),
    "LaTeX: a factor dropped": rewriting("mul", lambda e: Expr("mul", e.args[:-1] or e.args, e.rows, e.cols)),
    "LaTeX: a summand dropped": rewriting("add", lambda e: Expr("add", e.args[:-1], e.rows, e.cols)),
    "LaTeX: matrices in the other order": rewriting("matmul", turned),
    "LaTeX: a transpose dropped": rewriting("transpose", lambda e: e.children[0]),
    "LaTeX: a transpose for an inverse": printing("inv", lambda code: code.replace("^{-1}", r"^{\top}")),
    "LaTeX: a transpose of the last factor alone": in_latex(
        "_superscript", lambda whole, base, mark: f"{theory.latex.latex(base)}^{{{mark}}}"
    ),
    "LaTeX: a sum over other directions": lambda m: m.setitem(theory.latex.INDEX_RANGE, "target", r"\sum_{i=1}^{k}"),
    "LaTeX: a sum sign dropped": rewriting("sum", lambda e: e.children[0]),
    "LaTeX: a sum sign takes in what follows": in_latex("_swallows", lambda whole, expr: False),
    "LaTeX: a logarithm for phi": rewriting("call", lambda e: call("log", *e.children) if e.name == "phi" else e),
    "LaTeX: a maximum for a minimum": rewriting("call", lambda e: call("max", *e.children) if e.name == "min" else e),
    "LaTeX: a root dropped": rewriting("call", lambda e: e.children[0] if e.name == "sqrt" else e),
    "LaTeX: the sign of an exponent dropped": in_latex("_flat", lambda whole, e: whole(e).removeprefix("-")),
    "LaTeX: a trace dropped": rewriting("trace", lambda e: Expr("letter", ("x", "gen"))),
    "LaTeX: an expectation dropped": rewriting("expect", lambda e: e.children[0]),
    "LaTeX: a matrix turned": rewriting(
        "literal", lambda e: Expr("literal", e.args[::-1], e.rows, e.cols) if len(e.args) > 1 else e
    ),
    "LaTeX: a column for a row": rewriting("literal", lambda e: Expr("literal", e.args, e.cols, e.rows)),
    "LaTeX: the size of an identity dropped": printing("eye", lambda code: "I"),
    "LaTeX: limits of an integral swapped": rewriting(
        "integral", lambda e: Expr("integral", (*e.args[:2], e.args[3], e.args[2]))
    ),
    "LaTeX: a derivative in another variable": rewriting(
        "diff", lambda e: Expr("diff", (e.args[0], "h"), e.rows, e.cols)
    ),
    "LaTeX: distances from the other law": rewriting("bures", turned),
    "LaTeX: an index dropped": printing("sym", lambda code: code.removesuffix("_i")),
    "LaTeX: another symbol": rewriting("sym", lambda e: S.h if e == S.c else e),
    "LaTeX: another letter": rewriting("letter", lambda e: S.P if e == S.Sigma else e),
    "text: brackets dropped": in_text("_at", without_brackets),
    "text: a minus inside a sum dropped": in_text("_sum", lambda whole, kids: whole(kids).replace(" - ", " + ", 1)),
    "text: numerator and denominator swapped": rewriting("div", swapped, theory.text, "text"),
    "text: an integer modulo 2^64": rewriting("num", wrapped, theory.text, "text"),
    "text: a power dropped": rewriting("pow", lambda e: e.children[0], theory.text, "text"),
    "JSON: an integer modulo 2^64": rewriting("num", wrapped, theory.json_tree, "to_json"),
    "JSON: a sign dropped": rewriting("neg", lambda e: e.children[0], theory.json_tree, "to_json"),
    "JSON: operands swapped": rewriting("div", swapped, theory.json_tree, "to_json"),
    "JSON: a sum over other directions": rewriting(
        "sum", lambda e: plane_sum(e.children[0], "lost"), theory.json_tree, "to_json"
    ),
}  # fmt: skip


@fault("LaTeX: the last row of a broken line is lost")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(monkeypatch, "display_lines", theory.layout, lambda whole, *args: whole(*args)[:-1] or whole(*args))


@fault("LaTeX: a broken row begins without its minus")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(monkeypatch, "display_lines", theory.layout,
               lambda whole, *args: [row.replace("{} -", "{} +") for row in whole(*args)])  # fmt: skip


@fault("LaTeX: a short name explained by something else")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Shorthand.shorten

    def broken(self: Shorthand, *args: Any) -> tuple[Expr, list[tuple[Expr, Expr]]]:
        shown, names = whole(self, *args)
        return shown, [(name, 2 * value) for name, value in names]

    monkeypatch.setattr(Shorthand, "shorten", broken)


@fault("LaTeX: a short name without its explanation")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Shorthand.shorten
    monkeypatch.setattr(Shorthand, "shorten", lambda self, *args: (whole(self, *args)[0], []))


@fault("LaTeX: an inequality printed as an equality")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(theory.emit.RELATION, "<=", "=")


@fault("LaTeX: a multiplicity left out")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit._output_tex
    monkeypatch.setattr(theory.emit, "_output_tex", lambda output: whole(replace(output, multiplicity=None)))


@fault("LaTeX: the value that is evaluated in place of the closed form")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit._output_tex
    monkeypatch.setattr(theory.emit, "_output_tex", lambda output: whole(replace(output, closed=output.stable)))


@fault("LaTeX: a term of a certificate dropped")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(monkeypatch, "polynomial_tex", theory.notes, lambda whole, terms: whole(list(terms)[:-1]))


@fault("LaTeX: powers in a certificate dropped")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(monkeypatch, "_power_tex", theory.notes, lambda whole, name, power: theory.notes._variable_tex(name))


@fault("LaTeX: a note gives another initial value")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere(monkeypatch, "displayed", theory.notes, lambda whole, expr, *rest: whole(2 * expr, *rest))


@fault("LaTeX: the reason printed with a line is the line")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit._rows
    monkeypatch.setattr(
        theory.emit, "_rows", lambda names, expr, indent, relation, said: whole(names, S.h, indent, relation, said)
    )


@fault("LaTeX: a condition of a step is another one")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit.reason
    monkeypatch.setattr(theory.emit, "reason", lambda *args, **how: whole(*args, **how).replace(r"\alpha > 0", "h > 0"))


@fault("LaTeX: the conditions of a step are left out")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit.reason
    monkeypatch.setattr(theory.emit, "reason", lambda *args, **how: whole(*args, **how).partition(", while ")[0])


@fault("JSON: evaluated and closed form swapped")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.emit._output_json
    monkeypatch.setattr(
        theory.emit, "_output_json", lambda output: whole(replace(output, closed=output.stable, stable=output.closed))
    )


@fault("JSON: numbers pass through doubles")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.json_tree.to_json
    everywhere(monkeypatch, "to_json", theory.json_tree,
               lambda _, e: int(float(e.number)) if e.head == "num" else whole(e))  # fmt: skip


def in_python(name: str, broken: Callable[..., Any]) -> Patch:
    whole = getattr(theory.python_code._Function, name)
    return lambda m: m.setattr(theory.python_code._Function, name, lambda self, *args: broken(whole, self, *args))


FAULTS |= {
    "Python: brackets dropped": in_python("_at", lambda whole, self, expr, level: whole(self, expr, 0)),
    "Python: a minus dropped": in_python("_sum", lambda whole, self, kids: whole(self, kids).replace(" - ", " + ", 1)),
    "Python: a power dropped": in_python("_power", lambda whole, self, expr: self.code(expr.children[0])
                                         if expr.children[0] != S.alpha else whole(self, expr)),
    "Python: an integer modulo 2": in_python("_number", lambda whole, self, expr: str(expr.number.numerator % 2)),
    "Python: c without the noise": lambda m: m.setitem(theory.python_code.SCALARS, "c", "h + alpha2"),
    "Python: a sine for its square": lambda m: m.setitem(theory.python_code.PLANE, "s_i", ("s", "sin")),
    "Python: a loop over the pairs alone": lambda m: m.setitem(theory.python_code.LOOPS, "target", "planes[:k]"),
    "Python: another argument": lambda m: m.setitem(theory.python_code.RENAMED, "cos_i", "sin"),
}  # fmt: skip


@fault("Python: only the last direction counts")
def _(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = theory.python_code._loop

    def broken(*args: Any) -> list[str]:
        return [re.sub(r"(sum_\d+) = \1 \+ ", r"\1 = ", line) for line in whole(*args)]

    monkeypatch.setattr(theory.python_code, "_loop", broken)


def _attempts() -> Iterator[tuple[str, Callable[[], object]]]:
    for result in RESULTS:
        yield result, partial(emitted, result)
    for tree in STRESS:
        yield "a stress tree", lambda tree=tree: require_printed(tree, lines=display_lines(tree, 3000))


def caught() -> list[str]:
    """Which real results, or stress trees, are refused."""
    found = []
    for where, attempt in _attempts():
        try:
            attempt()
        except PrintedWrong:
            found.append(where)
            break
    return found


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_printer_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for result in RESULTS:
        checked(result)
    with monkeypatch.context() as broken:
        FAULTS[name](broken)
        assert caught(), f"{name}: nothing is refused"


def test_printers_that_are_whole_pass() -> None:
    assert caught() == []
    assert len(FAULTS) >= 20


def test_between_them_the_results_print_every_form() -> None:
    chains = [chain for result in RESULTS for chain in mutations.default(result).chains]
    trees = [tree for chain in chains for tree in (chain.start, *(link.expr for link in chain.links))]
    heads = {node.head for tree in trees for node in walk(tree)}
    assert heads >= {
        "num", "sym", "letter", "eye", "zero", "add", "neg", "mul", "div", "pow", "call", "matmul", "transpose", "inv",
        "trace", "logdet", "bures", "expect", "sum", "literal", "diff", "integral",
    }  # fmt: skip


DISPLAYED = re.compile(r"\\begin\{(align\*|gather\*)\}\n.*?\\end\{\1\}|\$\$\n.*?\n\$\$", re.DOTALL)
PARTS = re.compile(r"\^\{-?\d+\}|\\left\(|\\right\)|\\frac\{|(?<=[ &])- | s_i|_i|\\top|\\ln|\\sum_|\d")


def _gaps(text: str) -> Iterator[str]:
    """The file with one part of one printed formula gone: reasons and names are not formulas."""
    for block in DISPLAYED.finditer(text):
        for found in PARTS.finditer(text, *block.span()):
            before = text[text.rfind("\n", 0, found.start()) : found.start()]
            if r"\tag" not in before and r"\text" not in before:
                yield text[: found.start()] + text[found.end() :]


@pytest.mark.parametrize("result", RESULTS)
def test_a_changed_file_is_refused(result: str) -> None:
    derivation, files, tried = mutations.default(result), emitted(result), 0
    for name in ("proof.tex", "statement.tex", "page.md"):
        changed = list(_gaps(files[name]))
        for bad in changed[:: max(1, len(changed) // 8)]:
            tried += 1
            with pytest.raises(PrintedWrong):
                theory.binding.require_bound(derivation, checked(result), {**files, name: bad})
    assert tried >= 10
    record = json.loads(files["result.json"])
    for change in (lambda r: r["values"][0], lambda r: r["proof"][0]):
        wrong = json.loads(files["result.json"])
        made = change(wrong)
        made["closed" if "closed" in made else "start"] = ["Negate", made.get("closed", made.get("start"))]
        with pytest.raises(PrintedWrong):
            theory.binding.require_bound(derivation, checked(result), {**files, "result.json": json.dumps(wrong)})
    theory.binding.require_bound(derivation, checked(result), {**files, "result.json": json.dumps(record)})
