"""Implement the ``gan_utils`` commands that run, check, hand out and grade the notebooks.

============= ======================================================================
``notebooks`` finds, reads and writes the notebooks
``runner``    runs notebooks in fresh kernels, with progress, time and peak memory
``report``    writes the HTML pages of a run and a table of the lessons' main measures
``prose``     checks that the numbers in a lesson's prose also appear in the lesson's outputs
``editions``  makes the student edition, and the edition with every solution in place
``store``     writes the outputs of a classroom run back into the notebooks
``repoint``   changes the repository's address in the badges, the set-up cells and the package
``doctor``    checks whether this machine is ready
``exercises`` contains the checks of the exercises, with one module per lesson
``grading``   grades submitted notebooks, each in a sandbox
``fetch``     prepares the data sets for a class without internet access
``kit``       writes the students' folder, and the teacher's folder with slides and handouts
============= ======================================================================
"""

from gan_utils._support.lazy import lazy_names

_MODULES = (
    "doctor",
    "editions",
    "exercises",
    "fetch",
    "grading",
    "kit",
    "notebooks",
    "prose",
    "repoint",
    "report",
    "runner",
    "store",
)

__all__ = list(_MODULES)
__getattr__, __dir__ = lazy_names(__name__, {name: name for name in _MODULES})
