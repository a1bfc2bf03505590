"""Order and time: who stands behind whom, and how long anybody waited."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.population import BAD, Chat, Told
from tests.simulation.remains import CARRIED, LATE, Remains, is_stub, shown
from tests.simulation.script import Scene
from unlost.desk.rows import Message

FAIR_DELAY_S = 4.0
"""Network, reorder wait, a new contact's three calls, and a place in the pace: nothing takes longer when nothing is wrong."""
ISOLATED_DELAY_S = FAIR_DELAY_S
KILLED_DELAY_S = 150.0
"""Two restarts, twelve seconds at most each, the wait after a start on a used journal, and a lease."""


def in_order(remains: Remains) -> Iterator[str]:
    """What stands behind something told later says so.

    Not what only a journal that is gone had posted: its request ran late, and the journal in its place knows of no such message.
    """
    for chat in remains.played.population.chats:
        if remains.met_as_two(chat):
            continue  # two lanes until somebody said that they are one: what was worked in one of them stands
        rows = _carried(remains, chat)
        if remains.is_forgotten_chat(chat):
            continue  # when it was told last is forgotten, too
        for at, (told, row) in enumerate(rows):
            above = [other for other, there in rows[:at] if there.conversation_id == row.conversation_id]
            earlier = [other for other in above if _comes_after(remains, other, told)]
            is_marked = LATE in (row.content or "") or remains.came_after_its_journal(told, row)
            if earlier and not is_marked:
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
