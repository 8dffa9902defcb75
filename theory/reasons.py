"""A step's reason as it is printed: each part once, conditions together at the end, earlier calculations by name."""

from __future__ import annotations

import re

from theory.chain import Chain, Link
from theory.expr import Expr
from theory.latex import latex, sentence
from theory.text import text

LONGEST = 44  # characters of a condition that is printed; longer ones are denominators that the line shows anyway
LONG = "the denominators are positive"
BARE = {"optimum": "leaving out what is not negative"}  # what a step does whose reason names only a condition


def reason(chain: Chain, link: Link, cross: bool) -> str:
    """The reason in LaTeX; with ``cross`` other results are referred to by the number of their theorem."""
    earlier = {f"{x.result}, {x.name}": x for x in link.rule.basis if isinstance(x, Chain)}
    said: list[str] = []
    conditions: list[str] = []
    for part in link.rule.name.split("; "):
        if part in earlier:
            said.append(_reference(earlier[part], chain.result, cross))
            continue
        main, stated = _separated(part)
        said += [sentence(main)] if main else []
        conditions += stated
    said = list(dict.fromkeys(said))
    if not said or (link.form in BARE and said == ["algebra"]):
        said = [BARE.get(link.form, "algebra")]
    shown = [x for x in dict.fromkeys(conditions) if len(x) <= LONGEST]
    trees = stated_conditions(chain, link)
    printed = [f"${latex(trees[x])} > 0$" if x in trees else sentence(x) for x in shown]
    printed += [LONG] if len(shown) < len(dict.fromkeys(conditions)) else []
    return "; ".join(said) + (", while " + ", ".join(printed) if printed else "")


def stated_conditions(chain: Chain, link: Link) -> dict[str, Expr]:
    """What a step holds while it is positive, by the words of its reason: `h + c > 0` in backticks."""
    words = {words for part in link.rule.name.split("; ") for words in _separated(part)[1] if words.endswith(" > 0`")}
    trees = {f"`{text(expr)} > 0`": expr for expr in link.rule.facts(chain.model).conditions} if words else {}
    return {said: expr for said, expr in trees.items() if said in words}


def _separated(part: str) -> tuple[str, list[str]]:
    """What is done, and under which conditions: `k < D`, or what follows "while"."""
    if part == "`k < D`":
        return "", [part]
    main, _, stated = part.rpartition("while ") if "while " in part else (part, "", "")
    formulas = re.findall(r"`[^`]*`", stated)
    plain = [stated] if stated and re.sub(r"`[^`]*`|, ", "", stated) else formulas
    return main.strip().rstrip(","), plain


def _reference(earlier: Chain, here: str, cross: bool) -> str:
    quoted = f"``{sentence(earlier.name)}''" if cross else f'"{sentence(earlier.name)}"'
    if earlier.result == here:
        return quoted
    return (rf"\autoref{{thm:{earlier.result}}}, " if cross else f"{earlier.result}, ") + quoted
