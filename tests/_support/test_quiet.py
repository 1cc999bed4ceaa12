"""Quiet: TensorFlow's start and its advice are kept away, and nothing else is."""

import logging
import os

from gan_utils._support.quiet import no_advice_on_retracing, quiet_stderr


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
