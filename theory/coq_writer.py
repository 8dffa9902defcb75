"""One step as a Coq theorem: hypotheses, statement, and the proof's frame."""

from __future__ import annotations

from dataclasses import replace

from theory.chain import Link
from theory.coq_context import Context, Lines, Unproved, asserted, braced, indented, plainly
from theory.coq_reader import read_statement, read_theorem
from theory.coq_sign import sign
from theory.coq_sums import OPEN, total_identity, total_sign
from theory.coq_text import PLANE, canonical, coq, coq_name
from theory.defined import wanted_positive
from theory.expr import Expr, call, num, substitute, sym, symbols, transform, walk
from theory.expr import replace as replace_tree
from theory.facts import Facts
from theory.model import Model
from theory.positivity import BEYOND_ONE

DOMAINS = {"positive": "0 < {}", "nonnegative": "0 <= {}", "unit": "0 <= {} <= 1", "inner": "0 < {} < 1"}
SCALAR = frozenset({"num", "sym", "add", "neg", "mul", "div", "pow", "call"})


class Misread(ValueError):
    """A statement that does not read back as the tree it was written from."""


class Writer:
    """Writes the theorem of one step. `lemmas` are the replacements that become hypotheses."""

    def __init__(
        self, before: Expr, link: Link, model: Model, facts: Facts, lemmas: tuple[tuple[Expr, Expr], ...]
    ) -> None:
        self.before, self.link, self.model, self.facts, self.lemmas = before, link, model, facts, lemmas
        trees = [before, link.expr, *link.parts, *(x for pair in lemmas for x in pair)]
        self.planes = any(node.head == "sum" for tree in trees for node in walk(tree))
        self.definitions = reachable(trees, {**model.definitions, **facts.definitions})
        self.own = reachable([*trees, *self.definitions.values()], model.definitions)
        self.names = closure([*trees, *self.definitions.values(), *self.own.values()])
        stated = [c for c in dict.fromkeys(facts.conditions) if c.head != "num" and symbols(c) <= self.names]
        self.conditions = [c for c in stated if all(n.head in SCALAR for n in walk(c))]
        defined = {
            n: e
            for n, e in self.definitions.items()
            if not any(n == old.name for old, _ in lemmas if old.head == "sym")
        }
        self.context = Context(model, facts, _ordered(defined), self.planes)
        self.hypotheses: list[tuple[str, str, tuple[Expr, str, Expr] | None]] = []

    def text(self, name: str, told: str) -> str:
        """The theorem and its proof. Raises Unproved, NotWritten or Misread."""
        self._require_one_plane()
        self._state()
        statement = self._statement(name)
        proof = ["intros.", "open_units.", *self._frame(), *self._goal()]
        words = f"{told}; by {self.link.rule.name}".replace('"', "'").replace("(*", "( *").replace("*)", "* )")
        how = f"(* {words} *)"  # what would open or close a comment, or a string in it, is spelt apart
        return "\n".join([how, statement, "Proof.", *indented(proof), "Qed.", ""])

    def _require_one_plane(self) -> None:
        """A variable of one plane stands inside sums only, where there are sums."""
        if not self.planes:
            return
        for tree in (self.before, self.link.expr, *self.link.parts):
            outside = beside_sums(tree)
            if any(name.endswith(PLANE) for name in symbols(outside)):
                raise Unproved("a variable of one plane beside a sum over planes")

    # the hypotheses

    def _state(self) -> None:
        context = self.context
        for name in sorted(self.names):
            domain = self.model.domains.get(name)
            if domain is not None:
                self._suppose(f"H_in_{name}", DOMAINS[domain].format(self._symbol(name)), sym(name))
                self._know(sym(name), domain)
        if "D" in self.names:
            strict = self.facts.codimension == "positive"
            self._suppose("H_sizes", f"0 {'<' if strict else '<='} D - k", num(0))
            context.known[canonical(sym("D") - sym("k"))] = strict
        if self.planes:
            self.hypotheses.append(("H_d", "d = INR n", None))
        for name, value in self.own.items():
            if self.context.definitions.get(name) != value:
                self._equate(f"H_by_{name}", sym(name), value)
        for name, value in self.context.definitions.items():
            self._equate(f"H_is_{name}", sym(name), value)
        if {"cos_i", "sin_i"} & self.names:
            self._equate("H_circle", sym("cos_i") ** 2 + sym("sin_i") ** 2, num(1))
            context.circle = True
        for number, condition in enumerate(self.conditions):
            self._suppose(f"H_while_{number}", f"0 < {self._text(condition)}", condition, (num(0), "<", condition))
            context.known[canonical(condition)] = True
        for number, (old, new) in enumerate(self.lemmas):
            self._equate(f"H_lemma_{number}", old, new)

    def _symbol(self, name: str) -> str:
        return self._text(sym(name))

    def _text(self, expr: Expr) -> str:
        return coq(expr, planes=self.planes, moving=self.context.moving)

    def _know(self, symbol: Expr, domain: str) -> None:
        known = self.context.known
        known[symbol] = domain in ("positive", "inner")
        if domain in ("unit", "inner"):
            known[canonical(1 - symbol)] = domain == "inner"

    def _suppose(self, name: str, claim: str, about: Expr, read: tuple[Expr, str, Expr] | None = None) -> None:
        if self.planes and any(n.endswith(PLANE) for n in symbols(beside_sums(about))):
            claim = f"(forall i : nat, (i < n)%nat -> {claim})"
        self.hypotheses.append((name, claim, read))

    def _equate(self, name: str, left: Expr, right: Expr) -> None:
        self._suppose(name, f"{self._text(left)} = {self._text(right)}", left + right, (left, "=", right))

    def _statement(self, name: str) -> str:
        moved = self.context.moving.names if self.context.moving else frozenset()
        moving = [f"{coq_name(n)}_at" for n in sorted(self.names & moved)]
        shown = [coq_name(n) for n in sorted(self.names - moved) if not (self.planes and n.endswith(PLANE))]
        single = [coq_name(n) for n in sorted(self.names) if self.planes and n.endswith(PLANE)]
        if self.planes and "d" not in shown:
            shown = sorted([*shown, "d"])
        bound = [f"({' '.join(shown)} : R)"] if shown else []
        bound += [f"({' '.join(single)} : nat -> R)"] if single else []
        bound += [f"({' '.join(moving)} : R -> R)"] if moving else []
        bound += ["(n : nat)"] if self.planes else []
        bound += [f"({hypothesis} : {claim})" for hypothesis, claim, _ in self.hypotheses]
        goal = self._conclusion()
        text = "\n".join([f"Theorem {name} : forall", *(f"    {part}" for part in bound), f"  , {goal}."])
        if not bound:
            text = f"Theorem {name} :\n  {goal}."
        self._require_read_back(text)
        return text

    def _conclusion(self) -> str:
        return f"{self._text(self.before)} {self.link.relation} {self._text(self.link.expr)}"

    def _read_conclusion(self) -> tuple[Expr, str, Expr]:
        """What the conclusion has to read back as."""
        return self.before, self.link.relation, self.link.expr

    def _require_read_back(self, text: str) -> None:
        """The statement, and every hypothesis that was written from trees, read back as those trees. Raises Misread."""
        read = read_theorem(text)
        wanted = [("", self._read_conclusion())]
        wanted += [(name, trees) for name, _, trees in self.hypotheses if trees is not None]
        for name, (left, relation, right) in wanted:
            found = read_statement(read[name])
            if found != (canonical(left), relation, canonical(right)):
                raise Misread(f"{name or 'the statement'} reads back as another: {read[name]}")

    # the proof

    def _frame(self) -> Lines:
        """What holds of the abbreviations and the denominators."""
        lines: Lines = []
        context = self.context
        for name, value in reversed(_ordered(self.own).items()):
            if sym(name) in context.known:
                continue
            for strict in (True, False):
                if plainly(value, context, strict=strict):
                    source = "is" if context.definitions.get(name) == value else "by"
                    proof = [f"rewrite H_{source}_{name}.", "positive." if strict else "nonneg."]
                    lines += self._fact(f"P_{name}", sym(name), proof, strict=strict)
                    break
        trees = [x for pair in self.lemmas for x in pair]
        trees += [self.before, self.link.expr, *self.link.parts, *context.definitions.values()]
        wanted = [
            (w, n.head != "call" or n.name != "sqrt")
            for tree in trees
            for n in reversed(list(walk(tree)))
            for w in wanted_positive(n)
        ]
        for number, (want, strict) in enumerate(wanted):
            if not plainly(want, context, strict=strict):
                lines += self._fact(f"P_want_{number}", want, sign(want, context, strict=strict), strict=strict)
        return lines

    def _fact(self, name: str, expr: Expr, proof: Lines, *, strict: bool) -> Lines:
        self.context.known[canonical(expr)] = strict
        claim = f"0 {'<' if strict else '<='} {self._text(expr)}"
        if self.planes and any(n.endswith(PLANE) for n in symbols(beside_sums(expr))):
            claim, proof = f"forall i : nat, (i < n)%nat -> {claim}", [OPEN, *proof]
        return asserted(name, claim, proof)

    def _goal(self) -> Lines:
        before, after, context = self.before, self.link.expr, self.context
        lines: Lines = []
        lines += self._inside_sums((before, after))
        for number, (old, new) in enumerate(self.lemmas):
            lines.append(f"rewrite ?H_lemma_{number}.")
            before, after = replace_tree(before, old, new), replace_tree(after, old, new)
        bigger, smaller = (after, before) if self.link.relation == "<=" else (before, after)
        if self.link.relation == "<=":
            lines.append("apply by_nonneg.")
        elif self.link.relation == ">=":
            lines += ["apply Rle_ge.", "apply by_nonneg."]
        match self.link.form:
            case "normal form":
                return lines + total_identity(before, after, context)
            case "certificate":
                return lines + total_sign(bigger - smaller, context)
            case "root":
                return [
                    *lines,
                    "apply root_is.",
                    *braced(sign(after, context)),
                    *total_identity(after**2, before.children[0], context),
                ]
            case "optimum" if len(self.link.parts) == 2:
                square, weight = self.link.parts
                total = weight * square**2
                lines.append(f"apply (by_value _ ({self._text(total)})).")
                lines += braced(total_identity(bigger - smaller, total, context))
                return [*lines, "apply Rmult_le_pos.", *braced(total_sign(weight, context)), "apply square_nonneg."]
            case "cases":
                return lines + self._cases(bigger, smaller)
        raise Unproved(f"decided by {self.link.form}")

    def _inside_sums(self, sides: tuple[Expr, Expr]) -> Lines:
        """The lemmas put in where they speak of a plane, inside the sums."""
        lines: Lines = []
        sums = dict.fromkeys(node for side in sides for node in walk(side) if node.head == "sum")
        rewrites = ", ".join(f"?H_lemma_{number}" for number in range(len(self.lemmas)))
        for number, node in enumerate(sums):
            new = node
            for old, value in self.lemmas:
                new = replace_tree(new, old, value)
            if new != node and new.head == "sum":
                claim = f"{self._text(node)} = {self._text(new)}"
                proof = [f"apply psum_ext; {OPEN}", f"rewrite {rewrites}.", "reflexivity."]
                lines += [*asserted(f"P_put_{number}", claim, proof), f"rewrite P_put_{number}."]
        return lines

    def _cases(self, bigger: Expr, smaller: Expr) -> Lines:
        """min(v, v^2) is v^2 for v at most 1, and v beyond."""
        variable = self.link.extra[0]
        assert isinstance(variable, Expr)
        name, minimum = variable.name, call("min", variable, variable**2)
        shown, context = self._text(variable), self.context
        lines = [*sign_fact("P_variable", variable, context), f"destruct (Rle_lt_dec ({shown}) 1) as [P_low|P_high]."]
        for kind, least in (("small", variable**2), ("large", variable)):
            low = kind == "small"
            body = [f"rewrite ?(min_{kind} ({shown})) by lra."]
            gap = 1 - variable if low else variable - 1
            body.append(f"assert (P_gap : 0 <= {self._text(gap)}) by lra.")
            put = replace_tree(bigger, minimum, least) - replace_tree(smaller, minimum, least)
            known = {**context.known, canonical(gap): False}
            case = replace(context, known=known, domains=dict(context.domains))
            if low:
                case.domains[name] = "unit"
            else:
                moved = {
                    n: substitute(e, {name: 1 + sym(BEYOND_ONE)})
                    for n, e in self.facts.definitions.items()
                    if n != name
                }
                case.facts = replace(self.facts, definitions=moved)
                case.shift, case.excess = {name: 1 + sym(BEYOND_ONE)}, {BEYOND_ONE: gap}
                case.domains[BEYOND_ONE] = "nonnegative"
            lines += braced([*body, *total_sign(put, case)])
        return lines


def sign_fact(name: str, expr: Expr, context: Context) -> Lines:
    """States that something is nonnegative."""
    return asserted(name, f"0 <= {context.text(expr)}", sign(expr, context))


def beside_sums(expr: Expr) -> Expr:
    """An expression without its sums, to see what stands beside them."""
    return transform(expr, lambda node: num(0) if node.head == "sum" else None)


def closure(trees: list[Expr]) -> frozenset[str]:
    names = frozenset(name for tree in trees for name in symbols(tree))
    names |= {"sin_i", "cos_i"} if names & {"sin_i", "cos_i"} else set()
    return names | {"D", "k"} if "D" in names else names


def reachable(trees: list[Expr], table: dict[str, Expr]) -> dict[str, Expr]:
    """The definitions of the names that occur, and of those in these."""
    found: dict[str, Expr] = {}
    waiting = [name for tree in trees for name in sorted(symbols(tree))]
    while waiting:
        name = waiting.pop(0)
        value = table.get(name)
        if name in found or value is None or value == sym(name) or any(n.head not in SCALAR for n in walk(value)):
            continue
        found[name] = value
        waiting += sorted(symbols(value))
    return found


def _ordered(table: dict[str, Expr]) -> dict[str, Expr]:
    """Definitions so that each name stands in no later one's value... the outermost abbreviation first."""
    rest, order = dict(table), {}
    while rest:
        outer = [n for n in sorted(rest) if not any(n in symbols(e) for m, e in rest.items() if m != n)]
        if not outer:
            raise Unproved("definitions refer to one another in a circle")
        order[outer[0]] = rest.pop(outer[0])
    return order
