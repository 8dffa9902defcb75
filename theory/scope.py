"""Names and their scope: what every name in a chain stands for, and that no name hides what other steps look for."""

from __future__ import annotations

from theory import rules
from theory import symbols as S
from theory.chain import MAY_FOLLOW, Chain, Link
from theory.expr import Expr, walk
from theory.facts import Facts
from theory.model import Model
from theory.normal import equal
from theory.positivity import Refusal
from theory.vocabulary import NAME, free_of_planes, is_constant, require_wellformed


def lines(chain: Chain) -> list[Expr]:
    """Every expression of a chain and of the lemmas that it uses."""
    found = [chain.start]
    for link in chain.links:
        found += [link.expr, *link.parts]
        for lemma in link.rule.basis:
            found += lines(lemma) if isinstance(lemma, Chain) else []
    return found


def require_order(chain: Chain) -> None:
    """What `Chain` looks at while it is written, for links that came in another way."""
    relation = "="
    for number, link in enumerate(chain.links):
        missing = link.rule.needs - chain.model.tags
        if missing:
            raise Refusal(f"a step needs {sorted(missing)[0]}")
        if link.relation not in MAY_FOLLOW[relation]:
            raise Refusal(f"`{link.relation}` may not follow `{relation}`")
        if link.form in ("solves", "induction") and number:
            raise Refusal("an equation is solved for the unknown that the chain starts with")
        relation = relation if link.relation == "=" else link.relation


def introduced(chain: Chain) -> dict[str, Expr]:
    """What every name in a chain and its lemmas stands for. Raises ValueError when one has two meanings."""
    names: dict[str, Expr] = {}
    for link in chain.links:
        names = rules.agreed(names, rules.meanings(link.rule.facts(chain.model)))
        if link.form in ("solves", "induction"):
            _require_meaning(chain.start, link.expr, chain.model)
            names = rules.agreed(names, {chain.start.name: link.expr})
        for lemma in (*link.rule.basis, *bound_chains(link)):
            if not isinstance(lemma, Chain):
                raise Refusal("a lemma that is no chain")
            names = rules.agreed(names, introduced(lemma))
    return names


def require_no_circle(names: dict[str, Expr]) -> None:
    """No name stands for something that leads back to it. One that stands for itself is a variable."""
    inner = {n: {m.name for m in walk(v) if m.head in ("sym", "letter")} & set(names) for n, v in names.items()}
    inner = {name: used - {name} if names[name].head == "sym" else used for name, used in inner.items()}
    done: set[str] = set()
    while len(done) < len(inner):
        ready = {name for name, used in inner.items() if used <= done} - done
        if not ready:
            raise Refusal(f"{sorted(set(inner) - done)[0]} is given in a circle")
        done |= ready


def given_names(chain: Chain) -> set[str]:
    """The names that a chain and its lemmas introduce or solve for."""
    names: set[str] = set()
    for link in chain.links:
        names |= set(link.rule.facts(chain.model).defines)
        names |= {chain.start.name} if link.form in ("solves", "induction") else set()
        for lemma in (*link.rule.basis, *bound_chains(link)):
            names |= given_names(lemma) if isinstance(lemma, Chain) else set()
    return names


def pinned_names(chain: Chain) -> dict[str, Expr]:
    """What a chain and its lemmas take the model's names to stand for. Raises ValueError for two meanings."""
    names: dict[str, Expr] = {}
    for link in chain.links:
        names = rules.agreed(names, link.rule.facts(chain.model).pins)
        for lemma in (*link.rule.basis, *bound_chains(link)):
            names = rules.agreed(names, pinned_names(lemma) if isinstance(lemma, Chain) else {})
    return names


def bound_chains(link: Link) -> tuple[object, ...]:
    """The chains that an integral's end at infinity rests on."""
    bound = link.extra[1] if link.form == "antiderivative" else None
    return bound if isinstance(bound, tuple) else ()


def require_own_name(name: str, value: Expr, model: Model) -> None:
    taken = name in S.AXIOM_NAMES or name in model.domains or name in model.definitions
    if taken or (name in S.SYMBOLS and name not in S.FREE_SYMBOLS) or NAME.fullmatch(name) is None:
        raise Refusal(f"{name} is not a result's name to give")
    require_wellformed(value, model)
    _require_visible(name, value)


def _require_visible(name: str, value: Expr) -> None:
    """What a name stands for may not hide what the other steps look for: a plane's index, or a random vector."""
    if not free_of_planes(value) and not name.endswith("_i"):
        raise Refusal(f"{name} hides a variable of one plane: its name must end with _i")
    letters = any(n.head == "letter" for n in walk(value)) or not is_constant(value)
    if value.is_scalar and letters:
        raise Refusal(f"{name} is a symbol, and its value holds letters")
    if name in S.CONSTANT_LETTERS and not is_constant(value):
        raise Refusal(f"{name} counts as a constant, and its value is none")
    if name in S.FIXED_LETTERS and not _is_fixed(value):
        raise Refusal(f"{name} counts as constant in time, and its value may move")


def _is_fixed(value: Expr) -> bool:
    """Whether nothing in a value moves with the diffusion time."""
    still = {"sigma2", "sigma_s2", "lambda", "R", "D", "k", "d"}
    nodes = list(walk(value))
    letters = all(n.name in S.FIXED_LETTERS for n in nodes if n.head == "letter")
    return letters and all(n.name in still for n in nodes if n.head == "sym")


def _require_meaning(unknown: Expr, value: Expr, model: Model) -> None:
    """An unknown that an equation determines stands for its solution as a given name does."""
    require_unknown(unknown, model)
    _require_visible(unknown.name, value)
    if unknown.head == "letter" and unknown.args[1] == "sym" and not equal(value, value.T, Facts()):
        raise Refusal(f"{unknown.name} is declared symmetric, and its value is not")


def require_unknown(unknown: Expr, model: Model) -> None:
    """A name that stands for nothing yet; `introduced` sees to it that it has one meaning."""
    named = unknown.head in ("sym", "letter")
    if not named or unknown.name in S.AXIOM_NAMES | set(S.SYMBOLS) | set(model.domains) | set(model.definitions):
        raise Refusal("the start is no unknown")
