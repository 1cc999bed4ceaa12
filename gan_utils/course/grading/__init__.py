"""Grade submitted notebooks: ``python -m gan_utils grade FOLDER``.

A submission is a program written by somebody else, so it runs in a sandbox. Its answers leave the
sandbox as plain JSON. The grader, which never runs a student's code, judges these answers with the
checks of the notebooks.

=============== ===========================================================================
``whole_class`` runs the command, which grades a folder and writes a table and an HTML page
``submissions`` finds notebooks in a folder and reads their cells
``layouts``     finds out who handed in a file, in a plain folder or a Moodle or Canvas export
``archives``    reads the notebooks in ZIP files without unpacking them
``lessons``     reads the exercises of a lesson, and the names that their checks need
``answers``     finds a student's answers in a notebook
``grader``      grades one submission, exercise by exercise
``judge``       judges one exercise with the notebooks' check, on values from the sandbox
``rehearsal``   runs a lesson's slow statements once for the whole class
``session``     communicates with a process in the sandbox, and ends it if it exceeds a limit
``sandbox``     restricts what the processes in the sandbox may see and use
``inside``      contains the only modules of ``gan_utils.course`` that exist in the sandbox
``journal``     records what has been graded already
``sheets``      writes the table of grades, for a spreadsheet or for Moodle
``page``        writes the page that summarizes the grades by exercise
=============== ===========================================================================
"""

from gan_utils._support.lazy import lazy_names

_HOMES = {"Request": "whole_class", "grade_folder": "whole_class"}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
