"""The emitted functions keep thirteen digits in float64, from 1e-8 to 1 in alpha^2 and h, and to pi/2 in the angles."""

import math
import random

import pytest

import derivations
from latentreuse.catalogue import function
from numerics.float_agreement import float_agreement
from numerics.functions import FLOAT
from numerics.parameters import wanted
from theory.assumptions import Assumptions


def flat(value: object) -> list[float]:
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [float(value)]  # type: ignore[arg-type]


@pytest.mark.parametrize("result", derivations.ids())
def test_thirteen_digits(result):
    proper = "proper-encoder" in derivations.load(result).derive(Assumptions.default()).own_needs
    seen = float_agreement(function(result), count=200, proper=proper)
    assert seen.points >= 800
    assert seen.error < 1e-13, seen.where


@pytest.mark.parametrize("result", derivations.ids())
def test_the_module_s_own_functions_agree_with_ours(result):
    """What a user gets who copies the file and passes nothing."""
    emitted, rng = function(result), random.Random(11)
    asked = wanted(emitted)
    for _ in range(50):
        theta = [10 ** rng.uniform(-8, 0.19), math.pi / 2]
        planes = [(10 ** rng.uniform(-3, 2), math.sin(x), math.cos(x)) for x in theta] + [(1.5, 1.0, 0.0)]
        if asked.sourced:
            planes = [(*plane, rng.uniform(0, 3) if i < 2 else 0.0) for i, plane in enumerate(planes)]
        alpha2, h = 10 ** rng.uniform(-8, 0), 10 ** rng.uniform(-8, 0)
        arguments = (alpha2, h, rng.choice([0.0, 0.3]), 9, 2, planes)
        drawn = {name: rng.uniform(0.01, 0.99) for name in asked.names} | {"r_end": h / alpha2 * rng.uniform(1.1, 9)}
        keywords = {name: drawn[name] for name in asked.names}
        pairs = zip(flat(emitted(*arguments, **keywords)), flat(emitted(*arguments, **keywords, fn=FLOAT)), strict=True)
        for own, ours in pairs:
            assert own == pytest.approx(ours, rel=1e-14)
