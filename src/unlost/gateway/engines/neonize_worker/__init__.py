"""The worker that holds neonize: one process, one device, nothing of neonize outside it.

    engine's log line   →  log_lines  →  gate     seen is synced; receipts wait here for their message
    engine's callback   →  recording  →  record   raw bytes and their events, one synced commit; then the gate lets go
    call frame          →  desk       →  asking, sending, files, account

neonize reads the whole life of a device from one SQLite store and acknowledges a message while Python is still busy with
it. Its log tells each stanza that comes in, and each that is about to leave before it leaves, on the thread that sends it:
a hook there can hold a receipt back (engine-feasibility, 5.3). The hook depends on the wording of that log, so the version
is pinned, and contract tests against a fake WhatsApp decide about every other one.
"""
