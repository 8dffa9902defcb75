"""Steps that differentiate, as Coq theorems about `derivable_pt_lim`.

The abbreviations are put in, so that what moves with the variable is seen. A symbol that moves at a rate is a function
of the variable that has this derivative there.
"""

from __future__ import annotations

from dataclasses import replace

from theory.chain import Link
from theory.coq_atoms import Atoms
from theory.coq_context import Context, Lines, Unproved, asserted, braced, field_with
from theory.coq_identity import identity, prepared
from theory.coq_sums import OPEN, total_identity
from theory.coq_text import Moving, coq_name
from theory.coq_writer import Writer, closure, reachable
from theory.expr import Expr, num, substitute, sym, symbols, transform, walk
from theory.facts import Facts
from theory.forms import expanded
from theory.model import Model
from theory.rates import CONSTANTS

RATE = "rate"


class RateWriter(Writer):
    """Writes the theorem of a step with derivatives in one variable, and not in a plane's own."""

    def __init__(self, before: Expr, link: Link, model: Model, facts: Facts) -> None:
        table = {**model.definitions, **facts.definitions}
        still = {"s_i": table.pop("s_i")} if "s_i" in table else {}  # it moves with no variable that comes here
        given = {old.name: new for old, new in facts.replacements if old.head == "sym"}

        def wide(expr: Expr) -> Expr:
            return expanded(expr, {**table, **given})

        super().__init__(before, link, model, facts, ())
        self.before, self.link = wide(before), replace(link, expr=wide(link.expr))
        nodes = [n for tree in (self.before, self.link.expr) for n in walk(tree) if n.head == "diff"]
        self.derivatives = list(dict.fromkeys(nodes))
        variables = {str(n.args[1]) for n in self.derivatives}
        if len(variables) != 1:
            raise Unproved("derivatives in several variables")
        self.variable = variables.pop()
        if self.variable.endswith("_i"):
            raise Unproved("a derivative in a variable of one plane")
        self.rates = {n: wide(e) for n, e in facts.derivations.get(self.variable, {}).items() if n != self.variable}
        trees = [self.before, self.link.expr, *self._used_rates().values()]
        self.definitions, self.own = reachable(trees, still), reachable(trees, still)
        trees += self.definitions.values()
        self.planes = any(n.head == "sum" for tree in (self.before, self.link.expr) for n in walk(tree))
        self.conditions = [wide(c) for c in self.conditions if wide(c).head != "num"]
        self.names = closure([*trees, *self.conditions, sym(self.variable)])
        moving = Moving(self.variable, frozenset(self._used_rates()))
        self._require_known(moving)
        self.context = Context(model, replace(facts, conditions=tuple(self.conditions)), self.definitions, self.planes)
        self.context.moving = moving

    def _used_rates(self) -> dict[str, Expr]:
        inner = set().union(*(symbols(node) for node in self.derivatives))
        return {name: rate for name, rate in self.rates.items() if name in inner}

    def _require_known(self, moving: Moving) -> None:
        """Everything that is differentiated moves at a known rate or is a constant."""
        known = moving.names | CONSTANTS.get(self.variable, frozenset()) | {self.variable}
        for node in self.derivatives:
            if not symbols(node.children[0]) <= known:
                raise Unproved("something that may move at a rate that is not known")

    def _state(self) -> None:
        super()._state()
        for name, rate in self._used_rates().items():
            node = Expr("diff", (sym(name), self.variable))
            self.hypotheses.append((f"H_rate_{name}", self._derivative(node, rate), (node, "=", rate)))
        if not self._is_whole():
            for number, node in enumerate(self.derivatives):
                self.names |= {f"{RATE}{number}"}
                claim = self._derivative(node, sym(f"{RATE}{number}"))
                self.hypotheses.append((f"H_{RATE}_{number}", claim, (node, "=", sym(f"{RATE}{number}"))))

    def _is_whole(self) -> bool:
        """Whether the line before is a derivative and nothing else."""
        return self.before.head == "diff" and len(self.derivatives) == 1

    def _derivative(self, node: Expr, value: Expr) -> str:
        variable = coq_name(self.variable)
        body = self._text(node.children[0])
        return f"derivable_pt_lim (fun {variable} => {body}) {variable} ({self._text(value)})"

    def _conclusion(self) -> str:
        if self._is_whole():
            return self._derivative(self.before, self.link.expr)
        put = {node: sym(f"{RATE}{n}") for n, node in enumerate(self.derivatives)}
        left, right = (transform(side, put.get) for side in (self.before, self.link.expr))
        return f"{self._text(left)} {self.link.relation} {self._text(right)}"

    def _read_conclusion(self) -> tuple[Expr, str, Expr]:
        if self._is_whole():
            return self.before, "=", self.link.expr
        put = {node: sym(f"{RATE}{n}") for n, node in enumerate(self.derivatives)}
        return transform(self.before, put.get), self.link.relation, transform(self.link.expr, put.get)

    def _goal(self) -> Lines:
        values = {f"{RATE}{n}": self._slope(node.children[0]) for n, node in enumerate(self.derivatives)}
        if self._is_whole():
            return self._differentiated(self.before, self.link.expr, values[f"{RATE}0"])
        lines: Lines = []
        for number, node in enumerate(self.derivatives):
            name = f"{RATE}{number}"
            proof = [f"apply (derivative_is _ _ _ _ H_{RATE}_{number})."]
            proof += self._differentiated(node, values[name], values[name])
            lines += asserted(f"P_{name}", f"{name} = {self._text(values[name])}", proof)
            lines.append(f"rewrite P_{name}.")
        left, _, right = self._read_conclusion()
        return lines + total_identity(substitute(left, values), substitute(right, values), self.context)

    def _differentiated(self, node: Expr, value: Expr, slope: Expr) -> Lines:
        """`derivable_pt_lim` with a value: by the rules, each sum summand by summand, and a comparison of what they
        give with the slope and with that value."""
        lines: Lines = []
        sums = dict.fromkeys(n for n in walk(node.children[0]) if n.head == "sum")
        for number, total in enumerate(sums):
            lines += self._summand_by_summand(f"P_slope_{number}", total)
        if not sums:
            identity(slope, value, self.context)  # raises Unproved when the derivative is another
            return [*lines, *self._by_rules(node.children[0], value, self.context)]
        lines += [
            f"apply (derive_is _ _ ({self._text(slope)})).",
            *braced(self._by_rules(node.children[0], slope, self.context)),
        ]
        return [*lines, *(["reflexivity."] if value == slope else total_identity(slope, value, self.context))]

    def _by_rules(self, body: Expr, value: Expr, context: Context) -> Lines:
        """The rules' own derivative, and by `field` that it is the value."""
        bare = [transform(tree, lambda n: num(0) if n.head == "sum" else None) for tree in (body, value)]
        atoms = Atoms(bare)
        lines, uses = prepared(atoms, context)
        rules = ["eapply derive_is.", *braced(["derives."]), "cbv beta; simpl INR; simpl pred."]
        return [*rules, *lines, field_with(uses)]

    def _summand_by_summand(self, name: str, total: Expr) -> Lines:
        """The derivative of a sum is the sum of the summands' derivatives."""
        variable, body = coq_name(self.variable), total.children[0]
        slope = Expr("sum", (total.name, self._slope(body)))
        claim = f"derivable_pt_lim (fun {variable} => {self._text(total)}) {variable} ({self._text(slope)})"
        parts = f"(fun {variable} i => {self._text(body)}) (fun i => {self._text(slope.children[0])})"
        proof = [
            f"apply (derive_psum n {parts}); {OPEN}",
            *self._by_rules(body, slope.children[0], self.context.within()),
        ]
        return asserted(name, claim, proof)

    def _slope(self, expr: Expr) -> Expr:
        """The derivative by the rules of sums, products, quotients, powers and exponentials."""
        kids = expr.children
        match expr.head:
            case "num":
                return num(0)
            case "sym":
                return num(1) if expr.name == self.variable else self._used_rates().get(expr.name, num(0))
            case "sum":
                return Expr("sum", (expr.name, self._slope(kids[0])))
            case "neg":
                return -self._slope(kids[0])
            case "add":
                return Expr("add", tuple(self._slope(kid) for kid in kids))
            case "mul":
                terms = [
                    Expr("mul", (*kids[:place], self._slope(kid), *kids[place + 1 :])) for place, kid in enumerate(kids)
                ]
                return Expr("add", tuple(terms))
            case "div":
                above, below = kids
                return (self._slope(above) * below - above * self._slope(below)) / below**2
            case "pow" if kids[1].head == "num" and kids[1].number > 0:
                power = kids[1].number
                return num(power) * kids[0] ** num(power - 1) * self._slope(kids[0])
            case "call" if expr.name == "exp":
                return expr * self._slope(kids[0])
        raise Unproved("the derivative of a function that is not written here")
