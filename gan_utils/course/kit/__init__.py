"""The classroom kit: the materials that a teacher hands out, and those for teaching a class.

============== ============================================================================
``student``    a student's folder: the whole course, without solutions
``welcome``    the ``README.md`` of such a folder
``outputs``    refuses stored outputs that are not fit to be handed out
``teacher``    a teacher's folder: solutions, plans, slides, handouts, a page with links
``timetable``  how long each section of a lesson takes
``plan``       the page of a lesson's plan
``notes``      reads ``docs/teaching``: mistakes, questions that show them, answers
``placing``    writes a whole folder without losing anybody's work
``overview``   the page with links, and each lesson's times and prerequisites
``slides``     the slides of a lesson, in one file; the next four modules choose them
``deck``       makes the slides, section by section
``choices``    chooses sentences, code and pictures
``discussed``  finds the tables that the text discusses, and fits them to a slide
``cutting``    defines a slide, and shortens a long deck
``handout``    one page on a lesson: outcomes, formulas, scorecard; ``page_text`` sets it
``markdown``   turns Markdown with formulas into HTML
``contents``   takes a lesson apart, for slides and handouts
``formulas``   turns LaTeX into formats that a browser or Matplotlib can draw offline
============== ============================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {"write_student_folder": "student", "write_teacher_folder": "teacher"}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
