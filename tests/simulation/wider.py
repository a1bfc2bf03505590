"""Deeds of the scenes that are about one rare thing each: a journal that goes back, a second program, a person who is forgotten."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from tests.simulation.bridges import JOURNAL, SimulatedBridge
from tests.simulation.entries import EntryRow, entries_of, was_met_as_two
from tests.simulation.outside import later
from tests.simulation.population import Chat, Sort, Told
from tests.simulation.script import Act, Deed
from tests.simulation.stored_file import StoredFile
from unlost.errors import NotCommitted
from unlost.journal.copying import copy_journal, restore_journal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import EntryId

if TYPE_CHECKING:
    from tests.simulation.acting import Director

KEPT_S = 8.0
"""How long the pruned journals keep what ended: long enough that some of it is still there."""


@dataclass(frozen=True, slots=True)
class Retried:
    """A dead letter of the message *whatsapp_id* that an operator retried, at a time of the loop's clock."""

    entry: EntryId
    whatsapp_id: str
    at_s: float


@dataclass(slots=True)
class Wider:
    """What was done, for the checker. *forgotten*: entry → how it stood before its person was forgotten; *pruned*: what is gone;
    *copied_last*: the last entry in the copy."""

    copy: bytes = b""
    copied_at: float | None = None
    copied_last: int = 0
    restored_at: float | None = None
    gone_with_restore: list[EntryRow] = field(default_factory=list)
    met_twice_before: set[str] = field(default_factory=set)
    """Chats whose two forms the journal that is gone was told of before it knew that they are one."""
    contradicted: dict[int, Chat] = field(default_factory=dict)
    foreign: dict[int, Told] = field(default_factory=dict)
    forgotten: dict[int, EntryRow] = field(default_factory=dict)
    forgotten_chats: set[str] = field(default_factory=set)
    pruned: dict[int, EntryRow] = field(default_factory=dict)
    revoked: list[tuple[float, float]] = field(default_factory=list)
    retried: list[Retried] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def do(director: Director, act: Act) -> bool:
    """Whether *act* was one of these."""
    deed = DEEDS.get(act.deed)
    if deed is not None:
        deed(director, act)
    return deed is not None


def _connected(director: Director) -> closing[apsw.Connection]:
    """The journal, as another program on the same machine reads it; the disk may be ill."""
    return closing(apsw.Connection(str(JOURNAL), vfs=director.world.disk.attach()))


def _rows(director: Director) -> dict[int, EntryRow]:
    with _connected(director) as connection:
        return {row.id: row for row in entries_of(connection)}


def _ask(director: Director, act: Act, verb: Callable[[SimulatedBridge], Awaitable[object]]) -> None:
    """Ask a living bridge; what it could not commit is asked for no more."""
    bridge = director.bridges[act.number % len(director.bridges)]
    if bridge.bridge is None or bridge.process is None or not bridge.is_open:
        return

    async def asked() -> None:
        try:
            await verb(bridge)
        except NotCommitted:
            return

    bridge.process.spawn(asked())


# --- the journal goes back ------------------------------------------------------------------------------------------------


def _copy(director: Director, _: Act) -> None:
    """`unlost backup`, while the bridges go on."""
    with tempfile.TemporaryDirectory() as folder, _connected(director) as source:
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
        copy_journal(source, Path(folder) / "copy", goes_on=lambda: True)
        director.wider.copy = (Path(folder) / "copy").read_bytes()
    director.wider.copied_last = max(_rows(director), default=0)
    director.wider.copied_at = asyncio.get_running_loop().time()
    director.world.history.tell("director", "copies the journal")


def _restore(director: Director, _: Act) -> None:
    """Every bridge is stopped, however it is done, and `unlost restore` run; the supervisor starts them again."""
    wider, disk = director.wider, director.world.disk
    wider.gone_with_restore = list(_rows(director).values())
    taught_by = director.world.witness.taught_by
    for chat in director.script.chats:
        if was_met_as_two(chat, wider.gone_with_restore, taught_by):
            wider.met_twice_before.add(chat.name)
    for bridge in director.bridges:
        bridge.kill("ended, for the journal goes back")
        bridge.returns = 0
    with tempfile.TemporaryDirectory() as folder:
        backup, journal = Path(folder) / "copy", Path(folder) / "unlost.db"
        backup.write_bytes(wider.copy)
        restore_journal(backup, journal, now=director.world.clock.now())
        disk.replace_all({str(JOURNAL): StoredFile(journal.read_bytes())})
    wider.restored_at = asyncio.get_running_loop().time()
    director.world.witness.endings.clear()
    director.world.witness.kept_in_trouble.clear()
    director.world.witness.taught_by.clear()  # numbers of entries are given again
    director.world.witness.first_worded_at.clear()
    director.world.history.tell("director", "puts the copy in the journal's place")


# --- people ---------------------------------------------------------------------------------------------------------------


def _contradict(director: Director, act: Act) -> None:
    """Somebody's message is told under another person's number, though the journal knows better."""
    people = [chat for chat in director.script.chats if chat.lid]
    chat = people[act.chat % len(people)]
    others = [other for other in people if other is not chat]
    if not others or not chat.speaks_lid or not chat.is_paired or not director.gateway.is_up:
        return
    with _connected(director) as connection:
        known = list(connection.execute("SELECT phone FROM pairing WHERE lid = ?", (chat.lid,)))
    if known != [(chat.phone,)]:
        return  # what is told first is believed
    other = others[act.number % len(others)]
    director.gateway.misled = {chat.lid: other.phone}
    director.wider.contradicted[len(director.population.told)] = other
    director.world.history.tell("gateway", f"takes {chat.name}'s LID for {other.name}'s")
    director.say(Act(act.at_s, Deed.SAY, number=act.number), chat)
    director.gateway.misled = {}


def _forget(director: Director, act: Act) -> None:
    """A person asks for it, on a day on which they go on writing."""
    people = [chat for chat in director.script.chats if chat.lid]
    chat = people[act.chat % len(people)]
    wider = director.wider

    async def forget(bridge: SimulatedBridge) -> None:
        before = _rows(director)
        assert bridge.bridge is not None
        wider.forgotten_chats.add(chat.name)
        director.world.history.tell(str(bridge.process), f"forgets {chat.name}")
        await bridge.bridge.outside.forget_addresses([Address(form) for form in sorted(chat.forms)])
        for number, after in _rows(director).items():
            if not after.raw and number in before and before[number].raw:
                wider.forgotten[number] = before[number]
        wider.findings += _left_of(director, chat, before)

    _ask(director, act, forget)


def _left_of(director: Director, chat: Chat, before: dict[int, EntryRow]) -> list[str]:
    """What still stands of *chat* in entries that had ended before it was forgotten."""
    words = [told.words.encode() for told in director.population.of(chat)]
    found = []
    for number, row in _rows(director).items():
        had_ended = number in before and before[number].state == "done"
        if had_ended and (row.chat in chat.forms or any(word in row.raw for word in words)):
            found.append(f"entry {number} ({row.kind}) still knows {chat.name}")
    return found


# --- the journal's rows ---------------------------------------------------------------------------------------------------


def _row_fails(director: Director, _: Act) -> None:
    """The next write that shares its commit with another one fails, whenever it is tried."""
    director.world.witness.rows_to_fail += 1


def _prune(director: Director, act: Act) -> None:
    """What ended goes, some seconds later instead of thirty days."""
    wider = director.wider

    async def prune(bridge: SimulatedBridge) -> None:
        assert bridge.bridge is not None
        before = _rows(director)
        journal = bridge.bridge.outside.journal
        await journal.prune(keep_days=KEPT_S / 86_400, keep_links_days=400)  # type: ignore[attr-defined]  # SQLite's own
        after = _rows(director)
        wider.pruned |= {number: row for number, row in before.items() if number not in after}
        director.world.history.tell(str(bridge.process), f"pruned {len(before.keys() - after.keys())} entries")

    _ask(director, act, prune)


def _retry(director: Director, act: Act) -> None:
    """`unlost dead retry`, of all that is there."""

    async def retry(bridge: SimulatedBridge) -> None:
        assert bridge.bridge is not None
        journal = bridge.bridge.outside.journal
        now = asyncio.get_running_loop().time()
        letters = [Retried(row.id, row.whatsapp_id, now) for row in await journal.dead() if row.whatsapp_id]
        if await journal.retry([letter.entry for letter in letters], "operator"):
            director.wider.retried += letters
            director.world.history.tell(str(bridge.process), f"retries {[letter.entry for letter in letters]}")

    _ask(director, act, retry)


# --- the helpdesk ---------------------------------------------------------------------------------------------------------


def _forward(director: Director, act: Act) -> None:
    """GOWA's own forwarder, or an old set-up, writes into the same conversation with the same kind of source_id."""
    tables = director.helpdesk.world.tables
    said = [told for told in director.population.told if told.sort is Sort.TEXT and not told.is_before_start]
    told = random.Random(act.number).choice(said[-3:]) if said else None
    if told is None or director.helpdesk.is_away:
        return
    places = {row.id for row in tables.contact_inboxes.rows.values() if row.source_id in told.chat.forms}
    there = [row.id for row in tables.conversations.rows.values() if row.contact_inbox_id in places]
    if not there:
        return
    body = {"content": told.words, "message_type": "incoming", "source_id": told.source_id}
    reply = director.helpdesk.agent("POST", f"conversations/{max(there)}/messages", body)
    if reply.status == 200:
        director.wider.foreign[reply.json()["id"]] = told


def _revoke_token(director: Director, act: Act) -> None:
    """An administrator makes a new token, and takes the old one up again."""
    helpdesk, now = director.helpdesk, asyncio.get_running_loop().time()
    if helpdesk.refuses_token:
        return
    director.world.history.tell("helpdesk", f"takes the token no more for {act.for_s:.1f} s")
    helpdesk.refuses_token = True
    director.wider.revoked.append((now, now + act.for_s))
    later(act.for_s, _take_token, director)


def _take_token(director: Director) -> None:
    director.helpdesk.refuses_token = False


DEEDS: dict[Deed, Callable[[Director, Act], None]] = {
    Deed.COPY: _copy,
    Deed.RESTORE: _restore,
    Deed.CONTRADICT: _contradict,
    Deed.ROW_FAILS: _row_fails,
    Deed.FORWARD: _forward,
    Deed.FORGET: _forget,
    Deed.TOKEN_REVOKED: _revoke_token,
    Deed.PRUNE: _prune,
    Deed.RETRY: _retry,
}
