"""The line of progress: on a terminal, and in a notebook."""

import io

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
def notebook():
    """Be in IPython, which is not the case in other tests."""
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_in_a_notebook_nothing_lands_in_the_stream(notebook, capsys):
    stream = io.StringIO()
    with ProgressBar(2, "units", file=stream, mininterval=0) as bar:
        bar.update()
        bar.update()
    bar.close()
    assert stream.getvalue() == ""
    assert "2/2 units" in capsys.readouterr().out
