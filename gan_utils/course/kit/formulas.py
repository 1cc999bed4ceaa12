"""Convert the LaTeX of the lessons into formats that can be drawn offline."""

import re
from html import escape

from gan_utils.course.notebooks import CourseError

#: LaTeX that Matplotlib's mathtext does not support, and its equivalent in mathtext.
_PLAINER = (
    (r"\\[bB]ig+[lr]?(?![a-zA-Z])", ""),
    (r"\\tfrac", r"\\frac"),
    (r"\\[dt]binom", r"\\binom"),
    (r"\\[lr]Vert(?![a-zA-Z])", r"\\Vert "),
    (r"\\([lg])e(?![a-zA-Z])", r"\\\1eq "),
    (r"\\dots(?![a-zA-Z])", r"\\ldots "),
    (r"\\mid(?![a-zA-Z])", r"\\,|\\,"),
    (r"\\(?:begin|end)\{(?:aligned|align\*?|split|gathered)\}", ""),
    (r"\\(?:nonumber|notag|displaystyle|limits)(?![a-zA-Z])", ""),
    (r"\\left\\lbrace", r"\\left\\{"),
    (r"&", ""),
    (r"'", "\N{PRIME}"),  # the fonts' prime is raised already; mathtext would raise it again
)
#: Commands with one or two arguments that need no braces in LaTeX: ``\frac12``, ``\mathcal N``.
_ARGUMENTS = {
    "frac": 2,
    "dfrac": 2,
    "binom": 2,
    "sqrt": 1,
    "hat": 1,
    "bar": 1,
    "tilde": 1,
    "vec": 1,
}
_ARGUMENTS |= {"mathcal": 1, "mathbb": 1, "mathrm": 1, "mathbf": 1, "boldsymbol": 1, "text": 1}
_PIECE = re.compile(r"\s*(\\[a-zA-Z]+|\\.|[^\s{}\\])")


def to_mathml(latex: str, display: bool = False) -> str:
    """Turn a formula into MathML, which browsers can display without scripts.

    Parameters
    ----------
    latex : str
        The formula, without dollar signs.
    display : bool, optional
        Whether the formula is displayed on a separate line.

    Returns
    -------
    str
        A ``<math>`` element. If the formula cannot be converted, its LaTeX is returned in a
        ``<code class="latex">`` element, so that the formula is not lost.

    Raises
    ------
    CourseError
        If the package ``math-core`` is missing.
    """
    try:
        from math_core import LatexToMathML
    except ModuleNotFoundError:
        raise CourseError(missing_package("math-core", "slides")) from None
    try:
        return LatexToMathML().convert_with_local_state(latex, displaystyle=display)
    except Exception:  # the package is young: its errors and names may change
        return f'<code class="latex">{escape(latex)}</code>'


def missing_package(package: str, product: str) -> str:
    """Return a message that names a missing package and explains how to install it.

    Parameters
    ----------
    package : str
        The name of the package on the package index.
    product : str
        The product that cannot be made without the package.

    Returns
    -------
    str
    """
    return f"the {product} need the package {package}. Install it: pip install {package}"


def to_mathtext(latex: str, display: bool = False) -> str:
    r"""Rewrite a formula in the subset of LaTeX that Matplotlib's mathtext can draw.

    Parameters
    ----------
    latex : str
        The formula, without dollar signs. Sizes of brackets (``\big``) are dropped, omitted braces
        (``\frac12``) are added, and the label of an ``\underbrace`` is put under its formula.
    display : bool, optional
        Whether the formula is displayed on a separate line, with its fractions at full size.

    Returns
    -------
    str
        The formula on one line; the lines of an aligned environment are set side by side.
    """
    text = " ".join(latex.split())
    text = re.sub(r"\\frac(?![a-zA-Z])", r"\\dfrac", text) if display else text
    for pattern, plainer in _PLAINER:
        text = re.sub(pattern, plainer, text)
    return _underset(_braced(text.replace(r"\\", r"\qquad "))).strip()


def _argument(text: str) -> tuple[str, str]:
    """Split the first argument off a text: the content of its braces, or one symbol."""
    rest = text.lstrip()
    if not rest.startswith("{"):
        piece = _PIECE.match(rest)
        return (piece[1], rest[piece.end() :]) if piece else ("", rest)
    depth = 0
    for place, letter in enumerate(rest):
        escaped = place > 0 and rest[place - 1] == "\\"
        depth += 0 if escaped else (letter == "{") - (letter == "}")
        if depth == 0:
            return rest[1:place], rest[place + 1 :]
    return rest[1:], ""


def _braced(text: str) -> str:
    """Add the braces that may be omitted in LaTeX."""
    names = "|".join(_ARGUMENTS)
    found = re.search(rf"\\({names})(?![a-zA-Z])", text)
    if not found:
        return text
    done, rest = text[: found.end()], text[found.end() :]
    option = re.match(r"\s*\[[^]]*\]", rest) if found[1] == "sqrt" else None
    if option:
        done, rest = done + option.group().strip(), rest[option.end() :]
    for _ in range(_ARGUMENTS[found[1]]):
        inside, rest = _argument(rest)
        done += "{" + (inside if found[1] == "text" else _braced(inside)) + "}"
    return done + _braced(rest)


def _underset(text: str) -> str:
    r"""Put the label of an ``\underbrace`` under its formula."""
    before, mark, rest = text.partition(r"\underbrace")
    if not mark:
        return text
    inside, rest = _argument(rest)
    label = ""
    if rest.lstrip().startswith("_"):
        label, rest = _argument(rest.lstrip()[1:])
    under = rf"\underset{{{label}}}{{{_underset(inside)}}}" if label else inside
    return before + under + _underset(rest)
