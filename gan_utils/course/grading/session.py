"""Send requests to one worker, read its replies, and end it if it exceeds a limit."""

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

import psutil

from gan_utils.course.grading.inside.border import MOST_BYTES, BorderError, from_line, to_line
from gan_utils.course.grading.sandbox import Sandbox

#: Seconds between two checks of the processes of a worker.
LOOK = 0.4

#: How many times longer than its computing time a step may take in real time, so that other
#: programs on the teacher's machine do not cost points.
PATIENCE = 3

#: Bytes that are read at a time.
CHUNK = 1 << 16

_GONE = "it ends Python, or makes it crash"

Callback = Callable[[dict], dict]


class Ended(BaseException):
    """Raised if the worker has ended; the message gives the reason.

    It is not a subclass of `Exception`, because checks turn exceptions of a student's function
    into hints, and this error must not become a hint.

    Parameters
    ----------
    why : str
        The message for the student.
    is_slow : bool
        Whether the worker ran out of time.
    """

    def __init__(self, why: str, is_slow: bool = False) -> None:
        super().__init__(why)
        self.is_slow = is_slow


class Session:
    """Start a worker, communicate with it, and end it with all processes that it has started.

    Parameters
    ----------
    sandbox : Sandbox
        The sandbox in which the worker runs.
    slot : int
        A slot number that no other running session uses.
    end : float
        The latest time at which the session must end, as a value of `time.monotonic`.
    stop : Event, optional
        An event that ends the session at once.

    Attributes
    ----------
    cpu_seconds : float
        The computing time of the worker when it was last checked.
    """

    def __init__(
        self, sandbox: Sandbox, slot: int, end: float, stop: threading.Event | None = None
    ) -> None:
        self.limits, self.end = sandbox.limits, end
        self._end, self._cpu_end = end, float("inf")
        self._seconds, self.cpu_seconds = 0.0, 0.0
        self.stop = stop or threading.Event()
        self.process = subprocess.Popen(
            sandbox.command(slot),
            env=sandbox.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.closed, self._looked, self._read = False, 0.0, bytearray()
        for stream in (self.process.stdin, self.process.stdout):
            os.set_blocking(stream.fileno(), False)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def allow(self, seconds: float) -> None:
        """Set the time limit for the requests that follow.

        Parameters
        ----------
        seconds : float
            The allowed computing time, in seconds. The allowed real time is `PATIENCE` times as
            long, but it never extends beyond the end of the session.
        """
        self._seconds = seconds
        self._end = min(time.monotonic() + PATIENCE * seconds, self.end)
        self._cpu_end = sum(map(_cpu_seconds, self._processes())) + seconds

    def ask(self, question: dict, callback: Callback | None = None) -> Any:
        """Send a request to the worker, and return its reply.

        Parameters
        ----------
        question : dict
            A request that contains ``do``, the name of the task.
        callback : callable, optional
            A function that handles any requests that the worker sends before it replies.

        Returns
        -------
        dict
            A reply that contains ``value`` or ``error``.

        Raises
        ------
        Ended
            If the worker has ended or was stopped, for example because it exceeded a limit.
        BorderError
            If the request is too large.
        """
        self._send(to_line(question))
        while True:
            reply = self._receive()
            if "callback" not in reply:
                return reply
            if callback is None or not isinstance(reply["callback"], dict):
                raise self._ended("it asked for what it may not have")
            self._send(to_line(callback(reply["callback"])))

    def close(self) -> None:
        """End the worker, and every process that it started."""
        if self.closed:
            return
        self.closed = True
        for process in reversed(self._processes()):
            with contextlib.suppress(psutil.Error, OSError):
                process.kill()
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                stream.close()
        self.process.wait(10)

    def _send(self, line: bytes) -> None:
        """Write a line; the time limit also applies to a worker that does not read the line."""
        pipe, left = self.process.stdin.fileno(), memoryview(line)
        while left:
            self._wait(pipe, select.POLLOUT)
            try:
                left = left[os.write(pipe, left) :]
            except BlockingIOError:
                continue
            except OSError as fault:
                raise self._ended(_GONE) from fault

    def _receive(self) -> dict:
        pipe, end = self.process.stdout.fileno(), self._read.find(b"\n")
        while end < 0:
            self._wait(pipe, select.POLLIN)
            try:
                found = os.read(pipe, CHUNK)
            except BlockingIOError:
                continue
            if not found:
                raise self._ended(_GONE)
            at = found.find(b"\n")
            end = len(self._read) + at if at >= 0 else -1
            self._read += found
            if len(self._read) > MOST_BYTES + CHUNK:
                raise self._ended("it sends more than it may")
        line = bytes(self._read[:end])
        del self._read[: end + 1]
        try:
            return from_line(line)
        except BorderError as fault:
            raise self._ended(str(fault)) from fault

    def _wait(self, pipe: int, event: int) -> None:
        """Wait until a pipe is ready, and check the worker now and then."""
        poll = select.poll()
        poll.register(pipe, event)
        while True:
            if time.monotonic() - self._looked > LOOK:
                self._look()
            if poll.poll(1000 * LOOK):
                return

    def _look(self) -> None:
        """End the worker if it exceeds its limit of time, memory or processes."""
        self._looked = time.monotonic()
        if self.stop.is_set():
            raise self._ended("the grading was stopped")
        processes = self._processes()
        self.cpu_seconds = max(self.cpu_seconds, sum(map(_cpu_seconds, processes)))
        if self._looked > self._end or self.cpu_seconds > self._cpu_end:
            why = f"it takes more than {self._seconds:.0f} seconds of computing"
            raise self._ended(why, is_slow=True)
        if len(processes) > self.limits.processes:
            raise self._ended(f"it starts more than {self.limits.processes} processes")
        if sum(map(_memory, processes)) > self.limits.memory:
            raise self._ended(f"it takes more than {self.limits.memory / 1e9:.0f} GB of memory")

    def _processes(self) -> list[psutil.Process]:
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def _ended(self, why: str, is_slow: bool = False) -> Ended:
        self.close()
        return Ended(why, is_slow)


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except psutil.Error:
        return 0.0


def _memory(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0
