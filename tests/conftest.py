"""Prints what became of the mutants; here, as the controller of pytest-xdist loads no conftest further down."""

import pytest

COLUMNS = ("tried", "neutral", "mutants", "exact", "ball", "proved")
HEADINGS = ("tried", "neutral", "mutants", "refuted by exact", "refuted by ball", "proved by the kernel")
ROWS: list[dict[str, str | int]] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Rows travel as properties of the reports, so that they also arrive from the workers of pytest-xdist."""
    if report.when == "call":
        ROWS.extend(value for name, value in report.user_properties if name == "mutants")  # type: ignore[misc]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not ROWS:
        return
    terminalreporter.section("mutants of the results")
    terminalreporter.write_line(f"{'result':24}" + "".join(f"{heading:>22}" for heading in HEADINGS))
    for row in sorted(ROWS, key=lambda row: str(row["result"])):
        terminalreporter.write_line(f"{row['result']:24}" + "".join(f"{row.get(column, ''):>22}" for column in COLUMNS))
    totals = (sum(int(row.get(column, 0)) for row in ROWS) for column in COLUMNS)
    terminalreporter.write_line(f"{'all':24}" + "".join(f"{total:>22}" for total in totals))
