"""A copy of the journal while it is written to, and a journal made of a copy (hard case 3)."""

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
from msgspec.structs import replace

from unlost.clock import this_boot
from unlost.journal.chat_links import CREATING
from unlost.journal.opening import open_reader, open_writer, secret_of
from unlost.journal.packing import pack_facts, unpack_facts
from unlost.journal.placing import refresh_due, root_of
from unlost.journal.start_marks import CLOCK
from unlost.journal.turn import Turn
from unlost.journal.unusable import JournalUnusable
from unlost.vocabulary.facts import Begun
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.steps import CreateConversation, PostMessage

PAGES_PER_STEP = 2_000  # 8 MB between two looks at whether the program ends
IDS_PER_SLICE = 500
POSTING = PostMessage.__name__


def pinned(path: Path) -> apsw.Connection:
    """A connection whose snapshot is the journal as it stands now, whatever is written after. Its closing lets go."""
    source = open_reader(path)
    source.execute("BEGIN")
    source.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    return source


def copy_journal(source: apsw.Connection, to: Path, *, goes_on: Callable[[], bool]) -> int:
    """Copy a pinned snapshot into the new file *to*; its size in bytes.

    One read snapshot for the whole copy: writers go on, and the write-ahead log grows until it is done. Nothing is left behind
    where it fails. Raises JournalUnusable where *to* exists or cannot be written, or the program ends (*goes_on* is False).
    """
    part = to.with_name(f"{to.name}.part")
    try:
        descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise JournalUnusable(f"{to} exists; name a file that does not") from error
    except (OSError, ValueError) as error:  # the second: a NUL in its name
        raise _unwritable(to, error) from error
    os.close(descriptor)
    try:
        _copy_pages(source, part, goes_on)
        part.replace(to)
        _sync_folder(to.parent)
    except BaseException as error:
        _remove(part)
        to.unlink(missing_ok=True)
        if isinstance(error, apsw.Error | OSError):
            raise _unwritable(to, error) from error
        raise
    return to.stat().st_size


def restore_journal(backup: Path, to: Path, *, now: float, boot: str | None = None) -> None:
    """Put *backup* in the place of the journal *to*; no bridge may run. The file that stood there is kept beside it.

    What happened after the backup is not known to it: neither direction reaches behind now (new start mark), every process is
    gone, and whatever was not delivered searches the helpdesk before it posts. The high-water ids stay the backup's. *backup* may
    be a copy made by hand: its log is read along. *boot* names the machine's run; by default the one that it is in. Raises
    JournalUnusable, and then nothing has changed.
    """
    _check(backup)
    part = to.with_name(f"{to.name}.part")
    try:
        _copy_into(part, backup)
        _begin_anew_in(part, now, boot or this_boot())
        _keep_beside(to)
        part.replace(to)
        _sync_folder(to.parent)
    except (apsw.Error, OSError) as error:
        raise _unwritable(to, error) from error
    finally:
        with contextlib.suppress(OSError):
            _remove(part)  # where it came to nothing


def _copy_into(part: Path, backup: Path) -> None:
    source = open_reader(backup)
    try:
        _copy_pages(source, part, lambda: True)
    finally:
        source.close()


def _begin_anew_in(part: Path, now: float, boot: str) -> None:
    connection = open_writer(part, vfs=None, now=now, random_bytes=os.urandom)
    try:
        _begin_anew(connection, now, boot)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    finally:
        connection.close()


def _unwritable(to: Path, error: Exception) -> JournalUnusable:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return JournalUnusable(f"{str(to)!r} cannot be written ({why}); name a file in a folder that can, with room for it")


def _remove(file: Path) -> None:
    """With what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)


def _keep_beside(journal: Path) -> None:
    """A second name for what is about to be replaced; *journal* itself stands all the while, so that no power cut leaves none.

    Its log is folded into it first. One that cannot be folded in must not meet the new file: it is moved along. What an earlier
    restore replaced stays: who took the wrong backup first has in it all that came since.
    """
    if not journal.exists():
        return
    _fold_in_log(journal)
    aside, part = _free_name(journal), Path(f"{journal}.before-restore.part")
    part.unlink(missing_ok=True)
    try:
        part.hardlink_to(journal)
    except OSError:  # a file system without second names
        shutil.copyfile(journal, part)
    part.replace(aside)
    for suffix in ("-wal", "-shm"):
        log = Path(f"{journal}{suffix}")
        if log.exists():
            log.replace(f"{aside}{suffix}")
    _sync_folder(journal.parent)


def _free_name(journal: Path) -> Path:
    """`….before-restore`, `….before-restore-2`, …"""
    names = (Path(f"{journal}.before-restore{f'-{number}' if number > 1 else ''}") for number in itertools.count(1))
    return next(name for name in names if not any(Path(f"{name}{suffix}").exists() for suffix in ("", "-wal")))


def _fold_in_log(journal: Path) -> None:
    """The last connection's end leaves one file, whole by itself; a damaged journal is left as it is."""
    try:
        connection = apsw.Connection(str(journal), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        finally:
            connection.close()
    except apsw.Error:
        return


def _copy_pages(source: apsw.Connection, to: Path, goes_on: Callable[[], bool]) -> None:
    """Into a new file, for this user alone. What a copy that was cut short left there goes first: SQLite would take its log for the new file's."""
    _remove(to)
    os.close(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    target = apsw.Connection(str(to))
    try:
        with target.backup("main", source, "main") as copy:
            while not copy.done:
                if not goes_on():
                    raise JournalUnusable("the program ends; the copy was not finished")
                copy.step(PAGES_PER_STEP)
        target.pragma("journal_mode", "DELETE")  # one file, whole by itself
    finally:
        target.close()


def _check(backup: Path) -> None:
    if not backup.is_file():
        raise JournalUnusable(f"{backup} is no file; name a backup")
    connection = open_reader(backup)
    try:
        found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchall()
        sound = connection.pragma("quick_check", 1)
    except apsw.Error as error:
        raise JournalUnusable(f"{backup} is not an unlost journal; name a backup") from error
    finally:
        connection.close()
    if not found or sound != "ok":
        raise JournalUnusable(f"{backup} is not a sound unlost journal; name another backup")


def _begin_anew(connection: apsw.Connection, now: float, boot: str) -> None:
    turn = Turn(connection, now, secret_of(connection))
    with connection:
        turn.run("restore_start_marks", {"now": now, "boot": boot})
        turn.run("meta_drop", {"key": CLOCK})  # steps since the backup move no mark that is made now
        turn.run("restore_holders", {})
        for (lane,) in turn.all("restore_leased_lanes", {}):
            turn.run("entry_crashed", {"lane": lane, "crashes": 0, "holder": None})
            turn.run("lane_unlease", {"id": lane})
            refresh_due(turn, root_of(turn, lane))
    after = 0
    while True:
        with connection:
            rows = turn.all("restore_unsettled", {"after": after, "limit": IDS_PER_SLICE})
            for entry, facts in rows:
                _doubt(turn, entry, facts)
        if not rows:
            return
        after = rows[-1][0]


def _doubt(turn: Turn, entry: int, packed: bytes | None) -> None:
    """As if the journal that is gone had begun its post just now: after the backup it may have been made.

    So may its contact and conversation, whatever the backup's searches said; what was begun for those is part of this doubt. What
    was in doubt already may have been posted once more since: it counts as repeated, so that sweeps look for a late copy.
    """
    facts = unpack_facts(packed)
    before = facts.begun
    if facts.posted is not None or (before is not None and before.step not in (POSTING, *CREATING)):
        return
    begun = _intent(turn, entry, before)
    facts = replace(
        facts,
        begun=begun,
        reposted_above=_lowest(facts.reposted_above, begun.high_water),
        may_stand_in=None,
        not_in=(),
        contact_by_source_searched=False,
        person_searched=False,
        conversations_searched=False,
    )
    if before is not None and before.step == CreateConversation.__name__:  # a late twin of what was made since may come
        twins_above = _lowest(facts.conversation_reposted_above, before.high_water)
        facts = replace(facts, conversation_reposted_above=twins_above)
    turn.run("restore_doubt", {"id": entry, "facts": pack_facts(facts)})


def _intent(turn: Turn, entry: int, before: Begun | None) -> Begun:
    """The post's, now, above all that the journals that are gone may have posted; in the conversation that *before* names, if any."""
    row = turn.row("restore_intent", {"id": entry})
    above, conversation = (HelpdeskMessageId(0), None) if row is None else (HelpdeskMessageId(row[0]), row[1])
    if before is not None and before.step == POSTING:
        above, conversation = min(above, before.high_water), before.conversation or conversation
    return Begun(POSTING, turn.now, above, conversation, part="text", by_gone_journal=True)


def _lowest(before: HelpdeskMessageId | None, now: HelpdeskMessageId) -> HelpdeskMessageId:
    return now if before is None else min(before, now)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
