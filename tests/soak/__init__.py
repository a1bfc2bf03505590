"""Many messages through a whole gateway with the real engine: does anything grow? `python -m tests.soak --help`."""
