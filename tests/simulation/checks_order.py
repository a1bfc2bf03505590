"""Order and time: who stands behind whom, and how long anybody waited."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.clock import EPOCH_S
from tests.simulation.population import BAD, Chat, Told
from tests.simulation.remains import CARRIED, LATE, Remains, is_stub, shown
from tests.simulation.script import Scene
from unlost.desk.rows import Message

FAIR_DELAY_S = 4.0
"""Network, reorder wait, a new contact's three calls, and a place in the pace: nothing takes longer when nothing is wrong."""
ISOLATED_DELAY_S = FAIR_DELAY_S
GAP_WAIT_S = 16.0
"""`gap_wait_s` for GOWA: its whole retry span (design section 4)."""
KILLED_DELAY_S = 150.0
"""Two restarts, twelve seconds at most each, the wait after a start on a used journal, and a lease."""


def in_order(remains: Remains) -> Iterator[str]:
    """What stands behind something told later says so.

    Not what only a journal that is gone had posted: its request ran late, and the journal in its place knows of no such message. Nor
    what was worded while its person was two.
    """
    for chat in remains.played.population.chats:
        rows = _carried(remains, chat)
        if remains.is_forgotten_chat(chat):
            continue  # when it was told last is forgotten, too
        for at, (told, row) in enumerate(rows):
            above = [other for other, there in rows[:at] if there.conversation_id == row.conversation_id]
            earlier = [other for other in above if _comes_after(remains, other, told)]
            is_marked = LATE in (row.content or "") or remains.came_after_its_journal(told, row)
            if earlier and not is_marked and not (remains.met_as_two(chat) and remains.was_worded_apart(told)):
                yield f"{shown(told)} stands behind {shown(earlier[0])}, unmarked"


def _comes_after(remains: Remains, other: Told, told: Told) -> bool:
    """Whether *other* was told later than *told*. Within one second GOWA itself does not know."""
    if remains.played.script.is_durable and not told.chat.was_unpaired:
        return other.number > told.number
    return other.at > told.at


def _carried(remains: Remains, chat: Chat) -> list[tuple[Told, Message]]:
    """Messages with a place of their own and what stands for them, as the helpdesk shows them."""
    stand = [
        (told, rows[0])
        for told in remains.played.population.of(chat)
        if told.sort in CARRIED and not told.is_before_start and len(rows := remains.standing(told)) == 1
    ]
    return sorted(((told, row) for told, row in stand if not is_stub(row)), key=lambda pair: pair[1].id)


def references_follow(remains: Remains) -> Iterator[str]:
    """An edit, reaction or deletion never stands above what it is about."""
    for told in remains.played.population.told:
        if told.target is None or told.sort in CARRIED:
            continue
        for row in remains.standing(told):
            answered = row.content_attributes.get("in_reply_to")
            if isinstance(answered, int) and answered > row.id:
                yield f"{shown(told)} stands above its target"


def gap_is_waited(remains: Remains) -> Iterator[str]:
    """What is kept within 20 s of a start on a used journal, or of a 503, is posted GAP_WAIT_S later, not before.

    Or with what was told no earlier in its chat and has waited: a chat is sorted by WhatsApp's time, and then all go on.
    """
    played = remains.played
    if played.script.is_durable or remains.clock_stepped:
        return  # our own gateway tells in order; and waits are written down in wall time
    for number, kept_s in played.witness.kept_in_trouble.items():
        entry = next((one for one in remains.entries if one.id == number), None)
        told = None if entry is None else remains.told_by_id.get(entry.whatsapp_id or "")
        if told is None or len(remains.entries_by_id[told.event.id]) > 1:
            continue
        # What was posted before it was kept was posted by a journal that is gone.
        later = [call for call in played.helpdesk.calls if call.is_post and call.began_at >= EPOCH_S + kept_s]
        began = [call.began_at for call in later if call.body.get("source_id") == told.source_id]
        waited_until = EPOCH_S + min([kept_s + GAP_WAIT_S, *_waits_end(remains, told, number)])
        if began and min(began) < waited_until - 0.001:
            yield f"{shown(told)} was posted {waited_until - min(began):.1f} s before its wait was over"


def _told_in(remains: Remains, told: Told) -> Chat:
    """The chat that it was told of: another person's, where the gateway took one for the other."""
    return remains.played.director.wider.contradicted.get(told.number, told.chat)


def _waits_end(remains: Remains, told: Told, number: int) -> Iterator[float]:
    """When the waits of all others in the chat end that were told no earlier, at the soonest."""
    held = remains.played.witness.kept_in_trouble
    for other in remains.entries:
        other_told = remains.told_by_id.get(other.whatsapp_id or "")
        if other.id == number or other_told is None or other_told.at < told.at:
            continue
        if _told_in(remains, other_told) is not _told_in(remains, told):
            continue
        yield held[other.id] + GAP_WAIT_S if other.id in held else other.arrived_at - EPOCH_S


def punctual(remains: Remains) -> Iterator[str]:
    """Nothing is marked late that came in time, and nothing waits."""
    if remains.played.script.scene is not Scene.FAIR:
        return
    for told, row in _all_carried(remains):
        if LATE in (row.content or ""):
            yield f"{shown(told)} is marked late"
        elif row.created_at - told.gateway_at > FAIR_DELAY_S:
            yield f"{shown(told)} took {row.created_at - told.gateway_at:.1f} s"


def isolated(remains: Remains) -> Iterator[str]:
    """Beside a poisonous chat, or one that kills, the others go on."""
    bound = {Scene.POISON: ISOLATED_DELAY_S, Scene.KILLER: KILLED_DELAY_S, Scene.READER: KILLED_DELAY_S}.get(
        remains.played.script.scene
    )
    if bound is None:
        return
    bad = {told.chat.name for told in remains.played.population.told if told.sort in BAD}
    for told, row in _all_carried(remains):
        took_s = row.created_at - told.gateway_at
        if told.chat.name not in bad and took_s > bound:
            yield f"{shown(told)} took {took_s:.1f} s"


def _all_carried(remains: Remains) -> list[tuple[Told, Message]]:
    return [pair for chat in remains.played.population.chats for pair in _carried(remains, chat)]
