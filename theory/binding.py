r"""Binding what is printed to what was proved: every formula of the finished files is read back, before release.

The readers take the text of the files themselves, not what some printer returns: lines that are broken over several
rows are joined, short names are read as what they are said to stand for. What is read must be the tree that was
checked, up to the five points of `as_printed`; trees in JSON must be the same outright. Else `PrintedWrong` is raised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from theory import latex_reader, polynomial_reader, python_reader, text_reader
from theory.as_printed import reads_as
from theory.chain import Chain
from theory.derivation import Checked, Derivation, Output
from theory.expr import Expr, sym, walk
from theory.json_tree import BadTree, from_json, to_json
from theory.latex import latex
from theory.latex_reader import Ambiguous, Unreadable
from theory.notes_reader import FORMS, chain_notes, formulas, printed_notes
from theory.reasons import LONG, stated_conditions
from theory.text import text

RELATION = {"=": "=", r"\le": "<=", r"\ge": ">="}
_ALIGNED = re.compile(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}\n", re.DOTALL)
_ON_PAGE = re.compile(r"\$\$\n\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}\n\$\$", re.DOTALL)
_VALUES = re.compile(r"\\begin\{gather\*\}\n(.*?)\n\\end\{gather\*\}", re.DOTALL)
_SHOWN = re.compile(r"\$\$\n(.*?)\n\$\$", re.DOTALL)
_REASON = re.compile(r"\\tag\*\{(.*)\}|&& \\text\{(.*)\}")
_POSITIVE = re.compile(r"\$([^$]*) > 0\$")
_WITH = r"\text{with } "
_TIMES = r"\quad (\times\ "


class PrintedWrong(ValueError):
    """A printed form does not say what the tree says."""


def leaves_in(trees: Iterable[Expr]) -> set[Expr]:
    """Every symbol and letter of the trees, variables of calculus among them."""
    nodes = [node for tree in trees for node in walk(tree)]
    variables = {sym(str(node.args[1])) for node in nodes if node.head in ("diff", "integral")}
    return variables | {node for node in nodes if node.head in ("sym", "letter")}


class Reading:
    """The names of one text, and what has been read of it."""

    def __init__(self, trees: Iterable[Expr], where: str) -> None:
        names = leaves_in(trees)
        self.where = where
        try:
            self.leaves, self.names = latex_reader.leaves_of(names), text_reader.names_of(names)
        except Ambiguous as error:
            raise PrintedWrong(f"{where}: {error}") from None
        self.forms: dict[Expr, Expr] = {}
        self.plain: dict[str, Expr] = {}

    def latex(self, code: str, meaning: dict[str, str] | None = None) -> Expr:
        """The tree of a formula; `meaning` has the codes of the short names that it may hold."""
        shorts = meaning or {}
        if "\\mathsf" not in code:
            if code not in self.plain:
                self.plain[code] = latex_reader.read(code, self.leaves)
            return self.plain[code]

        def stands_for(name: str) -> Expr:
            if name not in shorts:
                raise Unreadable(f"a short name {name} that is not explained, or by itself")
            return self.latex(shorts[name], {other: said for other, said in shorts.items() if other != name})

        return latex_reader.read(code, self.leaves, stands_for)

    def require(self, found: Expr, meant: Expr, code: str) -> None:
        """Raises PrintedWrong unless what was read is what is meant."""
        if not reads_as(found, meant, self.forms):
            self.refuse(f"{code} does not read back as {text(meant)}")

    def require_latex(self, code: str, meant: Expr, meaning: dict[str, str] | None = None) -> None:
        try:
            found = self.latex(code, meaning)
        except Unreadable as error:
            raise PrintedWrong(f"{self.where}: {error}") from None
        self.require(found, meant, code)

    def require_text(self, line: str, meant: Expr) -> None:
        try:
            found = text_reader.read(line, self.names)
        except Unreadable as error:
            raise PrintedWrong(f"{self.where}: {error}") from None
        self.require(found, meant, line)

    def refuse(self, wrong: str) -> None:
        raise PrintedWrong(f"{self.where}: {wrong}")


def require_bound(derivation: Derivation, checked: Checked, files: dict[str, str]) -> None:
    """Read every formula of a result's files back. Raises PrintedWrong at the first that says something else.

    Names are those of one calculation, or of the values: there no two may print alike.
    """
    values = Reading(_values_of(derivation.outputs), derivation.id)
    chains = [(chain, Reading(_lines_of(chain), f"{derivation.id}, '{chain.name}'")) for chain in derivation.chains]
    _proof(values, chains, checked, files["proof.tex"])
    shown = _VALUES.findall(files["statement.tex"])
    _values(values, derivation, [x for block in shown for x in block.split(" \\\\\n")], "statement.tex")
    page, _, proof = files["page.md"].partition("\n## Proof\n")
    _values(values, derivation, _SHOWN.findall(page), "page.md")
    _page_proof(values, chains, proof)
    _record(values, derivation, json.loads(files["result.json"]))
    _module(values, derivation, files[f"{derivation.id.replace('-', '_')}.py"])
    for output in derivation.outputs:
        if output.in_time is not None:
            said(output.in_time)


def _lines_of(chain: Chain) -> Iterator[Expr]:
    yield chain.start
    for link in chain.links:
        yield link.expr
        yield from chain_notes(chain, link)
        yield from stated_conditions(chain, link).values()


def _values_of(outputs: Iterable[Output]) -> Iterator[Expr]:
    for output in outputs:
        yield from (output.closed, output.stable)
        yield from (x for x in (output.multiplicity,) if x is not None)


def _unfitted(code: str) -> str:
    return code[len(r"\fitted{") : -1] if code.startswith(r"\fitted{") and code.endswith("}") else code


def calculation(rows: Iterable[str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """The lines of a printed calculation, each a relation (none for the first) and a formula, with the rows of a broken
    line joined; and the short names with what they stand for. Raises Unreadable."""
    lines: list[list[str]] = []
    names: dict[str, list[str]] = {}
    current: list[str] = []
    for row in rows:
        body = row.split(r" \tag*{")[0].split(r" \\*[-0.6ex] &")[0].split(" && ")[0]
        body = re.sub(r" \\\\\*?$", "", body)
        body = re.sub(r"^(&|\\quad|\s)*", "", body)
        relation = next((sign for sign in RELATION if body.startswith(f"{sign} ")), "")
        if body.startswith(_WITH):
            name, _, said = body[len(_WITH) :].partition(" = ")
            current = names.setdefault(re.sub(r"\\mathsf\{(\w)\}", r"\1", name), [])
            if current:
                raise Unreadable(f"the short name {name} is explained twice")
            current.append(_unfitted(said))
        elif _unfitted(body).startswith("{} ") and current:
            current.append(_unfitted(body)[len("{} ") :])
        else:
            current = [RELATION.get(relation, ""), _unfitted(body[len(relation) :].strip())]
            lines.append(current)
    return [(line[0], " ".join(line[1:])) for line in lines], {name: " ".join(said) for name, said in names.items()}


def _calculation(reading: Reading, chain: Chain, lines: list[tuple[str, str]], names: dict[str, str]) -> None:
    meant = [("", chain.start), *((link.relation, link.expr) for link in chain.links)]
    if [relation for relation, _ in lines] != [relation for relation, _ in meant]:
        reading.refuse("other lines or relations in print")
    for (_, code), (_, expr) in zip(lines, meant, strict=True):
        reading.require_latex(code, expr, names)


def _proof(whole: Reading, chains: list[tuple[Chain, Reading]], checked: Checked, proof: str) -> None:
    _, *parts = proof.split("\\paragraph{")
    if len(parts) != len(chains):
        whole.refuse(f"proof.tex has {len(parts)} calculations, not {len(chains)}")
    for (chain, reading), part in zip(chains, parts, strict=True):
        blocks = _ALIGNED.findall(part)
        if len(blocks) != 1:
            reading.refuse("not one calculation in proof.tex")
        rows = blocks[0].split("\n")
        lines, names = _read(reading, rows)
        notes = printed_notes(part)
        for note in notes:
            for explained in formulas(note)[1]:
                names |= _read(reading, explained)[1]
        _calculation(reading, chain, lines, names)
        _conditions(reading, chain, rows)
        _notes(reading, chain, checked, notes, names)


def _notes(reading: Reading, chain: Chain, checked: Checked, notes: list[str], names: dict[str, str]) -> None:
    found = {r.step: [c.evidence.numerator for c in r.certificates] for r in checked.reports if r.chain == chain.name}
    noted = [
        (link, found.get(step)) for step, link in enumerate(chain.links, 1) if link.form in FORMS or found.get(step)
    ]
    if len(noted) != len(notes):
        reading.refuse(f"{len(notes)} notes, not {len(noted)}")
    for (link, evidence), note in zip(noted, notes, strict=True):
        if link.form not in FORMS:
            wrong = polynomial_reader.printed_wrong(note, evidence or [])
            if wrong:
                reading.refuse(f"a note does not print the evidence: {wrong}")
            continue
        codes, meant = formulas(note)[0], chain_notes(chain, link)
        if len(codes) != len(meant):
            reading.refuse(f"a note has {len(codes)} formulas, not {len(meant)}")
        for code, expr in zip(codes, meant, strict=True):
            reading.require_latex(code, expr, names)


def _conditions(reading: Reading, chain: Chain, rows: list[str]) -> None:
    """What each reason says to be positive is what the step states to be so, whatever else it says."""
    told = [found[1] or found[2] for row in rows if (found := _REASON.search(row))]
    if len(told) != len(chain.links):
        reading.refuse(f"{len(told)} reasons, not {len(chain.links)}")
    for link, reason in zip(chain.links, told, strict=True):
        meant = list(stated_conditions(chain, link).values())
        printed = _POSITIVE.findall(reason.partition(", while ")[2])
        short = len(printed) < len(meant) and LONG in reason
        if len(printed) != len(meant) and not short:
            reading.refuse(f"a reason has {len(printed)} conditions, not {len(meant)}: {reason}")
        left = iter(meant)
        for code in printed:
            # in their order; those that are too long to print are passed over
            if not any(_is(reading, code, expr) for expr in left):
                reading.refuse(f"a reason says {code} > 0, which the step does not state")


def _is(reading: Reading, code: str, expr: Expr) -> bool:
    try:
        return reads_as(reading.latex(code), expr, reading.forms)
    except Unreadable as error:
        reading.refuse(str(error))
        raise


def _read(reading: Reading, rows: list[str]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    try:
        return calculation(rows)
    except Unreadable as error:
        reading.refuse(str(error))
        raise


def _page_proof(whole: Reading, chains: list[tuple[Chain, Reading]], proof: str) -> None:
    blocks = _ON_PAGE.findall(proof)
    if len(blocks) != len(chains):
        whole.refuse(f"page.md has {len(blocks)} calculations, not {len(chains)}")
    for (chain, reading), block in zip(chains, blocks, strict=True):
        rows = block.split("\n")
        _calculation(reading, chain, *_read(reading, rows))
        _conditions(reading, chain, rows)


def _values(reading: Reading, derivation: Derivation, shown: list[str], where: str) -> None:
    if len(shown) != len(derivation.outputs):
        reading.refuse(f"{where} has {len(shown)} values, not {len(derivation.outputs)}")
    for output, code in zip(derivation.outputs, shown, strict=True):
        require_value(reading, output, code)


def require_value(reading: Reading, output: Output, code: str) -> None:
    """One value as it stands in a statement: its name, the closed form and how often it occurs."""
    from theory.emit import name_tex

    name = name_tex(output.name)
    if not code.startswith(name):
        reading.refuse(f"the value {output.name} is called otherwise in {code}")
    body = code[len(name) :].strip().removeprefix("= ")
    if body.startswith(r"\begin{aligned}[t] "):
        body = body.removeprefix(r"\begin{aligned}[t] ").removesuffix(r" \end{aligned}")
    rows = body.split(r" \\ & ")
    whole = [row.partition(_TIMES) for row in rows]
    lines, names = _read(reading, [row for row, _, _ in whole])
    if len(lines) != 1:
        reading.refuse(f"the value {output.name} is not one formula in {code}")
    reading.require_latex(lines[0][1], output.closed, names)
    counts = [count.strip().removesuffix(")") for _, times, count in whole if times]
    if len(counts) != (output.multiplicity is not None):
        reading.refuse(f"the value {output.name} has a multiplicity in print, or none there")
    if output.multiplicity is not None:
        reading.require_latex(counts[0], output.multiplicity)


def _record(reading: Reading, derivation: Derivation, record: dict[str, Any]) -> None:
    """Every tree of `result.json`, and its printed values."""
    same = _same_tree(reading)
    values = record["values"]
    if len(values) != len(derivation.outputs) or len(record["proof"]) != len(derivation.chains):
        reading.refuse("result.json has another number of values or calculations")
    for output, made in zip(derivation.outputs, values, strict=True):
        if (made["name"], made.get("over")) != (output.name, output.over):
            reading.refuse(f"result.json has another name or range for {output.name}")
        same(made["closed"], output.closed)
        same(made["evaluated"], output.stable)
        if ("multiplicity" in made) != (output.multiplicity is not None):
            reading.refuse(f"result.json has another multiplicity for {output.name}")
        if output.multiplicity is not None:
            same(made["multiplicity"], output.multiplicity)
    for chain, made in zip(derivation.chains, record["proof"], strict=True):
        same(made["start"], chain.start)
        if [step["relation"] for step in made["steps"]] != [link.relation for link in chain.links]:
            reading.refuse(f"result.json has other relations for '{chain.name}'")
        for step, link in zip(made["steps"], chain.links, strict=True):
            same(step["expression"], link.expr)
    definitions = derivation.assumptions.model().definitions
    for name, made in record["symbols"].items():
        if "definition" in made:
            same(made["definition"], definitions[name])
    for output, code in zip(derivation.outputs, record["closed_latex"], strict=True):
        require_value(reading, Output(output.name, output.closed, output.stable), code)


def _same_tree(reading: Reading) -> Callable[[Any, Expr], None]:
    def same(tree: Any, meant: Expr) -> None:
        try:
            found = from_json(tree)
        except (BadTree, ValueError, KeyError, IndexError) as error:
            raise PrintedWrong(f"{reading.where}: a tree in result.json does not read back: {error}") from None
        if found != meant:
            reading.refuse(f"a tree in result.json does not read back as {text(meant)}")

    return same


def _module(reading: Reading, derivation: Derivation, module: str) -> None:
    """The emitted Python: its formulas as code, and those in its docstring."""
    docstring = module.split('"""')[1].split("\n")
    for output in derivation.outputs:
        told = [line[len(output.name) + 2 :] for line in docstring if line.startswith(f"{output.name}: ")]
        if not told:
            reading.refuse(f"the docstring of the module has no {output.name}")
        reading.require_text(told[-1], output.closed)
    try:
        found = python_reader.read(module)
    except Unreadable as error:
        reading.refuse(f"emitted module: {error}")
        raise
    if len(found) != len(derivation.outputs):
        reading.refuse(f"the emitted module has {len(found)} values, not {len(derivation.outputs)}")
    for output, value in zip(derivation.outputs, found, strict=True):
        stable = python_reader.written(output.stable)
        reading.require(value.expr, stable, f"the code of {output.name}")
        if value.over != output.over or (value.multiplicity is None) != (output.multiplicity is None):
            reading.refuse(f"the emitted module has another range or multiplicity for {output.name}")
        if output.multiplicity is not None and value.multiplicity is not None:
            meant = python_reader.written(output.multiplicity)
            reading.require(value.multiplicity, meant, f"the multiplicity of {output.name}")


def said(expr: Expr) -> str:
    """An expression in one line of plain text, which has been read back. Raises PrintedWrong."""
    line = text(expr)
    Reading([expr], "a formula").require_text(line, expr)
    return line


def shown(expr: Expr) -> str:
    """An expression in LaTeX, which has been read back. Raises PrintedWrong."""
    code = latex(expr)
    Reading([expr], "a formula").require_latex(code, expr)
    return code


def require_printed(expr: Expr, *, lines: Iterable[str] = ()) -> None:
    """Read one expression back from its JSON, its plain text, its LaTeX and that LaTeX broken into `lines`. Raises
    PrintedWrong."""
    reading = Reading([expr], "a formula")
    _same_tree(reading)(json.loads(json.dumps(to_json(expr))), expr)
    reading.require_text(text(expr), expr)
    reading.require_latex(latex(expr), expr)
    broken = list(lines)
    if broken:
        reading.require_latex(calculation(broken)[0][0][1], expr)
