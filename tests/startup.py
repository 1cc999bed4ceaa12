"""Look for garbage less often, which takes a tenth of the time of tests that trace many graphs.

No name is bound: in a kernel, a lesson could use it without importing it.
"""

__import__("gc").set_threshold(10_000, 10, 10)
