"""The part of ``gan_utils.course`` that exists in the sandbox, without solutions and checks.

============= =============================================================================
``border``    messages as plain JSON, and their limits; used by grader and sandbox
``encoder``   from values to plain JSON
``decoder``   from plain JSON to values
``plan``      which statements of a lesson an exercise needs
``worker``    runs the cells, and answers the grader's questions
``exercises`` a ``check`` that does nothing, because lessons import it
============= =============================================================================

`gan_utils.course.grading.sandbox` mounts this folder over ``gan_utils/course``, so these modules
import each other by relative names and import nothing else from ``gan_utils.course``.
"""
