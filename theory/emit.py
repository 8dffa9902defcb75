"""What a result emits: statement and proof in LaTeX, JSON, a Python module, a page. Nothing leaves unread.

Every printed scalar formula is read back from its LaTeX and from its JSON and compared with the tree it came from; a
difference raises `PrintedWrong`, and nothing is emitted.
"""

from __future__ import annotations

import json
import re
from typing import Any

from theory import latex_reader, python_code
from theory.chain import Chain
from theory.derivation import Checked, Derivation, Output, all_cited
from theory.expr import Expr, symbols, walk
from theory.facts import Facts
from theory.json_tree import FORMAT, from_json, to_json
from theory.latex import display_lines, latex, sentence, visible
from theory.normal import equal
from theory.notes import certificate_json, notes_tex
from theory.symbols import LETTERS, SYMBOLS
from theory.text import text
from theory.theorems import THEOREMS

MATRIX_HEADS = frozenset({"letter", "trace", "logdet", "expect", "grad", "diff", "integral", "literal", "matmul"})
RELATION = {"=": "=", "<=": r"\le", ">=": r"\ge"}


class PrintedWrong(ValueError):
    """A printed form does not say what the tree says."""


def is_plain(expr: Expr) -> bool:
    """A scalar formula of the kind that the LaTeX reader covers."""
    return expr.is_scalar and not any(n.head in MATRIX_HEADS or n.args[:1] == ("sqrt",) for n in walk(expr))


def proofread(expr: Expr) -> None:
    """Read the printed LaTeX and JSON of a formula back. Raises PrintedWrong."""
    if from_json(json.loads(json.dumps(to_json(expr)))) != expr:
        raise PrintedWrong(f"JSON of {text(expr)}")
    if not is_plain(expr):
        return
    printed = latex(expr)
    back = latex_reader.read(printed)
    if not equal(back, expr, Facts()):
        raise PrintedWrong(f"{printed} does not read back as {text(expr)}")


def artefacts(derivation: Derivation, checked: Checked) -> dict[str, str]:
    """File name -> text of everything the result emits. Raises PrintedWrong rather than emit a wrong line."""
    for chain in derivation.chains:
        for expr in (chain.start, *(link.expr for link in chain.links)):
            proofread(expr)
    for output in derivation.outputs:
        proofread(output.stable)
    return {
        "statement.tex": statement_tex(derivation, checked),
        "proof.tex": proof_tex(derivation, checked),
        "result.json": json.dumps(as_json(derivation, checked), indent=1, ensure_ascii=True) + "\n",
        "page.md": page_md(derivation, checked),
        f"{derivation.id.replace('-', '_')}.py": python_code.module(derivation),
    }


def value_latex(output: Output) -> str:
    """One value as a displayed equation's body."""
    name = OUTPUT_NAMES.get(output.name, rf"\text{{{_words(output.name)}}}")
    return f"{name} = {latex(output.closed)}"


OUTPUT_NAMES = {
    "E": "E", "F": "F", "KL": r"\mathrm{KL}", "gap": r"E_{\mathrm{in}}", "lower": r"E_{\mathrm{lower}}",
    "upper": r"E_{\mathrm{upper}}", "dE/dtheta_i": r"\frac{\partial E}{\partial\theta_i}",
    "tr Sigma": r"\operatorname{tr}\Sigma", "tr M": r"\operatorname{tr}M", "tr P Sigma": r"\operatorname{tr}P\Sigma",
    "tr Sigma^2": r"\operatorname{tr}\Sigma^2", "tr M^2": r"\operatorname{tr}M^2",
    "tr (P Sigma)^2": r"\operatorname{tr}(P\Sigma)^2",
    "along v_i": r"\text{along } v_i\colon", "elsewhere": r"\text{elsewhere}\colon",
    "along u_i": r"\text{along } u_i\colon",
    "along a spare direction": r"\text{along a spare direction}\colon",
}  # fmt: skip


def statement_tex(derivation: Derivation, checked: Checked) -> str:
    """The theorem as the paper prints it, with its assumptions in words."""
    label = f"thm:{derivation.id}"
    body = [rf"\begin{{theorem}}[{derivation.title}]\label{{{label}}}", sentence(derivation.statement)]
    body += [r"\begin{gather*}", " \\\\\n".join(_output_tex(o) for o in derivation.outputs), r"\end{gather*}"]
    body += [f"Valid: {sentence(derivation.limits)}", r"\end{theorem}"]
    assumed = " ".join(sentence(x) for x in derivation.assumptions.sentences(derivation.stated_needs))
    body += [rf"\noindent\emph{{Assumptions.}} {assumed}", "", rf"\noindent\emph{{Verdict.}} {checked.verdict.name};"]
    body += [sentence(checked.trust) + ".", ""]
    return _with_macro("\n".join(body))


def _words(name: str) -> str:
    """A value's name for text mode: what is a formula in it goes into math mode."""
    words = (word if re.fullmatch(r"[A-Za-z,.'-]+", word) else sentence(f"`{word}`") for word in name.split(" "))
    return " ".join(words)


def _output_tex(output: Output) -> str:
    lines = display_lines(output.closed)
    name = OUTPUT_NAMES.get(output.name, rf"\text{{{_words(output.name)}}}")
    joined = r" \\ ".join(map(fitted, lines))
    relation = " " if name.endswith(r"\colon") else " = "
    if len(lines) > 1:
        return rf"{name}{relation}\begin{{gathered}}[t] {joined} \end{{gathered}}"
    multiplicity = "" if output.multiplicity is None else rf"\quad (\times\ {latex(output.multiplicity)})"
    return f"{name}{relation}{joined}{multiplicity}"


def proof_tex(derivation: Derivation, checked: Checked) -> str:
    """The chains, each line with its reason."""
    out = [r"\begin{proof}[Proof]"]
    if derivation.rests_on:
        names = ", ".join(rf"\autoref{{thm:{d.id}}}" for d in derivation.rests_on)
        out.append(f"It rests on {names}.")
    theorems = all_cited(derivation)
    if theorems:
        out.append("Standard theorems cited, here and below: " + "; ".join(theorems) + ".")
    for chain in derivation.chains:
        out += chain_tex(chain, checked)
    return _with_macro("\n".join([*out, r"\end{proof}", ""]))


WIDEST = 92  # visible characters of a line that fits a page


def fitted(line: str) -> str:
    """A line that is too wide for a page is shrunk to it by the macro `\\fitted`, which the document defines."""
    return rf"\fitted{{{line}}}" if visible(line) > WIDEST else line


def _with_macro(code: str) -> str:
    """For a reader's own document, which need not know the macro."""
    return (r"\providecommand{\fitted}[1]{#1}" + "\n" + code) if r"\fitted" in code else code


def _reason(name: str) -> str:
    """A reason beside its line; a long one in a box of its own."""
    said = sentence(name)
    return rf"\parbox{{0.85\linewidth}}{{\raggedleft {said}}}" if len(name) > 100 else said


def chain_tex(chain: Chain, checked: Checked) -> list[str]:
    """One calculation: start, then relation, expression and reason a line, and below it what carries the step."""
    rows = [rf"& {fitted(line)}" for line in display_lines(chain.start)]
    certificates = {r.step: r.certificates for r in checked.reports if r.chain == chain.name}
    notes = []
    for number, link in enumerate(chain.links, 1):
        first, *rest = display_lines(link.expr)
        rows.append(rf"&\quad {RELATION[link.relation]} {fitted(first)}")
        rows += [rf"&\qquad {fitted(line)}" for line in rest]
        rows[-1] += rf" \tag*{{\footnotesize {_reason(link.rule.name)}}}"
        notes += notes_tex(chain, link, certificates.get(number, ()))
    body = " \\\\\n".join(rows)
    title = chain.name[0].upper() + chain.name[1:]
    return [rf"\paragraph{{{sentence(title)}.}}", r"\begin{align*}", body, r"\end{align*}", *notes]


def as_json(derivation: Derivation, checked: Checked) -> dict[str, Any]:
    """The record of truth: trees with the domains of their symbols, the proof line by line, the verdict."""
    model = derivation.assumptions.model()
    used = sorted({n for o in derivation.outputs for x in (o.closed, o.stable) for n in symbols(x)})
    return {
        "format": FORMAT,
        "id": derivation.id,
        "title": derivation.title,
        **({"section": derivation.section} if derivation.section else {}),
        "verdict": checked.verdict.name,
        "steps": checked.steps,
        "trust": checked.trust.replace("`", ""),
        "statement": derivation.statement.replace("`", ""),
        "limits": derivation.limits.replace("`", ""),
        "assumptions": [x.replace("`", "") for x in derivation.assumptions.sentences(derivation.stated_needs)],
        "choices": dict(derivation.assumptions.choices),
        "process": str(derivation.assumptions.process) if derivation.assumptions.process else None,
        "rests_on": [d.id for d in derivation.rests_on],
        "cites": {name: THEOREMS[name].replace("`", "") for name in all_cited(derivation)},
        "symbols": {
            n: {
                "latex": SYMBOLS[n].latex,
                "meaning": SYMBOLS[n].meaning.replace("`", ""),
                "domain": model.domains.get(n, "defined" if n in model.definitions else "size"),
                **({"definition": to_json(model.definitions[n])} if n in model.definitions else {}),
            }
            for n in used
        },
        "values": [_output_json(o) for o in derivation.outputs],
        "closed_latex": [value_latex(o) for o in derivation.outputs],
        "proof": [_chain_json(chain, checked) for chain in derivation.chains],
        "references": list(derivation.references),
    }


def _output_json(output: Output) -> dict[str, Any]:
    made: dict[str, Any] = {"name": output.name, "closed": to_json(output.closed), "evaluated": to_json(output.stable)}
    if output.over is not None:
        made["over"] = output.over
    if output.multiplicity is not None:
        made["multiplicity"] = to_json(output.multiplicity)
    return made


def _chain_json(chain: Chain, checked: Checked) -> dict[str, Any]:
    reports = {r.step: r for r in checked.reports if r.chain == chain.name}
    steps = []
    for number, link in enumerate(chain.links, 1):
        step = {"relation": link.relation, "expression": to_json(link.expr), "by": link.rule.name.replace("`", "")}
        step["decided"] = reports[number].how if number in reports else "not checked"
        if number in reports and reports[number].certificates:
            step["certificates"] = [certificate_json(c) for c in reports[number].certificates]
        steps.append(step)
    return {"name": chain.name.replace("`", ""), "start": to_json(chain.start), "steps": steps}


def page_md(derivation: Derivation, checked: Checked) -> str:
    """A page for reading on screen."""
    lines = [
        f"# {derivation.title}",
        "",
        f"`{derivation.id}` · **{checked.verdict.name}** · {checked.trust.replace('`', '')}",
        "",
    ]
    lines += [sentence(derivation.statement), ""]
    for output in derivation.outputs:
        lines += ["$$", _output_tex(output), "$$", ""]
    lines += ["**Valid.** " + sentence(derivation.limits), "", "**Assumptions.**", ""]
    lines += [f"- {sentence(x)}" for x in derivation.assumptions.sentences(derivation.stated_needs)]
    lines += ["", "## Symbols", "", *_symbols_md(derivation), "", "## Proof", ""]
    if derivation.rests_on:
        lines += ["Rests on " + ", ".join(f"[{d.id}](../{d.id}/page.md)" for d in derivation.rests_on) + ".", ""]
    for chain in derivation.chains:
        lines += [f"**{sentence(chain.name[0].upper() + chain.name[1:])}.**", "", "$$", r"\begin{aligned}"]
        lines += [rf"& {latex(chain.start)} \\"]
        lines += [
            rf"&\quad {RELATION[link.relation]} {latex(link.expr)} && \text{{{sentence(link.rule.name)}}} \\"
            for link in chain.links
        ]
        lines += [r"\end{aligned}", "$$", ""]
    if derivation.references:
        lines += ["## References", "", *(f"- {r}" for r in derivation.references), ""]
    return "\n".join(lines)


def _symbols_md(derivation: Derivation) -> list[str]:
    """Every declared symbol and letter of the page, in the order of their declaration."""
    trees = [x for chain in derivation.chains for x in (chain.start, *(link.expr for link in chain.links))]
    names = {(n.head, n.name) for tree in trees for n in walk(tree) if n.head in ("sym", "letter")}
    tables = (("sym", SYMBOLS), ("letter", LETTERS))
    return [
        f"- ${d.latex}$: {sentence(d.meaning)}"
        for head, table in tables
        for n, d in table.items()
        if (head, n) in names
    ]


MODEL = (
    "The target is `x_0 = mu + V z + sigma eps` in `R^D`, with an orthonormal frame `V` (D x d) and `z ~ N(0, Lambda)`;"
    " the forward process gives `x_t = alpha x_0 + sqrt(h) n`. A frozen encoder `U` (D x k) stands at principal angles"
    " `theta_i` to `V`; the scores that it allows are `s_U(x) = U g(U^T x) - P x/h` with `P = I - U U^T`. `E` is the"
    " mean squared distance of the best of them from the target's score."
)

PREAMBLE = r"""\documentclass[a4paper,10pt,fleqn]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern,amsmath,amssymb,amsthm,mathtools,longtable}
\usepackage[margin=22mm]{geometry}
\usepackage{graphicx}
\usepackage[hidelinks]{hyperref}
\newcommand{\fitted}[1]{\resizebox{\ifdim\width>0.9\linewidth 0.9\linewidth\else\width\fi}{!}{$\displaystyle #1$}}
\newtheorem{theorem}{Theorem}
\renewcommand{\theoremautorefname}{Theorem}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\title{Reusing a latent space in diffusion models:\\ every result, with its proof}
\author{derived, proved and emitted by latentreuse}
\date{}
\begin{document}
\maketitle
"""


def document(parts: list[tuple[str, str]]) -> str:
    """One LaTeX document from (statement, proof) pairs, with the list of symbols."""
    body = [
        PREAMBLE,
        sentence(MODEL),
        "",
        *(part for pair in parts for part in pair),
        r"\section*{Symbols}",
        r"\begin{longtable}{ll}",
    ]
    body += [rf"${d.latex}$ & {sentence(d.meaning)} \\" for d in (*SYMBOLS.values(), *LETTERS.values())]
    return "\n".join([*body, r"\end{longtable}", r"\end{document}", ""])
