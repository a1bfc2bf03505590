"""What must hold in the scenes of one rare thing each (`wider.py`), beside all that holds everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.checks_journal import was_dead_until
from tests.simulation.clock import EPOCH_S
from tests.simulation.population import Sort, Told
from tests.simulation.remains import LATE, Remains, is_stub, shown
from tests.simulation.script import Scene

TOKEN_NOTICED_S = 3.0
"""An answer, a probe of the token itself, and what was claimed before by whichever bridge."""


def looks_not_behind_a_restore(remains: Remains) -> Iterator[str]:
    """What storage has from before the journal went back is not taken for news: who knows what became of it?"""
    restored_at = remains.played.director.wider.restored_at
    if restored_at is None:
        return
    for entry in remains.entries:
        told = remains.told_by_id.get(entry.whatsapp_id or "")
        if told is None or entry.source != "storage" or entry.arrived_at < EPOCH_S + restored_at:
            continue
        if told.at < EPOCH_S + restored_at - 1.0:  # GOWA's times are whole seconds
            yield f"{shown(told)} was looked up behind the restore"


def contradictions_join_nothing(remains: Remains) -> Iterator[str]:
    """Whoever was known first keeps the LID; nobody's lane or contact becomes another's, and a person is told of it."""
    played, journal = remains.played, remains.played.journal
    known = {str(lid): str(phone) for lid, phone in journal.execute("SELECT lid, phone FROM pairing")}
    told_of = {str(lid) for (lid,) in journal.execute("SELECT lid FROM contradiction")}
    for number in played.director.wider.contradicted:
        told = played.population.told[number]
        if known.get(told.chat.lid) != told.chat.phone:
            yield f"{told.chat.name}'s LID is {known.get(told.chat.lid)} now"
        if told.acked_at and told.chat.lid not in told_of:
            yield f"{shown(told)} contradicted what was known, and nobody was told"
    joined = "SELECT one.address, other.address FROM lane one JOIN lane other ON one.absorbed_by = other.id"
    for one, other in journal.execute(joined):
        owners = {chat.name for chat in played.population.chats if {one, other} & chat.forms}
        if len(owners) > 1:
            yield f"lanes of {sorted(owners)} were joined"


def rows_fail_alone(remains: Remains) -> Iterator[str]:
    """A row that cannot be written takes no other with it, though they share a commit."""
    if remains.played.script.scene is Scene.ROWS:
        for error in remains.played.witness.taken_along:
            yield f"another row was not written either: {error}"


def others_work_stands(remains: Remains) -> Iterator[str]:
    """What a second program writes is never taken away, and an operator hears of it."""
    played = remains.played
    foreign = played.director.wider.foreign
    for message, told in foreign.items():
        row = remains.tables.messages.rows.get(message)
        if row is None or is_stub(row):
            yield f"the other program's copy of {shown(told)} was deleted"
    if foreign.keys() & played.helpdesk.hooks.taken and "second_forwarder.met" not in played.world.log.getvalue():
        yield "nobody was told of the second forwarder"


def forgotten_is_gone(remains: Remains) -> Iterator[str]:
    """Words, names and numbers of what had ended; what comes later is news."""
    yield from remains.played.director.wider.findings


def edits_change_letters(remains: Remains) -> Iterator[str]:
    """An edit that came while its target was a dead letter is what the letter's retry posts, at its lane's end and marked late."""
    for told in remains.played.population.told:
        retried_at = was_dead_until(remains, told)
        edits = [other for other in remains.played.population.told if other.sort is Sort.EDIT and other.target is told]
        before = [edit for edit in edits if _was_left_out_before(remains, edit, retried_at)]
        if not before:
            continue
        latest = max(edit.at for edit in before)
        words = [edit.words for edit in before if edit.at == latest]
        contents = [row.content or "" for row in remains.standing(told)]
        if not any(word in content for word in words for content in contents):
            yield f"{shown(told)} was retried, and does not stand with the words of its edit"
        if not all(LATE in content for content in contents):
            yield f"{shown(told)} was retried, and is not marked late"


def _was_left_out_before(remains: Remains, edit: Told, at: float) -> bool:
    entries = remains.entries_by_id.get(edit.event.id, [])
    return any(entry.reason == "target_missing" and (entry.settled_at or 0.0) < at for entry in entries)


def refused_token_stops(remains: Remains) -> Iterator[str]:
    """While the helpdesk takes our token no more, nothing is posted: a probe asks whether it is taken again.

    Marks (PATCH) and people's names (PUT) have lanes and paces of their own, each of which finds out by itself.
    """
    played = remains.played
    for revoked_at, until in played.director.wider.revoked:
        taken_at = min(until, played.faults_ended_s)
        within = [call for call in played.helpdesk.calls if EPOCH_S + revoked_at <= call.began_at < EPOCH_S + taken_at]
        posts = [call for call in within if call.method == "POST"]
        refused = [call.done_at for call in posts if call.status == 401 and call.done_at is not None]
        for call in posts:
            if refused and call.began_at > min(refused) + TOKEN_NOTICED_S:
                yield f"{call.method} {call.path} with a token that was refused before"
