"""Rules that choose sentences, code, pictures and tables for slides."""

import ast
import re

from nbformat import NotebookNode

from gan_utils.course.kit.contents import CELL, LIST, TEXT, Block, LessonContents, points, sentences
from gan_utils.course.notebooks import CHECK, EXERCISE, HEADLINE, QUIZ, SETUP, tags

#: The most lines of code, and the most characters of a key sentence, on a slide.
MOST_LINES, MOST_LETTERS = 25, 230
#: A question to the class, in italics, at the end of a paragraph.
QUESTION = re.compile(r"\*[^*]+\?\*$")
_LABEL = re.compile(r"\*\*[^*]{1,40}\*\*[.:]?")
#: What the code of a network or of a training step has in it.
_MODEL = re.compile(r"GradientTape|\blayers\.|keras\.(?:Model|Sequential)\b|class \w+\(\w*GAN\)")
#: The pictures that a slide shows, the preferred kind first.
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def definitions(code: str) -> list[str]:
    """Take the functions and classes out of a cell, without its imports and prints.

    Parameters
    ----------
    code : str
        Python.

    Returns
    -------
    list of str
        The code of each, in order, with its decorators.
    """
    try:
        nodes = ast.parse(code).body
    except SyntaxError:  # magics
        return []
    lines = code.splitlines()
    return [
        "\n".join(lines[min([n.lineno, *(d.lineno for d in n.decorator_list)]) - 1 : n.end_lineno])
        for n in nodes
        if isinstance(n, ast.FunctionDef | ast.ClassDef)
    ]


def pages_of_code(parts: list[str], most: int = MOST_LINES) -> list[str]:
    """Fill slides with definitions; none is cut.

    Parameters
    ----------
    parts : list of str
        Definitions.
    most : int
        The most lines on a slide.

    Returns
    -------
    list of str
        A definition longer than ``most`` lines is left out.
    """
    pages: list[str] = []
    for part in (part for part in parts if len(part.splitlines()) <= most):
        longer = f"{pages[-1]}\n\n{part}" if pages else part
        fits = bool(pages) and len(longer.splitlines()) <= most
        pages[-1:] = [longer] if fits or not pages else [pages[-1], part]
    return pages


def is_plain(cell: NotebookNode) -> bool:
    """Tell a code cell of the lesson from set-up, exercise, quiz and headline.

    Parameters
    ----------
    cell : NotebookNode
        A code cell.

    Returns
    -------
    bool
    """
    return not {SETUP, EXERCISE, CHECK, QUIZ, HEADLINE} & set(tags(cell))


def cells_with_models(lesson: LessonContents) -> set[int]:
    """Find the cells that show the model or, in a lesson without networks, the longest functions.

    Parameters
    ----------
    lesson : LessonContents
        A lesson, taken apart.

    Returns
    -------
    set of int
        The identities of the cells (``id``): of those that define a network or a training step
        and, if there are fewer than two, of the three with the longest definitions.
    """
    cells = [b.cell for s in lesson.sections for b in s.blocks if b.kind == CELL]
    coded = {id(c): "\n\n\n".join(definitions(c.source)) for c in cells if is_plain(c)}
    models = {key for key, code in coded.items() if _MODEL.search(code)}
    longest = sorted(coded, key=lambda key: -len(coded[key].splitlines()))[:3]
    return models if len(models) > 1 else models | {key for key in longest if coded[key]}


def pictures_of(cell: NotebookNode) -> list[NotebookNode]:
    """List the pictures among the outputs of a cell.

    Parameters
    ----------
    cell : NotebookNode
        A code cell.

    Returns
    -------
    list of NotebookNode
    """
    return [o for o in cell.get("outputs", []) if any(k in o.get("data", {}) for k in PICTURES)]


def with_labels(texts: list[str]) -> list[str]:
    """Join a label in bold, such as "**First fault: fractions.**", with the sentence after it.

    Parameters
    ----------
    texts : list of str
        The sentences of a paragraph.

    Returns
    -------
    list of str
        A label at the end, with nothing after it, is left out.
    """
    joined: list[str] = []
    label = ""
    for text in texts:
        if _LABEL.fullmatch(text):
            label = f"{label} {text}".strip()
        else:
            joined.append(f"{label} {text}".strip())
            label = ""
    return joined


def key_sentences(blocks: list[Block], used: str = "", most: int = 3) -> list[str]:
    """Choose the sentences for a section's slide.

    Parameters
    ----------
    blocks : list of Block
        The section's beginning.
    used : str, optional
        Text that another slide shows; its sentences are not chosen.
    most : int, optional
        How many sentences.

    Returns
    -------
    list of str
        The first sentence, and the first ones with a term in bold or a question or, if there are
        none, the second; in their order. Long ones are left out.
    """
    texts = [s for b in blocks if b.kind == TEXT for s in with_labels(sentences(b.text))]
    texts += [" ".join(sentences(p)[:2]) for b in blocks if b.kind == LIST for p in points(b.text)]
    fit = [t for t in texts if len(t) <= MOST_LETTERS and t not in used and t[-1] in ".?!*"]
    marked = [t for t in fit[1:] if "**" in t or QUESTION.search(t)][: most - 1]
    chosen = {*fit[:1], *(marked or fit[1:2])}
    return [t for t in fit if t in chosen]
