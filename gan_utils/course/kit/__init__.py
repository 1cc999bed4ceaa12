"""Make the materials that a teacher hands out, and the materials for teaching a class.

============== ============================================================================
``student``    writes a student's folder, which contains the whole course without solutions
``welcome``    writes the ``README.md`` of a student's folder
``outputs``    checks that stored outputs contain no tracebacks and no local paths
``teacher``    writes a teacher's folder with solutions, plans, slides, handouts and a page of links
``timetable``  estimates how long each section of a lesson takes
``plan``       writes the class plan of a lesson
``notes``      reads the mistakes, questions and answers in ``docs/teaching``
``placing``    replaces a folder without losing anybody's work
``overview``   writes the page with links and with each lesson's times and prerequisites
``slides``     writes a lesson's slides in one file; the next four modules choose the slides
``deck``       puts the slides together, section by section
``choices``    chooses sentences, code and pictures
``discussed``  finds the tables that the text discusses, and fits them to a slide
``cutting``    defines a slide, and shortens a long deck
``handout``    writes a one-page handout of a lesson; ``page_text`` typesets it
``markdown``   turns Markdown with formulas into HTML
``contents``   splits a lesson into the parts that slides and handouts need
``formulas``   turns LaTeX into formats that a browser or Matplotlib can draw offline
============== ============================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {"write_student_folder": "student", "write_teacher_folder": "teacher"}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
