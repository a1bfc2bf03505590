"""Attempts that ended without effect, and what persons did: the first and the last of them are kept, for the trace."""

from unlost.journal.packing import pack_text
from unlost.journal.turn import Turn

KEPT_OF_EACH_END = 20
"""Rows of one entry's beginning, and as many of its end: an entry that waits for days must not fill the journal."""
TEXT_MAX_CHARS = 500  # our own words; a bound for what a bug may put there


def note_failure(turn: Turn, entry: int, *, step: str = "", cause: str, text: str = "") -> None:
    """Write one down; of more than twice KEPT_OF_EACH_END those in the middle go."""
    packed = pack_text(text[:TEXT_MAX_CHARS])
    turn.run("failure_add", {"entry": entry, "now": turn.now, "step": step, "cause": cause, "text": packed})
    turn.run("failure_trim", {"entry": entry, "kept": KEPT_OF_EACH_END})
