"""The line of progress: on a terminal, and in a notebook."""

import io
import subprocess
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell

from gan_utils._support.progress_bar import ProgressBar


def test_on_a_stream_one_line_is_rewritten():
    stream = io.StringIO()
    with ProgressBar(4, "units", initial=1, file=stream, mininterval=0) as bar:
        for _ in range(3):
            bar.set_postfix(loss=0.5, refresh=False)
            bar.update()
    written = stream.getvalue()
    assert written.count("\n") == 1
    assert written.endswith("\n")
    last = written.rstrip("\n").split("\r")[-1]
    assert last.startswith("[####################] 4/4 units  ")
    assert "00:00 left" in last
    assert "loss=0.5" in last


def test_large_counts_are_readable():
    stream = io.StringIO()
    with ProgressBar(10_000, "steps", file=stream, mininterval=0) as bar:
        bar.update(2_500)
    assert "[#####...............] 2,500/10,000 steps" in stream.getvalue()


@pytest.fixture
def shell():
    """Be in IPython, which is not the case in other tests."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def count_to_two(**settings):
    with ProgressBar(2, "units", mininterval=0, **settings) as bar:
        bar.update()
        bar.update()
    bar.close()


def test_a_notebook_rewrites_one_display(shell, monkeypatch):
    published = []
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    monkeypatch.setattr(shell.display_pub, "publish", lambda **message: published.append(message))
    count_to_two()
    assert not published[0].get("update")
    assert all(message["update"] for message in published[1:])
    assert "2/2 units" in published[-1]["data"]["text/plain"]


def test_a_given_stream_is_written_in_a_notebook_too(shell, monkeypatch, capsys):
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    stream = io.StringIO()
    count_to_two(file=stream)
    assert "2/2 units" in stream.getvalue()
    assert capsys.readouterr().out == ""


def test_ipython_on_a_terminal_rewrites_its_line(shell, capsys):
    count_to_two()
    assert capsys.readouterr().out.count("\n") == 1


def test_the_lock_of_the_user_s_own_bars_is_left_alone():
    program = (
        "from tqdm.std import TqdmDefaultWriteLock, tqdm; "
        "from gan_utils._support.progress_bar import ProgressBar; "
        "assert isinstance(tqdm.get_lock(), TqdmDefaultWriteLock); "
        "assert ProgressBar.get_lock() in tqdm.get_lock().locks"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
