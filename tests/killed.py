"""A process that trains, is killed in the middle, and is started again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

#: So many seconds at most until a training waits to be killed, and until one has ended.
UNTIL_IT_WAITS, UNTIL_IT_ENDS = 200, 300


def start(script: str, word: str, env: dict[str, str]) -> subprocess.Popen:
    """Run a script in a process of its own; ``word`` is its argument."""
    command = [sys.executable, "-c", script, word]
    return subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)


def kill_when_waiting(process: subprocess.Popen, sign: Path) -> None:
    """Kill a process once it has made the file that says it waits."""
    end = time.monotonic() + UNTIL_IT_WAITS
    while not sign.exists():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, "the training did not get so far"
        time.sleep(0.05)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def let_it_end(process: subprocess.Popen) -> None:
    """Wait until a process has ended well."""
    _, error = process.communicate(timeout=UNTIL_IT_ENDS)
    assert process.returncode == 0, error
