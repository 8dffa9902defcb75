"""docs/axioms.md: fresh, and about every reason that a step names."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from checker.axioms import Axioms
from latentreuse import axioms_page

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / axioms_page.NAME).read_text(encoding="utf-8")


def test_the_page_is_fresh() -> None:
    assert axioms_page.current() == PAGE, "run: python -m latentreuse.axioms_page"


def test_every_reason_of_a_step_is_on_it_or_a_lemma() -> None:
    listed = {line.split(" | ")[0].removeprefix("| ").replace("\\|", "|") for line in PAGE.splitlines()}
    for path in sorted((ROOT / "derivations").glob("*/certificates/*.json")):
        claim = json.loads(path.read_text(encoding="utf-8"))["claim"]
        lemmas = {item["chain"] for item in claim["lemmas"]}
        for reason in claim["reasons"]:
            assert reason in listed or any(chain in reason for chain in lemmas), reason


def test_nothing_that_is_granted_is_left_out() -> None:
    """Every table of every reason changes the page when one of its entries is taken away."""
    made = axioms_page.catalogue(axioms_page.shipped()).axioms
    seen: set[str] = set()
    for name, (reason,) in made.reasons.items():
        for table in reason:
            fewer = {key: x for key, x in reason.items() if key != table}
            shown = [axioms_page.page(only(made, name, one), Counter()) for one in (reason, fewer)]
            said_twice = table == "pins" or ("given" in reason and table in ("letters", "replacements"))
            assert said_twice or shown[0] != shown[1], (name, table)
            seen.add(table)
    assert seen > {"given", "moments", "rates", "planes", "orders", "domains", "covariances", "positive", "cites"}


def only(made: Axioms, name: str, reason: dict[str, Any]) -> Axioms:
    """The same model with one reason."""
    found = Axioms()
    found.models, found.reasons = made.models, {name: [reason]}
    return found
