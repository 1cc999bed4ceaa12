"""Write the slides of a lesson as one HTML file that uses reveal.js and works offline."""

import base64
import importlib.util
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gan_utils._support.files import write_text
from gan_utils.course.kit.choices import PICTURES
from gan_utils.course.kit.contents import take_apart
from gan_utils.course.kit.deck import deck_of, slides_of
from gan_utils.course.kit.formulas import missing_package
from gan_utils.course.kit.markdown import markdown_to_html
from gan_utils.course.notebooks import CourseError

if TYPE_CHECKING:
    from nbconvert.exporters import SlidesExporter
    from nbformat import NotebookNode

_HERE = Path(__file__).resolve().parent


def write_slides(notebook: Path, path: Path) -> int:
    """Write a lesson's slides.

    Parameters
    ----------
    notebook : Path
        An executed lesson of the course.
    path : Path
        The HTML file to write. The file works offline, because it contains reveal.js, the styles,
        the pictures and the formulas (as MathML). The S key opens the speaker's notes.

    Returns
    -------
    int
        The number of slides. The same lesson always produces an identical file.

    Raises
    ------
    CourseError
        If the notebook is damaged or has no stored outputs, or if a package of the extra
        ``teach`` is missing.

    References
    ----------
    reveal.js, https://revealjs.com
    """
    bundle = _bundle()
    lesson = take_apart(Path(notebook))
    slides = slides_of(lesson)
    deck = deck_of(slides, re.sub(r"[*`]", "", lesson.title))
    html, _ = _exporter().from_notebook_node(deck, resources={"kit": bundle})
    write_text(Path(path), html)
    return len(slides)


def _bundle() -> dict[str, list[str]]:
    """Read the styles and scripts that go into the file, in their order."""
    found = importlib.util.find_spec("sphinx_revealjs")
    if found is None or found.origin is None:
        raise CourseError(missing_package("sphinx-revealjs", "slides"))
    reveal = Path(found.origin).parent / "_static" / "revealjs"
    names = ["dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js"]
    try:
        files = [_read(reveal / name) for name in names]
    except FileNotFoundError as fault:
        raise CourseError(f"sphinx-revealjs has no {Path(fault.filename).name}.") from None
    styles = [*files[:2], _code_style(), _read(_HERE / "slides.css")]
    # A script in a page ends at the first closing tag, even if the tag is inside a string.
    scripts = [re.sub("</(script)", r"<\\/\1", file, flags=re.IGNORECASE) for file in files[2:]]
    return {"styles": styles, "scripts": [*scripts, _read(_HERE / "slides.js")]}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _code_style() -> str:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(style="default").get_style_defs(".highlight")


def _exporter() -> "SlidesExporter":
    """Make nbconvert's exporter for slides, with formulas as MathML and the kit's template."""
    try:
        from nbconvert.exporters import SlidesExporter
    except ModuleNotFoundError:
        raise CourseError(missing_package("nbconvert", "slides")) from None

    exporter = SlidesExporter(raw_template=_read(_HERE / "slides.html.j2"))
    exporter.register_filter("markdown2html", markdown_to_html)
    exporter.register_filter("alternative_text", alternative_text)
    exporter.register_filter("picture_source", _picture_source)
    exporter.register_filter("without_style", _without_style)
    return exporter


def alternative_text(output: "NotebookNode") -> str:
    """Find the alternative text of a picture, for readers who cannot see it.

    Parameters
    ----------
    output : NotebookNode
        An output with a picture.

    Returns
    -------
    str
        The ``alt`` text of the picture. If there is none, the plain text of the output is returned
        or, if that is also missing, a fixed sentence.
    """
    notes = output.get("metadata", {})
    given = [notes.get(kind, {}).get("alt", "") for kind in PICTURES]
    text = next(filter(None, given), "") or output.data.get("text/plain", "")
    if text.startswith("<"):  # such as <Figure size 640x480 with 1 Axes>, which is no help
        text = ""
    return text.strip() or "A picture of the lesson; its text describes it."


def _picture_source(output: "NotebookNode") -> str:
    kind = next(kind for kind in PICTURES if kind in output.data)
    content = output.data[kind]
    if kind == "image/svg+xml":  # the only kind that a notebook stores as text
        content = base64.b64encode(content.encode("utf-8")).decode("ascii")
    return f"data:{kind};base64,{''.join(content.split())}"


def _without_style(html: str) -> str:
    """Remove the borders of a table and the styles that pandas writes with it."""
    bare = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r' (?:border|style)="[^"]*"', "", bare)
