"""Make the overview page of a teacher's folder, with links, times and prerequisites."""

import html
from dataclasses import dataclass
from urllib.parse import quote

from gan_utils.course.kit.contents import LessonContents, needs, stated_times
from gan_utils.course.kit.markdown import inline_html
from gan_utils.course.kit.plan import page

_TITLE = "The teacher's folder"
_HOW = """<p><b>For students:</b> the slides and, after class, the handout; it contains formulas
that some exercises ask for. <b>For the teacher only:</b> the plans and the solved notebooks, which
contain the solutions. On slides, the key F gives the full screen and S the speaker's notes; to
print them, add <code>?print-pdf</code> to the address.</p>"""
_HEAD = (
    '<tr><th>lesson</th><th class="n">minutes</th><th>computing</th><th>you need</th>'
    "<th>files</th></tr>"
)


@dataclass(frozen=True)
class LessonLinks:
    """A lesson and its files.

    Parameters
    ----------
    lesson : LessonContents
        The contents of the lesson.
    places : dict of str to str
        The path of each file in the teacher's folder, by the label of its link.
    """

    lesson: LessonContents
    places: dict[str, str]


def overview_page(rows: list[LessonLinks]) -> str:
    """Make the page with links to the files of all lessons.

    Parameters
    ----------
    rows : list of LessonLinks
        The lessons, in order.

    Returns
    -------
    str
        An HTML page that explains who gets which file and contains a table with a row for each
        lesson.
    """
    table = "\n".join([_HEAD, *map(_row, rows)])
    return page(_TITLE, f"<h1>{_TITLE}</h1>\n{_HOW}\n<table>{table}</table>")


def _row(row: LessonLinks) -> str:
    links = " · ".join(
        f'<a href="{quote(place)}">{label}</a>' for label, place in row.places.items()
    )
    minutes, computing = stated_times(row.lesson)
    cells = [inline_html(row.lesson.title), inline_html(needs(row.lesson)), links]
    title, needed, files = cells
    return (
        f'<tr><td>{title}</td><td class="n">{minutes}</td><td>{html.escape(computing)}</td>'
        f"<td>{needed}</td><td>{files}</td></tr>"
    )
