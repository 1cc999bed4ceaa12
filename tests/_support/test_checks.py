"""Checks that many parameters share."""

import numpy as np
import pytest

from gan_utils._support.checks import check_in_range


@pytest.mark.parametrize(
    ("value", "bounds", "is_inside"),
    [
        (0, "[0, 1)", True),
        (1, "[0, 1)", False),
        (1.0, "(0, 1]", True),
        (0, "(0, 1]", False),
        (np.float32(0.5), "(0, 1)", True),
        (np.inf, "(0, inf)", False),
        (np.inf, "(0, inf]", True),
        (np.nan, "[0, inf]", False),
        (True, "[0, 1]", False),
        ("0.5", "[0, 1]", False),
        (None, "[0, 1]", False),
    ],
)
def test_a_number_is_in_its_interval_or_named(value, bounds, is_inside):
    if is_inside:
        check_in_range("share", value, bounds)
    else:
        with pytest.raises(ValueError, match="share="):
            check_in_range("share", value, bounds, ", such as 0.5")
