"""Load TensorFlow without its start-up log, which has no place in a lesson's output."""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from types import ModuleType


class BackendError(ImportError):
    """An error raised if Keras runs on a backend other than TensorFlow."""


def import_tensorflow() -> ModuleType:
    """Import TensorFlow, and suppress its log if it is loaded for the first time.

    Returns
    -------
    module
        ``tensorflow``.
    """
    if "tensorflow" not in sys.modules:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with quiet_stderr():
            import tensorflow  # noqa: F401
    return sys.modules["tensorflow"]


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Discard what compiled code writes to the error stream.

    TensorFlow logs from C++ before it reads any of its settings, so the file descriptor itself is
    redirected. Python's errors are not lost, because they are raised as exceptions.

    Yields
    ------
    None
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # if there is no descriptor 2, there is no log
            saved = os.dup(2)
            stack.callback(os.close, saved)
            stack.callback(os.dup2, saved, 2)
            with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
                os.dup2(nowhere.fileno(), 2)
        yield


@contextlib.contextmanager
def no_advice_on_retracing() -> Iterator[None]:
    """Silence TensorFlow's retracing warning, which is expected: each run has a new network.

    Yields
    ------
    None
    """

    def wanted(record: logging.LogRecord) -> bool:
        return "tf.function retracing" not in record.getMessage()

    logger = logging.getLogger("tensorflow")
    logger.addFilter(wanted)
    try:
        yield
    finally:
        logger.removeFilter(wanted)
