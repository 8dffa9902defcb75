"""The checker of certificates, against random claims, random tampering, and exact evaluation at random points.

The tests have their own arithmetic: a claim is built as a sum of products of factors that are nonnegative by form,
multiplied out here, and evaluated here. Nothing of `checker.py` but its public names is used.
"""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from theory import certificate
from theory.checker import Claim, Evidence, Refused, check, shifted

POSITIVE, NONNEGATIVE, UNITS = ("x", "v"), ("y", "z"), ("u", "w")
DOMAINS = {
    **dict.fromkeys(POSITIVE, "positive"),
    **dict.fromkeys(NONNEGATIVE, "nonnegative"),
    **dict.fromkeys(UNITS, "unit"),
}
# b is a sum, e is a ratio: the two kinds of abbreviation that the theory has
DEFINITIONS = {
    "b": ([(Fraction(1), {"x": 1}), (Fraction(2), {"y": 1})], [(Fraction(1), {})]),
    "e": ([(Fraction(3), {"y": 1})], [(Fraction(1), {"x": 1})]),
}
COUNT = 2_000
SEED = 20_260_513


# --- a polynomial is a dictionary from sorted tuples of names, with repetition, to fractions ------------------------


def times(left, right):
    total = {}
    for u, a in left.items():
        for v, b in right.items():
            key = tuple(sorted(u + v))
            total[key] = total.get(key, 0) + a * b
    return {key: value for key, value in total.items() if value}


def plus(left, right):
    total = dict(left)
    for key, value in right.items():
        total[key] = total.get(key, 0) + value
    return {key: value for key, value in total.items() if value}


def terms(poly):
    return [(Fraction(value), {name: key.count(name) for name in key}) for key, value in sorted(poly.items())]


def value_of(some_terms, point):
    total = Fraction(0)
    for coefficient, powers in some_terms:
        for name, power in powers.items():
            coefficient *= point[name] ** power
        total += coefficient
    return total


def occurring(claim):
    """The names in the claim, and those in the definitions of these."""
    names = {name for part in (claim.numerator, claim.denominator) for _, powers in part for name in powers}
    used = names & set(claim.definitions) - set(claim.domains)
    return names | {n for name in used for part in claim.definitions[name] for _, powers in part for n in powers}


def point_of(claim, rng, *, boundary=False):
    """A point of the claim's own domains, with p and q of each unit variable, and the definitions' values."""
    point = {}
    for name, domain in claim.domains.items():
        size = Fraction(rng.randint(1, 40), rng.randint(1, 20))
        if domain == "positive":
            point[name] = size
        elif domain == "nonnegative":
            point[name] = Fraction(0) if boundary and rng.random() < 0.7 else size
        elif domain == "unit":
            p, q = rng.randint(0, 6), rng.randint(0, 6)
            if boundary and rng.random() < 0.7:
                p, q = rng.choice([(0, 1), (1, 0)])
            p, q = (p, q) if p + q else (1, 2)
            point.update({name: Fraction(p, p + q), f"{name}~p": Fraction(p), f"{name}~q": Fraction(q)})
    for name, (top, bottom) in claim.definitions.items():
        if name not in point and name in occurring(claim):
            point[name] = value_of(top, point) / value_of(bottom, point)
    return point


def factor(rng):
    """Something nonnegative by its form: a variable, one minus a unit, or an abbreviation less its first part."""
    kind = rng.randrange(6)
    if kind == 0:
        name = rng.choice(UNITS)
        return {(): Fraction(1), (name,): Fraction(-1)}
    if kind == 1:
        return {("b",): Fraction(1), ("x",): Fraction(-1)}
    if kind == 2:
        return {("e",): Fraction(1)}
    return {(rng.choice(POSITIVE + NONNEGATIVE + UNITS),): Fraction(1)}


def nonnegative(rng, count):
    total = {}
    for _ in range(count):
        product = {(): Fraction(rng.randint(1, 9), rng.randint(1, 9))}
        for _ in range(rng.randint(1, 2)):
            product = times(product, factor(rng))
        total = plus(total, product)
    return total


def positive(rng):
    """Positive by its form: at each end of every unit variable something is left."""
    rest = rng.choice(
        [{}, {(rng.choice(NONNEGATIVE),): Fraction(1)}, {(rng.choice(UNITS),): Fraction(2)}, {("b",): Fraction(1)}]
    )
    return plus({(rng.choice(POSITIVE),): Fraction(rng.randint(1, 5))}, rest)


def build(rng):
    strict = rng.random() < 0.4
    numerator = nonnegative(rng, rng.randint(1, 2))
    if strict:
        numerator = plus(numerator, positive(rng))
    claim = Claim(terms(numerator), terms(positive(rng)), DEFINITIONS, DOMAINS, strict)
    evidence = shifted(claim)
    if rng.random() < 0.3:  # a common multiple is evidence as good
        scale = Fraction(rng.randint(1, 7), rng.randint(1, 7))
        evidence = Evidence(
            [(c * scale, p) for c, p in evidence.numerator], [(c * scale, p) for c, p in evidence.denominator]
        )
    return claim, evidence


def accepts(claim, evidence):
    try:
        check(claim, evidence)
    except Refused:
        return False
    return True


@pytest.fixture(scope="module")
def valid():
    rng = random.Random(SEED)
    return [build(rng) for _ in range(COUNT)]


def test_valid_certificates_are_accepted(valid):
    for claim, evidence in valid:
        check(claim, evidence)


def test_the_shifted_polynomial_has_the_claim_s_values(valid):
    rng = random.Random(SEED + 1)
    for claim, evidence in valid:
        point = point_of(claim, rng)
        top, bottom = value_of(claim.numerator, point), value_of(claim.denominator, point)
        assert top / bottom == value_of(evidence.numerator, point) / value_of(evidence.denominator, point)
        assert top / bottom > 0 or not claim.strict


# --- tampering ------------------------------------------------------------------------------------------------------


def _changed(some_terms, rng, how):
    """One monomial's coefficient, exponent or variable changed, or the monomial dropped."""
    changed = [(coefficient, dict(powers)) for coefficient, powers in some_terms]
    place = rng.randrange(len(changed))
    coefficient, powers = changed[place]
    if how == "sign":
        changed[place] = (-coefficient, powers)
    elif how == "size":
        changed[place] = (coefficient + Fraction(rng.choice([-1, 1]), rng.randint(1, 10**6)), powers)
    elif how == "dropped":
        del changed[place]
    elif how == "exponent":
        name = rng.choice(sorted(powers) or sorted(DOMAINS))
        powers[name] = powers.get(name, 0) + 1
    elif how == "renamed":
        old = rng.choice(sorted(powers) or [None])
        fresh = rng.choice([n for n in (*DOMAINS, "b", "e") if n != old])
        powers[fresh] = powers.get(fresh, 0) + (powers.pop(old) if old else 1)
    return changed


WEAKER = {"positive": ("nonnegative", "unit"), "nonnegative": ("unit",), "unit": ("nonnegative", "positive")}
FIELDS = ("sign", "size", "dropped", "exponent", "renamed")


def tamper(claim, evidence, rng):
    how = rng.choice((*FIELDS, *FIELDS, "domain", "no domain", "strict", "definition", "evidence"))
    if how in FIELDS:
        side = rng.choice(("numerator", "denominator"))
        return replace(claim, **{side: _changed(getattr(claim, side), rng, how)}), evidence
    if how == "domain":
        name = rng.choice(sorted(DOMAINS))
        return replace(claim, domains={**DOMAINS, name: rng.choice(WEAKER[DOMAINS[name]])}), evidence
    if how == "no domain":
        name = rng.choice(sorted(DOMAINS))
        return replace(claim, domains={n: q for n, q in DOMAINS.items() if n != name}), evidence
    if how == "strict":
        return replace(claim, strict=not claim.strict), evidence
    if how == "definition":
        name = rng.choice(sorted(DEFINITIONS))
        top, bottom = DEFINITIONS[name]
        wrong = {**DEFINITIONS, name: (_changed(top, rng, rng.choice(("sign", "size", "exponent"))), bottom)}
        return replace(claim, definitions=wrong), evidence
    side = rng.choice(("numerator", "denominator"))
    return claim, replace(evidence, **{side: _changed(getattr(evidence, side), rng, rng.choice(FIELDS))})


def same_and_true(claim, evidence, rng):
    """Whether the evidence still has the claim's values, and the claim holds, at points of the claim's own domains.

    Without a domain for a variable that occurs there is nothing to evaluate, and nothing to accept.
    """
    if not occurring(claim) <= set(claim.domains) | set(claim.definitions):
        return False
    for attempt in range(4):
        try:
            point = point_of(claim, rng, boundary=attempt % 2 == 1)
        except (KeyError, ZeroDivisionError):
            return False
        bottom = value_of(claim.denominator, point)
        if not bottom:
            return False
        value = value_of(claim.numerator, point) / bottom
        shown = {name for part in (evidence.numerator, evidence.denominator) for _, p in part for name in p}
        if not shown <= set(point):
            return False
        if value * value_of(evidence.denominator, point) != value_of(evidence.numerator, point):
            return False
        if value < 0 or (claim.strict and value == 0):
            return False
    return True


def test_tampered_certificates_are_refused(valid):
    """Accepted after tampering is only what is still the same function, and still true."""
    rng = random.Random(SEED + 2)
    kept = 0
    for claim, evidence in valid:
        tampered = tamper(claim, evidence, rng)
        if accepts(*tampered):
            kept += 1
            assert same_and_true(*tampered, rng), tampered
    assert kept < COUNT // 4, "tampering that changes nothing tests nothing"


@pytest.mark.parametrize("how", FIELDS)
def test_every_changed_monomial_is_refused(valid, how):
    """A single changed monomial of the numerator is another function: the evidence does not match, and is refused."""
    rng = random.Random(SEED + 3)
    for claim, evidence in valid[:100]:
        changed = _changed(claim.numerator, rng, how)
        tampered = replace(claim, numerator=changed)
        point = {**point_of(claim, rng), **point_of(tampered, rng)}
        if value_of(changed, point) != value_of(claim.numerator, point):
            assert not accepts(tampered, evidence)


def test_strictness_is_looked_at():
    claim = Claim([(Fraction(1), {"y": 1})], [(Fraction(1), {})], {}, {"y": "nonnegative"})
    check(claim, shifted(claim))
    with pytest.raises(Refused, match="may vanish"):
        check(replace(claim, strict=True), shifted(claim))


# --- false claims ---------------------------------------------------------------------------------------------------


def test_false_inequalities_are_refused():
    """Claims with a negative value somewhere, with honest evidence and with evidence whose signs are mended."""
    rng = random.Random(SEED + 4)
    false = 0
    while false < 200:
        good, bad = nonnegative(rng, 2), nonnegative(rng, 1)
        numerator = plus(good, {key: -value for key, value in bad.items()})
        claim = Claim(terms(numerator), terms(positive(rng)), DEFINITIONS, DOMAINS)
        if not any(value_of(claim.numerator, point_of(claim, rng, boundary=i % 2 == 0)) < 0 for i in range(6)):
            continue
        false += 1
        honest = shifted(claim)
        mended = replace(honest, numerator=[(abs(c), p) for c, p in honest.numerator])
        negated = Evidence([(-c, p) for c, p in honest.numerator], [(-c, p) for c, p in honest.denominator])
        assert not any(accepts(claim, evidence) for evidence in (honest, mended, negated))
        if false % 8 == 0:
            with pytest.raises(Refused):
                certificate.find(claim)


def test_the_finder_s_certificates_are_the_claim(valid):
    rng = random.Random(SEED + 5)
    for claim, _ in valid[:100]:
        found = certificate.find(claim)
        assert found.claim is claim
        point = point_of(claim, rng)
        top, bottom = value_of(found.evidence.numerator, point), value_of(found.evidence.denominator, point)
        assert top / bottom == value_of(claim.numerator, point) / value_of(claim.denominator, point)
        assert all(coefficient >= 0 for coefficient, _ in found.evidence.numerator)


# --- single attacks -------------------------------------------------------------------------------------------------

ONE = [(Fraction(1), {})]


def power(name, exponent=1, coefficient=1):
    return (Fraction(coefficient), {name: exponent})


def test_denominator_that_may_vanish():
    for domain in ("nonnegative", "unit"):
        claim = Claim(ONE, [power("y")], {}, {"y": domain})
        assert not accepts(claim, shifted(claim))
    claim = Claim([power("y")], [power("y")], {}, {"y": "nonnegative"})
    assert not accepts(claim, shifted(claim))
    assert not accepts(claim, Evidence(ONE, ONE))


def test_denominator_that_is_zero():
    zero = [power("y"), power("y", coefficient=-1)]
    claim = Claim(ONE, zero, {}, {"y": "positive"})
    for evidence in (shifted(claim), Evidence(ONE, ONE), Evidence([], []), Evidence(ONE, [])):
        assert not accepts(claim, evidence)


def test_denominator_that_is_negative_turns_the_sign():
    claim = Claim([power("x")], [power("x", coefficient=-1)], {}, {"x": "positive"})
    assert not accepts(claim, shifted(claim))
    assert not accepts(claim, Evidence(ONE, ONE))
    turned = Claim([power("x", coefficient=-1)], [power("x", coefficient=-1)], {}, {"x": "positive"})
    check(turned, Evidence(ONE, ONE))


def test_denominator_of_a_definition_that_may_vanish():
    claim = Claim([power("f")], ONE, {"f": (ONE, [power("y")])}, {"y": "nonnegative"})
    assert not accepts(claim, shifted(claim))
    cancelled = Claim([(Fraction(1), {"f": 1, "y": 1})], ONE, {"f": (ONE, [power("y")])}, {"y": "nonnegative"})
    assert not accepts(cancelled, Evidence(ONE, ONE))


def test_corners_of_unit_variables():
    product = Claim([(Fraction(1), {"u": 1, "w": 1})], ONE, {}, {"u": "unit", "w": "unit"}, strict=True)
    assert not accepts(product, shifted(product))
    either = Claim([power("u"), power("w")], ONE, {}, {"u": "unit", "w": "unit"}, strict=True)
    assert not accepts(either, shifted(either))
    both = Claim([power("u"), (Fraction(1), {}), power("u", coefficient=-1)], ONE, {}, {"u": "unit"}, strict=True)
    check(both, shifted(both))
    square = Claim(
        [(Fraction(1), {}), power("u", coefficient=-2), power("u", 2, 2)], ONE, {}, {"u": "unit"}, strict=True
    )
    assert accepts(square, shifted(square)), "p^2 + q^2 is positive at both ends"


def test_unit_variable_is_not_larger_than_one():
    claim = Claim([(Fraction(1), {}), power("u", coefficient=-1)], ONE, {}, {"u": "unit"})
    check(claim, shifted(claim))
    assert not accepts(replace(claim, domains={"u": "nonnegative"}), shifted(claim))


def test_variable_without_a_domain():
    claim = Claim([power("y")], ONE, {}, {})
    with pytest.raises(Refused, match="nothing says that y"):
        check(claim, Evidence([power("y")], ONE))


@pytest.mark.parametrize("domain", ["real", "", "Positive", "negative"])
def test_unknown_domain(domain):
    claim = Claim([power("y")], ONE, {}, {"y": domain})
    assert not accepts(claim, Evidence([power("y")], ONE))


def test_definition_that_shadows_a_domain():
    """A variable that is both: its definition says -1, its domain says positive. Neither may be picked silently."""
    claim = Claim([power("y")], ONE, {"y": ([(Fraction(-1), {})], ONE)}, {"y": "positive"})
    assert not accepts(claim, Evidence([power("y")], ONE))


def test_definitions_in_a_circle():
    circle = {"f": ([power("g")], ONE), "g": ([power("f")], ONE)}
    with pytest.raises(Refused, match="refers to itself"):
        check(Claim([power("f")], ONE, circle, {}), Evidence(ONE, ONE))


def test_variable_with_the_name_of_a_part_of_a_unit():
    """u~p (1-u) >= u u~q is false for independent variables, and 0 >= 0 if the names are taken for the parts of u."""
    numerator = [power("u~p"), (Fraction(-1), {"u": 1, "u~p": 1}), (Fraction(-1), {"u": 1, "u~q": 1})]
    claim = Claim(numerator, ONE, {}, {"u": "unit", "u~p": "positive", "u~q": "positive"})
    assert value_of(numerator, {"u": Fraction(9, 10), "u~p": Fraction(1), "u~q": Fraction(5)}) < 0
    with pytest.raises(Refused):
        check(claim, shifted(claim))


def test_negative_and_huge_powers():
    with pytest.raises(Refused, match="negative power"):
        check(Claim([power("x", -1)], ONE, {}, {"x": "positive"}), Evidence(ONE, [power("x")]))
    with pytest.raises(Refused, match="a power of"):
        check(Claim([power("x", 10**6)], ONE, {}, {"x": "positive"}), Evidence([power("x", 10**6)], ONE))


@pytest.mark.parametrize("exponent", [0.5, Fraction(1, 2)])
def test_powers_that_are_not_integers(exponent):
    with pytest.raises(Refused):
        check(Claim([power("x", exponent)], ONE, {}, {"x": "positive"}), Evidence([power("x", exponent)], ONE))


def test_coefficients_that_are_no_numbers():
    for coefficient in (float("nan"), float("inf")):
        with pytest.raises(Refused):
            check(Claim([(coefficient, {})], ONE, {}, {}), Evidence([(coefficient, {})], ONE))


def test_evidence_about_other_variables():
    claim = Claim([power("x"), power("y", coefficient=-1)], ONE, {}, {"x": "positive", "y": "nonnegative"})
    for other in ([power("x")], [power("z")], [power("x"), power("y")], []):
        assert not accepts(claim, Evidence(other, ONE))


def test_repeated_monomials_are_added_up():
    twice = [power("x", coefficient=2), power("x", coefficient=-3)]
    claim = Claim(twice, ONE, {}, {"x": "positive"})
    assert not accepts(claim, Evidence([power("x", coefficient=2)], ONE))
    assert not accepts(claim, Evidence(twice, ONE))
