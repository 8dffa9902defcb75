"""The README keeps its word: its table is fresh, and its commands print what it shows."""

import re
from pathlib import Path

import pytest

from latentreuse import catalogue, readme

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_results_is_fresh() -> None:
    assert readme.with_table(TEXT) == TEXT, "run: python -m latentreuse.readme"
    assert all(f"derivations/{name}/page.md" in TEXT for name in catalogue.known_ids())


def test_examples_print_what_is_shown() -> None:
    assert readme.with_examples(TEXT) == TEXT, "run: python -m latentreuse.readme"
    assert TEXT.count("<!-- example -->") == TEXT.count("```console\n$ latentreuse ") >= 2


def test_the_tutorial_prints_what_is_shown() -> None:
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    assert readme.with_examples(text) == text, "run: python -m latentreuse.readme"
    assert text.count("<!-- example -->") == text.count("```console\n$ latentreuse ") >= 7
    assert len(re.findall(r"```toml\n# [a-z]+\.toml\n", text)) >= 5


def test_a_stale_table_or_example_is_noticed() -> None:
    assert readme.with_table(TEXT.replace("| PROVED |", "| REFUTED |", 1)) == TEXT
    edited = re.sub(r"(  E = [0-9])", r"\g<1>0", TEXT, count=1)
    assert edited != TEXT and readme.with_examples(edited) == TEXT


def test_a_missing_marker_is_said() -> None:
    with pytest.raises(ValueError, match=r"README\.md lacks"):
        readme.updated("no markers")


def test_it_opens_with_the_two_commands() -> None:
    assert (
        TEXT.index("make verify") < TEXT.index("make test") < TEXT.index("assumptions ──►") < TEXT.index("## Results")
    )


def test_relative_links_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / target).exists(), f"{name}: {target}"
