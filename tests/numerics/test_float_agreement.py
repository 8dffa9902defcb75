"""The float64 check: passes forms that cancel nowhere, and points at where the others lose their digits."""

import pytest
from reference_formulas import forward_marginal, frozen_latent_error, in_latent_gap, target_score

from numerics.float_agreement import float_agreement


@pytest.mark.parametrize("function", [forward_marginal, target_score, in_latent_gap])
def test_forms_without_cancellation_keep_thirteen_digits(function):
    seen = float_agreement(function, count=100)
    assert seen.error < 1e-13
    assert seen.points == 500


def test_a_form_that_cancels_is_found_and_located():
    seen = float_agreement(frozen_latent_error, count=100)
    assert seen.error > 1e-9
    assert "alpha2=" in seen.where
