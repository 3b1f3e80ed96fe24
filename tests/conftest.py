"""Settings that all tests share."""

from hypothesis import settings

# the first example of a test may wait for a kernel to be compiled
settings.register_profile("catfish", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("catfish")
