"""Steps as Coq theorems: coqc accepts them, and refuses each planted error; the statement is bound to the step."""

import re
import shutil

import pytest
from coq_mutants import NAME, Mutant, credulous, false_links, file_of, has_proof, steps, without_hypothesis

import derivations
from latentreuse.coq_backend import foreign_axioms, run_coqc
from theory import coq_writer
from theory.assumptions import Assumptions
from theory.chain import Chain, Link
from theory.coq import Theorem, is_rational_step, theorem, theorems
from theory.coq_context import Unproved
from theory.coq_file import coq_theorems, theorem_file
from theory.coq_text import Moving
from theory.coq_writer import Misread, Writer
from theory.derivation import Derivation
from theory.expr import Expr, sym

needs_coqc = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed (Debian: coq)")
DEFAULT = Assumptions.default()

# a step of each kind: an identity, an inequality with a certificate, sums over planes with logarithms
THREE = (("two-sided-bound", "chain2_step1"), ("mixture-spectrum", "chain8_step1"), ("exact-kl", "chain4_step3"))

# results whose steps get errors planted
ATTACKED = (
    "two-sided-bound",
    "frozen-latent-error",
    "limits",
    "monotonicity",
    "sample-angles",
    "mixture-spectrum",
    "unequal-dimensions",
    "parameterizations",
    "reuse-horizon",
    "regularity",
)


def derived(result: str) -> Derivation:
    found: Derivation = derivations.load(result).derive(DEFAULT)
    return found


def accepted(text: str, seconds: float = 120) -> str:
    """Empty when coqc accepts the file; else what it says."""
    done = run_coqc(text, "claimed.v", seconds)
    assert done is not None, "coqc had no answer in time"
    return done[1]


def step_of(result: str, name: str) -> tuple[Chain, Expr, Link]:
    found = re.fullmatch(r"chain(\d+)_step(\d+)", name)
    assert found is not None
    chain = derived(result).chains[int(found[1]) - 1]
    before, link = list(steps(chain))[int(found[2]) - 1]
    return chain, before, link


@needs_coqc
@pytest.mark.parametrize(("result", "name"), THREE)
def test_coq_accepts_a_step_of_each_kind(result: str, name: str) -> None:
    chain, before, link = step_of(result, name)
    assert accepted(file_of(theorem(NAME, before, link, chain.model, chain.name))) == ""


@needs_coqc
def test_a_theorem_without_proof_is_not_accepted() -> None:
    text = f"Theorem {NAME} :\n  1 = 2.\nProof.\nAdmitted.\n"
    assert "rests on claimed" in accepted(file_of(text))


@needs_coqc
def test_a_loop_ends_with_the_time() -> None:
    text = f"Theorem {NAME} :\n  1 = 2.\nProof.\n  repeat (apply eq_sym).\nQed.\n"
    assert run_coqc(file_of(text), "claimed.v", 3) is None


@pytest.mark.parametrize("result", ["two-sided-bound", "exact-kl", "exact-w2"])
def test_the_text_is_the_same_each_time(result: str) -> None:
    once, again = (theorem_file(coq_theorems(derived(result))[0]) for _ in range(2))
    assert once == again
    assert once.isascii() or not once.encode("utf-8").decode("utf-8").isprintable()


def test_every_step_has_a_theorem_or_a_reason() -> None:
    for result in ("two-sided-bound", "exact-w2", "principal-planes", "misaligned-covariance"):
        found, left = coq_theorems(derived(result))
        total = sum(len(chain.links) for chain in derived(result).chains)
        assert len(found) + len(left) == total
        assert all(one.reason for one in left)
        assert len({one.name for one in found}) == len(found)


def test_a_step_about_matrices_is_none_of_these() -> None:
    chain = derived("target-score").chains[0]
    assert is_rational_step(chain.start, chain.links[0])


def test_denominators_are_not_supposed_to_differ_from_zero() -> None:
    for result in ("two-sided-bound", "frozen-latent-error", "source-score"):
        for one in coq_theorems(derived(result))[0]:
            assert "<> 0" not in one.text.partition("Proof.")[0]


def test_no_proof_is_left_open() -> None:
    for result in ("two-sided-bound", "limits"):
        for one in coq_theorems(derived(result))[0]:
            assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Hypothesis|Variable)\b", one.text)
            assert one.text.rstrip().endswith("Qed.")


def _slipping(monkeypatch: pytest.MonkeyPatch, right: str, wrong: str) -> None:
    """Everything is written with one error."""
    write = coq_writer.coq

    def slip(expr: Expr, *, planes: bool = False, moving: Moving | None = None) -> str:
        return write(expr, planes=planes, moving=moving).replace(right, wrong)

    monkeypatch.setattr(coq_writer, "coq", slip)


@pytest.mark.parametrize(
    ("result", "name", "right", "wrong", "where"),
    [
        ("two-sided-bound", "chain1_step1", "h ^ 2", "h ^ 3", "the statement"),
        ("two-sided-bound", "chain1_step1", "1 / ", "2 / ", "the statement"),
        ("two-sided-bound", "chain1_step1", "h + nu", "h - nu", "H_is_c"),
        ("two-sided-bound", "chain13_step1", "sin_i i ^ 2", "sin_i i", "H_is_s_i"),
        ("two-sided-bound", "chain13_step1", "1 - s_i i", "1 + s_i i", "the statement"),
        ("continuous-sampler", "chain28_step1", "R_ - r", "R_ + r", "the statement"),
        ("monotonicity", "chain6_step1", "sigma2 ^ 2", "sigma2 ^ 3", "the statement"),
        ("forward-marginal", "chain6_step1", "h_at t", "alpha_at t", "the statement"),
        ("forward-marginal", "chain6_step1", "h_dot", "alpha_dot", "the statement"),
    ],
)
def test_what_reads_otherwise_is_not_given_out(
    result: str, name: str, right: str, wrong: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, before, link = step_of(result, name)
    assert right in theorem(NAME, before, link, chain.model, chain.name)
    _slipping(monkeypatch, right, wrong)
    with pytest.raises(Misread, match=where):
        theorem(NAME, before, link, chain.model, chain.name)


def test_a_relation_turned_round_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    chain, before, link = step_of("two-sided-bound", "chain1_step1")
    straight = Writer._conclusion
    monkeypatch.setattr(Writer, "_conclusion", lambda self: straight(self).replace(" <= ", " >= "))
    with pytest.raises(Misread):
        theorem(NAME, before, link, chain.model, chain.name)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("Closed under the global context\n", ""),
        ("Axioms:\nClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}\n", ""),
        ("Axioms:\nClassicalDedekindReals.sig_forall_dec\n  : forall P : nat -> Prop,\n    {n : nat | ~ P n}\n", ""),
        ("Axioms:\nmine : 1 = 2\nClassicalDedekindReals.sig_not_dec : x\n", "rests on mine"),
        ("Axioms:\nmine\n  : 1 = 2\n", "rests on mine"),
        ("", "does not say"),
        ("mine : 1 = 2\n", "does not say"),
    ],
)
def test_only_the_axioms_of_the_reals_are_allowed(printed: str, found: str) -> None:
    assert (found in foreign_axioms(printed)) if found else foreign_axioms(printed) == ""


def mutants(monkeypatch: pytest.MonkeyPatch) -> list[Mutant]:
    """At most five false claims of each result, of as many kinds as there are, each with its proof written out."""
    found: list[tuple[str, Chain, Expr, Link]] = []
    for result in ATTACKED:
        used: set[str] = set()
        for chain in derived(result).chains:
            for before, link in steps(chain):
                if link.form not in ("normal form", "certificate") or not has_proof(before, link, chain.model):
                    continue
                for kind, wrong in false_links(before, link, chain.model):
                    if kind not in used:
                        used.add(kind)
                        found.append((f"{result}, {chain.name}: {kind}", chain, before, wrong))
            if len(used) == 5:
                break
    credulous(monkeypatch)
    planted = []
    for what, chain, before, wrong in found:
        try:
            planted.append(Mutant(what, theorem(NAME, before, wrong, chain.model, "")))
        except Unproved:  # such as a root of something without a sign: no proof even for the credulous
            continue
    return planted


@needs_coqc
@pytest.mark.coq
def test_coq_refuses_every_planted_error(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = mutants(monkeypatch)
    assert len(planted) >= 30
    assert len({one.what.split(",")[0] for one in planted}) >= 8
    assert not [one.what for one in planted if not accepted(file_of(one.text))]


@needs_coqc
@pytest.mark.coq
@pytest.mark.parametrize(
    ("result", "name", "hypothesis"),
    [
        ("two-sided-bound", "chain1_step1", "H_in_h"),
        ("two-sided-bound", "chain1_step1", "H_is_c"),
        ("two-sided-bound", "chain1_step1", "H_in_s_i"),
        ("two-sided-bound", "chain3_step1", "H_is_nu"),
        ("two-sided-bound", "chain13_step1", "H_circle"),
        ("two-sided-bound", "chain13_step1", "H_is_s_i"),
        ("limits", "chain1_step1", "H_in_sigma2"),
    ],
)
def test_coq_needs_every_one_of_these_hypotheses(result: str, name: str, hypothesis: str) -> None:
    chain, before, link = step_of(result, name)
    text = theorem(NAME, before, link, chain.model, chain.name)
    assert accepted(file_of(text)) == ""
    assert accepted(file_of(without_hypothesis(text, hypothesis)))


@needs_coqc
@pytest.mark.coq
@pytest.mark.parametrize("wrong", [sym("h") + 2 * sym("nu"), sym("h") - sym("nu"), sym("h"), sym("nu")])
def test_coq_refuses_a_wrong_definition(wrong: Expr) -> None:
    chain, before, link = step_of("two-sided-bound", "chain13_step1")
    text = theorem(NAME, before, link, chain.model, chain.name)
    right = "(H_is_c : c = h + nu)"
    assert right in text
    assert accepted(file_of(text.replace(right, f"(H_is_c : c = {coq_writer.coq(wrong)})")))


@needs_coqc
@pytest.mark.coq
@pytest.mark.parametrize("result", derivations.ids())
def test_coq_accepts_every_theorem(result: str) -> None:
    found, _ = coq_theorems(derived(result))
    if found:
        assert accepted(theorem_file(found), 600) == ""


def test_theorems_are_named_by_chain_and_step() -> None:
    found, _ = theorems("regularity", derived("regularity").chains)
    assert all(isinstance(one, Theorem) and f"Theorem {one.name} :" in one.text for one in found)
