"""Bytes chosen by what they make the program do: `python -m tests.fuzz TARGET --for SECONDS`, or all targets in turn.

A coverage-guided fuzzer (Atheris, libFuzzer) changes recorded bodies until something raises that should not. What it finds is written
to `.fuzz/`, is replayed by naming the file, and belongs into tests/recorded or a named test before its cause is mended.
"""

NAMES = (
    "gateway_webhook",
    "helpdesk_webhook",
    "storage_row",
    "gateway_answers",
    "helpdesk_answers",
    "contact_card",
    "clean_name",
    "file_head",
)
"""The targets, named here so that nothing of the program is imported before the fuzzer watches its imports."""
