"""Define a slide, and shorten a long deck by leaving out its least important slides."""

from dataclasses import dataclass, field

from nbformat import NotebookNode

#: The maximum number of slides for a lesson.
MOST_SLIDES = 40
#: Words that a student reads in a minute, as in CONTRIBUTING.md.
_WORDS_A_MINUTE = 180
#: A slide that shows fewer characters of a section's text than this is left out first.
_BRIEF = 120
CARD_TITLE = "Main results of the stored run"


@dataclass
class Slide:
    """One slide, with its contents and the speaker's notes.

    For a slide with a table, ``worth`` is the number of table values that the text discusses.
    """

    title: str
    kind: str
    parent: str = ""
    cells: list[NotebookNode] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    minutes: float = 0.0
    worth: int = 0

    def tell(self, text: str) -> None:
        """Add a paragraph to the speaker's notes.

        Parameters
        ----------
        text : str
            A paragraph of Markdown.
        """
        self.said.append(text)
        self.minutes += len(text.split()) / _WORDS_A_MINUTE

    def hand_over(self, text: str, heir: "Slide") -> None:
        """Move a paragraph of the notes to another slide.

        Parameters
        ----------
        text : str
            A paragraph of this slide's notes (``said``).
        heir : Slide
            The slide that receives the paragraph.
        """
        self.said.remove(text)
        self.minutes -= len(text.split()) / _WORDS_A_MINUTE
        heir.tell(text)


def shortened(deck: list[Slide], most: int = MOST_SLIDES) -> list[Slide]:
    """Leave out the least important slides of a long deck, but keep their speaker's notes.

    Parameters
    ----------
    deck : list of Slide
        The slides, in order.
    most : int, optional
        The maximum number of slides. The result has more slides if too few may be left out.

    Returns
    -------
    list of Slide
        The remaining slides. Slides that show fewer than 120 characters of a section's text are
        left out first, beginning at the end of the deck. After them, slides with tables are left
        out, beginning with the table that the text discusses least. The slide with the main results
        and the tables of the last section that has tables are never left out.
    """
    dropped = set(_spare(deck)[: max(0, len(deck) - most)])
    kept: list[Slide] = []
    for place, slide in enumerate(deck):
        if place not in dropped:
            kept.append(slide)
        else:
            _leave_words(slide, kept[-1], deck[min(place + 1, len(deck) - 1)])
    return kept


def _spare(deck: list[Slide]) -> list[int]:
    """List the positions of slides that may be left out, the least important first."""
    tables = [n for n, s in enumerate(deck) if s.kind == "table" and s.title != CARD_TITLE]
    last = deck[tables[-1]].title if tables else ""
    brief = [n for n, s in enumerate(deck) if s.kind == "section" and _is_brief(s)]
    free = [n for n in tables if deck[n].title != last]
    return brief[::-1] + sorted(free, key=lambda n: (deck[n].worth, -n))


def _is_brief(slide: Slide) -> bool:
    return len(slide.cells[0].source) < _BRIEF


def _leave_words(gone: Slide, before: Slide, after: Slide) -> None:
    """Move a dropped slide's notes to the previous slide, or to the next if it opens a section."""
    if gone.kind == "section":
        after.said, heir = [*gone.said, *after.said], after
    else:
        before.said, heir = [*before.said, *gone.said], before
    heir.minutes += gone.minutes
