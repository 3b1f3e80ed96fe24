"""Settings that all tests share."""

import signal

from hypothesis import settings

# the first example of a test may wait for a kernel to be compiled
settings.register_profile("catfish", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("catfish")

# processes that share out the tests ignore Ctrl-C, and what they start would inherit that: some tests press it
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
