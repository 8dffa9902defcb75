"""What a result emits: statement and proof in LaTeX, JSON, a Python module, a page. Nothing leaves unread.

Every formula of the finished files is read back and compared with the tree that was proved (`binding.py`); a difference
raises `PrintedWrong`, and nothing is emitted.
"""

from __future__ import annotations

import json
import re
from typing import Any

from theory import certificate_axioms, python_code
from theory.binding import PrintedWrong, require_bound, require_printed
from theory.certificate_file import as_text, certificates, file_name
from theory.chain import Chain
from theory.derivation import Checked, Derivation, Output, all_cited
from theory.expr import Expr, symbols, walk
from theory.json_tree import FORMAT, to_json
from theory.latex import latex, on_screen, sentence
from theory.layout import ROOM, Shorthand, display_lines, width
from theory.notes import assumes_json, certificate_json, notes_tex
from theory.reasons import reason
from theory.step_needs import has_needs, needs
from theory.symbols import LETTERS, SYMBOLS
from theory.text import plain, text
from theory.theorems import THEOREMS

Certificates = dict[tuple[str, int], dict[str, Any]]
RELATION = {"=": "=", "<=": r"\le", ">=": r"\ge"}


def proofread(expr: Expr) -> None:
    """Read one expression back from its LaTeX, whole and broken into lines, its JSON and its plain text. Raises
    PrintedWrong."""
    require_printed(expr, lines=display_lines(expr))


def artefacts(derivation: Derivation, checked: Checked, *, certified: bool = True) -> dict[str, str]:
    """File name -> text of everything the result emits; with the certificates of its steps unless told otherwise.

    Raises PrintedWrong rather than emit a wrong line.
    """
    made = certificates(derivation.chains) if certified else {}
    numbers = {chain.name: number for number, chain in enumerate(derivation.chains, 1)}
    files = {
        "statement.tex": statement_tex(derivation, checked),
        "proof.tex": proof_tex(derivation, checked),
        "result.json": json.dumps(as_json(derivation, checked, made), indent=1, ensure_ascii=True) + "\n",
        "page.md": page_md(derivation, checked),
        f"{derivation.id.replace('-', '_')}.py": python_code.module(derivation),
        "axioms.json": certificate_axioms.as_text(certificate_axioms.axioms(derivation.chains)) + "\n",
        **{file_name(numbers[name], one): as_text(one) for (name, _), one in made.items()},
    }
    require_bound(derivation, checked, files)
    return files


def value_latex(output: Output) -> str:
    """One value as a displayed equation's body."""
    return f"{name_tex(output.name)} = {latex(output.closed)}"


def name_tex(name: str) -> str:
    """A value's name in math mode."""
    return OUTPUT_NAMES.get(name) or rf"\text{{{_words(name)}}}"


OUTPUT_NAMES = {
    "E": "E", "F": "F", "KL": r"\mathrm{KL}", "gap": r"E_{\mathrm{in}}", "lower": r"E_{\mathrm{lower}}",
    "upper": r"E_{\mathrm{upper}}", "dE/dtheta_i": r"\frac{\partial E}{\partial\theta_i}",
    "tr Sigma": r"\operatorname{tr}\Sigma", "tr M": r"\operatorname{tr}M", "tr P Sigma": r"\operatorname{tr}P\Sigma",
    "tr Sigma^2": r"\operatorname{tr}\Sigma^2", "tr M^2": r"\operatorname{tr}M^2",
    "tr (P Sigma)^2": r"\operatorname{tr}(P\Sigma)^2",
    "along v_i": r"\text{along } v_i\colon", "elsewhere": r"\text{elsewhere}\colon",
    "along u_i": r"\text{along } u_i\colon",
    "off the encoder": r"\text{off the encoder}\colon",
    "along a spare direction": r"\text{along a spare direction}\colon", "W2^2": "W_2^2",
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
    return "\n".join(body)


def _words(name: str) -> str:
    """A value's name for text mode: what is a formula in it goes into math mode."""
    words = (word if _plain(word) else sentence(f"`{word}`") for word in name.replace("W2", "W_2").split(" "))
    return " ".join(words)


def _plain(word: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z,.'-]+|a", word)) and word not in SYMBOLS


def _output_tex(output: Output) -> str:
    """A value on one line, or aligned lines; what is too long for a page has a short name, given below it."""
    name = name_tex(output.name)
    relation = " " if name.endswith(r"\colon") else " = "
    times = "" if output.multiplicity is None else rf"\quad (\times\ {latex(output.multiplicity)})"
    room = ROOM + MARGIN - width(name + times)
    shorthand = Shorthand()
    shown, names = shorthand.shorten(output.closed, room)
    _same(shorthand.spelled_out(shown), output.closed)
    lines = [f"{line}" for line in display_lines(shown, room)]
    lines[-1] += times
    lines += [rf"\text{{with }} {latex(n)} = {latex(value)}" for n, value in names]
    if len(lines) == 1:
        return name + relation + lines[0]
    rows = r" \\ ".join(f"& {line}" for line in lines)
    return rf"{name}{relation}\begin{{aligned}}[t] {rows} \end{{aligned}}"


def _same(spelled: Expr, written: Expr) -> None:
    if spelled != written:
        raise PrintedWrong(f"with short names, {text(written)} is printed as {text(spelled)}")


def proof_tex(derivation: Derivation, checked: Checked) -> str:
    """The chains, each line with its reason."""
    out = [MACROS, r"\begin{proof}[Proof]"]
    if derivation.rests_on:
        names = ", ".join(rf"\autoref{{thm:{d.id}}}" for d in derivation.rests_on)
        out.append(f"It rests on {names}.")
    theorems = all_cited(derivation)
    if theorems:
        out.append("Standard theorems cited, here and below: " + "; ".join(theorems) + ".")
    for chain in derivation.chains:
        out += chain_tex(chain, checked)
    return "\n".join([*out, r"\end{proof}", ""])


# For a reader's own document; the whole document defines them otherwise.
MACROS = r"\providecommand{\fitted}[1]{#1}\providecommand{\carried}[1]{{\footnotesize #1\par}}"
MARGIN = 2000  # a statement's lines are not indented further
BESIDE = 2500  # between a line and its reason


def fitted(line: str, room: int = ROOM) -> str:
    """A line that is nearly too wide for a page may be shrunk to it by the macro `\fitted`, which measures."""
    return rf"\fitted{{{line}}}" if width(line) > 95 * room // 100 else line


def chain_tex(chain: Chain, checked: Checked) -> list[str]:
    """One calculation: start, then relation, expression and reason a line, and below it what carries the step."""
    shorthand = Shorthand()
    rows = _rows(shorthand, chain.start, "", "", "")
    certificates = {r.step: r.certificates for r in checked.reports if r.chain == chain.name}
    notes = []
    for number, link in enumerate(chain.links, 1):
        said = reason(chain, link, cross=True)
        rows += _rows(shorthand, link.expr, r"\quad ", f"{RELATION[link.relation]} ", said)
        notes += notes_tex(chain, number, link, certificates.get(number, ()), shorthand)
    body = " \\\\\n".join(rows).replace(" \\\\\n", " \\\\*\n", 1)
    title = sentence(chain.name[0].upper() + chain.name[1:])
    stop = "" if title.endswith("?") else "."
    return [rf"\paragraph{{{title}{stop}}}", r"\begin{align*}", body, r"\end{align*}", *notes]


def _rows(shorthand: Shorthand, expr: Expr, indent: str, relation: str, said: str) -> list[str]:
    """The printed rows of one line: its pieces, the reason at the right of the last, and the short names it needs."""
    shown, names = shorthand.shorten(expr)
    _same(shorthand.spelled_out(shown), expr)
    first, *rest = display_lines(shown)
    lines = [rf"&{indent}{relation}{fitted(first)}", *(rf"&{indent}\quad {fitted(line)}" for line in rest)]
    if said:
        tag = rf"\tag*{{\footnotesize {_boxed(said)}}}"
        if width(lines[-1]) + _text_width(said) + BESIDE > ROOM + 2500:
            lines[-1] += rf" \\*[-0.6ex] & {tag}"
        else:
            lines[-1] += f" {tag}"
    for name, value in names:
        for number, line in enumerate(display_lines(value)):
            start = rf"\text{{with }} {latex(name)} = " if not number else r"\quad "
            lines.append(rf"&{indent}\quad {start}{fitted(line)}")
    return lines


def _text_width(said: str) -> int:
    """About how wide a reason prints, in hundredths of a point."""
    parts = re.sub(r"\\autoref\{[^}]*\}", "Theorem 10", said).split("$")
    return sum(80 * width(part) // 100 if i % 2 else 400 * len(part) for i, part in enumerate(parts))


def _boxed(said: str) -> str:
    """A reason beside its line; a long one in a box of its own."""
    return rf"\parbox{{0.85\linewidth}}{{\raggedleft {said}}}" if _text_width(said) > 38000 else said


def as_json(derivation: Derivation, checked: Checked, made: Certificates | None = None) -> dict[str, Any]:
    """The record of truth: trees with the domains of their symbols, the proof line by line, the verdict. `made`: the
    certificates, whose seals it repeats."""
    model = derivation.assumptions.model()
    used = sorted({n for o in derivation.outputs for x in (o.closed, o.stable) for n in symbols(x)})
    return {
        "format": FORMAT,
        "id": derivation.id,
        "title": derivation.title,
        **({"section": derivation.section} if derivation.section else {}),
        "verdict": checked.verdict.name,
        "steps": checked.steps,
        "trust": plain(checked.trust),
        "statement": plain(derivation.statement),
        "limits": plain(derivation.limits),
        "assumptions": [plain(x) for x in derivation.assumptions.sentences(derivation.stated_needs)],
        "choices": dict(derivation.assumptions.choices),
        "process": str(derivation.assumptions.process) if derivation.assumptions.process else None,
        "rests_on": [d.id for d in derivation.rests_on],
        "cites": {name: plain(THEOREMS[name]) for name in all_cited(derivation)},
        "symbols": {
            n: {
                "latex": SYMBOLS[n].latex,
                "meaning": plain(SYMBOLS[n].meaning),
                "domain": model.domains.get(n, "defined" if n in model.definitions else "size"),
                **({"definition": to_json(model.definitions[n])} if n in model.definitions else {}),
            }
            for n in used
        },
        "values": [_output_json(o) for o in derivation.outputs],
        "closed_latex": [value_latex(o) for o in derivation.outputs],
        "proof": [_chain_json(chain, checked, made or {}) for chain in derivation.chains],
        "references": list(derivation.references),
    }


def _output_json(output: Output) -> dict[str, Any]:
    made: dict[str, Any] = {"name": output.name, "closed": to_json(output.closed), "evaluated": to_json(output.stable)}
    if output.over is not None:
        made["over"] = output.over
    if output.multiplicity is not None:
        made["multiplicity"] = to_json(output.multiplicity)
    return made


def _chain_json(chain: Chain, checked: Checked, made: Certificates) -> dict[str, Any]:
    reports = {r.step: r for r in checked.reports if r.chain == chain.name}
    steps = []
    for number, link in enumerate(chain.links, 1):
        step: dict[str, Any] = {
            "relation": link.relation,
            "expression": to_json(link.expr),
            "by": plain(link.rule.name),
        }
        report = reports.get(number)
        step["decided"] = report.how if report is not None else "not checked"
        if report is not None and report.certificates:
            step["certificates"] = [certificate_json(c) for c in report.certificates]
        if report is not None and report.accepted and has_needs(link):
            step["assumes"] = assumes_json(needs(chain, number, report))
        if (chain.name, number) in made:
            step["certificate"] = made[chain.name, number]["seal"]
        steps.append(step)
    return {"name": plain(chain.name), "start": to_json(chain.start), "steps": steps}


def page_md(derivation: Derivation, checked: Checked) -> str:
    """A page for reading on screen."""
    lines = [
        f"# {derivation.title}",
        "",
        f"`{derivation.id}` · **{checked.verdict.name}** · {checked.trust.replace('`', '')}",
        "",
    ]
    lines += [on_screen(derivation.statement), ""]
    for output in derivation.outputs:
        lines += ["$$", _output_tex(output), "$$", ""]
    lines += ["**Valid.** " + on_screen(derivation.limits), "", "**Assumptions.**", ""]
    lines += [f"- {on_screen(x)}" for x in derivation.assumptions.sentences(derivation.stated_needs)]
    lines += ["", "## Symbols", "", *_symbols_md(derivation), "", "## Proof", ""]
    if derivation.rests_on:
        lines += ["Rests on " + ", ".join(f"[{d.id}](../{d.id}/page.md)" for d in derivation.rests_on) + ".", ""]
    for chain in derivation.chains:
        lines += [f"**{on_screen(chain.name[0].upper() + chain.name[1:])}.**", "", "$$", r"\begin{aligned}"]
        lines += [rf"& {latex(chain.start)} \\"]
        lines += [
            rf"&\quad {RELATION[link.relation]} {latex(link.expr)} && \text{{{reason(chain, link, cross=False)}}} \\"
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
        f"- ${d.latex}$: {on_screen(d.meaning)}"
        for head, table in tables
        for n, d in table.items()
        if (head, n) in names
    ]
