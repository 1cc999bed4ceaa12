"""Quiet: TensorFlow's start and its advice are kept away, and nothing else is."""

import gc
import logging
import os
import warnings

import pytest

from gan_utils._support.quiet import (
    _no_garbage_collection,
    no_advice_on_retracing,
    no_warning,
    quiet_stderr,
)


def test_only_advice_on_retracing_is_kept_back(caplog):
    logger = logging.getLogger("tensorflow")
    logger.addHandler(caplog.handler)
    before = list(logger.filters)
    try:
        with no_advice_on_retracing():
            logger.warning("6 out of the last 6 calls triggered tf.function retracing.")
            logger.warning("Beware.")
    finally:
        logger.removeHandler(caplog.handler)
    assert set(caplog.messages) == {"Beware."}
    assert logger.filters == before


def test_the_error_stream_comes_back(capfd):
    with quiet_stderr():
        os.write(2, b"TensorFlow starts")
    os.write(2, b"a true error")
    assert capfd.readouterr().err == "a true error"


@pytest.mark.parametrize("enabled", [True, False])
def test_garbage_collection_is_as_it_was_before(enabled):
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with pytest.raises(ImportError), _no_garbage_collection():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled() == enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_blocks_that_overlap_leave_no_filter_behind(recwarn):
    """As in two threads: the block that was entered first is left first."""
    before = list(warnings.filters)
    first, second = no_warning("It ran out"), no_warning("It ran out")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    warnings.warn("It ran out of data.", stacklevel=1)
    warnings.warn("Beware.", stacklevel=1)
    second.__exit__(None, None, None)
    assert warnings.filters == before
    assert [str(found.message) for found in recwarn] == ["Beware."]


def test_a_filter_that_the_user_has_removed_is_not_missed():
    with warnings.catch_warnings(), no_warning("It ran out"):
        warnings.resetwarnings()
