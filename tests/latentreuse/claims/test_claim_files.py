"""Claim files: what is wrong is named by file, line and key, all faults at once; nothing in them is executed."""

from pathlib import Path

import pytest

from latentreuse.claim_file import interval, read_claim
from latentreuse.claim_point import read_point
from latentreuse.cli import main
from latentreuse.faults import BadInput
from latentreuse.tomlmap import read

GOOD = '[claim]\nstatement = "E >= 0"\n'


def _faults(folder: Path, text: str | bytes) -> list[str]:
    path = folder / "claim.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(BadInput) as caught:
        read_claim(path)
    return [line.removeprefix(f"{folder}/") for line in caught.value.lines]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "claim.toml:1: claim: is missing"),
        ("[claim]\n", "claim.toml:1: claim: says nothing; allowed: exactly one of statement"),
        ('[claim]\nstatement = "E >= 0"\nincreases = "E"\n', "claim.toml:1: claim: says statement and increases"),
        ('[claim]\nstatment = "E >= 0"\n', "claim.toml:2: claim.statment: unknown key (did you mean 'statement'?)"),
        ('[claim]\nstatement = "E >= "\n', "claim.toml:2: claim.statement: column 6: "),
        ('[claim]\nstatement = "E"\n', "claim.toml:2: claim.statement: column 2: a relation is missing"),
        ('[claim]\nstatement = "G >= 0"\n', "claim.toml:2: claim.statement: column 1: unknown name G"),
        ('[claim]\nstatement = 3\n', "claim.toml:2: claim.statement: must be text in quotes"),
        ('[claim]\nstatement = "__import__(\'os\') >= 0"\n', "claim.toml:2: claim.statement: column"),
        ('[claim]\nstatement = "(lambda: 0)() >= 0"\n', "claim.toml:2: claim.statement: column"),
        ('[claim]\nstatement = "E >= 0"\nwhere = ["s_i <"]\n', "claim.toml:3: claim.where[0]: column 6: "),
        ('[claim]\nstatement = "E >= 0"\nwhere = 7\n', "claim.toml:3: claim.where: must be a list of relations"),
        ('[claim]\nstatement = "E >= 0"\nin = "h"\n', "claim.toml:3: claim.in: does not belong to statement"),
        ('[claim]\nincreases = "E"\n', "claim.toml:1: claim.in: is missing: increases needs increases and in"),
        ('[claim]\nincreases = "E"\nin = "c"\n', "claim.toml:3: claim.in: is no variable that can move alone"),
        ('[claim]\nincreases = "E"\nin = "t"\n', "claim.toml:3: claim.in: needs a process"),
        ('[claim]\nincreases = "E"\nin = "h"\n[process]\nname = "ve"\n', "claim.toml:3: claim.in: h moves with the"),
        ('[claim]\nincreases = "E"\nin = "h"\nstrictly = "yes"\n', "claim.toml:4: claim.strictly: must be"),
        ('[claim]\nvanishes = "E"\nas = "h to 0"\n', "claim.toml:3: claim.as: is no limit"),
        ('[claim]\nvanishes = "E"\nas = "h -> 1"\n', "claim.toml:3: claim.as: h lies in (0, infinity); say"),
        ('[claim]\nvanishes = "E"\nas = "s_i -> infinity"\n', "claim.toml:3: claim.as: s_i lies in [0, 1]"),
        ('[claim]\nvanishes = "E"\nas = "h -> 0"\norder = 1.5\n', "claim.toml:4: claim.order: must be an integer"),
        (GOOD + '[symbols]\nE = "real"\n', "claim.toml:4: symbols.E: is a name of the theory"),
        (GOOD + '[symbols]\nx = "complex"\n', "claim.toml:4: symbols.x: is no domain"),
        (GOOD + '[symbols]\nx = "[0, infinity]"\n', "claim.toml:4: symbols.x: is no domain"),
        (GOOD + '[symbols]\nx = 1\n', "claim.toml:4: symbols.x: is no domain"),
        (GOOD + '[symbols]\nw_i = "real"\n', "claim.toml:4: symbols.w_i: is no name for a symbol"),
        (GOOD + '[symbols]\ncost = "real"\n', "claim.toml:4: symbols.cost: is no name for a symbol"),
        (GOOD + '[symbols]\n"a b" = "real"\n', "claim.toml:4: symbols.a b: is no name for a symbol"),
        (GOOD + '[symbols]\nsqrt = "real"\n', "claim.toml:4: symbols.sqrt: is no name for a symbol"),
        (GOOD + '[assumptions]\nmu = "free"\n', "claim.toml:4: assumptions.mu: cannot be chosen in a claim"),
        (GOOD + '[assumptions]\nlambda = "misaligned"\n', "claim.toml:4: assumptions.lambda: must be diagonal"),
        (GOOD + '[assumptions]\ndims = "k=D"\n', "claim.toml:4: assumptions.dims: assumption dims cannot be 'k=D'"),
        (GOOD + '[process]\nname = "vp-uo"\n', "claim.toml:4: process.name: unknown process (did you mean 'vp-ou"),
        (GOOD + "[proces]\n", "claim.toml:3: proces: unknown section (did you mean 'process'?)"),
        ("claim = 3\n", "claim.toml:1: claim: must be a table"),
        (GOOD + "[claim]\n", "claim.toml:3: claim: is given twice"),
        ('[claim]\nstatement = "frozen_score >= 0"\n', "claim.toml:2: claim.statement: frozen_score counts"),
        ("[claim", "claim.toml:1: not valid TOML"),
        (b"\xff", "claim.toml:1: byte 0 is not UTF-8"),
        ('[claim]\nstatement = "' + "(" * 500 + 'E"\n', "claim.toml:2: claim.statement: column"),
        ('[claim]\nstatement = "x**99999999 >= 0"\n[symbols]\nx = "real"\n', "claim.toml:2: claim.statement: column"),
        ('[claim]\nstatement = "9**9**9 >= 0"\n', "claim.toml:2: claim.statement: column"),
        ('[claim]\ntitle = "a\\nb"\nstatement = "E >= 0"\n', "claim.toml:2: claim.title: must be one line of text"),
    ],
)  # fmt: skip
def test_a_fault_is_named(tmp_path: Path, text: str | bytes, line: str) -> None:
    found = _faults(tmp_path, text)
    assert any(entry.startswith(line) for entry in found), found
    assert all("\n" not in entry for entry in found)


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = GOOD + 'were = []\n[symbols]\nx = "odd"\n[assumptions]\ndim = "k=d"\n[process]\nname = "x"\n'
    assert len(_faults(tmp_path, text)) == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[0, 2]", "[0, 2]"),
        ("(0, 1)", "(0, 1)"),
        ("[1, infinity)", "[1, infinity)"),
        ("(-infinity, 1/3]", "(-infinity, 1/3]"),
    ],
)
def test_intervals(text: str, shown: str) -> None:
    assert str(interval(text)) == shown


@pytest.mark.parametrize("text", ["[0; 2]", "[0, 2", "[0, x]", "(infinity, 0)", "[0, 1e99999]", "[,]", "[0, 1, 2]"])
def test_no_intervals(text: str) -> None:
    assert interval(text) is None


POINT = '[point]\nD = 2\nk = 1\nd = 1\nalpha = "1"\nh = "1"\nsigma2 = "0"\nlambda = ["1"]\ns = ["1/2"]\n'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("D = 2", "D = 1", "point.s: has 1 positive angles; allowed: at most D - max(k, d) = 0"),
        ("k = 1", "k = 3", "point.D: is less than k or d"),
        ("d = 1", 'd = "1"', "point.d: is missing or no size"),
        ('h = "1"', 'h = "0"', "point.h: is 0; allowed: in (0, infinity)"),
        ('h = "1"\n', "", "point.h: is missing"),
        ('s = ["1/2"]', 's = ["2"]', "point.s: must lie in [0, 1]"),
        ('s = ["1/2"]', 's = ["x"]', "point.s[0]: is not a number"),
        ('sigma2 = "0"', 'sgma2 = "0"', "point.sgma2: unknown key"),
        ('lambda = ["1"]', 'lambda = ["-1"]', "point.lambda: must be at least 0"),
    ],
)
def test_points_are_of_the_model(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (tmp_path / "claim.toml").write_text(GOOD)
    path = tmp_path / "point.toml"
    path.write_text(POINT.replace(old, new))
    with pytest.raises(BadInput) as caught:
        read_point(read(path), read_claim(tmp_path / "claim.toml"))
    assert any(fault in line for line in caught.value.lines), caught.value.lines


def test_the_command_says_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claim.toml"
    path.write_text('[claim]\nstatement = "E >= "\n')
    assert main(["claim", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1 and "Traceback" not in captured.err
    assert main(["claim", str(tmp_path / "none.toml")]) == 2
    path.write_text(GOOD)
    assert main(["claim", str(path), "--seconds", "0"]) == 2
    assert main(["claim", str(path), "--at", str(tmp_path / "none.toml")]) == 2
