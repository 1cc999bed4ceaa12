"""The classroom kit: what a teacher hands out, and what a teacher teaches from.

============== ============================================================================
``student``    the folder of a student: the whole course, without solutions
``welcome``    the page that such a folder opens with
``outputs``    refuses stored outputs that are not fit to be handed out
``teacher``    the folder of a teacher: solutions, plans, and a page with links to all
``timetable``  how long each section of a lesson takes
``plan``       the page of a lesson's plan
``notes``      reads ``docs/teaching``: mistakes, questions that show them, answers
``placing``    puts a whole folder in place, and loses nobody's work
``overview``   the page with links, and what each lesson takes
``slides``     the slides of a lesson, one file: the rules are in the next four
``deck``       makes the slides, section by section
``choices``    chooses sentences, code and pictures
``discussed``  finds the tables that the text discusses, and fits them to a slide
``cutting``    a slide, and what leaves a deck that is too long
``handout``    one page of a lesson: outcomes, formulas, scorecard; ``page_text`` sets it
``markdown``   turns Markdown with formulas into HTML
``contents``   takes a lesson apart, for both
``formulas``   turns LaTeX into what a browser, or Matplotlib, draws without network
============== ============================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {"write_student_folder": "student", "write_teacher_folder": "teacher"}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
