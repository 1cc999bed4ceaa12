"""Silence logs and warnings that have no place in a lesson's output."""

import contextlib
import gc
import logging
import os
import re
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from types import ModuleType

#: The Keras backend that the package needs.
WANTED = "tensorflow"
#: Number of blocks in which each warning is silenced now, and the lock that guards it.
_SILENCED: Counter[str] = Counter()
_LOCK = threading.Lock()


class BackendError(ImportError):
    """An error raised if Keras runs on a backend other than TensorFlow."""


def check_backend(backend: str) -> None:
    """Refuse every Keras backend other than TensorFlow.

    Parameters
    ----------
    backend : str
        The backend's name.

    Raises
    ------
    BackendError
        If it is another one; the message names the setting.
    """
    if backend != WANTED:
        raise BackendError(
            f"Keras runs on {backend!r}, and gan_utils trains with TensorFlow. Unset "
            "KERAS_BACKEND, or set it to 'tensorflow', and start Python again."
        )


def import_tensorflow() -> ModuleType:
    """Import TensorFlow, and suppress the log that it writes on the first import.

    Returns
    -------
    module
        ``tensorflow``.

    Raises
    ------
    BackendError
        If ``KERAS_BACKEND`` names another backend. TensorFlow imports Keras, which would then load
        that backend, or fail without it.
    """
    if "tensorflow" not in sys.modules:
        check_backend(os.environ.get("KERAS_BACKEND") or WANTED)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with quiet_stderr(), _no_garbage_collection():
            import tensorflow  # noqa: F401
    return sys.modules["tensorflow"]


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Pause garbage collection, which takes a sixth of the import and frees 1 % of the objects."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
    """Silence TensorFlow's retracing warning, which is expected because each run has a new network.

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


@contextlib.contextmanager
def no_warning(message: str) -> Iterator[None]:
    """Silence one warning in a long block, which other threads may enter at the same time.

    ``warnings.catch_warnings`` puts back the filters of all threads that it found. If two threads
    leave their blocks in the order in which they entered, the filter of one would stay for good.

    Parameters
    ----------
    message : str
        A regular expression for the beginning of the warning.

    Yields
    ------
    None
    """
    with _LOCK:
        _SILENCED[message] += 1
        warnings.filterwarnings("ignore", message=message)  # it is never listed twice
    try:
        yield
    finally:
        with _LOCK:
            _SILENCED[message] -= 1
            if not _SILENCED[message]:
                _remove_filter(message)


def _remove_filter(message: str) -> None:
    ours = ("ignore", re.compile(message, re.IGNORECASE), Warning, None, 0)
    with contextlib.suppress(ValueError):  # the user may have removed it
        warnings.filters.remove(ours)
