"""Planted errors in steps, and files that claim them: the finder of proofs is made to believe what it is told."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from theory import checker, coq_atoms, coq_identity
from theory.chain import Chain, Link
from theory.coq import Theorem, theorem
from theory.coq_context import Unproved
from theory.coq_file import theorem_file
from theory.coq_text import NotWritten
from theory.expr import Expr, num, rebuild, sym
from theory.model import Model

NAME = "claimed"
OTHER_SYMBOL = {"h": "c", "c": "h", "s_i": "cos_i", "cos_i": "sin_i", "sin_i": "cos_i", "r": "sigma2", "tau": "sigma2"}
SWAPPED = {"<=": ">=", ">=": "<="}


@dataclass(frozen=True)
class Mutant:
    """A false claim: what was changed, and the file that claims it."""

    what: str
    text: str


def file_of(text: str) -> str:
    """A file with one theorem."""
    return theorem_file([Theorem("", "", 1, NAME, text)])


def _changed(expr: Expr, kind: str) -> Iterator[Expr]:
    """The tree with one error of a kind, for every place where there can be one."""
    match expr.head:
        case "num" if kind == "coefficient":
            yield num(expr.number + 1)
        case "sym" if kind == "symbol" and expr.name in OTHER_SYMBOL:
            yield sym(OTHER_SYMBOL[expr.name])
        case "add" if kind == "sign":
            *others, last = expr.children
            yield Expr("add", (*others, last.children[0] if last.head == "neg" else -last))
        case "add" if kind == "term" and len(expr.children) > 1:
            rest = expr.children[1:]
            yield rest[0] if len(rest) == 1 else Expr("add", rest)
        case "pow" if kind == "exponent" and expr.children[1].head == "num":
            yield Expr("pow", (expr.children[0], num(expr.children[1].number + 1)))
    kids = list(expr.children)
    for place in range(1 if expr.head == "pow" else len(kids)):
        for new in _changed(kids[place], kind):
            yield rebuild(expr, [*kids[:place], new, *kids[place + 1 :]])


TREE_KINDS = ("coefficient", "symbol", "sign", "term", "exponent")


def false_links(before: Expr, link: Link, model: Model) -> Iterator[tuple[str, Link]]:
    """The step with one error in its new line: the first of each kind that the finder sees to be no theorem."""
    for kind in TREE_KINDS:
        for new in _changed(link.expr, kind):
            wrong = replace(link, expr=new)
            if not has_proof(before, wrong, model):
                yield kind, wrong
                break
    if link.relation in SWAPPED and link.form == "certificate":
        wrong = replace(link, relation=SWAPPED[link.relation])
        if not has_proof(before, wrong, model):
            yield "relation", wrong


def has_proof(before: Expr, link: Link, model: Model) -> bool:
    try:
        theorem(NAME, before, link, model, "")
    except (Unproved, ArithmeticError, KeyError):
        return False
    except NotWritten:
        return True  # nothing is claimed
    return True


def credulous(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked holds, so that a proof is written for what is false."""
    monkeypatch.setattr(coq_atoms.Atoms, "is_zero", lambda *_: True)
    monkeypatch.setattr(coq_identity, "log_products", lambda *_: [])
    monkeypatch.setattr(checker, "check", lambda *_: None)


def without_hypothesis(text: str, name: str) -> str:
    """A theorem that no longer supposes something."""
    kept = [line for line in text.splitlines() if not line.strip().startswith(f"({name} : ")]
    assert len(kept) == len(text.splitlines()) - 1, name
    return "\n".join(kept) + "\n"


def steps(chain: Chain) -> Iterator[tuple[Expr, Link]]:
    """The lines before, and the links."""
    before = chain.start
    for link in chain.links:
        yield before, link
        before = link.expr
