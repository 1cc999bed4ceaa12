"""Choose sentences, code, pictures and tables for slides by fixed rules."""

import ast
import re

from nbformat import NotebookNode

from gan_utils.course.kit.contents import CELL, LIST, TEXT, Block, LessonContents, points, sentences
from gan_utils.course.notebooks import CHECK, EXERCISE, HEADLINE, QUIZ, SETUP, tags

#: The maximum numbers of lines of code and of characters in a key sentence on a slide.
MOST_LINES, MOST_LETTERS = 25, 230
#: A question to the class, in italics, at the end of a paragraph.
QUESTION = re.compile(r"\*[^*]+\?\*$")
_LABEL = re.compile(r"\*\*[^*]{1,40}\*\*[.:]?")
#: Code that indicates a network or a training step.
_MODEL = re.compile(r"GradientTape|\blayers\.|keras\.(?:Model|Sequential)\b|class \w+\(\w*GAN\)")
#: The kinds of pictures that a slide can show, in order of preference.
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


def definitions(code: str) -> list[str]:
    """Extract the functions and classes from a cell, without its imports and prints.

    Parameters
    ----------
    code : str
        Python code.

    Returns
    -------
    list of str
        The code of each definition, in order, with its decorators.
    """
    try:
        nodes = ast.parse(code).body
    except SyntaxError:  # IPython's magic commands
        return []
    lines = code.splitlines()
    return [
        "\n".join(lines[min([n.lineno, *(d.lineno for d in n.decorator_list)]) - 1 : n.end_lineno])
        for n in nodes
        if isinstance(n, ast.FunctionDef | ast.ClassDef)
    ]


def pages_of_code(parts: list[str], most: int = MOST_LINES) -> list[str]:
    """Distribute definitions over slides without splitting a definition.

    Parameters
    ----------
    parts : list of str
        Definitions.
    most : int
        The maximum number of lines on a slide.

    Returns
    -------
    list of str
        The code for each slide. A definition longer than ``most`` lines is left out.
    """
    pages: list[str] = []
    for part in (part for part in parts if len(part.splitlines()) <= most):
        longer = f"{pages[-1]}\n\n{part}" if pages else part
        fits = bool(pages) and len(longer.splitlines()) <= most
        pages[-1:] = [longer] if fits or not pages else [pages[-1], part]
    return pages


def is_plain(cell: NotebookNode) -> bool:
    """Check that a code cell is not a set-up, exercise, check, quiz or headline cell.

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
        The lesson, split into its parts.

    Returns
    -------
    set of int
        The identities (``id``) of the cells that define a network or a training step. If there are
        fewer than two such cells, the three cells with the longest definitions are added.
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
        The sentences with their labels. A label at the end of the paragraph is left out.
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
        The blocks at the beginning of the section.
    used : str, optional
        Text that is already on another slide; sentences in this text are not chosen.
    most : int, optional
        The maximum number of sentences.

    Returns
    -------
    list of str
        The first sentence, and the later sentences that contain a bold term or a question. If there
        is no such later sentence, the first two are chosen. Long sentences are left out.
    """
    texts = [s for b in blocks if b.kind == TEXT for s in with_labels(sentences(b.text))]
    texts += [" ".join(sentences(p)[:2]) for b in blocks if b.kind == LIST for p in points(b.text)]
    fit = [t for t in texts if len(t) <= MOST_LETTERS and t not in used and t[-1] in ".?!*"]
    marked = [t for t in fit[1:] if "**" in t or QUESTION.search(t)][: most - 1]
    chosen = {*fit[:1], *(marked or fit[1:2])}
    return [t for t in fit if t in chosen]
