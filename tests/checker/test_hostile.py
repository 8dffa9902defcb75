"""Files and claims as nobody should write them: one clear line each, no traceback, and an end in time."""

import time
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from folders import answers, change, step, two, write
from tiny import letter

from checker.__main__ import main

A, B = letter("A"), letter("B")


# the command
def run(*arguments: str, **more: Any) -> tuple[int, list[str]]:
    out = StringIO()
    with redirect_stdout(out):
        code = main(list(arguments))
    return code, out.getvalue().splitlines()


def test_command(tmp_path: Path) -> None:
    folder = two(tmp_path)
    code, lines = run(str(tmp_path))
    assert code == 0 and len(lines) == 1 and lines[0].startswith("4 of 4 steps accepted, granted 4 reasons (axioms ")
    assert run(str(tmp_path), "one")[0] == 0
    change(folder / "second.2.json", "seal", to="0")
    code, lines = run(str(tmp_path))
    assert code == 1 and lines[0] == "refused: one, second, step 2: the seal is that of other evidence"
    assert len(lines) == 2 and lines[1].startswith("3 of 4 steps accepted, ")
    (folder / "odd.json").write_text("{")
    code, lines = run(str(tmp_path))
    assert code == 1 and len(lines) == 3 and lines[1].startswith("refused: one, odd.json: malformed, JSONDecodeError: ")
    for arguments in ((), ("-h",), ("--help",)):
        code, lines = run(*arguments)
        assert code == 2 and lines == [
            "Checks every certificate below a folder: `python checker derivations [RESULT ...]`. "
            "Needs Python and nothing else."
        ]
    code, lines = run(str(tmp_path), "two", "three")
    assert code == 2 and lines == ["two: no result.json there; name the folder of the results, then results in it"]
    code, lines = run(str(tmp_path / "no"))
    assert code == 2 and lines == [
        f"{tmp_path / 'no'}: no result.json there; name the folder of the results, then results in it"
    ]


def test_odd_names_are_printed_on_one_line(tmp_path: Path) -> None:
    two(tmp_path)
    path = tmp_path / "one" / "result.json"
    path.write_text(path.read_text().replace('"name": "first"', '"name": "fi\\nrst\\ud800"'))
    code, lines = run(str(tmp_path))
    assert code == 1 and all(x.isascii() for x in lines)
    assert lines[0] == "refused: one, fi\\nrst\\ud800, step 1: no certificate, or more than one"


HOSTILE: list[tuple[str, Callable[[str], str]]] = [
    ("no JSON", lambda text: "hello"),
    ("nothing", lambda text: ""),
    ("half", lambda text: text[: len(text) // 2]),
    ("a key twice", lambda text: text.replace('{"format"', '{"format": "x", "format"', 1)),
    ("a list", lambda text: "[]"),
    ("a string", lambda text: '"claim"'),
    ("a number", lambda text: "7"),
    ("deep", lambda text: "[" * 200_000),
    ("deep tables", lambda text: '{"a":' * 100_000),
    ("deep claim", lambda text: text.replace('"left": ', '"left": ' + "[" * 990 + "]" * 990 + ', "old": ', 1)),
    ("a huge number", lambda text: text.replace('"left": ', '"left": 1' + "0" * 10_000 + ', "old": ', 1)),
    ("a large number", lambda text: text.replace('"left": ', '"left": 1' + "0" * 4_000 + ', "old": ', 1)),
    ("not a number", lambda text: text.replace("2, -2", "NaN, -2")),
    ("infinite", lambda text: text.replace("2, -2", "Infinity, -2")),
    ("a truth value", lambda text: text.replace("2, -2", "true, -2")),
    ("null", lambda text: text.replace("2, -2", "null, -2")),
    ("no claim", lambda text: text.replace('"claim"', '"claims"')),
    ("a claim that is a list", lambda text: '{"claim": []}'),
    ("a claim that is a number", lambda text: '{"claim": 1}'),
    ("no chain", lambda text: text.replace('"chain"', '"chains"')),
    ("no evidence", lambda text: text.replace('"evidence"', '"evidences"')),
    ("a lone surrogate", lambda text: text.replace('"one, first, 1"', '"\\ud800"')),
    ("a null byte", lambda text: text + "\x00"),
    ("two documents", lambda text: text + text),
]  # fmt: skip


@pytest.mark.parametrize("spoil", [x[1] for x in HOSTILE], ids=[x[0] for x in HOSTILE])
def test_hostile_files(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    path = two(tmp_path) / "first.1.json"
    path.write_text(spoil(path.read_text()))
    code, lines = run(str(tmp_path))
    assert code == 1 and lines[0].startswith("refused: one, first, step 1: ") and lines[-1].startswith("2 of 4 steps")
    assert all(len(x) < 300 and x.isascii() for x in lines)


def test_unreadable_files(tmp_path: Path) -> None:
    path = two(tmp_path) / "first.1.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert "malformed, UnicodeDecodeError" in answers(tmp_path)[4].reason
    path.unlink()
    path.mkdir()
    assert answers(tmp_path)[4].reason == "no file, or a link"


GROWING = {f"x{i}": ["Multiply", *[f"x{i + 1}"] * 8] for i in range(30)}
CLAIMS: list[tuple[str, Any, dict[str, Any]]] = [
    ("an unknown head", ["Floor", "x"], {}),
    ("too high a power", ["Power", "x", 10**9], {}),
    ("too low a power", ["Power", 2, -(10**9)], {}),
    ("a tower", ["Power", ["Power", ["Power", ["Power", "x", 60], 60], 60], 60], {}),
    ("a tower of numbers", ["Power", ["Power", ["Power", ["Power", 10**300, 60], 60], 60], 60], {}),
    ("a monster", ["Power", ["Add", *(f"x{i}" for i in range(60))], 60], {}),
    ("a monster below", ["Divide", 1, ["Power", ["Add", *(f"x{i}" for i in range(60))], 60]], {}),
    ("two monsters", ["Multiply", *[["Power", ["Add", *(f"x{i}" for i in range(12))], 4]] * 4], {}),
    ("growing definitions", "x0", {"definitions": GROWING, "pins": GROWING}),
    ("growing meanings", "x0", {"meanings": GROWING}),
    ("growing replacements", "x0", {"replacements": [[name, x] for name, x in GROWING.items()]}),
    ("growing meanings in a condition", "x", {"meanings": GROWING, "conditions": ["x0"], "steady": {"t": ["x0"]}}),
    ("growing words", A, {"rewrites": [[["A"], ["MatrixMultiply", A, A]]]}),
    ("growing letters", A, {"letters": {"A": ["MatrixMultiply", B, B], "B": ["MatrixMultiply", A, A]}}),
    ("a wide product of sums", ["Trace", ["MatrixMultiply", *[["Add", A, B]] * 30]], {}),
    ("a determinant of many rows", ["Trace", ["Inverse", ["Matrix", "12", "12", *range(1, 145)]]], {}),
    ("a large identity", ["Trace", ["MatrixMultiply", ["Matrix", "1", "99999999"], ["Identity", "99999999"]]], {}),
    ("names in a circle", "x", {"definitions": {"x": "y", "y": "x"}, "pins": {"x": "y", "y": "x"}}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "facts"), [x[1:] for x in CLAIMS], ids=[x[0] for x in CLAIMS])
def test_hostile_claims_end_in_time(tmp_path: Path, line: Any, facts: dict[str, Any]) -> None:
    """Each is refused with one line, and within seconds."""
    for evidence in (["closed"], ["opened"]):
        write(tmp_path, "one", first=(line, [step("=", ["Trace", A] if line == A else 0, evidence, **facts)]))
        if line == A:
            write(tmp_path, "one", first=(line, [step("=", B, evidence, **facts)]))
        started = time.perf_counter()
        code, lines = run(str(tmp_path))
        assert code == 1 and len(lines) == 2 and lines[0].startswith("refused: one, first, step 1: ")
        assert time.perf_counter() - started < 10
