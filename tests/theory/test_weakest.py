"""The weakest assumptions of a step: planted claims of which the answer is known, and what the records say."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

import derivations
from theory import checker, kernel, step_needs, weakest
from theory.assumptions import Assumptions
from theory.chain import Chain
from theory.checker import Claim
from theory.cited import while_positive
from theory.expr import Expr, num, sym
from theory.rules import ALGEBRA, CERTIFICATE
from theory.step_needs import Needs, beyond, needs

MODEL = Assumptions.default().model()
H, SIGMA2, LAM, S, ALPHA = (sym(n) for n in ("h", "sigma2", "lambda_i", "s_i", "alpha"))
ONE = [(Fraction(1), {})]


def of(left: Expr, right: Expr | int = 0, by=CERTIFICATE) -> Needs:
    chain = Chain("planted", left, MODEL, "planted").ge(right, by)
    (report,) = kernel.check(chain)
    assert report.accepted, report.how
    return needs(chain, 1, report)


def claim(terms, domains, **more) -> Claim:
    return Claim(terms, ONE, more.pop("definitions", {}), domains, **more)


def test_a_nonnegative_symbol_by_itself_is_needed() -> None:
    assert of(LAM).in_words == {"lambda_i": "nonnegative"}


def test_a_square_may_be_of_any_number_and_what_stands_beside_it_may_not() -> None:
    assert of(SIGMA2**2 + LAM).in_words == {"lambda_i": "nonnegative", "sigma2": "real"}


def test_pieces_that_are_let_in_stand_together_and_not_only_one_by_one() -> None:
    """x y >= 0 where x and y are not negative: neither may be. x^2 y^2 >= 0: both may be. And x y + x^2 y^2 not."""
    assert set(of(SIGMA2 * LAM).in_words.values()) == {"nonnegative"}
    assert set(of(SIGMA2**2 * LAM**2).in_words.values()) == {"real"}
    both = [claim([(Fraction(1), {"x": 1, "y": 1})], {"x": "nonnegative", "y": "nonnegative"})]
    assert weakest.weakest(both, {"x": "nonnegative", "y": "nonnegative"}) == {}


def test_of_two_that_can_each_be_let_go_only_one_is() -> None:
    """1/(x + y) is positive while one of them is: the first may be 0 beside a positive second, and then not both."""
    fraction = Claim(ONE, [(Fraction(1), {"x": 1}), (Fraction(1), {"y": 1})], {}, {"x": "positive", "y": "positive"})
    assert weakest.may_let_in([fraction], "x", "= 0") and weakest.may_let_in([fraction], "y", "= 0")
    assert weakest.weakest([fraction], dict(fraction.domains)) == {"x": ("= 0",)}


@pytest.mark.parametrize(
    ("terms", "let_in"),
    [
        ([(1, {"u": 1})], ("> 1",)),  # u >= 0: no upper end is needed
        ([(1, {}), (-1, {"u": 1})], ("< 0",)),  # 1 - u >= 0: no lower end
        ([(1, {"u": 1}), (-1, {"u": 2})], ()),  # u (1 - u): both ends
        ([(1, {"u": 2})], ("< 0", "> 1")),
    ],
)
def test_the_two_ends_of_a_unit_domain_are_let_go_one_by_one(terms, let_in) -> None:
    planted = claim([(Fraction(q), p) for q, p in terms], {"u": "unit"})
    assert weakest.weakest([planted], {"u": "unit"}).get("u", ()) == let_in


def test_an_open_domain_lets_in_its_ends_first() -> None:
    planted = claim([(Fraction(1), {"w": 1}), (Fraction(-1), {"w": 2})], {"w": "inner"})
    assert weakest.weakest([planted], {"w": "inner"}) == {"w": ("= 0", "= 1")}
    strict = claim([(Fraction(1), {"w": 1})], {"w": "inner"}, strict=True)
    assert weakest.weakest([strict], {"w": "inner"}) == {"w": ("= 1", "> 1")}


def test_a_denominator_counts_even_where_it_cancels() -> None:
    """h/h - 1 >= 0 comes down to 0 >= 0, and yet it has no value at h = 0."""
    assert of(H / H, 1).in_words == {"h": "nonnegative or < 0"} or of(H / H, 1).in_words == {"h": "positive"}
    assert "= 0" not in of(H / H, 1).let_in.get("h", ())


def test_the_sign_of_a_logarithm_s_factor_counts() -> None:
    """s ln(1 + h) >= 0: by the bound of the logarithm, whose direction hangs on the sign of s."""
    from theory.expr import log
    from theory.rules import LOG_BOUNDS

    assert "< 0" not in of(LAM * log(1 + H), 0, LOG_BOUNDS).let_in.get("lambda_i", ())


def test_a_condition_on_which_nothing_rests_is_left_out_and_one_below_a_fraction_bar_is_not() -> None:
    free = sym("v_start")
    assert of(H, 0, CERTIFICATE & while_positive(free)).conditions == ()
    assert of(H + free / free - 1, 0, CERTIFICATE & while_positive(free)).conditions == (free,)


def test_what_follows_from_the_rest_is_said_to() -> None:
    """R > 0 follows from r > 0 and R - r > 0, on which the root rests."""
    r, later = sym("r"), sym("R")
    chain = Chain("planted", (later - r) / (later - r) + 1 / later, MODEL, "planted")
    chain.ge(1, CERTIFICATE & while_positive(later - r))
    found = needs(chain, 1, kernel.check(chain)[0])
    assert found.conditions == (later - r,) and sym("R") in found.follows
    assert found.in_words == {"R": "real", "r": "positive"}


def test_tags_follow_the_domains() -> None:
    found = of(ALPHA**2 * LAM)
    assert found.tags == ("nonnegative-latent",)
    assert found.unneeded == ("acute-angles", "nonnegative-noise", "positive-time", "real-signal", "sizes")


def test_what_is_let_in_has_certificates_that_the_checker_accepts() -> None:
    chain = Chain("planted", SIGMA2**2 + LAM, MODEL, "planted").ge(0)
    (report,) = kernel.check(chain)
    shown = beyond(needs(chain, 1, report), report)
    assert len(shown) == 1 and shown[0].claim.domains == {"lambda_i": "nonnegative", "sigma2 below 0": "positive"}
    for one in shown:
        checker.check(one.claim, one.evidence)


def test_mutant_a_checker_that_accepts_all_lets_everything_in(monkeypatch) -> None:
    """What is let in hangs on the checker alone."""
    monkeypatch.setattr(weakest, "shown", lambda claim: object())
    assert set(of(SIGMA2 * LAM + H).in_words.values()) == {"real"}


def test_mutant_without_the_denominators_an_end_would_be_let_in(monkeypatch) -> None:
    monkeypatch.setattr(step_needs, "wanted_positive", lambda node: [])
    assert "= 0" in of(H / H + LAM, 1).let_in.get("h", ("= 0",))
    assert of(H / H + LAM, 1).in_words == {"lambda_i": "nonnegative"}


def test_an_identity_has_no_such_record() -> None:
    chain = Chain("planted", H + H, MODEL, "planted").eq(2 * H, ALGEBRA).ge(num(0))
    assert [step_needs.has_needs(link) for link in chain.links] == [False, True]


@pytest.mark.parametrize("name", ["two-sided-bound", "sample-angles", "regularity"])
def test_the_record_says_what_is_found(name: str) -> None:
    derivation = derivations.load(name).derive(Assumptions.default())
    path = Path(derivations.__file__).parent / name / "result.json"
    proof = json.loads(path.read_text(encoding="utf-8"))["proof"]
    for chain, written in zip(derivation.chains, proof, strict=True):
        for report, link, step in zip(kernel.check(chain), chain.links, written["steps"], strict=True):
            assert ("assumes" in step) == step_needs.has_needs(link)
            if "assumes" in step:
                found = needs(chain, report.step, report)
                assert step["assumes"]["domains"] == found.in_words and step["assumes"]["tags"] == list(found.tags)


@pytest.mark.parametrize("name", derivations.ids())
def test_a_statement_assumes_what_its_steps_do(name: str) -> None:
    """And of an inequality no domain of a symbol that its lines do not hold."""
    derivation = derivations.load(name).derive(Assumptions.default())
    path = Path(derivations.__file__).parent / name / "result.json"
    proof = json.loads(path.read_text(encoding="utf-8"))["proof"]
    for chain, written in zip(derivation.chains, proof, strict=True):
        for link, step in zip(chain.links, written["steps"], strict=True):
            needed = set(step["assumes"]["tags"]) if "assumes" in step else link.rule.needs
            assert needed <= derivation.stated_needs, (chain.name, needed - derivation.stated_needs)


def test_domains_of_symbols_that_stand_beside_a_step() -> None:
    chain = Chain("planted", SIGMA2 * LAM, MODEL, "planted").ge(num(0), by=CERTIFICATE)
    beside = step_needs.domains_beside(chain.start, chain.links[0], MODEL)
    assert {"positive-time", "acute-angles", "tolerance"} <= beside
    assert not beside & {"nonnegative-latent", "nonnegative-noise", "orthonormal-encoder"}
    named = Chain("planted", sym("a_i"), MODEL, "planted").ge(num(0), by=CERTIFICATE)  # alpha^2 lambda_i
    assert not {"nonnegative-latent", "real-signal"} & step_needs.domains_beside(named.start, named.links[0], MODEL)
