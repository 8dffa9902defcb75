"""A few dozen shipped certificates of every form, accepted; and small forgeries that numbers refute, refused."""

from claim_values import Numbers
from tampering import Shelf, Tamperer, sealed

FORMS = {"normal form": 20, "certificate": 12, "root": 5, "optimum": 6, "solves": 5, "spectral": 2, "cases": 4,
    "triangle": 1,
         "antiderivative": 1}  # fmt: skip
TABLES = (
    "moments",
    "means",
    "planes",
    "rates",
    "replacements",
    "rewrites",
    "letters",
    "given",
    "definitions",
    "covariances",
    "positive",
)


def test_every_form_and_every_table() -> None:
    """The smallest certificates of each form, and the smallest that use each table."""
    shelf = Shelf()
    tamperer = Tamperer(shelf.base, 0)
    by_size = sorted(tamperer.keys, key=lambda key: len(str(tamperer.made(key))))
    chosen = set()
    for form, count in FORMS.items():
        found = [key for key in by_size if tamperer.made(key)["claim"]["form"] == form]
        assert len(found) >= count
        chosen |= set(found[:count])
    for table in TABLES:
        chosen |= set([key for key in by_size if tamperer.made(key)["claim"]["under"][table]][:3])
    for key in sorted(chosen):
        assert shelf.base.answer(*key) == "", key


def test_false_forgeries() -> None:
    """Sealed and recorded as they are, so that only the mathematics can refuse them."""
    shelf = Shelf()
    tamperer, count = Tamperer(shelf.base, 21), 0
    while count < 60:
        tampered = tamperer.draw()
        if tampered.where[1] in ("left", "right", "relation"):
            made = sealed(tampered.made)
            if Numbers(made["claim"]).holds() == "false":
                count += 1
                assert shelf.decide(tampered.key, made, shelf.forged(tampered.key, made)), (
                    tampered.key,
                    tampered.where,
                )
