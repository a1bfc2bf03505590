"""Bridge processes on this journal: who lives, and whose leases have ended."""

from unlost.journal.failures import note_failure
from unlost.journal.leasing import free_lane
from unlost.journal.placing import refresh_due, root_of
from unlost.journal.rows import HolderId, HolderRow
from unlost.journal.turn import Turn


def enrol(turn: Turn, holder: HolderId, host: str, lock_path: str) -> None:
    """Make the process known to its peers."""
    turn.run("holder_enrol", {"id": holder, "host": host, "lock_path": lock_path, "now": turn.now})


def beat(turn: Turn, holder: HolderId) -> bool:
    """Renew all its leases by one row; False where it was buried: it was frozen then, and no entry's crash."""
    if turn.row("holder_beat", {"id": holder}) is not None:
        return True
    for (lane,) in turn.all("entry_uncrashed", {"holder": holder}):
        refresh_due(turn, root_of(turn, lane))
    return False


def holders(turn: Turn) -> list[HolderRow]:
    """All enrolled processes."""
    return [
        HolderRow(HolderId(name), host, lock_path, beats) for name, host, lock_path, beats in turn.all("holder_all", {})
    ]


def bury(turn: Turn, holder: HolderId, seen_beat: int) -> int:
    """End the leases of a process presumed dead, if its beat stands where it was seen; each counts as a crash."""
    if turn.row("holder_bury", {"id": holder, "beat": seen_beat}) is None:
        return 0
    return _end_leases(turn, holder, crashes=1)


def retire(turn: Turn, holder: HolderId) -> None:
    """A clean end; what it still held is given back."""
    turn.run("holder_retire", {"id": holder})
    _end_leases(turn, holder, crashes=0)


def _end_leases(turn: Turn, holder: HolderId, *, crashes: int) -> int:
    lanes = turn.all("lanes_of_holder", {"holder": holder})
    for lane, _ in lanes:
        row = turn.row("entry_crashed", {"lane": lane, "crashes": crashes, "holder": holder})
        if row is not None and crashes:
            note_failure(turn, row[0], cause="bug", text="its process vanished")
        free_lane(turn, lane)
    return len(lanes)
