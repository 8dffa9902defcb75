"""The central noun: a result with its chains of reasoning, its closed form, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from theory import kernel, processes
from theory.assumptions import DOMAIN_BELOW, DOMAIN_OF, Assumptions
from theory.chain import Chain, Stopped, cited
from theory.cited import while_positive
from theory.expr import Expr, num, symbols, walk
from theory.kernel import StepReport
from theory.rules import PROPER_ENCODER, agreed
from theory.scope import given_names, lines, pinned_names
from theory.step_needs import domains_beside, has_needs
from theory.text import text
from theory.verdict import Verdict


@dataclass(frozen=True)
class Output:
    """One value of a result.

    closed: the formula as the paper prints it, the end of a chain; stable: the same without cancellation, the end of
    a chain that starts from `closed`, which is what the emitted function evaluates. `over` is None for a number,
    "target" or "pairs" for one value a direction; `multiplicity` is given for spectra; `in_time` is the closed form in
    the process's own time, when a process is chosen.
    """

    name: str
    closed: Expr
    stable: Expr
    over: str | None = None
    multiplicity: Expr | None = None
    in_time: Expr | None = None


@dataclass(frozen=True)
class Replacement:
    """What stands for a value of another result when an assumption is changed.

    result, output: whose value; choice: under which change (`choices.py`); chains: what proves it, all of them, the
    last ending in what stands for the value, or being an inequality; adds: that is added to the other's closed form;
    words: what a symbol in it stands for.
    """

    result: str
    output: str
    choice: tuple[str, str]
    chains: tuple[Chain, ...]
    adds: bool = False
    words: str = ""

    @property
    def chain(self) -> Chain:
        return self.chains[-1]


@dataclass(frozen=True)
class Checked:
    """What checking found: the verdict, how many steps were decided, the trust line, and what was refused."""

    verdict: Verdict
    steps: int
    trust: str
    failures: tuple[str, ...]
    reports: tuple[StepReport, ...]


@dataclass(frozen=True, eq=False)
class Derivation:
    """A result, made by the one function `derive(assumptions)` of its file.

    statement: what is claimed, one or two sentences, formulas in backticks; limits: where it holds; rests_on: the
    results it imports, whose verdicts it inherits; kept: assumptions of a side statement, which are not handed on;
    section: its heading in the catalogue; admitted: statements about this subject that it takes from the literature,
    each named; supported: statements that only the numerical rungs carry; states: what the printed values hold under
    beyond the assumptions, each positive (`limits` says it in words); replaces: values of other results that it gives
    when an assumption is changed.
    """

    id: str
    title: str
    statement: str
    assumptions: Assumptions
    chains: tuple[Chain, ...]
    outputs: tuple[Output, ...]
    limits: str
    rests_on: tuple[Derivation, ...] = ()
    references: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()
    section: str = ""
    admitted: tuple[str, ...] = ()
    supported: tuple[str, ...] = ()
    states: tuple[Expr, ...] = ()
    replaces: tuple[Replacement, ...] = ()

    @cached_property
    def needs(self) -> frozenset[str]:
        """Tags of the assumptions without which this, or something that it rests on, is not derived."""
        return self.own_needs.union(*(other.needs for other in self.rests_on))

    @cached_property
    def stated_needs(self) -> frozenset[str]:
        """What the statement assumes: its own needs, less where symbols lie that no line of an inequality holds, and
        those handed on by what it rests on."""
        return self._with_domains(stated=True).union(*(other.stated_needs - other.kept for other in self.rests_on))

    @cached_property
    def own_needs(self) -> frozenset[str]:
        """Tags of the assumptions that some step here, or in a lemma that it uses, needs; those by which denominators
        are positive among them."""
        return self._with_domains(stated=False)

    def _with_domains(self, *, stated: bool) -> frozenset[str]:
        own = frozenset(tag for chain in self.chains for tag in _needs(chain, stated=stated))
        written = [tree for chain in self.chains for tree in lines(chain)]
        named = {name for tree in written for name in symbols(tree)}
        own |= {tag for tag, names in DOMAIN_OF.items() if named & names}
        below = {name for tree in written for node in walk(tree) for name in _below(node)}
        return own | {tag for tag, names in DOMAIN_BELOW.items() if below & names}

    @property
    def closed(self) -> Expr:
        """The closed form: the first value's."""
        return self.outputs[0].closed

    def chain(self, name: str) -> Chain:
        """A chain by name. Raises KeyError when there is none."""
        for chain in self.chains:
            if chain.name == name:
                return chain
        raise KeyError(f"{self.id} has no chain '{name}'")

    def _repr_latex_(self) -> str:
        """What a notebook shows: the printed values."""
        from theory.binding import shown

        names = [output.name.replace("_", r"\_") for output in self.outputs]
        lines = [rf"\text{{{name}}}:\quad {shown(o.closed)}" for name, o in zip(names, self.outputs, strict=True)]
        return "$$\\begin{gathered}" + r" \\ ".join(lines) + "\\end{gathered}$$"

    def check(
        self, progress: Callable[[int, int], None] | None = None, below: Mapping[str, Verdict] | None = None
    ) -> Checked:
        """Decide every step here and in what this rests on. The verdict is that of the weakest.

        `below` holds what was found before, under the same assumptions, for results that this rests on, by id.
        """
        return _check(self, {(name, self.assumptions): verdict for name, verdict in (below or {}).items()}, progress)


def _below(node: Expr) -> frozenset[str]:
    """The symbols by which a fraction, a root, a logarithm or an inverse is defined."""
    if node.head == "div":
        return symbols(node.children[1])
    return symbols(node) if node.head == "call" and node.name in ("log", "sqrt", "phi") else frozenset()


def _needs(chain: Chain, *, stated: bool = False) -> frozenset[str]:
    """What the reasons of a chain and of its lemmas need; `stated`: as far as an inequality's own lines go."""
    before, found = chain.start, frozenset[str]()
    for link in chain.links:
        beside = domains_beside(before, link, chain.model) if stated and has_needs(link) else frozenset()
        lemmas = (_needs(lemma, stated=stated) for lemma in link.rule.basis if isinstance(lemma, Chain))
        found = found.union(link.rule.needs - beside, *lemmas)
        before = link.expr
    return found


def _check(
    derivation: Derivation,
    known: dict[tuple[str, Assumptions], Verdict],
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """`known`: what this run has found already, as most results are reached in several ways."""
    below = [(other.id, other.assumptions) for other in derivation.rests_on]
    for key, other in zip(below, derivation.rests_on, strict=True):
        if key not in known:
            known[key] = _check(other, known).verdict
    reports: list[StepReport] = []
    for number, chain in enumerate(derivation.chains, 1):
        reports += kernel.check(chain)
        if progress is not None:
            progress(number, len(derivation.chains))
    failures = [f"{r.chain.replace('`', '')}, step {r.step}: {r.how}" for r in reports if not r.accepted] + _loose_ends(
        derivation
    )
    own = _own_verdict(derivation, bool(failures))
    undecided = [name for name, assumptions in below if known[name, assumptions] is Verdict.UNDECIDED]
    failures += [f"rests on {name}, which is {Verdict.UNDECIDED.name}" for name in undecided]
    verdict = Verdict.weakest([own, *(known[key] for key in below)])
    return Checked(verdict, len(reports), trust_line(derivation, reports), tuple(failures), tuple(reports))


def _own_verdict(derivation: Derivation, open_steps: bool) -> Verdict:
    if open_steps:
        return Verdict.UNDECIDED
    if derivation.admitted:
        return Verdict.ADMITTED
    return Verdict.SUPPORTED if derivation.supported else Verdict.PROVED


def _loose_ends(derivation: Derivation) -> list[str]:
    """Every printed value must be the end of a chain, and every evaluated one be linked to the printed one."""
    model = derivation.assumptions.model()
    if any(chain.model != model for chain in derivation.chains):
        return ["a chain is about another model"]
    troubles = _names_in_two_meanings(derivation) + _narrowed(derivation)
    if troubles:
        return troubles
    ends = {chain.end for chain in derivation.chains if chain.end != chain.start}
    links = {(chain.start, chain.end) for chain in derivation.chains if chain.relation == "="}
    loose = [f"{o.name}: the closed form is not the end of a chain" for o in derivation.outputs if o.closed not in ends]
    return loose + [
        f"{o.name}: the evaluated form is not derived from the closed one"
        for o in derivation.outputs
        if o.stable != o.closed and (o.closed, o.stable) not in links
    ]


def _names_in_two_meanings(derivation: Derivation) -> list[str]:
    """A printed value holds no name that a chain gives a meaning of its own; and what the model's names are pinned to
    is one thing from the chain that finds it to the one that evaluates it."""
    given = {name for chain in derivation.chains for name in given_names(chain)}
    troubles = []
    for output in derivation.outputs:
        trees = [output.closed, output.stable] + ([output.multiplicity] if output.multiplicity is not None else [])
        named = {n.name for tree in trees for n in walk(tree) if n.head in ("sym", "letter")}
        troubles += [f"{output.name}: {name} has a meaning within a chain only" for name in sorted(named & given)]
        names: dict[str, Expr] = {}
        try:
            for chain in derivation.chains:
                if chain.end == output.closed or (chain.start, chain.end) == (output.closed, output.stable):
                    names = agreed(names, pinned_names(chain))
        except ValueError as reason:
            troubles.append(f"{output.name}: {reason}")
    return troubles


def _narrowed(derivation: Derivation) -> list[str]:
    """The evaluated form holds wherever the printed one does: no line between them states more than the model does."""
    pairs = {(o.closed, o.stable) for o in derivation.outputs if o.stable != o.closed}
    return [
        f"'{chain.name}' holds only while {text(condition)} > 0"
        for chain in derivation.chains
        if (chain.start, chain.end) in pairs
        for condition in kernel.free_conditions(chain)
        if condition not in derivation.states
    ]


def trust_line(derivation: Derivation, reports: list[StepReport]) -> str:
    """What has to be trusted: how the steps were decided, and the standard theorems cited, here and below."""
    certified = sum("certificate" in r.how or "two cases" in r.how for r in reports if r.accepted)
    exact = sum(r.accepted for r in reports) - certified
    parts = [f"exact {exact}"] + ([f"certificates {certified}"] if certified else [])
    theorems = all_cited(derivation)
    if theorems:
        parts.append("cites " + ", ".join(theorems))
    for word, statements in (("admits", taken(derivation, "admitted")), ("supported", taken(derivation, "supported"))):
        if statements:
            parts.append(f"{word} " + ", ".join(statements))
    return "; ".join(parts)


def taken(derivation: Derivation, kind: str) -> tuple[str, ...]:
    """What is admitted or only supported, here and in everything this rests on."""
    names = list(getattr(derivation, kind))
    for other in derivation.rests_on:
        names += taken(other, kind)
    return tuple(dict.fromkeys(names))


def all_cited(derivation: Derivation) -> tuple[str, ...]:
    """Standard theorems cited here and in everything this rests on."""
    names = list(cited(derivation.chains))
    for other in derivation.rests_on:
        names += all_cited(other)
    return tuple(dict.fromkeys(names))


@dataclass
class Author:
    """What a result file writes with: starts chains in the model of its assumptions."""

    result: str
    assumptions: Assumptions
    chains: list[Chain] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = self.assumptions.model()

    def chain(self, name: str, start: Expr | int) -> Chain:
        made = Chain(name, num(start) if isinstance(start, int) else start, self.model, self.result)
        self.chains.append(made)
        return made

    def finish(
        self,
        title: str,
        statement: str,
        outputs: tuple[Output, ...],
        limits: str,
        rests_on: tuple[Derivation, ...] = (),
        references: tuple[str, ...] = (),
        kept: frozenset[str] = frozenset(),
        section: str = "",
        admitted: tuple[str, ...] = (),
        supported: tuple[str, ...] = (),
        states: tuple[Expr, ...] = (),
        replaces: tuple[Replacement, ...] = (),
    ) -> Derivation:
        """The result, with every closed form also in the process's own time when one is chosen."""
        timed = tuple(self._in_time(output, states) for output in outputs)
        chains = tuple(self.chains)
        told = (self.result, title, statement, self.assumptions, chains, timed, limits, rests_on, references)
        return Derivation(*told, kept, section, admitted, supported, states, replaces)

    def _in_time(self, output: Output, states: tuple[Expr, ...]) -> Output:
        if self.assumptions.process is None:
            return output
        process = processes.of(self.assumptions.process)
        written = process.in_time(output.closed, self.model.definitions)
        chain = self.chain(f"{output.name}, in the process's own time", output.closed)
        by = process.substitution
        if states:
            by = by & while_positive(*states)
        if any("proper-encoder" in _needs(made) for made in self.chains if made.end == output.closed):
            by = by & PROPER_ENCODER
        return replace(output, in_time=chain.eq(written, by).end)


__all__ = ["Author", "Checked", "Derivation", "Output", "Replacement", "Stopped"]
