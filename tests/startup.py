"""Collect garbage less often: by default it takes a tenth of the time of tests that trace graphs.

No name is bound: in a kernel, a lesson could use it without importing it.
"""

__import__("gc").set_threshold(10_000, 10, 10)
