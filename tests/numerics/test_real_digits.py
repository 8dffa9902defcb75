"""The digits pair: all routes agree on right formulas, a wrong one is refuted, absence is reported clearly."""

import sys

import pytest
from mutants import changed
from reference_formulas import frozen_latent_error

from numerics.real_digits import digits_report, load_pair


def test_right_formula_on_the_real_pair():
    pytest.importorskip("sklearn")
    report = digits_report(frozen_latent_error, seed=0)
    assert report.outcome == "agrees", report
    assert [round(x) for x in report.angles] == [26, 29, 46, 59, 90]
    assert len(report.lines) == 4
    assert all(len(line) == 3 for line in report.lines)
    assert report.counterexample is None


def test_wrong_formula_on_the_real_pair():
    pytest.importorskip("sklearn")
    report = digits_report(changed("frozen-latent-error", "(c + a * co**2)", "(c + a * s**2)"), seed=0)
    assert report.outcome == "refuted"
    assert "geometry" in report.counterexample


def test_absence_of_the_library_is_one_clear_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(RuntimeError, match="scikit-learn"):
        load_pair()
