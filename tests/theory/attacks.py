"""What an attack on the kernel must come to."""

from collections.abc import Callable

from theory.chain import Chain, Stopped
from theory.kernel import check


def refused(build: Callable[[], Chain]) -> None:
    """The chain cannot be written, or the kernel refuses one of its links."""
    try:
        made = build()
    except (ValueError, Stopped):
        return
    assert made.links, "an attack without a link attacks nothing"
    reports = check(made)
    assert not all(report.accepted for report in reports), [report.how for report in reports]
