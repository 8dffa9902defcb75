"""What a step claims, written down with everything that its reason grants: the claim of a certificate."""

from __future__ import annotations

from collections.abc import Set
from functools import reduce
from itertools import product
from typing import Any

from theory import symbols as S
from theory.chain import Chain, Link
from theory.defined import bound_variables, without_variable
from theory.expr import Expr, num, reached, walk
from theory.facts import BlockClass, Facts, Planes
from theory.json_tree import to_json
from theory.kernel import conditions_of
from theory.model import Model
from theory.positivity import CODIMENSION, EXCESS
from theory.rates import CONSTANTS, STILL
from theory.rules import Rule, merged
from theory.text import plain


def claim_of(chain: Chain, number: int) -> dict[str, Any]:
    """The claim of step `number` (from 1) of a chain."""
    link, model = chain.links[number - 1], chain.model
    before = chain.links[number - 2].expr if number > 1 else chain.start
    return {
        "result": chain.result,
        "chain": plain(chain.name),
        "step": number,
        "left": to_json(before),
        "relation": link.relation,
        "right": to_json(link.expr),
        "form": link.form,
        "reasons": [plain(part.name) for part in link.rule.parts],
        "parts": _parts(link),
        "needs": sorted(link.rule.needs),
        "cites": sorted(link.rule.cites),
        "lemmas": [_lemma(part) for part in link.rule.parts if part.grants],
        "under": _under(before, link, model),
    }


def _lemma(rule: Rule) -> dict[str, Any]:
    (chain,) = rule.basis
    assert isinstance(chain, Chain)
    return {**reference(chain), "grants": rule.grants}


def reference(chain: Chain) -> dict[str, Any]:
    return {"result": chain.result, "chain": plain(chain.name), "steps": len(chain.links)}


def _parts(link: Link) -> dict[str, Any]:
    """What the form brings along."""
    extra = link.extra
    match link.form:
        case "cases":
            return {"split": _json(extra[0])}
        case "optimum":
            return dict(zip(("square", "weight"), map(_json, extra), strict=False))
        case "spectral":
            return {"function": _json(extra[0]), "smaller": extra[1], "larger": extra[2]}
        case "solves":
            initial = extra[1]
            assert isinstance(initial, tuple)
            start = {name: _json(value) for name, value in initial}
            return {"rate": _json(extra[0]), "initial": start, "variable": extra[2]}
        case "antiderivative":
            bound = extra[1] if isinstance(extra[1], tuple) else ()
            chains = [reference(chain) for chain in bound if isinstance(chain, Chain)]
            return {"primitive": _json(extra[0]), "bound": chains}
    return {}


def _json(part: object) -> Any:
    assert isinstance(part, Expr)
    return to_json(part)


def _under(before: Expr, link: Link, model: Model) -> dict[str, Any]:
    """Everything that the step may use, as far as names in it lead there."""
    own = reduce(merged, (part.facts(model) for part in link.rule.parts if not part.grants), Facts())
    facts = merged(model.facts(), own)
    for variable in bound_variables(before, link):
        facts = without_variable(facts, model, variable)
    positive = link.rule.positive(model)
    tables = [own.letters, own.means, own.definitions, own.defines, own.pins, *own.derivations.values()]
    trees = [before, link.expr, *link.parts, *positive, *facts.conditions, *own.moments.values()]
    trees += [value for table in tables for value in table.values()] + _initial(link)
    trees += [x for pair in own.replacements for x in pair] + [right for _, right in own.rewrites]
    trees += [x for inner in link.rule.parts if inner.grants for x in _ends(inner)]
    trees += _of_planes(facts.planes, facts.variances) if facts.planes else []
    meanings = meanings_of(model)
    definitions = definitions_of(own, model)
    used = reached(trees, meanings, definitions, of=_symbols)
    variables = sorted({str(n.args[1]) for tree in trees for n in walk(tree) if n.head in ("diff", "integral")})
    variables = sorted({*variables, *([str(link.extra[2])] if link.form == "solves" else [])})
    letters = {n.name for tree in trees for n in walk(tree) if n.head == "letter"} | _word_letters(own)
    return {
        "definitions": json_trees(definitions, used | set(own.definitions)),
        "meanings": json_trees(meanings, used),
        "domains": {n: q for n, q in sorted(domains_of(model, facts).items()) if n in used},
        "conditions": [to_json(x) for x in dict.fromkeys(facts.conditions)],
        "positive": [to_json(x) for x in positive],
        **relations_of(own),
        "rates": {v: json_trees(table) for v, table in sorted(own.derivations.items()) if v in variables},
        "steady": {v: sorted((CONSTANTS.get(v, frozenset()) | {CODIMENSION, EXCESS}) & used) for v in variables},
        "still": {v: sorted(STILL.get(v, frozenset()) & letters) for v in variables},
        "constant": sorted(S.CONSTANT_LETTERS & letters),
        "orders": [list(order) for order in sorted(own.orders)],
        "covariances": sorted(own.covariances & letters),
        "planes": _planes(facts.planes, facts.variances, letters) if facts.planes else None,
        "given": json_trees(own.defines),
        "pins": json_trees(own.pins),
    }


def definitions_of(own: Facts, model: Model) -> dict[str, Expr]:
    """What a reason defines beyond its model, or in another way."""
    return {n: x for n, x in own.definitions.items() if model.definitions.get(n) != x}


def relations_of(own: Facts) -> dict[str, Any]:
    """The relations of a reason between letters, products of letters, trees and random vectors."""
    return {
        "letters": json_trees(own.letters),
        "rewrites": [[list(word), to_json(right)] for word, right in own.rewrites],
        "replacements": [[to_json(old), to_json(new)] for old, new in own.replacements],
        "means": json_trees(own.means),
        "moments": [[a, b, to_json(value)] for (a, b), value in sorted(own.moments.items())],
    }


def _ends(rule: Rule) -> tuple[Expr, ...]:
    (chain,) = rule.basis
    assert isinstance(chain, Chain)
    return chain.start, chain.end, *conditions_of(chain)


def _initial(link: Link) -> list[Expr]:
    found = link.extra[1] if link.form == "solves" else ()
    return [value for _, value in found] if isinstance(found, tuple) else []


def json_trees(table: dict[str, Expr], names: Set[str] | None = None) -> dict[str, Any]:
    """A table of trees as JSON, as far as its names are among these."""
    return {name: to_json(x) for name, x in sorted(table.items()) if names is None or name in names}


def _symbols(tree: Expr) -> set[str]:
    found = {n.name for n in walk(tree) if n.head == "sym"}
    found |= {size for n in walk(tree) for size in n.shape if not size.isdigit()}
    if any(n.head == "inv" for n in walk(tree)):
        found |= {"c", "a_i", "c_s", "a_s_i"}
    if {"cos_i", "sin_i"} & found:
        found |= {"cos_i", "sin_i"}
    return found | ({"d", "k"} if any(n.head == "sum" for n in walk(tree)) else set())


def _word_letters(facts: Facts) -> set[str]:
    names = {x for word, _ in facts.rewrites for x in word} | {x for pair in facts.moments for x in pair}
    return {x.removesuffix("'").removesuffix("^-1") for x in names}


def meanings_of(model: Model) -> dict[str, Expr]:
    """What the model's names stand for; the ambient dimension exceeds the encoder's by something not negative."""
    larger = S.d if model.dims == "k=d" else S.k
    sizes = {"D": larger + Expr("sym", (CODIMENSION,))}
    sizes |= {"d": S.k + Expr("sym", (EXCESS,))} if model.dims == "k<d" else {}
    return {n: x for n, x in {**model.definitions, **sizes}.items() if x.head != "sym" or x.name != n}


def domains_of(model: Model, facts: Facts) -> dict[str, str]:
    """Where the model's names lie."""
    opened = {"D", "d"} if model.dims == "k<d" else {"D"}
    extra = {CODIMENSION: facts.codimension, EXCESS: "nonnegative"} if "D" in model.domains else {}
    return {**extra, **{n: q for n, q in model.domains.items() if n not in opened}}


def _planes(planes: Planes, variances: dict[str, tuple[Expr, Expr, Expr]], letters: set[str]) -> dict[str, Any]:
    classes = []
    for b in planes.classes:
        blocks = blocks_of(b, planes, variances)
        classes.append(
            {
                "name": b.name,
                "sizes": b.sizes,
                "count": to_json(b.count),
                "over": b.over,
                "blocks": {name: blocks[name] for name in sorted(blocks) if name in letters},
            }
        )
    return {"coupling": to_json(planes.coupling), "classes": classes}


def blocks_of(b: BlockClass, planes: Planes, variances: dict[str, tuple[Expr, Expr, Expr]]) -> dict[str, Any]:
    """The letters of the table in one class, written out entry by entry."""
    U = _matrix(b.ambient, b.encoder, [x for row in b.U for x in row])
    blocks = {
        "U": U,
        "V": _matrix(b.ambient, b.target, [x for row in b.V for x in row]),
        "Lambda": _diagonal(b.target, planes.variance),
        "Lambda_s": _diagonal(b.encoder, b.source),
    }
    for name, (pair, spare, rest) in variances.items():  # inside U U^T + rest (I - U U^T)
        inside = to_json((pair if b.over is not None else spare) - rest)
        along = ["Multiply", inside, ["MatrixMultiply", U, ["Transpose", U]]]
        blocks[name] = ["Add", along, ["Multiply", to_json(rest), ["Identity", str(b.ambient)]]]
    return blocks


def _matrix(rows: int, cols: int, entries: list[Expr]) -> list[Any]:
    return ["Matrix", str(rows), str(cols), *map(to_json, entries)]


def _diagonal(size: int, value: Expr) -> list[Any]:
    return _matrix(size, size, [value if i == j else num(0) for i, j in product(range(size), repeat=2)])


def _of_planes(planes: Planes, variances: dict[str, tuple[Expr, Expr, Expr]]) -> list[Expr]:
    found = [planes.variance, planes.coupling, *(x for kinds in variances.values() for x in kinds)]
    for b in planes.classes:
        found += [b.count, b.source, *(x for row in (*b.U, *b.V) for x in row)]
    return found
