"""A comparison as text, as plain data and as a section for a paper."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any

from latentreuse.catalogue import grouped, section_of
from latentreuse.comparison import STATUSES, Comparison, Row, Stop, Value
from latentreuse.tables import grouped_table

if TYPE_CHECKING:
    from numerics.refutations import Refutation
    from theory.assumptions import Assumptions
    from theory.expr import Expr

HEADERS = ("result", "what happens", "verdict", "why")
SIGNS = {"zero": "the two agree", "positive or zero": "never negative", "negative or zero": "never positive"}
SHORT = 160  # characters of a line that survives; the whole is in the JSON


def describe(assumptions: Assumptions) -> str:
    """A set of assumptions by what differs from the paper's."""
    from latentreuse.deriving import describe as choices_in_words

    words = choices_in_words(assumptions)
    return "the paper's setting" if words == "the default assumptions" else words


def sentence_of(tag: str) -> str:
    """What an assumption says, as plain text."""
    from theory.assumptions import BY_TAG

    return BY_TAG[tag].sentence.replace("`", "")


def render(found: Comparison, width: int) -> str:
    """Table, then every result to which something happened, then the worlds of the refutations."""
    points: list[str] = []
    parts = [f"from: {describe(found.old)}\nto:   {describe(found.new)}", _table(found, width)]
    parts += [_details(row, width, points) for row in found.rows if row.status != "unchanged"]
    if points:
        numbered = (f"[{i}] {point}" for i, point in enumerate(points, 1))
        parts.append("worlds of the refutations, in fractions:\n" + "\n".join(numbered))
    return "\n\n".join([*parts, summary(found)])


def _table(found: Comparison, width: int) -> str:
    groups = [
        (heading, [(row.id, row.status, row.verdict, _why(row)) for row in members])
        for heading, members in grouped(found.rows, lambda row: section_of(row.id))
    ]
    return grouped_table(HEADERS, groups, width, 2)


def _why(row: Row) -> str:
    """A few words beside the verdict."""
    givers = list(dict.fromkeys(value.by for value in row.values if value.by is not None))
    if row.status == "changed" and givers:
        return f"now by {', '.join(givers)}"
    if row.stop is not None:
        where = "" if row.stop.result == row.id else f" in {row.stop.result}"
        return f"needs {row.stop.missing}{where}"
    return row.because


def _details(row: Row, width: int, points: list[str]) -> str:
    lines = [f"{row.id}: {row.status}"]
    for value in row.values:
        if value.new != value.old:
            lines += _value(value, row.status)
    if row.stop is not None:
        lines += _stop(row.stop, "the old derivation stops" if row.status == "changed" else "stops")
    lines += [f"  still proved: {_cut(start)} = {_cut(end)}" for start, end in row.survives]
    lines += [_refuted(refutation, points) for refutation in row.refuted]
    lines += [f"  undecided: {row.because}"] if row.because else []
    wrap = {"subsequent_indent": "      ", "break_long_words": False, "break_on_hyphens": False}
    return "\n".join(textwrap.fill(line, max(width, 40), **wrap) for line in lines)  # type: ignore[arg-type]


def _value(value: Value, status: str) -> list[str]:
    from theory.binding import said

    if value.new is None:
        return [f"  {value.name} was {said(value.old)}; nothing stands in its place"] if status != "refuted" else []
    by = f"   (by {value.by})" if value.by else ""
    lines = [f"  {value.name} was {said(value.old)}", f"  {value.name} {_now(value)}{by}"]
    if value.words:
        lines.append("  where " + value.words.replace("`", ""))
    if value.difference is not None and value.sign != "zero":
        sign = f"   ({SIGNS[value.sign]})" if value.sign else ""
        lines.append(f"  new - old = {said(value.difference)}{sign}")
    elif value.sign == "zero":
        lines.append("  the same formula with the new assumptions put in: the difference is 0")
    if value.timed is not None:
        lines.append(f"  in the process's own time: {said(value.timed)}")
    return lines


def _now(value: Value) -> str:
    from theory.binding import said

    assert value.new is not None
    if value.start is None:
        return f"is  {said(value.new)}"
    if value.relation != "=" and value.name in ("lower", "upper") and value.new.head != "num":
        return f"is  {said(value.new)}: E {value.relation} it"
    return f"is  the bound {said(value.start)} {value.relation} {said(value.new)}"


def _cut(expr: Expr) -> str:
    from theory.binding import said

    whole = said(expr)
    return whole if len(whole) <= SHORT else whole[: SHORT - 3] + "..."


def _stop(stop: Stop, what: str) -> list[str]:
    where = f"  {what} in {stop.result}, '{stop.chain}', at step {stop.step}: reason '{stop.reason}'"
    return [where.replace("`", ""), f"  needs {stop.missing}: {sentence_of(stop.missing)}"]


def _refuted(refutation: Refutation, points: list[str]) -> str:
    world = json.dumps(refutation.world)
    if world not in points:
        points.append(world)
    return f"  {refutation.value}, old: {refutation.sentence()} in world [{points.index(world) + 1}]"


def summary(found: Comparison) -> str:
    """How many results have which fate."""
    counts = Counter(row.status for row in found.rows)
    parts = [f"{counts[status]} {status}" for status in STATUSES if counts[status]]
    noun = "result" if len(found.rows) == 1 else "results"
    return f"compared: {len(found.rows)} {noun}: {', '.join(parts)}"


# --- plain data -----------------------------------------------------------------------------------------------------
def as_json(found: Comparison) -> dict[str, Any]:
    """The whole comparison as plain data: text and expression trees, exact numbers as fractions."""
    return {
        "from": _set(found.old),
        "to": _set(found.new),
        "results": [_row_json(row) for row in found.rows],
    }


def _set(assumptions: Assumptions) -> dict[str, Any]:
    process = str(assumptions.process) if assumptions.process else None
    return {"choices": dict(assumptions.choices), "process": process, "assumptions": assumptions.sentences()}


def _row_json(row: Row) -> dict[str, Any]:
    out: dict[str, Any] = {"result": row.id, "status": row.status, "verdict": row.verdict, "trust": row.trust}
    out["values"] = [_value_json(value) for value in row.values]
    if row.stop is not None:
        out["stop"] = {**vars(row.stop), "sentence": sentence_of(row.stop.missing)}
    if row.survives:
        out["survives"] = [{"start": _expr(start), "end": _expr(end)} for start, end in row.survives]
    if row.refuted:
        out["refuted"] = [vars(refutation) for refutation in row.refuted]
    if row.because:
        out["because"] = row.because
    return out


def _expr(expr: Expr | None) -> dict[str, Any] | None:
    from theory.binding import said
    from theory.json_tree import to_json

    return None if expr is None else {"text": said(expr), "tree": to_json(expr)}


def _value_json(value: Value) -> dict[str, Any]:
    out: dict[str, Any] = {"name": value.name, "old": _expr(value.old), "new": _expr(value.new)}
    for name in ("start", "difference", "timed"):
        expr = getattr(value, name)
        if expr is not None:
            out[name] = _expr(expr)
    if value.relation != "=":
        out["relation"] = value.relation
    if value.by is not None:
        out["by"] = value.by
    for name, said in (("words", value.words), ("sign", value.sign or "")):
        if said:
            out[name] = said
    return out


# --- a section for a paper ------------------------------------------------------------------------------------------
RELATION = {"=": "=", "<=": r"\le", ">=": r"\ge"}


def section(found: Comparison) -> str:
    """LaTeX: what changes, result by result. Every formula is read back before it is printed (PrintedWrong)."""
    from theory.latex import sentence

    kept = [row.id for row in found.rows if row.status in ("unchanged", "specialised")]
    lines = [
        rf"\section*{{What changes if {sentence(_claimed(found.new))}}}",
        rf"Compared with {sentence(_claimed(found.old))}; {summary(found).removeprefix('compared: ')}.",
        "",
    ]
    if kept:
        lines += [r"\paragraph{Unchanged.} " + ", ".join(rf"\texttt{{{name}}}" for name in kept) + ".", ""]
    for row in found.rows:
        if row.id not in kept:
            lines += _paragraph(row)
    return "\n".join(lines) + "\n"


def _claimed(assumptions: Assumptions) -> str:
    """The changed assumptions as a phrase, in backticks what is a formula."""
    chosen = [f"{key} is {value}" for key, value in assumptions.choices]
    if assumptions.process:
        chosen.append(f"the process is {assumptions.process}")
    return ", ".join(chosen).replace("_", " ") or "the setting of the paper"


def _paragraph(row: Row) -> list[str]:
    from theory.latex import sentence

    lines = [rf"\paragraph{{\texttt{{{row.id}}}: {row.status}, {row.verdict}.}}"]
    for value in row.values:
        if value.new is not None and value.new != value.old:
            lines += _equation(value)
    if row.stop is not None:
        reason = sentence(row.stop.reason)
        lines.append(
            rf"The derivation stops in \emph{{{sentence(row.stop.chain)}}} of \texttt{{{row.stop.result}}}, at step "
            rf"{row.stop.step} ({reason}). It needs: {sentence(_sentence_tex(row.stop.missing))}"
        )
    for start, end in row.survives[:1]:
        lines += ["Still proved:", r"\begin{gather*}", _fit(start), rf"\\ = {_fit(end)}", r"\end{gather*}"]
    lines += [f"The old value {_words(r)}." for r in row.refuted]
    return [*lines, ""]


def _sentence_tex(tag: str) -> str:
    from theory.assumptions import BY_TAG

    return BY_TAG[tag].sentence


def _words(refutation: Refutation) -> str:
    where = f"$\\alpha^2={refutation.world['alpha2']}$, $h={refutation.world['h']}$"
    name = refutation.value.replace("^2", "$^2$")
    truth = refutation.truth.replace("/", r"/\allowbreak ")  # a long fraction
    return f"of {name} {refutation.verb} ${refutation.formula}$ at a point ({where}) where it is ${truth}$"


def _fit(expr: Expr) -> str:
    """One expression, every printable scalar of it read back first."""
    from theory.emit import fitted, proofread
    from theory.layout import display_lines

    proofread(expr)
    return r" \\ ".join(fitted(line) for line in display_lines(expr))


def _equation(value: Value) -> list[str]:
    assert value.new is not None
    lines = [r"\begin{gather*}", f"{_left(value)} {_fit(value.new)}"]
    if value.difference is not None and value.sign != "zero":
        lines.append(rf"\\ \text{{new}} - \text{{old}} = {_fit(value.difference)}")
    lines.append(r"\end{gather*}")
    if value.words:
        lines.append(f"Here {_sentence(value.words)}.")
    if value.sign and value.sign != "zero":
        lines.append(f"The difference is {SIGNS[value.sign]}.")
    return lines


def _left(value: Value) -> str:
    """What the new formula is of, with the relation."""
    assert value.new is not None
    name = value.name.replace("_", r"\_").replace("^2", "$^2$")
    if value.start is None:
        return rf"\text{{{name}}} ="
    if value.new.head == "num":
        return rf"\text{{{name}:}}\quad {_fit(value.start)} {RELATION[value.relation]}"
    return rf"\text{{{name}:}}\quad E {RELATION[value.relation]}"


def _sentence(words: str) -> str:
    from theory.latex import sentence

    return sentence(words)
