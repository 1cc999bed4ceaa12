"""Checks that many parameters share."""

import numpy as np
import pytest

from gan_utils._support.checks import SEEDS, as_tensorflow_seed, check_count, check_in_range


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


@pytest.mark.parametrize("check", [lambda value: check_count("n", value), as_tensorflow_seed])
def test_a_numpy_integer_becomes_a_python_integer(check):
    assert type(check(np.int64(3))) is int
    assert check(np.uint8(3)) == 3


@pytest.mark.parametrize("seed", [None, 1.0, "1", SEEDS, 2**70, -SEEDS - 1, np.uint64(2**63)])
def test_a_seed_that_tensorflow_cannot_hold_is_named(seed):
    with pytest.raises(ValueError, match="random_state="):
        as_tensorflow_seed(seed)
