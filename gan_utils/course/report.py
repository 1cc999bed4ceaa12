"""Report on a run of the course: show its progress, write HTML pages, and print a table."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from nbformat import NotebookNode

from gan_utils._support.files import write_text
from gan_utils.course import notebooks
from gan_utils.course.notebooks import HEADLINE, find_notebooks, tags
from gan_utils.course.progress_report import CourseProgress
from gan_utils.course.runner import Run
from gan_utils.course.side_by_side import GAIN, SideBySide, at_once

#: Additions to nbconvert's template: the alternative text of a picture, which nbconvert leaves
#: out, and solutions that stay folded until the reader opens them.
TEMPLATE = """
{%- extends "lab/index.html.j2" -%}

{%- block data_png scoped -%}
{%- set words = output | get_metadata("alt", "image/png") -%}
{%- if words -%}
{{ super() | replace("<img ", '<img alt="' ~ (words | escape_html) ~ '" ', 1) }}
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock data_png -%}

{%- block codecell -%}
{%- if "solution" in cell.metadata.get("tags", []) -%}
<details style="margin: 0.5em 5em">
<summary>{{ cell.source.split("\n")[0] | replace("# @title ", "") | escape_html }}</summary>
{{ super() }}
</details>
{%- else -%}
{{ super() }}
{%- endif -%}
{%- endblock codecell -%}
"""


@dataclass(frozen=True)
class Headline:
    """One of a lesson's main measures, with its range over several runs."""

    name: str
    value: str
    spread: str
    runs: str

    def __str__(self) -> str:
        return f"{self.name} {self.value} ({self.spread}; {self.runs})"


def read_headlines(notebook: NotebookNode | None) -> list[Headline]:
    """Read the lines ``headline | name | value | range | runs`` that a notebook printed.

    Parameters
    ----------
    notebook : NotebookNode or None
        An executed notebook; only its cells tagged ``headline`` are read.

    Returns
    -------
    list of Headline
    """
    cells = [c for c in notebook.cells if HEADLINE in tags(c)] if notebook else []
    texts = [o.get("text", "") for c in cells for o in c.get("outputs", [])]
    lines = [[part.strip() for part in x.split("|")] for t in texts for x in t.splitlines()]
    return [Headline(*line[1:]) for line in lines if len(line) == 5 and line[0] == "headline"]


def to_html(notebook: NotebookNode, folder: Path) -> str:
    """Turn an executed notebook into a single HTML page that contains its pictures.

    Parameters
    ----------
    notebook : NotebookNode
        An executed notebook.
    folder : Path
        The folder to which the paths of the notebook's pictures are relative.

    Returns
    -------
    str
    """
    from jinja2 import DictLoader
    from nbconvert import HTMLExporter

    exporter = HTMLExporter(
        embed_images=True,
        extra_loaders=[DictLoader({"course.html.j2": TEMPLATE})],
        template_file="course.html.j2",
    )
    about = {"path": str(folder), "name": title_of(notebook)}
    return exporter.from_notebook_node(notebook, {"metadata": about})[0]


def title_of(notebook: NotebookNode) -> str:
    """Return the first heading of a notebook.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook of any edition.

    Returns
    -------
    str
        The heading, or ``"Notebook"`` if there is none.
    """
    texts = (cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    lines = (line for text in texts for line in text.splitlines())
    return next((line.strip("# ") for line in lines if line.startswith("# ")), "Notebook")


def run_course(
    root: Path,
    *,
    budget: str,
    only: Sequence[str] | None = None,
    output: Path | None = None,
    stream: TextIO | None = None,
) -> list[Run]:
    """Run all notebooks, write the results, and print a table of the runs.

    Parameters
    ----------
    root : Path
        The checkout.
    budget : str
        ``quick``, ``classroom`` or ``full``.
    only : sequence of str, optional
        Prefixes of the notebooks' names.
    output : Path, optional
        The folder for executed notebooks and HTML pages; by default, nothing is written.
    stream : text file, optional
        The stream to which the progress and the table are printed; by default, standard output.

    Returns
    -------
    list of Run
        One run per notebook, in order. A failed run does not stop the others.
    """
    written = None if output is None else Path(output)
    runs = run_each(
        find_notebooks(root, only),
        budget,
        stream or sys.stdout,
        lambda run: written and run.notebook and write_results(run, written),
    )
    if output is not None:
        print(f"\nExecuted notebooks and HTML to read: {output}", file=stream or sys.stdout)
    return runs


def run_each(
    paths: list[Path], budget: str, stream: TextIO, after: Callable[[Run], object]
) -> list[Run]:
    """Run notebooks (two at a time at budget ``quick``), and show the progress and a table.

    Parameters
    ----------
    paths : list of Path
        The notebooks.
    budget : str
        The budget of the notebooks.
    stream : text file
        The stream to which the progress and the table are printed.
    after : function
        A function that is called with each run when it ends.

    Returns
    -------
    list of Run
        One run per notebook, in order. A failed run does not stop the others.
    """
    progress = CourseProgress(paths, budget, stream, gain=GAIN if at_once(budget) > 1 else 1.0)
    whole = SideBySide(budget, progress, after)
    runs = whole.run(paths)
    progress.close()
    progress.say(f"\n{table(runs, whole.seconds, whole.peak_bytes)}")
    return runs


def write_results(run: Run, output: Path) -> None:
    """Write an executed notebook and its HTML page, each atomically.

    Parameters
    ----------
    run : Run
        The run, with the executed notebook.
    output : Path
        The folder.
    """
    notebooks.write(run.notebook, output / run.path.name)
    write_text(output / f"{run.path.stem}.html", to_html(run.notebook, run.path.parent))


def table(runs: Sequence[Run], seconds: float, peak_bytes: int) -> str:
    """Format a table that summarizes a run of the course.

    Parameters
    ----------
    runs : sequence of Run
        The runs, one per notebook.
    seconds, peak_bytes : float, int
        The time and the peak memory of the whole run, in which two notebooks may have run at
        once.

    Returns
    -------
    str
        One line per notebook, each followed by the notebook's main measures, and a last line for
        the whole run.
    """
    width = max([len("all together"), *(len(run.path.stem) for run in runs)])
    lines = [f"{'notebook':{width}}  seconds  peak memory  ok or not"]
    lines.append("-" * len(lines[0]))
    for run in runs:
        lines += _rows(run, width)
    failed = sum(not run.ok for run in runs)
    lines.append("-" * len(lines[0]))
    verdict = "ok" if not failed else f"{failed} of {len(runs)} FAILED"
    lines.append(_row("all together", seconds, peak_bytes, verdict, width))
    return "\n".join(lines)


def _rows(run: Run, width: int) -> list[str]:
    rows = [_row(run.path.stem, run.seconds, run.peak_bytes, _verdict(run), width)]
    if run.error:
        rows.append(f"    {run.error}")
    measures = read_headlines(run.notebook)
    wide = max((len(h.name) for h in measures), default=0)
    figure = max((len(h.value) for h in measures), default=0)
    return rows + [
        f"    {h.name:{wide}}  {h.value:>{figure}}  {h.spread}, {h.runs}" for h in measures
    ]


def _row(name: str, seconds: float, peak: int, verdict: str, width: int) -> str:
    return f"{name:{width}}  {seconds:7.1f}  {peak / 2**20:7.0f} MiB  {verdict}"


def _verdict(run: Run) -> str:
    return "ok" if run.ok else f"FAILED in cell {run.cell} of {run.n_cells}"
