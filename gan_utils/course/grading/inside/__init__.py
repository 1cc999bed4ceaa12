"""What the sandbox sees in place of ``gan_utils.course``: no solutions, no checks.

============= =============================================================================
``border``    messages as plain JSON, and their limits; both sides of the border use it
``encoder``   from values to plain JSON
``decoder``   from plain JSON to values
``plan``      which statements of a lesson an exercise needs
``worker``    runs the cells, and answers the grader's questions
``exercises`` a ``check`` that does nothing, because lessons import it
============= =============================================================================

`gan_utils.course.grading.sandbox` mounts this folder over ``gan_utils/course``, so the modules
import each other by relative names, and nothing else from ``gan_utils.course``.
"""
