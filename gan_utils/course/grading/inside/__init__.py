"""The part of ``gan_utils.course`` that exists in the sandbox, without solutions or checks.

============= =============================================================================
``border``    defines the JSON messages between the grader and the sandbox, and their limits
``encoder``   turns values into plain JSON
``decoder``   turns plain JSON into values
``plan``      finds the statements of a lesson that an exercise needs
``worker``    runs the cells, and handles the grader's requests
``exercises`` defines a ``check`` that does nothing, because the lessons import ``check``
============= =============================================================================

`gan_utils.course.grading.sandbox` mounts this folder over ``gan_utils/course``, so these modules
import each other by relative names and import nothing else from ``gan_utils.course``.
"""
