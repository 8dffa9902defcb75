"""`prove --backend z3`: what it prints, its exit codes, and what it says where z3 is not installed."""

import json

import pytest

from latentreuse import z3_backend
from latentreuse.cli import main
from latentreuse.z3_backend import Line, Opinions, render


def found(*opinions: str) -> Opinions:
    return Opinions(tuple(Line("planted", f"line {i}", one, "why", "h = 1") for i, one in enumerate(opinions)), 1.0, 0)


def test_without_z3_one_line_names_the_extra(monkeypatch, capsys) -> None:
    monkeypatch.setattr(z3_backend.importlib.util, "find_spec", lambda name: None)
    assert main(["prove", "--backend", "z3", "critical-angle"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and "latentreuse[prove]" in said.err


@pytest.mark.parametrize(("opinions", "code"), [(("agrees",), 0), (("agrees", "no answer"), 0), (("fails",), 1)])
def test_only_a_failure_is_a_fault(monkeypatch, capsys, opinions, code: int) -> None:
    monkeypatch.setattr(z3_backend, "opinions", lambda ids, seconds: found(*opinions))
    assert main(["prove", "--backend", "z3"]) == code
    assert "0 fails" in capsys.readouterr().out or code


def test_no_answer_is_counted_by_itself_and_told() -> None:
    told = render(found("agrees", "no answer", "no answer", "not rational"), 100)
    assert "1 agrees, 2 no answer, 1 not rational, 0 fails" in told
    assert told.count("no answer: why at h = 1") == 2


def test_json(monkeypatch, capsys) -> None:
    monkeypatch.setattr(z3_backend, "opinions", lambda ids, seconds: found("fails"))
    assert main(["prove", "--backend", "z3", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["steps"][0]["point"] == "h = 1"


def test_it_writes_no_files(capsys, tmp_path) -> None:
    assert main(["prove", "--backend", "z3", "-o", str(tmp_path)]) == 2
    assert "writes no files" in capsys.readouterr().err
