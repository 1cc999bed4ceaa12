"""Turn Markdown with formulas into HTML that works offline."""

import re
from html import escape

from gan_utils.course.kit.formulas import missing_package, to_mathml
from gan_utils.course.notebooks import CourseError

_CODE = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>", re.DOTALL)
_OF_LETTERS = re.compile(r"</?(?:b|i|em|strong|sub|sup|br|code|kbd|mark|small|u)\s*/?>")


def markdown_to_html(source: str) -> str:
    """Turn Markdown into HTML, and its formulas into MathML.

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
        raise CourseError(missing_package("nbconvert", "slides")) from None

    class Renderer(IPythonRenderer):
        def block_math(self, body: str) -> str:
            return to_mathml(body, display=True)

        def inline_math(self, body: str) -> str:
            return to_mathml(body)

        def inline_html(self, html: str) -> str:
            return harmless(html)

        def block_html(self, html: str) -> str:
            return harmless(html)

        def image(self, text: str, url: str, title: str | None = None) -> str:
            """Replace a picture from another file with its description."""
            inside = url.startswith("data:")
            return super().image(text, url, title) if inside else f"(picture: {escape(text)})"

    renderer = Renderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)


def harmless(html: str) -> str:
    """Keep only the HTML tags that format text, and remove all other tags and scripts.

    Parameters
    ----------
    html : str
        HTML, which may contain scripts or closing tags without opening tags.

    Returns
    -------
    str
        The HTML without scripts and styles, with only those tags that format text.
    """
    bare = _CODE.sub("", html)
    return _TAG.sub(lambda tag: tag[0] if _OF_LETTERS.fullmatch(tag[0]) else "", bare)


def inline_html(source: str) -> str:
    """Turn one line of Markdown into HTML without a paragraph around it.

    Parameters
    ----------
    source : str
        One line of Markdown.

    Returns
    -------
    str
    """
    heading = re.sub(r"^(\d+)\.", r"\1\\.", source)  # otherwise, "2. Work" would begin a list
    return markdown_to_html(heading).strip().removeprefix("<p>").removesuffix("</p>")
