"""Grade submitted notebooks: ``python -m gan_utils grade FOLDER``.

A submission is a program written by somebody else, so it runs in a sandbox. Its answers leave the
sandbox as plain JSON. The grader, which never runs a student's code, judges these answers with the
checks of the notebooks.

=============== ===========================================================================
``whole_class`` the command: grades a folder, and writes a table and a page
``submissions`` finds notebooks in a folder and reads their cells
``layouts``     whose submission it is: plain folders, Moodle, Canvas
``archives``    notebooks in ZIP files, without unpacking them
``lessons``     the exercises of a lesson, and what their checks ask for
``answers``     finds a student's answers in a notebook
``grader``      one submission, exercise by exercise
``judge``       one exercise: the notebooks' check on values from the sandbox
``rehearsal``   what a lesson computes once for the whole class
``session``     talks to a process in the sandbox, and ends it at a limit
``sandbox``     what such a process may see and use
``inside``      the only part of ``gan_utils.course`` that the process has
``journal``     what has been graded already
``sheets``      the table, for a spreadsheet or for Moodle
``page``        the summary by exercise
=============== ===========================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {"Request": "whole_class", "grade_folder": "whole_class"}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
