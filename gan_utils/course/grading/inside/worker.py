"""Run cells in a process inside the sandbox, and handle the grader's requests.

The process reads JSON objects from standard input and writes JSON objects to standard output, one
on each line. Any output of a student's code is discarded. The grader does not trust the replies,
because a student's code may already control this process.
"""

import contextlib
import json
import linecache
import os
import sys
import time
import types
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gan_utils._support.builtin_names import builtins_of

from .border import BorderError, from_line, to_line
from .decoder import Decoder, plain_name
from .encoder import Encoder
from .plan import Step, binds_only_names, names, pieces_of, statements

#: The maximum number of characters of an error message that is sent.
MOST_LETTERS = 300
#: A statement of the lesson is not repeated for every student if it takes more than WORTH_KEEPING
#: seconds of CPU time and its results take fewer than MOST_KEPT characters of JSON.
WORTH_KEEPING, MOST_KEPT = 0.2, 300_000


def confine(limits: dict[str, int]) -> None:
    """Give up privileges and set limits, for this process and for all processes that it starts.

    Parameters
    ----------
    limits : dict
        The id of the user to switch to (``uid``), the maximum ``address_space`` and ``file`` size
        in bytes, the maximum ``cpu`` time in seconds, and the maximum numbers of ``processes`` and
        ``files``. A limit that is not given stays unchanged.
    """
    import resource

    if "uid" in limits:
        os.setgroups([])
        os.setresgid(limits["uid"], limits["uid"], limits["uid"])
        os.setresuid(limits["uid"], limits["uid"], limits["uid"])
    known = {
        "address_space": resource.RLIMIT_AS,
        "file": resource.RLIMIT_FSIZE,
        "processes": resource.RLIMIT_NPROC,
        "cpu": resource.RLIMIT_CPU,
        "files": resource.RLIMIT_NOFILE,
    }
    for name, kind in known.items():
        if name in limits:
            resource.setrlimit(kind, (limits[name], limits[name]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Worker:
    """Run the cells of a lesson and of a student, and keep the names that they bind.

    Parameters
    ----------
    source, target : binary file
        The stream that contains the requests, and the stream to which the replies are written.
    """

    def __init__(self, source: BinaryIO, target: BinaryIO) -> None:
        self.source, self.target = source, target
        self.kept: list[Any] = []
        self.steps: list[Step] = []
        self.known: dict[str, dict] = {}
        self.n_pieces = 0
        self.space = _new_module()
        self.decoder = Decoder(self._callback, self._object_with_methods, lambda *_: None)

    def serve(self) -> None:
        """Handle the grader's requests until there are no more requests."""
        while line := self.source.readline():
            question = from_line(line)
            try:
                reply = {"value": getattr(self, f"_do_{question['do']}")(question)}
            except BaseException as error:  # a student's code may raise any error
                reply = {"error": _told(error)}
            try:
                self._send(reply)
            except (ValueError, RecursionError, BorderError) as error:
                self._send({"error": _told(error)})

    def _do_plan(self, question: dict) -> bool:
        """Receive the cells, and keep the statements that the exercises need."""
        self.known = question.get("known", {})
        self.steps = pieces_of([Step(**step) for step in question["steps"]], self.known)
        return True

    def _do_rehearse(self, _: dict) -> dict:
        """Run the lesson's own statements, and send the results of slow assignments.

        A result is sent only if it is not too large and can be encoded without loss.
        """
        found = {}
        for piece in (p for step in self.steps if not step.exercise for p in step.sources):
            start = time.process_time()
            self._execute(piece)
            if time.process_time() - start > WORTH_KEEPING and binds_only_names(piece):
                values = {name: self.space[name] for name in names(piece)[0]}
                if (sent := self._whole(values)) is not None:
                    found[piece] = sent
        return found

    def _whole(self, values: dict[str, Any]) -> dict | None:
        with contextlib.suppress(Exception):
            sent = {name: Encoder(self._keep).encode(value) for name, value in values.items()}
            back = {name: self.decoder.decode(value) for name, value in sent.items()}
            if len(json.dumps(sent)) < MOST_KEPT and is_same(values, back):
                return sent
        return None

    def _do_reach(self, question: dict) -> bool:
        """Run the lesson's own statements above an exercise."""
        while self.steps and self.steps[0].exercise != question["exercise"]:
            step = self.steps.pop(0)
            for piece in [] if step.exercise else step.sources:
                if piece in self.known:
                    self._bind(self.known[piece])
                else:
                    self._execute(piece)
        return True

    def _do_run(self, question: dict) -> dict | None:
        """Run a student's cells, statement by statement; return their first error.

        A statement after the answers may fail because it shows a result that only the whole lesson
        computes. The answers exist even then.
        """
        (step,) = (s for s in self.steps if s.exercise == question["exercise"])
        first = None
        for source in step.sources:
            try:
                pieces = statements(source)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                pieces, first = [], first or _told(error)
            for piece in pieces:
                try:
                    self._execute(piece)
                except BaseException as error:
                    first = first or _told(error)
        return first

    def _do_answers(self, question: dict) -> dict:
        """Send the values of names; a name without a value is left out."""
        encoder = Encoder(self._keep)
        there = [name for name in question["names"] if name in self.space]
        return {name: encoder.encode(self.space[name]) for name in there}

    def _do_call(self, question: dict) -> Any:
        """Call a function, and send what it returns."""
        arguments = [self.decoder.decode(sent) for sent in question["arguments"]]
        return Encoder(self._keep).encode(self.kept[question["number"]](*arguments))

    def _do_builtins(self, question: dict) -> list[str]:
        """Send the names of Python's own functions that a function uses."""
        return builtins_of(self.kept[question["number"]])

    def _bind(self, values: dict[str, Any]) -> None:
        """Bind names to results that another process has computed."""
        self.space |= {name: self.decoder.decode(value) for name, value in values.items()}

    def _execute(self, piece: str) -> None:
        """Run a statement, and keep its source: TensorFlow rewrites the functions it compiles."""
        self.n_pieces += 1
        name = f"<cell {self.n_pieces}>"
        linecache.cache[name] = (len(piece), None, piece.splitlines(keepends=True), name)
        exec(compile(piece, name, "exec"), self.space)

    def _keep(self, thing: object) -> int:
        self.kept.append(thing)
        return len(self.kept) - 1

    def _callback(self, number: int, method: str | None = None) -> Any:
        """Make a function that calls one of the grader's functions."""

        def call(*arguments: Any) -> Any:
            encoder = Encoder(self._keep)
            sent = [encoder.encode(argument) for argument in arguments]
            self._send({"callback": {"number": number, "method": method, "arguments": sent}})
            reply = from_line(self.source.readline())
            if "error" in reply:
                name = plain_name(reply["error"]["type"], "Exception")
                raise type(name, (Exception,), {})(reply["error"]["text"])
            return self.decoder.decode(reply["value"])

        return call

    def _object_with_methods(self, number: int, names: Sequence[str]) -> object:
        methods = {name: self._callback(number, name) for name in names}
        return types.SimpleNamespace(**methods)

    def _send(self, message: dict) -> None:
        self.target.write(to_line(message))
        self.target.flush()


def _new_module() -> dict[str, Any]:
    """Make the namespace of a notebook, as a module in which its classes can be found by name."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__["display"] = lambda *_, **__: None
    return module.__dict__


def is_same(value: Any, other: Any) -> bool:
    """Tell whether a value is unchanged after encoding and decoding, including its type.

    Parameters
    ----------
    value, other : object
        The value before encoding and the value after decoding.

    Returns
    -------
    bool
        Whether the value is certainly unchanged; False for types that are not supported, and for
        NaN outside a pandas table or column.

    Raises
    ------
    AssertionError
        If two pandas tables or columns differ.
    """
    if type(value) is not type(other):
        return False
    if isinstance(value, dict):
        return list(value) == list(other) and all(is_same(value[k], other[k]) for k in value)
    if isinstance(value, list | tuple):
        pairs = zip(value, other, strict=False)
        return len(value) == len(other) and all(is_same(a, b) for a, b in pairs)
    if isinstance(value, np.ndarray):
        same_form = value.dtype == other.dtype and value.shape == other.shape
        return same_form and bool((value == other).all())
    if pd := sys.modules.get("pandas"):
        check = {pd.DataFrame: pd.testing.assert_frame_equal}
        check[pd.Series] = pd.testing.assert_series_equal
        if type(value) in check:
            check[type(value)](value, other, check_exact=True)
            return value.attrs == other.attrs
    plain = isinstance(value, bool | int | float | str | type(None) | np.generic)
    return plain and bool(value == other)


def _told(error: BaseException) -> dict[str, str]:
    try:
        text = str(error)
    except BaseException:  # the student may have defined the error
        text = ""
    return {"type": type(error).__name__, "text": text[:MOST_LETTERS]}


def serve_standard_streams() -> None:
    """Handle requests on the standard streams, which students' code cannot use."""
    source, target = (os.fdopen(os.dup(n), mode) for n, mode in ((0, "rb"), (1, "wb")))
    confine(json.loads(sys.argv[1]))
    warnings.simplefilter("ignore")
    worker = Worker(source, target)
    with Path(os.devnull).open("r+b") as nothing:
        for number in (0, 1, 2):
            os.dup2(nothing.fileno(), number)
    with contextlib.suppress(BrokenPipeError):
        worker.serve()


if __name__ == "__main__":
    serve_standard_streams()
