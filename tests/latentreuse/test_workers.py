"""Worker processes: what a job raises, a worker that dies, and jobs that are added on the way."""

import operator
import os

import pytest

from latentreuse.progress import Display
from latentreuse.workers import JobFailed, crew, death, reporter, tell


def test_jobs_may_be_added_while_others_run() -> None:
    found = {}
    with Display("testing", 3) as display, crew(2, display) as hands:
        hands.submit("two", operator.add, 1, 1)
        for label, future in hands.finished():
            found[label] = future.result()
            if label == "two":
                hands.submit("six", operator.mul, future.result(), 3)
    assert found == {"two": 2, "six": 6}
    assert display.done == 2 and not display.running


def test_what_a_job_raises_arrives_in_words() -> None:
    with Display("testing", 1) as display, crew(1, display) as hands:
        hands.submit("broken", operator.truediv, 1, 0)
        ((label, future),) = hands.finished()
    assert label == "broken"
    with pytest.raises(JobFailed, match="ZeroDivisionError: division by zero"):
        future.result()
    assert death(JobFailed("ZeroDivisionError: division by zero")) == "ZeroDivisionError: division by zero"


def test_a_worker_that_dies_is_told() -> None:
    with Display("testing", 1) as display, crew(1, display) as hands:
        hands.submit("dying", os._exit, 3)
        ((_, future),) = hands.finished()
    error = future.exception()
    assert error is not None and death(error) == "the worker process died"


def test_outside_a_worker_nobody_listens() -> None:
    tell("alone")
    reporter("alone")(1, 2)
