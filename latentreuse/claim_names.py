"""The names that a claim may use: the theory's symbols, and quantities of the catalogue by a name each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import derivations
from latentreuse.catalogue import emitted, is_emitted

if TYPE_CHECKING:
    from theory.expr import Expr

# name in a claim: result, its output
QUANTITIES: Final[dict[str, tuple[str, str]]] = {
    "E": ("frozen-latent-error", "E"),
    "E_lower": ("two-sided-bound", "lower"),
    "E_upper": ("two-sided-bound", "upper"),
    "F": ("schedule-invariance", "F"),
    "K2": ("limits", "K2"),
    "K3": ("limits", "K3"),
    "KL": ("exact-kl", "KL"),
    "W2sq": ("exact-w2", "W2^2"),
    "gap": ("in-latent-gap", "gap"),
    "E_star": ("noise-aware-decoder", "E*"),
    "gain": ("noise-aware-decoder", "gain"),
    "gamma_star": ("noise-aware-decoder", "gamma*"),
    "frozen_score": ("frozen-score", "E"),
    "source_score": ("source-score", "E"),
    "sde_i": ("continuous-sampler", "SDE along u_i"),
    "flow_i": ("continuous-sampler", "flow along u_i"),
    "sde_spare": ("continuous-sampler", "SDE along a spare direction"),
    "flow_spare": ("continuous-sampler", "flow along a spare direction"),
    "sde_rest": ("continuous-sampler", "SDE in the complement"),
    "flow_rest": ("continuous-sampler", "flow in the complement"),
}
# parts of E: what is left of it at angle 0, and the rest
PARTS: Final = {"E_ambient": "E", "E_misalignment": "E"}
SOURCED: Final = frozenset({"frozen_score", "source_score"})  # where d counts a direction for each of the encoder
ALL_QUANTITIES: Final = (*QUANTITIES, *PARTS)


@dataclass(frozen=True)
class Quantity:
    """A quantity as it enters a claim: its closed form, the one without cancellation that is derived from it, and how
    far both are proved."""

    name: str
    result: str
    closed: "Expr"
    stable: "Expr"
    verdict: str
    trust: str
    proper: bool
    needs: frozenset[str] = frozenset()


def quantity(name: str) -> Quantity:
    """A quantity's derived closed form under the default assumptions, of which every choice in a claim is a special
    case; with the verdict as it is emitted, or checked now if it is not."""
    from theory.assumptions import Assumptions
    from theory.expr import num, substitute
    from theory.fold import fold

    result, output = QUANTITIES[PARTS.get(name, name)]
    derivation = derivations.load(result).derive(Assumptions.default())
    closed, stable = next((o.closed, o.stable) for o in derivation.outputs if o.name == output)
    if name in PARTS:
        ambient = fold(substitute(closed, {"s_i": num(0)}))
        closed = stable = ambient if name == "E_ambient" else closed - ambient
    if is_emitted(result):
        found = emitted(result)
        verdict, trust = found.verdict, found.trust
    else:
        checked = derivation.check()
        verdict, trust = checked.verdict.name, checked.trust
    proper = "proper-encoder" in derivation.own_needs
    return Quantity(name, result, closed, stable, verdict, trust, proper, derivation.stated_needs)
