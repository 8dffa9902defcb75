"""A report cannot contradict itself."""

import pytest

from numerics.report import RungReport


def test_reports_validate_themselves():
    assert RungReport("exact", "agrees", "", 1).counterexample is None
    with pytest.raises(ValueError, match="none of"):
        RungReport("exact", "passed", "", 1)
    with pytest.raises(ValueError, match="counterexample"):
        RungReport("exact", "refuted", "", 1)
    with pytest.raises(ValueError, match="counterexample"):
        RungReport("exact", "agrees", "", 1, "D=2")
    with pytest.raises(ValueError, match="at least one"):
        RungReport("exact", "agrees", "", 0)
