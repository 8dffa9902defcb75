"""What a proved inequality needs: of its assumptions those, and as weak, as its certificates and denominators take.

A step is shown by certificates, and it is defined where its denominators, roots and logarithms are. `asked` collects
all these claims as the kernel found them; `needs` lets in what the domains shut out as long as the checker accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations as subsets

from theory.assumptions import ALL
from theory.certificate import Certificate
from theory.chain import Chain, Link
from theory.checker import Claim
from theory.defined import own_facts, wanted_positive
from theory.expr import Expr, reached, sym, walk
from theory.facts import Facts
from theory.kernel import StepReport
from theory.model import Model
from theory.positivity import BEYOND, BEYOND_ONE, CODIMENSION, EXCESS, Positive, require_positive
from theory.rules import merged
from theory.weakest import RESTS_ON, SHUT_OUT, Pieces, combinations, in_words, shown, weakest

ROOT = "root "  # a root is nonnegative because of what it is


@dataclass(frozen=True)
class Asked:
    """What is shown for a step: `carried` for the inequality itself, `defined` so that its lines are; `open` names what
    must be positive and was shown in an earlier line only."""

    carried: Positive
    defined: Positive
    open: tuple[Expr, ...] = ()

    @property
    def claims(self) -> list[Claim]:
        """Every claim, each once."""
        found: list[Claim] = []
        for certificate in (*self.carried.certificates, *self.defined.certificates):
            if certificate.claim not in found:
                found.append(certificate.claim)
        return found

    @property
    def conditions(self) -> tuple[Expr, ...]:
        """The conditions of the step that something rests on."""
        return tuple(dict.fromkeys((*self.carried.conditions, *self.defined.conditions)))


def facts_of(link: Link, model: Model) -> Facts:
    """The relations of a step, as the kernel hands them on."""
    return merged(model.facts(), link.rule.facts(model))


def asked(before: Expr, link: Link, model: Model, report: StepReport, facts: Facts | None = None) -> Asked:
    """Everything that is shown for an accepted step; with other `facts`, whether it still is."""
    facts = facts or facts_of(link, model)
    owned, defined, left = own_facts(facts, model), Positive(), []
    for expr in (before, link.expr, *link.parts):
        for node in walk(expr):
            for wanted in wanted_positive(node):
                strict = node.head != "call" or node.name != "sqrt"
                try:
                    defined += _shown(wanted, model, owned, strict=strict)
                except (ValueError, ArithmeticError):  # a refusal, or nothing that can be decided
                    left.append(wanted)
    carried = Positive(report.certificates) + report.beside
    return Asked(carried, Positive(_once(defined.certificates), defined.conditions), tuple(dict.fromkeys(left)))


def _once(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    found: list[Certificate] = []
    for one in certificates:
        if all(one is not other for other in found):
            found.append(one)
    return tuple(found)


def _shown(wanted: Expr, model: Model, owned: Facts, *, strict: bool) -> Positive:
    if wanted in owned.conditions:
        return Positive(conditions=(wanted,))
    return require_positive(wanted, model, strict=strict, facts=owned)


def domains_of(claims: Iterable[Claim], link: Link) -> dict[str, str]:
    """The domains that claims speak of, by the symbol that each is of; less what a step splits or puts in itself."""
    own = {BEYOND, BEYOND_ONE}
    if link.form == "cases" and isinstance(link.extra[0], Expr):
        own.add(link.extra[0].name)
    found: dict[str, str] = {}
    for claim in claims:
        for name, domain in claim.domains.items():
            if name not in own and not name.startswith(ROOT):
                found.setdefault(RESTS_ON.get(name, name), domain)
    return dict(sorted(found.items()))


@dataclass(frozen=True)
class Needs:
    """What a step assumes at the weakest. domains: of the symbols that its claims speak of; let_in: the pieces that
    these domains shut out and that may be let in all together, as the checker accepts it or as the rest keeps the
    symbol out of them; conditions: those that something rests on and that do not follow from the rest; tags: of the
    assumptions that remain; unneeded: tags that its reason names and nothing rests on; follows: the symbols and the
    conditions of which something rests on, but follows from the rest."""

    domains: dict[str, str]
    let_in: Pieces
    conditions: tuple[Expr, ...]
    tags: tuple[str, ...]
    unneeded: tuple[str, ...]
    follows: tuple[Expr, ...] = ()

    @property
    def in_words(self) -> dict[str, str]:
        """The weakest domain of each symbol; `real` for one that may be any number."""
        return {name: in_words(domain, self.let_in.get(name, ())) for name, domain in self.domains.items()}


def has_needs(link: Link) -> bool:
    """Whether a step is an inequality between numbers, which has domains."""
    return link.relation != "=" and link.form in ("certificate", "cases", "optimum", "spectral")


def needs(chain: Chain, number: int, report: StepReport) -> Needs:
    """The weakest assumptions of the accepted step `number`, counted from 1."""
    link, before = chain.links[number - 1], chain.links[number - 2].expr if number > 1 else chain.start
    found, kept = _without_conditions(before, link, chain.model, report)
    domains = domains_of(found.claims, link)
    let_in = weakest(found.claims, {} if found.open else domains)
    rest = _Rest(chain.model, link, facts_of(link, chain.model), domains, let_in, kept)
    rest.let_go_of_what_is_implied()
    tags = _tags(link, domains, rest.let_in)
    unneeded = tuple(sorted(link.rule.needs - set(tags)))
    return Needs(dict(sorted(domains.items())), rest.let_in, tuple(rest.conditions), tags, unneeded, tuple(rest.found))


@dataclass
class _Rest:
    """What is left of a step's assumptions, from which others may follow."""

    model: Model
    link: Link
    facts: Facts
    domains: dict[str, str]
    let_in: dict[str, tuple[str, ...]]
    conditions: Sequence[Expr]
    found: list[Expr] = field(default_factory=list)

    def let_go_of_what_is_implied(self) -> None:
        """Conditions first, then domains: each that follows from all the others that are left at that time."""
        for condition in tuple(self.conditions):
            others = [c for c in self.conditions if c != condition]
            if self._follows(condition, others, ""):
                self.conditions = others
                self.found.append(condition)
        angles = {"cos_i", "sin_i"} & self.domains.keys()
        for name, domain in tuple(self.domains.items()):
            if self._is_let_go(name):
                continue
            if name == "s_i" and angles:  # a square, and 1 less another one
                self._let_in(name, SHUT_OUT[domain])
            elif name in angles and "> 1" not in self.let_in.get(name, ()):
                self._let_in(name, (*self.let_in.get(name, ()), "> 1"))
            elif domain in ("positive", "nonnegative"):
                ordered = any(more == name and not self._is_let_go(less) for less, more, _ in self.facts.orders)
                if ordered or self._follows(sym(name), self.conditions, name):
                    self._let_in(name, SHUT_OUT[domain])

    def _let_in(self, name: str, pieces: tuple[str, ...]) -> None:
        self.let_in[name] = pieces
        self.found.append(sym(name))

    def _is_let_go(self, name: str) -> bool:
        return name not in self.domains or set(self.let_in.get(name, ())) == set(SHUT_OUT[self.domains[name]])

    def _follows(self, expr: Expr, conditions: Sequence[Expr], but: str) -> bool:
        """Whether something is positive as it exceeds the sum of up to two conditions, in the domains that are left but
        for that of one symbol. What stays is the domain of every other symbol, at its weakest."""
        if " " in but or not conditions:
            return False
        model, facts = self._weakened(but), replace(self.facts, conditions=())
        for count in (1, 2):
            for some in subsets(conditions, count):
                less = expr
                for one in some:
                    less = less - one
                try:
                    shows = require_positive(model.written(less), model, strict=False, facts=own_facts(facts, model))
                except (ValueError, ArithmeticError):
                    continue
                for name, domain in domains_of([c.claim for c in shows.certificates], self.link).items():
                    self.domains.setdefault(name, domain)
                return True
        return False

    def _weakened(self, but: str) -> Model:
        """The model with what is left of its domains; a domain that is none of the checker's is let go."""
        kept = {}
        for name, domain in self.model.domains.items():
            word = in_words(self.domains.get(name, domain), self.let_in.get(name, ()))
            if name != but and word in SHUT_OUT:
                kept[name] = word
        return replace(self.model, domains=kept)


def beyond(weakest_needs: Needs, report: StepReport) -> list[Certificate]:
    """Certificates for the inequality on the pieces that are let in."""
    found = [shown(one) for c in report.certificates for one in combinations(c.claim, weakest_needs.let_in)]
    return [one for one in found if one is not None]


def _without_conditions(before: Expr, link: Link, model: Model, report: StepReport) -> tuple[Asked, tuple[Expr, ...]]:
    """What is shown for a step with as few of its conditions as will do, and these."""
    facts = facts_of(link, model)
    found = asked(before, link, model, report)
    for condition in dict.fromkeys(facts.conditions):
        fewer = replace(facts, conditions=tuple(c for c in facts.conditions if c != condition))
        again = asked(before, link, model, report, fewer)
        if condition not in found.carried.conditions and again.open == found.open:
            facts, found = fewer, again
    return found, tuple(dict.fromkeys(facts.conditions))


def _installed() -> dict[str, frozenset[str]]:
    """For each assumption that says no more than where symbols lie: these symbols."""
    table = {}
    for assumption in ALL:
        made = assumption.fact(Model.bare())
        if replace(made, domains={}) == Model.bare() and assumption.fact(made) == made and made.domains:
            table[assumption.tag] = frozenset(made.domains)
    return {**table, "sizes": table["sizes"] | {CODIMENSION, EXCESS}}


OF_DOMAINS = _installed()


def domains_beside(before: Expr, link: Link, model: Model) -> frozenset[str]:
    """Tags of the assumptions that only say where symbols lie which a step, with all that its names stand for, does
    not hold."""
    facts = facts_of(link, model)
    held = reached((before, link.expr, *link.parts, *facts.conditions), facts.definitions)
    return frozenset(tag for tag, names in OF_DOMAINS.items() if not names & held)


def _tags(link: Link, domains: dict[str, str], let_in: Pieces) -> tuple[str, ...]:
    """The assumptions that the weakest domains come from, and those of the reason that are about no domain."""
    left = {name for name, domain in domains.items() if set(let_in.get(name, ())) != set(SHUT_OUT[domain])}
    tags = {tag for tag in link.rule.needs if tag not in OF_DOMAINS and tag != "proper-encoder"}
    tags |= {tag for tag, names in OF_DOMAINS.items() if names & left}
    if domains.get(CODIMENSION) == "positive" and "= 0" not in let_in.get(CODIMENSION, ()):
        tags.add("proper-encoder")
    return tuple(sorted(tags))
