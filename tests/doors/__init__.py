"""The front doors of `gan_utils`: what each is given, and what it promises to give back.

`enter` opens one door with one example. It says whether the door kept its promise or refused the
example; anything else is raised: a promise that was `Broken`, or an error from below.
"""

import contextlib
import os
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pandas as pd

import gan_utils

HOUSE = Path(gan_utils.__file__).parent
#: The frames of these functions are inside a training, or after it.
LATE = {"_train", "train_step", "_sample", "sample", "_draw", "_measure_marginals"}
#: scikit-learn's own checks of parameters and labels, which its contract asks of samplers.
CONTRACT = ("sklearn/utils/", "imblearn/utils/", "imblearn/base.py", "sklearn_compat/utils/")


class Broken(AssertionError):
    """A promise was not kept."""


@dataclass(frozen=True)
class Door:
    """One way into the package.

    ``open(example)`` calls it and raises `Broken` where the answer is not as promised. ``slow``
    says that an example takes a training or a second, ``tensorflow`` that it trains with that;
    ``contract``, that scikit-learn's own errors will do.
    """

    name: str
    examples: st.SearchStrategy
    open: Callable[[Any], None]
    slow: bool = False
    tensorflow: bool = False
    contract: bool = False


def enter(door: Door, example: Any) -> str:
    """Open a door: ``"kept"``, ``"refused"``, or the error that should not be."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            door.open(example)
    except Broken:
        raise
    except Exception as error:
        if fault := unusable(error, door.contract):
            error.add_note(f"not a refusal: {fault}")
            raise
        return "refused"
    return "kept"


def unusable(error: Exception, contract: bool = False) -> str:
    """Say why an error is no refusal that helps a person; nothing if it is one."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame)]
    own = type(error).__module__.partition(".")[0] == "gan_utils"
    if not own and not isinstance(error, ValueError | TypeError | KeyError):
        return f"{type(error).__name__} is no error of the package's"
    if isinstance(error, UnicodeError):
        return "an error of decoding or encoding, not of the package's"
    if late := {frame.name for frame in ours} & LATE:
        return f"raised in {min(late)}, after the training"
    last = frames[-1].filename.replace(os.sep, "/")
    if not _is_ours(frames[-1]) and not (contract and any(part in last for part in CONTRACT)):
        return f"raised below the package, in {last}:{frames[-1].lineno}"
    return "" if " " in str(error).strip() else "the message says nothing"


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(HOUSE)


def keep(promise: bool, words: str) -> None:
    """Raise `Broken` unless a promise was kept."""
    if not promise:
        raise Broken(words)


def kind_of(error: Exception) -> str:
    """Name a finding by its error and its place, so that a kind of fault is listed once."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(frame)]
    place = f"{Path(ours[-1].filename).relative_to(HOUSE)}, {ours[-1].name}" if ours else "promise"
    words = str(error) if isinstance(error, Broken) else ""
    return f"{type(error).__name__} in {place}" if not words else _without_values(words)


def _without_values(words: str) -> str:
    """Keep what was promised, and leave out the values of the example."""
    return re.sub(
        r"[\d.'\"]+|(?<=: ).*", "_", re.sub(r"^column .*? \((.*?)\)", r"column (\1)", words)
    )[:90]


def show(example: Any) -> str:
    """Write an example so that it can be typed in again."""
    if isinstance(example, dict):
        return "\n".join(f"{name} = {show(value)}" for name, value in example.items())
    if isinstance(example, tuple):
        return "\n".join(map(show, example))
    if isinstance(example, pd.DataFrame):
        rows, kind = f"{len(example)} rows by {type(example.index).__name__}", example.columns
        lines = [f"  {name!r} ({c.dtype}): {_short(c)}" for name, c in example.items()]
        return "\n".join([f"DataFrame, {rows}, {type(kind).__name__} {kind.names}", *lines])
    return f"{type(example).__name__} {example!r:.600}"


def _short(column: pd.Series) -> str:
    values = column.tolist()
    if len(set(map(repr, values))) == 1:
        return f"[{values[0]!r}] * {len(values)}"
    return f"{values[:12]!r:.300}{' ...' * (len(values) > 12)}"


@contextlib.contextmanager
def eager(door: Door) -> Iterator[None]:
    """Let TensorFlow run step by step: two steps are not worth a compilation."""
    if not door.tensorflow:
        yield
        return
    from gan_utils._support.backend import tf

    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)
