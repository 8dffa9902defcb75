"""Lemmas that rewrite, replace, invert, and what they hold under."""

from typing import Any

from lines import power, t, times, tr, word
from tiny import claim, fraction, lemma, letter, reason

A, B, C, U = letter("A"), letter("B"), letter("C"), letter("U", "D", "k")
X, Y = letter("x", "D", "1"), letter("y", "D", "1")
P = {"p": "positive", "q": "positive", "n": "nonnegative"}
NONE = fraction()
f = fraction
p, q, n = (("1", {x: 1}) for x in "pqn")
IS_P = ["certificate", f(p)]
IS_Q = ["certificate", f(q)]


LEMMA = {"result": "one", "chain": "lemma", "steps": 1}


def rests(left: Any, right: Any, grants: str, made: Any, *evidence: Any, **facts: Any) -> str:
    """A claim that rests on a lemma."""
    whole = claim(left, "=", right, lemmas=[{**LEMMA, "grants": grants}], **facts)
    return reason(whole, *evidence, lemmas={"lemma": made})


def test_lemmas_that_rewrite() -> None:
    square = lemma(word(A, A), A)
    assert rests(word(A, A, A), A, "rewrite", square, "closed") == ""
    assert rests(word(A, A, A), B, "rewrite", square, "closed") == "the two sides are not equal"
    assert rests(word(B, B), B, "rewrite", square, "closed") == "the two sides are not equal"
    assert rests(A, A, "rewrite", lemma(word(A, A), A, "<="), "same") == "an inequality rewrites nothing"
    for first in (times(2, A), ["Divide", A, "x"], ["Identity", "D"]):
        assert rests(A, A, "rewrite", lemma(first, A), "same") == "a lemma about no product of letters"
    assert rests(A, A, "rewrite", lemma(["Add", A, B], A), "same") != ""
    scaled = rests(A, A, "rewrite", lemma(times("x", A), A), "same", meanings={"x": 1})
    assert scaled == "a lemma about no product of letters"
    assert rests(
        A, A, "rewrite", lemma(word(letter("A", "k", "k"), letter("B", "k", "k")), letter("B", "k", "k")), "same"
    ) == ("A is used in two sizes or kinds")
    mirrored = lemma(word(A, letter("S", kind="sym")), B)
    assert rests(word(letter("S", kind="sym"), t(A)), t(B), "rewrite", mirrored, "closed") == ""


def test_lemmas_that_replace() -> None:
    assert rests(times(2, tr(A)), times(2, "x"), "replacement", lemma(tr(A), "x"), "same") == ""
    assert rests("y", 5, "replacement", lemma("y", ["Add", 2, 3]), "closed") == ""
    assert rests("y", 6, "replacement", lemma("y", ["Add", 2, 3]), "closed") == "the two sides are not equal"
    assert rests("y", 5, "replacement", lemma("y", 5, ">="), "closed") == "an inequality rewrites nothing"
    assert (
        rests("y", 5, "replaced", lemma("y", 5), "closed") != ""
        and rests("y", 5, "Gram", lemma("y", 5), "closed") != ""
    )


def test_lemmas_that_invert() -> None:
    domains = {"domains": {"c": "positive", "a_i": "positive"}}
    inside = ["certificate", f(("1", {"c": 1})), "certificate", f(("1", {"a_i": 1}), ("1", {"c": 1}))]
    found = lemma(word(A, B), ["Identity", "D"])
    assert rests(["Inverse", A], B, "inverse", found, *inside, "same", **domains) == ""
    assert rests(["Inverse", A], A, "inverse", found, *inside, "closed", **domains) == "the two sides are not equal"
    assert rests(["Inverse", B], A, "inverse", found, *inside, "closed", **domains) == "the two sides are not equal"
    assert (
        rests(
            ["Inverse", A], word(B, C), "inverse", lemma(word(A, B, C), ["Identity", "D"]), *inside, "same", **domains
        )
        == ""
    )
    for made in (lemma(word(A, B), C), lemma(times(2, A), ["Identity", "D"])):
        assert rests(A, A, "inverse", made, "same") == "a lemma that shows no inverse"


def test_lemmas_on_gram_matrices() -> None:
    nothing = ["Zero", "D", "D"]
    found, gram = lemma(word(t(A), A), nothing), {"cites": ["Gram"]}
    assert rests(A, nothing, "Gram", found, "same", **gram) == "" and rests(A, A, "Gram", found, "same", **gram) == ""
    assert rests(B, nothing, "Gram", found, "closed", **gram) == "the two sides are not equal"
    both = lemma(word(t(word(A, B)), A, B), nothing)
    assert rests(word(A, B), nothing, "Gram", both, "same", **gram) == ""
    assert rests(word(A, B), nothing, "Gram", both, "same") == "a lemma on no Gram matrix"
    for kind, made, facts in (
        ("Gram", found, {}),
        ("gram", found, gram),
        ("Gram", lemma(word(t(A), A), B), gram),
        ("Gram", lemma(word(A, A), nothing), gram),
        ("Gram", lemma(word(t(B), A), nothing), gram),
        ("Gram", lemma(word(A, t(A)), nothing), gram),
    ):
        assert rests(A, A, kind, made, "same", **facts) == "a lemma on no Gram matrix", (kind, made)


def test_what_a_lemma_holds_under() -> None:
    stated = lemma("x", "y", conditions=["p"])
    assert rests("x", "y", "replacement", stated, *IS_P, "same", domains=P) == ""
    assert rests("x", "y", "replacement", stated, "certificate", f(n), "same", domains=P) != ""
    assert rests("x", "y", "replacement", stated, "same", domains=P) == "evidence of another kind"
    assert "nothing says" in rests("x", "y", "replacement", stated, *IS_P, "same")
    assert rests("x", "y", "replacement", stated, ["above", 0], "certificate", "same", conditions=["p"]) == ""
    signal = lemma("x", "y", conditions=["alpha", power("alpha", 2)])
    assert rests("x", "y", "replacement", signal, "same") == ""
    named = lemma("x", "y", conditions=["alpha", power("alpha", 2)], named=True)
    assert rests("x", "y", "replacement", named, "same") == "evidence of another kind"
