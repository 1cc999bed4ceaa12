"""Turn Markdown with formulas into HTML that needs no network."""

import re

from gan_utils.course.kit.formulas import to_mathml
from gan_utils.course.notebooks import CourseError


def markdown_to_html(source: str) -> str:
    """Turn Markdown into HTML; its formulas become MathML.

    Parameters
    ----------
    source : str
        Markdown, with formulas between dollar signs.

    Returns
    -------
    str

    Raises
    ------
    CourseError
        If nbconvert or the package ``math-core`` is missing.
    """
    try:
        from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    except ModuleNotFoundError:
        raise CourseError("slides need nbconvert. Install it: pip install nbconvert") from None

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return to_mathml(body, display=True)

        def inline_math(self, body: str) -> str:
            return to_mathml(body)

    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)


def inline_html(source: str) -> str:
    """Turn one line of Markdown into HTML without a paragraph around it.

    Parameters
    ----------
    source : str
        One line.

    Returns
    -------
    str
    """
    heading = re.sub(r"^(\d+)\.", r"\1\\.", source)  # else "2. Work" would begin a list
    return markdown_to_html(heading).strip().removeprefix("<p>").removesuffix("</p>")
