"""The emitted functions keep thirteen digits in float64, from 1e-8 to 1 in alpha^2 and h, and to pi/2 in the angles."""

import math
import random

import pytest

import derivations
from latentreuse.catalogue import function
from numerics.float_agreement import float_agreement
from numerics.functions import FLOAT


def flat(value: object) -> list[float]:
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [float(value)]  # type: ignore[arg-type]


@pytest.mark.parametrize("result", derivations.ids())
def test_thirteen_digits(result):
    seen = float_agreement(function(result), count=200)
    assert seen.points == 1000
    assert seen.error < 1e-13, seen.where


@pytest.mark.parametrize("result", derivations.ids())
def test_the_module_s_own_functions_agree_with_ours(result):
    """What a user gets who copies the file and passes nothing."""
    emitted, rng = function(result), random.Random(11)
    for _ in range(50):
        theta = [10 ** rng.uniform(-8, 0.19), math.pi / 2]
        planes = [(10 ** rng.uniform(-3, 2), math.sin(x), math.cos(x)) for x in theta] + [(1.5, 1.0, 0.0)]
        arguments = (10 ** rng.uniform(-8, 0), 10 ** rng.uniform(-8, 0), rng.choice([0.0, 0.3]), 9, 2, planes)
        for own, ours in zip(flat(emitted(*arguments)), flat(emitted(*arguments, FLOAT)), strict=True):
            assert own == pytest.approx(ours, rel=1e-14)
