"""The download of a message's file: an entry of its own, born with the message, that the message looks at and does not wait in.

The two are joined by a key alone: the download's follows from the message's.
"""

from unlost.journal.following import follow_up
from unlost.journal.keys import follow_up_key
from unlost.journal.packing import pack_facts, unpack_facts
from unlost.journal.placing import refresh_due, root_of
from unlost.journal.resolving import resolve
from unlost.journal.turn import Turn
from unlost.vocabulary.attachments import FileState, KnownFile, file_key
from unlost.vocabulary.envelopes import Direction, Envelope, Kind, Source
from unlost.vocabulary.events import Attachment, FileDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.states import State
from unlost.vocabulary.verdicts import FollowUp

TOLD = pack_facts(Facts(file_told=True))
WAIT_MAX_S = 3_600.0
"""No message waits for its file as long as this (settings: media_wait_s is at most 600)."""
OPEN_MAX = 1_000  # files asked about in one read


def begin_download(turn: Turn, channel: str, envelope: Envelope, key: bytes) -> None:
    """Give the file that *envelope* tells of a download of its own; the message with the door key *key* has at most one."""
    if envelope.file is None or envelope.id is None or envelope.chat is None:
        return
    chat = resolve(turn, channel, envelope.chat)
    due = FileDue(
        chat=chat,
        sender=envelope.sender or chat,
        id=envelope.id,
        from_me=envelope.from_me,
        told_at=envelope.told_at,
        hangs=Attachment(envelope.hangs),
        file=envelope.file,
    )
    follow_up(turn, channel, FollowUp(Kind.FILE, Direction.MEDIA, chat, file_key(key.hex()), due, target=envelope.id))


def note_told(turn: Turn, entry: int) -> None:
    """Tell the message at its birth that it has a download to look at."""
    turn.run("entry_facts", {"id": entry, "facts": TOLD})


def lacks_download(turn: Turn, channel: str, envelope: Envelope, key: bytes, entry: int) -> bool:
    """True where storage tells of a file that nobody fetches, of a message that came in without: *entry*, with the door key *key*.

    Never of one that was pruned, or whose sender was forgotten: nothing of his comes in again.
    """
    if envelope.source is not Source.STORAGE or envelope.file is None:
        return False
    if turn.value("door_find", {"key": _download_key(turn, channel, key.hex())}) is not None:
        return False
    return turn.value("entry_stands", {"id": entry}) is not None


def known_file(turn: Turn, channel: str, door_key: str) -> KnownFile:
    """Where the download of the message with this door key (hex) stands now.

    One that was pruned is lost: its door key outlives it, so none can be begun anew.
    """
    key = _download_key(turn, channel, door_key)
    row = turn.row("download_get", {"key": key})
    if row is None:
        return KnownFile() if turn.value("door_find", {"key": key}) is None else KnownFile(FileState.LOST)
    state, facts = State(row[0]), unpack_facts(row[1])
    if facts.file_trouble is not None:
        return KnownFile(FileState.REFUSED, trouble=facts.file_trouble)
    if state in (State.DONE, State.DEAD):
        return KnownFile(FileState.LOST)
    return KnownFile(FileState.COMING) if facts.file is None else KnownFile(FileState.HERE, facts.file)


def wake_message(turn: Turn, channel: str, whatsapp_id: str) -> None:
    """The message that waits for this download may go on."""
    for (lane,) in turn.all("entry_wake", {"channel": channel, "whatsapp_id": whatsapp_id, "now": turn.now}):
        refresh_due(turn, root_of(turn, lane))


def wake_messages(turn: Turn, channel: str, limit: int) -> int:
    """All messages of a channel that wait for their files may go on; how many."""
    names = {"channel": channel, "now": turn.now, "since": turn.now - WAIT_MAX_S, "limit": limit}
    rows = turn.all("entries_wake", names)
    for lane in sorted({lane for (lane,) in rows}):
        refresh_due(turn, root_of(turn, lane))
    return len(rows)


def open_downloads(turn: Turn, keys: tuple[str, ...]) -> frozenset[str]:
    """Those of *keys* (door keys of downloads, hex) that are still to be worked."""
    known = {key: bytes.fromhex(key) for key in keys}
    return frozenset(key for key, packed in known.items() if turn.value("download_open", {"key": packed}) is not None)


def _download_key(turn: Turn, channel: str, door_key: str) -> bytes:
    return follow_up_key(turn.secret, channel, file_key(door_key))
