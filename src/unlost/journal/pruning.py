"""What is old and settled goes, a slice at a time; what keeps a replay out, and dead letters, stay (hard case 3)."""

from dataclasses import dataclass

from unlost.journal.revokes import leave_mark
from unlost.journal.turn import Turn
from unlost.vocabulary.envelopes import Kind

SLICE_MAX = 500  # rows per transaction: design section 4
RECEIPTS_KEPT_S = 7 * 86_400.0
"""A receipt for a message that nobody linked within a week never will be (hard case 23)."""

ENTRIES_LOOKED_AT = 2_000
"""Where storage is no longer told, what comes tells how late it is."""
AHEAD_MAX_S = 30 * 86_400.0
"""A clock further ahead of the newest message that reconcile saw is not believed where door keys and links are concerned."""

_BY_AGE = ("prune_links", "prune_doors", "prune_own_deletes", "prune_gaps", "prune_open_wishes", "prune_tallies")


@dataclass(frozen=True, slots=True)
class Keep:
    """How long: settled entries with their bodies, and what must outlive them (links, door keys). Links never less than entries."""

    entries_s: float
    links_s: float

    def __post_init__(self) -> None:
        if self.links_s < self.entries_s:
            raise ValueError("links must outlive their entries: what they keep out could come in again")


def prune_some(turn: Turn, keep: Keep) -> int:
    """Remove at most SLICE_MAX rows; how many. 0 means that nothing old is left."""
    settled = turn.all("prune_entries", {"before": turn.now - keep.entries_s, "limit": SLICE_MAX})
    for _, channel, kind, chat, target, sender in settled:
        if kind == Kind.REVOKE:
            leave_mark(turn, channel, target, chat, sender)
    for lane in {row[0] for row in settled}:
        turn.run("prune_chore_lane", {"id": lane})
    if settled:
        return len(settled)
    looked_until: float | None = turn.value("newest_looked", {"limit": ENTRIES_LOOKED_AT})
    now = turn.now if looked_until is None else min(turn.now, looked_until + AHEAD_MAX_S)
    before = {"before": now - keep.links_s, "limit": SLICE_MAX}
    for query in _BY_AGE:
        if removed := turn.all(query, before):
            return len(removed)
    return len(turn.all("prune_wishes", {"before": turn.now - RECEIPTS_KEPT_S, "limit": SLICE_MAX}))
