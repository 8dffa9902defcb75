"""Every claim of the table is decided, none wrongly; what is proved is no longer so once it is made false."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from claim_table import TABLE, Stated

from latentreuse.claim_command import _at
from latentreuse.claim_file import ClaimFile, read_claim
from latentreuse.claim_point import as_table, as_toml, moved, read_point
from latentreuse.tomlmap import read
from numerics.deciding import Outcome, decide
from theory.claims import Claim, Finding
from theory.expr import num

SECONDS = 8
FOUND: dict[str, str] = {}
OPPOSITE = {"<=": ">", ">=": "<", "<": ">=", ">": "<="}
HAIR = num(Fraction(1, 10**30))
PROVED = [stated for stated in TABLE if stated.truth == "PROVED"]


def _read(folder: Path, stated: Stated) -> ClaimFile:
    path = folder / "claim.toml"
    path.write_text(stated.text)
    return read_claim(path)


@pytest.mark.parametrize("stated", TABLE, ids=lambda stated: stated.name)
def test_no_claim_is_decided_wrongly(tmp_path: Path, stated: Stated) -> None:
    said = _read(tmp_path, stated)
    outcome = decide(said.claim, SECONDS)
    FOUND[stated.name] = outcome.finding
    assert outcome.finding in (stated.truth, Finding.UNDECIDED)
    if outcome.finding is Finding.REFUTED and said.claim.kind != "tends":
        _replay(tmp_path, said, outcome)


def _replay(folder: Path, said: ClaimFile, outcome: Outcome) -> None:
    """The printed point, read back, is one of the model, meets the conditions, and the claim fails there."""
    assert outcome.point is not None
    text = as_toml("point", as_table(outcome.point))
    if outcome.moved is not None:
        text += "\n" + as_toml("then", moved(outcome.point, outcome.moved))
    path = folder / "point.toml"
    path.write_text(text + "\n")
    tomllib.loads(text)
    assert _at(said, *read_point(read(path), said)) == (True, False)


def test_nearly_all_are_decided() -> None:
    """Those that were run before this test, here."""
    undecided = [name for name, finding in FOUND.items() if finding == Finding.UNDECIDED]
    assert len(undecided) <= len(FOUND) // 10, undecided


def test_the_table_is_balanced() -> None:
    false = sum(stated.truth == "REFUTED" for stated in TABLE)
    assert len(TABLE) >= 80 and false >= 35 and len(PROVED) >= 35
    assert len({stated.name for stated in TABLE}) == len(TABLE)


def _relations() -> list[Stated]:
    return [s for s in PROVED if s.text.startswith("[claim]\nstatement") and "==" not in s.claim.split("where")[0]]


@pytest.mark.parametrize("stated", _relations(), ids=lambda stated: stated.name)
def test_the_opposite_is_not_proved(tmp_path: Path, stated: Stated) -> None:
    claim = _read(tmp_path, stated).claim
    assert decide(replace(claim, relation=OPPOSITE[claim.relation]), 2).finding is not Finding.PROVED


def _tightened(claim: Claim) -> Claim:
    side = claim.right - HAIR if claim.relation in ("<=", "<") else claim.right + HAIR
    return replace(claim, right=side)


@pytest.mark.parametrize("stated", [s for s in _relations() if s.tight], ids=lambda stated: stated.name)
def test_a_hair_more_is_not_proved(tmp_path: Path, stated: Stated) -> None:
    assert decide(_tightened(_read(tmp_path, stated).claim), 2).finding is not Finding.PROVED
