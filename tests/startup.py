"""Collect garbage less often: by default, this takes a tenth of the time that tests take.

The name ``gc`` is not bound, because a lesson could then use it without importing it.
"""

__import__("gc").set_threshold(10_000, 10, 10)
