"""Dead letters: kept until a person retries or discards them."""

import msgspec
from msgspec.structs import replace

from unlost.journal.failures import note_failure
from unlost.journal.packing import pack_facts, unpack_facts
from unlost.journal.parking import End, release_for
from unlost.journal.placing import believed, refresh_due, root_of, take_place
from unlost.journal.turn import Turn
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import EntryId

BULK_MAX = 500  # rows per transaction: design section 4


def retry(turn: Turn, entries: tuple[EntryId, ...], who: str) -> int:
    """To the end of their lanes, marked late, attempts anew; what a side refused may be asked again. Others are passed over."""
    return sum(_retry(turn, entry, who) for entry in entries)


def discard(turn: Turn, entries: tuple[EntryId, ...], who: str) -> int:
    """They end done, by a person's word. Others are passed over."""
    return sum(_discard(turn, entry, who) for entry in entries)


def _retry(turn: Turn, entry: EntryId, who: str) -> bool:
    row = turn.row("dead_get", {"id": entry})
    if row is None:
        return False
    lane_id, told_at, facts = row
    lane = root_of(turn, lane_id)
    place, lane = take_place(turn, lane, believed(told_at, turn.now))
    try:
        packed = pack_facts(_afresh(unpack_facts(facts)))
    except msgspec.MsgspecError:
        packed = facts  # put aside because nobody could read it: a mended program may
    turn.run("dead_retry", {"id": entry, "place": place, "now": turn.now, "facts": packed})
    refresh_due(turn, lane)
    note_failure(turn, entry, cause="retried", text=who[:200])
    return True


def _discard(turn: Turn, entry: EntryId, who: str) -> bool:
    row = turn.row("dead_discard", {"id": entry, "now": turn.now})
    if row is None:
        return False
    channel, whatsapp_id, chat, sender, place = row
    if whatsapp_id is not None:  # what waits for it (a file, a reaction) waits in vain
        release_for(turn, channel, whatsapp_id, chat, sender, End(place or 0, settles_twins=False))
    note_failure(turn, entry, cause="discarded", text=who[:200])
    return True


def _afresh(facts: Facts) -> Facts:
    """What was begun, found and posted stands; refusals and the count of searches do not: a person says to try again.

    A file went with its download's end: it is fetched anew.
    """
    asked_anew = replace(facts, refusals=(), absences=0, healed=False, webhook_refused=0, webhook_given_up="")
    return replace(asked_anew, file=None, file_trouble=None, file_path="", downloads=0, fetches=0)
